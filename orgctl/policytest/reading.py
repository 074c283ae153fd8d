"""One file of tests: from its source to a `Suite`, with every problem of the file at once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from pydantic import ValidationError

from orgctl.diagnostics import Diagnostic
from orgctl.manifest import codes as manifest_codes
from orgctl.manifest import placeholders
from orgctl.manifest.insertion import Placeholder
from orgctl.manifest.nearest import did_you_mean
from orgctl.manifest.shape import fit
from orgctl.policytest import codes, schema
from orgctl.policytest.case import Suite
from orgctl.policytest.deciding import Deciders
from orgctl.policytest.naming import Accounts
from orgctl.policytest.requests import CaseReader
from orgctl.policytest.setting import TESTABLE, Setting
from orgctl.source import Source

_CODES = {
    manifest_codes.UNKNOWN_KEY: codes.UNKNOWN_KEY,
    manifest_codes.MISSING_KEY: codes.MISSING_KEY,
    manifest_codes.WRONG_TYPE: codes.WRONG_TYPE,
    manifest_codes.MALFORMED: codes.MALFORMED,
}
_HINTS = {
    "`version` is missing": "write `version: 1`",
    "`name` is missing": "write `name:` and a sentence that says what is proved",
    "`expect` is missing": "write `expect:` and a decision, such as `EXPLICIT_DENY`",
    "`values` is missing": "one key with many values at once is written `{values: [a, b]}`",
    "needs at least": "write at least one, or take the key out",
    "but this is a mapping": "take the braces or the indented lines out",
    "but this is a list": "a list stands under the plural, such as `actions`",
}
"""Ways out where the manifest's checks, which know nothing of tests, have none."""


def read_suite(
    setting: Setting, deciders: Deciders, source: Source, beside: str | None
) -> tuple[Suite, list[Diagnostic]]:
    """The suite of a file (the cases that are in order), and the problems. `beside`: the policy that it lies beside."""
    model, unfit = fit(source, schema.TestFile)
    problems = [_of_tests(problem) for problem in unfit]
    found = list(placeholders(source.value))
    wrong = list(wrong_placeholders(setting, source, found))
    policy = _policy(setting, source, model, beside, problems)
    value = source.value
    if found and not any(problem.code == codes.LIST_IN_TEXT for problem in wrong):
        value = setting.filled(value)
        model = _again(source, value, model, problems)
    accounts = Accounts(setting, source, model.groups)
    reader = CaseReader(setting, accounts, deciders, source, model.defaults, alone=_alone(model, beside))
    numbered = enumerate(model.cases) if not unfit else _one_by_one(value)
    cases = [reader.case(index, case) for index, case in numbered]
    if not source.get(("cases",)):
        hint = "write `cases:`, with a list of `name`, `action` and `expect`"
        problems.append(Diagnostic(codes.NO_CASES, f"`{source.file}` has no cases", source.at(()), hint))
    problems += [*wrong, *accounts.problems, *reader.problems, *_names_twice(source)]
    return Suite(source.file, policy, tuple(case for case in cases if case)), problems


def _of_tests(problem: Diagnostic) -> Diagnostic:
    """A problem of shape with its code and hint here; what hints depend on is what the message names first."""
    hint = problem.hint or next((hint for words, hint in _HINTS.items() if words in problem.message), None)
    return replace(problem, code=_CODES[problem.code], hint=hint)


def _alone(model: schema.TestFile, beside: str | None) -> bool:
    """Whether the file is meant to be held against one policy."""
    return model.scope == "policy" or (model.scope is None and beside is not None)


def _again(source: Source, value: object, model: schema.TestFile, problems: list[Diagnostic]) -> schema.TestFile:
    """The model with the manifest's values in it. A list in place of text is all that can be wrong now."""
    try:
        return schema.TestFile.model_validate(value)
    except ValidationError as error:
        if not problems:
            hint = "use the plural, such as `actions`, or a single value"
            message = "a placeholder stands for a list here, where there can only be text"
            places = dict.fromkeys(source.at(details["loc"]) for details in error.errors(include_url=False))
            problems += [Diagnostic(codes.LIST_IN_TEXT, message, position, hint) for position in places]
        return model


def _one_by_one(value: object) -> Iterator[tuple[int, schema.Case]]:
    """The cases that fit their model. What does not was reported."""
    cases = value.get("cases") if isinstance(value, dict) else None
    for index, written in enumerate(cases if isinstance(cases, list) else ()):
        try:
            yield index, schema.Case.model_validate(written)
        except ValidationError:
            continue


def wrong_placeholders(setting: Setting, source: Source, all_found: list[Placeholder]) -> Iterator[Diagnostic]:
    """What is wrong with the placeholders of a file, each at its place."""
    for found in all_found:
        value = setting.values.get(found.name, "" if found.name == "account" else None)
        position = source.key_at(found.place) if found.in_key else source.at(found.place)
        if value is None:
            hint = did_you_mean(found.name, setting.values, "placeholders are those of policies, and `@{account}`")
            message = f"`@{{{found.name}}}` names nothing in the manifest"
            yield Diagnostic(codes.UNKNOWN_PLACEHOLDER, message, position, hint)
        elif found.in_key:
            message = f"the placeholder `@{{{found.name}}}` stands in a key"
            yield Diagnostic(codes.UNKNOWN_PLACEHOLDER, message, position, "placeholders are for values")
        elif isinstance(value, list) and not found.whole:
            message = f"`@{{{found.name}}}` is a list, and stands within longer text"
            yield Diagnostic(codes.LIST_IN_TEXT, message, position, "write it as the whole value")


def _policy(
    setting: Setting, source: Source, model: schema.TestFile, beside: str | None, problems: list[Diagnostic]
) -> str | None:
    """The policy that the file is held against alone; None for the whole organization."""
    if not _alone(model, beside):
        return None
    policies = setting.loaded.policies
    if beside is None:
        hint = "move it to `policies/scp/NAME.test.yaml`, or write `scope: organization`"
        problems.append(Diagnostic(codes.MISPLACED, "the file is not beside a policy", source.at(("scope",)), hint))
    elif beside not in policies:
        hint = did_you_mean(beside, policies, "a policy's tests are in a file of the same name")
        problems.append(Diagnostic(codes.UNKNOWN_POLICY, f"there is no policy `{beside}`", source.at(()), hint))
    elif beside.partition("/")[0] not in TESTABLE:
        message = f"`{beside}` is of a type that decides about no request"
        problems.append(Diagnostic(codes.NOT_TESTABLE, message, source.at(()), "SCPs and RCPs can be tested"))
    else:
        return beside
    return None


def _names_twice(source: Source) -> Iterator[Diagnostic]:
    cases = source.get(("cases",))
    names = [each.get("name") if isinstance(each, dict) else None for each in cases] if isinstance(cases, list) else []
    first: dict[object, int] = {}
    for index, name in enumerate(names):
        if isinstance(name, str) and first.setdefault(name, index) != index:
            line = source.at(("cases", first[name], "name")).line
            message = f"a second case is called `{name}`"
            hint = f"the first is at line {line}; a name is how `-k` and `--last-failed` find a case"
            yield Diagnostic(codes.NAME_TWICE, message, source.at(("cases", index, "name")), hint)

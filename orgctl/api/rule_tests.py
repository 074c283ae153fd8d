"""`rules test` and `rules invoke`: run rules on this machine."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from orgctl.api.rule_uses import parameters
from orgctl.api.rules import chosen
from orgctl.errors import AccessDeniedError, CredentialsError, InvalidInputError, OrgctlError, UnreachableError
from orgctl.manifest.nearest import did_you_mean
from orgctl.rules import event as events
from orgctl.rules import guard
from orgctl.rules.answering import aws
from orgctl.rules.process import DiedError, Processes
from orgctl.rules.result import Compliance, Evaluation, Report, Run
from orgctl.rules.rule import Kind, Rule
from orgctl.rules.running import run_handler
from orgctl.rules.testing import Observer, run_tests
from orgctl.source import read


def run(directory: Path, names: Sequence[str], observer: Observer | None = None) -> Report:
    """Test the rules of these names, or all. Handlers get the parameters' defaults, and what the first pack gives.

    Raises InvalidInputError as `chosen`; OrgctlError if rdklib or Guard is needed and not installed.
    """
    rules = chosen(directory, names)
    _need_library(rules)
    return run_tests(rules, parameters(directory), observer)


def _need_library(rules: Sequence[Rule]) -> None:
    from importlib.util import find_spec

    if any(rule.kind is Kind.LAMBDA for rule in rules) and find_spec("rdklib") is None:
        raise OrgctlError("rules run on rdklib, which is not installed", hint="install `orgctl[rules]`")


def invoke(
    directory: Path, name: str, file: Path, given: Mapping[str, str], environment: Mapping[str, str]
) -> tuple[tuple[Evaluation, ...], Run | None]:
    """What a rule says of the configuration item in a file; the run too, for a rule of Python.

    The rule's calls go to AWS as `environment` (on top of the process's own) says; nothing is put into AWS Config.
    Raises InvalidInputError for a rule, file or parameter that cannot be used; OrgctlError if the rule raised.
    """
    (rule,) = chosen(directory, [name])
    source = read(file)
    event = events.event_of(source.value)
    if isinstance(event, str):
        hint = "give a configuration item, as `aws configservice get-resource-config-history` has it, or an event"
        raise InvalidInputError(f"`{file}` cannot be used: {event}", hint=hint)
    _check_type(rule, event)
    if rule.kind is Kind.GUARD:
        return (_guard_evaluation(rule, event),), None
    _need_library([rule])
    known = [each.name for each in rule.parameters]
    for key in given:
        if key not in known:
            hint = did_you_mean(key, known, f"it has {', '.join(f'`{each}`' for each in known) or 'none'}")
            raise InvalidInputError(f"the rule `{name}` has no parameter `{key}`", hint=hint)
    return _ran(rule, event, {**parameters(directory)[name], **given}, environment)


def _check_type(rule: Rule, event: events.Event) -> None:
    kind = event.resource_type
    if kind and rule.resource_types and kind not in rule.resource_types:
        hint = f"it looks at {', '.join(f'`{each}`' for each in rule.resource_types)}"
        raise InvalidInputError(f"the rule `{rule.name}` does not look at `{kind}`", hint=hint)
    if kind is None and rule.periodic is None:
        raise InvalidInputError(f"the rule `{rule.name}` is not periodic", hint="give it a configuration item")


def _guard_evaluation(rule: Rule, event: events.Event) -> Evaluation:
    verdict = guard.evaluate(rule.guard or "", events.item_of(event))
    compliance = {
        guard.Status.PASS: Compliance.COMPLIANT,
        guard.Status.FAIL: Compliance.NON_COMPLIANT,
        guard.Status.SKIP: Compliance.NOT_APPLICABLE,
    }[verdict.status]
    return Evaluation(str(event.resource_type), str(event.resource_id), compliance, "; ".join(verdict.messages))


def _ran(
    rule: Rule, event: events.Event, given: Mapping[str, str], environment: Mapping[str, str]
) -> tuple[tuple[Evaluation, ...], Run]:
    whole = {"AWS_EC2_METADATA_DISABLED": "true", **os.environ, **environment}
    whole.setdefault("AWS_DEFAULT_REGION", whole.get("AWS_REGION", "us-east-1"))
    try:
        with Processes() as processes:
            (run,) = run_handler(rule, (event,), given, processes, aws, whole)
    except DiedError as error:
        raise OrgctlError(
            f"the rule `{rule.name}` did not end well: {error.message}\n{error.output}".rstrip()
        ) from error
    if run.raised:
        raise _error(rule, run)
    if isinstance(run.returned, dict):
        said = run.returned.get("customerErrorMessage") or run.returned.get("internalErrorDetails") or run.returned
        raise OrgctlError(f"the rule `{rule.name}` put no evaluation: {said}")
    if run.problems:
        raise OrgctlError(f"AWS Config would not take what the rule `{rule.name}` puts: {run.problems[0]}")
    return run.evaluations, run


def _error(rule: Rule, run: Run) -> OrgctlError:
    """What the rule raised, in the words of whoever has to do something about it."""
    name = f"the rule `{rule.name}`"
    for raised in run.raised:
        asked = f"{raised.operation or 'an operation'}"
        match raised.kind, raised.code:
            case ("NoCredentialsError" | "PartialCredentialsError" | "ProfileNotFound" | "TokenRetrievalError", _):
                hint = "sign in, or name a profile with `--profile`"
                return CredentialsError(f"{name} calls AWS, and there are no credentials", operation=asked, hint=hint)
            case ("EndpointConnectionError" | "ConnectTimeoutError" | "ConnectionClosedError", _):
                return UnreachableError(f"{name} cannot reach AWS: {raised.message}", operation=asked)
            case (_, code) if code.startswith("AccessDenied"):
                hint = f"it needs {', '.join(f'`{each}`' for each in rule.permissions) or 'no permission of its own'}"
                return AccessDeniedError(f"{name} was refused `{asked}` by AWS", operation=asked, code=code, hint=hint)
    first = run.raised[0]
    return OrgctlError(f"{name} raised {first.kind}: {first.message}\n\n{_last_frames(first.trace)}")


def _last_frames(trace: str) -> str:
    return "\n".join(trace.rstrip().splitlines()[-6:])

"""`rule.yaml`: what RDK has no place for. Strict: an unknown key is an error."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from orgctl.manifest.nearest import did_you_mean
from orgctl.rules import codes
from orgctl.rules.problems import Problems
from orgctl.rules.resource_types import known_type
from orgctl.rules.rule import Kind, Scope
from orgctl.source import Source

FILE = "rule.yaml"

MAX_SUMMARY = 256
"""It becomes the rule's description. Source: `ConfigRule` in AWS Config's API reference."""

_KEYS = ("summary", "permissions", "scope", "organization", "parameters")
_ACTION = re.compile(r"[a-z][a-z0-9-]*:[A-Za-z][A-Za-z0-9]*\Z")


@dataclass(frozen=True, slots=True)
class Metadata:
    """What the file says, as far as it could be read. `resource_types` is for Guard rules only."""

    summary: str = ""
    permissions: tuple[str, ...] = ()
    scope: Scope = Scope.REGIONAL
    organization: bool = False
    descriptions: tuple[tuple[str, str], ...] = ()
    resource_types: tuple[str, ...] = ()


def read_metadata(problems: Problems, kind: Kind, parameters: Iterable[str] = ()) -> Metadata:
    """Read `rule.yaml` of a folder, whose rule has these parameters; what is wrong goes to `problems`."""
    source = problems.read(FILE)
    if source is None:
        return Metadata()
    if not isinstance(source.value, dict):
        problems.add(codes.WRONG_TYPE, "the file has to hold a mapping", source.at(()), "begin with `summary: …`")
        return Metadata()
    reading = _Reading(problems, source)
    known = (*_KEYS, "resource_types") if kind is Kind.GUARD else _KEYS
    reading.only(known, ("summary", "resource_types") if kind is Kind.GUARD else ("summary",))
    return Metadata(
        reading.summary(),
        reading.permissions(),
        reading.scope(),
        reading.organization(),
        reading.descriptions(frozenset(parameters)),
        reading.types() if kind is Kind.GUARD else (),
    )


class _Reading:
    """One file, key by key."""

    def __init__(self, problems: Problems, source: Source) -> None:
        self._problems = problems
        self._source = source

    def only(self, known: Iterable[str], needed: Iterable[str]) -> None:
        value = self._source.value
        keys = list(value) if isinstance(value, dict) else []
        for key in keys:
            if key not in known:
                hint = did_you_mean(key, known, f"known here: {', '.join(f'`{each}`' for each in known)}")
                self._problems.add(
                    codes.UNKNOWN_KEY, f"the key `{key}` is not known", self._source.key_at((key,)), hint
                )
        for key in needed:
            if key not in keys:
                self._problems.add(codes.MISSING_KEY, f"the key `{key}` is missing", self._source.at(()))

    def summary(self) -> str:
        value = self._source.get(("summary",))
        if value is None:
            return ""
        if not isinstance(value, str):
            self._wrong("summary", "text")
            return ""
        text = value.strip()
        if "\n" in text or not 0 < len(text) <= MAX_SUMMARY:
            message = f"the summary has to be one line of at most {MAX_SUMMARY} characters"
            self._problems.add(codes.SUMMARY, message, self._source.at(("summary",)))
        return text

    def permissions(self) -> tuple[str, ...]:
        actions = self._texts("permissions")
        for index, action in enumerate(actions):
            if not _ACTION.match(action):
                message, hint = f"`{action}` is no IAM action", "write `service:Action`, as `lambda:GetFunction`"
                self._problems.add(codes.PERMISSION, message, self._source.at(("permissions", index)), hint)
        return actions

    def scope(self) -> Scope:
        value = self._source.get(("scope",))
        if value is None:
            return Scope.REGIONAL
        try:
            return Scope(value)
        except ValueError:
            self._wrong("scope", "`regional` or `global`")
            return Scope.REGIONAL

    def organization(self) -> bool:
        value = self._source.get(("organization",))
        if value not in (None, True, False) or (isinstance(value, int | float) and not isinstance(value, bool)):
            self._wrong("organization", "`true` or `false`")
        return value is True

    def descriptions(self, parameters: frozenset[str]) -> tuple[tuple[str, str], ...]:
        value = self._source.get(("parameters",))
        if value is None:
            return ()
        if not isinstance(value, dict) or not all(isinstance(text, str) for text in value.values()):
            self._wrong("parameters", "a mapping from names of parameters to what they mean")
            return ()
        for name in value:
            if name not in parameters:
                hint = did_you_mean(name, parameters, "parameters are declared in `parameters.json`")
                message = f"the rule has no parameter `{name}`"
                self._problems.add(codes.NOT_A_PARAMETER, message, self._source.key_at(("parameters", name)), hint)
        return tuple((name, str(text).strip()) for name, text in value.items())

    def types(self) -> tuple[str, ...]:
        names = self._texts("resource_types")
        for index, name in enumerate(names):
            known_type(self._problems, name, self._source.at(("resource_types", index)))
        return names

    def _texts(self, key: str) -> tuple[str, ...]:
        value = self._source.get((key,))
        if value is None:
            return ()
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            self._wrong(key, "a list of texts")
            return ()
        return tuple(value)

    def _wrong(self, key: str, wanted: str) -> None:
        self._problems.add(codes.WRONG_TYPE, f"`{key}` has to be {wanted}", self._source.at((key,)))

"""What a new rule is to be, checked."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from orgctl.errors import InvalidInputError
from orgctl.manifest.nearest import did_you_mean
from orgctl.rules.catalog import MAX_NAME, is_name
from orgctl.rules.resource_types import recorded_types
from orgctl.rules.rule import FRAME, FREQUENCIES, Kind

_PARAMETER = re.compile(r"[A-Za-z][A-Za-z0-9_]*\Z", re.ASCII)


@dataclass(frozen=True, slots=True)
class Asked:
    """A new rule. `optional` has the defaults of its optional parameters."""

    name: str
    kind: Kind
    resource_types: tuple[str, ...]
    periodic: str | None
    required: tuple[str, ...]
    optional: Mapping[str, str]

    @property
    def parameters(self) -> Mapping[str, str]:
        """All of them, with their defaults; required ones have none."""
        return {**dict.fromkeys(self.required, ""), **self.optional}

    @property
    def summary(self) -> str:
        """A sentence to begin with."""
        if self.kind is Kind.GUARD or self.resource_types:
            return f"Every {' and '.join(kind.split('::')[-1] for kind in self.resource_types)} has an owner."
        return "The account is as it should be."


def asked(name: str, types: str, periodic: str | None, parameters: str, *, guard: bool) -> Asked:
    """What the command line says: `types` and `parameters` with commas, `Name:required` or `Name=default`.

    Raises InvalidInputError for a name, type or parameter that cannot be.
    """
    if not is_name(name) or name == FRAME:
        hint = f"use letters, digits and `_`, a letter first, at most {MAX_NAME}: `LAMBDA_LAYER_REQUIRED`"
        raise InvalidInputError(f"`{name}` cannot be the name of a rule", hint=hint)
    kinds = tuple(dict.fromkeys(part.strip() for part in types.split(",") if part.strip()))
    _check_types(kinds)
    if guard:
        _check_guard(kinds, periodic, parameters)
    if not kinds and not periodic:
        hint = f"give `--resource-types AWS::Lambda::Function`, or `--periodic {FREQUENCIES[-1]}`, or both"
        raise InvalidInputError("nothing would trigger the rule", hint=hint)
    required, optional = _parameters(parameters)
    return Asked(name, Kind.GUARD if guard else Kind.LAMBDA, kinds, periodic, required, optional)


def _check_types(kinds: Sequence[str]) -> None:
    for kind in kinds:
        if kind not in recorded_types():
            hint = did_you_mean(kind, recorded_types(), "see AWS Config's page of supported types", likeness=0.8)
            raise InvalidInputError(f"AWS Config knows no resource type `{kind}`", hint=hint)


def _check_guard(kinds: Sequence[str], periodic: str | None, parameters: str) -> None:
    if periodic or parameters or not kinds:
        hint = "give it `--resource-types`, and write values into the policy"
        raise InvalidInputError("a Guard policy is triggered by changes only, and has no parameters", hint=hint)


def _parameters(text: str) -> tuple[tuple[str, ...], dict[str, str]]:
    required: list[str] = []
    optional: dict[str, str] = {}
    for part in (part.strip() for part in text.split(",") if part.strip()):
        name, equals, default = part.partition("=")
        name, _, word = name.partition(":")
        if not _PARAMETER.match(name) or word not in ("", "required") or (word and equals):
            hint = "write `Name:required` or `Name=default`, with commas between them"
            raise InvalidInputError(f"`{part}` is no parameter", hint=hint)
        if name in required or name in optional:
            raise InvalidInputError(f"the parameter `{name}` is there twice")
        if equals:
            optional[name] = default
        elif word:
            required.append(name)
        else:
            optional[name] = ""
    return tuple(required), optional

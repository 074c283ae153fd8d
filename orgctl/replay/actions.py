"""Which IAM action was checked, by the source and name of a CloudTrail event.

Mostly it is `service:EventName`. What differs is told by rules (versions at the end of names, API Gateway's verbs) and
by two tables with their sources: `data/sources.tsv` and `data/actions.tsv`. Whatever comes out stands in AWS's own
table of actions; an event for which nothing there fits has no action, and a reason.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

from orgctl.lint.catalogue import actions, services
from orgctl.replay.api_gateway import verb_of

_DOMAIN = re.compile(r"\.amazonaws\.com(?:\.cn)?$")
_VERSION = re.compile(r"(?:20\d{6}(?:v\d+)?|_?20\d{2}_\d{2}_\d{2})$")

NEEDS_NONE = "it needs no permission, and no policy can deny it"
"""Why a call has no action, of those that are let through whatever policies say."""


@dataclass(frozen=True, slots=True)
class Mapped:
    """The action (`s3:ListBucket`, as AWS spells it), or None and the reason why it cannot be told."""

    action: str | None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class _Row:
    """A line of `actions.tsv`. Whether `parameter` has to be there is `wanted`; without one, the line always fits."""

    parameter: str | None
    wanted: bool
    mapped: Mapped

    def fits(self, parameters: Collection[str]) -> bool:
        return self.parameter is None or (self.parameter in parameters) is self.wanted


def action_of(source: str, name: str, parameters: Collection[str] = ()) -> Mapped:
    """The action of an event by `eventSource`, `eventName` and the names of its request parameters."""
    found = _ways(source, name)
    if isinstance(found, Mapped):
        return found
    return next((row.mapped for row in found if row.fits(parameters)), _otherwise(source, name))


def parameters_of(source: str, name: str) -> tuple[frozenset[str], frozenset[str]]:
    """The actions that events of that name can have, and the parameters among which those choose, in lower case."""
    found = _ways(source, name)
    rows = () if isinstance(found, Mapped) else found
    last = found if isinstance(found, Mapped) else _otherwise(source, name)
    actions_ = frozenset(mapped.action for mapped in (last, *(row.mapped for row in rows)) if mapped.action)
    return actions_, frozenset(row.parameter.lower() for row in rows if row.parameter)


def exceptional() -> Iterator[tuple[str, str, str | None]]:
    """The events whose action a table tells, by prefix and name (without version); and the parameter that chooses."""
    for (prefix, event), rows in _exceptions().items():
        parameters = {row.parameter for row in rows if row.parameter}
        if len(parameters) > 1:
            raise ValueError(f"several parameters choose among the actions of `{prefix}:{event}`")
        yield prefix, event, next(iter(parameters), None)


def labels() -> Mapping[str, tuple[str, ...]]:
    """The event sources (without their domain) whose prefixes are not their own last label."""
    return _sources()


@lru_cache(maxsize=65536)
def _ways(source: str, name: str) -> Mapped | tuple[_Row, ...]:
    """One answer for all events of that name, or the rows among which an event's parameters choose."""
    rows = tuple(row for prefix in prefixes_of(source) for row in _exceptions().get((prefix, _plain(name)), ()))
    if any(row.parameter for row in rows):
        return rows
    return rows[0].mapped if rows else _otherwise(source, name)


@lru_cache(maxsize=65536)
def _otherwise(source: str, name: str) -> Mapped:
    """The action by the rules alone."""
    prefixes = prefixes_of(source)
    if not prefixes:
        return Mapped(None, f"`{source}` is no service whose actions are known")
    found = tuple(dict.fromkeys(each for prefix in prefixes for each in _named(prefix, name)))
    if len(found) == 1:
        return Mapped(found[0])
    if found:
        return Mapped(None, f"it may be {' or '.join(f'`{each}`' for each in found)}")
    return Mapped(None, f"`{prefixes[0]}` has no action `{_plain(name)}`")


def _named(prefix: str, name: str) -> Iterator[str]:
    known = actions(prefix)
    candidates = [name, _plain(name)]
    if prefix == "apigateway" and (verb := verb_of(name)):
        candidates.append(verb)
    found = (known.get(f"{prefix}:{each.lower()}") for each in candidates)
    yield from filter(None, (next(filter(None, found), None),))


def _plain(name: str) -> str:
    """The name without an API's version: `CreateFunction20150331` and `CreateDistribution2020_05_31` carry one."""
    return _VERSION.sub("", name)


@lru_cache(maxsize=4096)
def prefixes_of(source: str) -> tuple[str, ...]:
    """The prefixes that actions of an event source can have; none if it is no service that is known."""
    label = _DOMAIN.sub("", source)
    listed = _sources().get(label)
    if listed:
        return listed
    last = label.rpartition(".")[2]
    return next(((each,) for each in (label, last) if each in services()), ())


@cache
def _sources() -> Mapping[str, tuple[str, ...]]:
    return {label: tuple(prefixes.split()) for label, prefixes in _lines("sources.tsv")}


@cache
def _exceptions() -> Mapping[tuple[str, str], tuple[_Row, ...]]:
    """By prefix and event: the rows with a condition before the one without."""
    found: dict[tuple[str, str], list[_Row]] = {}
    for prefix, event, condition, action, source in _lines("actions.tsv"):
        mapped = Mapped(None, source) if action == "-" else Mapped(action)
        parameter = None if condition == "-" else condition.removeprefix("!")
        found.setdefault((prefix, event), []).append(_Row(parameter, not condition.startswith("!"), mapped))
    return {key: tuple(sorted(rows, key=lambda row: row.parameter is None)) for key, rows in found.items()}


def _lines(file: str) -> Iterator[list[str]]:
    text = files("orgctl.replay").joinpath("data", file).read_text("utf-8")
    return (line.split("\t") for line in text.splitlines() if line and not line.startswith("#"))

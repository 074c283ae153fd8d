"""Which resources a recorded call was about, as ARNs.

Some records list them. For the others they are built from the request's parameters and AWS's ARN formats, but only
where every part of the ARN is known: the path of a role, or the id of what is only being created, stands in no record.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from itertools import chain, islice, product
from typing import cast

from orgctl.model.partitions import partition_of
from orgctl.replay.arn_formats import ResourceType, types_of
from orgctl.replay.event import Event

_MOST = 1000
"""How many resources of one type are told; no API takes more at once."""

_IMPLIED: Mapping[str, Mapping[str, object]] = {
    f"iam:Create{kind}": {"path": "/"} for kind in ("Group", "InstanceProfile", "Policy", "Role", "User")
}
"""Parameters that have a default: what IAM creates without a path has the path `/`."""

_Reading = Callable[[str, Mapping[str, object]], str | None]
"""From a text, and all parameters, to what stands in an ARN; None if it does not tell."""

_HIDDEN = frozenset(("HIDDEN_DUE_TO_SECURITY_REASONS", "***", "****", "REDACTED"))


@dataclass(frozen=True, slots=True)
class Resources:
    """The ARNs (`*` alone for an action without resources) that could be told, and why others could not, if so."""

    arns: tuple[str, ...]
    reason: str | None = None


@dataclass(slots=True)
class _Record:
    """What a record holds of its resources: those listed, ARNs among the parameters, and what to build others from."""

    listed: tuple[str, ...]
    given: list[tuple[str, ...]]
    parameters: Mapping[str, object]
    places: Mapping[str, str]


def _record(event: Event, parameters: Mapping[str, object], action: str, account: str) -> _Record:
    given: list[tuple[str, ...]] = []
    for value in parameters.values():
        first = value[0] if isinstance(value, list) and value else value
        if isinstance(first, str) and first.startswith("arn:") and (texts := _texts(value)):
            given.append(texts)
    region = event.aws_region or ""
    places = {"Partition": _partition(region), "Region": region, "Account": event.recipient_account_id or account}
    implied = _IMPLIED.get(action)
    listed = tuple([arn for arn, _ in event.arns]) if event.resources else ()
    return _Record(listed, given, {**implied, **parameters} if implied else parameters, places)


@lru_cache(maxsize=256)
def _partition(region: str) -> str:
    return partition_of(region).name


def resources_of(
    event: Event, action: str, caller_account: str = "", parameters: Mapping[str, object] | None = None
) -> Resources:
    """The resources of an event whose action is known; in the account that recorded it, else in the caller's.

    `parameters` are the event's, where they are read already.
    """
    types = types_of(action)
    if not types:
        return Resources(("*",))
    record = _record(event, event.parameters if parameters is None else parameters, action, caller_account)
    found = [_found(each, record) for each in types]
    arns = _particular(chain.from_iterable(found))
    missing = [each.name for each, its in zip(types, found, strict=True) if each.required and not its]
    if missing:
        return Resources(arns, f"the record does not tell which {_listed(missing)}")
    if len(arns) > 1 and not any(each.required for each in types) and sum(map(bool, found)) > 1:
        return Resources((), f"it may be {' or '.join(f'`{arn}`' for arn in arns[:3])}")
    return Resources(arns, None if arns else "the record does not tell which resource")


def _listed(names: list[str]) -> str:
    """`image`, `instance` and `subnet`."""
    *most, last = (f"`{name}`" for name in names)
    return f"{', '.join(most)} and {last}" if most else last


@cache
def told_by_parameters(action: str) -> frozenset[str] | None:
    """The parameters, in lower case, that tell of the action's resources, beside whichever hold ARNs.

    None: the action has no resources, and no parameter tells.
    """
    types = types_of(action)
    if not types:
        return None
    found = {"path", *_IMPLIED.get(action, {})}
    for kind in types:
        service = kind.format.split(":", 3)[2]
        for name in kind.placeholders:
            places = _table().get((service, name), ((name, ""),))
            found.update(path.partition(".")[0] for path, _ in places)
    return frozenset(map(str.lower, found))


def parameters_of(kind: ResourceType) -> tuple[frozenset[str], ...]:
    """The parameters, in lower case, that may tell each part of an ARN of this type that is to be filled in."""
    holes, _ = _holes(kind)
    named = ({first for first, _, _ in hole.places} or {hole.name} for hole in holes)
    return tuple(frozenset(map(str.lower, each)) for each in named)


def _found(kind: ResourceType, record: _Record) -> tuple[str, ...]:
    """The resources of a type: as listed, else as given by the only parameter that holds such ARNs, else built."""
    if record.listed and (listed := tuple(filter(kind.fits, record.listed))):
        return listed
    if record.given and (given := [texts for texts in record.given if all(map(kind.fits, texts))]):
        return given[0] if len(given) == 1 else ()
    return _built(kind, record)


def _built(kind: ResourceType, record: _Record) -> tuple[str, ...]:
    """The format filled in; nothing if a part of it is not known."""
    holes, needed = _holes(kind)
    if not holes or not all(map(record.places.__getitem__, needed)):
        return ()
    known = dict(record.places)
    several: dict[str, tuple[str, ...]] = {}
    for hole in holes:
        found = _values(hole, record.parameters)
        if not found:
            return ()
        known[hole.name] = found[0]
        if len(found) > 1:
            several[hole.name] = found
    if not several:
        return (kind.filled(known),)
    chosen = islice(product(*several.values()), _MOST)
    return tuple(kind.filled({**known, **dict(zip(several, each, strict=True))}) for each in chosen)


@dataclass(frozen=True, slots=True)
class _Hole:
    """What is to be filled in, and where the request may have it: a parameter, what is in it, and how it is read.

    Without places, it is in the parameter that is called so.
    """

    name: str
    places: tuple[tuple[str, tuple[str, ...], _Reading], ...]


@cache
def _holes(kind: ResourceType) -> tuple[tuple[_Hole, ...], tuple[str, ...]]:
    """What is to be filled in from parameters, and what from where the call was made."""
    service = kind.format.split(":", 3)[2]
    needed = tuple(name for name in ("Partition", "Region", "Account") if f"${{{name}}}" in kind.format)
    names = dict.fromkeys(kind.placeholders)
    return tuple(_Hole(name, tuple(_places(service, name))) for name in names), needed


def _places(service: str, name: str) -> Iterator[tuple[str, tuple[str, ...], _Reading]]:
    for path, reading in _table().get((service, name), ()):
        first, *rest = path.split(".")
        yield first, tuple(rest), _READINGS[reading]


def _values(hole: _Hole, parameters: Mapping[str, object]) -> tuple[str, ...]:
    """What the request has for a placeholder."""
    for first, rest, read in hole.places:
        texts = _at(parameters.get(first), rest)
        if texts:
            known = tuple([None if text.startswith("arn:") else read(text, parameters) for text in texts])
            return cast(tuple[str, ...], known) if all(known) else ()
    if hole.places:
        return ()
    name = hole.name.lower()
    found = tuple(text for key, value in parameters.items() if key.lower() == name for text in _texts(value))
    return () if any(text.startswith("arn:") for text in found) else found


def _at(value: object, path: tuple[str, ...]) -> tuple[str, ...]:
    """The texts at a path; lists on the way are gone through."""
    if isinstance(value, list):
        return tuple(text for each in value for text in _at(each, path))
    if not path:
        return _texts(value)
    return _at(value.get(path[0]), path[1:]) if isinstance(value, dict) else ()


def _with_path(name: str, parameters: Mapping[str, object]) -> str | None:
    path = parameters.get("path")
    return f"{path.strip('/')}/{name}".removeprefix("/") if isinstance(path, str) and path.startswith("/") else None


_READINGS: Mapping[str, _Reading] = {
    "plain": lambda text, _: text,
    "name": lambda text, _: None if ":" in text else text,
    "key": lambda text, _: None if text.startswith("alias/") else text,
    "lower": lambda text, _: text.lower(),
    "path": _with_path,
    "arn": lambda _text, _: None,
    "segment": lambda text, _: text.rpartition("/")[2] or None,
    "slashless": lambda text, _: text.removeprefix("/"),
}
"""How a parameter stands in an ARN, by the words of `parameters.tsv`. What is an ARN itself never does."""


def _texts(value: object) -> tuple[str, ...]:
    """A text, or a list of nothing but texts."""
    if isinstance(value, str):
        return (value,) if value and value not in _HIDDEN else ()
    texts = tuple(value) if isinstance(value, list) else ()
    return texts if all(isinstance(each, str) and each and each not in _HIDDEN for each in texts) else ()


def _particular(arns: Iterable[str]) -> tuple[str, ...]:
    """Without those that another one goes on from: who asks for a table's index does not ask for the table."""
    distinct = tuple(dict.fromkeys(arns))
    if len(distinct) < 2:
        return distinct
    return tuple(arn for arn in distinct if not any(other.startswith((f"{arn}/", f"{arn}:")) for other in distinct))


@cache
def _table() -> Mapping[tuple[str, str], tuple[tuple[str, str], ...]]:
    """By service and placeholder: paths of parameters, and how each is read."""
    text = files("orgctl.replay").joinpath("data", "parameters.tsv").read_text("utf-8")
    found: dict[tuple[str, str], tuple[tuple[str, str], ...]] = {}
    for line in text.splitlines():
        if line and not line.startswith("#"):
            service, placeholder, path, reading = line.split("\t")
            key = service, placeholder
            found[key] = (*found.get(key, ()), (path, reading))
    return found

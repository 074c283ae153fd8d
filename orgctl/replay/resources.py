"""Which resources a recorded call was about, as ARNs.

Some records list them. For the others they are built from the request's parameters and AWS's ARN formats, but only
where every part of the ARN is known: the path of a role, or the id of what is only being created, stands in no record.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from itertools import product

from orgctl.model.partitions import partition_of
from orgctl.replay.arn_formats import ResourceType, types_of
from orgctl.replay.event import Event

_MOST = 1000
"""How many resources of one type are told; no API takes more at once."""

_IMPLIED: Mapping[str, Mapping[str, object]] = {
    f"iam:Create{kind}": {"path": "/"} for kind in ("Group", "InstanceProfile", "Policy", "Role", "User")
}
"""Parameters that have a default: what IAM creates without a path has the path `/`."""

_HIDDEN = frozenset(("HIDDEN_DUE_TO_SECURITY_REASONS", "***", "****", "REDACTED"))


@dataclass(frozen=True, slots=True)
class Resources:
    """The ARNs (`*` alone for an action without resources) that could be told, and why others could not, if so."""

    arns: tuple[str, ...]
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a resource is, by the record."""

    region: str
    account: str

    @property
    def parts(self) -> Mapping[str, str]:
        return {"Partition": _partition(self.region), "Region": self.region, "Account": self.account}


@lru_cache(maxsize=256)
def _partition(region: str) -> str:
    return partition_of(region).name


def resources_of(event: Event, action: str, caller_account: str = "") -> Resources:
    """The resources of an event whose action is known; in the account that recorded it, else in the caller's."""
    types = types_of(action)
    if not types:
        return Resources(("*",))
    parameters = {**_IMPLIED.get(action, {}), **event.parameters}
    place = _Place(event.aws_region or "", event.recipient_account_id or caller_account)
    found = {each: tuple(dict.fromkeys(_found(each, event, parameters, place))) for each in types}
    arns = _particular(arn for each in found.values() for arn in each)
    missing = [each.name for each in types if each.required and not found[each]]
    if missing:
        return Resources(arns, f"the record does not tell which {_listed(missing)}")
    if len(arns) > 1 and not any(each.required for each in types) and sum(map(bool, found.values())) > 1:
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


def _found(kind: ResourceType, event: Event, parameters: Mapping[str, object], place: _Place) -> Iterator[str]:
    listed = [arn for arn, _ in event.arns if kind.fits(arn)]
    if listed:
        yield from listed
        return
    given = [texts for texts in map(_texts, parameters.values()) if texts and all(map(kind.fits, texts))]
    if len(given) == 1:
        yield from given[0]
    elif not given:
        yield from _built(kind, parameters, place)


def _built(kind: ResourceType, parameters: Mapping[str, object], place: _Place) -> Iterator[str]:
    """The format filled in; nothing if a part of it is not known."""
    service, names, needed = _holes(kind)
    parts = place.parts
    if not all(map(parts.__getitem__, needed)):
        return
    values = [_values(service, name, parameters) for name in names]
    if not names or not all(values):
        return
    for count, chosen in enumerate(product(*values)):
        if count == _MOST:
            return
        filled = {**parts, **dict(zip(names, chosen, strict=True))}
        yield kind.filled(filled.__getitem__)


@cache
def _holes(kind: ResourceType) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
    """The service of a format, what is to be filled in from parameters, and what from where the call was made."""
    needed = tuple(name for name in _Place("", "").parts if f"${{{name}}}" in kind.format)
    return kind.format.split(":", 3)[2], tuple(dict.fromkeys(kind.placeholders)), needed


def _values(service: str, placeholder: str, parameters: Mapping[str, object]) -> tuple[str, ...]:
    """What the request has for a placeholder: by the table, else by a parameter that is called so."""
    for path, reading in _table().get((service, placeholder), ()):
        read = [_read(text, reading, parameters) for text in _at(parameters, path.split("."))]
        if read:
            known = tuple(text for text in read if text)
            return known if len(known) == len(read) else ()
    if (service, placeholder) in _table():
        return ()
    name = placeholder.lower()
    found = tuple(text for key, value in parameters.items() if key.lower() == name for text in _texts(value))
    return () if any(text.startswith("arn:") for text in found) else found


def _at(value: object, path: list[str]) -> Iterator[str]:
    """The texts at a path; lists on the way are gone through."""
    if isinstance(value, list):
        for each in value:
            yield from _at(each, path)
    elif not path:
        yield from _texts(value)
    elif isinstance(value, dict) and path[0] in value:
        yield from _at(value[path[0]], path[1:])


def _read(text: str, reading: str, parameters: Mapping[str, object]) -> str | None:
    """A parameter as it stands in an ARN; None if it does not tell."""
    if text.startswith("arn:"):
        return None
    match reading:
        case "name":
            return None if ":" in text else text
        case "key":
            return None if text.startswith("alias/") else text
        case "lower":
            return text.lower()
        case "path":
            return _with_path(text, parameters)
        case "arn":
            return None
        case "segment":
            return text.rpartition("/")[2] or None
        case "slashless":
            return text.removeprefix("/")
        case _:
            return text


def _with_path(name: str, parameters: Mapping[str, object]) -> str | None:
    path = parameters.get("path")
    return f"{path.strip('/')}/{name}".removeprefix("/") if isinstance(path, str) and path.startswith("/") else None


def _texts(value: object) -> tuple[str, ...]:
    """A text, or a list of nothing but texts."""
    texts = (value,) if isinstance(value, str) else tuple(value) if isinstance(value, list) else ()
    return texts if all(isinstance(each, str) and each and each not in _HIDDEN for each in texts) else ()


def _particular(arns: Iterable[str]) -> tuple[str, ...]:
    """Without those that another one goes on from: who asks for a table's index does not ask for the table."""
    distinct = tuple(dict.fromkeys(arns))
    if len(distinct) == 1:
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

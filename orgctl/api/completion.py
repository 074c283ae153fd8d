"""Completes the lines of a batch as single questions are completed, without thinking anew about each of them.

What is assumed of a request follows from its shape: the accounts, the kind of caller, the action, the resource's
partition, service and region, and which keys are given. Requests of one shape are completed alike.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from orgctl.api.batch_line import Line
from orgctl.api.request_syntax import check_principal, check_resource
from orgctl.api.simulating import Court, Question
from orgctl.policy.implied import implied
from orgctl.policy.principal import Principal
from orgctl.policy.request import Request
from orgctl.policy.template import Value

_MOST_SHAPES = 10_000


@dataclass(frozen=True, slots=True)
class _Shape:
    """What requests of one shape have beyond what they give: keys are in lower case."""

    owner: str | None
    context: Mapping[str, Value]
    unknown: Mapping[str, str]


class Completion:
    """Makes requests of lines that name an account of the manifest."""

    def __init__(self, court: Court) -> None:
        self._court = court
        self._shapes: dict[Hashable, _Shape] = {}

    def request(self, line: Line) -> Request:
        """The line as a request. Raises InvalidInputError."""
        home = self._court.account(line.account or "")
        caller = named_caller(line.principal, home.id, self._court.partition)
        resource = check_resource(line.resource) if line.resource is not None else "*"
        head = tuple(resource.split(":", 5)[1:5])
        keys = frozenset(line.context), frozenset(line.unknown)
        key = (home.id, caller.kind, caller.account, line.action, head, line.resource_account, keys)
        shape = self._shapes.get(key)
        if shape is None:
            if len(self._shapes) >= _MOST_SHAPES:
                self._shapes.clear()
            shape = self._shapes[key] = self._shape(line, caller)
        action = line.action.lower()
        owner = Request(action, resource, caller, shape.owner).owner
        return completed(line, Request(action, resource, caller, shape.owner, shape.context, shape.unknown), owner)

    def _shape(self, line: Line, caller: Principal) -> _Shape:
        """Complete the line as a question, and take away what it gives and what its caller implies."""
        given = {key: () if value is None else value for key, value in line.context.items()}
        unknown = tuple(line.unknown.values())
        question = Question(
            line.account or "", line.action, line.resource, caller.text, given, unknown, line.resource_account
        )
        request = self._court.made(question).request
        follows, hidden = implied_keys(caller, request.owner or None)
        known = line.context.keys() | follows.keys()
        return _Shape(
            request.resource_account,
            {key: value for key, value in request.context.items() if key not in known},
            {
                key: spelled
                for key, spelled in request.unknown.items()
                if key not in line.unknown and key not in hidden and key not in line.context
            },
        )


@lru_cache(maxsize=4096)
def named_caller(principal: str | None, account: str | None, partition: str = "aws") -> Principal:
    """The caller that a line names; with an account, `role/x` is one of its roles, and nobody is some role of it."""
    if principal is None:
        principal = "role/OrganizationMember"
    return Principal.parse(check_principal(principal, account=account, partition=partition))


@lru_cache(maxsize=4096)
def implied_keys(caller: Principal, owner: str | None) -> tuple[Mapping[str, Value], Mapping[str, str]]:
    """What `implied` says, by keys in lower case: the context, and the keys that are not known."""
    found = implied(caller, owner)
    return {key.lower(): value for key, value in found.context.items()}, {key.lower(): key for key in found.unknown}


def completed(line: Line, bare: Request, owner: str) -> Request:
    """The request with what the caller implies and what the line says; the line goes before everything."""
    follows, hidden = implied_keys(bare.principal, owner or None)
    context = {**follows, **bare.context}
    for key in line.unknown:
        context.pop(key, None)
    for key, value in line.context.items():
        if value is None:
            context.pop(key, None)
        else:
            context[key] = value
    unknown = {**bare.unknown, **hidden, **line.unknown}
    if unknown and line.context:
        unknown = {key: spelled for key, spelled in unknown.items() if key not in line.context}
    return Request(bare.action, bare.resource, bare.principal, bare.resource_account, context, unknown)

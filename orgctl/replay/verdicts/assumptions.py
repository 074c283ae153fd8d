"""What a record does not hold and somebody says nevertheless: values of context keys, and tags as of a snapshot."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from orgctl.policy.request import Request
from orgctl.policy.template import Value

Tags = Mapping[str, Mapping[str, str]]
"""By ARN: the tags of a principal or a resource, by their keys in lower case."""

_OF_PRINCIPALS = "aws:principaltag/"
_OF_RESOURCES = "resourcetag/"


@dataclass(frozen=True, slots=True)
class Assumptions:
    """`context` holds values by key in lower case, None for a key that is taken for absent.

    Whom the tags list has those tags and no others; whom they do not list stays unknown. What a record tells always
    counts for more.
    """

    context: Mapping[str, Value | None] = field(default_factory=dict)
    principals: Tags = field(default_factory=dict)
    resources: Tags = field(default_factory=dict)

    def applied(self, request: Request) -> Request:
        """The request with what is assumed of its unknown keys."""
        if not request.unknown:
            return request
        found = dict(self._found(request))
        if not found:
            return request
        present = {key: value for key, value in found.items() if value is not None}
        unknown = {key: spelled for key, spelled in request.unknown.items() if key not in found}
        return replace(request, context={**request.context, **present}, unknown=unknown)

    def _found(self, request: Request) -> Iterator[tuple[str, Value | None]]:
        for key in request.unknown:
            if key in self.context:
                yield key, self.context[key]
                continue
            tags = self._tags(key, request)
            if tags is not None:
                yield key, tags.get(key.partition("/")[2])

    def _tags(self, key: str, request: Request) -> Mapping[str, str] | None:
        if key.startswith(_OF_PRINCIPALS):
            arn = request.context.get("aws:principalarn")
            return self.principals.get(arn) if isinstance(arn, str) else None
        if key.partition(":")[2].startswith(_OF_RESOURCES):
            return self.resources.get(request.resource)
        return None

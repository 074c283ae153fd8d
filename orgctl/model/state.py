"""`State`: an organization as a mapping from address to resource. Desired and actual are both one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from orgctl.model.resources import Resource

R = TypeVar("R", bound=Resource)


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that was noticed while reading and that somebody should know: an account that could not be entered."""

    address: str
    message: str
    hint: str | None = None


@dataclass(frozen=True, slots=True)
class State:
    """What there is, or what there is to be. `findings` are remarks of the reading, not resources."""

    resources: Mapping[str, Resource] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()

    @classmethod
    def of(cls, resources: Iterable[Resource], findings: Iterable[Finding] = ()) -> State:
        """A state of these resources. Raises ValueError if two have one address."""
        by_address: dict[str, Resource] = {}
        for resource in resources:
            if resource.address in by_address:
                raise ValueError(f"two resources are called `{resource.address}`")
            by_address[resource.address] = resource
        return cls(by_address, tuple(findings))

    def each(self, kind: type[R]) -> Iterator[R]:
        """Every resource of one type."""
        return (r for r in self.resources.values() if isinstance(r, kind))

    def get(self, kind: type[R], address: str) -> R | None:
        """The resource of that type at `address`, or None."""
        found = self.resources.get(address)
        return found if isinstance(found, kind) else None

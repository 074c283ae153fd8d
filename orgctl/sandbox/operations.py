"""Operations: functions that are registered by the name of the API's operation.

An operation takes a `Call` and the checked parameters and gives the answer's members; None is an empty answer. It runs
under the sandbox's lock.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any

from orgctl.sandbox.messages import RefusalError
from orgctl.sandbox.state import Cloud, Organization

if TYPE_CHECKING:
    from orgctl.sandbox.front import Front

Parameters = Mapping[str, Any]
Members = dict[str, Any]


class Access(Enum):
    """Who may call an operation: the management account, delegated administrators too, any member, anybody."""

    MANAGEMENT = "management"
    DELEGATED = "delegated"
    MEMBER = "member"
    ANYBODY = "anybody"


@dataclass(frozen=True, slots=True)
class Call:
    """Who calls (an account id), in which region, in which cloud."""

    cloud: Cloud
    caller: str
    region: str = "us-east-1"

    @property
    def organization(self) -> Organization:
        """The caller's organization. Raises AWSOrganizationsNotInUseException if it is in none."""
        organization = self.cloud.organization
        if organization is None or self.caller not in organization.accounts:
            raise RefusalError("AWSOrganizationsNotInUseException", "Your account is not a member of an organization.")
        return organization

    @property
    def now(self) -> float:
        """Seconds since 1970."""
        return self.cloud.clock.now()

    def quota(self, name: str) -> int | None:
        """A quota of orgctl.model.limits, or what the settings say; None if AWS publishes none."""
        return self.cloud.settings.limits.quota(name)

    def admit(self, access: Access) -> None:
        """Raise what AWS raises if the caller may not call an operation of this access."""
        if access is Access.ANYBODY:
            return
        organization = self.organization
        allowed = self.caller == organization.management or access is Access.MEMBER
        if access is Access.DELEGATED:
            allowed = allowed or any(self.caller in accounts for accounts in organization.delegated.values())
        if not allowed:
            raise RefusalError("AccessDeniedException", "You don't have permissions to access this resource.")


class Deferred(Exception):  # noqa: N818 (it is no error)
    """Raised by an operation that goes on outside of the lock: `finish` takes the front, and gives the answer."""

    def __init__(self, finish: Callable[[Front], Members]) -> None:
        super().__init__()
        self.finish = finish


Function = Callable[[Call, Any], Members | None]


class Registry:
    """The operations of one service."""

    def __init__(self) -> None:
        self.functions: dict[str, tuple[Function, Access]] = {}

    def __call__(self, name: str, access: Access = Access.MANAGEMENT) -> Callable[[Function], Function]:
        """Register the decorated function under the API's name."""

        def register(function: Function) -> Function:
            self.functions[name] = (function, access)
            return function

        return register

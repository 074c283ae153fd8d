"""Who makes a request, and how the `Principal` element names them.

Source: "AWS JSON policy elements: Principal", IAM User Guide.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

from orgctl.policy.document import Principals
from orgctl.policy.truth import Truth

_ARN = re.compile(r"arn:([^:]*):(iam|sts)::(\d{12}):(root|user|role|assumed-role|federated-user)(?:/(.+))?")
_ACCOUNT = re.compile(r"\d{12}")
_SERVICE = re.compile(r"[a-z0-9.-]+\.amazonaws\.com(?:\.cn)?")
_SERVICE_LINKED_PATH = "aws-service-role/"


class PrincipalKind(Enum):
    """What makes the request. A `ROLE` is some session of the role, whose name is not known."""

    ROOT = "root"
    USER = "user"
    ROLE = "role"
    SESSION = "assumed-role"
    FEDERATED = "federated-user"
    SERVICE = "service"
    ANONYMOUS = "anonymous"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Principal:
    """A caller. `name` follows the kind in the ARN (path included), `account` is twelve digits; both may be empty."""

    text: str
    kind: PrincipalKind
    account: str = ""
    name: str = ""

    @classmethod
    def parse(cls, text: str) -> Principal:
        """Read an ARN, a service principal, or `*` for an anonymous caller; an account id stands for its root user."""
        if text in ("*", "anonymous"):
            return cls(text, PrincipalKind.ANONYMOUS)
        if _ACCOUNT.fullmatch(text):
            return cls(text, PrincipalKind.ROOT, text)
        if found := _ARN.fullmatch(text):
            return cls(text, PrincipalKind(found[4]), found[3], found[5] or "")
        return cls(text, PrincipalKind.SERVICE if _SERVICE.fullmatch(text) else PrincipalKind.OTHER)

    @property
    def role_name(self) -> str | None:
        """The name of the role behind a role or role session, without its path."""
        match self.kind:
            case PrincipalKind.SESSION:
                return self.name.partition("/")[0]
            case PrincipalKind.ROLE:
                return self.name.rpartition("/")[2]
            case _:
                return None

    @property
    def service_linked(self) -> Truth:
        """Whether it is a service-linked role; None for a session whose ARN only suggests it, for it has no path."""
        if self.kind is PrincipalKind.ROLE:
            return self.name.startswith(_SERVICE_LINKED_PATH)
        if self.kind is PrincipalKind.SESSION and self.name.startswith("AWSServiceRoleFor"):
            return None
        return False


class Naming(Enum):
    """As what a `Principal` element names the caller: what it grants depends on it."""

    DIRECT = "the caller itself"
    ROLE = "the role of the session"
    FEDERATING_USER = "the user who federated"
    ACCOUNT = "the account"
    EVERYONE = "everyone"


def namings(principals: Principals, caller: Principal) -> dict[Naming, Truth]:
    """As what the element names the caller. Empty: not at all. None: it cannot be told.

    A `NotPrincipal` that lists only part of what a session is (the role without the session, say) leaves it open.
    """
    found: dict[Naming, Truth] = {}
    for kind, name in principals.members:
        for naming, truth in _named(kind, name, caller):
            found[naming] = truth if found.get(naming) is not True else True
    if not principals.negated:
        return found
    if not found:
        return {Naming.EVERYONE: True}
    if Naming.EVERYONE in found or all(found.get(naming) is True for naming in _identities(caller)):
        return {}
    return {Naming.EVERYONE: None}


def _identities(caller: Principal) -> tuple[Naming, ...]:
    match caller.kind:
        case PrincipalKind.SESSION | PrincipalKind.ROLE:
            return (Naming.DIRECT, Naming.ROLE, Naming.ACCOUNT)
        case PrincipalKind.USER | PrincipalKind.FEDERATED:
            return (Naming.DIRECT, Naming.ACCOUNT)
        case _:
            return (Naming.DIRECT,)


def _named(kind: str, name: str, caller: Principal) -> list[tuple[Naming, Truth]]:
    if name == "*" and kind == "AWS":
        return [(Naming.EVERYONE, True)]
    if kind != "AWS":
        return [(Naming.DIRECT, True)] if name == caller.text else []
    named = Principal.parse(name)
    if named.kind is PrincipalKind.ROOT:
        if not caller.account or named.account != caller.account:
            return []
        return [(Naming.DIRECT if caller.kind is PrincipalKind.ROOT else Naming.ACCOUNT, True)]
    if name == caller.text:
        return [(Naming.ROLE if named.kind is PrincipalKind.ROLE else Naming.DIRECT, True)]
    return _related(named, caller)


def _related(named: Principal, caller: Principal) -> list[tuple[Naming, Truth]]:
    """A role and its sessions, a user and those who federate through it."""
    if named.account != caller.account:
        return []
    match named.kind, caller.kind:
        case PrincipalKind.ROLE, PrincipalKind.SESSION | PrincipalKind.ROLE:
            return [(Naming.ROLE, True)] if named.role_name == caller.role_name else []
        case PrincipalKind.SESSION, PrincipalKind.ROLE:
            return [(Naming.DIRECT, None)] if named.role_name == caller.role_name else []
        case PrincipalKind.USER, PrincipalKind.FEDERATED:
            return [(Naming.FEDERATING_USER, True)] if named.name.rpartition("/")[2] == caller.name else []
        case _:
            return []

"""Whose access key it is.

`AKIASANDBOX` followed by an account id is the key of that account's administrator: the way to be the management
account, a member, or an account outside. Keys that IAM or STS gave out through the sandbox are remembered. Any other
key is the management account's, unless IAM is enforced; only then are signatures looked at, too.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

PREFIX = "AKIASANDBOX"
SECRET = "sandbox"  # noqa: S105 (documented: it protects nothing)


def access_key(account: str) -> str:
    """The access key of an account's administrator."""
    return f"{PREFIX}{account}"


@dataclass(frozen=True, slots=True)
class Principal:
    """Who calls. `kind` is `administrator`, `user` or `role`; `name` that of the IAM user or role."""

    account: str
    kind: str = "administrator"
    name: str = "sandbox-administrator"
    session: str = ""

    @property
    def arn(self) -> str:
        """The ARN as AWS writes it in messages."""
        if self.kind == "role":
            return f"arn:aws:sts::{self.account}:assumed-role/{self.name}/{self.session}"
        return f"arn:aws:iam::{self.account}:user/{self.name}"


class Credentials:
    """The keys that were given out, by access key id."""

    def __init__(self) -> None:
        self.issued: dict[str, Principal] = {}
        self.secrets: dict[str, str] = {}

    def secret(self, key: str) -> str:
        """The secret of a key that has an owner."""
        return self.secrets.get(key, SECRET)

    def issue(self, key: str, secret: str, principal: Principal) -> None:
        """Remember a key that was given out."""
        self.issued[key], self.secrets[key] = principal, secret

    def lasting(self, principal: Principal) -> dict[str, str]:
        """The variables of a key that is the principal's as long as the sandbox runs: for functions and services."""
        digest = hashlib.sha256(principal.arn.encode()).hexdigest()
        key, secret = f"ASIA{digest[:16].upper()}", digest[16:]
        self.issue(key, secret, principal)
        return {"AWS_ACCESS_KEY_ID": key, "AWS_SECRET_ACCESS_KEY": secret, "AWS_SESSION_TOKEN": "sandbox"}

    def principal(self, key: str) -> Principal | None:
        """The owner of a key, or None if nobody gave it out."""
        if found := re.fullmatch(rf"{PREFIX}(\d{{12}})", key):
            return Principal(found.group(1))
        return self.issued.get(key)

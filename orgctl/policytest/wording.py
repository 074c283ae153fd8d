"""The parts of a request as tests write them: what is wrong with one, and what is short for what."""

from __future__ import annotations

import re
from functools import lru_cache

from orgctl.policy.principal import Principal, PrincipalKind

_ACTION = re.compile(r"[A-Za-z0-9-]+:[A-Za-z0-9-]+")
_KEY = re.compile(r"[A-Za-z0-9-]+:\S+")
_ARN = re.compile(r"arn:[a-z0-9-]+:[a-z0-9-]+:[a-z0-9-]*:[a-z0-9-]*:.+", re.DOTALL)
_SHORT = re.compile(r"root|(?:role|user|assumed-role|federated-user)/.+")


@lru_cache(maxsize=4096)
def wrong_action(action: str) -> str | None:
    """A hint at how to write it, if it is no action."""
    if _ACTION.fullmatch(action):
        return None
    if "*" in action or "?" in action:
        return "a request is for one action: write it out, such as `s3:GetObject`"
    return "write `service:Action`, such as `s3:GetObject`"


@lru_cache(maxsize=4096)
def wrong_resource(resource: str) -> str | None:
    """A hint at how to write it, if it is neither an ARN nor `*`."""
    if resource == "*" or _ARN.fullmatch(resource):
        return None
    return "write `*`, or an ARN: `arn:partition:service:region:account:resource`"


@lru_cache(maxsize=4096)
def wrong_key(key: str) -> str | None:
    """A hint at how to write it, if it is no context key."""
    return None if _KEY.fullmatch(key) else "keys have a prefix: `aws:SourceIp`, `ec2:InstanceType`"


@lru_cache(maxsize=4096)
def full_principal(text: str, account: str, partition: str) -> str:
    """The principal in full: `role/x`, `user/x` and `root` are those of the account with this id."""
    if not _SHORT.fullmatch(text):
        return text
    service = "sts" if text.startswith(("assumed-role/", "federated-user/")) else "iam"
    return f"arn:{partition}:{service}::{account}:{text}"


@lru_cache(maxsize=4096)
def wrong_principal(text: str) -> str | None:
    """A hint at how to write it, if it is no principal."""
    found = Principal.parse(full_principal(text, "0" * 12, "aws"))
    if found.kind is PrincipalKind.SESSION and "/" not in found.name:
        return f"a session's ARN ends in its name: `{text}/NAME`"
    if found.kind is not PrincipalKind.OTHER:
        return None
    return "write `role/NAME`, `user/NAME`, `root`, an ARN of IAM or STS, a service principal, or `anonymous`"

"""Addresses: the names by which people, plans and diffs call a resource.

    organization    root = ou:/    ou:/Workloads/Prod    account:shop-prod    policy:scp/region-lock
    scp/region-lock@ou:/Workloads  (an attachment)       trail:organization-trail

An OU is identified by the names on its path. A name may hold `/` and `%`; in text they are written `%2F` and `%25`.
"""

from __future__ import annotations

UnitPath = tuple[str, ...]
"""Names from below the root down to the OU; the root is the empty tuple."""

ROOT: UnitPath = ()


def quote(name: str) -> str:
    """Write one OU name so that it can stand in a path."""
    return name.replace("%", "%25").replace("/", "%2F")


def format_path(path: UnitPath) -> str:
    """Write a path: `/` for the root, `/Workloads/Prod` below it."""
    return "/" + "/".join(map(quote, path))


def parse_path(text: str) -> UnitPath:
    """Read what `format_path` writes. Raises ValueError if it does not begin with `/` or has an empty name."""
    if not text.startswith("/"):
        raise ValueError(f"`{text}` does not begin with `/`")
    if text == "/":
        return ROOT
    names = tuple(name.replace("%2F", "/").replace("%2f", "/").replace("%25", "%") for name in text[1:].split("/"))
    if not all(names):
        raise ValueError(f"`{text}` holds an empty name")
    return names


def unit_address(path: UnitPath) -> str:
    """`ou:/Workloads/Prod`; the root is `ou:/`."""
    return f"ou:{format_path(path)}"


def account_address(name: str) -> str:
    """`account:shop-prod`."""
    return f"account:{name}"


def policy_address(policy: str) -> str:
    """`policy:scp/region-lock` from `scp/region-lock`."""
    return f"policy:{policy}"


def attachment_address(policy: str, target: str) -> str:
    """`scp/region-lock@ou:/Workloads` from the policy and its target's address."""
    return f"{policy}@{target}"


def ancestors(path: UnitPath) -> tuple[UnitPath, ...]:
    """The path and all above it, from the root down: `()`, `("A",)`, `("A", "B")`."""
    return tuple(path[:depth] for depth in range(len(path) + 1))

"""AWS's access-denied messages: who was denied what, and by which kind of policy.

    User: ARN is not authorized to perform: ACTION [on resource: ARN]
        because no KIND OF POLICY allows the ACTION action
      | with an explicit deny in a KIND OF POLICY[: ARN of the policy]

The kind is told since 2021, the policy's ARN since January 2026 (within one account or organization). Older messages
say `due to` for `with`, and some services name no kind, or put more between it and the ARN. Sources: "Troubleshoot
access denied error messages", IAM User Guide; "Troubleshoot access denied (403 Forbidden) errors in Amazon S3", Amazon
S3 User Guide; "Enhanced access denied error messages with policy ARNs", AWS Security Blog.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from orgctl.policy.ruling import Reported

_KINDS = (
    "service control policy",
    "resource control policy",
    "identity-based policy",
    "resource-based policy",
    "permissions boundary",
    "session policy",
    "VPC endpoint policy",
    "role trust policy",
)
_KIND = "|".join(_KINDS)
_WHO = re.compile(
    r"User: (?P<user>\S+) is not authorized to perform: (?P<action>[A-Za-z0-9-]+:[A-Za-z0-9*]+)"
    r"(?:,? on (?:the )?resource: (?P<resource>.+?))?"
    r"(?=[.,;)]* because |,? (?:with|due to) an explicit deny|\.? Encoded authorization|,? \(Service:|[.\"')}]*$)",
    re.IGNORECASE,
)
_EXPLICIT = re.compile(
    rf"(?:with|due to) an explicit deny(?: in (?:an? |the )?(?P<kind>{_KIND}))?"
    r"(?: transitively through an? [a-z -]+?)?(?:(?:,? with policy ARN)?: ?(?P<policy>arn:[^\s,;\"')]+))?",
    re.IGNORECASE,
)
_IMPLICIT = re.compile(rf"because no (?P<kind>{_KIND})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Denial:
    """What a message says. `resource` is None where it names none."""

    principal: str
    action: str
    resource: str | None
    reported: Reported


def find_denial(text: str) -> Denial | None:
    """The denial in a message, or in a text around it; None if there is none. Line breaks count as blanks."""
    flat = " ".join(text.split())
    who = _WHO.search(flat)
    if who is None:
        return None
    resource = (who["resource"] or "").strip("\"'") or None
    return Denial(who["user"].strip("\"'"), who["action"], resource, _reported(flat[who.end() :]))


def _reported(rest: str) -> Reported:
    if found := _EXPLICIT.search(rest):
        policy = found["policy"].rstrip(".") if found["policy"] else None
        return Reported(_known(found["kind"]), explicit=True, policy=policy)
    if found := _IMPLICIT.search(rest):
        return Reported(_known(found["kind"]))
    return Reported()


def _known(kind: str | None) -> str | None:
    """The kind of policy as AWS writes it now; older messages have it in capitals."""
    return next((each for each in _KINDS if kind and each.lower() == kind.lower()), None)

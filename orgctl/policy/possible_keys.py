"""Which context keys a request can have at all, by who makes it.

Source: "AWS global condition context keys", IAM User Guide (Availability of each key).
"""

from __future__ import annotations

from functools import lru_cache

from orgctl.policy.principal import PrincipalKind

CIRCUMSTANCES = frozenset(
    (
        *("aws:currenttime", "aws:epochtime", "aws:useragent"),
        *("aws:sourceip", "aws:sourcevpc", "aws:sourcevpcarn", "aws:sourcevpce", "aws:vpcsourceip"),
        *("aws:vpceaccount", "aws:vpceorgid", "aws:vpceorgpaths"),
        *("aws:resourceaccount",),
        *("kms:requestalias", "kms:resourcealiases"),
    )
)
"""Where and when from, and what the resource is: every request has some of these, whoever makes it."""

OF_CALLERS = frozenset(
    (
        *("aws:userid", "aws:tokenissuetime", "aws:multifactorauthage", "aws:multifactorauthpresent"),
        *("aws:federatedprovider", "aws:sourceidentity", "aws:signinsessionarn"),
        *("aws:principalarn", "aws:principalaccount", "aws:principaltype"),
        *("aws:ec2instancesourcevpc", "aws:ec2instancesourceprivateipv4", "ec2:sourceinstancearn", "ec2:roledelivery"),
    )
)
"""What an identity has, and its session: a caller without an account has none of them."""

OF_SERVICES = frozenset(
    (
        *("aws:sourceaccount", "aws:sourcearn", "aws:sourceorgid", "aws:sourceorgpaths", "aws:sourceowner"),
        *("aws:principalservicenameslist",),
    )
)
"""On whose behalf an AWS service calls; only its own calls have them."""

OF_USERS = frozenset(("aws:username",))
"""What only IAM users have."""


@lru_cache(maxsize=4096)
def is_impossible(key: str, kind: PrincipalKind) -> bool:
    """Whether a caller of this kind never has the key (in lower case)."""
    if key in OF_USERS:
        return kind not in (PrincipalKind.USER, PrincipalKind.OTHER)
    match kind:
        case PrincipalKind.SERVICE:
            return key in OF_CALLERS or key == "aws:assumedroot"
        case PrincipalKind.ROOT:
            return key in OF_SERVICES
        case PrincipalKind.ANONYMOUS:
            return key in OF_SERVICES | OF_CALLERS or key == "aws:assumedroot"
        case _:
            return key in OF_SERVICES or key == "aws:assumedroot"

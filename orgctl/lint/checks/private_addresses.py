"""Private addresses where AWS sees public ones.

Source: "IAM Access Analyzer policy check reference", Private IP address (IAM User Guide): `aws:SourceIp` is the public
address of a caller; what comes through a VPC endpoint has `aws:VpcSourceIp`.
"""

from __future__ import annotations

from collections.abc import Iterator

from orgctl.lint.check import Check, Finding
from orgctl.lint.subject import Subject
from orgctl.policy.conditions.ip_address import block
from orgctl.policy.conditions.operators import Family

_PRIVATE = tuple(
    found for text in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7") if (found := block(text))
)
"""RFC 1918, and RFC 4193."""


def private_addresses(subject: Subject) -> Iterator[Finding]:
    """No value of `aws:SourceIp` is a private address."""
    for _, condition, operator in subject.conditions:
        if condition.key.lower() != "aws:sourceip" or operator.kind.family is not Family.IP_ADDRESS:
            continue
        for text in dict.fromkeys(condition.values):
            if _is_private(text):
                message = f"`{text}` is private, and `{condition.key}` is a public address"
                hint = "write the public addresses; the private ones of a VPC endpoint's callers are `aws:VpcSourceIp`"
                yield Finding(subject.at_condition(condition, text), message, hint)


def _is_private(text: str) -> bool:
    found = block(text)
    if found is None:
        return False
    version, first, last = found
    return any(version == kind and low <= first and last <= high for kind, low, high in _PRIVATE)


PRIVATE_ADDRESSES = Check("L307", "A private address where a public one is compared", private_addresses)

"""IP operators: an address or block lies in one of the condition's blocks.

IPv4 and IPv6 have nothing in common. Source: "IAM JSON policy elements: Condition operators", IP address condition
operators.
"""

from __future__ import annotations

from ipaddress import IPv4Network, IPv6Network, ip_network
from socket import AF_INET, inet_pton

from orgctl.policy.conditions.family import Prepared, Values
from orgctl.policy.template import Getter
from orgctl.policy.truth import Truth

Block = tuple[int, int, int]
"""The version (4 or 6), and the first and last address as numbers."""


def block(text: str) -> Block | None:
    """Read an address or a block in CIDR notation; None if it is neither. Bits beyond the prefix do not count."""
    try:
        number = int.from_bytes(inet_pton(AF_INET, text), "big")
    except (OSError, ValueError):
        return _network(text)
    return 4, number, number


def _network(text: str) -> Block | None:
    try:
        network: IPv4Network | IPv6Network = ip_network(text, strict=False)
    except ValueError:
        return None
    return network.version, int(network.network_address), int(network.broadcast_address)


def within(values: Values) -> Prepared:
    """`IpAddress`."""
    blocks = [found for text in values.texts if (found := block(text))]
    unreadable = values.unreadable
    otherwise: Truth = False if len(blocks) == len(values.texts) else unreadable

    def match(value: str, _: Getter) -> Truth:
        given = block(value)
        if given is None:
            return unreadable
        version, first, last = given
        for kind, low, high in blocks:
            if low <= first and last <= high and kind == version:
                return True
        return otherwise

    return Prepared(match)

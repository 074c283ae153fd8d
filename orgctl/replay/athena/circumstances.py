"""When and from where it was called, in SQL: the columns of `facts.when_of`, and those of the network."""

from __future__ import annotations

from collections.abc import Mapping

from orgctl.replay.athena.moments import moment, moment_is_sure
from orgctl.replay.sql.logic import text

_OCTET = "(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])"
_IPV4 = text(rf"\A{_OCTET}(?:\.{_OCTET}){{3}}\z")
_GROUP = "[0-9A-Fa-f]{1,4}"
_AGENT_OF_SERVICE = text(r"\A(?:[a-z0-9.-]+\.amazonaws\.com(?:\.cn)?|AWS Internal)\z")
_ZEROS = text("0:0:0:0:0:0:0:0:")


def _ipv6() -> str:
    """The forms of an address: eight groups, or fewer around `::`, which stands for at least one."""
    whole = f"(?:{_GROUP}:){{7}}{_GROUP}"
    short = [f"(?:{_GROUP}:){{1,{7 - right}}}(?::{_GROUP}){{1,{right}}}" for right in range(1, 7)]
    return text(rf"\A(?:{'|'.join((whole, *short, f'(?:{_GROUP}:){{1,7}}:', f':(?::{_GROUP}){{1,7}}', '::'))})\z")


_IPV6 = _ipv6()

_LEFT = "split_part(address, '::', 1)"
_RIGHT = "CASE WHEN strpos(address, '::') > 0 THEN substr(address, strpos(address, '::') + 2) ELSE '' END"

ADDRESSES: Mapping[str, str] = {
    "is_ipv4": f"coalesce(regexp_like(source_address, {_IPV4}), FALSE)",
    "is_ipv6": f"coalesce(regexp_like(source_address, {_IPV6}), FALSE)",
}
"""Which kind of address it is."""


def _groups(side: str) -> str:
    """How many groups stand on a side."""
    return f"(CASE WHEN {side} = '' THEN 0 ELSE length({side}) - length(replace({side}, ':', '')) + 1 END)"


_MISSING = f"(8 - {_groups('address_left')} - {_groups('address_right')})"

HALVES: Mapping[str, str] = {
    "address_left": f"CASE WHEN is_ipv6 THEN {_LEFT.replace('address', 'source_address')} END",
    "address_right": f"CASE WHEN is_ipv6 THEN {_RIGHT.replace('address', 'source_address')} END",
}
"""What stands before `::`, and after it."""

WHOLE: Mapping[str, str] = {
    "address_whole": (
        "CASE WHEN is_ipv6 THEN concat(CASE WHEN address_left = '' THEN '' ELSE concat(address_left, ':') END,"
        f" substr({_ZEROS}, 1, 2 * {_MISSING}), address_right) END"
    )
}
"""The address with all its groups."""

_IS_ADDRESS = "(is_ipv4 OR is_ipv6)"
_DIRECT = f"coalesce(invoked_by, '') = '' AND {_IS_ADDRESS}"
_BY_ENDPOINT = "coalesce(endpoint, '') <> ''"


def _ipv4() -> str:
    octets = (f"CAST(split_part(source_address, '.', {n}) AS BIGINT) * {256 ** (4 - n)}" for n in range(1, 5))
    return f"CASE WHEN is_ipv4 THEN {' + '.join(octets)} END"


def _hexadecimal() -> str:
    groups = (f"lpad(split_part(address_whole, ':', {n}), 4, '0')" for n in range(1, 9))
    return f"CASE WHEN is_ipv6 THEN lower(concat({', '.join(groups)})) END"


COLUMNS: Mapping[str, str] = {
    "time": moment("event_time"),
    "day": f"CAST({moment('event_time')} AS DATE)",
    "region": "nullif(event_region, '')",
    "source_ip": f"CASE WHEN {_IS_ADDRESS} AND NOT {_BY_ENDPOINT} THEN source_address END",
    "vpc_source_ip": f"CASE WHEN {_IS_ADDRESS} AND {_BY_ENDPOINT} THEN source_address END",
    "ipv4": _ipv4(),
    "ipv6": _hexadecimal(),
    "via_service": f"CASE WHEN {_DIRECT} THEN '' ELSE coalesce(nullif(invoked_by, ''), nullif(source_address, '')) END",
    "vpce": "coalesce(endpoint, '')",
    "vpce_account": f"CASE WHEN {_BY_ENDPOINT} THEN nullif(endpoint_account, '') END",
    "tls": "CASE WHEN has_tls THEN coalesce(tls_version, '') END",
    "user_agent": f"CASE WHEN NOT regexp_like(agent, {_AGENT_OF_SERVICE}) THEN nullif(agent, '') END",
    "parameters": "CAST(NULL AS VARCHAR)",
}
"""As `orgctl.replay.columns` has them."""

ALWAYS_SURE = moment_is_sure("event_time")
_ADDRESS_IS_SURE = "(is_ipv6 OR coalesce(strpos(source_address, ':'), 0) = 0)"
SURE: Mapping[str, str] = dict.fromkeys(("source_ip", "vpc_source_ip", "ipv4", "ipv6", "via_service"), _ADDRESS_IS_SURE)
"""Where SQL makes of the fields what Python does. Addresses of other forms than usual are left to Python."""

"""Values that the operator cannot read.

Source: "IAM JSON policy elements: Condition operators" (IAM User Guide). A positive operator does not match then, so
that a condition of nothing else certainly does nothing; what a negated one does is not documented.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from orgctl.diagnostics import Severity
from orgctl.lint.check import Check, Finding
from orgctl.lint.subject import Subject
from orgctl.policy.conditions.date import seconds
from orgctl.policy.conditions.ip_address import block
from orgctl.policy.conditions.numeric import number
from orgctl.policy.conditions.operators import Family

_BOOLEANS = frozenset({"true", "false"})
_READERS: Mapping[Family, tuple[Callable[[str], bool], str, str]] = {
    Family.NUMERIC: (lambda text: number(text) is not None, "a number", "write a decimal number, such as `10.5`"),
    Family.DATE: (lambda text: seconds(text) is not None, "a date", "write `2030-01-31T00:00:00Z`, or epoch seconds"),
    Family.IP_ADDRESS: (
        lambda text: block(text) is not None,
        "an address",
        "write `203.0.113.0/24` or `2001:db8::/32`",
    ),
    Family.BOOL: (lambda text: text.lower() in _BOOLEANS, "true or false", "write `true` or `false`"),
    Family.NULL: (lambda text: text.lower() in _BOOLEANS, "true or false", "`true` asks for the key to be absent"),
}


def unreadable_values(subject: Subject) -> Iterator[Finding]:
    """Numbers are numbers, dates dates, addresses addresses, and booleans true or false."""
    for _, condition, operator in subject.conditions:
        reader = _READERS.get(operator.kind.family)
        if reader is None:
            continue
        reads, what, hint = reader
        unread = [text for text in dict.fromkeys(condition.values) if "@{" not in text and not reads(text)]
        is_idle = len(unread) == len(set(condition.values)) and not operator.kind.negated and not operator.if_exists
        for text in unread:
            message = f"`{condition.operator}` cannot read `{text}`: it is not {what}"
            yield Finding(subject.at_condition(condition, text), message, hint, Severity.ERROR if is_idle else None)


UNREADABLE_VALUES = Check("L302", "A value that the operator cannot read", unreadable_values)

"""Values that are not what the key holds: an OU for an organization, an endpoint for a VPC.

Sources: "AWS global condition context keys", and "IAM Access Analyzer policy check reference", Invalid vpc format,
Invalid vpce format (IAM User Guide).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from orgctl.lint.check import Check, Finding
from orgctl.lint.globs import overlap
from orgctl.lint.subject import Subject
from orgctl.policy.conditions.operators import Family

_ORGANIZATION = ("o-*", "the id of an organization, such as `o-a1b2c3d4e5`")
_PATH = ("o-*/*", "a path, such as `o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/*`")
_ACCOUNT = ("?" * 12, "an account's id, which has twelve digits")
_SHAPES: Mapping[str, tuple[str, str]] = {
    **dict.fromkeys(("aws:principalorgid", "aws:resourceorgid", "aws:sourceorgid", "aws:vpceorgid"), _ORGANIZATION),
    **dict.fromkeys(("aws:principalorgpaths", "aws:resourceorgpaths", "aws:sourceorgpaths", "aws:vpceorgpaths"), _PATH),
    **dict.fromkeys(("aws:principalaccount", "aws:resourceaccount", "aws:sourceaccount", "aws:vpceaccount"), _ACCOUNT),
    "aws:sourcevpc": ("vpc-*", "the id of a VPC, such as `vpc-0123456789abcdef0`"),
    "aws:sourcevpce": ("vpce-*", "the id of a VPC endpoint, such as `vpce-0123456789abcdef0`"),
}
_NUMBER = re.compile("[0-9*?]*")
_NAMED_OWNERS = frozenset({"aws"})
"""`aws:ResourceAccount` of what AWS owns may be named so rather than numbered."""


def value_shapes(subject: Subject) -> Iterator[Finding]:
    """A value can be one of the key's."""
    for _, condition, operator in subject.conditions:
        shape = _SHAPES.get(condition.key.lower())
        if shape is None or operator.kind.family is not Family.STRING:
            continue
        pattern, what = shape
        for text in dict.fromkeys(condition.values):
            if not _fits(text, pattern):
                message = f"`{text}` is not {what}"
                yield Finding(subject.at_condition(condition, text), message, f"`{condition.key}` holds nothing else")


def _fits(text: str, pattern: str) -> bool:
    if "@{" in text or "${" in text or text.lower() in _NAMED_OWNERS:
        return True
    return overlap(text.lower(), pattern) and (pattern != _ACCOUNT[0] or _NUMBER.fullmatch(text) is not None)


VALUE_SHAPES = Check("L308", "A value that is not what the key holds", value_shapes)

"""Resources that are no ARNs. Source: "IAM JSON policy elements: Resource", IAM User Guide."""

from __future__ import annotations

from collections.abc import Iterator

from orgctl.diagnostics import Severity
from orgctl.lint.check import Check, Finding
from orgctl.lint.globs import includes
from orgctl.lint.subject import Subject, texts


def not_an_arn(subject: Subject) -> Iterator[Finding]:
    """A resource is `*`, or begins with `arn:`."""
    for statement in subject.document.statements:
        for text in dict.fromkeys(texts(statement.resources)):
            if not _may_be_arn(text):
                hint = f"write `arn:aws:s3:::{text}` for a bucket, and likewise for others" if text else None
                yield Finding(subject.at_element(statement, "Resource", text), f"`{text}` is not an ARN, nor `*`", hint)


def _may_be_arn(text: str) -> bool:
    """Whether it begins as an ARN does, or may: what AWS makes of wildcards there is not documented."""
    first, colon, _ = text.partition(":")
    return text.startswith(("@{", "${")) or (includes(first, "arn") and (bool(colon) or first.endswith("*")))


NOT_AN_ARN = Check("L112", "A resource is not an ARN", not_an_arn, Severity.ERROR)

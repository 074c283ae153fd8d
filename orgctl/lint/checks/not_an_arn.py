"""Resources that are no ARNs. Source: "IAM JSON policy elements: Resource", IAM User Guide."""

from __future__ import annotations

from collections.abc import Iterator

from orgctl.diagnostics import Severity
from orgctl.lint.check import Check, Finding
from orgctl.lint.subject import Subject, texts


def not_an_arn(subject: Subject) -> Iterator[Finding]:
    """A resource is `*`, or begins with `arn:`."""
    for statement in subject.document.statements:
        for text in dict.fromkeys(texts(statement.resources)):
            if text != "*" and not text.startswith(("arn:", "@{", "${")):
                hint = f"write `arn:aws:s3:::{text}` for a bucket, and likewise for others" if text else None
                yield Finding(subject.at_element(statement, "Resource", text), f"`{text}` is not an ARN, nor `*`", hint)


NOT_AN_ARN = Check("L112", "A resource is not an ARN", not_an_arn, Severity.ERROR)

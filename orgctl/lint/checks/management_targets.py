"""Guardrails on the management account alone.

Sources: "Service control policies (SCPs)" and "Resource control policies (RCPs)", AWS Organizations User Guide: neither
has any effect on the management account.
"""

from __future__ import annotations

from collections.abc import Iterator

from orgctl.lint.check import GUARDRAILS, Check, Finding
from orgctl.lint.subject import Subject


def management_targets(subject: Subject) -> Iterator[Finding]:
    """An SCP or RCP is attached where there are other accounts than the management account."""
    for target in subject.setting.targets.get(subject.name, ()):
        if target.only_management:
            message = f"`{subject.name}` does nothing at {target.name}: the management account is the only one there"
            hint = "neither SCPs nor RCPs bind the management account; keep workloads out of it"
            yield Finding(target.position, message, hint)


MANAGEMENT_TARGETS = Check(
    "L702", "A guardrail is attached where only the management account is", management_targets, folders=GUARDRAILS
)

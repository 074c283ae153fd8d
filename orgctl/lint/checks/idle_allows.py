"""SCPs that allow what is allowed anyway.

Source: "SCP evaluation" (AWS Organizations User Guide): at each level one Allow is enough, so beside FullAWSAccess no
other matters.
"""

from __future__ import annotations

from collections.abc import Iterator

from orgctl.lint.check import ONLY_SCP, Check, Finding
from orgctl.lint.subject import Subject
from orgctl.policy.document import Effect


def idle_allows(subject: Subject) -> Iterator[Finding]:
    """An SCP that allows is attached somewhere where AWS's FullAWSAccess is not."""
    targets = subject.setting.targets.get(subject.name, ())
    if not targets or not all(target.with_full_access for target in targets):
        return
    for statement in subject.document.statements:
        if statement.effect is Effect.ALLOW:
            message = "this Allow does nothing: FullAWSAccess allows everything wherever the policy is attached"
            hint = f"write `full_aws_access: false` at {targets[0].name}, or take the statement out"
            yield Finding(subject.at_element(statement, "Effect"), message, hint)


IDLE_ALLOWS = Check("L406", "An Allow beside FullAWSAccess", idle_allows, folders=ONLY_SCP)

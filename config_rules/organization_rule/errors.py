"""Why a rule does not decide. Each makes the invocation fail: AWS Config then shows the message with the rule.

Exception
├── rdklib.InvalidParametersError     the rule's parameters are wrong
└── RuleError
    ├── EventError                    the event is none that this rule can be asked with
    ├── OutsiderError                 the account cannot be entered
    ├── UndecidedError                what the decision needs could not be read
    └── RefusedEvaluationsError       AWS Config did not take some of the results
"""

from __future__ import annotations

from collections.abc import Iterable


class RuleError(Exception):
    """The base of what makes an evaluation fail."""


class EventError(RuleError):
    """The event is none that this rule can be asked with."""


class OutsiderError(RuleError):
    """The account cannot be entered through the evaluation role, so it counts as outside the organization."""


class UndecidedError(RuleError):
    """Something that the decision hangs on could not be read. The resources are neither compliant nor the contrary."""

    def __init__(self, reasons: Iterable[str]) -> None:
        self.reasons = tuple(reasons)
        super().__init__("cannot decide: " + "; ".join(self.reasons))


class RefusedEvaluationsError(RuleError):
    """AWS Config did not take some of the results."""

"""One evaluation of a rule, after the request that called for it: a function that runs, or a rule of AWS's or in Guard.

A handler that raises is not a result: it shows in the rule's evaluation status, with what the handler said.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from orgctl.sandbox.config.events import event
from orgctl.sandbox.config.judging import JudgingError, judged
from orgctl.sandbox.config.noting import note
from orgctl.sandbox.config_state import Home, Rule, Token
from orgctl.sandbox.lambda_state import Function
from orgctl.sandbox.lambdas.invocation import program, refuse_unable
from orgctl.sandbox.lambdas.permissions import lets_config_in
from orgctl.sandbox.messages import RefusalError
from orgctl.sandbox.runtime.process import Outcome
from orgctl.sandbox.state import Cloud

if TYPE_CHECKING:
    from orgctl.sandbox.front import Front

_MESSAGE = 1000


@dataclass(frozen=True, slots=True)
class Evaluation:
    """A rule to be invoked for a configuration item, or by schedule (`item` is None)."""

    cloud: Cloud
    account: str
    region: str
    rule: str
    item: dict[str, Any] | None

    def __call__(self, front: Front) -> None:
        """Do it, unless the rule is gone or the sandbox was reset meanwhile."""
        with front.lock:
            home = self.cloud.config.home(self.account, self.region)
            rule = home.rules.get(self.rule)
            if rule is None or front.cloud is not self.cloud:
                return
            rule.status["FirstEvaluationStarted"] = True
            if rule.settings["Source"]["Owner"] != "CUSTOM_LAMBDA":
                self._judge(home, rule)
                return
            prepared = self._prepared(home, rule)
        if prepared is not None:
            function, told = prepared
            outcome = front.runtimes.invoke(program(front, function), told)
            with front.lock:
                self._note(rule, outcome)

    def _judge(self, home: Home, rule: Rule) -> None:
        """Evaluate a rule of AWS Config's own."""
        now = self.cloud.clock.now()
        try:
            for evaluation in judged(self.cloud, home, rule, self.item):
                note(self.cloud, home, rule, evaluation, now)
                rule.status |= {"LastSuccessfulInvocationTime": now, "LastSuccessfulEvaluationTime": now}
        except JudgingError as error:
            self._failed(rule, "GuardError", str(error))

    def _prepared(self, home: Home, rule: Rule) -> tuple[Function, dict[str, Any]] | None:
        """The function and its event; None, and a note in the rule's status, where it cannot be invoked."""
        now = self.cloud.clock.now()
        function = invocable(self.cloud, rule.settings["Source"]["SourceIdentifier"], home.account)
        if function is None:
            message = "The AWS Lambda function cannot be invoked. Check the function and its permissions."
            self._failed(rule, "AccessDenied", message)
            return None
        try:
            refuse_unable(function)
        except RefusalError as refusal:
            self._failed(rule, refusal.code, refusal.message)
            return None
        token = self.cloud.ids.text(64)
        self.cloud.config.tokens[token] = Token(home.account, home.region, rule.name, now)
        return function, event(home, rule, token, now, self.item)

    def _note(self, rule: Rule, outcome: Outcome) -> None:
        if outcome.error is None:
            rule.status["LastSuccessfulInvocationTime"] = self.cloud.clock.now()
            for key in ("LastErrorCode", "LastErrorMessage"):
                rule.status.pop(key, None)
        else:
            self._failed(rule, str(outcome.error.get("errorType")), str(outcome.error.get("errorMessage")))

    def _failed(self, rule: Rule, code: str, message: str) -> None:
        now = self.cloud.clock.now()
        rule.status |= {"LastFailedInvocationTime": now, "LastFailedEvaluationTime": now}
        rule.status |= {"LastErrorCode": code, "LastErrorMessage": message[:_MESSAGE]}


def invocable(cloud: Cloud, arn: str, account: str) -> Function | None:
    """The function that a rule of this account names, if AWS Config may invoke it for the account."""
    organization = cloud.organization
    inside = organization.id if organization is not None and account in organization.accounts else None
    function = cloud.lambdas.functions.get(arn)
    return function if function is not None and lets_config_in(function, account, inside) else None

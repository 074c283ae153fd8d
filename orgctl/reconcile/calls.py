"""An operation as a call to AWS: made, and waited for where AWS answers before it is done."""

from __future__ import annotations

from collections.abc import Mapping
from typing import assert_never

from orgctl.aws import waiting
from orgctl.aws.session import Aws
from orgctl.aws.write import WRITES, invoke
from orgctl.reconcile.executor import Parameters, Perform
from orgctl.reconcile.plan import Operation, Wait


def calls_to(aws: Aws) -> Perform:
    """How the executor makes calls to this AWS."""

    def perform(operation: Operation, parameters: Parameters, account: str | None) -> Mapping[str, object]:
        answer: Mapping[str, object] = {}
        if (operation.service, operation.action) in WRITES:
            answer = invoke(aws, operation.service, operation.action, parameters, account, operation.region)
        return _waited(aws, operation, parameters, answer) if operation.wait else answer

    return perform


def _waited(
    aws: Aws, operation: Operation, parameters: Parameters, answer: Mapping[str, object]
) -> Mapping[str, object]:
    """What the wait brought. An operation that only waits (a creation under way) names what for in its parameters."""
    match operation.wait:
        case None:
            return answer
        case Wait.ORGANIZATION_READY:
            return waiting.organization_ready(aws)
        case Wait.POLICY_TYPE_ENABLED:
            return waiting.policy_type_enabled(aws, str(parameters["RootId"]), str(parameters["PolicyType"]))
        case Wait.POLICY_TYPE_DISABLED:
            return waiting.policy_type_disabled(aws, str(parameters["RootId"]), str(parameters["PolicyType"]))
        case Wait.ACCOUNT_CREATED:
            return waiting.account_created(aws, _request_id(parameters, answer))
        case Wait.ACCOUNT_CLOSED:
            return waiting.account_closed(aws, str(parameters["AccountId"]))
        case _:
            assert_never(operation.wait)


def _request_id(parameters: Parameters, answer: Mapping[str, object]) -> str:
    status = answer.get("CreateAccountStatus")
    known = status["Id"] if isinstance(status, dict) else parameters["CreateAccountRequestId"]
    return str(known)

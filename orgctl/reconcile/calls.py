"""An operation as a call to AWS: made, and waited for where AWS answers before it is done."""

from __future__ import annotations

from collections.abc import Mapping
from typing import assert_never

from orgctl.aws import waiting, waiting_config
from orgctl.aws.session import Aws
from orgctl.aws.write import WRITES, invoke
from orgctl.reconcile.executor import Parameters, Perform, Say
from orgctl.reconcile.plan import Operation, Wait


def calls_to(aws: Aws) -> Perform:
    """How the executor makes calls to this AWS."""

    def perform(operation: Operation, parameters: Parameters, account: str | None, say: Say) -> Mapping[str, object]:
        answer: Mapping[str, object] = {}
        if (operation.service, operation.action) in WRITES:
            answer = invoke(aws, operation.service, operation.action, parameters, account, operation.region)
        if operation.wait in _OF_CONFIG:
            return _waited_for_config(aws, operation, parameters, answer, account, say)
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
        case Wait.FUNCTION_READY | Wait.STACK_SET_OPERATION | Wait.PACK_DEPLOYED | Wait.PACK_GONE:
            raise ValueError(f"{operation.wait} is waited for elsewhere")
        case _:
            assert_never(operation.wait)


_OF_CONFIG = frozenset({Wait.FUNCTION_READY, Wait.STACK_SET_OPERATION, Wait.PACK_DEPLOYED, Wait.PACK_GONE})


def _waited_for_config(
    aws: Aws,
    operation: Operation,
    parameters: Parameters,
    answer: Mapping[str, object],
    account: str | None,
    say: Say,
) -> Mapping[str, object]:
    """What AWS Config needs takes minutes and is done account by account: `say` is told how far it is."""
    place = waiting_config.Place(account, operation.region)
    match operation.wait:
        case Wait.FUNCTION_READY:
            waiting_config.function_ready(aws, place, str(parameters["FunctionName"]), say)
        case Wait.STACK_SET_OPERATION if "OperationId" in answer:
            name, number = str(parameters["StackSetName"]), str(answer["OperationId"])
            waiting_config.stack_set_operation(aws, place, name, number, say)
        case Wait.PACK_DEPLOYED:
            waiting_config.pack_deployed(aws, place, str(parameters["OrganizationConformancePackName"]), say)
        case Wait.PACK_GONE:
            waiting_config.pack_gone(aws, place, str(parameters["OrganizationConformancePackName"]), say)
        case _:
            pass
    return answer


def _request_id(parameters: Parameters, answer: Mapping[str, object]) -> str:
    status = answer.get("CreateAccountStatus")
    known = status["Id"] if isinstance(status, dict) else parameters["CreateAccountRequestId"]
    return str(known)

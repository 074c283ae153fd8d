"""An execution carried out, after the request that started it: step by step, as the role that the document assumes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from orgctl.errors import InvalidInputError
from orgctl.sandbox import moto_services
from orgctl.sandbox.automation import steps
from orgctl.sandbox.automation.reading import Runbook, read
from orgctl.sandbox.automation.values import filled, parameters, text
from orgctl.sandbox.automation_state import Execution, Step
from orgctl.sandbox.credentials import SECRET, Principal, access_key
from orgctl.sandbox.permissions import trusts_service
from orgctl.sandbox.state import Cloud

if TYPE_CHECKING:
    from orgctl.sandbox.front import Front

_MOST = 200


@dataclass(frozen=True, slots=True)
class Run:
    """An execution to be carried out."""

    cloud: Cloud
    execution: Execution

    def __call__(self, front: Front) -> None:
        """Do it. What goes wrong is the execution's failure."""
        execution = self.execution
        execution.status = "InProgress"
        try:
            book = read(execution.content)
            values = {**self._global(), **parameters(book.parameters, execution.parameters)}
            keys = self._keys(front, filled(book.role, values) if book.role else None)
            arn = f"arn:aws:ssm:{execution.region}:{execution.account}:automation-execution/{execution.id}"
            self._steps(book, values, steps.Doer(front, keys, execution.region, arn))
            execution.outputs = {name: _listed(values.get(name)) for name in book.outputs if name in values}
            execution.status = "Success"
        except InvalidInputError as problem:
            execution.status, execution.failure = "Failed", str(problem)
        finally:
            execution.ended = self.cloud.clock.now()

    def _global(self) -> dict[str, Any]:
        now = datetime.fromtimestamp(self.cloud.clock.now(), UTC)
        return {
            "global:ACCOUNT_ID": self.execution.account,
            "global:REGION": self.execution.region,
            "global:DATE": now.strftime("%Y-%m-%d"),
            "global:DATE_TIME": now.strftime("%Y-%m-%d_%H.%M.%S"),
            "global:AWS_PARTITION": "aws",
            "automation:EXECUTION_ID": self.execution.id,
        }

    def _keys(self, front: Front, role: str | None) -> Mapping[str, str]:
        """The variables of a key: of the role, or of the account's administrator where none is assumed."""
        if not role:
            key = access_key(self.execution.account)
            return {"AWS_ACCESS_KEY_ID": key, "AWS_SECRET_ACCESS_KEY": SECRET}
        account, name = role.split(":")[4], role.rsplit("/", 1)[-1]
        trust = front.ask_moto(moto_services.role_trust, account, name)
        if account != self.execution.account or trust is None or not trusts_service(trust, "ssm.amazonaws.com"):
            raise InvalidInputError(f"the role {role} cannot be assumed by Systems Manager")
        with front.lock:
            return front.credentials.lasting(Principal(account, "role", name, f"Automation-{self.execution.id}"))

    def _steps(self, book: Runbook, values: dict[str, Any], doer: steps.Doer) -> None:
        names = [step["name"] for step in book.steps]
        at: int | None = 0
        for _ in range(_MOST):
            if at is None or at >= len(names):
                return
            given = book.steps[at]
            following = self._step(given, values, doer)
            if following is not None and following not in names:
                raise InvalidInputError(f"there is no step {following}")
            after = None if given.get("isEnd") else at + 1
            at = after if following is None else names.index(following)
        raise InvalidInputError(f"more than {_MOST} steps were carried out")

    def _step(self, given: Mapping[str, Any], values: dict[str, Any], doer: steps.Doer) -> str | None:
        """Carry out one step; the name of the step to go on with, None for the next one."""
        step = Step(given["name"], given["action"], "InProgress", self.cloud.clock.now())
        self.execution.steps.append(step)
        following: str | None = given.get("nextStep")
        try:
            inputs = filled(given.get("inputs") or {}, values)
            if step.action == "aws:branch":
                following = steps.branch(inputs)
            elif step.action in steps.ACTIONS:
                step.outputs = steps.ACTIONS[step.action](doer, inputs, given)
            else:
                raise InvalidInputError(f"the sandbox has no action {step.action}")
            step.status = "Success"
        except (InvalidInputError, KeyError, TypeError, ValueError) as problem:
            step.status, step.failure = "Failed", str(problem)
            following = _after_failure(given, step)
        finally:
            step.ended = self.cloud.clock.now()
        values |= {f"{step.name}.{name}": value for name, value in step.outputs.items()}
        return following


def _after_failure(given: Mapping[str, Any], step: Step) -> str | None:
    """Where to go on after a step that failed. Raises InvalidInputError where it is the end."""
    match str(given.get("onFailure", "Abort")):
        case "Continue":
            following: str | None = given.get("nextStep")
            return following
        case other if other.startswith("step:"):
            return other.removeprefix("step:")
        case _:
            raise InvalidInputError(f"Step fails when it is {step.action}: {step.name}. {step.failure}")


def _listed(value: Any) -> list[str]:
    return [text(item) for item in value] if isinstance(value, list) else [text(value)]

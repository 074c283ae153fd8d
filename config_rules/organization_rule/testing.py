"""For the rules' own tests: events, and an account whose answers are written down. It never gets into a zip.

The clients are boto3's own, so that requests and answers are held against botocore's models; only the network is not
there. See `LAMBDA_LAYER_REQUIRED_test.py` for a plain use.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import boto3
from botocore.validate import ParamValidator

from organization_rule.entry import Result, handle
from organization_rule.items import Item
from organization_rule.notice import TEST_TOKEN, Event
from organization_rule.rule import OrganizationRule

ACCOUNT = "111122223333"
REGION = "eu-west-1"
TIME = "2026-11-02T08:30:00.000Z"


@dataclass(frozen=True, slots=True)
class Refusal:
    """An answer that is an error of AWS's."""

    code: str
    message: str = "refused"


Answer = Mapping[str, Any] | Refusal | Callable[[Mapping[str, Any]], "Mapping[str, Any] | Refusal"]


class Account:
    """Stands for `sessions.Clients`. Answers are by `service:Operation`: what AWS answers, or what makes it of the
    request. PutEvaluations is accepted if nothing else is said; what has no answer is a mistake in the test.
    """

    def __init__(self, answers: Mapping[str, Answer] | None = None, region: str = REGION) -> None:
        self.answers: dict[str, Answer] = {"config:PutEvaluations": {"FailedEvaluations": []}, **(answers or {})}
        self.region = region
        self.calls: list[tuple[str, str, Mapping[str, Any]]] = []
        self._clients: dict[tuple[str, str], Any] = {}

    def build_client(self, service: str, region: str | None = None, *, assume_role_mode: bool = True) -> Any:
        """A client of boto3's, which asks this object in the place of AWS."""
        del assume_role_mode
        key = (service, region or self.region)
        if key not in self._clients:
            self._clients[key] = self._client(*key)
        return self._clients[key]

    def asked(self, operation: str) -> list[Mapping[str, Any]]:
        """The requests for an operation, as `service:Operation`, so far."""
        return [request for name, _, request in self.calls if name == operation]

    def _client(self, service: str, region: str) -> Any:
        client = _session().client(service, region_name=region)

        def remember(params: Mapping[str, Any], model: Any, **_: object) -> None:
            self.calls.append((f"{service}:{model.name}", region, dict(params)))

        def answer(model: Any, **_: object) -> tuple[SimpleNamespace, dict[str, Any]]:
            return self._answer(f"{service}:{model.name}", model)

        client.meta.events.register("provide-client-params", remember)
        client.meta.events.register("before-call", answer)
        return client

    def _answer(self, operation: str, model: Any) -> tuple[SimpleNamespace, dict[str, Any]]:
        if operation not in self.answers:
            message = f"the test has no answer to {operation}"
            raise AssertionError(message)
        found = self.answers[operation]
        if callable(found):
            found = found(self.calls[-1][2])
        if isinstance(found, Refusal):
            return SimpleNamespace(status_code=400), {"Error": {"Code": found.code, "Message": found.message}}
        if problems := _unlike(found, model):
            message = f"AWS never answers {operation} so: {'; '.join(problems)}"
            raise AssertionError(message)
        return SimpleNamespace(status_code=200), dict(found)


def _unlike(answer: Mapping[str, Any], model: Any) -> list[str]:
    """What botocore's model does not know of an answer. AWS does leave out what the model says is always there."""
    report: str = ParamValidator().validate(dict(answer), model.output_shape).generate_report()
    return [line for line in report.splitlines() if line and not line.startswith("Missing required parameter")]


@cache
def _session() -> Any:
    """One for all: it keeps the models that it has read."""
    return boto3.Session(aws_access_key_id="none", aws_secret_access_key="none")  # noqa: S106  # no secret


def fixture(test_file: str, name: str) -> dict[str, Any]:
    """A configuration item from the folder `fixtures` beside a test."""
    value: dict[str, Any] = json.loads((Path(test_file).parent / "fixtures" / f"{name}.json").read_text("utf-8"))
    return value


def change(item: Item, parameters: Mapping[str, str] | None = None, **keys: object) -> dict[str, object]:
    """The event of a changed resource; `keys` replace parts of it."""
    invoking = {"messageType": "ConfigurationItemChangeNotification", "configurationItem": item, **_sent()}
    return _event(invoking, parameters, item, keys)


def oversized(item: Item, parameters: Mapping[str, str] | None = None, **keys: object) -> dict[str, object]:
    """The same of an item that is too large to be sent."""
    summary = {key: value for key, value in item.items() if key not in ("configuration", "supplementaryConfiguration")}
    invoking = {"messageType": "OversizedConfigurationItemChangeNotification", **_sent()}
    return _event({**invoking, "configurationItemSummary": summary}, parameters, item, keys)


def schedule(parameters: Mapping[str, str] | None = None, **keys: object) -> dict[str, object]:
    """The event of a periodic rule."""
    return _event({"messageType": "ScheduledNotification", **_sent()}, parameters, {}, keys)


def _sent() -> dict[str, object]:
    return {"notificationCreationTime": TIME, "recordVersion": "1.3", "awsAccountId": ACCOUNT}


def _event(
    invoking: Mapping[str, object],
    parameters: Mapping[str, str] | None,
    item: Item,
    keys: Mapping[str, object],
) -> dict[str, object]:
    account = str(item.get("awsAccountId") or ACCOUNT)
    partition = str(item.get("ARN") or "arn:aws").split(":")[1]
    region = str(item.get("awsRegion") or REGION)
    return {
        "version": "1.0",
        "accountId": account,
        "configRuleId": "config-rule-abc123",
        "configRuleName": "a-rule",
        "configRuleArn": f"arn:{partition}:config:{region}:{account}:config-rule/config-rule-abc123",
        "executionRoleArn": f"arn:{partition}:iam::{account}:role/aws-service-role/config.amazonaws.com/AWSConfig",
        "eventLeftScope": False,
        "invokingEvent": json.dumps(invoking),
        "ruleParameters": json.dumps({"ExecutionRoleName": "evaluation", **(parameters or {})}),
        "resultToken": TEST_TOKEN,
        **keys,
    }


def evaluate(
    rule: OrganizationRule, resource_types: Sequence[str], event: Event, account: Account | None = None
) -> list[Result]:
    """The results that a rule sends to AWS Config."""
    entered = account or Account()
    return handle(rule, resource_types, event, connect=lambda *_: entered)  # type: ignore[arg-type]  # same methods


def verdict(rule: OrganizationRule, item: Item, parameters: Mapping[str, str], account: Account | None = None) -> str:
    """What the rule says on one changed resource: `COMPLIANT`, or `NON_COMPLIANT: and why`."""
    (result,) = evaluate(rule, [str(item["resourceType"])], change(item, parameters), account)
    return ": ".join(text for text in (result["ComplianceType"], result.get("Annotation")) if text)

"""Rules of AWS Config: what is recorded, which functions run for it, what they say, and how they fail."""

from __future__ import annotations

import json
from typing import Any

import pytest

from orgctl.sandbox.embedded import Sandbox
from tests.sandbox.configured import APPROVED, recorder, rule, rule_function, said
from tests.sandbox.conftest import client, every, refusal
from tests.sandbox.functions import function, role
from tests.sandbox.test_lambda import layer


@pytest.fixture
def config(sandbox: Sandbox) -> Any:
    recorder(sandbox)
    return client(sandbox, "config")


def test_a_rule_runs_for_what_is_there_and_what_changes(sandbox: Sandbox, config: Any) -> None:
    """At first on everything recorded, then on each change: a function without the layer gets it, and complies."""
    lambdas = client(sandbox, "lambda")
    arn = role(sandbox)
    function(lambdas, arn, "bare")
    function(lambdas, arn, "layered", Layers=[layer(lambdas)])
    config.put_config_rule(ConfigRule=rule(rule_function(sandbox)))
    assert said(sandbox, "layer-required") == {"bare": "NON_COMPLIANT", "layered": "COMPLIANT", "rule": "NON_COMPLIANT"}
    lambdas.update_function_configuration(FunctionName="bare", Layers=[f"{APPROVED}:1"])
    assert said(sandbox, "layer-required")["bare"] == "COMPLIANT"
    lambdas.delete_function(FunctionName="layered")
    assert said(sandbox, "layer-required") == {"bare": "COMPLIANT", "rule": "NON_COMPLIANT"}
    assert said(sandbox, "layer-required", ComplianceTypes=["NOT_APPLICABLE"]) == {"layered": "NOT_APPLICABLE"}
    found = every(config, "describe_compliance_by_config_rule", "ComplianceByConfigRules")[0]
    count = {"CappedCount": 1, "CapExceeded": False}
    assert found["Compliance"] == {"ComplianceType": "NON_COMPLIANT", "ComplianceContributorCount": count}


def test_a_handler_that_raises_shows(sandbox: Sandbox, config: Any) -> None:
    """There is no result; the evaluation status has the error."""
    function(client(sandbox, "lambda"), role(sandbox), "bare")
    arn = rule_function(sandbox, "def handler(event, context): raise PermissionError('cannot enter the account')")
    config.put_config_rule(ConfigRule=rule(arn))
    assert said(sandbox, "layer-required") == {}
    status = every(config, "describe_config_rule_evaluation_status", "ConfigRulesEvaluationStatus")[0]
    told = (status["LastErrorCode"], status["LastErrorMessage"], "LastSuccessfulInvocationTime" in status)
    assert told == ("PermissionError", "cannot enter the account", False)


def test_a_function_becomes_a_configuration_item(sandbox: Sandbox, config: Any) -> None:
    """Each change is one more item; the code-signing configuration is not in it, a deletion ends the history."""
    lambdas = client(sandbox, "lambda")
    arn = role(sandbox)
    function(lambdas, arn, "one", Layers=[layer(lambdas)], Tags={"owner": "a"})
    lambdas.put_function_concurrency(FunctionName="one", ReservedConcurrentExecutions=0)
    lambdas.delete_function(FunctionName="one")
    key = {"resourceType": "AWS::Lambda::Function", "resourceId": "one"}
    gone, reserved, first = every(config, "get_resource_config_history", "configurationItems", **key)
    statuses = [item["configurationItemStatus"] for item in (first, reserved, gone)]
    assert statuses == ["ResourceDiscovered", "OK", "ResourceDeleted"]
    configuration = json.loads(first["configuration"])
    assert [used["arn"] for used in configuration["layers"]] == [f"{APPROVED}:1"]
    assert ("codeSigningConfigArn" in configuration, first["tags"]) == (False, {"owner": "a"})
    concurrency = json.loads(reserved["supplementaryConfiguration"]["Concurrency"])
    assert concurrency == {"reservedConcurrentExecutions": 0}
    assert every(config, "list_discovered_resources", "resourceIdentifiers", resourceType=key["resourceType"]) == []


def test_what_is_not_recorded_is_not_evaluated(sandbox: Sandbox) -> None:
    """A recorder of roles sees no function."""
    recorder(sandbox, resourceTypes=["AWS::IAM::Role"], allSupported=False)
    function(client(sandbox, "lambda"), role(sandbox), "bare")
    config = client(sandbox, "config")
    config.put_config_rule(ConfigRule=rule(rule_function(sandbox)))
    assert said(sandbox, "layer-required") == {}


def test_a_result_token_counts_in_its_account(sandbox: Sandbox, config: Any) -> None:
    """A token that nobody gave out is refused, but for test mode, which looks at the form only."""
    evaluation = {
        "ComplianceResourceType": "AWS::Lambda::Function",
        "ComplianceResourceId": "one",
        "ComplianceType": "COMPLIANT",
        "OrderingTimestamp": 1,
    }
    refused = refusal(lambda: config.put_evaluations(Evaluations=[evaluation], ResultToken="made up"))
    assert refused == ("InvalidResultTokenException", None)
    tested = config.put_evaluations(Evaluations=[evaluation], ResultToken="TESTMODE", TestMode=True)
    assert tested["FailedEvaluations"] == []

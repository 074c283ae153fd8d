"""Rules of AWS Config: what is recorded, which functions run for it, what they say, and how they fail."""

from __future__ import annotations

import json
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from orgctl.sandbox.config.events import LARGEST
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


PRINTING = "import json\ndef handler(event, context): print(json.dumps(event))"
HOUR = 3600.0


def scheduled(arn: str, frequency: str = "One_Hour") -> dict[str, Any]:
    detail = {"EventSource": "aws.config", "MessageType": "ScheduledNotification"}
    details = [{**detail, "MaximumExecutionFrequency": frequency}]
    return rule(arn, Source={"Owner": "CUSTOM_LAMBDA", "SourceIdentifier": arn, "SourceDetails": details})


def events(sandbox: Sandbox, arn: str) -> list[dict[str, Any]]:
    """The events that a function printed, each with its invoking event parsed."""
    assert sandbox.settled()
    found = [json.loads(line) for line in sandbox.logs(arn)]
    return [{**event, "invokingEvent": json.loads(event["invokingEvent"])} for event in found]


def test_a_periodic_rule_runs_when_its_time_has_come(sandbox: Sandbox, config: Any) -> None:
    """At once, and then by the sandbox's clock; nothing sleeps."""
    arn = rule_function(sandbox, PRINTING)
    config.put_config_rule(ConfigRule=scheduled(arn))
    (first,) = events(sandbox, arn)
    assert (first["invokingEvent"]["messageType"], first["invokingEvent"]["awsAccountId"]) == (
        "ScheduledNotification",
        "111111111111",
    )
    numbers = []
    for seconds in (HOUR - 60, 61, 24 * HOUR):
        sandbox.advance(seconds)
        numbers.append(len(events(sandbox, arn)))
    assert numbers == [1, 2, 3]


def test_the_event_is_as_config_sends_it(sandbox: Sandbox, config: Any) -> None:
    """The item has the names that it has in events, the rule's parameters are text, and the token is for one rule."""
    arn = rule_function(sandbox, PRINTING)
    config.put_config_rule(ConfigRule=rule(arn, Scope={"TagKey": "owner", "TagValue": "a"}))
    lambdas = client(sandbox, "lambda")
    shop = function(lambdas, role(sandbox), "shop", Tags={"owner": "a"})
    (event,) = events(sandbox, arn)
    item = event["invokingEvent"]["configurationItem"]
    assert (item["ARN"], item["awsAccountId"], item["resourceType"]) == (shop, "111111111111", "AWS::Lambda::Function")
    assert (event["configRuleName"], json.loads(event["ruleParameters"])) == ("layer-required", {"Layer": APPROVED})
    assert (event["eventLeftScope"], event["accountId"], len(event["resultToken"])) == (False, "111111111111", 64)
    config.put_external_evaluation(ConfigRuleName="layer-required", ExternalEvaluation=evaluation("shop"))
    lambdas.untag_resource(Resource=shop, TagKeys=["owner"])
    assert [event["eventLeftScope"] for event in events(sandbox, arn)] == [False, True]


def test_an_item_that_is_too_large_is_told_of(sandbox: Sandbox, config: Any) -> None:
    """The event has a summary; the history has the item."""
    arn = rule_function(sandbox, PRINTING)
    message = "OversizedConfigurationItemChangeNotification"
    details = [{"EventSource": "aws.config", "MessageType": message}]
    source = {"Owner": "CUSTOM_LAMBDA", "SourceIdentifier": arn, "SourceDetails": details}
    config.put_config_rule(ConfigRule=rule(arn, Scope={"ComplianceResourceTypes": ["AWS::IAM::Role"]}, Source=source))
    group = {"allSupported": True, "includeGlobalResourceTypes": True}
    given = config.describe_configuration_recorders()["ConfigurationRecorders"][0]
    config.put_configuration_recorder(
        ConfigurationRecorder={"name": "default", "roleARN": given["roleARN"], "recordingGroup": group}
    )
    assert sandbox.settled()
    before = len(sandbox.logs(arn))
    iam = client(sandbox, "iam")
    statement = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::" + "x" * 60}
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement] * 70})
    for number in range(LARGEST // len(document) + 1):
        iam.put_role_policy(RoleName="rule-role", PolicyName=f"p{number}", PolicyDocument=document)
    told = events(sandbox, arn)[before:][-1]["invokingEvent"]
    assert (told["messageType"], told["configurationItemSummary"]["resourceName"]) == (message, "rule-role")


def evaluation(identity: str, compliance: str = "COMPLIANT") -> dict[str, Any]:
    return {
        "ComplianceResourceType": "AWS::Lambda::Function",
        "ComplianceResourceId": identity,
        "ComplianceType": compliance,
        "OrderingTimestamp": 1,
    }


MANAGED: list[tuple[str, dict[str, str], dict[str, str]]] = [
    ("LAMBDA_CONCURRENCY_CHECK", {"ConcurrencyLimitHigh": "5"}, {"plain": "NON_COMPLIANT", "kept": "COMPLIANT"}),
    ("LAMBDA_FUNCTION_XRAY_ENABLED", {}, {"plain": "NON_COMPLIANT", "kept": "COMPLIANT"}),
    ("LAMBDA_DLQ_CHECK", {}, {"plain": "NON_COMPLIANT", "kept": "NON_COMPLIANT"}),
    ("LAMBDA_FUNCTION_PUBLIC_ACCESS_PROHIBITED", {}, {"plain": "COMPLIANT", "kept": "NON_COMPLIANT"}),
    ("CLOUD_TRAIL_ENABLED", {}, {"111111111111": "NON_COMPLIANT"}),
    ("MULTI_REGION_CLOUD_TRAIL_ENABLED", {}, {"111111111111": "NON_COMPLIANT"}),
    ("ACCOUNT_PART_OF_ORGANIZATIONS", {}, {"111111111111": "COMPLIANT"}),
    ("SECURITY_ACCOUNT_INFORMATION_PROVIDED", {}, {"111111111111": "NON_COMPLIANT"}),
    ("RDS_STORAGE_ENCRYPTED", {}, {}),
]


@pytest.mark.parametrize(("identifier", "parameters", "expected"), MANAGED)
def test_some_managed_rules_are_evaluated(
    sandbox: Sandbox, config: Any, identifier: str, parameters: dict[str, str], expected: dict[str, str]
) -> None:
    """Those of the shipped packs that look at functions or the account; the others say nothing."""
    lambdas = client(sandbox, "lambda")
    arn = role(sandbox)
    function(lambdas, arn, "plain")
    function(lambdas, arn, "kept", TracingConfig={"Mode": "Active"})
    lambdas.put_function_concurrency(FunctionName="kept", ReservedConcurrentExecutions=0)
    lambdas.add_permission(FunctionName="kept", StatementId="all", Action="lambda:InvokeFunction", Principal="*")
    given = {"ConfigRuleName": "managed", "Source": {"Owner": "AWS", "SourceIdentifier": identifier}}
    config.put_config_rule(ConfigRule={**given, "InputParameters": json.dumps(parameters)})
    assert said(sandbox, "managed") == expected


def in_guard(text: str) -> dict[str, Any]:
    details = [{"EventSource": "aws.config", "MessageType": "ConfigurationItemChangeNotification"}]
    policy = {"PolicyRuntime": "guard-2.x.x", "PolicyText": text}
    source = {"Owner": "CUSTOM_POLICY", "SourceDetails": details, "CustomPolicyDetails": policy}
    return {
        "ConfigRuleName": "guarded",
        "Scope": {"ComplianceResourceTypes": ["AWS::Lambda::Function"]},
        "Source": source,
    }


TIMEOUT = """
rule short_timeout when resourceType == "AWS::Lambda::Function" {
    configuration.timeout <= 10 <<make it ten seconds>>
}
"""


def test_a_rule_in_guard_is_evaluated(sandbox: Sandbox, config: Any) -> None:
    """By Guard's own engine, with the author's message; a policy that is none shows as the rule's last error."""
    lambdas = client(sandbox, "lambda")
    arn = role(sandbox)
    function(lambdas, arn, "short")
    function(lambdas, arn, "long", Timeout=60)
    config.put_config_rule(ConfigRule=in_guard(TIMEOUT))
    assert said(sandbox, "guarded") == {"short": "COMPLIANT", "long": "NON_COMPLIANT"}
    assert config.get_custom_rule_policy(ConfigRuleName="guarded")["PolicyText"] == TIMEOUT
    config.put_config_rule(ConfigRule={**in_guard("rule {"), "ConfigRuleName": "broken"})
    assert said(sandbox, "broken") == {}
    names = {"ConfigRuleNames": ["broken"]}
    (status,) = every(config, "describe_config_rule_evaluation_status", "ConfigRulesEvaluationStatus", **names)
    assert status["LastErrorCode"] == "GuardError"


def test_what_is_said_of_a_resource(sandbox: Sandbox, config: Any) -> None:
    """By resource, in sums, and no longer once the results are deleted."""
    config.put_config_rule(ConfigRule=dlq())
    for identity, compliance in (("a", "COMPLIANT"), ("b", "NON_COMPLIANT")):
        config.put_external_evaluation(ConfigRuleName="dlq", ExternalEvaluation=evaluation(identity, compliance))
    found = every(
        config, "describe_compliance_by_resource", "ComplianceByResources", ResourceType="AWS::Lambda::Function"
    )
    assert [(row["ResourceId"], row["Compliance"]["ComplianceType"]) for row in found] == [
        ("a", "COMPLIANT"),
        ("b", "NON_COMPLIANT"),
    ]
    one = {"ResourceType": "AWS::Lambda::Function", "ResourceId": "b"}
    details = every(config, "get_compliance_details_by_resource", "EvaluationResults", **one)
    assert [detail["ComplianceType"] for detail in details] == ["NON_COMPLIANT"]
    summary = config.get_compliance_summary_by_config_rule()["ComplianceSummary"]
    assert summary["NonCompliantResourceCount"] == {"CappedCount": 1, "CapExceeded": False}
    config.delete_evaluation_results(ConfigRuleName="dlq")
    assert said(sandbox, "dlq") == {}
    config.delete_config_rule(ConfigRuleName="dlq")
    assert every(config, "describe_config_rules", "ConfigRules") == []


def dlq(**changes: Any) -> dict[str, Any]:
    return {"ConfigRuleName": "dlq", "Source": {"Owner": "AWS", "SourceIdentifier": "LAMBDA_DLQ_CHECK"}, **changes}


def custom(s: SimpleNamespace, **changes: Any) -> dict[str, Any]:
    made = rule(s.arn)
    return {**made, "Source": {**made["Source"], **changes}}


CHANGED = {"EventSource": "aws.config", "MessageType": "ConfigurationItemChangeNotification"}
INVALID = "InvalidParameterValueException"
PUT_REFUSALS: dict[str, tuple[Callable[[SimpleNamespace], dict[str, Any]], str]] = {
    "no name": (lambda s: {"Source": dlq()["Source"]}, INVALID),
    "a state": (lambda s: dlq(ConfigRuleState="DELETING"), INVALID),
    "a creator": (lambda s: dlq(CreatedBy="me"), INVALID),
    "parameters that are no JSON": (lambda s: dlq(InputParameters="x"), INVALID),
    "parameters that are no text": (lambda s: dlq(InputParameters='{"a": 1}'), INVALID),
    "parameters that there are not": (lambda s: dlq(InputParameters='{"a": "1"}'), INVALID),
    "1,025 characters of parameters": (lambda s: dlq(InputParameters="x" * 1025), "ValidationException"),
    "a required parameter that is missing": (
        lambda s: dlq(Source={"Owner": "AWS", "SourceIdentifier": "IAM_POLICY_IN_USE"}),
        INVALID,
    ),
    "an unknown managed rule": (lambda s: dlq(Source={"Owner": "AWS", "SourceIdentifier": "NONE"}), INVALID),
    "details of a managed rule": (
        lambda s: dlq(Source={**dlq()["Source"], "SourceDetails": [CHANGED]}),
        INVALID,
    ),
    "a frequency of what is triggered by changes": (lambda s: dlq(MaximumExecutionFrequency="One_Hour"), INVALID),
    "a tag's value without its key": (lambda s: dlq(Scope={"TagValue": "a"}), INVALID),
    "a resource without its type": (lambda s: dlq(Scope={"ComplianceResourceId": "a"}), INVALID),
    "a function that there is not": (
        lambda s: rule("arn:aws:lambda:us-east-1:111111111111:function:none"),
        "InsufficientPermissionsException",
    ),
    "a function that lets nobody in": (lambda s: rule(s.closed), "InsufficientPermissionsException"),
    "a function of another region": (lambda s: rule(s.arn.replace("us-east-1", "eu-west-1")), INVALID),
    "no details": (lambda s: custom(s, SourceDetails=[]), INVALID),
    "another event source": (lambda s: custom(s, SourceDetails=[{"MessageType": CHANGED["MessageType"]}]), INVALID),
    "a frequency for changes": (
        lambda s: custom(s, SourceDetails=[{**CHANGED, "MaximumExecutionFrequency": "One_Hour"}]),
        INVALID,
    ),
    "Guard without a policy": (
        lambda s: {"ConfigRuleName": "g", "Source": {"Owner": "CUSTOM_POLICY", "SourceDetails": [CHANGED]}},
        INVALID,
    ),
    "a policy of 10,001 characters": (lambda s: in_guard("#" * 10_001), "ValidationException"),
}


@pytest.mark.parametrize("case", PUT_REFUSALS)
def test_a_rule_that_is_refused(sandbox: Sandbox, config: Any, case: str) -> None:
    """Each of these is refused with AWS's exception."""
    closed = function(client(sandbox, "lambda"), role(sandbox), "closed")
    scene = SimpleNamespace(arn=rule_function(sandbox), closed=closed)
    given, expected = PUT_REFUSALS[case]
    assert expected == refusal(lambda: config.put_config_rule(ConfigRule=given(scene)))[0]


def test_rules_need_a_recorder_and_room(sandbox: Sandbox) -> None:
    """Without a recorder there is no rule, and at most as many as the quota says."""
    config = client(sandbox, "config")
    assert refusal(lambda: config.put_config_rule(ConfigRule=dlq()))[0] == "NoAvailableConfigurationRecorderException"
    recorder(sandbox)
    sandbox.configure(quotas={"config_rules": 1})
    config.put_config_rule(ConfigRule=dlq())
    second = refusal(lambda: config.put_config_rule(ConfigRule=dlq(ConfigRuleName="two")))
    assert second[0] == "MaxNumberOfConfigRulesExceededException"
    assert refusal(lambda: config.delete_config_rule(ConfigRuleName="two"))[0] == "NoSuchConfigRuleException"


def test_a_function_that_lost_its_permission_shows(sandbox: Sandbox, config: Any) -> None:
    """The rule stays, and its status has the error."""
    arn = rule_function(sandbox)
    config.put_config_rule(ConfigRule=rule(arn))
    assert sandbox.settled()
    client(sandbox, "lambda").delete_resource_policy(ResourceArn=arn)
    config.start_config_rules_evaluation(ConfigRuleNames=["layer-required"])
    assert sandbox.settled()
    (status,) = every(config, "describe_config_rule_evaluation_status", "ConfigRulesEvaluationStatus")
    assert status["LastErrorCode"] == "AccessDenied"

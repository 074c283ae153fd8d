"""Built rules run in the sandbox's Lambda: they enter an account by the evaluation role, and judge what is in it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from orgctl.rules.building import build
from orgctl.rules.catalog import load_rules
from orgctl.sandbox.embedded import Sandbox, running
from tests.sandbox.configured import recorder, said
from tests.sandbox.conftest import client
from tests.sandbox.functions import function, role

RULES = {rule.name: rule for rule in load_rules(Path(__file__).parents[2])[0]}
CHANGE = {"EventSource": "aws.config", "MessageType": "ConfigurationItemChangeNotification"}
SCHEDULE = {
    "EventSource": "aws.config",
    "MessageType": "ScheduledNotification",
    "MaximumExecutionFrequency": "TwentyFour_Hours",
}


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with running(seed=1) as started:
        recorder(started, allSupported=True, includeGlobalResourceTypes=True)
        _evaluation_role(started)
        yield started


def _document(**statement: object) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", **statement}]})


def _evaluation_role(sandbox: Sandbox) -> None:
    """What the rules say that they need, and what every rule needs."""
    iam, account = client(sandbox, "iam"), sandbox.front.settings.management_account
    functions = role(sandbox, None, "rules", "sts:AssumeRole")
    trust = _document(Principal={"AWS": functions}, Action="sts:AssumeRole")
    iam.create_role(RoleName="evaluation", AssumeRolePolicyDocument=trust)
    needed = {action for rule in RULES.values() for action in rule.permissions}
    actions = sorted({*needed, "config:PutEvaluations", "config:GetResourceConfigHistory"})
    document = _document(Action=actions, Resource="*")
    iam.put_role_policy(RoleName="evaluation", PolicyName="evaluate", PolicyDocument=document)
    assert functions == f"arn:aws:iam::{account}:role/rules"


def deployed(sandbox: Sandbox, name: str, **parameters: str) -> str:
    """A shipped rule, its function as it is built, and its AWS Config rule; the rule's name."""
    rule, account = RULES[name], sandbox.front.settings.management_account
    arn = function(
        client(sandbox, "lambda"),
        f"arn:aws:iam::{account}:role/rules",
        f"orgctl-rule-{name}",
        Code={"ZipFile": build(rule)},
        Handler=rule.handler,
        Timeout=60,
        Environment={"Variables": {"ORGCTL_ORGANIZATION_ID": sandbox.organization.id}},
    )
    condition = {"StringEquals": {"aws:SourceOrgID": sandbox.organization.id}}
    service = {"Service": "config.amazonaws.com"}
    policy = _document(Principal=service, Action="lambda:InvokeFunction", Resource=arn, Condition=condition)
    client(sandbox, "lambda").put_resource_policy(ResourceArn=arn, Policy=policy)
    details = [CHANGE] * bool(rule.resource_types) + [SCHEDULE] * bool(rule.periodic)
    described: dict[str, Any] = {
        "ConfigRuleName": rule.config_rule_name,
        "InputParameters": json.dumps({"ExecutionRoleName": "evaluation", **parameters}),
        "Source": {"Owner": "CUSTOM_LAMBDA", "SourceIdentifier": arn, "SourceDetails": details},
    }
    if rule.resource_types:
        described["Scope"] = {"ComplianceResourceTypes": list(rule.resource_types)}
    client(sandbox, "config").put_config_rule(ConfigRule=described)
    return rule.config_rule_name


@pytest.mark.slow
def test_code_signing(sandbox: Sandbox) -> None:
    """Attaching a configuration changes no item: the rule finds it when it is asked on schedule."""
    sandbox.configure(enforce_iam=True)
    lambdas = client(sandbox, "lambda")
    function(lambdas, role(sandbox), "orders")
    name = deployed(sandbox, "LAMBDA_CODE_SIGNING_ENFORCED")
    assert said(sandbox, name)["orders"] == "NON_COMPLIANT"
    publisher = "arn:aws:signer:us-east-1:111111111111:/signing-profiles/Release/abcdefghij"
    made = lambdas.create_code_signing_config(
        AllowedPublishers={"SigningProfileVersionArns": [publisher]},
        CodeSigningPolicies={"UntrustedArtifactOnDeployment": "Enforce"},
    )["CodeSigningConfig"]["CodeSigningConfigArn"]
    lambdas.put_function_code_signing_config(FunctionName="orders", CodeSigningConfigArn=made)
    client(sandbox, "config").start_config_rules_evaluation(ConfigRuleNames=[name])
    assert said(sandbox, name)["orders"] == "COMPLIANT"


@pytest.mark.slow
def test_roles(sandbox: Sandbox) -> None:
    """Roles that Lambda can assume are found by what IAM's items say of their trust."""
    sandbox.configure(enforce_iam=True)
    role(sandbox, None, "bare")
    found = said(sandbox, deployed(sandbox, "LAMBDA_ROLE_PERMISSIONS_BOUNDARY"))
    by_name = {each["RoleName"]: found.get(each["RoleId"]) for each in client(sandbox, "iam").list_roles()["Roles"]}
    assert (by_name["bare"], by_name["evaluation"]) == ("NON_COMPLIANT", None)


@pytest.mark.slow
def test_trail(sandbox: Sandbox) -> None:
    """An organization that has no trail is told so, on the account."""
    sandbox.configure(enforce_iam=True)
    account = sandbox.front.settings.management_account
    found = said(sandbox, deployed(sandbox, "ORGANIZATION_TRAIL_LOGGING"))
    assert found == {account: "NON_COMPLIANT"}


POLICY = {"Effect": "Allow", "Principal": "*", "Action": "ecr:BatchGetImage"}


@pytest.mark.slow
def test_repositories(sandbox: Sandbox) -> None:
    """The organization is the function's own, as orgctl tells it in the function's environment."""
    sandbox.configure(enforce_iam=True)
    ecr = client(sandbox, "ecr")
    condition = {"StringEquals": {"aws:PrincipalOrgID": sandbox.organization.id}}
    for name, statement in (("open", POLICY), ("shared", {**POLICY, "Condition": condition}), ("own", None)):
        ecr.create_repository(repositoryName=name)
        if statement:
            ecr.set_repository_policy(repositoryName=name, policyText=json.dumps({"Statement": [statement]}))
    found = said(sandbox, deployed(sandbox, "ECR_REPOSITORY_ORGANIZATION_ONLY"))
    assert found == {"open": "NON_COMPLIANT", "shared": "COMPLIANT", "own": "COMPLIANT"}


@pytest.mark.slow
def test_apis(sandbox: Sandbox) -> None:
    """A route that is changed changes no item: the rule finds it on schedule, and the API has one result."""
    sandbox.configure(enforce_iam=True)
    api = client(sandbox, "apigatewayv2")
    made = api.create_api(Name="orders", ProtocolType="HTTP")["ApiId"]
    api.create_api(Name="chat", ProtocolType="WEBSOCKET", RouteSelectionExpression="$request.body.action")
    route = api.create_route(ApiId=made, RouteKey="GET /orders", AuthorizationType="NONE")["RouteId"]
    name = deployed(sandbox, "HTTP_API_JWT_AUTHORIZER")
    first = said(sandbox, name)
    api.update_route(ApiId=made, RouteId=route, AuthorizationType="JWT", AuthorizerId="auth01")
    client(sandbox, "config").start_config_rules_evaluation(ConfigRuleNames=[name])
    second = said(sandbox, name)
    assert (list(first.values()), list(second.values())) == (["NON_COMPLIANT"], ["COMPLIANT"])
    assert first.keys() == second.keys()

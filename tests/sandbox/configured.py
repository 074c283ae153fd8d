"""AWS Config for tests: recorders, rules that are functions, and waiting for what they say."""

from __future__ import annotations

import json
from typing import Any

from orgctl.sandbox.embedded import Sandbox
from tests.sandbox.conftest import client, every
from tests.sandbox.functions import function, role, trust

LAYERED = """
import json

import boto3


def handler(event, context):
    item = json.loads(event["invokingEvent"])["configurationItem"]
    wanted = json.loads(event["ruleParameters"])["Layer"]
    names = [layer["arn"].rsplit(":", 1)[0] for layer in (item["configuration"] or {}).get("layers", ())]
    gone = item["configurationItemStatus"] == "ResourceDeleted" or event["eventLeftScope"]
    compliance = "NOT_APPLICABLE" if gone else "COMPLIANT" if wanted in names else "NON_COMPLIANT"
    keys = json.loads(event["ruleParameters"]).get("Role")
    session = {}
    if keys:
        found = boto3.client("sts").assume_role(
            RoleArn=f"arn:aws:iam::{event['accountId']}:role/{keys}", RoleSessionName="rule"
        )["Credentials"]
        session = {
            "aws_access_key_id": found["AccessKeyId"],
            "aws_secret_access_key": found["SecretAccessKey"],
            "aws_session_token": found["SessionToken"],
        }
    boto3.client("config", **session).put_evaluations(
        Evaluations=[
            {
                "ComplianceResourceType": item["resourceType"],
                "ComplianceResourceId": item["resourceId"],
                "ComplianceType": compliance,
                "OrderingTimestamp": item["configurationItemCaptureTime"],
            }
        ],
        ResultToken=event["resultToken"],
    )
"""
"""A rule: the function has the layer that the parameter `Layer` names, whatever its version."""
APPROVED = "arn:aws:lambda:us-east-1:111111111111:layer:approved"


def recorder(sandbox: Sandbox, account: str | None = None, region: str = "us-east-1", **group: Any) -> None:
    """A recorder that runs, in an account and region; of everything unless `group` says otherwise."""
    account = account or sandbox.front.settings.management_account
    api, s3 = client(sandbox, "config", account, region), client(sandbox, "s3", account)
    s3.create_bucket(Bucket=f"config-{account}-{region}")
    linked = "aws-service-role/config.amazonaws.com/AWSServiceRoleForConfig"
    settings = {"name": "default", "roleARN": f"arn:aws:iam::{account}:role/{linked}"}
    if group:
        settings["recordingGroup"] = group
    api.put_configuration_recorder(ConfigurationRecorder=settings)
    api.put_delivery_channel(DeliveryChannel={"s3BucketName": f"config-{account}-{region}"})
    api.start_configuration_recorder(ConfigurationRecorderName="default")


def rule_function(sandbox: Sandbox, code: str = LAYERED, account: str | None = None, name: str = "rule") -> str:
    """A function that AWS Config may invoke for every account of the organization; its ARN."""
    role_name = f"{name}-role"
    arn = role(sandbox, account, role_name, "config:PutEvaluations", "sts:AssumeRole")
    api = client(sandbox, "lambda", account)
    made = function(api, arn, name, code, Timeout=30)
    condition = {"StringEquals": {"aws:SourceOrgID": sandbox.organization.id}}
    statement = {"Effect": "Allow", "Principal": {"Service": "config.amazonaws.com"}, "Action": "lambda:InvokeFunction"}
    document = {"Version": "2012-10-17", "Statement": [{**statement, "Resource": made, "Condition": condition}]}
    api.put_resource_policy(ResourceArn=made, Policy=json.dumps(document))
    return made


def rule(arn: str, **changes: Any) -> dict[str, Any]:
    """A change-triggered rule on functions."""
    details = [{"EventSource": "aws.config", "MessageType": "ConfigurationItemChangeNotification"}]
    return {
        "ConfigRuleName": "layer-required",
        "Scope": {"ComplianceResourceTypes": ["AWS::Lambda::Function"]},
        "InputParameters": json.dumps({"Layer": APPROVED}),
        "Source": {"Owner": "CUSTOM_LAMBDA", "SourceIdentifier": arn, "SourceDetails": details},
        **changes,
    }


def said(sandbox: Sandbox, name: str, account: str | None = None, **more: Any) -> dict[str, str]:
    """What a rule says of each resource, once everything is settled."""
    assert sandbox.settled()
    api = client(sandbox, "config", account)
    found = every(api, "get_compliance_details_by_config_rule", "EvaluationResults", ConfigRuleName=name, **more)
    return {
        result["EvaluationResultIdentifier"]["EvaluationResultQualifier"]["ResourceId"]: result["ComplianceType"]
        for result in found
    }


__all__ = ["APPROVED", "LAYERED", "recorder", "rule", "rule_function", "said", "trust"]

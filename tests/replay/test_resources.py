"""The resources of recorded calls: listed, built from parameters, or not known."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orgctl.lint.catalogue import actions
from orgctl.replay.arn_formats import types_of
from orgctl.replay.resources import resources_of
from tests.replay.records import SHOP, event

HERE = f"eu-west-1:{SHOP}"
S3 = [{"ARN": "arn:aws:s3:::b/k", "type": "AWS::S3::Object"}, {"ARN": "arn:aws:s3:::b", "accountId": SHOP}]
BUILT: list[tuple[str, dict[str, object], list[str]]] = [
    ("s3:GetObject", {"bucketName": "b", "key": "a/k"}, ["arn:aws:s3:::b/a/k"]),
    ("s3:ListBucket", {"bucketName": "b"}, ["arn:aws:s3:::b"]),
    ("s3:ListAllMyBuckets", {}, ["*"]),
    ("ec2:DescribeInstances", {"instancesSet": {"items": [{"instanceId": "i-1"}]}}, ["*"]),
    (
        "ec2:TerminateInstances",
        {"instancesSet": {"items": [{"instanceId": "i-1"}, {"instanceId": "i-2"}]}},
        [f"arn:aws:ec2:{HERE}:instance/i-1", f"arn:aws:ec2:{HERE}:instance/i-2"],
    ),
    ("ec2:DeleteVpc", {"vpcId": "vpc-1"}, [f"arn:aws:ec2:{HERE}:vpc/vpc-1"]),
    ("ec2:DeleteVolume", {"volumeId": "vol-1"}, [f"arn:aws:ec2:{HERE}:volume/vol-1"]),
    ("iam:CreateRole", {"roleName": "R", "path": "/a/b/"}, [f"arn:aws:iam::{SHOP}:role/a/b/R"]),
    ("iam:CreateUser", {"userName": "U"}, [f"arn:aws:iam::{SHOP}:user/U"]),
    ("sqs:SendMessage", {"queueUrl": f"https://sqs.eu-west-1.amazonaws.com/{SHOP}/q"}, [f"arn:aws:sqs:{HERE}:q"]),
    ("sqs:CreateQueue", {"queueName": "q"}, [f"arn:aws:sqs:{HERE}:q"]),
    ("sns:Publish", {"topicArn": f"arn:aws:sns:{HERE}:t"}, [f"arn:aws:sns:{HERE}:t"]),
    ("lambda:InvokeFunction", {"functionName": "f"}, [f"arn:aws:lambda:{HERE}:function:f"]),
    (
        "lambda:AddPermission",
        {"functionName": "f", "sourceArn": f"arn:aws:sns:{HERE}:t"},
        [f"arn:aws:lambda:{HERE}:function:f"],
    ),
    ("dynamodb:GetItem", {"tableName": "t"}, [f"arn:aws:dynamodb:{HERE}:table/t"]),
    ("dynamodb:Query", {"tableName": "t", "indexName": "i"}, [f"arn:aws:dynamodb:{HERE}:table/t/index/i"]),
    ("kms:ScheduleKeyDeletion", {"keyId": "k"}, [f"arn:aws:kms:{HERE}:key/k"]),
    ("logs:CreateLogGroup", {"logGroupName": "/a/b"}, [f"arn:aws:logs:{HERE}:log-group:/a/b:log-stream:"]),
    (
        "logs:CreateLogStream",
        {"logGroupName": "/a/b", "logStreamName": "s"},
        [f"arn:aws:logs:{HERE}:log-group:/a/b:log-stream:s"],
    ),
    ("rds:DeleteDBInstance", {"dBInstanceIdentifier": "Shop"}, [f"arn:aws:rds:{HERE}:db:shop"]),
    ("ssm:GetParameter", {"name": "/a/b"}, [f"arn:aws:ssm:{HERE}:parameter/a/b"]),
    (
        "ssm:GetParameters",
        {"names": ["a", "/b"]},
        [f"arn:aws:ssm:{HERE}:parameter/a", f"arn:aws:ssm:{HERE}:parameter/b"],
    ),
    ("sts:AssumeRole", {"roleArn": "arn:aws:iam::333333333333:role/R"}, ["arn:aws:iam::333333333333:role/R"]),
    ("cloudtrail:StopLogging", {"name": "t"}, [f"arn:aws:cloudtrail:{HERE}:trail/t"]),
    (
        "cloudtrail:StopLogging",
        {"name": "arn:aws:cloudtrail:us-east-1:1:trail/t"},
        ["arn:aws:cloudtrail:us-east-1:1:trail/t"],
    ),
    ("ecr:BatchGetImage", {"repositoryName": "a/b"}, [f"arn:aws:ecr:{HERE}:repository/a/b"]),
    ("eks:DescribeCluster", {"name": "c"}, [f"arn:aws:eks:{HERE}:cluster/c"]),
    ("kinesis:PutRecord", {"streamName": "s"}, [f"arn:aws:kinesis:{HERE}:stream/s"]),
    ("route53:ChangeResourceRecordSets", {"hostedZoneId": "/hostedzone/Z1"}, ["arn:aws:route53:::hostedzone/Z1"]),
    ("guardduty:DeleteDetector", {"detectorId": "d"}, [f"arn:aws:guardduty:{HERE}:detector/d"]),
    ("athena:StartQueryExecution", {"workGroup": "w"}, [f"arn:aws:athena:{HERE}:workgroup/w"]),
]


@pytest.mark.parametrize(("action", "parameters", "arns"), BUILT)
def test_resources_by_parameters(action: str, parameters: dict[str, object], arns: list[str]) -> None:
    """AWS's ARN format, filled in with what the request says."""
    found = resources_of(event(requestParameters=parameters), action)
    assert (tuple(arns), None) == (found.arns, found.reason)


LISTED = [
    ("s3:GetObject", S3, ["arn:aws:s3:::b/k"]),
    ("s3:ListBucket", [*S3[1:], {"ARNPrefix": "arn:aws:s3:::b/"}], ["arn:aws:s3:::b"]),
    ("kms:Decrypt", [{"ARN": f"arn:aws:kms:{HERE}:key/1"}], [f"arn:aws:kms:{HERE}:key/1"]),
    (
        "dynamodb:BatchGetItem",
        [{"ARN": f"arn:aws:dynamodb:{HERE}:table/{name}"} for name in "ab"],
        [f"arn:aws:dynamodb:{HERE}:table/{name}" for name in "ab"],
    ),
]


@pytest.mark.parametrize(("action", "resources", "arns"), LISTED)
def test_resources_that_are_listed(action: str, resources: list[object], arns: list[str]) -> None:
    """Of the resources that the record lists, those that are of the action's own types."""
    assert tuple(arns) == resources_of(event(requestParameters=None, resources=resources), action).arns


UNKNOWN: list[tuple[str, dict[str, object], str]] = [
    ("iam:DeleteRole", {"roleName": "R"}, "the record does not tell which `role`"),
    ("iam:CreateAccessKey", {"userName": "U"}, "the record does not tell which `user`"),
    ("secretsmanager:GetSecretValue", {"secretId": "s"}, "the record does not tell which `Secret`"),
    ("kms:Decrypt", {"keyId": "alias/a"}, "the record does not tell which `key`"),
    ("kms:Decrypt", {"keyId": "***"}, "the record does not tell which `key`"),
    ("lambda:InvokeFunction", {"functionName": f"{SHOP}:function:f"}, "the record does not tell which `function`"),
    ("cloudformation:DeleteStack", {"stackName": "s"}, "the record does not tell which `stack`"),
    ("ec2:TerminateInstances", {}, "the record does not tell which `instance`"),
    ("ec2:CreateTags", {"resourcesSet": {"items": [{"resourceId": "i-1"}]}}, "the record does not tell which resource"),
]


@pytest.mark.parametrize(("action", "parameters", "reason"), UNKNOWN)
def test_resources_that_are_not_told(action: str, parameters: dict[str, object], reason: str) -> None:
    """Where any part of an ARN is missing, there is none, and a reason: paths, suffixes, what an alias stands for."""
    found = resources_of(event(requestParameters=parameters), action)
    assert ((), reason) == (found.arns, found.reason)


def test_ambiguous_resources_are_not_told() -> None:
    """API Gateway's paths share their parts: which of them was meant cannot be told."""
    found = resources_of(event(requestParameters={"restApiId": "r", "resourceId": "s"}), "apigateway:GET")
    assert found.arns == ()
    assert found.reason


@pytest.mark.parametrize(("region", "partition"), [("cn-north-1", "aws-cn"), ("us-gov-west-1", "aws-us-gov")])
def test_partitions(region: str, partition: str) -> None:
    """The ARN is of the partition that the region is in."""
    found = resources_of(event(awsRegion=region, requestParameters={"topicArn": None, "name": "t"}), "sns:CreateTopic")
    assert found.arns == (f"arn:{partition}:sns:{region}:{SHOP}:t",)


NAMED = ("bucketName", "key", "functionName", "roleName", "queueUrl", "name", "tableName", "keyId", "path", "id")
SOME = sorted(
    {name for service in ("s3", "lambda", "iam", "sqs", "kms", "dynamodb") for name in actions(service).values()}
)


VALUES = st.text("ab/:*", max_size=4) | st.lists(st.text("ab", max_size=2), max_size=2)


@given(st.sampled_from(SOME), st.dictionaries(st.sampled_from(NAMED), VALUES))
def test_every_resource_is_of_the_actions_types(action: str, parameters: dict[str, object]) -> None:
    """Whatever the parameters, an ARN is of a type that the action is about; the others have a reason."""
    found = resources_of(event(requestParameters=parameters), action)
    types = types_of(action)
    wrong = [arn for arn in found.arns if arn != "*" and not any(each.resembles(arn) for each in types)]
    assert wrong == []
    assert found.arns or found.reason
    assert (found.arns == ("*",)) is (types == ())

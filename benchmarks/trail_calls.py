"""The calls that generated trails are made of: what each service's records hold, in CloudTrail's shapes."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass

Fields = dict[str, object]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a call is made. `usual` are the dice for what callers use again and again, `dice` for all else."""

    account: str
    region: str
    dice: random.Random
    usual: random.Random

    def arn(self, service: str, name: str) -> str:
        """The ARN of a regional resource."""
        return f"arn:aws:{service}:{self.region}:{self.account}:{name}"

    def hex(self, digits: int) -> str:
        """As many random digits."""
        return f"{self.dice.getrandbits(4 * digits):0{digits}x}"

    def pick(self, kind: str, count: int, digits: int = 17) -> str:
        """One of `count` ids (`i-0123…`) of that kind, the same ones in each run of the account."""
        number = int(self.account) * 7919 + self.usual.randrange(count) * 104_729
        return f"{kind}-{number * 2_654_435_761 % 16**digits:0{digits}x}"

    @property
    def bucket(self) -> str:
        """One of the account's buckets."""
        return f"{self.usual.choice(('app', 'logs', 'data', 'artifacts'))}-{self.account}-{self.region}"


Maker = Callable[[Place], Fields | None]


@dataclass(frozen=True, slots=True)
class Call:
    """One operation: how often it comes, and its record's own parts. `world`: it is logged in us-east-1 alone."""

    source: str
    name: str
    weight: int
    read_only: bool
    request: Maker
    response: Maker = lambda place: None
    resources: Callable[[Place, Fields | None], list[Fields] | None] = lambda place, request: None
    more: Maker = lambda place: None
    world: bool = False
    data: bool = False


def _nothing(place: Place) -> Fields | None:
    return None


def _instances(place: Place) -> Fields:
    items = [{"instanceId": place.pick("i", 40)} for _ in range(place.usual.choice((1, 1, 1, 2)))]
    return {"instancesSet": {"items": items}, "filterSet": {}}


def _filters(place: Place) -> Fields:
    value = {"valueSet": {"items": [{"value": place.pick("vpc", 3)}]}}
    return {"filterSet": {"items": [{"name": "vpc-id", **value}]}, "maxResults": 1000}


def _run(place: Place) -> Fields:
    return {
        "instancesSet": {"items": [{"imageId": place.pick("ami", 5), "minCount": 1, "maxCount": 1}]},
        "instanceType": place.usual.choice(("t3.micro", "m6i.large", "c7g.xlarge")),
        "blockDeviceMapping": {},
        "monitoring": {"enabled": False},
        "subnetId": place.pick("subnet", 6),
        "ebsOptimized": False,
    }


def _object(place: Place) -> Fields:
    bucket = place.bucket
    return {"bucketName": bucket, "Host": f"{bucket}.s3.amazonaws.com", "key": f"in/2026/{place.hex(12)}.parquet"}


def _of_object(place: Place, request: Fields | None) -> list[Fields] | None:
    bucket = f"arn:aws:s3:::{(request or {}).get('bucketName')}"
    whole = {"type": "AWS::S3::Object", "ARN": f"{bucket}/{(request or {}).get('key')}"}
    return [whole, {"accountId": place.account, "type": "AWS::S3::Bucket", "ARN": bucket}]


def _bucket(place: Place) -> Fields:
    return {"bucketName": place.bucket, "Host": "s3.amazonaws.com", "acl": ""}


def _of_bucket(place: Place, request: Fields | None) -> list[Fields] | None:
    bucket = f"arn:aws:s3:::{(request or {}).get('bucketName')}"
    return [{"accountId": place.account, "type": "AWS::S3::Bucket", "ARN": bucket}]


def _key(place: Place) -> str:
    return place.arn("kms", f"key/{place.pick('0', 6, 12)}")


def _encrypted(place: Place) -> Fields:
    context = {"aws:s3:arn": f"arn:aws:s3:::{place.bucket}"}
    return {"encryptionContext": context, "encryptionAlgorithm": "SYMMETRIC_DEFAULT", "keyId": _key(place)}


def _of_key(place: Place, request: Fields | None) -> list[Fields] | None:
    arn = str((request or {}).get("keyId"))
    return [{"accountId": place.account, "type": "AWS::KMS::Key", "ARN": arn}]


def _role(place: Place) -> str:
    return f"arn:aws:iam::{place.account}:role/app/{place.usual.choice(('api', 'worker', 'etl', 'deploy'))}"


def _assume(place: Place) -> Fields:
    return {"roleArn": _role(place), "roleSessionName": f"run-{place.hex(10)}", "durationSeconds": 3600}


def _assumed(place: Place) -> Fields:
    session = f"ASIA{place.hex(16).upper()}"
    credentials = {
        "accessKeyId": session,
        "sessionToken": f"IQoJ{place.hex(560)}",
        "expiration": "Nov 2, 2026, 9:00:00 AM",
    }
    return {"credentials": credentials}


def _sent(place: Place) -> Fields:
    """What S3 adds to its records."""
    return {
        "SignatureVersion": "SigV4",
        "CipherSuite": "TLS_AES_128_GCM_SHA256",
        "bytesTransferredIn": place.dice.randrange(4096),
        "AuthenticationMethod": "AuthHeader",
        "x-amz-id-2": place.hex(96),
        "bytesTransferredOut": place.dice.randrange(10_000_000),
    }


def _material(place: Place) -> Fields:
    """What KMS adds to its records."""
    return {"keyMaterialId": place.hex(64)}


def _of_role(place: Place, request: Fields | None) -> list[Fields] | None:
    arn = str((request or {}).get("roleArn"))
    return [{"accountId": place.account, "type": "AWS::IAM::Role", "ARN": arn}]


def _by_name(field: str, *names: str) -> Maker:
    return lambda place: {field: f"{place.usual.choice(names)}-{place.usual.randrange(20)}"}


def _stream(place: Place) -> Fields:
    group = f"/aws/lambda/orders-{place.usual.randrange(30)}"
    return {"logGroupName": group, "logStreamName": f"2026/11/02/[$LATEST]{place.hex(32)}"}


def _table(place: Place) -> Fields:
    return {"tableName": f"orders-{place.usual.randrange(12)}", "consistentRead": False}


def _queue(place: Place) -> Fields:
    url = f"https://sqs.{place.region}.amazonaws.com/{place.account}/jobs-{place.usual.randrange(9)}"
    return {"queueUrl": url, "attributeNames": ["All"]}


def _tagging(place: Place) -> Fields:
    return {"resourcesPerPage": 100, "tagFilters": [{"key": "team", "values": [f"team-{place.usual.randrange(20)}"]}]}


_EC2 = "ec2.amazonaws.com"
CALLS: tuple[Call, ...] = (
    Call("sts.amazonaws.com", "AssumeRole", 900, True, _assume, _assumed, _of_role),
    Call("sts.amazonaws.com", "GetCallerIdentity", 150, True, _nothing),
    Call(_EC2, "DescribeInstances", 500, True, _instances),
    Call(_EC2, "DescribeNetworkInterfaces", 300, True, _filters),
    Call(_EC2, "DescribeSecurityGroups", 250, True, _filters),
    Call(_EC2, "DescribeVolumes", 150, True, _filters),
    Call(_EC2, "DescribeTags", 150, True, _filters),
    Call(_EC2, "RunInstances", 20, False, _run),
    Call(_EC2, "TerminateInstances", 15, False, _instances),
    Call(_EC2, "CreateTags", 40, False, lambda p: {"resourcesSet": {"items": [{"resourceId": p.pick("i", 40)}]}}),
    Call("s3.amazonaws.com", "GetBucketAcl", 250, True, _bucket, resources=_of_bucket, more=_sent),
    Call("s3.amazonaws.com", "ListObjects", 200, True, _bucket, resources=_of_bucket, more=_sent),
    Call("s3.amazonaws.com", "GetObject", 200, True, _object, resources=_of_object, more=_sent, data=True),
    Call("s3.amazonaws.com", "PutObject", 80, False, _object, resources=_of_object, more=_sent, data=True),
    Call("s3.amazonaws.com", "PutBucketPolicy", 3, False, _bucket, resources=_of_bucket, more=_sent),
    Call("kms.amazonaws.com", "Decrypt", 900, True, _encrypted, resources=_of_key, more=_material),
    Call("kms.amazonaws.com", "GenerateDataKey", 400, True, _encrypted, resources=_of_key, more=_material),
    Call("kms.amazonaws.com", "DescribeKey", 80, True, lambda p: {"keyId": _key(p)}, resources=_of_key),
    Call("lambda.amazonaws.com", "GetFunction20150331v2", 120, True, _by_name("functionName", "orders", "billing")),
    Call("lambda.amazonaws.com", "UpdateFunctionCode20150331v2", 15, False, _by_name("functionName", "orders")),
    Call("lambda.amazonaws.com", "ListFunctions20150331", 60, True, _nothing),
    Call("iam.amazonaws.com", "GetRole", 120, True, _by_name("roleName", "api", "worker"), world=True),
    Call("iam.amazonaws.com", "ListRoles", 60, True, _nothing, world=True),
    Call("iam.amazonaws.com", "CreateUser", 2, False, _by_name("userName", "bot"), world=True),
    Call("iam.amazonaws.com", "PutRolePolicy", 6, False, _by_name("roleName", "api"), world=True),
    Call("logs.amazonaws.com", "CreateLogStream", 500, False, _stream),
    Call("logs.amazonaws.com", "DescribeLogGroups", 120, True, _nothing),
    Call("monitoring.amazonaws.com", "DescribeAlarms", 200, True, lambda p: {"maxRecords": 100}),
    Call("monitoring.amazonaws.com", "PutMetricAlarm", 8, False, _by_name("alarmName", "cpu", "errors")),
    Call("dynamodb.amazonaws.com", "DescribeTable", 200, True, _table),
    Call("dynamodb.amazonaws.com", "UpdateTable", 5, False, _table),
    Call("sqs.amazonaws.com", "GetQueueAttributes", 120, True, _queue),
    Call("ssm.amazonaws.com", "UpdateInstanceInformation", 450, False, lambda p: {"instanceId": p.pick("i", 40)}),
    Call("ssm.amazonaws.com", "GetParameter", 150, True, _by_name("name", "/app/url", "/app/token")),
    Call("secretsmanager.amazonaws.com", "GetSecretValue", 100, True, _by_name("secretId", "db", "api")),
    Call("tagging.amazonaws.com", "GetResources", 80, True, _tagging),
    Call("ecr.amazonaws.com", "GetAuthorizationToken", 90, True, _nothing),
    Call("ecr.amazonaws.com", "BatchGetImage", 90, True, _by_name("repositoryName", "web", "jobs")),
    Call("eks.amazonaws.com", "DescribeCluster", 60, True, _by_name("name", "main")),
    Call("rds.amazonaws.com", "DescribeDBInstances", 100, True, _nothing),
    Call("autoscaling.amazonaws.com", "DescribeAutoScalingGroups", 130, True, lambda p: {"maxRecords": 100}),
    Call("elasticloadbalancing.amazonaws.com", "DescribeTargetHealth", 150, True, _nothing),
    Call("cloudformation.amazonaws.com", "DescribeStacks", 90, True, _by_name("stackName", "web", "data")),
    Call("cloudtrail.amazonaws.com", "DescribeTrails", 40, True, _nothing),
    Call("cloudtrail.amazonaws.com", "StopLogging", 1, False, _by_name("name", "trail")),
    Call("config.amazonaws.com", "PutEvaluations", 80, False, lambda p: {"resultToken": p.hex(40), "testMode": False}),
    Call("organizations.amazonaws.com", "ListAccounts", 20, True, _nothing, world=True),
    Call("backup.amazonaws.com", "ListBackupJobs", 30, True, _nothing),
    Call("apigateway.amazonaws.com", "GetRestApis", 30, True, _nothing),
    Call("unheard-of.amazonaws.com", "DoSomething", 3, False, _nothing),
)
WEIGHTS: tuple[int, ...] = tuple(call.weight for call in CALLS)

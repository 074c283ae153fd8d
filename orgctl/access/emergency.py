"""What has to be possible when something has happened: look, cut off, get back in, restore."""

from __future__ import annotations

from orgctl.access.work import Work

_ROLE = "arn:{partition}:iam::@{account}:role/sample"
_USER = "arn:{partition}:iam::@{account}:user/sample"
_BUCKET = "arn:{partition}:s3:::sample-@{account}"
_INSTANCE = "arn:{partition}:ec2:{region}:@{account}:instance/i-0a1b2c3d4e5f60718"

EMERGENCY: tuple[Work, ...] = (
    Work("sts:GetCallerIdentity", "*", "find out whether one is in"),
    Work("cloudtrail:LookupEvents", "*", "see who did what"),
    Work("iam:GetRole", _ROLE, "see whom a role lets in"),
    Work("iam:UpdateAssumeRolePolicy", _ROLE, "change whom a role lets in"),
    Work("iam:PutRolePolicy", _ROLE, "take permissions from a role"),
    Work("iam:UpdateAccessKey", _USER, "switch a stolen key off"),
    Work("iam:DeleteLoginProfile", _USER, "take a user's password away"),
    Work("ec2:DescribeInstances", "*", "look which instances run"),
    Work("ec2:ModifyInstanceAttribute", _INSTANCE, "cut an instance off the network"),
    Work("ec2:StopInstances", _INSTANCE, "stop an instance"),
    Work("ec2:CreateSnapshot", "arn:{partition}:ec2:{region}::snapshot/*", "keep a disk as evidence"),
    Work("ssm:StartSession", _INSTANCE, "open a shell on an instance"),
    Work("s3:GetBucketPolicy", _BUCKET, "see who may use a bucket"),
    Work("s3:PutBucketPolicy", _BUCKET, "close a bucket"),
    Work(
        "lambda:PutFunctionConcurrency", "arn:{partition}:lambda:{region}:@{account}:function:sample", "halt a function"
    ),
    Work(
        "rds:RestoreDBInstanceToPointInTime",
        "arn:{partition}:rds:{region}:@{account}:db:sample",
        "bring a database back",
    ),
    Work(
        "kms:EnableKey",
        "arn:{partition}:kms:{region}:@{account}:key/6f1d0c3e-8a52-4b7e-9a34-0d9c2b71e5aa",
        "switch a key on again",
    ),
)

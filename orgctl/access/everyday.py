"""What developers and operators do all day, over the services that most accounts use.

Not what they should do: a guardrail may well deny some of it, and then a plan says so, once. Resources are those that
AWS checks the action on; names in them are made up.
"""

from __future__ import annotations

from orgctl.access.work import Work

_RANDOM = "0a1b2c3d4e5f60718"
_KEY = "arn:{partition}:kms:{region}:@{account}:key/6f1d0c3e-8a52-4b7e-9a34-0d9c2b71e5aa"
_BUCKET = "arn:{partition}:s3:::sample-@{account}"
_INSTANCE = f"arn:{{partition}}:ec2:{{region}}:@{{account}}:instance/i-{_RANDOM}"
_FUNCTION = "arn:{partition}:lambda:{region}:@{account}:function:sample"
_ROLE = "arn:{partition}:iam::@{account}:role/sample"
_ENCRYPTED = (("ec2:Encrypted", "true"),)

EVERYDAY: tuple[Work, ...] = (
    Work("s3:ListAllMyBuckets", "*", "look which buckets there are"),
    Work("s3:GetObject", f"{_BUCKET}/file", "read an object"),
    Work("s3:PutObject", f"{_BUCKET}/file", "write an object"),
    Work("s3:DeleteObject", f"{_BUCKET}/file", "delete an object"),
    Work("s3:CreateBucket", _BUCKET, "make a bucket"),
    Work("s3:PutBucketPolicy", _BUCKET, "say who may use a bucket"),
    Work("s3:PutLifecycleConfiguration", _BUCKET, "let a bucket's old objects expire"),
    Work("ec2:DescribeInstances", "*", "look which instances there are"),
    Work("ec2:RunInstances", "arn:{partition}:ec2:{region}:@{account}:instance/*", "start a new instance"),
    Work("ec2:StartInstances", _INSTANCE, "start an instance again"),
    Work("ec2:StopInstances", _INSTANCE, "stop an instance"),
    Work("ec2:TerminateInstances", _INSTANCE, "get rid of an instance"),
    Work("ec2:CreateVolume", "arn:{partition}:ec2:{region}:@{account}:volume/*", "make an encrypted disk", _ENCRYPTED),
    Work("ec2:CreateSecurityGroup", "arn:{partition}:ec2:{region}:@{account}:security-group/*", "make a firewall rule"),
    Work("ec2:CreateVpc", "arn:{partition}:ec2:{region}:@{account}:vpc/*", "make a network"),
    Work("ssm:StartSession", _INSTANCE, "open a shell on an instance"),
    Work("ssm:GetParameter", "arn:{partition}:ssm:{region}:@{account}:parameter/sample", "read a setting"),
    Work("lambda:CreateFunction", _FUNCTION, "make a function"),
    Work("lambda:UpdateFunctionCode", _FUNCTION, "deploy a function"),
    Work("lambda:InvokeFunction", _FUNCTION, "call a function"),
    Work("apigateway:POST", "arn:{partition}:apigateway:{region}::/restapis", "make an API"),
    Work("dynamodb:CreateTable", "arn:{partition}:dynamodb:{region}:@{account}:table/sample", "make a table"),
    Work("dynamodb:PutItem", "arn:{partition}:dynamodb:{region}:@{account}:table/sample", "write an item"),
    Work("dynamodb:Query", "arn:{partition}:dynamodb:{region}:@{account}:table/sample", "look items up"),
    Work("rds:CreateDBInstance", "arn:{partition}:rds:{region}:@{account}:db:sample", "make a database"),
    Work("rds:CreateDBSnapshot", "arn:{partition}:rds:{region}:@{account}:db:sample", "back a database up"),
    Work("sqs:SendMessage", "arn:{partition}:sqs:{region}:@{account}:sample", "send a message to a queue"),
    Work("sns:Publish", "arn:{partition}:sns:{region}:@{account}:sample", "publish a message"),
    Work("events:PutRule", "arn:{partition}:events:{region}:@{account}:rule/sample", "react to events"),
    Work("states:StartExecution", "arn:{partition}:states:{region}:@{account}:stateMachine:sample", "run a workflow"),
    Work("ecs:UpdateService", "arn:{partition}:ecs:{region}:@{account}:service/sample/sample", "deploy a container"),
    Work("ecr:PutImage", "arn:{partition}:ecr:{region}:@{account}:repository/sample", "push an image"),
    Work("eks:DescribeCluster", "arn:{partition}:eks:{region}:@{account}:cluster/sample", "look a cluster up"),
    Work("kms:CreateKey", "*", "make a key"),
    Work("kms:Decrypt", _KEY, "decrypt something"),
    Work(
        "secretsmanager:GetSecretValue",
        "arn:{partition}:secretsmanager:{region}:@{account}:secret:sample-a1B2c3",
        "read a secret",
    ),
    Work("logs:FilterLogEvents", "arn:{partition}:logs:{region}:@{account}:log-group:sample", "search logs"),
    Work("cloudwatch:PutMetricAlarm", "arn:{partition}:cloudwatch:{region}:@{account}:alarm:sample", "set an alarm"),
    Work(
        "cloudformation:CreateStack",
        "arn:{partition}:cloudformation:{region}:@{account}:stack/sample/*",
        "deploy a template",
    ),
    Work("sts:GetCallerIdentity", "*", "ask who one is"),
    Work("sts:AssumeRole", _ROLE, "change into another role"),
    Work("iam:ListRoles", "*", "look which roles there are"),
    Work("iam:CreateRole", _ROLE, "make a role"),
    Work("iam:PassRole", _ROLE, "give a role to a service"),
    Work("iam:PutRolePolicy", _ROLE, "say what a role may do"),
    Work(
        "route53:ChangeResourceRecordSets", "arn:{partition}:route53:::hostedzone/Z0123456789ABCDEFGHIJ", "change DNS"
    ),
    Work(
        "cloudfront:CreateInvalidation", "arn:{partition}:cloudfront::@{account}:distribution/SAMPLE", "empty a cache"
    ),
    Work("support:CreateCase", "*", "ask AWS Support"),
    Work("ce:GetCostAndUsage", "arn:{partition}:billing::@{account}:billingview/primary", "look at the costs"),
)

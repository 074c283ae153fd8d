"""The IAM documents by which custom rules run across an organization: three layers of defence.

AWS Config of any account may try to invoke a function of ours, so: the function's policy names the accounts for which
AWS Config may; the function's role may assume nothing but the evaluation role, and only within the organization; and
the evaluation role of a member trusts that one role alone. Ids that only AWS knows are placeholders.

Source: "Creating AWS Config Custom Lambda Rules" and "Permissions for the IAM Role Assigned to AWS Config" (AWS Config
Developer Guide), "Resource-based policy" (AWS Lambda Developer Guide).
"""

from __future__ import annotations

from collections.abc import Iterable

from orgctl.model.config_resources import FUNCTION_PREFIX, RULES_ROLE

Document = dict[str, object]

MOST_ACCOUNTS = 1_200
"""Accounts that a function's policy names. AWS allows it 20,480 bytes; an id takes 15 of them."""

_EVERY_RULE = ("config:GetResourceConfigHistory", "config:PutEvaluations")
"""What rdklib does in the account that is evaluated, whatever the rule: read oversized items, write evaluations."""


def trusting(service: str) -> Document:
    """A trust policy for one AWS service."""
    return _document({"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"})


def rules_role_permissions(partition: str, administrator: str, evaluation_role: str) -> Document:
    """What the functions may do: enter the evaluation role of the organization's own accounts, and log."""
    return _document(
        {
            "Effect": "Allow",
            "Action": "sts:AssumeRole",
            "Resource": f"arn:{partition}:iam::*:role/{evaluation_role}",
            "Condition": {"StringEquals": {"aws:ResourceOrgID": "@{organization.id}"}},
        },
        {
            "Effect": "Allow",
            "Action": ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"],
            "Resource": f"arn:{partition}:logs:*:{administrator}:log-group:/aws/lambda/{FUNCTION_PREFIX}*",
        },
    )


def evaluation_trust(partition: str, administrator: str) -> Document:
    """The evaluation role's trust: the functions' role, and nobody else in the administrator's account."""
    principal = {"AWS": f"arn:{partition}:iam::{administrator}:role/{RULES_ROLE}"}
    return _document({"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"})


def evaluation_permissions(actions: Iterable[str]) -> Document:
    """What the evaluation role may do: what every rule does, and what the rules in use say that they need."""
    return _document({"Effect": "Allow", "Action": sorted({*_EVERY_RULE, *actions}), "Resource": "*"})


def aggregator_permissions() -> Document:
    """How AWS Config lists the organization's accounts for the aggregator."""
    actions = ("DescribeOrganization", "ListAccounts", "ListAWSServiceAccessForOrganization")
    return _document({"Effect": "Allow", "Action": [f"organizations:{action}" for action in actions], "Resource": "*"})


def function_policy(function_arn: str, accounts: Iterable[str]) -> Document:
    """For which accounts AWS Config may invoke the function; for every one where there are more than fit."""
    named = sorted(accounts)
    statement: Document = {
        "Sid": "AWSConfig",
        "Effect": "Allow",
        "Principal": {"Service": "config.amazonaws.com"},
        "Action": "lambda:InvokeFunction",
        "Resource": function_arn,
    }
    if len(named) <= MOST_ACCOUNTS:
        statement["Condition"] = {"StringEquals": {"AWS:SourceAccount": named}}
    return _document(statement)


def evaluation_role_template(name: str, trust: Document, permissions: Document) -> Document:
    """The CloudFormation template of the stack set: the evaluation role, and nothing else."""
    return {
        "AWSTemplateFormatVersion": "2010-09-09",
        "Description": "The role by which orgctl's AWS Config rules look at this account.",
        "Resources": {
            "EvaluationRole": {
                "Type": "AWS::IAM::Role",
                "Properties": {
                    "RoleName": name,
                    "Description": "Entered by orgctl's AWS Config rules.",
                    "AssumeRolePolicyDocument": trust,
                    "Policies": [{"PolicyName": POLICY, "PolicyDocument": permissions}],
                },
            }
        },
    }


POLICY = "orgctl"
"""The name of the one inline policy that a role of ours has."""


def _document(*statements: Document) -> Document:
    return {"Version": "2012-10-17", "Statement": list(statements)}

"""How fast the policy evaluator is: `python benchmarks/evaluate.py [--out FILE]`.

Two hundred statements (four levels of five SCPs with ten statements each) such as organizations really write: region
locks with NotAction, protected roles, tags by variable, networks, encryption, multi-factor authentication, each with
its exemptions. Every request is distinct: its own principal, resource, address and tags; none repeats.

The figures are for one core and one process. `decide` is without explanation, `explain` with the whole of it.
"""

from __future__ import annotations

import argparse
import json
import platform
import random
import sys
import time
from pathlib import Path

from orgctl.policy.authorizer import Authorizer
from orgctl.policy.layers import Layers, NamedPolicy, Organization
from orgctl.policy.parser import parse
from orgctl.policy.request import Request

MANAGEMENT = "111111111111"
SERVICES = (
    "s3", "ec2", "iam", "kms", "lambda", "rds", "dynamodb", "cloudtrail", "config", "sqs",
    "sns", "ecs", "eks", "logs", "guardduty", "organizations", "route53", "glue", "athena", "ssm",
)  # fmt: skip
VERBS = ("Create", "Delete", "Put", "Update", "Describe", "Get", "List", "Start", "Stop", "Tag")
NOUNS = ("Bucket", "Instance", "Role", "Key", "Function", "Table", "Trail", "Queue", "Topic", "Rule")
ACTIONS = [f"{service}:{verb}{noun}" for service in SERVICES for verb in VERBS for noun in NOUNS]
REGIONS = ("eu-west-1", "eu-central-1", "us-east-1", "us-west-2", "ap-southeast-2", "sa-east-1")
FULL_ACCESS = {"Effect": "Allow", "Action": "*", "Resource": "*"}


def statement(chance: random.Random, number: int) -> dict[str, object]:
    """One Deny statement with its real-life conditions."""
    service = SERVICES[number % len(SERVICES)]
    exempt = {"ArnNotLike": {"aws:PrincipalArn": [
        f"arn:aws:iam::*:role/{chance.choice(('OrgAdmin', 'BreakGlass', 'Automation'))}",
        "arn:aws:iam::*:role/aws-reserved/sso.amazonaws.com/*/AWSReservedSSO_Admin*",
    ]}}  # fmt: skip
    actions = [f"{service}:{chance.choice(VERBS)}*", *chance.sample(ACTIONS, 4)]
    shapes: list[dict[str, object]] = [
        {
            "NotAction": ["iam:*", "organizations:*", "route53:*", "sts:*", f"{service}:*"],
            "Resource": "*",
            "Condition": {"StringNotEquals": {"aws:RequestedRegion": list(REGIONS[:3])}, **exempt},
        },
        {"Action": actions, "Resource": "*", "Condition": exempt},
        {
            "Action": f"{service}:*",
            "Resource": [f"arn:aws:{service}:*:*:protected/{number}/*", f"arn:aws:{service}:::audit-{number}-*"],
            "Condition": exempt,
        },
        {
            "Action": actions,
            "Resource": "*",
            "Condition": {
                "StringNotEqualsIfExists": {"aws:PrincipalOrgID": "o-exampleorgid"},
                "BoolIfExists": {"aws:PrincipalIsAWSService": "false"},
            },
        },
        {
            "Action": f"{service}:*",
            "Resource": "*",
            "Condition": {
                "NotIpAddressIfExists": {"aws:SourceIp": ["10.0.0.0/8", "192.0.2.0/24", "2001:db8::/32"]},
                "BoolIfExists": {"aws:ViaAWSService": "false"},
                **exempt,
            },
        },
        {
            "Action": [f"{service}:Delete*", f"{service}:Put*"],
            "Resource": "*",
            "Condition": {
                "StringNotEquals": {"aws:ResourceTag/team": "${aws:PrincipalTag/team}"},
                "Null": {"aws:ResourceTag/team": "false"},
            },
        },
        {"Action": f"{service}:*", "Resource": "*", "Condition": {"Bool": {"aws:SecureTransport": "false"}}},
        {
            "Action": [f"{service}:Create*", f"{service}:Start*"],
            "Resource": "*",
            "Condition": {"Null": {"aws:RequestTag/owner": "true"}, **exempt},
        },
        {
            "Action": f"{service}:*",
            "Resource": "*",
            "Condition": {"StringLike": {"aws:PrincipalArn": f"arn:aws:iam::*:role/quarantine-{number}-*"}},
        },
        {
            "Action": actions,
            "Resource": "*",
            "Condition": {
                "NumericLessThan": {"s3:TlsVersion": "1.2"},
                "DateGreaterThan": {"aws:CurrentTime": "2020-01-01T00:00:00Z"},
            },
        },
    ]
    return {"Sid": f"Rule{number}", "Effect": "Deny", **shapes[number % len(shapes)]}


def documents(seed: int = 1) -> list[list[dict[str, object]]]:
    """Four levels of five SCPs with ten statements each, one of them AWS's FullAWSAccess on every level."""
    chance = random.Random(seed)  # noqa: S311 (not for secrets)
    levels = []
    for level in range(4):
        policies = []
        for policy in range(5):
            first = (level * 5 + policy) * 10
            statements = [statement(chance, first + number + policy) for number in range(10)]
            if policy == 0:
                statements[0] = FULL_ACCESS
            policies.append({"Version": "2012-10-17", "Statement": statements})
        levels.append(policies)
    return levels


def requests(count: int, seed: int = 2) -> list[Request]:
    """Distinct requests; most of them everyday work that is allowed, as in a real trail."""
    chance = random.Random(seed)  # noqa: S311 (not for secrets)
    made = []
    for number in range(count):
        account = f"{chance.randrange(10**12):012}"
        action = chance.choice(ACTIONS)
        service = action.partition(":")[0]
        role = f"arn:aws:iam::{account}:role/team-{number % 97}/app-{number}"
        made.append(Request.of(
            action,
            f"arn:aws:{service}:eu-west-1:{account}:thing/{number}",
            role,
            {
                "aws:PrincipalArn": role,
                "aws:PrincipalOrgID": "o-exampleorgid",
                "aws:PrincipalIsAWSService": "false",
                "aws:ViaAWSService": "false",
                "aws:RequestedRegion": "eu-west-1" if chance.random() < 0.9 else chance.choice(REGIONS),
                "aws:SourceIp": f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}",
                "aws:SecureTransport": "true",
                "aws:CurrentTime": f"2026-11-{1 + number % 28:02}T{number % 24:02}:{number % 60:02}:00Z",
                "aws:PrincipalTag/team": f"team-{number % 97}",
                "aws:ResourceTag/team": f"team-{number % 97}",
                "aws:RequestTag/owner": f"owner-{number}",
                "s3:TlsVersion": "1.3",
            },
        ))  # fmt: skip
    return made


def measure(count: int) -> dict[str, object]:
    """All the figures."""
    levels = documents()
    start = time.perf_counter()
    layers = Layers(scp=tuple(
        tuple(NamedPolicy(f"scp/{height}-{number}", parse(document)) for number, document in enumerate(level))
        for height, level in enumerate(levels)
    ))  # fmt: skip
    parsed = time.perf_counter()
    authorizer = Authorizer(layers, Organization(MANAGEMENT))
    compiled = time.perf_counter()
    given = requests(count)
    started = time.perf_counter()
    decisions = [authorizer.decide(request).decision for request in given]
    decided = time.perf_counter()
    explained_requests = requests(count // 10, seed=3)
    started_explaining = time.perf_counter()
    for request in explained_requests:
        authorizer.explain(request)
    explained = time.perf_counter()
    return {
        "python": sys.version.split()[0],
        "machine": platform.machine(),
        "statements": sum(len(document["Statement"]) for level in levels for document in level),  # type: ignore[arg-type,misc]
        "requests": count,
        "denied": sum(decision.value == "EXPLICIT_DENY" for decision in decisions),
        "parse_ms": round((parsed - start) * 1000, 1),
        "compile_ms": round((compiled - parsed) * 1000, 1),
        "decide_per_second": round(count / (decided - started)),
        "explain_per_second": round(len(explained_requests) / (explained - started_explaining)),
    }


def main() -> None:
    """Measure and print; write the figures to a file if asked."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=200_000, help="how many distinct requests (default 200000)")
    parser.add_argument("--out", type=Path, help="a file to write the figures to, as JSON")
    arguments = parser.parse_args()
    figures = measure(arguments.count)
    text = json.dumps(figures, indent=2)
    print(text)
    if arguments.out:
        arguments.out.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

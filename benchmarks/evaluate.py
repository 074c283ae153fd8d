"""How fast the policy evaluator is: `python benchmarks/evaluate.py [--out FILE]`.

Two hundred statements (four levels of five SCPs with ten statements each) such as organizations really write: region
locks with NotAction, protected roles, tags by variable, networks, encryption, multi-factor authentication, each with
its exemptions. Every request is distinct: its own principal, resource, address and tags; none repeats.

The figures are for one core and one process. `decide` is without explanation, `explain` with the whole of it.
`usual` policies name actions, so that some twenty statements speak of a
request; in `dense` ones more than a hundred do.
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
from orgctl.policy.explanation import Decision
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


def crowded(chance: random.Random, number: int) -> dict[str, object]:
    """The same kinds of statement, but about so many actions that more than half of them speak of every request."""
    made = {key: value for key, value in statement(chance, number).items() if key != "NotAction"}
    wide = [f"*:{verb}*" for verb in VERBS[:6]] if number % 2 else [f"{name}:*" for name in chance.sample(SERVICES, 10)]
    return {**made, "Action": wide}


def documents(*, dense: bool = False) -> list[list[dict[str, object]]]:
    """Four levels of five SCPs with ten statements each; the first of every level is AWS's FullAWSAccess."""
    chance = random.Random(1)  # noqa: S311 (not for secrets)
    make = crowded if dense else statement
    levels = []
    for level in range(4):
        policies = []
        for policy in range(5):
            first = (level * 5 + policy) * 10
            statements = [make(chance, first + number + policy) for number in range(10)]
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


def measure(count: int, *, dense: bool) -> dict[str, object]:
    """The figures for one set of policies."""
    levels = documents(dense=dense)
    start = time.perf_counter()
    layers = Layers(
        scp=tuple(
            tuple(NamedPolicy(f"scp/{height}-{number}", parse(document)) for number, document in enumerate(level))
            for height, level in enumerate(levels)
        )
    )
    parsed = time.perf_counter()
    authorizer = Authorizer(layers, Organization(MANAGEMENT))
    compiled = time.perf_counter()
    decided, denied = decide(authorizer, requests(count))
    spoken, explained = explain(authorizer, requests(count // 10, seed=3))
    return {
        "requests": count,
        "denied": denied,
        "statements_about_a_request": round(spoken, 1),
        "parse_ms": round((parsed - start) * 1000, 1),
        "compile_ms": round((compiled - parsed) * 1000, 1),
        "decide_per_second": round(decided),
        "explain_per_second": round(explained),
    }


def decide(authorizer: Authorizer, given: list[Request]) -> tuple[float, int]:
    """Requests a second without explanation, the first of every action (which is learnt) included; how many denied."""
    started = time.perf_counter()
    denied = sum(authorizer.decide(request).decision is Decision.EXPLICIT_DENY for request in given)
    return len(given) / (time.perf_counter() - started), denied


def explain(authorizer: Authorizer, given: list[Request]) -> tuple[float, float]:
    """How many statements the explanations tell of on average, and explanations a second."""
    started = time.perf_counter()
    told = 0
    for request in given:
        explanation = authorizer.explain(request).explanation
        told += sum(len(level.statements) for level in explanation.levels) if explanation else 0
    return told / len(given), len(given) / (time.perf_counter() - started)


def main() -> None:
    """Measure and print; write the figures to a file if asked."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=200_000, help="how many distinct requests (default 200000)")
    parser.add_argument("--out", type=Path, help="a file to write the figures to, as JSON")
    arguments = parser.parse_args()
    figures = {
        "python": sys.version.split()[0],
        "machine": f"{platform.system()} {platform.machine()}, one core",
        "usual": measure(arguments.count, dense=False),
        "dense": measure(arguments.count, dense=True),
    }
    text = json.dumps(figures, indent=2)
    print(text)
    if arguments.out:
        arguments.out.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

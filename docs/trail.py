"""Makes `docs/guides/teams/trail`: what CloudTrail recorded in a week of the guides' small organization.

python -m docs.trail

Each line of `HABITS` is somebody's habit: who calls what, where, and how often in a day.
"""

from __future__ import annotations

import gzip
import json
import random
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from docs.existing import FILE as EXISTING

FOLDER = Path(__file__).parent / "guides" / "teams" / "trail"

Fields = Mapping[str, object]

_STATE = json.loads(EXISTING.read_text(encoding="utf-8"))["organization"]
ORGANIZATION: str = _STATE["id"]
IDS: dict[str, str] = {each["name"]: each["id"] for each in _STATE["accounts"].values()}
_MONDAY = datetime(2026, 11, 2, tzinfo=UTC)
_DAYS = 5


@dataclass(frozen=True, slots=True)
class Habit:
    """`caller` is a role with its path (`ci/Deploy`), `user/NAME`, or a service; `times` is how often in a day.

    `days` are those of the week, 0 being Monday.
    """

    account: str
    caller: str
    call: str
    times: int
    region: str = "eu-west-1"
    parameters: Fields | None = None
    days: tuple[int, ...] = tuple(range(_DAYS))
    more: Fields | None = None


_LINKED = "aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling"
_DEVELOPER = "aws-reserved/sso.amazonaws.com/AWSReservedSSO_Developer_0123456789abcdef"
_REFUSED = {"errorCode": "AccessDenied", "errorMessage": "with an explicit deny in a service control policy"}
_LOGIN = {"eventType": "AwsConsoleSignIn"}
_KEY = {"resources": [{"ARN": f"arn:aws:kms:eu-west-1:{IDS['payments-prod']}:key/{'1234abcd' * 4}"}]}
_NODES = {"roleArn": f"arn:aws:iam::{IDS['search']}:role/app/Indexer", "roleSessionName": "i-0123456789abcdef0"}
_COPY = {
    "sourceDBSnapshotIdentifier": f"arn:aws:rds:eu-west-1:{IDS['payments-prod']}:snapshot:orders-nightly",
    "targetDBSnapshotIdentifier": "orders-nightly",
}

HABITS = (
    Habit("payments-prod", "ci/Deploy", "cloudformation:UpdateStack", 2, parameters={"stackName": "checkout"}),
    Habit("payments-prod", "ci/Deploy", "lambda:UpdateFunctionCode20150331v2", 3, parameters={"functionName": "pay"}),
    Habit("payments-prod", "app/Checkout", "ssm:GetParameter", 9, parameters={"name": "/checkout/fees"}),
    Habit("payments-prod", "app/Checkout", "kms:Decrypt", 8, more=_KEY),
    Habit("payments-prod", "app/Backup", "rds:CreateDBSnapshot", 1, parameters={"dBInstanceIdentifier": "orders"}),
    Habit("payments-prod", "app/Backup", "rds:CopyDBSnapshot", 1, "eu-central-1", _COPY),
    Habit("payments-prod", "ops/BreakGlass", "ec2:DescribeInstances", 2, "eu-central-1", days=(3,)),
    Habit("payments-prod", _LINKED, "ec2:DescribeInstances", 2, "eu-central-1"),
    Habit("payments-dev", "ci/Deploy", "cloudformation:UpdateStack", 4, parameters={"stackName": "checkout"}),
    Habit("payments-dev", "ci/Deploy", "dynamodb:DeleteTable", 2, parameters={"tableName": "test-orders"}),
    Habit("payments-dev", "user/legacy-ci", "ec2:RunInstances", 1, "us-west-2", days=(1, 2)),
    Habit("payments-dev", "user/legacy-ci", "iam:CreateUser", 1, "us-east-1", {"userName": "ci-2"}, (0,)),
    Habit("payments-dev", "user/legacy-ci", "iam:CreateUser", 1, "us-east-1", {"userName": "ci-3"}, (2,), _REFUSED),
    Habit("search", _DEVELOPER, "ec2:DescribeInstances", 5),
    Habit("search", _DEVELOPER, "ec2:DescribeInstances", 1, "us-west-2", days=(0, 1, 4)),
    Habit("search", _DEVELOPER, "dynamodb:DeleteTable", 1, parameters={"tableName": "scratch"}, days=(3,)),
    Habit("search", _DEVELOPER, "signin:ConsoleLogin", 1, "us-east-1", more=_LOGIN),
    Habit("search", "app/Indexer", "kinesis:ListShards", 8, parameters={"streamName": "pages"}),
    Habit("search", "ec2.amazonaws.com", "sts:AssumeRole", 3, parameters=_NODES),
    Habit("tooling", "ci/Runner", "ec2:RunInstances", 2, "eu-central-1"),
    Habit("management", "Admin", "organizations:ListAccounts", 2, "us-east-1"),
)


def records() -> dict[str, list[Fields]]:
    """The records by the file that they are in, the same in each run. One in twenty is delivered twice."""
    dice = random.Random("a week of teams")  # noqa: S311 - not a secret
    found: defaultdict[str, list[Fields]] = defaultdict(list)
    for day in range(_DAYS):
        for habit in (each for each in HABITS for _ in range(each.times) if day in each.days):
            made = _record(habit, _MONDAY + timedelta(days=day, hours=6, seconds=dice.randrange(43_200)), dice)
            found[_file(habit, day)] += [made] * (2 if dice.random() < 0.05 else 1)
    return {file: sorted(listed, key=lambda each: str(each["eventTime"])) for file, listed in sorted(found.items())}


def _file(habit: Habit, day: int) -> str:
    """In CloudTrail's own layout."""
    date, account = _MONDAY + timedelta(days=day), IDS[habit.account]
    name = f"{account}_CloudTrail_{habit.region}_{date:%Y%m%d}T1800Z_{_unique(habit, day)}.json.gz"
    return f"AWSLogs/{ORGANIZATION}/{account}/CloudTrail/{habit.region}/{date:%Y/%m/%d}/{name}"


def _unique(habit: Habit, day: int) -> str:
    return f"{random.Random(f'{habit.account} {habit.region} {day}').getrandbits(64):016X}"  # noqa: S311


def _record(habit: Habit, time: datetime, dice: random.Random) -> Fields:
    service, _, name = habit.call.partition(":")
    by_service = "." in habit.caller
    return {
        "eventVersion": "1.11",
        "userIdentity": _identity(habit, time),
        "eventTime": f"{time:%Y-%m-%dT%H:%M:%SZ}",
        "eventSource": f"{service}.amazonaws.com",
        "eventName": name,
        "awsRegion": habit.region,
        "sourceIPAddress": habit.caller if by_service else f"198.51.100.{1 + len(habit.caller)}",
        "userAgent": habit.caller if by_service else "aws-cli/2.31.5",
        "requestParameters": habit.parameters,
        "responseElements": None,
        "eventID": _id(dice),
        "readOnly": name.startswith(("Describe", "Get", "List", "Decrypt")),
        "eventType": "AwsApiCall",
        "managementEvent": True,
        "recipientAccountId": IDS[habit.account],
        "eventCategory": "Management",
        **(habit.more or {}),
    }


def _identity(habit: Habit, time: datetime) -> Fields:
    account, (kind, _, name) = IDS[habit.account], habit.caller.partition("/")
    if "." in habit.caller and not name:
        return {"type": "AWSService", "invokedBy": habit.caller}
    if kind == "user":
        arn = f"arn:aws:iam::{account}:{habit.caller}"
        return {"type": "IAMUser", "principalId": "AIDAEXAMPLE", "arn": arn, "accountId": account, "userName": name}
    role = habit.caller.rpartition("/")[2]
    issuer = {"type": "Role", "arn": f"arn:aws:iam::{account}:role/{habit.caller}", "accountId": account}
    attributes = {"creationDate": f"{time:%Y-%m-%dT%H:00:00Z}", "mfaAuthenticated": "false"}
    return {
        "type": "AssumedRole",
        "principalId": "AROAEXAMPLE:session",
        "arn": f"arn:aws:sts::{account}:assumed-role/{role}/session",
        "accountId": account,
        "sessionContext": {"sessionIssuer": issuer, "attributes": attributes},
    }


def _id(dice: random.Random) -> str:
    digits = f"{dice.getrandbits(128):032x}"
    return "-".join((digits[:8], digits[8:12], f"4{digits[13:16]}", f"8{digits[17:20]}", digits[20:]))


def main() -> None:
    """Write the files."""
    for file, listed in records().items():
        path = FOLDER / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(gzip.compress(json.dumps({"Records": listed}, separators=(",", ":")).encode(), mtime=0))


if __name__ == "__main__":
    main()

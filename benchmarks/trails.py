"""Writes trails like those of real organizations, of any size; the same seed gives the same bytes.

    python -m benchmarks.trails FOLDER [--events 200000] [--accounts 300] [--days 1] [--per-file 20] [--seed 0]

Files lie in CloudTrail's own layout. Some records come twice, as CloudTrail may deliver them; some are odd in the ways
in which real ones are, and a few cannot be read at all. What was written is told, so that sums can be compared.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import islice
from pathlib import Path

from benchmarks.trail_callers import Caller, caller
from benchmarks.trail_calls import CALLS, WEIGHTS, Call, Fields, Place

ORGANIZATION = "o-exampleorg"
MANAGEMENT = "111111111111"
_START = datetime(2026, 11, 1, tzinfo=UTC)
_REGIONS = ("eu-west-1", "us-east-1", "eu-central-1", "ap-southeast-2")
_REGION_WEIGHTS = (70, 20, 8, 2)
_CALLERS = 8
"""How many callers an account has at once."""
_USUAL, _HABITS = 0.93, 6
"""Which share of a caller's calls is usual for it, and how many different ones are."""


@dataclass(frozen=True, slots=True)
class Kind:
    """What a trail is to be like. Shares are from 0 to 1, of all records; `per_file` is a mean."""

    events: int = 200_000
    accounts: int = 300
    days: int = 1
    per_file: int = 20
    seed: int = 0
    twice: float = 0.01
    odd: float = 0.004
    unreadable: float = 0.0002


@dataclass(slots=True)
class Written:
    """What a trail holds: records in all, of which `repeated` came before, and `unreadable` are none."""

    files: int = 0
    records: int = 0
    repeated: int = 0
    unreadable: int = 0
    size: int = 0

    @property
    def distinct(self) -> int:
        """How many different events there are."""
        return self.records - self.repeated - self.unreadable


@dataclass(frozen=True, slots=True)
class File:
    """One file as CloudTrail would deliver it; `records` are JSON texts."""

    path: str
    records: list[bytes]


def write_trail(folder: Path, kind: Kind) -> Written:
    """Write the files of a trail below `folder`, gzipped."""
    written = Written()
    for file in files(kind, written):
        path = folder / file.path
        path.parent.mkdir(parents=True, exist_ok=True)
        data = gzip.compress(document(file.records), 6, mtime=0)
        path.write_bytes(data)
        written.size += len(data)
    return written


def document(records: list[bytes]) -> bytes:
    """A log file's text, `{"Records": […]}`."""
    return b'{"Records":[' + b",".join(records) + b"]}"


def files(kind: Kind, written: Written | None = None) -> Iterator[File]:
    """The files of a trail in the order of time; `written` counts what comes."""
    written = Written() if written is None else written
    trail = _Trail(kind, random.Random(f"trail {kind.seed}"), written)  # noqa: S311 - not a secret
    step = timedelta(days=kind.days) / max(1, kind.events // max(1, kind.per_file))
    moment = _START
    while written.records < kind.events:
        yield trail.file(moment)
        moment += step


def records(kind: Kind) -> Iterator[bytes]:
    """The records alone, each as JSON text."""
    for file in files(kind):
        yield from file.records


@dataclass(slots=True)
class _Trail:
    kind: Kind
    dice: random.Random
    written: Written
    late: dict[tuple[str, str], list[bytes]] = field(default_factory=lambda: defaultdict(list))
    """By account and region, records that may be delivered there a second time."""

    def file(self, moment: datetime) -> File:
        """What was delivered at that moment of one account and region."""
        account = self._account()
        home = _REGIONS[int(account) % 3]
        region = home if self.dice.random() < 0.8 else self.dice.choices(_REGIONS, _REGION_WEIGHTS)[0]
        left = self.kind.events - self.written.records
        wanted = min(left, max(1, round(self.dice.expovariate(1 / self.kind.per_file))))
        found = [self._next(account, region, moment, number) for number in range(wanted)]
        self.written.files += 1
        self.written.records += wanted
        stamp = moment.strftime("%Y%m%dT%H%MZ")
        name = f"{account}_CloudTrail_{region}_{stamp}_{self.dice.getrandbits(64):016x}.json.gz"
        day = moment.strftime("%Y/%m/%d")
        return File(f"AWSLogs/{ORGANIZATION}/{account}/CloudTrail/{region}/{day}/{name}", found)

    def _account(self) -> str:
        """An account; a few have most of the activity, one is the management account."""
        number = min(int(self.dice.paretovariate(0.5)), self.kind.accounts) if self.dice.random() < 0.8 else 0
        number = number or self.dice.randrange(self.kind.accounts)
        return MANAGEMENT if number == 0 else str(200_000_000_000 + number)

    def _next(self, account: str, region: str, moment: datetime, number: int) -> bytes:
        late = self.late[account, region]
        if late and self.dice.random() < self.kind.twice:
            self.written.repeated += 1
            return late.pop(self.dice.randrange(len(late)))
        if self.dice.random() < self.kind.unreadable:
            self.written.unreadable += 1
            return self.dice.choice((b"null", b'"cut off"', b"[]", b"1"))
        record = self._record(account, region, moment - timedelta(seconds=self.dice.randrange(300)))
        if self.dice.random() < self.kind.odd:
            record = odd(record, self.dice)
        text = json.dumps(record, separators=(",", ":")).encode()
        if len(late) < 100:
            late.append(text)
        return text

    def _record(self, account: str, region: str, time: datetime) -> Fields:
        since = f"{time:%Y-%m-%dT}{time.hour // 6 * 6:02}"
        number = self.dice.randrange(_CALLERS)
        who = caller(account, since, number, self.kind.seed)
        usual = self.dice.random() < _USUAL
        call, draw = _habit(account, number, self.dice.randrange(_HABITS)) if usual else (_any(self.dice), 0)
        used = random.Random(draw) if usual else self.dice  # noqa: S311 - not a secret
        place = Place(account, "us-east-1" if call.world else region, self.dice, used)
        return _record(call, who, place, time)


@lru_cache(maxsize=65536)
def _habit(account: str, caller: int, number: int) -> tuple[Call, int]:
    """What a caller does again and again: a call, and where its throw of the dice begins."""
    dice = random.Random(f"{account}/{caller}/{number}")  # noqa: S311 - not a secret
    return _any(dice), dice.getrandbits(32)


def _any(dice: random.Random) -> Call:
    return dice.choices(CALLS, WEIGHTS)[0]


def _record(call: Call, who: Caller, place: Place, time: datetime) -> Fields:
    request = call.request(place)
    unique = place.hex(32)
    made: Fields = {
        "eventVersion": "1.11",
        "userIdentity": who.identity,
        "eventTime": time.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "eventSource": call.source,
        "eventName": call.name,
        "awsRegion": place.region,
        "sourceIPAddress": who.address,
        "userAgent": who.agent,
        **_error(call, who, place.dice),
        "requestParameters": request,
        "responseElements": call.response(place),
        "additionalEventData": call.more(place),
        "requestID": _uuid(place.hex(32)),
        "eventID": _uuid(unique),
        "readOnly": call.read_only,
    }
    resources = call.resources(place, request)
    if resources:
        made["resources"] = resources
    made |= {"eventType": "AwsApiCall", "managementEvent": not call.data, "recipientAccountId": place.account}
    if who.endpoint:
        made |= {"vpcEndpointId": who.endpoint, "vpcEndpointAccountId": place.account}
    made["eventCategory"] = "Data" if call.data else "Management"
    if not who.by_service:
        host = f"{call.source.partition('.')[0]}.{place.region}.amazonaws.com"
        suite = "TLS_AES_128_GCM_SHA256"
        made["tlsDetails"] = {"tlsVersion": "TLSv1.3", "cipherSuite": suite, "clientProvidedHostHeader": host}
    return made


def _error(call: Call, who: Caller, dice: random.Random) -> Fields:
    """What went wrong, in six of a hundred calls; a third of these were refused."""
    if dice.random() >= 0.06:
        return {}
    name = f"{call.source.partition('.')[0]}:{call.name}"
    refused = f"User: {who.identity.get('arn')} is not authorized to perform: {name}"
    if call.source == "ec2.amazonaws.com":
        other = ("Client.UnauthorizedOperation", "You are not authorized to perform this operation.")
    else:
        other = ("AccessDenied", f"{refused} because no identity-based policy allows the {name} action")
    throttled = ("ThrottlingException", "Rate exceeded")
    missing = ("ResourceNotFoundException", "The resource you requested does not exist")
    code, message = dice.choice((other, throttled, missing))
    return {"errorCode": code, "errorMessage": message}


def _uuid(digits: str) -> str:
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))


def odd(record: Fields, dice: random.Random) -> Fields:
    """The record with one of the oddities that real ones have; it can still be read."""
    identity = record["userIdentity"]
    assert isinstance(identity, dict)
    ways: tuple[Fields, ...] = (
        {"readOnly": "true" if record["readOnly"] else "false"},
        {"resources": None},
        {"resources": [{"type": "AWS::S3::Object", "ARNPrefix": "arn:aws:s3:::example/"}]},
        {"userIdentity": {key: value for key, value in identity.items() if key != "type"}},
        {"userIdentity": {**identity, "accountId": 200000000001}},
        {"recipientAccountId": None},
        {"requestParameters": "HIDDEN_DUE_TO_SECURITY_REASONS"},
        {"eventType": "AwsServiceEvent", "requestParameters": None, "serviceEventDetails": {"state": "done"}},
        {"eventType": "AwsConsoleSignIn", "eventSource": "signin.amazonaws.com", "eventName": "ConsoleLogin"},
        {"userAgent": ["a", "list"]},
        {"sourceIPAddress": "2001:db8::1"},
        {"addendum": {"reason": "DELIVERY_DELAY"}},
    )
    return {**record, **dice.choice(ways)}


def main() -> None:
    """Write a trail, and say what is in it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    for name in ("events", "accounts", "days", "per_file", "seed"):
        parser.add_argument(f"--{name.replace('_', '-')}", type=int, default=getattr(Kind(), name))
    given = vars(parser.parse_args())
    folder = given.pop("folder")
    print(write_trail(folder, Kind(**given)))


def sample(count: int, seed: int = 0) -> list[bytes]:
    """A few records, for tests."""
    return list(islice(records(Kind(events=count, seed=seed)), count))


if __name__ == "__main__":
    main()

"""The lock that keeps two applies apart: one S3 object, made by a conditional write.

PutObject with `If-None-Match: *` succeeds for one caller only. The object says who holds the lock; a nonce in it tells
us that a write whose answer was lost was ours after all. It is removed only if it is still the one we wrote.
"""

from __future__ import annotations

import json
import socket
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Protocol

from orgctl.aws.call import read
from orgctl.aws.session import Aws
from orgctl.aws.write import invoke
from orgctl.errors import AwsError, LockedError, OrgctlError, UncertainError

_PAUSE = 2.0
_TAKEN = "PreconditionFailed"
_NO_OBJECT = frozenset({"NoSuchKey", "404"})


class Place(Protocol):
    """Where the lock lies: a bucket that exists, in a region, and the object's key."""

    @property
    def bucket(self) -> str:
        """The bucket's name."""

    @property
    def key(self) -> str:
        """The object's key."""

    @property
    def region(self) -> str:
        """The bucket's region."""


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds a lock: an ARN, on which host, since when (ISO 8601, UTC), for which plan (or empty)."""

    holder: str
    host: str
    time: str
    plan: str
    nonce: str

    def __str__(self) -> str:
        return f"`{self.holder}` on `{self.host}` since {self.time}" + (f" for plan {self.plan}" if self.plan else "")


@dataclass(frozen=True, slots=True)
class Lock:
    """A lock that we hold. `etag` is that of the object we wrote."""

    place: Place
    holder: Holder
    etag: str


@contextmanager
def held(aws: Aws, place: Place, *, timeout: float = 0.0, plan_id: str = "") -> Iterator[Lock]:
    """Hold the lock for the length of a `with`. Errors as of `acquire`; the body's own error goes before ours."""
    lock = acquire(aws, place, timeout=timeout, plan_id=plan_id)
    try:
        yield lock
    except BaseException:
        with suppress(OrgctlError):
            release(aws, lock)
        raise
    release(aws, lock)


def acquire(aws: Aws, place: Place, *, timeout: float = 0.0, plan_id: str = "") -> Lock:
    """Take the lock, waiting up to `timeout` seconds for another holder.

    Raises LockedError, which says who holds it and how to break it; AwsError if the bucket cannot be used.
    """
    now = datetime.now(UTC).isoformat(timespec="seconds")
    ours = Holder(aws.identity.arn, socket.gethostname(), now, plan_id, uuid.uuid4().hex)
    start = aws.clock.now()
    while True:
        lock = _try(aws, place, ours)
        if lock:
            return lock
        if aws.clock.now() - start >= timeout:
            raise _locked(aws, place)
        aws.clock.wait(_PAUSE)


def release(aws: Aws, lock: Lock) -> bool:
    """Give the lock back; False if it was not ours any more, since somebody broke it."""
    found = _look(aws, lock.place)  # S3-compatible stores may not know conditional deletes
    ours = found is not None and found[0].nonce == lock.holder.nonce
    return ours and _delete(aws, lock.place, lock.etag)


def holder(aws: Aws, place: Place) -> Holder | None:
    """Who holds the lock now; None if nobody does."""
    found = _look(aws, place)
    return found[0] if found else None


def break_lock(aws: Aws, place: Place) -> Holder | None:
    """Take the lock away from whoever holds it, and say who did; None if nobody did."""
    found = _look(aws, place)
    return found[0] if found and _delete(aws, place, found[1]) else None


def _try(aws: Aws, place: Place, ours: Holder) -> Lock | None:
    """One attempt; None if somebody else holds it."""
    body = json.dumps(asdict(ours), indent=2).encode()
    asked = {
        "Bucket": place.bucket,
        "Key": place.key,
        "Body": body,
        "ContentType": "application/json",
        "IfNoneMatch": "*",
    }
    try:
        answer = invoke(aws, "s3", "PutObject", asked, region=place.region)
    except UncertainError:
        found = _look(aws, place)
        return Lock(place, ours, found[1]) if found and found[0].nonce == ours.nonce else None
    except AwsError as error:
        if error.code != _TAKEN:
            raise
        return None
    return Lock(place, ours, answer["ETag"])


def _look(aws: Aws, place: Place) -> tuple[Holder, str] | None:
    """Who holds the lock, and the object's ETag."""
    try:
        answer = read(aws, "s3", "GetObject", {"Bucket": place.bucket, "Key": place.key}, region=place.region)
    except AwsError as error:
        if error.code in _NO_OBJECT:
            return None
        raise
    return _parsed(answer["Body"].read(), answer["LastModified"].isoformat()), answer["ETag"]


def _parsed(body: bytes, modified: str) -> Holder:
    """The holder that an object names; one without a name for an object that orgctl did not write."""
    try:
        return Holder(**json.loads(body))
    except (ValueError, TypeError):
        return Holder("somebody", "an unknown host", modified, "", "")


def _delete(aws: Aws, place: Place, etag: str) -> bool:
    asked = {"Bucket": place.bucket, "Key": place.key, "IfMatch": etag}
    try:
        invoke(aws, "s3", "DeleteObject", asked, region=place.region)
    except AwsError as error:
        if error.code != _TAKEN:
            raise
        return False
    return True


def _locked(aws: Aws, place: Place) -> LockedError:
    who = holder(aws, place)
    return LockedError(
        f"another apply holds the lock: {who}" if who else "another apply held the lock until just now",
        hint="wait with `--lock-timeout`; if that apply is gone, take the lock away with `--break-lock`",
    )

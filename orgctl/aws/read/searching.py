"""Finds the account that holds a bucket: S3 tells its name's owner to nobody but the owner."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from orgctl.aws.read.bucket import want_bucket
from orgctl.aws.read.crew import Crew
from orgctl.aws.read.reading import Reading
from orgctl.aws.read.scope import BucketScope, Scope
from orgctl.aws.read.shapes import Snapshot
from orgctl.aws.session import Aws

_LIKELY = ("log", "audit", "archive", "security", "trail")
_MOST = 10
"""An account costs a call to enter it and one to ask; whoever has more log accounts than this names the right one."""


def with_bucket_of_trail(aws: Aws, snapshot: Snapshot) -> Snapshot:
    """The snapshot with the bucket of its trail, if one of the likely accounts has it and lets us see it."""
    if snapshot.trail is None:
        return snapshot
    name = str(snapshot.trail.trail.get("S3BucketName") or "")
    for account in _likely(snapshot):
        scope = Scope(bucket=BucketScope(name, snapshot.trail.region, account))
        with Crew() as crew:
            reading = Reading(aws, scope, crew)
            want_bucket(reading, account)
            crew.settle()
        if reading.bucket:
            return replace(snapshot, bucket=reading.bucket)
    return snapshot


def _likely(snapshot: Snapshot) -> Iterable[str]:
    """The management account, CloudTrail's administrators, then those whose name tells of logs; by their ids."""
    administrators = [
        administrator.account_id
        for administrator in snapshot.delegated_administrators
        if "cloudtrail.amazonaws.com" in administrator.services
    ]
    named = [a.id for word in _LIKELY for a in snapshot.accounts if word in a.name.lower()]
    return list(dict.fromkeys([snapshot.account, *administrators, *named]))[:_MOST]

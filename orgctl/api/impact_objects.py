"""Events in S3: with whose credentials a bucket is read, and what is to be read of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Self

from orgctl.api.impact_selection import Selection
from orgctl.manifest import LoadedManifest

if TYPE_CHECKING:
    from orgctl.api.connection import Connection
    from orgctl.aws.objects import Body, Bucket
    from orgctl.aws.session import Aws
    from orgctl.replay.ingest.layout import Span
    from orgctl.replay.ingest.sources import Found, Source


@dataclass
class Objects:
    """The buckets of one run: each is read with the caller's own credentials, but that of the manifest's trail in the
    account that it is in, which is entered through the access role. `reach` is only called if there is one. `holder` is
    that account's id where AWS has told it; else it is the manifest's, if that has one.

    Of trails in CloudTrail's layout, only files of the `selection`'s accounts and days are looked at.
    """

    reach: Callable[[], Aws]
    loaded: LoadedManifest
    selection: Selection = field(default_factory=Selection)
    holder: str | None = None
    _aws: Aws | None = None

    @classmethod
    def of(
        cls, loaded: LoadedManifest, connection: Connection, selection: Selection, holder: str | None = None
    ) -> Self:
        """Those that somebody's credentials reach, whatever account these are of."""
        role = loaded.manifest.organization.access_role
        return cls(lambda: connection.reach(role, loaded.limits), loaded, selection, holder)

    def find(self, address: str) -> Found:
        """The log files at `s3://bucket/prefix`. Raises InvalidInputError if nothing is there, AwsError."""
        from orgctl.replay.ingest.objects import find_objects, parse

        name, prefix = parse(address)
        return find_objects(self._bucket(name), prefix, span_of(self.selection))

    @contextmanager
    def opened(self, source: Source) -> Iterator[Body]:
        """The contents of an object. Raises FileNotFoundError if it is there no more, AwsError."""
        from orgctl.replay.ingest.objects import parse

        name, key = parse(source.path)
        with self._bucket(name).opened(key) as body:
            yield body

    def _bucket(self, name: str) -> Bucket:
        from orgctl.aws.objects import Bucket

        if self._aws is None:
            self._aws = self.reach()
        return Bucket(self._aws, name, self._account(name))

    def _account(self, bucket: str) -> str | None:
        """The account that is entered for a bucket."""
        trail = self.loaded.manifest.trail
        if trail is None or trail.bucket.name != bucket:
            return None
        return self.holder or self.loaded.account_by_key[trail.bucket.account].account.id


def span_of(selection: Selection) -> Span:
    """The files in which what is selected may stand.

    A file is named after the day on which it was delivered, a while after its events: so the day after counts, too.
    """
    from orgctl.replay.ingest.layout import Span

    since, until = selection.since, selection.until
    last = (until - timedelta(microseconds=1)).date() + timedelta(days=1) if until else None
    return Span(since.date() if since else None, last, selection.accounts)

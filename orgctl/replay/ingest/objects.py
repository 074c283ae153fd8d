"""Log files in S3. Of a trail in CloudTrail's layout, only the accounts and days that are wanted are listed.

A list gives a thousand objects at most, in the order of their keys: so the files of one account and region are listed
from the first day on to the last one, and those of many accounts at once.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from threading import Lock
from typing import TYPE_CHECKING

from orgctl.errors import InvalidInputError
from orgctl.replay.ingest.layout import SERVICE, Folder, Span, folder_of, is_log
from orgctl.replay.ingest.sources import SCHEME, Found, Source

if TYPE_CHECKING:
    from orgctl.aws.objects import Bucket, Object

_AT_ONCE = 16
"""How many lists are asked for at once."""

_TOP = "AWSLogs/"
_DEPTH = 3
"""How many folders below the start a trail's own is looked for, each with a list of its own."""


def parse(address: str) -> tuple[str, str]:
    """The bucket and the prefix of `s3://bucket/prefix`. Raises InvalidInputError without a bucket."""
    name, _, prefix = address.removeprefix(SCHEME).partition("/")
    if not name:
        raise InvalidInputError(f"`{address}` names no bucket", hint="write `s3://bucket/prefix`")
    return name, prefix


def find_objects(bucket: Bucket, prefix: str, span: Span) -> Found:
    """The log files at a prefix: a folder, with or without its `/`, or one object.

    Raises InvalidInputError if nothing is there, and whatever the bucket raises.
    """
    search = _Search(bucket, span)
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        try:
            _follow(pool, search, prefix)
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise
    found = search.found
    found.sources = sorted({each.path: each for each in found.sources}.values(), key=lambda each: each.order)
    return found


def _follow(pool: ThreadPoolExecutor, search: _Search, prefix: str) -> None:
    """List the start, and whatever lists lead to, several at once."""
    open_: set[Future[list[str]]] = {pool.submit(search.start, prefix)}
    while open_:
        done, open_ = wait(open_, return_when=FIRST_COMPLETED)
        open_ |= {pool.submit(search.follow, further) for each in done for further in each.result()}


@dataclass(slots=True)
class _Search:
    """What was found so far. Each method lists one prefix, and returns the prefixes that are to be listed after it."""

    bucket: Bucket
    span: Span
    found: Found = field(default_factory=Found)
    lock: Lock = field(default_factory=Lock)
    start_depth: int = 0

    def start(self, prefix: str) -> list[str]:
        """The first list, which tells what the prefix is."""
        self.start_depth = prefix.count("/")
        if not prefix or prefix.endswith("/"):
            return self._top(prefix)
        folders, objects = self.bucket.children(prefix)
        one = [each for each in objects if each.key == prefix]
        self.found.sources += map(self._source, one)
        if f"{prefix}/" in folders:
            return self._top(f"{prefix}/")
        if not one:
            near = next(iter([*folders, *(each.key for each in objects)]), None)
            hint = f"did you mean `{SCHEME}{self.bucket.name}/{near}`?" if near else "correct the bucket or the prefix"
            raise InvalidInputError(f"there is nothing at `{SCHEME}{self.bucket.name}/{prefix}`", hint=hint)
        return []

    def follow(self, prefix: str) -> list[str]:
        """A list of a folder's files, or of the folders in it that are wanted."""
        folder = folder_of(prefix)
        if folder is None:
            return self._outside(prefix)
        if folder.region:
            self._take_days(prefix)
        elif folder.service:
            return self._regions(prefix, folder)
        elif folder.account:
            return self._regions(f"{prefix}{SERVICE}/", Folder(folder.account, SERVICE))
        else:
            return self._accounts(prefix)
        return []

    def _outside(self, prefix: str) -> list[str]:
        """What is to be listed of a folder in which the trail's own may lie; else all files in it."""
        if _TOP not in prefix and prefix.count("/") < self.start_depth + _DEPTH:
            return self._top(prefix)
        self._take(self.bucket.below(prefix))
        return []

    def _top(self, prefix: str) -> list[str]:
        """What is to be listed of a folder that may hold the trail's own one."""
        if folder_of(prefix) or _TOP in prefix:
            return [prefix]
        folders, objects = self.bucket.children(prefix)
        self._take(iter(objects))
        return folders

    def _accounts(self, prefix: str) -> list[str]:
        """The wanted accounts in `AWSLogs/` or an organization's folder in it."""
        folders, objects = self.bucket.children(prefix)
        self._take(iter(objects))
        inside = [each for each in folders if (folder := folder_of(each)) and not folder.service]
        return [each for each in inside if self._wants(folder_of(each))]

    def _wants(self, folder: Folder | None) -> bool:
        accounts = self.span.accounts
        return folder is not None and (accounts is None or not folder.account or folder.account in accounts)

    def _regions(self, prefix: str, folder: Folder) -> list[str]:
        """The regions of an account's trail, where days are to be chosen in each of them; else all its files."""
        if folder.service != SERVICE or not self._wants(folder):
            return []
        if self.span.since or self.span.until:
            return self.bucket.children(prefix)[0]
        self._take(self.bucket.below(prefix))
        return []

    def _take_days(self, prefix: str) -> None:
        """The files of one account and region, from the first wanted day on to the last one."""
        after = f"{prefix}{self.span.first}" if self.span.since else ""
        last = f"{prefix}{self.span.last}/~"
        objects: list[Object] = []
        for each in self.bucket.below(prefix, after):
            if each.key > last:
                break
            objects.append(each)
        self._take(iter(objects))

    def _take(self, objects: Iterator[Object]) -> None:
        wanted = [each for each in objects if not each.key.endswith("/") and self.span.wants(each.key)]
        logs = [self._source(each) for each in wanted if is_log(each.key)]
        with self.lock:
            self.found.sources += logs
            self.found.passed_over += len(wanted) - len(logs)

    def _source(self, listed: Object) -> Source:
        return Source(f"{SCHEME}{self.bucket.name}/{listed.key}", listed.size, listed.etag)

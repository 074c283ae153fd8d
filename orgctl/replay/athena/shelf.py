"""Where copies are kept in S3: `<name>/…` are the files of one, `<name>.json` is its note.

A copy whose files are not all there any more is none: somebody, or a rule of the bucket's lifecycle, has deleted some.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import date

from orgctl.aws.objects import Bucket
from orgctl.errors import AwsError
from orgctl.replay.athena.copies import Copy, CopyQuery, read_note
from orgctl.replay.athena.running import Done, Runner

_AT_ONCE = 8
_NOTE = ".json"
_CHUNK = 1 << 20
_MOST = 16 << 20
"""Bytes of a note or of a query's list of files; a thousand accounts are some fifteen thousand."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """Copies in a bucket, below the prefix `key`; `location` is the same as a URL, `s3://bucket/key`."""

    bucket: Bucket
    key: str

    @property
    def location(self) -> str:
        """`s3://example-org-trail/orgctl-athena/copies/1/`."""
        return f"s3://{self.bucket.name}/{self.key}"

    def copies(self, first: date, last: date) -> list[Copy]:
        """Those of some days that are whole, in the order of their names, which begin with the day. Raises AwsError."""
        notes: list[str] = []
        files: dict[str, dict[str, int]] = {}
        for each in self.bucket.below(self.key, after=f"{self.key}{first}"):
            name, _, file = each.key.removeprefix(self.key).partition("/")
            if name[: len(f"{last}")] > f"{last}":
                break
            if file:
                files.setdefault(name, {})[file] = each.size
            elif name.endswith(_NOTE):
                notes.append(name.removesuffix(_NOTE))
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            found = pool.map(self._noted, notes)
            return [copy for copy in found if copy and copy.files == files.get(copy.name, {})]

    def make(self, queries: Sequence[CopyQuery], runner: Runner) -> list[Copy]:
        """Run the queries, and note the copies that they make, each as soon as its query is over; and give them.

        A query of an earlier run whose files are gone is run again. Raises AwsError.
        """
        made: list[Copy] = []
        again = list(self._lost(queries, runner, made))
        for query in self._lost(again, runner, made):
            message = f"Athena has copied {query.piece}, and the files that it names are not there"
            raise AwsError(message, operation="athena:StartQueryExecution")
        return made

    def _lost(self, queries: Sequence[CopyQuery], runner: Runner, made: list[Copy]) -> Iterator[CopyQuery]:
        """The queries of which there is no copy to be noted; all others are added to those that are made."""
        for done in runner.done(queries):
            query = done.query
            if not isinstance(query, CopyQuery):
                raise TypeError(f"{query.piece} is not copied")
            copy = query.copy(done.attempt, self._files(query.name(done.attempt)))
            written = self._written(done)
            if runner.is_fresh(done.execution) if written is None else written == copy.files.keys():
                self.bucket.put(f"{self.key}{copy.name}{_NOTE}", copy.note.encode())
                made.append(copy)
            else:
                runner.kept.forget(runner.key(query))
                yield query

    def _files(self, name: str) -> dict[str, int]:
        folder = f"{self.key}{name}/"
        return {each.key.removeprefix(folder): each.size for each in self.bucket.below(folder)}

    def _written(self, done: Done) -> set[str] | None:
        """The names of the files that a query says it has written; None if it does not say, or does no more."""
        key = done.execution.manifest.partition("//")[2].partition("/")[2]
        listed = self._text(key) if key else None
        if listed is None:
            return None
        return {
            line.strip().strip('"').rpartition("/")[2]
            for line in listed.decode(errors="replace").splitlines()
            if line.strip()
        }

    def _noted(self, name: str) -> Copy | None:
        note = self._text(f"{self.key}{name}{_NOTE}")
        with suppress(ValueError):
            return read_note(name, note) if note else None
        return None

    def _text(self, key: str) -> bytes | None:
        """What an object holds; None if there is none."""
        found = bytearray()
        try:
            with self.bucket.opened(key) as body:
                while len(found) < _MOST and (chunk := body.read(_CHUNK)):
                    found += chunk
        except FileNotFoundError:
            return None
        return bytes(found)

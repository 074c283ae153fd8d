"""Objects in S3: what is in a bucket, and what is in an object."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from errno import ENOENT
from typing import Any

from botocore.exceptions import BotoCoreError

from orgctl.aws.call import Answer, perform
from orgctl.aws.operations.athena_writes import PUT_OBJECT
from orgctl.aws.operations.event_reads import GET_OBJECT, LIST_OBJECTS
from orgctl.aws.session import Aws
from orgctl.errors import AwsError, UnreachableError

_GONE = ("NoSuchKey", "404")


@dataclass(frozen=True, slots=True)
class Object:
    """An object as a list shows it: `size` in bytes, and an `etag` that is another one when its contents are."""

    key: str
    size: int
    etag: str


@dataclass(frozen=True, slots=True)
class Bucket:
    """A bucket; `account` is the one that is entered for it, None: it is read with the caller's own credentials.

    A bucket of that name that belongs to another account than the one that is entered is refused.
    `most` is how many objects are asked for at once; AWS gives no more than a thousand.
    """

    aws: Aws
    name: str
    account: str | None = None
    most: int = 1000

    def children(self, prefix: str) -> tuple[list[str], list[Object]]:
        """What is right below a prefix: longer prefixes that end with the next `/`, and objects. Raises AwsError."""
        prefixes: list[str] = []
        objects: list[Object] = []
        for page in self._pages({"Prefix": prefix, "Delimiter": "/"}):
            prefixes += (each["Prefix"] for each in page.get("CommonPrefixes", ()))
            objects += map(_object, page.get("Contents", ()))
        return prefixes, objects

    def below(self, prefix: str, after: str = "") -> Iterator[Object]:
        """All objects whose keys begin with a prefix, in the order of the keys, from `after` on. Raises AwsError."""
        asked = {"Prefix": prefix, **({"StartAfter": after} if after else {})}
        for page in self._pages(asked):
            yield from map(_object, page.get("Contents", ()))

    @contextmanager
    def opened(self, key: str) -> Iterator[Body]:
        """The contents of an object. Raises FileNotFoundError if there is none, AwsError for what else AWS says."""
        try:
            answer = perform(self.aws, GET_OBJECT, {**self._named, "Key": key}, account=self.account)
        except AwsError as error:
            if error.code in _GONE:
                raise FileNotFoundError(ENOENT, key) from None
            raise
        body = answer["Body"]
        try:
            yield Body(body)
        finally:
            body.close()

    def put(self, key: str, body: bytes) -> None:
        """Write an object, wholly or not at all. Raises AwsError."""
        perform(self.aws, PUT_OBJECT, {**self._named, "Key": key, "Body": body}, account=self.account)

    @property
    def _named(self) -> dict[str, str]:
        return {"Bucket": self.name, **({"ExpectedBucketOwner": self.account} if self.account else {})}

    def _pages(self, asked: dict[str, str]) -> Iterator[Answer]:
        token: dict[str, str] = {}
        given = {**self._named, "MaxKeys": self.most, **asked}
        while True:
            page = perform(self.aws, LIST_OBJECTS, {**given, **token}, account=self.account)
            yield page
            if not page.get("IsTruncated"):
                return
            token = {"ContinuationToken": page["NextContinuationToken"]}


@dataclass(frozen=True, slots=True)
class Body:
    """The contents of an object, to be read once."""

    stream: Any  # Any: botocore gives it no type

    def read(self, size: int, /) -> bytes:
        """At most so many of the next bytes; none at the end. Raises UnreachableError if they do not come."""
        try:
            return bytes(self.stream.read(size))
        except BotoCoreError as error:
            raise UnreachableError(
                f"the connection to AWS broke off: {error}",
                operation=GET_OBJECT.title,
                hint="run the same command again",
            ) from error


def _object(listed: Any) -> Object:
    return Object(listed["Key"], listed["Size"], listed["ETag"].strip('"'))

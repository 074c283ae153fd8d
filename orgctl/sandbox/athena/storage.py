"""What queries read and write of S3: objects, which are moto's. Only in moto's thread."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from orgctl.sandbox import moto_services
from orgctl.sandbox.athena.failure import QueryError

Table = Mapping[str, Any]
"""A table as GetTable gives it."""


def listing(account: str, location: str) -> list[tuple[str, int]]:
    """The URLs and sizes of the objects whose URLs begin with `location`, in order. Raises QueryError."""
    bucket, key = _parts(location)
    found = _bucket(account, bucket, f"to read {location}")
    names = (name for name in sorted(found.keys) if name.startswith(key) and not name.endswith("/"))
    objects = ((name, moto_services.s3_size(bucket, name)) for name in names)
    return [(f"s3://{bucket}/{name}", size) for name, size in objects if size is not None]


def bodies(urls: Iterable[str]) -> list[bytes]:
    """What objects hold."""
    return [moto_services.s3_object(*_parts(url)) or b"" for url in urls]


def write(account: str, url: str, body: bytes, owner: str | None = None) -> None:
    """Write an object; `owner` is the account that its bucket has to be of. Raises QueryError."""
    from moto.s3.models import s3_backends

    bucket, key = _parts(url)
    found = _bucket(account, bucket, f"when writing output to url: {url}")
    if owner and owner != account:
        raise _denied(f"when writing output to url: {url}")
    s3_backends[found.account_id]["aws"].put_object(bucket, key, body)


def _parts(url: str) -> tuple[str, str]:
    bucket, _, key = url.removeprefix("s3://").partition("/")
    return bucket, key


def _bucket(account: str, name: str, what: str) -> Any:
    """A bucket of the account's own; those of others are as good as closed here."""
    from moto.s3.models import s3_backends

    owner = moto_services.bucket_owner(name)
    if owner != account:
        raise _denied(what)
    return s3_backends[owner]["aws"].get_bucket(name)


def _denied(what: str) -> QueryError:
    return QueryError(
        f"PERMISSION_DENIED: Access denied {what}. Please ensure you are allowed to access the S3 bucket."
    )

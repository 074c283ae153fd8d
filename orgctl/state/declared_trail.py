"""The organization trail and its bucket as the manifest declares them."""

from __future__ import annotations

import json

from pydantic import ValidationError

from orgctl.manifest import schema
from orgctl.model import resources as model
from orgctl.model.state import Finding, State
from orgctl.state.declarable import tags


def trail(state: State, accounts: set[str], remarks: list[Finding]) -> schema.Trail | None:
    """The trail, if there is one whose bucket is in one of `accounts` (keys); else None, and a remark."""
    found = next(state.each(model.Trail), None)
    if found is None:
        return None
    bucket = next(state.each(model.Bucket), None)
    holder = (bucket.account or "").removeprefix("account:") if bucket else ""
    if bucket is None or holder not in accounts:
        message = f"the trail `{found.name}` is left out: its bucket `{found.bucket}` was found in no account"
        remarks.append(Finding(found.address, message))
        return None
    try:
        return schema.Trail(
            name=found.name,
            bucket=_bucket(bucket, holder, remarks),
            prefix=found.prefix,
            kms_key=found.kms_key,
            logging=found.logging,
            event_selectors=None if found.event_selectors is None else json.loads(found.event_selectors),
            tags=tags(found.tags, found.address, remarks),
        )
    except ValidationError as error:
        places = ", ".join("`" + ".".join(map(str, each["loc"])) + "`" for each in error.errors())
        message = f"the trail `{found.name}` is left out: {places} cannot be written as AWS has it"
        remarks.append(Finding(found.address, message))
        return None


def _bucket(bucket: model.Bucket, holder: str, remarks: list[Finding]) -> schema.Bucket:
    days = bucket.lifecycle_days
    lifecycle = schema.Lifecycle(glacier_after_days=days.get("glacier"), expire_after_days=days.get("expire"))
    return schema.Bucket(
        name=bucket.name,
        account=holder,
        kms_key=bucket.kms_key,
        lifecycle=lifecycle if days.keys() & {"glacier", "expire"} else None,
        tags=tags(bucket.tags, bucket.address, remarks),
    )

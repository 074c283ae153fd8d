"""The trail's bucket: one call per aspect, in the account that holds the logs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from orgctl.model.resources import LIFECYCLE_RULE, RESULTS_RULE, Bucket
from orgctl.model.trail_queries import RESULTS_PREFIX
from orgctl.policy.canonical import same
from orgctl.reconcile.comparison import Comparison, Draft
from orgctl.reconcile.ownership import change_existing
from orgctl.reconcile.plan import Action, AttributeChange, Change, Value
from orgctl.reconcile.tags import OWNER, as_list, compare_tags, owned

KIND = "bucket"
RESOURCE = Bucket

_ASPECTS = ("public_access_blocked", "versioned", "encrypted", "kms_key", "lifecycle_days")


def compare(before: Bucket | None, after: Bucket | None, between: Comparison) -> Change | None:
    """What differs. A bucket is never deleted: it holds the evidence."""
    if after is None:
        return None
    if before is None:
        absent = Bucket(after.name, after.region, encrypted=False, versioned=False, public_access_blocked=False)
        return Change(Action.CREATE, KIND, after.address, _differences(absent, after))
    return change_existing(
        KIND,
        after.address,
        _differences(before, after),
        tags=before.tags,
        adopt=after.adopt or between.adopt,
        how="say `adopt: true` under `trail.bucket`, or run with `--adopt`",
    )


def _differences(before: Bucket, after: Bucket) -> tuple[AttributeChange, ...]:
    changes = [
        AttributeChange(aspect, getattr(before, aspect) or None, getattr(after, aspect) or None)
        for aspect in _ASPECTS
        if (getattr(before, aspect) or None) != (getattr(after, aspect) or None)
    ]
    if after.policy is not None and (before.policy is None or not same(before.policy, after.policy)):
        changes.append(AttributeChange("policy", before.policy, after.policy))
    return (*changes, *compare_tags(before.tags, after.tags))


def lower(change: Change, before: Bucket | None, after: Bucket | None, between: Comparison) -> Iterator[Draft]:
    """The calls, creation first; the bucket is tagged as ours by the call that creates it."""
    if after is None:
        return
    changed = {attribute.name.partition(".")[0] for attribute in change.attributes}
    if before is None:
        yield _draft(after, between, "CreateBucket", {"CreateBucketConfiguration": _location(after)})
        changed.discard("tags")
    if "public_access_blocked" in changed:
        yield _draft(after, between, "PutPublicAccessBlock", {"PublicAccessBlockConfiguration": _BLOCKED})
    if "versioned" in changed:
        yield _draft(after, between, "PutBucketVersioning", {"VersioningConfiguration": {"Status": "Enabled"}})
    if changed & {"encrypted", "kms_key"}:
        yield _draft(after, between, "PutBucketEncryption", {"ServerSideEncryptionConfiguration": _encryption(after)})
    if "policy" in changed:
        yield _draft(after, between, "PutBucketPolicy", {"Policy": between.text(after.policy or "{}")})
    if "lifecycle_days" in changed:
        yield _lifecycle(after, between)
    if "tags" in changed or change.action is Action.ADOPT:
        kept = {**(before.tags or {} if before and after.tags is None else {}), **(after.tags or {}), **OWNER}
        yield _draft(after, between, "PutBucketTagging", {"Tagging": {"TagSet": as_list(kept)}})


_BLOCKED = dict.fromkeys(("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"), True)


def _draft(bucket: Bucket, between: Comparison, action: str, parameters: dict[str, Value]) -> Draft:
    account = between.account_of(bucket.account)
    return Draft(
        bucket.address,
        "s3",
        action,
        {"Bucket": bucket.name, **parameters},
        requires=("organization",),
        account=account,
        region=bucket.region,
    )


def _location(bucket: Bucket) -> dict[str, Value]:
    """us-east-1 is the one region that CreateBucket does not take by name."""
    tags: dict[str, Value] = {"Tags": as_list(owned(bucket.tags))}
    return tags if bucket.region == "us-east-1" else {"LocationConstraint": bucket.region, **tags}


def _encryption(bucket: Bucket) -> dict[str, Value]:
    by_key: dict[str, Value] = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": bucket.kms_key}
    default: Value = by_key if bucket.kms_key else {"SSEAlgorithm": "AES256"}
    return {
        "Rules": [
            {"ApplyServerSideEncryptionByDefault": default, "BucketKeyEnabled": bool(bucket.kms_key)},
        ]
    }


def _lifecycle(bucket: Bucket, between: Comparison) -> Draft:
    days = bucket.lifecycle_days
    if not days:
        return _draft(bucket, between, "DeleteBucketLifecycle", {})
    rules = [*_of_log_files(days), *_of_results(days)]
    return _draft(bucket, between, "PutBucketLifecycleConfiguration", {"LifecycleConfiguration": {"Rules": rules}})


def _of_log_files(days: Mapping[str, int]) -> Iterator[Value]:
    rule: dict[str, Value] = {"ID": LIFECYCLE_RULE, "Status": "Enabled", "Filter": {"Prefix": ""}}
    if "glacier" in days:
        rule["Transitions"] = [{"Days": days["glacier"], "StorageClass": "GLACIER"}]
    if "expire" in days:
        rule["Expiration"] = {"Days": days["expire"]}
    if days.keys() & {"glacier", "expire"}:
        yield rule


def _of_results(days: Mapping[str, int]) -> Iterator[Value]:
    """In a bucket with versions, what expires stays as an older version: these go the day after."""
    if "results" in days:
        yield {
            "ID": RESULTS_RULE,
            "Status": "Enabled",
            "Filter": {"Prefix": RESULTS_PREFIX},
            "Expiration": {"Days": days["results"]},
            "NoncurrentVersionExpiration": {"NoncurrentDays": 1},
        }

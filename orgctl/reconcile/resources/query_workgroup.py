"""The Athena workgroup: where results go, how they are encrypted, and how much a query may read."""

from __future__ import annotations

from collections.abc import Iterator

from orgctl.model.query_resources import QueryWorkgroup
from orgctl.model.resources import Bucket
from orgctl.reconcile.comparison import Comparison, Draft
from orgctl.reconcile.ownership import change_existing, delete_ours
from orgctl.reconcile.plan import Action, AttributeChange, Change, Value
from orgctl.reconcile.tags import OWNER, as_list, owned

KIND = "workgroup"
RESOURCE = QueryWorkgroup

_ASPECTS = ("results", "encrypted", "kms_key", "own_bucket", "scan_limit", "enforced", "metrics", "engine", "enabled")


def compare(before: QueryWorkgroup | None, after: QueryWorkgroup | None, between: Comparison) -> Change | None:
    """What differs. A workgroup of ours that the manifest no longer wants goes, with its history of queries."""
    if after is None:
        return delete_ours(KIND, before.address, before.tags) if before else None
    if before is None:
        absent = QueryWorkgroup(
            after.name,
            after.region,
            after.account,
            "",
            None,
            encrypted=False,
            own_bucket=False,
            enforced=False,
            metrics=False,
            enabled=False,
            engine="",
        )
        return Change(Action.CREATE, KIND, after.address, _differences(absent, after))
    return change_existing(
        KIND,
        after.address,
        _differences(before, after),
        tags=before.tags,
        adopt=between.adopt,
        how="run with `--adopt`",
    )


def _differences(before: QueryWorkgroup, after: QueryWorkgroup) -> tuple[AttributeChange, ...]:
    return tuple(
        AttributeChange(aspect, getattr(before, aspect) or None, getattr(after, aspect) or None)
        for aspect in _ASPECTS
        if (getattr(before, aspect) or None) != (getattr(after, aspect) or None)
    )


def lower(
    change: Change, before: QueryWorkgroup | None, after: QueryWorkgroup | None, between: Comparison
) -> Iterator[Draft]:
    """The calls. An update says all of the configuration anew."""
    if after is None:
        if before is not None:
            yield _draft(before, between, "DeleteWorkGroup", WorkGroup=before.name, RecursiveDeleteOption=True)
        return
    if before is None:
        made = _configuration(after, between, "ResultConfiguration")
        tags = as_list(owned(after.tags))
        yield _draft(after, between, "CreateWorkGroup", Name=after.name, Configuration=made, Tags=tags)
        return
    if change.attributes:
        changed = _configuration(after, between, "ResultConfigurationUpdates")
        asked: dict[str, Value] = {"WorkGroup": after.name, "ConfigurationUpdates": changed, "State": "ENABLED"}
        yield _draft(after, between, "UpdateWorkGroup", **asked)
    if change.action is Action.ADOPT:
        account = between.id_of(after.account)
        prefix, name = f"arn:{between.partition}:athena:{after.region}:", f":workgroup/{after.name}"
        arn = between.joined(prefix, account, name)
        yield _draft(after, between, "TagResource", ResourceARN=arn, Tags=as_list(OWNER))


def _configuration(group: QueryWorkgroup, between: Comparison, results: str) -> Value:
    """As the API takes it; `results` is what it calls the part about results, which an update calls otherwise."""
    by_key: dict[str, Value] = {"EncryptionOption": "SSE_KMS", "KmsKey": group.kms_key}
    encryption: Value = by_key if group.kms_key else {"EncryptionOption": "SSE_S3"}
    return {
        "EnforceWorkGroupConfiguration": group.enforced,
        "PublishCloudWatchMetricsEnabled": group.metrics,
        "BytesScannedCutoffPerQuery": group.scan_limit,
        "EngineVersion": {"SelectedEngineVersion": group.engine},
        results: {
            "OutputLocation": group.results,
            "EncryptionConfiguration": encryption,
            "ExpectedBucketOwner": between.id_of(group.account),
        },
    }


def _draft(group: QueryWorkgroup, between: Comparison, action: str, **parameters: Value) -> Draft:
    buckets = tuple(bucket.address for bucket in between.desired.each(Bucket))
    return Draft(
        group.address,
        "athena",
        action,
        parameters,
        requires=("organization", group.account, *buckets),
        account=between.account_of(group.account),
        region=group.region,
    )

"""The organization trail: created after its bucket, and logging from then on."""

from __future__ import annotations

import json
from collections.abc import Iterator

from orgctl.model.resources import Bucket, Trail, TrustedAccess
from orgctl.reconcile.comparison import Comparison, Draft
from orgctl.reconcile.ownership import change_existing
from orgctl.reconcile.plan import Action, AttributeChange, Change, Ref, Value
from orgctl.reconcile.tags import OWNER, as_list, compare_tags, owned

KIND = "trail"
RESOURCE = Trail

_SETTINGS = {
    "bucket": "S3BucketName",
    "prefix": "S3KeyPrefix",
    "kms_key": "KmsKeyId",
    "organization": "IsOrganizationTrail",
    "multi_region": "IsMultiRegionTrail",
    "validated": "EnableLogFileValidation",
}


def compare(before: Trail | None, after: Trail | None, between: Comparison) -> Change | None:
    """What differs. A trail that the manifest no longer names is left alone: without it, nobody sees anything."""
    if after is None:
        return None
    if before is None:
        absent = Trail(
            after.name, after.region, "", organization=False, multi_region=False, validated=False, logging=False
        )
        return Change(Action.CREATE, KIND, after.address, _differences(absent, after))
    attributes = _differences(before, after)
    return change_existing(
        KIND,
        after.address,
        attributes,
        tags=before.tags,
        adopt=after.adopt or between.adopt,
        how="say `adopt: true` under `trail`, or run with `--adopt`",
        destructive=before.logging and not after.logging,
    )


def _differences(before: Trail, after: Trail) -> tuple[AttributeChange, ...]:
    aspects = [*_SETTINGS, "logging"]
    if after.event_selectors is not None:
        aspects.append("event_selectors")
    changes = tuple(
        AttributeChange(aspect, getattr(before, aspect) or None, getattr(after, aspect) or None)
        for aspect in aspects
        if (getattr(before, aspect) or None) != (getattr(after, aspect) or None)
    )
    return changes + compare_tags(before.tags, after.tags)


def lower(change: Change, before: Trail | None, after: Trail | None, between: Comparison) -> Iterator[Draft]:
    """The calls, in order; later ones name the trail by its ARN, as AWS demands for an organization trail."""
    if after is None:
        return
    arn: Value = before.arn if before is not None and before.arn else Ref(after.address, "arn")
    changed = {attribute.name.partition(".")[0] for attribute in change.attributes}
    if before is None:
        yield _create(after)
    elif changed & _SETTINGS.keys():
        yield _draft(after, "UpdateTrail", {"Name": arn, **_settings(after, unset="kms_key" in changed)})
    if "event_selectors" in changed and after.event_selectors is not None:
        selectors = json.loads(after.event_selectors)
        yield _draft(after, "PutEventSelectors", {"TrailName": arn, "AdvancedEventSelectors": selectors})
    if "logging" in changed:
        yield _draft(after, "StartLogging" if after.logging else "StopLogging", {"Name": arn})
    if before is not None:
        yield from _tag(change, after, arn)


def _create(trail: Trail) -> Draft:
    parameters = {
        "Name": trail.name,
        **_settings(trail),
        "IncludeGlobalServiceEvents": True,
        "TagsList": as_list(owned(trail.tags)),
    }
    return _draft(trail, "CreateTrail", parameters, yields={f"{trail.address}#arn": "TrailARN"})


def _settings(trail: Trail, *, unset: bool = False) -> dict[str, Value]:
    """The trail's settings as the API takes them. `unset`: say that there is no key, rather than saying nothing."""
    settings = {api: getattr(trail, aspect) for aspect, api in _SETTINGS.items()}
    return {
        api: value if value is not None else "" for api, value in settings.items() if unset or value not in ("", None)
    }


def _tag(change: Change, trail: Trail, arn: Value) -> Iterator[Draft]:
    of_tags = {c.name.removeprefix("tags."): c for c in change.attributes if c.name.startswith("tags.")}
    put = {key: str(c.after) for key, c in of_tags.items() if c.after is not None}
    gone = {key: str(c.before) for key, c in of_tags.items() if c.after is None}
    put |= OWNER if change.action is Action.ADOPT else {}
    if put:
        yield _draft(trail, "AddTags", {"ResourceId": arn, "TagsList": as_list(put)})
    if gone:
        yield _draft(trail, "RemoveTags", {"ResourceId": arn, "TagsList": as_list(gone)})


def _draft(trail: Trail, action: str, parameters: dict[str, Value], yields: dict[str, str] | None = None) -> Draft:
    requires = (Bucket(trail.bucket, trail.region).address, TrustedAccess("cloudtrail.amazonaws.com").address)
    return Draft(trail.address, "cloudtrail", action, parameters, requires, region=trail.region, yields=yields or {})

"""CloudTrail's trails, with AWS's refusals for organization trails.

moto's are left aside: they answer against the model, ignore ARNs on deletion, and check no bucket policy. Delivery of
log files is not imitated. Source: the `cloudtrail` model of botocore 1.44.5, and "Amazon S3 bucket policy for
CloudTrail" and "Creating a trail for an organization" (AWS CloudTrail User Guide).
"""

from __future__ import annotations

import re
from typing import Any

from orgctl.sandbox import moto_services
from orgctl.sandbox.bucket_policy import permits_cloudtrail
from orgctl.sandbox.messages import RefusalError
from orgctl.sandbox.operations import Access, Call, Members, Parameters, Registry
from orgctl.sandbox.state import Trail

operation = Registry()

SERVICE = "cloudtrail.amazonaws.com"
_SETTINGS = {
    "S3BucketName": None,
    "S3KeyPrefix": None,
    "IncludeGlobalServiceEvents": True,
    "IsMultiRegionTrail": False,
    "EnableLogFileValidation": False,
    "CloudWatchLogsLogGroupArn": None,
    "CloudWatchLogsRoleArn": None,
    "KmsKeyId": None,
    "IsOrganizationTrail": False,
}
_DEFAULT_SELECTORS = [
    {"ReadWriteType": "All", "IncludeManagementEvents": True, "DataResources": [], "ExcludeManagementEventSources": []}
]
_NAME = re.compile(r"[A-Za-z0-9](?!.*[._-]{2})[A-Za-z0-9._-]{1,126}[A-Za-z0-9]")


@operation("CreateTrail", Access.ANYBODY)
def create_trail(call: Call, params: Parameters) -> Members:
    """A trail that does not log yet."""
    name = params["Name"]
    if not _NAME.fullmatch(name):
        raise RefusalError("InvalidTrailNameException", "Trail name is not valid.")
    arn = f"arn:aws:cloudtrail:{call.region}:{call.caller}:trail/{name}"
    if arn in call.cloud.trails:
        raise RefusalError("TrailAlreadyExistsException", f"Trail {name} already exists.")
    given = {key: params.get(key, default) for key, default in _SETTINGS.items()}
    settings = {"Name": name, "TrailARN": arn} | {key: value for key, value in given.items() if value is not None}
    _check(call, arn, settings)
    tags = {tag["Key"]: tag.get("Value", "") for tag in params.get("TagsList", ())}
    call.cloud.trails[arn] = Trail(call.caller, call.region, settings, tags=tags)
    return _settings(settings)


@operation("UpdateTrail", Access.ANYBODY)
def update_trail(call: Call, params: Parameters) -> Members:
    """New settings; what is not named stays."""
    arn, trail = _writable(call, params["Name"])
    changes = {key: params[key] for key in _SETTINGS if params.get(key) is not None}
    settings = {**trail.settings, **changes}
    _check(call, arn, settings)
    trail.settings = {key: value for key, value in settings.items() if value != ""}
    return _settings(trail.settings)


@operation("DeleteTrail", Access.ANYBODY)
def delete_trail(call: Call, params: Parameters) -> None:
    """Gone."""
    arn, _ = _writable(call, params["Name"])
    del call.cloud.trails[arn]


@operation("GetTrail", Access.ANYBODY)
def get_trail(call: Call, params: Parameters) -> Members:
    """One trail, by ARN from anywhere, by name in its own region."""
    return {"Trail": _view(_existing(call, params["Name"])[1])}


@operation("DescribeTrails", Access.ANYBODY)
def describe_trails(call: Call, params: Parameters) -> Members:
    """The trails asked for, or all: of this region, and the shadows of multi-region and organization trails."""
    shadows = params.get("includeShadowTrails", True)
    wanted = params.get("trailNameList") or ()
    found = [
        trail
        for arn, trail in call.cloud.trails.items()
        if (arn in wanted or trail.settings["Name"] in wanted or not wanted) and _seen(call, trail, shadows=shadows)
    ]
    return {"trailList": [_view(trail) for trail in found]}


@operation("ListTrails", Access.ANYBODY)
def list_trails(call: Call, params: Parameters) -> Members:
    """Name, ARN and home region of every trail that the caller sees, in any region."""
    seen = [(arn, t) for arn, t in call.cloud.trails.items() if t.account == call.caller or _is_shared(call, t)]
    return {
        "Trails": [{"TrailARN": arn, "Name": t.settings["Name"], "HomeRegion": t.region} for arn, t in seen],
    }


@operation("GetTrailStatus", Access.ANYBODY)
def get_status(call: Call, params: Parameters) -> Members:
    """Whether it logs, and since when."""
    _, trail = _existing(call, params["Name"])
    times = {"StartLoggingTime": trail.started, "StopLoggingTime": trail.stopped}
    return {"IsLogging": trail.logging, **{key: value for key, value in times.items() if value is not None}}


@operation("StartLogging", Access.ANYBODY)
def start_logging(call: Call, params: Parameters) -> None:
    """Log from now on."""
    _, trail = _writable(call, params["Name"])
    trail.logging, trail.started = True, call.now


@operation("StopLogging", Access.ANYBODY)
def stop_logging(call: Call, params: Parameters) -> None:
    """Log no longer."""
    _, trail = _writable(call, params["Name"])
    trail.logging, trail.stopped = False, call.now


@operation("PutEventSelectors", Access.ANYBODY)
def put_selectors(call: Call, params: Parameters) -> Members:
    """Basic or advanced event selectors: one kind replaces the other."""
    arn, trail = _writable(call, params["TrailName"])
    basic, advanced = params.get("EventSelectors"), params.get("AdvancedEventSelectors")
    if bool(basic) == bool(advanced):
        raise RefusalError("InvalidEventSelectorsException", "Give event selectors or advanced ones, not both.")
    trail.selectors, trail.advanced_selectors = basic or None, advanced or None
    return {"TrailARN": arn, **_selectors(trail)}


@operation("GetEventSelectors", Access.ANYBODY)
def get_selectors(call: Call, params: Parameters) -> Members:
    """The selectors in force; all management events where none were put."""
    arn, trail = _existing(call, params["TrailName"])
    return {"TrailARN": arn, **_selectors(trail)}


@operation("AddTags", Access.ANYBODY)
def add_tags(call: Call, params: Parameters) -> None:
    """Add tags to a trail, or replace their values."""
    trail = _tagged(call, params["ResourceId"])
    merged = {**trail.tags, **{tag["Key"]: tag.get("Value", "") for tag in params["TagsList"]}}
    if len(merged) > (call.quota("tags") or 50):
        raise RefusalError("TagsLimitExceededException", "A trail has at most 50 tags.")
    trail.tags = merged


@operation("RemoveTags", Access.ANYBODY)
def remove_tags(call: Call, params: Parameters) -> None:
    """Take tags away."""
    trail = _tagged(call, params["ResourceId"])
    for tag in params["TagsList"]:
        trail.tags.pop(tag["Key"], None)


@operation("ListTags", Access.ANYBODY)
def list_tags(call: Call, params: Parameters) -> Members:
    """The tags of trails."""
    listed = []
    for resource in params["ResourceIdList"]:
        trail = _tagged(call, resource)
        tags = [{"Key": key, "Value": value} for key, value in sorted(trail.tags.items())]
        listed.append({"ResourceId": resource, "TagsList": tags})
    return {"ResourceTagList": listed}


def _existing(call: Call, name: str) -> tuple[str, Trail]:
    arn = name if name.startswith("arn:") else f"arn:aws:cloudtrail:{call.region}:{call.caller}:trail/{name}"
    trail = call.cloud.trails.get(arn)
    if trail is None or not (trail.account == call.caller or _is_shared(call, trail)):
        raise RefusalError("TrailNotFoundException", f"Unknown trail: {name} for the user: {call.caller}")
    return arn, trail


def _writable(call: Call, name: str) -> tuple[str, Trail]:
    arn, trail = _existing(call, name)
    if trail.region != call.region:
        raise RefusalError("InvalidHomeRegionException", f"Trail {arn} can only be changed in {trail.region}.")
    if trail.account != call.caller:
        raise RefusalError(
            "NotOrganizationMasterAccountException", "Only the management account can change an organization trail."
        )
    return arn, trail


def _tagged(call: Call, arn: str) -> Trail:
    trail = call.cloud.trails.get(arn)
    if trail is None or trail.account != call.caller:
        raise RefusalError("ResourceNotFoundException", f"There is no trail {arn}.")
    return trail


def _is_shared(call: Call, trail: Trail) -> bool:
    """Whether an organization trail shows in the caller's account."""
    organization = call.cloud.organization
    return (
        bool(trail.settings["IsOrganizationTrail"])
        and organization is not None
        and call.caller in organization.accounts
    )


def _seen(call: Call, trail: Trail, *, shadows: bool) -> bool:
    if trail.account != call.caller and not (shadows and _is_shared(call, trail)):
        return False
    return trail.region == call.region or (shadows and bool(trail.settings["IsMultiRegionTrail"]))


def _settings(settings: dict[str, Any]) -> Members:
    shown = {key: value for key, value in settings.items() if value not in (None, "")}
    return {"LogFileValidationEnabled" if key == "EnableLogFileValidation" else key: v for key, v in shown.items()}


def _view(trail: Trail) -> Members:
    return {
        **_settings(trail.settings),
        "HomeRegion": trail.region,
        "HasCustomEventSelectors": bool(trail.selectors or trail.advanced_selectors),
        "HasInsightSelectors": False,
    }


def _selectors(trail: Trail) -> Members:
    if trail.advanced_selectors:
        return {"AdvancedEventSelectors": trail.advanced_selectors}
    return {"EventSelectors": trail.selectors or _DEFAULT_SELECTORS}


def _check(call: Call, arn: str, settings: dict[str, Any]) -> None:
    """Raise what AWS refuses in a trail's settings: the bucket, its policy, the organization's trust."""
    if settings["IsMultiRegionTrail"] and not settings["IncludeGlobalServiceEvents"]:
        raise RefusalError(
            "InvalidParameterCombinationException", "Multi-Region trail must include global service events."
        )
    organization_id = _organization_of(call) if settings["IsOrganizationTrail"] else None
    bucket = settings["S3BucketName"]
    if moto_services.bucket_owner(bucket) is None:
        raise RefusalError("S3BucketDoesNotExistException", f"S3 bucket {bucket} does not exist!")
    policy = moto_services.bucket_policy(bucket)
    prefix = settings.get("S3KeyPrefix") or ""
    if not permits_cloudtrail(policy, bucket, prefix, arn, call.caller, organization_id):
        raise RefusalError(
            "InsufficientS3BucketPolicyException", f"Incorrect S3 bucket policy is detected for bucket: {bucket}"
        )
    key = settings.get("KmsKeyId")
    if key and not moto_services.key_exists(call.caller, key, call.region):
        raise RefusalError("KmsKeyNotFoundException", f"The KMS key {key} does not exist.")


def _organization_of(call: Call) -> str:
    organization = call.cloud.organization
    if organization is None or call.caller not in organization.accounts:
        raise RefusalError("OrganizationsNotInUseException", "The account is not a member of an organization.")
    if organization.features != "ALL":
        raise RefusalError("OrganizationNotInAllFeaturesModeException", "The organization lacks all features.")
    if call.caller != organization.management:
        raise RefusalError(
            "NotOrganizationMasterAccountException", "Only the management account can have an organization trail."
        )
    if SERVICE not in organization.trusted:
        raise RefusalError("CloudTrailAccessNotEnabledException", "Enable trusted access for CloudTrail first.")
    return organization.id

"""Tags of roots, OUs, accounts, policies and the resource policy."""

from __future__ import annotations

from typing import Any

from orgctl.sandbox.messages import RefusalError, constraint, invalid_input
from orgctl.sandbox.operations import Access, Call, Members, Parameters
from orgctl.sandbox.organizations.pages import page
from orgctl.sandbox.organizations.registry import operation


def checked_tags(call: Call, tags: list[dict[str, Any]] | None, before: dict[str, str] | None = None) -> dict[str, str]:
    """The tags of a request laid over those before. Raises AWS's refusal of duplicates, system tags and too many."""
    keys = [tag["Key"] for tag in tags or ()]
    if len(set(keys)) != len(keys):
        raise invalid_input("DUPLICATE_TAG_KEY", "You specified a tag key more than once.")
    if any(key.lower().startswith("aws:") for key in keys):
        raise invalid_input("INVALID_SYSTEM_TAGS_PARAMETER", "You specified a tag key that is a system tag.")
    merged = {**(before or {}), **{tag["Key"]: tag["Value"] for tag in tags or ()}}
    if len(merged) > (call.quota("tags") or 50):
        raise constraint("MAX_TAG_LIMIT_EXCEEDED", "You have exceeded the number of tags allowed on this resource.")
    return merged


def _tags_of(call: Call, resource: str) -> dict[str, str]:
    found = call.organization.tags_of(resource)
    policy = call.organization.policies.get(resource)
    if found is None or (policy is not None and policy.aws_managed):
        raise RefusalError("TargetNotFoundException", "You specified a target that doesn't exist.")
    return found


@operation("TagResource")
def tag_resource(call: Call, params: Parameters) -> None:
    """Add tags, or replace their values."""
    tags = _tags_of(call, params["ResourceId"])
    tags.update(checked_tags(call, params["Tags"], tags))


@operation("UntagResource")
def untag_resource(call: Call, params: Parameters) -> None:
    """Take tags away; keys that are not there do not matter."""
    tags = _tags_of(call, params["ResourceId"])
    for key in params["TagKeys"]:
        tags.pop(key, None)


@operation("ListTagsForResource", Access.DELEGATED)
def list_tags(call: Call, params: Parameters) -> Members:
    """The tags of one resource."""
    tags = sorted(_tags_of(call, params["ResourceId"]).items())
    return page(call, params, "Tags", tags, lambda tag: {"Key": tag[0], "Value": tag[1]})

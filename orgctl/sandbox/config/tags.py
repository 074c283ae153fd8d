"""Tags of rules, packs, organization packs, aggregators and recorders, by their ARNs."""

from __future__ import annotations

from collections.abc import Iterator

from orgctl.sandbox.config import find
from orgctl.sandbox.config.pages import page
from orgctl.sandbox.config.registry import operation
from orgctl.sandbox.messages import RefusalError
from orgctl.sandbox.operations import Access, Call, Members, Parameters

TAGS = 50


@operation("TagResource", Access.ANYBODY)
def tag(call: Call, params: Parameters) -> None:
    """Add tags, or replace their values."""
    tags, given = _tags(call, params["ResourceArn"]), find.tags_of(params["Tags"])
    if len({**tags, **given}) > TAGS:
        raise RefusalError("TooManyTagsException", "You have reached the limit of the number of tags you can use.")
    tags.update(given)


@operation("UntagResource", Access.ANYBODY)
def untag(call: Call, params: Parameters) -> None:
    """Take tags away."""
    tags = _tags(call, params["ResourceArn"])
    for key in params["TagKeys"]:
        tags.pop(key, None)


@operation("ListTagsForResource", Access.ANYBODY)
def list_tags(call: Call, params: Parameters) -> Members:
    """The tags; without any the member is left out."""
    tags = sorted(_tags(call, params["ResourceArn"]).items())
    answer = page(call, params, "Tags", tags, lambda tag: {"Key": tag[0], "Value": tag[1]}, size=50)
    return {key: value for key, value in answer.items() if value}


def _tags(call: Call, arn: str) -> dict[str, str]:
    for known, tags in _tagged(call):
        if known == arn:
            return tags
    raise RefusalError("ResourceNotFoundException", f"The resource {arn} does not exist.")


def _tagged(call: Call) -> Iterator[tuple[str, dict[str, str]]]:
    home = find.home(call)
    for rule in home.rules.values():
        yield rule.settings["ConfigRuleArn"], rule.tags
    for pack in home.packs.values():
        yield pack.settings["ConformancePackArn"], pack.tags
    for organization_pack in home.organization_packs.values():
        yield organization_pack.settings["OrganizationConformancePackArn"], organization_pack.tags
    for aggregator in home.aggregators.values():
        yield aggregator.settings["ConfigurationAggregatorArn"], aggregator.tags
    for recorder in home.recorders.values():
        yield recorder.settings["arn"], recorder.tags

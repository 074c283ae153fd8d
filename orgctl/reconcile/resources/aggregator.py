"""The organization's aggregator, in the administrator's account: all accounts, all regions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from orgctl.model.config_resources import Aggregator, role_address
from orgctl.model.resources import DelegatedAdministrators, TrustedAccess
from orgctl.reconcile.comparison import Comparison, Draft
from orgctl.reconcile.ownership import change_existing, delete_ours
from orgctl.reconcile.plan import Action, AttributeChange, Change, Join, Value
from orgctl.reconcile.tags import OWNER, as_list, owned

KIND = "aggregator"
RESOURCE = Aggregator

SERVICE = "config.amazonaws.com"


def compare(before: Aggregator | None, after: Aggregator | None, between: Comparison) -> Change | None:
    """What differs. An aggregator of ours that the manifest no longer names goes; it holds nothing of its own."""
    if after is None:
        return delete_ours(KIND, before.address, before.tags) if before else None
    if before is None:
        absent = Aggregator(after.name, after.region, after.account, "", all_regions=False)
        return Change(Action.CREATE, KIND, after.address, _differences(absent, after))
    return change_existing(
        KIND,
        after.address,
        _differences(before, after),
        tags=before.tags,
        adopt=between.adopt,
        how="run with `--adopt`",
    )


def _differences(before: Aggregator, after: Aggregator) -> tuple[AttributeChange, ...]:
    return tuple(
        AttributeChange(name, getattr(before, name) or None, getattr(after, name))
        for name in ("role", "all_regions")
        if getattr(before, name) != getattr(after, name)
    )


def lower(change: Change, before: Aggregator | None, after: Aggregator | None, between: Comparison) -> Iterator[Draft]:
    """PutConfigurationAggregator makes and changes; its tags count when it makes."""
    if after is None:
        if before is not None:
            yield _draft(before, between, "DeleteConfigurationAggregator")
        return
    if before is None:
        yield _put(after, between, Tags=as_list(owned(after.tags)))
        return
    if change.attributes:
        yield _put(after, between)
    if change.action is Action.ADOPT:
        tagged: dict[str, Value] = {"ResourceArn": before.arn, "Tags": as_list(OWNER)}
        yield replace(_draft(after, between, "TagResource"), parameters=tagged)


def _put(aggregator: Aggregator, between: Comparison, **parameters: Value) -> Draft:
    role = f":role/{aggregator.role}"
    arn: str | Join = between.joined(f"arn:{between.partition}:iam::", between.id_of(aggregator.account), role)
    source: Value = {"RoleArn": arn, "AllAwsRegions": aggregator.all_regions}
    return _draft(aggregator, between, "PutConfigurationAggregator", OrganizationAggregationSource=source, **parameters)


def _draft(aggregator: Aggregator, between: Comparison, action: str, **parameters: Value) -> Draft:
    requires = (
        TrustedAccess(SERVICE).address,
        DelegatedAdministrators(SERVICE, frozenset()).address,
        role_address(aggregator.role, aggregator.account),
    )
    return Draft(
        aggregator.address,
        "config",
        action,
        {"ConfigurationAggregatorName": aggregator.name, **parameters},
        requires=requires,
        account=between.account_of(aggregator.account),
        region=aggregator.region,
    )

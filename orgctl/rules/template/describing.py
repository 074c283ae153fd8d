"""A template's resource as the configuration item that AWS Config would record of it."""

from __future__ import annotations

from dataclasses import dataclass

from orgctl.rules.template.naming import arn_of, name_of
from orgctl.rules.template.resolving import Resolver
from orgctl.rules.template.shapes import SHAPES, tags
from orgctl.rules.template.unknown import wired

_TIME = "2026-01-01T00:00:00.000Z"


@dataclass(frozen=True, slots=True)
class Described:
    """A configuration item with unknown values in it, as a rule's process is told of them."""

    logical_id: str
    item: dict[str, object]

    @property
    def resource_id(self) -> str:
        """By which evaluations name it."""
        return str(self.item["resourceId"])


def describe(resolver: Resolver, logical_id: str) -> Described | None:
    """The item of a resource; None for a type whose items cannot be told from a template."""
    resource, place = resolver.template.resources[logical_id], resolver.deployment
    shape = SHAPES.get(resource.kind)
    if shape is None:
        return None
    given = resolver.properties(logical_id)
    found = shape(resolver, logical_id, given)
    name = str(name_of(resolver, logical_id))
    item = {
        "version": "1.3",
        "configurationItemCaptureTime": _TIME,
        "configurationItemStatus": "ResourceDiscovered",
        "configurationStateId": "0",
        "configurationItemMD5Hash": "",
        "ARN": str(arn_of(resolver, logical_id)),
        "resourceType": resource.kind,
        "resourceId": logical_id if name == "" else name,
        "resourceName": name,
        "awsAccountId": place.account,
        "awsRegion": "global" if resource.kind.startswith("AWS::IAM::") else place.region,
        "availabilityZone": "Not Applicable",
        "resourceCreationTime": _TIME,
        "tags": wired(tags(given)),
        "relatedEvents": [],
        "relationships": [],
        "configuration": wired(found.configuration),
        "supplementaryConfiguration": wired(found.supplementary),
    }
    return Described(logical_id, item)

"""`Work`: one thing that people do in an account, as data. The tables are `everyday.py` and `emergency.py`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from orgctl.model.endpoint_regions import endpoint_region
from orgctl.policytest.tables import Alternatives, Table

REGION_KEY = "aws:RequestedRegion"


@dataclass(frozen=True, slots=True)
class Work:
    """An action with the resource that it is usually done to, and a sentence on what it is.

    In the resource, `{partition}` and `{region}` are filled in, and `@{account}` is the account's id. `context` holds
    what such a request usually says of itself.
    """

    action: str
    resource: str
    sentence: str
    context: tuple[tuple[str, str], ...] = ()


def tables(work: Work, principal: str, partition: str, regions: tuple[str, ...]) -> Iterator[Table]:
    """The request for it, in each region; once for a service that has one endpoint."""
    service = work.action.partition(":")[0]
    said: tuple[Alternatives, ...] = tuple((pair,) for pair in work.context)
    if endpoint_region(service, partition):
        yield Table((work.action,), (principal,), (_filled(work.resource, partition, ""),), said)
        return
    for region in regions:
        context: tuple[Alternatives, ...] = (((REGION_KEY, region),), *said)
        yield Table((work.action,), (principal,), (_filled(work.resource, partition, region),), context)


def _filled(resource: str, partition: str, region: str) -> str:
    return resource.replace("{partition}", partition).replace("{region}", region)

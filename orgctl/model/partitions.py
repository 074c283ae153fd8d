"""AWS partitions and their regions, by a table.

Source: botocore's `endpoints.json` and `partitions.json` (1.44.5). AWS adds a region or two a year: one that is not
listed here is warned about, never refused, and its partition follows from its name.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Partition:
    """One partition. `prefixes` begin the names of its regions; Organizations' API lives in `organizations_region`."""

    name: str
    prefixes: tuple[str, ...]
    regions: tuple[str, ...]
    organizations_region: str


AWS = Partition(
    "aws",
    (),
    (
        *("af-south-1", "ca-central-1", "ca-west-1", "il-central-1", "mx-central-1", "sa-east-1"),
        *("ap-east-1", "ap-east-2", "ap-south-1", "ap-south-2", "ap-northeast-1", "ap-northeast-2", "ap-northeast-3"),
        *("ap-southeast-1", "ap-southeast-2", "ap-southeast-3", "ap-southeast-4", "ap-southeast-5"),
        *("ap-southeast-6", "ap-southeast-7", "me-central-1", "me-south-1"),
        *("eu-central-1", "eu-central-2", "eu-north-1", "eu-south-1", "eu-south-2"),
        *("eu-west-1", "eu-west-2", "eu-west-3", "us-east-1", "us-east-2", "us-west-1", "us-west-2"),
    ),
    "us-east-1",
)
PARTITIONS: tuple[Partition, ...] = (
    AWS,
    Partition("aws-cn", ("cn-",), ("cn-north-1", "cn-northwest-1"), "cn-northwest-1"),
    Partition("aws-us-gov", ("us-gov-",), ("us-gov-east-1", "us-gov-west-1"), "us-gov-west-1"),
    Partition("aws-iso", ("us-iso-",), ("us-iso-east-1", "us-iso-west-1"), "us-iso-east-1"),
    Partition("aws-iso-b", ("us-isob-",), ("us-isob-east-1", "us-isob-west-1"), "us-isob-east-1"),
    Partition("aws-iso-e", ("eu-isoe-",), ("eu-isoe-west-1",), "eu-isoe-west-1"),
    Partition("aws-iso-f", ("us-isof-",), ("us-isof-east-1", "us-isof-south-1"), "us-isof-south-1"),
    Partition("aws-eusc", ("eusc-",), ("eusc-de-east-1",), "eusc-de-east-1"),
)
KNOWN_REGIONS: frozenset[str] = frozenset(region for partition in PARTITIONS for region in partition.regions)


def partition_of(region: str) -> Partition:
    """The partition that a region belongs to, by its name's beginning; `aws` if no other claims it."""
    return next((p for p in PARTITIONS if p.prefixes and region.startswith(p.prefixes)), AWS)

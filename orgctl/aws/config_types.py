"""What AWS Config records, as botocore's model of its API says it."""

from __future__ import annotations

from functools import cache

from botocore.loaders import Loader


@cache
def recorded_types() -> frozenset[str]:
    """The resource types that AWS Config knows: `AWS::Lambda::Function`. Source: `ResourceType` in botocore's model."""
    model = Loader().load_service_model("config", "service-2")
    return frozenset(model["shapes"]["ResourceType"]["enum"])

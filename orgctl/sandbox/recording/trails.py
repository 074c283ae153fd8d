"""CloudTrail's trails, in the form of the configuration item of AWS::CloudTrail::Trail.

Whether a trail logs is not in it: that takes GetTrailStatus, as with AWS.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from orgctl.sandbox.recording.resource import Resource
from orgctl.sandbox.state import Cloud

TYPE = "AWS::CloudTrail::Trail"


def trails(cloud: Cloud, account: str, region: str) -> Iterator[Resource]:
    """The trails of an account whose home is this region."""
    for arn, trail in cloud.trails.items():
        if (trail.account, trail.region) == (account, region):
            name = str(trail.settings["Name"])
            yield Resource(
                type=TYPE,
                id=name,
                name=name,
                arn=arn,
                region=region,
                configuration=_configuration(arn, trail.settings),
                tags=dict(trail.tags),
            )


def _configuration(arn: str, settings: dict[str, Any]) -> dict[str, Any]:
    named = {f"{key[0].lower()}{key[1:]}": value for key, value in settings.items() if key != "TrailARN"}
    named["logFileValidationEnabled"] = named.pop("enableLogFileValidation", False)
    return {**named, "trailARN": arn, "hasCustomEventSelectors": False}

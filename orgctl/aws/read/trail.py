"""One trail: its settings, whether it logs, its event selectors and tags."""

from __future__ import annotations

from orgctl.aws.call import Answer, read
from orgctl.aws.read.reading import Reading
from orgctl.aws.read.scope import TrailScope
from orgctl.aws.read.shapes import TrailInfo
from orgctl.errors import AwsError

_NONE = frozenset({"TrailNotFoundException"})


def read_trail(reading: Reading) -> None:
    """The trail that the scope names; for an import that names none, the organization's own if there is one."""
    wanted = reading.scope.trail or (_organization_trail(reading) if reading.scope.everything else None)
    if wanted is None:
        return
    try:
        reading.trail = _trail(reading, wanted)
    except AwsError as error:
        if error.code not in _NONE:
            raise


def _trail(reading: Reading, wanted: TrailScope) -> TrailInfo:
    def ask(operation: str, **parameters: object) -> Answer:
        return read(reading.aws, "cloudtrail", operation, parameters, region=wanted.region)

    trail = ask("GetTrail", Name=wanted.name)["Trail"]
    arn = trail["TrailARN"]
    selectors = ask("GetEventSelectors", TrailName=arn).get("AdvancedEventSelectors")
    return TrailInfo(
        name=trail["Name"],
        region=trail.get("HomeRegion", wanted.region),
        arn=arn,
        trail=trail,
        logging=ask("GetTrailStatus", Name=arn)["IsLogging"],
        event_selectors=tuple(selectors) if selectors else None,
        tags={
            tag["Key"]: tag.get("Value", "")
            for resource in ask("ListTags", ResourceIdList=[arn])["ResourceTagList"]
            for tag in resource.get("TagsList", ())
        },
    )


def _organization_trail(reading: Reading) -> TrailScope | None:
    answer = read(reading.aws, "cloudtrail", "DescribeTrails", {"includeShadowTrails": True})
    for trail in answer["trailList"]:
        if trail.get("IsOrganizationTrail"):
            return TrailScope(trail["TrailARN"], trail.get("HomeRegion", reading.aws.region))
    return None

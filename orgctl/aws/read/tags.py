"""Tags, by ListTagsForResource: one call for each thing (and a page for each further twenty tags)."""

from __future__ import annotations

from orgctl.aws.read.reading import Reading
from orgctl.errors import AwsError

LANE = "tags"


def want_tags(reading: Reading, resource_id: str) -> None:
    """Have the tags of a root, OU, account, policy or resource policy read."""
    reading.crew.submit(LANE, _read_tags, reading, resource_id)


def _read_tags(reading: Reading, resource_id: str) -> None:
    try:
        tags = {tag["Key"]: tag["Value"] for tag in reading.each("ListTagsForResource", "Tags", ResourceId=resource_id)}
    except AwsError as error:
        if error.code != "TargetNotFoundException":
            raise
        reading.gone.add(resource_id)
    else:
        reading.tags[resource_id] = tags

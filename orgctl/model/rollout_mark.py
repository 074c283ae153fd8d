"""`RolloutMark`: how far a policy has got in its stages, as it is kept in the policy's tags.

    orgctl:rollout-stage   2/4f8e1c22            the stage, and a digest of the stages up to it
    orgctl:rollout-since   2026-11-23T06:12:33Z  since when, in UTC

Tag values take letters, digits, blanks and `_.:/=+-@`. Source: "Tagging AWS Organizations resources", AWS
Organizations User Guide.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

PREFIX = "orgctl:rollout-"
STAGE_TAG, SINCE_TAG = f"{PREFIX}stage", f"{PREFIX}since"

_STAGE = re.compile(r"(\d{1,4})/([0-9a-f]{8})")
_SINCE = "%Y-%m-%dT%H:%M:%SZ"


@dataclass(frozen=True, slots=True)
class RolloutMark:
    """The stage of a policy (`scp/region-lock`), the digest of the way to it, and since when it is there, as in tags.

    On the desired side, `since` is None where it is to be the time of the apply. A mark that cannot be read has `stage`
    None.
    """

    policy: str
    stage: int | None
    path: str | None = None
    since: str | None = None

    @property
    def address(self) -> str:
        """`rollout:scp/region-lock`."""
        return mark_address(self.policy)

    @property
    def moment(self) -> datetime | None:
        """Since when, in UTC without offset; None if that cannot be read."""
        try:
            return datetime.strptime(self.since or "", _SINCE)
        except ValueError:
            return None


def mark_address(policy: str) -> str:
    """`rollout:scp/region-lock`."""
    return f"rollout:{policy}"


def mark_of(policy: str, tags: dict[str, str]) -> RolloutMark | None:
    """The mark in a policy's tags; None if there is none."""
    if STAGE_TAG not in tags and SINCE_TAG not in tags:
        return None
    found = _STAGE.fullmatch(tags.get(STAGE_TAG, ""))
    since = tags.get(SINCE_TAG)
    return RolloutMark(policy, int(found[1]), found[2], since) if found else RolloutMark(policy, None, None, since)


def stage_value(mark: RolloutMark) -> str:
    """The value of the stage's tag."""
    return f"{mark.stage}/{mark.path}"


def since_value(moment: datetime) -> str:
    """The value of the other tag, for a moment in UTC."""
    return moment.strftime(_SINCE)

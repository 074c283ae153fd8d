"""Tags, as every taggable resource of Organizations has them."""

from __future__ import annotations

from collections.abc import Iterator

from orgctl.model.resources import OWNER_TAG, Tags
from orgctl.reconcile.comparison import Draft
from orgctl.reconcile.plan import AttributeChange, Ref

OWNER = {OWNER_TAG: "true"}

_NOT_THE_USER_S = ("aws:", "orgctl:")
"""What tags begin with that AWS and orgctl make for themselves."""


def owned(tags: Tags | None) -> dict[str, str]:
    """The tags, with orgctl's own among them."""
    return {**(tags or {}), **OWNER}


def as_list(tags: Tags) -> list[dict[str, str]]:
    """Tags as most APIs take them, in a stable order."""
    return [{"Key": key, "Value": value} for key, value in sorted(tags.items())]


def compare_tags(before: Tags | None, after: Tags | None) -> tuple[AttributeChange, ...]:
    """A change per tag that differs. Undeclared (None) tags, AWS's and orgctl's own are left out."""
    if after is None:
        return ()
    had, wants = _comparable(before or {}), _comparable(after)
    return tuple(
        AttributeChange(f"tags.{key}", had.get(key), wants.get(key))
        for key in sorted(had.keys() | wants.keys())
        if had.get(key) != wants.get(key)
    )


def _comparable(tags: Tags) -> dict[str, str]:
    return {key: value for key, value in tags.items() if not key.startswith(_NOT_THE_USER_S)}


def tag_drafts(
    address: str, resource_id: str | Ref, changes: tuple[AttributeChange, ...], *, adopt: bool = False
) -> Iterator[Draft]:
    """The calls that bring a resource's tags about; `adopt` adds the owner's tag."""
    of_tags = {change.name.removeprefix("tags."): change.after for change in changes if change.name.startswith("tags.")}
    put = {key: str(value) for key, value in of_tags.items() if value is not None} | (OWNER if adopt else {})
    gone = sorted(key for key, value in of_tags.items() if value is None)
    if put:
        yield Draft(address, "organizations", "TagResource", {"ResourceId": resource_id, "Tags": as_list(put)})
    if gone:
        yield Draft(address, "organizations", "UntagResource", {"ResourceId": resource_id, "TagKeys": gone})

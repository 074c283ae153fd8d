"""What happens to a thing that exists and is wanted: ours is updated, foreign is adopted, left, or refused."""

from __future__ import annotations

from orgctl.model.resources import Tags, is_owned
from orgctl.reconcile.plan import Action, AttributeChange, Change

AS_WANTED = "not managed by orgctl; as the manifest wants it"


def change_existing(
    kind: str,
    address: str,
    attributes: tuple[AttributeChange, ...],
    *,
    tags: Tags | None,
    adopt: bool,
    how: str,
    differs: bool = False,
    destructive: bool = False,
) -> Change:
    """The change to an existing resource.

    `tags` are those that it has, `how` says how to adopt it, `differs` that it is not as wanted in something that
    `attributes` do not show (its attachments). A foreign thing that already is as wanted is no problem.
    """
    if is_owned(tags):
        action = Action.UPDATE if attributes else Action.NO_OP
        return Change(action, kind, address, attributes, destructive=destructive)
    if adopt:
        return Change(Action.ADOPT, kind, address, attributes, destructive=destructive)
    if not attributes and not differs:
        return Change(Action.NO_OP, kind, address, notes=(AS_WANTED,))
    return Change(
        Action.NO_OP,
        kind,
        address,
        attributes,
        problem=f"`{address}` exists, differs from the manifest, and is not managed by orgctl",
        hint=f"to take it over, {how}",
    )


def delete_ours(kind: str, address: str, tags: Tags | None) -> Change | None:
    """The removal of what the manifest no longer wants, where it is ours; None where it is foreign."""
    return Change(Action.DELETE, kind, address, destructive=True) if is_owned(tags) else None

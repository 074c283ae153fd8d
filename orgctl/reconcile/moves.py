"""The manifest's `moved`: old names in AWS are read as the new ones, so that things are renamed and not made anew."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from orgctl.model.address import UnitPath, parse_path, unit_address
from orgctl.model.resources import Account, Attachment, Policy, Resource, Unit
from orgctl.model.rollout_mark import RolloutMark
from orgctl.model.state import State

Move = tuple[str, str]
"""From and to: `("ou:/A", "ou:/B")` or `("scp/a", "scp/b")`."""


def apply_moves(actual: State, moves: Iterable[Move]) -> tuple[State, dict[str, str]]:
    """The actual state under its new names, and a mapping from new addresses to old ones.

    A move whose source is gone, or whose destination exists, has been made before and is passed over. An OU that goes
    to another parent cannot be renamed by AWS: only the mapping tells of it.
    """
    renamed: dict[str, str] = {}
    for source, destination in moves:
        old, new = _address(source), _address(destination)
        if old not in actual.resources or new in actual.resources:
            continue
        renamed[new] = old
        if old.startswith("policy:"):
            actual = _rewritten(actual, _policy_renamer(source, destination))
        elif _path(old)[:-1] == _path(new)[:-1]:
            actual = _rewritten(actual, _unit_renamer(_path(old), _path(new)))
    return actual, renamed


def _address(name: str) -> str:
    return name if name.startswith("ou:") else f"policy:{name.removeprefix('policy:')}"


def _path(address: str) -> UnitPath:
    return parse_path(address.removeprefix("ou:"))


def _rewritten(state: State, rename: Callable[[Resource], Resource]) -> State:
    return State.of(map(rename, state.resources.values()), state.findings)


def _policy_renamer(old: str, new: str) -> Callable[[Resource], Resource]:
    def rename(resource: Resource) -> Resource:
        match resource:
            case Policy(name=name) if name == old:
                return replace(resource, name=new)
            case Attachment(policy=name) if name == old:
                return replace(resource, policy=new)
            case RolloutMark(policy=name) if name == old:
                return replace(resource, policy=new)
            case _:
                return resource

    return rename


def _unit_renamer(old: UnitPath, new: UnitPath) -> Callable[[Resource], Resource]:
    def moved(path: UnitPath) -> UnitPath:
        return new + path[len(old) :] if path[: len(old)] == old else path

    def rename(resource: Resource) -> Resource:
        match resource:
            case Unit():
                return replace(resource, path=moved(resource.path))
            case Account():
                return replace(resource, parent=moved(resource.parent))
            case Attachment() if resource.target.startswith("ou:"):
                return replace(resource, target=unit_address(moved(_path(resource.target))))
            case _:
                return resource

    return rename

"""Staged rollouts: stages are targets of the manifest, each adds something, and they lead to the attachments."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from orgctl.diagnostics import Diagnostic
from orgctl.manifest import codes
from orgctl.manifest.loaded import AccountEntry, LoadedManifest
from orgctl.manifest.nearest import did_you_mean
from orgctl.manifest.policies import MAX_NAME
from orgctl.manifest.schema import Rollout
from orgctl.model.address import ROOT, ancestors, unit_address
from orgctl.model.policy_types import RCP, SCP
from orgctl.source import Place

_DENYING = (SCP.folder, RCP.folder)
_ROOT = unit_address(ROOT)


@dataclass(frozen=True, slots=True)
class _Target:
    """A target that a stage names, by its address, and where that stands."""

    address: str
    place: Place


def rollouts(loaded: LoadedManifest) -> Iterator[Diagnostic]:
    """Check the stages of every policy that has some."""
    for name, options in loaded.manifest.policies.items():
        if options.rollout:
            yield from _check(loaded, name, options.rollout, ("policies", name, "rollout"))


def _check(loaded: LoadedManifest, name: str, rollout: Rollout, place: Place) -> Iterator[Diagnostic]:
    folder = name.partition("/")[0]
    if folder not in _DENYING:
        message = f"`{name}` cannot be rolled out by stages: its type denies nothing"
        hint = f"only policies in `{'` and `'.join(_DENYING)}` can; take `rollout` out"
        yield Diagnostic(codes.ROLLOUT_TYPE, message, loaded.source.key_at(place), hint)
        return
    if f"{name}.next" in {*loaded.policies, *loaded.broken_policies}:
        message = f"`{name}.next` is what a new version of `{name}` is called on its way"
        yield Diagnostic(codes.ROLLOUT_NAME, message, loaded.source.key_at(place), "rename that file")
    if len(name) - len(folder) - 1 > MAX_NAME - len(".next"):
        message = f"`{name}` is too long for a rollout: `.next` comes after it while a new version is on its way"
        hint = f"names have at most {MAX_NAME} characters: shorten it"
        yield Diagnostic(codes.ROLLOUT_NAME, message, loaded.source.key_at(place), hint)
    targets = list(_targets(rollout, place))
    unknown = [target for target in targets if not _is_known(loaded, target.address)]
    yield from (_unknown(loaded, target) for target in unknown)
    if not unknown:
        yield from _adding(loaded, targets)
        yield from _leading(loaded, name, targets, place)
    yield from _up_to(loaded, rollout, targets, place)


def _targets(rollout: Rollout, place: Place) -> Iterator[_Target]:
    for number, stage in enumerate(rollout.stages):
        here: Place = (*place, "stages", number)
        if isinstance(stage, str):
            yield _Target(_address(stage), here)
        else:
            yield from (_Target(_address(each), (*here, index)) for index, each in enumerate(stage))


def _address(name: str) -> str:
    return _ROOT if name == "root" else name


def _is_known(loaded: LoadedManifest, address: str) -> bool:
    return any(entry.address == address for entry in loaded.targets)


def _unknown(loaded: LoadedManifest, target: _Target) -> Diagnostic:
    known = [entry.address for entry in loaded.targets]
    hint = did_you_mean(target.address, known, "name an OU (`ou:/Sandbox`), an account (`account:dev`), or `root`")
    return Diagnostic(
        codes.ROLLOUT_TARGET, f"there is no target `{target.address}`", loaded.source.at(target.place), hint
    )


def _adding(loaded: LoadedManifest, targets: list[_Target]) -> Iterator[Diagnostic]:
    """A target adds nothing if an earlier one is the same, or above it."""
    seen: set[str] = set()
    for target in targets:
        above = next((each for each in _and_above(loaded, target.address) if each in seen), None)
        if above:
            where = "before" if above == target.address else f"with `{above}`, which is above it"
            message = f"`{target.address}` adds nothing: it is reached {where}"
            position = loaded.source.at(target.place)
            yield Diagnostic(codes.ROLLOUT_REPEATED, message, position, "take it out, or put it earlier")
        seen.add(target.address)


def _leading(loaded: LoadedManifest, name: str, targets: list[_Target], place: Place) -> Iterator[Diagnostic]:
    """Every stage is where the policy ends, or below that; and every attachment is of a stage."""
    ends = {entry.address for entry in loaded.targets if name in entry.declared.policies}
    for target in targets:
        if not ends & set(_and_above(loaded, target.address)):
            message = f"`{name}` is attached neither to `{target.address}` nor above it, where its rollout leads"
            hint = "name the policy in the `policies` of that target, or take the stage out"
            yield Diagnostic(codes.ROLLOUT_BEYOND, message, loaded.source.at(target.place), hint)
    for address in sorted(ends - {target.address for target in targets}):
        message = f"`{name}` is attached to `{address}`, to which no stage leads"
        position = loaded.source.key_at((*place, "stages"))
        yield Diagnostic(codes.ROLLOUT_SHORT, message, position, f"add a stage `{_name(address)}`")


def _up_to(loaded: LoadedManifest, rollout: Rollout, targets: list[_Target], place: Place) -> Iterator[Diagnostic]:
    if rollout.up_to and _address(rollout.up_to) not in {target.address for target in targets}:
        message, position = f"no stage leads to `{rollout.up_to}`", loaded.source.at((*place, "up_to"))
        hint = did_you_mean(rollout.up_to, [_name(target.address) for target in targets], "name a target of a stage")
        yield Diagnostic(codes.ROLLOUT_UP_TO, message, position, hint)


def _and_above(loaded: LoadedManifest, address: str) -> tuple[str, ...]:
    """A target and all that is above it."""
    entry = next((each for each in loaded.targets if each.address == address), None)
    if entry is None:
        return ()
    if isinstance(entry, AccountEntry):
        return (*map(unit_address, ancestors(entry.parent)), address)
    return tuple(map(unit_address, ancestors(entry.path)))


def _name(address: str) -> str:
    return "root" if address == _ROOT else address

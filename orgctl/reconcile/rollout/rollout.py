"""`Rollout`: what the manifest says of one policy's stages, as a value."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from orgctl.manifest import LoadedManifest, schema
from orgctl.model.address import ROOT, unit_address

_UNITS = {"h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}
_NEXT = ".next"


@dataclass(frozen=True, slots=True)
class Rollout:
    """The stages of a policy (`scp/region-lock`), each the addresses of its targets; the last is where it ends.

    Before it leaves a stage it bakes there. `max_newly_denied` is how many calls it may deny; None: nobody looks.
    `hold`: it stays where it is. `up_to`: it is on no later stage than this one, counted from 1.
    """

    policy: str
    stages: tuple[tuple[str, ...], ...]
    bake: timedelta
    max_newly_denied: int | None = None
    hold: bool = False
    up_to: int | None = None

    @property
    def last(self) -> int:
        """The number of the last stage; they count from 1, and 0 is before them all."""
        return len(self.stages)

    @property
    def candidate(self) -> str:
        """What a new version is called while it is on its way, beside the old one that is everywhere already."""
        return next_version(self.policy)

    def reached(self, stage: int) -> tuple[str, ...]:
        """The targets of all stages up to this one."""
        return tuple(dict.fromkeys(target for targets in self.stages[:stage] for target in targets))

    def path(self, stage: int) -> str:
        """A digest of the stages up to this one: a mark with another one was made on another way."""
        text = "\n".join(" ".join(sorted(targets)) for targets in self.stages[:stage])
        return hashlib.sha256(text.encode()).hexdigest()[:8]


def next_version(policy: str) -> str:
    """`scp/region-lock.next`."""
    return f"{policy}{_NEXT}"


def is_next_version(policy: str) -> bool:
    """Whether a policy is the new version of another, on its way."""
    return policy.endswith(_NEXT)


def rollouts_of(loaded: LoadedManifest, *, hold: bool = False) -> tuple[Rollout, ...]:
    """The rollouts of a manifest; `hold` holds them all."""
    return tuple(_rollouts(loaded, hold))


def _rollouts(loaded: LoadedManifest, hold: bool) -> Iterator[Rollout]:
    for name, options in loaded.manifest.policies.items():
        said = options.rollout
        if said is None:
            continue
        stages = stages_of(said)
        up_to = stage_with(said.up_to, stages) if said.up_to else None
        yield Rollout(name, stages, duration_of(said.bake), said.max_newly_denied, said.hold or hold, up_to)


def stages_of(said: schema.Rollout) -> tuple[tuple[str, ...], ...]:
    """The stages by the addresses of their targets."""
    return tuple(
        tuple(map(target_address, [targets] if isinstance(targets, str) else targets)) for targets in said.stages
    )


def stage_with(target: str, stages: tuple[tuple[str, ...], ...]) -> int | None:
    """The number of the stage that a target is of; None if it is of none."""
    return next((number for number, each in enumerate(stages, 1) if target_address(target) in each), None)


def target_address(name: str) -> str:
    """The address of what a stage names: `root` is the root."""
    return unit_address(ROOT) if name == "root" else name


def duration_of(text: str) -> timedelta:
    """`7d`."""
    return int(text[:-1]) * _UNITS[text[-1]]

"""Where a rollout is: by the mark in the policy's tags, checked against where the policy is attached."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from orgctl.model.address import UnitPath, ancestors, parse_path, unit_address
from orgctl.model.resources import Account, AccountState, Attachment, Policy, Unit, is_owned
from orgctl.model.rollout_mark import RolloutMark, mark_address
from orgctl.model.state import State
from orgctl.policy.canonical import same
from orgctl.reconcile.rollout.rollout import Rollout


@dataclass(frozen=True, slots=True)
class Standing:
    """A rollout and how far it has got.

    `subject` is the policy that goes from stage to stage: the rollout's own, or the new version of one that is
    everywhere already. `stage` is the one that it has reached (0: none), `since` since when, in UTC; None: its time
    begins anew, and `anew` says why.
    """

    rollout: Rollout
    subject: str
    stage: int
    since: datetime | None = None
    anew: str | None = None

    @property
    def is_new_version(self) -> bool:
        """Whether a new version goes, while the old one stays everywhere."""
        return self.subject != self.rollout.policy

    @property
    def is_done(self) -> bool:
        """Whether there is no further stage."""
        return self.stage >= self.rollout.last


def standing_of(rollout: Rollout, desired: State, actual: State, *, adopt: bool = False) -> Standing | None:
    """Where a rollout is. None if orgctl does not own the policy and is not to: then it is not ours to move.

    `adopt`: whatever is wanted is to become ours.
    """
    wanted = desired.get(Policy, f"policy:{rollout.policy}")
    present = actual.get(Policy, f"policy:{rollout.policy}")
    if wanted is None or (present and not is_owned(present.tags) and not (wanted.adopt or adopt)):
        return None
    own = _standing(rollout, rollout.policy, wanted, desired, actual)
    if not own.is_done or not present or not _differs(present, wanted):
        return own
    return _standing(rollout, rollout.candidate, wanted, desired, actual)


def _standing(rollout: Rollout, subject: str, wanted: Policy, desired: State, actual: State) -> Standing:
    present = actual.get(Policy, f"policy:{subject}")
    if present is None:
        return Standing(rollout, subject, 0)
    mark = actual.get(RolloutMark, mark_address(subject))
    # A new version ends by taking the old one's place, and never by being everywhere itself.
    highest = rollout.last - 1 if subject == rollout.candidate else rollout.last
    covered = min(_covered(rollout, subject, actual), highest)
    if mark is None and not covered:
        return Standing(rollout, subject, 0)
    if mark is None or mark.stage is None or mark.moment is None or not _fits(mark, rollout, highest):
        why = "its stages are others than before" if mark else "nobody knows since when it is there"
        return Standing(rollout, subject, covered, None, None if covered >= rollout.last else why)
    anew = _anew(rollout, mark.stage, subject, present, wanted, desired, actual)
    return Standing(rollout, subject, mark.stage, None if anew else mark.moment, anew)


def _fits(mark: RolloutMark, rollout: Rollout, highest: int) -> bool:
    """Whether the mark was made on the way that the manifest describes now."""
    return mark.stage is not None and 0 < mark.stage <= highest and mark.path == rollout.path(mark.stage)


def _anew(
    rollout: Rollout, stage: int, subject: str, present: Policy, wanted: Policy, desired: State, actual: State
) -> str | None:
    """Why the time on the stage begins anew; None if it does not."""
    if stage >= rollout.last:
        return None
    if _differs(present, wanted):
        return "its content changes"
    missing = [
        target
        for target in rollout.reached(stage)
        if f"{subject}@{target}" not in actual.resources and _is_or_comes(target, desired, actual)
    ]
    return f"it is not attached to `{missing[0]}` yet" if missing else None


def _is_or_comes(target: str, desired: State, actual: State) -> bool:
    """Whether a target is there, or will be by this plan; an account that was invited, or is to be closed, may not."""
    found = actual.resources.get(target) or desired.resources.get(target)
    if isinstance(found, Account):
        wanted = desired.get(Account, target)
        closes = wanted is not None and wanted.state is AccountState.CLOSED
        return not closes and found.join != "invite" and found.state is not AccountState.INVITED
    return found is not None


def _differs(present: Policy, wanted: Policy) -> bool:
    """Whether the manifest has another content than AWS, in meaning."""
    if wanted.content is None or present.content is None:
        return False
    return not same(present.content, wanted.content, sids=True)


def _covered(rollout: Rollout, subject: str, actual: State) -> int:
    """The last stage up to which all targets have the policy, on themselves or from above."""
    worn = {each.target for each in actual.each(Attachment) if each.policy == subject}
    number = 0
    for targets in rollout.stages:
        if not all(worn & set(and_above(target, actual)) for target in targets):
            break
        number += 1
    return number


def and_above(target: str, state: State) -> tuple[str, ...]:
    """A target and all that is above it, from the root down."""
    account = state.get(Account, target)
    if account is not None:
        return (*map(unit_address, ancestors(account.parent)), target)
    return tuple(map(unit_address, ancestors(_path(target, state))))


def _path(target: str, state: State) -> UnitPath:
    unit = state.get(Unit, target)
    if unit is not None:
        return unit.path
    return parse_path(target.removeprefix("ou:")) if target.startswith("ou:") else ()

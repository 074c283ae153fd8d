"""`apply`: do what a plan says, if it still fits and nothing in it needs a permission that was not given."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path

from orgctl.api.connection import Connection
from orgctl.api.planning import lock_settings, open_for, plan_loaded
from orgctl.api.replaying import Replaying, passed_over_replay, refuse_replayed
from orgctl.api.tested import passed_over, refuse_untested, tested
from orgctl.aws.lock import break_lock, held
from orgctl.aws.read.crew import Progress
from orgctl.aws.read.snapshot import read
from orgctl.aws.session import Aws
from orgctl.errors import RefusedError, StalePlanError
from orgctl.manifest import load
from orgctl.reconcile.calls import calls_to
from orgctl.reconcile.executor import Observer, Outcome, execute
from orgctl.reconcile.fingerprint import changed_since, fingerprints
from orgctl.reconcile.plan import Plan, Tested
from orgctl.reconcile.plan_file import LockSettings, SavedPlan


@dataclass(frozen=True, slots=True)
class Terms:
    """On what terms to apply.

    `show` is given the plan before anything is refused. `confirm` then raises RefusedError if it is not to be done.
    `watch` opens the observers of the apply, `reading` is told the progress of reading AWS, `warn` in a sentence what
    is dangerous and not forbidden. `skip_tests` neither runs the policy tests nor minds what they said.
    `replaying` says which recorded events the plan is held against, and whether it is minded what comes of that.
    `lock_timeout` is in seconds; `break_lock` takes the lock away from whoever holds it.
    """

    confirm: Callable[[Plan], None]
    show: Callable[[Plan], None] = lambda plan: None
    watch: Callable[[Plan], AbstractContextManager[tuple[Observer, ...]]] = lambda plan: nullcontext(())
    warn: Callable[[str], None] = lambda sentence: None
    reading: Callable[[], AbstractContextManager[Progress | None]] = nullcontext
    allow_guardrail_gap: bool = False
    allow_close: bool = False
    adopt: bool = False
    skip_tests: bool = False
    replaying: Replaying = field(default_factory=Replaying)
    lock_timeout: float = 0.0
    break_lock: bool = False


def apply_manifest(directory: Path, connection: Connection, terms: Terms) -> tuple[Plan, Outcome]:
    """Plan, ask, and do it, all under the lock. Errors as of `plan`, LockedError, and RefusedError if not permitted.

    Where policy tests fail, it is refused before AWS is asked for anything.
    """
    loaded = load(directory)
    found = tested(directory, skip=terms.skip_tests)
    _heed(found, terms)
    aws = open_for(loaded, connection)
    with _locked(aws, lock_settings(loaded), terms):
        with terms.reading() as progress:
            saved = plan_loaded(
                loaded, aws, adopt=terms.adopt, tests=found, replaying=terms.replaying, progress=progress
            )
        return _apply(saved, aws, terms)


def apply_saved(saved: SavedPlan, connection: Connection, terms: Terms) -> tuple[Plan, Outcome]:
    """Read AWS again under the lock, and do the plan if it still fits.

    Raises StalePlanError, with what has changed, if it does not; RefusedError for other credentials, and for a plan
    whose policy tests failed or were not run, or that denies what `replay.fail_on` forbids; LockedError.
    """
    _heed(saved.plan.tested, terms)
    refuse(saved.plan, terms)
    aws = connection.open(saved.plan.management_account, saved.access_role, saved.limits)
    with _locked(aws, saved.lock, terms):
        with terms.reading() as progress:
            now = fingerprints(read(aws, saved.scope, progress))
        changed = changed_since(saved.fingerprints, now)
        if changed:
            few = "; ".join(changed[:5]) + (f"; and {len(changed) - 5} more" if len(changed) > 5 else "")
            raise StalePlanError(f"AWS has changed since the plan was made: {few}", hint="make a new plan")
        return _apply(saved, aws, terms)


def refuse(plan: Plan, terms: Terms) -> None:
    """Raise RefusedError if the plan has problems, or does what the terms do not permit."""
    for change in plan.problems[:1]:
        more = f" (and {len(plan.problems) - 1} more)" if len(plan.problems) > 1 else ""
        raise RefusedError(f"{change.problem}{more}", hint=change.hint)
    if plan.gaps and not terms.allow_guardrail_gap:
        raise RefusedError(
            f"call {plan.gaps[0].number} opens a guardrail gap: {plan.gaps[0].guardrail_gap}",
            hint="free a slot on the full target first, or permit it with `--allow-guardrail-gap`",
        )
    closings = [operation.address for operation in plan.operations if operation.action == "CloseAccount"]
    if closings and not terms.allow_close:
        raise RefusedError(
            f"the plan closes `{'`, `'.join(closings)}`",
            hint="a closed account is gone for good after 90 days; permit it with `--allow-close`",
        )
    if not terms.replaying.skip:
        refuse_replayed(plan.replayed)


def _heed(found: Tested | None, terms: Terms) -> None:
    if terms.skip_tests:
        terms.warn(passed_over(found))
    else:
        refuse_untested(found)


def _locked(aws: Aws, lock: LockSettings | None, terms: Terms) -> AbstractContextManager[object]:
    if lock is None:
        terms.warn("there is no `lock` in the manifest: nothing keeps two applies from running at once")
        return nullcontext()
    if terms.break_lock:
        break_lock(aws, lock)
    return held(aws, lock, timeout=terms.lock_timeout)


def _apply(saved: SavedPlan, aws: Aws, terms: Terms) -> tuple[Plan, Outcome]:
    plan = saved.plan
    terms.show(plan)
    refuse(plan, terms)
    remark = passed_over_replay(plan.replayed) if terms.replaying.skip else None
    if remark:
        terms.warn(remark)
    terms.confirm(plan)
    quotas = saved.limits.quotas
    at_once = {
        "organizations:CreateAccount": quotas["accounts_being_created"],
        "organizations:CloseAccount": quotas["accounts_being_closed"],
    }
    with terms.watch(plan) as observers:
        return plan, execute(
            plan, calls_to(aws), observers, at_once=at_once, on_interrupt=aws.stop, now=terms.replaying.now
        )

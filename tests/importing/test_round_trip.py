"""What is imported is what is there: the law of the import, on random organizations."""

import tempfile
from pathlib import Path

from hypothesis import HealthCheck, given, settings

from orgctl.api.importing import write_fitting
from orgctl.api.planning import work_out
from orgctl.aws.read.shapes import Snapshot
from orgctl.manifest import load
from orgctl.model.resources import Account, AccountState, Policy, PolicyTypeSwitch, Unit
from orgctl.model.state import State
from orgctl.policy.canonical import same
from orgctl.reconcile.plan import Action
from orgctl.state.account_keys import account_keys
from orgctl.state.actual import actual
from orgctl.state.desired import desired
from orgctl.state.wanted import names_of
from tests.importing.organizations import snapshots


@given(snapshots())
@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_a_plan_right_after_an_import_is_empty(snapshot: Snapshot) -> None:
    """Whatever AWS has, nothing of it would be created, changed, moved or deleted; nothing is a problem."""
    with tempfile.TemporaryDirectory() as directory:
        write_fitting(snapshot, Path(directory), "eu-west-1")
        made = work_out(load(Path(directory)), snapshot)
    assert made.is_empty
    assert {change.action for change in made.changes} == {Action.NO_OP}


@given(snapshots())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_the_manifest_wants_everything_that_it_can_name(snapshot: Snapshot) -> None:
    """OUs, policy types, accounts that are not suspended, and policies of known types, in their places."""
    with tempfile.TemporaryDirectory() as directory:
        write_fitting(snapshot, Path(directory), "eu-west-1")
        loaded = load(Path(directory))
    wanted, there = desired(loaded, {}), actual(snapshot, names_of(loaded))
    assert addresses(wanted, Unit) == addresses(there, Unit)
    assert addresses(wanted, PolicyTypeSwitch) == addresses(there, PolicyTypeSwitch)
    assert places(wanted) == {a.id: a.parent for a in there.each(Account) if a.state is not AccountState.SUSPENDED}
    known = {p.name: p.content for p in there.each(Policy) if not p.aws_managed and p.folder in ("scp", "tag")}
    assert known.keys() == {policy.name for policy in wanted.each(Policy)}
    assert all(same(policy.content, known[policy.name]) for policy in wanted.each(Policy))


@given(snapshots())
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_adopting_right_after_an_import_only_tags(snapshot: Snapshot) -> None:
    """With `--adopt`, what was foreign gets orgctl's tag, and not a thing else is done to it."""
    with tempfile.TemporaryDirectory() as directory:
        write_fitting(snapshot, Path(directory), "eu-west-1")
        made = work_out(load(Path(directory)), snapshot, adopt=True)
    assert made.problems == ()
    assert {operation.action for operation in made.operations} <= {"TagResource", "PutResourcePolicy"}


@given(snapshots())
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_keys_of_accounts_are_unique_and_do_not_depend_on_order(snapshot: Snapshot) -> None:
    """Each account has a key of its own, which is AWS's name wherever nobody else has that name."""
    keys = account_keys(snapshot.accounts).by_id
    assert len(set(keys.values())) == len(snapshot.accounts)
    assert account_keys(reversed(snapshot.accounts)).by_id == keys
    names = [account.name for account in snapshot.accounts]
    assert all(keys[a.id] == a.name for a in snapshot.accounts if names.count(a.name) == 1)


def addresses(state: State, kind: type[Unit] | type[PolicyTypeSwitch]) -> set[str]:
    return {resource.address for resource in state.each(kind)}


def places(state: State) -> dict[str | None, tuple[str, ...]]:
    return {account.id: account.parent for account in state.each(Account)}

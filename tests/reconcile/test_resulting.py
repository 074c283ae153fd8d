"""What a plan is said to end in is what it ends in."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from orgctl.model.resources import Account, AccountState, Organization, Policy
from orgctl.model.state import State
from orgctl.policy.document import Document
from orgctl.reconcile.comparison import Comparison
from orgctl.reconcile.plan import Action, Change
from orgctl.reconcile.planner import make_plan
from orgctl.reconcile.resulting import resulting
from orgctl.simulator import Simulator
from orgctl.state.actual import actual
from tests.reconcile.pure_aws import MANAGEMENT, PureAws
from tests.reconcile.test_convergence import (
    LIMITS,
    SLOTS,
    content,
    keeping_accounts,
    manifests,
    names_of,
    perform,
    settled,
)

Levels = list[frozenset[tuple[str, Document]]]


def levels(state: State) -> dict[str, Levels]:
    """What bears on each account, level by level; made-up ids make no difference."""
    simulator = Simulator(state)
    return {
        account.key: [
            frozenset((policy.name, policy.document) for policy in level)
            for level in simulator.levels(str(account.id), "scp") or ()
        ]
        for account in simulator.accounts
    }


@given(st.data(), manifests(), manifests())
@settings(max_examples=100, deadline=None)
def test_it_is_what_aws_has_after_the_apply(data: st.DataObject, first: State, second: State) -> None:
    """From one manifest to another: the same policies on the same levels of every account, as AWS then has them."""
    second = keeping_accounts(first, second)
    aws = PureAws(SLOTS)
    settled(first, aws, data)
    names = names_of(second)
    between = Comparison(second, actual(aws.snapshot(), names), limits=LIMITS)
    plan = make_plan(between)
    if plan.problems:
        return
    expected = levels(resulting(between, plan.changes))
    perform(plan, aws, data)
    assert levels(actual(aws.snapshot(), names)) == expected


def test_ids_that_nobody_has_yet_are_made_up_and_inserted() -> None:
    """A policy that names a new account names the one of which requests are then asked."""
    text = content("s3:*").replace('"*"', '"arn:aws:s3:::logs-@{accounts.new}-@{organization.id}"')
    new = Account("new", email="new@example.com")
    management = Account("management", id=MANAGEMENT)
    desired = State.of([Organization(MANAGEMENT), management, new, Policy("scp/p", text)])
    present = State.of([Organization(MANAGEMENT, id="o-pure"), management])
    changes = [Change(Action.CREATE, "account", "account:new"), Change(Action.CREATE, "policy", "policy:scp/p")]
    found = resulting(Comparison(desired, present), changes)
    made, policy = found.get(Account, "account:new"), found.get(Policy, "policy:scp/p")
    assert made is not None
    assert made.id == "000000000001"
    assert policy is not None
    assert policy.content is not None
    assert "arn:aws:s3:::logs-000000000001-o-pure" in policy.content


def test_an_invited_account_is_no_member_yet() -> None:
    """It joins when its owner accepts, and nobody knows when."""
    invited = Account("guest", id="222222222222", join="invite")
    desired = State.of([Organization(MANAGEMENT), invited])
    changes = [Change(Action.CREATE, "account", invited.address)]
    found = resulting(Comparison(desired, State.of([Organization(MANAGEMENT)])), changes)
    assert found.get(Account, invited.address) == replace(invited, state=AccountState.INVITED)

"""Plans on random organizations, performed in any order that they allow and cut anywhere: they arrive, and safely."""

from __future__ import annotations

import copy
import json
from dataclasses import replace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from orgctl.model.limits import Limits
from orgctl.model.resources import Account, AccountState, Attachment, Organization, Policy, PolicyTypeSwitch, Unit
from orgctl.model.state import State
from orgctl.policy.difference import deny_statements
from orgctl.reconcile.comparison import Comparison
from orgctl.reconcile.executor import _resolved, utc_now
from orgctl.reconcile.plan import Operation, Plan
from orgctl.reconcile.planner import make_plan
from orgctl.state.actual import AccountNames, actual
from tests.reconcile.pure_aws import MANAGEMENT, ROOT, PureAws

PATHS = (("A",), ("A", "X"), ("A", "Y"), ("B",), ("B", "X"), ("C",))
KEYS = ("one", "two", "three", "four")
NAMES = ("p", "q", "r", "s")
SLOTS = 4
LIMITS = Limits().overridden({"scp_attached": SLOTS}, {})


def content(*actions: str) -> str:
    statements = [{"Effect": "Deny", "Action": action, "Resource": "*"} for action in sorted(actions)]
    return json.dumps({"Version": "2012-10-17", "Statement": statements}, separators=(",", ":"))


@st.composite
def manifests(draw: st.DrawFn) -> State:
    """What a small team could write into a manifest: a tree, accounts in it, policies on both."""
    wanted = draw(st.frozensets(st.sampled_from(PATHS)))
    paths = sorted({path[:depth] for path in wanted for depth in range(1, len(path) + 1)})
    homes = [(), *paths]
    accounts = [
        Account(key, email=f"{key}@example.com", parent=draw(st.sampled_from(homes)))
        for key in draw(st.lists(st.sampled_from(KEYS), unique=True))
    ]
    management = Account("management", id=MANAGEMENT, join="none")
    names = draw(st.lists(st.sampled_from(NAMES), unique=True))
    actions = st.frozensets(st.sampled_from(("s3:*", "ec2:*", "iam:*")), min_size=1)
    policies = [Policy(f"scp/{name}", content(*draw(actions))) for name in names]
    units = [Unit(()), *map(Unit, paths)]
    targets = [unit.address for unit in units] + [account.address for account in accounts]
    attachments = []
    for target in targets:
        on = draw(st.frozensets(st.sampled_from(names), max_size=SLOTS - 1)) if names else frozenset()
        attachments += [Attachment(f"scp/{name}", target) for name in sorted(on)]
        if not on or draw(st.integers(0, 4)):
            attachments.append(Attachment("scp/FullAWSAccess", target))
    attachments.append(Attachment("scp/FullAWSAccess", management.address))
    switch = PolicyTypeSwitch("SERVICE_CONTROL_POLICY")
    organization = Organization(MANAGEMENT)
    return State.of([organization, switch, *units, management, *accounts, *policies, *attachments])


def names_of(*states: State) -> AccountNames:
    emails = {a.email: a.key for state in states for a in state.each(Account) if a.email}
    return AccountNames({MANAGEMENT: "management"}, emails)


def plan_for(desired: State, aws: PureAws) -> Plan:
    present = actual(aws.snapshot(), names_of(desired))
    return make_plan(Comparison(desired, present, limits=LIMITS))


def perform(plan: Plan, aws: PureAws, data: st.DataObject, *, most: int | None = None) -> list[Operation]:
    """Perform the plan in a drawn order, or only its first calls; every state on the way is checked by the caller."""
    done: set[int] = set()
    results: dict[str, str] = {}
    order = []
    while len(done) < len(plan.operations) and (most is None or len(done) < most):
        possible = [o for o in plan.operations if o.number not in done and done.issuperset(o.after)]
        operation = data.draw(st.sampled_from(possible))
        _perform(operation, aws, results)
        done.add(operation.number)
        order.append(operation)
    return order


def _perform(operation: Operation, aws: PureAws, results: dict[str, str]) -> None:
    parameters: Any = _resolved(operation.parameters, results, utc_now)
    answer = aws.call(operation.action, parameters)
    for name, expression in operation.yields.items():
        value: Any = answer
        for part in expression.split("."):
            value = value[part]
        results[name] = value


def guards(aws: PureAws, account: str) -> frozenset[str]:
    """Policies in force by name, and their Deny statements by meaning."""
    worn = aws.guards(account)
    return frozenset(worn) | {token for text in worn.values() for token in deny_statements(text)}


def settled(desired: State, aws: PureAws, data: st.DataObject) -> None:
    perform(plan_for(desired, aws), aws, data)


@given(st.data(), manifests())
@settings(max_examples=60, deadline=None)
def test_a_plan_arrives_and_a_second_one_is_empty(data: st.DataObject, desired: State) -> None:
    """From an empty organization, whatever order the calls take, AWS accepts each and the next plan has none."""
    aws = PureAws(SLOTS)
    settled(desired, aws, data)
    assert plan_for(desired, aws).operations == ()


@given(st.data(), manifests(), manifests())
@settings(max_examples=120, deadline=None)
def test_no_call_leaves_an_account_without_a_guard_it_has_before_and_after(
    data: st.DataObject, first: State, second: State
) -> None:
    """From one manifest to another: after every single call, each account has what it has at both ends."""
    second = keeping_accounts(first, second)
    aws = PureAws(SLOTS)
    settled(first, aws, data)
    ahead = copy.deepcopy(aws)
    plan = plan_for(second, aws)
    settled(second, ahead, data)
    accounts = [account for account in aws.accounts if account in ahead.accounts]
    needed = {account: guards(aws, account) & guards(ahead, account) for account in accounts}
    if plan.gaps:
        return
    results: dict[str, str] = {}
    done: set[int] = set()
    while len(done) < len(plan.operations):
        possible = [o for o in plan.operations if o.number not in done and done.issuperset(o.after)]
        operation = data.draw(st.sampled_from(possible))
        _perform(operation, aws, results)
        done.add(operation.number)
        for account in accounts:
            assert needed[account] <= guards(aws, account)
    assert plan_for(second, aws).operations == ()


@given(st.data(), manifests(), manifests(), st.integers(0, 30))
@settings(max_examples=80, deadline=None)
def test_an_apply_cut_anywhere_is_finished_by_the_next(
    data: st.DataObject, first: State, second: State, most: int
) -> None:
    """Cut after any number of calls, in any order: the next plan does the rest, and no account is made twice."""
    second = keeping_accounts(first, second)
    aws = PureAws(SLOTS)
    settled(first, aws, data)
    perform(plan_for(second, aws), aws, data, most=most)
    settled(second, aws, data)
    assert plan_for(second, aws).operations == ()
    emails = [account["email"] for account in aws.accounts.values()]
    assert len(emails) == len(set(emails))


def keeping_accounts(first: State, second: State) -> State:
    """The second manifest with the first one's accounts in it too: an account cannot be taken out by an edit."""
    missing = [
        replace(account, parent=())
        for account in first.each(Account)
        if account.address not in second.resources and account.state is AccountState.ACTIVE
    ]
    full = [Attachment("scp/FullAWSAccess", account.address) for account in missing]
    return State.of([*second.resources.values(), *missing, *full])


def test_the_root_of_the_fake_is_the_root_of_the_state() -> None:
    """The fake's snapshot reads as a state whose root has its id, or every test above would prove nothing."""
    present = actual(PureAws().snapshot(), names_of())
    root = present.get(Unit, "ou:/")
    assert root is not None
    assert root.id == ROOT

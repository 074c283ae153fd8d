"""AWS Config as resources: in the right order from nothing and back, and quiet where everything is as wanted."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from orgctl.aws.read.shapes import AccountInfo, OrganizationInfo, RootInfo, Snapshot
from orgctl.manifest import LoadedManifest, load
from orgctl.model.config_resources import HASH_TAG, ConformancePack, RoleStackSet, RuleFunction
from orgctl.model.limits import Limits
from orgctl.model.resources import AccountState, FeatureSet, Unit
from orgctl.model.state import State
from orgctl.packs.built import BuiltPack
from orgctl.reconcile.comparison import Comparison
from orgctl.reconcile.plan import Action, Join, Plan, Ref
from orgctl.reconcile.planner import make_plan
from orgctl.reconcile.resources.conformance_pack import left_out
from orgctl.reconcile.tags import owned
from orgctl.state.actual import actual, ids
from orgctl.state.desired import desired
from orgctl.state.wanted import names_of
from orgctl.state.watched import Watch

MANIFEST = """\
version: 1
organization:
  management_account: "111111111111"
  home_region: eu-west-1
  regions: [eu-west-1]
  trusted_access: [config.amazonaws.com, config-multiaccountsetup.amazonaws.com]
  delegated_administrators:
    config.amazonaws.com: [audit]
    config-multiaccountsetup.amazonaws.com: [audit]
config:
  administrator: audit
  packs: []
root:
  accounts:
    management: {id: "111111111111", email: aws@example.com}
  units:
    Security:
      accounts:
        audit: {id: "222222222222", email: audit@example.com}
    Workloads:
      accounts:
        shop: {id: "333333333333", email: shop@example.com}
        data: {id: "444444444444", email: data@example.com}
"""
PACK = BuiltPack("serverless", "eu-west-1", '{"Resources":{}}', ("ou:/Workloads",), functions=("LAYERS",))
WATCH = Watch((PACK,), {"LAYERS": b"zip"}, frozenset({"lambda:GetFunction"}))


@pytest.fixture
def loaded(tmp_path: Path) -> LoadedManifest:
    (tmp_path / "organization.yaml").write_text(MANIFEST, encoding="utf-8")
    return load(tmp_path)


def wanted(loaded: LoadedManifest, watch: Watch | None) -> State:
    return desired(loaded, {"organization.id": "o-1234567890"}, watch)


def bare(loaded: LoadedManifest) -> State:
    """The organization with its accounts, as AWS has it, before AWS Config is dealt with."""
    state = wanted(loaded, None)
    units = {unit.address: replace(unit, id=f"ou-{number}") for number, unit in enumerate(state.each(Unit))}
    return State({**state.resources, **units})


def plan_from(before: State, after: State) -> Plan:
    return make_plan(Comparison(after, before))


def present(loaded: LoadedManifest, watch: Watch | None) -> State:
    """AWS, exactly as wanted, and owned by orgctl."""
    state = wanted(loaded, watch)
    resources = {**state.resources, **bare(loaded).resources}
    for pack in state.each(ConformancePack):
        excluded = left_out(pack, Comparison(state, state))
        tags = owned({HASH_TAG: pack.sha256 or ""})
        resources[pack.address] = ConformancePack(
            pack.name, pack.region, pack.account, pack.sha256, excluded=excluded, tags=tags
        )
    for address, resource in resources.items():
        if address.startswith(("role:", "function:", "stack-set:", "aggregator:", "document:")):
            resources[address] = replace(resource, tags=owned({}))  # type: ignore[call-arg]
    return State(resources)


def order(plan: Plan) -> list[str]:
    """The calls that AWS Config needs."""
    services = ("iam", "lambda", "cloudformation", "config")
    return [f"{o.action} {o.address}" for o in plan.operations if o.service in services]


def before_all(plan: Plan, first: str, *then: str) -> list[bool]:
    """Whether the operations at `first` are, by their dependencies, all done before those at each of `then`."""
    below: dict[int, set[int]] = {}
    for operation in plan.operations:
        below[operation.number] = {*operation.after, *(n for earlier in operation.after for n in below[earlier])}
    early = {o.number for o in plan.operations if o.address == first}
    return [bool(early) and all(early <= below[o.number] for o in plan.operations if o.address == a) for a in then]


RULES, EVALUATION = "role:orgctl-config-rules@audit", "role:orgctl-config-evaluation@management"
FUNCTION, STACK_SET, PACK_AT = (
    "function:LAYERS@eu-west-1",
    "stack-set:orgctl-config-evaluation",
    "pack:serverless@eu-west-1",
)
AGGREGATOR = "aggregator:organization"


def test_from_nothing_everything_comes_after_what_it_needs(loaded: LoadedManifest) -> None:
    """Trusted access and administrators, roles, functions and stack set, and the pack last of all."""
    plan = plan_from(bare(loaded), wanted(loaded, WATCH))
    assert plan.problems == ()
    assert before_all(plan, RULES, FUNCTION, STACK_SET, EVALUATION, PACK_AT) == [True] * 4
    assert before_all(plan, FUNCTION, PACK_AT) == [True]
    assert before_all(plan, STACK_SET, PACK_AT) == [True]
    assert before_all(plan, "trusted-access:member.org.stacksets.cloudformation.amazonaws.com", STACK_SET) == [True]
    assert before_all(plan, "role:orgctl-config-aggregator@audit", AGGREGATOR) == [True]


def test_the_administrators_come_before_aggregator_and_pack(loaded: LoadedManifest) -> None:
    """AWS refuses both to an account that is not registered yet."""
    resources = bare(loaded).resources
    untold = State({a: r for a, r in resources.items() if not a.startswith(("delegated-", "trusted-"))})
    plan = plan_from(untold, wanted(loaded, WATCH))
    assert before_all(plan, "delegated-administrators:config.amazonaws.com", AGGREGATOR) == [True]
    assert before_all(plan, "delegated-administrators:config-multiaccountsetup.amazonaws.com", PACK_AT) == [True]


def test_what_is_as_wanted_needs_no_call(loaded: LoadedManifest) -> None:
    """And nothing is shown as different."""
    plan = plan_from(present(loaded, WATCH), wanted(loaded, WATCH))
    assert (order(plan), [c.address for c in plan.changes if c.action is not Action.NO_OP]) == ([], [])


def test_without_packs_everything_of_theirs_goes_functions_and_roles_last(loaded: LoadedManifest) -> None:
    """`packs: []`: first the pack, everywhere; then what it called; the roles at the end. The aggregator stays."""
    plan = plan_from(present(loaded, WATCH), wanted(loaded, Watch()))
    assert plan.problems == ()
    assert before_all(plan, PACK_AT, FUNCTION, STACK_SET, RULES) == [True] * 3
    assert before_all(plan, FUNCTION, RULES) == [True]
    assert before_all(plan, STACK_SET, RULES, EVALUATION) == [True] * 2
    assert sorted(order(plan)) == sorted(
        [
            f"DeleteOrganizationConformancePack {PACK_AT}",
            f"DeleteFunction {FUNCTION}",
            f"DeleteStackInstances {STACK_SET}",
            f"DeleteStackSet {STACK_SET}",
            f"DeleteRolePolicy {RULES}",
            f"DeleteRole {RULES}",
            f"DeleteRolePolicy {EVALUATION}",
            f"DeleteRole {EVALUATION}",
        ]
    )


def test_what_is_not_ours_is_never_removed(loaded: LoadedManifest) -> None:
    """A pack, a function or a role without the owner's tag is left where it is."""
    state = present(loaded, WATCH)
    foreign = {
        address: replace(resource, tags={})  # type: ignore[call-arg]
        if address.startswith(("role:", "function:", "stack-set:", "aggregator:", "document:", "pack:"))
        else resource
        for address, resource in state.resources.items()
    }
    assert order(plan_from(State(foreign), wanted(loaded, Watch()))) == []


def test_accounts_outside_the_targets_are_left_out(loaded: LoadedManifest) -> None:
    """An organization pack knows no targets: orgctl names every other account, those that it does not manage too."""
    snapshot = Snapshot(
        "111111111111",
        "aws",
        OrganizationInfo("o-1234567890", "arn", "111111111111", FeatureSet.ALL),
        root=RootInfo("r-root", "Root"),
        accounts=(
            AccountInfo("555555555555", "stranger", "x@example.com", AccountState.ACTIVE, "r-root"),
            AccountInfo("666666666666", "gone", "y@example.com", AccountState.SUSPENDED, "r-root"),
        ),
    )
    names = names_of(loaded)
    before = actual(snapshot, names)
    after = desired(loaded, ids(snapshot, names), WATCH)
    pack = after.get(ConformancePack, PACK_AT)
    assert pack is not None
    assert left_out(pack, Comparison(after, before)) == {"account:stranger (555555555555)"}


def test_a_changed_rule_changes_code_but_not_the_pack(loaded: LoadedManifest) -> None:
    """The template names the function, not its code."""
    changed = replace(WATCH, code={"LAYERS": b"another zip"})
    assert order(plan_from(present(loaded, WATCH), wanted(loaded, changed))) == [f"UpdateFunctionCode {FUNCTION}"]


def test_a_new_permission_reaches_every_member(loaded: LoadedManifest) -> None:
    """The evaluation role changes in the management account, and by the stack set everywhere else."""
    changed = replace(WATCH, permissions=frozenset({"lambda:GetFunction", "lambda:ListTags"}))
    assert sorted(order(plan_from(present(loaded, WATCH), wanted(loaded, changed)))) == [
        f"PutRolePolicy {EVALUATION}",
        f"UpdateStackSet {STACK_SET}",
    ]


def test_a_pack_that_somebody_stopped_in_between_is_sent_again(loaded: LoadedManifest) -> None:
    """Its hash is tagged after it was put: without the tag it counts as different."""
    state = present(loaded, WATCH)
    pack = state.get(ConformancePack, PACK_AT)
    assert pack is not None
    halfway = State({**state.resources, PACK_AT: replace(pack, sha256=None)})
    assert order(plan_from(halfway, wanted(loaded, WATCH))) == [
        f"PutOrganizationConformancePack {PACK_AT}",
        f"TagResource {PACK_AT}",
        f"GetOrganizationConformancePackDetailedStatus {PACK_AT}",
    ]


def test_the_function_answers_only_for_the_organizations_accounts(loaded: LoadedManifest) -> None:
    """Its policy names each of them; its role enters the evaluation role of the organization, and nothing else."""
    state = wanted(loaded, WATCH)
    function = state.get(RuleFunction, FUNCTION)
    stack_set = state.get(RoleStackSet, STACK_SET)
    assert function is not None
    assert stack_set is not None
    (statement,) = json.loads(function.policy or "")["Statement"]
    accounts = {"111111111111", "222222222222", "333333333333", "444444444444"}
    assert set(statement["Condition"]["StringEquals"]["AWS:SourceAccount"]) == accounts
    assert statement["Principal"] == {"Service": "config.amazonaws.com"}
    assert '"Principal":{"AWS":"arn:aws:iam::222222222222:role/orgctl-config-rules"}' in stack_set.template


def test_an_administrator_that_is_still_to_be_created_is_referred_to(loaded: LoadedManifest) -> None:
    """Its id is filled in wherever it stands, once the account is there."""
    text = MANIFEST.replace('audit: {id: "222222222222", ', "audit: {")
    (loaded.directory / "organization.yaml").write_text(text, encoding="utf-8")
    creating = load(loaded.directory)
    without = {a: r for a, r in bare(creating).resources.items() if a != "account:audit"}
    plan = plan_from(State(without), wanted(creating, WATCH))
    assert plan.problems == ()
    (create,) = [o for o in plan.operations if o.action == "CreateFunction"]
    role = create.parameters["Role"]
    assert role == Join(("arn:aws:iam::", Ref("account:audit"), ":role/orgctl-config-rules"))
    assert create.account == Ref("account:audit")
    assert before_all(plan, "account:audit", FUNCTION, STACK_SET, PACK_AT, AGGREGATOR) == [True] * 4


DOCUMENT = "document:add-layer@eu-west-1"
MENDING = replace(
    WATCH, packs=(replace(PACK, documents=("add-layer",), excluded=("audit",)),), documents={"add-layer": "{}"}
)


def test_a_document_is_shared_before_the_pack_names_it_and_goes_after(loaded: LoadedManifest) -> None:
    """AWS Config looks for the document when a pack is put, and a document that is shared cannot be deleted."""
    plan = plan_from(bare(loaded), wanted(loaded, MENDING))
    assert before_all(plan, DOCUMENT, PACK_AT) == [True]
    sharing = [o.parameters["AccountIdsToAdd"] for o in plan.operations if o.action == "ModifyDocumentPermission"]
    assert sharing == [["444444444444", "111111111111", "333333333333"]]
    back = plan_from(present(loaded, MENDING), wanted(loaded, Watch()))
    assert before_all(back, PACK_AT, DOCUMENT) == [True]
    of_document = [o.action for o in back.operations if o.address == DOCUMENT]
    assert of_document == ["ModifyDocumentPermission", "DeleteDocument"]


def test_a_changed_document_becomes_the_default_version(loaded: LoadedManifest) -> None:
    """Otherwise AWS would go on running the old one."""
    changed = replace(MENDING, documents={"add-layer": '{"schemaVersion":"0.3"}'})
    assert order(plan_from(present(loaded, MENDING), wanted(loaded, changed))) == []
    plan = plan_from(present(loaded, MENDING), wanted(loaded, changed))
    update, default = plan.operations
    assert (update.action, default.action) == ("UpdateDocument", "UpdateDocumentDefaultVersion")
    assert default.parameters["DocumentVersion"] == Ref(DOCUMENT, "version")


def test_a_document_for_more_accounts_than_aws_shares_with_is_refused(loaded: LoadedManifest) -> None:
    """The plan says so before anything is begun, and the quota can be overridden."""
    between = Comparison(wanted(loaded, MENDING), bare(loaded))
    for allowed, problems in (
        (3, []),
        (2, ["`document:add-layer@eu-west-1` would be shared with 3 accounts; AWS allows 2"]),
    ):
        plan = make_plan(replace(between, limits=Limits().overridden({"document_shares": allowed}, {})))
        assert [change.problem for change in plan.changes if change.problem] == problems
        assert bool(plan.operations) is not bool(problems)

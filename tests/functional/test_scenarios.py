"""What teams do to their organizations, one thing at a time: what is planned, and that it arrives."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import boto3
import pytest

from orgctl.api.applying import apply_manifest
from orgctl.api.connection import Connection
from orgctl.api.planning import plan
from orgctl.errors import RefusedError
from orgctl.reconcile.executor import Outcome
from orgctl.reconcile.plan import Action, Change, Plan
from orgctl.sandbox.embedded import Sandbox
from orgctl.views.plan_text import plan_text
from tests.functional.conftest import TERMS, copy_example
from tests.functional.small import account, policy, write


@pytest.fixture
def apply(tmp_path: Path, sandbox: Sandbox, connection: Connection) -> Callable[..., tuple[Plan, Outcome]]:
    """Apply the manifest, and see that a second plan is empty."""

    def apply(**terms: bool) -> tuple[Plan, Outcome]:
        made, outcome = apply_manifest(tmp_path, connection, replace(TERMS, **terms))  # type: ignore[arg-type]
        assert outcome.complete, dict(outcome.failed)
        assert plan(tmp_path, connection).plan.is_empty
        return made, outcome

    return apply


Apply = Callable[..., tuple[Plan, Outcome]]


def changes(made: Plan) -> dict[str, Action]:
    return {change.address: change.action for change in made.changes if change.action is not Action.NO_OP}


def change(made: Plan, address: str) -> Change:
    return next(change for change in made.changes if change.address == address)


def calls(made: Plan) -> list[str]:
    return [operation.action for operation in made.operations]


def test_an_organization_is_made_from_nothing(tmp_path: Path, sandbox: Sandbox, apply: Apply) -> None:
    """In an account without an organization, the first call makes one with all features, and the rest follows."""
    sandbox.cloud.organization = None
    policy(tmp_path, "scp/p", "s3:*")
    write(tmp_path, {"policies": ["scp/p"], "units": {"A": {"accounts": account("one")}}})
    made, _ = apply()
    assert made.organization is None
    assert calls(made)[0] == "CreateOrganization"
    assert {a.name for a in sandbox.organization.accounts.values()} >= {"one"}


def test_a_policy_is_changed_in_place(tmp_path: Path, apply: Apply) -> None:
    """New content is one UpdatePolicy, with the accounts that it reaches."""
    policy(tmp_path, "scp/p", "s3:*")
    write(tmp_path, {"policies": ["scp/p"], "units": {"A": {"accounts": account("one")}}})
    apply()
    policy(tmp_path, "scp/p", "s3:*", "ec2:*")
    made, _ = apply()
    assert calls(made) == ["UpdatePolicy"]
    reach = change(made, "policy:scp/p").reach
    assert reach is not None
    assert reach.sample == ("management", "one")


def test_white_space_and_order_are_no_change(tmp_path: Path, connection: Connection, apply: Apply) -> None:
    """A policy that is written otherwise and means the same is left alone."""
    policy(tmp_path, "scp/p", "s3:*")
    write(tmp_path, {"policies": ["scp/p"]})
    apply()
    text = (
        '{"Statement": {"Resource": ["*"], "Action": ["S3:*"], "Sid": "S0", "Effect": "Deny"}, "Version": "2012-10-17"}'
    )
    (tmp_path / "policies/scp/p.json").write_text(text)
    assert plan(tmp_path, connection).plan.is_empty


def test_a_new_name_of_a_statement_is_a_change(tmp_path: Path, apply: Apply) -> None:
    """A Sid decides nothing, but stands in AWS's messages: it is brought up to date, and the plan says so."""
    policy(tmp_path, "scp/p", "s3:*")
    write(tmp_path, {"policies": ["scp/p"]})
    apply()
    file = tmp_path / "policies/scp/p.json"
    file.write_text(file.read_text().replace('"S0"', '"NobodyTouchesS3"'))
    made, _ = apply()
    assert calls(made) == ["UpdatePolicy"]
    assert "      ~ only the names of statements" in [line.plain for line in plan_text(made)]


def test_an_ou_is_renamed_in_place(tmp_path: Path, sandbox: Sandbox, apply: Apply) -> None:
    """With `moved`, an OU keeps its id, and what is below it is not touched."""
    write(tmp_path, {"units": {"Old": {"units": {"Inner": {"accounts": account("one")}}}}})
    apply()
    before = {unit.name: unit.id for unit in sandbox.organization.units.values()}
    write(
        tmp_path,
        {"units": {"New": {"units": {"Inner": {"accounts": account("one")}}}}},
        moved=[{"from": "ou:/Old", "to": "ou:/New"}],
    )
    made, _ = apply()
    assert calls(made) == ["UpdateOrganizationalUnit"]
    after = {unit.name: unit.id for unit in sandbox.organization.units.values()}
    assert after == {"New": before["Old"], "Inner": before["Inner"]}


def test_an_ou_under_another_parent_is_made_anew(tmp_path: Path, apply: Apply) -> None:
    """AWS cannot re-parent an OU: it is created, its policies attached, accounts moved at once, the old one gone."""
    policy(tmp_path, "scp/p", "s3:*")
    inner = {"Inner": {"policies": ["scp/p"], "accounts": account("one")}}
    write(tmp_path, {"units": {"A": {"units": inner}, "B": {}}})
    apply()
    write(tmp_path, {"units": {"A": {}, "B": {"units": inner}}}, moved=[{"from": "ou:/A/Inner", "to": "ou:/B/Inner"}])
    made, _ = apply()
    assert calls(made) == [
        "CreateOrganizationalUnit",
        "AttachPolicy",
        "MoveAccount",
        "DeleteOrganizationalUnit",
    ]
    replaced = change(made, "ou:/B/Inner")
    assert replaced.action is Action.REPLACE
    assert "another id" in replaced.notes[0]


def test_a_policy_is_renamed_in_place(tmp_path: Path, apply: Apply) -> None:
    """With `moved`, a policy keeps its id and its attachments."""
    policy(tmp_path, "scp/old", "s3:*")
    write(tmp_path, {"policies": ["scp/old"]})
    apply()
    (tmp_path / "policies/scp/old.json").rename(tmp_path / "policies/scp/new.json")
    write(tmp_path, {"policies": ["scp/new"]}, moved=[{"from": "scp/old", "to": "scp/new"}])
    made, _ = apply()
    assert calls(made) == ["UpdatePolicy"]


def test_what_is_taken_out_goes_from_leaf_to_root(tmp_path: Path, apply: Apply) -> None:
    """Detachments before policies, inner OUs before outer ones; it has to be confirmed."""
    policy(tmp_path, "scp/p", "s3:*")
    write(tmp_path, {"units": {"A": {"policies": ["scp/p"], "units": {"B": {"policies": ["scp/p"]}}}}})
    apply()
    (tmp_path / "policies/scp/p.json").unlink()
    write(tmp_path, {})
    made, _ = apply()
    assert calls(made) == ["DeleteOrganizationalUnit", "DeleteOrganizationalUnit", "DeletePolicy"]
    assert [o.address for o in made.operations] == ["ou:/A/B", "ou:/A", "policy:scp/p"]
    assert all(change(made, o.address).destructive for o in made.operations)


def test_an_ou_that_is_not_empty_stays(tmp_path: Path, connection: Connection, apply: Apply) -> None:
    """An OU taken out of the manifest with an account that AWS still has in it is kept, and the plan says why."""
    write(tmp_path, {"units": {"A": {"accounts": account("one")}}})
    apply()
    write(tmp_path, {})
    made = plan(tmp_path, connection).plan
    assert made.is_empty
    assert change(made, "ou:/A").notes[0].startswith("kept, because it is not empty")
    assert [address.partition(" (")[0] for address in made.unmanaged] == ["account:one"]


def test_an_account_is_closed_only_when_both_say_so(tmp_path: Path, sandbox: Sandbox, apply: Apply) -> None:
    """`state: closed` plans it; without permission nothing happens; with it, the account closes."""
    write(tmp_path, {"accounts": account("one")})
    apply()
    write(tmp_path, {"accounts": account("one", state="closed")})
    with pytest.raises(RefusedError, match="closes `account:one`"):
        apply()
    made, _ = apply(allow_close=True)
    assert calls(made) == ["CloseAccount"]
    assert change(made, "account:one").irreversible
    states = {a.name: a.state.value for a in sandbox.organization.accounts.values()}
    assert states["one"] in {"SUSPENDED", "CLOSED"}


def test_what_another_made_is_not_touched(
    tmp_path: Path, sandbox: Sandbox, connection: Connection, apply: Apply
) -> None:
    """A foreign policy of the right name that differs is a problem that names the way out; adopted, it is ours."""
    write(tmp_path, {})
    apply()
    organizations = boto3.client("organizations", region_name="us-east-1")
    foreign = '{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"ec2:*","Resource":"*"}]}'
    organizations.create_policy(Name="p", Description="", Type="SERVICE_CONTROL_POLICY", Content=foreign)
    assert plan(tmp_path, connection).plan.unmanaged == ("policy:scp/p",)
    policy(tmp_path, "scp/p", "s3:*")
    write(tmp_path, {"policies": ["scp/p"]})
    (problem,) = plan(tmp_path, connection).plan.problems
    assert problem.hint == "to take it over, say `scp/p: {adopt: true}` under `policies`, or run with `--adopt`"
    with pytest.raises(RefusedError, match="not managed by orgctl"):
        apply()
    made, _ = apply(adopt=True)
    assert changes(made) == {"policy:scp/p": Action.ADOPT, "scp/p@ou:/": Action.CREATE}


def test_foreign_attachments_stay_and_count(
    tmp_path: Path, sandbox: Sandbox, connection: Connection, apply: Apply
) -> None:
    """Control Tower's guardrails keep their slots: what does not fit beside them is a problem before any call."""
    for name in "abc":
        policy(tmp_path, f"scp/{name}", f"{name}:*")
    write(tmp_path, {"units": {"A": {}}}, limits={"quotas": {"scp_attached": 3}})
    apply()
    organizations = boto3.client("organizations", region_name="us-east-1")
    foreign = '{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"ec2:*","Resource":"*"}]}'
    kind = "SERVICE_CONTROL_POLICY"
    made = organizations.create_policy(Name="aws-guardrails-x", Description="", Type=kind, Content=foreign)
    (unit,) = sandbox.organization.units
    organizations.attach_policy(PolicyId=made["Policy"]["PolicySummary"]["Id"], TargetId=unit)
    write(tmp_path, {"units": {"A": {"policies": ["scp/a"]}}}, limits={"quotas": {"scp_attached": 3}})
    apply()
    write(tmp_path, {"units": {"A": {"policies": ["scp/a", "scp/b"]}}}, limits={"quotas": {"scp_attached": 3}})
    (problem,) = plan(tmp_path, connection).plan.problems
    assert problem.problem == "`ou:/A` would have 4 policies of this type; AWS allows 3"


def test_an_allow_list_takes_full_access_away_last(tmp_path: Path, sandbox: Sandbox, apply: Apply) -> None:
    """`full_aws_access: false`: our own policy is on before FullAWSAccess goes, and it comes back when it is true."""
    policy(tmp_path, "scp/only-s3", "s3:*", effect="Allow")
    limited = {"policies": ["scp/only-s3"], "full_aws_access": False, "accounts": account("one")}
    write(tmp_path, {"units": {"A": limited}})
    made, _ = apply()
    order = [(o.action, o.address) for o in made.operations if "@ou:/A" in o.address]
    assert order == [("AttachPolicy", "scp/only-s3@ou:/A"), ("DetachPolicy", "scp/FullAWSAccess@ou:/A")]
    write(tmp_path, {"units": {"A": {"accounts": account("one")}}})
    made, _ = apply()
    assert calls(made) == ["AttachPolicy", "DetachPolicy"]


def test_drift_is_mended(tmp_path: Path, sandbox: Sandbox, connection: Connection, apply: Apply) -> None:
    """What somebody changed by hand in the console is put back: an attachment, a parent, a policy's text."""
    policy(tmp_path, "scp/p", "s3:*")
    write(tmp_path, {"policies": ["scp/p"], "units": {"A": {"accounts": account("one")}}})
    apply()
    organizations = boto3.client("organizations", region_name="us-east-1")
    root = sandbox.organization.root
    (p,) = [i for i, found in sandbox.organization.policies.items() if found.name == "p"]
    organizations.detach_policy(PolicyId=p, TargetId=root)
    (one,) = [a for a, info in sandbox.organization.accounts.items() if info.name == "one"]
    (unit,) = sandbox.organization.units
    organizations.move_account(AccountId=one, SourceParentId=unit, DestinationParentId=root)
    made, _ = apply()
    assert changes(made) == {"account:one": Action.MOVE, "scp/p@ou:/": Action.CREATE}


def test_a_policy_type_is_switched_off_only_by_name(tmp_path: Path, connection: Connection, apply: Apply) -> None:
    """A type that the manifest no longer names stays on; `disabled_policy_types` switches it off, after confirming."""
    write(tmp_path, {}, organization={"policy_types": ["service_control_policy", "tag_policy"]})
    apply()
    write(tmp_path, {})
    assert plan(tmp_path, connection).plan.is_empty
    write(tmp_path, {}, organization={"disabled_policy_types": ["tag_policy"]})
    made, _ = apply()
    assert calls(made) == ["DisablePolicyType"]
    assert change(made, "policy-type:tag_policy").destructive


def test_policies_that_outlived_their_type_are_found(tmp_path: Path, sandbox: Sandbox, apply: Apply) -> None:
    """Switching a type off leaves its policies; switched on again, they are attached and not made a second time."""
    policies = tmp_path / "policies/tag"
    policies.mkdir(parents=True)
    (policies / "t.json").write_text('{"tags": {"cost": {"tag_key": {"@@assign": "cost"}}}}')
    both = {"policy_types": ["service_control_policy", "tag_policy"]}
    write(tmp_path, {"policies": ["tag/t"]}, organization=both)
    apply()
    organizations = boto3.client("organizations", region_name="us-east-1")
    organizations.disable_policy_type(RootId=sandbox.organization.root, PolicyType="TAG_POLICY")
    while any(kind["Type"] == "TAG_POLICY" for kind in organizations.list_roots()["Roots"][0]["PolicyTypes"]):
        pass
    made, _ = apply()
    assert calls(made) == ["EnablePolicyType", "AttachPolicy"]


def test_an_account_is_invited_and_then_moved(
    tmp_path: Path, sandbox: Sandbox, connection: Connection, apply: Apply
) -> None:
    """The invitation is one plan; until it is accepted nothing is repeated; then the account moves into its OU."""
    write(tmp_path, {})
    apply()
    partner = {"partner": {"id": "222222222222", "invite": True}}
    write(tmp_path, {"units": {"A": {"accounts": partner}}})
    made, _ = apply()
    assert calls(made) == ["CreateOrganizationalUnit", "InviteAccountToOrganization"]
    waiting = plan(tmp_path, connection).plan
    assert "once the account's owner has accepted" in change(waiting, "account:partner").notes[0]
    guest = boto3.client("organizations", endpoint_url=sandbox.endpoint_url, **sandbox.credentials("222222222222"))
    pages = guest.get_paginator("list_handshakes_for_account").paginate()
    (handshake,) = [handshake for page in pages for handshake in page["Handshakes"]]
    guest.accept_handshake(HandshakeId=handshake["Id"])
    made, _ = apply()
    assert calls(made) == ["MoveAccount"]


def test_an_unknown_account_id_is_a_problem(tmp_path: Path, sandbox: Sandbox, connection: Connection) -> None:
    """An id that is in no account of the organization is not created, but named."""
    write(tmp_path, {"accounts": {"ghost": {"id": "333333333333", "email": "ghost@example.com"}}})
    (problem,) = plan(tmp_path, connection).plan.problems
    assert problem.problem == "there is no account `333333333333` in the organization"


def test_ids_of_new_accounts_reach_policies(tmp_path: Path, sandbox: Sandbox, apply: Apply) -> None:
    """A policy may name an account that the same apply creates: its id is put in once AWS has given it."""
    folder = tmp_path / "policies/scp"
    folder.mkdir(parents=True)
    (folder / "p.yaml").write_text(
        'Version: "2012-10-17"\n'
        "Statement:\n"
        "  Effect: Deny\n  Action: s3:*\n  Resource: '*'\n"
        "  Condition: {StringNotEquals: {aws:PrincipalAccount: '@{accounts.one}'}}\n"
    )
    write(tmp_path, {"policies": ["scp/p"], "accounts": account("one")})
    apply()
    (one,) = [i for i, info in sandbox.organization.accounts.items() if info.name == "one"]
    assert one in next(p.content for p in sandbox.organization.policies.values() if p.name == "p")


def test_tags_and_contacts_are_as_declared(tmp_path: Path, sandbox: Sandbox, apply: Apply) -> None:
    """Declared tags and contacts are put, changed and taken away; undeclared ones are left alone."""
    contact = {"name": "Ann", "title": "On call", "email": "ann@example.com", "phone": "+49 30 1"}
    organization = {"trusted_access": ["account.amazonaws.com"]}
    first = account("one", tags={"env": "prod", "old": "x"}, contacts={"security": contact})
    write(tmp_path, {"accounts": first}, organization=organization)
    apply()
    second = account("one", tags={"env": "dev"}, contacts={"security": None})
    write(tmp_path, {"accounts": second}, organization=organization)
    made, _ = apply()
    assert calls(made) == ["DeleteAlternateContact", "TagResource", "UntagResource"]
    write(tmp_path, {"accounts": account("one")}, organization=organization)
    made, _ = apply()
    assert made.operations == ()


def test_delegated_administrators_are_exchanged_without_a_moment_of_none(tmp_path: Path, apply: Apply) -> None:
    """The new one is registered before the old one goes, and the exchange has to be confirmed."""
    service = "config.amazonaws.com"
    accounts = {**account("one"), **account("two")}
    write(tmp_path, {"accounts": accounts}, organization={"delegated_administrators": {service: ["one"]}})
    apply()
    write(tmp_path, {"accounts": accounts}, organization={"delegated_administrators": {service: ["two"]}})
    made, _ = apply()
    assert calls(made) == ["RegisterDelegatedAdministrator", "DeregisterDelegatedAdministrator"]
    assert change(made, f"delegated-administrators:{service}").destructive


def test_a_gap_is_named_and_has_to_be_permitted(tmp_path: Path, apply: Apply) -> None:
    """Where root and OU are full and exchange a policy, one guard goes for a moment: only with permission."""
    for name in "pq":
        policy(tmp_path, f"scp/{name}", f"{name}:*")
    limits = {"quotas": {"scp_attached": 2}}
    one = account("one")
    write(tmp_path, {"policies": ["scp/p"], "units": {"A": {"policies": ["scp/q"], "accounts": one}}}, limits=limits)
    apply()
    write(tmp_path, {"policies": ["scp/q"], "units": {"A": {"policies": ["scp/p"], "accounts": one}}}, limits=limits)
    with pytest.raises(
        RefusedError, match=r"opens a guardrail gap: `scp/[pq]` does not guard `one` until a later step"
    ):
        apply()
    apply(allow_guardrail_gap=True)


def test_all_features_come_before_policies(tmp_path: Path, sandbox: Sandbox, connection: Connection) -> None:
    """On an organization for billing alone, the one change is EnableAllFeatures, irreversible; then it waits."""
    sandbox.organization.features = "CONSOLIDATED_BILLING"
    policy(tmp_path, "scp/p", "s3:*")
    write(tmp_path, {"policies": ["scp/p"], "units": {"A": {}}})
    made, outcome = apply_manifest(tmp_path, connection, TERMS)
    assert calls(made) == ["EnableAllFeatures"]
    assert change(made, "organization").irreversible
    assert outcome.complete


def test_the_delegation_policy_is_put_changed_and_deleted(tmp_path: Path, sandbox: Sandbox, apply: Apply) -> None:
    """It follows its file, and goes when the manifest no longer names it."""
    write(tmp_path, {"accounts": account("one")})
    apply()
    (one,) = [i for i, info in sandbox.organization.accounts.items() if info.name == "one"]
    file = tmp_path / "delegation.json"
    for action in ("organizations:DescribeOrganization", "organizations:ListRoots"):
        statement = {"Sid": "S", "Effect": "Allow", "Principal": {"AWS": one}, "Action": action, "Resource": "*"}
        file.write_text(json.dumps({"Version": "2012-10-17", "Statement": [statement]}))
        write(tmp_path, {"accounts": account("one")}, organization={"delegation_policy": "delegation.json"})
        made, _ = apply()
        assert calls(made) == ["PutResourcePolicy"]
    write(tmp_path, {"accounts": account("one")})
    made, _ = apply()
    assert calls(made) == ["DeleteResourcePolicy"]


def test_a_trail_and_bucket_of_others_are_adopted(tmp_path: Path, sandbox: Sandbox, connection: Connection) -> None:
    """What an earlier team made under the same names is taken over, tagged and brought into line, only if told to."""
    copy_example(tmp_path)
    apply_manifest(tmp_path, connection, TERMS)
    (logs,) = [i for i, info in sandbox.organization.accounts.items() if info.name == "log-archive"]
    boto3.client("s3", endpoint_url=sandbox.endpoint_url, **sandbox.credentials(logs)).delete_bucket_tagging(
        Bucket="example-org-trail"
    )
    trails = boto3.client("cloudtrail", region_name="eu-west-1")
    arn = trails.get_trail(Name="organization-trail")["Trail"]["TrailARN"]
    trails.remove_tags(ResourceId=arn, TagsList=[{"Key": "orgctl:managed"}])
    trails.stop_logging(Name=arn)
    (problem,) = plan(tmp_path, connection).plan.problems
    assert problem.address == "trail:organization-trail"
    made, _ = apply_manifest(tmp_path, connection, replace(TERMS, adopt=True))
    assert calls(made) == ["PutBucketTagging", "StartLogging", "AddTags"]
    assert plan(tmp_path, connection).plan.is_empty

"""Importing from the sandbox, and planning right after."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import boto3
import pytest

from orgctl.api.applying import apply_manifest
from orgctl.api.connection import Connection
from orgctl.api.importing import Imported, import_organization
from orgctl.api.planning import plan
from orgctl.errors import RefusedError
from orgctl.manifest import load, problems
from orgctl.sandbox.embedded import Sandbox
from orgctl.sandbox.organizations.policy_types import attach_defaults
from orgctl.sandbox.seed import Seeding
from orgctl.sandbox.settings import Delay, Delays
from orgctl.sandbox.state import Account, EnabledType, Policy, State, Unit
from tests.functional.conftest import TERMS, copy_example

DENY = '{"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "s3:*", "Resource": "@{x}"}]}'


def imported(directory: Path, connection: Connection) -> Imported:
    """Import, and see that nothing would change."""
    result = import_organization(directory, connection)
    made = plan(directory, connection).plan
    assert (made.is_empty, made.problems) == (True, ())
    return result


def unit(sandbox: Sandbox, name: str, parent: str | None = None) -> str:
    organization = sandbox.organization
    identity = sandbox.cloud.ids.unit(organization.root)
    organization.add_unit(Unit(identity, name, parent or organization.root))
    attach_defaults(organization, identity)
    return identity


def account(sandbox: Sandbox, identity: str, name: str, parent: str, **more: object) -> str:
    made = Account(identity, f"a{identity[-1]}@example.com", name, 0.0, **more)  # type: ignore[arg-type]
    sandbox.organization.add_account(made, parent)
    attach_defaults(sandbox.organization, identity)
    return identity


def policy(
    sandbox: Sandbox, name: str, *targets: str, kind: str = "SERVICE_CONTROL_POLICY", content: str = DENY
) -> str:
    identity = sandbox.cloud.ids.prefixed("p", 10)
    sandbox.organization.policies[identity] = Policy(identity, name, kind, "Was hier gilt", content)
    for target in targets:
        sandbox.organization.attach(identity, target)
    return identity


def scps(sandbox: Sandbox) -> None:
    organization = sandbox.organization
    organization.types["SERVICE_CONTROL_POLICY"] = EnabledType("ENABLED", None)
    for target in organization.subtree():
        attach_defaults(organization, target)


def test_what_orgctl_applied_is_imported_whole(tmp_path: Path, sandbox: Sandbox, connection: Connection) -> None:
    """The example, applied and imported again: the same OUs, accounts, policies and trail, and nothing left out."""
    example = copy_example(tmp_path)
    _, outcome = apply_manifest(example, connection, TERMS)
    assert outcome.complete
    result = imported(tmp_path / "copy", connection)
    assert result.declared.remarks == ()
    ours, theirs = load(example), load(tmp_path / "copy")
    assert {entry.path for entry in theirs.units} == {entry.path for entry in ours.units}
    assert {entry.key: entry.parent for entry in theirs.accounts} == {e.key: e.parent for e in ours.accounts}
    assert theirs.policies.keys() == ours.policies.keys()
    assert theirs.manifest.trail == ours.manifest.trail
    assert theirs.manifest.organization.home_region == "eu-west-1"
    assert theirs.manifest.organization.delegated_administrators == (
        ours.manifest.organization.delegated_administrators
    )


def test_hundreds_of_foreign_accounts(tmp_path: Path, sandbox: Sandbox, connection: Connection) -> None:
    """A big organization that orgctl has never seen comes out in several files, and without a warning."""
    sandbox.seed(Seeding(accounts=450, units=60, policies=20, fan_out=6, owned=False))
    result = imported(tmp_path / "new", connection)
    assert result.declared.remarks == ()
    assert problems(tmp_path / "new") == ()
    assert len(load(tmp_path / "new").accounts) == 451
    assert len([name for name in result.files if name.startswith("organization/")]) == 6
    assert "account-00001" not in (tmp_path / "new/organization.yaml").read_text()


def test_names_that_no_file_and_no_yaml_takes(tmp_path: Path, sandbox: Sandbox, connection: Connection) -> None:
    """Same names under different parents, slashes, spaces, other scripts, words of YAML: all as AWS has them."""
    scps(sandbox)
    names = ["Dev/Test", "a b", "Größe", "名前", "no", "1.0", "#x: y", "100%", " "]
    tops = [unit(sandbox, name) for name in names]
    for top in tops:
        unit(sandbox, "Dev/Test", top)
    for name in ["deny/all", "Nur für uns", ".hidden", "x.test", "100%"]:
        policy(sandbox, name, tops[0])
    imported(tmp_path / "new", connection)
    loaded = load(tmp_path / "new")
    assert {entry.path for entry in loaded.units} == {(), *((name,) for name in names)} | {
        (name, "Dev/Test") for name in names
    }
    assert (tmp_path / "new/policies/scp/deny%2Fall.json").is_file()
    made = plan(tmp_path / "new", connection, adopt=True).plan
    assert {operation.action for operation in made.operations} == {"TagResource"}


def test_accounts_in_every_state_and_with_one_name(tmp_path: Path, sandbox: Sandbox, connection: Connection) -> None:
    """Of accounts with one name each gets a key with its id; closed ones are declared so, suspended ones are told."""
    scps(sandbox)
    home = unit(sandbox, "Home")
    account(sandbox, "200000000001", "shop", home, tags={"env": "prod", "orgctl:managed": "true"})
    account(sandbox, "200000000002", "shop", home)
    policy(sandbox, "p", account(sandbox, "200000000003", "gone", home, state=State.CLOSED))
    account(sandbox, "200000000004", "held", home, state=State.SUSPENDED)
    result = imported(tmp_path / "new", connection)
    text = (tmp_path / "new/organization.yaml").read_text()
    told = "the account `held` (200000000004) is suspended, and left out"
    assert [remark.message for remark in result.declared.remarks] == [told]
    assert (
        f"""\
    # {told}
    Home:
      accounts:
        gone: {{ id: "200000000003", email: a3@example.com, state: closed }}
        shop-200000000001: {{ id: "200000000001", email: a1@example.com, name: shop, tags: {{ env: prod }} }}
        shop-200000000002: {{ id: "200000000002", email: a2@example.com, name: shop }}
"""
        in text
    )


def test_an_allow_list_and_fuller_targets_than_usual(tmp_path: Path, sandbox: Sandbox, connection: Connection) -> None:
    """FullAWSAccess is `false` where it is detached; where AWS has raised a quota, the manifest says so."""
    scps(sandbox)
    home = unit(sandbox, "Home")
    for number in range(12):
        policy(sandbox, f"p{number}", home)
    sandbox.organization.detach("p-FullAWSAccess", home)
    imported(tmp_path / "new", connection)
    loaded = load(tmp_path / "new")
    assert loaded.unit_by_path["Home",].unit.full_aws_access is False
    assert loaded.manifest.limits.quotas == {"scp_attached": 12}


def test_a_trail_that_is_made_otherwise_is_left_out(tmp_path: Path, sandbox: Sandbox, connection: Connection) -> None:
    """The manifest holds it as a comment with the reasons; uncommented and adopted, it is brought into shape."""
    bucket(sandbox)
    result = imported(tmp_path / "new", connection)
    (remark,) = result.declared.remarks
    assert remark.message.startswith("the trail `old` is left out, as it is not as orgctl makes one (")
    path = tmp_path / "new/organization.yaml"
    text = path.read_text()
    assert "\n# trail: { name: old, bucket: { name: old-trail, account: management } }\n" in text
    path.write_text(text.replace("\n# trail:", "\ntrail:"))
    made = plan(tmp_path / "new", connection, adopt=True).plan
    assert made.problems == ()
    assert {"UpdateTrail", "PutBucketPolicy"} <= {operation.action for operation in made.operations}


def bucket(sandbox: Sandbox) -> None:
    """An organization trail as somebody clicked it together, in another region than the session's."""
    credentials = {**sandbox.credentials(region="eu-central-1"), "endpoint_url": sandbox.endpoint_url}
    s3, trails = boto3.client("s3", **credentials), boto3.client("cloudtrail", **credentials)
    organizations = boto3.client("organizations", **credentials)
    organizations.enable_aws_service_access(ServicePrincipal="cloudtrail.amazonaws.com")
    s3.create_bucket(Bucket="old-trail", CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
    statements = [
        {
            "Effect": "Allow",
            "Principal": {"Service": "cloudtrail.amazonaws.com"},
            "Action": action,
            "Resource": resource,
        }
        for action, resource in (
            ("s3:GetBucketAcl", "arn:aws:s3:::old-trail"),
            ("s3:PutObject", "arn:aws:s3:::old-trail/*"),
        )
    ]
    s3.put_bucket_policy(Bucket="old-trail", Policy=json.dumps({"Version": "2012-10-17", "Statement": statements}))
    trails.create_trail(Name="old", S3BucketName="old-trail", IsOrganizationTrail=True, IsMultiRegionTrail=True)
    trails.start_logging(Name="old")


def test_credentials_of_a_member_are_refused(
    tmp_path: Path, sandbox: Sandbox, connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only the management account sees everything; the message names it."""
    account(sandbox, "200000000001", "shop", sandbox.organization.root)
    for name, value in sandbox.environment("200000000001").items():
        monkeypatch.setenv(name, value)
    with pytest.raises(RefusedError, match="the management account of its organization is `111111111111`"):
        import_organization(tmp_path / "new", connection)
    assert not (tmp_path / "new").exists()


def test_without_an_organization_there_is_nothing_to_import(
    tmp_path: Path, sandbox: Sandbox, connection: Connection
) -> None:
    """The way out is a manifest and an apply."""
    sandbox.cloud.organization = None
    with pytest.raises(RefusedError, match="is in no organization") as raised:
        import_organization(tmp_path, connection)
    assert raised.value.hint is not None
    assert "`orgctl apply` creates the organization" in raised.value.hint


def test_a_policy_type_on_its_way_is_waited_for(tmp_path: Path, sandbox: Sandbox, connection: Connection) -> None:
    """While AWS switches a type, no manifest says what is there."""
    sandbox.configure(delays=Delays(policy_type=Delay(polls=1000)))
    client = boto3.client("organizations", endpoint_url=sandbox.endpoint_url, **sandbox.credentials())
    client.enable_policy_type(RootId=sandbox.organization.root, PolicyType="TAG_POLICY")
    with pytest.raises(RefusedError, match="still switching the policy type `tag_policy`"):
        import_organization(tmp_path, connection)


def test_files_are_overwritten_only_by_force(tmp_path: Path, sandbox: Sandbox, connection: Connection) -> None:
    """Without `force` nothing is touched; with it, what the user had beside the manifest stays."""
    (tmp_path / "organization.yaml").write_text("mine")
    (tmp_path / "README.md").write_text("mine too")
    with pytest.raises(RefusedError, match=r"there is a `organization.yaml`"):
        import_organization(tmp_path, connection)
    assert (tmp_path / "organization.yaml").read_text() == "mine"
    import_organization(tmp_path, connection, force=True)
    assert plan(tmp_path, connection).plan.is_empty
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "README.md",
        "organization.schema.json",
        "organization.yaml",
    ]


def test_a_policy_that_aws_does_not_have_is_in_the_way(
    tmp_path: Path, sandbox: Sandbox, connection: Connection
) -> None:
    """A plan would create it, so that even by force nothing is written beside it."""
    stray = tmp_path / "policies/scp/stray.json"
    stray.parent.mkdir(parents=True)
    stray.write_text(DENY)
    with pytest.raises(RefusedError, match=r"stray.json` is a policy that AWS does not have"):
        import_organization(tmp_path, connection, force=True)
    assert [path.name for path in tmp_path.iterdir()] == ["policies"]


def test_the_two_commands(tmp_path: Path, sandbox: Sandbox) -> None:
    """`orgctl import` says what it wrote, and `orgctl plan --detailed-exitcode` ends with 0."""
    sandbox.seed(Seeding(accounts=30, units=5, policies=3, owned=False))
    environment = {**os.environ, **sandbox.environment()}

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "orgctl", *arguments]
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)

    wrote = run("import", "--out", str(tmp_path / "new"))
    assert wrote.returncode == 0, wrote.stderr
    assert ": 31 accounts, 5 OUs and 3 policies." in wrote.stderr
    planned = run("-C", str(tmp_path / "new"), "plan", "--detailed-exitcode")
    assert planned.returncode == 0, planned.stderr
    assert planned.stdout.endswith("\nNo changes: AWS is as the manifest says.\n")
    again = run("-C", str(tmp_path / "new"), "import")
    assert again.returncode == 1
    assert "--force" in again.stderr


def test_what_orgctl_owns_and_cannot_write_is_refused(tmp_path: Path, sandbox: Sandbox, connection: Connection) -> None:
    """Left out, the next plan would delete it."""
    scps(sandbox)
    identity = policy(sandbox, "p", sandbox.organization.root, content='{"Version": "2012-10-17", "Statement": 1}')
    sandbox.organization.policies[identity].tags["orgctl:managed"] = "true"
    with pytest.raises(RefusedError, match="`policy:scp/p` is managed by orgctl, and cannot be written"):
        import_organization(tmp_path, connection)


def test_a_foreign_policy_that_orgctl_cannot_read_is_left_out(
    tmp_path: Path, sandbox: Sandbox, connection: Connection
) -> None:
    """AWS may know more of the policy language than we do: the policy stays where it is, and is told."""
    scps(sandbox)
    root = sandbox.organization.root
    policy(sandbox, "odd", root, content='{"Version": "2012-10-17", "Statement": [{"Effect": "Maybe"}]}')
    policy(sandbox, "名" * 128, root)
    policy(sandbox, "fine", root)
    result = imported(tmp_path / "new", connection)
    assert list(result.declared.contents.policies) == ["scp/fine"]
    addresses = [remark.address for remark in result.declared.remarks]
    assert addresses == ["policy:scp/odd", f"policy:scp/{'名' * 128}"]


def test_an_organization_for_billing_alone_is_imported_too(
    tmp_path: Path, sandbox: Sandbox, connection: Connection
) -> None:
    """Its plan is to enable all features, which no manifest can do without: nothing else is in it."""
    sandbox.organization.features = "CONSOLIDATED_BILLING"
    import_organization(tmp_path, connection)
    made = plan(tmp_path, connection).plan
    assert [operation.action for operation in made.operations] == ["EnableAllFeatures"]


def test_the_role_that_enters_accounts_is_written(tmp_path: Path, sandbox: Sandbox, connection: Connection) -> None:
    """A role other than the default, and a home region other than the session's, come into the manifest."""
    import_organization(tmp_path, connection, access_role="AWSControlTowerExecution", home_region="eu-north-1")
    organization = load(tmp_path).manifest.organization
    assert (organization.access_role, organization.home_region) == ("AWSControlTowerExecution", "eu-north-1")


def test_paths_are_not_needed(tmp_path: Path, sandbox: Sandbox, connection: Connection) -> None:
    """Partitions that do not tell where accounts are give the same manifest."""
    sandbox.seed(Seeding(accounts=40, units=9, policies=4, owned=False))
    imported(tmp_path / "with", connection)
    sandbox.configure(paths=False)
    imported(tmp_path / "without", replace(connection))
    texts = [(tmp_path / name / "organization.yaml").read_text() for name in ("with", "without")]
    assert texts[0] == texts[1]

"""What is left out of a manifest, and what is said of it."""

from __future__ import annotations

import json

import pytest

from orgctl.manifest import schema
from orgctl.manifest.writing import Contents, files
from orgctl.model import resources as model
from orgctl.model.resources import AccountState, Resource
from orgctl.model.state import State
from orgctl.state.declared import Choices, Declared, declared, home_region

MANAGEMENT = "111111111111"
SCP = json.dumps({"Version": "2012-10-17", "Statement": {"Effect": "Deny", "Action": "s3:*", "Resource": "*"}})
BASE: tuple[Resource, ...] = (
    model.Organization(MANAGEMENT, id="o-abcdefghij"),
    model.Unit(()),
    model.Account("management", "management", "aws@example.com", MANAGEMENT),
    model.Account("audit", "audit", "audit@example.com", "222222222222"),
    model.Account("closed", "closed", "closed@example.com", "333333333333", state=AccountState.PENDING_CLOSURE),
    model.TrustedAccess("config.amazonaws.com"),
)


def result(*resources: Resource, **choices: object) -> Declared:
    return declared(State.of([*BASE, *resources]), Choices("eu-west-1", **choices))  # type: ignore[arg-type]


def administrators(service: str, *keys: str) -> model.DelegatedAdministrators:
    return model.DelegatedAdministrators(service, frozenset(f"account:{key}" for key in keys))


LEFT_OUT: list[tuple[Resource, str]] = [
    (
        administrators("ram.amazonaws.com", "audit"),
        "the administrators of `ram.amazonaws.com` are left out: the service has no trusted access",
    ),
    (
        administrators("config.amazonaws.com", "audit", "closed", "management"),
        "the administrators of `config.amazonaws.com` are left out: `closed`, `management` cannot be one",
    ),
    (
        model.Unit(("A",), {"orgctl:mine": "x", "env": "prod"}),
        "the tags of `ou:/A` are left out: `orgctl:mine` cannot be declared",
    ),
    (
        model.Unit(("A",), {f"key{number}": "x" for number in range(50)}),
        "the tags of `ou:/A` are left out: there is no room for orgctl's own",
    ),
    (
        model.Policy("new-type/p", "{}", tags={}),
        "`policy:new-type/p` is left out: orgctl does not know its type yet",
    ),
    (
        model.Policy("scp/p", SCP.replace("s3:*", "@{accounts.x}"), tags={}),
        "`policy:scp/p` is left out: its text holds what orgctl fills in",
    ),
    (model.Policy("scp/p", "no json", tags={}), "`policy:scp/p` is left out: it is not JSON"),
    (model.DelegationPolicy("no json", {}), "`delegation-policy` is left out: it is not JSON"),
    (
        model.Trail("t", "eu-west-1", "logs"),
        "the trail `t` is left out: its bucket `logs` was found in no account",
    ),
    (
        model.Account("held", "held", id="444444444444", state=AccountState.SUSPENDED),
        "the account `held` (444444444444) is suspended, and left out",
    ),
]


@pytest.mark.parametrize(("resource", "message"), LEFT_OUT)
def test_what_is_left_out_is_told_and_stands_as_a_comment(resource: Resource, message: str) -> None:
    """One sentence for each thing, in what the command says and in the manifest."""
    found = result(resource)
    assert [remark.message for remark in found.remarks] == [message]
    assert f"# {message}\n" in files(found.contents)["organization.yaml"]


def test_a_bucket_whose_settings_no_manifest_has_keeps_the_trail_out() -> None:
    """A key that is not named by its ARN cannot be declared: the remark says where it stands."""
    bucket = model.Bucket("logs", "eu-west-1", "account:audit", kms_key="alias/logs")
    found = result(bucket, model.Trail("t", "eu-west-1", "logs"))
    message = "the trail `t` is left out: `kms_key` cannot be written as AWS has it"
    assert [remark.message for remark in found.remarks] == [message]


def test_of_ours_nothing_is_declared_but_what_people_wrote() -> None:
    """The owner's tag and AWS's own tags stay out; empty descriptions and tags are no key."""
    worn = {model.OWNER_TAG: "true", "aws:x": "y"}
    found = result(model.Unit(("A",), {**worn, "env": "prod"}), model.Policy("tag/p", "{}", "", worn))
    assert found.remarks == ()
    assert found.contents.manifest.root.units["A"].tags == {"env": "prod"}
    assert found.contents.manifest.policies == {}


def test_more_than_the_defaults_becomes_limits() -> None:
    """What is there must have been granted: depth and number of OUs, policies of a type, sizes."""
    deep = [model.Unit(tuple("ABCDEF"[:depth])) for depth in range(1, 7)]
    large = model.Policy("ai-opt-out/p", json.dumps({"services": {"default": "x" * 3000}}), tags={})
    quotas = result(*deep, large).contents.manifest.limits.quotas
    assert quotas == {"ai-opt-out_size": 3027, "ou_depth": 6}


def test_the_home_region_is_the_trails_else_the_sessions() -> None:
    """A region that the manifest cannot take gives way to the one where Organizations lives."""
    trail = State.of([model.Trail("t", "eu-central-1", "logs")])
    assert home_region(trail, "us-west-2") == "eu-central-1"
    assert home_region(State(), "us-west-2") == "us-west-2"
    assert home_region(State(), "somewhere") == "us-east-1"


def test_files_of_top_level_units_have_names_of_their_own() -> None:
    """Names that come down to the same letters, or to none, are numbered; small OUs stay in the one file."""

    def unit(count: int) -> schema.Unit:
        return schema.Unit(accounts={f"a{count}-{n}": schema.Account(id=f"{count:06}{n:06}") for n in range(count)})

    units = {"Öko": unit(90), "oko": unit(80), "名": unit(70), "small": unit(10), "..": unit(60)}
    organization = schema.Organization(management_account=MANAGEMENT, home_region="eu-west-1", regions=["eu-west-1"])
    written = files(Contents(schema.Manifest(version=1, organization=organization, root=schema.Root(units=units))))
    parts = {name: text.count("id:") for name, text in written.items() if name.startswith("organization/")}
    assert parts == {
        "organization/oko.yaml": 90,
        "organization/oko-2.yaml": 80,
        "organization/ou.yaml": 70,
        "organization/ou-2.yaml": 60,
    }
    assert written["organization.yaml"].count("id:") == 10


def test_many_accounts_of_the_root_have_a_file_too() -> None:
    """The root's own accounts, without the OUs, which stay in `organization.yaml`."""
    accounts = {f"a{n}": schema.Account(id=f"{n:012}") for n in range(201)}
    root = schema.Root(accounts=accounts, units={"A": schema.Unit()})
    organization = schema.Organization(management_account=MANAGEMENT, home_region="eu-west-1", regions=["eu-west-1"])
    written = files(Contents(schema.Manifest(version=1, organization=organization, root=root)))
    assert written["organization.yaml"].endswith("\nroot:\n  include: [organization/root.yaml]\n  units:\n    A: {}\n")
    assert written["organization/root.yaml"].count("id:") == 201


def test_half_a_character_does_not_stop_the_writing() -> None:
    """It is escaped, so that the loader can say where it stands."""
    organization = schema.Organization(management_account=MANAGEMENT, home_region="eu-west-1", regions=["eu-west-1"])
    manifest = schema.Manifest(version=1, organization=organization, root=schema.Root())
    written = files(Contents(manifest, {"tag/p": {"a": "\ud800"}, "tag/q": {"a": "ü"}}))
    assert written["policies/tag/p.json"] == '{\n  "a": "\\ud800"\n}\n'
    assert written["policies/tag/q.json"] == '{\n  "a": "ü"\n}\n'

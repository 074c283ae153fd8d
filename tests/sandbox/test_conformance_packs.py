"""Conformance packs, of an account and of the organization."""

from __future__ import annotations

import json
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from orgctl.sandbox.embedded import Sandbox, running
from tests.sandbox.configured import recorder
from tests.sandbox.conftest import client, every, member, refusal
from tests.sandbox.packed import administrator, deployed, managed_rule, put, statuses, template

HOUR = 3600.0
MANAGEMENT = "111111111111"


def rule_names(sandbox: Sandbox, account: str) -> list[str]:
    found = every(client(sandbox, "config", account), "describe_config_rules", "ConfigRules")
    return [rule["ConfigRuleName"] for rule in found]


@pytest.fixture
def scene(sandbox: Sandbox, organizations: Any) -> SimpleNamespace:
    """An administrator and two members, one of which has no recorder; nor has the management account."""
    audit, one, two = administrator(organizations), member(organizations, "one"), member(organizations, "two")
    recorder(sandbox, audit)
    recorder(sandbox, one)
    return SimpleNamespace(audit=audit, one=one, two=two, api=client(sandbox, "config", audit))


def test_a_pack_comes_into_every_account(sandbox: Sandbox, scene: SimpleNamespace) -> None:
    """In its time; an account without a recorder fails with the reason and does not hide the others."""
    put(scene.api, ExcludedAccounts=[MANAGEMENT])
    assert set(statuses(scene.api).values()) == {"CREATE_IN_PROGRESS"}
    done, failed = "CREATE_SUCCESSFUL", "CREATE_FAILED"
    assert deployed(scene.api) == {scene.audit: done, scene.one: done, scene.two: failed}
    assert statuses(scene.api, Filters={"Status": failed}) == {scene.two: failed}
    told = every(
        scene.api,
        "get_organization_conformance_pack_detailed_status",
        "OrganizationConformancePackDetailedStatuses",
        OrganizationConformancePackName="baseline",
        Filters={"AccountId": scene.two},
    )[0]
    assert (told["ErrorCode"], told["ErrorMessage"]) == (
        "NoAvailableConfigurationRecorder",
        "Configuration recorder is not available to put config rule.",
    )
    (name,) = rule_names(sandbox, scene.one)
    assert name.startswith("dlq-conformance-pack-")
    packs = every(client(sandbox, "config", scene.one), "describe_conformance_packs", "ConformancePackDetails")
    assert [pack["ConformancePackName"].startswith("OrgConformsPack-baseline-") for pack in packs] == [True]


def test_the_overall_status_never_ends_for_a_delegated_administrator(sandbox: Sandbox, scene: SimpleNamespace) -> None:
    """It does for the management account; the two do not see each other's packs."""
    management = client(sandbox, "config")
    put(scene.api)
    put(management, "theirs", ExcludedAccounts=[MANAGEMENT, scene.two])
    for api, name in ((scene.api, "baseline"), (management, "theirs")):
        deployed(api, name)
    overall = [
        {
            status["OrganizationConformancePackName"]: status["Status"]
            for status in every(
                api, "describe_organization_conformance_pack_statuses", "OrganizationConformancePackStatuses"
            )
        }
        for api in (scene.api, management)
    ]
    assert overall == [{"baseline": "CREATE_IN_PROGRESS"}, {"theirs": "CREATE_SUCCESSFUL"}]


def test_a_pack_is_updated_and_deleted(sandbox: Sandbox, scene: SimpleNamespace) -> None:
    """Rules that are gone from the template go from the accounts; meanwhile other changes are refused."""
    put(scene.api, body=template(managed_rule("a"), managed_rule("b")))
    deployed(scene.api)
    put(scene.api, body=template(managed_rule("b")))
    assert refusal(lambda: put(scene.api)) == ("ResourceInUseException", None)
    assert deployed(scene.api)[scene.one] == "UPDATE_SUCCESSFUL"
    assert [name.partition("-")[0] for name in rule_names(sandbox, scene.one)] == ["b"]
    scene.api.delete_organization_conformance_pack(OrganizationConformancePackName="baseline")
    while every(scene.api, "describe_organization_conformance_packs", "OrganizationConformancePacks"):
        every(scene.api, "describe_organization_conformance_pack_statuses", "OrganizationConformancePackStatuses")
    assert rule_names(sandbox, scene.one) == []


def test_accounts_join_and_leave(sandbox: Sandbox, organizations: Any, scene: SimpleNamespace) -> None:
    """A new account is waited for until it has a recorder, seven hours at most; one that leaves loses its rules."""
    put(scene.api, ExcludedAccounts=[MANAGEMENT, scene.two])
    deployed(scene.api)
    sandbox.advance(1)
    late, never = member(organizations, "late"), member(organizations, "never")
    assert [statuses(scene.api)[late] for _ in range(5)] == ["CREATE_IN_PROGRESS"] * 5
    recorder(sandbox, late)
    assert statuses(scene.api)[late] == "CREATE_SUCCESSFUL"
    sandbox.advance(7 * HOUR)
    assert statuses(scene.api)[never] == "CREATE_FAILED"
    sandbox.advance(4 * 24 * HOUR)
    organizations.remove_account_from_organization(AccountId=late)
    statuses(scene.api)
    assert (late in statuses(scene.api), rule_names(sandbox, late)) == (False, [])


def test_what_a_template_may_say(sandbox: Sandbox, scene: SimpleNamespace) -> None:
    """Parameters, conditions, Sub and Ref are resolved for each account; the template may lie in S3."""
    conditional = managed_rule("maybe") | {"Condition": "Wanted"}
    named = managed_rule("high", "LAMBDA_CONCURRENCY_CHECK", InputParameters={"ConcurrencyLimitHigh": {"Ref": "Most"}})
    described = managed_rule("place", Description={"Fn::Sub": "${AWS::AccountId} in ${AWS::Region}"})
    body = json.loads(template(conditional, named, described))
    body["Parameters"] |= {"Most": {"Type": "Number", "Default": 5}, "On": {"Type": "String"}}
    body["Conditions"] = {"Wanted": {"Fn::Equals": [{"Ref": "On"}, "yes"]}}
    s3 = client(sandbox, "s3", scene.audit)
    s3.create_bucket(Bucket="awsconfigconforms-templates")
    s3.put_object(Bucket="awsconfigconforms-templates", Key="pack.json", Body=json.dumps(body).encode())
    scene.api.put_organization_conformance_pack(
        OrganizationConformancePackName="baseline",
        TemplateS3Uri="s3://awsconfigconforms-templates/pack.json",
        DeliveryS3Bucket="awsconfigconforms-templates",
        ConformancePackInputParameters=[{"ParameterName": "On", "ParameterValue": "no"}],
    )
    assert deployed(scene.api)[scene.one] == "CREATE_SUCCESSFUL"
    found = every(client(sandbox, "config", scene.one), "describe_config_rules", "ConfigRules")
    assert [(rule.get("InputParameters"), rule.get("Description")) for rule in found] == [
        ('{"ConcurrencyLimitHigh": "5"}', None),
        (None, f"{scene.one} in us-east-1"),
    ]


def test_an_account_has_packs_of_its_own(sandbox: Sandbox) -> None:
    """Put, deployed in time, updated, asked about, deleted; its rules cannot be changed beside it."""
    recorder(sandbox)
    api = client(sandbox, "config")

    def state() -> str:
        found = every(api, "describe_conformance_pack_status", "ConformancePackStatusDetails")
        return str(found[0]["ConformancePackState"]) if found else "gone"

    api.put_conformance_pack(ConformancePackName="mine", TemplateBody=template())
    assert [state(), state()] == ["CREATE_IN_PROGRESS", "CREATE_COMPLETE"]
    (name,) = rule_names(sandbox, MANAGEMENT)
    assert refusal(lambda: api.delete_config_rule(ConfigRuleName=name))[0] == "ResourceInUseException"
    listed = every(
        api, "describe_conformance_pack_compliance", "ConformancePackRuleComplianceList", ConformancePackName="mine"
    )
    assert [rule["ComplianceType"] for rule in listed] == ["INSUFFICIENT_DATA"]
    api.delete_conformance_pack(ConformancePackName="mine")
    assert [state(), state(), rule_names(sandbox, MANAGEMENT)] == ["DELETE_IN_PROGRESS", "gone", []]


def test_tags_of_a_pack(scene: SimpleNamespace) -> None:
    """Those of Put are for the creation only; later TagResource keeps the hash of a template."""
    arn = put(scene.api, Tags=[{"Key": "orgctl:sha256", "Value": "1"}])
    deployed(scene.api)
    put(scene.api, Tags=[{"Key": "orgctl:sha256", "Value": "2"}])
    assert every(scene.api, "list_tags_for_resource", "Tags", ResourceArn=arn)[0]["Value"] == "1"
    scene.api.tag_resource(ResourceArn=arn, Tags=[{"Key": "orgctl:sha256", "Value": "2"}])
    assert every(scene.api, "list_tags_for_resource", "Tags", ResourceArn=arn)[0]["Value"] == "2"


def rules(count: int) -> str:
    return template(*(managed_rule(f"r{number}") for number in range(count)))


INVALID = "OrganizationConformancePackTemplateValidationException"
REFUSALS: dict[str, tuple[Callable[[SimpleNamespace], object], str]] = {
    "a member": (lambda s: put(s.member), "OrganizationAccessDeniedException"),
    "no template": (lambda s: put(s.api, body="{}"), INVALID),
    "no YAML": (lambda s: put(s.api, body="a: ["), INVALID),
    "another resource type": (
        lambda s: put(s.api, body=template(Resources={"Bucket": {"Type": "AWS::S3::Bucket"}})),
        INVALID,
    ),
    "131 rules": (lambda s: put(s.api, body=rules(131)), INVALID),
    "a parameter that is not declared": (
        lambda s: put(s.api, ConformancePackInputParameters=[{"ParameterName": "Other", "ParameterValue": "x"}]),
        INVALID,
    ),
    "a parameter without a value": (
        lambda s: put(s.api, body=template(Parameters={"Needed": {"Type": "String"}})),
        INVALID,
    ),
    "a reference to nothing": (
        lambda s: put(s.api, body=template(managed_rule(Description={"Ref": "Nothing"}))),
        INVALID,
    ),
    "61 parameters": (
        lambda s: put(s.api, body=template(Parameters={f"P{n}": {"Type": "String", "Default": ""} for n in range(61)})),
        INVALID,
    ),
    "a template of more than 51,200 characters": (
        lambda s: put(s.api, body=template(Description="x" * 51_200)),
        "ValidationException",
    ),
    "a template of more than 51,200 bytes": (
        lambda s: put(s.api, body=f'{template()[:-1]}, "Description": "{30_000 * "ü"}"}}'),
        INVALID,
    ),
    "a template that is nowhere": (
        lambda s: s.api.put_organization_conformance_pack(
            OrganizationConformancePackName="baseline", TemplateS3Uri="s3://nowhere/x"
        ),
        INVALID,
    ),
    "a bucket of another name": (lambda s: put(s.api, DeliveryS3Bucket="mine"), "ValidationException"),
    "an excluded stranger": (lambda s: put(s.api, ExcludedAccounts=["999999999999"]), "ValidationException"),
    "a name with an underscore": (lambda s: put(s.api, "a_b"), "ValidationException"),
    "a 51st pack": (
        lambda s: [put(s.api, f"p{n}", ExcludedAccounts=s.everybody) for n in range(51)],
        "MaxNumberOfOrganizationConformancePacksExceededException",
    ),
    "351 rules in all": (
        lambda s: [put(s.api, f"p{n}", rules(117 + (n == 0)), ExcludedAccounts=s.everybody) for n in range(3)],
        "MaxNumberOfOrganizationConformancePacksExceededException",
    ),
    "an unknown pack": (
        lambda s: statuses(s.api, "none"),
        "NoSuchOrganizationConformancePackException",
    ),
    "a pack that is under way": (
        lambda s: (
            put(s.api),
            s.api.delete_organization_conformance_pack(OrganizationConformancePackName="baseline"),
        ),
        "ResourceInUseException",
    ),
    "a rule of a pack": (
        lambda s: (
            put(s.api, ExcludedAccounts=[MANAGEMENT]),
            deployed(s.api),
            s.api.delete_conformance_pack(
                ConformancePackName=s.api.describe_conformance_packs()["ConformancePackDetails"][0][
                    "ConformancePackName"
                ]
            ),
        ),
        "ResourceInUseException",
    ),
    "tags of nothing": (
        lambda s: s.api.tag_resource(ResourceArn="arn:aws:config:x", Tags=[{"Key": "a", "Value": "b"}]),
        "ResourceNotFoundException",
    ),
}


@pytest.mark.parametrize("case", REFUSALS)
def test_refused_as_config_does(case: str) -> None:
    """Each of these is refused with AWS's exception; nothing is deployed."""
    with running(seed=1, empty_page_every=0) as sandbox:
        organizations = client(sandbox, "organizations")
        audit = administrator(organizations)
        recorder(sandbox, audit)
        scene = SimpleNamespace(
            api=client(sandbox, "config", audit),
            member=client(sandbox, "config", member(organizations, "one")),
            everybody=list(sandbox.organization.accounts),
        )
        call, expected = REFUSALS[case]
        assert expected == refusal(lambda: call(scene))[0]

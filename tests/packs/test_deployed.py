"""The templates that are built are those that AWS Config takes, as far as the sandbox knows."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from orgctl.api.packs import packs_of
from orgctl.manifest import insert, load, sized_values
from orgctl.packs.building import build_packs
from orgctl.packs.built import BuiltPack
from orgctl.packs.pack import ADMINISTRATOR
from orgctl.rules.building import build
from orgctl.rules.catalog import load_rules
from orgctl.sandbox.embedded import Sandbox
from tests.packs.repository import TODAY
from tests.sandbox.configured import recorder
from tests.sandbox.conftest import client, every, member, no_metadata, organizations, sandbox
from tests.sandbox.functions import role
from tests.sandbox.packed import administrator, deployed

__all__ = ["no_metadata", "organizations", "sandbox"]

TOP = Path(__file__).parents[2]
REGION = "eu-west-1"
BUILT = [each for each in build_packs(packs_of(load(TOP), TODAY)[0]) if each.region == REGION]


@pytest.mark.slow
@pytest.mark.parametrize("pack", BUILT, ids=lambda pack: pack.name)
def test_a_shipped_pack_comes_into_a_member(pack: BuiltPack, sandbox: Sandbox, organizations: Any) -> None:
    """Every rule of it, but for those that run in the management account alone."""
    audit, shop = administrator(organizations), member(organizations, "shop")
    recorder(sandbox, shop, REGION)
    deploy_functions(sandbox, audit, pack)
    api = client(sandbox, "config", audit, REGION)
    given = [{"ParameterName": ADMINISTRATOR, "ParameterValue": audit}] if pack.functions or pack.documents else []
    api.put_organization_conformance_pack(
        OrganizationConformancePackName=pack.name,
        TemplateBody=insert(pack.template, sized_values(load(TOP))),
        ConformancePackInputParameters=given,
        ExcludedAccounts=["111111111111", audit],
    )
    assert deployed(api, pack.name) == {shop: "CREATE_SUCCESSFUL"}
    rules = every(client(sandbox, "config", shop, REGION), "describe_config_rules", "ConfigRules")
    (found,) = (each for each in packs_of(load(TOP), TODAY)[0] if each.name == pack.name)
    expected = [rule.name for rule in found.rules if REGION in rule.regions and not rule.once]
    assert sorted(rule["ConfigRuleName"].rpartition("-conformance-pack-")[0] for rule in rules) == sorted(expected)


def deploy_functions(sandbox: Sandbox, account: str, pack: BuiltPack) -> None:
    """The functions of the pack's rules, which AWS Config may invoke."""
    api, arn = client(sandbox, "lambda", account, REGION), role(sandbox, account)
    for rule in load_rules(TOP)[0]:
        if rule.name in pack.functions:
            name = f"orgctl-rule-{rule.name}"
            api.create_function(
                FunctionName=name, Role=arn, Runtime=rule.runtime, Handler=rule.handler, Code={"ZipFile": build(rule)}
            )
            api.add_permission(
                FunctionName=name, StatementId="c", Action="lambda:InvokeFunction", Principal="config.amazonaws.com"
            )

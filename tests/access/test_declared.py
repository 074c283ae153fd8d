"""The manifest's `sentinels`: what may stand there, and what is said of what may not."""

from __future__ import annotations

from pathlib import Path

import pytest

from orgctl.access.change import Concern
from orgctl.access.declared import all_sentinels, declared
from orgctl.access.sentinel import Selection, Sentinel
from orgctl.access.sets import Surroundings
from orgctl.api.validating import validate
from orgctl.manifest import load
from orgctl.policytest.tables import Table
from tests.functional.small import account, write

AROUND = Surroundings("aws", ("eu-west-1",), "111111111111", "Access")
SHOP = {"name": "ship it", "action": "s3:PutObject", "principal": "role/Deployer", "accounts": ["ou:/A", "shop"]}


def manifest(directory: Path, sentinels: list[object]) -> Path:
    units = {"A": {"accounts": account("one")}, "B": {"accounts": account("shop")}}
    parameters = {"deployers": ["role/Deployer", "role/Builder"], "bucket": "artefacts"}
    return write(directory, {"units": units}, sentinels=sentinels, parameters=parameters)


def read(directory: Path, sentinels: list[object]) -> tuple[Sentinel, ...]:
    found, problems = declared(load(manifest(directory, sentinels)), {"shop": "222222222222"})
    assert problems == ()
    return found


def test_a_table_is_read_as_in_a_policy_test(tmp_path: Path) -> None:
    """Singular or plural, lists for alternatives, accounts by key or OU; it may be important."""
    more = {"context": {"aws:RequestedRegion": ["eu-west-1", "us-east-1"]}, "important": True}
    assert read(tmp_path, [{**SHOP, **more}]) == (
        Sentinel(
            "ship it",
            Concern.DECLARED,
            Table(
                ("s3:PutObject",),
                ("role/Deployer",),
                contexts=((("aws:RequestedRegion", "eu-west-1"), ("aws:RequestedRegion", "us-east-1")),),
            ),
            Selection(frozenset({"shop"}), (("A",),)),
            important=True,
        ),
    )


def test_the_manifest_s_values_are_inserted(tmp_path: Path) -> None:
    """Placeholders are those of policies; ids are those that AWS has, where the manifest has none."""
    resource = "arn:aws:s3:::@{parameters.bucket}-@{accounts.shop}/*"
    (found,) = read(
        tmp_path,
        [{"name": "x", "action": "s3:PutObject", "principals": ["@{parameters.deployers}"], "resource": resource}],
    )
    assert found.table.principals == ("role/Deployer", "role/Builder")
    assert found.table.resources == ("arn:aws:s3:::artefacts-222222222222/*",)
    assert found.selection == Selection()


@pytest.mark.parametrize(
    ("sentinels", "concerns"),
    [
        ([], set()),
        (["everyday"], {Concern.EVERYDAY}),
        (["defaults"], {Concern.ACCESS_ROLE, Concern.PROTECTED_ROLE, Concern.EVERYDAY}),
        (["defaults", SHOP], {Concern.ACCESS_ROLE, Concern.PROTECTED_ROLE, Concern.EVERYDAY, Concern.DECLARED}),
        (["access-role", SHOP], {Concern.ACCESS_ROLE, Concern.DECLARED}),
        ([SHOP], {Concern.DECLARED}),
    ],
)
def test_sets_are_extended_and_replaced(tmp_path: Path, sentinels: list[object], concerns: set[Concern]) -> None:
    """The list says all that is asked; without the key it is the defaults."""
    loaded = load(manifest(tmp_path, sentinels))
    own, _ = declared(loaded)
    assert {sentinel.concern for sentinel in all_sentinels(loaded, own, AROUND)} == concerns


def test_the_same_request_is_asked_once(tmp_path: Path) -> None:
    """A role that is both protected and for emergencies is not told of twice."""
    loaded = load(manifest(tmp_path, ["protected-roles", "break-glass"]))
    role = ("arn:aws:iam::*:role/Rescue",)
    around = Surroundings("aws", ("eu-west-1",), "111111111111", "Access", role, role)
    found = [(sentinel.table, sentinel.selection) for sentinel in all_sentinels(loaded, (), around)]
    assert len(found) == len(set(found))


@pytest.mark.parametrize(
    ("sentinels", "expected"),
    [
        ([{"name": "x", "action": "s3:*"}], "T301 `s3:*` is not an action"),
        ([{"name": "x", "action": "s3:PutObject", "account": "shpo"}], "T203 there is no account or group `shpo`"),
        (
            [{"name": "x", "action": "s3:PutObject", "accounts": ["ou:/C"]}],
            "T204 there is no OU `ou:/C` in the manifest",
        ),
        ([{"name": "x"}], "T108 `x` names no action"),
        ([{"name": "x", "action": "s3:PutObject", "principal": "ann"}], "T302 `ann` is not a principal"),
        (
            [{"name": "x", "action": "s3:PutObject", "principal": "@{parameters.deployers}"}],
            "T208 a placeholder stands for a list here, where there can only be text",
        ),
        (
            [{"name": "x", "action": "s3:PutObject", "principal": "@{parameters.nobody}"}],
            "T207 `@{parameters.nobody}` names nothing in the manifest",
        ),
        (["everyday", {"action": "s3:PutObject"}], "M002 the key `name` is missing in item 2 of `sentinels`"),
        (["everyday", 5], "M003 item 2 of `sentinels` has to be a name or a mapping, but `5` is read as a number"),
        ([{**SHOP, "actoin": "x"}], "M001 the key `actoin` is not known"),
    ],
)
def test_what_is_wrong_is_told_by_validate(tmp_path: Path, sentinels: list[object], expected: str) -> None:
    """With the codes and words of policy tests, where it is written."""
    found = validate(manifest(tmp_path, sentinels))
    assert [f"{problem.code} {problem.message}" for problem in found] == [expected]
    assert {problem.position.file for problem in found} == {"organization.yaml"}
    assert all(problem.position.line > 1 for problem in found)


def test_a_set_that_there_is_not(tmp_path: Path) -> None:
    """Its neighbours in the schema are named."""
    (problem,) = validate(manifest(tmp_path, ["everyday", "evryday"]))
    assert problem.message == "item 2 of `sentinels` cannot be `evryday`"
    assert "`everyday`" in (problem.hint or "")

"""A directory becomes one manifest, with the place of everything in it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from orgctl.errors import InvalidInputError
from orgctl.manifest import known_values, load, problems, sized_values
from orgctl.model.limits import Rate

EXAMPLE = Path(__file__).parents[2]
HEAD = """\
version: 1
organization: {management_account: "111111111111", home_region: eu-west-1, regions: [eu-west-1]}
"""


def write(directory: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return directory


SPLIT = {
    "organization.yaml": HEAD
    + """\
root:
  accounts:
    management: {id: "111111111111"}
  include: [teams/*.yaml]
  units:
    Workloads:
      policies: [scp/lock]
      include: [teams/shop/accounts.yaml]
      units: {Prod: {}}
limits: {quotas: {ous: 3000}, rates: {"organizations:CreateAccount": {per_second: 0.5, burst: 5}}}
""",
    "teams/a.yaml": "units:\n  Research:\n    accounts: {lab: {email: lab@example.com}}\n",
    "teams/shop/accounts.yaml": "accounts: {shop: {email: shop@example.com}}\ninclude: [more/*.json]\n",
    "teams/shop/more/x.json": '{"units": {"Dev": {"accounts": {"shop-dev": {"email": "dev@example.com"}}}}}\n',
    "policies/scp/lock.json": '{"Statement": {"Effect": "Deny", "Action": "*", "Resource": "*"}}\n',
}


def test_the_example_has_no_problems() -> None:
    """The repository's own organization is what users start from: nothing is wrong with it, not even a warning."""
    assert problems(EXAMPLE) == ()


def test_included_files_are_merged_into_one_tree(tmp_path: Path) -> None:
    """Whoever reads the manifest after loading need not know in how many files it was written."""
    loaded = load(write(tmp_path, SPLIT))
    root = loaded.manifest.root
    assert [*root.units] == ["Workloads", "Research"]
    assert [*root.units["Workloads"].units] == ["Prod", "Dev"]
    assert [*root.units["Workloads"].accounts] == ["shop"]
    assert [*root.units["Workloads"].units["Dev"].accounts] == ["shop-dev"]
    assert [entry.path for entry in loaded.units] == [
        (),
        ("Workloads",),
        ("Workloads", "Prod"),
        ("Workloads", "Dev"),
        ("Research",),
    ]
    assert {entry.key: entry.parent for entry in loaded.accounts} == {
        "management": (),
        "shop": ("Workloads",),
        "shop-dev": ("Workloads", "Dev"),
        "lab": ("Research",),
    }


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("account:management", "organization.yaml:5:5"),
        ("account:shop", "teams/shop/accounts.yaml:1:12"),
        ("account:shop-dev", "teams/shop/more/x.json:1:33"),
        ("ou:/", "organization.yaml:3:1"),
        ("ou:/Workloads/Prod", "organization.yaml:11:15"),
        ("ou:/Research", "teams/a.yaml:2:3"),
        ("policy:scp/lock", "policies/scp/lock.json:1:1"),
        ("scp/lock@ou:/Workloads", "organization.yaml:9:18"),
        ("organization", "organization.yaml:2:1"),
        ("account:unknown", "organization.yaml"),
    ],
)
def test_everything_has_a_position_by_its_address(address: str, expected: str, tmp_path: Path) -> None:
    """Later diagnostics can point into the file that the thing was written in."""
    assert expected == str(load(write(tmp_path, SPLIT)).position_of(address))


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("trail:organization-trail", "name: organization-trail"),
        ("bucket:example-org-trail", "name: example-org-trail"),
        ("policy-type:tag_policy", "tag_policy]"),
        ("trusted-access:config.amazonaws.com", "config.amazonaws.com #"),
        ("delegated-administrator:config.amazonaws.com@account:audit", "audit]"),
    ],
)
def test_what_is_set_up_once_has_a_position_too(address: str, expected: str) -> None:
    """Trail, bucket, policy types, services and administrators are found in the example."""
    position = load(EXAMPLE).position_of(address)
    lines = (EXAMPLE / position.file).read_text().splitlines()[position.line - 1 :]
    assert expected in lines[0][position.column - 1 :] + lines[1]


def test_limits_are_those_of_aws_with_the_overrides_laid_over_them(tmp_path: Path) -> None:
    """What the manifest does not override stays as published."""
    limits = load(write(tmp_path, SPLIT)).limits
    assert (limits.quota("ous"), limits.quota("scp_size")) == (3000, 10_240)
    assert limits.rate("organizations", "CreateAccount") == Rate(0.5, 5)
    assert limits.rate("organizations", "CloseAccount") == Rate(0.05, 1)


def test_policies_may_insert_what_the_manifest_says() -> None:
    """Ids that AWS has yet to give are not among the known values, but have their length for counting."""
    loaded = load(EXAMPLE)
    known, sized = known_values(loaded), sized_values(loaded)
    assert known["regions"] == ["eu-west-1", "us-east-1"]
    assert known["accounts.management"] == known["organization.management_account"] == "111111111111"
    assert (known["partition"], known["parameters.authorizer_function"]) == ("aws", "api-authorizer")
    assert {"organization.id", "accounts.audit"} <= sized.keys() - known.keys()
    assert (len(sized["organization.id"]), len(sized["accounts.audit"])) == (34, 12)


def test_loading_raises_with_everything_that_is_wrong(tmp_path: Path) -> None:
    """The error carries what `problems` returns, warnings included, and counts what stops it."""
    write(tmp_path, {**SPLIT, "policies/scp/unused.json": "{", "organization.yaml": HEAD})
    with pytest.raises(InvalidInputError, match="has 2 problems") as raised:
        load(tmp_path)
    assert problems(tmp_path) == raised.value.diagnostics
    assert [d.code for d in raised.value.diagnostics] == ["M002", "P005", "S004"]


def test_warnings_stop_nothing(tmp_path: Path) -> None:
    """A policy that is attached nowhere is loaded, and said."""
    unused = {"policies/tag/unused.yaml": "tags: {}\n"}
    loaded = load(write(tmp_path, {**SPLIT, **unused}))
    assert [warning.code for warning in loaded.warnings] == ["P005"]
    assert {"scp/lock", "tag/unused"} == set(loaded.policies)


def test_tests_hidden_files_and_readmes_are_no_policies(tmp_path: Path) -> None:
    """Beside policies there may be their tests, and what editors and people leave there."""
    others = {
        "policies/scp/lock.test.yaml": "tests: []\n",
        "policies/scp/.lock.yaml": "x\n",
        "policies/.cache/x.json": "x\n",
        "policies/README.md": "# Policies\n",
    }
    assert [*load(write(tmp_path, {**SPLIT, **others})).policies] == ["scp/lock"]


def test_symbolic_links_that_lead_out_are_seen_through(tmp_path: Path) -> None:
    """A file is where it really is."""
    outside = write(tmp_path / "outside", {"x.yaml": "accounts: {}\n"})
    directory = write(tmp_path / "inside", {**SPLIT, "policies/scp/lock.json": SPLIT["policies/scp/lock.json"]})
    (directory / "teams" / "b.yaml").symlink_to(outside / "x.yaml")
    assert [problem.code for problem in problems(directory)] == ["M012"]


def test_the_delegation_policy_is_a_file_like_the_policies(tmp_path: Path) -> None:
    """It is read, parsed and given to whoever plans; a path that leads nowhere is reported where it is written."""
    policy = {"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "organizations:List*", "Resource": "*"}]}
    text = SPLIT["organization.yaml"].replace("]}\n", "], delegation_policy: delegation.json}\n", 1)
    write(tmp_path, {**SPLIT, "organization.yaml": text})
    assert [f"{p.position}: {p.code}" for p in problems(tmp_path)] == ["organization.yaml:2:117: M011"]
    write(tmp_path, {"delegation.json": json.dumps(policy)})
    loaded = load(tmp_path)
    assert loaded.delegation_policy is not None
    assert policy == loaded.delegation_policy.document

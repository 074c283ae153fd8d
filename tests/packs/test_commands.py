"""`orgctl packs list`, `orgctl packs build`, and what `orgctl validate` says of packs."""

from __future__ import annotations

import hashlib
import json
import shutil
from datetime import date
from pathlib import Path

import pytest

from orgctl.api.packs import list_packs, write_packs
from orgctl.api.validating import validate
from orgctl.errors import InvalidInputError, OrgctlError
from orgctl.views.packs import packs_json, packs_text, written_json, written_text
from tests.cli.test_command_line import orgctl
from tests.packs.repository import TODAY, lay_down

PACK = """\
description: What functions have to be like
targets: ["ou:/Workloads"]
rules:
  - rule: LAYERS
    parameters: {Approved: a}
    remediation: {document: add-layer, parameters: {FunctionName: RESOURCE_ID}}
  - rule: ROLES
  - managed: LAMBDA_DLQ_CHECK
waivers:
  - {rule: LAYERS, account: shop, resource: "old-*", owner: ops, reason: it goes away, expires: 2026-12-31}
"""


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    directory = lay_down(tmp_path / "repository", {"conformance_packs/pack.yaml": PACK})
    shutil.rmtree(directory / "config_rules/BROKEN")
    return directory


def test_the_list_tells_rules_accounts_and_regions(repository: Path) -> None:
    """And the waivers, with the day on which the next expires."""
    lines = [str(line) for line in packs_text(list_packs(repository, TODAY))]
    assert lines == [
        "pack  What functions have to be like",
        "    3 rules: 1 of AWS's, 2 custom: LAYERS, ROLES; 1 with a remediation",
        "    for 2 accounts: shop, data in eu-west-1, us-east-1",
        "    1 waiver, the next until 2026-12-31",
    ]


def test_the_list_for_programs_is_whole(repository: Path) -> None:
    """Rules with where they run and what they are told, and waivers."""
    (pack,) = json.loads(packs_json(list_packs(repository, TODAY)))["packs"]
    assert pack["deployed"] is True
    assert pack["excluded"] == ["management", "audit", "playground"]
    assert [(rule["name"], rule["regions"]) for rule in pack["rules"]] == [
        ("layers", ["eu-west-1", "us-east-1"]),
        ("roles", ["eu-west-1"]),
        ("lambda-dlq-check", ["eu-west-1", "us-east-1"]),
    ]
    assert pack["waivers"] == [
        {
            "rule": "layers",
            "account": "account:shop",
            "resource": "old-*",
            "owner": "ops",
            "reason": "it goes away",
            "expires": "2026-12-31",
        }
    ]


def test_building_writes_one_template_for_each_region(repository: Path, tmp_path: Path) -> None:
    """The files hold exactly what is deployed, and nothing half-written stays beside them."""
    out = tmp_path / "out"
    written = write_packs(repository, [], out, TODAY)
    assert [str(line) for line in written_text(written)] == [
        f"{out}/pack.eu-west-1.json  {written[0].size:,} bytes, 3 rules",
        "    leaves out 3 accounts: management, audit, playground",
        "    functions: LAYERS, ROLES",
        "    documents: add-layer",
        f"{out}/pack.us-east-1.json  {written[1].size:,} bytes, 2 rules",
        "    leaves out 3 accounts: management, audit, playground",
        "    functions: LAYERS",
        "    documents: add-layer",
    ]
    assert {path.name: path.read_text(encoding="utf-8") for path in out.iterdir()} == {
        "pack.eu-west-1.json": written[0].built.template,
        "pack.us-east-1.json": written[1].built.template,
    }
    assert [each["rules"] for each in json.loads(written_json(written))["templates"]] == [
        ["layers", "roles", "lambda-dlq-check"],
        ["layers", "lambda-dlq-check"],
    ]


def test_building_again_writes_the_same_bytes(repository: Path, tmp_path: Path) -> None:
    """So that hashes can be compared."""
    hashes = [
        {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in (tmp_path / out).iterdir()}
        for out in ("one", "other")
        if write_packs(repository, ["pack"], tmp_path / out, TODAY)
    ]
    assert hashes[0] == hashes[1]


def test_what_cannot_be_built_is_said(repository: Path, tmp_path: Path) -> None:
    """A pack that there is not, a pack with an error, and a folder that cannot be written."""
    with pytest.raises(InvalidInputError, match="there is no pack `pak`") as unknown:
        write_packs(repository, ["pak"], tmp_path / "out", TODAY)
    assert unknown.value.hint == "did you mean `pack`?"
    with pytest.raises(InvalidInputError, match="the packs have") as expired:
        write_packs(repository, [], tmp_path / "out", date(2027, 1, 1))
    assert "K150" in {problem.code for problem in expired.value.diagnostics}
    (tmp_path / "file").write_text("")
    with pytest.raises(OrgctlError, match="cannot be written"):
        write_packs(repository, [], tmp_path / "file" / "out", TODAY)


def test_validate_checks_packs(repository: Path) -> None:
    """A waiver fails it from the day after its last one on."""
    last, over = (validate(repository, today=day) for day in (date(2026, 12, 31), date(2027, 1, 1)))
    assert sorted({problem.code for problem in over} - {problem.code for problem in last}) == ["K150"]


def test_validate_of_one_pack_tells_of_nothing_else(repository: Path) -> None:
    """A path narrows it down; a pack is not taken for a policy."""
    path = repository / "conformance_packs/pack.yaml"
    assert validate(repository, [path], today=TODAY) == ()
    path.write_text(PACK.replace("LAMBDA_DLQ_CHECK", "LAMBDA_DLQ_CHEK"))
    assert [problem.code for problem in validate(repository, [path], today=TODAY)] == ["K112"]


def test_a_manifest_that_cannot_be_read_is_no_reason_to_stop(tmp_path: Path) -> None:
    """Packs are not looked at then."""
    lay_down(tmp_path, {"organization.yaml": "version: 1\n"})
    assert {"M002"} <= {problem.code for problem in validate(tmp_path, today=TODAY)}


def test_the_commands_end_with_0_where_all_is_well(repository: Path, tmp_path: Path) -> None:
    """Data goes to stdout."""
    listed = orgctl(repository, "packs", "list", "--format", "json", environment={})
    assert (listed.returncode, json.loads(listed.stdout)["packs"][0]["name"]) == (0, "pack")
    built = orgctl(repository, "packs", "build", "--out", str(tmp_path / "out"), "--format", "json", environment={})
    assert (built.returncode, len(json.loads(built.stdout)["templates"])) == (0, 2)


def test_the_commands_end_with_3_for_an_error(repository: Path, tmp_path: Path) -> None:
    """What is wrong goes to stderr; nothing is built then."""
    (repository / "conformance_packs/pack.yaml").write_text("rules: [{rule: LAYER}]")
    listed = orgctl(repository, "packs", "list", environment={})
    assert (listed.returncode, "[K111]" in listed.stderr) == (3, True)
    built = orgctl(repository, "packs", "build", "--out", str(tmp_path / "out"), environment={})
    assert (built.returncode, "[K111]" in built.stderr, (tmp_path / "out").exists()) == (3, True, False)

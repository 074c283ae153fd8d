"""`orgctl compliance report` as its users meet it: processes, output, exit status; and under least privileges."""

from __future__ import annotations

import csv
import json
import subprocess
from collections.abc import Callable, Iterator
from io import StringIO
from pathlib import Path

import pytest

from orgctl.api.applying import apply_manifest
from orgctl.api.compliance import Question, compliance_report
from orgctl.api.connection import Connection
from orgctl.api.permissions import names_for
from orgctl.aws.permissions import Command, policies
from orgctl.sandbox.embedded import Sandbox, running
from tests.cli.test_command_line import orgctl
from tests.functional.conftest import TERMS
from tests.functional.test_config import client, id_of, manifest, narrow, record
from tests.functional.test_least_privilege import become
from tests.sandbox.functions import function, role

Run = Callable[..., subprocess.CompletedProcess[str]]
LAYER, CONCURRENCY = "lambda-layer-required", "lambda-concurrency-check"


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    """orgctl where `shop` has a function that breaks both rules of the pack, and `data` does not record."""
    directory = tmp_path_factory.mktemp("watched")
    with running(seed=7) as sandbox:

        def begin(*arguments: str) -> subprocess.CompletedProcess[str]:
            return orgctl(directory, *arguments, environment=sandbox.environment())

        manifest(directory)
        assert begin("apply", "--yes").returncode == 0
        record(sandbox, "shop")
        manifest(directory, "layers")
        begin("apply", "--yes")
        function(client(sandbox, "lambda", "shop"), role(sandbox, id_of(sandbox, "shop")), "orders")
        assert sandbox.settled()
        yield begin


def waived(directory: Path, *rules: str) -> str:
    """A file that waives these rules."""
    file = directory / "elsewhere.yaml"
    entries = [f"  - {{rule: {rule}, owner: ops, reason: old, expires: 2099-12-31}}\n" for rule in rules]
    file.write_text("".join(["waivers:\n", *entries]))
    return str(file)


def test_text_goes_to_stdout_and_nothing_to_stderr(run: Run) -> None:
    """A pipe gets no bar, and the exit status is 0: a report is no judgement unless it is asked to be one."""
    done = run("compliance", "report")
    assert (done.returncode, done.stderr) == (0, "")
    last = done.stdout.splitlines()[-1]
    assert last == "Of 4 checks, 0 comply, 2 do not, of 2 nothing is known. 0 % of what was evaluated complies."


def test_json_and_csv_say_the_same(run: Run) -> None:
    """Each resource, once for each rule that it breaks."""
    told = json.loads(run("compliance", "report", "--all", "--format", "json").stdout)
    rows = list(csv.DictReader(StringIO(run("compliance", "report", "--format", "csv").stdout)))
    expected = [("shop", "orders", CONCURRENCY), ("shop", "orders", LAYER)]
    assert [(each["account"], each["resource_id"], each["rule"]) for each in told["resources"]] == expected
    assert [(each["account"], each["resource_id"], each["rule"]) for each in rows] == expected


def test_a_pipeline_can_be_made_to_fail(run: Run, tmp_path: Path) -> None:
    """With 1 while something fails that nobody has waived."""
    asked = ("compliance", "report", "--fail-on-noncompliant")
    assert run(*asked).returncode == 1
    assert run(*asked, "--waivers", waived(tmp_path, LAYER)).returncode == 1
    assert run(*asked, "--waivers", waived(tmp_path, LAYER, CONCURRENCY)).returncode == 0
    assert run(*asked, "--waivers", waived(tmp_path, LAYER), "--rule", LAYER).returncode == 0


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (
            ("--account", "shopp"),
            3,
            "error: there is no account `shopp` in the organization\n\nhint: did you mean `shop`?\n",
        ),
        (("--ou", "Workloads"), 3, "error: there is no OU `Workloads` in the organization\n\nhint: "),
        (("--pack", "layer"), 3, "error: there is no pack `layer`\n\nhint: did you mean `layers`?\n"),
        (("--rule", "X"), 3, "error: there is no rule `X` here\n\nhint: "),
        (("--resource", "nothing"), 1, "error: no rule has said anything of a resource `nothing`\n\nhint: "),
        (("--resource", "it's"), 1, "error: "),
        (("--waivers", "nowhere.yaml"), 3, "Usage: "),
        (("--format", "xml"), 3, "Usage: "),
    ],
)
def test_what_is_not_there(run: Run, arguments: tuple[str, ...], status: int, said: str) -> None:
    """Is said in a sentence on stderr, with a way out and no traceback."""
    done = run("compliance", "report", *arguments)
    assert (done.returncode, done.stdout) == (status, "")
    assert done.stderr.startswith(said)


def test_broken_waivers_are_told_with_their_places(run: Run, tmp_path: Path) -> None:
    """A report without them would be another one."""
    file = waived(tmp_path, "NOPE")
    done = run("compliance", "report", "--waivers", file)
    assert done.returncode == 3
    assert done.stderr.startswith(f"{file}:2:12: error[K151]: no pack has a rule `NOPE`\n")


def test_under_the_least_policies(
    tmp_path: Path, sandbox: Sandbox, connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every kind of report, under the policies that `orgctl permissions compliance` prints, with IAM enforced."""
    sandbox.configure(enforce_iam=True)
    apply_manifest(manifest(tmp_path), connection, TERMS)
    record(sandbox, "shop", "data")
    apply_manifest(manifest(tmp_path, "layers"), connection, TERMS)
    function(client(sandbox, "lambda", "shop"), role(sandbox, id_of(sandbox, "shop")), "orders")
    assert sandbox.settled()
    made = policies(Command.COMPLIANCE, names_for(tmp_path))
    assert made.administrator is not None
    narrow(sandbox, "audit", made.administrator)
    become(monkeypatch, sandbox, "reporter", made.caller)
    arn = f"arn:aws:lambda:eu-west-1:{id_of(sandbox, 'shop')}:function:orders"
    questions = (Question(), Question(accounts=("shop",), rule=LAYER), Question(resource=arn))
    assert [compliance_report(tmp_path, connection, each).totals.resources for each in questions] == [2, 1, 2]


@pytest.mark.parametrize("pages", [1, 2])
def test_empty_pages_are_not_the_end(tmp_path: Path, sandbox: Sandbox, connection: Connection, pages: int) -> None:
    """AWS may answer with none and a token for more."""
    apply_manifest(manifest(tmp_path), connection, TERMS)
    record(sandbox, "shop", "data")
    apply_manifest(manifest(tmp_path, "layers"), connection, TERMS)
    assert sandbox.settled()
    whole = compliance_report(tmp_path, connection).totals
    sandbox.configure(empty_page_every=pages + 1)
    assert compliance_report(tmp_path, connection).totals == whole

"""`orgctl impact` as its users meet it: options, sums, exit status, and what it says when it cannot."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from docs.pages.impact_json import EXPLAINED
from tests.docs.test_reference import paths
from tests.impact.small import REGIONS, TEAMS, write_generated, write_organization, write_policy, write_records
from tests.replay.records import record, session

FAR = {"awsRegion": "ap-south-1"}
BARE = {"PATH": os.environ["PATH"], "HOME": "/nonexistent", "AWS_EC2_METADATA_DISABLED": "true", "COLUMNS": "200"}


def run(directory: Path, *arguments: str, text: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "orgctl", "-C", str(directory), "impact", *arguments],
        env=BARE,
        input=text,
        capture_output=True,
        text=True,
        timeout=120,
    )


def sums(said: str) -> dict[str, int]:
    """The figures in front of the kinds."""
    lines = said.split("\n\n")[1].splitlines()
    return {line[: line.index("  ", 8)].strip().split("  ")[1]: int(line.split()[0].replace(",", "")) for line in lines}


@pytest.fixture
def trail(tmp_path: Path) -> Path:
    """Three events, one of them twice."""
    records = [
        record(eventID="a", **FAR),
        record(eventID="b"),
        record(eventID="c", eventName="DeleteQueue"),
        record(eventID="a", **FAR),
        "no record",
    ]
    return write_records(tmp_path / "trail/one.json.gz", *records)


def test_a_small_trail(tmp_path: Path, trail: Path) -> None:
    """Distinct events come first, what was read adds up, and a denial is shown with its line and a sample."""
    write_organization(tmp_path, REGIONS, TEAMS)
    done = run(tmp_path, "--events", str(trail), "--baseline", "none")
    assert (done.returncode, done.stderr) == (0, "")
    for part in (
        "3 distinct events",
        "of 5 records in 1 file: 1 duplicate, 1 unreadable",
        "1  newly denied",
        "1  depends",
        "1  allowed",
        "scp/tried#Regions (policies/scp/tried.json:4)",
        "hangs on aws:PrincipalTag/team: scp/tried#Teams (policies/scp/tried.json:",
        "arn:aws:iam::222222222222:role/path/Dev",
        "1 × sqs:SendMessage in shop (ou:/Workloads), such as a",
    ):
        assert part in done.stdout


def test_a_generated_trail(tmp_path: Path) -> None:
    """The verdicts partition the distinct events: their sums are what was written."""
    written, accounts = write_generated(tmp_path / "trail")
    write_organization(tmp_path, REGIONS, TEAMS, accounts=accounts)
    done = run(tmp_path, "--events", str(tmp_path / "trail"), "--baseline", "none")
    assert done.returncode == 0
    assert sum(sums(done.stdout).values()) == written.distinct
    assert f"{written.distinct} distinct events" in done.stdout


def test_stdin(tmp_path: Path, trail: Path) -> None:
    """`-` reads from stdin."""
    write_organization(tmp_path, REGIONS)
    text = '{"Records": [{"eventID": "x", "eventName": "Y", "eventSource": "sqs.amazonaws.com"}]}'
    done = run(tmp_path, "--events", "-", "--baseline", "none", text=text)
    assert sums(done.stdout)["undetermined"] == 1


SELECTIONS = [
    (["--account", "shop"], 3),
    (["--ou", "ou:/Workloads"], 3),
    (["--since", "2026-11-02"], 3),
    (["--until", "2026-11-02"], 3),
    (["--until", "2026-11-02T09:00:01+00:00"], 3),
    (["--exclude-principal", "role/Other"], 3),
]
NOTHING = [
    ["--account", "data"],
    ["--ou", "/Lab"],
    ["--since", "2026-11-03"],
    ["--until", "2026-11-01"],
    ["--exclude-principal", "role/path/*"],
    ["--exclude-principal", "arn:aws:iam::222222222222:role/path/Dev"],
]


@pytest.mark.parametrize(("options", "count"), SELECTIONS)
def test_a_selection(tmp_path: Path, trail: Path, options: list[str], count: int) -> None:
    """Time, account, OU and caller choose events; a day that is the last counts in full."""
    write_organization(tmp_path, REGIONS)
    done = run(tmp_path, "--events", str(trail), "--baseline", "none", *options)
    assert f"{count} distinct events" in done.stdout


@pytest.mark.parametrize("options", NOTHING)
def test_nothing_in_range(tmp_path: Path, trail: Path, options: list[str]) -> None:
    """If no event is left, that is an error and no reassuring row of zeros."""
    write_organization(tmp_path, REGIONS)
    done = run(tmp_path, "--events", str(trail), "--baseline", "none", *options)
    assert done.returncode == 3
    assert "none of the 3 events is in the range that was asked for" in done.stderr


def test_a_policy_is_tried(tmp_path: Path, trail: Path) -> None:
    """A file at a target is tried alone, on what the baseline has."""
    write_organization(tmp_path, TEAMS)
    file = write_policy(tmp_path / "new.json", REGIONS)
    tried = ["--policy", str(file), "--target", "ou:/Workloads"]
    for baseline, open_ in (("none", 0), ("manifest", 0)):
        done = run(tmp_path, "--events", str(trail), "--baseline", baseline, *tried)
        assert "Impact of `scp/new` on `ou:/Workloads`" in done.stdout
        assert (1, open_) == (sums(done.stdout)["newly denied"], sums(done.stdout)["depends"])
        assert f"scp/new#Regions ({file}:4)" in done.stdout


def git(directory: Path, *arguments: str) -> None:
    identity = ["-c", "user.name=A", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false"]
    subprocess.run([str(shutil.which("git")), *identity, *arguments], cwd=directory, check=True, capture_output=True)


def test_the_manifest_of_a_commit(tmp_path: Path, trail: Path) -> None:
    """`manifest@REF` compares with the manifest as it was then, also below the repository's top."""
    folder = tmp_path / "governance"
    write_organization(folder, TEAMS)
    git(tmp_path, "init", "--quiet")
    git(tmp_path, "add", "governance")
    git(tmp_path, "commit", "--quiet", "-m", "then")
    write_organization(folder, TEAMS, REGIONS)
    done = run(folder, "--events", str(trail), "--baseline", "manifest@HEAD")
    assert "compared with the manifest at `HEAD`" in done.stdout
    found = sums(done.stdout)
    assert (found["newly denied"], found["depends"], found["allowed"]) == (1, 0, 2)


def test_what_depends_is_settled(tmp_path: Path, trail: Path) -> None:
    """`--assume` and a file of tags settle what hangs on a tag."""
    write_organization(tmp_path, TEAMS)
    tags = tmp_path / "tags.yaml"
    role = session()["sessionContext"]["sessionIssuer"]["arn"]  # type: ignore[index]
    tags.write_text(f"principals:\n  {role}: {{Team: data}}\n")
    found = [
        sums(run(tmp_path, "--events", str(trail), "--baseline", "none", *options).stdout)
        for options in ([], ["--assume", "aws:PrincipalTag/team=shop"], ["--tags", str(tags)])
    ]
    assert [(each["newly denied"], each["depends"]) for each in found] == [(0, 1), (0, 0), (1, 0)]


TROUBLES = [
    (["--events", "nowhere"], "`nowhere` cannot be read: no such file or directory"),
    (["--baseline", "yesterday"], "`yesterday` is no baseline"),
    (["--baseline", "manifest@nothing"], "git knows no manifest at `nothing`"),
    (["--baseline", "manifest@--help"], "git knows no manifest at `--help`"),
    (["--baseline", "none", "--policy", "x.json"], "a policy is tried at a target"),
    (["--baseline", "none", "--policy", "x.json", "--target", "ou:/"], "`x.json` cannot be used as a policy"),
    (["--baseline", "none", "--account", "shpo"], "the organization has no account `shpo`"),
    (["--baseline", "none", "--ou", "/Workload"], "there is no account in an OU `/Workload`"),
    (["--baseline", "none", "--since", "soon"], "`soon` is no time"),
    (["--baseline", "none", "--assume", "aws:PrincipalTag/team"], "`aws:PrincipalTag/team` gives no value"),
    (["--baseline", "none", "--tags", "nowhere.yaml"], "`nowhere.yaml` cannot be used"),
]


@pytest.mark.parametrize(("options", "said"), TROUBLES)
def test_what_cannot_be_used(tmp_path: Path, trail: Path, options: list[str], said: str) -> None:
    """Whatever is wrong with what was given is told in a sentence, with a way out, and status 3."""
    write_organization(tmp_path, REGIONS)
    given = options if "--events" in options else ["--events", str(trail), *options]
    done = run(tmp_path, *given)
    assert (done.returncode, done.stdout) == (3, "")
    assert f"error: {said}" in done.stderr
    assert "hint:" in done.stderr or ":0" in done.stderr or "cannot be" in done.stderr


def test_files_that_cannot_be_read(tmp_path: Path, trail: Path) -> None:
    """A file that is cut off or no JSON is named, and the others still count."""
    write_organization(tmp_path, REGIONS)
    (trail.parent / "cut.json.gz").write_bytes(trail.read_bytes()[:40])
    done = run(tmp_path, "--events", str(trail.parent), "--baseline", "none")
    assert "cut.json.gz" in done.stdout
    assert "3 distinct events" in done.stdout


FORMS = [
    ("text", "Impact of"),
    ("json", "{"),
    ("markdown", "### Impact of"),
    ("csv", "verdict,"),
    ("html", "<!doctype"),
]


@pytest.mark.parametrize(("form", "start"), FORMS)
def test_every_form_can_be_written_to_a_file(tmp_path: Path, trail: Path, form: str, start: str) -> None:
    """`--out` writes what stdout would have had, at once; nothing else is left beside it."""
    write_organization(tmp_path, REGIONS, TEAMS)
    asked = ["--events", str(trail), "--baseline", "none", "--format", form]
    out = tmp_path / "out"
    out.mkdir()
    written = run(tmp_path, *asked, "--out", str(out / "found"))
    assert (written.returncode, written.stdout) == (0, "")
    text = (out / "found").read_bytes().decode()
    assert text.startswith(start)
    assert text.replace("\r", "") == run(tmp_path, *asked).stdout.replace("\r", "")
    assert [each.name for each in out.iterdir()] == ["found"]


def test_a_file_that_cannot_be_written(tmp_path: Path, trail: Path) -> None:
    """It is told, with status 3."""
    write_organization(tmp_path, REGIONS)
    done = run(tmp_path, "--events", str(trail), "--baseline", "none", "--out", str(tmp_path / "no/where"))
    assert (done.returncode, done.stdout) == (3, "")
    assert "cannot be written: no such file or directory" in done.stderr


STATUSES = [
    ([REGIONS], None, 0),
    ([REGIONS], "denied", 1),
    ([TEAMS], "denied", 0),
    ([TEAMS], "depends", 1),
    ([REGIONS], "depends", 1),
]


@pytest.mark.parametrize(("statements", "fail_on", "status"), STATUSES)
def test_the_exit_status(
    tmp_path: Path, trail: Path, statements: list[dict[str, object]], fail_on: str | None, status: int
) -> None:
    """It is 1 only where `--fail-on` asks for it: on denials, or also on what may be one."""
    write_organization(tmp_path, *statements)
    asked = ["--fail-on", fail_on] if fail_on else []
    assert status == run(tmp_path, "--events", str(trail), "--baseline", "none", *asked).returncode


def test_one_event_is_explained(tmp_path: Path, trail: Path) -> None:
    """`--explain` shows the whole decision after the change, and what decided before it."""
    write_organization(tmp_path, REGIONS)
    asked = ["--events", str(trail), "--baseline", "none", "--explain", "a"]
    done = run(tmp_path, *asked)
    assert done.returncode == 0
    for part in (
        "Event a: sqs:SendMessage by arn:aws:iam::222222222222:role/path/Dev at 2026-11-02 09:00 (UTC)",
        "newly denied: the change denies them, and nothing did before",
        "After the change\nEXPLICIT_DENY  `sqs:SendMessage` in `shop` is denied",
        "StringNotEquals aws:RequestedRegion: `ap-south-1` is not any of `eu-west-1`, `us-east-1`",
        "Before the change\nALLOWED",
    ):
        assert part in done.stdout
    value = json.loads(run(tmp_path, *asked, "--format", "json").stdout)
    assert set(paths(value, EXPLAINED)) | {"keys[]", "causes[]"} == set(EXPLAINED)
    assert (value["verdict"], [each["decision"] for each in value["after"]]) == ("newly_denied", ["EXPLICIT_DENY"])


def test_an_event_without_a_request_is_explained(tmp_path: Path) -> None:
    """What nothing can be asked about has its verdict, and why."""
    write_organization(tmp_path, REGIONS)
    trail = write_records(tmp_path / "t.json", record(eventID="x", eventName="Ponder"))
    done = run(tmp_path, "--events", str(trail), "--baseline", "none", "--explain", "x")
    assert "undetermined: `sqs` has no action `Ponder`" in done.stdout


def test_an_event_of_some_resource_is_explained(tmp_path: Path) -> None:
    """A resource that nobody can tell is said to be none that is known."""
    write_organization(tmp_path, TEAMS)
    trail = write_records(tmp_path / "t.json", record(eventID="x", eventName="DeleteQueue", requestParameters=None))
    done = run(tmp_path, "--events", str(trail), "--baseline", "none", "--explain", "x")
    assert "depends: on context keys that the records do not hold" in done.stdout
    assert "  resource                   (not known)\n" in done.stdout


def test_an_event_that_is_not_there(tmp_path: Path, trail: Path) -> None:
    """It is told, with status 3."""
    write_organization(tmp_path, REGIONS)
    done = run(tmp_path, "--events", str(trail), "--baseline", "none", "--explain", "nobody")
    assert (done.returncode, done.stdout) == (3, "")
    assert "there is no event `nobody` among 3 events" in done.stderr

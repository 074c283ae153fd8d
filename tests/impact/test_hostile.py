"""Whatever is broken or missing, `orgctl impact` says so in a sentence, and leaves nothing behind."""

from __future__ import annotations

import gzip
import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from orgctl.api.connection import Connection
from orgctl.api.impact import Wanted, impact
from orgctl.errors import InvalidInputError
from orgctl.replay.verdicts.verdict import Kind
from orgctl.views.diagnostics import error_text
from tests.impact.small import (
    REGIONS,
    TEAMS,
    Statement,
    write_generated,
    write_organization,
    write_policy,
    write_records,
)
from tests.impact.test_command import BARE, run
from tests.replay.records import record

FAR = {"awsRegion": "ap-south-1"}
ROLE = "arn:aws:iam::222222222222:role/path/Dev"


@pytest.fixture
def trail(tmp_path: Path) -> Path:
    """A manifest that locks regions, and a record of a call far away."""
    write_organization(tmp_path, REGIONS)
    return write_records(tmp_path / "trail/one.json.gz", record(eventID="a", **FAR))


def refused(directory: Path, **wanted: Any) -> str:
    """What is said when an impact is refused as invalid input."""
    with pytest.raises(InvalidInputError) as caught:
        impact(directory, Connection(), Wanted(**{"baseline": "none", **wanted}))
    return "\n".join(line.plain for line in error_text(caught.value))


WHOLE = json.dumps({"Records": [record(eventID="b"), record(eventID="c")]}).encode()
BROKEN = {
    "half.json": (WHOLE[:-400], "a record of it is broken, or cut off"),
    "half.json.gz": (gzip.compress(WHOLE)[:200], "cut off"),
    "empty.json": (b"", "it is empty"),
    "page.json": (b"<html>Access denied</html>", "it is no JSON, and holds no record that can be read"),
    "other.json": (b'{"Records": 7}', "record"),
    "binary.json": (b"\xff\xfe\x00", "it is no JSON"),
}


def test_files_that_are_broken(tmp_path: Path, trail: Path) -> None:
    """Beside whole files each is named with its reason, and what can be read of it counts."""
    for name, (data, _) in BROKEN.items():
        (trail.parent / name).write_bytes(data)
    done = run(tmp_path, "--events", str(trail.parent), "--baseline", "none")
    assert (done.returncode, done.stderr) == (0, "")
    assert "  1  newly denied" in done.stdout
    notes = [line for line in done.stdout.splitlines() if line.startswith("note: ")]
    for name, (_, reason) in BROKEN.items():
        assert any(f"/{name}`: " in note and reason in note for note in notes)


@pytest.mark.parametrize("name", [name for name in BROKEN if name != "half.json"])
def test_nothing_but_a_file_that_is_broken(tmp_path: Path, name: str) -> None:
    """Without any event there is no report, but the reason."""
    write_organization(tmp_path, REGIONS)
    data, reason = BROKEN[name]
    (tmp_path / name).write_bytes(data)
    said = refused(tmp_path, events=(str(tmp_path / name),))
    assert f"error: there is no CloudTrail event in `{tmp_path / name}`" in said
    assert f"hint: `{tmp_path / name}`: " in said
    assert reason in said


def test_an_empty_path(tmp_path: Path, trail: Path) -> None:
    """A variable that is not set does not make it read whatever lies here."""
    assert "one of the paths to events is empty" in refused(tmp_path, events=(str(trail), ""))


def test_nothing_on_stdin(tmp_path: Path) -> None:
    """Stdin is called as the user calls it."""
    write_organization(tmp_path, REGIONS)
    done = run(tmp_path, "--events", "-", "--baseline", "none")
    assert "error: there is no CloudTrail event in `-`\n\nhint: `-`: it is empty" in done.stderr


def test_the_same_folder_twice(tmp_path: Path, trail: Path) -> None:
    """A file that is named in several ways is read once."""
    paths = (trail.parent, trail.parent, trail, tmp_path / "trail/../trail")
    found = impact(tmp_path, Connection(), Wanted(tuple(map(str, paths)), "none"))
    assert (found.events, found.reading.files, found.reading.duplicates) == (1, 1, 0)


TAGS = [
    ("principals: [", "tags.yaml:2:1: error[S004]: this is not valid YAML"),
    ("", "error[S003]: `tags.yaml` is empty"),
    ("people: {}", "error: `tags.yaml` is no file of tags"),
    ("principals: [x]", "error: what stands at tags.yaml:1:13 are no tags"),
    ("principals: {role/Dev: {team: shop}}", "error: `role/Dev` at tags.yaml:1:14 is no ARN"),
    (f"principals: {{{ROLE}: [team]}}", "error: what stands at tags.yaml:1:"),
    (f"principals: {{{ROLE}: {{cost: 7}}}}", "error: the value of the tag `cost` at tags.yaml:1:"),
]


@pytest.mark.parametrize(("text", "said"), TAGS)
def test_tags_that_cannot_be_used(
    tmp_path: Path, trail: Path, monkeypatch: pytest.MonkeyPatch, text: str, said: str
) -> None:
    """A file of tags is refused where it is wrong, with the place; nothing of it is passed over."""
    monkeypatch.chdir(tmp_path)
    Path("tags.yaml").write_text(text)
    assert said in refused(tmp_path, events=(str(trail),), tags=Path("tags.yaml"))


DENY: Statement = {"Effect": "Deny", "Resource": "*"}
POLICIES = [
    ("nope", "p.json:1:1: error[S004]: this is not valid JSON"),
    ("[]", "p.json:1:1: error[P001]: `p.json` does not hold an object"),
    ('{"Statement": 3}', "p.json:1:15: error[P107]: a statement is a mapping, not `3`"),
    ('{"tags": {}}', "p.json:1:1: error[P101]: the policy has no `Statement`"),
    (json.dumps({"Statement": {**DENY, "Action": "@{nope}"}}), "the placeholder `@{nope}` names nothing"),
    (json.dumps({"Statement": {**DENY, "Action": "s@{regions}"}}), "`@{regions}` is a list, and stands within"),
    (json.dumps({"Statement": {**DENY, "Action": "@{home_region}"}}), "p.json: error[P104]: `eu-west-1` is not an"),
]


@pytest.mark.parametrize(("text", "said"), POLICIES)
def test_policies_that_cannot_be_tried(
    tmp_path: Path, trail: Path, monkeypatch: pytest.MonkeyPatch, text: str, said: str
) -> None:
    """What is no policy is refused, with the file and the place in it."""
    monkeypatch.chdir(tmp_path)
    Path("p.json").write_text(text)
    told = refused(tmp_path, events=(str(trail),), policy=Path("p.json"), target="ou:/Workloads")
    assert said in told
    assert "error: `p.json` cannot be used as a policy" in told


TARGETS = [
    ("ou:/Workload", "the organization has no target `ou:/Workload`", "did you mean `ou:/Workloads`?"),
    ("shpo", "the organization has no target `shpo`", "did you mean `shop`?"),
    ("", "the organization has no target ``", "name an OU (`ou:/Workloads`), an account, or `root`"),
]


@pytest.mark.parametrize(("target", "said", "hint"), TARGETS)
def test_targets_that_there_are_not(tmp_path: Path, trail: Path, target: str, said: str, hint: str) -> None:
    """A target that the organization lacks is refused, with what was probably meant."""
    file = write_policy(tmp_path / "new.json", TEAMS)
    told = refused(tmp_path, events=(str(trail),), policy=file, target=target)
    assert said in told
    assert f"hint: {hint}" in told


def test_a_policy_with_values_in_it(tmp_path: Path, trail: Path) -> None:
    """A policy that is tried may have the manifest's values in it, as its own policies do."""
    only: Statement = {**DENY, "Action": "*", "Condition": {"StringNotEquals": {"aws:RequestedRegion": "@{regions}"}}}
    file = write_policy(tmp_path / "new.json", only)
    found = impact(tmp_path, Connection(), Wanted((str(trail),), "none", policy=file, target="root"))
    assert found.count(Kind.NEWLY_DENIED) == 1


def test_no_credentials(tmp_path: Path, trail: Path) -> None:
    """Without credentials there is no comparing with AWS: one message, and status 1."""
    done = run(tmp_path, "--events", str(trail))
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("error: there are no AWS credentials to use")
    assert "hint: " in done.stderr


def test_a_dataset_that_there_is_not(tmp_path: Path, trail: Path) -> None:
    """A folder without a dataset is not taken for an empty one, nor made into one."""
    nowhere = tmp_path / "nowhere"
    assert f"there is no dataset in `{nowhere}`" in refused(tmp_path, events=(), dataset=nowhere)
    assert not nowhere.exists()


def test_a_folder_of_something_else(tmp_path: Path, trail: Path) -> None:
    """Nobody's files get a dataset among them by mistake."""
    said = refused(tmp_path, events=(str(trail),), dataset=trail.parent)
    assert f"`{trail.parent}` holds something else than a dataset" in said
    assert [each.name for each in trail.parent.iterdir()] == [trail.name]


def written_to(stdout: Any, directory: Path, trail: Path, *options: str) -> tuple[int, bytes]:
    """The exit status, and what is said on stderr."""
    asked = [sys.executable, "-m", "orgctl", "-C", str(directory), "impact", "--events", str(trail)]
    done = subprocess.run([*asked, "--baseline", "none", *options], env=BARE, stdout=stdout, stderr=subprocess.PIPE)
    return done.returncode, done.stderr


@pytest.mark.parametrize("options", [[], ["--format", "json"]])
def test_a_reader_that_goes_away(tmp_path: Path, trail: Path, options: list[str]) -> None:
    """A pipe that is closed at the other end is no matter for a traceback."""
    read, write = os.pipe()
    os.close(read)
    assert written_to(write, tmp_path, trail, *options) == (1, b"")
    os.close(write)


@pytest.mark.parametrize("options", [[], ["--format", "json"]])
def test_no_room(tmp_path: Path, trail: Path, options: list[str]) -> None:
    """If what is said cannot be written, that is told, with status 1."""
    said = b"error: there is no room to write: no space left on device\n"
    with Path("/dev/full").open("wb") as full:
        assert written_to(full, tmp_path, trail, *options) == (1, said)


def test_it_is_interrupted(tmp_path: Path) -> None:
    """Ctrl-C while events are read ends all of its processes, and leaves no file behind."""
    write_generated(tmp_path / "trail", 3000)
    write_organization(tmp_path, REGIONS)
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    asked = [sys.executable, "-m", "orgctl", "-C", str(tmp_path), "impact", "--events", str(tmp_path / "trail")]
    process = subprocess.Popen(
        [*asked, "--events", "-", "--baseline", "none"],
        env={**BARE, "TMPDIR": str(temporary)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    while not list(temporary.glob("*/dataset/*")):
        assert process.poll() is None
    os.killpg(process.pid, signal.SIGINT)
    said, told = process.communicate(timeout=60)
    assert (process.returncode, said, told.strip()) == (1, "", "stopped; nothing more was done")
    assert list(temporary.iterdir()) == []

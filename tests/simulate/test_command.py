"""`orgctl simulate` as a process: what it prints where, and its exit status."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.simulate.asking import EXAMPLE

QUESTION = ("--account", "shop", "--action", "sqs:SendMessage")
MESSAGE = "User: arn:aws:iam::222222222222:user/Jane is not authorized to perform: cloudhsm:CreateCluster"


def simulate(*arguments: str, stdin: str = "", directory: Path = EXAMPLE) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "orgctl", "-C", str(directory), "simulate", *arguments],
        env={"PATH": os.environ["PATH"], "HOME": "/nonexistent"},
        capture_output=True,
        text=True,
        input=stdin,
        timeout=60,
    )


@pytest.mark.parametrize("action", ["sqs:SendMessage", "cloudhsm:CreateCluster", "ec2:StopInstances"])
def test_every_decision_is_an_answer(action: str) -> None:
    """The exit status is 0 whatever the decision is: a denial is an answer."""
    done = simulate("--account", "shop", "--action", action)
    assert (done.returncode, done.stderr) == (0, "")


WRONG = [
    (("--account", "shp", "--action", "sqs:SendMessage"), "did you mean `shop`?"),
    (("--account", "999999999999", "--action", "sqs:SendMessage"), "give the account its `id` in the manifest"),
    (("--account", "shop", "--action", "SendMessage"), "`SendMessage` is not an action"),
    (("--account", "shop", "--action", "sqs.SendMessage"), "did you mean `sqs:SendMessage`?"),
    (("--account", "shop", "--action", "sqs.amazonaws.com:SendMessage"), "did you mean `sqs:SendMessage`?"),
    (("--account", "shop", "--action", "sqs:*"), "a request is for one action"),
    ((*QUESTION, "--resource", "arn:aws:s3:bucket"), "did you mean `arn:aws:s3:::bucket`?"),
    ((*QUESTION, "--resource", "s3://bucket/key"), "did you mean `arn:aws:s3:::bucket/key`?"),
    ((*QUESTION, "--resource", "bucket"), "`bucket` is not an ARN"),
    ((*QUESTION, "--principal", "Dev"), "or `role/Dev`?"),
    ((*QUESTION, "--principal", "lambda"), "did you mean `lambda.amazonaws.com`"),
    ((*QUESTION, "--principal", "arn:aws:sts::222222222222:assumed-role/Dev"), "a session's ARN ends in its name"),
    ((*QUESTION, "--principal", "arn:aws:iam::2222:role/Dev"), "is not a principal"),
    ((*QUESTION, "--context", "aws:SourceIp"), "write `--context aws:SourceIp=VALUE`"),
    ((*QUESTION, "--context", "SourceIP=192.0.2.1"), "did you mean `aws:SourceIp`?"),
    ((*QUESTION, "--unknown", "SourceIp"), "`SourceIp` is not a context key"),
    ((*QUESTION, "--absent", "SourceIp"), "`SourceIp` is not a context key"),
    ((*QUESTION, "--resource-account", "dat"), "did you mean `data`?"),
    (("--account", "shop"), "say which `--account` and which `--action`"),
    ((*QUESTION, "--batch", "-"), "`--batch` does not go with `--action`"),
    (("--from-event", "-", "--context", "a:b=c"), "`--from-event` does not go with `--context`"),
    (("--batch", "-", "--account", "shop"), "`--batch` does not go with `--account`"),
    (("--batch", "/nonexistent/x"), "`/nonexistent/x` cannot be read"),
    (("--from-event", "/nonexistent/x"), "`/nonexistent/x` cannot be read"),
]


@pytest.mark.parametrize(("arguments", "words"), WRONG)
def test_what_cannot_be_asked(arguments: tuple[str, ...], words: str) -> None:
    """A slip ends with status 3, nothing on stdout, and what was probably meant on stderr."""
    done = simulate(*arguments)
    assert (done.returncode, done.stdout, words in done.stderr) == (3, "", True), done.stderr


def test_json() -> None:
    """With `--format json` the answer is one versioned object."""
    done = simulate(*QUESTION, "--context", "aws:TagKeys=a", "--context", "aws:TagKeys=b", "--format", "json")
    data = json.loads(done.stdout)
    assert (
        data["format_version"],
        data["decision"],
        data["request"]["context"]["aws:TagKeys"],
    ) == (1, "ALLOWED", ["a", "b"])


def test_batch_from_stdin(tmp_path: Path) -> None:
    """Lines with policies need no manifest; a bad line makes the status 3 at the end, and the rest is answered."""
    policies = {"scp": [[{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}]]}
    good = json.dumps({"id": "a", "policies": policies, "action": "s3:GetObject"})
    done = simulate("--batch", "-", stdin=f"{good}\n", directory=tmp_path)
    by = [{"layer": "scp", "level": 0, "policy": "scp[0][0]", "statement": "statement 1"}]
    assert (0, {"id": "a", "decision": "ALLOWED", "decided_by": by, "unknown_keys": []}, "") == (
        done.returncode,
        json.loads(done.stdout),
        done.stderr,
    )
    mixed = simulate("--batch", "-", stdin=f"{good}\nnonsense\n{good}", directory=tmp_path)
    assert (
        mixed.returncode,
        [json.loads(line)["id"] for line in mixed.stdout.splitlines()],
    ) == (3, ["a", None, "a"])
    assert "1 line of 3 could not be answered" in mixed.stderr


def test_batch_without_the_manifest_it_needs(tmp_path: Path) -> None:
    """Lines that need a manifest which is not there fail, and stderr says at the end what is wrong with it."""
    done = simulate("--batch", "-", stdin='{"id": 1, "account": "shop", "action": "s3:GetObject"}', directory=tmp_path)
    assert (done.returncode, json.loads(done.stdout)["id"]) == (3, 1)
    assert "there is no `organization.yaml`" in done.stderr


def test_batch_answers_each_line_at_once() -> None:
    """Whoever writes a request into the pipe gets its answer before writing the next."""
    command = [sys.executable, "-m", "orgctl", "-C", str(EXAMPLE), "simulate", "--batch", "-"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin
        assert process.stdout
        for number in range(3):
            process.stdin.write(json.dumps({"id": number, "account": "shop", "action": "s3:GetObject"}) + "\n")
            process.stdin.flush()
            assert number == json.loads(process.stdout.readline())["id"]
        process.stdin.close()
        assert process.wait(timeout=30) == 0


def test_from_event() -> None:
    """A pasted message is answered by the line that denied it, as text and as data."""
    done = simulate("--from-event", "-", stdin=MESSAGE)
    assert (done.returncode, "policies/scp/deny-hsm.json:3" in done.stdout) == (0, True)
    data = json.loads(simulate("--from-event", "-", "--format", "json", stdin=MESSAGE).stdout)
    assert (data["format_version"], [each["decision"] for each in data["decisions"]]) == (1, ["EXPLICIT_DENY"])


def test_bytes_that_are_no_text(tmp_path: Path) -> None:
    """A file that holds no text is refused in words."""
    (tmp_path / "x").write_bytes(b"\xff\xfe\x00\x01")
    done = simulate("--from-event", str(tmp_path / "x"))
    assert (done.returncode, "neither an access-denied message nor an event" in done.stderr) == (3, True)

"""The sandbox in the background, its state in a file, and its command line."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import boto3
import pytest
from click.testing import CliRunner

from orgctl.cli import orgctl
from orgctl.errors import InvalidInputError, OrgctlError, RefusedError
from orgctl.sandbox import process
from orgctl.sandbox.embedded import running
from orgctl.sandbox.seed import Seeding
from orgctl.sandbox.snapshot import restore, snapshot
from tests.sandbox.conftest import CONFIG, assumed, client, enabled, member, root_of


@pytest.fixture(autouse=True)
def state_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    yield tmp_path
    for instance in process.running():
        process.stop(instance.name)


def test_start_find_stop() -> None:
    """A started sandbox is found by its name, serves, is not started twice, and is gone when it is stopped."""
    instance, is_new = process.start()
    again, is_newer = process.start()
    assert (is_new, is_newer, again) == (True, False, instance)
    environment = instance.environment()
    api = boto3.client(
        "organizations",
        endpoint_url=environment["AWS_ENDPOINT_URL"],
        region_name=environment["AWS_REGION"],
        aws_access_key_id=environment["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=environment["AWS_SECRET_ACCESS_KEY"],
        config=CONFIG,
    )
    assert api.describe_organization()["Organization"]["MasterAccountId"] == "111111111111"
    assert (process.stop(), process.find(), process.stop()) == (True, None, False)
    api.close()


def test_several_run_at_once() -> None:
    """Each has its port and its organization."""
    one, _ = process.start("one")
    two, _ = process.start("two", settings={"organization": False})
    assert [one, two] == list(process.running())
    organizations = [process.ask(instance, "GET", "status")["organization"] for instance in (one, two)]
    assert (one.port != two.port, organizations[1]) == (True, None)


def note(instance: process.Instance) -> None:
    path = process.state_folder() / f"{instance.name}.json"
    path.write_text(json.dumps(asdict(instance)))


def test_a_stale_note_is_swept_away() -> None:
    """A note whose process is gone, or which is cut off, is no sandbox."""
    note(process.Instance("default", 2**22 + 1, 1, "token", "111111111111", "log"))
    (process.state_folder() / "cut.json").write_text('{"name": "cu')
    assert (process.running(), process.stop(), process.stop("cut")) == ((), False, False)
    assert list(process.state_folder().glob("*.json")) == []


def test_another_process_is_never_stopped() -> None:
    """A note that names a living process which is not a sandbox of ours does it no harm."""
    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    note(process.Instance("default", child.pid, 1, "token", "111111111111", "log"))
    assert (process.stop(), child.poll()) == (False, None)
    child.communicate(b"\n")


def test_a_sandbox_on_the_port_of_another_is_told_apart() -> None:
    """The token of the note has to be the one that the server tells."""
    instance, _ = process.start("real")
    note(process.Instance("fake", instance.pid, instance.port, "another token", "111111111111", "log"))
    assert (process.find("fake"), process.stop("fake"), process.find("real")) == (None, False, instance)


def test_a_sandbox_that_was_killed_can_be_started_again() -> None:
    """Its note is stale, and no obstacle."""
    instance, _ = process.start()
    os.kill(instance.pid, signal.SIGKILL)
    os.waitpid(instance.pid, 0)
    again, is_new = process.start()
    assert (is_new, again.pid != instance.pid) == (True, True)


def test_a_sandbox_that_hangs_is_stopped() -> None:
    """It does not answer, but its process has our token on its command line."""
    instance, _ = process.start()
    os.kill(instance.pid, signal.SIGSTOP)
    assert (process.stop(), process.find()) == (True, None)


def test_what_is_wrong_is_said() -> None:
    """A taken port, a bad setting, a bad name, a sandbox that there is not."""
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(OrgctlError, match="did not start: OSError"):
        process.start(port=taken.getsockname()[1])
    with pytest.raises(OrgctlError, match="there is no setting `speed`"):
        process.start(settings={"speed": 1})
    with pytest.raises(InvalidInputError, match="cannot be the name"):
        process.start("../x")
    with pytest.raises(RefusedError, match="no sandbox `default` is running"):
        process.reset()


def test_status_needs_no_moto() -> None:
    """Neither moto nor botocore is loaded to ask what runs."""
    code = (
        "import sys, orgctl.sandbox.process as p; p.running(); print({'moto', 'botocore', 'boto3'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def test_the_command_line(tmp_path: Path) -> None:
    """start prints what a shell evaluates, and says on stderr that this is not AWS; save and --load keep the state."""
    runner, file = CliRunner(), tmp_path / "state.json"
    started = runner.invoke(orgctl, ["sandbox", "start", "--throttle", "--latency", "1", "--empty"])
    assert started.exit_code == 0
    lines = started.stdout.splitlines()
    assert [line for line in lines if not re.fullmatch(r"export AWS_[A-Z_0-9]+=\S+", line)] == []
    assert "not AWS" in started.stderr
    settings = process.ask(process.required("default"), "GET", "settings")
    assert (settings["throttle"], settings["latency_ms"], settings["organization"]) == (True, 1.0, False)
    assert "accounts 0" in runner.invoke(orgctl, ["sandbox", "status"]).stdout
    process.ask(process.required("default"), "POST", "seed", {"accounts": 3})
    assert runner.invoke(orgctl, ["sandbox", "save", str(file)]).exit_code == 0
    assert runner.invoke(orgctl, ["sandbox", "reset"]).exit_code == 0
    assert runner.invoke(orgctl, ["sandbox", "stop"]).stderr == "the sandbox `default` is stopped\n"
    assert runner.invoke(orgctl, ["sandbox", "start", "--name", "other", "--load", str(file)]).exit_code == 0
    assert process.ask(process.required("other"), "GET", "status")["accounts"] == 4


def test_the_state_is_kept_whole() -> None:
    """What was saved comes back: organization, buckets with settings, users, keys; a second saving is the same."""
    with running(seed=1) as sandbox:
        api = client(sandbox, "organizations")
        enabled(api, root_of(sandbox))
        account = member(api, "one")
        api.invite_account_to_organization(Target={"Id": "222222222222", "Type": "ACCOUNT"})
        api.close_account(AccountId=account)
        s3, iam = client(sandbox, "s3"), client(sandbox, "iam")
        s3.create_bucket(Bucket="logs")
        s3.put_bucket_versioning(Bucket="logs", VersioningConfiguration={"Status": "Enabled"})
        s3.put_object(Bucket="logs", Key="a/b c", Body=b"one")
        s3.put_object(Bucket="logs", Key="gone", Body=b"one")
        s3.delete_object(Bucket="logs", Key="gone")
        s3.create_bucket(Bucket="dropped")
        s3.delete_bucket(Bucket="dropped")
        iam.create_user(UserName="ci")
        key = iam.create_access_key(UserName="ci")["AccessKey"]
        saved = json.loads(json.dumps(snapshot(sandbox.front)))
    with running() as sandbox:
        restore(sandbox.front, saved)
        s3 = client(sandbox, "s3")
        assert json.loads(json.dumps(snapshot(sandbox.front))) == saved
        assert [bucket["Name"] for bucket in s3.list_buckets()["Buckets"]] == ["logs"]
        assert [item["Key"] for item in s3.list_objects_v2(Bucket="logs")["Contents"]] == ["a/b c"]
        assert s3.get_bucket_versioning(Bucket="logs")["Status"] == "Enabled"
        assert assumed(sandbox, "sts", key).get_caller_identity()["Arn"].endswith(":user/ci")


def test_ten_thousand_accounts_are_there_at_once() -> None:
    """The seed makes the size that benchmarks need, within AWS's limits, in a few seconds and without a call."""
    with running(seed=1, empty_page_every=0) as sandbox:
        begun = time.monotonic()
        organization = sandbox.seed(Seeding(accounts=10_000, units=500, policies=200))
        assert time.monotonic() - begun < 10
        assert (len(organization.accounts), len(organization.units), len(organization.policies)) == (10_001, 500, 202)
        assert max(len(organization.ancestry(unit)) for unit in organization.units) <= 6
        assert sandbox.calls() == {}
        assert {unit.tags.get("orgctl:managed") for unit in organization.units.values()} == {"true"}

"""`orgctl impact --coverage`: how much records tell, whatever the policies."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from docs.pages.impact_json import COVERAGE
from tests.docs.test_reference import paths
from tests.impact.small import write_generated, write_organization, write_records
from tests.impact.test_command import run
from tests.replay.records import record

RECORDS = (
    record(eventID="1"),
    record(eventID="1"),
    record(eventID="2", requestParameters=None),
    record(eventID="3", eventName="Ponder"),
    record(eventID="4", eventName="Ponder", userIdentity=None),
    record(eventID="5", eventSource="signin.amazonaws.com", eventName="ConsoleLogin", eventType="AwsConsoleSignIn"),
    record(eventID="7", eventSource="sts.amazonaws.com", eventName="GetCallerIdentity", requestParameters=None),
    record(eventID="6", eventSource="s3.amazonaws.com", eventName="ListBuckets", requestParameters=None),
)
TEXT = """\
What the records tell
  6 distinct calls; 1 other event of no call
  of 8 records in 1 file: 1 duplicate, 0 unreadable

                    calls   with action   and resources
  sqs                   4          50 %            25 %
  s3                    1         100 %           100 %
  sts                   1         100 %           100 %
  signin                0             -               -
  all services          6        66.6 %            50 %

Without an action
  2 × sqs:Ponder: `sqs` has no action `Ponder`

Without resources
  1 × sqs:SendMessage: the record does not tell which `queue`
"""


def data(directory: Path, *options: str) -> Any:
    return json.loads(run(directory, *options, "--coverage", "--format", "json").stdout)


def test_what_records_tell(tmp_path: Path) -> None:
    """By service: how many calls, of which share the action is known, of which also the resources, and what lacks."""
    trail = write_records(tmp_path / "t.json", *RECORDS)
    done = run(tmp_path, "--events", str(trail), "--coverage")
    assert (done.returncode, done.stderr, done.stdout) == (0, "", TEXT)


def test_every_field_is_documented(tmp_path: Path) -> None:
    """What stands in the JSON stands on the reference page, and the other way round."""
    value = data(tmp_path, "--events", str(write_records(tmp_path / "t.json", *RECORDS)))
    assert set(paths(value, COVERAGE)) == set(COVERAGE)


def test_sums_agree(tmp_path: Path) -> None:
    """Each distinct event counts once, under its service; what is known and what lacks add up to the calls."""
    written, _ = write_generated(tmp_path / "trail", 1500)
    found = data(tmp_path, "--events", str(tmp_path / "trail"))
    services = found["services"]
    assert written.distinct == found["events"] == sum(each["events"] for each in services)
    for each in services:
        without = {what: sum(it["calls"] for it in each[f"without_{what}"]) for what in ("action", "resources")}
        assert each["with_action"] == each["calls"] - without["action"]
        assert each["with_resources"] == each["with_action"] - without["resources"]
    assert found["with_action"] > 0.95 * found["calls"]


def test_events_are_chosen(tmp_path: Path) -> None:
    """Time, account and caller choose events; only for accounts a manifest is needed."""
    trail = write_records(tmp_path / "t.json", *RECORDS)
    write_organization(tmp_path / "ours")
    chosen = (["--since", "2026-11-02"], ["--exclude-principal", "role/*"], ["--account", "shop"])
    found = [data(tmp_path / "ours", "--events", str(trail), *options) for options in chosen]
    assert [(each["events"], each["reading"]["left_out"]) for each in found] == [(7, 0), (1, 6), (7, 0)]


REFUSED = [
    (["--format", "html"], "`--coverage` writes text or JSON, not `html`"),
    (["--explain", "1"], "`--coverage` is about the events alone"),
    (["--fail-on", "denied"], "`--coverage` is about the events alone"),
    (["--assume", "aws:SourceVpc=vpc-1"], "`--coverage` is about the events alone"),
    (["--since", "2030-01-01"], "none of the 7 events is in the range"),
]


@pytest.mark.parametrize(("options", "said"), REFUSED)
def test_what_does_not_go_with_it(tmp_path: Path, options: list[str], said: str) -> None:
    """What has nothing to do with events is refused, not passed over."""
    trail = write_records(tmp_path / "t.json", *RECORDS)
    done = run(tmp_path, "--events", str(trail), "--coverage", *options)
    assert (done.returncode, done.stdout) == (3, "")
    assert said in done.stderr

"""How the trail is queried, as the manifest has it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from orgctl.model.partitions import AWS
from orgctl.state.trail_queries import trail_queries
from tests.trail.manifests import with_athena
from tests.trail.places import QUERIES

OF_ATHENA = ("database:logs", "table:logs.cloudtrail", "table:logs.cloudtrail_copies", "workgroup:orgctl")
_IDS = {"organization.id": "o-a1b2c3d4e5"}


def test_true_is_a_value_for_everything(tmp_path: Path) -> None:
    """`athena: true` queries in the bucket's account and region, over every region of AWS."""
    for said in (True, dict[str, object]()):
        found = trail_queries(with_athena(tmp_path, said), _IDS)
        assert found == replace(QUERIES, regions=tuple(sorted(AWS.regions)))


@pytest.mark.parametrize("said", [None, False])
def test_without_athena_nothing_is_queried(tmp_path: Path, said: object) -> None:
    """Where the key is absent, or false, there is no table to query."""
    assert trail_queries(with_athena(tmp_path, said), _IDS) is None


def test_a_mapping_says_what_is_to_be_otherwise(tmp_path: Path) -> None:
    """Names, place and key of results, the limit of a query, regions and first day, each as declared."""
    key = "arn:aws:kms:eu-west-1:222222222222:key/1"
    said = {
        "database": "logs",
        "table": "events",
        "workgroup": "audit",
        "results": "s3://audit-results/impact",
        "kms_key": key,
        "scan_limit_gb": 50,
        "regions": ["us-east-1", "eu-west-1"],
        "since": "2025-06-01",
    }
    found = trail_queries(with_athena(tmp_path, said, prefix="trail", kms_key=key), _IDS)
    assert found == replace(
        QUERIES,
        database="logs",
        table="events",
        workgroup="audit",
        results="s3://audit-results/impact/",
        results_key=key,
        trail_key=key,
        scan_limit=50 * 10**9,
        since=date(2025, 6, 1),
        prefix="trail",
    )


def test_an_organization_without_an_id_yet_is_a_placeholder(tmp_path: Path) -> None:
    """Before AWS has given the id, the table's place holds what apply fills in."""
    found = trail_queries(with_athena(tmp_path, athena=True), {})
    assert found is not None
    assert found.location == "s3://example-org-trail/AWSLogs/@{organization.id}"


def test_what_it_is_queried_by_stands_at_its_key(tmp_path: Path) -> None:
    """A problem with table, database or workgroup is told at the line of `athena`."""
    loaded = with_athena(tmp_path, {"database": "logs"})
    places = {address: loaded.position_of(address).line for address in OF_ATHENA}
    lines = (tmp_path / "organization.yaml").read_text(encoding="utf-8").splitlines()
    line = next(number for number, text in enumerate(lines, 1) if "athena:" in text)
    assert places == dict.fromkeys(places, line)

"""Athena's SQL in words of other engines."""

from __future__ import annotations

import pytest

from conformance.plans import plan_of
from conformance.translation import to_spark, to_velox
from orgctl.replay.sql.query import compile_policies
from tests.replay.places import simulator

VELOX = [
    ("nullif(vpce, '') = 'v'", "CASE WHEN vpce = '' THEN CAST(NULL AS VARCHAR) ELSE vpce END = 'v'"),
    ("CASE WHEN mfa THEN FALSE END", "CASE WHEN mfa THEN FALSE ELSE CAST(NULL AS BOOLEAN) END"),
    ("CASE WHEN mfa THEN 'x' END", "CASE WHEN mfa THEN 'x' ELSE CAST(NULL AS VARCHAR) END"),
    ("CASE WHEN mfa THEN ipv4 END", "CASE WHEN mfa THEN ipv4 ELSE CAST(NULL AS BIGINT) END"),
    ("CASE WHEN mfa THEN s0 ELSE TRUE END", "CASE WHEN mfa THEN s0 ELSE TRUE END"),
    ("time < TIMESTAMP '2026-01-01 00:00:00'", "time < CAST('2026-01-01 00:00:00' AS TIMESTAMP)"),
]


@pytest.mark.parametrize(("athena", "velox"), VELOX)
def test_velox_gets_forms_that_it_reads(athena: str, velox: str) -> None:
    """A CASE has an ELSE of its type, there is no `nullif`, and times have no precision."""
    assert velox == to_velox(athena)


def test_spark_gets_the_smallest_values() -> None:
    """`min(x, n)` are the n smallest, and not the smaller one of two."""
    assert to_spark("SELECT min(x, 3), min(x)") == "SELECT SLICE(ARRAY_SORT(COLLECT_LIST(x)), 1, 3), MIN(x)"


def test_spark_gets_windows_with_an_order() -> None:
    """By what is the same in each of them, so that it says nothing more."""
    spark = "SELECT ROW_NUMBER() OVER (PARTITION BY x ORDER BY x NULLS LAST) FROM y"
    assert to_spark("SELECT row_number() OVER (PARTITION BY x) FROM y") == spark


def test_a_plan_is_read_from_the_text() -> None:
    """Accounts, conditions, columns one relation after the other, and what is grouped."""
    compiled = compile_policies((simulator(),))
    plan = plan_of(compiled.query("action AS a, count(*) AS events", "GROUP BY 1", where="mfa"))
    assert {"111111111111", "222222222222", "333333333333"} == set(plan.accounts["account"])
    assert plan.where == "mfa"
    assert (plan.projections[-1], plan.figures) == (["action AS k0"], ["COUNT(*)"])

"""Whose resources a call was about, in SQL: the column `resource_account`, as `facts.what_of` has it."""

from __future__ import annotations

from collections.abc import Mapping

_OWNED = "filter(resources, each -> coalesce(each.arn, '') <> '' AND coalesce(each.accountid, '') <> '')"
_OWNERS = f"transform({_OWNED}, each -> each.accountid)"

FIELDS: Mapping[str, str] = {
    "owners": f"coalesce(cardinality(array_distinct({_OWNERS})), 0)",
    "first_owner": f"element_at({_OWNERS}, 1)",
}
"""How many accounts own what the record lists, and the first of them; from the table's own columns."""

COLUMNS: Mapping[str, str] = {
    "resource_account": "CASE owners WHEN 0 THEN recorder WHEN 1 THEN first_owner END",
}
"""The one owner; NULL where there are several, or none is recorded."""

"""The operations of Glue that the sandbox has, and what they have in common."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from orgctl.sandbox.glue_state import Database
from orgctl.sandbox.messages import RefusalError
from orgctl.sandbox.operations import Call, Members, Parameters, Registry

operation = Registry()

_PAGE = 100


def database_of(call: Call, name: str) -> Database:
    """A database of the caller's. Raises what AWS raises if there is none."""
    found = call.cloud.glue.database(call.caller, call.region, name)
    if found is None:
        raise RefusalError("EntityNotFoundException", f"Database {name.lower()} not found.")
    return found


def page(params: Parameters, member: str, items: Sequence[Any]) -> Members:
    """A part of a list, at most a hundred."""
    start, size = int(params.get("NextToken") or 0), params.get("MaxResults") or _PAGE
    more = {"NextToken": str(start + size)} if start + size < len(items) else {}
    return {member: list(items[start : start + size]), **more}

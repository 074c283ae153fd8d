"""Pages: at most twenty items, and now and then an empty page with a NextToken, as AWS does."""

from __future__ import annotations

import base64
from collections.abc import Callable, Sequence
from typing import TypeVar

from orgctl.sandbox.messages import invalid_input
from orgctl.sandbox.operations import Call, Members, Parameters

T = TypeVar("T")


def page(call: Call, params: Parameters, key: str, items: Sequence[T], shown: Callable[[T], object]) -> Members:
    """One page of `items` under `key`, each written by `shown`; a NextToken where there is more.

    The token of a page is bound to what was listed (the other parameters). Raises InvalidInputException
    (INVALID_NEXT_TOKEN) for any other.
    """
    bound = "|".join(f"{k}={v}" for k, v in sorted(params.items()) if k not in ("NextToken", "MaxResults"))
    start = _start(params.get("NextToken"), f"{key}|{bound}")
    size = 0 if _is_empty_one(call) else min(params.get("MaxResults") or 20, call.cloud.settings.page_size)
    answer: Members = {key: [shown(item) for item in items[start : start + size]]}
    if start + size < len(items) or size == 0:
        answer["NextToken"] = _token(start + size, call.cloud.list_calls, f"{key}|{bound}")
    return answer


def _is_empty_one(call: Call) -> bool:
    every = call.cloud.settings.empty_page_every
    call.cloud.list_calls += 1
    return every > 0 and call.cloud.list_calls % every == 0


def _token(start: int, serial: int, bound: str) -> str:
    """No two tokens are alike, as with AWS: the SDK's paginators stop at one that they have seen."""
    return base64.urlsafe_b64encode(f"{start}|{serial}|{bound}".encode()).decode()


def _start(token: str | None, bound: str) -> int:
    if token is None:
        return 0
    try:
        start, _, rest = base64.urlsafe_b64decode(token.encode()).decode().split("|", 2)
        if rest == bound:
            return int(start)
    except ValueError:
        pass
    raise invalid_input("INVALID_NEXT_TOKEN", "Get the value for the NextToken parameter from the previous response.")

"""Pages of AWS Config's lists, and times as its events write them."""

from __future__ import annotations

import base64
from collections.abc import Callable, Sequence
from typing import TypeVar

from orgctl.sandbox.messages import RefusalError
from orgctl.sandbox.operations import Call, Members, Parameters

T = TypeVar("T")


def page(
    call: Call, params: Parameters, key: str, items: Sequence[T], shown: Callable[[T], object], *, size: int = 25
) -> Members:
    """One page of `items` under `key`, at most `Limit` (0 or absent: `size`); a NextToken where there is more.

    Now and then, as the settings say, a page is empty. Raises InvalidNextTokenException for a token of another list.
    """
    name = next((n for n in ("NextToken", "nextToken") if n in params), "NextToken")
    bound = "|".join(f"{k}={v}" for k, v in sorted(params.items()) if k not in ("NextToken", "nextToken"))
    start = _start(params.get(name), f"{key}|{bound}")
    limit = params.get("Limit") or params.get("limit") or params.get("MaxResults") or size
    size = 0 if _is_empty_one(call) else limit
    answer: Members = {key: [shown(item) for item in items[start : start + size]]}
    if start + size < len(items) or size == 0:
        token = f"{start + size}|{call.cloud.list_calls}|{key}|{bound}"
        answer[_token_name(key)] = base64.urlsafe_b64encode(token.encode()).decode()
    return answer


def _token_name(key: str) -> str:
    """Config's older operations write their members small."""
    return "nextToken" if key[0].islower() else "NextToken"


def _is_empty_one(call: Call) -> bool:
    every = call.cloud.settings.empty_page_every
    call.cloud.list_calls += 1
    return every > 0 and call.cloud.list_calls % every == 0


def _start(token: str | None, bound: str) -> int:
    if not token:
        return 0
    try:
        start, _, rest = base64.urlsafe_b64decode(token.encode()).decode().split("|", 2)
        if rest == bound:
            return int(start)
    except ValueError:
        pass
    raise RefusalError("InvalidNextTokenException", "The specified nextToken is not valid.")

"""Asks the example organization."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path

from orgctl.api.batch import Batch
from orgctl.api.simulating import Court, Question
from orgctl.manifest import load
from orgctl.policy.request import Given
from orgctl.policy.ruling import Ruling
from orgctl.views.decision_text import decision_text

EXAMPLE = Path(__file__).parent / "example"


@cache
def court() -> Court:
    return Court(load(EXAMPLE))


def rule(
    action: str,
    account: str = "shop",
    *,
    context: dict[str, Given] | None = None,
    unknown: Iterable[str] = (),
    **more: str,
) -> Ruling:
    question = Question(account, action, context=context or {}, unknown=tuple(unknown), **more)  # type: ignore[arg-type]
    return court().rule(question)


def text_of(ruling: Ruling) -> str:
    return "".join(f"{line.plain}\n" for line in decision_text(ruling))


def batch() -> Batch:
    return Batch(court)

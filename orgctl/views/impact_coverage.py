"""How much events tell, for people at a terminal and for programs."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from rich.text import Text

from orgctl.replay.told import Told, Untold
from orgctl.replay.verdicts.impact import Reading
from orgctl.views.impact_words import provenance_of, troubles
from orgctl.views.test_report_coverage import percent
from orgctl.views.wording import counted, printable

FORMAT_VERSION = 1
_MOST_SERVICES = 30
_MOST_NAMES = 15
_MOST_TROUBLES = 10

Data = dict[str, object]


def coverage_text(reading: Reading, services: Sequence[Told], total: Told) -> Iterator[Text]:
    """The shares of all, then by service, then what is missing."""
    yield Text("What the records tell", style="bold")
    others = total.events - total.calls
    beside = f"; {counted(others, 'other event')} of no call" if others else ""
    yield Text(f"  {counted(total.calls, 'distinct call')}{beside}")
    yield Text(f"  {provenance_of(reading, reading.distinct - total.events)}", style="dim")
    yield Text()
    shown = services[:_MOST_SERVICES]
    width = max([len("all services"), *(len(each.service) for each in shown)])
    yield Text(f"  {'':<{width}}  {'calls':>9}  {'with action':>12}  {'and resources':>14}", style="dim")
    yield from (_line(each, each.service, width) for each in shown)
    yield from _more(len(services) - _MOST_SERVICES, "service")
    yield _line(total, "all services", width, style="bold")
    yield from _missing("Without an action", [(each, it) for each in services for it in each.without_action])
    yield from _missing("Without resources", [(each, it) for each in services for it in each.without_resources])
    found = troubles(reading)
    if found:
        yield Text()
    yield from (Text(f"note: {trouble}", style="yellow") for trouble in found[:_MOST_TROUBLES])
    yield from _more(len(found) - _MOST_TROUBLES, "note")


def coverage_json(reading: Reading, services: Sequence[Told], total: Told) -> str:
    """The same as data, with everything that is missing."""
    value = {
        "format_version": FORMAT_VERSION,
        "reading": {
            "files": reading.files,
            "records": reading.records,
            "distinct": reading.distinct,
            "duplicates": reading.duplicates,
            "unreadable": reading.unreadable,
            "passed_over": reading.passed_over,
            "left_out": reading.distinct - total.events,
        },
        **_counts(total),
        "services": [
            {
                "service": each.service,
                **_counts(each),
                "without_action": list(map(_untold, each.without_action)),
                "without_resources": list(map(_untold, each.without_resources)),
            }
            for each in services
        ],
    }
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"


def _line(told: Told, name: str, width: int, style: str = "") -> Text:
    action, resources = (_share(part, told.calls) for part in (told.actions, told.resources))
    return Text(f"  {printable(name):<{width}}  {told.calls:>9,}  {action:>12}  {resources:>14}", style=style)


def _share(part: int, whole: int) -> str:
    return percent(100 * part / whole) if whole else "-"


def _missing(heading: str, found: list[tuple[Told, Untold]]) -> Iterator[Text]:
    if not found:
        return
    found.sort(key=lambda each: -each[1].calls)
    yield Text()
    yield Text(heading, style="bold")
    for service, it in found[:_MOST_NAMES]:
        yield Text(f"  {it.calls:,} × {printable(f'{service.service}:{it.event}')}: {printable(it.reason)}")
    yield from _more(len(found) - _MOST_NAMES, "name")


def _more(number: int, noun: str) -> Iterator[Text]:
    if number > 0:
        yield Text(f"  … and {counted(number, f'more {noun}')}; `--format json` has all", style="dim")


def _counts(told: Told) -> Data:
    return {
        "events": told.events,
        "calls": told.calls,
        "with_action": told.actions,
        "with_resources": told.resources,
    }


def _untold(it: Untold) -> Data:
    return {"event": it.event, "reason": it.reason, "calls": it.calls}

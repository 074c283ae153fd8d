"""Whether AWS Config records in the accounts that packs are for: without a recorder a rule sees nothing there.

Each account is entered, so an account costs a call to enter it and two in each region. Those that cannot be entered are
one finding, not the end.
"""

from __future__ import annotations

from collections.abc import Iterator

from orgctl.aws.call import Answer, read
from orgctl.aws.read.reading import Raw, Reading
from orgctl.aws.read.scope import ConfigScope
from orgctl.aws.read.troubles import Trouble
from orgctl.errors import AccessDeniedError

_LANES = 4
"""A lane has its own threads, and one would make ten thousand accounts wait for each other."""

ADDRESS = "config"
"""What such findings are about."""

_START = "start a recorder and a delivery channel there; until then its rules have nothing to look at"


def want_recorders(reading: Reading, account_id: str, email: str = "") -> None:
    """Have it checked that this account records, if the scope asks for it."""
    scope = reading.scope.config
    if scope and {account_id, email.lower()} & scope.recorders:
        reading.crew.submit(f"recorders {int(account_id) % _LANES + 1}", _check, reading, scope, account_id)


def _check(reading: Reading, scope: ConfigScope, account_id: str) -> None:
    try:
        for region in scope.recorded_regions:
            for problem in _problems(reading, account_id, region):
                reading.troubles.append(Trouble(ADDRESS, f"{problem} in {region}", account_id, _START))
    except AccessDeniedError as error:
        what = "whether AWS Config records there could not be read"
        reading.troubles.append(Trouble(ADDRESS, what, account_id, error.hint or ""))


def _problems(reading: Reading, account_id: str, region: str) -> Iterator[str]:
    def ask(operation: str) -> Answer:
        return read(reading.aws, "config", operation, {}, account=account_id, region=region)

    recorders = ask("DescribeConfigurationRecorderStatus").get("ConfigurationRecordersStatus", ())
    if not recorders:
        yield "no configuration recorder"
        return
    yield from (problem for recorder in recorders for problem in _of_recorder(recorder))
    for channel in ask("DescribeDeliveryChannelStatus").get("DeliveryChannelsStatus", ()):
        yield from _of_delivery(channel)


def _of_recorder(status: Raw) -> Iterator[str]:
    name = status.get("name", "default")
    if not status.get("recording"):
        yield f"the configuration recorder `{name}` is stopped"
    elif status.get("lastStatus") == "Failure":
        yield f"the configuration recorder `{name}` fails: {_reason(status)}"


def _of_delivery(status: Raw) -> Iterator[str]:
    for kind in ("configHistoryDeliveryInfo", "configStreamDeliveryInfo", "configSnapshotDeliveryInfo"):
        info = status.get(kind) or {}
        if info.get("lastStatus") == "Failure":
            yield f"the delivery channel `{status.get('name', 'default')}` fails: {_reason(info)}"
            return


def _reason(status: Raw) -> str:
    return str(status.get("lastErrorMessage") or status.get("lastErrorCode") or "AWS gives no reason")

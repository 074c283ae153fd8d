"""`orgctl simulate --from-event`: who denied what AWS reported, and by which line."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from orgctl.api.recorded import Recorded, read_records
from orgctl.api.simulating import Court, Question
from orgctl.errors import InvalidInputError
from orgctl.manifest import LoadedManifest, load
from orgctl.policy.ruling import Ruling


def blame(directory: Path, text: str, account: str | None = None) -> tuple[Ruling, ...]:
    """A ruling for every denial in a message or in CloudTrail's JSON.

    `account` names the account that it is about, where the manifest does not give that one's id. Raises
    InvalidInputError for a text that is neither, and for accounts that the manifest does not have.
    """
    records = read_records(text)
    loaded = load(directory)
    return tuple(_ruling(loaded, record, account) for record in records)


def _ruling(loaded: LoadedManifest, record: Recorded, account: str | None) -> Ruling:
    court = _court(loaded, record, account)
    involved = [each for each in (record.caller_account, record.recipient, record.resource_account) if each]
    about = next((found for each in involved if (found := court.find(each))), None)
    if about is None:
        hint = "give the account its `id` in the manifest, or say which one it is: `--account NAME`"
        named = " nor ".join(f"`{each}`" for each in dict.fromkeys(involved))
        raise InvalidInputError(
            f"the manifest has no account {named}" if named else "the record names no account", hint=hint
        )
    ruling = court.rule(
        Question(
            about.key,
            record.action,
            record.resource,
            record.principal,
            record.context,
            record.unknown,
            _owner(record),
            recorded=True,
        )
    )
    return replace(ruling, reported=record.reported, missing=tuple(ruling.request.unknown.values()))


def _court(loaded: LoadedManifest, record: Recorded, account: str | None) -> Court:
    """The organization, in which the account that was named has the record's id."""
    recorded = record.caller_account or record.recipient
    if account is None or recorded is None:
        return Court(loaded)
    key = Court(loaded).account(account).key
    given = loaded.account_by_key[key].account.id
    if given is not None and given not in (record.caller_account, record.recipient):
        raise InvalidInputError(f"`{account}` is the account `{given}`, and the record is of `{recorded}`")
    return Court(loaded, {} if given else {key: recorded})


def _owner(record: Recorded) -> str | None:
    """The resource's account: as recorded, else the one that logged somebody else's call."""
    if record.resource_account:
        return record.resource_account
    return record.recipient if record.recipient and record.recipient != record.caller_account else None

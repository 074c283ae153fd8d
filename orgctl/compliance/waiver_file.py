"""Reads `waivers.yaml`, with every problem of it at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from pydantic import ValidationError

from orgctl.compliance.codes import WAIVER_PACK
from orgctl.compliance.waiver_schema import FileWaiver, WaiverFile
from orgctl.compliance.waivers import Waiver
from orgctl.diagnostics import Diagnostic
from orgctl.manifest import LoadedManifest
from orgctl.manifest import codes as manifest_codes
from orgctl.manifest.nearest import did_you_mean
from orgctl.manifest.packs import pack_names
from orgctl.manifest.shape import fit
from orgctl.packs import codes
from orgctl.packs.findings import Findings
from orgctl.packs.pack import Pack
from orgctl.packs.selection import address_of, covers, nearest_name
from orgctl.source import Place, Source, read_parsed

FILE = "waivers.yaml"
"""Where it is, beside the manifest."""

_CODES = {
    manifest_codes.UNKNOWN_KEY: codes.UNKNOWN_KEY,
    manifest_codes.MISSING_KEY: codes.MISSING_KEY,
    manifest_codes.WRONG_TYPE: codes.WRONG_TYPE,
    manifest_codes.MALFORMED: codes.MALFORMED,
}


@dataclass(frozen=True, slots=True)
class _Setting:
    loaded: LoadedManifest
    packs: Sequence[Pack]
    today: date | None
    findings: Findings


def has_waivers(loaded: LoadedManifest) -> bool:
    """Whether there is such a file."""
    return (loaded.directory / FILE).is_file()


def load_waivers(
    loaded: LoadedManifest, packs: Sequence[Pack], today: date | None = None, path: Path | None = None
) -> tuple[tuple[Waiver, ...], tuple[Diagnostic, ...]]:
    """The waivers of the file that are in order, and its problems; none if there is no file.

    `path` is another file in its place. With `today`, waivers whose last day is before it are errors. Raises nothing.
    """
    if path is None and not has_waivers(loaded):
        return (), ()
    parsed = read_parsed(path or loaded.directory / FILE, name=FILE if path is None else str(path))
    if parsed.source is None:
        return (), tuple(parsed.problems)
    _, unfit = fit(parsed.source, WaiverFile)
    findings = Findings(parsed.source, [*parsed.problems, *(replace(each, code=_CODES[each.code]) for each in unfit)])
    setting = _Setting(loaded, packs, today, findings)
    found = [_waiver(setting, declared, place) for place, declared in _entries(parsed.source)]
    return tuple(waiver for waiver in found if waiver), tuple(findings.problems)


def _entries(source: Source) -> Iterator[tuple[Place, FileWaiver]]:
    """The entries that fit their model. What does not fit has been reported."""
    items = source.get(("waivers",))
    for index, item in enumerate(items if isinstance(items, list) else ()):
        try:
            yield ("waivers", index), FileWaiver.model_validate(item)
        except ValidationError:
            continue


def _waiver(setting: _Setting, declared: FileWaiver, place: Place) -> Waiver | None:
    """One waiver, held against the packs; None if it cannot be told what it means."""
    found = _packs(setting, declared, place)
    expires = _expires(setting, declared, place)
    address = address_of(setting.loaded, declared.account) if declared.account is not None else None
    if declared.account is not None and address is None:
        message = f"there is no account or OU `{declared.account}`"
        hint = nearest_name(setting.loaded, declared.account)
        setting.findings.add(codes.UNKNOWN_ACCOUNT, message, (*place, "account"), hint)
        return None
    if found is None or expires is None:
        return None
    packs, rule = found
    if address is not None and not _is_for(setting, packs, address):
        message = f"no pack with the rule `{declared.rule}` is for `{declared.account}`"
        setting.findings.add(codes.WAIVER_ACCOUNT, message, (*place, "account"), "take the waiver out")
    position = setting.findings.source.at(place)
    names = tuple(pack.name for pack in packs)
    texts = (declared.resource, declared.owner, declared.reason)
    return Waiver(names, rule, address, *texts, expires, position)


def _packs(setting: _Setting, declared: FileWaiver, place: Place) -> tuple[tuple[Pack, ...], str] | None:
    """The packs that have the rule, and what AWS Config calls it; of packs with problems nothing is said."""
    broken = set(pack_names(setting.loaded.directory)) - {pack.name for pack in setting.packs}
    if declared.pack in broken:
        return None
    named = [pack for pack in setting.packs if declared.pack in (None, pack.name)]
    if declared.pack is not None and not named:
        hint = did_you_mean(declared.pack, [pack.name for pack in setting.packs], "`orgctl packs list` shows them")
        setting.findings.add(WAIVER_PACK, f"there is no pack `{declared.pack}`", (*place, "pack"), hint)
        return None
    names = {name: rule.name for pack in named for rule in pack.rules for name in (rule.written, rule.name)}
    rule = names.get(declared.rule)
    if rule is None and broken and declared.pack is None:
        return None
    if rule is None:
        where = f"the pack `{declared.pack}` has no" if declared.pack else "no pack has a"
        hint = did_you_mean(declared.rule, names, "name it as its pack does, or as AWS Config calls it there")
        setting.findings.add(codes.WAIVER_RULE, f"{where} rule `{declared.rule}`", (*place, "rule"), hint)
        return None
    return tuple(pack for pack in named if any(each.name == rule for each in pack.rules)), rule


def _expires(setting: _Setting, declared: FileWaiver, place: Place) -> date | None:
    try:
        expires = date.fromisoformat(declared.expires)
    except ValueError:
        message = f"`{declared.expires}` is not a day of the calendar"
        setting.findings.add(codes.WAIVER_DATE, message, (*place, "expires"), "write it as `2027-01-31`")
        return None
    if setting.today and expires < setting.today:
        message = f"the waiver of `{declared.rule}` expired on {expires}"
        hint = f"mend what it was for, or let `{declared.owner}` give it another day"
        setting.findings.add(codes.WAIVER_EXPIRED, message, (*place, "expires"), hint)
    return expires


def _is_for(setting: _Setting, packs: Sequence[Pack], address: str) -> bool:
    return any(covers(setting.loaded, address, key) for pack in packs for key in pack.accounts)

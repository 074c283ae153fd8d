"""The waivers of a pack: of a rule that it has, for accounts that it is for, and not expired."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from orgctl.manifest.nearest import did_you_mean
from orgctl.packs import codes
from orgctl.packs.findings import Findings
from orgctl.packs.pack import PackRule, PackWaiver
from orgctl.packs.schema import Waiver
from orgctl.packs.selection import Selection, address_of, covers, nearest_name
from orgctl.packs.setting import Setting
from orgctl.source import Place


def waiver(
    setting: Setting,
    declared: Waiver,
    place: Place,
    pack: tuple[Sequence[PackRule], Selection],
    findings: Findings,
) -> PackWaiver | None:
    """One waiver, held against its pack's rules and accounts; None if it cannot be told what it means."""
    rules, selection = pack
    rule = _rule(declared, rules, place, findings)
    expires = _expires(setting, declared, place, findings)
    account = _account(setting, declared, selection, place, findings)
    if rule is None or expires is None or (declared.account and account is None):
        return None
    return PackWaiver(rule, account, declared.resource, declared.owner, declared.reason, expires, place)


def _rule(declared: Waiver, rules: Sequence[PackRule], place: Place, findings: Findings) -> str | None:
    names = {name: rule.name for rule in reversed(rules) for name in (rule.written, rule.name)}
    if declared.rule not in names:
        hint = did_you_mean(declared.rule, names, "waivers stand in the pack whose rule they waive")
        findings.add(codes.WAIVER_RULE, f"the pack has no rule `{declared.rule}`", (*place, "rule"), hint)
    return names.get(declared.rule)


def _expires(setting: Setting, declared: Waiver, place: Place, findings: Findings) -> date | None:
    try:
        expires = date.fromisoformat(declared.expires)
    except ValueError:
        message = f"`{declared.expires}` is not a day of the calendar"
        findings.add(codes.WAIVER_DATE, message, (*place, "expires"), "write it as `2027-01-31`")
        return None
    if setting.today and expires < setting.today:
        message = f"the waiver of `{declared.rule}` expired on {expires}"
        hint = f"mend what it was for, or let `{declared.owner}` give it another day"
        findings.add(codes.WAIVER_EXPIRED, message, (*place, "expires"), hint)
    return expires


def _account(setting: Setting, declared: Waiver, selection: Selection, place: Place, findings: Findings) -> str | None:
    if declared.account is None:
        return None
    address = address_of(setting.loaded, declared.account)
    if address is None:
        hint = nearest_name(setting.loaded, declared.account)
        message = f"there is no account or OU `{declared.account}`"
        findings.add(codes.UNKNOWN_ACCOUNT, message, (*place, "account"), hint)
    elif selection.accounts and not any(covers(setting.loaded, address, key) for key in selection.accounts):
        message = f"the pack is not for `{declared.account}`"
        findings.add(codes.WAIVER_ACCOUNT, message, (*place, "account"), "take the waiver out")
    return address

"""Lists of conformance packs and of built templates, as text and for programs."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence

from rich.text import Text

from orgctl.packs.inventory import ListedPacks, WrittenPack
from orgctl.packs.pack import Pack, PackRule
from orgctl.views.wording import counted

FORMAT_VERSION = 1
_FEW = 4


def packs_text(listed: ListedPacks) -> Iterator[Text]:
    """Each pack with its rules, accounts and regions."""
    for pack in listed.packs:
        yield Text.assemble((pack.name, "bold"), f"  {pack.description}")
        yield Text(f"    {_rules(pack.rules)}")
        yield Text(f"    for {_names(pack.accounts, 'account')} in {', '.join(pack.regions)}")
        if pack.waivers:
            yield Text(f"    {counted(len(pack.waivers), 'waiver')}, the next until {_next(pack)}", style="yellow")
        if pack.name not in listed.deployed:
            yield Text("    not in the manifest's `config.packs`", style="yellow")


def _rules(rules: Sequence[PackRule]) -> str:
    custom = [rule.written for rule in rules if rule.custom]
    mended = sum(rule.remediation is not None for rule in rules)
    of_aws = f"{len(rules) - len(custom)} of AWS's" if len(custom) < len(rules) else "none of AWS's"
    ours = f", {len(custom)} custom: {', '.join(custom)}" if custom else ""
    return f"{counted(len(rules), 'rule')}: {of_aws}{ours}" + (f"; {mended} with a remediation" if mended else "")


def _names(names: Sequence[str], noun: str) -> str:
    shown = f": {', '.join(names)}" if len(names) <= _FEW else f": {', '.join(names[:_FEW])}, …"
    return counted(len(names), noun) + (shown if names else "")


def _next(pack: Pack) -> str:
    return min(waiver.expires for waiver in pack.waivers).isoformat()


def packs_json(listed: ListedPacks) -> str:
    """The same, whole: rules with where they run and their parameters, and the waivers."""
    value = {
        "format_version": FORMAT_VERSION,
        "packs": [_pack(pack, deployed=pack.name in listed.deployed) for pack in listed.packs],
    }
    return json.dumps(value, indent=2, ensure_ascii=False)


def _pack(pack: Pack, *, deployed: bool) -> dict[str, object]:
    return {
        "name": pack.name,
        "description": pack.description,
        "deployed": deployed,
        "targets": list(pack.targets),
        "exclude": list(pack.exclude),
        "accounts": list(pack.accounts),
        "excluded": list(pack.excluded),
        "regions": list(pack.regions),
        "rules": [_rule(rule) for rule in pack.rules],
        "waivers": [
            {
                "rule": waiver.rule,
                "account": waiver.account,
                "resource": waiver.resource,
                "owner": waiver.owner,
                "reason": waiver.reason,
                "expires": waiver.expires.isoformat(),
            }
            for waiver in pack.waivers
        ],
    }


def _rule(rule: PackRule) -> dict[str, object]:
    return {
        "name": rule.name,
        "rule": rule.custom.name if rule.custom else None,
        "managed": rule.managed,
        "parameters": dict(rule.parameters),
        "resource_types": list(rule.resource_types),
        "frequency": rule.frequency,
        "regions": list(rule.regions),
        "once": rule.once,
        "remediation": rule.remediation.document if rule.remediation else None,
    }


def written_text(written: Iterable[WrittenPack]) -> Iterator[Text]:
    """For each template: where it is and its size, its rules, who is left out, and what has to be deployed with it."""
    for each in written:
        built = each.built
        count = sum(built.region in rule.regions for rule in each.pack.rules)
        yield Text.assemble((str(each.file), "bold"), f"  {each.size:,} bytes, {counted(count, 'rule')}")
        if built.excluded:
            yield Text(f"    leaves out {_names(built.excluded, 'account')}")
        if built.functions:
            yield Text(f"    functions: {', '.join(built.functions)}")
        if built.documents:
            yield Text(f"    documents: {', '.join(built.documents)}")


def written_json(written: Iterable[WrittenPack]) -> str:
    """`size` in bytes; `rules` are their names in AWS Config."""
    templates = [
        {
            "pack": each.built.name,
            "region": each.built.region,
            "file": str(each.file),
            "size": each.size,
            "rules": [rule.name for rule in each.pack.rules if each.built.region in rule.regions],
            "excluded": list(each.built.excluded),
            "functions": list(each.built.functions),
            "documents": list(each.built.documents),
        }
        for each in written
    ]
    return json.dumps({"format_version": FORMAT_VERSION, "templates": templates}, indent=2, ensure_ascii=False)

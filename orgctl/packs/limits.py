"""What AWS Config accepts of packs: each limit of `model/limits.py`, with a code of its own.

Source: "Service Limits" (AWS Config Developer Guide) and the shapes of PutOrganizationConformancePack in its API. A
template has at most 60 input parameters; ours have one. The length of Guard policies is checked with the rules.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence

from orgctl.diagnostics import Diagnostic, Position
from orgctl.manifest import LoadedManifest, insert, sized_values
from orgctl.packs import codes
from orgctl.packs.building import build_pack
from orgctl.packs.built import BuiltPack
from orgctl.packs.pack import Pack, PackRule
from orgctl.source import Place

Check = Callable[[LoadedManifest, Pack], Iterator[Diagnostic]]


def check_limits(loaded: LoadedManifest, packs: Sequence[Pack]) -> tuple[Diagnostic, ...]:
    """What of these packs AWS Config would not accept: each by itself, and those that are deployed all together."""
    single = (problem for pack in packs for check in _CHECKS for problem in check(loaded, pack))
    deployed = set((loaded.manifest.config and loaded.manifest.config.packs) or ())
    together = _in_all(loaded, [pack for pack in packs if pack.name in deployed])
    return (*dict.fromkeys(single), *_number(loaded), *together)


def _over(loaded: LoadedManifest, quota: str, count: int) -> int | None:
    """The quota, if it is exceeded."""
    most = loaded.limits.quota(quota)
    return most if most is not None and count > most else None


def _template_size(loaded: LoadedManifest, pack: Pack) -> Iterator[Diagnostic]:
    sizes = {region: size(loaded, build_pack(pack, region)) for region in pack.regions}
    region, largest = max(sizes.items(), key=lambda each: each[1], default=("", 0))
    most = _over(loaded, "pack_template_size", largest)
    inline = _over(loaded, "pack_inline_size", largest)
    what = f"the template for `{region}` has {largest:,} bytes"
    if most is not None:
        hint = "split the pack in two"
        yield _at(pack, (), codes.TEMPLATE_TOO_LARGE, f"{what}; {most:,} is the most", hint)
    elif inline is not None and not (loaded.manifest.config and loaded.manifest.config.bucket):
        message = f"{what}; more than {inline:,} have to go through a bucket"
        hint = "name one of the administrator's as `config.bucket` in the manifest, or split the pack in two"
        yield _at(pack, (), codes.TEMPLATE_INLINE, message, hint)


def size(loaded: LoadedManifest, built: BuiltPack) -> int:
    """The bytes of a template as it is sent, ids in place of placeholders."""
    return len(str(insert(built.template, sized_values(loaded))).encode()) if built.template else 0


def _rules(loaded: LoadedManifest, pack: Pack) -> Iterator[Diagnostic]:
    most = _over(loaded, "pack_rules", len(pack.rules))
    if most is not None:
        message = f"the pack has {len(pack.rules)} rules; {most} is the most"
        yield _at(pack, pack.rules[most].place, codes.TOO_MANY_RULES, message, "split the pack in two")


def _parameters(loaded: LoadedManifest, pack: Pack) -> Iterator[Diagnostic]:
    for rule in pack.rules:
        count = len(_parameters_text(loaded, rule))
        most = _over(loaded, "rule_parameters_size", count)
        if most is not None:
            message = f"the parameters of `{rule.written}` have {count:,} characters as JSON; {most:,} is the most"
            hint = "shorten the values, or use the rule twice with another `name`"
            yield _at(pack, (*rule.place, "parameters"), codes.PARAMETERS_TOO_LONG, message, hint)


def _parameters_text(loaded: LoadedManifest, rule: PackRule) -> str:
    sized = insert(dict(rule.parameters), sized_values(loaded))
    return json.dumps(sized, separators=(",", ":"), ensure_ascii=False)


def _excluded(loaded: LoadedManifest, pack: Pack) -> Iterator[Diagnostic]:
    count = len(pack.excluded)
    most = _over(loaded, "pack_excluded_accounts", count)
    if most is not None:
        message = f"{count:,} accounts are not among the pack's targets; AWS Config can leave out {most:,}"
        hint = "deploy it to more OUs: AWS Config knows no targets, only accounts that are left out"
        yield _at(pack, ("targets",), codes.TOO_MANY_EXCLUDED, message, hint)


def _number(loaded: LoadedManifest) -> Iterator[Diagnostic]:
    names = (loaded.manifest.config and loaded.manifest.config.packs) or ()
    most = _over(loaded, "packs", len(names))
    if most is not None:
        message = f"there are {len(names)} packs; {most} is the most"
        yield Diagnostic(codes.TOO_MANY_PACKS, message, loaded.source.at(("config", "packs", most)), "join some")


def _in_all(loaded: LoadedManifest, packs: Sequence[Pack]) -> Iterator[Diagnostic]:
    for region in sorted({region for pack in packs for region in pack.regions}):
        count = sum(region in rule.regions for pack in packs for rule in pack.rules)
        most = _over(loaded, "rules_in_packs", count)
        if most is not None:
            message = f"the packs have {count} rules together in `{region}`; {most} is the most"
            where: Position = loaded.source.at(("config", "packs"))
            yield Diagnostic(codes.TOO_MANY_IN_ALL, message, where, "take rules out that other packs have too")


def _at(pack: Pack, place: Place, code: str, message: str, hint: str | None = None) -> Diagnostic:
    return Diagnostic(code, message, pack.source.at(place), hint)


_CHECKS: tuple[Check, ...] = (_template_size, _rules, _parameters, _excluded)

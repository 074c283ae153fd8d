"""Builds packs: one template for each region, minified, the same bytes from the same files."""

from __future__ import annotations

import json
from collections.abc import Iterable

from orgctl.packs.built import BuiltPack
from orgctl.packs.pack import Pack
from orgctl.packs.template import documents, functions, template


def build_packs(packs: Iterable[Pack]) -> tuple[BuiltPack, ...]:
    """Every pack in each of its regions, in their order. A region in which a pack would have no rule has no pack.

    Ids that the manifest does not know yet are placeholders in the templates, such as `@{accounts.audit}`.
    """
    return tuple(
        build_pack(pack, region)
        for pack in packs
        for region in pack.regions
        if any(region in rule.regions for rule in pack.rules)
    )


def build_pack(pack: Pack, region: str) -> BuiltPack:
    """One pack in one region."""
    return BuiltPack(
        name=pack.name,
        region=region,
        template=json.dumps(template(pack, region), separators=(",", ":"), ensure_ascii=False),
        targets=pack.targets,
        exclude=pack.exclude,
        excluded=pack.excluded,
        functions=functions(pack, region),
        documents=documents(pack, region),
    )

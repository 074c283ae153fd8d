"""The manifest as a `State` that needs nothing of AWS: where only AWS knows an id, one is made up, the same each time.

For asking what policies would decide; never for a plan.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import count

from orgctl.manifest.loaded import LoadedManifest
from orgctl.model.resources import Account, Organization
from orgctl.model.state import State
from orgctl.state.desired import desired

ORGANIZATION_ID = "o-0000000000"
"""The organization's id where the manifest does not declare it."""


def offline(loaded: LoadedManifest, known: Mapping[str, str] | None = None) -> State:
    """What the manifest wants, every account with an id: its own, or a made-up one that counts up from 1.

    `known` gives ids by account key where they are known from elsewhere.
    """
    ids = {**(known or {}), **{entry.key: entry.account.id for entry in loaded.accounts if entry.account.id}}
    free = _free_ids(frozenset(ids.values()))
    ids |= {entry.key: next(free) for entry in loaded.accounts if entry.key not in ids}
    organization = loaded.manifest.organization.id or ORGANIZATION_ID
    state = desired(
        loaded, {f"accounts.{key}": account for key, account in ids.items()} | {"organization.id": organization}
    )
    resources = dict(state.resources)
    for resource in state.resources.values():
        match resource:
            case Account():
                resources[resource.address] = replace(resource, id=ids[resource.key])
            case Organization():
                resources[resource.address] = replace(resource, id=organization)
            case _:
                pass
    return State(resources, state.findings)


def _free_ids(taken: frozenset[str]) -> Iterator[str]:
    return (text for number in count(1) if (text := f"{number:012}") not in taken)

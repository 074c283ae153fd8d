"""What AWS has once a plan is done, as far as access hangs on it: accounts, policies, where they are attached.

It is what there is, with the plan's changes made: what is foreign, and what the manifest does not know, stays. Ids that
only the apply will bring are made up.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import count

from orgctl.manifest.insertion import insert
from orgctl.model.resources import Account, AccountState, Organization, Policy, Resource, Unit
from orgctl.model.state import State
from orgctl.reconcile.comparison import Comparison
from orgctl.reconcile.diff import expected
from orgctl.reconcile.plan import Action, Change

_NO_ORGANIZATION = "o-0000000000"


def resulting(between: Comparison, changes: Iterable[Change]) -> State:
    """The state after these changes, which were worked out from the two states. Pure."""
    present = expected(between).actual.resources
    resources = dict(present)
    for change in changes:
        wanted = between.desired.resources.get(change.address)
        match change.action:
            case Action.NO_OP:
                continue
            case Action.DELETE:
                resources.pop(change.address, None)
            case _ if wanted is not None:
                resources[change.address] = _made(present.get(change.address), wanted)
    return _with_ids(resources)


def _made(before: Resource | None, after: Resource) -> Resource:
    """What becomes of one thing. An account that is invited joins later, when nobody knows."""
    match before, after:
        case Account(id=str()), Account():
            return replace(before, parent=after.parent)
        case Unit(id=str()), Unit():
            return replace(after, id=before.id)
        case None, Account(join="invite"):
            return replace(after, state=AccountState.INVITED)
        case _:
            return after


def _with_ids(resources: Mapping[str, Resource]) -> State:
    """Ids for the accounts and the organization that have none yet, also where policies name them."""
    accounts = [each for each in resources.values() if isinstance(each, Account)]
    free = _free_ids(frozenset(account.id for account in accounts if account.id))
    ids = {account.key: account.id or next(free) for account in accounts}
    found = resources.get("organization")
    organization = (found.id if isinstance(found, Organization) else None) or _NO_ORGANIZATION
    values = {**{f"accounts.{key}": each for key, each in ids.items()}, "organization.id": organization}
    return State({address: _known(each, ids, organization, values) for address, each in resources.items()})


def _known(resource: Resource, ids: Mapping[str, str], organization: str, values: Mapping[str, str]) -> Resource:
    match resource:
        case Account(id=None):
            return replace(resource, id=ids[resource.key])
        case Organization(id=None):
            return replace(resource, id=organization)
        case Policy(content=str() as content) if "@{" in content:
            return replace(resource, content=insert(content, dict(values)))
        case _:
            return resource


def _free_ids(taken: frozenset[str]) -> Iterator[str]:
    return (text for number in count(1) if (text := f"{number:012}") not in taken)

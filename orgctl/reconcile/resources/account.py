"""Accounts: created or invited, moved, renamed, tagged, given contacts, and closed when the manifest says so."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import assert_never

from orgctl.model.address import format_path, unit_address
from orgctl.model.resources import Account, AccountState, Contact, ContactType
from orgctl.reconcile.comparison import ROOT_ADDRESS, Comparison, Draft, refused
from orgctl.reconcile.guardrails import Relocate
from orgctl.reconcile.plan import Action, AttributeChange, Change, Value, Wait
from orgctl.reconcile.tags import as_list, compare_tags, owned, tag_drafts

KIND = "account"
RESOURCE = Account

_FOREVER = "a closed account can be reopened by AWS Support for 90 days, then it and all it holds are gone"
_CLOSING = frozenset({AccountState.PENDING_CLOSURE, AccountState.CLOSED, AccountState.SUSPENDED})


def compare(before: Account | None, after: Account | None, between: Comparison) -> Change | None:
    """What has to happen to one account. One that the manifest does not name is left alone, whatever it is."""
    if after is None:
        return None
    if after.state is AccountState.CLOSED:
        return _closed(before, after)
    if before is None:
        return _joining(after)
    match before.state:
        case AccountState.CREATING:
            note = "being created since an earlier apply; this one waits for it"
            attributes = _placement(None, after) + _contact_changes({}, after)
            return Change(Action.WAIT, KIND, after.address, attributes, (note,))
        case AccountState.INVITED:
            note = "invited; plan again once the account's owner has accepted"
            return Change(Action.NO_OP, KIND, after.address, notes=(note,))
        case AccountState.PENDING_CLOSURE | AccountState.CLOSED | AccountState.SUSPENDED:
            return refused(
                KIND,
                after.address,
                f"the account `{after.key}` is {before.state.value.lower().replace('_', ' ')} in AWS",
                "say `state: closed` or remove it from the manifest, or have AWS Support reopen it",
            )
        case AccountState.ACTIVE | AccountState.PENDING_ACTIVATION:
            attributes = _differences(before, after)
            return Change(_action(attributes), KIND, after.address, attributes)
        case _:
            assert_never(before.state)


def _action(attributes: tuple[AttributeChange, ...]) -> Action:
    if not attributes:
        return Action.NO_OP
    return Action.MOVE if any(attribute.name == "parent" for attribute in attributes) else Action.UPDATE


def _closed(before: Account | None, after: Account) -> Change:
    if before is None or before.state in _CLOSING:
        return Change(Action.NO_OP, KIND, after.address)
    attribute = AttributeChange("state", before.state.value.lower(), "closed")
    return Change(Action.DELETE, KIND, after.address, (attribute,), (_FOREVER,), irreversible=True, destructive=True)


def _joining(after: Account) -> Change:
    if after.join == "none":
        return refused(
            KIND,
            after.address,
            f"there is no account `{after.id}` in the organization",
            f"correct the id of `{after.key}`, or say `invite: true` to invite it",
        )
    attributes = _placement(None, after)
    if after.join == "invite":
        note = "joins the organization's root when its owner accepts; plan again then"
        return Change(Action.CREATE, KIND, after.address, attributes[:2], (note,))
    note = "an account cannot be deleted, only closed"
    contacts = _contact_changes({}, after)
    return Change(
        Action.CREATE,
        KIND,
        after.address,
        attributes + compare_tags({}, after.tags) + contacts,
        (note,),
        irreversible=True,
    )


def _placement(parent: str | None, after: Account) -> tuple[AttributeChange, ...]:
    return (
        AttributeChange("email", None, after.email or after.id),
        AttributeChange("name", None, after.name or after.key),
        AttributeChange("parent", parent, format_path(after.parent)),
    )


def _differences(before: Account, after: Account) -> tuple[AttributeChange, ...]:
    changes: list[AttributeChange] = []
    if after.name is not None and before.name != after.name:
        changes.append(AttributeChange("name", before.name, after.name))
    if before.parent != after.parent:
        changes.append(AttributeChange("parent", format_path(before.parent), format_path(after.parent)))
    return (*changes, *compare_tags(before.tags, after.tags), *_contact_changes(before.contacts or {}, after))


def _contact_changes(before: Mapping[ContactType, Contact | None], after: Account) -> tuple[AttributeChange, ...]:
    return tuple(
        AttributeChange(f"contacts.{kind.value.lower()}", before.get(kind), contact)
        for kind, contact in (after.contacts or {}).items()
        if before.get(kind) != contact
    )


def lower(change: Change, before: Account | None, after: Account | None, between: Comparison) -> Iterator[Draft]:
    """The calls for one account."""
    if after is None or change.action is Action.NO_OP:
        return
    if change.action is Action.DELETE:
        yield _close(after, between)
    elif before is None and after.join == "invite":
        yield _invite(after)
    else:
        if before is None or before.state is AccountState.CREATING:
            yield _create(after, between) if before is None else _await_creation(before)
        yield from _adjust(change, before, after, between)


def _create(account: Account, between: Comparison) -> Draft:
    return Draft(
        account.address,
        "organizations",
        "CreateAccount",
        {
            "Email": account.email,
            "AccountName": account.name or account.key,
            "RoleName": between.access_role,
            "Tags": as_list(owned(account.tags)),
        },
        requires=("organization",),
        yields={f"{account.address}#id": "AccountId"},
        wait=Wait.ACCOUNT_CREATED,
    )


def _await_creation(pending: Account) -> Draft:
    return Draft(
        pending.address,
        "organizations",
        "DescribeCreateAccountStatus",
        {"CreateAccountRequestId": pending.request_id},
        yields={f"{pending.address}#id": "AccountId"},
        wait=Wait.ACCOUNT_CREATED,
    )


def _invite(account: Account) -> Draft:
    target = {"Id": account.id, "Type": "ACCOUNT"} if account.id else {"Id": account.email, "Type": "EMAIL"}
    return Draft(
        account.address,
        "organizations",
        "InviteAccountToOrganization",
        {"Target": target, "Tags": as_list(owned(account.tags))},
        requires=("organization",),
    )


def _close(account: Account, between: Comparison) -> Draft:
    account_id = between.id_of(account.address)
    return Draft(account.address, "organizations", "CloseAccount", {"AccountId": account_id}, wait=Wait.ACCOUNT_CLOSED)


def _adjust(change: Change, before: Account | None, after: Account, between: Comparison) -> Iterator[Draft]:
    account_id = between.id_of(after.address)
    exists = before is not None and before.state is not AccountState.CREATING
    here = before.parent if before is not None and exists else ()
    if here != after.parent:
        yield Draft(
            after.address,
            "organizations",
            "MoveAccount",
            {
                "AccountId": account_id,
                "SourceParentId": between.id_of(unit_address(here)) if here else between.id_of(ROOT_ADDRESS),
                "DestinationParentId": between.id_of(unit_address(after.parent)),
            },
            effect=Relocate(after.address),
        )
    other: dict[str, Value] = {} if account_id == between.management_account else {"AccountId": account_id}
    for attribute in change.attributes:
        if attribute.name == "name" and exists:
            yield Draft(after.address, "account", "PutAccountName", {**other, "AccountName": after.name})
        elif attribute.name.startswith("contacts."):
            yield _contact(after.address, other, attribute)
    if exists:
        yield from tag_drafts(after.address, account_id, change.attributes)


def _contact(address: str, other: Mapping[str, Value], attribute: AttributeChange) -> Draft:
    kind = attribute.name.removeprefix("contacts.").upper()
    contact = attribute.after
    if not isinstance(contact, Contact):
        return Draft(address, "account", "DeleteAlternateContact", {**other, "AlternateContactType": kind})
    return Draft(
        address,
        "account",
        "PutAlternateContact",
        {
            **other,
            "AlternateContactType": kind,
            "Name": contact.name,
            "Title": contact.title,
            "EmailAddress": contact.email,
            "PhoneNumber": contact.phone,
        },
    )

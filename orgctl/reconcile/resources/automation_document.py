"""Remediation documents, in the administrator's account, shared with the accounts whose packs name them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace

from orgctl.model.config_resources import AutomationDocument, ConformancePack
from orgctl.reconcile.comparison import Comparison, Draft, refused
from orgctl.reconcile.ownership import change_existing, delete_ours
from orgctl.reconcile.plan import Action, AttributeChange, Change, Ref, Value
from orgctl.reconcile.tags import OWNER, as_list, owned

KIND = "document"
RESOURCE = AutomationDocument

_AT_ONCE = 20
"""Accounts that one ModifyDocumentPermission takes. Source: botocore's model of Systems Manager (AccountIdList)."""


def compare(before: AutomationDocument | None, after: AutomationDocument | None, between: Comparison) -> Change | None:
    """What differs in content and sharing. A document of ours that no pack names any more goes, after the packs."""
    if after is None:
        return delete_ours(KIND, before.address, before.tags) if before else None
    if problem := _too_many(after, between):
        return problem
    if before is None:
        absent = AutomationDocument(after.name, after.region, after.account, "null")
        return Change(Action.CREATE, KIND, after.address, _differences(absent, after, between))
    return change_existing(
        KIND,
        after.address,
        _differences(before, after, between),
        tags=before.tags,
        adopt=between.adopt,
        how="run with `--adopt`",
    )


def _too_many(document: AutomationDocument, between: Comparison) -> Change | None:
    wanted, limit = len(_members(document, between)), between.limits.quota("document_shares")
    if limit is None or wanted <= limit:
        return None
    return refused(
        KIND,
        document.address,
        f"`{document.address}` would be shared with {wanted:,} accounts; AWS allows {limit:,}",
        "mend fewer accounts by packs with it, or set `limits.quotas.document_shares` to what AWS allows you",
    )


def _differences(
    before: AutomationDocument, after: AutomationDocument, between: Comparison
) -> tuple[AttributeChange, ...]:
    changes = []
    if json.loads(before.content) != json.loads(after.content):
        changes.append(AttributeChange("content", None if before.content == "null" else before.content, after.content))
    wants = _members(after, between)
    if before.shared != wants:
        changes.append(AttributeChange("shared", sorted(before.shared) or None, sorted(wants) or None))
    return tuple(changes)


def _members(document: AutomationDocument, between: Comparison) -> frozenset[str]:
    return frozenset(address for address in document.shared if between.is_member(address))


def lower(
    change: Change, before: AutomationDocument | None, after: AutomationDocument | None, between: Comparison
) -> Iterator[Draft]:
    """The calls. A new version only counts once it is the default; a shared document cannot be deleted."""
    if after is None:
        if before is not None:
            packs = tuple(pack.address for pack in between.actual.each(ConformancePack))
            yield from _share(before, between, "AccountIdsToRemove", before.shared, packs)
            yield _draft(before, between, "DeleteDocument", {}, packs)
        return
    changed = {attribute.name for attribute in change.attributes}
    if before is None:
        yield _draft(after, between, "CreateDocument", _creation(after))
    elif "content" in changed:
        yield from _update(after, between)
    if "shared" in changed:
        had, wants = before.shared if before else frozenset(), _members(after, between)
        yield from _share(after, between, "AccountIdsToAdd", wants - had)
        yield from _share(after, between, "AccountIdsToRemove", had - wants)
    if change.action is Action.ADOPT:
        tags: dict[str, Value] = {"ResourceType": "Document", "ResourceId": after.name, "Tags": as_list(OWNER)}
        yield replace(_draft(after, between, "AddTagsToResource", {}), parameters=tags)


def _creation(document: AutomationDocument) -> dict[str, Value]:
    return {
        "Content": document.content,
        "DocumentType": "Automation",
        "DocumentFormat": "JSON",
        "Tags": as_list(owned(document.tags)),
    }


def _update(document: AutomationDocument, between: Comparison) -> Iterator[Draft]:
    content: dict[str, Value] = {
        "Content": document.content,
        "DocumentVersion": "$LATEST",
        "DocumentFormat": "JSON",
    }
    given = {f"{document.address}#version": "DocumentDescription.DocumentVersion"}
    yield _draft(document, between, "UpdateDocument", content, yields=given)
    version = Ref(document.address, "version")
    yield _draft(document, between, "UpdateDocumentDefaultVersion", {"DocumentVersion": version})


def _share(
    document: AutomationDocument,
    between: Comparison,
    parameter: str,
    accounts: frozenset[str],
    requires: tuple[str, ...] = (),
) -> Iterator[Draft]:
    ids: Sequence[Value] = [between.id_of(address) for address in sorted(accounts)]
    for start in range(0, len(ids), _AT_ONCE):
        some: dict[str, Value] = {"PermissionType": "Share", parameter: list(ids[start : start + _AT_ONCE])}
        yield _draft(document, between, "ModifyDocumentPermission", some, requires)


def _draft(
    document: AutomationDocument,
    between: Comparison,
    action: str,
    parameters: dict[str, Value],
    requires: tuple[str, ...] = (),
    yields: dict[str, str] | None = None,
) -> Draft:
    return Draft(
        document.address,
        "ssm",
        action,
        {"Name": document.name, **parameters},
        requires=("organization", document.account, *requires),
        account=between.account_of(document.account),
        region=document.region,
        yields=yields or {},
    )

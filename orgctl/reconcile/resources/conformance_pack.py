"""Organization conformance packs: AWS Config takes them to every account but those left out.

No API gives a pack's template back. Its hash is kept in a tag, and that is what is compared; so when somebody has
changed the pack by other means than orgctl, the tag does not tell. The tag is written after the pack, so that a pack
whose apply was stopped in between is sent again; the accounts are waited for last, so that one that fails is not sent
everything again and again.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from orgctl.model.address import ancestors, unit_address
from orgctl.model.config_resources import HASH_TAG, ConformancePack, RoleStackSet, document_address, function_address
from orgctl.model.resources import Account, AccountState, DelegatedAdministrators, TrustedAccess
from orgctl.reconcile.comparison import Comparison, Draft
from orgctl.reconcile.ownership import change_existing, delete_ours
from orgctl.reconcile.plan import Action, AttributeChange, Change, Ref, Value, Wait
from orgctl.reconcile.tags import as_list, owned

KIND = "conformance-pack"
RESOURCE = ConformancePack

SERVICE = "config-multiaccountsetup.amazonaws.com"
_ADMINISTRATOR = "AdministratorAccountId"
"""The template's parameter for the administrator's id: templates themselves hold none."""

MOST_INLINE = 51_200
"""Bytes of a template that is sent inline; a longer one goes through S3. Source: AWS Config's service limits."""


def compare(before: ConformancePack | None, after: ConformancePack | None, between: Comparison) -> Change | None:
    """What differs in template and accounts. A pack of ours that the manifest no longer names is removed everywhere."""
    if after is None:
        return delete_ours(KIND, before.address, before.tags) if before else None
    if before is None:
        absent = ConformancePack(after.name, after.region, after.account, None, excluded=frozenset())
        return Change(Action.CREATE, KIND, after.address, _differences(absent, after, between))
    return change_existing(
        KIND,
        after.address,
        _differences(before, after, between),
        tags=before.tags,
        adopt=between.adopt,
        how="run with `--adopt`",
    )


def _differences(before: ConformancePack, after: ConformancePack, between: Comparison) -> tuple[AttributeChange, ...]:
    changes = []
    if before.sha256 != after.sha256:
        changes.append(AttributeChange("template_sha256", before.sha256, after.sha256))
    had, wants = before.excluded or frozenset(), left_out(after, between)
    if had != wants:
        changes.append(AttributeChange("excluded", sorted(had) or None, sorted(wants) or None))
    return tuple(changes)


def left_out(pack: ConformancePack, between: Comparison) -> frozenset[str]:
    """The accounts, by address, that the pack is not for: an organization pack knows no targets, only exclusions.

    Accounts count that are members or will be by this plan, at the place that they will have.
    """
    accounts = {**_members(between.actual.each(Account)), **_members(between.desired.each(Account))}
    return frozenset(
        address
        for address, account in accounts.items()
        if between.is_member(address) and (_is_in(account, pack.exclude) or not _is_for(account, pack.targets))
    )


def _members(accounts: Iterator[Account]) -> dict[str, Account]:
    return {account.address: account for account in accounts if account.state is AccountState.ACTIVE}


def _is_for(account: Account, targets: tuple[str, ...]) -> bool:
    """Without targets a pack is for every account."""
    return not targets or _is_in(account, targets)


def _is_in(account: Account, places: tuple[str, ...]) -> bool:
    """Whether the account, or an OU above it, is among the addresses."""
    above = (unit_address(path) for path in ancestors(account.parent))
    return not {account.address, *above}.isdisjoint(places)


def lower(
    change: Change, before: ConformancePack | None, after: ConformancePack | None, between: Comparison
) -> Iterator[Draft]:
    """The calls: the template into S3 where it is long, the pack, its tags; and the wait for every account."""
    if after is None:
        if before is not None:
            gone = _draft(before, between, "DeleteOrganizationConformancePack", {})
            yield replace(gone, wait=Wait.PACK_GONE)
        return
    if change.attributes or change.action is Action.ADOPT:
        if _through_s3(after):
            yield _upload(after, between)
        tags: Value = as_list(owned(after.tags)) if before is None else None
        put = _draft(after, between, "PutOrganizationConformancePack", _body(after, between, tags))
        yield replace(put, yields={f"{after.address}#arn": "OrganizationConformancePackArn"})
        yield _tagged(after, between)
        status = _draft(after, between, "GetOrganizationConformancePackDetailedStatus", {})
        yield replace(status, wait=Wait.PACK_DEPLOYED)


def _body(pack: ConformancePack, between: Comparison, tags: Value) -> dict[str, Value]:
    source: dict[str, Value] = {"TemplateBody": between.text(pack.template or "")}
    if _through_s3(pack):
        source = {"TemplateS3Uri": f"s3://{pack.bucket}/{_key(pack)}"}
    administrator = {"ParameterName": _ADMINISTRATOR, "ParameterValue": between.id_of(pack.account)}
    return {
        **source,
        "ConformancePackInputParameters": [administrator] if _ADMINISTRATOR in (pack.template or "") else [],
        "ExcludedAccounts": [between.id_of(address) for address in sorted(left_out(pack, between))],
        **({"Tags": tags} if tags else {}),
    }


def _through_s3(pack: ConformancePack) -> bool:
    return pack.bucket is not None and len((pack.template or "").encode()) > MOST_INLINE


def _key(pack: ConformancePack) -> str:
    return f"orgctl/{pack.name}/{pack.sha256}.json"


def _upload(pack: ConformancePack, between: Comparison) -> Draft:
    return Draft(
        pack.address,
        "s3",
        "PutObject",
        {"Bucket": pack.bucket, "Key": _key(pack), "Body": between.text(pack.template or "")},
        requires=("organization",),
        account=between.account_of(pack.account),
        region=pack.region,
    )


def _tagged(pack: ConformancePack, between: Comparison) -> Draft:
    """AWS takes the tags of a Put for a creation only, so that the hash is always set by a call of its own."""
    return Draft(
        pack.address,
        "config",
        "TagResource",
        {"ResourceArn": Ref(pack.address, "arn"), "Tags": as_list(owned({HASH_TAG: pack.sha256 or ""}))},
        account=between.account_of(pack.account),
        region=pack.region,
    )


def _draft(pack: ConformancePack, between: Comparison, action: str, parameters: dict[str, Value]) -> Draft:
    stack_sets = tuple(stack_set.address for stack_set in between.desired.each(RoleStackSet))
    return Draft(
        pack.address,
        "config",
        action,
        {"OrganizationConformancePackName": pack.name, **parameters},
        requires=(
            TrustedAccess(SERVICE).address,
            DelegatedAdministrators(SERVICE, frozenset()).address,
            *(function_address(rule, pack.region) for rule in pack.functions),
            *(document_address(name, pack.region) for name in pack.documents),
            *(stack_sets if pack.functions else ()),
            *(account.address for account in between.desired.each(Account)),
        ),
        account=between.account_of(pack.account),
        region=pack.region,
    )

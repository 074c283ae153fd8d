"""How an organization's pack gets into its accounts, and out of them; also into those that join, and out of leavers.

An account without a recorder fails; one that joined after the pack is waited for seven hours.
"""

from __future__ import annotations

from orgctl.sandbox.config import packs
from orgctl.sandbox.config_state import Config, Home, Member, OrganizationPack
from orgctl.sandbox.pending import Pending
from orgctl.sandbox.state import Cloud, State

PATIENCE = 7 * 60 * 60.0
PREFIX = "OrgConformsPack"


def begin(cloud: Cloud, home: Home, pack: OrganizationPack, *, again: bool) -> None:
    """Set deployment going where the pack ought to be and removal where it ought not; `again`: where it is, too."""
    wanted = _targets(cloud, pack)
    for account in wanted:
        member = pack.members.get(account)
        if member is None or again or member.status.startswith("DELETE"):
            _enter(cloud, pack, account, known=member)
    for account, member in pack.members.items():
        if account not in wanted and not member.status.startswith("DELETE"):
            _leave(cloud, member)
    settle(cloud, home, pack, ask=False)


def _targets(cloud: Cloud, pack: OrganizationPack) -> set[str]:
    organization, excluded = cloud.organization, set(pack.settings.get("ExcludedAccounts") or ())
    accounts = organization.accounts.values() if organization is not None else ()
    return {account.id for account in accounts if account.state is State.ACTIVE} - excluded


def _enter(cloud: Cloud, pack: OrganizationPack, account: str, *, known: Member | None) -> None:
    now, organization = cloud.clock.now(), cloud.organization
    updating = known is not None and known.status not in ("CREATE_FAILED", "DELETE_IN_PROGRESS")
    name = known.pack if known else f"{PREFIX}-{pack.name}-{cloud.ids.text(8)}"
    pending = Pending.after(cloud.settings.delays.conformance_pack, cloud.clock)
    member = Member(f"{'UPDATE' if updating else 'CREATE'}_IN_PROGRESS", name, now, pending)
    joined = organization.accounts[account].joined if organization is not None else 0.0
    if known is None and joined > pack.created:
        member.patience = now + PATIENCE
    pack.members[account] = member


def _leave(cloud: Cloud, member: Member) -> None:
    member.status, member.code, member.message = "DELETE_IN_PROGRESS", None, None
    member.pending = Pending.after(cloud.settings.delays.conformance_pack, cloud.clock)


def withdraw(cloud: Cloud, pack: OrganizationPack) -> None:
    """Set the removal going in all accounts."""
    pack.action = "DELETE"
    for member in pack.members.values():
        _leave(cloud, member)


def settle(cloud: Cloud, home: Home, pack: OrganizationPack, *, ask: bool = True) -> None:
    """Deploy or remove where it is due; `ask`: as one who asks for the status, which is a poll."""
    for account, member in tuple(pack.members.items()):
        if member.pending is None or not (ask or member.pending.polls == 0) or not member.pending.poll(cloud.clock):
            continue
        there = cloud.config.home(account, home.region)
        if member.status == "DELETE_IN_PROGRESS":
            packs.undeploy(there, member.pack)
            del pack.members[account]
        elif there.recorder is not None or cloud.clock.now() >= member.patience:
            _deploy(cloud, home, pack, there, member)
    finish(home, pack)


def _deploy(cloud: Cloud, home: Home, pack: OrganizationPack, there: Home, member: Member) -> None:
    kept = ("DeliveryS3Bucket", "DeliveryS3KeyPrefix", "ConformancePackInputParameters")
    settings = {key: value for key, value in pack.settings.items() if key in kept}
    made = packs.begun(cloud, there, member.pack, pack.template, {**settings, "CreatedBy": "config-multiaccountsetup"})
    made.owner = home.account
    kind = member.status.partition("_")[0]
    made.state = f"{kind}_IN_PROGRESS"
    worked = packs.deploy(cloud, there, member.pack)
    member.pending, member.updated = None, cloud.clock.now()
    member.status = f"{kind}_{'SUCCESSFUL' if worked else 'FAILED'}"
    code, _, message = (made.reason or "").partition(": ")
    member.code, member.message = (None, None) if worked else (code if message else "TemplateError", message or code)
    if not worked and kind == "CREATE":
        packs.undeploy(there, member.pack)


def finish(home: Home, pack: OrganizationPack) -> None:
    """Forget a pack that is out of all accounts."""
    if pack.action == "DELETE" and not pack.members:
        home.organization_packs.pop(pack.name, None)


def follow(cloud: Cloud) -> None:
    """Bring all organization packs in line with the accounts that the organization has now."""
    for home in list(cloud.config.homes.values()):
        for pack in list(home.organization_packs.values()):
            if pack.action != "DELETE":
                begin(cloud, home, pack, again=False)


def settle_all(cloud: Cloud) -> None:
    """Deploy and remove what is due without being asked about."""
    for home in list(cloud.config.homes.values()):
        for pack in list(home.organization_packs.values()):
            settle(cloud, home, pack, ask=False)


def has_packs(config: Config) -> bool:
    """Whether there is any organization pack."""
    return any(home.organization_packs for home in config.homes.values())

"""AssumeRole into an account: refused unless the account is active and the role is there and trusts the caller."""

from __future__ import annotations

import re

from orgctl.sandbox import moto_services
from orgctl.sandbox.credentials import Principal
from orgctl.sandbox.permissions import trusts
from orgctl.sandbox.state import Cloud, State

_ROLE = re.compile(r"arn:aws:iam::(\d{12}):role/(?:.*/)?([^/]+)")


def assumed(cloud: Cloud, principal: Principal, role_arn: str, session: str) -> Principal | None:
    """Who the caller becomes, or None where AWS denies it. One call is one poll of a new account's access role."""
    found = _ROLE.fullmatch(role_arn)
    if found is None:
        return None
    account_id, name = found.groups()
    account = cloud.account(account_id)
    if account is None or account.state is not State.ACTIVE:
        return None
    if account.role is not None and account.role_pending is not None and not account.role_pending.poll(cloud.clock):
        return None
    account.role_pending = None
    if account.role == name and cloud.organization is not None:
        moto_services.make_role(account_id, name, cloud.organization.management)
    trust = moto_services.role_trust(account_id, name)
    if trust is None or not trusts(trust, principal):
        return None
    return Principal(account_id, "role", name, session)

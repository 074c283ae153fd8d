"""The tree: root, OUs and accounts.

OUs are listed parent by parent, many at once. The accounts' places come with ListAccounts, as `Paths`, at the cost of a
call for each twenty accounts; where a partition does not give them, each parent's accounts are listed instead.
"""

from __future__ import annotations

from orgctl.aws.call import pages
from orgctl.aws.read.bucket import want_bucket
from orgctl.aws.read.config import want_config
from orgctl.aws.read.contacts import want_contacts
from orgctl.aws.read.policies import want_policies
from orgctl.aws.read.queries import want_queries
from orgctl.aws.read.reading import Raw, Reading
from orgctl.aws.read.recorders import want_recorders
from orgctl.aws.read.shapes import CreationInfo
from orgctl.aws.read.tags import want_tags
from orgctl.errors import AwsError

_PARENT_GONE = "ParentNotFoundException"


def read_root(reading: Reading) -> None:
    """ListRoots, which says which policy types are on; then what hangs on the root."""
    reading.root = root = next(reading.each("ListRoots", "Roots"))
    if not reading.bare:
        want_tags(reading, root["Id"])
        want_policies(reading, root)
    reading.crew.submit("units", _read_units, reading, root["Id"], 1)
    reading.crew.submit("accounts", _read_accounts, reading)


def read_creations(reading: Reading) -> None:
    """The account creations that are not done yet."""
    for raw in reading.each("ListCreateAccountStatus", "CreateAccountStatuses", States=["IN_PROGRESS"]):
        reading.creations.append(CreationInfo(raw["Id"], raw.get("AccountName", "")))


def _read_units(reading: Reading, parent_id: str, depth: int) -> None:
    """The OUs right below a parent, themselves at `depth`; and, unless AWS allows none, those below them."""
    deepest = reading.aws.limits.quota("ou_depth")
    try:
        for raw in reading.each("ListOrganizationalUnitsForParent", "OrganizationalUnits", ParentId=parent_id):
            _found_unit(reading, raw, parent_id)
            if deepest is None or depth < deepest:
                reading.crew.submit("units", _read_units, reading, raw["Id"], depth + 1)
    except AwsError as error:
        if error.code != _PARENT_GONE:
            raise
        reading.gone.add(parent_id)


def _found_unit(reading: Reading, raw: Raw, parent_id: str) -> None:
    with reading.lock:
        new = raw["Id"] not in reading.units
        reading.units[raw["Id"]] = (parent_id, raw["Name"])
        by_parent = reading.by_parent
    if new:
        if not reading.bare:
            want_tags(reading, raw["Id"])
        if by_parent:
            reading.crew.submit("accounts", _read_accounts_of, reading, raw["Id"])


def _read_accounts(reading: Reading) -> None:
    """ListAccounts to its end if AWS gives `Paths`; only until that is clear if not."""
    for page in pages(reading.aws, "organizations", "ListAccounts", {}):
        for raw in page.get("Accounts", ()):
            if not raw.get("Paths") and not reading.accounts:
                _list_by_parent(reading)
                return
            _found_account(reading, raw, next(iter(ancestors(raw)), None))


def _list_by_parent(reading: Reading) -> None:
    with reading.lock:
        reading.by_parent = True
        parents = list(reading.units)
    assert reading.root is not None  # noqa: S101 - the accounts are asked for once there is a root
    for parent_id in (reading.root["Id"], *parents):
        reading.crew.submit("accounts", _read_accounts_of, reading, parent_id)


def _read_accounts_of(reading: Reading, parent_id: str) -> None:
    try:
        for raw in reading.each("ListAccountsForParent", "Accounts", ParentId=parent_id):
            _found_account(reading, raw, parent_id)
    except AwsError as error:
        if error.code != _PARENT_GONE:
            raise
        reading.gone.add(parent_id)


def _found_account(reading: Reading, raw: Raw, parent_id: str | None) -> None:
    account_id, email = raw["Id"], raw.get("Email", "")
    reading.accounts[account_id] = raw
    if parent_id is None:
        reading.crew.submit("parents", _read_parent, reading, account_id)
    else:
        reading.parents[account_id] = parent_id
    if reading.scope.wants_tags_of(account_id, email):
        want_tags(reading, account_id)
    if reading.scope.wants_contacts_of(account_id, email):
        want_contacts(reading, account_id)
    if account_id != reading.aws.identity.account:
        want_bucket(reading, account_id, email)
        want_config(reading, account_id, email)
        want_queries(reading, account_id, email)
    want_recorders(reading, account_id, email)


def _read_parent(reading: Reading, account_id: str) -> None:
    try:
        reading.parents[account_id] = next(reading.each("ListParents", "Parents", ChildId=account_id))["Id"]
    except AwsError as error:
        if error.code != "ChildNotFoundException":
            raise
        reading.gone.add(account_id)


def ancestors(raw: Raw) -> tuple[str, ...]:
    """The ids above an account from its parent up to the root, from `Paths`; empty where AWS gives none.

    A path reads `o-…/r-…/ou-…/ou-…/`, and may end with the account's own id.
    """
    for path in raw.get("Paths") or ():
        return tuple(reversed([part for part in path.split("/") if part.startswith(("r-", "ou-"))]))
    return ()


def complete(reading: Reading) -> bool:
    """Read again what accounts say they are in and the OU listings lack; whether the tree fits together then.

    An OU was made or moved while we read; or AWS nests OUs deeper than the quota that we know.
    """
    for above in _missing(reading).values():
        known = next((depth for depth, ancestor in enumerate(above) if _is_known(reading, ancestor)), None)
        if known is not None:
            reading.crew.submit("units", _read_units, reading, above[known], 1 - len(above))
    reading.crew.settle()
    return not _missing(reading)


def _missing(reading: Reading) -> dict[str, tuple[str, ...]]:
    """The parents of accounts that no listing brought, with what is above them."""
    return {
        parent_id: ancestors(reading.accounts[account_id])
        for account_id, parent_id in reading.parents.items()
        if account_id not in reading.gone and not _is_known(reading, parent_id)
    }


def _is_known(reading: Reading, parent_id: str) -> bool:
    at_root = reading.root is not None and reading.root["Id"] == parent_id
    return not reading.is_gone(parent_id) and (at_root or parent_id in reading.units)

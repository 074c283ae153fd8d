"""The law of access changes: they are exactly the differences between what two simulators decide."""

from __future__ import annotations

from collections.abc import Mapping

from hypothesis import given
from hypothesis import strategies as st

from orgctl.access.change import Access, AccessKind, Concern
from orgctl.access.comparing import compare
from orgctl.access.sentinel import Selection, Sentinel
from orgctl.model.address import ancestors, unit_address
from orgctl.policy.explanation import Decision
from orgctl.policy.request import Request
from orgctl.policytest.tables import Table
from orgctl.simulator import Simulator
from tests.access.organizations import MANAGEMENT, UNITS, document, organization
from tests.policy import strategies

IDS = ("222222222222", "222222222223", "333333333333", "444444444444")
PATTERNS = (
    *strategies.ARN_PATTERNS,
    "arn:aws:iam::333333333333:*",
    "arn:aws:iam::4*:role/*",
    "*${aws:PrincipalAccount}*",
)
RESOURCES = ("*", "arn:aws:s3:::logs-@{account}", "arn:aws:s3:::logs-7@{account}", "arn:aws:iam::@{account}:role/Admin")
ABROAD = ("arn:aws:s3:::bucket", "arn:aws:iam::333333333333:role/Dev")


@st.composite
def policies(draw: st.DrawFn, *, rcp: bool) -> str:
    """A policy that may ask who calls from where, with patterns that name accounts whole, in part or not."""
    pattern = draw(st.sampled_from(PATTERNS))
    operator = draw(st.sampled_from(("ArnLike", "ArnNotLike", "StringLike", "StringNotLike")))
    key = draw(st.sampled_from(("aws:PrincipalArn", "aws:PrincipalAccount", "aws:ResourceAccount", "aws:SourceArn")))
    condition = draw(st.sampled_from(({}, {operator: {key: pattern}}, {"Bool": {"aws:SecureTransport": "false"}})))
    resource = draw(
        st.sampled_from(
            (
                "*",
                "arn:aws:s3:::logs-722222222222?",
                "arn:aws:s3:::logs-*",
                "arn:aws:s3:::logs-2*",
                *strategies.RESOURCE_PATTERNS,
            )
        )
    )
    action = draw(st.sampled_from(tuple(a for a in strategies.ACTION_PATTERNS if not rcp or a != "*")))
    effect = "Deny" if rcp else draw(st.sampled_from(("Deny", "Deny", "Allow")))
    statement = {"Effect": effect, "Action": action, "Resource": resource, "Condition": condition}
    principal = {"Principal": "*"} if rcp else {}
    return document({**statement, **principal})


@st.composite
def pointed(draw: st.DrawFn, *, rcp: bool) -> str:
    """A policy that speaks of every request, and asks for an account in a condition or by the resource."""
    operator = draw(st.sampled_from(("ArnLike", "ArnNotLike", "StringLike")))
    key = draw(st.sampled_from(("aws:PrincipalArn", "aws:PrincipalAccount", "aws:ResourceAccount")))
    condition = {operator: {key: draw(st.sampled_from(PATTERNS))}}
    resource = draw(st.sampled_from(("arn:aws:s3:::logs-722222222222?", "arn:aws:s3:::logs-2*", "arn:aws:iam::4*")))
    said: dict[str, object] = {"Effect": "Deny", "Action": ["s3:*", "kms:*", "sts:*"] if rcp else "*"}
    said |= draw(st.sampled_from(({"Condition": condition, "Resource": "*"}, {"Resource": resource})))
    return document(said | ({"Principal": "*"} if rcp else {}))


@st.composite
def simulators(draw: st.DrawFn, names: Mapping[str, str]) -> Simulator:
    """An organization with some of these policies on its OUs and accounts."""
    present = draw(st.lists(st.sampled_from(IDS), unique=True, min_size=2))
    accounts = {key: draw(st.sampled_from(UNITS)) for key in present}
    targets = [*map(unit_address, UNITS), *(f"account:{key}" for key in accounts)]
    attached = draw(st.lists(st.tuples(st.sampled_from(sorted(names)), st.sampled_from(targets)), max_size=5))
    changed = draw(st.sampled_from((None, *names)))
    texts = {
        name: draw(policies(rcp=name.startswith("rcp"))) if name == changed else text for name, text in names.items()
    }
    types = draw(st.sampled_from((("SERVICE_CONTROL_POLICY", "RESOURCE_CONTROL_POLICY"), ("SERVICE_CONTROL_POLICY",))))
    bare = draw(st.lists(st.sampled_from(targets), max_size=1))
    return organization(accounts, texts, attached, types=types, bare=bare)


@st.composite
def pairs(draw: st.DrawFn) -> tuple[Simulator, Simulator]:
    """Two organizations that have much in common."""
    names = {name: draw(policies(rcp=name.startswith("rcp"))) for name in ("scp/a", "scp/b", "rcp/c")}
    return draw(simulators(names)), draw(simulators(names))


@st.composite
def sentinels(draw: st.DrawFn) -> Sentinel:
    """A table of requests in some of the accounts."""

    def some(*pool: str) -> tuple[str, ...]:
        return tuple(draw(st.lists(st.sampled_from(pool), unique=True, min_size=1, max_size=2)))

    regions = tuple(("aws:SecureTransport", value) for value in some("true", "false"))
    table = Table(
        some(*strategies.ACTIONS),
        some("role/Admin", "user/ann", "root", "arn:aws:iam::333333333333:role/Dev", "arn:aws:iam::@{account}:role/x"),
        some(*RESOURCES, *ABROAD),
        draw(st.sampled_from(((), (regions,)))),
        draw(st.sampled_from(((), ("aws:SourceArn",)))),
        draw(st.sampled_from((None, None, "333333333333"))),
    )
    selection = draw(st.sampled_from((Selection(), Selection(frozenset(IDS[:1])), Selection(units=(("A",),)))))
    return Sentinel("x", Concern.DECLARED, table, selection, draw(st.booleans()))


def hide(request: Request, looked_at: Mapping[str, str], _said: frozenset[str] = frozenset()) -> Request:
    """Nobody knows tags, where a policy asks for them."""
    keys = [
        name for key, name in looked_at.items() if key.startswith("aws:principaltag/") and key not in request.context
    ]
    more = Request.of("", "", "", unknown=keys)
    return Request(
        request.action,
        request.resource,
        request.principal,
        request.resource_account,
        request.context,
        {**request.unknown, **more.unknown},
    )


OUTCOMES = {
    Decision.ALLOWED: AccessKind.NEWLY_ALLOWED,
    Decision.UNKNOWN: AccessKind.UNCERTAIN,
    Decision.EXPLICIT_DENY: AccessKind.NEWLY_DENIED,
    Decision.IMPLICIT_DENY: AccessKind.NEWLY_DENIED,
}


def plainly(before: Simulator, after: Simulator, sentinel: Sentinel) -> set[tuple[object, ...]]:
    """What changes, by asking both simulators every request in every account."""
    found: set[tuple[object, ...]] = set()
    old = {account.key for account in before.accounts}
    for account in after.accounts:
        if account not in sentinel.selection:
            continue
        for asked, row in zip(sentinel.table.requests(account, "aws"), sentinel.table.rows(), strict=True):
            request, _ = after.request(
                account.key,
                asked.action,
                resource=asked.resource,
                principal=asked.principal,
                context=dict(asked.context),
                unknown=asked.unknown,
                resource_account=asked.resource_account,
            )
            pair = request.principal.account, request.owner
            keys = {**before.authorizer(*pair).keys(request.action), **after.authorizer(*pair).keys(request.action)}
            request = hide(request, keys)
            now, then = after.answer(request).decision, before.answer(request).decision
            kind = OUTCOMES[now]
            if account.key not in old:
                if sentinel.important and kind is AccessKind.NEWLY_DENIED:
                    found.add((account.key, row, kind, None, now))
            elif kind is not OUTCOMES[then]:
                found.add((account.key, row, kind, then, now))
    return found


def unfolded(access: Access, after: Simulator, sentinel: Sentinel) -> set[tuple[object, ...]]:
    """The same as `compare` says it, its places taken apart again into accounts."""
    found: set[tuple[object, ...]] = set()
    for change in access.changes:
        members = [account for account in after.accounts if _is_in(account.key, account.parent, change.where)]
        assert change.accounts == len(members)
        contexts = tuple(((key, value or ()),) for key, value in change.context)
        table = sentinel.table
        row = Table(
            (change.action,), (change.principal,), (change.resource,), contexts, table.unknown, table.resource_account
        )
        found |= {(account.key, row, change.kind, change.before, change.after) for account in members}
    return found


def _is_in(key: str, parent: tuple[str, ...], where: tuple[str, ...]) -> bool:
    units = {unit_address(path) for path in ancestors(parent)} if key != MANAGEMENT else set()
    return f"account:{key}" in where or not units.isdisjoint(where)


@st.composite
def one_more_policy(draw: st.DrawFn) -> tuple[Simulator, Simulator]:
    """Accounts that nothing but their ids tells apart, and a policy that comes onto the root."""
    name = draw(st.sampled_from(("scp/a", "scp/a", "rcp/c")))
    accounts = dict.fromkeys(IDS, ("A",))
    texts = {name: draw(pointed(rcp=name.startswith("rcp")))}
    return organization(accounts, texts, ()), organization(accounts, texts, [(name, "ou:/")])


@given(one_more_policy(), sentinels())
def test_no_account_is_taken_for_another(pair: tuple[Simulator, Simulator], sentinel: Sentinel) -> None:
    """Where a policy tells accounts apart by their ids, in whole or in part, each gets its own answer."""
    before, after = pair
    access = compare(before, after, [sentinel], complete=hide)
    assert unfolded(access, after, sentinel) == plainly(before, after, sentinel)


@given(pairs(), sentinels())
def test_access_changes_are_the_differences_of_two_simulators(
    pair: tuple[Simulator, Simulator], sentinel: Sentinel
) -> None:
    """Whatever the policies, the tree and the requests: no change is missed, invented, or said of the wrong account."""
    before, after = pair
    access = compare(before, after, [sentinel], complete=hide)
    assert unfolded(access, after, sentinel) == plainly(before, after, sentinel)

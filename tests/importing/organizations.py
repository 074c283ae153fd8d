"""Random organizations, as they are read: any name that AWS takes, owned and foreign things, all states."""

from __future__ import annotations

import json

from hypothesis import strategies as st

from orgctl.aws.read.shapes import (
    AccountInfo,
    AttachmentInfo,
    DelegatedAdministratorInfo,
    OrganizationInfo,
    PolicyInfo,
    ResourcePolicyInfo,
    RootInfo,
    Snapshot,
    UnitInfo,
)
from orgctl.model.resources import OWNER_TAG, AccountState, FeatureSet

MANAGEMENT = "111111111111"
ROOT = "r-root"
TYPES = {
    "SERVICE_CONTROL_POLICY": {"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "s3:*"}]},
    "TAG_POLICY": {"tags": {"env": {"tag_key": {"@@assign": "env"}}}},
    "NEW_POLICY": {"anything": "goes"},
}
SERVICES = ("config.amazonaws.com", "cloudtrail.amazonaws.com", "Odd Service")

odd = st.sampled_from(
    ["a/b", "a%2Fb", "ü", "名前", "no", "1.5", "a: b", "#", " x ", "'", '"', "\\", "a\nb", "{x}", "- y", "x.test", ".h"]
)
names = st.one_of(odd, st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12))
tag_texts = st.text("abcXYZ019 _.:/=+-@äé名", min_size=1, max_size=8)
tags = st.dictionaries(
    st.one_of(tag_texts, st.sampled_from(["orgctl:mine", "aws:x", "Orgctl:y"])), tag_texts, max_size=3
)


@st.composite
def snapshots(draw: st.DrawFn) -> Snapshot:
    """A whole organization, as its readers would give it."""
    enabled = draw(st.frozensets(st.sampled_from(sorted(TYPES))))
    units = draw(_units())
    parents = [ROOT, *(unit.id for unit in units)]
    accounts = draw(_accounts(parents))
    policies = draw(_policies(enabled))
    targets = [*parents, *(account.id for account in accounts)]
    trusted = draw(st.frozensets(st.sampled_from(SERVICES)))
    return Snapshot(
        MANAGEMENT,
        "aws",
        OrganizationInfo("o-abcdefghij", "arn", MANAGEMENT, FeatureSet.ALL),
        root=RootInfo(ROOT, "Root", enabled, tags=draw(_worn())),
        units=units,
        accounts=accounts,
        policies=policies,
        attachments=draw(_attachments(policies, targets)),
        trusted_access=trusted,
        delegated_administrators=draw(_administrators(accounts)),
        resource_policy=draw(st.none() | st.just(ResourcePolicyInfo("rp-1", "arn", _resource_policy(), {}))),
    )


@st.composite
def _worn(draw: st.DrawFn) -> dict[str, str]:
    owner = {OWNER_TAG: "true"} if draw(st.booleans()) else {}
    return {**draw(tags), **owner}


@st.composite
def _units(draw: st.DrawFn) -> tuple[UnitInfo, ...]:
    units: list[UnitInfo] = []
    depth = {ROOT: 0}
    for number in range(draw(st.integers(0, 6))):
        parent = draw(st.sampled_from([node for node in depth if depth[node] < 5]))
        name = draw(names)
        if all((unit.parent_id, unit.name) != (parent, name) for unit in units):
            units.append(UnitInfo(f"ou-{number}", parent, name, draw(_worn())))
            depth[f"ou-{number}"] = depth[parent] + 1
    return tuple(units)


@st.composite
def _accounts(draw: st.DrawFn, parents: list[str]) -> tuple[AccountInfo, ...]:
    def account(number: int, state: AccountState) -> AccountInfo:
        identity = MANAGEMENT if not number else f"{number:012}"
        name = draw(st.one_of(st.just("shop"), st.just(f"shop-{2:012}"), names))
        email = f"a{number}@example.com"
        return AccountInfo(identity, name, email, state, draw(st.sampled_from(parents)), draw(_worn()))

    known = [state for state in AccountState if state not in (AccountState.INVITED, AccountState.CREATING)]
    states = draw(st.lists(st.sampled_from(known), max_size=6))
    return tuple(account(number, state) for number, state in enumerate([AccountState.ACTIVE, *states]))


@st.composite
def _policies(draw: st.DrawFn, enabled: frozenset[str]) -> tuple[PolicyInfo, ...]:
    policies = []
    if "SERVICE_CONTROL_POLICY" in enabled:
        full = PolicyInfo(
            "p-FullAWSAccess", "arn", "SERVICE_CONTROL_POLICY", "FullAWSAccess", "Allows all", None, {}, True
        )
        policies.append(full)
    for kind in sorted(enabled):
        for name in draw(st.frozensets(names, max_size=3)):
            owned = {OWNER_TAG: "true"} if kind != "NEW_POLICY" and draw(st.booleans()) else {}
            content = json.dumps(_document(draw, kind))
            description = draw(st.just("") | names)
            worn = {**draw(tags), **owned}
            policies.append(PolicyInfo(f"p-{len(policies)}", "arn", kind, name, description, content, worn, False))
    return tuple(policies)


def _document(draw: st.DrawFn, kind: str) -> object:
    """A document of the type; now and then with something in it that reads like a placeholder."""
    text = draw(st.sampled_from(["s3:*", "@{x}", "@{at}", "@{regions}", "a@{b}c@{"]))
    match kind:
        case "SERVICE_CONTROL_POLICY":
            statement = {
                "Effect": "Deny",
                "Action": "s3:*",
                "Resource": "*",
                "Condition": {"StringEquals": {"k": text}},
            }
            return {"Version": "2012-10-17", "Statement": [statement]}
        case "TAG_POLICY":
            return {"tags": {"env": {"tag_key": {"@@assign": text}}}}
        case _:
            return {"anything": text}


@st.composite
def _attachments(draw: st.DrawFn, policies: tuple[PolicyInfo, ...], targets: list[str]) -> tuple[AttachmentInfo, ...]:
    """Any, but that an SCP is always left, as AWS sees to."""
    pairs = [(policy.id, target) for policy in policies for target in targets]
    chosen = set(draw(st.lists(st.sampled_from(pairs), max_size=12))) if pairs else set()
    scps = {policy.id for policy in policies if policy.type == "SERVICE_CONTROL_POLICY"}
    if scps:
        bare = [target for target in targets if not any((policy, target) in chosen for policy in scps)]
        chosen |= {("p-FullAWSAccess", target) for target in bare}
    return tuple(AttachmentInfo(*pair) for pair in sorted(chosen))


@st.composite
def _administrators(draw: st.DrawFn, accounts: tuple[AccountInfo, ...]) -> tuple[DelegatedAdministratorInfo, ...]:
    chosen = draw(st.frozensets(st.sampled_from([account.id for account in accounts]), max_size=2))
    services = st.frozensets(st.sampled_from(SERVICES), min_size=1)
    return tuple(DelegatedAdministratorInfo(identity, draw(services)) for identity in sorted(chosen))


def _resource_policy() -> str:
    statement = {
        "Effect": "Allow",
        "Principal": {"AWS": "arn:aws:iam::222222222222:root"},
        "Action": "organizations:Describe*",
        "Resource": "*",
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]}, indent=1)

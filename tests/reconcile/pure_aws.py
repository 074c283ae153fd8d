"""Organizations in memory, call by call, with its refusals: what plans are tried on without a server.

It shares no code with the planner: it knows calls and ids, as AWS does.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import count
from typing import Any

from orgctl.aws.read.shapes import (
    AccountInfo,
    AttachmentInfo,
    OrganizationInfo,
    PolicyInfo,
    RootInfo,
    Snapshot,
    UnitInfo,
)
from orgctl.model.resources import AccountState, FeatureSet

MANAGEMENT = "111111111111"
ROOT = "r-root"
FULL = "p-FullAWSAccess"


class Refused(Exception):  # noqa: N818 - as AWS says it
    """AWS would answer with this error."""


class PureAws:
    """The state, and `call`, which changes it or raises Refused."""

    def __init__(self, slots: int = 10) -> None:
        self.slots = slots
        self.ids = count(1)
        self.units: dict[str, dict[str, Any]] = {}
        self.accounts: dict[str, dict[str, Any]] = {
            MANAGEMENT: {"name": "management", "email": "aws@example.com", "parent": ROOT, "tags": {}}
        }
        self.policies: dict[str, dict[str, Any]] = {
            FULL: {"name": "FullAWSAccess", "content": None, "tags": {}, "aws": True}
        }
        self.attached: set[tuple[str, str]] = {(FULL, ROOT), (FULL, MANAGEMENT)}

    def call(self, action: str, parameters: Mapping[str, Any]) -> dict[str, Any]:
        return getattr(self, f"_{action}")(**parameters) or {}

    def snapshot(self) -> Snapshot:
        return Snapshot(
            MANAGEMENT,
            "aws",
            OrganizationInfo("o-purepure01", "arn", MANAGEMENT, FeatureSet.ALL),
            root=RootInfo(ROOT, "Root", frozenset({"SERVICE_CONTROL_POLICY"})),
            units=tuple(UnitInfo(i, u["parent"], u["name"], dict(u["tags"])) for i, u in self.units.items()),
            accounts=tuple(
                AccountInfo(i, a["name"], a["email"], AccountState.ACTIVE, a["parent"])
                for i, a in self.accounts.items()
            ),
            policies=tuple(
                PolicyInfo(
                    i,
                    "arn",
                    "SERVICE_CONTROL_POLICY",
                    p["name"],
                    "",
                    p["content"],
                    dict(p["tags"]),
                    p.get("aws", False),
                )
                for i, p in self.policies.items()
            ),
            attachments=tuple(AttachmentInfo(*pair) for pair in sorted(self.attached)),
        )

    def guards(self, account: str) -> dict[str, str]:
        """The content of every policy of ours on the account or above it, by name."""
        on = {account}
        parent = self.accounts[account]["parent"]
        while parent != ROOT:
            on.add(parent)
            parent = self.units[parent]["parent"]
        on.add(ROOT)
        worn = {policy for policy, target in self.attached if target in on and policy != FULL}
        return {self.policies[policy]["name"]: self.policies[policy]["content"] for policy in worn}

    def _CreateOrganizationalUnit(self, ParentId: str, Name: str, Tags: list[dict[str, str]]) -> dict[str, Any]:  # noqa: N802, N803 - AWS's names
        if any(u["parent"] == ParentId and u["name"] == Name for u in self.units.values()):
            raise Refused("DuplicateOrganizationalUnitException")
        if ParentId != ROOT and ParentId not in self.units:
            raise Refused("ParentNotFoundException")
        new = f"ou-{next(self.ids)}"
        self.units[new] = {"name": Name, "parent": ParentId, "tags": {t["Key"]: t["Value"] for t in Tags}}
        self.attached.add((FULL, new))
        return {"OrganizationalUnit": {"Id": new}}

    def _UpdateOrganizationalUnit(self, OrganizationalUnitId: str, Name: str) -> None:  # noqa: N802, N803
        self.units[OrganizationalUnitId]["name"] = Name

    def _DeleteOrganizationalUnit(self, OrganizationalUnitId: str) -> None:  # noqa: N802, N803
        parents = [x["parent"] for x in (*self.units.values(), *self.accounts.values())]
        if OrganizationalUnitId in parents:
            raise Refused("OrganizationalUnitNotEmptyException")
        del self.units[OrganizationalUnitId]
        self.attached = {(p, t) for p, t in self.attached if t != OrganizationalUnitId}

    def _CreateAccount(self, Email: str, AccountName: str, RoleName: str, Tags: object) -> dict[str, Any]:  # noqa: N802, N803
        if any(a["email"] == Email for a in self.accounts.values()):
            raise Refused("EMAIL_ALREADY_EXISTS")
        new = f"{next(self.ids):012}"
        self.accounts[new] = {"name": AccountName, "email": Email, "parent": ROOT}
        self.attached.add((FULL, new))
        return {"AccountId": new}

    def _MoveAccount(self, AccountId: str, SourceParentId: str, DestinationParentId: str) -> None:  # noqa: N802, N803
        account = self.accounts[AccountId]
        if account["parent"] != SourceParentId:
            raise Refused("SourceParentNotFoundException")
        if DestinationParentId != ROOT and DestinationParentId not in self.units:
            raise Refused("DestinationParentNotFoundException")
        account["parent"] = DestinationParentId

    def _CreatePolicy(self, Name: str, Type: str, Description: str, Content: str, Tags: object) -> dict[str, Any]:  # noqa: N802, N803
        if any(p["name"] == Name for p in self.policies.values()):
            raise Refused("DuplicatePolicyException")
        new = f"p-{next(self.ids)}"
        self.policies[new] = {"name": Name, "content": Content, "tags": {"orgctl:managed": "true"}}
        return {"Policy": {"PolicySummary": {"Id": new}}}

    def _UpdatePolicy(self, PolicyId: str, **changes: str) -> None:  # noqa: N802, N803
        self.policies[PolicyId] |= {key.lower(): value for key, value in changes.items()}

    def _DeletePolicy(self, PolicyId: str) -> None:  # noqa: N802, N803
        if any(policy == PolicyId for policy, _ in self.attached):
            raise Refused("PolicyInUseException")
        del self.policies[PolicyId]

    def _AttachPolicy(self, PolicyId: str, TargetId: str) -> None:  # noqa: N802, N803
        if TargetId != ROOT and TargetId not in self.units and TargetId not in self.accounts:
            raise Refused("TargetNotFoundException")
        if (PolicyId, TargetId) in self.attached:
            raise Refused("DuplicatePolicyAttachmentException")
        if sum(target == TargetId for _, target in self.attached) >= self.slots:
            raise Refused("MAX_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED")
        self.attached.add((PolicyId, TargetId))

    def _DetachPolicy(self, PolicyId: str, TargetId: str) -> None:  # noqa: N802, N803
        if (PolicyId, TargetId) not in self.attached:
            raise Refused("PolicyNotAttachedException")
        if sum(target == TargetId for _, target in self.attached) == 1:
            raise Refused("MIN_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED")
        self.attached.discard((PolicyId, TargetId))

    def _TagResource(self, ResourceId: str, Tags: list[dict[str, str]]) -> None:  # noqa: N802, N803
        thing = self.units.get(ResourceId) or self.policies[ResourceId]
        thing["tags"] |= {t["Key"]: t["Value"] for t in Tags}

"""A small organization written as text, for scenarios that change one thing."""

from __future__ import annotations

import json
from pathlib import Path

import yaml

HEAD = {
    "version": 1,
    "organization": {
        "management_account": "111111111111",
        "home_region": "eu-west-1",
        "regions": ["eu-west-1"],
        "policy_types": ["service_control_policy"],
    },
}


def write(directory: Path, root: dict[str, object], **more: object) -> Path:
    """A manifest with this root; `organization` in `more` is laid over the head's, other keys stand beside it."""
    organization = {**HEAD["organization"], **more.pop("organization", {})}  # type: ignore[dict-item]
    accounts = {"management": {"id": "111111111111", "email": "aws@example.com"}, **root.get("accounts", {})}  # type: ignore[dict-item]
    manifest = {**HEAD, **more, "organization": organization, "root": {**root, "accounts": accounts}}
    (directory / "organization.yaml").write_text(yaml.safe_dump(manifest, sort_keys=False))
    return directory


def policy(directory: Path, name: str, *actions: str, effect: str = "Deny") -> None:
    """A policy file: `scp/name`."""
    statements = [{"Sid": f"S{n}", "Effect": effect, "Action": a, "Resource": "*"} for n, a in enumerate(actions)]
    path = directory / "policies" / f"{name}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"Version": "2012-10-17", "Statement": statements}))


def account(name: str, **more: object) -> dict[str, object]:
    """One entry of `accounts`."""
    return {name: {"email": f"aws+{name}@example.com", **more}}


def write_everything(directory: Path) -> Path:
    """A manifest with every kind of resource in it; its first apply takes sixty calls."""
    for name, service in zip("abcde", ("cloudhsm", "lightsail", "gamelift", "robomaker", "braket"), strict=True):
        policy(directory, f"scp/deny-{name}", f"{service}:*")
    folder = directory / "policies/tag"
    folder.mkdir(parents=True)
    (folder / "cost.json").write_text('{"tags": {"cost": {"tag_key": {"@@assign": "cost"}}}}')
    (directory / "delegation.json").write_text(_DELEGATION)
    contact = {"name": "Ann", "title": "On call", "email": "ann@example.com", "phone": "+49 30 1"}
    prod = {**account("shop", tags={"env": "prod"}, contacts={"security": contact}), **account("data")}
    root = {
        "policies": ["scp/deny-a", "scp/deny-b"],
        "units": {
            "Security": {
                "policies": ["scp/deny-c"],
                "tags": {"owner": "security"},
                "accounts": {**account("logs", policies=["scp/deny-d"]), **account("audit")},
            },
            "Workloads": {
                "policies": ["scp/deny-c", "tag/cost"],
                "units": {
                    "Prod": {"policies": ["scp/deny-d"], "accounts": prod},
                    "Dev": {"policies": ["scp/deny-e"], "accounts": account("dev")},
                },
            },
            "Infrastructure": {
                "policies": ["scp/deny-c", "scp/deny-e"],
                "accounts": {**account("network"), **account("shared")},
            },
            "Sandbox": {"policies": ["scp/deny-c", "scp/deny-d"], "accounts": {**account("try"), **account("toy")}},
            "Suspended": {"policies": ["scp/deny-e"], "full_aws_access": True},
        },
    }
    organization = {
        "policy_types": ["service_control_policy", "tag_policy"],
        "trusted_access": ["account.amazonaws.com", "config.amazonaws.com"],
        "delegated_administrators": {"config.amazonaws.com": ["audit"]},
        "delegation_policy": "delegation.json",
    }
    bucket = {"name": "everything-trail", "account": "logs", "lifecycle": {"expire_after_days": 400}}
    return write(directory, root, organization=organization, trail={"name": "everything", "bucket": bucket})


_DELEGATION = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": {
            "Sid": "AuditLooks",
            "Effect": "Allow",
            "Principal": {"AWS": "111111111111"},
            "Action": "organizations:ListRoots",
            "Resource": "*",
        },
    }
)

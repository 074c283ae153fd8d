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

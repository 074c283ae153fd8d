"""A small governance repository for policy tests: two policies, a handful of accounts, parameters.

    /               management
    /Workloads      scp/no-s3
    /Workloads/Prod shop, data
    /Closed         old, which is closed

`scp/no-s3` denies all of S3 but to the break-glass role; `tag/cost` decides about no request.
"""

from __future__ import annotations

from pathlib import Path

import yaml

from tests.functional.small import account, write

NO_S3 = """Version: "2012-10-17"
Statement:
  - Sid: NoS3
    Effect: Deny
    Action: s3:*
    Resource: "*"
    Condition:
      ArnNotLike:
        aws:PrincipalArn: "@{parameters.break_glass}"
"""


def lay_down(directory: Path, policies: dict[str, str] | None = None) -> Path:
    """Write it. `policies` are the texts of SCPs for the root, by name (default: `no-s3` on `/Workloads`)."""
    folder = directory / "policies/scp"
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in (policies or {"no-s3": NO_S3}).items():
        (folder / f"{name}.yaml").write_text(text)
    prod = {"accounts": {**account("shop"), **account("data")}}
    here: dict[str, object] = {} if policies else {"policies": ["scp/no-s3"]}
    root: dict[str, object] = {
        "units": {
            "Workloads": {**here, "units": {"Prod": prod}},
            "Closed": {"accounts": account("old", state="closed")},
        }
    }
    if policies:
        root["policies"] = [f"scp/{name}" for name in policies]
    parameters = {"break_glass": "arn:aws:iam::*:role/BreakGlass", "team": ["role/Ann", "role/Ben"]}
    types = ["service_control_policy", "tag_policy"]
    return write(directory, root, parameters=parameters, organization={"policy_types": types})


def add_tag_policy(directory: Path) -> None:
    """A policy of a type that decides about no request."""
    path = directory / "policies/tag/cost.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(yaml.safe_dump({"tags": {"cost": {"tag_key": {"@@assign": "cost"}}}}))

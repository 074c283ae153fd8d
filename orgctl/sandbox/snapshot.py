"""The state as JSON, and back.

Kept: settings, all accounts, the organization, trails, AWS Config, Lambda, StackSets, documents, the Glue catalog,
workgroups, the keys that were given out, and of moto what was written to S3, IAM, SNS and ECR, as the journal of those
requests, which is played again. Not kept: KMS keys and API Gateway's APIs (moto makes their ids up anew), STS
sessions, versions of S3 objects (only the newest), what functions printed, queries, what was under way, the log of
calls, faults.
"""

from __future__ import annotations

from dataclasses import asdict, fields, is_dataclass
from types import UnionType
from typing import TYPE_CHECKING, Any, TypeVar, Union, get_args, get_origin, get_type_hints

from orgctl.sandbox import moto_services
from orgctl.sandbox.athena_state import Workgroup
from orgctl.sandbox.automation_state import Automation
from orgctl.sandbox.config_state import Config
from orgctl.sandbox.credentials import Principal
from orgctl.sandbox.glue_state import Glue
from orgctl.sandbox.lambda_state import Lambda
from orgctl.sandbox.stack_state import StackSet
from orgctl.sandbox.state import Account, Organization, Trail

if TYPE_CHECKING:
    from orgctl.sandbox.front import Front

FORMAT = 1
T = TypeVar("T")


def snapshot(front: Front) -> dict[str, Any]:
    """Everything that is kept, as JSON values. Call it under the front's lock."""
    cloud = front.cloud
    return {
        "orgctl_sandbox": FORMAT,
        "settings": cloud.settings.to_json(),
        "organization": asdict(cloud.organization) if cloud.organization else None,
        "outside": [asdict(account) for account in cloud.outside.values()],
        "config": asdict(cloud.config),
        "lambda": asdict(cloud.lambdas),
        "automation": asdict(cloud.automation),
        "glue": asdict(cloud.glue),
        "workgroups": {arn: asdict(group) for arn, group in cloud.athena.workgroups.items()},
        "stack_sets": {name: asdict(found) for name, found in cloud.stack_sets.items()},
        "trails": {arn: asdict(trail) for arn, trail in cloud.trails.items()},
        "keys": {
            key: {"secret": front.credentials.secret(key), "principal": asdict(principal)}
            for key, principal in front.credentials.issued.items()
            if principal.kind == "user"
        },
        "journal": front.journal.to_json(),
    }


def restore(front: Front, saved: dict[str, Any]) -> None:
    """Replace everything by what was saved. Raises ValueError if it was not saved by this version."""
    if not isinstance(saved, dict) or saved.get("orgctl_sandbox") != FORMAT:
        raise ValueError("this is not a saved state of the sandbox")
    moto_services.reset()
    front.reset(front.settings.changed(saved["settings"]))
    cloud = front.cloud
    organization = saved["organization"]
    cloud.organization = built(Organization, organization) if organization else None
    cloud.outside = {account["id"]: built(Account, account) for account in saved["outside"]}
    cloud.trails = {arn: built(Trail, trail) for arn, trail in saved["trails"].items()}
    cloud.config = built(Config, saved.get("config", {}))
    cloud.lambdas = built(Lambda, saved.get("lambda", {}))
    cloud.automation = built(Automation, saved.get("automation", {}))
    cloud.stack_sets = {name: built(StackSet, found) for name, found in saved.get("stack_sets", {}).items()}
    cloud.glue = built(Glue, saved.get("glue", {}))
    cloud.athena.workgroups = {arn: built(Workgroup, group) for arn, group in saved.get("workgroups", {}).items()}
    cloud.followed = cloud.organization.version if cloud.organization else 0
    for key, owner in saved["keys"].items():
        front.credentials.issue(key, owner["secret"], built(Principal, owner["principal"]))
    front.journal.replay(saved["journal"])


def built(kind: type[T], value: Any) -> T:
    """A value of a dataclass (or of what its annotations name) from what `asdict` made of it."""
    made: T = _built(kind, value)
    return made


def _built(kind: Any, value: Any) -> Any:
    if value is None or kind is Any:
        return value
    origin, inside = get_origin(kind), get_args(kind)
    if origin in (Union, UnionType):
        return _built(next(k for k in inside if k is not type(None)), value)
    if origin is dict:
        return {key: _built(inside[1], item) for key, item in value.items()}
    if origin is list:
        return [_built(inside[0], item) for item in value]
    if is_dataclass(kind):
        hints = get_type_hints(kind)
        names = {f.name for f in fields(kind)}
        return kind(**{name: _built(hints[name], item) for name, item in value.items() if name in names})  # type: ignore[operator]
    return kind(value) if isinstance(kind, type) and not isinstance(value, kind) else value

"""Recording: what there is now, compared with the newest items; and which rules hear of the difference."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from orgctl.sandbox.config.evaluation import Evaluation
from orgctl.sandbox.config.scope import hears_of
from orgctl.sandbox.config_state import Home, Recorder
from orgctl.sandbox.recording.apis import apis
from orgctl.sandbox.recording.functions import functions
from orgctl.sandbox.recording.repositories import repositories
from orgctl.sandbox.recording.resource import GLOBAL, Resource
from orgctl.sandbox.recording.roles import roles
from orgctl.sandbox.recording.trails import trails
from orgctl.sandbox.state import Cloud


@dataclass(frozen=True, slots=True)
class Survey:
    """How resources of one type are found: by `look` at the cloud, an account and a region.

    `service` is the one whose writes may change them.
    """

    service: str
    type: str
    look: Callable[[Cloud, str, str], Iterable[Resource]]


SURVEYS = (
    Survey("lambda", "AWS::Lambda::Function", functions),
    Survey("iam", "AWS::IAM::Role", roles),
    Survey("ecr", "AWS::ECR::Repository", repositories),
    Survey("apigateway", "AWS::ApiGatewayV2::Api", apis),
    Survey("cloudtrail", "AWS::CloudTrail::Trail", trails),
)


def discover(cloud: Cloud, home: Home, service: str | None = None) -> None:
    """Record what changed in a home's resources of a service (None: of all), if it has a recorder that runs."""
    recorder = home.recorder
    if recorder is None or not recorder.recording:
        return
    for survey in SURVEYS:
        if service in (None, survey.service) and records(recorder, survey.type):
            found = {resource.key: resource for resource in survey.look(cloud, home.account, home.region)}
            _compare(cloud, home, survey, found)


def follow(cloud: Cloud, account: str, service: str, region: str) -> None:
    """Record after a write of a service: in its region, or for IAM in every region of the account."""
    for home in list(cloud.config.homes.values()):
        if home.account == account and (service == "iam" or home.region == region):
            discover(cloud, home, service)


def _compare(cloud: Cloud, home: Home, survey: Survey, found: dict[str, Resource]) -> None:
    for resource in found.values():
        history = home.items.get(resource.key, [])
        if not history or _differs(history[-1], resource):
            _record(cloud, home, item(cloud, home, resource, new=not history or _is_gone(history[-1])))
    for key, history in list(home.items.items()):
        if key.startswith(f"{survey.type}|") and key not in found and not _is_gone(history[-1]):
            _record(cloud, home, _deleted(cloud, history[-1]))


def records(recorder: Recorder, resource_type: str) -> bool:
    """Whether a recorder records a type."""
    group = recorder.settings["recordingGroup"]
    if resource_type in group["exclusionByResourceTypes"]["resourceTypes"]:
        return False
    if group["allSupported"] or group["exclusionByResourceTypes"]["resourceTypes"]:
        return resource_type not in GLOBAL or bool(group["includeGlobalResourceTypes"])
    return resource_type in group["resourceTypes"]


def _differs(newest: dict[str, Any], resource: Resource) -> bool:
    now = (resource.configuration, resource.tags, resource.supplementary)
    then = (newest["configuration"], newest["tags"], newest["supplementaryConfiguration"])
    return _is_gone(newest) or now != then


def _is_gone(newest: dict[str, Any]) -> bool:
    return str(newest["configurationItemStatus"]).startswith("ResourceDeleted")


def item(cloud: Cloud, home: Home, resource: Resource, *, new: bool) -> dict[str, Any]:
    """The configuration item of a resource as it is."""
    now = cloud.clock.now()
    made = {
        "version": "1.3",
        "accountId": home.account,
        "configurationItemCaptureTime": now,
        "configurationItemStatus": "ResourceDiscovered" if new else "OK",
        "configurationStateId": str(int(now * 1000)),
        "configurationItemMD5Hash": "",
        "arn": resource.arn,
        "resourceType": resource.type,
        "resourceId": resource.id,
        "resourceName": resource.name,
        "awsRegion": resource.region,
        "availabilityZone": "Not Applicable",
        "tags": resource.tags,
        "relatedEvents": [],
        "relationships": list(resource.relationships),
        "configuration": resource.configuration,
        "supplementaryConfiguration": resource.supplementary,
    }
    if resource.created is not None:
        made["resourceCreationTime"] = resource.created
    return made


def _deleted(cloud: Cloud, newest: dict[str, Any]) -> dict[str, Any]:
    now = cloud.clock.now()
    gone: dict[str, Any] = {"configuration": None, "supplementaryConfiguration": {}, "tags": {}, "relationships": []}
    times = {"configurationItemCaptureTime": now, "configurationStateId": str(int(now * 1000))}
    return {**newest, **gone, **times, "configurationItemStatus": "ResourceDeleted"}


def _record(cloud: Cloud, home: Home, recorded: dict[str, Any]) -> None:
    key = f"{recorded['resourceType']}|{recorded['resourceId']}"
    home.items.setdefault(key, []).append(recorded)
    for rule in home.rules.values():
        if hears_of(rule, recorded):
            cloud.jobs.append(Evaluation(cloud, home.account, home.region, rule.name, recorded))

"""Functions, in the form of the configuration item of AWS::Lambda::Function.

It has no code-signing configuration: attaching one changes no item, as with AWS.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from orgctl.sandbox.lambda_state import Function
from orgctl.sandbox.lambdas import archives
from orgctl.sandbox.recording.resource import Resource
from orgctl.sandbox.state import Cloud

TYPE = "AWS::Lambda::Function"


def functions(cloud: Cloud, account: str, region: str) -> Iterator[Resource]:
    """The functions of an account and region."""
    for function in cloud.lambdas.functions.values():
        if (function.account, function.region) == (account, region):
            yield _resource(cloud, function)


def _resource(cloud: Cloud, function: Function) -> Resource:
    role = function.settings["Role"]
    related = {"resourceType": "AWS::IAM::Role", "resourceName": role.rsplit("/", 1)[-1]}
    return Resource(
        type=TYPE,
        id=function.name,
        name=function.name,
        arn=function.arn,
        region=function.region,
        configuration=_configuration(cloud, function),
        created=None,
        tags=dict(function.tags),
        supplementary=_supplementary(function),
        relationships=({**related, "relationshipName": "Is associated with "},),
    )


def _configuration(cloud: Cloud, function: Function) -> dict[str, Any]:
    settings = function.settings
    facts = {"CodeSize": 0, "CodeSha256": ""} if function.image else archives.facts(function.code)
    configuration: dict[str, Any] = {
        "functionName": function.name,
        "functionArn": function.arn,
        "runtime": settings.get("Runtime"),
        "role": settings["Role"],
        "handler": settings.get("Handler"),
        "codeSize": facts["CodeSize"],
        "description": settings["Description"],
        "timeout": settings["Timeout"],
        "memorySize": settings["MemorySize"],
        "lastModified": function.modified,
        "codeSha256": facts["CodeSha256"],
        "version": "$LATEST",
        "tracingConfig": {"mode": settings["TracingConfig"]["Mode"]},
        "revisionId": function.revision,
        "layers": [{"arn": arn, "codeSize": _layer_size(cloud, arn)} for arn in settings.get("Layers", ())],
        "state": "Active",
        "lastUpdateStatus": "Successful",
        "fileSystemConfigs": [],
        "packageType": settings["PackageType"],
        "architectures": settings["Architectures"],
        "ephemeralStorage": {"size": settings["EphemeralStorage"]["Size"]},
        "snapStart": {"applyOn": settings["SnapStart"]["ApplyOn"], "optimizationStatus": "Off"},
        "loggingConfig": {"logFormat": "Text", "logGroup": f"/aws/lambda/{function.name}"},
    }
    if variables := settings.get("Environment", {}).get("Variables"):
        configuration["environment"] = {"variables": variables}
    if function.signed_by is not None:
        job = function.signed_by.replace("/signing-profiles/", "/signing-jobs/")
        configuration |= {"signingProfileVersionArn": function.signed_by, "signingJobArn": job}
    return {key: value for key, value in configuration.items() if value is not None}


def _layer_size(cloud: Cloud, arn: str) -> int:
    name, _, number = arn.rpartition(":")
    layer = cloud.lambdas.layers.get(name)
    version = layer.versions.get(number) if layer else None
    return len(archives.unpacked(version.content)) if version else 0


def _supplementary(function: Function) -> dict[str, Any]:
    supplementary: dict[str, Any] = {"Tags": dict(function.tags)}
    if function.statements:
        document = {"Version": "2012-10-17", "Id": "default", "Statement": function.statements}
        supplementary["Policy"] = json.dumps(json.dumps(document, separators=(",", ":")))
    if function.concurrency is not None:
        supplementary["Concurrency"] = {"reservedConcurrentExecutions": function.concurrency}
    return supplementary

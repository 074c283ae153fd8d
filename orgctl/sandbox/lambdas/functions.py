"""Functions: created, read, changed, deleted."""

from __future__ import annotations

import re
from typing import Any

from orgctl.sandbox import moto_services
from orgctl.sandbox.lambda_state import Function
from orgctl.sandbox.lambdas import archives, find
from orgctl.sandbox.lambdas.registry import operation
from orgctl.sandbox.lambdas.signing import check_signature
from orgctl.sandbox.messages import RefusalError
from orgctl.sandbox.operations import Access, Call, Members, Parameters
from orgctl.sandbox.pending import Pending
from orgctl.sandbox.permissions import trusts_service

_CHOSEN = frozenset(
    {
        *(
            "Role",
            "Handler",
            "Runtime",
            "Description",
            "Timeout",
            "MemorySize",
            "Environment",
            "KMSKeyArn",
            "VpcConfig",
        ),
        *("TracingConfig", "Layers", "DeadLetterConfig", "EphemeralStorage", "LoggingConfig", "SnapStart"),
    }
)
_DEFAULTS = {
    "Description": "",
    "Timeout": 3,
    "MemorySize": 128,
    "TracingConfig": {"Mode": "PassThrough"},
    "EphemeralStorage": {"Size": 512},
    "SnapStart": {"ApplyOn": "None"},
}
_LAYERS = 5
_ENVIRONMENT = 4096
_ROLE = re.compile(r"arn:aws[a-z-]*:iam::(\d{12}):role/(?:.*/)?([^/]+)")


@operation("CreateFunction", Access.ANYBODY)
def create_function(call: Call, params: Parameters) -> Members:
    """A new function, Pending until its delay is over."""
    arn, package = find.function_arn(call, params["FunctionName"]), params.get("PackageType", "Zip")
    name = arn.rsplit(":", 1)[-1]
    if arn in call.cloud.lambdas.functions:
        raise RefusalError("ResourceConflictException", f"Function already exist: {name}", Type="User")
    settings = {**_DEFAULTS, **_chosen(params), "PackageType": package}
    settings["Architectures"] = params.get("Architectures", ["x86_64"])
    _check(call, settings)
    code = archives.content(params["Code"]) if package == "Zip" else ""
    now = call.now
    made = Function(call.caller, call.region, name, settings, code, find.stamp(now), find.revision(), now)
    made.image, made.tags = params["Code"].get("ImageUri"), dict(params.get("Tags", {}))
    if package == "Image" and made.image is None:
        raise find.invalid("Please provide ImageUri when packageType is Image.")
    check_signature(call, made, code, params.get("CodeSigningConfigArn"))
    made.pending = Pending.after(call.cloud.settings.delays.function, call.cloud.clock)
    call.cloud.lambdas.functions[arn] = made
    return configuration(call, made)


@operation("UpdateFunctionConfiguration", Access.ANYBODY)
def update_configuration(call: Call, params: Parameters) -> Members:
    """New settings; what is not named stays."""
    found = _changeable(call, params)
    settings = {**found.settings, **_chosen(params)}
    _check(call, settings)
    found.settings = settings
    return _changed(call, found)


@operation("UpdateFunctionCode", Access.ANYBODY)
def update_code(call: Call, params: Parameters) -> Members:
    """New code, checked against the function's code-signing configuration."""
    found = _changeable(call, params)
    if found.settings["PackageType"] == "Image":
        found.image = params.get("ImageUri", found.image)
        return _changed(call, found)
    code = archives.content(params)
    check_signature(call, found, code, found.signing)
    if params.get("DryRun"):
        return configuration(call, found)
    found.code = code
    if "Architectures" in params:
        found.settings["Architectures"] = params["Architectures"]
    return _changed(call, found)


@operation("DeleteFunction", Access.ANYBODY)
def delete_function(call: Call, params: Parameters) -> Members:
    """Gone."""
    del call.cloud.lambdas.functions[find.function(call, params["FunctionName"]).arn]
    return {}


@operation("GetFunction", Access.ANYBODY)
def get_function(call: Call, params: Parameters) -> Members:
    """The configuration, where the code is, tags and concurrency."""
    found = find.function(call, params["FunctionName"])
    _settle(call, found)
    code: Members = {"RepositoryType": "S3", "Location": f"https://sandbox.invalid/{found.name}.zip"}
    if found.image is not None:
        code = {"RepositoryType": "ECR", "ImageUri": found.image, "ResolvedImageUri": found.image}
    answer: Members = {"Configuration": configuration(call, found), "Code": code}
    if found.tags:
        answer["Tags"] = found.tags
    if found.concurrency is not None:
        answer["Concurrency"] = {"ReservedConcurrentExecutions": found.concurrency}
    return answer


@operation("GetFunctionConfiguration", Access.ANYBODY)
def get_configuration(call: Call, params: Parameters) -> Members:
    """The configuration alone."""
    found = find.function(call, params["FunctionName"])
    _settle(call, found)
    return configuration(call, found)


@operation("ListFunctions", Access.ANYBODY)
def list_functions(call: Call, params: Parameters) -> Members:
    """The functions of this account and region, without their states."""
    found = [f for f in call.cloud.lambdas.functions.values() if (f.account, f.region) == (call.caller, call.region)]
    return find.listed(params, "Functions", [_plain(call, function) for function in found])


def configuration(call: Call, function: Function) -> Members:
    """`FunctionConfiguration`, with the state that the function is in."""
    under_way = function.pending is not None
    return {
        **_plain(call, function),
        "State": "Pending" if under_way and function.fresh else "Active",
        "LastUpdateStatus": "InProgress" if under_way else "Successful",
    }


def _plain(call: Call, function: Function) -> Members:
    settings = {key: value for key, value in function.settings.items() if key not in ("Layers", "VpcConfig")}
    facts = {"CodeSize": 0, "CodeSha256": "0" * 64} if function.image else archives.facts(function.code)
    answer: Members = {
        "FunctionName": function.name,
        "FunctionArn": function.arn,
        "Version": "$LATEST",
        "LastModified": function.modified,
        "RevisionId": function.revision,
        "LoggingConfig": {"LogFormat": "Text", "LogGroup": f"/aws/lambda/{function.name}"},
        **facts,
        **settings,
    }
    if layers := function.settings.get("Layers"):
        answer["Layers"] = [{"Arn": arn, "CodeSize": _layer_size(call, arn)} for arn in layers]
    if function.signed_by is not None:
        answer["SigningProfileVersionArn"] = function.signed_by
    return answer


def _layer_size(call: Call, arn: str) -> int:
    found = find.layer_version(call, arn)
    return len(archives.unpacked(found[1].content)) if found else 0


def _chosen(params: Parameters) -> dict[str, Any]:
    return {key: value for key, value in params.items() if key in _CHOSEN and value is not None}


def _changeable(call: Call, params: Parameters) -> Function:
    found = find.function(call, params["FunctionName"])
    if params.get("RevisionId") not in (None, found.revision):
        raise RefusalError("PreconditionFailedException", "The Revision Id provided does not match.", Type="User")
    if found.pending is not None and not found.pending.poll(call.cloud.clock):
        message = "The operation cannot be performed at this time. An update is in progress for resource"
        raise RefusalError("ResourceConflictException", f"{message}: {found.arn}", Type="User")
    return found


def _changed(call: Call, function: Function) -> Members:
    function.modified, function.revision, function.fresh = find.stamp(call.now), find.revision(), False
    function.pending = Pending.after(call.cloud.settings.delays.function, call.cloud.clock)
    return configuration(call, function)


def _settle(call: Call, function: Function) -> None:
    if function.pending is not None and function.pending.poll(call.cloud.clock):
        function.pending = None


def _check(call: Call, settings: dict[str, Any]) -> None:
    """Raise what AWS refuses in a function's settings."""
    if settings["PackageType"] == "Image":
        if settings.get("Layers"):
            raise find.invalid("Please don't provide layers when PackageType is Image.")
    elif "Handler" not in settings or "Runtime" not in settings:
        raise find.invalid(
            "Runtime and Handler are mandatory parameters for functions created with deployment packages."
        )
    variables = settings.get("Environment", {}).get("Variables", {})
    if sum(len(key) + len(value) for key, value in variables.items()) > _ENVIRONMENT:
        raise find.invalid("Lambda was unable to configure your environment variables: they exceed the 4KB limit.")
    _check_role(settings["Role"])
    _check_layers(call, settings.get("Layers", []))


def _check_role(arn: str) -> None:
    found = _ROLE.fullmatch(arn)
    trust = moto_services.role_trust(*found.groups()) if found else None
    if trust is None or not trusts_service(trust, "lambda.amazonaws.com"):
        raise find.invalid("The role defined for the function cannot be assumed by Lambda.")


def _check_layers(call: Call, layers: list[str]) -> None:
    if len(layers) > _LAYERS:
        raise find.invalid("Cannot reference more than 5 layers.")
    names = [arn.rsplit(":", 1)[0] for arn in layers]
    if len(set(names)) != len(names):
        raise find.invalid(
            "Two different versions of the same layer are not allowed to be referenced in the same function."
        )
    for arn in layers:
        if arn.split(":")[3] != call.region:
            raise find.invalid(f"Layer {arn} is not in the region {call.region}.")
        found = find.layer_version(call, arn)
        shared = found is not None and _may_read(call, found[0].account, found[1].statements)
        if found is None and arn.split(":")[4] == call.caller:
            raise find.invalid(f"Layer version {arn} does not exist.")
        if not shared:
            raise find.invalid(f"User is not authorized to perform: lambda:GetLayerVersion on resource: {arn}")


def _may_read(call: Call, owner: str, statements: list[dict[str, Any]]) -> bool:
    """Whether a layer version's policy lets the caller's account use it."""
    organization = call.cloud.organization
    inside = organization is not None and call.caller in organization.accounts
    for statement in statements:
        wanted = statement.get("Condition", {}).get("StringEquals", {}).get("aws:PrincipalOrgID")
        who = statement["Principal"]
        everybody = who == "*"
        named = isinstance(who, dict) and call.caller in str(who.get("AWS"))
        if (everybody or named) and (wanted is None or (inside and organization and wanted == organization.id)):
            return True
    return owner == call.caller

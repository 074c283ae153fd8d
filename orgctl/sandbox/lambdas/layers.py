"""Layers and their versions, and who may use them."""

from __future__ import annotations

import json

from orgctl.sandbox.lambda_state import Layer, LayerVersion
from orgctl.sandbox.lambdas import archives, find
from orgctl.sandbox.lambdas.registry import operation
from orgctl.sandbox.messages import RefusalError
from orgctl.sandbox.operations import Access, Call, Members, Parameters

_KEPT = ("Description", "CompatibleRuntimes", "CompatibleArchitectures", "LicenseInfo")


@operation("PublishLayerVersion", Access.ANYBODY)
def publish(call: Call, params: Parameters) -> Members:
    """The next version of a layer; the first makes the layer."""
    layer = find.layer(call, params["LayerName"]) or Layer(call.caller, call.region, params["LayerName"])
    content = archives.content(params["Content"])
    call.cloud.lambdas.layers[layer.arn] = layer
    layer.last += 1
    settings = {key: params[key] for key in _KEPT if key in params}
    version = LayerVersion(layer.last, content, find.stamp(call.now), settings)
    layer.versions[str(layer.last)] = version
    return _view(layer, version)


@operation("GetLayerVersion", Access.ANYBODY)
def get_version(call: Call, params: Parameters) -> Members:
    """One version of a layer."""
    return _view(*_version(call, params))


@operation("GetLayerVersionByArn", Access.ANYBODY)
def get_version_by_arn(call: Call, params: Parameters) -> Members:
    """One version of a layer, by its ARN."""
    found = find.layer_version(call, params["Arn"])
    if found is None:
        raise find.missing("The resource you requested does not exist.")
    return _view(*found)


@operation("ListLayers", Access.ANYBODY)
def list_layers(call: Call, params: Parameters) -> Members:
    """The caller's layers with a version left, each with its newest."""
    mine = [la for la in call.cloud.lambdas.layers.values() if (la.account, la.region) == (call.caller, call.region)]
    shown = [
        {"LayerName": la.name, "LayerArn": la.arn, "LatestMatchingVersion": _item(la, list(la.versions.values())[-1])}
        for la in mine
        if la.versions
    ]
    return find.listed(params, "Layers", shown)


@operation("ListLayerVersions", Access.ANYBODY)
def list_versions(call: Call, params: Parameters) -> Members:
    """The versions of a layer, the newest first."""
    layer = find.layer(call, params["LayerName"])
    versions = reversed(layer.versions.values()) if layer else ()
    return find.listed(params, "LayerVersions", [_item(layer, version) for version in versions if layer])


@operation("DeleteLayerVersion", Access.ANYBODY)
def delete_version(call: Call, params: Parameters) -> None:
    """Gone for new functions; deleting what is not there is no error."""
    layer = find.layer(call, params["LayerName"])
    if layer is not None:
        layer.versions.pop(str(params["VersionNumber"]), None)


@operation("AddLayerVersionPermission", Access.ANYBODY)
def add_permission(call: Call, params: Parameters) -> Members:
    """Let an account, an organization or everybody use a version."""
    layer, version = _version(call, params)
    if any(statement["Sid"] == params["StatementId"] for statement in version.statements):
        message = f"The statement id ({params['StatementId']}) provided already exists."
        raise RefusalError("ResourceConflictException", message, Type="User")
    who = params["Principal"]
    arn = who if who.startswith("arn:") else f"arn:aws:iam::{who}:root"
    statement = {
        "Sid": params["StatementId"],
        "Effect": "Allow",
        "Principal": "*" if who == "*" else {"AWS": arn},
        "Action": params["Action"],
        "Resource": f"{layer.arn}:{version.number}",
    }
    if "OrganizationId" in params:
        statement["Condition"] = {"StringEquals": {"aws:PrincipalOrgID": params["OrganizationId"]}}
    version.statements.append(statement)
    return {"Statement": json.dumps(statement), "RevisionId": find.revision()}


@operation("GetLayerVersionPolicy", Access.ANYBODY)
def get_policy(call: Call, params: Parameters) -> Members:
    """Who may use a version."""
    _, version = _version(call, params)
    if not version.statements:
        raise find.missing("No policy is associated with the given resource.")
    policy = {"Version": "2012-10-17", "Id": "default", "Statement": version.statements}
    return {"Policy": json.dumps(policy), "RevisionId": find.revision()}


@operation("RemoveLayerVersionPermission", Access.ANYBODY)
def remove_permission(call: Call, params: Parameters) -> None:
    """Take one statement away."""
    _, version = _version(call, params)
    kept = [statement for statement in version.statements if statement["Sid"] != params["StatementId"]]
    if len(kept) == len(version.statements):
        raise find.missing(f"Statement {params['StatementId']} is not found in resource policy.")
    version.statements = kept


def _version(call: Call, params: Parameters) -> tuple[Layer, LayerVersion]:
    layer = find.layer(call, params["LayerName"])
    version = layer.versions.get(str(params["VersionNumber"])) if layer else None
    if layer is None or version is None:
        raise find.missing("The resource you requested does not exist.")
    return layer, version


def _item(layer: Layer | None, version: LayerVersion) -> Members:
    arn = layer.arn if layer else ""
    named = {"LayerVersionArn": f"{arn}:{version.number}", "Version": version.number}
    return {**named, "CreatedDate": version.created, **version.settings}


def _view(layer: Layer, version: LayerVersion) -> Members:
    content = {"Location": "https://sandbox.invalid/layer.zip", **archives.facts(version.content)}
    return {"Content": content, "LayerArn": layer.arn, **_item(layer, version)}

"""Code signing: configurations, which function has one, and what it refuses."""

from __future__ import annotations

from orgctl.sandbox.lambda_state import Function, SigningConfig
from orgctl.sandbox.lambdas import archives, find
from orgctl.sandbox.lambdas.registry import operation
from orgctl.sandbox.messages import RefusalError
from orgctl.sandbox.operations import Access, Call, Members, Parameters


@operation("CreateCodeSigningConfig", Access.ANYBODY)
def create(call: Call, params: Parameters) -> Members:
    """A configuration; its policy is Warn unless it says otherwise."""
    identity = call.cloud.ids.prefixed("csc", 17)
    arn = f"arn:aws:lambda:{call.region}:{call.caller}:code-signing-config:{identity}"
    settings = {
        "CodeSigningConfigId": identity,
        "CodeSigningConfigArn": arn,
        "Description": params.get("Description", ""),
        "AllowedPublishers": params["AllowedPublishers"],
        "CodeSigningPolicies": params.get("CodeSigningPolicies", {"UntrustedArtifactOnDeployment": "Warn"}),
        "LastModified": find.stamp(call.now),
    }
    tags = dict(params.get("Tags", {}))
    call.cloud.lambdas.signing[arn] = SigningConfig(call.caller, call.region, settings, tags)
    return {"CodeSigningConfig": settings}


@operation("GetCodeSigningConfig", Access.ANYBODY)
def get(call: Call, params: Parameters) -> Members:
    """One configuration."""
    return {"CodeSigningConfig": _config(call, params["CodeSigningConfigArn"]).settings}


@operation("UpdateCodeSigningConfig", Access.ANYBODY)
def update(call: Call, params: Parameters) -> Members:
    """New publishers, policy or description; what is not named stays."""
    config = _config(call, params["CodeSigningConfigArn"])
    changes = {k: params[k] for k in ("Description", "AllowedPublishers", "CodeSigningPolicies") if k in params}
    config.settings = {**config.settings, **changes, "LastModified": find.stamp(call.now)}
    return {"CodeSigningConfig": config.settings}


@operation("DeleteCodeSigningConfig", Access.ANYBODY)
def delete(call: Call, params: Parameters) -> Members:
    """Gone; refused while a function has it."""
    arn = params["CodeSigningConfigArn"]
    _config(call, arn)
    if any(function.signing == arn for function in call.cloud.lambdas.functions.values()):
        message = "The code signing configuration is used by functions."
        raise RefusalError("ResourceConflictException", message, Type="User")
    del call.cloud.lambdas.signing[arn]
    return {}


@operation("ListCodeSigningConfigs", Access.ANYBODY)
def list_configs(call: Call, params: Parameters) -> Members:
    """The caller's configurations."""
    where = (call.caller, call.region)
    mine = [c.settings for c in call.cloud.lambdas.signing.values() if (c.account, c.region) == where]
    return find.listed(params, "CodeSigningConfigs", mine)


@operation("ListFunctionsByCodeSigningConfig", Access.ANYBODY)
def list_functions(call: Call, params: Parameters) -> Members:
    """The functions that have a configuration."""
    arn = params["CodeSigningConfigArn"]
    _config(call, arn)
    found = [function.arn for function in call.cloud.lambdas.functions.values() if function.signing == arn]
    return find.listed(params, "FunctionArns", found)


@operation("PutFunctionCodeSigningConfig", Access.ANYBODY)
def put(call: Call, params: Parameters) -> Members:
    """Attach one to a function. Code that is there already is not looked at."""
    function, arn = find.function(call, params["FunctionName"]), params["CodeSigningConfigArn"]
    _required(call, arn)
    function.signing = arn
    return {"FunctionName": function.name, "CodeSigningConfigArn": arn}


@operation("GetFunctionCodeSigningConfig", Access.ANYBODY)
def get_of_function(call: Call, params: Parameters) -> Members:
    """The one of a function; without one AWS leaves the ARN out, though the model requires it."""
    function = find.function(call, params["FunctionName"])
    attached = {"CodeSigningConfigArn": function.signing} if function.signing else {}
    return {"FunctionName": function.name, **attached}


@operation("DeleteFunctionCodeSigningConfig", Access.ANYBODY)
def delete_of_function(call: Call, params: Parameters) -> None:
    """Detach it."""
    find.function(call, params["FunctionName"]).signing = None


def check_signature(call: Call, function: Function, code: str, config: str | None) -> None:
    """Take note of who signed the code, and raise AWS's refusal of unsigned code where the policy is Enforce."""
    function.signing = config
    settings = _required(call, config).settings if config else None
    signed = bool(code) and archives.is_signed(code)
    publishers = settings["AllowedPublishers"]["SigningProfileVersionArns"] if settings else [None]
    function.signed_by = publishers[0] if signed else None
    enforced = settings and settings["CodeSigningPolicies"]["UntrustedArtifactOnDeployment"] == "Enforce"
    if code and enforced and not signed:
        message = "Lambda cannot deploy the function. The function or layer might be signed using a signature that the"
        raise RefusalError(
            "CodeVerificationFailedException", f"{message} client is not configured to accept.", Type="User"
        )


def _config(call: Call, arn: str) -> SigningConfig:
    found = call.cloud.lambdas.signing.get(arn)
    if found is None or found.account != call.caller:
        raise find.missing("The code signing configuration cannot be found.")
    return found


def _required(call: Call, arn: str) -> SigningConfig:
    found = call.cloud.lambdas.signing.get(arn)
    if found is None or (found.account, found.region) != (call.caller, call.region):
        message = "The code signing configuration cannot be found."
        raise RefusalError("CodeSigningConfigNotFoundException", message, Type="User")
    return found

"""What a name or ARN means in Lambda, or AWS's refusal that there is no such thing; and what its answers share."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from orgctl.sandbox.lambda_state import Function, Layer, LayerVersion
from orgctl.sandbox.messages import RefusalError
from orgctl.sandbox.operations import Call, Members, Parameters

_FUNCTION = re.compile(
    r"(?:arn:[^:]+:lambda:(?P<region>[^:]+):)?(?:(?P<account>\d{12}):)?(?:function:)?(?P<name>[^:]+)(?::(?P<version>.+))?"
)
_LAYER = re.compile(r"arn:[^:]+:lambda:([^:]+):(\d{12}):layer:([^:]+)(?::(\d+))?")


def missing(what: str) -> RefusalError:
    """Lambda's ResourceNotFoundException."""
    return RefusalError("ResourceNotFoundException", what, Type="User")


def invalid(message: str) -> RefusalError:
    """Lambda's InvalidParameterValueException."""
    return RefusalError("InvalidParameterValueException", message, Type="User")


def function_arn(call: Call, name: str) -> str:
    """The ARN of what a function's name, partial ARN or ARN names. Raises what AWS raises on another region's."""
    found = _FUNCTION.fullmatch(name)
    if found is None:
        raise invalid(f"Value '{name}' at 'functionName' failed to satisfy constraint.")
    if found["version"] not in (None, "$LATEST"):
        raise missing(f"Function not found: {name}")
    region, account = found["region"] or call.region, found["account"] or call.caller
    if region != call.region:
        raise missing(f"Functions from '{region}' are not reachable in this region ('{call.region}')")
    return f"arn:aws:lambda:{region}:{account}:function:{found['name']}"


def function(call: Call, name: str) -> Function:
    """A function of the caller's account."""
    arn = function_arn(call, name)
    found = call.cloud.lambdas.functions.get(arn)
    if found is None or found.account != call.caller:
        raise missing(f"Function not found: {arn}")
    return found


def layer(call: Call, name: str) -> Layer | None:
    """A layer of the caller's by name, or any by ARN; None if there is none."""
    arn = name if name.startswith("arn:") else f"arn:aws:lambda:{call.region}:{call.caller}:layer:{name}"
    return call.cloud.lambdas.layers.get(":".join(arn.split(":")[:7]))


def layer_version(call: Call, arn: str) -> tuple[Layer, LayerVersion] | None:
    """The layer and version that a version's ARN names."""
    found = _LAYER.fullmatch(arn)
    owner = layer(call, arn) if found else None
    if found is None or owner is None or found[4] not in owner.versions:
        return None
    return owner, owner.versions[found[4]]


def stamp(now: float) -> str:
    """A time as Lambda writes it: `2026-11-03T09:41:00.000+0000`."""
    return datetime.fromtimestamp(now, UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "+0000"


def revision() -> str:
    """A new revision id."""
    return str(uuid4())


def listed(params: Parameters, key: str, items: Sequence[Any]) -> Members:
    """One page of a list: `Marker` is the number of the first item, `MaxItems` at most 50."""
    start, size = int(params.get("Marker") or 0), min(params.get("MaxItems") or 50, 50)
    more = {"NextMarker": str(start + size)} if start + size < len(items) else {}
    return {key: list(items[start : start + size]), **more}

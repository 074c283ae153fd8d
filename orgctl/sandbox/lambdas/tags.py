"""Tags of functions and code-signing configurations."""

from __future__ import annotations

from orgctl.sandbox.lambdas import find
from orgctl.sandbox.lambdas.registry import operation
from orgctl.sandbox.operations import Access, Call, Members, Parameters


@operation("TagResource", Access.ANYBODY)
def tag(call: Call, params: Parameters) -> None:
    """Add tags, or replace their values."""
    tags = _tags(call, params["Resource"])
    if len({**tags, **params["Tags"]}) > (call.quota("tags") or 50):
        raise find.invalid("A resource has at most 50 tags.")
    tags.update(params["Tags"])


@operation("UntagResource", Access.ANYBODY)
def untag(call: Call, params: Parameters) -> None:
    """Take tags away."""
    tags = _tags(call, params["Resource"])
    for key in params["TagKeys"]:
        tags.pop(key, None)


@operation("ListTags", Access.ANYBODY)
def list_tags(call: Call, params: Parameters) -> Members:
    """The tags."""
    return {"Tags": _tags(call, params["Resource"])}


def _tags(call: Call, arn: str) -> dict[str, str]:
    lambdas = call.cloud.lambdas
    found = lambdas.functions.get(arn) or lambdas.signing.get(arn)
    if found is None or found.account != call.caller:
        raise find.missing(f"Resource not found: {arn}")
    return found.tags

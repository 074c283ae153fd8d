"""Who may have StackSets of the organization, and which one is meant."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from orgctl.sandbox.messages import RefusalError
from orgctl.sandbox.operations import Call, Members, Parameters
from orgctl.sandbox.stack_state import StackSet
from orgctl.sandbox.state import Organization

SERVICE = "member.org.stacksets.cloudformation.amazonaws.com"
T = TypeVar("T")


def invalid(message: str) -> RefusalError:
    """CloudFormation's ValidationError."""
    return RefusalError("ValidationError", message)


def organization(call: Call, params: Parameters) -> Organization:
    """The organization, if the caller acts for it. Raises what AWS raises."""
    found = call.cloud.organization
    if found is None or SERVICE not in found.trusted:
        raise invalid("You must enable organizations access to operate a service managed stack set")
    delegated = call.caller in found.delegated.get(SERVICE, ())
    wanted = params.get("CallAs", "SELF")
    if (wanted == "SELF" and call.caller != found.management) or (wanted == "DELEGATED_ADMIN" and not delegated):
        raise invalid("You must be the management account or delegated admin account of an organization")
    return found


def stack_set(call: Call, params: Parameters) -> StackSet:
    """The StackSet of that name (or id), which belongs to the management account, whoever acts."""
    owner = organization(call, params).management
    name = params["StackSetName"]
    for found in call.cloud.stack_sets.values():
        if name in (found.name, found.id) and (found.owner, found.region) == (owner, call.region):
            return found
    raise RefusalError("StackSetNotFoundException", f"StackSet {name} not found")


def tags_of(given: Sequence[dict[str, Any]] | None) -> dict[str, str]:
    """The tags of a request."""
    return {tag["Key"]: tag["Value"] for tag in given or ()}


def page(params: Parameters, items: Sequence[T], shown: Callable[[T], Members]) -> Members:
    """`Summaries`, at most a hundred a page."""
    start, size = int(params.get("NextToken") or 0), params.get("MaxResults") or 100
    more = {"NextToken": str(start + size)} if start + size < len(items) else {}
    return {"Summaries": [shown(item) for item in items[start : start + size]], **more}

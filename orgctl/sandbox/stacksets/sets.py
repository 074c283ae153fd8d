"""StackSets: created, changed, deleted; and trusted access for them."""

from __future__ import annotations

from orgctl.errors import InvalidInputError
from orgctl.sandbox.messages import RefusalError
from orgctl.sandbox.operations import Access, Call, Members, Parameters
from orgctl.sandbox.pending import Pending
from orgctl.sandbox.stack_state import Operation, StackSet
from orgctl.sandbox.stacksets import find, targets
from orgctl.sandbox.stacksets.deployment import checked
from orgctl.sandbox.stacksets.registry import operation


@operation("ActivateOrganizationsAccess", Access.ANYBODY)
def activate(call: Call, params: Parameters) -> Members:
    """Trusted access for StackSets, by the management account."""
    organization = call.cloud.organization
    if organization is None or call.caller != organization.management or organization.features != "ALL":
        message = "You must be the management account of an organization with all features."
        raise RefusalError("InvalidOperationException", message)
    organization.trusted.setdefault(find.SERVICE, call.now)
    return {}


@operation("DescribeOrganizationsAccess", Access.ANYBODY)
def describe_access(call: Call, params: Parameters) -> Members:
    """Whether there is trusted access."""
    organization = call.cloud.organization
    return {"Status": "ENABLED" if organization and find.SERVICE in organization.trusted else "DISABLED"}


@operation("CreateStackSet", Access.ANYBODY)
def create(call: Call, params: Parameters) -> Members:
    """A StackSet without instances."""
    if params.get("PermissionModel") != "SERVICE_MANAGED":
        raise find.invalid("The sandbox has service managed stack sets only: PermissionModel=SERVICE_MANAGED.")
    organization, name = find.organization(call, params), params["StackSetName"]
    if "AutoDeployment" not in params:
        raise find.invalid("You must specify AutoDeployment for a service managed stack set")
    if f"{call.region}/{name}" in call.cloud.stack_sets:
        raise RefusalError("NameAlreadyExistsException", f"StackSet {name} already exists.")
    made = StackSet(
        name,
        f"{name}:{call.cloud.ids.uuid()}",
        organization.management,
        call.region,
        _template(params),
        _parameters(params),
        list(params.get("Capabilities") or ()),
        dict(params["AutoDeployment"]),
        params.get("Description"),
        find.tags_of(params.get("Tags")),
    )
    _check(made)
    call.cloud.stack_sets[f"{call.region}/{name}"] = made
    return {"StackSetId": made.id}


@operation("UpdateStackSet", Access.ANYBODY)
def update(call: Call, params: Parameters) -> Members:
    """A new template, parameters or tags, brought into all instances by an operation."""
    found = find.stack_set(call, params)
    targets.refuse_busy(found)
    before = (found.template, found.parameters, found.capabilities)
    if not params.get("UsePreviousTemplate"):
        found.template = _template(params)
    found.parameters = _parameters(params) or found.parameters
    found.capabilities = list(params.get("Capabilities") or ())
    try:
        _check(found)
    except RefusalError:
        found.template, found.parameters, found.capabilities = before
        raise
    found.automatic = dict(params.get("AutoDeployment") or found.automatic)
    found.description = params.get("Description", found.description)
    if "Tags" in params:
        found.tags = find.tags_of(params["Tags"])
    for instance in found.instances.values():
        instance.status, instance.detail = "OUTDATED", "PENDING"
    return {"OperationId": begun(call, found, "UPDATE", list(found.instances), params).id}


@operation("DeleteStackSet", Access.ANYBODY)
def delete(call: Call, params: Parameters) -> Members:
    """Gone; refused while it has instances. What is not there is no error."""
    try:
        found = find.stack_set(call, params)
    except RefusalError as refusal:
        if refusal.code != "StackSetNotFoundException":
            raise
        return {}
    targets.settle(call.cloud, found)
    targets.refuse_busy(found)
    if found.instances:
        raise RefusalError("StackSetNotEmptyException", "StackSet is not empty")
    del call.cloud.stack_sets[f"{found.region}/{found.name}"]
    return {}


def begun(call: Call, stack_set: StackSet, action: str, instances: list[str], params: Parameters) -> Operation:
    """An operation on its way."""
    identity = params.get("OperationId") or call.cloud.ids.uuid()
    made = Operation(identity, action, call.now, instances, retain=bool(params.get("RetainStacks")))
    made.pending = Pending.after(call.cloud.settings.delays.stack_set, call.cloud.clock)
    stack_set.operations[identity] = made
    return made


def _template(params: Parameters) -> str:
    if "TemplateBody" not in params:
        raise find.invalid("The sandbox takes templates as TemplateBody only.")
    return str(params["TemplateBody"])


def _parameters(params: Parameters) -> dict[str, str]:
    given = params.get("Parameters") or ()
    return {parameter["ParameterKey"]: parameter.get("ParameterValue", "") for parameter in given}


def _check(stack_set: StackSet) -> None:
    try:
        checked(stack_set.template, stack_set.parameters, stack_set.capabilities)
    except InvalidInputError as problem:
        raise find.invalid(str(problem)) from None

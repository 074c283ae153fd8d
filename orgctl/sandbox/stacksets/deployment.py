"""Stacks: a template brought into an account, changed there, and taken out again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from orgctl.errors import InvalidInputError
from orgctl.sandbox.messages import RefusalError
from orgctl.sandbox.recording.discovery import follow
from orgctl.sandbox.stack_state import Instance, Operation, Resource, StackSet
from orgctl.sandbox.stacksets import iam_resources as iam
from orgctl.sandbox.state import Cloud, State
from orgctl.sandbox.templates.reading import Template, read
from orgctl.sandbox.templates.resolving import Place, parameters, resolved, resources

Wanted = dict[str, tuple[str, dict[str, Any]]]


def checked(text: str, given: Mapping[str, str], capabilities: list[str]) -> Template:
    """The template, if a StackSet may have it. Raises InvalidInputError with what is wrong."""
    template = read(text)
    for name, resource in template.resources.items():
        if resource["Type"] not in iam.TYPES:
            raise InvalidInputError(f"Template error: the sandbox has no resource type {resource['Type']} ({name})")
    parameters(template, given)
    named = any(iam.needs_name(r["Type"], r.get("Properties") or {}) for r in template.resources.values())
    wanted = "CAPABILITY_NAMED_IAM" if named else "CAPABILITY_IAM"
    if wanted not in capabilities and "CAPABILITY_NAMED_IAM" not in capabilities:
        raise InvalidInputError(f"Requires capabilities : [{wanted}]")
    return template


def run(cloud: Cloud, stack_set: StackSet, operation: Operation) -> None:
    """Do an operation: each instance by itself, so that one failure does not hide the others."""
    for key in operation.instances:
        instance = stack_set.instances.get(key)
        if instance is None:
            continue
        result = {"Account": instance.account, "Region": instance.region, "OrganizationalUnitId": instance.unit}
        reason = _done(cloud, stack_set, operation, instance)
        if reason is None and operation.action == "DELETE":
            del stack_set.instances[key]
        operation.results[key] = {**result, "Status": "FAILED" if reason else "SUCCEEDED"}
        if reason:
            operation.results[key]["StatusReason"] = reason
        follow(cloud, instance.account, "iam", instance.region)
    failed = any(result["Status"] == "FAILED" for result in operation.results.values())
    operation.status, operation.ended, operation.pending = "FAILED" if failed else "SUCCEEDED", cloud.clock.now(), None


def _done(cloud: Cloud, stack_set: StackSet, operation: Operation, instance: Instance) -> str | None:
    """Bring one instance to where it ought to be; why it could not be done, or None."""
    account = cloud.account(instance.account)
    if account is None or account.state is not State.ACTIVE:
        instance.detail, instance.reason = "SKIPPED_SUSPENDED_ACCOUNT", "The account is suspended."
        return None
    instance.operation = operation.id
    try:
        if operation.action == "DELETE":
            remove(cloud, instance, retain=operation.retain)
        else:
            deploy(cloud, stack_set, instance)
    except (RefusalError, InvalidInputError) as problem:
        instance.status, instance.detail, instance.reason = "OUTDATED", "FAILED", str(problem)
        return str(problem)
    instance.status, instance.detail, instance.reason = "CURRENT", "SUCCEEDED", None
    return None


def deploy(cloud: Cloud, stack_set: StackSet, instance: Instance) -> None:
    """Make what is new, change what is different, delete what is no longer in the template; or undo what was made.

    Raises RefusalError or InvalidInputError with the first thing that failed.
    """
    wanted = _resolved(stack_set, instance)
    made: list[str] = []
    try:
        for name, (kind, properties) in wanted.items():
            before = instance.resources.get(name)
            if before is not None and iam.replaced(before, properties):
                iam.delete(cloud.backstage, instance.account, before)
                before = None
            if before is None:
                physical = iam.name_of(kind, properties, _generated(stack_set, name))
                made.append(name)
                made_now = iam.create(cloud.backstage, instance.account, kind, physical, properties)
                instance.resources[name] = made_now
            elif before.properties != properties:
                instance.resources[name] = iam.update(cloud.backstage, instance.account, before, properties)
    except RefusalError:
        for name in made:
            if name in instance.resources:
                iam.delete(cloud.backstage, instance.account, instance.resources.pop(name))
        raise
    for name in [known for known in instance.resources if known not in wanted]:
        iam.delete(cloud.backstage, instance.account, instance.resources.pop(name))


def _resolved(stack_set: StackSet, instance: Instance) -> Wanted:
    """The resources for one account: first their names, then all that refers to them; policies before roles."""
    template = read(stack_set.template)
    place = Place(instance.account, instance.region, parameters(template, stack_set.parameters), stack_set.name)
    known: dict[str, str] = {}
    for name, resource in template.resources.items():
        given = resource.get("Properties") or {}
        properties = {key: resolved(template, place, given[key]) for key in iam.NAMING if key in given}
        physical = iam.name_of(resource["Type"], properties, _generated(stack_set, name))
        ref, arn = iam.attributes(instance.account, resource["Type"], physical, properties)
        known |= {name: ref, f"{name}.Arn": arn}
    there = Place(place.account, place.region, place.parameters, place.stack, known)
    found = resources(template, there)
    return dict(sorted(found.items(), key=lambda item: item[1][0] != iam.POLICY))


def _generated(stack_set: StackSet, name: str) -> str:
    return f"StackSet-{stack_set.name}-{name}-{stack_set.id[-8:].upper()}"[:64]


def remove(cloud: Cloud, instance: Instance, *, retain: bool = False) -> None:
    """Take a stack out of its account, or leave its resources there."""
    leaving: list[Resource] = [] if retain else list(instance.resources.values())
    for resource in sorted(leaving, key=lambda found: found.type != iam.ROLE):
        iam.delete(cloud.backstage, instance.account, resource)
    instance.resources.clear()

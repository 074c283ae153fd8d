"""Roles that functions can run as have a permissions boundary."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from rdklib import Evaluation

from organization_rule.arns import Place, arn_like, filled
from organization_rule.entry import Result, handle
from organization_rule.errors import UndecidedError
from organization_rule.items import Item, Waiver, section, tags_of, text
from organization_rule.notice import Event, place_of_item
from organization_rule.parameters import Parameters
from organization_rule.policy_documents import Principal, Statement, statements
from organization_rule.rule import OrganizationRule
from organization_rule.sessions import Clients
from organization_rule.verdicts import compliant, listed, non_compliant, not_applicable

RESOURCE_TYPES = ("AWS::IAM::Role",)

_ASSUME = "sts:AssumeRole"
_SERVICES = ("lambda.amazonaws.com", "edgelambda.amazonaws.com", "lambda.amazonaws.com.cn")
_SERVICE = re.compile(r"(edge)?lambda(\.[a-z0-9-]+)?\.amazonaws\.com(\.cn)?")
_EVERYBODY = (("*", "*"), ("AWS", "*"), ("Service", "*"))


@dataclass(frozen=True, slots=True)
class Wanted:
    """The rule's parameters. `boundaries` are patterns for ARNs of policies; without any, every boundary will do."""

    boundaries: tuple[str, ...]
    waiver: Waiver


class LAMBDA_ROLE_PERMISSIONS_BOUNDARY(OrganizationRule):
    """See README.md beside this file."""

    def evaluate_parameters(self, rule_parameters: Mapping[str, object]) -> Wanted:
        """Raises InvalidParametersError."""
        parameters = Parameters(rule_parameters)
        wanted = Wanted(parameters.arns("ApprovedBoundaries"), Waiver.read(parameters))
        parameters.finish()
        return wanted

    def evaluate_change(
        self, event: Event, client_factory: Clients, configuration_item: Item, valid_rule_parameters: Wanted
    ) -> list[Evaluation]:
        """Look at the role's trust and boundary in the configuration item; nothing else is needed."""
        del client_factory
        return [_judged(configuration_item, place_of_item(event, configuration_item), valid_rule_parameters)]


def _judged(item: Item, place: Place, wanted: Wanted) -> Evaluation:
    role = section(item, "configuration")
    if text(role.get("path")).startswith("/aws-service-role/"):
        return not_applicable("a service-linked role cannot have a permissions boundary")
    if not can_be_lambdas(_trust(role, str(item["resourceId"]))):
        return not_applicable("Lambda cannot assume the role")
    if waived := wanted.waiver.verdict(tags_of(item)):
        return waived
    boundary = text(section(role, "permissionsBoundary").get("permissionsBoundaryArn"))
    approved = listed(filled(pattern, place) for pattern in wanted.boundaries)
    remedy = f"set {approved}" if approved else "set one"
    if not boundary:
        return non_compliant("functions can run as this role, and it has no permissions boundary", remedy)
    if wanted.boundaries and not any(arn_like(pattern, boundary, place) for pattern in wanted.boundaries):
        return non_compliant(f"its permissions boundary `{boundary}` is not an approved one", remedy)
    return compliant()


def _trust(role: Mapping[str, object], name: str) -> tuple[Statement, ...]:
    try:
        return statements(role.get("assumeRolePolicyDocument"))
    except ValueError as error:
        message = f"the trust policy of the role `{name}` cannot be read: {error}"
        raise UndecidedError([message]) from error


def can_be_lambdas(trust: tuple[Statement, ...]) -> bool:
    """Whether Lambda, under any of its names, may assume a role with these statements."""
    named = (value for statement in trust for _, value in statement.principals if _SERVICE.fullmatch(value.lower()))
    return any(_may_assume(service, trust) for service in {*_SERVICES, *named})


def _may_assume(service: str, trust: tuple[Statement, ...]) -> bool:
    """A denial with a condition may not come to pass, so that it takes nothing away."""
    about = [each for each in trust if each.is_about(_ASSUME) and _covers(each, service)]
    denied = any(not each.allows and not each.conditions for each in about)
    return not denied and any(each.allows for each in about)


def _covers(statement: Statement, service: str) -> bool:
    named = any(_is(principal, service) for principal in statement.principals)
    return named is not statement.spares


def _is(principal: Principal, service: str) -> bool:
    return principal in _EVERYBODY or (principal[0] == "Service" and principal[1].lower() == service.lower())


def lambda_handler(event: Event, context: object) -> list[Result]:
    """Called by AWS Config through Lambda."""
    return handle(LAMBDA_ROLE_PERMISSIONS_BOUNDARY(), RESOURCE_TYPES, event, context)

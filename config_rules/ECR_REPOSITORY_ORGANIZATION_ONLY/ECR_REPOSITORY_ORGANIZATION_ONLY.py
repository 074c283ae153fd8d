"""Repositories of container images are shared inside the organization only."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rdklib import Evaluation
from sharing import Circle

from organization_rule.entry import Result, handle
from organization_rule.errors import UndecidedError
from organization_rule.items import Item, Waiver, section, tags_of, text
from organization_rule.notice import Event, place_of_item
from organization_rule.parameters import Parameters
from organization_rule.policy_documents import Principal, Statement, statements
from organization_rule.rule import OrganizationRule
from organization_rule.sessions import Clients
from organization_rule.verdicts import compliant, non_compliant, not_applicable

RESOURCE_TYPES = ("AWS::ECR::Repository",)

_ORGANIZATION = re.compile(r"o-[a-z0-9]{10,32}")
_ACCOUNT = re.compile(r"\d{12}")
_OWN = "ORGCTL_ORGANIZATION_ID"
"""The variable in which the function gets its organization's id."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """The rule's parameters: who may be let in, beside the repository's own account."""

    organization: str
    accounts: tuple[str, ...]
    services: tuple[str, ...]
    waiver: Waiver


class ECR_REPOSITORY_ORGANIZATION_ONLY(OrganizationRule):
    """See README.md beside this file."""

    def evaluate_parameters(self, rule_parameters: Mapping[str, object]) -> Wanted:
        """Raises InvalidParametersError."""
        parameters = Parameters(rule_parameters)
        wanted = Wanted(
            organization=parameters.text("OrganizationId", os.environ.get(_OWN, "")),
            accounts=parameters.texts("TrustedAccounts"),
            services=parameters.texts("TrustedServices"),
            waiver=Waiver.read(parameters),
        )
        if not _ORGANIZATION.fullmatch(wanted.organization):
            parameters.problem("OrganizationId", f"is `{wanted.organization}`, and has to be an id as `o-a1b2c3d4e5`")
        for account in wanted.accounts:
            if not _ACCOUNT.fullmatch(account):
                parameters.problem("TrustedAccounts", f"holds `{account}`, which is no account's number")
        parameters.finish()
        return wanted

    def evaluate_change(
        self, event: Event, client_factory: Clients, configuration_item: Item, valid_rule_parameters: Wanted
    ) -> list[Evaluation]:
        """Look at the policy in the configuration item; if it holds none, ask ECR whether there is none."""
        if waived := valid_rule_parameters.waiver.verdict(tags_of(configuration_item)):
            return [waived]
        found = section(configuration_item, "configuration")
        name = text(found.get("RepositoryName")) or text(configuration_item.get("resourceName"))
        own = place_of_item(event, configuration_item).account
        try:
            document = found.get("RepositoryPolicyText") or _policy(client_factory.build_client("ecr"), own, name)
        except _GoneError:
            return [not_applicable("the repository has been deleted in the meantime")]
        return [_judged(document, own, name, valid_rule_parameters)]


class _GoneError(Exception):
    """The repository is not there any more."""


def _policy(ecr: Any, registry: str, name: str) -> str:
    """The repository's policy; empty if it has none."""
    try:
        found: str = ecr.get_repository_policy(registryId=registry, repositoryName=name)["policyText"]
    except ecr.exceptions.RepositoryPolicyNotFoundException:
        return ""
    except ecr.exceptions.RepositoryNotFoundException:
        raise _GoneError from None
    return found


def _judged(document: object, own: str, name: str, wanted: Wanted) -> Evaluation:
    if not document:
        return compliant("only its own account can use it: it has no policy")
    try:
        policy = statements(document)
    except ValueError as error:
        message = f"the policy of the repository `{name}` cannot be read: {error}"
        raise UndecidedError([message]) from error
    circle = Circle(wanted.organization, frozenset({own, *wanted.accounts}), frozenset(wanted.services))
    outside = circle.lets_out(policy)
    return non_compliant(*_complaint(*outside, wanted.organization)) if outside else compliant()


def _complaint(statement: Statement, principal: Principal, organization: str) -> tuple[str, str]:
    kind, value = principal
    who = "everybody" if value == "*" and kind != "Service" else f"`{value}`"
    key = "aws:SourceOrgID" if kind == "Service" else "aws:PrincipalOrgID"
    finding = f"statement `{statement.name}` of its policy lets {who} in from outside the organization"
    return finding, f"add the condition StringEquals {key} {organization}"


def lambda_handler(event: Event, context: object) -> list[Result]:
    """Called by AWS Config through Lambda."""
    return handle(ECR_REPOSITORY_ORGANIZATION_ONLY(), RESOURCE_TYPES, event, context)

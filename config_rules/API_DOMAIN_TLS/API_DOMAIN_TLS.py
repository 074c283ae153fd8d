"""Custom domain names of APIs refuse old TLS, and take only clients with certificates where that is wanted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from custom_domains import PRIVATE_TYPE, PUBLIC_TYPE, Domain, domains, reachable_otherwise
from rdklib import Evaluation

from organization_rule.arns import like
from organization_rule.entry import Result, handle
from organization_rule.errors import UndecidedError
from organization_rule.items import Waiver
from organization_rule.notice import Event
from organization_rule.parameters import Parameters
from organization_rule.rule import Findings, OrganizationRule, each
from organization_rule.sessions import Clients
from organization_rule.verdicts import about, compliant, listed, non_compliant

RESOURCE_TYPES = (PUBLIC_TYPE, PRIVATE_TYPE)

VERSIONS: Mapping[str, tuple[int, int]] = {"1.2": (1, 2), "1.3": (1, 3)}
OLDEST_VERSION: Mapping[str, tuple[int, int]] = {
    "TLS_1_0": (1, 0),
    "TLS_1_2": (1, 2),
    "SecurityPolicy_TLS13_1_3_2025_09": (1, 3),
    "SecurityPolicy_TLS13_1_3_FIPS_2025_09": (1, 3),
    "SecurityPolicy_TLS13_1_2_PFS_PQ_2025_09": (1, 2),
    "SecurityPolicy_TLS13_1_2_FIPS_PQ_2025_09": (1, 2),
    "SecurityPolicy_TLS13_1_2_FIPS_PFS_PQ_2025_09": (1, 2),
    "SecurityPolicy_TLS13_1_2_Ext2_PQ_2025_09": (1, 2),
    "SecurityPolicy_TLS13_1_2_Ext2_FIPS_PQ_2025_09": (1, 2),
    "SecurityPolicy_TLS13_1_2_PQ_2025_09": (1, 2),
    "SecurityPolicy_TLS13_1_2_2021_06": (1, 2),
    "SecurityPolicy_TLS13_2025_EDGE": (1, 3),
    "SecurityPolicy_TLS12_PFS_2025_EDGE": (1, 2),
    "SecurityPolicy_TLS12_2018_EDGE": (1, 2),
}
"""The oldest version of TLS that each security policy lets in.

Source: "Supported security policies", Amazon API Gateway Developer Guide.
"""


@dataclass(frozen=True, slots=True)
class Wanted:
    """The rule's parameters. With `allowed`, patterns for security policies, `oldest` is not looked at."""

    oldest: tuple[int, int]
    allowed: tuple[str, ...]
    mutual_tls: bool
    waiver: Waiver


class API_DOMAIN_TLS(OrganizationRule):
    """See README.md beside this file."""

    keeps_old_results = False  # AWS Config does not record domains, so it tells nobody that one is deleted

    def evaluate_parameters(self, rule_parameters: Mapping[str, object]) -> Wanted:
        """Raises InvalidParametersError."""
        parameters = Parameters(rule_parameters)
        wanted = Wanted(
            oldest=parameters.choice("MinimumTlsVersion", VERSIONS, "1.2"),
            allowed=parameters.texts("AllowedSecurityPolicies"),
            mutual_tls=parameters.flag("RequireMutualTls"),
            waiver=Waiver.read(parameters),
        )
        parameters.finish()
        return wanted

    def evaluate_periodic(self, event: Event, client_factory: Clients, valid_rule_parameters: Wanted) -> Findings:
        """AWS Config does not record domains, so they are read."""
        del event
        rest, http = client_factory.build_client("apigateway"), client_factory.build_client("apigatewayv2")

        def judge(domain: Domain) -> Evaluation:
            found = valid_rule_parameters.waiver.verdict(dict(domain.tags))
            found = found or _judged(domain, rest, http, valid_rule_parameters)
            return about(found, domain.resource_type, domain.resource_id)

        return each(domains(rest, http), judge, lambda domain: domain.name)


def _judged(domain: Domain, rest: Any, http: Any, wanted: Wanted) -> Evaluation:
    better = f"choose one of TLS {'.'.join(map(str, wanted.oldest))} or newer"
    if wanted.allowed:
        better = f"choose one of {listed(wanted.allowed)}"
    if not domain.policies:
        return non_compliant("it says no security policy, and an old domain then takes TLS 1.0", better)
    for policy in domain.policies:
        if not _will_do(policy, wanted):
            return non_compliant(f"its security policy `{policy}` is not allowed", better)
    complaint = _complaint_of_clients(domain, rest, http) if wanted.mutual_tls and not domain.private else None
    return non_compliant(*complaint) if complaint else compliant()


def _will_do(policy: str, wanted: Wanted) -> bool:
    """Raises UndecidedError for a security policy that is not known, and not on a list of allowed ones."""
    if wanted.allowed:
        return any(like(pattern, policy) for pattern in wanted.allowed)
    if policy not in OLDEST_VERSION:
        message = f"the security policy `{policy}` is not known here: if it will do, name it in AllowedSecurityPolicies"
        raise UndecidedError([message])
    return OLDEST_VERSION[policy] >= wanted.oldest


def _complaint_of_clients(domain: Domain, rest: Any, http: Any) -> tuple[str, str] | None:
    """Mutual TLS counts where there is no way around it."""
    if domain.edge:
        return "an edge-optimized domain cannot have mutual TLS", "make it a regional one, with a trust store"
    if not domain.mutual_tls:
        return "it takes clients without certificates", "set up mutual TLS with a trust store"
    if around := reachable_otherwise(domain, rest, http):
        finding = f"mutual TLS can be passed by, over the default endpoint of the API {listed(around)}"
        return finding, "set DisableExecuteApiEndpoint"
    return None


def lambda_handler(event: Event, context: object) -> list[Result]:
    """Called by AWS Config through Lambda."""
    return handle(API_DOMAIN_TLS(), RESOURCE_TYPES, event, context)

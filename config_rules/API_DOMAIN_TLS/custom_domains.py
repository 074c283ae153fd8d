"""API Gateway's custom domain names, of REST and HTTP APIs alike, and the APIs behind them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Self

PUBLIC_TYPE = "AWS::ApiGateway::DomainName"
PRIVATE_TYPE = "AWS::ApiGateway::DomainNameV2"


@dataclass(frozen=True, slots=True)
class Domain:
    """A custom domain name. `policies` are its security policies, one an endpoint; empty where none is said.

    `resource_id` is CloudFormation's: the name, or the ARN of a private domain, whose name others may have too.
    """

    name: str
    resource_type: str
    resource_id: str
    policies: tuple[str, ...]
    edge: bool
    mutual_tls: bool
    has_routing_rules: bool
    tags: tuple[tuple[str, str], ...]

    @classmethod
    def of_rest(cls, found: Mapping[str, Any]) -> Self:
        """As API Gateway's first API tells it."""
        types = (found.get("endpointConfiguration") or {}).get("types") or ()
        private = "PRIVATE" in types
        policy = found.get("securityPolicy")
        return cls(
            name=found["domainName"],
            resource_type=PRIVATE_TYPE if private else PUBLIC_TYPE,
            resource_id=found["domainNameArn"] if private else found["domainName"],
            policies=(policy,) if policy else (),
            edge="EDGE" in types,
            mutual_tls=bool((found.get("mutualTlsAuthentication") or {}).get("truststoreUri")),
            has_routing_rules="ROUTING_RULE" in (found.get("routingMode") or ""),
            tags=tuple((found.get("tags") or {}).items()),
        )

    @classmethod
    def of_http(cls, found: Mapping[str, Any]) -> Self:
        """As API Gateway's second API tells it, which knows no private domains."""
        configurations = found.get("DomainNameConfigurations") or ()
        policies = (each.get("SecurityPolicy") for each in configurations)
        return cls(
            name=found["DomainName"],
            resource_type=PUBLIC_TYPE,
            resource_id=found["DomainName"],
            policies=tuple(dict.fromkeys(policy for policy in policies if policy)),
            edge=any(each.get("EndpointType") == "EDGE" for each in configurations),
            mutual_tls=bool((found.get("MutualTlsAuthentication") or {}).get("TruststoreUri")),
            has_routing_rules="ROUTING_RULE" in (found.get("RoutingMode") or ""),
            tags=tuple((found.get("Tags") or {}).items()),
        )

    @property
    def private(self) -> bool:
        """Whether only VPC endpoints lead to it."""
        return self.resource_type == PRIVATE_TYPE


def domains(rest: Any, http: Any) -> list[Domain]:
    """All of the account and region. What both APIs know is taken from the first, which knows all security policies."""
    found: dict[str, Domain] = {}
    for page in rest.get_paginator("get_domain_names").paginate():
        found |= {domain.resource_id: domain for domain in map(Domain.of_rest, page.get("items") or ())}
    for page in http.get_paginator("get_domain_names").paginate():
        found = {domain.resource_id: domain for domain in map(Domain.of_http, page.get("Items") or ())} | found
    return list(found.values())


def reachable_otherwise(domain: Domain, rest: Any, http: Any) -> list[str]:
    """The APIs behind a domain whose own endpoint, without the domain's mutual TLS, is open."""
    return sorted(api for api in set(_behind(domain, http)) if _default_endpoint_is_open(api, rest, http))


def _behind(domain: Domain, http: Any) -> Iterator[str]:
    request: dict[str, str] = {"DomainName": domain.name}
    while True:
        page = http.get_api_mappings(**request)
        yield from (mapping["ApiId"] for mapping in page.get("Items") or ())
        if not page.get("NextToken"):
            break
        request["NextToken"] = page["NextToken"]
    if domain.has_routing_rules:
        for page in http.get_paginator("list_routing_rules").paginate(DomainName=domain.name):
            actions = (action for rule in page.get("RoutingRules") or () for action in rule.get("Actions") or ())
            yield from (action["InvokeApi"]["ApiId"] for action in actions)


def _default_endpoint_is_open(api: str, rest: Any, http: Any) -> bool:
    """An API that has been deleted meanwhile has no endpoint."""
    try:
        return not http.get_api(ApiId=api).get("DisableExecuteApiEndpoint")
    except http.exceptions.NotFoundException:
        pass  # a REST API then, which the second API does not know
    try:
        return not rest.get_rest_api(restApiId=api).get("disableExecuteApiEndpoint")
    except rest.exceptions.NotFoundException:
        return False

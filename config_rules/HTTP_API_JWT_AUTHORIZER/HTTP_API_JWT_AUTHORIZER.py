"""Every route of an HTTP API wants a JSON Web Token."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from rdklib import Evaluation

from organization_rule.arns import Place, filled, like
from organization_rule.entry import Result, handle
from organization_rule.items import Item, Waiver, section, tags_of, text
from organization_rule.notice import Event, place_of, place_of_item
from organization_rule.parameters import Parameters
from organization_rule.rule import Findings, OrganizationRule, each
from organization_rule.sessions import Clients
from organization_rule.verdicts import about, compliant, listed, non_compliant, not_applicable

RESOURCE_TYPE = "AWS::ApiGatewayV2::Api"
RESOURCE_TYPES = (RESOURCE_TYPE,)
_GONE = "the API has been deleted in the meantime"


@dataclass(frozen=True, slots=True)
class Wanted:
    """The rule's parameters: patterns for issuers, audiences and the keys of routes that need no token."""

    issuers: tuple[str, ...]
    audiences: tuple[str, ...]
    waived_routes: tuple[str, ...]
    waiver: Waiver

    @property
    def looks_at_authorizers(self) -> bool:
        """Whether it matters which authorizer a route has."""
        return bool(self.issuers or self.audiences)

    def distrusts(self, authorizer: Mapping[str, Any], place: Place) -> str:
        """What is not allowed of a JWT authorizer, in words; empty if all is."""
        found = authorizer.get("JwtConfiguration") or {}
        issuer = found.get("Issuer") or ""
        if not _allowed(self.issuers, issuer, place):
            return f"the issuer `{issuer}`"
        strange = [each for each in found.get("Audience") or () if not _allowed(self.audiences, each, place)]
        return f"the audience {listed(strange)}" if strange else ""


class HTTP_API_JWT_AUTHORIZER(OrganizationRule):
    """See README.md beside this file."""

    def evaluate_parameters(self, rule_parameters: Mapping[str, object]) -> Wanted:
        """Raises InvalidParametersError."""
        parameters = Parameters(rule_parameters)
        wanted = Wanted(
            issuers=parameters.patterns("AllowedIssuers"),
            audiences=parameters.patterns("AllowedAudiences"),
            waived_routes=parameters.texts("WaivedRoutes"),
            waiver=Waiver.read(parameters),
        )
        parameters.finish()
        return wanted

    def evaluate_change(
        self, event: Event, client_factory: Clients, configuration_item: Item, valid_rule_parameters: Wanted
    ) -> list[Evaluation]:
        """The item tells of the API, API Gateway of its routes."""
        if waived := valid_rule_parameters.waiver.verdict(tags_of(configuration_item)):
            return [waived]
        found = section(configuration_item, "configuration")
        api = text(found.get("apiId")) or api_id_of(str(configuration_item["resourceId"]))
        place = place_of_item(event, configuration_item)
        client = client_factory.build_client("apigatewayv2")
        return [_judged(client, api, text(found.get("protocolType")), place, valid_rule_parameters)]

    def evaluate_periodic(self, event: Event, client_factory: Clients, valid_rule_parameters: Wanted) -> Findings:
        """A changed route does not change the API's item, so all APIs that AWS Config knows are looked at."""
        client, place = client_factory.build_client("apigatewayv2"), place_of(event)

        def judge(resource: str) -> Evaluation:
            return about(_known(client, api_id_of(resource), place, valid_rule_parameters), RESOURCE_TYPE, resource)

        return each(_resources(client_factory.build_client("config")), judge, api_id_of)


def api_id_of(resource: str) -> str:
    """An API's id from AWS Config's id for it, whether that is the id alone or an ARN that ends in `/apis/ID`."""
    return resource.rpartition("/")[2]


def _resources(config: Any) -> Iterator[str]:
    """AWS Config's own ids, so that results on schedule and on a change are on the same resource."""
    for page in config.get_paginator("list_discovered_resources").paginate(resourceType=RESOURCE_TYPE):
        for found in page.get("resourceIdentifiers") or ():
            yield found["resourceId"]


def _known(client: Any, api: str, place: Place, wanted: Wanted) -> Evaluation:
    try:
        found = client.get_api(ApiId=api)
    except client.exceptions.NotFoundException:
        return not_applicable(_GONE)
    waived = wanted.waiver.verdict(found.get("Tags") or {})
    return waived or _judged(client, api, found["ProtocolType"], place, wanted)


def _judged(client: Any, api: str, protocol: str, place: Place, wanted: Wanted) -> Evaluation:
    if protocol != "HTTP":
        return not_applicable("only HTTP APIs can have JWT authorizers")
    try:
        routes = _pages(client, "get_routes", api)
        authorizers = _pages(client, "get_authorizers", api) if wanted.looks_at_authorizers else []
    except client.exceptions.NotFoundException:
        return not_applicable(_GONE)
    judged = [route for route in routes if not any(like(key, route["RouteKey"]) for key in wanted.waived_routes)]
    if bare := [route["RouteKey"] for route in judged if route.get("AuthorizationType") != "JWT"]:
        finding = f"{len(bare)} of {len(routes)} routes have no JWT authorizer, {listed(bare)}"
        return non_compliant(finding, "give each an AuthorizationType of JWT, with an authorizer")
    return _of_authorizers(judged, authorizers, place, wanted) or compliant()


def _of_authorizers(
    routes: Iterable[Mapping[str, Any]], authorizers: Iterable[Mapping[str, Any]], place: Place, wanted: Wanted
) -> Evaluation | None:
    if not wanted.looks_at_authorizers:
        return None
    known = {authorizer["AuthorizerId"]: authorizer for authorizer in authorizers}
    for route in routes:
        authorizer = known.get(route.get("AuthorizerId") or "", {})
        if found := wanted.distrusts(authorizer, place):
            finding = f"`{route['RouteKey']}` takes tokens of {found}, which is not allowed"
            return non_compliant(finding, "give it an authorizer that is")
    return None


def _pages(client: Any, operation: str, api: str) -> list[Mapping[str, Any]]:
    pages = client.get_paginator(operation).paginate(ApiId=api)
    return [found for page in pages for found in page.get("Items") or ()]


def _allowed(patterns: tuple[str, ...], value: str, place: Place) -> bool:
    return not patterns or any(like(filled(pattern, place), value) for pattern in patterns)


def lambda_handler(event: Event, context: object) -> list[Result]:
    """Called by AWS Config through Lambda."""
    return handle(HTTP_API_JWT_AUTHORIZER(), RESOURCE_TYPES, event, context)

"""What a rule asks AWS for while it looks at a template, answered from the template.

Each answer is a function from the template and the request to AWS's answer; what the template does not say raises
`CannotTellError`, and the rule is undecided. A new answer is a function and a line in `ANSWERS`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from orgctl.rules.process import Line
from orgctl.rules.template import openapi
from orgctl.rules.template.naming import arn_of, name_of
from orgctl.rules.template.resolving import Resolver
from orgctl.rules.template.shapes import tags
from orgctl.rules.template.unknown import Unknown, wired

Request = Mapping[str, Any]
Answer = dict[str, Any]


class CannotTellError(Exception):
    """The template does not say. The message is a half-sentence."""


class NotThereError(Exception):
    """AWS would say that there is no such thing; `code` is its word for it."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class TemplateAnswers:
    """An `Answerer` for rules, from one template."""

    def __init__(self, resolver: Resolver) -> None:
        self._resolver = resolver

    def __call__(self, service: str, operation: str, parameters: Request) -> Line:
        """The answer to one call."""
        answer = ANSWERS.get(f"{service}:{operation}")
        if answer is None:
            return {"unanswered": "it cannot be told before the deployment"}
        try:
            return {"answer": wired(answer(self._resolver, parameters))}
        except CannotTellError as error:
            return {"unanswered": str(error)}
        except NotThereError as error:
            return {"error": {"Code": error.code, "Message": "the template has no such resource"}}


def _named(resolver: Resolver, kind: str, name: str) -> dict[str, Any] | None:
    """The properties of the resource of a type with this name, id or ARN; None if it will not be there."""
    ids = [each for each, resource in resolver.template.resources.items() if resource.kind == kind]
    found = [each for each in ids if name in (name_of(resolver, each), arn_of(resolver, each))]
    return next((given for _, given in _made(resolver, found)), None)


def _of(resolver: Resolver, *kinds: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """The resources of these types that will be there, with their properties."""
    resources = resolver.template.resources
    return _made(resolver, [each for each, resource in resources.items() if resource.kind in kinds])


def _made(resolver: Resolver, ids: Iterable[str]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Those that no condition leaves out."""
    for logical_id in ids:
        exists = resolver.exists(logical_id)
        if isinstance(exists, Unknown):
            raise CannotTellError(f"whether `{logical_id}` is made is not known: {exists.reason}")
        if exists:
            yield logical_id, resolver.properties(logical_id)


def _belonging(resolver: Resolver, kind: str, key: str, owner: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """The resources of a type whose property `key` is `owner`."""
    for logical_id, given in _of(resolver, kind):
        found = given.get(key)
        if isinstance(found, Unknown):
            raise CannotTellError(f"what `{logical_id}` belongs to is not known: {found.reason}")
        if found == owner:
            yield logical_id, given


def _function(resolver: Resolver, name: str) -> dict[str, Any]:
    found = _named(resolver, "AWS::Lambda::Function", name)
    if found is None:
        raise NotThereError("ResourceNotFoundException")
    return found


def _function_code_signing(resolver: Resolver, request: Request) -> Answer:
    arn = _function(resolver, request["FunctionName"]).get("CodeSigningConfigArn")
    return {"FunctionName": request["FunctionName"], **({} if arn is None else {"CodeSigningConfigArn": arn})}


def _code_signing(resolver: Resolver, request: Request) -> Answer:
    arn = request["CodeSigningConfigArn"]
    for logical_id, given in _of(resolver, "AWS::Lambda::CodeSigningConfig"):
        if arn == arn_of(resolver, logical_id):
            policies = given.get("CodeSigningPolicies") or {"UntrustedArtifactOnDeployment": "Warn"}
            found = {
                "CodeSigningConfigId": name_of(resolver, logical_id),
                "CodeSigningConfigArn": arn,
                "AllowedPublishers": given.get("AllowedPublishers", {}),
                "CodeSigningPolicies": policies,
            }
            return {"CodeSigningConfig": found}
    raise CannotTellError("the code signing configuration is not in the template")


def _function_tags(resolver: Resolver, request: Request) -> Answer:
    return {"Tags": tags(_function(resolver, request["Resource"]))}


def _concurrency(resolver: Resolver, request: Request) -> Answer:
    reserved = _function(resolver, request["FunctionName"]).get("ReservedConcurrentExecutions")
    return {} if reserved is None else {"ReservedConcurrentExecutions": reserved}


def _http_api(resolver: Resolver, request: Request) -> dict[str, Any]:
    found = _named(resolver, "AWS::ApiGatewayV2::Api", request["ApiId"])
    if found is None:
        raise NotThereError("NotFoundException")
    return found


def _api(resolver: Resolver, request: Request) -> Answer:
    given = _http_api(resolver, request)
    kept = ("Name", "ProtocolType", "Description", "DisableExecuteApiEndpoint")
    found = {key: given[key] for key in kept if key in given}
    if "Body" in given or "BodyS3Location" in given:
        found = {"ProtocolType": "HTTP", **found}
    return {"ApiId": request["ApiId"], "Tags": tags(given), **found}


def _routes(resolver: Resolver, request: Request) -> Answer:
    given = _http_api(resolver, request)
    owned = _belonging(resolver, "AWS::ApiGatewayV2::Route", "ApiId", request["ApiId"])
    keys = ("RouteKey", "AuthorizationType", "AuthorizerId", "Target")
    found = [{"RouteId": name, **{key: each[key] for key in keys if key in each}} for name, each in owned]
    return {"Items": [*_described(given, openapi.routes), *found, *_quick(given)]}


def _quick(given: Mapping[str, Any]) -> list[Answer]:
    """An API that is created with a target has a route for everything. Source: `RouteKey` of AWS::ApiGatewayV2::Api."""
    return [{"RouteId": "quick", "RouteKey": given.get("RouteKey", "$default")}] if "Target" in given else []


def _authorizers(resolver: Resolver, request: Request) -> Answer:
    given = _http_api(resolver, request)
    owned = _belonging(resolver, "AWS::ApiGatewayV2::Authorizer", "ApiId", request["ApiId"])
    found = [
        {
            "AuthorizerId": name_of(resolver, name),
            "AuthorizerType": each.get("AuthorizerType"),
            "JwtConfiguration": each.get("JwtConfiguration", {}),
        }
        for name, each in owned
    ]
    return {"Items": [*_described(given, openapi.authorizers), *found]}


def _described(given: Mapping[str, Any], reader: Callable[[Any], list[Answer]]) -> list[Answer]:
    """What an API's OpenAPI document says."""
    if "BodyS3Location" in given or isinstance(given.get("Body"), Unknown):
        raise CannotTellError("the API is described by a document that is not in the template")
    return reader(given["Body"]) if "Body" in given else []


def _rest_api(resolver: Resolver, request: Request) -> Answer:
    given = _named(resolver, "AWS::ApiGateway::RestApi", request["restApiId"])
    if given is None:
        raise NotThereError("NotFoundException")
    disabled = given.get("DisableExecuteApiEndpoint", False)
    return {"id": request["restApiId"], "disableExecuteApiEndpoint": disabled, "tags": tags(given)}


_POLICY = Unknown("API Gateway chooses the security policy of a domain that says none")


def _rest_domains(resolver: Resolver, _request: Request) -> Answer:
    found = []
    for logical_id, given in _of(resolver, "AWS::ApiGateway::DomainName", "AWS::ApiGateway::DomainNameV2"):
        endpoint = given.get("EndpointConfiguration") or {"Types": ["EDGE"]}
        store = given.get("MutualTlsAuthentication") or {}
        answer = {
            "domainName": given.get("DomainName"),
            "domainNameArn": arn_of(resolver, logical_id),
            "securityPolicy": given.get("SecurityPolicy", _POLICY),
            "endpointConfiguration": endpoint
            if isinstance(endpoint, Unknown)
            else {"types": endpoint.get("Types", [])},
            "mutualTlsAuthentication": store
            if isinstance(store, Unknown)
            else {"truststoreUri": store.get("TruststoreUri")},
            "tags": tags(given),
        }
        found.append({key: value for key, value in answer.items() if value is not None})
    return {"items": found}


def _http_domains(resolver: Resolver, _request: Request) -> Answer:
    found = []
    for _, given in _of(resolver, "AWS::ApiGatewayV2::DomainName"):
        configurations = given.get("DomainNameConfigurations") or []
        if isinstance(configurations, list):
            configurations = [
                {"SecurityPolicy": _POLICY, **each} if isinstance(each, Mapping) else each for each in configurations
            ]
        answer = {
            "DomainName": given.get("DomainName"),
            "DomainNameConfigurations": configurations,
            "MutualTlsAuthentication": given.get("MutualTlsAuthentication"),
            "Tags": tags(given),
        }
        found.append({key: value for key, value in answer.items() if value is not None})
    return {"Items": found}


def _mappings(resolver: Resolver, request: Request) -> Answer:
    http = _belonging(resolver, "AWS::ApiGatewayV2::ApiMapping", "DomainName", request["DomainName"])
    rest = _belonging(resolver, "AWS::ApiGateway::BasePathMapping", "DomainName", request["DomainName"])
    items = [{"ApiId": each.get("ApiId"), "Stage": each.get("Stage")} for _, each in http]
    items += [{"ApiId": each.get("RestApiId"), "Stage": each.get("Stage")} for _, each in rest]
    return {"Items": items}


def _no_rules(_resolver: Resolver, _request: Request) -> Answer:
    raise CannotTellError("routing rules are not looked up in templates")


ANSWERS: Mapping[str, Callable[[Resolver, Request], Answer]] = {
    "lambda:GetFunctionCodeSigningConfig": _function_code_signing,
    "lambda:GetCodeSigningConfig": _code_signing,
    "lambda:ListTags": _function_tags,
    "lambda:GetFunctionConcurrency": _concurrency,
    "apigatewayv2:GetApi": _api,
    "apigatewayv2:GetRoutes": _routes,
    "apigatewayv2:GetAuthorizers": _authorizers,
    "apigatewayv2:GetDomainNames": _http_domains,
    "apigatewayv2:GetApiMappings": _mappings,
    "apigatewayv2:ListRoutingRules": _no_rules,
    "apigateway:GetRestApi": _rest_api,
    "apigateway:GetDomainNames": _rest_domains,
}
"""What can be answered, by service and operation."""

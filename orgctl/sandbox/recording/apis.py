"""API Gateway's HTTP and WebSocket APIs, in the form of the configuration item of AWS::ApiGatewayV2::Api.

Routes and authorizers are not in it: a change of theirs changes no item, as with AWS.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from orgctl.sandbox.recording.resource import Resource
from orgctl.sandbox.state import Cloud

TYPE = "AWS::ApiGatewayV2::Api"


def apis(cloud: Cloud, account: str, region: str) -> Iterator[Resource]:
    """The APIs of an account and region."""
    from moto.apigatewayv2.models import apigatewayv2_backends

    backend: Any = apigatewayv2_backends[account][region]
    for api in backend.apis.values():
        tags = dict(backend.get_tags(api.arn))
        stages = tuple(
            {
                "resourceType": "AWS::ApiGatewayV2::Stage",
                "resourceId": f"{api.arn}/stages/{name}",
                "resourceName": name,
                "relationshipName": "Contains ",
            }
            for name in api.stages
        )
        yield Resource(
            type=TYPE,
            id=api.api_id,
            name=api.name,
            arn=api.arn,
            region=region,
            configuration=_configuration(api, tags),
            created=api.created_date.timestamp(),
            tags=tags,
            relationships=stages,
        )


def _configuration(api: Any, tags: dict[str, str]) -> dict[str, Any]:
    configuration = {
        "apiEndpoint": api.api_endpoint,
        "apiGatewayManaged": False,
        "apiId": api.api_id,
        "apiKeySelectionExpression": api.api_key_selection_expression,
        "corsConfiguration": api.cors_configuration or None,
        "createdDate": api.created_date.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "description": api.description or "",
        "disableExecuteApiEndpoint": bool(api.disable_execute_api_endpoint),
        "name": api.name,
        "protocolType": api.protocol_type,
        "routeSelectionExpression": api.route_selection_expression,
        "tags": tags,
    }
    return {key: value for key, value in configuration.items() if value is not None}

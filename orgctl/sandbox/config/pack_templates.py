"""The templates of conformance packs: what may stand in them, and what becomes of them in an account.

Source: "Custom Conformance Pack" and "Service Limits" (AWS Config Developer Guide).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from orgctl.errors import InvalidInputError
from orgctl.sandbox import moto_services
from orgctl.sandbox.operations import Call, Parameters
from orgctl.sandbox.templates.reading import Template, read
from orgctl.sandbox.templates.resolving import Place, parameters, resources

RULE = "AWS::Config::ConfigRule"
REMEDIATION = "AWS::Config::RemediationConfiguration"
INLINE = 51_200
FROM_S3 = 300 * 1024
RULES = 130
PARAMETERS = 60
_OWNERS = frozenset({"AWS", "CUSTOM_LAMBDA", "CUSTOM_POLICY"})


@dataclass(frozen=True, slots=True)
class Contents:
    """What a pack is in one account and region: its rules by logical name, and remediations, as the APIs take them."""

    rules: Mapping[str, dict[str, Any]]
    remediations: tuple[dict[str, Any], ...]


def text_of(call: Call, params: Parameters) -> str:
    """The template of a request. Raises InvalidInputError if there is none, two, or one that is too large."""
    body, uri = params.get("TemplateBody"), params.get("TemplateS3Uri")
    if (body is None) == (uri is None):
        raise InvalidInputError("Provide either TemplateBody or TemplateS3Uri.")
    if body is not None:
        if len(str(body).encode()) > INLINE:
            raise InvalidInputError(f"TemplateBody has more than {INLINE} bytes.")
        return str(body)
    bucket, _, key = str(uri).removeprefix("s3://").partition("/")
    found = moto_services.s3_object(bucket, key)
    if found is None or moto_services.bucket_owner(bucket) != call.caller:
        raise InvalidInputError(f"The template at {uri} cannot be read.")
    if len(found) > FROM_S3:
        raise InvalidInputError(f"The template at {uri} has more than {FROM_S3} bytes.")
    return found.decode("utf-8", "replace")


def checked(text: str, given: Mapping[str, str]) -> Template:
    """The template, if a pack may have it with these parameters. Raises InvalidInputError with what is wrong."""
    template = read(text)
    kinds = [resource["Type"] for resource in template.resources.values()]
    if other := sorted(set(kinds) - {RULE, REMEDIATION}):
        raise InvalidInputError(f"Template validation error: resource type {other[0]} is not supported.")
    if kinds.count(RULE) > RULES:
        raise InvalidInputError(f"A conformance pack has at most {RULES} rules.")
    if len(template.parameters) > PARAMETERS:
        raise InvalidInputError(f"A conformance pack has at most {PARAMETERS} parameters.")
    contents(template, Place("111111111111", "us-east-1", parameters(template, given)))
    return template


def contents(template: Template, place: Place) -> Contents:
    """What a template is at a place. Raises InvalidInputError if a rule or remediation lacks what it needs."""
    rules: dict[str, dict[str, Any]] = {}
    remediations: list[dict[str, Any]] = []
    for name, (kind, properties) in resources(template, place).items():
        if kind == RULE:
            rules[name] = _rule(name, properties)
        else:
            remediations.append(_remediation(name, properties))
    return Contents(rules, tuple(remediations))


def _rule(name: str, properties: dict[str, Any]) -> dict[str, Any]:
    source = properties.get("Source")
    if not isinstance(source, dict) or source.get("Owner") not in _OWNERS:
        raise InvalidInputError(f"Template validation error: the rule {name} has no Source with an Owner.")
    if not isinstance(properties.get("ConfigRuleName"), str):
        raise InvalidInputError(f"Template validation error: the rule {name} has no ConfigRuleName.")
    return {key: _as_text(value) if key == "InputParameters" else value for key, value in properties.items()}


def _as_text(value: Any) -> str:
    """CloudFormation takes an object where the API takes JSON."""
    if isinstance(value, str):
        return value
    texts = {k: v if isinstance(v, str) else json.dumps(v) for k, v in dict(value).items()}
    return json.dumps(texts)


def _remediation(name: str, properties: dict[str, Any]) -> dict[str, Any]:
    missing = [key for key in ("ConfigRuleName", "TargetId", "TargetType") if key not in properties]
    if missing:
        raise InvalidInputError(f"Template validation error: the remediation {name} has no {missing[0]}.")
    numbers = ("MaximumAutomaticAttempts", "RetryAttemptSeconds")
    made = {key: int(value) if key in numbers else value for key, value in properties.items()}
    if "Automatic" in made:
        made["Automatic"] = str(made["Automatic"]).lower() == "true"
    return made

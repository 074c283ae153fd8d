"""Templates of the Serverless Application Model, expanded by AWS's own translator as CloudFormation would.

The translator is `aws-sam-translator`, of the extra `rules`. It needs the code to be in S3, which matters to nobody
here: paths on the disk are replaced. Generated resources stand where the resource of SAM stands that they are made of.
"""

from __future__ import annotations

import copy
import os
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, cast

from orgctl.errors import InvalidInputError, OrgctlError
from orgctl.rules.template.reading import SAM, Resource, Template

_ON_DISK: Mapping[str, tuple[str, ...]] = {
    "AWS::Serverless::Function": ("CodeUri",),
    "AWS::Serverless::LayerVersion": ("ContentUri",),
    "AWS::Serverless::Api": ("DefinitionUri",),
    "AWS::Serverless::HttpApi": ("DefinitionUri",),
    "AWS::Serverless::StateMachine": ("DefinitionUri",),
    "AWS::Serverless::Application": ("Location",),
}
_SOMEWHERE = "s3://bucket/key"
_REGION = "us-east-1"


def expanded(template: Template, parameters: Mapping[str, str]) -> Template:
    """The template without SAM's resources. Raises InvalidInputError for what SAM does not take, OrgctlError if the
    translator is not installed.
    """
    if SAM not in template.transforms:
        return template
    value = _translated(template, parameters)
    resources = {
        logical_id: _placed(template, logical_id, cast("dict[str, Any]", each))
        for logical_id, each in value["Resources"].items()
    }
    others = tuple(each for each in template.transforms if each != SAM)
    return replace(template, value=value, resources=resources, transforms=others)


def _placed(template: Template, logical_id: str, value: dict[str, Any]) -> Resource:
    """A resource as the translator gives it, at the place of the longest logical id that begins its own."""
    origins = [name for name in template.resources if logical_id.startswith(name)]
    origin = template.resources[max(origins, key=len)] if origins else next(iter(template.resources.values()))
    return Resource(logical_id, value["Type"], value.get("Properties", {}), origin.position, value.get("Condition"))


def _translated(template: Template, parameters: Mapping[str, str]) -> dict[str, Any]:
    try:
        from samtranslator.model.exceptions import InvalidDocumentException
        from samtranslator.parser.parser import Parser
        from samtranslator.translator.translator import Translator
    except ImportError as error:
        message = "templates of SAM need AWS's translator, which is not installed"
        raise OrgctlError(message, hint="install `orgctl[rules]`") from error
    os.environ.setdefault("AWS_DEFAULT_REGION", _REGION)  # the translator asks boto3 for one
    fragment = _without_paths(template)
    try:
        found = Translator({}, Parser()).translate(fragment, dict(parameters))
    except InvalidDocumentException as error:
        causes = [str(cause.message) for cause in error.causes] or [str(error)]
        raise InvalidInputError(f"`{template.file}` is no template that SAM takes: {causes[0]}") from error
    return cast("dict[str, Any]", found)


def _without_paths(template: Template) -> dict[str, Any]:
    fragment = copy.deepcopy(dict(template.value))
    for kind, given in _properties(fragment):
        for key in _ON_DISK.get(kind, ()):
            if isinstance(given.get(key), str) and not given[key].startswith("s3://"):
                given[key] = _SOMEWHERE
    return fragment


def _properties(fragment: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The properties of each resource with its type, and those that `Globals` gives to all of a type."""
    for resource in fragment["Resources"].values():
        yield resource["Type"], resource.setdefault("Properties", {})
    for name, given in (fragment.get("Globals") or {}).items():
        if isinstance(given, dict):
            yield f"AWS::Serverless::{name}", given

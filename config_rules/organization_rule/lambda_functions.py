"""Functions, whether from a configuration item or from Lambda itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Self

from organization_rule.items import Item, entries, section, text

RESOURCE_TYPE = "AWS::Lambda::Function"


@dataclass(frozen=True, slots=True)
class Function:
    """What rules look at. `layers` are ARNs; a signing job and profile are empty for code that is not signed."""

    name: str
    arn: str
    is_image: bool = False
    layers: tuple[str, ...] = ()
    signing_job: str = ""
    signing_profile_version: str = ""

    @classmethod
    def of_item(cls, item: Item) -> Self:
        """By its configuration item. Items from before December 2020 have no package type; all code was zipped then."""
        found = section(item, "configuration")
        return cls(
            name=text(found.get("functionName")) or text(item.get("resourceName")) or text(item.get("resourceId")),
            arn=text(found.get("functionArn")) or text(item.get("ARN")),
            is_image=found.get("packageType") == "Image",
            layers=tuple(text(layer.get("arn")) for layer in entries(found.get("layers"))),
            signing_job=text(found.get("signingJobArn")),
            signing_profile_version=text(found.get("signingProfileVersionArn")),
        )

    @classmethod
    def of_lambda(cls, found: Mapping[str, Any]) -> Self:
        """By an entry of ListFunctions."""
        return cls(
            name=found["FunctionName"],
            arn=found["FunctionArn"],
            is_image=found.get("PackageType") == "Image",
            layers=tuple(layer["Arn"] for layer in found.get("Layers") or ()),
            signing_job=found.get("SigningJobArn") or "",
            signing_profile_version=found.get("SigningProfileVersionArn") or "",
        )

    @property
    def why_not_judged(self) -> str:
        """Why layers and signed code are impossible; empty where they are possible."""
        if self.is_image:
            return "a function from a container image has neither layers nor signed code"
        if "." in self.name:
            return "a replica of Lambda@Edge is what the function in us-east-1 is"
        return ""


def functions(client: Any) -> Iterator[Function]:
    """Those of the account and region. Needs lambda:ListFunctions."""
    for page in client.get_paginator("list_functions").paginate():
        yield from map(Function.of_lambda, page["Functions"])

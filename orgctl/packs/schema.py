"""The shape of `conformance_packs/<pack>.yaml`, in pydantic models: the one source of its published JSON Schema.

Whether what a file names exists is looked for in `reading.py`.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from orgctl.manifest import patterns
from orgctl.manifest.schema import Model, Reason, Region

Text = Annotated[str, Field(min_length=1)]
Texts = Annotated[list[Text], Field(min_length=1)]
Scalar = str | bool | int | float
ResourceType = Annotated[str, Field(pattern=patterns.RESOURCE_TYPE, description="`AWS::Lambda::Function`.")]
Frequency = Literal["One_Hour", "Three_Hours", "Six_Hours", "Twelve_Hours", "TwentyFour_Hours"]
Parameters = Annotated[
    dict[Text, list[Scalar] | Scalar],
    Field(description="By name. AWS Config takes text: lists are joined by commas. `@{…}` inserts the manifest's."),
]


class Remediation(Model):
    """What mends a resource that does not comply: an Automation document of Systems Manager."""

    document: Text = Field(
        description="A file under conformance_packs/remediation/, by its stem, or a document of AWS's: `AWS-…`."
    )
    automatic: bool = Field(default=False, description="true: without anybody asking for it.")
    parameters: Parameters = Field(
        default={}, description="The document's, by name; `RESOURCE_ID` is the id of the resource."
    )
    role: str | None = Field(
        default=None,
        pattern=patterns.ROLE_AND_PATH,
        description="The role, in each account, that the document runs with; without it, that of whoever starts it.",
    )
    attempts: int = Field(default=5, ge=1, le=25, description="How often an automatic remediation is tried.")
    retry_seconds: int = Field(default=60, ge=1, le=2678000, description="The seconds in which these attempts fall.")


class RuleUse(Model):
    """A rule of the pack: a custom one (`rule`) or one that AWS manages (`managed`)."""

    rule: Text | None = Field(default=None, description="A custom rule, by its folder in config_rules/.")
    managed: str | None = Field(
        default=None,
        pattern=patterns.MANAGED_RULE,
        description="A rule that AWS manages, by its identifier: `LAMBDA_DLQ_CHECK`.",
    )
    name: str | None = Field(
        default=None,
        pattern=patterns.RULE_NAME,
        description="What AWS Config calls it; without it, the rule's own name in lower case with hyphens.",
    )
    parameters: Parameters = Field(default={})
    resource_types: list[ResourceType] | None = Field(
        default=None, min_length=1, description="The only types that it is to look at; without it, all that it can."
    )
    frequency: Frequency | None = Field(default=None, description="How often a periodic rule runs, if not as it says.")
    scope: Literal["regional", "global"] | None = Field(
        default=None, description="global: a managed rule that is to run in the one region for global resources."
    )
    regions: list[Region] | None = Field(
        default=None, min_length=1, description="The only regions of the pack where the rule is to run."
    )
    remediation: Remediation | None = Field(default=None, description="How to mend what does not comply.")


class Waiver(Model):
    """Resources that need not comply for a while. They are still evaluated, and reports show them as waived."""

    rule: Text = Field(description="The rule: as it is named above, or as AWS Config calls it.")
    account: Text | None = Field(default=None, description="An account's name, or an OU; without it, all accounts.")
    resource: Text = Field(default="*", description="The resource's id; `*` and `?` stand for any characters.")
    owner: Text = Field(description="Who answers for it.")
    reason: Reason
    expires: str = Field(pattern=patterns.DAY, description="Its last day: `2027-01-31`.")


class PackFile(Model):
    """A conformance pack: `conformance_packs/<pack>.yaml`."""

    description: str = Field(default="", max_length=1024, description="What the pack is for.")
    targets: Texts | None = Field(
        default=None, description="OUs (`ou:/Workloads`) and accounts that it is for; without it, all accounts."
    )
    exclude: Texts | None = Field(default=None, description="Accounts and OUs left out of these.")
    regions: list[Region] | None = Field(
        default=None, min_length=1, description="Where it is deployed; without it, in all of AWS Config's regions."
    )
    rules: list[RuleUse] = Field(default=[], description="The rules; there has to be one.")
    waivers: list[Waiver] = Field(default=[], description="What need not comply for a while, for reports.")

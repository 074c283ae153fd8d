"""Functions accept signed code only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rdklib import Evaluation

from organization_rule.arns import Place, arn_like
from organization_rule.entry import Result, handle
from organization_rule.items import Item, Waiver, tags_of
from organization_rule.lambda_functions import RESOURCE_TYPE, Function, functions
from organization_rule.notice import Event, place_of, place_of_item
from organization_rule.parameters import Parameters
from organization_rule.rule import Findings, OrganizationRule, each
from organization_rule.sessions import Clients
from organization_rule.verdicts import about, compliant, non_compliant, not_applicable

RESOURCE_TYPES = (RESOURCE_TYPE,)
_GONE = "the function has been deleted in the meantime"


@dataclass(frozen=True, slots=True)
class Wanted:
    """The rule's parameters. `profiles` are patterns for ARNs of signing profiles, with or without a version."""

    profiles: tuple[str, ...]
    signed_code: bool
    waiver: Waiver

    def approves(self, profile_version: str, place: Place) -> bool:
        """Whether a version of a signing profile is on the list; any is if there is no list."""
        patterns = (form for pattern in self.profiles for form in (pattern, f"{pattern}/*"))
        return not self.profiles or any(arn_like(pattern, profile_version, place) for pattern in patterns)


class LAMBDA_CODE_SIGNING_ENFORCED(OrganizationRule):
    """See README.md beside this file."""

    def evaluate_parameters(self, rule_parameters: Mapping[str, object]) -> Wanted:
        """Raises InvalidParametersError."""
        parameters = Parameters(rule_parameters)
        wanted = Wanted(
            profiles=parameters.arns("ApprovedSigningProfiles"),
            signed_code=parameters.flag("RequireSignedCode"),
            waiver=Waiver.read(parameters),
        )
        parameters.finish()
        return wanted

    def evaluate_change(
        self, event: Event, client_factory: Clients, configuration_item: Item, valid_rule_parameters: Wanted
    ) -> list[Evaluation]:
        """The item tells whether the code is signed, Lambda whether unsigned code would be refused."""
        function = Function.of_item(configuration_item)
        waived = valid_rule_parameters.waiver.verdict(tags_of(configuration_item))
        place = place_of_item(event, configuration_item)
        return [waived or _judged(function, client_factory.build_client("lambda"), place, valid_rule_parameters)]

    def evaluate_periodic(self, event: Event, client_factory: Clients, valid_rule_parameters: Wanted) -> Findings:
        """Attaching a code signing configuration does not change the function's item, so all are looked at."""
        client, place = client_factory.build_client("lambda"), place_of(event)

        def judge(function: Function) -> Evaluation:
            found = _waived(function, client, valid_rule_parameters.waiver)
            found = found or _judged(function, client, place, valid_rule_parameters)
            return about(found, RESOURCE_TYPE, function.name)

        return each(functions(client), judge, lambda function: function.name)


def _waived(function: Function, client: Any, waiver: Waiver) -> Evaluation | None:
    """Tags are not listed with functions; they are asked for only where they matter."""
    if not waiver.tags or function.why_not_judged:
        return None
    try:
        return waiver.verdict(client.list_tags(Resource=function.arn).get("Tags") or {})
    except client.exceptions.ResourceNotFoundException:
        return not_applicable(_GONE)


def _judged(function: Function, client: Any, place: Place, wanted: Wanted) -> Evaluation:
    if function.why_not_judged:
        return not_applicable(function.why_not_judged)
    try:
        attached = _attached(function, client)
    except client.exceptions.ResourceNotFoundException:
        return not_applicable(_GONE)
    if not attached:
        return non_compliant("no code signing configuration is attached", "attach one whose policy is Enforce")
    found = client.get_code_signing_config(CodeSigningConfigArn=attached)["CodeSigningConfig"]
    complaint = _complaint_of_config(found, place, wanted) or _complaint_of_code(function, place, wanted)
    return non_compliant(*complaint) if complaint else compliant()


def _attached(function: Function, client: Any) -> str:
    """The ARN of the code signing configuration; empty if there is none, which AWS says by leaving the key out."""
    try:
        found = client.get_function_code_signing_config(FunctionName=function.name)
    except client.exceptions.CodeSigningConfigNotFoundException:
        return ""
    return found.get("CodeSigningConfigArn") or ""


def _complaint_of_config(found: Mapping[str, Any], place: Place, wanted: Wanted) -> tuple[str, str] | None:
    name = found.get("CodeSigningConfigId") or found["CodeSigningConfigArn"]
    policy = (found.get("CodeSigningPolicies") or {}).get("UntrustedArtifactOnDeployment") or "Warn"
    if policy != "Enforce":
        finding = f"its code signing configuration `{name}` lets unsigned code pass with a warning"
        return finding, "set UntrustedArtifactOnDeployment to Enforce"
    publishers = (found.get("AllowedPublishers") or {}).get("SigningProfileVersionArns") or ()
    for publisher in publishers:
        if not wanted.approves(publisher, place):
            finding = f"its code signing configuration `{name}` trusts `{_short(publisher)}`, which is not approved"
            return finding, "take that signing profile out"
    return None


def _complaint_of_code(function: Function, place: Place, wanted: Wanted) -> tuple[str, str] | None:
    """Code that was there before the configuration runs on, signed or not."""
    if not wanted.signed_code:
        return None
    if not function.signing_job:
        return "its code is not signed", "deploy it anew, signed"
    if not wanted.approves(function.signing_profile_version, place):
        finding = f"its code is signed by `{_short(function.signing_profile_version)}`, which is not approved"
        return finding, "sign it by an approved profile, and deploy it anew"
    return None


def _short(profile_version: str) -> str:
    """`444455556666:Release/abc`: the account and the profile, without what is the same in all."""
    _, _, end = profile_version.rpartition(":/signing-profiles/")
    account = profile_version.split(":")[4:5]
    return f"{account[0]}:{end}" if account else profile_version


def lambda_handler(event: Event, context: object) -> list[Result]:
    """Called by AWS Config through Lambda."""
    return handle(LAMBDA_CODE_SIGNING_ENFORCED(), RESOURCE_TYPES, event, context)

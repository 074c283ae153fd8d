"""The organization has a trail, and it logs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from rdklib import Evaluation

from organization_rule.arns import Place, arn_like
from organization_rule.entry import Result, handle
from organization_rule.notice import Event, place_of
from organization_rule.parameters import Parameters
from organization_rule.rule import OrganizationRule
from organization_rule.sessions import Clients
from organization_rule.verdicts import about, compliant, non_compliant

RESOURCE_TYPE = "AWS::::Account"
RESOURCE_TYPES = (RESOURCE_TYPE,)

Problem = tuple[str, str]
"""What is wrong with a trail, and what to do about it."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """The rule's parameters: a trail's name or ARN, empty for any, and patterns for ARNs of KMS keys."""

    name: str
    keys: tuple[str, ...]


class ORGANIZATION_TRAIL_LOGGING(OrganizationRule):
    """See README.md beside this file."""

    def evaluate_parameters(self, rule_parameters: Mapping[str, object]) -> Wanted:
        """Raises InvalidParametersError."""
        parameters = Parameters(rule_parameters)
        wanted = Wanted(parameters.text("TrailName"), parameters.arns("ApprovedKeys"))
        parameters.finish()
        return wanted

    def evaluate_periodic(
        self, event: Event, client_factory: Clients, valid_rule_parameters: Wanted
    ) -> list[Evaluation]:
        """One result, on the account."""
        place = place_of(event)
        found = _judged(client_factory, place, valid_rule_parameters)
        return [about(found, RESOURCE_TYPE, place.account)]


def _judged(clients: Clients, place: Place, wanted: Wanted) -> Evaluation:
    """Compliant if one of the organization's trails is all that it has to be; else it is told of the best."""
    trails = clients.build_client("cloudtrail").describe_trails(includeShadowTrails=True).get("trailList") or ()
    candidates = [trail for trail in trails if trail.get("IsOrganizationTrail") and _is_meant(trail, wanted)]
    if not candidates:
        named = f" `{wanted.name}`" if wanted.name else ""
        return non_compliant(f"there is no organization trail{named}", "create one in the management account")
    judged = [(trail, list(_problems(trail, clients, place, wanted))) for trail in candidates]
    trail, problems = min(judged, key=lambda each: len(each[1]))
    if not problems:
        return compliant(f"the organization trail `{trail['Name']}`")
    finding = f"the organization trail `{trail['Name']}` " + ", ".join(what for what, _ in problems)
    return non_compliant(finding, ", ".join(dict.fromkeys(remedy for _, remedy in problems)))


def _is_meant(trail: Mapping[str, Any], wanted: Wanted) -> bool:
    return not wanted.name or wanted.name in (trail.get("Name"), trail.get("TrailARN"))


def _problems(trail: Mapping[str, Any], clients: Clients, place: Place, wanted: Wanted) -> Iterator[Problem]:
    """A trail is asked in its own region: elsewhere, CloudTrail tells of that region only."""
    client = clients.build_client("cloudtrail", trail.get("HomeRegion"))
    yield from _of_status(client.get_trail_status(Name=trail["TrailARN"]))
    yield from _of_settings(trail, place, wanted)
    if trail.get("HasCustomEventSelectors"):
        selectors = client.get_event_selectors(TrailName=trail["TrailARN"])
        if not logs_management_events(selectors):
            yield "does not log all management events", "let it log reads and writes"


def _of_status(status: Mapping[str, Any]) -> Iterator[Problem]:
    if not status.get("IsLogging"):
        yield "is not logging", "start it"
    if error := status.get("LatestDeliveryError"):
        yield f"could not deliver ({error})", "mend the bucket's policy, or the key's"
    if error := status.get("LatestDigestDeliveryError"):
        yield f"could not deliver digests ({error})", "mend the bucket's policy, or the key's"


def _of_settings(trail: Mapping[str, Any], place: Place, wanted: Wanted) -> Iterator[Problem]:
    if not trail.get("IsMultiRegionTrail"):
        yield "is of one region", "make it multi-region"
    if not trail.get("IncludeGlobalServiceEvents"):
        yield "leaves out global services", "include them"
    if not trail.get("LogFileValidationEnabled"):
        yield "writes no digests", "turn log file validation on"
    key = trail.get("KmsKeyId") or ""
    if not key:
        yield "is not encrypted with a KMS key", "give it one"
    elif wanted.keys and not any(arn_like(pattern, key, place) for pattern in wanted.keys):
        yield "is encrypted with another key than those approved", "give it an approved one"


def logs_management_events(selectors: Mapping[str, Any]) -> bool:
    """Whether all management events are logged, reads and writes; those of single services may be left out.

    Source: `EventSelector` and `AdvancedFieldSelector` in CloudTrail's API reference.
    """
    logged: set[str] = set()
    for selector in selectors.get("EventSelectors") or ():
        if selector.get("IncludeManagementEvents", True):
            logged |= _BASIC[selector.get("ReadWriteType") or "All"]
    for selector in selectors.get("AdvancedEventSelectors") or ():
        logged |= _of_advanced({field["Field"]: field for field in selector["FieldSelectors"]})
    return logged == {"true", "false"}


_BASIC: Mapping[str, set[str]] = {"All": {"true", "false"}, "ReadOnly": {"true"}, "WriteOnly": {"false"}}


def _of_advanced(fields: Mapping[str, Mapping[str, Any]]) -> set[str]:
    """The values of `readOnly` of which an advanced selector logs the management events."""
    only = {
        name for name, field in fields.items() if set(field) - {"Field", "NotEquals", "NotStartsWith", "NotEndsWith"}
    }
    if list(fields.get("eventCategory", {}).get("Equals") or ()) != ["Management"] or only - {
        "eventCategory",
        "readOnly",
    }:
        return set()
    return set(fields.get("readOnly", {}).get("Equals") or ("true", "false"))


def lambda_handler(event: Event, context: object) -> list[Result]:
    """Called by AWS Config through Lambda."""
    return handle(ORGANIZATION_TRAIL_LOGGING(), RESOURCE_TYPES, event, context)

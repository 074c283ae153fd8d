"""The organization itself: its features, root, handshakes, trusted access, delegated administrators, own policy."""

from __future__ import annotations

from orgctl.aws.read.reading import Raw, Reading
from orgctl.aws.read.shapes import (
    DelegatedAdministratorInfo,
    HandshakeInfo,
    OrganizationInfo,
    ResourcePolicyInfo,
    RootInfo,
)
from orgctl.aws.read.tags import want_tags
from orgctl.errors import AwsError
from orgctl.model.resources import FeatureSet

LANE = "organization"
_NOT_HERE = frozenset({"UnsupportedAPIEndpointException", "ConstraintViolationException"})
"""This partition lacks the API, or an organization of this kind (billing only) lacks the feature."""
_OPEN = frozenset({"REQUESTED", "OPEN"})


def read_organization(reading: Reading) -> None:
    """DescribeOrganization, and the handshakes that its features leave possible."""
    raw = reading.ask("DescribeOrganization")["Organization"]
    features = FeatureSet(raw["FeatureSet"])
    reading.organization = OrganizationInfo(raw["Id"], raw["Arn"], raw["MasterAccountId"], features)
    actions = ["INVITE"] if features is FeatureSet.ALL else ["INVITE", "ENABLE_ALL_FEATURES"]
    for action in () if reading.bare else actions:
        reading.crew.submit("handshakes", _read_handshakes, reading, action)


def root_info(reading: Reading, raw: Raw) -> RootInfo:
    """The root from ListRoots, with its tags."""
    by_status: dict[str, set[str]] = {}
    for policy_type in raw.get("PolicyTypes", ()):
        by_status.setdefault(policy_type["Status"], set()).add(policy_type["Type"])
    return RootInfo(
        raw["Id"],
        raw["Name"],
        enabled=frozenset(by_status.get("ENABLED", ())),
        pending_enable=frozenset(by_status.get("PENDING_ENABLE", ())),
        pending_disable=frozenset(by_status.get("PENDING_DISABLE", ())),
        tags=reading.tags.get(raw["Id"], {}),
    )


def _read_handshakes(reading: Reading, action: str) -> None:
    for raw in reading.each("ListHandshakesForOrganization", "Handshakes", Filter={"ActionType": action}):
        if raw["State"] in _OPEN:
            parties = {party["Type"]: party["Id"] for party in raw.get("Parties", ())}
            reading.handshakes.append(
                HandshakeInfo(raw["Id"], action, raw["State"], parties.get("ACCOUNT"), parties.get("EMAIL"))
            )


def read_trusted_access(reading: Reading) -> None:
    """The services that may act in the organization."""
    try:
        for raw in reading.each("ListAWSServiceAccessForOrganization", "EnabledServicePrincipals"):
            reading.trusted_access.append(raw["ServicePrincipal"])
    except AwsError as error:
        _note_if_not_here(reading, error, "trusted access could not be read")


def read_delegated_administrators(reading: Reading) -> None:
    """The accounts that administer something, and for each what it is."""
    try:
        for raw in reading.each("ListDelegatedAdministrators", "DelegatedAdministrators"):
            reading.crew.submit("delegated services", _read_delegated_services, reading, raw["Id"])
    except AwsError as error:
        _note_if_not_here(reading, error, "delegated administrators could not be read")


def _read_delegated_services(reading: Reading, account_id: str) -> None:
    try:
        listed = reading.each("ListDelegatedServicesForAccount", "DelegatedServices", AccountId=account_id)
        services = frozenset(raw["ServicePrincipal"] for raw in listed)
    except AwsError as error:
        if error.code not in {"AccountNotFoundException", "AccountNotRegisteredException"}:
            raise
    else:
        reading.delegated_administrators.append(DelegatedAdministratorInfo(account_id, services))


def read_resource_policy(reading: Reading) -> None:
    """The delegation policy and its tags; none is no error."""
    try:
        raw = reading.ask("DescribeResourcePolicy")["ResourcePolicy"]
    except AwsError as error:
        if error.code != "ResourcePolicyNotFoundException":
            _note_if_not_here(reading, error, "the delegation policy could not be read")
        return
    summary = raw["ResourcePolicySummary"]
    reading.resource_policy = ResourcePolicyInfo(summary["Id"], summary["Arn"], raw["Content"], {})
    want_tags(reading, summary["Id"])


def _note_if_not_here(reading: Reading, error: AwsError, consequence: str) -> None:
    if error.code not in _NOT_HERE:
        raise error
    reading.find("organization", error, consequence)

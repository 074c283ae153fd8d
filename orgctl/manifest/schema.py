"""The manifest's shape, in pydantic models: the one source of the published JSON Schema.

These models say what each file may hold; what only shows across files (duplicates, dangling references, quotas) is
looked for in `checks/`.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from orgctl.manifest import patterns

AccountId = Annotated[str, Field(pattern=patterns.ACCOUNT_ID, description="An account id: twelve digits, in quotes.")]
Email = Annotated[str, Field(pattern=patterns.EMAIL, max_length=64)]
Region = Annotated[str, Field(pattern=patterns.REGION, description="A region's code: `eu-west-1`.")]
Service = Annotated[
    str, Field(pattern=patterns.SERVICE, description="A service principal: `cloudtrail.amazonaws.com`.")
]
BucketName = Annotated[str, Field(pattern=patterns.BUCKET)]
KeyArn = Annotated[str, Field(pattern=patterns.KEY_ARN, description="The ARN of a KMS key.")]
AccountName = Annotated[str, Field(min_length=1, max_length=128)]
PolicyTypeName = Annotated[str, Field(pattern=patterns.POLICY_TYPE)]
RoleArn = Annotated[str, Field(pattern=patterns.ROLE_ARN, description="A role's ARN, with wildcards where needed.")]
LintCode = Annotated[str, Field(pattern=patterns.LINT_CODE, description="The code of a check of policies: `L404`.")]
Reason = Annotated[str, Field(min_length=1, description="Why this is as it should be.")]
ParameterName = Annotated[str, Field(pattern=patterns.PARAMETER)]
Texts = Annotated[list[str], Field(min_length=1)]
UnitName = Annotated[str, Field(min_length=1, max_length=128)]
Tags = Annotated[
    dict[
        Annotated[str, Field(min_length=1, max_length=128)],
        Annotated[str, Field(max_length=256)],
    ],
    Field(description="AWS tags. Declared tags are authoritative; without the key, tags are left alone."),
]
PackName = Annotated[str, Field(pattern=patterns.PACK, description="The stem of a file under conformance_packs/.")]
PolicyName = Annotated[str, Field(pattern=patterns.POLICY, description="`<type folder>/<file stem>` under policies/.")]


class Model(BaseModel):
    """The base: frozen, and an unknown key is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


Text = Annotated[str, Field(min_length=1)]
Scalar = str | bool | int | float


class Values(Model):
    """One multi-valued key, as opposed to several requests with one value each."""

    values: list[Scalar] = Field(description="All values that the key has at once.")


Context = dict[Text, Values | list[Values | Scalar | None] | Scalar | None]


class Requests(Model):
    """A table of requests, the product of its lists: in policy tests, and for what a plan looks at."""

    account: Text | None = Field(default=None, description="The caller's account: a key of the manifest, or an id.")
    accounts: Annotated[list[Text], Field(min_length=1)] | None = Field(
        default=None, description="Account keys, ids, groups, or OUs: `ou:/Workloads`."
    )
    action: Text | None = Field(default=None, description="`service:Action`.")
    actions: Annotated[list[Text], Field(min_length=1)] | None = Field(
        default=None, description="Several; each makes a request."
    )
    resource: Text | None = Field(default=None, description="An ARN, or `*`.")
    resources: Annotated[list[Text], Field(min_length=1)] | None = Field(
        default=None, description="Several; each makes a request."
    )
    principal: Text | None = Field(
        default=None, description="`role/NAME`, `user/NAME`, `root`, an ARN, a service principal or `anonymous`."
    )
    principals: Annotated[list[Text], Field(min_length=1)] | None = Field(
        default=None, description="Several; each makes a request."
    )
    context: Context = Field(
        default={},
        description="Context keys. A list makes one request for each value, `{values: [...]}` gives one key many"
        " values, null says that the key is absent.",
    )
    unknown: list[Text] = Field(default=[], description="Context keys that nobody knows.")
    resource_account: Text | None = Field(default=None, description="The account that the resource is in: key or id.")


class Sentinel(Requests):
    """Requests of which a plan tells when they would be denied or allowed anew. Without accounts, in all of them."""

    name: Text = Field(description="What is done, in a few words: a plan names it.")
    important: bool = Field(
        default=False, description="true: a plan shows first what is denied, as it does for protected roles."
    )


SentinelSet = Literal["defaults", "access-role", "protected-roles", "break-glass", "everyday"]


class Contact(Model):
    """An alternate contact of an account."""

    name: str = Field(min_length=1, max_length=64)
    title: str = Field(min_length=1, max_length=50)
    email: Email
    phone: str = Field(pattern=patterns.PHONE, max_length=25)


class Contacts(Model):
    """The alternate contacts. A contact that is declared as null is removed; one that is not named is left alone."""

    billing: Contact | None = None
    operations: Contact | None = None
    security: Contact | None = None


class Guarded(Model):
    """What the root, an OU and an account have in common."""

    policies: list[PolicyName] = Field(default=[], description="The policies attached here: authoritative for ours.")
    full_aws_access: bool = Field(default=True, description="false: detach AWS's own FullAWSAccess SCP here.")
    tags: Tags | None = None


class Account(Guarded):
    """An account, identified by id, else by e-mail."""

    id: AccountId | None = None
    email: Email | None = Field(
        default=None, description="The root user's address, by which an account without an `id` is found or created."
    )
    name: str | None = Field(default=None, min_length=1, max_length=50, description="AWS's name, if not the key.")
    state: Literal["active", "closed"] = Field(default="active", description="closed: close the account, for good.")
    invite: bool = Field(default=False, description="true: invite the existing account into the organization.")
    contacts: Contacts | None = Field(default=None, description="Alternate contacts; without the key, left alone.")


class Unit(Guarded):
    """An organizational unit: its accounts, and the OUs below it."""

    adopt: bool = Field(default=False, description="true: take over an OU of this name that orgctl does not own.")
    accounts: dict[AccountName, Account] = Field(default={}, description="By a name that is used once in the manifest.")
    units: dict[UnitName, Unit] = Field(default={}, description="The OUs directly below, by AWS's own name.")
    include: list[str] = Field(
        default=[], description="Files or globs, relative to this file, whose accounts and units belong here too."
    )


class Root(Unit):
    """The organization's root."""


class Part(Model):
    """A file that an OU includes: accounts and units that belong in that OU."""

    accounts: dict[AccountName, Account] = Field(default={}, description="By a name that is used once in the manifest.")
    units: dict[UnitName, Unit] = Field(default={}, description="The OUs directly below, by AWS's own name.")
    include: list[str] = Field(default=[], description="More files or globs, relative to this one.")


class Organization(Model):
    """The organization, and what is set up once for all of it."""

    management_account: AccountId = Field(description="orgctl refuses to run against any other organization.")
    home_region: Region = Field(description="Where the trail and its bucket live.")
    regions: list[Region] = Field(min_length=1, description="The regions in use; policies insert them as @{regions}.")
    id: str | None = Field(default=None, pattern=patterns.ORGANIZATION_ID, description="The organization's id.")
    policy_types: list[PolicyTypeName] = Field(
        default=["service_control_policy"], description="To be enabled; others stay."
    )
    disabled_policy_types: list[PolicyTypeName] = Field(
        default=[], description="To be disabled: AWS then detaches every policy of the type."
    )
    trusted_access: list[Service] = Field(
        default=[], description="Services that may act in the whole organization; others stay."
    )
    delegated_administrators: dict[Service, list[AccountName]] = Field(
        default={}, description="By service, the names of the accounts that administer it."
    )
    delegation_policy: str | None = Field(
        default=None, min_length=1, description="A file with the organization's resource policy."
    )
    access_role: str = Field(
        default="OrganizationAccountAccessRole",
        pattern=patterns.ROLE,
        description="The role by which orgctl enters member accounts.",
    )
    protected_roles: list[RoleArn] = Field(
        default=[], description="Roles that must go on working, by ARN patterns: a broad Deny has to exempt them."
    )


Stage = Annotated[
    str, Field(pattern=patterns.STAGE, description="A target: `ou:/Sandbox`, `account:shop-dev`, `root`.")
]
Stages = Annotated[list[Stage], Field(min_length=1)]


class Rollout(Model):
    """By which stages a policy comes to where it is to be attached."""

    stages: Annotated[list[Stage | Stages], Field(min_length=1)] = Field(
        description="The targets of each stage, first to last: one, or a list. All together lead to where the policy is"
        " attached in the manifest."
    )
    bake: Annotated[str, Field(pattern=patterns.BAKE)] = Field(
        description="How long it stays on a stage at least: `12h`, `7d`, `2w`."
    )
    max_newly_denied: Annotated[int, Field(ge=0)] | None = Field(
        default=None,
        description="How many recorded calls it may have denied on its stages, and may deny of those that went well on"
        " the next one; without it, only time counts.",
    )
    hold: bool = Field(default=False, description="true: it stays on the stage that it has reached.")
    up_to: Stage | None = Field(
        default=None, description="The last stage for now, by a target of it; from later ones the policy is taken away."
    )


class PolicyOptions(Model):
    """What a policy's file has no room for."""

    description: str | None = Field(default=None, max_length=512, description="AWS's description of the policy.")
    tags: Tags | None = None
    adopt: bool = Field(default=False, description="true: take over a policy of this name that orgctl does not own.")
    allow: dict[LintCode, Reason] = Field(
        default={}, description="What `orgctl validate` is not to report of this policy, by code, with the reason."
    )
    rollout: Rollout | None = Field(
        default=None, description="By which stages it is attached; without it, everywhere at once."
    )


class Lifecycle(Model):
    """When the trail's objects move or go, in days."""

    glacier_after_days: int | None = Field(default=None, ge=1, description="When they move to S3 Glacier.")
    expire_after_days: int | None = Field(default=None, ge=1, description="When they are deleted.")


class Bucket(Model):
    """The bucket that the trail writes to."""

    name: BucketName = Field(description="Bucket names are shared by all of AWS.")
    account: AccountName = Field(description="The name of the account that holds it.")
    kms_key: KeyArn | None = Field(default=None, description="The ARN of a KMS key; without it, SSE-S3.")
    lifecycle: Lifecycle | None = Field(default=None, description="Without it, log files stay for ever.")
    tags: Tags | None = None
    adopt: bool = Field(default=False, description="true: take over a bucket of this name that orgctl does not own.")


class Athena(Model):
    """Where and how the trail is queried; everything has a value that will do."""

    enabled: bool = Field(default=True, description="false: take away those of these that are ours.")
    database: str = Field(default="orgctl", pattern=patterns.DATABASE, description="The database in the Glue catalog.")
    table: str = Field(default="cloudtrail", pattern=patterns.DATABASE, description="The table that reads the trail.")
    workgroup: str = Field(default="orgctl", pattern=patterns.WORKGROUP, description="The workgroup of the queries.")
    results: str | None = Field(
        default=None,
        pattern=patterns.RESULTS,
        description="Where results go, in a bucket of the same account; without it, beside the log files.",
    )
    kms_key: KeyArn | None = Field(
        default=None, description="The ARN of the KMS key that encrypts results; without it, SSE-S3."
    )
    scan_limit_gb: int = Field(
        default=1000, ge=1, le=1_000_000, description="The most that one query may read, in 10^9 bytes."
    )
    regions: list[Region] | None = Field(
        default=None, min_length=1, description="Where log files are looked for; without it, in every region of AWS."
    )
    since: str | None = Field(
        default=None, pattern=patterns.DAY, description="The first day of the log files: `2026-01-31`."
    )


class Trail(Model):
    """The organization trail."""

    name: str = Field(pattern=patterns.TRAIL, description="The trail's name, in the home region.")
    bucket: Bucket = Field(description="Where the log files go; it is made and kept as the trail needs it.")
    prefix: str = Field(default="", max_length=200, pattern=patterns.PREFIX, description="What keys begin with.")
    kms_key: KeyArn | None = Field(default=None, description="The ARN of the KMS key that encrypts the log files.")
    logging: bool = Field(default=True, description="false: the trail is there, and records nothing.")
    event_selectors: list[dict[str, object]] | None = Field(
        default=None, description="AdvancedEventSelectors, as CloudTrail's API takes them."
    )
    athena: Athena | bool | None = Field(
        default=None,
        description="true, or a mapping: keep a table over the log files, and a workgroup to query it by; false: take"
        " away those of ours. Without it, Athena is left alone.",
    )
    tags: Tags | None = None
    adopt: bool = Field(default=False, description="true: take over a trail of this name that orgctl does not own.")


class AwsConfig(Model):
    """AWS Config across the organization: the account that runs its rules, its packs and its aggregator."""

    administrator: AccountName = Field(description="The account with the rules' functions, packs and aggregator.")
    regions: list[Region] | None = Field(
        default=None, min_length=1, description="Where rules run; without it, in the organization's regions."
    )
    global_region: Region | None = Field(
        default=None,
        description="The one region where rules on resources of no region (IAM) run; without it, the home region.",
    )
    evaluation_role: str = Field(
        default="orgctl-config-evaluation",
        pattern=patterns.ROLE,
        description="The role in every member account by which rules look at it.",
    )
    aggregator: str | None = Field(
        default="organization",
        pattern=patterns.AGGREGATOR,
        description="The organization's aggregator; null: there is to be none of ours.",
    )
    bucket: str | None = Field(
        default=None,
        pattern=patterns.DELIVERY_BUCKET,
        description="A bucket of the administrator's for templates that are too long to be sent inline.",
    )
    check_recorders: bool = Field(
        default=True,
        description="Whether a plan enters each account that packs are for, to see if AWS Config records there.",
    )
    packs: list[PackName] | None = Field(
        default=None, description="The conformance packs: authoritative for ours; without it, they are left alone."
    )


class Move(Model):
    """A rename or move: the thing is kept, not deleted and made again."""

    from_: str = Field(alias="from", description="`ou:/Old/Path` or `scp/old-name`.")
    to: str = Field(description="Where it is now, written likewise.")


class Rate(Model):
    """A token bucket."""

    per_second: float = Field(gt=0, description="Calls that refill it in a second.")
    burst: float = Field(ge=1, description="Calls that fit in it.")


class Limits(Model):
    """Overrides of AWS's quotas and API rates."""

    quotas: dict[str, Annotated[int, Field(ge=0)]] = Field(default={}, description="By name: `ous: 3000`.")
    rates: dict[str, Rate] = Field(default={}, description="By `service:Operation`: `organizations:CreateAccount`.")


class Lock(Model):
    """The S3 object that keeps two applies apart."""

    bucket: BucketName = Field(description="A bucket that is there already, to which whoever applies may write.")
    key: str = Field(default="orgctl.lock", min_length=1, max_length=1024, description="The object's key.")
    region: Region | None = Field(default=None, description="The bucket's region; without it, the home region.")


class Replay(Model):
    """Recorded activity, against which a plan is held: what it would have denied of what was done."""

    events: list[Text] = Field(
        default=[], description="Files and folders of CloudTrail's, relative to the manifest, and `s3://bucket/prefix`."
    )
    dataset: Text | None = Field(
        default=None, description="A folder in which what was read is kept, so that nothing is read twice."
    )
    since: Annotated[str, Field(pattern=patterns.SINCE)] | None = Field(
        default=None, description="Only events from then on: `30d`, `2026-11-01`."
    )
    exclude_principals: list[Text] = Field(
        default=[], description="Callers that do not count: ARNs, `role/NAME`, with wildcards."
    )
    assume: dict[Text, str | Texts | None] = Field(
        default={}, description="What context keys hold that records do not tell; null: the key is absent."
    )
    tags: Text | None = Field(default=None, description="A file with tags of principals and resources.")
    fail_on: Literal["denied", "depends"] | None = Field(
        default=None, description="What is not to be applied: what newly denies recorded calls, or what may."
    )


class Manifest(Model):
    """`organization.yaml`."""

    version: Literal[1] = Field(description="The version of this format.")
    organization: Organization = Field(description="What is set up once for all of it.")
    root: Root = Field(description="The tree: OUs, accounts, and the policies on them.")
    policies: dict[PolicyName, PolicyOptions] = Field(
        default={}, description="Options of policies, by name; a policy without any need not stand here."
    )
    parameters: dict[ParameterName, str | Texts] = Field(
        default={}, description="Values that policies insert as @{parameters.NAME}."
    )
    trail: Trail | None = Field(default=None, description="Without it, whatever trail there is is left alone.")
    config: AwsConfig | None = Field(default=None, description="Without it, AWS Config is left alone.")
    sentinels: list[Sentinel | SentinelSet] = Field(
        default=["defaults"],
        description="The requests by which a plan shows what it does to access: sets of orgctl's (`defaults` is all of"
        " them) and your own. `[]`: none.",
    )
    replay: Replay | None = Field(
        default=None, description="Without it, a plan looks at recorded activity only where `--events` names some."
    )
    moved: list[Move] = Field(default=[], description="What is called or placed otherwise now.")
    limits: Limits = Field(default=Limits(), description="Where AWS allows more or less than its usual.")
    lock: Lock | None = Field(default=None, description="Without it, nothing keeps two applies apart.")

"""The manifest's shape, in pydantic models: the one source of the published JSON Schema.

These models say what each file may hold; what only shows across files (duplicates, dangling references, quotas) is
looked for in `checks/`.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

AccountId = Annotated[str, Field(pattern=r"^\d{12}$", description="An account id: twelve digits, in quotes.")]
Email = Annotated[str, Field(pattern=r"^[^\s@]+@[^\s@]+\.[^\s@]+$", min_length=6, max_length=64)]
Tags = Annotated[
    dict[
        Annotated[str, Field(min_length=1, max_length=128)],
        Annotated[str, Field(max_length=256)],
    ],
    Field(description="AWS tags. Declared tags are authoritative; without the key, tags are left alone."),
]
PolicyName = Annotated[
    str, Field(pattern=r"^[a-z0-9-]+/[^/]+$", description="`<type folder>/<file stem>` under policies/.")
]


class Model(BaseModel):
    """The base: frozen, and an unknown key is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Contact(Model):
    """An alternate contact of an account."""

    name: str = Field(min_length=1, max_length=64)
    title: str = Field(min_length=1, max_length=50)
    email: Email
    phone: str = Field(pattern=r"^[\s0-9()+-]+$", max_length=25)


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
    email: Email | None = None
    name: str | None = Field(default=None, min_length=1, max_length=50, description="AWS's name, if not the key.")
    state: Literal["active", "closed"] = "active"
    invite: bool = Field(default=False, description="true: invite the existing account into the organization.")
    contacts: Contacts | None = None


class Unit(Guarded):
    """An organizational unit: its accounts, and the OUs below it."""

    adopt: bool = Field(default=False, description="true: take over an OU of this name that orgctl does not own.")
    accounts: dict[str, Account] = {}
    units: dict[str, Unit] = {}
    include: list[str] = Field(
        default=[], description="Files or globs, relative to this file, whose accounts and units belong here too."
    )


class Root(Unit):
    """The organization's root."""


class Organization(Model):
    """The organization, and what is set up once for all of it."""

    management_account: AccountId
    home_region: str
    regions: list[str] = Field(min_length=1)
    id: str | None = Field(default=None, pattern=r"^o-[a-z0-9]{10,32}$")
    policy_types: list[str] = Field(default=["service_control_policy"], description="To be enabled; others stay.")
    disabled_policy_types: list[str] = Field(
        default=[], description="To be disabled: AWS then detaches every policy of the type."
    )
    trusted_access: list[str] = []
    delegated_administrators: dict[str, list[str]] = {}
    delegation_policy: str | None = Field(default=None, description="A file with the resource policy.")
    access_role: str = Field(default="OrganizationAccountAccessRole", description="The role to enter members by.")


class PolicyOptions(Model):
    """What a policy's file has no room for."""

    description: str | None = Field(default=None, max_length=512)
    tags: Tags | None = None
    adopt: bool = False


class Lifecycle(Model):
    """When the trail's objects move or go, in days."""

    glacier_after_days: int | None = Field(default=None, ge=1)
    expire_after_days: int | None = Field(default=None, ge=1)


class Bucket(Model):
    """The bucket that the trail writes to."""

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$")
    account: str = Field(description="The name of the account that holds it.")
    kms_key: str | None = Field(default=None, description="The ARN of a KMS key; without it, SSE-S3.")
    lifecycle: Lifecycle | None = None
    tags: Tags | None = None
    adopt: bool = False


class Trail(Model):
    """The organization trail."""

    name: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{1,126}[A-Za-z0-9]$")
    bucket: Bucket
    prefix: str = ""
    kms_key: str | None = Field(default=None, description="The ARN of the KMS key that encrypts the log files.")
    logging: bool = True
    event_selectors: list[dict[str, object]] | None = Field(
        default=None, description="AdvancedEventSelectors, as CloudTrail's API takes them."
    )
    tags: Tags | None = None
    adopt: bool = False


class Move(Model):
    """A rename or move: the thing is kept, not deleted and made again."""

    from_: str = Field(alias="from")
    to: str


class Rate(Model):
    """A token bucket."""

    per_second: float = Field(gt=0)
    burst: float = Field(ge=1)


class Limits(Model):
    """Overrides of AWS's quotas and API rates."""

    quotas: dict[str, int] = {}
    rates: dict[str, Rate] = {}


class Lock(Model):
    """The S3 object that keeps two applies apart."""

    bucket: str
    key: str = "orgctl.lock"
    region: str | None = None


class Manifest(Model):
    """`organization.yaml`."""

    version: Literal[1]
    organization: Organization
    root: Root
    policies: dict[PolicyName, PolicyOptions] = {}
    parameters: dict[str, str | list[str]] = Field(
        default={}, description="Values that policies insert as @{parameters.NAME}."
    )
    trail: Trail | None = None
    moved: list[Move] = []
    limits: Limits = Limits()
    lock: Lock | None = None

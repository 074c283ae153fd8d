"""The patterns of single values in the manifest, and what each of them asks for in words.

They hold in the JSON Schema too, so they keep to what JavaScript, Rust and Python read alike.
"""

from __future__ import annotations

from collections.abc import Mapping

ACCOUNT_ID = r"^[0-9]{12}$"
EMAIL = r"^[^\s@]+@[^\s@]+\.[^\s@]{2,}$"
REGION = r"^[a-z]{2,4}(-[a-z]+)+-[0-9]$"
SERVICE = r"^[a-z0-9-]+(\.[a-z0-9-]+)*\.amazonaws\.com(\.cn)?$"
BUCKET = r"^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$"
KEY_ARN = r"^arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:(key|alias)/.+$"
POLICY = r"^[a-z0-9-]+/[^/]+$"
POLICY_TYPE = r"^[a-z0-9_]+$"
ORGANIZATION_ID = r"^o-[a-z0-9]{10,32}$"
ROLE = r"^[A-Za-z0-9_+=,.@-]{1,64}$"
ROLE_ARN = r"^arn:[^:]+:iam::[^:]+:role/.+$"
LINT_CODE = r"^L[0-9]{3}$"
TRAIL = r"^[A-Za-z0-9][A-Za-z0-9._-]{1,126}[A-Za-z0-9]$"
PREFIX = r"^([^/]|[^/].*[^/])?$"
PHONE = r"^[\s0-9()+-]+$"
PARAMETER = r"^[A-Za-z0-9_.-]+$"
PACK = r"^[A-Za-z][A-Za-z0-9-]{0,127}$"
DELIVERY_BUCKET = r"^awsconfigconforms([a-z0-9.-]{0,45}[a-z0-9])?$"
DATABASE = r"^[a-z0-9_]{1,255}$"
WORKGROUP = r"^[A-Za-z0-9._-]{1,128}$"
RESULTS = r"^s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](/[^/]+)*/?$"
AGGREGATOR = r"^[A-Za-z0-9_-]{1,256}$"
MANAGED_RULE = r"^[A-Z][A-Z0-9_]*$"
RULE_NAME = r"^[A-Za-z][A-Za-z0-9_-]*$"
RESOURCE_TYPE = r"^[A-Za-z0-9]+::[A-Za-z0-9]*::[A-Za-z0-9]+(::MODULE)?$"
ROLE_AND_PATH = r"^[A-Za-z0-9_+=,.@/-]{1,512}$"
STAGE = r"^(root|ou:/.+|account:.+)$"
BAKE = r"^[1-9][0-9]{0,3}[hdw]$"
SINCE = r"^([0-9]{1,5}[hdw]|[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9:.]+(Z|[+-][0-9:]+)?)?)$"
DAY = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"

MEANING: Mapping[str, str] = {
    ACCOUNT_ID: "an account id is twelve digits in quotes",
    EMAIL: "an e-mail address looks like `name@example.com`",
    REGION: "a region looks like `eu-west-1`",
    SERVICE: "a service is named by its principal, such as `cloudtrail.amazonaws.com`",
    BUCKET: "a bucket name is 3 to 63 lower-case letters, digits, dots and hyphens",
    KEY_ARN: "a KMS key is named by its ARN, `arn:aws:kms:REGION:ACCOUNT:key/ID`",
    POLICY: "a policy is named by its folder and file, such as `scp/region-lock`",
    POLICY_TYPE: "a policy type is in lower case with underscores, such as `service_control_policy`",
    ORGANIZATION_ID: "an organization id looks like `o-a1b2c3d4e5`",
    ROLE: "a role name is up to 64 letters, digits and `_+=,.@-`, without its path",
    ROLE_ARN: "a role is named by its ARN, such as `arn:aws:iam::*:role/BreakGlass`",
    LINT_CODE: "the code of a check is `L` and three digits, such as `L404`",
    TRAIL: "a trail name is 3 to 128 letters, digits, dots, hyphens and underscores",
    PREFIX: "a prefix neither begins nor ends with `/`",
    PHONE: "a phone number is digits, spaces and `()+-`",
    PARAMETER: "a parameter name is letters, digits, dots, hyphens and underscores",
    PACK: "a pack is named by its file: up to 128 letters, digits and hyphens, a letter first, no underscore",
    DELIVERY_BUCKET: "AWS Config takes packs only from buckets whose names begin with `awsconfigconforms`",
    MANAGED_RULE: "a managed rule is named by its identifier, such as `LAMBDA_DLQ_CHECK`",
    RULE_NAME: "a rule's name is letters, digits, hyphens and underscores, a letter first",
    RESOURCE_TYPE: "a resource type looks like `AWS::Lambda::Function`",
    ROLE_AND_PATH: "a role is named by its name, with its path if it has one: `service/mender`",
    STAGE: "a stage names targets: `ou:/Sandbox`, `account:shop-dev`, `root`",
    BAKE: "write a number of hours, days or weeks: `12h`, `7d`, `2w`",
    SINCE: "write how long ago it was (`12h`, `30d`, `4w`), a day (`2026-11-01`), or a time in UTC",
    DAY: "a day looks like `2027-01-31`",
    DATABASE: "it is up to 255 lower-case letters, digits and underscores",
    WORKGROUP: "a workgroup's name is up to 128 letters, digits, dots, hyphens and underscores",
    RESULTS: "a place in S3 looks like `s3://bucket/prefix/`",
    AGGREGATOR: "an aggregator's name is up to 256 letters, digits, hyphens and underscores",
}
"""What to say when a value does not match."""

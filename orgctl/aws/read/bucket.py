"""The trail's bucket, read in the account that is to hold it, which is entered through the access role."""

from __future__ import annotations

from collections.abc import Mapping

from orgctl.aws.call import Answer, read
from orgctl.aws.read.reading import Reading
from orgctl.aws.read.scope import BucketScope
from orgctl.aws.read.shapes import BucketInfo
from orgctl.aws.session import Aws
from orgctl.errors import AccessDeniedError, AwsError
from orgctl.model.state import Finding

_ABSENT = frozenset({"404", "NoSuchBucket", "NotFound"})
_UNSET = frozenset(
    {
        "NoSuchBucketPolicy",
        "ServerSideEncryptionConfigurationNotFoundError",
        "NoSuchPublicAccessBlockConfiguration",
        "NoSuchLifecycleConfiguration",
        "NoSuchTagSet",
    }
)


def want_bucket(reading: Reading, account_id: str, email: str = "") -> None:
    """Have the scope's bucket read if it is to be in this account."""
    wanted = reading.scope.bucket
    owner = wanted and (wanted.account or reading.aws.identity.account).lower()
    if wanted and owner in {account_id, email.lower()}:
        reading.crew.submit("bucket", _read_bucket, reading, wanted, account_id)


def _read_bucket(reading: Reading, wanted: BucketScope, account_id: str) -> None:
    """The bucket as the account sees it; nothing if there is none, a finding where we may not tell."""
    address = f"bucket:{wanted.name}"
    try:
        reading.aws.client("s3", account_id, wanted.region)
    except AccessDeniedError as error:
        reading.findings.append(Finding(address, error.message, error.hint))
        return
    asked = {"Bucket": wanted.name, "ExpectedBucketOwner": account_id}
    try:
        head = read(reading.aws, "s3", "HeadBucket", asked, account=account_id, region=wanted.region)
    except AccessDeniedError:
        hint = "bucket names are shared by all of AWS: choose another one, or let the access role see the bucket"
        message = f"bucket `{wanted.name}` exists, but is not account `{account_id}`'s to see"
        reading.findings.append(Finding(address, message, hint))
    except AwsError as error:
        if error.code not in _ABSENT:
            raise
    else:
        reading.bucket = _info(reading.aws, wanted.name, account_id, head.get("BucketRegion") or wanted.region)


def _info(aws: Aws, name: str, account_id: str, region: str) -> BucketInfo:
    def ask(operation: str) -> Answer:
        try:
            return read(aws, "s3", operation, {"Bucket": name}, account=account_id, region=region)
        except AwsError as error:
            if error.code in _UNSET:
                return {}
            raise

    encryption = ask("GetBucketEncryption").get("ServerSideEncryptionConfiguration", {}).get("Rules", ())
    return BucketInfo(
        name=name,
        account=account_id,
        region=region,
        policy=ask("GetBucketPolicy").get("Policy"),
        encryption=_default_encryption(encryption),
        versioning=ask("GetBucketVersioning").get("Status"),
        public_access_block=ask("GetPublicAccessBlock").get("PublicAccessBlockConfiguration"),
        lifecycle=tuple(ask("GetBucketLifecycleConfiguration").get("Rules", ())),
        tags={tag["Key"]: tag["Value"] for tag in ask("GetBucketTagging").get("TagSet", ())},
    )


def _default_encryption(rules: tuple[Mapping[str, Mapping[str, object]], ...]) -> Mapping[str, object] | None:
    return next((rule["ApplyServerSideEncryptionByDefault"] for rule in rules), None) if rules else None

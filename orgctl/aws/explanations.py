"""Failures in the user's words: one sentence, and the way out."""

from __future__ import annotations

from botocore import exceptions as boto

from orgctl.aws.failures import Failure, code_of, reason_of
from orgctl.aws.operations.entry import Entry, Write
from orgctl.aws.operations.event_reads import EVENT_READS
from orgctl.errors import (
    AccessDeniedError,
    AwsError,
    CredentialsError,
    InvalidInputError,
    OrgctlError,
    ThrottledError,
    UncertainError,
    UnreachableError,
)

_DENIED = frozenset(
    [
        "AccessDenied",
        "AccessDeniedException",
        "UnauthorizedOperation",
        "UnauthorizedAccess",
        "403",
        "Forbidden",
        "AccessDeniedForDependencyException",
        "NotOrganizationMasterAccountException",
    ]
)
_EXPIRED = frozenset(["ExpiredToken", "ExpiredTokenException", "RequestExpired", "TokenRefreshRequired"])
_INVALID = frozenset(
    [
        "InvalidClientTokenId",
        "UnrecognizedClientException",
        "InvalidAccessKeyId",
        "SignatureDoesNotMatch",
        "AuthFailure",
        "InvalidToken",
        "MissingAuthenticationToken",
        "MissingAuthenticationTokenException",
        "IncompleteSignature",
        "InvalidSignatureException",
        "CloudTrailInvalidClientTokenIdException",
        "NotAuthorized",
    ]
)
_SKEWED = frozenset({"RequestTimeTooSkewed", "RequestInTheFuture"})

_SSO = (boto.SSOError, boto.TokenRetrievalError, boto.NoAuthTokenError)
_LOGIN = (boto.LoginError,)
_NO_CREDENTIALS = (
    boto.NoCredentialsError,
    boto.PartialCredentialsError,
    boto.CredentialRetrievalError,
    boto.RefreshWithMFAUnsupportedError,
    boto.MetadataRetrievalError,
    boto.UnknownCredentialError,
)
_SETTINGS = (
    boto.ProfileNotFound,
    boto.ConfigParseError,
    boto.ConfigNotFound,
    boto.InvalidConfigError,
    boto.InvalidRegionError,
    boto.UnknownRegionError,
    boto.NoRegionError,
    boto.InvalidProxiesConfigError,
)

_GIVE_CREDENTIALS = "set `AWS_PROFILE` or `--profile`, or the variables `AWS_ACCESS_KEY_ID` and `AWS_SECRET_ACCESS_KEY`"
_LOG_IN_AGAIN = "get new ones (`aws sso login`, or as you got these) and run the same command again"
_MESSAGES_OF_REASONS = {
    "MIN_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED": "the last policy of its type cannot be detached from a target",
    "MAX_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED": "the target already has as many policies of this type as AWS allows",
    "ACCOUNT_NUMBER_LIMIT_EXCEEDED": "the organization has as many accounts as its quota allows",
    "OU_DEPTH_LIMIT_EXCEEDED": "OUs cannot be nested deeper than five levels",
    "OU_NUMBER_LIMIT_EXCEEDED": "the organization has as many OUs as its quota allows",
    "POLICY_NUMBER_LIMIT_EXCEEDED": "the organization has as many policies of this type as its quota allows",
    "POLICY_CONTENT_LIMIT_EXCEEDED": "the policy is larger than AWS allows for its type",
    "MAX_TAG_LIMIT_EXCEEDED": "it has as many tags as AWS allows",
    "TAG_POLICY_VIOLATION": "the tags do not comply with the tag policy in effect",
    "SERVICE_ACCESS_NOT_ENABLED": "the service does not have trusted access yet",
    "CLOSE_ACCOUNT_QUOTA_EXCEEDED": "no more accounts may be closed within these thirty days",
    "CLOSE_ACCOUNT_REQUESTS_LIMIT_EXCEEDED": "as many accounts are being closed as AWS allows at a time",
    "ACCOUNT_CREATION_RATE_LIMIT_EXCEEDED": "as many accounts are being created as AWS allows at a time",
    "WAIT_PERIOD_ACTIVE": "the account is younger than four days",
}
_HINTS_OF_CODES = {
    "AWSOrganizationsNotInUseException": "the credentials' account is in no organization; use the management account's",
    "InsufficientS3BucketPolicyException": "the bucket's policy has to let cloudtrail.amazonaws.com write to it",
    "NoSuchBucket": "create the bucket, or correct its name and region",
    "BucketAlreadyExists": "bucket names are shared by all of AWS; choose another one",
    "UnsupportedAPIEndpointException": "this partition or region does not have this API",
}


def explain(
    error: Exception, entry: Entry, failure: Failure, principal: str | None = None, seconds: float = 0.0
) -> OrgctlError:
    """The error to raise for a failed call. `principal` is the caller's ARN, `seconds` how long we have tried."""
    title, code = entry.title, code_of(error)
    credentials = of_credentials(error, title)
    if credentials:
        return credentials
    if failure in (Failure.THROTTLED, Failure.BUSY, Failure.SETTLING):
        return _impatient(error, title, failure, seconds)
    if failure is Failure.UNREACHABLE:
        message = f"AWS cannot be reached for `{title}`: {_said(error)}"
        return UnreachableError(message, operation=title, hint="check the network, the region and `--endpoint-url`")
    if failure is Failure.LOST:
        return _lost(error, entry)
    if code in _DENIED:
        return _denied(error, entry, principal)
    message = f"`{title}` failed: {_said(error)}"
    return AwsError(message, operation=title, code=code, hint=_HINTS_OF_CODES.get(code))


def of_credentials(error: Exception, title: str) -> OrgctlError | None:
    """The error to raise if `error` is about credentials or about botocore's settings; else None."""
    code = code_of(error)
    if isinstance(error, _SETTINGS):
        return InvalidInputError(
            f"the AWS settings cannot be used: {_said(error)}", hint="see `--profile`, `--region` and ~/.aws/config"
        )
    if isinstance(error, _SSO + _LOGIN):
        return CredentialsError(f"the AWS login has expired: {_said(error)}", operation=title, hint=_LOG_IN_AGAIN)
    if isinstance(error, _NO_CREDENTIALS):
        message = f"there are no AWS credentials to use: {_said(error)}"
        return CredentialsError(message, operation=title, hint=_GIVE_CREDENTIALS)
    if code in _EXPIRED:
        message = f"the AWS credentials have expired (`{title}`)"
        return CredentialsError(message, operation=title, code=code, hint=_LOG_IN_AGAIN)
    if code in _SKEWED:
        message = f"AWS does not accept the time of this machine (`{title}`)"
        return CredentialsError(message, operation=title, code=code, hint="set the machine's clock")
    if code in _INVALID:
        message = f"AWS does not accept the credentials for `{title}`: {_said(error)}"
        return CredentialsError(message, operation=title, code=code, hint=_GIVE_CREDENTIALS)
    return None


def _impatient(error: Exception, title: str, failure: Failure, seconds: float) -> AwsError:
    if failure is Failure.THROTTLED:
        return ThrottledError(
            f"AWS throttled `{title}` for {seconds:.0f} s on end",
            operation=title,
            code=code_of(error),
            hint="another tool may be using up the organization's rate; wait, or lower the rate under `limits.rates`",
        )
    return AwsError(
        f"`{title}` could not be done for {seconds:.0f} s: {_said(error)}",
        operation=title,
        code=code_of(error),
        hint=_HINTS_OF_CODES.get(code_of(error), "it may pass by itself: run `orgctl plan` again in a while"),
    )


def _lost(error: Exception, entry: Entry) -> AwsError:
    code = code_of(error)
    if isinstance(entry, Write) and not entry.repeatable:
        return UncertainError(
            f"`{entry.title}` was sent, but its outcome is unknown: {_said(error)}",
            operation=entry.title,
            code=code,
            hint="it may have happened: run `orgctl plan`, which shows what is left to do",
        )
    if code:
        hint = "this is a fault within AWS; try again in a while"
        return AwsError(f"`{entry.title}` failed: {_said(error)}", operation=entry.title, code=code, hint=hint)
    message = f"AWS gave no answer to `{entry.title}`: {_said(error)}"
    kind = UncertainError if isinstance(entry, Write) else UnreachableError
    return kind(message, operation=entry.title, hint="check the network, and run the same command again")


def _denied(error: Exception, entry: Entry, principal: str | None) -> AccessDeniedError:
    actions = " and ".join(f"`{permission.action}`" for permission in entry.permissions) or f"`{entry.title}`"
    who = f"`{principal}`" if principal else "the caller"
    said = _said(error)
    if "service control policy" in said or "resource control policy" in said:
        hint = "a policy of the organization denies it; see where with `orgctl simulate`"
    elif entry in EVENT_READS:
        hint = "allow it on the bucket with the log files, and `kms:Decrypt` on the key, if one of yours encrypts them"
    else:
        command = "apply" if isinstance(entry, Write) or entry.for_apply_only else "plan"
        hint = f"`orgctl permissions {command}` prints the policy that it needs"
    message = f"{who} is not allowed {actions}: {said}"
    return AccessDeniedError(message, operation=entry.title, code=code_of(error), hint=hint)


def _said(error: Exception) -> str:
    """AWS's own words, or botocore's, as the end of a sentence."""
    if not isinstance(error, boto.ClientError):
        return " ".join(str(error).split()).rstrip(".")
    reason = reason_of(error)
    message = " ".join(str(error.response.get("Error", {}).get("Message", "")).split()).rstrip(".")
    words = _MESSAGES_OF_REASONS.get(reason) or message or "no message"
    return f"{words} ({code_of(error)}{'/' + reason if reason else ''})"

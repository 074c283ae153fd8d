"""What becomes of each failure: whether there is a second try, and what the user is told."""

from __future__ import annotations

from typing import Any

import pytest
from botocore import exceptions as boto
from botocore.parsers import ResponseParserError

from orgctl.aws.explanations import explain
from orgctl.aws.failures import Failure, classify
from orgctl.aws.operations.reads import READS
from orgctl.aws.operations.writes import WRITES
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

READ = READS["organizations", "ListRoots"]
ATTACH = WRITES["organizations", "AttachPolicy"]
CREATE = WRITES["organizations", "CreateAccount"]
URL = "https://organizations.us-east-1.amazonaws.com/"


def answered(code: str, status: int = 400, message: str = "Said by AWS.", **more: Any) -> boto.ClientError:
    """AWS's answer with an error code."""
    response = {"Error": {"Code": code, "Message": message}, "ResponseMetadata": {"HTTPStatusCode": status}, **more}
    return boto.ClientError(response, "Operation")  # type: ignore[arg-type]


LAST_SCP = answered("ConstraintViolationException", Reason="MIN_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED")
FIVE_IN_FLIGHT = answered("ConstraintViolationException", Reason="ACCOUNT_CREATION_RATE_LIMIT_EXCEEDED")
BROKEN = boto.ConnectionClosedError(endpoint_url=URL)

CASES = [
    (answered("TooManyRequestsException"), READ, Failure.THROTTLED, ThrottledError),
    (answered("SlowDown", 503), WRITES["s3", "PutBucketPolicy"], Failure.THROTTLED, ThrottledError),
    (answered("ConcurrentModificationException"), CREATE, Failure.BUSY, AwsError),
    (answered("PolicyChangesInProgressException"), ATTACH, Failure.BUSY, AwsError),
    (answered("OperationAborted", 409), WRITES["s3", "CreateBucket"], Failure.BUSY, AwsError),
    (FIVE_IN_FLIGHT, CREATE, Failure.SETTLING, AwsError),
    (LAST_SCP, WRITES["organizations", "DetachPolicy"], Failure.REFUSED, AwsError),
    (answered("DuplicatePolicyAttachmentException"), ATTACH, Failure.ALREADY, AwsError),
    (answered("DuplicatePolicyException"), WRITES["organizations", "CreatePolicy"], Failure.REFUSED, AwsError),
    (answered("ServiceException", 500), READ, Failure.LOST, AwsError),
    (answered("ServiceException", 500), ATTACH, Failure.LOST, AwsError),
    (answered("ServiceException", 500), CREATE, Failure.LOST, UncertainError),
    (BROKEN, READ, Failure.LOST, UnreachableError),
    (BROKEN, ATTACH, Failure.LOST, UncertainError),
    (BROKEN, CREATE, Failure.LOST, UncertainError),
    (boto.ReadTimeoutError(endpoint_url=URL), CREATE, Failure.LOST, UncertainError),
    (boto.HTTPClientError(error="?"), CREATE, Failure.LOST, UncertainError),
    (ResponseParserError("not XML"), CREATE, Failure.LOST, UncertainError),
    (boto.EndpointConnectionError(endpoint_url=URL), CREATE, Failure.UNREACHABLE, UnreachableError),
    (boto.ConnectTimeoutError(endpoint_url=URL), CREATE, Failure.UNREACHABLE, UnreachableError),
    (boto.ProxyConnectionError(proxy_url="http://proxy"), CREATE, Failure.UNREACHABLE, UnreachableError),
    (boto.SSLError(endpoint_url=URL, error="certificate"), READ, Failure.UNREACHABLE, UnreachableError),
    (boto.NoCredentialsError(), READ, Failure.REFUSED, CredentialsError),
    (boto.PartialCredentialsError(provider="env", cred_var="key"), READ, Failure.REFUSED, CredentialsError),
    (boto.CredentialRetrievalError(provider="process", error_msg="?"), READ, Failure.REFUSED, CredentialsError),
    (boto.UnauthorizedSSOTokenError(), READ, Failure.REFUSED, CredentialsError),
    (boto.SSOTokenLoadError(error_msg="?"), READ, Failure.REFUSED, CredentialsError),
    (boto.TokenRetrievalError(provider="sso", error_msg="expired"), READ, Failure.REFUSED, CredentialsError),
    (answered("ExpiredTokenException"), READ, Failure.REFUSED, CredentialsError),
    (answered("ExpiredToken", 403), READ, Failure.REFUSED, CredentialsError),
    (answered("UnrecognizedClientException"), READ, Failure.REFUSED, CredentialsError),
    (answered("InvalidClientTokenId", 403), READ, Failure.REFUSED, CredentialsError),
    (answered("SignatureDoesNotMatch", 403), READ, Failure.REFUSED, CredentialsError),
    (answered("RequestTimeTooSkewed", 403), READ, Failure.REFUSED, CredentialsError),
    (answered("AccessDeniedException"), READ, Failure.REFUSED, AccessDeniedError),
    (answered("AccessDenied", 403), ATTACH, Failure.REFUSED, AccessDeniedError),
    (answered("403", 403, ""), READS["s3", "HeadBucket"], Failure.REFUSED, AccessDeniedError),
    (boto.ProfileNotFound(profile="nobody"), READ, Failure.REFUSED, InvalidInputError),
    (boto.InvalidRegionError(region_name="moon 1"), READ, Failure.REFUSED, InvalidInputError),
    (answered("TargetNotFoundException"), ATTACH, Failure.REFUSED, AwsError),
]


@pytest.mark.parametrize(
    ("error", "entry", "failure", "kind"),
    CASES,
    ids=lambda value: getattr(value, "title", None) or getattr(value, "__name__", None) or str(value)[:60],
)
def test_every_failure_has_its_error(error: Exception, entry: Any, failure: Failure, kind: type[OrgctlError]) -> None:
    """The class decides what orgctl does next, and nearly all say a way out."""
    explained = explain(error, entry, failure, "arn:aws:iam::111111111111:user/ci", 300)
    assert (failure, kind) == (classify(error, entry), type(explained))
    assert "\n" not in explained.message
    if not isinstance(explained, AwsError) or kind is not AwsError:
        assert explained.hint


def test_a_denial_names_principal_and_action() -> None:
    """Both are what whoever mends it has to know, and the hint prints the policy."""
    error = explain(answered("AccessDeniedException"), ATTACH, Failure.REFUSED, "arn:aws:iam::111111111111:user/ci")
    assert error.message == (
        "`arn:aws:iam::111111111111:user/ci` is not allowed `organizations:AttachPolicy`:"
        " Said by AWS (AccessDeniedException)"
    )
    assert error.hint == "`orgctl permissions apply` prints the policy that it needs"


def test_a_denial_by_an_scp_does_not_send_to_iam() -> None:
    """No IAM policy helps against the organization's own guardrails."""
    denied = answered("AccessDenied", message="denied with an explicit deny in a service control policy")
    hint = explain(denied, READ, Failure.REFUSED).hint
    assert hint == "a policy of the organization denies it; see where with `orgctl simulate`"


def test_reasons_of_organizations_are_put_in_words() -> None:
    """`You have exceeded…` is what AWS says to every violated constraint."""
    message = explain(LAST_SCP, ATTACH, Failure.REFUSED).message
    assert message == (
        "`organizations:AttachPolicy` failed: the last policy of its type cannot be detached from a target"
        " (ConstraintViolationException/MIN_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED)"
    )


def test_aws_own_code_stays_with_the_error() -> None:
    """Programs tell errors by it."""
    error = explain(answered("TargetNotFoundException"), ATTACH, Failure.REFUSED)
    assert isinstance(error, AwsError)
    assert (error.operation, error.code) == ("organizations:AttachPolicy", "TargetNotFoundException")

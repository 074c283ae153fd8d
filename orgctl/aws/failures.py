"""What went wrong with a call: which kind of failure it is, and the error of `orgctl.errors` that says so."""

from __future__ import annotations

from enum import Enum, auto
from typing import cast

from botocore import exceptions as boto
from botocore.parsers import ResponseParserError

from orgctl.aws.operations.entry import Entry, Write

FAILURES = (boto.ClientError, boto.BotoCoreError, ResponseParserError)
"""Everything that a call of botocore raises."""


class Failure(Enum):
    """What a failure means for a second try."""

    THROTTLED = auto()
    """Nothing happened: we were too fast."""
    BUSY = auto()
    """Nothing happened: somebody else is at it, and it passes by itself."""
    SETTLING = auto()
    """Nothing happened: what an earlier write brought is not there for it yet."""
    UNREACHABLE = auto()
    """Nothing was sent."""
    LOST = auto()
    """It was sent, and it may have happened or not."""
    ALREADY = auto()
    """It is so already."""
    REFUSED = auto()
    """AWS, or botocore, says no."""


THROTTLING = frozenset(
    [
        "TooManyRequestsException",
        "ThrottlingException",
        "Throttling",
        "ThrottledException",
        "RequestThrottledException",
        "RequestThrottled",
        "RequestLimitExceeded",
        "SlowDown",
        "ServiceUnavailable",
        "PriorRequestNotComplete",
        "BandwidthLimitExceeded",
        "EC2ThrottledException",
    ]
)
BUSY = frozenset(
    [
        "ConcurrentModificationException",
        "PolicyChangesInProgressException",
        "FinalizingOrganizationException",
        "OperationAborted",
        "ConditionalRequestConflict",
    ]
)
_UNREACHABLE = (
    boto.EndpointConnectionError,
    boto.ConnectTimeoutError,
    boto.ProxyConnectionError,
    boto.SSLError,
)
_LOST = (boto.HTTPClientError, boto.IncompleteReadError, boto.ConnectionError, ResponseParserError)


def code_of(error: BaseException) -> str:
    """AWS's error code (`AccessDeniedException`); empty if the error is not AWS's answer."""
    return str(error.response.get("Error", {}).get("Code", "")) if isinstance(error, boto.ClientError) else ""


def reason_of(error: BaseException) -> str:
    """The reason within the code (`OU_DEPTH_LIMIT_EXCEEDED`) that Organizations gives with some; else empty."""
    if not isinstance(error, boto.ClientError):
        return ""
    answer = cast("dict[str, object]", error.response)
    return str(answer.get("Reason") or "")


def status_of(error: BaseException) -> int:
    """The HTTP status of AWS's answer; 0 without one."""
    if not isinstance(error, boto.ClientError):
        return 0
    return int(error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))


def classify(error: BaseException, entry: Entry) -> Failure:
    """What `error`, raised by a call of `entry`, means for a second try."""
    if isinstance(error, _UNREACHABLE):
        return Failure.UNREACHABLE
    if isinstance(error, _LOST):
        return Failure.LOST
    code = code_of(error)
    names = {code, f"{code}/{reason_of(error)}"}
    if isinstance(entry, Write) and names & entry.already:
        return Failure.ALREADY
    if code in THROTTLING:
        return Failure.THROTTLED
    if isinstance(entry, Write) and names & entry.settles:
        return Failure.SETTLING
    if code in BUSY:
        return Failure.BUSY
    return Failure.LOST if status_of(error) >= 500 else Failure.REFUSED

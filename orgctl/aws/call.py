"""One way to make a call: its turn in the pacing, the call, and a second try where one is safe."""

from __future__ import annotations

import logging
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

from botocore import xform_name

from orgctl.aws.explanations import explain
from orgctl.aws.failures import FAILURES, Failure, classify, code_of
from orgctl.aws.operations.entry import Entry, Write
from orgctl.aws.operations.reads import READS

if TYPE_CHECKING:
    from orgctl.aws.session import Aws

_LOG = logging.getLogger(__name__)

Answer = dict[str, Any]
"""An answer as botocore gives it, without its ResponseMetadata."""

PATIENCE: Mapping[Failure, float] = {
    Failure.THROTTLED: 600.0,
    Failure.BUSY: 180.0,
    Failure.UNREACHABLE: 6.0,
    Failure.LOST: 30.0,
}
"""Seconds from the first failure of a kind to the last try. How long a write settles is in its own table."""

_TOKENS: Mapping[str, tuple[str, str]] = {"iam": ("Marker", "Marker"), "lambda": ("Marker", "NextMarker")}
"""What a service calls the token of the next page, in requests and in answers, where it is not NextToken."""

_FIRST_DELAY, _LONGEST_DELAY = 0.4, 15.0


def read(
    aws: Aws,
    service: str,
    operation: str,
    parameters: Mapping[str, object],
    *,
    account: str | None = None,
    region: str | None = None,
) -> Answer:
    """Make a call that changes nothing. KeyError if the table READS does not hold it; else errors as `perform`."""
    return perform(aws, READS[service, operation], parameters, account=account, region=region)


def pages(
    aws: Aws,
    service: str,
    operation: str,
    parameters: Mapping[str, object],
    *,
    account: str | None = None,
    region: str | None = None,
) -> Iterator[Answer]:
    """Every page of a list call, empty ones too: the end is where AWS gives no token for another."""
    asks, answers = _TOKENS.get(service, ("NextToken", "NextToken"))
    token: str | None = None
    while True:
        asked = {**parameters, asks: token} if token else parameters
        page = read(aws, service, operation, asked, account=account, region=region)
        yield page
        token = page.get(answers)
        if not token:
            return


def perform(
    aws: Aws,
    entry: Entry,
    parameters: Mapping[str, object],
    *,
    account: str | None = None,
    region: str | None = None,
    patient: bool = False,
) -> Answer:
    """Make the call of `entry`; an answer that says "it is so already" is an empty one.

    Throttled and busy calls are tried again, and so are lost answers of reads and of repeatable writes, each for
    `PATIENCE`. `account`, `region` and `patient` are those of `Aws.client`. Raises the errors under AwsError,
    InvalidInputError for unusable AWS settings, StoppedError.
    """
    client = aws.client(entry.service, account, region, patient=patient)
    call = getattr(client, _method(entry.operation))
    bucket = aws.pacing.bucket(entry.service, entry.operation)
    tries = _Tries(aws, entry)
    while True:
        slot = bucket.acquire()
        _LOG.debug("%s:%s%s", entry.service, entry.operation, f" in {account}" if account else "")
        try:
            answer: Answer = call(**parameters)
        except FAILURES as error:
            failure = classify(error, entry)
            if failure is Failure.THROTTLED:
                bucket.throttled(slot)
            if failure is Failure.ALREADY or tries.has_arrived(error):
                return {}
            tries.wait_or_raise(error, failure, account)
        else:
            bucket.passed()
            answer.pop("ResponseMetadata", None)
            return answer


@cache
def _method(operation: str) -> str:
    """The name of the operation's method on botocore's client."""
    return str(xform_name(operation))


@dataclass(slots=True)
class _Tries:
    """The failures of one call so far."""

    aws: Aws
    entry: Entry
    count: int = 0
    first: dict[Failure, float] = field(default_factory=dict)

    def wait_or_raise(self, error: Exception, failure: Failure, account: str | None) -> None:
        """Wait before the next try, or raise what `error` is if there is to be none."""
        now = self.aws.clock.now()
        since = now - self.first.setdefault(failure, now)
        delay = self._delay()
        if not self._safe(failure) or since + delay > self._patience(failure):
            raise explain(error, self.entry, failure, self._principal(account), since) from error
        self.aws.clock.wait(delay)

    def has_arrived(self, error: Exception) -> bool:
        """Whether `error` tells that an earlier try, whose answer was lost, is being done."""
        return isinstance(self.entry, Write) and Failure.LOST in self.first and code_of(error) in self.entry.under_way

    def _delay(self) -> float:
        """Doubling, with jitter: several callers that met must not meet again."""
        longest = min(_LONGEST_DELAY, _FIRST_DELAY * 2**self.count)
        self.count += 1
        return random.uniform(longest / 2, longest)  # noqa: S311 - no secret hangs on it

    def _safe(self, failure: Failure) -> bool:
        if failure is Failure.REFUSED:
            return False
        return failure is not Failure.LOST or not isinstance(self.entry, Write) or self.entry.repeatable

    def _patience(self, failure: Failure) -> float:
        if failure is Failure.SETTLING and isinstance(self.entry, Write):
            return self.entry.settles_within
        return PATIENCE[failure]

    def _principal(self, account: str | None) -> str | None:
        identity = self.aws.known_identity
        if identity is None:
            return None
        foreign = account is not None and account != identity.account
        return identity.role_arn(account, self.aws.access_role) if account and foreign else identity.arn

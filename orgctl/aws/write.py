"""The one way to change AWS: an operation of the table WRITES, or nothing."""

from __future__ import annotations

from collections.abc import Mapping

from orgctl.aws.call import Answer, perform
from orgctl.aws.operations.writes import WRITES
from orgctl.aws.session import Aws
from orgctl.errors import RefusedError

__all__ = ["WRITES", "invoke"]


def invoke(
    aws: Aws,
    service: str,
    operation: str,
    parameters: Mapping[str, object],
    account: str | None = None,
    region: str | None = None,
) -> Answer:
    """Make one write; the answer is AWS's, or empty where AWS says that it is so already.

    `account` (an id) is entered through the access role, waiting for it if it is new. Raises RefusedError for an
    operation that is not in WRITES, UncertainError if it may have happened or not, and the others under AwsError.
    """
    entry = WRITES.get((service, operation))
    if entry is None:
        raise RefusedError(f"orgctl does not make the call `{service}:{operation}`")
    return perform(aws, entry, parameters, account=account, region=region, patient=True)

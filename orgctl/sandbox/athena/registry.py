"""The operations of Athena that the sandbox has."""

from orgctl.sandbox.messages import RefusalError
from orgctl.sandbox.operations import Registry

operation = Registry()


def invalid(message: str) -> RefusalError:
    """Athena's one refusal of whatever is wrong with a request."""
    return RefusalError("InvalidRequestException", message, AthenaErrorCode="INVALID_INPUT")

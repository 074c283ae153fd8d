"""What cannot go on, from one base.

    OrgctlError                 message, hint, exit status 1
    ├── InvalidInputError       exit status 3: usage, manifest, policy, plan or event file; carries diagnostics
    ├── RefusedError            orgctl will not do this: unsafe without a flag, another organization, not confirmed
    │   └── StalePlanError      AWS, or the plan file, is no longer what the plan was made from
    ├── LockedError             another apply holds the lock
    ├── AwsError                AWS answered with an error, or could not be reached
    │   ├── CredentialsError    no credentials, or they are expired or invalid
    │   ├── AccessDeniedError   the credentials do not allow the call
    │   ├── ThrottledError      AWS kept asking for patience for longer than we have
    │   ├── UncertainError      a write was sent and no answer came: it may have happened
    │   └── UnreachableError    no connection could be made: nothing was sent
    ├── StoppedError            asked to stop while waiting for a call's turn: nothing was sent
    └── InterruptedApplyError   an apply stopped half-way; says what is done and what is not

Problems of the user's files that can be collected are `diagnostics.Diagnostic` values instead.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from orgctl.diagnostics import Diagnostic


class OrgctlError(Exception):
    """The base: one sentence in the user's words, and a hint at the way out."""

    exit_status = 1

    def __init__(self, message: str, *, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class InvalidInputError(OrgctlError):
    """What the user gave cannot be used. `diagnostics` says where, if it is a file."""

    exit_status = 3

    def __init__(self, message: str, *, hint: str | None = None, diagnostics: tuple[Diagnostic, ...] = ()) -> None:
        super().__init__(message, hint=hint)
        self.diagnostics = diagnostics


class RefusedError(OrgctlError):
    """orgctl will not do what was asked; the hint names the flag or change that would let it."""


class StalePlanError(RefusedError):
    """The plan no longer fits: AWS changed since, or the file was edited or cut."""


class LockedError(OrgctlError):
    """Another apply holds the lock; the message says who, and since when."""


class AwsError(OrgctlError):
    """AWS answered a call with an error. `operation` is `service:Operation`, `code` AWS's error code."""

    def __init__(self, message: str, *, operation: str, code: str = "", hint: str | None = None) -> None:
        super().__init__(message, hint=hint)
        self.operation = operation
        self.code = code


class CredentialsError(AwsError):
    """There are no credentials, or AWS does not accept them."""


class AccessDeniedError(AwsError):
    """The credentials do not allow this call."""


class ThrottledError(AwsError):
    """AWS refused for its rate limits longer than the pacing waits."""


class UncertainError(AwsError):
    """A write was sent and its answer was lost: it may or may not have happened."""


class UnreachableError(AwsError):
    """No connection could be made; nothing was sent."""


class StoppedError(OrgctlError):
    """orgctl was asked to stop while this call waited for its turn; nothing was sent."""


class InterruptedApplyError(OrgctlError):
    """An apply stopped before its end; the next plan shows what is left."""

"""What a case's `by` names: a policy, a statement of it, or a level of the organization."""

from __future__ import annotations

from orgctl.manifest import LoadedManifest
from orgctl.manifest.nearest import did_you_mean
from orgctl.policy.parser import parse_with_problems
from orgctl.policytest import codes
from orgctl.policytest.case import By

_OF_AWS = ("scp/FullAWSAccess",)
_LEVELS = ("ou:", "account:")


class Unfit(Exception):  # noqa: N818 - it says of a text that it does not fit, and is nobody's error to see
    """Why a text cannot be used: a code, a sentence and a hint."""

    def __init__(self, code: str, message: str, hint: str | None = None) -> None:
        super().__init__(message)
        self.code, self.message, self.hint = code, message, hint


class Deciders:
    """Reads `by`; it remembers the statements of the policies it has met."""

    def __init__(self, loaded: LoadedManifest) -> None:
        self._loaded = loaded
        self._statements: dict[str, tuple[str, ...]] = {}

    def read(self, text: str) -> By:
        """What is meant. Raises Unfit for a policy, statement or level that there is not."""
        if text.startswith(_LEVELS) or text == "root":
            return self._level("ou:/" if text == "root" else text)
        policy, _, statement = text.partition("#")
        known = (*self._loaded.policies, *_OF_AWS)
        if policy not in known:
            hint = did_you_mean(policy, known, "write `scp/NAME`, `scp/NAME#SID`, or a level such as `ou:/Workloads`")
            raise Unfit(codes.UNKNOWN_POLICY, f"there is no policy `{policy}`", hint)
        if statement and policy not in _OF_AWS and statement not in self._names(policy):
            names = self._names(policy)
            hint = did_you_mean(statement, names, f"it has {', '.join(f'`{name}`' for name in names)}")
            raise Unfit(codes.UNKNOWN_STATEMENT, f"`{policy}` has no statement `{statement}`", hint)
        return By(policy, statement or None)

    def _level(self, address: str) -> By:
        levels = [entry.address for entry in self._loaded.targets]
        if address not in levels:
            hint = did_you_mean(address, levels, "`orgctl graph` shows the OUs and accounts")
            raise Unfit(codes.UNKNOWN_UNIT, f"there is no `{address}` in the manifest", hint)
        return By(level=address)

    def _names(self, policy: str) -> tuple[str, ...]:
        if policy not in self._statements:
            document, _ = parse_with_problems(self._loaded.policies[policy].document)
            self._statements[policy] = tuple(statement.name for statement in document.statements)
        return self._statements[policy]

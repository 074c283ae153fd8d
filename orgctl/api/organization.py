"""A manifest's organization, to be asked from Python: the value of the pytest fixture of the same name.

organization = Organization(load(directory))
organization.simulate("shop-prod", "cloudhsm:CreateCluster").decision
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from orgctl.api.simulating import Court, Question
from orgctl.api.verdict import Verdict
from orgctl.errors import InvalidInputError
from orgctl.manifest import LoadedManifest
from orgctl.manifest.nearest import did_you_mean
from orgctl.model.address import format_path
from orgctl.model.resources import AccountState
from orgctl.policy.request import Given


class Organization:
    """The organization as the manifest has it, offline; policies are compiled once for all questions."""

    def __init__(self, loaded: LoadedManifest) -> None:
        self._loaded = loaded
        self._court = Court(loaded)

    def simulate(
        self,
        account: str,
        action: str,
        *,
        resource: str | None = None,
        principal: str | None = None,
        context: Mapping[str, Given | None] | None = None,
        unknown: Iterable[str] = (),
        resource_account: str | None = None,
    ) -> Verdict:
        """What is decided on a request, as `orgctl simulate` decides it, with the same assumptions.

        Accounts are keys of the manifest or ids; `principal` may be short (`role/NAME`, `user/NAME`, `root`). In
        `context`, a list gives a key many values, and None says that it is absent; `unknown` are keys that nobody
        knows. Raises InvalidInputError for what cannot be asked.
        """
        question = Question(
            account,
            action,
            resource,
            principal,
            {key: () if value is None else value for key, value in (context or {}).items()},
            tuple(unknown),
            resource_account,
        )
        __tracebackhide__ = True  # pytest's: what is wrong is in the caller's line
        try:
            return Verdict(self._court.rule(question))
        except InvalidInputError as error:
            raise _noted(error) from None

    def accounts(self, unit: str = "ou:/") -> tuple[str, ...]:
        """The keys of the active accounts in an OU (`ou:/Workloads`) or below it, in the order of the manifest.

        Raises InvalidInputError for an OU that the manifest does not have.
        """
        units = {f"ou:{format_path(path)}": path for path in self._loaded.unit_by_path}
        path = units.get(unit)
        if path is None:
            __tracebackhide__ = True
            hint = did_you_mean(unit, units, "`orgctl graph` shows the OUs")
            raise _noted(InvalidInputError(f"there is no OU `{unit}` in the manifest", hint=hint))
        return tuple(
            account.key
            for account in self._court.simulator.accounts
            if account.parent[: len(path)] == path and account.state is AccountState.ACTIVE
        )


def _noted(error: InvalidInputError) -> InvalidInputError:
    """The error as Python prints it: with its hint."""
    again = InvalidInputError(error.message, hint=error.hint, diagnostics=error.diagnostics)
    if error.hint:
        again.add_note(f"hint: {error.hint}")
    return again

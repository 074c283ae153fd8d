"""Which facts a verdict hangs on, as SQL: calls that agree in all of them are counted together, and judged once.

Everything is Athena's dialect. What SQL can decide for certain (nothing after the change denies the call) is only
counted; of all else there is one row for each distinct set of facts, for the evaluator.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from orgctl.model.policy_types import RCP, SCP
from orgctl.policy.compiler import Compiled
from orgctl.policy.layers import Layers, NamedPolicy
from orgctl.policy.principal import PrincipalKind
from orgctl.replay.columns import NAMES, Exempt
from orgctl.replay.keys import CHOSEN, DERIVED, RECORDED
from orgctl.replay.principals import Exemption
from orgctl.replay.sql.logic import text
from orgctl.replay.sql.query import ASKED, CompiledPolicies
from orgctl.replay.verdicts.tally import SAMPLES
from orgctl.simulator import Simulator

OPEN, REFUSED, ALLOWED = "open", "refused", "allowed"
"""What SQL can say of a call; else it is an `Exemption`'s words."""

REPORTED = ("source", "name", "action", "caller", "principal", "principal_type", "principal_account", "recipient")
_PLACES = ("principal_account", "recipient")
_ASKED = ("why", "error_code", "resource", "resource_account")
_OF_RESOURCES = ("resources", "resource_why")
_RESOURCE_KEY = re.compile(r".*:resource[a-z]*(?:/.*)?")
_WORD = re.compile(r"\w+")
_SESSION = PrincipalKind.SESSION.value


@dataclass(frozen=True, slots=True)
class Facts:
    """How calls are told apart: `columns` of the dataset, besides those that a report needs anyway.

    `management` is the management account's id. `particular`: it matters which resources a call is about. `doubtful`:
    callers of accounts that are none of ours may be ours all the same, for not all ids are known.
    """

    columns: tuple[str, ...]
    management: str
    particular: bool = True
    doubtful: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """The columns of what the queries give: the class, those of the calls, how many, first, last, samples."""
        return ("class", *REPORTED, *self.columns, "events", "first", "last", "samples")

    def decided(self, compiled: CompiledPolicies, *, events: str) -> str:
        """The query, with what SQL decides of the calls."""
        class_ = self.class_(f"NOT ({ASKED})")
        return compiled.query(self._select(class_), self._grouped, events=events, where="TRUE")

    def class_(self, unless: str = "FALSE") -> str:
        """What SQL says of a call of the relation `decided`; where `unless` is true, it leaves the call open."""
        return (
            f"CASE WHEN refused THEN {text(REFUSED)} WHEN {unless} OR denied THEN {text(OPEN)}"
            f" WHEN NOT denied THEN {self._settled()} ELSE {text(OPEN)} END"
        )

    def told(self, name: str, class_: str, where: str = "FALSE") -> str:
        """What is fetched of a column, where the class or something else asks for it; NULL elsewhere."""
        asked = f"{class_} <> {text(ALLOWED)}" if name in _PLACES else f"{class_} = {text(OPEN)}"
        return f"CASE WHEN {asked if where == 'FALSE' else f'{asked} OR {where}'} THEN {self._value(name)} END"

    def undecided(self, *, events: str) -> str:
        """The query that leaves all decisions to the evaluator."""
        class_ = f"CASE WHEN refused THEN {text(REFUSED)} ELSE {text(OPEN)} END"
        return f"SELECT {self._select(class_)} FROM {events} {self._grouped}"  # noqa: S608 - no user's text

    def _settled(self) -> str:
        """Who is exempt from SCPs, and that the others are allowed; as `exemption_of` has it."""
        outside = f"({text(OPEN)})" if self.doubtful else text(Exemption.OUTSIDE_IDENTITY.value)
        if self.doubtful:
            outside = (
                f"CASE WHEN principal_account = '' THEN {text(Exemption.OUTSIDE_IDENTITY.value)} ELSE {text(OPEN)} END"
            )
        linked = text(Exempt.SERVICE_LINKED_ROLE.value)
        return (
            f"CASE WHEN exempt = {text(Exempt.SERVICE.value)} THEN {text(Exemption.SERVICE_PRINCIPAL.value)}"
            f" WHEN NOT principal_member THEN {outside}"
            f" WHEN principal_account = {text(self.management)} THEN {text(Exemption.MANAGEMENT_ACCOUNT.value)}"
            f" WHEN exempt = {linked} THEN {text(Exemption.SERVICE_LINKED_ROLE.value)} ELSE {text(ALLOWED)} END"
        )

    def _select(self, class_: str) -> str:
        told = (f"{self.told(name, class_)} AS {name}" for name in (*REPORTED, *self.columns))
        counted = (
            "count(*) AS events",
            'min("time") AS first_time',
            'max("time") AS last_time',
            f"min(event_id, {SAMPLES})",
        )
        return ", ".join((f"{class_} AS class", *told, *counted))

    def _value(self, name: str) -> str:
        if name == "resource" and not self.particular:
            return "'*'"
        return _value(name)

    @property
    def _grouped(self) -> str:
        numbers = range(1, len(REPORTED) + len(self.columns) + 2)
        return f"GROUP BY {', '.join(map(str, numbers))}"


def facts_of(before: Simulator, after: Simulator, *, tagged: bool = False, doubtful: bool = False) -> Facts:
    """The facts that the policies of two organizations look at. `tagged`: something is assumed of single resources."""
    policies = {id(policy): policy for side in (before, after) for policy in _policies(side)}
    tests = [test for rule in Compiled(Layers(scp=(tuple(policies.values()),))).rules for test in rule.tests]
    keys = frozenset().union(*(test.keys for test in tests))
    particular = (
        tagged
        or any("Resource" in test.element.split()[0] for test in tests)
        or any(_RESOURCE_KEY.fullmatch(key) for key in keys)
        or any(policy.name.startswith(f"{RCP.folder}/") for policy in policies.values())
    )
    asked = (*_ASKED, *(_OF_RESOURCES if particular else ()))
    found = {*asked, *(column for key in keys for column in _columns_of(key))}
    columns = tuple(name for name in NAMES if name in found and name not in REPORTED)
    return Facts(columns, after.organization.management_account or "", particular, doubtful)


def _policies(side: Simulator) -> Iterator[NamedPolicy]:
    for account in side.accounts:
        for folder in (SCP.folder, RCP.folder):
            for level in side.levels(account.id or "", folder) or ():
                yield from level


def _columns_of(key: str) -> Iterator[str]:
    """The columns that tell of a key: those that its SQL names, in which other words may stand, too."""
    found = RECORDED.get(key)
    if found:
        texts = (found.column, *(sign.sql for sign in found.signs))
    elif key in CHOSEN:
        texts = tuple(choice.when for choice in CHOSEN[key])
    elif key in DERIVED:
        texts = (DERIVED[key][1],)
    else:
        texts = ("parameters",)
    return (word for each in texts for word in _WORD.findall(each) if word in NAMES)


def _value(name: str) -> str:
    """A column as it matters: of an error only whether there was one, of a session only whose it is."""
    match name:
        case "error_code":
            return "CASE WHEN error_code IS NOT NULL THEN 'some' END"
        case "caller":
            same = f"principal IS NOT NULL AND principal_type = {text(_SESSION)}"
            return f"CASE WHEN {same} THEN regexp_replace(caller, '/[^/]*$', '/session') ELSE caller END"
        case _:
            return f'"{name}"'

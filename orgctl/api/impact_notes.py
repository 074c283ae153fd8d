"""What a reader of an impact should know beside its figures: of what records are silent, and what was assumed in vain.

Sources: "Logging data events", AWS CloudTrail User Guide; "Grant a user permissions to pass a role to an AWS service",
IAM User Guide (PassRole is no API call, and no CloudTrail event is logged for it).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from orgctl.errors import InvalidInputError
from orgctl.manifest.nearest import nearest
from orgctl.model.policy_types import RCP, SCP
from orgctl.model.resources import Attachment, Policy
from orgctl.model.state import State
from orgctl.policy.document import Document, Effect, Pattern, Statement
from orgctl.policy.evaluator import action_matcher
from orgctl.policy.parser import parse

_WITHIN_OTHERS = "iam:passrole"
_VARIABLE = re.compile(r"\$\{\s*([^\s,{}]+)")
_SHOWN = 3


@dataclass(frozen=True, slots=True)
class _Placed:
    """A statement where it binds."""

    target: str
    policy: str
    statement: Statement

    @property
    def meaning(self) -> object:
        each = self.statement
        conditions = frozenset((line.operator, line.key, line.values) for line in each.conditions)
        return (self.target, each.effect, each.actions, each.resources, each.principals, conditions)


def notes(before: State, after: State, assumed: Iterable[str], recorded: Collection[str]) -> tuple[str, ...]:
    """Sentences. `assumed` are context keys as somebody typed them, `recorded` the actions that were, in lower case."""
    return tuple(dict.fromkeys((*_silent(before, after, recorded), *_idle((before, after), tuple(assumed)))))


def _silent(before: State, after: State, recorded: Collection[str]) -> Iterator[str]:
    """The new denials of which records do not tell."""
    known = {each.meaning for each in _placed(before)}
    new = {each.meaning: each for each in _placed(after) if each.statement.effect is Effect.DENY}
    silent: dict[str, Pattern] = {}
    for each in (each for meaning, each in new.items() if meaning not in known):
        actions = each.statement.actions
        if actions is None or actions.negated or "*" in actions.values:
            continue
        matches = action_matcher(actions)
        name = f"`{each.policy}#{each.statement.name}`"
        if matches(_WITHIN_OTHERS):
            yield f"{name} denies `iam:PassRole`, which is asked within other calls: no record tells of it"
        elif not any(map(matches, recorded)):
            silent[name] = actions
    if len(silent) > _SHOWN:
        yield f"none of the events is one that {len(silent)} new statements speak of: {_listed(list(silent))}"
    else:
        for name, actions in silent.items():
            yield f"none of the events is one that {name} speaks of ({_listed(actions.values)})"


def _listed(values: Sequence[str]) -> str:
    more = f" and {len(values) - _SHOWN} more" if len(values) > _SHOWN else ""
    return ", ".join(values[:_SHOWN]) + more


def _idle(states: Iterable[State], assumed: tuple[str, ...]) -> Iterator[str]:
    """The assumed keys that no policy asks for."""
    if not assumed:
        return
    asked = {key.lower(): key for state in states for each in _placed(state) for key in _keys(each.statement)}
    for key in assumed:
        if key.lower() not in asked:
            meant = nearest(key, asked.values())
            hint = f"; did you mean `{meant}`?" if meant else ""
            yield f"`--assume` tells of `{key}`, which no policy asks for{hint}"


def _keys(statement: Statement) -> Iterator[str]:
    yield from (line.key for line in statement.conditions)
    texts = (statement.resources.values if statement.resources else (), *(line.values for line in statement.conditions))
    yield from (name for values in texts for text in values for name in _VARIABLE.findall(text))


def _placed(state: State) -> Iterator[_Placed]:
    documents = {policy.name: _document(policy) for policy in state.each(Policy) if _is_bound(policy.folder)}
    for attachment in state.each(Attachment):
        document = documents.get(attachment.policy)
        if document:
            yield from (_Placed(attachment.target, attachment.policy, each) for each in document.statements)


def _is_bound(folder: str) -> bool:
    return folder in (SCP.folder, RCP.folder)


def _document(policy: Policy) -> Document | None:
    """None for what nobody can read."""
    try:
        return parse(policy.content) if policy.content else None
    except InvalidInputError:
        return None

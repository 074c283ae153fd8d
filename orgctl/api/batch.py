"""`orgctl simulate --batch`: one request a line in, one answer a line out, in order, in constant memory.

    {"id", "account" | "policies", "principal", "action", "resource", "resource_account", "context", "unknown"}
    {"id", "decision", "decided_by": [{"layer", "level", "policy", "statement"}], "unknown_keys"}

A line with `account` is held against the manifest and completed as a single question is. A line with `policies` is
held against those alone: its context is taken as given, with what its principal and resource imply. A line that cannot
be read gives `{"id", "error"}`, and the rest goes on.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property

from orgctl.api.batch_line import Line, checked, decoded
from orgctl.api.brought import BroughtPolicies
from orgctl.api.completion import Completion, completed, named_caller
from orgctl.api.simulating import Court
from orgctl.api.unsaid import identifying_keys
from orgctl.errors import InvalidInputError, OrgctlError
from orgctl.policy.explanation import Answer
from orgctl.policy.principal import Principal
from orgctl.policy.request import Request

_UNNAMED = Principal.parse("arn:aws:iam::000000000000:role/unnamed")
"""Who calls where a line with `policies` does not say."""

_ENCODE = json.JSONEncoder().encode
_REMEMBERED = 10_000


class Batch:
    """Answers lines. `court` is asked for the manifest when the first line needs it.

    `lines` and `errors` count those that were read, and those of them that could not be answered; `trouble` is what is
    wrong with the manifest, if that is why.
    """

    def __init__(self, court: Callable[[], Court]) -> None:
        self._make = court
        self._made: Court | None = None
        self.trouble: OrgctlError | None = None
        self._brought = BroughtPolicies()
        self._written: dict[int, tuple[Answer, str]] = {}
        self.errors = 0
        self.lines = 0

    def answers(self, lines: Iterable[bytes]) -> Iterator[str]:
        """One line of JSON for every line that is not blank, without its end."""
        for line in lines:
            if not line.isspace():
                self.lines += 1
                yield self._answer(line)

    def _answer(self, text: bytes) -> str:
        identity: object = None
        try:
            data = decoded(text)
            identity = data.get("id")
            line = checked(data)
            answer = self._by_manifest(line) if line.policies is None else self._by_policies(line)
        except OrgctlError as error:
            return self._error(identity, error)
        return f'{{"id": {_ENCODE(identity)}, {self._text(answer)}}}'

    def _error(self, identity: object, error: OrgctlError) -> str:
        self.errors += 1
        hint = f"; {error.hint}" if error.hint else ""
        return _ENCODE({"id": identity, "error": f"{error.message}{hint}"})

    def _by_manifest(self, line: Line) -> Answer:
        if line.account is None:
            raise InvalidInputError("a request names its `account`, or brings its `policies`")
        return self._court().simulator.answer(self._completion.request(line))

    def _by_policies(self, line: Line) -> Answer:
        court = None if line.account is None else self._court()
        authorizer = self._brought.authorizer(line.policies, court.management_account if court else None)
        unnamed = court is None and line.principal is None
        caller = _UNNAMED if unnamed else self._caller(line, court)
        bare = Request(line.action.lower(), line.resource or "*", caller, _account_id(line.resource_account, court))
        request = completed(line, bare, bare.owner)
        if unnamed:
            request = _anonymized(request, identifying_keys(authorizer.keys(request.action)), line)
        return authorizer.decide(request)

    def _caller(self, line: Line, court: Court | None) -> Principal:
        text = line.principal or ""
        if text.startswith("arn:") or (court is None and "." in text):
            return Principal.parse(text)  # also a federated one: what cannot be told of it is the evaluator's to say
        if court is None:
            return named_caller(line.principal, None)
        return named_caller(line.principal, court.account(line.account or "").id, court.partition)

    def _court(self) -> Court:
        """The manifest; if it cannot be used, that is found out once, and every line that needs it fails."""
        if self.trouble:
            raise self.trouble
        if self._made is None:
            try:
                self._made = self._make()
            except OrgctlError as error:
                self.trouble = error
                raise
        return self._made

    @cached_property
    def _completion(self) -> Completion:
        return Completion(self._court())

    def _text(self, answer: Answer) -> str:
        """The answer without its id; answers that come often are written once."""
        found = self._written.get(id(answer))
        if found is None:
            found = answer, _ENCODE(_data(answer))[1:-1]
            if len(self._written) >= _REMEMBERED:
                self._written.clear()
            self._written[id(answer)] = found  # it holds the answer, so that no other one gets its id
        return found[1]


def _account_id(account: str | None, court: Court | None) -> str | None:
    if account is None or (len(account) == 12 and account.isdigit()):
        return account
    if court is None:
        raise InvalidInputError(f"`resource_account` is twelve digits, not `{account}`")
    return court.account(account).id


def _anonymized(request: Request, identifying: dict[str, str], line: Line) -> Request:
    """The request of somebody who is not named: what would tell who it is, is not known."""
    unknown = {key: spelled for key, spelled in identifying.items() if key not in line.context}
    context = {key: value for key, value in request.context.items() if key not in unknown}
    return Request(
        request.action,
        request.resource,
        request.principal,
        request.resource_account,
        context,
        {**request.unknown, **unknown},
    )


def _data(answer: Answer) -> dict[str, object]:
    data: dict[str, object] = {
        "decision": answer.decision.value,
        "decided_by": [
            {"layer": by.layer.value, "level": by.level, "policy": by.policy, "statement": by.statement}
            for by in answer.decided_by
        ],
        "unknown_keys": list(answer.unknown_keys),
    }
    return data | ({"reasons": list(answer.reasons)} if answer.reasons else {})

"""When two policies say the same in other words, and the text whose length AWS counts.

Not part of what a policy says: the order of lists, keys and statements; a scalar for a list of one; a thing said
twice; the case of actions, condition keys and operators; Sid and Id.
"""

from __future__ import annotations

import json
import re

from orgctl.errors import InvalidInputError
from orgctl.policy.document import Condition, Document, Pattern, Principals, Statement, is_iam_language
from orgctl.policy.parser import minified, parse

_ACCOUNT_ROOT = re.compile(r"arn:[^:]*:iam::(\d{12}):root")


def minify(value: object) -> str:
    """A decoded policy as AWS is sent it: JSON without whitespace, characters outside ASCII as they are."""
    return minified(value)


def same(one: object, other: object, *, sids: bool = False) -> bool:
    """Whether two policies of one type mean the same, each given as JSON text or decoded.

    With `sids` the statements' names count too: they decide nothing, but people look for them in AWS's messages.

    Policies of the IAM language are compared by `canonical_document`; what does not parse as one, and the other
    types, as JSON whose `@@…` lists (`@@assign`, `@@append`, `@@remove`, …) are sets. Raises InvalidInputError for
    text that is not JSON.
    """
    return _meaning(decoded(one), sids=sids) == _meaning(decoded(other), sids=sids)


def decoded(policy: object) -> object:
    """The value of a policy that may still be JSON text. Raises InvalidInputError if it is not JSON."""
    if not isinstance(policy, str):
        return policy
    try:
        return json.loads(policy)
    except ValueError as error:
        raise InvalidInputError(f"the policy is not JSON: {error}") from error


def _meaning(value: object, *, sids: bool) -> object:
    if is_iam_language(value):
        try:
            document = parse(value)
            names = frozenset((s.sid, canonical_statement(s)) for s in document.statements if sids)
            return canonical_document(document), names
        except InvalidInputError:
            pass  # AWS may know more than we do: such a policy is still compared, as JSON
    return canonical_json(value)


def canonical_document(document: Document) -> tuple[str, frozenset[str]]:
    """The version, and the meaning of every statement."""
    return document.version, frozenset(map(canonical_statement, document.statements))


def canonical_statement(statement: Statement) -> str:
    """One text for all the ways of writing the statement. It is JSON, stable, and fit to be kept in a set."""
    elements = {
        "Effect": statement.effect.value,
        **_pattern("Action", statement.actions, fold=True),
        **_pattern("Resource", statement.resources),
        **_principals(statement.principals),
        "Condition": sorted(set(map(canonical_condition, statement.conditions))),
    }
    return minified({name: value for name, value in elements.items() if value or name != "Condition"})


def canonical_condition(condition: Condition) -> str:
    """`stringequals aws:requestedregion ["eu-west-1"]`, and so on."""
    operator = condition.operator.lower()
    fold = operator.removesuffix("ifexists").rpartition(":")[2] in ("bool", "null")
    values = sorted({value.lower() if fold else value for value in condition.values})
    return f"{operator} {condition.key.lower()} {minified(values)}"


def canonical_principal(kind: str, name: str) -> str:
    """`AWS 111111111111` for an account however it is named; else the kind and the value."""
    root = _ACCOUNT_ROOT.fullmatch(name) if kind == "AWS" else None
    return f"{kind} {root[1] if root else name}"


def canonical_json(value: object) -> str:
    """JSON text in which the order of keys, and of the lists under `@@…` keys, has gone."""
    return json.dumps(_unordered(value), sort_keys=True, separators=(",", ":"))


def _unordered(value: object, *, as_set: bool = False) -> object:
    if isinstance(value, dict):
        return {str(key): _unordered(item, as_set=str(key).startswith("@@")) for key, item in value.items()}
    if isinstance(value, list):
        items = [_unordered(item) for item in value]
        return sorted({canonical_json(item) for item in items}) if as_set else items
    return value


def _pattern(name: str, pattern: Pattern | None, *, fold: bool = False) -> dict[str, object]:
    if pattern is None:
        return {}
    values = {value.lower() if fold else value for value in pattern.values}
    return {f"Not{name}" if pattern.negated else name: sorted(values)}


def _principals(principals: Principals | None) -> dict[str, object]:
    if principals is None:
        return {}
    members = {canonical_principal(kind, name) for kind, name in principals.members}
    return {"NotPrincipal" if principals.negated else "Principal": sorted(members)}

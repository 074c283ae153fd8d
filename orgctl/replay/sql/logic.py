"""SQL text for three-valued logic: literals, and connectives that leave out what does not matter.

Every expression is a string that can stand wherever a term can. AND, OR and NOT of SQL are those of Kleene, as they
are in `orgctl.policy.truth`.
"""

from __future__ import annotations

from collections.abc import Iterable

from orgctl.policy.truth import Truth

TRUE, FALSE, UNKNOWN = "TRUE", "FALSE", "CAST(NULL AS BOOLEAN)"


def constant(truth: Truth) -> str:
    """The SQL of a value that is the same for every row."""
    return UNKNOWN if truth is None else TRUE if truth else FALSE


def text(value: str) -> str:
    """A text literal; in it only the apostrophe is special, in Athena and in DuckDB."""
    return "'" + value.replace("'", "''") + "'"


def texts(values: Iterable[str]) -> str:
    """Literals for an IN list, each once."""
    return ", ".join(map(text, sorted(set(values))))


def member(expression: str, values: Iterable[str]) -> str:
    """Whether an expression is one of the texts; for none at all FALSE."""
    found = sorted(set(values))
    if not found:
        return FALSE
    return f"{expression} = {text(found[0])}" if len(found) == 1 else f"{expression} IN ({texts(found)})"


def both(*terms: str) -> str:
    """AND."""
    return _joined(terms, "AND", neutral=TRUE, decisive=FALSE)


def either(*terms: str) -> str:
    """OR."""
    return _joined(terms, "OR", neutral=FALSE, decisive=TRUE)


def negated(term: str) -> str:
    """NOT."""
    opposite = {TRUE: FALSE, FALSE: TRUE, UNKNOWN: UNKNOWN}
    return opposite.get(term) or f"NOT ({term})"


def chosen(*cases: tuple[str, str]) -> str:
    """The value of the first case whose condition is true; unknown if there is none."""
    left: list[tuple[str, str]] = []
    for when, then in cases:
        if when == FALSE:
            continue
        left.append((when, then))
        if when == TRUE:
            break
    while left and left[-1][1] == UNKNOWN:
        left.pop()
    while len(left) > 1 and left[-1][0] == TRUE and left[-2][1] == left[-1][1]:
        del left[-2]
    if not left:
        return UNKNOWN
    if left[0][0] == TRUE:
        return left[0][1]
    if len(left) == 2 and left[1] == (TRUE, FALSE) and left[0][1] == TRUE:
        return f"coalesce({left[0][0]}, FALSE)"
    last = f" ELSE {left.pop()[1]}" if left[-1][0] == TRUE else ""
    return "CASE " + " ".join(f"WHEN {when} THEN {then}" for when, then in left) + f"{last} END"


def _joined(terms: Iterable[str], word: str, *, neutral: str, decisive: str) -> str:
    kept = [term for term in dict.fromkeys(terms) if term != neutral]
    if decisive in kept:
        return decisive
    if len(kept) < 2:
        return kept[0] if kept else neutral
    return f" {word} ".join(f"({term})" for term in kept)

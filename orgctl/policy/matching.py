"""Wildcard patterns and ARNs: how actions, resources and the Arn operators match.

Sources: "IAM JSON policy elements: Resource" (wildcards in resource ARNs), "… Action", and "… Condition operators"
(ARN condition operators), IAM User Guide.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from orgctl.policy.template import ANY, ONE, Template, Token, Variable, fits, plain_text
from orgctl.policy.truth import Truth

ARN_FIELDS = 6

Matcher = Callable[[str], bool]


def glob(templates: Iterable[tuple[Token, ...]]) -> Matcher:
    """Match text against many wildcard patterns at once, `*` and `?` running over everything.

    Exact texts become one look-up, texts with one `*` at the end one prefix test, the rest one regular expression
    (with atomic groups, so that no pattern takes more than linear time for each `*`).
    """
    exact: set[str] = set()
    prefixes: list[str] = []
    others: list[str] = []
    for tokens in templates:
        text = plain_text(tokens)
        if text is not None:
            exact.add(text)
        elif tokens == (ANY,):
            return _always
        elif len(tokens) == 2 and isinstance(tokens[0], str) and tokens[1] is ANY:
            prefixes.append(tokens[0])
        else:
            others.append(_linear(tokens))
    return _alternatives(frozenset(exact), tuple(prefixes), others)


def _always(_text: str) -> bool:
    return True


def _alternatives(exact: frozenset[str], prefixes: tuple[str, ...], others: list[str]) -> Matcher:
    if not prefixes and not others:
        return exact.__contains__
    if not others:
        if not exact:
            return lambda text: text.startswith(prefixes)
        return lambda text: text in exact or text.startswith(prefixes)
    search = re.compile("|".join(f"(?:{other})" for other in others), re.DOTALL).fullmatch
    if not prefixes and not exact:
        return lambda text: search(text) is not None
    return lambda text: text in exact or text.startswith(prefixes) or search(text) is not None


def _linear(tokens: tuple[Token, ...], character: str = ".") -> str:
    """A regular expression in which what follows a `*` is taken where it comes first, and never tried again.

    `character` is what a wildcard takes. All of them take the same, so the first place is as good as any other.
    """
    chunks: list[list[Token]] = [[]]
    for token in tokens:
        if token is ANY:
            chunks.append([])
        else:
            chunks[-1].append(token)
    texts = ["".join(character if token is ONE else re.escape(str(token)) for token in chunk) for chunk in chunks]
    if len(texts) == 1:
        return texts[0]
    first, *middle, last = texts
    return first + "".join(f"(?>{character}*?{chunk})" for chunk in middle) + f"{character}*{last}"


def resource_matches(tokens: tuple[Token, ...], resource: str) -> Truth:
    """Whether a `Resource` pattern covers a resource; None where the documents do not say.

    They say that wildcards stay within a segment, and that a `*` at a segment's end may run over colons. What only
    matches when another `*` or a `?` runs over a colon is open, and so is a pattern of fewer than six fields.
    """
    if not fits(tokens, resource):
        return False
    if tokens == (ANY,):
        return True
    if _fields(tokens) < ARN_FIELDS:
        return None
    return True if _within_segments(tokens, resource) else None


def _fields(tokens: tuple[Token, ...]) -> int:
    return 1 + sum(token.count(":") for token in tokens if isinstance(token, str))


def stays_simple(tokens: tuple[Token, ...]) -> bool:
    """Whether a resource pattern leaves nothing open: no `?`, and every `*` stands at the end of a segment."""
    if tokens == (ANY,):
        return True
    if ONE in tokens or _fields(tokens) < ARN_FIELDS:
        return False
    following = [*tokens[1:], ":"]
    return all(
        isinstance(after, str) and after.startswith(":")
        for token, after in zip(tokens, following, strict=True)
        if token is ANY
    )


def _within_segments(tokens: tuple[Token, ...], resource: str) -> bool:
    """Walk the tokens with all the places in the text that they can have reached, so that no pattern takes forever."""
    following: list[Token] = [*tokens[1:], ":"]
    reached = {0}
    for token, after in zip(tokens, following, strict=True):
        if isinstance(token, str):
            reached = {place + len(token) for place in reached if resource.startswith(token, place)}
        elif token is ONE:
            reached = {place + 1 for place in reached if resource[place : place + 1] not in ("", ":")}
        elif reached:
            at_end = isinstance(after, str) and after.startswith(":")
            reached = _onwards(reached, resource, over_colons=at_end)
    return len(resource) in reached


def _onwards(reached: set[int], text: str, *, over_colons: bool) -> set[int]:
    """Where a `*` leads from these places."""
    if over_colons:
        return set(range(min(reached), len(text) + 1))
    places = set(reached)
    for place in range(min(reached), len(text)):
        if place in places and text[place] != ":":
            places.add(place + 1)
    return places


def is_arn(text: str) -> bool:
    """Whether there are six fields; their content is not judged."""
    return text.count(":") >= ARN_FIELDS - 1


def arn_fields(template: Template) -> tuple[Template, ...] | None:
    """Split an ARN pattern into its six fields, before values are put in for variables; None if it has fewer."""
    fields: list[list[Token | Variable]] = [[]]
    for part in template:
        if not isinstance(part, str):
            fields[-1].append(part)
            continue
        pieces = part.split(":", ARN_FIELDS - len(fields))
        for number, piece in enumerate(pieces):
            if number:
                fields.append([])
            if piece:
                fields[-1].append(piece)
    return tuple(tuple(field) for field in fields) if len(fields) == ARN_FIELDS else None


def arn_glob(patterns: Iterable[tuple[tuple[Token, ...], ...]]) -> Matcher:
    """Match an ARN against many patterns given field by field: only in the last field do wildcards run over colons."""
    exact: set[str] = set()
    others: list[str] = []
    for *front, last in patterns:
        texts = [plain_text(field) for field in (*front, last)]
        if None in texts:
            others.append("".join(f"{_linear(field, '[^:]')}:" for field in front) + _linear(last))
        else:
            exact.add(":".join(map(str, texts)))
    return _alternatives(frozenset(exact), (), others)

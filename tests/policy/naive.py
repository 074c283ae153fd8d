"""A second evaluator, written from the AWS documents alone: slow, obvious, uncompiled.

It reads the JSON of policies anew for every question, tries every statement and every value, and knows nothing of
the package that it checks. Three values: True, False, and None for what the documents leave open. A request is a
mapping with `action`, `resource`, `principal`, `owner` (the resource's account) and `context` (names in lower case;
text, or a list of texts).
"""

import ipaddress
import re
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from fractions import Fraction
from typing import Any

Truth = bool | None
Request = dict[str, Any]
Characters = list[tuple[str, bool]]
"""Characters, each with whether it is a wildcard."""


def all_of(truths: Iterable[Truth]) -> Truth:
    found = list(truths)
    return False if False in found else None if None in found else True


def one_of(truths: Iterable[Truth]) -> Truth:
    found = list(truths)
    return True if True in found else None if None in found else False


def opposite(truth: Truth) -> Truth:
    return None if truth is None else not truth


def as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def as_text(value: Any) -> str:
    return {True: "true", False: "false"}.get(value, str(value)) if isinstance(value, bool) else str(value)


# --- wildcards and variables ---------------------------------------------------------------------------------------


def fits(pattern: Characters, text: str, stops: str = "") -> bool:
    """Whether the text is the pattern; wildcards take any character that is not among `stops`."""
    reached = {0}
    for character in text:
        reached = spread(reached, pattern)
        after = set()
        for place in reached:
            if place == len(pattern):
                continue
            wanted, wild = pattern[place]
            if not wild and wanted == character:
                after.add(place + 1)
            if wild and character not in stops:
                after.add(place + 1 if wanted == "?" else place)
        reached = after
    return len(pattern) in spread(reached, pattern)


def spread(places: set[int], pattern: Characters) -> set[int]:
    """The places, and those behind a `*` that takes nothing."""
    found = set(places)
    for place in sorted(places):
        while place < len(pattern) and pattern[place] == ("*", True):
            place += 1
            found.add(place)
    return found


def pieces(text: str, variables: bool) -> list[Any]:
    """Text and variables: `("key", default)`, or a single character that is meant literally."""
    if not variables:
        return [text]
    found: list[Any] = []
    rest = text
    while "${" in rest:
        before, _, after = rest.partition("${")
        inner = re.match(r"([*?$])\}|([^,{}'\"]+?)\s*(,\s*('[^']*'|\"[^\"]*\")\s*)?\}", after)
        if inner is None:
            found.append(before + "${")
            rest = after
            continue
        default = inner[4][1:-1] if inner[4] else None
        found += [before, [inner[1]] if inner[1] else (inner[2].strip().lower(), default)]
        rest = after[inner.end() :]
    return [*found, rest]


def characters(parts: list[Any], context: dict[str, Any], wild: bool, values_wild: bool) -> Characters | str | None:
    """The pattern with the variables' values put in; None without a value; "open" for a key with many values."""
    found: Characters = []
    for part in parts:
        match part:
            case str():
                found += [(c, wild and c in "*?") for c in part]
            case [character]:
                found.append((character, False))
            case key, default:
                value = context.get(key, default)
                if isinstance(value, list):
                    return "open"
                if value is None:
                    return None
                found += [(c, wild and values_wild and c in "*?") for c in value]
    return found


def against(parts: list[Any], context: dict[str, Any], wild: bool, compare: Callable[[Characters], Truth]) -> Truth:
    """Compare with the pattern; a wildcard inside a value may or may not count, so both readings must agree."""
    results = set()
    for values_wild in (False, True):
        pattern = characters(parts, context, wild, values_wild)
        if pattern == "open":
            return None
        results.add(False if pattern is None else compare(pattern))  # type: ignore[arg-type]
    return results.pop() if len(results) == 1 else None


def fields_of(parts: list[Any]) -> list[list[Any]] | None:
    """Six fields of an ARN pattern, cut at the colons of its own text."""
    fields: list[list[Any]] = [[]]
    for part in parts:
        if isinstance(part, str):
            cut = part.split(":", 6 - len(fields))
            fields[-1].append(cut[0])
            fields += [[piece] for piece in cut[1:]]
        else:
            fields[-1].append(part)
    return fields if len(fields) == 6 else None


# --- elements --------------------------------------------------------------------------------------------------------


def action_matches(statement: dict[str, Any], action: str) -> bool:
    patterns = as_list(statement.get("Action", statement.get("NotAction")))
    found = any(fits([(c, c in "*?") for c in pattern.lower()], action.lower()) for pattern in patterns)
    return found if "Action" in statement else not found


def resource_matches(statement: dict[str, Any], variables: bool, request: Request) -> Truth:
    if "Resource" not in statement and "NotResource" not in statement:
        return True
    patterns = as_list(statement.get("Resource", statement.get("NotResource")))
    found = one_of(resource_fits(pieces(p, variables), p, request) for p in patterns)
    return found if "Resource" in statement else opposite(found)


def resource_fits(parts: list[Any], written: str, request: Request) -> Truth:
    resource, context = request["resource"], request["context"]
    if written == "*":
        return True
    fields = fields_of(parts)
    if fields is None:
        return against(parts, context, True, lambda pattern: None if fits(pattern, resource) else False)
    if any(characters(field, context, True, False) == "open" for field in fields):
        return None
    for field in fields[:5]:
        filled = characters(field, context, True, False)
        if filled is not None and (":", False) in filled:
            return False
    return against(parts, context, True, lambda pattern: segment_fits(pattern, resource))


def segment_fits(pattern: Characters, resource: str) -> Truth:
    """A `*` at the end of a segment may run over colons; another wildcard that would have to leaves it open."""
    if not fits(pattern, resource):
        return False
    ends = [i + 1 == len(pattern) or pattern[i + 1] == (":", False) for i in range(len(pattern))]
    free: Characters = [("+" if c == "*" and w and e else c, w) for (c, w), e in zip(pattern, ends, strict=True)]
    return True if strict_fits(free, resource) else None


def strict_fits(pattern: Characters, text: str) -> bool:
    """`+` takes anything, `*` and `?` all but colons."""
    if not pattern:
        return not text
    (character, wild), rest = pattern[0], pattern[1:]
    if not wild:
        return text[:1] == character and strict_fits(rest, text[1:])
    if character == "?":
        return bool(text) and text[0] != ":" and strict_fits(rest, text[1:])
    for length in range(len(text) + 1):
        if character == "*" and ":" in text[:length]:
            return False
        if strict_fits(rest, text[length:]):
            return True
    return False


# --- conditions ------------------------------------------------------------------------------------------------------


def condition_matches(operator: str, key: str, values: list[str], variables: bool, context: dict[str, Any]) -> Truth:
    prefix, _, name = operator.rpartition(":")
    if_exists = name.endswith("IfExists")
    name = name.removesuffix("IfExists")
    negated = name in (
        "StringNotEquals", "StringNotEqualsIgnoreCase", "StringNotLike", "NumericNotEquals", "DateNotEquals",
        "NotIpAddress", "ArnNotEquals", "ArnNotLike",
    )  # fmt: skip
    positive = name.replace("Not", "")
    value = context.get(key.lower())
    if not values:
        return None
    if name == "Null":
        wanted = {text.lower() for text in values}
        if prefix or if_exists or not wanted <= {"true", "false"}:
            return None
        if value == "" and len(wanted) == 1:
            return None
        return ("true" if value is None else "false") in wanted

    def one(given: str) -> Truth:
        found = one_of(COMPARE[positive](given, wanted, negated, variables, context) for wanted in values)
        return opposite(found) if negated else found

    if prefix == "ForAllValues":
        return True if value in (None, "") else all_of(one(given) for given in as_list(value))
    if prefix == "ForAnyValue":
        if value is None:
            return if_exists
        return False if value == "" else one_of(one(given) for given in as_list(value))
    if value is None:
        return if_exists or negated
    return None if isinstance(value, list) else one(value)


Comparison = Callable[[str, str, bool, bool, dict[str, Any]], Truth]


def string_equals(given: str, wanted: str, _negated: bool, variables: bool, context: dict[str, Any]) -> Truth:
    def same(pattern: Characters) -> Truth:
        return "".join(c for c, _ in pattern) == given

    return against(pieces(wanted, variables), context, False, same)


def string_equals_ignore_case(
    given: str, wanted: str, _negated: bool, variables: bool, context: dict[str, Any]
) -> Truth:
    def same(pattern: Characters) -> Truth:
        return "".join(c for c, _ in pattern).lower() == given.lower()

    return against(pieces(wanted, variables), context, False, same)


def string_like(given: str, wanted: str, _negated: bool, variables: bool, context: dict[str, Any]) -> Truth:
    return against(pieces(wanted, variables), context, True, lambda pattern: fits(pattern, given))


def arn_like(given: str, wanted: str, negated: bool, variables: bool, context: dict[str, Any]) -> Truth:
    parts = pieces(wanted, variables)
    if given.count(":") < 5:
        return None if negated else False
    fields = fields_of(parts)
    if fields is None:
        whole = against(parts, context, True, lambda pattern: fits(pattern, given))
        return False if whole is False else None
    texts = given.split(":", 5)
    return all_of(
        against(field, context, True, lambda pattern, text=text: fits(pattern, text))  # type: ignore[misc]
        for field, text in zip(fields, texts, strict=True)
    )


def number(text: str) -> Fraction | None:
    return Fraction(text) if re.fullmatch(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)", text) else None


def moment(text: str) -> Fraction | str | None:
    if re.fullmatch(r"[0-9]{4}", text):
        return "open"
    if re.fullmatch(r"[+-]?[0-9]+(\.[0-9]+)?", text):
        return Fraction(text)
    found = re.fullmatch(
        r"(\d{4})-(\d\d)(-(\d\d)(T(\d\d):(\d\d)(:(\d\d)(\.\d+)?)?(Z|([+-])(\d\d):(\d\d)))?)?", text, re.ASCII
    )
    if found is None:
        return None
    try:
        start = datetime(
            int(found[1]), int(found[2]), int(found[4] or 1), int(found[6] or 0), int(found[7] or 0),
            int(found[9] or 0), tzinfo=UTC,
        )  # fmt: skip
    except ValueError:
        return None
    seconds = Fraction(int((start - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds()))
    offset = (int(found[13] or 0) * 60 + int(found[14] or 0)) * 60
    return seconds + Fraction(found[10] or 0) - (offset if found[12] != "-" else -offset)


def ordered(read: Callable[[str], Any], relation: Callable[[Any, Any], bool]) -> Comparison:
    def compare(given: str, wanted: str, negated: bool, _variables: bool, _context: dict[str, Any]) -> Truth:
        one, other = read(given), read(wanted)
        if one == "open":
            return None
        if one is None:
            return None if negated else False
        if other == "open":
            return None
        if other is None:
            return None if negated else False
        return relation(one, other)

    return compare


def boolean(given: str, wanted: str, _negated: bool, _variables: bool, _context: dict[str, Any]) -> Truth:
    return given.lower() == wanted.lower() and wanted.lower() in ("true", "false")


def binary(given: str, wanted: str, _negated: bool, _variables: bool, _context: dict[str, Any]) -> Truth:
    return given == wanted


def ip_address(given: str, wanted: str, negated: bool, _variables: bool, _context: dict[str, Any]) -> Truth:
    try:
        one = ipaddress.ip_network(given, strict=False)
        other = ipaddress.ip_network(wanted, strict=False)
    except ValueError:
        return None if negated else False
    return one.version == other.version and one.subnet_of(other)  # type: ignore[arg-type]


RELATIONS: dict[str, Callable[[Any, Any], bool]] = {
    "Equals": lambda one, other: one == other,
    "LessThan": lambda one, other: one < other,
    "LessThanEquals": lambda one, other: one <= other,
    "GreaterThan": lambda one, other: one > other,
    "GreaterThanEquals": lambda one, other: one >= other,
}
COMPARE: dict[str, Comparison] = {
    "StringEquals": string_equals,
    "StringEqualsIgnoreCase": string_equals_ignore_case,
    "StringLike": string_like,
    "ArnEquals": arn_like,
    "ArnLike": arn_like,
    "Bool": boolean,
    "BinaryEquals": binary,
    "IpAddress": ip_address,
    **{f"Numeric{name}": ordered(number, relation) for name, relation in RELATIONS.items()},
    **{f"Date{name}": ordered(moment, relation) for name, relation in RELATIONS.items()},
}


# --- statements and layers -------------------------------------------------------------------------------------------


def statement_matches(statement: dict[str, Any], document: dict[str, Any], request: Request) -> Truth:
    variables = document.get("Version") == "2012-10-17"
    if not action_matches(statement, request["action"]):
        return False
    conditions = [
        condition_matches(operator, key, [as_text(value) for value in as_list(values)], variables, request["context"])
        for operator, keys in statement.get("Condition", {}).items()
        for key, values in keys.items()
    ]
    return all_of([resource_matches(statement, variables, request), *conditions])


def truths(documents: list[dict[str, Any]], effect: str, request: Request) -> list[Truth]:
    return [
        statement_matches(statement, document, request)
        for document in documents
        for statement in as_list(document["Statement"])
        if statement["Effect"] == effect
    ]


def decisions(scp: list[list[dict[str, Any]]], others: list[list[dict[str, Any]]], request: Request) -> set[str]:
    """The decisions that the documents leave possible, for SCPs by level and for other layers that must each allow."""
    groups = [*scp, *others]
    denied = one_of(truth for group in groups for truth in truths(group, "Deny", request))
    if denied:
        return {"EXPLICIT_DENY"}
    allowed = all_of(one_of(truths(group, "Allow", request)) for group in groups)
    return {
        *({"EXPLICIT_DENY"} if denied is None else ()),
        *({"ALLOWED"} if allowed is not False else ()),
        *({"IMPLICIT_DENY"} if allowed is not True else ()),
    }


# --- resource policies -----------------------------------------------------------------------------------------------

MUST_BE_NAMED = ("kms:decrypt",)


def named_as(principal: Any, caller: str, account: str) -> set[str]:
    """As what a Principal element names the caller, who is a user, a role session or a federated user."""
    found = set()
    for name in ["*"] if principal == "*" else as_list(principal["AWS"]):
        if name == "*":
            found.add("everyone")
        if name in (account, f"arn:aws:iam::{account}:root"):
            found.add("account")
        if name == caller:
            found.add("itself")
        role = re.fullmatch(r"arn:aws:iam::(\d+):role/(.*/)?([^/]+)", name)
        if role and caller.startswith(f"arn:aws:sts::{role[1]}:assumed-role/{role[3]}/"):
            found.add("role")
        user = re.fullmatch(r"arn:aws:iam::(\d+):user/(.*/)?([^/]+)", name)
        if user and caller == f"arn:aws:sts::{user[1]}:federated-user/{user[3]}":
            found.add("user behind it")
    return found


def ways_in(resource: dict[str, Any], identity: Truth, limits: Truth, request: Request) -> list[Truth]:
    """Every way in which the resource policy lets the caller in, within one account, by AWS's page on the logic."""
    must = request["action"].lower() in MUST_BE_NAMED
    ways = []
    for statement in as_list(resource["Statement"]):
        if statement["Effect"] == "Deny":
            continue
        truth = statement_matches(statement, resource, request)
        keys = {key.lower() for block in statement.get("Condition", {}).values() for key in block}
        for name in named_as(statement["Principal"], request["principal"], request["account"]):
            if name == "itself" or (name == "everyone" and "aws:principalarn" in keys):
                ways.append(truth)
            elif name in ("role", "user behind it"):
                ways.append(all_of([truth, limits]))
            elif name == "account":
                ways.append(all_of([truth, limits, identity if must else identity or None]))
            else:
                ways.append(all_of([truth, limits or None]))
    return ways


def decisions_with_resource(
    layers: dict[str, list[dict[str, Any]]], resource: dict[str, Any], request: Request
) -> set[str]:
    """The decisions left possible by identity policies, boundary and session policies beside a resource policy."""
    groups = [*layers.values()]
    named = {"Version": resource["Version"], "Statement": [
        statement
        for statement in as_list(resource["Statement"])
        if named_as(statement["Principal"], request["principal"], request["account"])
    ]}  # fmt: skip
    denied = one_of(truth for group in [*groups, [named]] for truth in truths(group, "Deny", request))
    if denied:
        return {"EXPLICIT_DENY"}
    allows = {layer: one_of(truths(documents, "Allow", request)) for layer, documents in layers.items()}
    limits = all_of([allows["boundary"], allows["session"]])
    own = all_of([allows["identity"], limits])
    if request["account"] == request["owner"]:
        ways = ways_in(resource, allows["identity"], limits, request)
        allowed = one_of(ways if request["action"].lower() in MUST_BE_NAMED else [*ways, own])
    else:
        allowed = all_of([own, one_of(truths([named], "Allow", request))])
    return {
        *({"EXPLICIT_DENY"} if denied is None else ()),
        *({"ALLOWED"} if allowed is not False else ()),
        *({"IMPLICIT_DENY"} if allowed is not True else ()),
    }

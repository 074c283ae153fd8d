"""pydantic's errors in the user's words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic_core import ErrorDetails

from orgctl.manifest.patterns import MEANING

_WANTED = {
    "string_type": "text",
    "int_type": "a whole number",
    "float_type": "a number",
    "bool_type": "true or false",
    "list_type": "a list",
    "dict_type": "a mapping",
    "model_type": "a mapping",
    "model_attributes_type": "a mapping",
    "text_or_list": "text or a list of text",
    "name_or_mapping_type": "a name or a mapping",
    "switch_or_mapping_type": "true, false or a mapping",
}


def wrong_type(kind: str, name: str, value: object, text: str | None) -> tuple[str, str | None]:
    """Message and hint for a value of the wrong type. `text` is what the user wrote, for a scalar not read as text."""
    wanted = _WANTED.get(kind, "something else")
    match value:
        case None:
            return f"{name} has to be {wanted}, but there is nothing here", _HINTS_FOR_NOTHING.get(wanted)
        case bool() | int() | float():
            read = "a boolean" if isinstance(value, bool) else "a number"
            message = f"{name} has to be {wanted}, but `{text or value}` is read as {read}"
            return message, f'put it in quotes: "{text or value}"' if "text" in wanted else None
        case str():
            return f"{name} has to be {wanted}, but `{value}` is text", _hint_for_text(wanted, value)
        case list():
            hint = "write `name: ...` lines, without the dashes" if wanted == "a mapping" else None
            return f"{name} has to be {wanted}, but this is a list", hint
        case _:
            return f"{name} has to be {wanted}, but this is a mapping", None


_HINTS_FOR_NOTHING = {
    "text": "write the value, or take the key out",
    "a list": "write `[]` for an empty list, or take the key out",
    "a mapping": "write `{}` for an empty one, or take the key out",
}


def _hint_for_text(wanted: str, value: str) -> str | None:
    match wanted:
        case "a list":
            return f"put it in brackets: [{value}]"
        case "a number" | "a whole number" | "true or false":
            return "take the quotes off" if value.replace(".", "").isdigit() or value in ("true", "false") else None
        case _:
            return None


def malformed(name: str, details: ErrorDetails) -> tuple[str, str | None]:
    """Message and hint for a value of the right type that will not do."""
    context: Mapping[str, Any] = details.get("ctx", {})
    value = details["input"]
    match details["type"]:
        case "string_pattern_mismatch":
            return f"{name} cannot be `{value}`", MEANING.get(context["pattern"])
        case "string_too_short":
            return f"{name} cannot be `{value}`: it needs at least {_count(context['min_length'], 'character')}", None
        case "string_too_long":
            limit = context["max_length"]
            return f"{name} has {len(value)} characters; {limit} is the most", None
        case "too_short":
            return f"{name} needs at least {_count(context['min_length'], 'item')}", None
        case "literal_error":
            return _not_allowed(name, value, context["expected"].replace("'", "`"))
        case "greater_than":
            return f"{name} has to be more than {context['gt']:g}, not {value}", None
        case "greater_than_equal":
            return f"{name} has to be at least {context['ge']:g}, not {value}", None
        case _:
            return f"{name} is not valid: {details['msg'][:1].lower()}{details['msg'][1:]}", None


def _not_allowed(name: str, value: object, expected: str) -> tuple[str, str]:
    if expected == value:
        return f"{name} has to be the number {expected}, but `{value}` is text", "take the quotes off"
    return f"{name} cannot be `{value}`", f"it can be {expected}"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"

"""Rules in the language of CloudFormation Guard: AWS Config evaluates them itself, without a function of ours.

The engine is cfn-guard's own, through its Python binding. Sources: "Creating AWS Config Custom Policy Rules" (AWS
Config Developer Guide), "Testing AWS CloudFormation Guard rules" (Guard's user guide).
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from orgctl.diagnostics import Position
from orgctl.errors import OrgctlError
from orgctl.rules import codes
from orgctl.rules.problems import Problems

MAX_TEXT = 10_000
"""Characters. Source: `PolicyText` in AWS Config's API reference."""

_PLACE = re.compile(r"at line (?P<line>\d+) at column (?P<column>\d+), when handling (?P<what>.*)", re.DOTALL)
_FRAGMENT = re.compile(r"(?P<said>.*?)(?:\s*#\d+@\d+)?,? ?fragment (?P<rest>.*?)`*\Z", re.DOTALL)
_FUNCTION = re.compile(
    r"=\s*(?P<name>count|join|json_parse|now|parse_boolean|parse_char|parse_epoch|parse_float|parse_int|parse_string"
    r"|regex_replace|substring|to_lower|to_upper|url_decode)\s*\("
)
"""The functions of Guard 3; AWS Config's runtime is `guard-2.x.x`. Source: "Built-in functions", Guard's user guide."""
_COMMENT_OR_TEXT = re.compile(r"#[^\n]*|\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'|<<.*?>>", re.DOTALL)


class Status(Enum):
    """What Guard says of one rule of a policy, in its own words."""

    PASS = "PASS"  # noqa: S105  # Guard's word, no password
    FAIL = "FAIL"
    SKIP = "SKIP"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a policy says of one configuration item. `messages` are those of the clauses that failed."""

    status: Status
    rules: Mapping[str, Status]
    messages: tuple[str, ...]


class GuardError(Exception):
    """Guard cannot use the policy. `line` and `column` count from 1; 0 where Guard does not say."""

    def __init__(self, message: str, line: int = 0, column: int = 0) -> None:
        super().__init__(message)
        self.message = message
        self.line = line
        self.column = column


def evaluate(text: str, item: object) -> Verdict:
    """Hold a configuration item against a policy. Raises GuardError; OrgctlError if Guard is not installed."""
    answer = _validate(json.dumps(item), text)
    if not answer["success"]:
        raise _error(str(answer["error"]))
    result: Any = answer["result"] or {}
    rules = dict.fromkeys(result.get("not_applicable", ()), Status.SKIP)
    rules |= dict.fromkeys(result.get("compliant", ()), Status.PASS)
    failed = [each["Rule"] for each in result.get("not_compliant", ())]
    rules |= {each["name"]: Status.FAIL for each in failed}
    messages = tuple(dict.fromkeys(message for each in failed for message in _messages(each)))
    return Verdict(Status(result.get("status", "SKIP")), rules, messages)


def _validate(data: str, text: str) -> dict[str, object]:
    try:
        from guardpycfn import validate_with_guard
    except ImportError as error:
        message = "rules of CloudFormation Guard need its Python binding, which is not installed"
        raise OrgctlError(message, hint="install `orgctl[rules]`") from error
    answer: dict[str, object] = validate_with_guard(data, text)
    return answer


def _error(said: str) -> GuardError:
    found = _PLACE.search(said)
    if not found:
        return GuardError(said.rpartition("Error = ")[2].strip("` ") or "Guard does not accept it")
    fragment = _FRAGMENT.match(found["what"])
    what = fragment["said"].removesuffix("RULES_STDIN").strip(" ,") if fragment else ""
    rest = fragment["rest"].split("\n")[0].strip() if fragment else ""
    message = what[:1].lower() + what[1:] if what else f"not understood: `{rest}`" if rest else "it ends too early"
    return GuardError(message, int(found["line"]), int(found["column"]))


def _messages(node: object) -> list[str]:
    """Of each failed clause the author's message, else Guard's."""
    match node:
        case {"messages": {"custom_message": custom, "error_message": said}} if custom or said:
            return [" ".join(str(custom or said).split())]
        case dict():
            return [message for value in node.values() for message in _messages(value)]
        case list():
            return [message for value in node for message in _messages(value)]
        case _:
            return []


def check_policy(problems: Problems, file: str) -> str:
    """The text of a policy; what is wrong with it is reported."""
    position = Position(problems.file(file))
    try:
        text = (problems.folder / file).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        problems.add(codes.GUARD_SYNTAX, "the policy cannot be read as UTF-8 text", position)
        return ""
    if len(text) > MAX_TEXT:
        message = f"the policy has {len(text):,} characters, and AWS Config takes {MAX_TEXT:,}"
        problems.add(codes.GUARD_LENGTH, message, position, "make it two rules, or leave comments out")
    _check_functions(problems, text, position.file)
    try:
        evaluate(text, {})
    except GuardError as error:
        place = Position(position.file, error.line, error.column)
        problems.add(codes.GUARD_SYNTAX, f"this is not valid Guard: {error.message}", place)
    except OrgctlError as error:
        problems.warn(codes.GUARD_UNCHECKED, f"the policy is not checked: {error.message}", position, error.hint)
    return text


def _check_functions(problems: Problems, text: str, file: str) -> None:
    bare = _COMMENT_OR_TEXT.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), text)
    for found in _FUNCTION.finditer(bare):
        before = bare[: found.start("name")]
        place = Position(file, before.count("\n") + 1, len(before) - before.rfind("\n"))
        message = f"AWS Config evaluates policies by Guard 2, which has no function `{found['name']}`"
        problems.add(codes.GUARD_VERSION, message, place)

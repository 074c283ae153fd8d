"""RDK's `parameters.json`: triggers and input parameters of a rule.

Source: "AWS Config Rules Development Kit" (rdk 0.17), the file that `rdk create` writes. The values of
`InputParameters` and `OptionalParameters` are JSON objects written into strings.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

from orgctl.manifest.nearest import did_you_mean
from orgctl.rules import codes
from orgctl.rules.problems import Problems, within_text
from orgctl.rules.resource_types import known_type
from orgctl.rules.rule import FREQUENCIES, Parameter
from orgctl.source import Source

FILE = "parameters.json"

_TOP = ("Version", "Parameters", "Tags")
_KNOWN = (
    "RuleName", "Description", "SourceRuntime", "CodeKey", "InputParameters", "OptionalParameters", "SourceEvents",
    "SourcePeriodic", "EvaluationMode", "SourceIdentifier", "RuleSets", "Remediation", "SSMAutomation", "Tags",
)  # fmt: skip
_RUNTIME = re.compile(r"python3\.(?P<minor>\d+)-lib\Z")
_OLDEST = 10
"""rdklib 0.3 needs Python 3.10."""


@dataclass(frozen=True, slots=True)
class Declared:
    """What the file says, as far as it could be read."""

    resource_types: tuple[str, ...] = ()
    periodic: str | None = None
    required: tuple[Parameter, ...] = ()
    optional: tuple[Parameter, ...] = ()
    runtime: str = "python3.13"


def read_parameters(problems: Problems) -> Declared:
    """Read `parameters.json` of a folder; what is wrong goes to `problems`."""
    source = problems.read(FILE)
    if source is None:
        return Declared()
    if not isinstance(source.value, dict) or not isinstance(source.get(("Parameters",)), dict):
        hint = "`orgctl rules new NAME` writes a whole one"
        problems.add(codes.SHAPE, "the mapping `Parameters` is missing", source.at(()), hint)
        return Declared()
    _keys(problems, source)
    _name(problems, source)
    required, optional = (_inputs(problems, source, key) for key in ("InputParameters", "OptionalParameters"))
    _overlap(problems, source, required, optional)
    types, periodic = _types(problems, source), _periodic(problems, source)
    if not types and not periodic and not problems.failed:
        hint = "give resource types in `SourceEvents`, a frequency in `SourcePeriodic`, or both"
        problems.add(codes.NO_TRIGGER, "nothing triggers the rule", source.at(("Parameters",)), hint)
    return Declared(types, periodic, required, optional, _runtime(problems, source))


def _keys(problems: Problems, source: Source) -> None:
    if source.get(("Version",)) != "1.0":
        problems.add(codes.SHAPE, '`Version` is not `"1.0"`', source.at(("Version",)))
    for place, known in (((), _TOP), (("Parameters",), _KNOWN)):
        value = source.get(place)
        for key in value if isinstance(value, dict) else ():
            if key not in known:
                hint = did_you_mean(key, known, "what RDK does not know belongs into `rule.yaml`")
                problems.add(codes.FOREIGN_KEY, f"RDK knows no key `{key}` here", source.key_at((*place, key)), hint)


def _name(problems: Problems, source: Source) -> None:
    place, folder = ("Parameters", "RuleName"), problems.folder.name
    if source.get(place) != folder:
        message = f"`RuleName` is `{source.get(place)}`, and the folder `{folder}`"
        problems.add(codes.OTHER_NAME, message, source.at(place), "give both one name")


def _inputs(problems: Problems, source: Source, key: str) -> tuple[Parameter, ...]:
    place, text = ("Parameters", key), source.get(("Parameters", key))
    if text is None:
        return ()
    hint = f'write `"{key}": "{{\\"Name\\": \\"value\\"}}"`; RDK reads it so'
    if not isinstance(text, str):
        problems.add(codes.NOT_A_JSON_STRING, f"`{key}` is not JSON written into a string", source.at(place), hint)
        return ()
    try:
        value = json.loads(text or "{}")
    except (ValueError, RecursionError) as error:
        where = within_text(source, place, getattr(error, "pos", 0))
        problems.add(codes.NOT_A_JSON_STRING, f"the text of `{key}` is not JSON: {_reason(error)}", where, hint)
        return ()
    if not isinstance(value, dict):
        problems.add(codes.NOT_A_JSON_STRING, f"the text of `{key}` is no JSON object", source.at(place), hint)
        return ()
    return tuple(_parameter(problems, source, key, name, default) for name, default in value.items())


def _reason(error: Exception) -> str:
    message = getattr(error, "msg", "it is nested too deeply")
    return f"{message[:1].lower()}{message[1:]}".removesuffix(" at")


def _parameter(problems: Problems, source: Source, key: str, name: str, default: object) -> Parameter:
    if not isinstance(default, str):
        message = f"the value of the parameter `{name}` in `{key}` is not text"
        hint = "AWS Config hands parameters to rules as text; put it in quotes"
        problems.add(codes.PARAMETER_VALUE, message, source.at(("Parameters", key)), hint)
        default = ""
    return Parameter(name, default)


def _overlap(
    problems: Problems, source: Source, required: tuple[Parameter, ...], optional: tuple[Parameter, ...]
) -> None:
    for name in {each.name for each in required} & {each.name for each in optional}:
        where = source.at(("Parameters", "OptionalParameters"))
        hint = "take it out of `InputParameters` or of `OptionalParameters`"
        problems.add(codes.PARAMETER_TWICE, f"the parameter `{name}` is both required and optional", where, hint)


def _types(problems: Problems, source: Source) -> tuple[str, ...]:
    place, text = ("Parameters", "SourceEvents"), source.get(("Parameters", "SourceEvents"))
    if text in (None, ""):
        return ()
    if not isinstance(text, str):
        hint = 'write `"AWS::Lambda::Function,AWS::S3::Bucket"`'
        problems.add(codes.SHAPE, "`SourceEvents` is not a text of types with commas", source.at(place), hint)
        return ()
    offset = 0
    for part in text.split(","):
        known_type(problems, part.strip(), within_text(source, place, offset + len(part) - len(part.lstrip())))
        offset += len(part) + 1
    return tuple(dict.fromkeys(part.strip() for part in text.split(",")))


def _periodic(problems: Problems, source: Source) -> str | None:
    place, text = ("Parameters", "SourcePeriodic"), source.get(("Parameters", "SourcePeriodic"))
    if text in (None, ""):
        return None
    if text not in FREQUENCIES:
        hint = did_you_mean(str(text), FREQUENCIES, f"use one of {', '.join(FREQUENCIES)}")
        problems.add(codes.FREQUENCY, f"the frequency `{text}` is none of AWS Config's", source.at(place), hint)
        return None
    return str(text)


def _runtime(problems: Problems, source: Source) -> str:
    place = ("Parameters", "SourceRuntime")
    text = str(source.get(place))
    found = _RUNTIME.match(text)
    if found is None or int(found["minor"]) < _OLDEST:
        hint = "use `python3.13-lib`; `-lib` is RDK's word for rules on rdklib"
        problems.add(codes.RUNTIME, f"the runtime `{text}` is not one that rdklib runs on", source.at(place), hint)
    return text.removesuffix("-lib")

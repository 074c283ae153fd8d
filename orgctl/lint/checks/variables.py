"""Variables that stand for nothing. Source: "IAM policy elements: Variables and tags", IAM User Guide."""

from __future__ import annotations

import re
from collections.abc import Iterator

from orgctl.lint import catalogue
from orgctl.lint.check import Check, Finding
from orgctl.lint.checks.condition_keys import hint, is_known
from orgctl.lint.subject import Subject
from orgctl.lint.walking import strings
from orgctl.policy.template import Variable, parse_template

_OPENING = re.compile(r"\$\{")


def variables(subject: Subject) -> Iterator[Finding]:
    """What stands in `${…}` is a key with one value, and is closed."""
    for place, text in strings(subject.written):
        if "${" not in text:
            continue
        found = [part for part in parse_template(text, variables=True, wildcards=False) if isinstance(part, Variable)]
        position = subject.source.at(place)
        for variable in found:
            key = catalogue.find_key(variable.key)
            if ":" not in variable.key:
                continue  # of a template: L501 says so
            if not is_known(variable.key):
                message = f"the variable `{_written(text, variable)}` is no condition key of AWS, and never has a value"
                yield Finding(position, message, hint(variable.key))
            elif key and key.many:
                message = f"`{key.name}` can hold several values, and cannot be a variable"
                yield Finding(position, message, "variables are put in for keys with one value")
        if len(_OPENING.findall(text)) > text.count("}"):
            yield Finding(position, f"a variable in `{text}` is not closed, and is plain text so", "add the `}`")


def _written(text: str, variable: Variable) -> str:
    """The variable as the user wrote it: templates hold keys in lower case."""
    start = text.lower().find(variable.key)
    return f"${{{text[start : start + len(variable.key)]}}}"


VARIABLES = Check("L205", "A variable that stands for nothing", variables)

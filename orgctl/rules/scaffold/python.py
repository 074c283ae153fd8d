"""The files of a new rule of Python. As laid down it wants a tag; its tests say so, and pass."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from string import Template

from orgctl.rules.scaffold.wanted import Asked

_CODE = Template('''"""$summary"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from organization_rule.entry import Result, handle
from organization_rule.items import Item$import_tags
from organization_rule.notice import Event
from organization_rule.parameters import Parameters
from organization_rule.rule import OrganizationRule
from organization_rule.sessions import Clients
from organization_rule.verdicts import $verdicts
from rdklib import Evaluation

RESOURCE_TYPES = ($types)


@dataclass(frozen=True, slots=True)
class Wanted:
    """The rule's parameters."""

$fields


class $name(OrganizationRule):
    """See README.md beside this file."""

    def evaluate_parameters(self, rule_parameters: Mapping[str, object]) -> Wanted:
        """Raises InvalidParametersError."""
        parameters = Parameters(rule_parameters)
        wanted = Wanted($reading)
$checks        parameters.finish()
        return wanted
$methods

def lambda_handler(event: Event, context: object) -> list[Result]:
    """Called by AWS Config through Lambda."""
    return handle($name(), RESOURCE_TYPES, event, context)
''')

_CHANGE = '''
    def evaluate_change(
        self, event: Event, client_factory: Clients, configuration_item: Item, valid_rule_parameters: Wanted
    ) -> list[Evaluation]:
        """Judge one resource by its configuration item."""
        if "Owner" in tags_of(configuration_item):
            return [compliant()]
        return [non_compliant("it has no tag `Owner`", "say there who answers for it")]
'''

_PERIODIC = '''
    def evaluate_periodic(
        self, event: Event, client_factory: Clients, valid_rule_parameters: Wanted
    ) -> list[Evaluation]:
        """Judge the account; `client_factory.build_client("iam")` asks about it."""
        return [about(compliant(), "AWS::::Account", str(event["accountId"]))]
'''

_TESTS = Template('''"""What $name says, as tables."""

import sys
import unittest
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[1])]

from $name import RESOURCE_TYPES, $name
from organization_rule.testing import $helpers
from rdklib import InvalidParametersError

PARAMETERS = $parameters


class Verdicts(unittest.TestCase):$tests

class WrongParameters(unittest.TestCase):
    def test_what_is_not_known_is_refused(self):
        """A misspelt parameter makes the evaluation fail, and is named."""
        with self.assertRaisesRegex(InvalidParametersError, "Mispelt"):
            evaluate($name(), RESOURCE_TYPES, $event_wrong)


if __name__ == "__main__":
    unittest.main()
''')

_CHANGE_TESTS = Template('''
    def test_each_resource(self):
        """A resource with an owner is fine, one without is not, and a deleted one is none."""
        item = fixture(__file__, "$fixture")
        table = {
            "owned": ({**item, "tags": {"Owner": "payments"}}, "COMPLIANT"),
            "nobody's": (item, "NON_COMPLIANT: it has no tag `Owner`: say there who answers for it"),
            "deleted": ({**item, "configurationItemStatus": "ResourceDeleted"}, "NOT_APPLICABLE"),
        }
        for name, (resource, expected) in table.items():
            with self.subTest(name):
                self.assertEqual(expected, verdict($name(), resource, PARAMETERS))
''')

_PERIODIC_TESTS = Template('''
    def test_the_account(self):
        """Asked by the clock, the rule judges the account."""
        (result,) = evaluate($name(), RESOURCE_TYPES, schedule(PARAMETERS), Account())
        self.assertEqual("COMPLIANT", result["ComplianceType"])
''')

_PAGE = Template("""# $name

$summary

| triggered by | |
| --- | --- |
| changes of | $types |
| the clock | $periodic |

## Parameters

$parameters

## What it says

| | |
| --- | --- |
| COMPLIANT | … |
| NON_COMPLIANT | … |
| NOT_APPLICABLE | the resource is deleted |
""")


def python_files(asked: Asked) -> Mapping[str, str]:
    """The files of the rule, by their path in its folder."""
    return {
        f"{asked.name}.py": _code(asked),
        f"{asked.name}_test.py": _tests(asked),
        "parameters.json": _parameters(asked),
        "rule.yaml": _metadata(asked),
        "README.md": _page(asked),
        **{f"fixtures/{_fixture(kind)}.json": _item(kind) for kind in asked.resource_types},
    }


def _code(asked: Asked) -> str:
    changes = bool(asked.resource_types)
    checks = "".join(
        f'        if not wanted.{_field(name)}:\n            parameters.problem("{name}", "is missing")\n'
        for name in asked.required
    )
    return _CODE.substitute(
        name=asked.name,
        summary=asked.summary,
        types="".join(
            f'"{kind}",' if len(asked.resource_types) == 1 else f'"{kind}", ' for kind in asked.resource_types
        ).removesuffix(", "),
        import_tags=", tags_of" if changes else "",
        verdicts=", ".join(
            [*(["about"] if asked.periodic else []), "compliant", *(["non_compliant"] if changes else [])]
        ),
        fields="\n".join(f"    {_field(name)}: str" for name in asked.parameters)
        or "    # one field for each parameter",
        reading=", ".join(_read(name, default) for name, default in asked.parameters.items()),
        checks=checks,
        methods=(_CHANGE if changes else "") + (_PERIODIC if asked.periodic else ""),
    )


def _read(name: str, default: str) -> str:
    return f"{_field(name)}=parameters.text({', '.join(json.dumps(each) for each in (name, default) if each)})"


def _field(parameter: str) -> str:
    """`ApprovedLayers` as a Python name: `approved_layers`."""
    snake = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", parameter).lower()
    return f"{snake}_" if snake in _KEYWORDS else snake


_KEYWORDS = frozenset({"class", "def", "from", "import", "in", "is", "not", "or", "and", "if", "for", "return", "pass"})


def _tests(asked: Asked) -> str:
    changes, kind = bool(asked.resource_types), asked.resource_types[0] if asked.resource_types else ""
    tests = _CHANGE_TESTS.substitute(name=asked.name, fixture=_fixture(kind)) if changes else ""
    tests += _PERIODIC_TESTS.substitute(name=asked.name) if asked.periodic else ""
    wrong = '{**PARAMETERS, "Mispelt": "x"}'
    helpers = [*(["Account"] if asked.periodic else []), *(["change"] if changes else []), "evaluate"]
    helpers += ["fixture"] if changes else []
    helpers += ["schedule"] if asked.periodic else []
    helpers += ["verdict"] if changes else []
    event = f'change(fixture(__file__, "{_fixture(kind)}"), {wrong})' if changes else f"schedule({wrong})"
    return _TESTS.substitute(
        name=asked.name,
        helpers=", ".join(helpers),
        tests=tests,
        event_wrong=event,
        parameters=json.dumps(dict.fromkeys(asked.required, "something")),
    )


def _parameters(asked: Asked) -> str:
    inner = {
        "RuleName": asked.name,
        "Description": asked.summary,
        "SourceRuntime": "python3.13-lib",
        "CodeKey": f"{asked.name}.zip",
        "InputParameters": json.dumps(dict.fromkeys(asked.required, "")),
        "OptionalParameters": json.dumps(asked.optional),
        **({"SourceEvents": ",".join(asked.resource_types)} if asked.resource_types else {}),
        **({"SourcePeriodic": asked.periodic} if asked.periodic else {}),
    }
    return json.dumps({"Version": "1.0", "Parameters": inner, "Tags": "[]"}, indent=2) + "\n"


def _metadata(asked: Asked) -> str:
    lines = [f"summary: {asked.summary}", "permissions: [] # IAM actions that it needs in the account it looks at"]
    if asked.parameters:
        lines += ["parameters:", *(f"  {name}: what it means" for name in asked.parameters)]
    return "\n".join(lines) + "\n"


def _page(asked: Asked) -> str:
    rows = [f"| `{name}` | {'required' if name in asked.required else f'default: `{default}`'} | … |"
            for name, default in asked.parameters.items()]  # fmt: skip
    table = "\n".join(["| parameter | | meaning |", "| --- | --- | --- |", *rows]) if rows else "It has none."
    return _PAGE.substitute(
        name=asked.name,
        summary=asked.summary,
        types=", ".join(f"`{kind}`" for kind in asked.resource_types) or "nothing",
        periodic=f"`{asked.periodic}`" if asked.periodic else "never",
        parameters=table,
    )


def _fixture(kind: str) -> str:
    """`AWS::Lambda::Function` as a file's name: `lambda_function`."""
    return "_".join(kind.lower().split("::")[1:])


def _item(kind: str) -> str:
    """A configuration item as short as one can be: put a real one in its place."""
    service, name = kind.split("::")[1].lower(), "example"
    value = {
        "version": "1.3",
        "configurationItemCaptureTime": "2026-01-01T00:00:00.000Z",
        "configurationItemStatus": "OK",
        "configurationStateId": "1767225600000",
        "awsAccountId": "111122223333",
        "awsRegion": "eu-west-1",
        "ARN": f"arn:aws:{service}:eu-west-1:111122223333:{name}",
        "resourceType": kind,
        "resourceId": name,
        "resourceName": name,
        "relatedEvents": [],
        "relationships": [],
        "tags": {},
        "configuration": {},
        "supplementaryConfiguration": {},
    }
    return json.dumps(value, indent=2) + "\n"

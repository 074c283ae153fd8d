"""Advanced queries over what is recorded, as far as they are needed.

    SELECT field, … | COUNT(*) WHERE condition AND condition … [GROUP BY field, …]

A field is a path (`configuration.layers.arn`); through lists, a condition holds if it does for one element.
Conditions are `=`, `<>`, `IN (…)` and `LIKE '…%'`. Resources of the type AWS::Config::ResourceCompliance are there too.
Source: "Querying the Current Configuration State of AWS Resources" (AWS Config Developer Guide).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from orgctl.sandbox.config import find
from orgctl.sandbox.config.aggregates import newest
from orgctl.sandbox.config.aggregators import sources
from orgctl.sandbox.config.pages import page
from orgctl.sandbox.config.registry import operation
from orgctl.sandbox.config_state import Home
from orgctl.sandbox.messages import RefusalError
from orgctl.sandbox.operations import Access, Call, Members, Parameters

_QUERY = re.compile(
    r"\s*SELECT\s+(?P<fields>.+?)(?:\s+WHERE\s+(?P<where>.+?))?(?:\s+GROUP\s+BY\s+(?P<group>.+?))?\s*;?\s*", re.I | re.S
)
_CONDITION = re.compile(
    r"\s*(?P<field>[\w.:-]+)\s*(?:(?P<operator>=|<>|!=|LIKE)\s*(?P<value>'[^']*'|\d+|true|false)|IN\s*\((?P<list>[^)]*)\))\s*",
    re.I,
)
_FIELD = re.compile(r"[\w.:*-]+")


@dataclass(frozen=True, slots=True)
class Condition:
    """A field that has, or (`negated`) has not, one of some values; `*` stands for anything in them."""

    field: str
    values: tuple[str, ...]
    negated: bool = False

    def holds(self, item: dict[str, Any]) -> bool:
        """Whether it does for an item."""
        found = [_text(value) for value in _values(item, self.field.split("."))]
        return any(fnmatchcase(value, wanted) for value in found for wanted in self.values) != self.negated


@dataclass(frozen=True, slots=True)
class Query:
    """A query that was understood."""

    fields: tuple[str, ...]
    conditions: tuple[Condition, ...]
    group: tuple[str, ...]

    def answer(self, items: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
        """The rows of the answer."""
        found = [item for item in items if all(condition.holds(item) for condition in self.conditions)]
        if "COUNT(*)" not in self.fields:
            return [_projected(item, [field.split(".") for field in self.fields]) for item in found]
        counts: dict[str, int] = {}
        for item in found:
            row = json.dumps(_projected(item, [field.split(".") for field in self.group]), sort_keys=True)
            counts[row] = counts.get(row, 0) + 1
        return [{**json.loads(row), "COUNT(*)": count} for row, count in counts.items()] or self._none()

    def _none(self) -> list[dict[str, Any]]:
        return [] if self.group else [{"COUNT(*)": 0}]


def understood(expression: str) -> Query:
    """The query in an expression. Raises InvalidExpressionException for one that is none, or beyond the sandbox."""
    found = _QUERY.fullmatch(expression)
    if found is None:
        raise _invalid("The expression is not SELECT … [WHERE …] [GROUP BY …].")
    fields = tuple(field.strip() for field in found["fields"].split(","))
    fields = tuple("COUNT(*)" if re.fullmatch(r"COUNT\(\s*\*\s*\)", f, re.I) else f for f in fields)
    group = tuple(field.strip() for field in found["group"].split(",")) if found["group"] else ()
    for field in (*fields, *group):
        if field != "COUNT(*)" and not _FIELD.fullmatch(field):
            raise _invalid(f"The field {field} is not understood.")
    where = re.split(r"\s+AND\s+", found["where"], flags=re.I) if found["where"] else []
    return Query(fields, tuple(_condition(text) for text in where), group)


def _condition(text: str) -> Condition:
    found = _CONDITION.fullmatch(text)
    if found is None:
        raise _invalid(f"The condition {text.strip()} is not understood.")
    if found["list"] is not None:
        return Condition(found["field"], tuple(_literal(value) for value in found["list"].split(",")))
    value, operator = _literal(found["value"]), found["operator"].upper()
    wanted = value.replace("%", "*") if operator == "LIKE" else value
    return Condition(found["field"], (wanted,), operator in ("<>", "!="))


def _literal(text: str) -> str:
    return text.strip().strip("'")


def _invalid(message: str) -> RefusalError:
    return RefusalError("InvalidExpressionException", message)


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _values(value: Any, path: list[str]) -> Iterator[Any]:
    """All that a path leads to, through lists."""
    if isinstance(value, list):
        for item in value:
            yield from _values(item, path)
    elif not path:
        yield value
    elif isinstance(value, dict) and path[0] in value:
        yield from _values(value[path[0]], path[1:])


def _projected(value: Any, paths: list[list[str]]) -> Any:
    """A value with only what the paths lead to; `*` keeps all."""
    if isinstance(value, list):
        return [_projected(item, paths) for item in value]
    if not isinstance(value, dict) or any(not path or path == ["*"] for path in paths):
        return value
    names = dict.fromkeys(path[0] for path in paths if path[0] in value)
    return {name: _projected(value[name], [path[1:] for path in paths if path[0] == name]) for name in names}


def _searched(home: Home) -> Iterator[dict[str, Any]]:
    """The newest items, with tags as queries see them; and the compliance of each resource."""
    for item in newest(home):
        tags = [{"key": key, "value": value, "tag": f"{key}={value}"} for key, value in item["tags"].items()]
        yield {**item, "tags": tags}
    yield from _compliances(home)


def _compliances(home: Home) -> Iterator[dict[str, Any]]:
    resources: dict[tuple[str, str], list[dict[str, str]]] = {}
    for rule in home.rules.values():
        for result in rule.results.values():
            if result.compliance != "NOT_APPLICABLE":
                row = {"configRuleName": rule.name, "configRuleArn": rule.settings["ConfigRuleArn"]}
                rows = resources.setdefault((result.resource_type, result.resource_id), [])
                rows.append({**row, "configRuleId": rule.settings["ConfigRuleId"], "complianceType": result.compliance})
    for (kind, identity), rules in resources.items():
        worst = min((rule["complianceType"] for rule in rules), key=find.COMPLIANCES.index)
        configuration = {"targetResourceId": identity, "targetResourceType": kind, "complianceType": worst}
        yield {
            "resourceType": "AWS::Config::ResourceCompliance",
            "resourceId": f"{kind}/{identity}",
            "resourceName": identity,
            "accountId": home.account,
            "awsRegion": home.region,
            "configuration": {**configuration, "configRuleList": rules},
        }


@operation("SelectAggregateResourceConfig", Access.ANYBODY)
def select_aggregate(call: Call, params: Parameters) -> Members:
    """A query over all accounts and regions of an aggregator."""
    query = understood(params["Expression"])
    return _answered(call, params, query, [item for home in sources(call, params) for item in _searched(home)])


@operation("SelectResourceConfig", Access.ANYBODY)
def select(call: Call, params: Parameters) -> Members:
    """A query over one account and region."""
    return _answered(call, params, understood(params["Expression"]), _searched(find.home(call)))


def _answered(call: Call, params: Parameters, query: Query, items: Iterable[dict[str, Any]]) -> Members:
    answer = page(call, params, "Results", query.answer(items), json.dumps, size=100)
    return {**answer, "QueryInfo": {"SelectFields": [{"Name": field} for field in query.fields]}}

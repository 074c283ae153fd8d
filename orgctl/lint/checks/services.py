"""Services that AWS does not have."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from orgctl.lint import catalogue
from orgctl.lint.check import Check, Finding
from orgctl.lint.subject import Subject, texts
from orgctl.manifest.nearest import did_you_mean

_RETIRED: Mapping[str, str | None] = {
    "codestar": None,
    "elastic-inference": None,
    "iot1click": None,
    "iotevents": None,
    "macie": "macie2",
}
"""Services that AWS has closed, by their prefix, with their successors. Source: the notices of end of support in each
service's documentation."""

_UNLISTED = frozenset({"discovery-marketplace"})
"""Prefixes that AWS uses itself, and leaves out of its tables. Source: "Region deny control", AWS Control Tower."""

_PREFIXES: Mapping[str, str] = {
    "api-gateway": "apigateway",
    "cloudwatch-logs": "logs",
    "cloudwatchlogs": "logs",
    "cognito": "cognito-idp",
    "docdb": "rds",
    "documentdb": "rds",
    "efs": "elasticfilesystem",
    "elb": "elasticloadbalancing",
    "emr": "elasticmapreduce",
    "eventbridge": "events",
    "identity-center": "sso",
    "keyspaces": "cassandra",
    "msk": "kafka",
    "mwaa": "airflow",
    "step-functions": "states",
    "stepfunctions": "states",
}
"""What people call services, and the prefix of their actions. Source: the Service Authorization Reference."""


def unknown_services(subject: Subject) -> Iterator[Finding]:
    """The part of an action before the colon is a service, or a pattern that matches some."""
    for statement in subject.document.statements:
        for action in dict.fromkeys(texts(statement.actions)):
            service, colon, _ = action.partition(":")
            if colon and "@{" not in action and not _is_known(service.lower()):
                yield Finding(subject.at_element(statement, "Action", action), *_words(service))


def _is_known(service: str) -> bool:
    return service in _UNLISTED or bool(catalogue.prefixes(service))


def _words(service: str) -> tuple[str, str]:
    lower = service.lower()
    if lower in _RETIRED:
        successor = _RETIRED[lower]
        hint = f"take it out, or write `{successor}`, its successor" if successor else "take it out"
        return f"AWS has retired the service `{service}`", hint
    message = f"AWS's tables have no service `{service}`"
    if lower in _PREFIXES:
        return message, f"its actions begin with `{_PREFIXES[lower]}`"
    return message, did_you_mean(service, catalogue.services(), "the Service Authorization Reference lists them")


SERVICES = Check("L201", "A service that AWS does not have", unknown_services)

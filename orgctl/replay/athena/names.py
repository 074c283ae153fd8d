"""From event names to actions, in SQL: the rules of `orgctl.replay.actions`, and its tables as relations.

There are more actions than a query's text has room for. Those of the services that trails are full of are listed; any
other name is *presumed* to be an action of the same name, and Python, which knows all of them, looks at each one that
was: so a query tells calls with such names apart.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache

from orgctl.lint.catalogue import actions, services
from orgctl.replay.actions import Mapped, action_of, exceptional, labels, prefixes_of
from orgctl.replay.arn_formats import types_of
from orgctl.replay.sql.logic import text, texts

KNOWN, PRESUMED, OPEN, NO_CALL = "known", "presumed", "open", "none"
"""What SQL makes of a name: its action, perhaps that one, what only Python can tell, and that there is none."""

SERVICES: tuple[str, ...] = (
    *("ec2", "s3", "sts", "iam", "kms", "logs", "lambda", "ssm", "secretsmanager", "dynamodb", "cloudwatch"),
    *("ecr", "ecs", "eks", "rds", "sqs", "sns", "cloudformation", "cloudtrail", "config", "elasticloadbalancing"),
    *(
        "organizations",
        "events",
        "states",
        "access-analyzer",
        "acm",
        "athena",
        "glue",
        "tag",
        "application-autoscaling",
    ),
    *("guardduty", "securityhub", "route53", "ram", "servicequotas", "backup", "batch", "cloudfront", "codebuild"),
    *("elasticache", "es", "firehose", "kinesis", "codepipeline", "inspector2", "sso", "cognito-idp", "redshift"),
    *("elasticfilesystem", "health", "budgets", "ce", "trustedadvisor", "identitystore", "account", "xray"),
    *("resource-explorer-2", "resource-groups", "wafv2", "ses", "bedrock", "sagemaker"),
)
"""Whose actions are listed, as long as there is room: the first are the last to be left out."""

_SEVERAL = {label for label, prefixes in labels().items() if len(prefixes) > 1}
_BY_VERB = "apigateway"
_WITHOUT = "*"
"""Marks an action that has no resources, so that `*` is what it is about."""


@cache
def _listed(service: str) -> str:
    """A service's actions, what many have in common once: `.create delete|bucket object;*list|buckets`."""
    found: dict[tuple[str, str], set[str]] = {}
    for action in actions(service).values():
        name = action.partition(":")[2].lower()
        verb = _verb(action.partition(":")[2])
        found.setdefault((name[len(verb) :], "." if types_of(action) else _WITHOUT), set()).add(verb)
    groups: dict[tuple[str, str], list[str]] = {}
    for (noun, mark), verbs in found.items():
        groups.setdefault((mark, " ".join(sorted(verbs))), []).append(noun)
    return ";".join(f"{mark}{verbs}|{' '.join(sorted(nouns))}" for (mark, verbs), nouns in sorted(groups.items()))


def _verb(name: str) -> str:
    end = next((place for place, letter in enumerate(name) if place and not letter.islower()), len(name))
    return name[:end].lower()


def known_actions(listed: Sequence[str]) -> str:
    """The relation of the listed services' actions: `action`, and its `mark`."""
    rows = ", ".join(f"({text(service)}, {text(_listed(service))})" for service in listed if service in services())
    return (
        "SELECT concat(service, ':', verb, noun) AS action, substr(alike, 1, 1) AS mark"  # noqa: S608 - our own tables
        f" FROM (VALUES {rows}) AS of_service (service, names)"
        " CROSS JOIN UNNEST(split(names, ';')) AS of_names (alike)"
        " CROSS JOIN UNNEST(split(split_part(substr(alike, 2), '|', 1), ' ')) AS of_verbs (verb)"
        " CROSS JOIN UNNEST(split(split_part(substr(alike, 2), '|', 2), ' ')) AS of_nouns (noun)"
    )


def exceptions() -> str:
    """The relation of names that the rules do not tell of.

    By `prefix` and `name`: the `parameter` that chooses, the action that it makes where it is `given`, and where it is
    `missing`; an empty one for none, one with a mark for one without resources.
    """
    rows = ", ".join(f"({', '.join(map(text, row))})" for row in (*_rows(), *_of_several()))
    return f"SELECT * FROM (VALUES {rows}) AS exceptional (prefix, name, parameter, given, missing)"  # noqa: S608


def _rows() -> Iterator[tuple[str, str, str, str, str]]:
    for prefix, name, parameter in exceptional():
        for label in sorted(_named_so(prefix)):
            given = action_of(label, name, {parameter} if parameter else ())
            yield label, name, parameter or "", _written(given), _written(action_of(label, name))


def _of_several() -> Iterator[tuple[str, str, str, str, str]]:
    """The other names of sources whose events may be of several services."""
    told = {(label, name) for prefix, name, _ in exceptional() for label in _named_so(prefix)}
    for label in sorted(_SEVERAL):
        named = {action.partition(":")[2] for prefix in prefixes_of(label) for action in actions(prefix).values()}
        for name in sorted(named):
            mapped = action_of(label, name)
            if mapped.action and (label, name) not in told:
                yield label, name, "", _written(mapped), _written(mapped)


def _named_so(prefix: str) -> set[str]:
    """What stands for a prefix in SQL: itself, and sources whose events may be of several services."""
    several = {label for label in _SEVERAL if prefix in prefixes_of(label)}
    return several if prefix in several else {prefix, *several}


def _written(mapped: Mapped) -> str:
    if mapped.action is None:
        return ""
    return mapped.action.lower() if types_of(mapped.action) else f"{_WITHOUT}{mapped.action.lower()}"


def sources() -> str:
    """The relation of event sources whose prefix is not their own name: `label`, `prefix`."""
    rows = ", ".join(
        f"({text(label)}, {text(label if len(prefixes) > 1 else prefixes[0])})" for label, prefixes in labels().items()
    )
    return f"SELECT * FROM (VALUES {rows}) AS of_sources (label, prefix)"  # noqa: S608


_VERSION = text(r"(?:20[0-9]{6}(?:v[0-9]+)?|_?20[0-9]{2}_[0-9]{2}_[0-9]{2})\z")
_DOMAIN = text(r"\.amazonaws\.com(?:\.cn)?\z")
_PLAIN_SOURCE, _PLAIN_NAME = text(r"\A[a-z0-9.-]+\z"), text(r"\A[A-Za-z0-9_]+\z")
_DOTTED = texts(label for label in labels() if "." in label)

LABELS: Mapping[str, str] = {
    "source_label": f"regexp_replace(event_source, {_DOMAIN}, '')",
    "plain_name": f"regexp_replace(event_name, {_VERSION}, '')",
    "is_plain": (
        f"coalesce(regexp_like(event_source, {_PLAIN_SOURCE}) AND regexp_like(event_name, {_PLAIN_NAME}), FALSE)"
    ),
    "is_call": "coalesce(event_type, '') IN ('', 'AwsApiCall')",
}
"""The source without its domain, the name without a version, and whether they are of the ordinary characters."""

KEYS: Mapping[str, str] = {
    "label_key": (
        f"CASE WHEN strpos(source_label, '.') > 0 AND source_label NOT IN ({_DOTTED})"
        " THEN regexp_extract(source_label, '[^.]*\\z', 0) ELSE source_label END"
    ),
}
"""What an event source is called in the tables."""


def _mentioned(parameter: str) -> str:
    return f"coalesce(strpos(parameter_text, '\"{parameter}\"') > 0, FALSE)"


def _is_given() -> str:
    """Whether the parameter is there: not where it is not mentioned; NULL where it is, but perhaps further inside."""
    cases = (
        f"WHEN x.parameter = {text(each)} THEN CASE WHEN NOT {_mentioned(each)} THEN FALSE"
        f" WHEN json_extract_scalar(parameter_text, '$.{each}') IS NOT NULL THEN TRUE END"
        for each in sorted({parameter for _, _, parameter in exceptional() if parameter})
    )
    return f"CASE WHEN x.parameter = '' THEN TRUE {' '.join(cases)} END"


JOINS = """LEFT JOIN sources AS l ON l.label = r.label_key
LEFT JOIN exceptional AS x ON x.prefix = coalesce(l.prefix, r.label_key) AND x.name = r.plain_name
LEFT JOIN known AS k ON k.action = concat(coalesce(l.prefix, r.label_key), ':', lower(r.plain_name))"""

JOINED: Mapping[str, str] = {
    "prefix": "coalesce(l.prefix, r.label_key)",
    "told_action": f"CASE WHEN x.name IS NOT NULL THEN CASE {_is_given()} WHEN TRUE THEN x.given WHEN FALSE THEN"
    " x.missing END END",
    "is_exceptional": "x.name IS NOT NULL",
    "mark": "k.mark",
}
"""What the tables say."""

_OF_PYTHON = texts((_BY_VERB, *_SEVERAL))
COLUMNS: Mapping[str, str] = {
    "state": (
        f"CASE WHEN NOT is_call THEN '{NO_CALL}' WHEN NOT is_plain THEN '{OPEN}'"
        f" WHEN is_exceptional THEN CASE WHEN told_action IS NULL THEN '{OPEN}' WHEN told_action = ''"
        f" THEN '{NO_CALL}' ELSE '{KNOWN}' END"
        f" WHEN mark IS NOT NULL THEN '{KNOWN}' WHEN prefix IN ({_OF_PYTHON}) THEN '{OPEN}' ELSE '{PRESUMED}' END"
    ),
    "action": (
        "CASE WHEN NOT is_call OR NOT is_plain THEN CAST(NULL AS VARCHAR)"
        f" WHEN is_exceptional THEN nullif(replace(told_action, '{_WITHOUT}', ''), '')"
        f" WHEN mark IS NULL AND prefix IN ({_OF_PYTHON}) THEN CAST(NULL AS VARCHAR)"
        " ELSE concat(prefix, ':', lower(plain_name)) END"
    ),
    "no_resources": f"coalesce(CASE WHEN is_exceptional THEN starts_with(told_action, '{_WITHOUT}')"
    f" ELSE mark = '{_WITHOUT}' END, FALSE)",
}
"""The state of the name, the action, and whether that is known to have no resources."""

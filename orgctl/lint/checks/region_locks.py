"""Region locks that lock out global services.

Source: "Example SCPs", Deny access to AWS based on the requested AWS Region (AWS Organizations User Guide): the calls
of global services carry the region of their one endpoint.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from orgctl.lint.check import ONLY_SCP, Check, Finding
from orgctl.lint.globs import includes, overlap
from orgctl.lint.subject import Subject, texts
from orgctl.model.partitions import AWS, partition_of
from orgctl.policy.conditions.operators import Family, parse_operator
from orgctl.policy.document import Condition, Effect, Statement

_KEY = "aws:requestedregion"
_US_EAST_1 = (
    "account artifact billing billingconductor budgets ce cloudfront consolidatedbilling cur freetier health iam"
    " invoicing notifications-contacts organizations payments route53 route53domains savingsplans shield sts support"
    " tax trustedadvisor"
)
_US_WEST_2 = "globalaccelerator networkmanager route53-recovery-control-config"
ENDPOINTS: Mapping[str, str] = {
    **dict.fromkeys(_US_EAST_1.split(), "us-east-1"),
    **dict.fromkeys(_US_WEST_2.split(), "us-west-2"),
}
"""Global services of the partition `aws`, with the region that their calls carry.

Sources: the endpoint rules of botocore (1.44), by which these services have one endpoint whatever the region. Without
a client there, or with further endpoints: consolidatedbilling, cur, globalaccelerator, health, payments,
route53domains, sts and trustedadvisor; these are exempt in "Deny access to AWS based on the requested AWS Region" (AWS
Control Tower).
"""


def region_locks(subject: Subject) -> Iterator[Finding]:
    """A statement that denies all regions but some lets the global services through."""
    for statement, condition, operator in subject.conditions:
        locks = condition.key.lower() == _KEY and operator.kind.negated
        if not locks or statement.effect is not Effect.DENY or not _everywhere(statement) or _is_narrowed(statement):
            continue
        regions = condition.values
        if any(partition_of(region) is not AWS for region in regions):
            continue
        outside = [each for each, home in ENDPOINTS.items() if not _is_within(home, regions)]
        locked = [each for each in outside if _is_locked(statement, each)]
        if locked:
            yield Finding(subject.at_condition(condition), _message(locked), _hint(statement, locked))


def _message(locked: list[str]) -> str:
    if len(locked) == 1:
        return f"the global service `{locked[0]}` is locked out too"
    return f"the global services `{locked[0]}` and {len(locked) - 1} more are locked out too"


def _hint(statement: Statement, locked: list[str]) -> str:
    listed = ", ".join(f"{each}:*" for each in sorted(locked))
    if statement.actions and statement.actions.negated:
        return f"add to `NotAction`: {listed}"
    if "*" in texts(statement.actions):
        return f"write, in place of `Action`, `NotAction` with: {listed}"
    homes = ", ".join(f"`{home}`" for home in sorted({ENDPOINTS[each] for each in locked}))
    return f"take out of `Action` what is global, or add the region from which it answers: {homes}"


def _everywhere(statement: Statement) -> bool:
    return statement.resources is not None and "*" in statement.resources.values and not statement.resources.negated


def _is_narrowed(statement: Statement) -> bool:
    """Whether it is about requests of some kind only, such as those from one VPC, which reach no global service."""
    return any(_narrows(condition) for condition in statement.conditions)


def _narrows(condition: Condition) -> bool:
    operator, key = parse_operator(condition.operator), condition.key.lower()
    if (
        operator is None
        or operator.if_exists
        or operator.kind.negated
        or key == _KEY
        or key.startswith("aws:principal")
    ):
        return False
    return operator.kind.family not in (Family.NULL, Family.BOOL)


def _is_within(home: str, regions: tuple[str, ...]) -> bool:
    return any(includes(region, home) or "@{" in region or "${" in region for region in regions)


def _is_locked(statement: Statement, service: str) -> bool:
    """Whether all of a service is denied; what is exempted in part is exempted on purpose."""
    patterns = texts(statement.actions)
    if statement.actions and statement.actions.negated:
        return not any(overlap(pattern.lower(), f"{service}:*") for pattern in patterns)
    whole = (pattern.lower() for pattern in patterns if pattern.endswith("*"))
    return any(includes(pattern, f"{service}:*") for pattern in whole)


REGION_LOCKS = Check("L703", "A region lock locks out global services", region_locks, folders=ONLY_SCP)

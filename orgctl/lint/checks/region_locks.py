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
from orgctl.policy.document import Effect, Statement

_US_EAST_1 = (
    "account artifact billing budgets ce cloudfront consolidatedbilling cur freetier health iam invoicing organizations"
    " payments route53 route53domains savingsplans shield sts support tax trustedadvisor"
)
_US_WEST_2 = "globalaccelerator networkmanager route53-recovery-cluster route53-recovery-control-config"
ENDPOINTS: Mapping[str, str] = {
    **dict.fromkeys(_US_EAST_1.split(), "us-east-1"),
    **dict.fromkeys(_US_WEST_2.split(), "us-west-2"),
}
"""Global services of the partition `aws`, with the region that their calls carry."""


def region_locks(subject: Subject) -> Iterator[Finding]:
    """A statement that denies all regions but some lets the global services through."""
    for statement, condition, operator in subject.conditions:
        locks = condition.key.lower() == "aws:requestedregion" and operator.kind.negated
        if not locks or statement.effect is not Effect.DENY or not _everywhere(statement):
            continue
        regions = condition.values
        if any(partition_of(region) is not AWS for region in regions):
            continue
        outside = [each for each, home in ENDPOINTS.items() if not _is_within(home, regions)]
        locked = [each for each in outside if _is_locked(statement, each)]
        if locked:
            first, more = f"`{locked[0]}`", f" and {len(locked) - 1} more" if len(locked) > 1 else ""
            message = (
                f"the global services {first}{more} are locked out too"
                if more
                else f"the global service {first} is locked out too"
            )
            hint = f"add to `NotAction`: {', '.join(f'{each}:*' for each in sorted(locked))}"
            yield Finding(subject.at_condition(condition), message, hint)


def _everywhere(statement: Statement) -> bool:
    return statement.resources is not None and "*" in statement.resources.values and not statement.resources.negated


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

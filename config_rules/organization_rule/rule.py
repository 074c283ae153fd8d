"""`OrganizationRule`: what a rule derives from."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

from botocore.exceptions import BotoCoreError, ClientError
from rdklib import ConfigRule, Evaluation

from organization_rule.errors import UndecidedError
from organization_rule.items import Item
from organization_rule.notice import Event
from organization_rule.sessions import Clients

Resource = TypeVar("Resource")


class OrganizationRule(ConfigRule):  # type: ignore[misc]  # rdklib has no types
    """rdklib's interface, with types.

    `evaluate_parameters` gives what the two others get as `valid_rule_parameters`. A rule overrides what it is
    triggered by, and raises where it cannot decide: AWS Config shows that, and asks again.
    """

    keeps_old_results = True
    """Whether a scheduled evaluation leaves results on what it did not find. What AWS Config records is taken out by
    the event of its deletion; a rule on anything else says False."""

    def evaluate_parameters(self, rule_parameters: Mapping[str, object]) -> Any:
        """Check and read the parameters. Raises InvalidParametersError."""
        return rule_parameters

    def evaluate_change(
        self, event: Event, client_factory: Clients, configuration_item: Item, valid_rule_parameters: Any
    ) -> list[Evaluation]:
        """Judge one resource by its configuration item."""
        return list(
            super().evaluate_change(event, client_factory, configuration_item, valid_rule_parameters)
        )  # raises, saying so

    def evaluate_periodic(self, event: Event, client_factory: Clients, valid_rule_parameters: Any) -> list[Evaluation]:
        """Judge what there is; the evaluations name their resources."""
        return list(super().evaluate_periodic(event, client_factory, valid_rule_parameters))


class Findings(list[Evaluation]):
    """Evaluations of a periodic rule, with the reasons why there are none on some resources."""

    def __init__(self, found: Iterable[Evaluation] = (), undecided: Iterable[str] = ()) -> None:
        super().__init__(found)
        self.undecided = tuple(undecided)


def each(
    resources: Iterable[Resource],
    judge: Callable[[Resource], Evaluation],
    name: Callable[[Resource], str],
) -> Findings:
    """Judge many resources. One that cannot be judged does not hide the others: it makes the evaluation fail after
    their results are written.
    """
    found, undecided = [], []
    for resource in resources:
        try:
            found.append(judge(resource))
        except UndecidedError as error:
            undecided.append(f"`{name(resource)}`: {'; '.join(error.reasons)}")
        except (ClientError, BotoCoreError) as error:
            undecided.append(f"`{name(resource)}`: {error}")
    return Findings(found, undecided)

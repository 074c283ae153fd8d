"""What can be switched, at the start or while the sandbox runs (`POST /_sandbox/settings`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any

from orgctl.model.limits import Limits, Rate


@dataclass(frozen=True, slots=True)
class Delay:
    """How long an asynchronous thing takes: until it was asked about `polls` times and `seconds` have passed."""

    polls: int = 1
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Delays:
    """The asynchronous things. `access_role` counts the attempts to assume the role of a new account.

    A `function` is Pending after each change; `conformance_pack` is for each account of an organization's pack,
    `stack_set` for each operation of a StackSet, `query` for each of Athena's.
    """

    create_account: Delay = Delay()
    close_account: Delay = Delay()
    policy_type: Delay = Delay()
    access_role: Delay = Delay(0)
    function: Delay = Delay(0)
    conformance_pack: Delay = Delay()
    stack_set: Delay = Delay()
    query: Delay = Delay()


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of one sandbox.

    `management_account`, `organization` (whether one exists from the start), `recording` (whether AWS Config records in
    every account and region without anybody's doing) and `seed` (of the ids; None: random) count at the start and after
    a reset. `empty_page_every`: every nth answer to a list call is an empty page with a
    NextToken; 0: never. `page_size` is at most AWS's 20. `paths` and `status`: whether accounts and OUs carry the
    members `Path`/`Paths` and `Status`, as newer and older partitions do. `conflicts`: whether a write that comes
    while another one on the same resource is under way is answered with ConcurrentModificationException (that shows
    only with `latency_ms`). Athena's queries run out of resources over more than `athena_objects` objects
    (0: never). `quotas` and `rates` lay over the tables of orgctl.model.limits.
    """

    management_account: str = "111111111111"
    organization: bool = True
    recording: bool = False
    seed: int | None = None
    throttle: bool = False
    latency_ms: float = 0.0
    enforce_iam: bool = False
    empty_page_every: int = 7
    page_size: int = 20
    paths: bool = True
    status: bool = True
    conflicts: bool = True
    minimum_account_age_days: float = 4.0
    athena_objects: int = 0
    delays: Delays = Delays()
    quotas: Mapping[str, int] = field(default_factory=dict)
    rates: Mapping[str, Rate] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.empty_page_every == 1 or self.empty_page_every < 0:
            raise ValueError("`empty_page_every` is 0 (never) or at least 2")
        if not 1 <= self.page_size <= 20:
            raise ValueError("`page_size` is between 1 and 20")
        if len(self.management_account) != 12 or not self.management_account.isdigit():
            raise ValueError("`management_account` is an account id: twelve digits")

    @property
    def limits(self) -> Limits:
        """Quotas and rates with the overrides laid over them."""
        return Limits().overridden(self.quotas, self.rates)

    def changed(self, changes: Mapping[str, Any]) -> Settings:
        """The settings with some replaced, as they come in JSON. Raises ValueError on a name that there is not."""
        known = {f.name for f in fields(self)}
        if unknown := sorted(set(changes) - known):
            raise ValueError(f"there is no setting `{unknown[0]}`; there are {', '.join(sorted(known))}")
        values = dict(changes)
        if "delays" in values:
            values["delays"] = _delays(self.delays, values["delays"])
        if "rates" in values:
            values["rates"] = {name: _rate(rate) for name, rate in values["rates"].items()}
        return replace(self, **values)

    def to_json(self) -> dict[str, Any]:
        """The settings as JSON values; `changed` takes them back."""
        return asdict(self)


def _rate(value: object) -> Rate:
    return value if isinstance(value, Rate) else Rate(**value)  # type: ignore[arg-type]


def _delays(now: Delays, value: Delays | Mapping[str, Any]) -> Delays:
    if isinstance(value, Delays):
        return value
    return replace(now, **{name: d if isinstance(d, Delay) else Delay(**d) for name, d in value.items()})

"""Whether the layers together allow a request that nothing denies.

Sources: "How AWS enforcement code logic evaluates requests to allow or deny access", "Policy evaluation for requests
within a single account", "Cross-account policy evaluation logic", "AWS JSON policy elements: Principal" (IAM role
principals), IAM User Guide.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from orgctl.policy.compiler import Group
from orgctl.policy.evaluator import Rule
from orgctl.policy.layers import Layer
from orgctl.policy.principal import Naming, PrincipalKind, namings
from orgctl.policy.request import Request
from orgctl.policy.truth import Truth, every, some

DELEGATION = "AWS does not document whether a resource policy that names the caller's own account suffices by itself"
EVERYONE = (
    "AWS does not document whether a boundary or session policy limits what a resource policy allows to everyone"
    " without a condition on `aws:PrincipalArn`"
)


@dataclass(frozen=True, slots=True)
class Allowances:
    """Which groups allow, and as what the resource policy's matching Allow statements name the caller.

    A layer that was not given is not in `groups`. `open_reasons` collects why something is not documented.
    """

    groups: Mapping[Group, Truth]
    named: Mapping[Naming, Truth] = field(default_factory=dict)
    open_reasons: list[str] = field(default_factory=list)

    def layer(self, layer: Layer) -> Truth:
        """Whether a layer allows on each of its levels; one that was not given restricts nothing."""
        return every(truth for (found, _), truth in self.groups.items() if found is layer)

    def given(self, layer: Layer) -> bool:
        """Whether there is such a layer."""
        return (layer, 0) in self.groups


def named_by(rules: Iterable[tuple[Rule, Truth]], request: Request) -> dict[Naming, Truth]:
    """As what the Allow statements of a resource policy name the caller.

    Everyone, narrowed to the caller by a condition on `aws:PrincipalArn`, is as good as the caller's own name.
    """
    found: dict[Naming, Truth] = {}
    for rule, truth in rules:
        principals = rule.statement.principals
        named = namings(principals, request.principal) if principals else {Naming.EVERYONE: None}
        for naming, certain in named.items():
            to = Naming.DIRECT if naming is Naming.EVERYONE and _narrowed(rule) else naming
            found[to] = some((found.get(to, False), every((truth, certain))))
    return found


def _narrowed(rule: Rule) -> bool:
    return any(condition.key.lower() == "aws:principalarn" for condition in rule.statement.conditions)


def granted(allowances: Allowances, request: Request) -> Truth:
    """Whether SCPs, resource policy, identity policies, boundary and session policy allow, taken together."""
    return every((allowances.layer(Layer.SCP), _granted(allowances, request)))


def _granted(allowances: Allowances, request: Request) -> Truth:
    caller = request.principal
    root = caller.kind is PrincipalKind.ROOT
    identity = True if root else allowances.layer(Layer.IDENTITY)
    limits = True if root else every((allowances.layer(Layer.BOUNDARY), allowances.layer(Layer.SESSION)))
    own = every((identity, limits))
    if not allowances.given(Layer.RESOURCE):
        return own
    if not caller.account:
        return some(allowances.named.values())
    if caller.account != request.owner:
        return every((some(allowances.named.values()), own))
    by_resource = _by_resource(allowances, identity, limits, must_name=_must_be_named(request))
    asked = root or allowances.given(Layer.IDENTITY)
    return by_resource if _must_be_named(request) or not asked else some((by_resource, own))


def _must_be_named(request: Request) -> bool:
    """Role trust policies and KMS key policies have to allow, whatever the identity policies say."""
    return request.service == "kms" or request.action.startswith("sts:assumerole")


def _by_resource(allowances: Allowances, identity: Truth, limits: Truth, *, must_name: bool) -> Truth:
    """What the resource policy gives within one account: it depends on what it names the caller as."""
    named = allowances.named
    delegated = identity if must_name else _or_open(identity)
    if not must_name and identity is False and named.get(Naming.ACCOUNT):
        allowances.open_reasons.append(DELEGATION)
    if limits is False and named.get(Naming.EVERYONE):
        allowances.open_reasons.append(EVERYONE)
    return some(
        (
            named.get(Naming.DIRECT, False),
            every((named.get(Naming.ROLE, False), limits)),
            every((named.get(Naming.FEDERATING_USER, False), limits)),
            every((named.get(Naming.ACCOUNT, False), limits, delegated)),
            every((named.get(Naming.EVERYONE, False), _or_open(limits))),
        )
    )


def _or_open(truth: Truth) -> Truth:
    """True, or else undocumented."""
    return True if truth else None

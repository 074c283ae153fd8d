"""Whether AWS Config knows a resource type.

The types are in a file, which `scripts/recorded-types` writes from botocore's model: botocore itself takes too long to
load where nobody speaks to AWS.
"""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

from orgctl.diagnostics import Position
from orgctl.manifest.nearest import did_you_mean
from orgctl.rules import codes
from orgctl.rules.problems import Problems

_THIRD_PARTY = re.compile(r"(?!AWS::)[A-Za-z0-9]+::[A-Za-z0-9]+::[A-Za-z0-9]+(::MODULE)?\Z")
"""Types that somebody registered with CloudFormation can be recorded too; nobody but their account knows them."""


@cache
def recorded_types() -> frozenset[str]:
    """The resource types that AWS Config knows: `AWS::Lambda::Function`."""
    return frozenset(files("orgctl.rules").joinpath("recorded_types.txt").read_text(encoding="utf-8").split())


def known_type(problems: Problems, name: str, position: Position) -> bool:
    """Whether it is one; if not, that is reported."""
    if name in recorded_types() or _THIRD_PARTY.match(name):
        return True
    hint = did_you_mean(name, recorded_types(), "see AWS Config's page of supported resource types", likeness=0.8)
    problems.add(codes.RESOURCE_TYPE, f"AWS Config knows no resource type `{name}`", position, hint)
    return False

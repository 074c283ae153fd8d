"""Whether AWS Config knows a resource type."""

from __future__ import annotations

import re

from orgctl.aws.config_types import recorded_types
from orgctl.diagnostics import Position
from orgctl.manifest.nearest import did_you_mean
from orgctl.rules import codes
from orgctl.rules.problems import Problems

_THIRD_PARTY = re.compile(r"(?!AWS::)[A-Za-z0-9]+::[A-Za-z0-9]+::[A-Za-z0-9]+(::MODULE)?\Z")
"""Types that somebody registered with CloudFormation can be recorded too; nobody but their account knows them."""


def known_type(problems: Problems, name: str, position: Position) -> bool:
    """Whether it is one; if not, that is reported."""
    if name in recorded_types() or _THIRD_PARTY.match(name):
        return True
    hint = did_you_mean(name, recorded_types(), "see AWS Config's page of supported resource types", likeness=0.8)
    problems.add(codes.RESOURCE_TYPE, f"AWS Config knows no resource type `{name}`", position, hint)
    return False

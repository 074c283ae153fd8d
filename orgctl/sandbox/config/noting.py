"""What is kept of an evaluation, and what it sets going."""

from __future__ import annotations

from typing import Any

from orgctl.sandbox.config.remediation import automatic
from orgctl.sandbox.config_state import Home, Result, Rule
from orgctl.sandbox.state import Cloud


def note(cloud: Cloud, home: Home, rule: Rule, evaluation: dict[str, Any], invoked: float) -> bool:
    """Keep one evaluation, unless a newer one is known; whether it was kept. What it calls for is set going."""
    key = f"{evaluation['ComplianceResourceType']}|{evaluation['ComplianceResourceId']}"
    known, ordered = rule.results.get(key), float(evaluation["OrderingTimestamp"])
    if known is not None and ordered < int(known.ordered):
        return False
    rule.results[key] = Result(
        evaluation["ComplianceResourceType"],
        evaluation["ComplianceResourceId"],
        evaluation["ComplianceType"],
        ordered,
        cloud.clock.now(),
        invoked,
        evaluation.get("Annotation"),
    )
    complies = evaluation["ComplianceType"] != "NON_COMPLIANT"
    automatic(cloud, home, rule.name, *key.split("|", 1), complies=complies)
    return True

"""AWS's managed rules: which there are, with which parameters; a few of them are evaluated.

The list of names and parameters comes with moto, which takes it from AWS's "List of AWS Config Managed Rules". A rule
that is not evaluated here stays at INSUFFICIENT_DATA.
"""

from __future__ import annotations

import gzip
import json
from functools import cache
from pathlib import Path
from typing import Any

from orgctl.sandbox.config.triggers import CHANGE, SCHEDULED
from orgctl.sandbox.messages import RefusalError


@cache
def rules() -> dict[str, dict[str, Any]]:
    """AWS's managed rules by their identifiers."""
    import moto.config

    data = Path(moto.config.__file__).parent / "resources" / "aws_managed_rules.json.gz"
    found: dict[str, dict[str, Any]] = json.loads(gzip.decompress(data.read_bytes()))["ManagedRules"]
    return found


def triggers(identifier: str) -> frozenset[str]:
    """The message types that evaluate a managed rule."""
    kind = str(rules().get(identifier, {}).get("Trigger type", "")).lower()
    return frozenset(t for t, word in ((CHANGE, "change"), (SCHEDULED, "periodic")) if word in kind)


def check(given: dict[str, Any], parameters: dict[str, Any]) -> None:
    """Raise what AWS refuses in a managed rule: its name, its parameters, details of a source."""
    identifier = str(given["Source"].get("SourceIdentifier", ""))
    known = rules().get(identifier)
    if known is None:
        message = f"The sourceIdentifier {identifier} is invalid. Please refer to the documentation for a list of valid"
        raise RefusalError("InvalidParameterValueException", f"{message} sourceIdentifiers that can be used.")
    if given["Source"].get("SourceDetails"):
        message = "SourceDetails should be null/empty if the owner is AWS."
        raise RefusalError("InvalidParameterValueException", message)
    if "MaximumExecutionFrequency" in given and SCHEDULED not in triggers(identifier):
        message = "A maximum execution frequency is not allowed for a rule that is triggered by changes only."
        raise RefusalError("InvalidParameterValueException", message)
    described = known.get("Parameters", [])
    names = {parameter["Name"] for parameter in described}
    if unknown := sorted(set(parameters) - names):
        message = f"Unknown parameters provided in the inputParameters: {json.dumps(unknown)}"
        raise RefusalError("InvalidParameterValueException", message)
    required = {p["Name"] for p in described if not p.get("Optional") and "Default" not in p}
    if missing := sorted(required - set(parameters)):
        message = f"The required parameter {missing[0]} is not present in the inputParameters."
        raise RefusalError("InvalidParameterValueException", message)

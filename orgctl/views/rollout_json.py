"""`orgctl rollout status --format json`: the same as the text, as data."""

from __future__ import annotations

import json

from orgctl.reconcile.plan_json import FORMAT_VERSION
from orgctl.reconcile.rollout import rollout_json
from orgctl.reconcile.rollout.step import Step


def status_json(steps: tuple[Step, ...]) -> str:
    """The rollouts as JSON text."""
    value = {"format_version": FORMAT_VERSION, "rollouts": [rollout_json.to_json(step) for step in steps]}
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"

"""The resource types that AWS Config knows."""

from __future__ import annotations

import subprocess
import sys

from botocore.loaders import Loader

from orgctl.rules.resource_types import recorded_types


def test_they_are_those_of_botocores_model() -> None:
    """`scripts/recorded-types` writes them anew."""
    model = Loader().load_service_model("config", "service-2")
    assert recorded_types() == set(model["shapes"]["ResourceType"]["enum"])


def test_whoever_validates_does_not_wait_for_botocore() -> None:
    """Rules and packs are read without it."""
    code = "import sys, orgctl.api.validating; print('botocore' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"

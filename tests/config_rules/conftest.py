"""The shared package of the rules is imported as rules import it: from `config_rules/`."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "config_rules"))

"""The diagnostic codes that only `waivers.yaml` has; what it shares with packs is told by their codes."""

from __future__ import annotations

from collections.abc import Mapping

WAIVER_PACK = "C101"

TITLES: Mapping[str, str] = {WAIVER_PACK: "A waiver is of a pack that there is not"}
"""One line for each code, for the generated reference."""

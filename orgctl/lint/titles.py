"""The codes of linting itself; those of checks stand with the checks."""

from __future__ import annotations

from collections.abc import Mapping

MALFORMED = "L001"
UNUSED = "L002"
UNKNOWN_TYPE = "L003"
UNKNOWN_CODE = "L004"

LINTING_TITLES: Mapping[str, str] = {
    MALFORMED: "A suppression is not understood, or gives no reason",
    UNUSED: "A suppression suppresses nothing",
    UNKNOWN_TYPE: "It cannot be told what type of policy a file holds",
    UNKNOWN_CODE: "A suppression names a code that there is not",
}

"""The codes of what the parser reports: mistakes in the policy language itself, whatever the policy's type."""

from __future__ import annotations

from collections.abc import Mapping

TITLES: Mapping[str, str] = {
    "P101": "A policy has no `Statement`",
    "P102": "A policy's `Version` is none of the policy language",
    "P103": "A statement has neither `Action` nor `NotAction`",
    "P104": "An action is not written as `service:Action`",
    "P105": "A statement's `Effect` is neither `Allow` nor `Deny`",
    "P106": "A principal is of a kind that there is not, or not written as one",
    "P107": "Something that has to be a mapping is none",
    "P108": "A statement has both an element and its negation",
    "P109": "A value is not text, a number or a boolean",
    "P110": "An element is not known, or there twice",
}
"""One line for each code."""

"""The codes of what can be wrong with a file before anybody asks what it means."""

from __future__ import annotations

from collections.abc import Mapping

UNREADABLE = "S001"
NOT_UTF8 = "S002"
EMPTY = "S003"
SYNTAX = "S004"
DUPLICATE_KEY = "S005"
ANCHOR = "S006"
TAG = "S007"
KEY_NOT_TEXT = "S008"
TOO_DEEP = "S009"
LEADING_ZERO = "S010"
NOT_A_NUMBER = "S011"
MANY_DOCUMENTS = "S012"

TITLES: Mapping[str, str] = {
    UNREADABLE: "The file is missing or cannot be read",
    NOT_UTF8: "The file is not UTF-8 text, or holds control characters",
    EMPTY: "The file is empty",
    SYNTAX: "The file is not valid YAML or JSON",
    DUPLICATE_KEY: "A key stands twice in one mapping",
    ANCHOR: "Anchors, aliases and merge keys are not allowed",
    TAG: "YAML tags are not allowed",
    KEY_NOT_TEXT: "A key is not text",
    TOO_DEEP: "The file is nested too deeply",
    LEADING_ZERO: "A number begins with zero, which YAML readers read differently",
    NOT_A_NUMBER: "A number cannot be written in JSON",
    MANY_DOCUMENTS: "The file holds more than one YAML document",
}
"""One line for each code, for the generated reference."""

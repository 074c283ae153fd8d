"""Every diagnostic code of the policy tests' files, with its one-line title. Codes are never re-used."""

from __future__ import annotations

from collections.abc import Mapping

UNKNOWN_KEY = "T101"
MISSING_KEY = "T102"
WRONG_TYPE = "T103"
MALFORMED = "T104"
NO_CASES = "T105"
BOTH_FORMS = "T106"
NAME_TWICE = "T107"
NO_ACTION = "T108"

UNKNOWN_POLICY = "T201"
UNKNOWN_STATEMENT = "T202"
UNKNOWN_ACCOUNT = "T203"
UNKNOWN_UNIT = "T204"
EMPTY_GROUP = "T205"
NO_ACCOUNT = "T206"
UNKNOWN_PLACEHOLDER = "T207"
LIST_IN_TEXT = "T208"
MISPLACED = "T209"
NOT_TESTABLE = "T210"

ACTION = "T301"
PRINCIPAL = "T302"
RESOURCE = "T303"
CONTEXT_KEY = "T304"
TOO_MANY_REQUESTS = "T305"
CONTRADICTION = "T306"

TITLES: Mapping[str, str] = {
    UNKNOWN_KEY: "A key is not known here",
    MISSING_KEY: "A key that has to be there is missing",
    WRONG_TYPE: "A value is of the wrong type",
    MALFORMED: "A value is not written as it has to be",
    NO_CASES: "A file of tests has no cases",
    BOTH_FORMS: "A case says one thing twice, in the singular and in the plural",
    NAME_TWICE: "Two cases of a file have one name",
    NO_ACTION: "A case names no action",
    UNKNOWN_POLICY: "A test is of a policy that has no file",
    UNKNOWN_STATEMENT: "A policy has no such statement",
    UNKNOWN_ACCOUNT: "An account or group is not known",
    UNKNOWN_UNIT: "An OU is not in the manifest",
    EMPTY_GROUP: "A case or group selects no account",
    NO_ACCOUNT: "A case of the whole organization names no account",
    UNKNOWN_PLACEHOLDER: "A placeholder names nothing in the manifest",
    LIST_IN_TEXT: "A placeholder for a list stands where there can only be text",
    MISPLACED: "A file of tests that are held against one policy is not beside a policy",
    NOT_TESTABLE: "Policies of this type decide about no request",
    ACTION: "An action is not written as one",
    PRINCIPAL: "A principal is not written as one",
    RESOURCE: "A resource is not written as one",
    CONTEXT_KEY: "A context key is not written as one",
    TOO_MANY_REQUESTS: "A case makes more requests than can be meant",
    CONTRADICTION: "A case expects what contradicts itself",
}
"""One line for each code, for the generated reference."""

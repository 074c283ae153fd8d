"""Every diagnostic code of rules' folders, with its one-line title. Codes are never re-used."""

from __future__ import annotations

from collections.abc import Mapping

NAME = "R101"
NO_PARAMETERS_FILE = "R102"
SHAPE = "R103"
NOT_A_JSON_STRING = "R104"
OTHER_NAME = "R105"
RESOURCE_TYPE = "R106"
FREQUENCY = "R107"
NO_TRIGGER = "R108"
RUNTIME = "R109"
PARAMETER_TWICE = "R110"
FOREIGN_KEY = "R111"
PARAMETER_VALUE = "R112"

NO_CODE = "R120"
CODE_SYNTAX = "R121"
NO_CLASS = "R122"
NO_HANDLER = "R123"
NO_TESTS = "R124"
NO_PAGE = "R125"
FIXTURE = "R126"
IMPORTS_ORGCTL = "R127"
NO_MODULE = "R128"

NO_METADATA = "R130"
UNKNOWN_KEY = "R131"
MISSING_KEY = "R132"
WRONG_TYPE = "R133"
PERMISSION = "R134"
SUMMARY = "R135"
NOT_A_PARAMETER = "R136"

TWO_KINDS = "R140"
GUARD_LENGTH = "R141"
GUARD_SYNTAX = "R142"
GUARD_VERSION = "R143"
GUARD_TESTS = "R144"
GUARD_UNCHECKED = "R145"

TITLES: Mapping[str, str] = {
    NAME: "The name of a rule's folder is no Python identifier, or too long for a function's name",
    NO_PARAMETERS_FILE: "A rule has no `parameters.json`",
    SHAPE: "`parameters.json` lacks something, or has a value of the wrong type",
    NOT_A_JSON_STRING: "Parameters are not written as JSON in a string",
    OTHER_NAME: "`parameters.json` names another rule than the folder",
    RESOURCE_TYPE: "A resource type is not known to AWS Config",
    FREQUENCY: "A frequency is none of AWS Config's",
    NO_TRIGGER: "A rule has neither resource types nor a frequency",
    RUNTIME: "A runtime is not one that rdklib runs on",
    PARAMETER_TWICE: "A parameter is both required and optional",
    FOREIGN_KEY: "`parameters.json` holds a key that RDK does not know",
    PARAMETER_VALUE: "A parameter's value is not text",
    NO_CODE: "A rule has no code",
    CODE_SYNTAX: "A rule's code is not valid Python",
    NO_CLASS: "A rule's code has no class of the rule's name",
    NO_HANDLER: "A rule's code has no `lambda_handler(event, context)`",
    NO_TESTS: "A rule has no tests",
    NO_PAGE: "A rule has no `README.md`",
    FIXTURE: "A fixture is no configuration item of a type that the rule looks at",
    IMPORTS_ORGCTL: "A rule imports orgctl, which is not there in Lambda",
    NO_MODULE: "A rule imports what will not be there in Lambda",
    NO_METADATA: "A rule has no `rule.yaml`",
    UNKNOWN_KEY: "A key of `rule.yaml` is not known",
    MISSING_KEY: "A key of `rule.yaml` is missing",
    WRONG_TYPE: "A value in `rule.yaml` is of the wrong type, or none of those that are possible",
    PERMISSION: "A permission is not an IAM action",
    SUMMARY: "A summary is not one line of at most 256 characters",
    NOT_A_PARAMETER: "`rule.yaml` describes a parameter that the rule does not have",
    TWO_KINDS: "A folder holds both a Guard policy and a Lambda function's rule",
    GUARD_LENGTH: "A Guard policy is longer than AWS Config allows",
    GUARD_SYNTAX: "A Guard policy is not valid",
    GUARD_VERSION: "A Guard policy uses what the Guard in AWS Config does not know",
    GUARD_TESTS: "Tests of a Guard policy are not written as such",
    GUARD_UNCHECKED: "A Guard policy is not checked, since Guard is not installed",
}
"""One line for each code, for the generated reference."""

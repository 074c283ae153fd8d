"""Every diagnostic code of conformance packs and remediation documents, with its title. Codes are never re-used."""

from __future__ import annotations

from collections.abc import Mapping

UNKNOWN_KEY = "K101"
MISSING_KEY = "K102"
WRONG_TYPE = "K103"
MALFORMED = "K104"
PACK_NAME = "K105"
SUFFIX = "K106"
NOT_DEPLOYED = "K107"

RULE_OR_MANAGED = "K110"
UNKNOWN_RULE = "K111"
UNKNOWN_MANAGED = "K112"
RULE_TWICE = "K113"
BROKEN_RULE = "K114"
NOT_FOR_CUSTOM = "K116"
NO_RULES = "K117"

UNKNOWN_PARAMETER = "K120"
MISSING_PARAMETER = "K121"
PARAMETER_TYPE = "K122"
UNKNOWN_PLACEHOLDER = "K123"
LIST_IN_TEXT = "K124"
OWN_PARAMETER = "K125"
RESOURCE_TYPE = "K126"
FREQUENCY = "K127"

UNKNOWN_TARGET = "K130"
UNKNOWN_ACCOUNT = "K131"
NOTHING_TARGETED = "K132"
REGION = "K133"
GLOBAL_LEFT_OUT = "K134"
ORGANIZATION_LEFT_OUT = "K135"
UNAVAILABLE = "K136"

UNKNOWN_DOCUMENT = "K140"
REMEDIATION_PARAMETER = "K141"
AUTOMATIC_ROLE = "K142"

WAIVER_EXPIRED = "K150"
WAIVER_RULE = "K151"
WAIVER_ACCOUNT = "K152"
WAIVER_DATE = "K153"

TEMPLATE_INLINE = "K160"
TEMPLATE_TOO_LARGE = "K161"
TOO_MANY_RULES = "K162"
PARAMETERS_TOO_LONG = "K164"
TOO_MANY_PACKS = "K165"
TOO_MANY_IN_ALL = "K166"
TOO_MANY_EXCLUDED = "K167"
RULE_NAME_TOO_LONG = "K169"
LINTED = "K170"

DOCUMENT_KEY = "K180"
DOCUMENT_VALUE = "K181"
DOCUMENT_ACTION = "K182"
DOCUMENT_INPUT = "K183"
DOCUMENT_STEP_TWICE = "K184"
DOCUMENT_REFERENCE = "K185"
DOCUMENT_NAME = "K186"
DOCUMENT_SCRIPT = "K187"
DOCUMENT_STEP = "K188"

TITLES: Mapping[str, str] = {
    UNKNOWN_KEY: "A key is not known here",
    MISSING_KEY: "A key that has to be there is missing",
    WRONG_TYPE: "A value is of the wrong type",
    MALFORMED: "A value is not written as it has to be",
    PACK_NAME: "A pack's file has a name that AWS Config does not accept",
    SUFFIX: "A file beside the packs is none, by its suffix",
    NOT_DEPLOYED: "A pack is deployed nowhere",
    RULE_OR_MANAGED: "A rule is neither custom nor managed, or both",
    UNKNOWN_RULE: "A custom rule has no folder",
    UNKNOWN_MANAGED: "A managed rule is not known to orgctl",
    RULE_TWICE: "Two rules of a pack have one name",
    BROKEN_RULE: "A custom rule's folder has problems",
    NOT_FOR_CUSTOM: "A custom rule says itself what only managed rules are told here",
    NO_RULES: "A pack has no rules",
    UNKNOWN_PARAMETER: "A rule has no such parameter",
    MISSING_PARAMETER: "A rule lacks a parameter that it needs",
    PARAMETER_TYPE: "A parameter's value is of the wrong type",
    UNKNOWN_PLACEHOLDER: "A placeholder names nothing in the manifest",
    LIST_IN_TEXT: "A placeholder for a list stands within longer text",
    OWN_PARAMETER: "A parameter is orgctl's own to set",
    RESOURCE_TYPE: "A rule does not look at resources of this type",
    FREQUENCY: "A rule that only changes trigger has no frequency",
    UNKNOWN_TARGET: "A target is not in the manifest's tree",
    UNKNOWN_ACCOUNT: "An account is not in the manifest",
    NOTHING_TARGETED: "A pack is for no account",
    REGION: "A region is not among AWS Config's",
    GLOBAL_LEFT_OUT: "A rule on global resources would run nowhere",
    ORGANIZATION_LEFT_OUT: "A rule on the organization would run nowhere",
    UNAVAILABLE: "AWS does not offer a managed rule in a region",
    UNKNOWN_DOCUMENT: "A remediation document has no file",
    REMEDIATION_PARAMETER: "A remediation's parameters are not those of its document",
    AUTOMATIC_ROLE: "An automatic remediation has no role",
    WAIVER_EXPIRED: "A waiver has expired",
    WAIVER_RULE: "A waiver is of a rule that the pack does not have",
    WAIVER_ACCOUNT: "A waiver is for an account that the pack is not for",
    WAIVER_DATE: "A waiver's last day is not a date",
    TEMPLATE_INLINE: "A template is too long to be sent without a bucket",
    TEMPLATE_TOO_LARGE: "A template is larger than AWS Config accepts",
    TOO_MANY_RULES: "A pack has more rules than AWS Config accepts",
    PARAMETERS_TOO_LONG: "A rule's parameters are longer than AWS Config accepts",
    TOO_MANY_PACKS: "There are more packs than AWS Config accepts",
    TOO_MANY_IN_ALL: "There are more rules in all packs than AWS Config accepts",
    TOO_MANY_EXCLUDED: "A pack leaves out more accounts than AWS Config accepts",
    RULE_NAME_TOO_LONG: "A rule's name is longer than AWS Config accepts",
    LINTED: "cfn-lint objects to a template",
    DOCUMENT_KEY: "A key of an Automation document is unknown or missing",
    DOCUMENT_VALUE: "A value in an Automation document will not do",
    DOCUMENT_ACTION: "Systems Manager Automation has no such action",
    DOCUMENT_INPUT: "A step lacks an input that its action needs",
    DOCUMENT_STEP_TWICE: "Two steps of a document have one name",
    DOCUMENT_REFERENCE: "A document refers to something that is not there",
    DOCUMENT_NAME: "Systems Manager does not accept the document's name",
    DOCUMENT_SCRIPT: "A step's script cannot run",
    DOCUMENT_STEP: "A step leads to one that is not there",
}
"""One line for each code, for the generated reference."""

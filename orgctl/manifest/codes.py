"""Every diagnostic code of the manifest and the policy files, with its one-line title. Codes are never re-used."""

from __future__ import annotations

from collections.abc import Mapping

from orgctl.source.codes import TITLES as SOURCE_TITLES

UNKNOWN_KEY = "M001"
MISSING_KEY = "M002"
WRONG_TYPE = "M003"
MALFORMED = "M004"

INCLUDE_MISSING = "M011"
INCLUDE_OUTSIDE = "M012"
INCLUDE_CYCLE = "M013"
INCLUDED_TWICE = "M014"
INCLUDE_NOT_YAML = "M015"

DUPLICATE_EMAIL = "M101"
DUPLICATE_ID = "M102"
DUPLICATE_ACCOUNT = "M103"
DUPLICATE_AWS_NAME = "M104"
DUPLICATE_UNIT = "M105"
LISTED_TWICE = "M106"
UNIDENTIFIED_ACCOUNT = "M107"
ACCOUNT_NAME = "M108"
NO_MANAGEMENT_ACCOUNT = "M110"
MANAGEMENT_ACCOUNT_STATE = "M111"
CLOSED_ACCOUNT_IN_USE = "M112"

UNKNOWN_POLICY = "M201"
UNKNOWN_POLICY_FOLDER = "M202"
POLICY_TYPE_NOT_ENABLED = "M203"
UNKNOWN_POLICY_TYPE = "M204"
NO_SCP_LEFT = "M205"
POLICY_TYPE_CONTRADICTION = "M206"
UNKNOWN_ACCOUNT = "M211"
MANAGEMENT_IS_ADMINISTRATOR = "M212"
TRUSTED_ACCESS_MISSING = "M213"
UNKNOWN_REGION = "M214"
HOME_REGION_UNUSED = "M215"
MIXED_PARTITIONS = "M216"

MOVED_MALFORMED = "M301"
MOVED_TARGET_MISSING = "M302"
MOVED_SOURCE_EXISTS = "M303"
MOVED_CONTRADICTION = "M304"

POLICY_TOO_LARGE = "M401"
TOO_MANY_ATTACHED = "M402"
TOO_DEEP = "M403"
TOO_MANY = "M404"
TOO_MANY_TAGS = "M405"
DELEGATION_POLICY_TOO_LARGE = "M406"
UNKNOWN_QUOTA = "M411"
UNKNOWN_RATE = "M412"

RESERVED_TAG = "M501"
TAG_CHARACTERS = "M502"

BUCKET_NAME = "M601"
TRAIL_NAME = "M602"
LIFECYCLE_ORDER = "M603"
NO_SUCH_DAY = "M604"
RESULTS_AMONG_LOGS = "M605"

NOT_DELEGATED = "M701"
CONFIG_REGION = "M702"
GLOBAL_REGION = "M703"
UNKNOWN_PACK = "M704"

ROLLOUT_TARGET = "M801"
ROLLOUT_REPEATED = "M802"
ROLLOUT_BEYOND = "M803"
ROLLOUT_SHORT = "M804"
ROLLOUT_TYPE = "M805"
ROLLOUT_NAME = "M806"
ROLLOUT_UP_TO = "M807"

POLICY_NOT_OBJECT = "P001"
POLICY_TWICE = "P002"
POLICY_NAME = "P003"
POLICY_MISPLACED = "P004"
POLICY_UNUSED = "P005"
UNKNOWN_PLACEHOLDER = "P011"
LIST_IN_TEXT = "P012"
PLACEHOLDER_IN_KEY = "P013"

TITLES: Mapping[str, str] = {
    **SOURCE_TITLES,
    UNKNOWN_KEY: "A key is not known here",
    MISSING_KEY: "A key that has to be there is missing",
    WRONG_TYPE: "A value is of the wrong type",
    MALFORMED: "A value is not written as it has to be",
    INCLUDE_MISSING: "An include matches no file",
    INCLUDE_OUTSIDE: "An include leads out of the manifest's directory",
    INCLUDE_CYCLE: "A file includes itself, directly or through others",
    INCLUDED_TWICE: "A file is included twice",
    INCLUDE_NOT_YAML: "An included file is neither YAML nor JSON",
    DUPLICATE_EMAIL: "Two accounts have one e-mail address",
    DUPLICATE_ID: "Two accounts have one id",
    DUPLICATE_ACCOUNT: "Two accounts have one name in the manifest",
    DUPLICATE_AWS_NAME: "Two accounts have one name in AWS",
    DUPLICATE_UNIT: "Two OUs of one parent have one name",
    LISTED_TWICE: "A list holds something twice",
    UNIDENTIFIED_ACCOUNT: "An account has neither an id nor an e-mail address",
    ACCOUNT_NAME: "AWS does not accept the account's name",
    NO_MANAGEMENT_ACCOUNT: "The management account is not among the accounts",
    MANAGEMENT_ACCOUNT_STATE: "The management account cannot be closed or invited",
    CLOSED_ACCOUNT_IN_USE: "A closed account is still needed",
    UNKNOWN_POLICY: "A policy has no file",
    UNKNOWN_POLICY_FOLDER: "A folder of policies is no policy type's",
    POLICY_TYPE_NOT_ENABLED: "A policy is attached whose type is not enabled",
    UNKNOWN_POLICY_TYPE: "A policy type is not known to orgctl",
    NO_SCP_LEFT: "A target would be left without any service control policy",
    POLICY_TYPE_CONTRADICTION: "A policy type is to be enabled and disabled at once",
    UNKNOWN_ACCOUNT: "An account is not in the manifest",
    MANAGEMENT_IS_ADMINISTRATOR: "The management account cannot be a delegated administrator",
    TRUSTED_ACCESS_MISSING: "Something needs trusted access for a service that has none",
    UNKNOWN_REGION: "A region is not known to orgctl",
    HOME_REGION_UNUSED: "The home region is not among the regions",
    MIXED_PARTITIONS: "The regions belong to more than one partition",
    MOVED_MALFORMED: "A move is not between two OU paths or two policy names of one type",
    MOVED_TARGET_MISSING: "A move leads to something that the manifest lacks",
    MOVED_SOURCE_EXISTS: "A move starts from something that the manifest still has",
    MOVED_CONTRADICTION: "Two moves contradict each other",
    POLICY_TOO_LARGE: "A policy is larger than AWS accepts",
    TOO_MANY_ATTACHED: "A target has more policies of a type than AWS accepts",
    TOO_DEEP: "An OU is nested deeper than AWS accepts",
    TOO_MANY: "There are more accounts, OUs or policies than AWS accepts",
    TOO_MANY_TAGS: "Something has more tags than AWS accepts",
    DELEGATION_POLICY_TOO_LARGE: "The delegation policy is larger than AWS accepts",
    UNKNOWN_QUOTA: "An override names a quota that there is not",
    UNKNOWN_RATE: "An override names an API that has no rate",
    RESERVED_TAG: "A tag's key begins with a reserved prefix",
    TAG_CHARACTERS: "A tag holds characters that AWS does not accept",
    BUCKET_NAME: "S3 does not accept the bucket's name",
    TRAIL_NAME: "CloudTrail does not accept the trail's name",
    LIFECYCLE_ORDER: "Objects would expire before they are moved",
    NO_SUCH_DAY: "The calendar has no such day",
    RESULTS_AMONG_LOGS: "Results of queries would be put among the log files",
    NOT_DELEGATED: "AWS Config's administrator is not a delegated administrator of it",
    CONFIG_REGION: "AWS Config is to run in a region that the organization does not use",
    GLOBAL_REGION: "The region for global resources is not among AWS Config's",
    UNKNOWN_PACK: "A conformance pack has no file",
    ROLLOUT_TARGET: "A stage of a rollout names a target that is not there",
    ROLLOUT_REPEATED: "A stage of a rollout adds nothing",
    ROLLOUT_BEYOND: "A stage lies outside of where the policy is attached in the end",
    ROLLOUT_SHORT: "The stages do not lead to everything that the policy is attached to",
    ROLLOUT_TYPE: "Policies of this type cannot be rolled out by stages",
    ROLLOUT_NAME: "A policy is called like the new version of another one",
    ROLLOUT_UP_TO: "A rollout is to stop at what is none of its stages",
    POLICY_NOT_OBJECT: "A policy file does not hold an object",
    POLICY_TWICE: "A policy has two files",
    POLICY_NAME: "A policy file's name cannot be a policy's name",
    POLICY_MISPLACED: "A policy file is not directly in a policy type's folder",
    POLICY_UNUSED: "A policy is attached nowhere",
    UNKNOWN_PLACEHOLDER: "A placeholder names nothing in the manifest",
    LIST_IN_TEXT: "A placeholder for a list stands within longer text",
    PLACEHOLDER_IN_KEY: "A placeholder stands in a key",
}
"""One line for each code, for the generated reference."""

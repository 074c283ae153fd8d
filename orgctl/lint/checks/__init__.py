"""The registry: one line for each check. A new one is a file of its kind, its line here, and a case in `tests/lint`."""

from __future__ import annotations

from collections.abc import Mapping

from orgctl.lint.check import Check
from orgctl.lint.checks.action_patterns import ACTION_PATTERNS
from orgctl.lint.checks.actions import ACTIONS
from orgctl.lint.checks.allow_not_action import ALLOW_NOT_ACTION
from orgctl.lint.checks.bare_settings import BARE_SETTINGS
from orgctl.lint.checks.characters import CHARACTERS
from orgctl.lint.checks.condition_keys import CONDITION_KEYS
from orgctl.lint.checks.covered import COVERED
from orgctl.lint.checks.dead_conditions import DEAD_CONDITIONS
from orgctl.lint.checks.doubled_keys import DOUBLED_KEYS
from orgctl.lint.checks.elements import ELEMENTS
from orgctl.lint.checks.empty import EMPTY
from orgctl.lint.checks.for_all_values import FOR_ALL_VALUES
from orgctl.lint.checks.idle_allows import IDLE_ALLOWS
from orgctl.lint.checks.insertions import INSERTIONS
from orgctl.lint.checks.management_targets import MANAGEMENT_TARGETS
from orgctl.lint.checks.many_values import MANY_VALUES
from orgctl.lint.checks.mfa import MFA
from orgctl.lint.checks.never_matches import NEVER_MATCHES
from orgctl.lint.checks.not_an_arn import NOT_AN_ARN
from orgctl.lint.checks.operator_types import OPERATOR_TYPES
from orgctl.lint.checks.operators import OPERATORS
from orgctl.lint.checks.placeholders import PLACEHOLDERS
from orgctl.lint.checks.private_addresses import PRIVATE_ADDRESSES
from orgctl.lint.checks.protected_roles import PROTECTED_ROLES
from orgctl.lint.checks.rcp_action import RCP_ACTION
from orgctl.lint.checks.rcp_effect import RCP_EFFECT
from orgctl.lint.checks.rcp_principal import RCP_PRINCIPAL
from orgctl.lint.checks.rcp_services import RCP_SUPPORT
from orgctl.lint.checks.region_locks import REGION_LOCKS
from orgctl.lint.checks.regions import REGIONS
from orgctl.lint.checks.repeated import REPEATED
from orgctl.lint.checks.resource_missing import RESOURCE_MISSING
from orgctl.lint.checks.resource_types import RESOURCE_TYPES
from orgctl.lint.checks.services import SERVICES
from orgctl.lint.checks.services_locked_out import SERVICES_LOCKED_OUT
from orgctl.lint.checks.session_arns import SESSION_ARNS
from orgctl.lint.checks.setting_keys import SETTING_KEYS
from orgctl.lint.checks.setting_operators import SETTING_OPERATORS
from orgctl.lint.checks.setting_values import SETTING_VALUES
from orgctl.lint.checks.short_arns import SHORT_ARNS
from orgctl.lint.checks.sids import SIDS
from orgctl.lint.checks.sids_unique import SIDS_UNIQUE
from orgctl.lint.checks.single_values import SINGLE_VALUES
from orgctl.lint.checks.size import SIZE
from orgctl.lint.checks.slots import SLOTS
from orgctl.lint.checks.top_keys import TOP
from orgctl.lint.checks.unbound_principals import UNBOUND_PRINCIPALS
from orgctl.lint.checks.unread_wildcards import UNREAD_WILDCARDS
from orgctl.lint.checks.unreadable_values import UNREADABLE_VALUES
from orgctl.lint.checks.value_shapes import VALUE_SHAPES
from orgctl.lint.checks.variables import VARIABLES
from orgctl.lint.checks.version import VERSION
from orgctl.lint.manifest_check import ManifestCheck
from orgctl.lint.titles import LINTING_TITLES

CHECKS: tuple[Check, ...] = (
    ELEMENTS,
    VERSION,
    RCP_EFFECT,
    RCP_PRINCIPAL,
    RCP_ACTION,
    RESOURCE_MISSING,
    SIDS,
    SIDS_UNIQUE,
    CHARACTERS,
    EMPTY,
    OPERATORS,
    NOT_AN_ARN,
    TOP,
    SETTING_KEYS,
    SETTING_OPERATORS,
    BARE_SETTINGS,
    SETTING_VALUES,
    SERVICES,
    ACTIONS,
    ACTION_PATTERNS,
    CONDITION_KEYS,
    VARIABLES,
    DEAD_CONDITIONS,
    RCP_SUPPORT,
    REGIONS,
    RESOURCE_TYPES,
    SESSION_ARNS,
    OPERATOR_TYPES,
    UNREADABLE_VALUES,
    UNREAD_WILDCARDS,
    FOR_ALL_VALUES,
    MANY_VALUES,
    MFA,
    PRIVATE_ADDRESSES,
    VALUE_SHAPES,
    SINGLE_VALUES,
    DOUBLED_KEYS,
    SHORT_ARNS,
    NEVER_MATCHES,
    COVERED,
    ALLOW_NOT_ACTION,
    REPEATED,
    IDLE_ALLOWS,
    PLACEHOLDERS,
    INSERTIONS,
    SIZE,
    UNBOUND_PRINCIPALS,
    MANAGEMENT_TARGETS,
    REGION_LOCKS,
    PROTECTED_ROLES,
    SERVICES_LOCKED_OUT,
)
"""By code. Those that AWS refuses come first."""

MANIFEST_CHECKS: tuple[ManifestCheck, ...] = (SLOTS,)

TITLES: Mapping[str, str] = {
    **LINTING_TITLES,
    **{check.code: check.title for check in CHECKS},
    **{check.code: check.title for check in MANIFEST_CHECKS},
}
"""One line for each code, for the generated reference."""

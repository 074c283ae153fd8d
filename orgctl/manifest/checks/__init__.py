"""What only shows when everything is put together. A check is one function from the loaded manifest to problems.

A new check is one function in a file of its kind, a code with its title in `codes.py`, a line in `CHECKS`, and a case
in `tests/manifest/problems/`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from orgctl.diagnostics import Diagnostic
from orgctl.manifest.checks.accounts import (
    account_names,
    identified_accounts,
    management_account,
    unique_accounts,
)
from orgctl.manifest.checks.attachments import attached_policies, attachment_counts, policies_in_use, scp_left
from orgctl.manifest.checks.aws_config import config_administrator, config_regions, packs_written
from orgctl.manifest.checks.counts import counts, unit_depth
from orgctl.manifest.checks.language import policy_language
from orgctl.manifest.checks.lists import listed_twice
from orgctl.manifest.checks.moves import moves
from orgctl.manifest.checks.overrides import overrides
from orgctl.manifest.checks.placeholders import placeholders_known
from orgctl.manifest.checks.policy_types import policy_types
from orgctl.manifest.checks.references import account_references, contacts_trusted
from orgctl.manifest.checks.regions import regions
from orgctl.manifest.checks.rollouts import rollouts
from orgctl.manifest.checks.sizes import policy_sizes
from orgctl.manifest.checks.tags import tags
from orgctl.manifest.checks.trail import trail
from orgctl.manifest.checks.trail_queries import trail_queries
from orgctl.manifest.checks.units import unique_units
from orgctl.manifest.loaded import LoadedManifest

Check = Callable[[LoadedManifest], Iterator[Diagnostic]]

CHECKS: tuple[Check, ...] = (
    unique_accounts,
    identified_accounts,
    account_names,
    management_account,
    unique_units,
    listed_twice,
    attached_policies,
    attachment_counts,
    scp_left,
    policies_in_use,
    policy_types,
    account_references,
    contacts_trusted,
    regions,
    moves,
    unit_depth,
    counts,
    policy_sizes,
    rollouts,
    placeholders_known,
    policy_language,
    overrides,
    tags,
    trail,
    trail_queries,
    config_administrator,
    config_regions,
    packs_written,
)

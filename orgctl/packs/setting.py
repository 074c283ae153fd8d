"""What packs are read against: the manifest, the rules, and the documents that there are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from orgctl.manifest import LoadedManifest, known_values, sized_values
from orgctl.manifest.insertion import Values
from orgctl.manifest.schema import AwsConfig
from orgctl.packs.document import Document
from orgctl.rules.catalog import rule_folders
from orgctl.rules.rule import Rule


@dataclass(frozen=True, slots=True)
class Setting:
    """`broken` names the rules whose folder has problems. Without `today` no waiver has expired.

    `documents` are ours, by name, `broken_documents` the names of those with problems. `values` are inserted for
    placeholders; `sized` knows every name that there is, and a value of the right length for each.
    """

    loaded: LoadedManifest
    rules: Mapping[str, Rule]
    broken: frozenset[str]
    documents: Mapping[str, Document]
    broken_documents: frozenset[str]
    values: Values
    sized: Values
    today: date | None

    @property
    def regions(self) -> tuple[str, ...]:
        """Where AWS Config runs."""
        config = self.loaded.manifest.config
        return tuple((config and config.regions) or self.loaded.manifest.organization.regions)

    @property
    def global_region(self) -> str:
        """Where rules on resources of no region run."""
        config = self.loaded.manifest.config
        return (config and config.global_region) or self.loaded.manifest.organization.home_region

    def is_management(self, key: str) -> bool:
        """Whether the account of this name is the management account."""
        organization = self.loaded.manifest.organization
        return self.loaded.account_by_key[key].account.id == organization.management_account

    @property
    def evaluation_role(self) -> str:
        """The role by which custom rules look at an account."""
        config = self.loaded.manifest.config
        return config.evaluation_role if config else str(AwsConfig.model_fields["evaluation_role"].default)


def setting_of(
    loaded: LoadedManifest,
    rules: tuple[Rule, ...],
    documents: Mapping[str, Document],
    broken_documents: frozenset[str],
    today: date | None,
) -> Setting:
    """The setting of a manifest; the names of broken rules are looked up in its directory."""
    by_name = {rule.name: rule for rule in rules}
    folders = {folder.name for folder in rule_folders(loaded.directory)}
    return Setting(
        loaded=loaded,
        rules=by_name,
        broken=frozenset(folders - set(by_name)),
        documents=documents,
        broken_documents=broken_documents,
        values=known_values(loaded),
        sized=sized_values(loaded),
        today=today,
    )

"""`Scope`: what of AWS is to be read. It is saved in plan files, so that `apply` reads the same again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class TrailScope:
    """The one trail to read, by name, in its home region."""

    name: str
    region: str


@dataclass(frozen=True, slots=True)
class BucketScope:
    """The one bucket to read. `account` is an id or an e-mail; None: the caller's own account."""

    name: str
    region: str
    account: str | None = None


@dataclass(frozen=True, slots=True)
class QueryScope:
    """What the trail is queried by, by name. `account` is an id or an e-mail; None: the caller's own account."""

    region: str
    database: str
    table: str
    workgroup: str
    account: str | None = None

    def to_json(self) -> dict[str, object]:
        """A JSON value that `from_json` reads."""
        return {name: getattr(self, name) for name in (*_QUERY_NAMES, "account")}

    @classmethod
    def from_json(cls, value: object) -> QueryScope:
        """Read what `to_json` wrote. Raises ValueError for anything else."""
        fields = _mapping(value, {*_QUERY_NAMES, "account"})
        account = fields["account"]
        if account is not None and not isinstance(account, str):
            raise ValueError("a scope's account is not text")
        return cls(**_texts({name: fields[name] for name in _QUERY_NAMES}, set(_QUERY_NAMES)), account=account)


_QUERY_NAMES = ("region", "database", "table", "workgroup")


@dataclass(frozen=True, slots=True)
class ConfigScope:
    """What of AWS Config to read: what orgctl owns in the administrator's account (an id or an e-mail), and its roles.

    `evaluation_role` names the role in every member, and the stack set in `home_region` that keeps it there. `packs`
    False: the packs, and whatever is there for them, are left alone. `recorders` are the accounts (ids and lower-case
    e-mails) of which it is to be known whether they record, in `recorded_regions`. `documents` are the names of
    Automation documents that are looked at whoever owns them. `aggregator` is asked how many rules each pack has in an
    account; `rules` says, by a pack's address, which numbers are right.
    """

    administrator: str
    home_region: str
    regions: tuple[str, ...]
    evaluation_role: str
    packs: bool = True
    recorders: frozenset[str] = frozenset()
    recorded_regions: tuple[str, ...] = ()
    documents: frozenset[str] = frozenset()
    aggregator: str | None = None
    rules: Mapping[str, tuple[int, ...]] = field(default_factory=dict)

    def to_json(self) -> dict[str, object]:
        """A JSON value that `from_json` reads."""
        return {
            "administrator": self.administrator,
            "home_region": self.home_region,
            "evaluation_role": self.evaluation_role,
            "regions": list(self.regions),
            "packs": self.packs,
            "recorders": sorted(self.recorders),
            "recorded_regions": list(self.recorded_regions),
            "documents": sorted(self.documents),
            "aggregator": self.aggregator,
            "rules": {address: list(numbers) for address, numbers in sorted(self.rules.items())},
        }

    @classmethod
    def from_json(cls, value: object) -> ConfigScope:
        """Read what `to_json` wrote. Raises ValueError for anything else."""
        names = {"administrator", "home_region", "evaluation_role"}
        more = {"regions", "packs", "recorders", "recorded_regions", "documents", "aggregator", "rules"}
        fields = _mapping(value, names | more)
        if not isinstance(fields["packs"], bool):
            raise ValueError("`packs` is not true or false")
        return cls(
            **_texts({name: fields[name] for name in names}, names),
            regions=tuple(sorted(_names(fields["regions"]))),
            packs=fields["packs"],
            recorders=_names(fields["recorders"]),
            recorded_regions=tuple(sorted(_names(fields["recorded_regions"]))),
            documents=_names(fields["documents"]),
            aggregator=_text_or_none(fields["aggregator"]),
            rules=_numbers(fields["rules"]),
        )


@dataclass(frozen=True, slots=True)
class Scope:
    """What is wanted beyond the organization itself, its tree and its policies, which are always read.

    `tagged` and `contacts` hold account ids and lower-case e-mails. `everything` (for an import) asks for the tags of
    all accounts; without a `trail` it also looks for the organization's own trail in the session's region.
    `policy_types` are those (as AWS writes them) whose policies are wanted though the type is not enabled yet.
    """

    tagged: frozenset[str] = frozenset()
    contacts: frozenset[str] = frozenset()
    trail: TrailScope | None = None
    bucket: BucketScope | None = None
    everything: bool = False
    policy_types: frozenset[str] = frozenset()
    config: ConfigScope | None = None
    queries: QueryScope | None = None

    def wants_tags_of(self, account_id: str, email: str) -> bool:
        """Whether the account's tags are to be read."""
        return self.everything or account_id in self.tagged or email.lower() in self.tagged

    def wants_contacts_of(self, account_id: str, email: str) -> bool:
        """Whether the account's alternate contacts are to be read."""
        return account_id in self.contacts or email.lower() in self.contacts

    def to_json(self) -> dict[str, object]:
        """A JSON value that `from_json` reads; equal scopes give equal text."""
        return {
            "tagged": sorted(self.tagged),
            "contacts": sorted(self.contacts),
            "trail": self.trail and {"name": self.trail.name, "region": self.trail.region},
            "bucket": self.bucket
            and {"name": self.bucket.name, "region": self.bucket.region, "account": self.bucket.account},
            "everything": self.everything,
            "policy_types": sorted(self.policy_types),
            "config": self.config and self.config.to_json(),
            "queries": self.queries and self.queries.to_json(),
        }

    @classmethod
    def from_json(cls, value: object) -> Scope:
        """Read what `to_json` wrote. Raises ValueError for anything else."""
        more = {"policy_types", "config", "queries"}
        fields = _mapping(value, {"tagged", "contacts", "trail", "bucket", "everything"} | more)
        trail, bucket, everything = fields["trail"], fields["bucket"], fields["everything"]
        if not isinstance(everything, bool):
            raise ValueError("`everything` is not true or false")
        return cls(
            _names(fields["tagged"]),
            _names(fields["contacts"]),
            None if trail is None else TrailScope(**_texts(trail, {"name", "region"})),
            None if bucket is None else _bucket(bucket),
            everything,
            _names(fields["policy_types"]),
            None if fields["config"] is None else ConfigScope.from_json(fields["config"]),
            None if fields["queries"] is None else QueryScope.from_json(fields["queries"]),
        )


def _bucket(value: object) -> BucketScope:
    fields = _mapping(value, {"name", "region", "account"})
    account = fields["account"]
    if account is not None and not isinstance(account, str):
        raise ValueError("a bucket's account is not text")
    return BucketScope(**_texts({key: fields[key] for key in ("name", "region")}, {"name", "region"}), account=account)


def _mapping(value: object, keys: set[str]) -> Mapping[str, object]:
    if not isinstance(value, Mapping) or set(value) != keys:
        raise ValueError(f"a scope needs exactly the keys {', '.join(sorted(keys))}")
    return value


def _texts(value: object, keys: set[str]) -> dict[str, str]:
    texts = {key: text for key, text in _mapping(value, keys).items() if isinstance(text, str)}
    if set(texts) != keys:
        raise ValueError("a scope's names are text")
    return texts


def _text_or_none(value: object) -> str | None:
    if value is not None and not isinstance(value, str):
        raise ValueError("an aggregator's name is not text")
    return value


def _numbers(value: object) -> dict[str, tuple[int, ...]]:
    if not isinstance(value, Mapping) or not all(isinstance(numbers, list) for numbers in value.values()):
        raise ValueError("the numbers of rules are not lists")
    if not all(isinstance(number, int) for numbers in value.values() for number in numbers):
        raise ValueError("a number of rules is not a number")
    return {str(address): tuple(numbers) for address, numbers in value.items()}


def _names(value: object) -> frozenset[str]:
    if not isinstance(value, list) or not all(isinstance(name, str) for name in value):
        raise ValueError("a scope's accounts and policy types are lists of names")
    return frozenset(value)

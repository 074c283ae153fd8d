"""From a manifest's value to the text of its files: the other way round than `loading`.

A small organization is one `organization.yaml`. A big one has a file under `organization/` for each top-level OU with
more than a handful of accounts, which `organization.yaml` includes. Policies are pretty-printed JSON.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from orgctl.manifest.jsonschema import SCHEMAS, schema_text
from orgctl.manifest.loaded import MANIFEST
from orgctl.manifest.policies import FOLDER
from orgctl.manifest.schema import Account, Guarded, Manifest, Model, Trail, Unit
from orgctl.manifest.yaml_text import entry, scalar
from orgctl.model.address import ROOT, UnitPath, unit_address

PARTS = "organization"
"""The folder of the included files."""

_BIG = 200
"""With more accounts than this, top-level OUs get files of their own."""
_HANDFUL = 10
"""An OU with no more accounts than this stays in `organization.yaml` all the same."""

_SCHEMA, _PART_SCHEMA = SCHEMAS
_COMMENTS = {
    "management_account": "orgctl refuses to run against any other organization",
    "home_region": "where the trail and its bucket live",
    "regions": "those in use: policies insert them as @{regions}",
    "policy_types": "enabled; others are left as they are",
}


@dataclass(frozen=True, slots=True)
class Contents:
    """What is to be written.

    `policies` maps names (`scp/region-lock`) to documents, `delegation_policy` is that of the file that the manifest
    names. `notes` are sentences for comments, by the address that they are about; `suggested_trail` is written as a
    comment, to be uncommented.
    """

    manifest: Manifest
    policies: Mapping[str, object] = field(default_factory=dict)
    delegation_policy: object = None
    notes: Mapping[str, Sequence[str]] = field(default_factory=dict)
    suggested_trail: Trail | None = None


def files(contents: Contents) -> dict[str, str]:
    """The text of every file, by its name relative to the directory."""
    writer = _Writer(contents.notes, big=_count(contents.manifest.root) > _BIG)
    text = "\n".join(_manifest(contents, writer)) + "\n"
    written = {MANIFEST: text, _SCHEMA: schema_text(SCHEMAS[_SCHEMA]), **writer.parts}
    if writer.parts:
        written[_PART_SCHEMA] = schema_text(SCHEMAS[_PART_SCHEMA])
    if contents.manifest.organization.delegation_policy:
        written[contents.manifest.organization.delegation_policy] = _json(contents.delegation_policy)
    return written | {policy_file(name): _json(document) for name, document in contents.policies.items()}


def policy_file(name: str) -> str:
    """Where the policy `scp/region-lock` is written."""
    return f"{FOLDER}/{name}.json"


def declared_values(model: Model) -> dict[str, object]:
    """What a model says beyond its defaults, as the file has it."""
    values: dict[str, object] = model.model_dump(by_alias=True, exclude_defaults=True)
    return values


def _manifest(contents: Contents, writer: _Writer) -> Iterator[str]:
    manifest = contents.manifest
    yield f"# yaml-language-server: $schema=./{_SCHEMA}"
    yield "#"
    yield "# The whole organization: its tree of OUs and accounts, and where each policy is attached."
    yield "# `orgctl plan` shows what AWS would change to match it, and `orgctl apply` does it."
    yield f"version: {manifest.version}"
    yield "\norganization:"
    yield from _comments(contents.notes.get("organization", ()), 2)
    for key, value in _organization(manifest).items():
        lines = list(entry(key, value, 2))
        comment = _COMMENTS.get(key) if len(lines) == 1 else None
        yield from ([f"{lines[0]} # {comment}"] if comment else lines)
    yield "\nroot:"
    yield from _comments(contents.notes.get(unit_address(ROOT), ()), 2)
    yield from writer.unit(manifest.root, ROOT, 2)
    yield from _policies(contents)
    yield from _trail(contents)
    if manifest.limits.quotas:
        yield "\n# More than AWS gives by default: what has been granted, or is there at least."
        yield from entry("limits", declared_values(manifest.limits))


def _organization(manifest: Manifest) -> dict[str, object]:
    """The keys in the order of the schema; the policy types always, for without them SCPs would be meant."""
    declared = declared_values(manifest.organization)
    declared["policy_types"] = manifest.organization.policy_types
    return {key: declared[key] for key in type(manifest.organization).model_fields if key in declared}


def _policies(contents: Contents) -> Iterator[str]:
    options = {name: declared_values(value) for name, value in contents.manifest.policies.items()}
    notes = [note for address, found in contents.notes.items() if address.startswith("policy:") for note in found]
    if options or notes:
        yield "\n# What the files of policies have no room for."
        yield from _comments(notes, 0)
    if options:
        yield "policies:"
        for name, value in options.items():
            yield from entry(name, value, 2)


def _trail(contents: Contents) -> Iterator[str]:
    trail = contents.manifest.trail
    if trail:
        yield ""
        yield from entry("trail", declared_values(trail))
    notes = [note for address, found in contents.notes.items() if address.startswith("trail:") for note in found]
    if notes:
        yield ""
        yield from _comments(notes, 0)
    if contents.suggested_trail:
        yield from (f"# {line}" for line in entry("trail", declared_values(contents.suggested_trail)))


@dataclass(slots=True)
class _Writer:
    """Writes the tree; `parts` gathers the files that are included."""

    notes: Mapping[str, Sequence[str]]
    big: bool
    parts: dict[str, str] = field(default_factory=dict)

    def unit(self, unit: Unit, path: UnitPath, indent: int) -> Iterator[str]:
        """What stands below an OU's key."""
        for key, value in _guarded(unit).items():
            yield from entry(key, value, indent)
        if self.big and len(path) == 1 and _count(unit) > _HANDFUL:
            yield from entry("include", [self._part(unit, path)], indent)
        else:
            yield from self._inside(unit, path, indent)

    def _inside(self, unit: Unit, path: UnitPath, indent: int) -> Iterator[str]:
        pad = " " * indent
        if self.big and path == ROOT and len(unit.accounts) > _HANDFUL:
            yield from entry("include", [self._part(unit.model_copy(update={"units": {}}), path)], indent)
        elif unit.accounts:
            yield f"{pad}accounts:"
            for key, account in unit.accounts.items():
                yield from entry(key, _account(account), indent + 2)
        if unit.units:
            yield f"{pad}units:"
        for name, child in unit.units.items():
            yield from self._child(child, (*path, name), indent + 2)

    def _child(self, unit: Unit, path: UnitPath, indent: int) -> Iterator[str]:
        lines = list(self.unit(unit, path, indent + 2))
        yield from _comments(self.notes.get(unit_address(path), ()), indent)
        yield f"{' ' * indent}{scalar(path[-1])}:" + ("" if lines else " {}")
        yield from lines

    def _part(self, unit: Unit, path: UnitPath) -> str:
        """Write the accounts and OUs of `unit` into a file of their own; returns its name."""
        file = self._free_name(path[-1] if path else "root")
        where = f"the OU `{'/'.join(path)}`" if path else "the root"
        head = [f"# yaml-language-server: $schema=../{_PART_SCHEMA}", f"# What is in {_printable(where)}."]
        inside = _Writer(self.notes, big=False)
        self.parts[file] = "\n".join([*head, *inside._inside(unit, path, 0)]) + "\n"
        return file

    def _free_name(self, unit_name: str) -> str:
        plain = unicodedata.normalize("NFKD", unit_name).encode("ascii", "ignore").decode().lower()
        slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-") or "ou"
        names = (f"{PARTS}/{slug}{suffix}.yaml" for suffix in ("", *(f"-{n}" for n in range(2, 10_000))))
        return next(name for name in names if name not in self.parts)


def _guarded(guarded: Guarded) -> dict[str, object]:
    declared = declared_values(guarded)
    return {key: declared[key] for key in Guarded.model_fields if key in declared}


def _account(account: Account) -> dict[str, object]:
    """Who it is, then what is declared for it."""
    declared = declared_values(account)
    first = {key: declared.pop(key) for key in ("id", "email", "name", "state") if key in declared}
    return first | declared


def _count(unit: Unit) -> int:
    return len(unit.accounts) + sum(map(_count, unit.units.values()))


def _comments(sentences: Iterable[str], indent: int) -> Iterator[str]:
    yield from (f"{' ' * indent}# {_printable(sentence)}" for sentence in sentences)


def _printable(text: str) -> str:
    """Names come from AWS and may hold anything: a line break would end the comment."""
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)


def _json(document: object) -> str:
    text = json.dumps(document, indent=2, ensure_ascii=False) + "\n"
    return text if text.isascii() or _is_utf8(text) else json.dumps(document, indent=2) + "\n"


def _is_utf8(text: str) -> bool:
    """Whether the text has no halves of surrogate pairs; the loader says where they are, if it has."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True

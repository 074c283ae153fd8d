"""A plan saved to a file: the plan, what it was worked out from, and a checksum over all of it.

The checksum tells a truncated or edited file from a whole one. It is no signature: who may write the file may write
another plan into it, so keep plan files where you keep the manifest.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from orgctl.aws.read.scope import Scope
from orgctl.errors import InvalidInputError
from orgctl.model.limits import Limits, Rate
from orgctl.reconcile.fingerprint import Fingerprints
from orgctl.reconcile.plan import Plan
from orgctl.reconcile.plan_json import FORMAT_VERSION, from_json, to_json

KIND = "orgctl-plan"


@dataclass(frozen=True, slots=True)
class LockSettings:
    """The S3 object that keeps two applies apart."""

    bucket: str
    key: str
    region: str


@dataclass(frozen=True, slots=True)
class SavedPlan:
    """A plan with all that an apply needs besides: it does not look at the manifest again."""

    plan: Plan
    scope: Scope
    fingerprints: Fingerprints
    access_role: str
    lock: LockSettings | None = None
    limits: Limits = field(default_factory=Limits)


def save(saved: SavedPlan, path: Path) -> None:
    """Write the file, atomically. Raises InvalidInputError if it cannot be written."""
    body = {
        "kind": KIND,
        "format_version": FORMAT_VERSION,
        "access_role": saved.access_role,
        "lock": asdict(saved.lock) if saved.lock else None,
        "limits": _limits(saved.limits),
        "scope": saved.scope.to_json(),
        "fingerprints": dict(saved.fingerprints),
        "plan": to_json(saved.plan),
    }
    text = json.dumps({**body, "checksum": _checksum(body)}, indent=1, ensure_ascii=False)
    try:
        _write_atomically(path, text + "\n")
    except OSError as error:
        raise InvalidInputError(f"the plan cannot be written to `{path}`: {error.strerror}") from error


def load(path: Path) -> SavedPlan:
    """Read a saved plan. Raises InvalidInputError if it is missing, truncated, edited or of another version."""
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InvalidInputError(f"the plan `{path}` cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise _unusable(path, "it is not whole JSON text; was it cut?") from error
    if not isinstance(value, dict) or value.get("kind") != KIND:
        raise _unusable(path, "it was not written by `orgctl plan --out`")
    if value.get("format_version") != FORMAT_VERSION:
        version = value.get("format_version")
        raise _unusable(path, f"its format version is {version}, and this orgctl reads version {FORMAT_VERSION}")
    if value.pop("checksum", None) != _checksum(value):
        raise _unusable(path, "it was edited or damaged since it was saved")
    try:
        return _read(value)
    except (KeyError, TypeError, ValueError) as error:
        raise _unusable(path, f"its content does not fit together ({error})") from error


def _read(value: dict[str, Any]) -> SavedPlan:
    limits = value["limits"]
    rates = {name: Rate(**rate) for name, rate in limits["rates"].items()}
    return SavedPlan(
        plan=from_json(value["plan"]),
        scope=Scope.from_json(value["scope"]),
        fingerprints=value["fingerprints"],
        access_role=value["access_role"],
        lock=LockSettings(**value["lock"]) if value["lock"] else None,
        limits=Limits().overridden(limits["quotas"], rates),
    )


def _limits(limits: Limits) -> dict[str, Any]:
    """Only what differs from the tables: those may be newer in the orgctl that applies."""
    tables = Limits()
    return {
        "quotas": {name: value for name, value in limits.quotas.items() if tables.quotas.get(name) != value},
        "rates": {name: asdict(rate) for name, rate in limits.rates.items() if tables.rates.get(name) != rate},
    }


def _checksum(body: dict[str, Any]) -> str:
    text = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return "sha256:" + hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _unusable(path: Path, why: str) -> InvalidInputError:
    return InvalidInputError(f"the plan `{path}` cannot be used: {why}", hint="make a new one with `orgctl plan --out`")


def _write_atomically(path: Path, text: str) -> None:
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=path.parent, delete=False) as file:
        try:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        except OSError:
            Path(file.name).unlink()
            raise
    Path(file.name).replace(path)

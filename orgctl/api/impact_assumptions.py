"""What `impact` is told beside the records: `--assume KEY=VALUE`, and tags as of a snapshot in a file.

    principals:
      arn:aws:iam::222222222222:role/app/Deployer: {team: shop}
    resources:
      arn:aws:s3:::shop-data: {class: internal}

Whom the file lists has these tags and no others.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from orgctl.api.request_syntax import check_key
from orgctl.errors import InvalidInputError
from orgctl.policy.matching import is_arn
from orgctl.policy.template import Value
from orgctl.replay.verdicts.assumptions import Assumptions, Tags
from orgctl.source import Source, read

_SECTIONS = ("principals", "resources")
_QUOTED = 'tags hold text: put keys and values that look like something else in quotes, as in `cost: "7"`'
_HINT = "it has `principals` and `resources`, each with ARNs, each with tags: `arn:…: {team: shop}`"


def read_assumptions(pairs: Iterable[str], tags: Path | None) -> Assumptions:
    """What is assumed of keys that no record holds. Raises InvalidInputError for what cannot be read."""
    principals, resources = _read_tags(read(tags)) if tags else ({}, {})
    return Assumptions(_context(pairs), principals, resources)


def _context(pairs: Iterable[str]) -> dict[str, Value | None]:
    """By key in lower case; a key that comes several times has several values, one without a value is absent."""
    found: dict[str, list[str]] = {}
    for pair in pairs:
        key, separator, value = pair.partition("=")
        if not separator:
            raise InvalidInputError(
                f"`{pair}` gives no value", hint=f"write `--assume {pair}=VALUE`, or `--assume {pair}=` for none at all"
            )
        found.setdefault(check_key(key).lower(), []).extend([value] if value else [])
    return {
        key: (values[0] if len(values) == 1 else tuple(values)) if values else None for key, values in found.items()
    }


def _read_tags(source: Source) -> tuple[Tags, Tags]:
    value = source.value
    if not isinstance(value, dict) or not value or set(value) - set(_SECTIONS):
        raise InvalidInputError(f"`{source.file}` is no file of tags", hint=_HINT)
    return _section(source, value, "principals"), _section(source, value, "resources")


def _section(source: Source, value: dict[str, object], name: str) -> Tags:
    section = value.get(name) or {}
    if not isinstance(section, dict):
        raise _misshapen(source, (name,))
    strange = next((arn for arn in section if not is_arn(str(arn))), None)
    if strange is not None:
        raise InvalidInputError(f"`{strange}` at {source.key_at((name, strange))} is no ARN", hint=_HINT)
    return {str(arn): _tags(source, (name, arn), tags) for arn, tags in section.items()}


def _tags(source: Source, place: tuple[str, str], tags: object) -> dict[str, str]:
    if not isinstance(tags, dict):
        raise _misshapen(source, place)
    strange = next((key for key, value in tags.items() if not isinstance(key, str) or not isinstance(value, str)), None)
    if strange is not None:
        where = source.at((*place, strange))
        raise InvalidInputError(f"the value of the tag `{strange}` at {where} is no text", hint=_QUOTED)
    return {key.lower(): value for key, value in tags.items()}


def _misshapen(source: Source, place: tuple[str, ...]) -> InvalidInputError:
    return InvalidInputError(f"what stands at {source.at(place)} are no tags", hint=_HINT)

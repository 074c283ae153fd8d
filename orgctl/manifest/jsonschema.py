"""The JSON Schemas that editors check manifests by, generated from the models.

    python -m orgctl.manifest.jsonschema [DIRECTORY]

writes `organization.schema.json` for `organization.yaml` and `part.schema.json` for the files that it includes.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path

from orgctl.manifest.schema import Manifest, Model, Part

DIALECT = "https://json-schema.org/draft/2020-12/schema"
SCHEMAS: Mapping[str, type[Model]] = {"organization.schema.json": Manifest, "part.schema.json": Part}
"""The models by the name of the file that their schema is published in."""


def schema_text(model: type[Model]) -> str:
    """The JSON Schema of a model, as it is written to its file."""
    schema = {"$schema": DIALECT, **_tidy(model.model_json_schema(by_alias=True))}
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def write(directory: Path) -> None:
    """Write both files to `directory`."""
    for name, model in SCHEMAS.items():
        (directory / name).write_text(schema_text(model), encoding="utf-8")


def _tidy(schema: dict[str, object]) -> dict[str, object]:
    """Without the titles that pydantic makes from names, which editors show in place of what we say.

    And where keys have a pattern, with the refusal of other keys, which pydantic leaves out.
    """
    tidied: dict[str, object] = {}
    for key, value in schema.items():
        if key == "title" and isinstance(value, str):
            continue
        tidied[key] = _tidy_value(value)
    if "patternProperties" in tidied:
        tidied["additionalProperties"] = False
    return tidied


def _tidy_value(value: object) -> object:
    match value:
        case dict():
            return _tidy(value)
        case list():
            return [_tidy_value(item) for item in value]
        case _:
            return value


if __name__ == "__main__":
    write(Path(sys.argv[1] if len(sys.argv) > 1 else "."))

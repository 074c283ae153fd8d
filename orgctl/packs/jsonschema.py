"""The JSON Schema that editors check conformance packs by, generated from the models.

    python -m orgctl.packs.jsonschema [DIRECTORY]

writes `conformance-pack.schema.json`.
"""

from __future__ import annotations

import sys
from pathlib import Path

from orgctl.manifest.jsonschema import schema_text
from orgctl.packs.schema import PackFile

FILE = "conformance-pack.schema.json"
"""Where it is published, beside the manifest's own."""


def write(directory: Path) -> None:
    """Write the file to `directory`."""
    (directory / FILE).write_text(schema_text(PackFile), encoding="utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1] if len(sys.argv) > 1 else "."))

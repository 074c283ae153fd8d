"""The JSON Schema that editors check `waivers.yaml` by, generated from the models.

    python -m orgctl.compliance.jsonschema [DIRECTORY]

writes `waivers.schema.json`.
"""

from __future__ import annotations

import sys
from pathlib import Path

from orgctl.compliance.waiver_schema import WaiverFile
from orgctl.manifest.jsonschema import schema_text

FILE = "waivers.schema.json"
"""Where it is published, beside the manifest's own."""


def write(directory: Path) -> None:
    """Write the file to `directory`."""
    (directory / FILE).write_text(schema_text(WaiverFile), encoding="utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1] if len(sys.argv) > 1 else "."))

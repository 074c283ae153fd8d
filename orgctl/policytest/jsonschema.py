"""The JSON Schema that editors check policy tests by, generated from the models.

    python -m orgctl.policytest.jsonschema [DIRECTORY]

writes `policy-test.schema.json`.
"""

from __future__ import annotations

import sys
from pathlib import Path

from orgctl.manifest.jsonschema import schema_text
from orgctl.policytest.schema import TestFile

FILE = "policy-test.schema.json"
"""Where it is published, beside the manifest's own."""


def write(directory: Path) -> None:
    """Write the file to `directory`."""
    (directory / FILE).write_text(schema_text(TestFile), encoding="utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1] if len(sys.argv) > 1 else "."))

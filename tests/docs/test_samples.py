"""What the guides begin with is what its makers make."""

from __future__ import annotations

import gzip
import json

from docs.trail import FOLDER, records


def test_the_trail_is_what_its_maker_makes() -> None:
    """Neither records nor maker were changed without the other."""
    there = {
        str(path.relative_to(FOLDER)): json.loads(gzip.decompress(path.read_bytes()))["Records"]
        for path in FOLDER.rglob("*.gz")
    }
    assert there == records()

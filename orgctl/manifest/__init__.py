"""Reads `organization.yaml` and the policy files, with the position of everything in them.

Its value is the `LoadedManifest`: `loading.load` makes one or raises with every problem of the files at once.

    schema.py       what each file may hold      → the published JSON Schema
    loading.py      directory → LoadedManifest    (tree.py, includes.py, policies.py, shape.py)
    checks/         what only shows across files
    insertion.py    the manifest's values in policies
    codes.py        every diagnostic code
"""

from orgctl.manifest.insertion import insert, placeholders
from orgctl.manifest.loaded import AccountEntry, LoadedManifest, PolicyFile, UnitEntry
from orgctl.manifest.loading import examine, load, problems
from orgctl.manifest.values import known_values, sized_values

__all__ = [
    "AccountEntry",
    "LoadedManifest",
    "PolicyFile",
    "UnitEntry",
    "examine",
    "insert",
    "known_values",
    "load",
    "placeholders",
    "problems",
    "sized_values",
]

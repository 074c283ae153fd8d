"""Policy names as file stems: AWS takes any text for a name, a file system and our own conventions do not.

`Deny all/regions` is kept in `Deny all%2Fregions.json`. The manifest, plans and messages name a policy by the stem, so
that what is read in them can be found among the files; only AWS is told its own name.
"""

from __future__ import annotations

from urllib.parse import unquote

_TESTS = ".test"
"""`<name>.test.yaml` beside a policy holds its tests."""


def file_stem(name: str) -> str:
    """The stem for a policy that AWS calls `name`: percent-encoded where a file's name cannot follow it."""
    stem = "".join(c if c.isprintable() and c not in "/%" else _encoded(c) for c in name)
    if stem.startswith((".", " ")):
        stem = _encoded(stem[0]) + stem[1:]
    if stem.endswith(" "):
        stem = stem[:-1] + _encoded(" ")
    if stem.endswith(_TESTS):
        stem = stem.removesuffix(_TESTS) + _encoded(".") + _TESTS[1:]
    return stem


def aws_name(stem: str) -> str:
    """AWS's name for the policy with this stem: what `file_stem` encoded."""
    return unquote(stem)


def _encoded(character: str) -> str:
    return "".join(f"%{byte:02X}" for byte in character.encode("utf-8", "surrogatepass"))

"""A rule's zip for Lambda: the modules that it needs, and no byte that depends on who builds it, where or when.

It holds the rule, the part of the shared package that it imports, and rdklib with its licence. boto3 is in the runtime.
"""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Mapping
from importlib import metadata
from pathlib import Path

from orgctl.diagnostics import Diagnostic, Position
from orgctl.errors import InvalidInputError, OrgctlError
from orgctl.rules import codes
from orgctl.rules.imports import Missing, needed
from orgctl.rules.rule import FOLDER, Kind, Rule

_LIBRARY = "rdklib"
_TIME = (1980, 1, 1, 0, 0, 0)
"""The earliest that a zip can say."""
_MODE = 0o100644


def build(rule: Rule) -> bytes:
    """The zip of a Lambda rule: the same bytes from the same files, rdklib's included.

    Raises InvalidInputError for an import of what is not there, or for a Guard rule, which has no function; OrgctlError
    if rdklib is not installed.
    """
    return packed(contents(rule))


def sha256(data: bytes) -> str:
    """The hash in hexadecimal digits. (Lambda gives a function's `CodeSha256` in Base64.)"""
    return hashlib.sha256(data).hexdigest()


def contents(rule: Rule) -> dict[str, bytes]:
    """What goes into the zip, by path. Line ends are `\\n`, however git checked the files out. Raises as `build`."""
    if rule.kind is Kind.GUARD:
        message = f"`{rule.name}` is a Guard policy, which AWS Config evaluates itself: there is nothing to build"
        raise InvalidInputError(message)
    library = _library()
    files = {**library, **_beside(rule.folder)}
    wanted, missing = needed(f"{rule.name}.py", files)
    if missing:
        found = tuple(_missing(rule, each) for each in missing)
        raise InvalidInputError(f"`{rule.name}` cannot be built", diagnostics=found)
    licences = [path for path in library if "/licenses/" in path]
    return {path: files[path].read_bytes().replace(b"\r\n", b"\n") for path in sorted([*wanted, *licences])}


def packed(files: Mapping[str, bytes]) -> bytes:
    """A zip of files, whatever order they come in."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for path in sorted(files):
            entry = zipfile.ZipInfo(path, _TIME)
            entry.create_system = 3
            entry.external_attr = _MODE << 16
            archive.writestr(entry, files[path], zipfile.ZIP_DEFLATED, compresslevel=9)
    return buffer.getvalue()


def _beside(folder: Path) -> dict[str, Path]:
    """The modules that a rule may import: its own, without tests, and those of packages beside its folder."""
    own = {path.name: path for path in folder.glob("*.py") if not path.stem.endswith("_test")}
    packages = (path.parent for path in folder.parent.glob("*/__init__.py"))
    shared = {
        path.relative_to(folder.parent).as_posix(): path for package in packages for path in package.rglob("*.py")
    }
    return {**shared, **own}


def _library() -> dict[str, Path]:
    """rdklib's modules and licences, as they are installed."""
    try:
        distribution = metadata.distribution(_LIBRARY)
    except metadata.PackageNotFoundError as error:
        message = "rules are built with rdklib, which is not installed"
        raise OrgctlError(message, hint="install `orgctl[rules]`") from error
    return {
        path.as_posix(): Path(str(distribution.locate_file(path)))
        for path in distribution.files or ()
        if (path.parts[0] == _LIBRARY and path.suffix == ".py") or "licenses" in path.parts
    }


def _missing(rule: Rule, missing: Missing) -> Diagnostic:
    file = f"{FOLDER}/{missing.file}" if "/" in missing.file else f"{FOLDER}/{rule.name}/{missing.file}"
    position = Position(file, missing.found.line, missing.found.column)
    hint = "a rule has Python's own modules, boto3, rdklib, and the packages beside it in `config_rules/`"
    return Diagnostic(codes.NO_MODULE, f"there will be no module `{missing.found.module}` in Lambda", position, hint)

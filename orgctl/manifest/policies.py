"""Reads the policy files: `policies/<type folder>/<name>.json`, `.yaml` or `.yml`.

`<name>.test.yaml` beside a policy holds its tests, and hidden files and other suffixes are nobody's business here.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

from orgctl.diagnostics import Diagnostic, Position
from orgctl.manifest import codes
from orgctl.manifest.loaded import PolicyFile
from orgctl.manifest.nearest import did_you_mean
from orgctl.model.policy_name import aws_name, file_stem
from orgctl.model.policy_types import BY_FOLDER
from orgctl.source import read_parsed

FOLDER = "policies"
_SUFFIXES = (".json", ".yaml", ".yml")
MAX_NAME = 128
"""Characters of a policy's name. Source: the API's model (PolicyName)."""


@dataclass(slots=True)
class PolicyFiles:
    """The policies by name, and what is wrong with their files. `broken`: names whose file cannot be used."""

    found: dict[str, PolicyFile] = field(default_factory=dict)
    broken: set[str] = field(default_factory=set)
    problems: list[Diagnostic] = field(default_factory=list)

    @property
    def names(self) -> set[str]:
        """Every name that has a file, usable or not."""
        return self.broken | set(self.found)


def read_policies(directory: Path) -> PolicyFiles:
    """Read everything below `policies/`, in the order of names."""
    files = PolicyFiles()
    for name in policy_files(directory):
        _take(files, directory / name, name)
    return files


def policy_files(directory: Path, below: str = FOLDER) -> list[str]:
    """The files below `policies/` that are taken for policies, by their names relative to the directory, in order."""
    paths = sorted((directory / below).rglob("*"))
    named = ((path, path.relative_to(directory).as_posix()) for path in paths if path.suffix in _SUFFIXES)
    return [name for path, name in named if not _is_ignored(path, name) and path.is_file()]


def read_document(path: Path, name: str, file: str, problems: list[Diagnostic]) -> PolicyFile | None:
    """The policy called `name` from `path`, which messages call `file`; None, and a problem, if it is no object."""
    parsed = read_parsed(path, name=file)
    problems.extend(parsed.problems)
    source = parsed.source
    if source is None:
        return None
    if not isinstance(source.value, dict):
        hint = 'a policy begins with `{` in JSON and with a key such as `Version: "2012-10-17"` in YAML'
        problems.append(Diagnostic(codes.POLICY_NOT_OBJECT, f"`{file}` does not hold an object", source.at(()), hint))
        return None
    return PolicyFile(name, path, source, cast("dict[str, object]", source.value))


def _is_ignored(path: Path, name: str) -> bool:
    return path.stem.endswith(".test") or any(part.startswith(".") for part in name.split("/"))


def _take(files: PolicyFiles, path: Path, file: str) -> None:
    _, *folders, _ = file.split("/")
    if len(folders) != 1:
        hint = f"move it to `policies/scp/{path.name}`, or to the folder of its type"
        message = f"`{file}` is not directly in a policy type's folder"
        files.problems.append(Diagnostic(codes.POLICY_MISPLACED, message, Position(file), hint))
        return
    if folders[0] not in BY_FOLDER:
        hint = did_you_mean(folders[0], BY_FOLDER, f"the folders are {', '.join(f'`{name}`' for name in BY_FOLDER)}")
        message = f"`{folders[0]}` is not the folder of a policy type"
        files.problems.append(Diagnostic(codes.UNKNOWN_POLICY_FOLDER, message, Position(file), hint))
        return
    name = f"{folders[0]}/{path.stem}"
    if name in files.names:
        hint = f"keep one of `policies/{name}.json` and `.yaml`"
        files.problems.append(Diagnostic(codes.POLICY_TWICE, f"`{name}` has a second file", Position(file), hint))
        return
    _check_stem(files, path.stem, file)
    policy = read_document(path, name, file, files.problems)
    if policy:
        files.found[name] = policy
    else:
        files.broken.add(name)


def _check_stem(files: PolicyFiles, stem: str, file: str) -> None:
    name = aws_name(stem)
    hint = "rename the file"
    if len(name) > MAX_NAME:
        message = f"the name `{name}` has {len(name)} characters; {MAX_NAME} is the most"
    elif not stem.isprintable() or stem.strip() != stem:
        message = f"the name `{stem}` begins or ends with a space, or holds control characters"
    elif file_stem(name) != stem:
        message = f"`%` in the name `{stem}` does not stand for a character that needs it"
        hint = f"the file of a policy called `{name}` is `{file_stem(name)}{Path(file).suffix}`"
    else:
        return
    files.problems.append(Diagnostic(codes.POLICY_NAME, message, Position(file), hint))

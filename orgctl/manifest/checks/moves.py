"""`moved`: what it leads to is in the manifest, what it starts from no longer is, and no two contradict."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from orgctl.diagnostics import Diagnostic
from orgctl.manifest import codes
from orgctl.manifest.loaded import LoadedManifest
from orgctl.manifest.nearest import did_you_mean
from orgctl.model.address import UnitPath, format_path, parse_path
from orgctl.model.policy_types import BY_FOLDER

_FORMS = "moves are between OUs, `ou:/Old/Path`, or between policies of one type, `scp/old-name`"


@dataclass(frozen=True, slots=True)
class _End:
    """One end of a move: an OU's path, or a policy's name."""

    text: str
    path: UnitPath | None = None

    @property
    def kind(self) -> str:
        return "ou" if self.path else self.text.partition("/")[0]


def moves(loaded: LoadedManifest) -> Iterator[Diagnostic]:
    """Check each move, then all of them together."""
    starts: dict[str, int] = {}
    targets: dict[str, int] = {}
    for index, move in enumerate(loaded.manifest.moved):
        start, target = _end(move.from_), _end(move.to)
        problem = _malformed(loaded, index, start, target) or _contradiction(loaded, index, starts, targets)
        if problem or start is None or target is None:
            if problem:
                yield problem
            continue
        starts[move.from_] = targets[move.to] = index
        yield from _existence(loaded, index, start, target)


def _end(text: str) -> _End | None:
    if text.startswith("ou:"):
        try:
            path = parse_path(text.removeprefix("ou:"))
        except ValueError:
            return None
        return _End(text, path) if path else None
    folder, _, stem = text.partition("/")
    return _End(text) if folder in BY_FOLDER and stem and "/" not in stem else None


def _malformed(loaded: LoadedManifest, index: int, start: _End | None, target: _End | None) -> Diagnostic | None:
    move = loaded.manifest.moved[index]
    for key, text, end in (("from", move.from_, start), ("to", move.to, target)):
        if end is None:
            position = loaded.source.at(("moved", index, key))
            return Diagnostic(
                codes.MOVED_MALFORMED, f"`{text}` is neither an OU below the root nor a policy", position, _FORMS
            )
    if start and target and start.kind != target.kind:
        position = loaded.source.at(("moved", index, "to"))
        message = f"`{move.from_}` cannot become `{move.to}`, which is something else"
        return Diagnostic(codes.MOVED_MALFORMED, message, position, _FORMS)
    if start and target and start.path and target.path and target.path[: len(start.path)] == start.path:
        position = loaded.source.at(("moved", index, "to"))
        return Diagnostic(codes.MOVED_MALFORMED, f"`{move.from_}` cannot move into itself", position)
    if move.from_ == move.to:
        return Diagnostic(
            codes.MOVED_MALFORMED, f"`{move.to}` is moved to itself", loaded.source.at(("moved", index, "to"))
        )
    return None


def _contradiction(
    loaded: LoadedManifest, index: int, starts: dict[str, int], targets: dict[str, int]
) -> Diagnostic | None:
    move = loaded.manifest.moved[index]
    for key, text, seen in (("from", move.from_, starts), ("to", move.to, targets)):
        if text in seen:
            first = loaded.source.at(("moved", seen[text], key))
            message = f"`{text}` is moved {key} twice"
            hint = f"it is first at line {first.line}; one thing has one past and one future"
            return Diagnostic(codes.MOVED_CONTRADICTION, message, loaded.source.at(("moved", index, key)), hint)
    return None


def _existence(loaded: LoadedManifest, index: int, start: _End, target: _End) -> Iterator[Diagnostic]:
    if _exists(loaded, start):
        position = loaded.source.at(("moved", index, "from"))
        hint = "a move says that it is called otherwise now; take the old one out of the manifest, or this entry"
        yield Diagnostic(codes.MOVED_SOURCE_EXISTS, f"`{start.text}` is still in the manifest", position, hint)
    if not _exists(loaded, target):
        position = loaded.source.at(("moved", index, "to"))
        known = (
            [f"ou:{format_path(path)}" for path in loaded.unit_by_path if path] if target.path else [*loaded.policies]
        )
        hint = did_you_mean(target.text, known, "declare it under `root`, or take this entry out")
        yield Diagnostic(codes.MOVED_TARGET_MISSING, f"`{target.text}` is not in the manifest", position, hint)


def _exists(loaded: LoadedManifest, end: _End) -> bool:
    if end.path:
        return end.path in loaded.unit_by_path
    return end.text in loaded.policies or end.text in loaded.broken_policies

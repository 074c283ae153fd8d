"""`graph`: the manifest's tree, as it is drawn. Needs no AWS."""

from __future__ import annotations

from pathlib import Path

from orgctl.manifest import load
from orgctl.model.outline import Detail, Outline, Shown, reduced
from orgctl.state.desired import desired
from orgctl.state.outlining import outline

__all__ = ["Detail", "Shown", "graph"]


def graph(directory: Path, detail: Detail) -> Outline:
    """The tree that the manifest in `directory` wants, with as much of it as `detail` says.

    Raises InvalidInputError if the manifest cannot be used.
    """
    return reduced(outline(desired(load(directory), {})), detail)

"""`orgctl graph`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from orgctl.cli.running import Globals, pass_globals

if TYPE_CHECKING:
    from orgctl.model.outline import Outline


@click.command()
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "mermaid", "dot", "svg"]),
    default="text",
    show_default=True,
)
@click.option("--depth", type=click.IntRange(0), metavar="N", help="How many levels of OUs to show below the root.")
@click.option(
    "--accounts",
    type=click.Choice(["all", "few", "none"]),
    default="few",
    show_default=True,
    help="Which accounts to show: few of each OU where there are many.",
)
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="Write to this file.")
@pass_globals
def graph(options: Globals, form: str, depth: int | None, accounts: str, out: Path | None) -> None:
    """Draw the manifest's tree, with its accounts and policies. Needs no AWS."""
    from orgctl.api.graphing import Detail, Shown
    from orgctl.api.graphing import graph as outline

    tree = outline(options.directory, Detail(Shown(accounts), depth))
    if form == "text" and out is None:
        from orgctl.views.graph_text import graph_text

        options.print(graph_text(tree, options.out.width if options.out.is_terminal else None))
    elif out is None:
        click.echo(_drawn(tree, form), nl=False)
    else:
        _write(out, _drawn(tree, form))


def _drawn(tree: Outline, form: str) -> str:
    from orgctl.views.graph_dot import graph_dot
    from orgctl.views.graph_mermaid import graph_mermaid
    from orgctl.views.graph_svg import graph_svg
    from orgctl.views.graph_text import graph_text

    match form:
        case "mermaid":
            return graph_mermaid(tree)
        case "dot":
            return graph_dot(tree)
        case "svg":
            return graph_svg(tree)
        case _:
            return "".join(f"{line.plain}\n" for line in graph_text(tree))


def _write(path: Path, text: str) -> None:
    from orgctl.errors import InvalidInputError

    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise InvalidInputError(f"`{path}` cannot be written: {error.strerror}") from error

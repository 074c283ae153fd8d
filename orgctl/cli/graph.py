"""`orgctl graph`."""

from __future__ import annotations

from pathlib import Path

import click

from orgctl.cli.running import Globals, pass_globals


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
        return
    _deliver(_drawn(tree, form), out)


def _drawn(tree: object, form: str) -> str:
    from orgctl.model.outline import Outline
    from orgctl.views import graph_dot, graph_mermaid, graph_svg, graph_text

    assert isinstance(tree, Outline)  # noqa: S101 - the type is imported late, as everything that costs time
    match form:
        case "mermaid":
            return graph_mermaid.graph_mermaid(tree)
        case "dot":
            return graph_dot.graph_dot(tree)
        case "svg":
            return graph_svg.graph_svg(tree)
        case _:
            return "".join(f"{line.plain}\n" for line in graph_text.graph_text(tree))


def _deliver(text: str, out: Path | None) -> None:
    from orgctl.errors import InvalidInputError

    if out is None:
        click.echo(text, nl=False)
        return
    try:
        out.write_text(text, encoding="utf-8")
    except OSError as error:
        raise InvalidInputError(f"`{out}` cannot be written: {error.strerror}") from error

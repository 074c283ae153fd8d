"""The tree as an SVG picture: cards from left to right, in the reader's light or dark colours. Nothing is fetched."""

from __future__ import annotations

from collections.abc import Iterator

from orgctl.model.outline import Outline
from orgctl.views.graph_words import summary
from orgctl.views.svg_card import drawn
from orgctl.views.svg_layout import Edge, Picture, laid_out
from orgctl.views.svg_text import escape

_MARGIN = 28.0
_BEND = 10.0

_FONT = "system-ui,-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif"
_MONO = "ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono','Liberation Mono',monospace"

_STYLE = f"""
text{{font-family:{_FONT};fill:#1f2328}}
.name{{font-size:14px;font-weight:600}}.count{{font-size:11px;text-anchor:end;fill:#59636e}}
.account,.closed,.more{{font-size:12px}}.more{{font-style:italic;fill:#59636e}}text.closed{{fill:#59636e}}
circle.account{{fill:#54aeff}}circle.closed{{fill:none;stroke:#8c959f}}
.policy{{font-family:{_MONO};font-size:10.5px;text-anchor:middle}}
.page{{fill:#f6f8fa}}.card{{fill:#fff;stroke:#d1d9e0}}.band{{fill:#e7eefb}}.box{{fill:#eef1f5;stroke:#d1d9e0}}
.root .band{{fill:#1f3a6e}}.root .name{{fill:#fff}}.root .count{{fill:#c8d6f2}}
.edge{{fill:none;stroke:#9aa4af;stroke-width:1.5}}
rect.scp{{fill:#ddf4ff}}text.scp{{fill:#0550ae}}rect.rcp{{fill:#fbefff}}text.rcp{{fill:#6639ba}}
rect.tag{{fill:#dafbe1}}text.tag{{fill:#116329}}rect.other{{fill:#fff8c5}}text.other{{fill:#7d4e00}}
rect.off{{fill:#ffebe9}}text.off{{fill:#a40e26}}
@media (prefers-color-scheme:dark){{
text{{fill:#e6edf3}}.count,.more,text.closed{{fill:#9198a1}}circle.account{{fill:#388bfd}}
.page{{fill:#0d1117}}.card{{fill:#161b22;stroke:#30363d}}.band{{fill:#1d2a44}}.box{{fill:#11161d;stroke:#30363d}}
.root .band{{fill:#2f5bb0}}.edge{{stroke:#57606a}}
rect.scp{{fill:#12304f}}text.scp{{fill:#79c0ff}}rect.rcp{{fill:#2b1d45}}text.rcp{{fill:#d2a8ff}}
rect.tag{{fill:#10311c}}text.tag{{fill:#7ee787}}rect.other{{fill:#3a2d00}}text.other{{fill:#e3b341}}
rect.off{{fill:#4a1214}}text.off{{fill:#ffa198}}
}}
"""


def graph_svg(outline: Outline) -> str:
    """The text of an `.svg` file."""
    return "\n".join(_document(outline, laid_out(outline))) + "\n"


def _document(outline: Outline, picture: Picture) -> Iterator[str]:
    width, height = picture.width + 2 * _MARGIN, picture.height + 2 * _MARGIN
    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:.0f}" height="{height:.0f}"'
        f' viewBox="0 0 {width:.1f} {height:.1f}" role="img" aria-labelledby="title description">'
    )
    yield f'<title id="title">The organization: {summary(outline)}</title>'
    names = ", ".join(unit.name for unit in outline.units)
    yield f'<desc id="description">{escape(f"OUs below the root, with their accounts and policies: {names}")}</desc>'
    yield f"<style>{_STYLE}</style>"
    yield '<rect class="page" width="100%" height="100%"/>'
    yield f'<g transform="translate({_MARGIN} {_MARGIN})">'
    for box in picture.boxes:
        size = f'width="{box.width:.1f}" height="{box.height:.1f}"'
        yield f'<rect class="box" x="{box.left:.1f}" y="{box.top:.1f}" {size} rx="12"/>'
    yield from (f'<path class="edge" d="{_path(edge)}"/>' for edge in picture.edges)
    for placed in picture.cards:
        yield from drawn(placed.card, placed.left, placed.top)
    yield "</g>"
    yield "</svg>"


def _path(edge: Edge) -> str:
    """Across, down and across, with rounded corners."""
    (x, y), (right, bottom) = edge.start, edge.end
    middle = right - 32
    if bottom - y < 2 * _BEND:
        return f"M{x:.1f} {y:.1f}H{right:.1f}"
    return (
        f"M{x:.1f} {y:.1f}H{middle - _BEND:.1f}q{_BEND} 0 {_BEND} {_BEND}V{bottom - _BEND:.1f}"
        f"q0 {_BEND} {_BEND} {_BEND}H{right:.1f}"
    )

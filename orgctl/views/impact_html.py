"""An impact as one HTML page that needs nothing else: it can be sent, kept, and opened without a network.

Everything that somebody else may have named comes in as JSON, and the script puts it on the page as text. The page's
policy lets no other script run, and nothing be loaded or sent.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from functools import cache
from html import escape
from importlib.resources import files

from orgctl.replay.verdicts.folding import to_settle
from orgctl.replay.verdicts.impact import Impact
from orgctl.replay.verdicts.verdict import Kind
from orgctl.views.impact_json import impact_data, kind_name
from orgctl.views.impact_words import MEANINGS, extent, provenance, remarks, title


def impact_html(impact: Impact) -> str:
    """The page."""
    script, style = _file("page.js"), _file("page.css")
    filled = {
        "policy": f"default-src 'none'; style-src {_digest(style)}; script-src {_digest(script)}",
        "title": escape(title(impact)),
        "extent": escape(extent(impact)),
        "provenance": escape(provenance(impact)),
        "totals": "\n".join(_total(kind, impact) for kind in Kind),
        "meanings": "\n".join(f"<dt>{kind.value}</dt><dd>{escape(MEANINGS[kind])}</dd>" for kind in Kind),
        "settling": _settling(impact),
        "remarks": "\n".join(f"<li>{_coded(remark)}</li>" for remark in remarks(impact)),
        "style": style,
        "data": _embedded(impact_data(impact)),
        "script": script,
    }
    pieces = _file("page.html").split("%%")
    return "".join(filled[piece] if number % 2 else piece for number, piece in enumerate(pieces))


def _total(kind: Kind, impact: Impact) -> str:
    """A button that chooses the groups of a kind, if it has some: of what is allowed there is but the figure."""
    name, count = kind_name(kind), impact.count(kind)
    words = f"<b>{count:,}</b> <span>{escape(kind.value)}</span>"
    attributes = f'class="{name}{"" if count else " none"}" title="{escape(MEANINGS[kind])}"'
    if not count or kind is Kind.ALLOWED:
        return f'<button type="button" disabled {attributes}>{words}</button>'
    return f'<button type="button" data-kind="{name}" aria-pressed="false" {attributes}>{words}</button>'


def _settling(impact: Impact) -> str:
    found = to_settle(impact.of(Kind.DEPENDS))
    if not found:
        return ""
    keys = ", ".join(f"<code>{escape(key)}</code> ({events:,})" for key, events in found)
    return f'<p class="settling">To settle what depends: {keys}</p>'


def _coded(remark: str) -> str:
    """The remark, with its words in backticks as code."""
    return re.sub("`([^`]*)`", r"<code>\1</code>", escape(remark))


def _embedded(data: object) -> str:
    """JSON that can stand in a script element: nothing in it ends that, or begins a comment."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _digest(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


@cache
def _file(name: str) -> str:
    return files("orgctl.views").joinpath("impact_page", name).read_text("utf-8")

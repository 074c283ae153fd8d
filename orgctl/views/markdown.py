"""Text within Markdown: names come from AWS, and anybody may have written them."""

from __future__ import annotations


def code(text: str) -> str:
    """Text as inline code, which no backtick in it can end."""
    return f"`{text.replace('`', chr(39))}`"


def escaped(text: str) -> str:
    """Text that Markdown takes as text, in which nobody is mentioned."""
    return text.replace("<", "&lt;").replace("@", "@\u200b") if text else ""

"""What an import wrote, and what it left out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from rich.text import Text

from orgctl.manifest.schema import Unit
from orgctl.state.declared import Declared
from orgctl.views.wording import counted


def imported_text(declared: Declared, files: Sequence[str], directory: Path) -> Iterator[Text]:
    """The remarks, then one line for all that was written."""
    for remark in declared.remarks:
        yield Text.assemble(("note: ", "bold yellow"), remark.message)
        if remark.hint:
            yield Text(f"  hint: {remark.hint}")
    accounts, units = _sizes(declared.contents.manifest.root)
    what = f"{counted(accounts, 'account')}, {counted(units - 1, 'OU')}"
    policies = counted(len(declared.contents.policies), "policy", "policies")
    yield Text(f"Wrote {counted(len(files), 'file')} to `{directory}`: {what} and {policies}.", style="bold")
    yield Text("`orgctl plan` finds no changes now; `orgctl plan --adopt` shows what taking it over would tag.")


def _sizes(unit: Unit) -> tuple[int, int]:
    """Accounts and OUs, the unit itself included."""
    below = [_sizes(child) for child in unit.units.values()]
    return len(unit.accounts) + sum(a for a, _ in below), 1 + sum(u for _, u in below)

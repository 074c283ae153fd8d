"""The least IAM policies, as `orgctl permissions` makes them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from docs.pages.markdown import block
from orgctl.api.permissions import names_for
from orgctl.aws.permissions import Command, Document, Names, policies, size

EXAMPLE = Path(__file__).parents[2]

_INTRODUCTION = """\
# IAM permissions

`orgctl permissions plan` prints the least policies for the manifest in the directory; so do `permissions apply`,
`permissions compliance` and `permissions impact`. They are made from the table of calls that orgctl can make at all: a
call that is in no line of it cannot be made, and a line says which permissions its call needs. The tests run the
example's whole life under them.

Below they are as for this repository's own `organization.yaml`. Where a trail's bucket lies in another account than the
management account, and where an account administers AWS Config, there are more documents: what the access role in those
accounts needs, and its trust policy. Where one account is both, its role needs both. The
role `OrganizationAccountAccessRole`, which AWS makes in new accounts, may do everything; to narrow it, name a role of
your own in `organization.access_role`.

IAM accepts 6,144 characters in a managed policy, whitespace not counted.
"""

_IMPORT = """\
## To import

There is no manifest yet to narrow this to, so it is that of a plan for any trail and any bucket. Without the permission
to enter other accounts, the trail's bucket is not looked at, and the trail is left out of the manifest.
"""


_TITLES = {
    Command.PLAN: "To plan",
    Command.APPLY: "To apply",
    Command.COMPLIANCE: "To report compliance",
    Command.IMPACT: "To ask what would have been denied",
}


def page() -> str:
    """For the import, and for each command."""
    names = names_for(EXAMPLE)
    lines = [_INTRODUCTION, _IMPORT, *_document("", for_import(names.management_account))]
    for command in Command:
        made = policies(command, names)
        lines.append(f"## {_TITLES[command]}\n")
        lines += _document(f"For whoever runs `orgctl {command.command_line}` in the management account", made.caller)
        if made.access_role:
            lines += _document("For the access role in the account of the trail's bucket", made.access_role)
        if made.administrator:
            lines += _document("For the access role in the account that administers AWS Config", made.administrator)
        if made.member:
            lines += _document("For the access role in every account that conformance packs are for", made.member)
        if made.access_role_trust:
            lines += _document("The trust policy of that role", made.access_role_trust)
    return "\n".join(lines)


def for_import(management_account: str) -> Document:
    """What an import needs: a plan's reads, of whatever trail there is."""
    return policies(Command.PLAN, Names(management_account, trail="*", bucket="*")).caller


def _document(title: str, document: Document) -> Iterator[str]:
    if title:
        yield f"{title} ({size(document):,} characters):\n"
    yield block("json", json.dumps(document, indent=2))

"""What of AWS can stand in a manifest at all: names that are files, documents that can be read, whole sets of tags."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping

from orgctl.errors import RefusedError
from orgctl.manifest.insertion import escaped
from orgctl.model.limits import QUOTAS
from orgctl.model.policy_types import BY_FOLDER
from orgctl.model.resources import OWNER_TAG, DelegationPolicy, Policy, Tags, is_owned
from orgctl.model.rollout_mark import SINCE_TAG, STAGE_TAG
from orgctl.model.state import Finding, State

_LONGEST_FILE_NAME = 255
"""In bytes: what Linux's and macOS's file systems take."""
_OURS_ALONE = re.compile(r"@\{(?:accounts\.|organization\.id\})")
"""What apply fills in, wherever it stands: text of AWS's that reads so cannot be kept apart from it."""
_RESERVED = ("aws:", "orgctl:")


def fits(pattern: str, text: str, *, most: int | None = None) -> bool:
    """Whether text matches one of the manifest's patterns, and has at most so many characters."""
    return re.search(pattern, text) is not None and (most is None or len(text) <= most)


def listed(names: Iterable[str]) -> str:
    """Names for a message: `a`, `b`."""
    return ", ".join(f"`{name}`" for name in names)


def tags(found: Tags | None, address: str, remarks: list[Finding]) -> dict[str, str] | None:
    """The tags as they are declared: all of them or, with a remark, none; none too where there are none.

    Declared tags are the whole truth, so that to leave some out would be to remove them.
    """
    ours = (OWNER_TAG, STAGE_TAG, SINCE_TAG)
    theirs = {key: value for key, value in (found or {}).items() if key not in ours and not key.startswith("aws:")}
    why = None
    if reserved := [key for key in theirs if key.lower().startswith(_RESERVED)]:
        why = f"{listed(reserved)} cannot be declared"
    elif len(theirs) + 1 > QUOTAS["tags"]:
        why = "there is no room for orgctl's own"
    if why:
        remarks.append(Finding(address, f"the tags of `{address}` are left out: {why}"))
        return None
    return dict(sorted(theirs.items())) or None


def policies(state: State, without: Mapping[str, str], remarks: list[Finding]) -> dict[str, object]:
    """The documents of the policies by name, ready for their files; those that have no place in one become remarks.

    `without` maps addresses of policies to why they are left out besides. Raises RefusedError for one of orgctl's own.
    """
    documents: dict[str, object] = {}
    for policy in sorted(state.each(Policy), key=lambda policy: policy.name):
        if policy.aws_managed:
            continue
        why = without.get(policy.address) or _nameless(policy)
        document, unreadable = _document(policy.content)
        if why or unreadable:
            _leave_out(policy.address, policy.tags, why or unreadable or "", remarks)
        else:
            documents[policy.name] = document
    return documents


def delegation_policy(state: State, without: Mapping[str, str], remarks: list[Finding]) -> object | None:
    """The document of the delegation policy, as those of `policies`; None if there is none, or it is left out."""
    found = next(state.each(DelegationPolicy), None)
    if found is None:
        return None
    document, why = _document(found.content)
    why = without.get(found.address) or why
    if why:
        _leave_out(found.address, found.tags, why, remarks)
    return None if why else document


def _nameless(policy: Policy) -> str | None:
    """Why the policy can have no file, if it cannot."""
    if policy.folder not in BY_FOLDER:
        return "orgctl does not know its type yet"
    if len(f"{policy.name.partition('/')[2]}.json".encode()) > _LONGEST_FILE_NAME:
        return "its name is too long for a file"
    return None


def _document(content: str | None) -> tuple[object, str | None]:
    """The document with its placeholders escaped, or why there is none."""
    if content is None:
        return None, "AWS did not give its content"
    if _OURS_ALONE.search(content):
        return None, "its text holds what orgctl fills in"
    try:
        return escaped(json.loads(content)), None
    except ValueError:
        return None, "it is not JSON"


def _leave_out(address: str, worn: Tags | None, why: str, remarks: list[Finding]) -> None:
    if is_owned(worn):
        raise RefusedError(
            f"`{address}` is managed by orgctl, and cannot be written: {why}",
            hint=f"left out, the next plan would delete it; correct it in AWS, or take its tag `{OWNER_TAG}` off",
        )
    remarks.append(Finding(address, f"`{address}` is left out: {why}"))

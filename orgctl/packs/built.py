"""`BuiltPack`: a conformance pack in one region, as AWS Config takes it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class BuiltPack:
    """An organization conformance pack for one region.

    `template` is minified JSON; it has the parameter `AdministratorAccountId` if there are functions or documents, and
    placeholders for ids that the manifest does not know yet. `targets` are the OUs and accounts (addresses) that the
    pack is for, none meaning all, and `exclude` those that are left out of them; `excluded` is what that makes: the
    names of all accounts of the manifest that AWS is told to leave out. `functions` names the custom rules with a
    Lambda function that it calls, in order, `documents` our remediation documents.
    """

    name: str
    region: str
    template: str
    targets: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    functions: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()

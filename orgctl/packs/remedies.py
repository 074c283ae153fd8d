"""A rule's remediation: which document, with which parameters."""

from __future__ import annotations

from collections.abc import Mapping

from orgctl.manifest.nearest import did_you_mean
from orgctl.packs import codes, parameters
from orgctl.packs.document import ASSUME_ROLE, FOLDER, Document
from orgctl.packs.findings import Findings
from orgctl.packs.pack import PackRemediation
from orgctl.packs.schema import Remediation, RuleUse
from orgctl.packs.setting import Setting
from orgctl.source import Place

_OF_AWS = ("AWS-", "AWSConfigRemediation-", "AWSSupport-", "AWSEC2-")
"""What the names of AWS's own documents begin with."""


def remediation(setting: Setting, use: RuleUse, place: Place, findings: Findings) -> PackRemediation | None:
    """The remediation of a rule, None if it has none; what is wrong with it is reported."""
    declared = use.remediation
    if declared is None:
        return None
    here = (*place, "remediation")
    own = not declared.document.startswith(_OF_AWS)
    document = _document(setting, declared, here, findings) if own else None
    found = parameters.values(setting, declared.parameters, (*here, "parameters"), findings)
    if document:
        _check(document, declared, here, findings)
    if declared.automatic and declared.role is None:
        message = "an automatic remediation needs a role to run with"
        findings.add(codes.AUTOMATIC_ROLE, message, here, "name it: `role: …`; it has to be in every account")
    return PackRemediation(
        document=declared.document,
        own=own,
        automatic=declared.automatic,
        parameters=found,
        role=declared.role,
        attempts=declared.attempts,
        retry_seconds=declared.retry_seconds,
    )


def _document(setting: Setting, declared: Remediation, place: Place, findings: Findings) -> Document | None:
    name = declared.document
    found = setting.documents.get(name)
    if found is None and name not in setting.broken_documents:
        hint = did_you_mean(name, setting.documents, "AWS's own documents are called `AWS-…`")
        findings.add(codes.UNKNOWN_DOCUMENT, f"there is no `{FOLDER}/{name}.yaml`", (*place, "document"), hint)
    return found


def _check(document: Document, declared: Remediation, place: Place, findings: Findings) -> None:
    known: Mapping[str, object] = {name: None for name in document.parameters if name != ASSUME_ROLE}
    for name in declared.parameters:
        if name not in known:
            otherwise = "`role` names the role" if name == ASSUME_ROLE else f"it has {', '.join(known)}"
            hint = did_you_mean(name, known, otherwise)
            message = f"the document `{document.name}` has no parameter `{name}`"
            findings.add(codes.REMEDIATION_PARAMETER, message, (*place, "parameters", name), hint, key=True)
    for parameter in document.parameters.values():
        if parameter.required and parameter.name not in declared.parameters and parameter.name != ASSUME_ROLE:
            message = f"the document `{document.name}` needs the parameter `{parameter.name}`"
            hint = f"write `parameters: {{{parameter.name}: …}}`; `RESOURCE_ID` stands for the resource's id"
            findings.add(codes.REMEDIATION_PARAMETER, message, place, hint)

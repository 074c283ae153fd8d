"""`Document`: a remediation document of ours, in the language of Systems Manager Automation.

Source: "Systems Manager Automation document schema" and "Systems Manager Automation actions reference" (AWS Systems
Manager User Guide), schema version 0.3.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from orgctl.source import Source

FOLDER = "conformance_packs/remediation"
"""Where documents are, below the manifest's directory: `<document>.yaml`."""

ASSUME_ROLE = "AutomationAssumeRole"
"""The parameter that AWS Config hands the remediation's role to."""


@dataclass(frozen=True, slots=True)
class DocumentParameter:
    """A parameter of a document: `kind` is AWS's word (`String`, `StringList`, `AWS::IAM::Role::Arn`, …)."""

    name: str
    kind: str
    required: bool


@dataclass(frozen=True, slots=True)
class Document:
    """A document: its name in Systems Manager, and what it declares. `source` is the file, as it was written."""

    name: str
    parameters: Mapping[str, DocumentParameter]
    source: Source = field(repr=False)

    @property
    def content(self) -> str:
        """The document as Systems Manager takes it: minified JSON, the keys as they are written."""
        return json.dumps(self.source.value, separators=(",", ":"), ensure_ascii=False)

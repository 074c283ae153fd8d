"""Which type of policy a file holds, where no manifest says so."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from orgctl.model.policy_types import BY_FOLDER, RCP, SCP
from orgctl.policy.document import is_iam_language

TOP_KEYS: Mapping[str, str] = {
    "tag": "tags",
    "backup": "plans",
    "ai-opt-out": "services",
    "chat": "chatbot",
    "declarative-ec2": "ec2_attributes",
    "security-hub": "securityhub",
    "inspector": "inspector",
    "bedrock": "bedrock",
    "s3": "s3_attributes",
    "upgrade-rollout": "upgrade_rollout",
    "network-security-director": "network_security_director",
}
"""The one key at the top of a management policy, by the folder of its type, where AWS documents it.

Source: the "syntax and examples" page of each type, AWS Organizations User Guide.
"""


def folder_of(path: Path, document: Mapping[str, object]) -> str | None:
    """The folder of the policy's type: that which the file is in, else what its content looks like; None: neither."""
    if path.resolve().parent.name in BY_FOLDER:
        return path.resolve().parent.name
    if is_iam_language(document):
        return RCP.folder if _names_principals(document) else SCP.folder
    return next((folder for folder, key in TOP_KEYS.items() if key in document), None)


def _names_principals(document: Mapping[str, object]) -> bool:
    statements = next((value for key, value in document.items() if key.lower() == "statement"), None)
    listed = statements if isinstance(statements, list) else [statements]
    return any(isinstance(each, dict) and any(key.lower() == "principal" for key in each) for each in listed)

"""The Automation documents of the administrator's account that are ours, or that the packs name."""

from __future__ import annotations

from orgctl.aws.call import Answer, pages, read
from orgctl.aws.read.config_shapes import DocumentInfo
from orgctl.aws.read.reading import Raw, Reading
from orgctl.aws.read.scope import ConfigScope
from orgctl.model.resources import is_owned

_OWN = ({"Key": "Owner", "Values": ["Self"]}, {"Key": "DocumentType", "Values": ["Automation"]})


def read_documents(reading: Reading, scope: ConfigScope, account_id: str, region: str) -> None:
    """List the account's documents; those that count are read each by itself."""
    asked = {"Filters": list(_OWN)}
    for page in pages(reading.aws, "ssm", "ListDocuments", asked, account=account_id, region=region):
        for raw in page["DocumentIdentifiers"]:
            tags = {tag["Key"]: tag["Value"] for tag in raw.get("Tags", ())}
            if raw["Name"] in scope.documents or is_owned(tags):
                reading.crew.submit("documents", _read_document, reading, account_id, region, raw, tags)


def _read_document(reading: Reading, account_id: str, region: str, raw: Raw, tags: dict[str, str]) -> None:
    name = raw["Name"]
    asked = {"Name": name, "PermissionType": "Share"}
    listed = pages(reading.aws, "ssm", "DescribeDocumentPermission", asked, account=account_id, region=region)
    shared = frozenset(account for page in listed for account in page.get("AccountIds", ()))
    json = {"Name": name, "DocumentFormat": "JSON"}
    found: Answer = read(reading.aws, "ssm", "GetDocument", json, account=account_id, region=region)
    reading.config.documents.append(DocumentInfo(name, account_id, region, found["Content"], shared, tags))

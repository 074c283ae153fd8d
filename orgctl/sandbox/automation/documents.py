"""Documents: created, changed by versions, shared, deleted."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from typing import TypeVar

import yaml

from orgctl.errors import InvalidInputError
from orgctl.sandbox.automation.reading import read
from orgctl.sandbox.automation.registry import operation
from orgctl.sandbox.automation_state import Document
from orgctl.sandbox.messages import RefusalError
from orgctl.sandbox.operations import Access, Call, Members, Parameters

T = TypeVar("T")
_SHARED = 1000
_LARGEST = 64 * 1024


@operation("CreateDocument", Access.ANYBODY)
def create(call: Call, params: Parameters) -> Members:
    """A document of the type Automation."""
    if params.get("DocumentType", "Command") != "Automation":
        raise RefusalError("InvalidDocumentContent", "The sandbox has Automation documents only.")
    kind = params.get("DocumentFormat", "JSON")
    made = Document(call.caller, call.region, params["Name"], kind, call.now)
    if made.arn in call.cloud.automation.documents:
        raise RefusalError("DocumentAlreadyExists", "The specified document already exists.")
    made.versions["1"] = _checked(params["Content"])
    made.tags = {tag["Key"]: tag["Value"] for tag in params.get("Tags") or ()}
    call.cloud.automation.documents[made.arn] = made
    return {"DocumentDescription": _description(made)}


@operation("UpdateDocument", Access.ANYBODY)
def update(call: Call, params: Parameters) -> Members:
    """A new version; the default stays."""
    found = _own(call, params["Name"])
    if params.get("DocumentVersion") not in (None, "$LATEST", found.latest):
        raise RefusalError("InvalidDocumentVersion", "The document version is not valid: give the newest, or $LATEST.")
    content = _checked(params["Content"])
    if content in found.versions.values():
        raise RefusalError(
            "DuplicateDocumentContent", "The content of the association document matches another document."
        )
    found.versions[str(int(found.latest) + 1)] = content
    found.format = params.get("DocumentFormat", found.format)
    return {"DocumentDescription": _description(found)}


@operation("UpdateDocumentDefaultVersion", Access.ANYBODY)
def update_default(call: Call, params: Parameters) -> Members:
    """Another version is the default."""
    found, version = _own(call, params["Name"]), params["DocumentVersion"]
    if version not in found.versions:
        raise RefusalError("InvalidDocumentVersion", "The document version is not valid or does not exist.")
    found.default = version
    return {"Description": {"Name": found.name, "DefaultVersion": version}}


@operation("DeleteDocument", Access.ANYBODY)
def delete(call: Call, params: Parameters) -> Members:
    """Gone; refused while it is shared."""
    found = _own(call, params["Name"])
    if found.shared:
        message = "You must first unshare the document with other accounts before you can delete it."
        raise RefusalError("InvalidDocumentOperation", message)
    del call.cloud.automation.documents[found.arn]
    return {}


@operation("GetDocument", Access.ANYBODY)
def get(call: Call, params: Parameters) -> Members:
    """The text of a version, in the format asked for."""
    found = document(call, params["Name"])
    version = version_of(found, params.get("DocumentVersion"))
    kind = params.get("DocumentFormat", found.format)
    return {
        "Name": found.name if found.account == call.caller else found.arn,
        "CreatedDate": found.created,
        "DocumentVersion": version,
        "Status": "Active",
        "Content": _formatted(found.versions[version], kind),
        "DocumentType": "Automation",
        "DocumentFormat": kind,
    }


def _formatted(text: str, kind: str) -> str:
    """A text in another format; as it was written if it is in that one already."""
    try:
        parsed, is_json = json.loads(text), True
    except ValueError:
        parsed, is_json = yaml.safe_load(text), False
    if kind == "YAML":
        return yaml.safe_dump(parsed, sort_keys=False) if is_json else text
    return text if is_json else json.dumps(parsed)


@operation("DescribeDocument", Access.ANYBODY)
def describe(call: Call, params: Parameters) -> Members:
    """What is known of a document."""
    return {"Document": _description(document(call, params["Name"]))}


@operation("ListDocuments", Access.ANYBODY)
def list_documents(call: Call, params: Parameters) -> Members:
    """The account's own documents, by filters on owner, type, name and tags."""
    where = (call.caller, call.region)
    filters = {item["Key"]: item["Values"] for item in params.get("Filters") or ()}
    found = [d for d in call.cloud.automation.documents.values() if (d.account, d.region) == where]
    return _page(params, "DocumentIdentifiers", [d for d in found if _fits(d, filters)], _identifier)


def _fits(found: Document, filters: dict[str, list[str]]) -> bool:
    known = {
        "Owner": {"Self", found.account},
        "DocumentType": {"Automation"},
        **{f"tag:{key}": {value} for key, value in found.tags.items()},
    }
    for key, values in filters.items():
        if key == "Name":
            if not any(found.name.startswith(value) for value in values):
                return False
        elif not known.get(key, set()) & set(values):
            return False
    return True


@operation("ModifyDocumentPermission", Access.ANYBODY)
def share(call: Call, params: Parameters) -> Members:
    """Share with accounts, at most twenty a call, or no longer."""
    found = _own(call, params["Name"])
    shared = {*found.shared, *(params.get("AccountIdsToAdd") or ())} - {*(params.get("AccountIdsToRemove") or ())}
    if len(shared) > _SHARED:
        raise RefusalError("DocumentPermissionLimit", "The document cannot be shared with more accounts.")
    found.shared = sorted(shared)
    return {}


@operation("DescribeDocumentPermission", Access.ANYBODY)
def describe_permission(call: Call, params: Parameters) -> Members:
    """The accounts that a document is shared with."""
    found = _own(call, params["Name"])
    page = _page(params, "AccountIds", found.shared, str, most=20)
    shown = [{"AccountId": account, "SharedDocumentVersion": "$DEFAULT"} for account in page["AccountIds"]]
    return {**page, "AccountSharingInfoList": shown}


@operation("AddTagsToResource", Access.ANYBODY)
def tag(call: Call, params: Parameters) -> Members:
    """Add tags to a document, or replace their values."""
    _tagged(call, params).tags.update({tag["Key"]: tag["Value"] for tag in params["Tags"]})
    return {}


@operation("RemoveTagsFromResource", Access.ANYBODY)
def untag(call: Call, params: Parameters) -> Members:
    """Take tags away."""
    tags = _tagged(call, params).tags
    for key in params["TagKeys"]:
        tags.pop(key, None)
    return {}


@operation("ListTagsForResource", Access.ANYBODY)
def list_tags(call: Call, params: Parameters) -> Members:
    """The tags of a document."""
    return {"TagList": [{"Key": key, "Value": value} for key, value in sorted(_tagged(call, params).tags.items())]}


def _tagged(call: Call, params: Parameters) -> Document:
    if params["ResourceType"] != "Document":
        raise RefusalError("InvalidResourceType", "The sandbox tags documents only.")
    try:
        return _own(call, params["ResourceId"])
    except RefusalError:
        raise RefusalError("InvalidResourceId", "The resource ID is not valid.") from None


def document(call: Call, name: str) -> Document:
    """A document of the caller's by name, or one that is shared with it by ARN."""
    found = find(call.cloud.automation.documents, call.caller, call.region, name)
    if found is None:
        raise RefusalError("InvalidDocument", "The specified SSM document does not exist.")
    return found


def find(documents: dict[str, Document], account: str, region: str, name: str) -> Document | None:
    """The document that a name or ARN means to an account in a region; None if there is none that it may see."""
    arn = name if name.startswith("arn:") else f"arn:aws:ssm:{region}:{account}:document/{name}"
    found = documents.get(arn)
    visible = found is not None and (found.account == account or {account, "all"} & set(found.shared))
    return found if visible and found is not None and found.region == region else None


def version_of(found: Document, wanted: str | None) -> str:
    """The number of a version: of the default, the newest, or one that there is."""
    number = {None: found.default, "$DEFAULT": found.default, "$LATEST": found.latest}.get(wanted, wanted)
    if number is None or number not in found.versions:
        raise RefusalError("InvalidDocumentVersion", "The document version is not valid or does not exist.")
    return number


def _own(call: Call, name: str) -> Document:
    found = document(call, name)
    if found.account != call.caller:
        raise RefusalError("InvalidDocument", "The document belongs to another account.")
    return found


def _checked(content: str) -> str:
    if len(content.encode()) > _LARGEST:
        raise RefusalError("MaxDocumentSizeExceeded", "The size limit of a document is 64 KB.")
    try:
        read(content)
    except InvalidInputError as problem:
        raise RefusalError("InvalidDocumentContent", str(problem)) from None
    return content


def _identifier(found: Document) -> Members:
    return {
        "Name": found.name,
        "CreatedDate": found.created,
        "Owner": found.account,
        "PlatformTypes": ["Windows", "Linux", "MacOS"],
        "DocumentVersion": found.default,
        "DocumentType": "Automation",
        "SchemaVersion": "0.3",
        "DocumentFormat": found.format,
        "Tags": [{"Key": key, "Value": value} for key, value in sorted(found.tags.items())],
    }


def _description(found: Document) -> Members:
    book, text = read(found.versions[found.default]), found.versions[found.default]
    declared = [
        {"Name": name, "Type": "StringList" if given.get("type") == "StringList" else "String"}
        for name, given in book.parameters.items()
    ]
    identifier = {key: value for key, value in _identifier(found).items() if key != "DocumentVersion"}
    return {
        **identifier,
        "Hash": hashlib.sha256(text.encode()).hexdigest(),
        "HashType": "Sha256",
        "Status": "Active",
        "DocumentVersion": found.latest,
        "LatestVersion": found.latest,
        "DefaultVersion": found.default,
        "Description": book.description,
        "Parameters": declared,
    }


def _page(params: Parameters, key: str, items: Sequence[T], shown: Callable[[T], object], *, most: int = 50) -> Members:
    start, size = int(params.get("NextToken") or 0), min(params.get("MaxResults") or most, most)
    more = {"NextToken": str(start + size)} if start + size < len(items) else {}
    return {key: [shown(item) for item in items[start : start + size]], **more}

"""Deployment packages: zips in base64, from the request or from S3."""

from __future__ import annotations

import base64
import binascii
import hashlib
import io
import zipfile
from typing import Any

from orgctl.sandbox import moto_services
from orgctl.sandbox.lambdas.find import invalid
from orgctl.sandbox.operations import Parameters

DIRECT = 50 * 1024 * 1024
UNZIPPED = 250 * 1024 * 1024
SIGNATURE = "META-INF/aws_signer_signature_v1.0.SF"
"""The entry by which the sandbox takes a package for one that AWS Signer signed: the name is our guess."""


def content(given: Parameters) -> str:
    """The zip that `ZipFile` or `S3Bucket` and `S3Key` give, in base64. Raises AWS's refusal of what is no zip."""
    if "ZipFile" in given:
        code = str(given["ZipFile"])
    elif "S3Bucket" in given and "S3Key" in given:
        found = moto_services.s3_object(str(given["S3Bucket"]), str(given["S3Key"]))
        if found is None:
            raise invalid("Error occurred while GetObject. S3 Error Code: NoSuchKey.")
        code = base64.b64encode(found).decode()
    else:
        raise invalid("Please provide a source for function code.")
    _check(unpacked(code))
    return code


def unpacked(code: str) -> bytes:
    """The bytes of a zip in base64."""
    try:
        return base64.b64decode(code, validate=True)
    except binascii.Error:
        raise invalid("Could not unzip uploaded file. Please check your file, then try to upload again.") from None


def _check(data: bytes) -> None:
    if len(data) > DIRECT:
        raise invalid(f"Request must be smaller than {DIRECT} bytes.")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            size = sum(entry.file_size for entry in archive.infolist())
    except zipfile.BadZipFile:
        raise invalid("Could not unzip uploaded file. Please check your file, then try to upload again.") from None
    if size > UNZIPPED:
        raise invalid(f"Unzipped size must be smaller than {UNZIPPED} bytes")


def facts(code: str) -> dict[str, Any]:
    """CodeSize and CodeSha256."""
    data = unpacked(code)
    return {"CodeSize": len(data), "CodeSha256": base64.b64encode(hashlib.sha256(data).digest()).decode()}


def is_signed(code: str) -> bool:
    """Whether the package carries a signature of AWS Signer."""
    with zipfile.ZipFile(io.BytesIO(unpacked(code))) as archive:
        return SIGNATURE in archive.namelist()

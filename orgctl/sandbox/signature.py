"""Signature Version 4, checked only when IAM is enforced.

Source: "Create a signed AWS API request" (IAM User Guide).
"""

from __future__ import annotations

import hashlib
import hmac
import re
from urllib.parse import quote

from orgctl.sandbox.messages import Request

_PARTS = re.compile(r"Credential=[^/]+/([^,]+), *SignedHeaders=([^,]+), *Signature=([0-9a-f]+)")


def is_signed_with(request: Request, secret: str) -> bool:
    """Whether the request's signature was made with this secret key. The time of the signature is not looked at."""
    found = _PARTS.search(request.headers.get("authorization", ""))
    if found is None:
        return False
    scope, signed, signature = found.groups()
    digest = hashlib.sha256(_canonical(request, signed, scope.split("/")[2]).encode()).hexdigest()
    text = f"AWS4-HMAC-SHA256\n{request.headers.get('x-amz-date', '')}\n{scope}\n{digest}"
    key = f"AWS4{secret}".encode()
    for part in (*scope.split("/"), text):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    return hmac.compare_digest(key.hex(), signature)


def _canonical(request: Request, signed: str, service: str) -> str:
    path, _, query = request.target.partition("?")
    pairs = sorted(f"{name}={value}" for name, _, value in (pair.partition("=") for pair in query.split("&") if pair))
    headers = [f"{name}:{' '.join(request.headers.get(name, '').split())}\n" for name in signed.split(";")]
    body = request.headers.get("x-amz-content-sha256") or hashlib.sha256(request.body).hexdigest()
    uri = path if service == "s3" else quote(path, safe="/~")
    return "\n".join((request.method, uri, "&".join(pairs), "".join(headers), signed, body))

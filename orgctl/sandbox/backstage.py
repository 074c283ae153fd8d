"""Calls that AWS's own services make inside an account: through moto and the journal, like those from outside."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from orgctl.sandbox import moto_services
from orgctl.sandbox.credentials import access_key
from orgctl.sandbox.journal import Journal
from orgctl.sandbox.messages import RefusalError, Request
from orgctl.sandbox.scope import Scope


class Backstage:
    """The calls, noted in a journal so that they are played again when a saved state is loaded."""

    def __init__(self, journal: Journal | None = None) -> None:
        self._journal = journal or Journal()

    def iam(self, account: str, action: str, **parameters: Any) -> None:
        """Call IAM in an account. Raises RefusalError with IAM's code and message."""
        form = {"Action": action, "Version": "2010-05-08", **dict(_flat(parameters))}
        credential = f"AWS4-HMAC-SHA256 Credential={access_key(account)}/20260101/us-east-1/iam/aws4_request"
        headers = {
            "host": "iam.amazonaws.com",
            "content-type": "application/x-www-form-urlencoded; charset=utf-8",
            "authorization": f"{credential}, SignedHeaders=host, Signature=0",
        }
        request = Request("POST", "/", headers, urlencode(form).encode())
        moto_services.application()
        answer = moto_services.answer(request, account)
        if answer.status >= 400:
            message = re.search(rb"<Message>(.*?)</Message>", answer.body, re.S)
            raise RefusalError(moto_services.error_code(answer), message[1].decode() if message else action)
        scope = Scope("iam", "us-east-1", access_key(account), action, form)
        self._journal.add(scope, action, account, request)


def _flat(parameters: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Parameters in the query protocol's form: lists as `Tags.member.1.Key`."""
    found: list[tuple[str, str]] = []
    for name, value in parameters.items():
        if isinstance(value, list):
            for number, item in enumerate(value, 1):
                inner = item if isinstance(item, dict) else {"": item}
                found += [(f"{name}.member.{number}{'.' if k else ''}{k}", str(v)) for k, v in inner.items()]
        elif value is not None:
            found.append((name, str(value)))
    return found

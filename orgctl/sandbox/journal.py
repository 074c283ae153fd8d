"""The writes that moto took, so that they can be played again: moto's own state cannot be saved."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import Any

from orgctl.sandbox import moto_services
from orgctl.sandbox.faults import is_write
from orgctl.sandbox.messages import Request
from orgctl.sandbox.scope import Scope

_LARGEST = 1024 * 1024
_SERVICES = frozenset({"s3", "iam", "sns", "ecr"})


@dataclass(frozen=True, slots=True)
class Written:
    """One successful write of an account."""

    account: str
    request: Request


class Journal:
    """The writes that still matter: a later PUT of the same thing replaces the former, a DELETE takes it out."""

    def __init__(self) -> None:
        self._written: dict[tuple[str, ...], Written] = {}
        self._number = 0

    def clear(self) -> None:
        """Forget all."""
        self._written.clear()

    def add(self, scope: Scope, operation: str, account: str, request: Request) -> None:
        """Note a write of a service that is kept; bodies of more than 1 MiB are not."""
        if scope.service not in _SERVICES or not is_write(operation) or len(request.body) > _LARGEST:
            return
        if scope.service == "s3":
            self._add_s3(account, request)
        else:
            self._number += 1
            self._written[(scope.service, str(self._number))] = Written(account, request)

    def _add_s3(self, account: str, request: Request) -> None:
        key = ("s3", request.target)
        if request.method == "DELETE":
            gone = f"{request.path}/" if not request.query and request.path.count("/") == 1 else None
            self._written.pop(key, None)
            for other in [k for k in self._written if gone and k[0] == "s3" and k[1].startswith(gone)]:
                del self._written[other]
        else:
            self._written.pop(key, None) if request.query or request.path.count("/") > 1 else None
            self._written[key] = Written(account, request)

    def to_json(self) -> list[dict[str, Any]]:
        """The writes, in order."""
        return [
            {
                "account": written.account,
                "method": written.request.method,
                "target": written.request.target,
                "headers": dict(written.request.headers),
                "body": base64.b64encode(written.request.body).decode(),
            }
            for written in self._written.values()
        ]

    def replay(self, saved: list[dict[str, Any]]) -> None:
        """Play writes into moto, and keep them."""
        for item in saved:
            body = base64.b64decode(item["body"])
            conditions = ("if-none-match", "if-match")
            headers = {name: value for name, value in item["headers"].items() if name not in conditions}
            request = Request(item["method"], item["target"], headers, body)
            moto_services.answer(request, item["account"])
            if request.method == "PUT" and request.path.count("/") == 1 and not request.query:
                moto_services.complete_bucket(request.path.strip("/"), request.body)
            self._number += 1
            self._written[("replayed", str(self._number))] = Written(item["account"], request)

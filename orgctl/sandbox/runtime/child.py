"""The program in a function's process: events in by one pipe, results out by another, one JSON value a line.

Started as a script by `process.Runner`; it must not import orgctl, which is not there in AWS either.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import sys
import time
import traceback
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit, urlunsplit

HOSTS = (".amazonaws.com", ".amazonaws.com.cn", ".api.aws")


class Context:
    """What a handler gets as its second argument."""

    def __init__(self, request_id: str, arn: str, deadline: float) -> None:
        self.aws_request_id = request_id
        self.invoked_function_arn = arn
        self.function_name = arn.rsplit(":", 1)[-1]
        self.function_version = "$LATEST"
        self.memory_limit_in_mb = os.environ.get("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "128")
        self.log_group_name = f"/aws/lambda/{self.function_name}"
        self.log_stream_name = "sandbox"
        self.client_context = self.identity = None
        self._deadline = deadline

    def get_remaining_time_in_millis(self) -> int:
        """The time until the timeout."""
        return max(0, int((self._deadline - time.time()) * 1000))


def redirect(endpoint: str) -> None:
    """Let every request to a host of AWS go to the sandbox, whichever endpoint the code asked for.

    The Host header stays what was signed.
    """
    with contextlib.suppress(ImportError):
        from botocore.httpsession import URLLib3Session

        original, target = URLLib3Session.send, urlsplit(endpoint)

        def send(self: Any, request: Any) -> Any:
            asked = urlsplit(request.url)
            if (asked.hostname or "").endswith(HOSTS):
                request.headers["Host"] = asked.netloc
                request.url = urlunsplit((target.scheme, target.netloc, asked.path, asked.query, ""))
            return original(self, request)

        URLLib3Session.send = send  # type: ignore[method-assign]


def loaded(handler: str) -> Callable[[Any, Any], Any]:
    """The function that `module.function` or `folder/module.function` names."""
    module, _, name = handler.rpartition(".")
    found: Callable[[Any, Any], Any] = getattr(importlib.import_module(module.replace("/", ".")), name)
    return found


def failure(error: BaseException) -> dict[str, Any]:
    """An exception as Lambda reports it."""
    trace = traceback.format_tb(error.__traceback__)
    return {"errorMessage": str(error), "errorType": type(error).__name__, "stackTrace": trace}


def serve(handler: str, arn: str, events: Any, results: Any) -> None:
    """Answer events until the pipe ends."""
    function: Callable[[Any, Any], Any] | None = None
    for line in events:
        order = json.loads(line)
        context = Context(order["request_id"], arn, order["deadline"])
        try:
            function = function or loaded(handler)
            answer: dict[str, Any] = {"result": json.dumps(function(order["event"], context))}
        except BaseException as error:  # noqa: BLE001 (whatever a handler raises is its answer)
            traceback.print_exc()
            answer = {"error": failure(error)}
        sys.stdout.flush()
        sys.stderr.flush()
        results.write(json.dumps(answer) + "\n")
        results.flush()


def main() -> None:
    """`child.py HANDLER ARN FOLDER ENDPOINT EVENTS RESULTS`: the last two are file descriptors."""
    handler, arn, folder, endpoint, events, results = sys.argv[1:]
    sys.path[0] = folder
    redirect(endpoint)
    with os.fdopen(int(events), encoding="utf-8") as reader, os.fdopen(int(results), "w", encoding="utf-8") as writer:
        serve(handler, arn, reader, writer)


if __name__ == "__main__":
    main()

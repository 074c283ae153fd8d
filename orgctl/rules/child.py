"""The program that a rule's code runs in: a process of its own, which orgctl talks to by lines of JSON.

It reads one request from its input, and writes what happens to its output, a line for each thing: a test's result, a
call to AWS that waits for an answer, an evaluation, what was raised. What the rule prints goes to standard error. When
orgctl is gone, however it ended, it ends too.

It imports nothing of orgctl, since the rule's modules have to find what they find in Lambda.
"""

from __future__ import annotations

import contextlib
import importlib
import importlib.util
import json
import os
import sys
import threading
import time
import traceback
import unittest
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TextIO

Line = dict[str, Any]


class UnansweredError(Exception):
    """A call to AWS that nobody answers here."""


class _Talk:
    """The two streams to orgctl."""

    def __init__(self, incoming: TextIO, outgoing: TextIO) -> None:
        self._incoming = incoming
        self._outgoing = outgoing

    def read(self) -> Line:
        line: Line = json.loads(self._incoming.readline())
        return line

    def write(self, **line: object) -> None:
        print(json.dumps(line, default=str), file=self._outgoing, flush=True)


def main() -> None:
    """Do what the request on standard input asks for."""
    outgoing = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    talk = _Talk(sys.stdin, outgoing)
    request = talk.read()
    threading.Thread(target=_end_with, args=(request["lifeline"],), daemon=True).start()
    folder = Path(request["folder"])
    os.chdir(folder)
    sys.path[:0] = [str(folder), str(folder.parent)]
    sys.dont_write_bytecode = True
    if request["mode"] == "tests":
        _run_tests(talk, request["name"])
    else:
        _run_handler(talk, request["name"], request["events"], request.get("template", False))
    talk.write(done=True)


def _end_with(lifeline: int) -> None:
    """End this process when the other end of a pipe, which nobody writes to, is closed."""
    os.read(lifeline, 1)
    os._exit(1)


def _run_tests(talk: _Talk, name: str) -> None:
    try:
        module = importlib.import_module(f"{name}_test")
    except Exception:  # noqa: BLE001  # whatever it is, it is the module's own
        talk.write(test=f"{name}_test", status="failed", seconds=0.0, detail=_trace())
        return
    suite = unittest.defaultTestLoader.loadTestsFromModule(module)
    suite.run(_Result(talk))


class _Result(unittest.TestResult):
    """Writes each test's result as it comes."""

    def __init__(self, talk: _Talk) -> None:
        super().__init__()
        self._talk = talk
        self._begun = 0.0
        self._details: list[tuple[str, str]] = []

    def startTest(self, test: unittest.TestCase) -> None:  # noqa: N802  # unittest's name
        super().startTest(test)
        self._begun, self._details = time.perf_counter(), []

    def stopTest(self, test: unittest.TestCase) -> None:  # noqa: N802  # unittest's name
        super().stopTest(test)
        status = "failed" if any(kind == "failed" for kind, _ in self._details) else "passed"
        status = "skipped" if self._details and status == "passed" else status
        self._write(test, status, "\n".join(detail for _, detail in self._details), self._begun)

    def _write(self, test: unittest.TestCase, status: str, detail: str, begun: float) -> None:
        name = test.id().partition(".")[2] or str(test)
        said = test.shortDescription() or ""
        seconds = time.perf_counter() - begun
        self._talk.write(test=name, status=status, seconds=seconds, detail=detail, said=said)

    def addError(self, test: unittest.TestCase, err: Any) -> None:  # noqa: N802  # unittest's name
        detail = self._exc_info_to_string(err, test)  # type: ignore[attr-defined]  # as unittest's own results do
        if isinstance(test, unittest.TestCase):
            self._details.append(("failed", detail))
        else:
            self._write(test, "failed", detail, time.perf_counter())

    addFailure = addError  # noqa: N815  # unittest's name

    def addSubTest(self, test: unittest.TestCase, subtest: unittest.TestCase, err: Any) -> None:  # noqa: N802
        if err:
            detail = self._exc_info_to_string(err, subtest)  # type: ignore[attr-defined]  # as above
            self._details.append(("failed", f"{subtest}\n{detail}"))

    def addSkip(self, test: unittest.TestCase, reason: str) -> None:  # noqa: N802  # unittest's name
        self._details.append(("skipped", reason))

    def addExpectedFailure(self, test: unittest.TestCase, err: Any) -> None:  # noqa: N802  # unittest's name
        """It was expected: passed."""

    def addUnexpectedSuccess(self, test: unittest.TestCase) -> None:  # noqa: N802  # unittest's name
        self._details.append(("failed", "it was expected to fail, and passed"))


def _run_handler(talk: _Talk, name: str, events: list[Line], template: bool) -> None:
    _intercept(talk)
    importlib.import_module("rdklib")
    if template:
        _untold().watch(lambda reason: talk.write(untold=reason))
    with _telling(talk):
        handler = importlib.import_module(name).lambda_handler
        for event in events:
            begun = time.perf_counter()
            with _telling(talk):
                talk.write(returned=handler(event, None))
            talk.write(event_done=True, seconds=time.perf_counter() - begun)


def _untold() -> Any:
    """The module beside this one; it is found by its path, since this folder is not where a rule's imports look."""
    found = importlib.util.spec_from_file_location("orgctl_untold", Path(__file__).with_name("untold.py"))
    module = importlib.util.module_from_spec(found)  # type: ignore[arg-type]  # the file is there
    sys.modules["orgctl_untold"] = module
    found.loader.exec_module(module)  # type: ignore[union-attr]  # likewise
    return module


@contextlib.contextmanager
def _telling(talk: _Talk) -> Iterator[None]:
    """Writes what is raised, with its causes: a rule may wrap what AWS said."""
    try:
        yield
    except Exception as error:  # noqa: BLE001  # the rule may raise anything
        talk.write(raised=[_described(each) for each in _chain(error)], trace=_trace())


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def _described(error: BaseException) -> Line:
    response = getattr(error, "response", None)
    code = response.get("Error", {}).get("Code", "") if isinstance(response, dict) else ""
    operation = getattr(error, "operation_name", "")
    return {"type": type(error).__name__, "message": str(error), "code": code, "operation": operation}


def _trace() -> str:
    return traceback.format_exc()


def _intercept(talk: _Talk) -> None:
    """Let every call of every boto3 client be asked about first: orgctl answers it, or lets it pass to AWS."""
    from boto3.session import Session

    original = Session.client

    def client(session: Any, *arguments: Any, **options: Any) -> Any:
        made = original(session, *arguments, **options)
        made.meta.events.register("before-parameter-build", _keep)
        made.meta.events.register("before-call", lambda **details: _ask(talk, **details))
        return made

    Session.client = client  # type: ignore[method-assign,assignment]  # the one place that every client comes from


def _keep(params: Line, context: Line, **_: object) -> None:
    """Keep what the rule asked for, before botocore makes a request of it."""
    context["orgctl"] = params


class _Http:
    """As much of a response as botocore looks at."""

    def __init__(self, status: int) -> None:
        self.status_code = status


def _ask(talk: _Talk, model: Any, params: Line, context: Line, **_: object) -> tuple[_Http, Line] | None:
    service, operation = model.service_model, model.name
    method, given = params.get("method"), context.get("orgctl", {})
    talk.write(
        call=operation, service=service.service_name, prefix=service.signing_name, method=method, parameters=given
    )
    answer = talk.read()
    if answer.get("pass"):
        return None
    if "error" in answer:
        return _Http(400), {"Error": answer["error"], "ResponseMetadata": {"HTTPStatusCode": 400}}
    if "answer" in answer:
        found = answer["answer"]
        if "orgctl_untold" in sys.modules:
            found = sys.modules["orgctl_untold"].with_untold(found, lambda reason: talk.write(untold=reason))
        return _Http(200), {**found, "ResponseMetadata": {"HTTPStatusCode": 200}}
    raise UnansweredError(f"{service.service_name}:{operation}: {answer['unanswered']}")


if __name__ == "__main__":
    main()

"""A sandbox in the background: started, found again, stopped. Several can run, each by its name.

What runs is noted in `$XDG_STATE_HOME/orgctl/sandbox/<name>.json` (default `~/.local/state/…`), beside its log. A note
is believed only if the server at its port answers with the token that stands in it; a stale one is swept away.
This module imports neither moto nor botocore.
"""

from __future__ import annotations

import fcntl
import http.client
import json
import os
import re
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from orgctl.errors import InvalidInputError, OrgctlError, RefusedError
from orgctl.sandbox.environment import environment

HOST = "127.0.0.1"
_START_SECONDS = 30.0
_STOP_SECONDS = 3.0
_ASK_SECONDS = 60.0
_STATUS_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Instance:
    """A sandbox that runs in the background. `log` is the path of its log file; `throttled` as it was started."""

    name: str
    pid: int
    port: int
    token: str
    management_account: str
    log: str
    throttled: bool = False

    @property
    def endpoint_url(self) -> str:
        """`http://127.0.0.1:<port>`."""
        return f"http://{HOST}:{self.port}"

    def environment(self) -> dict[str, str]:
        """The variables that point an SDK at it, as the management account."""
        return environment(self.endpoint_url, self.management_account, throttled=self.throttled)


def state_folder() -> Path:
    """Where the notes and logs are; made if need be."""
    base = os.environ.get("XDG_STATE_HOME") or str(Path.home() / ".local" / "state")
    folder = Path(base) / "orgctl" / "sandbox"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def start(
    name: str = "default", *, port: int = 0, settings: Mapping[str, Any] | None = None, load: Path | None = None
) -> tuple[Instance, bool]:
    """Start a sandbox, unless one of that name runs already; (the sandbox, whether it is new).

    `settings` are those of `settings.Settings`, as JSON values; `load` is a file that `save` wrote. Port 0 takes a free
    one. Raises OrgctlError if the extra is not installed or the server does not come up.
    """
    _require_extra()
    _require_name(name)
    with _locked(name):
        running = find(name)
        if running is not None:
            return running, False
        token = secrets.token_hex(16)
        return _spawned(name, token, port, settings or {}, load), True


def find(name: str = "default") -> Instance | None:
    """The running sandbox of that name. A note without its sandbox is swept away."""
    note = _note(name)
    if note is None:
        return None
    if _is_ours(note):
        return note
    _note_path(name).unlink(missing_ok=True)
    return None


def running() -> tuple[Instance, ...]:
    """Every sandbox that runs, by name."""
    names = sorted(path.stem for path in state_folder().glob("*.json"))
    return tuple(found for name in names if (found := find(name)) is not None)


def stop(name: str = "default") -> bool:
    """Stop a sandbox; whether one ran."""
    note = _note(name)
    if note is None or not (_is_ours(note) or _is_hung(note)):
        _note_path(name).unlink(missing_ok=True)
        return False
    os.kill(note.pid, signal.SIGTERM)
    if not _gone(note, _STOP_SECONDS):
        os.kill(note.pid, signal.SIGKILL)
        _gone(note, _STOP_SECONDS)
    _note_path(name).unlink(missing_ok=True)
    return True


def reset(name: str = "default") -> None:
    """Let a running sandbox begin anew, with the settings it has. Raises RefusedError if none runs."""
    ask(required(name), "POST", "reset", {})


def save(name: str, file: Path) -> None:
    """Write a running sandbox's state; the file is whole or not there. Raises RefusedError if none runs."""
    state = ask(required(name), "GET", "state")
    beside = file.with_name(f".{file.name}.{os.getpid()}")
    beside.write_text(json.dumps(state), encoding="utf-8")
    beside.replace(file)


def required(name: str) -> Instance:
    """The running sandbox of that name. Raises RefusedError if there is none."""
    found = find(name)
    if found is None:
        raise RefusedError(f"no sandbox `{name}` is running", hint=f"start it: orgctl sandbox start --name {name}")
    return found


def ask(instance: Instance, method: str, endpoint: str, body: object = None, *, seconds: float = _ASK_SECONDS) -> Any:
    """The answer of a control endpoint, within some seconds. Raises OrgctlError if it says no, or does not answer."""
    connection = http.client.HTTPConnection(HOST, instance.port, timeout=seconds)
    try:
        connection.request(method, f"/_sandbox/{endpoint}", None if body is None else json.dumps(body))
        response = connection.getresponse()
        answer = json.loads(response.read())
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise OrgctlError(
            f"the sandbox `{instance.name}` does not answer: {error}", hint=f"see {instance.log}"
        ) from None
    finally:
        connection.close()
    if response.status != 200:
        raise OrgctlError(f"the sandbox `{instance.name}` says: {answer.get('error')}")
    return answer


def _require_extra() -> None:
    missing = [module for module in ("moto", "flask", "flask_cors", "werkzeug") if find_spec(module) is None]
    if missing:
        raise OrgctlError(
            f"the sandbox needs `{missing[0]}`, which is not installed", hint="pip install 'orgctl[sandbox]'"
        )


def _require_name(name: str) -> None:
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}", name):
        raise InvalidInputError(
            f"`{name}` cannot be the name of a sandbox", hint="use letters, digits, `-` and `_`, at most 64"
        )


@contextmanager
def _locked(name: str) -> Iterator[None]:
    with (state_folder() / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _spawned(name: str, token: str, port: int, settings: Mapping[str, Any], load: Path | None) -> Instance:
    log = state_folder() / f"{name}.log"
    command = [sys.executable, "-m", "orgctl.sandbox.daemon", "--name", name, "--token", token, "--port", str(port)]
    command += ["--settings", json.dumps(dict(settings)), "--log", str(log)]
    command += ["--load", str(load.resolve())] if load is not None else []
    with log.open("w") as output:
        child = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True, cwd="/"
        )
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline and child.poll() is None:
        note = _note(name)
        if note is not None and note.token == token and _is_ours(note):
            child.returncode = 0  # it lives on without us: do not warn that nobody waited for it
            return note
        time.sleep(0.05)
    if child.poll() is None:
        child.kill()
        child.wait()
    lines = log.read_text(encoding="utf-8", errors="replace").strip().splitlines() or ["it said nothing"]
    raise OrgctlError(f"the sandbox `{name}` did not start: {lines[-1]}", hint=f"see {log}")


def _note_path(name: str) -> Path:
    return state_folder() / f"{name}.json"


def _note(name: str) -> Instance | None:
    try:
        return Instance(**json.loads(_note_path(name).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def write_note(instance: Instance) -> None:
    """Note a running sandbox, whole or not at all: the daemon does it once it listens."""
    path = _note_path(instance.name)
    beside = path.with_suffix(f".{instance.pid}")
    beside.write_text(json.dumps(asdict(instance)), encoding="utf-8")
    beside.replace(path)


def remove_note(instance: Instance) -> None:
    """Take the note away, unless it is another sandbox's by now."""
    if _note(instance.name) == instance:
        _note_path(instance.name).unlink(missing_ok=True)


def _is_ours(note: Instance) -> bool:
    try:
        return bool(ask(note, "GET", "status", seconds=_STATUS_SECONDS).get("token") == note.token)
    except (OrgctlError, AttributeError):
        return False


def _is_hung(note: Instance) -> bool:
    """Whether the process lives and has our token on its command line, though it does not answer."""
    try:
        return note.token.encode() in Path(f"/proc/{note.pid}/cmdline").read_bytes()
    except OSError:
        return False


def _gone(note: Instance, seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        with suppress(OSError):
            os.waitpid(note.pid, os.WNOHANG)
        try:
            os.kill(note.pid, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.02)
    return False

"""The control endpoints, JSON in and out.

GET  /_sandbox/status     what this is, and how much is in it
GET  /_sandbox/settings   the settings;  POST: change some
GET  /_sandbox/calls      counts and log of the calls;  DELETE: forget them
POST /_sandbox/faults     a list of faults, replacing all;  DELETE: none
POST /_sandbox/clock      {"advance_seconds": 60}; periodic rules that are due are invoked
POST /_sandbox/settle     {"seconds": 60}: wait for what calls set going; whether all of it is done
GET  /_sandbox/logs       what functions printed, by their ARNs
POST /_sandbox/reset      begin anew, optionally with settings
POST /_sandbox/seed       fill the organization (see `seed.Seeding`)
GET  /_sandbox/state      the state, to be saved;  PUT: take it back
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from orgctl.sandbox import moto_services
from orgctl.sandbox.faults import Fault
from orgctl.sandbox.front import Front
from orgctl.sandbox.messages import Answer, Request
from orgctl.sandbox.seed import Seeding, seeded
from orgctl.sandbox.snapshot import restore, snapshot

PREFIX = "/_sandbox/"
Endpoint = Callable[[Front, Any], object]


def control(front: Front, request: Request) -> Answer:
    """The answer of a control endpoint: 200 with JSON, 400 with what is wrong, 404."""
    endpoint = _ENDPOINTS.get((request.method, request.path.removeprefix(PREFIX)))
    if endpoint is None:
        return _json(404, {"error": f"there is no {request.method} {request.path}"})
    try:
        given = json.loads(request.body) if request.body else {}
        with front.lock:
            return _json(200, endpoint(front, given) or {})
    except (ValueError, TypeError, KeyError) as error:
        return _json(400, {"error": str(error)})


def _json(status: int, value: object) -> Answer:
    return Answer(status, json.dumps(value).encode(), (("Content-Type", "application/json"),))


def _status(front: Front, _: Any) -> object:
    organization = front.cloud.organization
    return {
        "sandbox": True,
        "token": front.token,
        "notice": "a local imitation of AWS for tests; it is not AWS",
        "management_account": front.settings.management_account,
        "organization": organization.id if organization else None,
        "accounts": len(organization.accounts) if organization else 0,
        "units": len(organization.units) if organization else 0,
        "policies": len(organization.policies) if organization else 0,
        "calls": sum(front.calls.counts.values()),
        "invalid_answers": front.invalid_answers,
    }


def _reset(front: Front, given: Any) -> None:
    moto_services.reset()
    front.reset(front.settings.changed(given))


def _clock(front: Front, given: Any) -> None:
    front.clock.advance(given["advance_seconds"])
    front.tick()


def settle(front: Front, request: Request) -> Answer:
    """Wait, outside of every lock, until nothing is under way."""
    try:
        seconds = float((json.loads(request.body) if request.body else {}).get("seconds", 60))
    except (ValueError, TypeError, AttributeError) as error:
        return _json(400, {"error": str(error)})
    return _json(200, {"settled": front.background.settled(seconds)})


def _faults(front: Front, given: Any) -> None:
    front.faults.set(*(Fault.from_json(fault) for fault in given))


def _seed(front: Front, given: Any) -> object:
    organization = seeded(front.cloud, Seeding(**given))
    return {"organization": organization.id}


_ENDPOINTS: dict[tuple[str, str], Endpoint] = {
    ("GET", "status"): _status,
    ("GET", "settings"): lambda front, _: front.settings.to_json(),
    ("POST", "settings"): lambda front, given: front.change(given),
    ("GET", "calls"): lambda front, _: front.calls.to_json(),
    ("DELETE", "calls"): lambda front, _: front.calls.reset(),
    ("POST", "faults"): _faults,
    ("DELETE", "faults"): lambda front, _: front.faults.set(),
    ("POST", "clock"): _clock,
    ("GET", "logs"): lambda front, _: {arn: list(lines) for arn, lines in front.runtimes.logs.items()},
    ("POST", "reset"): _reset,
    ("POST", "seed"): _seed,
    ("GET", "state"): lambda front, _: snapshot(front),
    ("PUT", "state"): restore,
}

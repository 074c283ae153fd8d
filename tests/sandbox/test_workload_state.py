"""What goes for AWS Config, Lambda, StackSets and documents together: saved states, switches, rates."""

from __future__ import annotations

import json
from typing import Any

from orgctl.model.limits import Rate
from orgctl.sandbox.embedded import Sandbox, running
from orgctl.sandbox.snapshot import restore, snapshot
from tests.sandbox.configured import recorder, rule, rule_function, said
from tests.sandbox.conftest import client, every, member, refusal
from tests.sandbox.functions import function, role, zipped
from tests.sandbox.packed import administrator, deployed, put, statuses
from tests.sandbox.test_automation import asserting, create, document
from tests.sandbox.test_lambda import ECHO, invoked
from tests.sandbox.test_switches import control


def reloaded(sandbox: Sandbox) -> None:
    """Save the state as JSON, and load it again."""
    with sandbox.front.lock:
        saved = json.loads(json.dumps(snapshot(sandbox.front)))
    sandbox.front.ask_moto(restore, sandbox.front, saved)


def test_a_saved_state_goes_on(sandbox: Sandbox, organizations: Any) -> None:
    """Functions run, rules hear of changes, packs wait for joining accounts, as before."""
    recorder(sandbox)
    arn = rule_function(sandbox)
    config = client(sandbox, "config")
    config.put_config_rule(ConfigRule=rule(arn))
    create(client(sandbox, "ssm"), document(asserting("1")))
    audit = administrator(organizations)
    recorder(sandbox, audit)
    put(client(sandbox, "config", audit), ExcludedAccounts=["111111111111"])
    deployed(client(sandbox, "config", audit))
    assert said(sandbox, "layer-required") == {"rule": "NON_COMPLIANT"}
    reloaded(sandbox)
    function(client(sandbox, "lambda"), "arn:aws:iam::111111111111:role/rule-role", "late")
    assert said(sandbox, "layer-required") == {"late": "NON_COMPLIANT", "rule": "NON_COMPLIANT"}
    assert client(sandbox, "ssm").get_document(Name="mend")["Content"] == document(asserting("1"))
    late = member(organizations, "late")
    assert statuses(client(sandbox, "config", audit))[late] == "CREATE_IN_PROGRESS"


def test_waiting_and_logs_over_http(sandbox: Sandbox) -> None:
    """A script can wait until everything is done, and read what functions printed."""
    api = client(sandbox, "lambda")
    arn = function(api, role(sandbox), code=ECHO)
    api.invoke(FunctionName="one", InvocationType="Event", Payload=b"1")
    assert control(sandbox, "POST", "settle", {"seconds": 60}) == (200, {"settled": True})
    assert control(sandbox, "GET", "logs") == (200, {arn: ["seen 1"]})
    assert control(sandbox, "POST", "settle", {"seconds": "long"})[0] == 400


def test_rates_hold_for_every_service() -> None:
    """A rate that is set is kept, with each service's own code."""
    slow = Rate(1, 1)
    rates = {
        "config:DescribeConfigRules": slow,
        "lambda:ListFunctions": slow,
        "ssm:ListDocuments": slow,
        "cloudformation:ListStackSets": slow,
    }
    with running(throttle=True, rates=rates) as sandbox:
        client(sandbox, "cloudformation").activate_organizations_access()
        calls = [
            client(sandbox, "config").describe_config_rules,
            client(sandbox, "lambda").list_functions,
            client(sandbox, "ssm").list_documents,
            client(sandbox, "cloudformation").list_stack_sets,
        ]
        for call in calls:
            call()
        codes = [refusal(call)[0] for call in calls]
    assert codes == ["ThrottlingException", "TooManyRequestsException", "ThrottlingException", "Throttling"]


def test_a_changed_function_runs_anew(sandbox: Sandbox) -> None:
    """New code, a new environment or a reset is a new process."""
    api = client(sandbox, "lambda")
    function(api, role(sandbox), code="import os\ndef handler(event, context): return os.environ.get('WORD', 'none')")
    said_first = invoked(api)[0]
    api.update_function_configuration(FunctionName="one", Environment={"Variables": {"WORD": "word"}})
    said_second = invoked(api)[0]
    api.update_function_code(FunctionName="one", ZipFile=zipped(main="def handler(event, context): return 'new'"))
    assert (said_first, said_second, invoked(api)[0]) == ("none", "word", "new")


def test_every_account_has_its_own(sandbox: Sandbox, organizations: Any) -> None:
    """What one account has in one region, no other one sees."""
    account = member(organizations, "one")
    function(client(sandbox, "lambda"), role(sandbox))
    recorder(sandbox)
    others = [("lambda", account, "us-east-1"), ("lambda", None, "eu-west-1")]
    assert [client(sandbox, *other).list_functions()["Functions"] for other in others] == [[], []]
    elsewhere = client(sandbox, "config", account).describe_configuration_recorders()["ConfigurationRecorders"]
    assert (elsewhere, every(client(sandbox, "config", account), "describe_config_rules", "ConfigRules")) == ([], [])


def test_a_sandbox_ends_while_a_function_runs() -> None:
    """Its process is killed; what would run next is told that the sandbox has ended."""
    with running() as sandbox:
        api = client(sandbox, "lambda")
        function(api, role(sandbox), code="def handler(event, context):\n    while True: pass", Timeout=600)
        for _ in range(2):
            api.invoke(FunctionName="one", InvocationType="Event")
        assert sandbox.settled(0) is False
    assert sandbox.settled(0) is True

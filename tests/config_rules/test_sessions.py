"""How accounts are entered: in every partition, at any endpoint, and what happens where the door is shut."""

from __future__ import annotations

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qs

import pytest
from botocore.exceptions import ClientError
from rdklib import Evaluation

from organization_rule import testing
from organization_rule.entry import handle
from organization_rule.errors import OutsiderError
from organization_rule.items import Item
from organization_rule.notice import Event
from organization_rule.rule import OrganizationRule
from organization_rule.sessions import Clients
from organization_rule.verdicts import compliant

ENTERED = """<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials>
<AccessKeyId>ASIAENTERED</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken>
<Expiration>2030-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>"""
REFUSED = """<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type>
<Code>{code}</Code><Message>not authorized</Message></Error></ErrorResponse>"""


class Aws(ThreadingHTTPServer):
    """Answers AssumeRole and PutEvaluations, and keeps what it was asked: (body, who asked)."""

    daemon_threads = True
    refusal = ""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answering)
        self.requests: list[tuple[str, str]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class Answering(BaseHTTPRequestHandler):
    server: Aws

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.server.requests.append((body, self.headers["Authorization"].split("Credential=")[1].split("/")[0]))
        if "Action=AssumeRole" in body:
            refusal = self.server.refusal
            self._send(400 if refusal else 200, REFUSED.format(code=refusal) if refusal else ENTERED)
        else:
            self._send(200, '{"FailedEvaluations": []}')

    def _send(self, status: int, text: str) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *_: object) -> None:
        """Nothing is to be said."""


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[Aws]:
    server = Aws()
    Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    monkeypatch.setenv("AWS_ENDPOINT_URL", server.url)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAFUNCTION")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    yield server
    server.shutdown()
    server.server_close()


class Content(OrganizationRule):
    """Is content with everything."""

    def evaluate_change(
        self, event: Event, client_factory: Clients, configuration_item: Item, valid_rule_parameters: object
    ) -> list[Evaluation]:
        return [compliant()]


def change() -> dict[str, object]:
    item = {
        "resourceType": "AWS::Lambda::Function",
        "resourceId": "orders",
        "awsAccountId": "111122223333",
        "configurationItemStatus": "OK",
        "configurationItemCaptureTime": testing.TIME,
    }
    return testing.change(item, resultToken="token")


def test_whole_way(aws: Aws) -> None:
    """The role is assumed with the function's credentials, and the results are put with the role's, at one endpoint."""
    handle(Content(), ["AWS::Lambda::Function"], change())
    (assume, first), (put, second) = aws.requests
    wanted = parse_qs(assume)
    assert (first, second) == ("AKIAFUNCTION", "ASIAENTERED")
    assert (
        wanted["RoleArn"],
        wanted["RoleSessionName"],
        wanted["DurationSeconds"],
    ) == (["arn:aws:iam::111122223333:role/evaluation"], ["orgctl-Content"], ["900"])
    assert (json.loads(put)["ResultToken"], json.loads(put)["TestMode"]) == ("token", False)


def test_outside(aws: Aws) -> None:
    """An account that cannot be entered is refused, with a reason that says what to look for."""
    aws.refusal = "AccessDenied"
    with pytest.raises(OutsiderError) as caught:
        handle(Content(), ["AWS::Lambda::Function"], change())
    assert str(caught.value) == (
        "the account 111122223333 cannot be entered through arn:aws:iam::111122223333:role/evaluation: "
        "it is outside the organization, or the role is not there yet (not authorized)"
    )
    assert len(aws.requests) == 1


def test_other_errors_stay(aws: Aws) -> None:
    """Any other error keeps AWS's code; rdklib makes it InternalError."""
    aws.refusal = "RegionDisabledException"
    with pytest.raises(ClientError, match="RegionDisabledException"):
        Clients("arn:aws:iam::111122223333:role/evaluation", "eu-west-1", "orgctl-x").build_client("config")


def test_entered_once(aws: Aws) -> None:
    """The account is entered with the first client, and then not again."""
    clients = Clients("arn:aws:iam::111122223333:role/evaluation", "eu-west-1", "orgctl-x")
    assert aws.requests == []
    regions = [clients.build_client("lambda", region).meta.region_name for region in (None, "us-east-1")]
    assert regions == ["eu-west-1", "us-east-1"]
    assert len(aws.requests) == 1


@pytest.mark.parametrize(
    ("region", "expected"),
    [
        ("eu-west-1", "https://sts.eu-west-1.amazonaws.com"),
        ("us-east-1", "https://sts.us-east-1.amazonaws.com"),
        ("cn-north-1", "https://sts.cn-north-1.amazonaws.com.cn"),
        ("us-gov-west-1", "https://sts.us-gov-west-1.amazonaws.com"),
    ],
)
def test_endpoints(region: str, expected: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """STS is asked in the region, under the partition's own name."""
    for name in ("AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_STS", "AWS_STS_REGIONAL_ENDPOINTS"):
        monkeypatch.delenv(name, raising=False)
    assert expected == Clients(None, region, "orgctl-x").build_client("sts").meta.endpoint_url


def test_one_service_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """An endpoint may be given for one service only, as boto3 has it."""
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    monkeypatch.setenv("AWS_ENDPOINT_URL_STS", "http://127.0.0.1:9")
    assert Clients(None, "eu-west-1", "orgctl-x").build_client("sts").meta.endpoint_url == "http://127.0.0.1:9"

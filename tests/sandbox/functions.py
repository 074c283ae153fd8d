"""Functions for tests: a role that Lambda may assume, zips, and a function made of them."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

from orgctl.sandbox.embedded import Sandbox
from tests.sandbox.conftest import client

ROLE = "functions"


def trust(service: str = "lambda.amazonaws.com") -> str:
    statement = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def role(sandbox: Sandbox, account: str | None = None, name: str = ROLE, *actions: str) -> str:
    """The ARN of a role that Lambda may assume, with an inline policy for some actions."""
    iam = client(sandbox, "iam", account)
    arn = str(iam.create_role(RoleName=name, AssumeRolePolicyDocument=trust())["Role"]["Arn"])
    if actions:
        statement = {"Effect": "Allow", "Action": list(actions), "Resource": "*"}
        document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        iam.put_role_policy(RoleName=name, PolicyName="p", PolicyDocument=document)
    return arn


def zipped(**files: str) -> bytes:
    """A zip of Python modules (`main="…"` becomes main.py); a name with a dot in it stays."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, text in files.items():
            archive.writestr(name if "." in name else f"{name}.py", text)
    return buffer.getvalue()


def function(
    api: Any, arn: str, name: str = "one", code: str = "def handler(event, context): return event", **changes: Any
) -> str:
    """The ARN of a new function whose module is `main`."""
    settings = {"Runtime": "python3.13", "Handler": "main.handler", "Code": {"ZipFile": zipped(main=code)}, **changes}
    return str(api.create_function(FunctionName=name, Role=arn, **settings)["FunctionArn"])

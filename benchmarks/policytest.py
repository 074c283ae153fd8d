"""How long `orgctl test` takes, start to end: `python -m benchmarks.policytest [--cases N] [--runs N]`.

A copy of the example organization gets one file with 10,000 cases that are all written out (no matrices), as a
generator or a long history would leave them: each with a name, an account, an action, a principal, a context and an
expectation. The expectations are what the policies answer, so that all pass. Start to end means the whole process: the
interpreter, the imports, the manifest, the test file, the answers and the output.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from orgctl.manifest import load
from orgctl.simulator import Simulator
from orgctl.state.offline import offline

TOP = Path(__file__).parents[1]
ACTIONS = (
    "s3:GetObject", "s3:PutObject", "s3:DeleteBucket", "ec2:RunInstances", "ec2:CreateVpc", "iam:CreateUser",
    "kms:Decrypt", "lambda:CreateFunction", "cloudtrail:StopLogging", "config:DeleteConfigRule",
    "cloudhsm:CreateCluster", "organizations:LeaveOrganization", "dynamodb:PutItem", "sqs:SendMessage",
    "logs:DeleteLogGroup", "sts:AssumeRole", "route53:ListHostedZones", "apigateway:POST", "ecs:RunTask", "sns:Publish",
)  # fmt: skip
REGIONS = ("eu-west-1", "us-east-1", "ap-south-1")
PRINCIPALS = ("role/Developer", "role/BreakGlass", "user/alice", "root")


def lay_down(directory: Path, cases: int) -> None:
    """The example with a file of `cases` written-out cases, and no other tests."""
    shutil.copy(TOP / "organization.yaml", directory)
    shutil.copytree(TOP / "policies", directory / "policies", ignore=shutil.ignore_patterns("*.test.*"))
    simulator = Simulator(offline(load(directory)))
    chance = random.Random(1)  # noqa: S311 (not for secrets)
    written = [_case(simulator, chance, number) for number in range(cases)]
    folder = directory / "tests/policies"
    folder.mkdir(parents=True)
    (folder / "many.test.yaml").write_text("version: 1\ncases:\n" + "".join(written), encoding="utf-8")


def _case(simulator: Simulator, chance: random.Random, number: int) -> str:
    account = chance.choice(sorted(each.key for each in simulator.accounts))
    action, principal, region = chance.choice(ACTIONS), chance.choice(PRINCIPALS), chance.choice(REGIONS)
    address = f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"
    context = {"aws:RequestedRegion": region, "aws:SourceIp": address, "aws:SecureTransport": True}
    decision = simulator.decide(
        account,
        action,
        principal=f"arn:aws:iam::{simulator.account(account).id}:{principal}",
        context=context,
        resource_account=simulator.account(account).id,
    ).decision
    return (
        f"  - name: case {number} of {action} by {principal} in {account}\n"
        f"    account: {account}\n"
        f"    action: {action}\n"
        f"    principal: {principal}\n"
        f"    context: {{ aws:RequestedRegion: {region}, aws:SourceIp: {address}, aws:SecureTransport: true }}\n"
        f"    expect: {decision.value}\n"
    )


def run(directory: Path) -> tuple[float, float]:
    """The seconds of one run, start to end, and those of CPU time. Raises CalledProcessError if a case fails."""
    start, before = time.perf_counter(), os.times()
    command = [sys.executable, "-m", "orgctl", "-C", str(directory), "test"]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    after = os.times()
    used = after.children_user + after.children_system - before.children_user - before.children_system
    return time.perf_counter() - start, used


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=int, default=10_000, help="how many cases (default 10000)")
    parser.add_argument("--runs", type=int, default=5, help="how many runs (default 5)")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        lay_down(Path(name), arguments.cases)
        runs = [run(Path(name)) for _ in range(arguments.runs)]
    figures = {
        "cases": arguments.cases,
        "runs": arguments.runs,
        "median_s": round(statistics.median(seconds for seconds, _ in runs), 2),
        "best_s": round(min(seconds for seconds, _ in runs), 2),
        "best_cpu_s": round(min(used for _, used in runs), 2),
    }
    print(json.dumps(figures, indent=2))


if __name__ == "__main__":
    main()

"""Lambda: functions, layers, code signing, resource policies, concurrency and tags, with AWS's refusals.

moto's is left aside: it lacks code signing, layers by ARN and PutResourcePolicy, and runs functions in Docker. Ours
run in a process of the machine's Python (`runtime/`). Source: the `lambda` model of botocore 1.44.5 and the AWS Lambda
Developer Guide. Not there: versions and aliases, event sources, URLs, images that run, VPCs.
"""

from __future__ import annotations

from orgctl.sandbox.lambdas import concurrency, functions, invocation, layers, permissions, signing, tags
from orgctl.sandbox.lambdas.registry import operation

__all__ = ["concurrency", "functions", "invocation", "layers", "operation", "permissions", "signing", "tags"]

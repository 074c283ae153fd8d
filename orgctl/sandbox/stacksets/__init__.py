"""CloudFormation's service-managed StackSets, which really deploy IAM's roles and policies into member accounts.

There are no StackSets of self-managed permissions, no drift, no stacks of their own. Source: the `cloudformation` model
of botocore 1.44.5 and "Create CloudFormation StackSets with service-managed permissions" (AWS CloudFormation User
Guide).
"""

from __future__ import annotations

from orgctl.sandbox.stacksets import instances, reading, sets
from orgctl.sandbox.stacksets.registry import operation

__all__ = ["instances", "operation", "reading", "sets"]

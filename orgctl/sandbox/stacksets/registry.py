"""The operations of CloudFormation that the sandbox has: those of StackSets."""

from orgctl.sandbox.operations import Registry

operation = Registry()

"""The registry that the operations of AWS Organizations enter themselves into."""

from orgctl.sandbox.operations import Registry

operation = Registry()

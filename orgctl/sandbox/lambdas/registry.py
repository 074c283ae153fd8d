"""The operations of Lambda."""

from orgctl.sandbox.operations import Registry

operation = Registry()

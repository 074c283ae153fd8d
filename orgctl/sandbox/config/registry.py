"""The operations of AWS Config."""

from orgctl.sandbox.operations import Registry

operation = Registry()

"""The operations of Systems Manager that the sandbox has: those of Automation."""

from orgctl.sandbox.operations import Registry

operation = Registry()

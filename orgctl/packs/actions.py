"""The actions of Systems Manager Automation, with the inputs that each needs and the outputs that it gives by itself.

Source: "Systems Manager Automation actions reference" (AWS Systems Manager User Guide).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class AutomationAction:
    """`inputs` have to be there; `outputs` are there without being declared."""

    inputs: tuple[str, ...] = ()
    outputs: tuple[str, ...] = ()


ACTIONS: Mapping[str, AutomationAction] = {
    "aws:approve": AutomationAction(("Approvers",), ("ApprovalStatus", "ApproverDecisions")),
    "aws:assertAwsResourceProperty": AutomationAction(("Service", "Api", "PropertySelector", "DesiredValues")),
    "aws:branch": AutomationAction(("Choices",)),
    "aws:changeInstanceState": AutomationAction(("InstanceIds", "DesiredState")),
    "aws:copyImage": AutomationAction(("SourceImageId", "SourceRegion", "ImageName"), ("ImageId",)),
    "aws:createImage": AutomationAction(("InstanceId", "ImageName"), ("ImageId",)),
    "aws:createStack": AutomationAction(("StackName",), ("StackId", "StackStatus", "StackOutputs")),
    "aws:createTags": AutomationAction(("ResourceIds", "Tags")),
    "aws:deleteImage": AutomationAction(("ImageId",)),
    "aws:deleteStack": AutomationAction(("StackName",)),
    "aws:executeAutomation": AutomationAction(("DocumentName",), ("ExecutionId", "Status", "Output")),
    "aws:executeAwsApi": AutomationAction(("Service", "Api")),
    "aws:executeScript": AutomationAction(("Runtime", "Handler"), ("Payload",)),
    "aws:executeStateMachine": AutomationAction(("stateMachineArn",), ("executionArn", "output")),
    "aws:invokeLambdaFunction": AutomationAction(("FunctionName",), ("StatusCode", "FunctionError", "Payload")),
    "aws:invokeWebhook": AutomationAction(("IntegrationName",), ("Response", "ResponseCode")),
    "aws:loop": AutomationAction(("Steps",)),
    "aws:pause": AutomationAction(),
    "aws:runCommand": AutomationAction(("DocumentName",), ("CommandId", "Status", "ResponseCode", "Output")),
    "aws:runInstances": AutomationAction(("ImageId",), ("InstanceIds", "InstanceStates")),
    "aws:sleep": AutomationAction(),
    "aws:updateVariable": AutomationAction(("Name", "Value")),
    "aws:waitForAwsResourceProperty": AutomationAction(("Service", "Api", "PropertySelector", "DesiredValues")),
}

OF_EVERY_STEP = ("Output", "OutputPayload")
"""Outputs that any step has."""

STEP_KEYS = (
    *("name", "action", "description", "inputs", "outputs", "onFailure", "onCancel", "isEnd", "isCritical", "nextStep"),
    *("maxAttempts", "timeoutSeconds"),
)
TOP_KEYS = ("schemaVersion", "description", "assumeRole", "parameters", "variables", "mainSteps", "outputs", "files")
PARAMETER_KEYS = (
    *("type", "description", "default", "allowedValues", "allowedPattern", "displayType", "minItems", "maxItems"),
    *("minChars", "maxChars"),
)
KINDS = ("String", "StringList", "Integer", "Boolean", "StringMap", "MapList")
"""Types of parameters, beside those of AWS resources: `AWS::IAM::Role::Arn`."""

OUTPUT_KINDS = KINDS
RUNTIMES = ("python3.6", "python3.7", "python3.8", "python3.9", "python3.10", "python3.11", "PowerShell 7.4")

"""Checks the steps of an Automation document: actions, inputs, scripts, references, and where steps lead."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from typing import Any

from orgctl.manifest.nearest import did_you_mean
from orgctl.packs import actions, codes
from orgctl.packs.findings import Findings
from orgctl.source import Place

_NAME = re.compile(r"[A-Za-z0-9_]{1,128}\Z", re.ASCII)
_REFERENCE = re.compile(r"\{\{\s*([^{}]*?)\s*\}\}")
_GLOBALS = re.compile(r"(global|automation):[A-Za-z_]+\Z")
_JUMPS = ("Abort", "Continue")


def check_steps(document: Mapping[str, Any], parameters: frozenset[str], findings: Findings) -> None:
    """Report what is wrong with `mainSteps` and `outputs`, and with references in `assumeRole`."""
    steps = document.get("mainSteps")
    if not isinstance(steps, list) or not steps:
        if "mainSteps" in document:
            findings.add(codes.DOCUMENT_VALUE, "`mainSteps` has to be a list of steps", ("mainSteps",))
        return
    checker = _Steps(findings, set(parameters), _variables(document))
    checker.references(document.get("assumeRole"), ("assumeRole",))
    checker.all(steps, ("mainSteps",))
    outputs = document.get("outputs")
    for index, name in enumerate(outputs if isinstance(outputs, list) else ()):
        checker.reference(str(name), ("outputs", index))


def _variables(document: Mapping[str, Any]) -> set[str]:
    variables = document.get("variables")
    return {f"variable:{name}" for name in variables} if isinstance(variables, dict) else set()


class _Steps:
    """Goes through steps in order; `known` are the references that may stand at the step reached."""

    def __init__(self, findings: Findings, parameters: set[str], variables: set[str]) -> None:
        self._findings = findings
        self._known = parameters | variables

    def all(self, steps: list[Any], place: Place) -> None:
        """One list of steps: `mainSteps`, or those of a loop."""
        names = [step.get("name") if isinstance(step, dict) else None for step in steps]
        for index, step in enumerate(steps):
            here = (*place, index)
            if not isinstance(step, dict):
                self._findings.add(codes.DOCUMENT_VALUE, "a step has to be a mapping", here)
                continue
            self._name(step, names[:index], here)
            self._step(step, here)
            for target, where in _jumps(step, here):
                if target not in names:
                    known = [str(name) for name in names]
                    hint = did_you_mean(target, known, f"there are {', '.join(f'`{name}`' for name in known)}")
                    self._findings.add(codes.DOCUMENT_STEP, f"there is no step `{target}`", where, hint)

    def references(self, value: object, place: Place) -> None:
        """Report each `{{ … }}` in a value that names nothing."""
        match value:
            case str():
                for found in _REFERENCE.finditer(value):
                    self.reference(found[1], place)
            case dict():
                for key, item in value.items():
                    self.references(item, (*place, key))
            case list():
                for index, item in enumerate(value):
                    self.references(item, (*place, index))
            case _:
                pass

    def reference(self, name: str, place: Place) -> None:
        """Report a name that is neither a parameter, nor a variable, nor an output of an earlier step."""
        if name in self._known or _GLOBALS.match(name):
            return
        hint = did_you_mean(name, self._known, "name a parameter, or an output of an earlier step: `step.Output`")
        self._findings.add(codes.DOCUMENT_REFERENCE, f"`{{{{ {name} }}}}` names nothing that is there", place, hint)

    def _name(self, step: Mapping[str, Any], before: list[Any], place: Place) -> None:
        name = step.get("name")
        if name in before and name is not None:
            hint = "outputs and jumps name steps, so each has a name of its own"
            self._findings.add(codes.DOCUMENT_STEP_TWICE, f"a second step is called `{name}`", (*place, "name"), hint)
        elif "name" in step and not _NAME.match(str(name)):
            message = f"a step cannot be called `{name}`"
            self._findings.add(codes.DOCUMENT_VALUE, message, (*place, "name"), "use letters, digits and `_`")

    def _step(self, step: Mapping[str, Any], place: Place) -> None:
        self._keys(step, place)
        action = actions.ACTIONS.get(str(step.get("action")))
        inputs = step.get("inputs")
        self.references({key: value for key, value in step.items() if key not in ("outputs", "inputs")}, place)
        if action is None and "action" in step:
            name = str(step["action"])
            hint = did_you_mean(name, actions.ACTIONS, "see the Automation actions reference of Systems Manager")
            self._findings.add(codes.DOCUMENT_ACTION, f"there is no action `{name}`", (*place, "action"), hint)
        if action:
            self._inputs(step, action, inputs if isinstance(inputs, dict) else {}, place)
        self._add_outputs(step, action.outputs if action else (), place)

    def _keys(self, step: Mapping[str, Any], place: Place) -> None:
        for key in step:
            if key not in actions.STEP_KEYS:
                hint = did_you_mean(key, actions.STEP_KEYS, f"known here: {', '.join(actions.STEP_KEYS)}")
                self._findings.add(codes.DOCUMENT_KEY, f"the key `{key}` is not known", (*place, key), hint, key=True)
        for key in ("name", "action"):
            if key not in step:
                self._findings.add(codes.DOCUMENT_KEY, f"the key `{key}` is missing", place)

    def _inputs(
        self, step: Mapping[str, Any], action: actions.AutomationAction, inputs: Mapping[str, Any], place: Place
    ) -> None:
        where = (*place, "inputs") if "inputs" in step else place
        for name in action.inputs:
            if name not in inputs:
                message = f"`{step['action']}` needs the input `{name}`"
                self._findings.add(codes.DOCUMENT_INPUT, message, where, f"write it below `inputs:`: `{name}: …`")
        if step["action"] == "aws:executeScript":
            self._script(inputs, where)
        if step["action"] == "aws:loop" and isinstance(inputs.get("Steps"), list):
            self._known.add(f"{step.get('name')}.CurrentIteration")
            self.all(inputs["Steps"], (*where, "Steps"))
        script = {key: value for key, value in inputs.items() if key not in ("Script", "Steps")}
        self.references(script, where)

    def _script(self, inputs: Mapping[str, Any], place: Place) -> None:
        runtime, script = str(inputs.get("Runtime", "")), inputs.get("Script")
        if "Runtime" in inputs and runtime not in actions.RUNTIMES:
            hint = did_you_mean(runtime, actions.RUNTIMES, f"use one of {', '.join(actions.RUNTIMES)}")
            self._findings.add(codes.DOCUMENT_SCRIPT, f"there is no runtime `{runtime}`", (*place, "Runtime"), hint)
        if not isinstance(script, str) or not runtime.startswith("python"):
            return
        try:
            tree = ast.parse(script)
        except SyntaxError as error:
            message = f"the script is not Python: {error.msg} in its line {error.lineno}"
            self._findings.add(codes.DOCUMENT_SCRIPT, message, (*place, "Script"))
            return
        handler = str(inputs.get("Handler"))
        functions = [node.name for node in tree.body if isinstance(node, ast.FunctionDef)]
        if "Handler" in inputs and handler not in functions:
            hint = did_you_mean(handler, functions, f"write `def {handler}(events, context):`")
            message = f"the script has no function `{handler}`"
            self._findings.add(codes.DOCUMENT_SCRIPT, message, (*place, "Handler"), hint)

    def _add_outputs(self, step: Mapping[str, Any], own: tuple[str, ...], place: Place) -> None:
        declared = step.get("outputs")
        for index, output in enumerate(declared if isinstance(declared, list) else ()):
            here = (*place, "outputs", index)
            if not isinstance(output, dict) or not {"Name", "Selector"} <= output.keys():
                self._findings.add(codes.DOCUMENT_VALUE, "an output needs `Name` and `Selector`", here)
                continue
            if output.get("Type", "String") not in actions.OUTPUT_KINDS:
                hint = did_you_mean(str(output["Type"]), actions.OUTPUT_KINDS, "")
                message = f"there is no output type `{output['Type']}`"
                self._findings.add(codes.DOCUMENT_VALUE, message, (*here, "Type"), hint or None)
            self._known.add(f"{step.get('name')}.{output['Name']}")
        self._known |= {f"{step.get('name')}.{name}" for name in (*own, *actions.OF_EVERY_STEP)}


def _jumps(step: Mapping[str, Any], place: Place) -> Iterator[tuple[str, Place]]:
    """Every step that this one may lead to, with where that is written."""
    if "nextStep" in step:
        yield str(step["nextStep"]), (*place, "nextStep")
    for key in ("onFailure", "onCancel"):
        text = str(step.get(key, "Abort"))
        if text not in _JUMPS:
            yield text.removeprefix("step:"), (*place, key)
    inputs = step.get("inputs")
    if not isinstance(inputs, dict) or step.get("action") != "aws:branch":
        return
    if "Default" in inputs:
        yield str(inputs["Default"]), (*place, "inputs", "Default")
    choices = inputs.get("Choices")
    for index, choice in enumerate(choices if isinstance(choices, list) else ()):
        if isinstance(choice, dict) and "NextStep" in choice:
            yield str(choice["NextStep"]), (*place, "inputs", "Choices", index, "NextStep")

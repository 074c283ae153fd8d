"""A service of our own: parameters checked against the model, the operation run, its answer checked likewise."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from botocore.model import OperationModel, ServiceModel, StructureShape

from orgctl.sandbox.messages import Answer, InvalidAnswerError, RefusalError
from orgctl.sandbox.models import service_model
from orgctl.sandbox.operations import Call, Function, Members, Registry
from orgctl.sandbox.protocols import query, rest
from orgctl.sandbox.shapes import ShapeProblemError, Shapes

COMMON_ERRORS = frozenset(
    {
        "AccessDeniedException",
        "SerializationException",
        "ThrottlingException",
        "UnknownOperationException",
        "UnrecognizedClientException",
        "InvalidClientTokenId",
        "ValidationException",
        "ValidationError",
    }
)
"""What AWS answers to any request, in no service's model."""
LAMBDA_ERRORS = frozenset({"InvalidParameterValueException"})
"""What Lambda answers to any request with a wrong parameter."""

_INPUT_REASONS = {
    "required": ("INPUT_REQUIRED", "You must include a value for `{path}`."),
    "min": ("MIN_LENGTH_EXCEEDED", "You provided a value for `{path}` that is shorter than {wanted}."),
    "max": ("MAX_LENGTH_EXCEEDED", "You provided a value for `{path}` that is longer than {wanted}."),
    "pattern": ("INVALID_PATTERN", "You provided a value for `{path}` that doesn't match the required pattern."),
    "enum": ("INVALID_ENUM", "You specified a value for `{path}` that is not valid."),
}

_LEFT_OUT = frozenset({("GetFunctionCodeSigningConfigResponse", "CodeSigningConfigArn")})
"""What the models require of an answer and AWS leaves out."""


@dataclass(slots=True)
class Service:
    """One service, its operations by name. `invalid_answers` collects the sandbox's own mistakes."""

    name: str
    operations: Mapping[str, tuple[Function, Any]]
    invalid_answers: list[str] = field(default_factory=list)
    _inputs: Shapes = field(default_factory=lambda: Shapes(strict=False))
    _outputs: Shapes = field(default_factory=lambda: Shapes(strict=True, optional=_LEFT_OUT))
    _models: dict[str, OperationModel] = field(default_factory=dict)

    @classmethod
    def of(cls, name: str, registry: Registry) -> Service:
        """The service that botocore calls `name`, with the operations of a registry."""
        return cls(name, registry.functions)

    @property
    def model(self) -> ServiceModel:
        """botocore's model."""
        return service_model(self.name)

    def operation_model(self, operation: str) -> OperationModel | None:
        """The model of an operation; None if the service has none of that name."""
        if operation not in self._models:
            if operation not in self.model.operation_names:
                return None
            self._models[operation] = self.model.operation_model(operation)
        return self._models[operation]

    def run(self, call: Call, operation: str, params: Any) -> Members:
        """The checked answer of an operation.

        Raises RefusalError with what AWS refuses, and InvalidAnswerError for what the model does not allow us to say.
        """
        model = self.operation_model(operation)
        if model is None or operation not in self.operations:
            raise RefusalError("UnknownOperationException", f"The sandbox has no operation {self.name}:{operation}.")
        self._check_input(model, params)
        function, access = self.operations[operation]
        try:
            call.admit(access)
            answer = function(call, params) or {}
        except RefusalError as refusal:
            self._check_refusal(model, refusal)
            raise
        self._check_output(model, answer)
        return answer

    def _check_input(self, model: OperationModel, params: Any) -> None:
        if model.input_shape is None:
            return
        try:
            self._inputs.check(model.input_shape, params)
        except ShapeProblemError as problem:
            raise self._bad_input(problem) from None

    def _bad_input(self, problem: ShapeProblemError) -> RefusalError:
        path = ".".join(problem.path)
        if problem.constraint == "type":
            return RefusalError("SerializationException", f"`{path}` is not of the type {problem.wanted}.")
        reason, text = _INPUT_REASONS[problem.constraint]
        message = text.format(path=path, wanted=problem.wanted)
        match self.name:
            case "organizations":
                return RefusalError("InvalidInputException", message, Reason=reason)
            case "account":
                fields = [{"name": path, "message": message}]
                return RefusalError("ValidationException", message, reason="fieldValidationFailed", fieldList=fields)
            case "lambda":
                return RefusalError("InvalidParameterValueException", message, Type="User")
            case "cloudformation":
                return RefusalError("ValidationError", message)
            case "glue":
                return RefusalError("InvalidInputException", message)
            case "athena":
                return RefusalError("InvalidRequestException", message)
            case _:
                return RefusalError("ValidationException", message)

    def _check_output(self, model: OperationModel, answer: Members) -> None:
        try:
            if model.output_shape is not None:
                self._outputs.check(model.output_shape, answer)
            elif answer:
                raise ShapeProblemError("unknown", ", ".join(answer))
        except ShapeProblemError as problem:
            raise self._invalid(f"{self.name}:{model.name} answered {problem}") from None

    def _check_refusal(self, model: OperationModel, refusal: RefusalError) -> None:
        shape = _error_shape(model, refusal.code)
        if shape is None:
            if refusal.code in COMMON_ERRORS or (refusal.code in LAMBDA_ERRORS and self.name == "lambda"):
                return
            raise self._invalid(f"{self.name}:{model.name} cannot refuse with {refusal.code}")
        try:
            self._outputs.check(shape, {**_messages(shape.members, refusal.message), **refusal.members})
        except ShapeProblemError as problem:
            raise self._invalid(f"{self.name}:{model.name} refused with {refusal.code}: {problem}") from None

    def _invalid(self, what: str) -> InvalidAnswerError:
        self.invalid_answers.append(what)
        return InvalidAnswerError(what)

    def refusal_answer(self, operation: str, refusal: RefusalError) -> Answer:
        """The HTTP form of a refusal, by the protocol of the service."""
        model = self.operation_model(operation)
        shape = _error_shape(model, refusal.code) if model is not None else None
        messages = _messages(shape.members if shape is not None else (), refusal.message)
        status = shape.metadata.get("error", {}).get("httpStatusCode", 400) if shape is not None else 400
        if self.name == "cloudformation":
            return query.refused(refusal, shape)
        body = {"__type": refusal.code, **(messages or {"message": refusal.message}), **refusal.members}
        return self._json(status, body, (("x-amzn-ErrorType", refusal.code),))

    def answer(self, operation: str, members: Members) -> Answer:
        """The HTTP form of an answer."""
        model = self.operation_model(operation)
        match self.name:
            case "lambda" if model is not None:
                return rest.answered(model, members)
            case "cloudformation" if model is not None:
                return query.answered(model, members)
            case _:
                return self._json(200, members)

    def _json(self, status: int, body: Members, headers: tuple[tuple[str, str], ...] = ()) -> Answer:
        kind = "application/json" if self.name == "account" else "application/x-amz-json-1.1"
        return Answer(status, json.dumps(body).encode(), (("Content-Type", kind), *headers))


def _error_shape(model: OperationModel, code: str) -> StructureShape | None:
    shapes = (shape for shape in model.error_shapes if isinstance(shape, StructureShape))
    return next((shape for shape in shapes if code in (shape.name, shape.metadata.get("error", {}).get("code"))), None)


def _messages(members: Iterable[str], message: str) -> Members:
    """The message under the name that the model gives it; nothing where the model has no member for it."""
    return {name: message for name in members if name.lower() == "message"}

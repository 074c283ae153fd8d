"""The query protocol: parameters from a form, by the shapes of botocore's model, and answers as XML."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from html import escape
from typing import Any
from urllib.parse import parse_qsl

from botocore.model import ListShape, MapShape, OperationModel, Shape, StructureShape

from orgctl.sandbox.messages import Answer, RefusalError, Request
from orgctl.sandbox.models import service_model

_XML = (("Content-Type", "text/xml"),)
_META = "<ResponseMetadata><RequestId>sandbox</RequestId></ResponseMetadata>"


def routed(service: str, request: Request) -> tuple[str, dict[str, Any]]:
    """The name of the operation, and its parameters; ("", {}) if there is none of that name."""
    form = dict(parse_qsl(request.body.decode("utf-8", "replace"), keep_blank_values=True))
    action, model = form.get("Action", ""), service_model(service)
    if action not in model.operation_names:
        return "", {}
    shape = model.operation_model(action).input_shape
    return action, _value(shape, form, "") if shape is not None else {}


def _value(shape: Shape, form: Mapping[str, str], at: str) -> Any:
    match shape:
        case StructureShape():
            members = ((name, inner, _joined(at, name)) for name, inner in shape.members.items())
            return {name: _value(inner, form, where) for name, inner, where in members if _is_given(form, where)}
        case ListShape():
            if form.get(at) == "":
                return []
            entries = _numbered(form, _joined(at, "member"))
            return [_value(shape.member, form, entry) for entry in entries]
        case MapShape():
            entries = _numbered(form, _joined(at, "entry"))
            return {form[f"{entry}.key"]: _value(shape.value, form, f"{entry}.value") for entry in entries}
        case _:
            return _scalar(shape, form[at])


def _joined(at: str, name: str) -> str:
    return f"{at}.{name}" if at else name


def _is_given(form: Mapping[str, str], at: str) -> bool:
    return any(key == at or key.startswith(f"{at}.") for key in form)


def _numbered(form: Mapping[str, str], at: str) -> list[str]:
    found: list[str] = []
    while _is_given(form, f"{at}.{len(found) + 1}"):
        found.append(f"{at}.{len(found) + 1}")
    return found


def _scalar(shape: Shape, text: str) -> Any:
    if shape.type_name in ("integer", "long"):
        return int(text) if text.lstrip("-").isdigit() else text
    return text == "true" if shape.type_name == "boolean" else text


def answered(operation: OperationModel, members: Mapping[str, Any]) -> Answer:
    """An answer as XML, in the elements that the model names."""
    shape, name = operation.output_shape, operation.name
    result = ""
    if shape is not None:
        wrapper = shape.serialization.get("resultWrapper", f"{name}Result")
        result = f"<{wrapper}>{_element(shape, members)}</{wrapper}>"
    body = f"<{name}Response>{result}{_META}</{name}Response>"
    return Answer(200, body.encode(), _XML)


def _element(shape: Shape, value: Any) -> str:
    match shape:
        case StructureShape():
            return "".join(f"<{name}>{_element(shape.members[name], inner)}</{name}>" for name, inner in value.items())
        case ListShape():
            return "".join(f"<member>{_element(shape.member, inner)}</member>" for inner in value)
        case MapShape():
            return "".join(
                f"<entry><key>{escape(key)}</key><value>{_element(shape.value, inner)}</value></entry>"
                for key, inner in value.items()
            )
        case _:
            return _text(shape, value)


def _text(shape: Shape, value: Any) -> str:
    if shape.type_name == "timestamp":
        return datetime.fromtimestamp(value, UTC).isoformat().replace("+00:00", "Z")
    return str(value).lower() if isinstance(value, bool) else escape(str(value), quote=False)


def refused(refusal: RefusalError, shape: StructureShape | None) -> Answer:
    """A refusal as XML, under the code that the model gives the exception on the wire."""
    error = shape.metadata.get("error", {}) if shape is not None else {}
    code = error.get("code", refusal.code)
    inner = f"<Type>Sender</Type><Code>{escape(code)}</Code><Message>{escape(refusal.message)}</Message>"
    body = f"<ErrorResponse><Error>{inner}</Error><RequestId>sandbox</RequestId></ErrorResponse>"
    return Answer(error.get("httpStatusCode", 400), body.encode(), _XML)

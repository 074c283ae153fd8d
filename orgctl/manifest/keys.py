"""Which keys a model knows at a place."""

from __future__ import annotations

import types
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel

from orgctl.manifest.schema import Model
from orgctl.source import Place


def known_keys(model: type[Model], place: Place) -> list[str]:
    """The keys that a mapping at `place` may have, as written in the file; empty where any key may stand."""
    kind: Any = model
    for step in place:
        kind = _into(kind, step)
    kind = _bare(kind)
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return [field.alias or name for name, field in kind.model_fields.items()]
    return []


def _into(kind: Any, step: str | int) -> Any:
    kind = _bare(kind)
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        by_key = {field.alias or name: field.annotation for name, field in kind.model_fields.items()}
        return by_key.get(str(step))
    if get_origin(kind) in (dict, list):
        return get_args(kind)[-1]
    return None


def _bare(kind: Any) -> Any:
    """Without `Annotated`, and without the other branches of a union: models and collections come first in ours."""
    while get_origin(kind) in (Annotated, Union, types.UnionType):
        kind = get_args(kind)[0]
    return kind

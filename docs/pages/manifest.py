"""The manifest, from the JSON Schemas that editors check it by."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from docs.pages.markdown import code, table
from orgctl.manifest.jsonschema import SCHEMAS, schema_text
from orgctl.manifest.patterns import MEANING

Schema = Mapping[str, Any]

_INTRODUCTION = """\
# The manifest

`organization.yaml` in the directory that orgctl is run in, or that `-C` names, is the manifest; policies lie beside it
in `policies/<type folder>/<name>.json` or `.yaml`. Editors check and complete it by the JSON Schema that its first line
names:

```yaml
# yaml-language-server: $schema=./organization.schema.json
```

It is YAML without anchors, aliases, merge keys and tags; a key may stand once in a mapping; JSON will do too. A key
that is not in these tables is an error. What shows only when everything is put together (duplicates, references,
quotas) is in the [diagnostics](diagnostics.md).
"""

_PLACEHOLDERS = """\
## Placeholders in policies

Policies leave `${…}` to IAM. The manifest's own values are inserted by `@{…}`:

| placeholder | is |
| --- | --- |
| `@{accounts.NAME}` | the id of an account of the manifest, even of one that this apply creates |
| `@{organization.id}` | the organization's id |
| `@{organization.management_account}` | the management account's id |
| `@{regions}` | the list of the organization's regions |
| `@{home_region}`, `@{partition}` | text: `eu-west-1`, `aws` |
| `@{parameters.NAME}` | text or a list, from `parameters` |
| `@{at}` | `@`, for a policy that is to say `@{x}` itself |

A list goes where the placeholder is a whole value, and is spliced in where it is a whole element of a list. Within
longer text there can only be text.
"""

_ORDER = (
    *("Organization", "Root", "Unit", "Account", "Contacts", "Contact", "PolicyOptions", "Rollout"),
    *("Trail", "Bucket", "Lifecycle", "Athena", "AwsConfig", "Replay", "Move", "Limits", "Rate", "Lock"),
)


def page() -> str:
    """The top level, what stands below it in the order of a manifest, and files that are included."""
    manifest, part = (json.loads(schema_text(model)) for model in SCHEMAS.values())
    definitions: Schema = manifest["$defs"]
    lines = [_INTRODUCTION, *_section("organization.yaml", manifest)]
    for name in [*_ORDER, *(name for name in definitions if name not in _ORDER)]:
        lines += _section(name, definitions[name])
    return "\n".join([*lines, *_section("An included file", part), _PLACEHOLDERS])


def _section(title: str, schema: Schema) -> Iterator[str]:
    yield f"## {title}\n"
    yield f"{schema.get('description', '')}\n"
    required = schema.get("required", ())
    rows = ((code(key), *_value(value, required=key in required)) for key, value in schema["properties"].items())
    yield from table(("key", "is", "without it", "meaning"), rows)


def _value(schema: Schema, *, required: bool) -> tuple[str, str, str]:
    default = "**has to be there**" if required else _default(schema.get("default"))
    return _type(schema), default, _meaning(schema)


def _default(value: object) -> str:
    return code(json.dumps(value)) if value not in (None, {}, [], "") and not isinstance(value, dict) else ""


def _type(schema: Schema) -> str:
    """What the value is, in words, with links to other sections."""
    match schema:
        case {"$ref": ref}:
            name = ref.rpartition("/")[2]
            return f"[{name}](#{name.lower()})"
        case {"anyOf": kinds}:
            return " or ".join(_type(kind) for kind in kinds if kind.get("type") != "null")
        case {"enum": values}:
            return " or ".join(code(json.dumps(value).strip('"')) for value in values)
        case {"const": value}:
            return code(str(value))
        case {"type": "array", "items": items}:
            return f"a list of {_type(items)}"
        case {"type": "object"}:
            inner: Any = schema.get("additionalProperties") or next(
                iter(schema.get("patternProperties", {}).values()), {}
            )
            return f"a mapping of names to {_type(inner)}" if inner and inner is not True else "a mapping"
        case {"type": kind}:
            words = {"string": "text", "boolean": "true or false", "integer": "a whole number", "number": "a number"}
            return words[kind]
        case _:
            return "anything"


def _meaning(schema: Schema) -> str:
    """What is said of the value, else of what is in it; with what its pattern asks for."""
    said = [schema["description"]] if "description" in schema else []
    inner = [kind for kind in schema.get("anyOf", ()) if kind.get("type") != "null"]
    parts = [schema, *inner, *(p["items"] for p in [schema, *inner] if isinstance(p.get("items"), dict))]
    said = said or [part["description"] for part in parts if "description" in part][:1]
    asked = [MEANING[part["pattern"]] for part in parts if part.get("pattern") in MEANING][:1]
    return "; ".join([*said, *asked]).replace(".; ", "; ")

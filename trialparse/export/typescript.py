"""TypeScript types of an exported Trial, made from its JSON Schema.

The schema has objects without further keys, lists, closed vocabularies, plain values; any other shape raises KeyError.
"""

import json
from typing import Any

from trialparse.export.schema import schema

__all__ = ["typescript"]

_PLAIN = {"string": "string", "boolean": "boolean", "integer": "number", "number": "number", "null": "null"}


def typescript() -> str:
    """Return TypeScript types of every exported Trial: an `interface` for each object, a union for each vocabulary.

    They are equal to `schema`, except for what TypeScript has no types for: whole numbers, bounds, and lists without
    duplicates.
    """
    form = schema()
    named = {form["title"]: form, **form["$defs"]}
    parts = [f"// The form {form['$id']} of trialparse.\n"]
    parts += [_declared(name, definition) for name, definition in named.items()]
    return "\n".join(parts)


def _declared(name: str, definition: dict[str, Any]) -> str:
    """Return the declaration of an object or a vocabulary."""
    words = _words(definition["description"], "")
    if "enum" in definition:
        return f"{words}export type {name} = {' | '.join(map(json.dumps, definition['enum']))};\n"
    required = definition.get("required", ())
    lines = [f"{words}export interface {name} {{\n"]
    for field, value in definition["properties"].items():
        mark = "" if field in required else "?"
        lines.append(f"{_words(value['description'], '  ')}  {field}{mark}: {_type(value)};\n")
    return "".join([*lines, "}\n"])


def _type(value: dict[str, Any]) -> str:
    """Return the type of a value."""
    if "const" in value:
        return json.dumps(value["const"])
    if "$ref" in value:
        return str(value["$ref"]).rpartition("/")[2]
    if "anyOf" in value:
        return " | ".join(map(_type, value["anyOf"]))
    kinds = value["type"] if isinstance(value["type"], list) else [value["type"]]
    return " | ".join(f"{_type(value['items'])}[]" if kind == "array" else _PLAIN[kind] for kind in kinds)


def _words(text: str, indent: str) -> str:
    """Return a description as a comment."""
    lines = text.replace("*/", "*\\/").splitlines()
    if len(lines) == 1:
        return f"{indent}/** {lines[0]} */\n"
    return "".join(f"{indent}{line}\n" for line in ["/**", *(f" * {line}".rstrip() for line in lines), " */"])

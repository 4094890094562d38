"""The JSON Schema of an exported Trial, generated from the types and the docstrings of the model.

`python -m trialparse.export.schema` prints it; the file beside this module is its output for the current model.
"""

import ast
import inspect
import json
import sys
import types
import typing
from functools import cache
from typing import Any

import attrs

from trialparse.export.header import Header
from trialparse.export.json import plain
from trialparse.export.version import KEY, SCHEMA_VERSION
from trialparse.model import Trial
from trialparse.tsv import files_of
from trialparse.vocabulary import Term

__all__ = ["generate", "schema"]

FILE = "trial.schema.json"
"""Name of the shipped schema, in the folder of this module."""

_PLAIN = {str: "string", bool: "boolean", int: "integer", float: "number"}

_BOUNDS = {"year": (1, 9999), "month": (1, 12), "day": (1, 31)}
"""Bounds of the fields of a PartialDate; its own checks are stricter, such as the days of a month."""


_RULES: dict[str, dict[str, Any]] = {
    "PartialDate": {
        "if": {"properties": {"day": {"type": "integer"}}, "required": ["day"]},
        "then": {"properties": {"month": {"type": "integer"}}, "required": ["month"]},
    }
}
"""What holds between the fields of a record: a day needs a month."""

_VERSION = {KEY: {"description": "Version of this schema.", "type": "string", "const": SCHEMA_VERSION}}
"""The property of the version, which is no field of a Trial."""


def schema() -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of every exported Trial; see `to_json`."""
    shipped: dict[str, Any] = json.loads(files_of("trialparse.export").joinpath(FILE).read_text(encoding="utf-8"))
    return shipped


def generate() -> dict[str, Any]:
    """Generate the schema from the model."""
    definitions: dict[str, Any] = {}
    _define(Trial, definitions)
    _define(Header, definitions)
    trial, header = definitions.pop(Trial.__name__), definitions.pop(Header.__name__)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:trialparse:trial:{SCHEMA_VERSION}",
        "title": Trial.__name__,
        **trial,
        "properties": {**_VERSION, **header["properties"], **trial["properties"]},
        "required": [KEY],
        "$defs": dict(sorted(definitions.items())),
    }


def _define(cls: type, definitions: dict[str, Any]) -> None:
    """Add the definition of a record class or vocabulary, and those of its parts."""
    if cls.__name__ in definitions:
        return
    definitions[cls.__name__] = {}  # reserved, in case a class contains itself
    definitions[cls.__name__] = _vocabulary(cls) if issubclass(cls, Term) else _record(cls, definitions)


def _vocabulary(cls: type[Term]) -> dict[str, Any]:
    meanings = [f"{term.name}: {term.meaning}" for term in cls]
    return {
        "description": "\n".join([_words(cls)[""], "", *meanings]),
        "enum": [term.name for term in cls],
    }


def _record(cls: type, definitions: dict[str, Any]) -> dict[str, Any]:
    words = _words(cls)
    properties = {}
    for field in attrs.fields(cls):
        made = _value(field.type, definitions)
        if field.default is not attrs.NOTHING:
            made = _nullable(made) | _default(field.default)
        if field.name in _BOUNDS and cls.__name__ == "PartialDate":
            made["minimum"], made["maximum"] = _BOUNDS[field.name]
        properties[field.name] = {"description": words[field.name], **made}
    required = [field.name for field in attrs.fields(cls) if field.default is attrs.NOTHING]
    return {
        "description": words[""],
        "type": "object",
        "properties": properties,
        **({"required": required} if required else {}),
        **_RULES.get(cls.__name__, {}),
        "additionalProperties": False,
    }


def _value(kind: Any, definitions: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of an annotated type, ignoring None."""
    if isinstance(kind, types.UnionType):
        parts = [part for part in typing.get_args(kind) if part is not type(None)]
        return {"type": "number"} if set(parts) == {int, float} else _value(parts[0], definitions)
    origin = typing.get_origin(kind)
    if origin in (tuple, frozenset):
        items = _value(typing.get_args(kind)[0], definitions)
        return {"type": "array", "items": items, **({"uniqueItems": True} if origin is frozenset else {})}
    if kind in _PLAIN:
        return {"type": _PLAIN[kind]}
    _define(kind, definitions)
    return {"$ref": f"#/$defs/{kind.__name__}"}


def _default(value: Any) -> dict[str, Any]:
    """Return what a field holds that is left out, unless that is null."""
    value = plain(value.factory() if isinstance(value, attrs.Factory) else value)  # type: ignore[arg-type]
    return {} if value is None else {"default": value}


def _nullable(made: dict[str, Any]) -> dict[str, Any]:
    """Allow null, which means the default."""
    if "$ref" in made:
        return {"anyOf": [made, {"type": "null"}]}
    return {**made, "type": [made["type"], "null"]}


@cache
def _docstrings(module: str) -> dict[str, dict[str, str]]:
    """Return the docstrings of a module's classes and their attributes: class -> attribute -> words."""
    tree = ast.parse(inspect.getsource(sys.modules[module]))
    classes = [node for node in tree.body if isinstance(node, ast.ClassDef)]
    return {node.name: {"": ast.get_docstring(node) or "", **_attributes(node)} for node in classes}


def _attributes(node: ast.ClassDef) -> dict[str, str]:
    """Return the strings below the attributes of a class."""
    found = {}
    for field, below in zip(node.body, node.body[1:], strict=False):
        match field, below:
            case (
                ast.AnnAssign(target=ast.Name(id=name)),
                ast.Expr(value=ast.Constant(value=str(words))),
            ):
                found[name] = inspect.cleandoc(words)
    return found


def _words(cls: type) -> dict[str, str]:
    """Return the docstrings of a class, under an empty name, and of its attributes; none may be missing."""
    return _docstrings(cls.__module__)[cls.__name__]


def main() -> None:
    """Print the schema of the current model."""
    sys.stdout.write(json.dumps(generate(), indent=2, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()

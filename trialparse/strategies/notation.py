"""From drafts to documents: openers undone, members in any order, JSON, XML and CSV."""

import csv
import io
import json
from collections.abc import Callable, Mapping
from random import Random
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from trialparse.mapping.format import Format
from trialparse.readers import html
from trialparse.readers.notations import Csv, Html, Json, KeyedJson, Notation, Text, Xml
from trialparse.readers.notations.form import Printed
from trialparse.readers.notations.xml import ANY
from trialparse.readers.shapes import Tree
from trialparse.strategies.expected import Branch
from trialparse.strategies.schema import NIL

_ENDINGS = ("[]", "{}", "[?]")


def put_together(node: Any, random: Random | None) -> Any:
    """Return a draft as plain values, and note in it the texts that openers take apart.

    Without `random` nothing is left to chance.
    """
    if not isinstance(node, Branch):
        return node.raw
    opener = next((step for step in node if step.startswith("|")), None)
    if opener is not None:
        if node.raw is None or random is None:
            node.raw = _closed(opener, node[opener])
        return node.raw
    steps = list(node)
    if random is not None:
        random.shuffle(steps)
    made: dict[str, Any] = {}
    for step in steps:
        key, many = _parted(step)
        values = [put_together(child, random) for child in node[step]]
        if many == "[]":
            made[key] = values
        elif many == "{}":
            made[key] = {f"id {3 * index}": value for index, value in enumerate(values)}
        elif many == "[?]":
            lone = len(values) == 1 and isinstance(values[0], dict) and (random is None or random.randrange(2))
            made[key] = values[0] if lone else values
        elif values:
            made[key] = values[0]
    return made


def _parted(step: str) -> tuple[str, str]:
    many = next((ending for ending in _ENDINGS if step.endswith(ending)), "")
    return step.removesuffix(many), many


# openers undone ---------------------------------------------------------------------------------------------------


def _closed(step: str, children: list[Any]) -> str | None:
    """Return the text that an opener takes apart into these nodes; those that it would not give are dropped."""
    name, many = _parted(step.removeprefix("|"))
    values = [(child, put_together(child, None)) for child in children]
    if name == "json":
        plain = [value for _, value in values]
        return json.dumps(plain if many else plain[0], ensure_ascii=False) if plain else None
    keep, join = _CLOSERS[name]
    kept = [(child, value) for child, value in values if keep(value)]
    if name == "parts":
        kept = [pair for index, pair in enumerate(kept) if pair[1] not in [value for _, value in kept[:index]]]
    children[:] = [child for child, _ in kept]
    return join([value for _, value in kept]) if kept else None


def _pair(value: dict[str, str]) -> str:
    return f"{value['name']}:{value.get('value') or ''}"


def _block(value: dict[str, str | None]) -> str:
    return "\n".join(f"{label}: {text or ''}" for label, text in value.items())


_Closer = tuple[Callable[[Any], bool], Callable[[list[Any]], str]]
_CLOSERS: dict[str, _Closer] = {
    "lines": (bool, "\n".join),
    "parts": (bool, ", ".join),
    "bars": (bool, "|".join),
    "pairs": (lambda value: bool(value.get("name")), lambda values: ", ".join(map(_pair, values))),
    "blocks": (lambda value: any(value.values()), lambda values: "\n\n".join(map(_block, values))),
}
"""For each opener: whether it would give a node, and how nodes become its text."""

CLOSED = frozenset(("json", *_CLOSERS))
"""The openers that can be undone."""

# notations --------------------------------------------------------------------------------------------------------


def write(format: Format, tree: Tree, random: Random | None = None) -> bytes:
    """Return a record, within whatever the format puts around it, in the format's notation."""
    return _WRITERS[type(format.notation)](format.notation, tree, random)


def needed(notation: Notation, tree: Mapping[str, Any]) -> list[str]:
    """Return the keys that a record lacks by which its format is recognised."""
    if isinstance(notation, KeyedJson):
        return []
    if isinstance(notation, Json) and not notation.rows:
        return sorted(notation.keys[0] - tree.keys())
    if isinstance(notation, Xml) and notation.children.isdisjoint(key for key in tree if tree[key] not in ([], None)):
        return sorted(notation.children)[:1]
    return []


def whole(notation: Notation, tree: dict[str, Any]) -> dict[str, Any]:
    """Return a record of a form with the lines that every whole record has, those that it lacks without an answer.

    A record whose keys are lines of a form has those by which its format is recognised.
    """
    made = dict(tree)
    if isinstance(notation, KeyedJson):
        for names, (key, _) in notation.form.keys.items():
            if key in notation.keys[0] and key not in notation.form.written(made):
                _set(made, names)
        return made
    if not isinstance(notation, Printed):
        return tree
    form = notation.form
    for line in form.lacking(tree):
        _set(made, line.keys)
    if form.cut(made) is not None:
        _set(made, form.lasts[-1].keys)
    return made


def _set(tree: dict[str, Any], keys: tuple[str, ...]) -> None:
    """Put an answer without words into a tree that shares its objects with another one."""
    for key in keys[:-1]:
        tree[key] = tree = dict(tree.get(key) or {})
    tree[keys[-1]] = ""


def _json(notation: Json, tree: Tree, random: Random | None) -> bytes:
    if notation.rows:
        page: dict[str, Any] = {notation.rows: [tree]}
        for path, value in ((notation.pagination.total, 1), (notation.pagination.further, None)):
            if path and (value is not None or len(path) > 1):
                around = page
                for key in path[:-1]:
                    around = around.setdefault(key, {})
                around[path[-1]] = value
        tree = page
    if notation.around and (random is None or random.randrange(2)):
        tree = {min(notation.around): tree}
    plain = random is None or random.randrange(2)
    return json.dumps(tree, ensure_ascii=False, indent=None if plain else 1).encode("utf-8", "surrogatepass")


def _keyed(notation: KeyedJson, tree: Tree, random: Random | None) -> bytes:
    return _json(notation, notation.form.written(_without_nil(tree)), random)


def _without_nil(tree: Tree) -> Tree:
    """Return a tree in which an element that is empty on purpose is an empty object."""
    if isinstance(tree, list):
        return [_without_nil(value) for value in tree]
    if not isinstance(tree, dict):
        return tree
    return {} if tree == {NIL: "true"} else {key: _without_nil(value) for key, value in tree.items()}


def _xml(notation: Xml, tree: Tree, random: Random | None) -> bytes:
    *around, name = [name.replace(ANY, "record") for name in notation.records]
    name = f"q:{name}" if notation.unqualified else name
    text = "".join(f"<{outer}>" for outer in around) + _element(name, tree)
    text += "".join(f"</{outer}>" for outer in reversed(around))
    root = (around or [name])[0]
    return text.replace(f"<{root}", f"<{root}{_namespaces(notation)}", 1).encode()


def _namespaces(notation: Xml) -> str:
    """Return what a root declares so that its format is known."""
    own = notation.namespaces[0] if notation.namespaces else ""
    declared = {"xmlns:q" if notation.unqualified else "xmlns": own, "xmlns:further": notation.declares}
    declared["xmlns:xsi"] = "http://www.w3.org/2001/XMLSchema-instance"
    return "".join(f" {name}={quoteattr(uri)}" for name, uri in declared.items() if uri)


def _element(name: str, value: Tree) -> str:
    if isinstance(value, list):
        return "".join(_element(name, one) for one in value)
    if value is None:
        return ""
    if not isinstance(value, dict):
        return f"<{name}>{_escaped(value)}</{name}>"
    attributes = "".join(
        f" {key[1:]}={quoteattr(str(text))}" for key, text in value.items() if key[0] == "@" and text is not None
    )
    text = _escaped(value["#text"]) if value.get("#text") is not None else ""
    below = "".join(_element(key, one) for key, one in value.items() if key[0] not in "@#")
    return f"<{name}{attributes}>{text}{below}</{name}>"


def _escaped(value: Any) -> str:
    return escape(str(value), {"\r": "&#13;"})


def _csv(notation: Csv, tree: Tree, random: Random | None) -> bytes:
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow(notation.columns)
    cells = {key: "" if value is None else str(value) for key, value in tree.items()}
    writer.writerow([cells.get(column, "") for column in notation.columns])
    return file.getvalue().encode()


def _text(notation: Text, tree: Tree, random: Random | None) -> bytes:
    text = notation.form.printed(tree)
    return (text if random is None or random.randrange(2) else text.replace("\n", "\r\n")).encode()


def _html(notation: Html, tree: Tree, random: Random | None) -> bytes:
    return html.page(notation.form.print(tree), notation.layout)


_WRITERS: dict[type[Notation], Callable[[Any, Tree, Random | None], bytes]] = {
    Json: _json,
    KeyedJson: _keyed,
    Xml: _xml,
    Csv: _csv,
    Text: _text,
    Html: _html,
}

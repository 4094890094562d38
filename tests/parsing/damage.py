"""Damage a source leaf by leaf: each leaf of a fixture, by a word and by whatever else its notation can hold there.

The word takes the place of the leaf, and stands before its text too: an opener may see only what is behind it.

`python -m tests.parsing.damage` prints, for each format, how many damages of mapped leaves are silent, and which.
"""

import csv
import io
import itertools
import json
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from lxml import etree, html

from tests.counting import readable
from trialparse import Parsed, TrialParseError, read, to_json

WORD = "Zqxv kept 7"
"""A word that no register writes."""


class Damage(NamedTuple):
    """One damage of one leaf."""

    leaf: str
    """Where the leaf is, without indexes."""
    without: bytes
    """The source without the leaf."""
    damaged: bytes
    """The source with another leaf."""


Damages = Iterator[Damage]


def before(text: str) -> str:
    """Return a text with the word before it, as in a list."""
    return f"{WORD}, {text}"


def of_json(data: bytes) -> Damages:
    """Damage each leaf of a JSON document, or of the first of its lines, by a word and by a list.

    Of several leaves at a path, the first one is damaged.
    """
    text = data.decode("utf-8-sig")
    try:
        tree, lines = json.loads(text), [text]
    except json.JSONDecodeError:
        lines = text.splitlines()
        tree = json.loads(lines[0])
    for path in _first_of_each(_leaves(tree), lambda path: ".".join(key for key in path if isinstance(key, str))):
        without, old = _json(_changed(tree, path, None), lines), _at(tree, path)
        for value in (WORD, [WORD], *([before(old)] if isinstance(old, str) and old.strip() else [])):
            yield Damage(_named(path), without, _json(_changed(tree, path, [value]), lines))


def of_xml(data: bytes) -> Damages:
    """Damage each text and each attribute of an XML document; the first one of each path."""
    tree, known = etree.fromstring(data), set[str]()
    for element in tree.iter(etree.Element):
        names = [(None, element.text)] if element.text and element.text.strip() else []
        for name, text in [*names, *element.attrib.items()]:
            where = "/".join(str(one.tag) for one in [*reversed([*element.iterancestors()]), element])
            leaf = where if name is None else f"{where}/@{name}"
            if leaf in known:
                continue
            known.add(leaf)
            _set(element, name, None)
            without = etree.tostring(tree)
            _set(element, name, WORD)
            made = [etree.tostring(tree)]
            if text.strip():
                _set(element, name, before(text))
                made.append(etree.tostring(tree))
            _set(element, name, text)
            yield from (Damage(leaf, without, damaged) for damaged in made)


def _set(element: Any, name: str | None, text: str | None) -> None:
    """Set a text or an attribute, or remove it; an element without text gets a name that no row knows."""
    if name is not None and text is None:
        del element.attrib[name]
    elif name is not None:
        element.attrib[name] = text
    else:
        known = element.tag.removesuffix("-x")
        element.tag = f"{known}-x" if text is None else known
        element.text = text


def of_csv(data: bytes) -> Damages:
    """Damage a cell of each column: the first one that holds something."""
    header, *rows = csv.reader(io.StringIO(data.decode("utf-8-sig")))
    for column, name in enumerate(header):
        row = next((row for row in rows if len(row) > column and row[column].strip()), None)
        if row is not None:
            without = [[cell for at, cell in enumerate(row) if at != column] for row in (header, *rows)]
            cell = row[column]
            for new in (WORD, before(cell)):
                row[column] = new
                yield Damage(name, _csv(without), _csv([header, *rows]))
            row[column] = cell


_LINE = re.compile(r"^(?P<label>(?:[A-Z]\.[\w.]*\s)?[^:\n]{3,80}:\s+)(?P<answer>\S.*)$")


def of_text(data: bytes) -> Damages:
    """Damage the answer of the first line with each label."""
    lines = data.decode("utf-8-sig").split("\n")
    seen: set[str] = set()
    for at, line in enumerate(lines):
        found = _LINE.match(line.rstrip("\r"))
        if found is not None and found["label"].strip() not in seen:
            seen.add(found["label"].strip())
            changes = ([], [found["label"] + WORD], [found["label"] + before(found["answer"])])
            without, *made = ["\n".join([*lines[:at], *new, *lines[at + 1 :]]).encode() for new in changes]
            yield from (Damage(found["label"].strip(), without, damaged) for damaged in made)


def of_html(data: bytes) -> Damages:
    """Damage the last cell of the first row with each beginning."""
    tree = html.fromstring(data)
    seen: set[str] = set()
    for row in tree.iter("tr"):
        cells = [" ".join("".join(cell.itertext()).split()) for cell in row.iter("td", "th")]
        label = " ".join(cells[:-1])
        if len(cells) > 1 and cells[-1] and label not in seen:
            seen.add(label)
            cell = [*row.iter("td", "th")][-1]
            children, text = list(cell), cell.text
            for child in children:
                cell.remove(child)
            cell.text = WORD
            damaged = html.tostring(tree, encoding="utf-8", doctype="<!doctype html>")
            row.tag = "x"
            without = html.tostring(tree, encoding="utf-8", doctype="<!doctype html>")
            row.tag, cell.text = "tr", text
            cell.extend(children)
            yield Damage(label, without, damaged)


NOTATIONS: dict[str, Callable[[bytes], Damages]] = {
    "json": of_json,
    "keyed": of_json,
    "xml": of_xml,
    "csv": of_csv,
    "text": of_text,
    "html": of_html,
}
"""How a source is damaged, by the name of its notation."""


def damages(path: Path) -> Damages:
    """Yield the damages of a fixture; none for one that is an archive or refused."""
    first = next(iter(read(path)))
    if not isinstance(first, Parsed) or first.place.member is not None:
        return iter(())
    return NOTATIONS[first.format.notation.name](path.read_bytes())


Seen = tuple[str, frozenset[Any], tuple[tuple[str, int], ...], int]


def seen(data: bytes) -> Seen | None:
    """Return all that a reader of a source gets to see: trials, diagnostics, unmapped leaves; None for a failure."""
    trials, told, unmapped, mapped = [], set(), Counter[str](), 0
    try:
        for at, one in enumerate(read(data)):
            if not isinstance(one, Parsed):
                return None
            trials.append(to_json(one.trial))
            told |= {(at, found.problem.name, found.field, found.text, str(found.place)) for found in one.diagnostics}
            audit = one.audit()
            unmapped += audit.unmapped
            mapped += audit.mapped
    except TrialParseError:
        return None
    return "\n".join(trials), frozenset(told), tuple(sorted(unmapped.items())), mapped


def is_mapped(before: Seen, damage: Damage) -> bool:
    """Whether the leaf of a damage is mapped: without it there is one mapped leaf less, or nothing can be read."""
    without = seen(damage.without)
    return without is None or without[3] < before[3]


def is_silent(before: Seen, damage: Damage) -> bool:
    """Whether nobody can see a damage: the word is in no trial, and nothing new is reported or unmapped."""
    after = seen(damage.damaged)
    return after is not None and WORD not in after[0] and not after[1] - before[1] and after[2] == before[2]


def measured(paths: list[Path]) -> tuple[dict[str, int], dict[str, list[str]]]:
    """Return how many mapped leaves were damaged by format, and which damages were silent."""
    total, silent = Counter[str](), dict[str, list[str]]()
    for path in paths:
        before = seen(path.read_bytes())
        if before is None:
            continue
        for damage in damages(path):
            if is_mapped(before, damage):
                name = readable(path)[0].format.name
                total[name] += 1
                if is_silent(before, damage):
                    silent.setdefault(name, []).append(f"{path.name}: {damage.leaf}")
    return total, silent


# JSON ---------------------------------------------------------------------------------------------------------------


def _leaves(tree: Any) -> Iterator[tuple[Any, ...]]:
    todo: list[tuple[tuple[Any, ...], Any]] = [((), tree)]
    while todo:
        path, value = todo.pop()
        if isinstance(value, dict) and value:
            todo += [((*path, key), below) for key, below in value.items()]
        elif isinstance(value, list) and value:
            todo += [((*path, index), below) for index, below in enumerate(value)]
        elif path and isinstance(path[-1], str):
            yield path


def _first_of_each(paths: Iterator[Any], key: Callable[[Any], str]) -> Iterator[Any]:
    for _, group in itertools.groupby(sorted(paths, key=key), key):
        yield next(group)


def _at(tree: Any, path: tuple[Any, ...]) -> Any:
    for key in path:
        tree = tree[key]
    return tree


def _changed(tree: Any, path: tuple[Any, ...], new: list[Any] | None) -> Any:
    """Return a tree with another value at a path, or with `None` without the key."""
    made = dict(tree) if isinstance(tree, dict) else list(tree)
    if len(path) > 1:
        made[path[0]] = _changed(tree[path[0]], path[1:], new)
    elif new is None:
        del made[path[0]]
    else:
        made[path[0]] = new[0]
    return made


def _json(tree: Any, lines: list[str]) -> bytes:
    return "\n".join([json.dumps(tree), *lines[1:]]).encode()


def _named(path: tuple[Any, ...]) -> str:
    return ".".join(key for key in path if isinstance(key, str))


def _csv(rows: list[list[str]]) -> bytes:
    stream = io.StringIO()
    csv.writer(stream).writerows(rows)
    return stream.getvalue().encode()


def main() -> None:
    """Print the damages of all fixtures, or of those whose path holds a word."""
    from tests.conftest import fixture_files, refused

    word = "".join(sys.argv[1:2])
    total, silent = measured([path for path in fixture_files() if word in str(path) and not refused(path)])
    for name in sorted(total):
        found = Counter(line.partition(": ")[2] for line in silent.get(name, []))
        lines = [f"  {count} {line}" for line, count in sorted(found.items())]
        said = f"{name}: {total[name]} damages of mapped leaves, {found.total()} silent"
        sys.stdout.write("\n".join([said, *lines]) + "\n")


if __name__ == "__main__":
    main()

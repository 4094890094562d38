"""With `contacts=False` no word about a person comes out anywhere: a sweep over every text of every fixture.

One person is planted: a name, which is put into the contact fields too, for names are known from there alone; an e-mail
address and a telephone number, in the forms that docs/how-to/withhold-contacts.md lists. Each place has a number of its
own in all three, so one parse finds every place that leaks.
"""

import ast
import copy
import csv
import gc
import io
import json
import os
import pickle
import re
import sys
import types
import zipfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from lxml import etree

import trialparse
from tests.conftest import FIXTURES, fixture_files
from trialparse import (
    Failure,
    LimitExceeded,
    MalformedDocument,
    NotOneRecord,
    Parsed,
    Severity,
    TrialParseError,
    UnrecognisedFormat,
    overview,
    parse,
    read,
    sniff,
)
from trialparse.cli import main
from trialparse.diagnostics import WITHHELD, Diagnostic, DifferentTrials, Place, Problem, Rejected
from trialparse.limits import Limits
from trialparse.mapping.folder import rows_of
from trialparse.readers.paths import resolved
from trialparse.registries import FORMATS

FIRST, LAST = "Zoequill", "Brandmark"
FULL = (
    f"{FIRST} {LAST}",
    f"{LAST}, {FIRST}",
    f"{FIRST} M. {LAST}",
    f"{FIRST.upper()} {LAST.upper()}",
    f"{FIRST} {LAST}'s",
    f"{FIRST} {LAST}-led",
)
NAMES = (*FULL, f"Prof. {LAST}", f"DR. {LAST.upper()}")
"""The forms of the name; an organisation loses only the full ones."""
EMAILS = (
    "brandmark{:05}@example.org",
    "z.brandmark{:05}+x@mail.example.co.uk",
    "brandmark{:05}&#64;example.org",
    "brandmark{:05}%40example.org",
    "brandmark{:05} [at] example.org",
    "brandmark{:05} (at) example (dot) org",
)
PHONES = (
    "+49 30 987{:05}",
    "0049 30 987{:05}",
    "(+44) 20 987{:05}",
    "(030) 987{:05}",
    "040 987 {:05}",
    "040/987{:05}",
    "tel. 987{:05}",
    "Fax (987{:05})",
    "puhelin: 987-{:05}",
)
LEFT = re.compile(rb"zoequill|brandmark|987[ -]?\d{5}")
"""What of the person can be left, in small letters."""


def person(number: int, forms: tuple[str, ...] = NAMES) -> str:
    """Return the words that are planted at a place; the name in one of some forms."""
    name = forms[number % len(forms)] if forms else "someone"
    email, phone = EMAILS[number % len(EMAILS)].format(number), PHONES[number % len(PHONES)].format(number)
    return f" n{number:05}: {name}; {email}; {phone}"


# --- all that is given ------------------------------------------------------------------------------------------------


def reachable(top: Any) -> Iterator[bytes]:
    """Give every text that can be reached from an object; what all objects share (classes, functions) is passed by."""
    shared = (type, types.ModuleType, types.FunctionType, types.BuiltinFunctionType, types.CodeType, *SHARED)
    seen, waiting = {id(top)}, [top]
    while waiting:
        found = waiting.pop()
        if isinstance(found, str):
            yield found.encode("utf-8", "replace")
        elif isinstance(found, bytes | bytearray):
            yield bytes(found)
        for below in gc.get_referents(found):
            if id(below) not in seen and not isinstance(below, shared):
                seen.add(id(below))
                waiting.append(below)


SHARED = tuple({type(format) for format in FORMATS})


def given(outcome: Parsed | Failure, *, pages: bool = True) -> Iterator[tuple[str, bytes]]:
    """Give all that an outcome gives, each with a name for it."""
    if isinstance(outcome, Failure):
        yield from told(outcome.error, chain=True)
        parts: dict[str, Callable[[], Any]] = {"place": lambda: outcome.place}
    else:
        parts = {
            "trial": lambda: outcome.trial,
            "raw": lambda: outcome.raw,
            "evidence": outcome.evidence,
            "diagnostics": lambda: (outcome.diagnostics, [str(found) for found in outcome.diagnostics]),
            "audit": lambda: outcome.audit(paths=True),
            "unknown words": outcome.unknown_words,
            "JSON": outcome.to_json,
        }
        for form in ("text", "markdown", "html") if pages else ():
            parts[form] = lambda form=form: overview(outcome, format=form)
    for name, part in (parts | {"repr": lambda: outcome}).items():
        yield name, repr(part()).encode()
    yield "pickle", pickle.dumps(outcome)
    yield "reachable", b"\n".join(reachable(outcome))


def told(error: BaseException, *, chain: bool) -> Iterator[tuple[str, bytes]]:
    """Give what an error tells, and that it leads to no other one."""
    yield "error", f"{error} {error!r} {error.args!r}".encode()
    yield "pickled error", pickle.dumps(error)
    assert (None, None) == (error.__cause__, error.__context__)
    if chain:
        assert error.__traceback__ is None
        yield "reachable from the error", b"\n".join(reachable(error))


def said(source: bytes, *, pages: bool = True, **options: Any) -> Iterator[tuple[str, bytes]]:
    """Give all that is given of a source without contacts."""
    outcomes = read(source, contacts=False, **options)
    while True:
        try:
            outcome = next(outcomes, None)
        except TrialParseError as error:
            yield from told(error, chain=False)
            return
        if outcome is None:
            return
        yield from given(outcome, pages=pages)


def printed(source: bytes, path: Path) -> Iterator[tuple[str, bytes]]:
    """Give what the command line says of a file, on both streams."""
    path.write_bytes(source)
    commands = [["read", "--evidence"], ["read", "--raise-at", "note"], ["overview"], ["audit"]]
    for command in commands:
        result = CliRunner().invoke(main, [*command, str(path), "--no-contacts"])
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        yield " ".join(command), result.stdout_bytes + result.stderr_bytes


def left(parts: Iterable[tuple[str, bytes]]) -> dict[str, set[bytes]]:
    """Return what is left of the person, with a little around it, by where it is."""
    found: dict[str, set[bytes]] = {}
    for name, text in parts:
        for match in LEFT.finditer(text.lower()):
            found.setdefault(name, set()).add(text[max(match.start() - 20, 0) : match.end() + 20])
    return found


# --- planting ---------------------------------------------------------------------------------------------------------

Chosen = Callable[[int], bool]
"""Whether something is planted at the place of a number."""


class Table:
    """What the table of a format says of persons, by the ends of its paths."""

    def __init__(self, format: Any) -> None:
        self.format = format
        self.names: dict[str, str] = {}
        """The key of a contact field -> the name, or the part of it, that is planted there."""
        self.organisations: set[tuple[str, ...]] = set()
        """The last two keys of fields that name organisations."""
        for row in rows_of(format):
            for path in row.paths:
                keys = tuple(step.key for step in resolved(path) if not step.opener)
                if "name" in row.marks:
                    self.names[keys[-1]] = PARTS.get(keys[-1].lower(), f"{FIRST} {LAST}")
                if "organisation" in row.marks:
                    self.organisations.add(keys[-2:])
        self.parts = LAST in self.names.values()
        """Whether the format has a name in two fields, so that an organisation loses it."""

    def at(self, keys: tuple[str, ...], text: str, number: int) -> str:
        """Return a text with the person in it, or of a contact field the name."""
        if keys[-1] in self.names:
            return self.names[keys[-1]]
        named = self.organisations.isdisjoint((keys[-2:], keys[-1:]))
        forms = NAMES if named else FULL if self.parts else ()
        return text + person(number, forms if self.names else ())

    def tree(self, source: bytes) -> Any:
        """Return a document of JSON with the name in its contact fields."""
        tree = json.loads(source)
        if self.names:
            with_contact(tree, self.format)
        for holder, key, keys in json_leaves(tree):
            holder[key] = self.names.get(keys[-1], holder[key])
        return tree

    def root(self, source: bytes) -> Any:
        """Return a document of XML with the name in the contact fields of each record."""
        root = etree.fromstring(source)
        if self.names:
            for record in root.iterfind("{*}trial") if len(self.format.notation.records) > 1 else [root]:
                with_contact(record, self.format)
        for element in root.iter(etree.Element):
            if element.text and local(element) in self.names:
                element.text = self.names[local(element)]
        return root


PARTS = {"firstname": FIRST, "middlename": "M.", "lastname": LAST}


def json_leaves(tree: Any) -> Iterator[tuple[Any, Any, tuple[str, ...]]]:
    """Give holder, key and keys of each text of a tree."""
    waiting = [(tree, ())]
    while waiting:
        holder, keys = waiting.pop()
        for key, value in holder.items() if isinstance(holder, dict) else enumerate(holder):
            below = (*keys, key) if isinstance(key, str) else keys
            if isinstance(value, str):
                yield holder, key, below
            elif isinstance(value, dict | list):
                waiting.append((value, below))


def with_contact(tree: Any, format: Any) -> None:
    """Put the name into a contact field of a record that has none: in parts where the format has such."""
    rows = [(row, path) for row in rows_of(format) for path in row.paths if "name" in row.marks and row.field]
    parts = [found for found in rows if found[0].field.endswith(("first_name", "last_name"))]
    for row, path in parts[:2] or rows[:1]:
        *above, last = resolved(path)
        holder = tree
        for step in above:
            if isinstance(holder, dict):
                below = holder.setdefault(step.key, [{}] if step.many else {})
            else:
                below = holder.find(f"{{*}}{step.key}")
                below = etree.SubElement(holder, step.key) if below is None else below
            holder = below[0] if isinstance(below, list) else below
        name = {"first_name": FIRST, "last_name": LAST}.get(row.field.rpartition(".")[2], f"{FIRST} {LAST}")
        if isinstance(holder, dict):
            holder[last.key] = name
        elif holder.find(f"{{*}}{last.key}") is None:
            etree.SubElement(holder, last.key).text = name


def json_values(source: bytes, table: Table, chosen: Chosen) -> tuple[bytes, int]:
    """Plant in texts; those of contact fields always hold the name."""
    tree = table.tree(source)
    count = 0
    for count, (holder, key, keys) in enumerate(json_leaves(tree), 1):
        if chosen(count):
            holder[key] = table.at(keys, holder[key], count)
    return json.dumps(tree).encode(), count


def json_keys(source: bytes, table: Table, chosen: Chosen) -> tuple[bytes, int]:
    """Plant in keys of every object; each occurs twice."""
    tree, count = table.tree(source), 0
    waiting = [tree]
    while waiting:
        holder = waiting.pop()
        waiting += [
            below
            for below in (holder.values() if isinstance(holder, dict) else holder)
            if isinstance(below, dict | list)
        ]
        if isinstance(holder, dict):
            count += 1
            if chosen(count):
                holder[person(count, NAMES if table.names else ())] = person(count, ())
                holder["\0" + person(count, NAMES if table.names else ())] = ["x", {person(count, ()): 1}]
    return json.dumps(tree).replace('"\\u0000', '"').encode(), count


def json_twice(source: bytes, table: Table, chosen: Chosen, *, lost: bool) -> tuple[bytes, int]:
    """Plant in values whose key occurs twice, in those that give way or in those that stay."""
    tree, count = table.tree(source), 0
    for holder, key, keys in [*json_leaves(tree)]:
        if isinstance(holder, dict):
            count += 1
            if chosen(count):
                planted = table.at(keys, holder[key], count)
                first, last = (planted, holder[key]) if lost else (holder[key], planted)
                holder["\0" + key] = last
                holder[key] = first
    return json.dumps(tree).replace('"\\u0000', '"').encode(), count


def local(element: Any) -> str:
    """Return the local name of an element, or of an attribute by its name."""
    return str(element if isinstance(element, str) else element.tag).rpartition("}")[2]


def xml_leaves(root: Any) -> Iterator[tuple[Any, str, tuple[str, ...]]]:
    """Give element, what holds the text of it (`text`, `tail` or the name of an attribute) and keys of each text."""
    for element in root.iter(etree.Element):
        keys = tuple(local(one) for one in (*reversed([*element.iterancestors()]), element))
        if element.text and element.text.strip():
            yield element, "text", keys
        if element.tail and element.tail.strip():
            yield element, "tail", keys[:-1]
        for name in element.attrib:
            if local(name) != "nil":
                yield element, name, (*keys, "@" + local(name))


def xml_planted(element: Any, where: str, text: str | None = None) -> str:
    """Return the text of an element at one of its places, or set it."""
    if where in ("text", "tail"):
        if text is not None:
            setattr(element, where, text)
        return str(getattr(element, where))
    if text is not None:
        element.set(where, text)
    return str(element.get(where))


def xml_values(source: bytes, table: Table, chosen: Chosen) -> tuple[bytes, int]:
    """Plant in texts and attributes; those of contact fields always hold the name."""
    root, count = table.root(source), 0
    for count, (element, where, keys) in enumerate(xml_leaves(root), 1):
        if chosen(count):
            xml_planted(element, where, table.at(keys, xml_planted(element, where), count))
    return etree.tostring(root), count


def xml_keys(source: bytes, table: Table, chosen: Chosen) -> tuple[bytes, int]:
    """Plant in names of elements and attributes; only a name can be part of one."""
    root, count = table.root(source), 0
    for count, element in enumerate([*root.iter(etree.Element)] if table.names else (), 1):
        if chosen(count) and element is not root and local(element) not in table.names:
            element.set(f"{FIRST}_{LAST}.n{count:05}", "x")
            etree.SubElement(element, f"n{count:05}_{LAST}_{FIRST}").text = "x"
    return etree.tostring(root), count


def xml_twice(source: bytes, table: Table, chosen: Chosen, *, lost: bool) -> tuple[bytes, int]:
    """Plant in an element beside one of the same name, before or behind it."""
    root, count = table.root(source), 0
    for element, where, keys in [*xml_leaves(root)]:
        if where == "text" and not len(element) and element is not root:
            count += 1
            if chosen(count):
                second = copy.copy(element)
                second.text = table.at(keys, element.text, count)
                element.getparent().insert(element.getparent().index(element) + (not lost), second)
    return etree.tostring(root), count


def labels(format: Any, mark: str) -> list[str]:
    """Return the labels of the lines of a form whose answers have a mark."""
    rows = [row for row in rows_of(format) if mark in row.marks]
    marked = {tuple(step.key for step in resolved(path)) for row in rows for path in row.paths}
    return [line.label for line in format.notation.form.lines if (*line.block, *line.keys) in marked]


def with_contact_lines(lines: list[str], form: Any, label: str) -> list[str]:
    """Return lines with that of a contact point in each record that has none, behind what the form has before it."""
    begins = [index for index, line in enumerate(lines) if line.strip() == form.notation.begins[0]] or [0]
    made = lines[: begins[0]]
    for start, end in zip(begins, [*begins[1:], len(lines)], strict=True):
        record = lines[start:end]
        if not any(label in line for line in record):
            place = max(index for index, line in enumerate(record) if index < 9 or line.startswith(("A.", "B.")))
            record.insert(place + 1, f"B.5.2 {label}: {FIRST} {LAST}")
        made += record
    return made


def text_values(source: bytes, table: Table, chosen: Chosen) -> tuple[bytes, int]:
    """Plant in lines; those of contact points always hold the name."""
    names, organisations = labels(table.format, "name"), labels(table.format, "organisation")
    lines, count = source.decode().split("\n"), 0
    if names:
        lines = with_contact_lines(lines, table.format, names[0])
    for index, line in enumerate(lines):
        label, colon, answer = line.partition(":")
        if any(label.strip().endswith(name) for name in names):
            lines[index] = f"{label}: {FIRST} {LAST}"
        elif answer.strip() or (line.strip() and not colon):
            count += 1
            if chosen(count) and line.strip() not in table.format.notation.begins:
                named = bool(names) and not any(label.strip().endswith(name) for name in organisations)
                lines[index] = line.rstrip("\r") + person(count, NAMES if named else ())
    return "\n".join(lines).encode(), count


def html_values(source: bytes, table: Table, chosen: Chosen) -> tuple[bytes, int]:
    """Plant in the cells of a page; those of contact points always hold the name."""
    names, organisations = labels(table.format, "name"), labels(table.format, "organisation")
    root, count = etree.fromstring(source, etree.HTMLParser(encoding="utf-8")), 0
    for row in root.iter("tr"):
        cells = row.findall("td")
        said = [" ".join("".join(cell.itertext()).split()).removesuffix(":") for cell in cells]
        if any(label.endswith(name) for label in said[:-1] for name in names):
            cells[-1].text = f"{FIRST} {LAST}"
            continue
        named = bool(names) and not any(label.endswith(name) for label in said[:-1] for name in organisations)
        for cell in cells:
            if cell.text and cell.text.strip():
                count += 1
                if chosen(count):
                    cell.text += person(count, NAMES if named else ())
    return bytes(etree.tostring(root, method="html", encoding="utf-8")), count


def csv_values(source: bytes, table: Table, chosen: Chosen) -> tuple[bytes, int]:
    """Plant in cells."""
    rows, count = [*csv.reader(io.StringIO(source.decode()))], 0
    for row in rows[1:]:
        for index, cell in enumerate(row):
            count += 1
            if chosen(count):
                row[index] = cell + person(count, ())
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue().encode(), count


def csv_headers(source: bytes, table: Table, chosen: Chosen, *, twice: bool) -> tuple[bytes, int]:
    """Plant in one header that is renamed, or in two that are the same and that nobody knows."""
    rows = [*csv.reader(io.StringIO(source.decode()))]
    count = len(rows[0])
    for index in range(count):
        if chosen(index + 1):
            rows[0][index] = person(index + 1, ())
            break
    if twice:
        header = person(count, ())
        rows = [[*row, *([header, header] if row is rows[0] else ["x", person(count, ())])] for row in rows]
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue().encode(), count


# --- the sweep --------------------------------------------------------------------------------------------------------

PROFILE = os.environ.get("HYPOTHESIS_PROFILE", "quick")
TURNS = 12 if PROFILE == "fuzz" else 0
"""In how many further documents the person is put into one place in so many."""

Planter = Callable[[bytes, Table, Chosen], tuple[bytes, int]]


def planters(format: Any) -> dict[str, Planter]:
    """Return how to plant in documents of a format, each with a name for it."""

    def at(plant: Any, **where: bool) -> Planter:
        return lambda source, table, chosen: plant(source, table, chosen, **where)

    return {
        "json": {
            "values": json_values,
            "keys": json_keys,
            "lost values": at(json_twice, lost=True),
            "doubled values": at(json_twice, lost=False),
        },
        "xml": {
            "values": xml_values,
            "names": xml_keys,
            "first of two": at(xml_twice, lost=True),
            "second of two": at(xml_twice, lost=False),
        },
        "text": {"values": text_values},
        "html": {"values": html_values},
        "csv": {
            "values": csv_values,
            "renamed headers": at(csv_headers, twice=False),
            "doubled headers": at(csv_headers, twice=True),
        },
    }[format.notation.name]


def sown(plant: Planter, source: bytes, table: Table, turns: int) -> Iterator[tuple[bytes, int]]:
    """Give a document with the person everywhere, and others with it in every so many places, all places once."""
    yield plant(source, table, lambda _: True)
    for turn in range(turns):
        yield plant(source, table, lambda number, turn=turn: number % turns == turn)


SOURCES = {
    path.relative_to(FIXTURES).as_posix(): path
    for path in fixture_files()
    if path.suffix != ".html" or path.stem == "protocol"
}
FORMAT = {name: sniff(path) for name, path in SOURCES.items()}
ONE_EACH = [*{format.name: name for name, format in reversed(FORMAT.items())}.values()]
"""A fixture of each format."""
CASES = [
    (name, way)
    for name, format in FORMAT.items()
    for way in planters(format)
    if PROFILE != "quick" or way == "values" or name in ONE_EACH
]
"""Every fixture, sown in every way; in a fast run each way is tried on one fixture of a format."""


class TestSweep:
    """No text of any fixture lets the person out, and neither do keys, names of elements and what occurs twice."""

    @pytest.mark.parametrize(("name", "way"), CASES)
    def test_places(self, name: str, way: str) -> None:
        """`pytest -rP` tells how many places were tried, and how many left something."""
        table, plant = Table(FORMAT[name]), planters(FORMAT[name])[way]
        found: dict[str, set[bytes]] = {}
        places = 0
        for source, count in sown(plant, SOURCES[name].read_bytes(), table, TURNS):
            places = max(places, count)
            for part, words in left(said(source, pages=way == "values")).items():
                found.setdefault(part, set()).update(words)

        count = len({word for words in found.values() for word in words})
        sys.stdout.write(f"places tried: {places}, left: {count}\n")
        assert {} == found

    @pytest.mark.parametrize(("name", "way"), [(name, way) for name, way in CASES if way != "values"])
    def test_no_leaf_is_lost(self, name: str, way: str) -> None:
        """Keys that lose their words stay apart."""
        source, _ = planters(FORMAT[name])[way](SOURCES[name].read_bytes(), Table(FORMAT[name]), lambda _: True)
        for plain, outcome in zip(read(source), read(source, contacts=False), strict=True):
            assert isinstance(plain, Parsed)
            assert isinstance(outcome, Parsed)
            assert plain.audit().leaves == outcome.audit().leaves
            twice, still = (
                [f.problem for f in one.diagnostics].count(Problem.DUPLICATE_KEY) for one in (plain, outcome)
            )
            assert twice == still

    @pytest.mark.parametrize("name", ONE_EACH)
    def test_the_person_is_planted(self, name: str) -> None:
        """With contacts all that is looked for is there, in the raw record and in what is said of it."""
        table = Table(FORMAT[name])
        source, _ = planters(FORMAT[name])["values"](SOURCES[name].read_bytes(), table, lambda _: True)
        outcome = next(read(source))
        assert isinstance(outcome, Parsed)
        for part in (outcome.raw, outcome.evidence(), pickle.dumps(outcome), outcome.to_json()):
            found = set(LEFT.findall(repr(part).lower().encode()))
            assert b"brandmark" in found
            assert any(word[:3] == b"987" for word in found)
            assert not table.names or b"zoequill" in found

    @pytest.mark.parametrize("name", ONE_EACH if PROFILE == "quick" else FORMAT)
    def test_the_command_line(self, name: str, tmp_path: Path) -> None:
        source, _ = planters(FORMAT[name])["values"](SOURCES[name].read_bytes(), Table(FORMAT[name]), lambda _: True)

        assert {} == left(printed(source, tmp_path / SOURCES[name].name))

    @pytest.mark.parametrize("name", FORMAT)
    def test_a_person_is_one_in_older_versions_too(self, name: str) -> None:
        """What a table marks in one place is withheld wherever the same keys lead to it, read or not."""
        for plain, outcome in zip(read(SOURCES[name]), read(SOURCES[name], contacts=False), strict=True):
            assert isinstance(plain, Parsed)
            assert isinstance(outcome, Parsed)
            if plain.format.notation.name != "json":
                continue
            ends = {
                tuple(step.key for step in resolved(path))[-3:]
                for row in rows_of(plain.format)
                for path in row.paths
                if "person" in row.marks and path[-1].key != "**"
            }
            places = [(holder[key], keys) for holder, key, keys in json_leaves(json.loads(outcome.raw))]
            assert [] == [keys for text, keys in places if keys[-3:] in ends and text not in ("", WITHHELD)]


# --- archives ---------------------------------------------------------------------------------------------------------


def zipped(members: dict[str, bytes]) -> bytes:
    """Return an archive."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return out.getvalue()


class TestArchives:
    """The names in an archive stay in it: a number stands for each."""

    RECORD = (FIXTURES / "ctis" / "search_row_v1.json").read_bytes()
    NAME = f"{FIRST} {LAST} brandmark00001@example.org.json"

    def test_names(self) -> None:
        members = {
            self.NAME: self.RECORD,
            f"{LAST}.pdf": b"%PDF-1.7",
            f"CV {FIRST}.json": b'{"a',
            f"a/{FIRST}": self.RECORD,
        }
        archive = zipped(members)
        first, broken, last = read(archive, contacts=False)

        assert {} == left(said(archive))
        assert isinstance(first, Parsed)
        assert isinstance(last, Parsed)
        assert ["(withheld) 1", "(withheld) 3", "(withheld) 4"] == [
            first.evidence("id").sources[0].place.member,
            broken.place.member if isinstance(broken, Failure) else None,
            last.evidence("id").sources[0].place.member,
        ]
        assert [WITHHELD] == [found.text for found in first.diagnostics if found.problem is Problem.NOT_READ]

    @pytest.mark.parametrize("member", [f"{LAST}.pdf", f"{FIRST}.json"])
    def test_an_archive_with_nothing_in_it(self, member: str, tmp_path: Path) -> None:
        archive = zipped({member: b"%PDF-1.7"})
        with pytest.raises(NotOneRecord, match=r"it is a PDF, \(withheld\) 1, which may hold results") as raised:
            parse(archive, contacts=False)

        assert {} == left([*reachable_from(raised.value), *printed(archive, tmp_path / "a.zip")])

    @pytest.mark.parametrize(
        "damage", ["method", "encrypted", "checksum", "size", "elsewhere", "deflated", "overlap", "gzip"]
    )
    def test_broken_ones(self, damage: str, tmp_path: Path) -> None:
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED if damage == "deflated" else zipfile.ZIP_STORED) as archive:
            archive.writestr(self.NAME, b"\x1f\x8b\x08" + b"7" * 99 if damage == "gzip" else self.RECORD)
        data = bytearray(out.getvalue())
        central = data.rindex(b"PK\1\2")
        where, value = {
            "method": (central + 10, 12),
            "encrypted": (central + 8, 1),
            "checksum": (central + 16, data[central + 16] ^ 1),
            "size": (central + 24, data[central + 24] ^ 1),
            "elsewhere": (central + 42, 9),
            "deflated": (30 + len(self.NAME), 7),
            "overlap": (central + 20, 255),
            "gzip": (central + 4, 20),
        }[damage]
        data[where] = value
        plain = error_of(bytes(data), contacts=True)

        assert self.NAME in str(plain)
        assert str(plain).replace(self.NAME, WITHHELD) == str(error_of(bytes(data), contacts=False))
        assert {} == left([*said(bytes(data)), *printed(bytes(data), tmp_path / "a.zip")])


def error_of(source: bytes, **options: Any) -> TrialParseError:
    """Return the error of a source, or of its first record, which may be met by a look at the whole of it only."""
    try:
        outcome = next(iter(read(source, **options)))
        if isinstance(outcome, Parsed):
            outcome.audit()
    except TrialParseError as error:
        return error
    assert isinstance(outcome, Failure)
    return outcome.error


def reachable_from(error: TrialParseError) -> list[tuple[str, bytes]]:
    """Give what an error says and leads to, except its frames."""
    return [*told(error, chain=False), ("reachable", b"\n".join(reachable(error.with_traceback(None))))]


# --- errors -----------------------------------------------------------------------------------------------------------

WORDS = f"{FIRST}_{LAST}"
MANY = " ".join(f"a{number}='1'" for number in range(300))
FEW = Limits(nodes=400)
CASE = tuple[bytes, dict[str, Any], str]
ERRORS: dict[str, CASE] = {
    "keys": (f'{{"{WORDS}": 1}}'.encode(), {}, "a JSON object with the keys '(withheld)' is of no known format"),
    "root": (f"<{WORDS}/>".encode(), {}, "XML with the root <(withheld)> is of no known format"),
    "namespace": (f'<a xmlns="{WORDS}"/>'.encode(), {}, "XML with the root <(withheld)> in the namespace '(withheld)'"),
    "children": (
        f"<trials><trial><{WORDS}/></trial></trials>".encode(),
        {},
        "a <trial> with (withheld) is of no known",
    ),
    "table": (f"{FIRST},{LAST}\n1,2\n".encode(), {}, "no text in which a record begins (saw (withheld)"),
    "text": (f"{FIRST} {LAST}".encode(), {}, "no text in which a record begins (saw (withheld)"),
    "tag": (f"<trials><{WORDS}></trials>".encode(), {}, "line 1, column "),
    "entity": (
        f"<trials><trial>\n&{WORDS};</trial></trials>".encode(),
        {},
        "an entity that is not declared: (withheld)",
    ),
    "prefix": (f"<trials><{WORDS}:a/></trials>".encode(), {}, "a prefix that is not declared: (withheld)"),
    "attribute": (f"<trials><a {WORDS}='1' {WORDS}='2'/></trials>".encode(), {}, "an attribute that occurs twice: (wi"),
    "encoding": (f'<?xml version="1.0" encoding="{WORDS}"?><a/>'.encode(), {}, "XML in the encoding '(withheld)'"),
    "attributes": (
        f"<trials><trial><main><{WORDS} {MANY}/></main></trial></trials>".encode(),
        {},
        "an element with 300 attributes and namespaces is beyond the limit attributes=256",
    ),
    "nodes": (
        f"<trials><trial><main><{WORDS}>{'<a/>' * 500}</{WORDS}></main></trial></trials>".encode(),
        {"limits": FEW},
        "<(withheld)> is beyond the limit nodes=400",
    ),
    "rows": (f'{{"data": "{WORDS}", "pagination": {{}}}}'.encode(), {}, "'data' of a page is no list of rows"),
    "JSON": (f'{{"{WORDS}": '.encode(), {}, "not JSON: "),
    "UTF-8": (f'{{"{WORDS}": "'.encode() + b"\xff" + b'"}', {}, "not UTF-8 at byte "),
    "empty": (b"", {}, "the document is empty"),
    "page": (f"<html><p>{WORDS}</p></html>".encode(), {}, "an HTML page, not an export"),
    "value": (f'["{WORDS}", 1]'.encode(), {}, "the document is a single JSON value"),
}


class TestErrors:
    """An error says in the library's words what is wrong and where, and leads to nothing of the source."""

    @pytest.mark.parametrize("name", ERRORS)
    def test_messages(self, name: str, tmp_path: Path) -> None:
        source, options, words = ERRORS[name]
        plain, held = error_of(source, **options), error_of(source, contacts=False, **options)

        assert type(plain) is type(held)
        assert words in str(held)
        assert str(plain.without_words()) == str(held)
        assert {} == left([*reachable_from(held), *said(source, **options)])
        assert options or {} == left(printed(source, tmp_path / "a"))

    def test_each_is_told_apart(self) -> None:
        said = {str(error_of(source, contacts=False, **options)) for source, options, _ in ERRORS.values()}

        assert len(said) >= len(ERRORS) - 1  # a text is reported as a table without known columns

    @pytest.mark.parametrize("name", ERRORS)
    def test_numbers_and_words_of_the_library_stay(self, name: str) -> None:
        """The message without words is the whole one with some words replaced."""
        source, options, _ = ERRORS[name]
        error = error_of(source, **options)
        pieces = [re.escape(piece) for piece in str(error.without_words()).split(WITHHELD)]

        assert re.fullmatch(".*".join(pieces), str(error), re.DOTALL)

    @pytest.mark.parametrize("name", ERRORS)
    def test_pickles_and_copies(self, name: str) -> None:
        source, options, _ = ERRORS[name]
        error = error_of(source, **options)
        for other in (pickle.loads(pickle.dumps(error)), copy.copy(error), copy.deepcopy(error)):
            assert (type(error), str(error), error.args) == (type(other), str(other), other.args)
            assert str(error.without_words()) == str(other.without_words())

    @pytest.mark.parametrize(
        "kind", [TrialParseError, UnrecognisedFormat, MalformedDocument, LimitExceeded, NotOneRecord, DifferentTrials]
    )
    def test_every_kind(self, kind: type[TrialParseError]) -> None:
        error = kind("{word!r} has {count:,} of {other}", word="{braces}", count=1000, other="")

        assert "'{braces}' has 1,000 of " == str(error) == str(pickle.loads(pickle.dumps(error)))
        assert f"'{WITHHELD}' has 1,000 of " == str(error.without_words())
        assert "{as it is}" == str(kind("{as it is}")) == str(kind("{as it is}").without_words())

    def test_rejected(self) -> None:
        found = Diagnostic(problem=Problem.BAD_VALUE, field="id", place=Place(path="/a", member=LAST), text=FIRST)
        error = Rejected(found)
        other = pickle.loads(pickle.dumps(error))

        assert (str(error), found) == (str(other), other.diagnostic)
        assert f"warning: {Problem.BAD_VALUE.meaning} for id: '(withheld)' @ (withheld) /a" == str(
            error.without_words()
        )

    def test_a_rejected_record(self) -> None:
        record = json.loads((FIXTURES / "ctis" / "immunostem.json").read_bytes())
        part = record["authorizedApplication"]["authorizedPartI"]
        part["trialDetails"]["trialInformation"]["trialCategory"]["trialPhase"] = person(1, ())
        source = json.dumps(record).encode()
        error = error_of(source, contacts=False, raise_at=Severity.WARNING)

        assert isinstance(error, Rejected)
        assert error.diagnostic.field == "phases"
        assert {} == left([*reachable_from(error), *said(source, raise_at=Severity.WARNING)])

    @pytest.mark.parametrize("name", ONE_EACH)
    def test_cut_short(self, name: str) -> None:
        """Wherever a source with the person in it ends, and whatever limit it meets."""
        way = planters(FORMAT[name])["values"]
        source, _ = way(SOURCES[name].read_bytes(), Table(FORMAT[name]), lambda number: number < 60)
        for turn in range(1, 8):
            assert {} == left(errors(source[: len(source) * turn // 8]))
        for limits in (
            Limits(nodes=30),
            Limits(depth=3),
            Limits(record=2000),
            Limits(attributes=1),
            Limits(bytes=3000),
        ):
            assert {} == left(errors(source, limits=limits))


def errors(source: bytes, **options: Any) -> Iterator[tuple[str, bytes]]:
    """Give what is said of the errors of a source and of its records."""
    try:
        for outcome in read(source, contacts=False, **options):
            if isinstance(outcome, Failure):
                yield from given(outcome)
    except TrialParseError as error:
        yield from reachable_from(error)


OURS = {
    # words of the library, of its tables and of the caller
    *(
        "', '.join(known)",
        "_named(member)",
        "delimiter",
        "encoding",
        "entry.method",
        "inside",
        "key",
        "meaning",
    ),
    *("kind", "known", "name", "printed", "several", "what", "where", "word"),
    # what json, csv, msgspec, zlib and codecs say, which quote nothing of a document
    *("error", "error.msg", "error.reason"),
    # lines, bytes and counts
    *("begin", "end", "error.pos", "error.start", "len(digits)", "line", "number", "number + 1", "place", "wrong"),
    *("place + error.start", "self.number", "self.number + 1"),
}
"""What stands in the sentences of errors besides numbers with a comma, as expressions: each was looked at."""


class TestRaised:
    """The sentence of an error has words of the library and numbers; words of the source are its arguments."""

    def test_every_raise(self) -> None:
        root = Path(trialparse.__file__).parent
        found: list[str] = []
        looked = 0
        for path in sorted(root.rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if not isinstance(node, ast.Call) or not _raises(node):
                    continue
                looked += 1
                parts = [part for part in ast.walk(node) if isinstance(part, ast.FormattedValue)]
                where = f"{path.relative_to(root)}:{node.lineno}"
                found += [f"{where}: {ast.unparse(part.value)}" for part in parts if not _is_ours(part)]
        assert looked > 80
        assert found == []


def _raises(node: ast.Call) -> bool:
    """Whether a call makes an error about a source."""
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    return name in ("MalformedDocument", "UnrecognisedFormat", "LimitExceeded", "NotOneRecord", "exceeded")


def _is_ours(part: ast.FormattedValue) -> bool:
    """Whether a value in a sentence is a number, or words of the library."""
    spec = ast.unparse(part.format_spec) if part.format_spec is not None else ""
    return "," in spec or ast.unparse(part.value) in OURS

"""A person planted in sources, and every text that comes out of a record."""

import copy
import csv
import gc
import io
import itertools
import json
import pickle
import re
import types
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from click.testing import CliRunner
from lxml import etree

from tests.conftest import FIXTURES, fixture_files, refused
from trialparse import (
    Failure,
    Parsed,
    TrialParseError,
    overview,
    read,
    sniff,
)
from trialparse.cli import main
from trialparse.mapping.folder import rows_of
from trialparse.parsing.numbering import PATTERNS, matcher
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
    f"{FIRST}/{LAST}",
    f"{FIRST} ({LAST})",
)

NAMES = (
    *FULL,
    f"Prof. {LAST}",
    f"DR. {LAST.upper()}",
    f"{LAST} {FIRST[0]}.",
    f"Fr. {LAST}",
    f"PI: {LAST}",
    f"Investigator: {FIRST[0]}. {LAST}",
)
"""The forms of the name; an organisation loses only the full ones."""

EMAILS = (
    "brandmark{n:05}@example.org",
    "z.brandmark{n:05}+x@mail.example.co.uk",
    "brandmark{n:05}&#64;example.org",
    "brandmark{n:05}&#x40;example.org",
    "brandmark{n:05}&commat;example.org",
    "brandmark{n:05}&amp;#64;example.org",
    "brandmark{n:05}%40example.org",
    "brandmark{n:05}\uff20example.org",
    "brandmark{n:05}\uff20example\uff0eorg",
    "brandmark{n:05} [at] example.org",
    "brandmark{n:05} (at) example (dot) org",
    "brandmark{n:05} at example dot org",
    "z dot brandmark{n:05} at mail dot example dot org",
    "brandmark{n:05} @ example.org",
    "brandmark{n:05}@\nexample.org",
    "brandmark{n:05}\n@example.org",
    "brandmark{n:05}@example.org_x",
    "brandmark{n:05}@example.orgTel",
    "brandmark{n:05}@example.org\u8bf7\u8054\u7cfb\u6211\u4eec",
    "brandmark{n:05}'o@example.org",
    "r&brandmark{n:05}&d@example.org",
    "brandmark{n:05}." + "z" * 70 + "@example.org",
    "http://example.org/?a=1&mail=brandmark{n:05}@example.org",
)

PHONES = (
    "+49 30 987{n:05}",
    "0049 30 987{n:05}",
    "(+44) 20 987{n:05}",
    "(030) 987{n:05}",
    "040 987 {n:05}",
    "040/987{n:05}",
    "tel. 987{n:05}",
    "Fax (987{n:05})",
    "puhelin: 987-{n:05}",
    "030-987{n:05}",
    "0171-987{n:05}",
    "9{a} 987 {b:02} {c:02}",
    "(2{a}) 987 {b:02} {c:02}",
    "+49\u00a030\u00a0987{n:05}",
    "040\u202f987\u202f{n:05}",
    "030\u2011987{n:05}",
    "030\u2013987{n:05}",
    "+49 (30) 987\u2013{n:05}",
    "\uff0b49 30 987{n:05}",
    "\uff08030\uff09987{n:05}",
    "030\n987{n:05}",
    "+49 30\r\n987{n:05}",
    "Tel.:\n987{n:05}",
    "T: 987 {n:05}",
    "F: 987{n:05}",
    "ph: 987-{n:05}",
    "Ph. 987 {n:05}",
    "cell: 987 {n:05}",
    "cell 987-{n:05}",
    "Tel:-987-{n:05}",
)

PHONES_OF_PLANS = ("Telephone of the office, 030987{n:05}", "telefon do biura, 22 987 {b:02} {c:02}")
"""Numbers that only a numbering plan shows, where a telephone is named."""

if matcher() != PATTERNS:
    PHONES = (*PHONES, *PHONES_OF_PLANS)

TURNS = len(PHONES)
"""Turns after which each form has been at each place: there are more of telephone numbers than of others."""

LEFT = re.compile(rb"zoequill|brandmark|987[ -]?\d{2} ?\d{2,3}")
"""What of the person can be left, in small letters."""


def person(number: int, forms: tuple[str, ...] = NAMES, *, turn: int = 0, without: str = "") -> str:
    """Return the words that are planted at a place: the name, in one of some forms, an address and a number.

    In each turn they have other forms; address and number have none in which one of the signs `without` is.
    """
    emails, phones = (
        tuple(form for form in some if not {*without} & {*form.format(n=0, a=0, b=0, c=0)}) for some in (EMAILS, PHONES)
    )
    forms = tuple(form for form in forms if not {*without} & {*form})
    parts = {"n": number, "a": number // 10000 % 10, "b": number // 100 % 100, "c": number % 100}
    name, email, phone = (some[(number + turn) % len(some)] for some in (forms or ("someone",), emails, phones))
    return f" n{number:05}: {name}; {email.format(**parts)}; {phone.format(**parts)}"


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
            parts[form] = lambda form=form: overview(outcome, format=form, detail="full")
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


Chosen = Callable[[int], bool]
"""Whether something is planted at the place of a number."""


class Table:
    """What the table of a format says of persons, by the ends of its paths."""

    def __init__(self, format: Any, turn: int = 0) -> None:
        self.format = format
        self.turn = turn
        """In which forms the person is planted."""
        self.names: dict[str, str] = {}
        """The key of a contact field -> the name, or the part of it, that is planted there."""
        self.organisations: set[tuple[str, ...]] = set()
        """The last two keys of fields that name organisations."""
        self.contacts: set[tuple[str, ...]] = set()
        """The last two keys of contact fields; a sponsor that may be a person is an organisation."""
        for row in sorted(rows_of(format), key=lambda row: not row.field):
            for path in row.paths:
                keys = written(format, tuple(step.key for step in resolved(path) if not step.opener))
                if "name" in row.marks and "when" not in row.options:
                    whole = row.verb == "text" and row.field.endswith(".name")
                    part = PARTS.get(row.field.rpartition(".")[2]) or (None if whole else PARTS.get(keys[-1].lower()))
                    self.names.setdefault(keys[-1], part or f"{FIRST} {LAST}")
                    self.contacts.add(keys[-2:])
                if "organisation" in row.marks:
                    self.organisations.add(keys[-2:])
        self.parts = LAST in self.names.values()
        """Whether the format has a name in two fields, so that an organisation loses it."""

    def at(self, keys: tuple[str, ...], text: str, number: int) -> str:
        """Return a text with the person in it, or of a contact field the name."""
        name = self.name_at(keys)
        if name is not None:
            return name
        named = self.organisations.isdisjoint((keys[-2:], keys[-1:]))
        forms = NAMES if named else FULL if self.parts else ()
        return text + self.person(number, forms)

    def person(self, number: int, forms: tuple[str, ...] = (), without: str = "") -> str:
        """Return the words of a place; without a name where the format has no field for one."""
        return person(number, forms if self.names else (), turn=self.turn, without=without)

    def name_at(self, keys: tuple[str, ...]) -> str | None:
        """Return the name that is planted in a contact field; None for other fields."""
        other = keys[-2:] in self.organisations and keys[-2:] not in self.contacts
        return None if other else self.names.get(keys[-1])

    def tree(self, source: bytes) -> Any:
        """Return a document of JSON with the name in its contact fields."""
        tree = json.loads(source)
        if self.names and self.format.notation.name == "json":
            for record in objects_of(tree, self.format.notation):
                with_contact(record, self.format)
        for holder, key, keys in json_leaves(tree):
            holder[key] = self.name_at(keys) or holder[key]
        return tree

    def root(self, source: bytes) -> Any:
        """Return a document of XML with the name in the contact fields of each record."""
        root = etree.fromstring(source)
        for record in records_of(root, self.format.notation) if self.names else ():
            with_contact(record, self.format)
        for element in root.iter(etree.Element):
            if element.text and local(element) in self.names:
                element.text = self.names[local(element)]
        return root


def records_of(root: Any, notation: Any) -> list[Any]:
    """Return the elements of a document that are records, by any of their names."""
    levels = [(name, *notation.aliases.get(name, ())) for name in notation.records]
    inner = levels if notation.wrapper and local(root) == notation.wrapper else levels[1:]
    paths = ["/".join(f"{{*}}{name}" for name in names) for names in itertools.product(*inner)]
    return [record for path in paths for record in (root.iterfind(path) if path else [root])]


def objects_of(tree: Any, notation: Any) -> list[Any]:
    """Return the objects of a document of JSON that are records: elements of an array, or of the list of a page."""
    found = tree if isinstance(tree, list) else [tree]
    for around in notation.around:
        found = [one.get(around, one) for one in found]
    return [record for one in found for record in (one.get(notation.rows, [one]) if notation.rows else [one])]


def written(format: Any, keys: tuple[str, ...]) -> tuple[str, ...]:
    """Return the keys that a source has at keys of the tree: others where they are lines of a form."""
    if format.notation.name != "keyed":
        return keys
    known = format.notation.form.keys.get(keys)
    if known is None:
        return tuple(key.removeprefix("@") for key in keys)
    key, line = known
    around = (format.notation.form.opened[line.block[:depth]][name] for depth, name in enumerate(line.block))
    return (*around, key)


PARTS = {"first_name": FIRST, "last_name": LAST, "firstname": FIRST, "middlename": "M.", "lastname": LAST}
"""Parts of a name, by the field that a row reads them into, or by the key of one that no field takes."""


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
    named = [row for row in rows_of(format) if "name" in row.marks and row.field and "when" not in row.options]
    rows = [(row, path) for row in named for path in row.paths]
    parts = [found for found in rows if found[0].field.endswith(("first_name", "last_name"))]
    in_parts = len({row.field for row, _ in parts[:2]}) > 1
    for row, path in parts[:2] if in_parts else [found for found in rows if found not in parts][:1]:
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
            holder[last.key] = [name] if last.many == "[]" else name
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
                holder[table.person(count, NAMES)] = table.person(count)
                holder["\0" + table.person(count, NAMES)] = ["x", {table.person(count): 1}]
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
    frame = {root, *(around for one in records_of(root, table.format.notation) for around in one.iterancestors())}
    for count, element in enumerate([*root.iter(etree.Element)] if table.names else (), 1):
        if chosen(count) and element not in frame and local(element) not in table.names:
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
                # the answer of a label with a note in it is what is behind its last colon
                without = "\r\n" if re.match(r"[A-Z]\.\d", line) else "\r\n:"
                lines[index] = line.rstrip("\r") + table.person(count, NAMES if named else (), without)
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
                    cell.text += table.person(count, NAMES if named else ())
    return bytes(etree.tostring(root, method="html", encoding="utf-8")), count


def csv_values(source: bytes, table: Table, chosen: Chosen) -> tuple[bytes, int]:
    """Plant in cells; a table with tabs has no quotes, so a cell of it has no end of a line in it."""
    rows, count = [*csv.reader(io.StringIO(source.decode()))], 0
    without = "\r\n" if "\t" in "".join(rows[0]) else ""
    for row in rows[1:]:
        for index, cell in enumerate(row):
            count += 1
            if chosen(count):
                row[index] = cell + table.person(count, without=without)
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue().encode(), count


def csv_headers(source: bytes, table: Table, chosen: Chosen, *, twice: bool) -> tuple[bytes, int]:
    """Plant in one header that is renamed, or in two that are the same and that nobody knows."""
    rows = [*csv.reader(io.StringIO(source.decode()))]
    count = len(rows[0])
    for index in range(count):
        if chosen(index + 1):
            rows[0][index] = table.person(index + 1)
            break
    if twice:
        header = table.person(count)
        rows = [[*row, *([header, header] if row is rows[0] else ["x", table.person(count)])] for row in rows]
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue().encode(), count


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
        "keyed": {"values": json_values},
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


SOURCES = {path.relative_to(FIXTURES).as_posix(): path for path in fixture_files() if not refused(path)}

FORMAT = {name: sniff(path) for name, path in SOURCES.items()}
ONE_EACH = [*{format.name: name for name, format in reversed(FORMAT.items())}.values()]
"""A fixture of each format."""

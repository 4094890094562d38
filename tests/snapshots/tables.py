"""What the tables of a registry make of small documents, written down so that a change of a table is seen as a diff.

A document holds one path with what it needs beside it, and words that depend on the rows of the path alone. So a
change of a row changes the lines of its paths, and hardly others.

    words.tsv    each word of each code list, and what the field that reads it comes to
    paths.tsv    each path of each format: what it fills, what is reported, what the audit does not count as mapped,
                 and which values `contacts=False` changes
    lists.tsv    each field of each format with all its paths filled; in its lists elements are alike, have gaps, or
                 lack a partner
    form.tsv     each line of each form, and the paths that it fills

The library wrote these files, so they prove nothing by themselves; they are read when they change.
"""

import enum
import json
import re
import zlib
from collections.abc import Callable, Iterable, Iterator
from functools import cache, partial
from typing import Any

import attrs

from trialparse import TrialParseError, parse
from trialparse.mapping.compiled import mapping_of
from trialparse.mapping.folder import code_files, folder_of
from trialparse.mapping.format import Format
from trialparse.mapping.plan import ItemsField, RecordField, RecordPlan
from trialparse.mapping.rows import CARRIED_OVER, COPIES, Row, fold, target_of
from trialparse.model.values import Code, Coded, Identifier, PartialDate
from trialparse.parsing.parsed import Parsed
from trialparse.parsing.reasons import claims_of
from trialparse.readers.form import Line
from trialparse.readers.notations import Text
from trialparse.readers.paths import Path, begins_with, parse_path, resolved, write_path
from trialparse.registries import FORMATS
from trialparse.strategies import maker_of
from trialparse.strategies.leaves import Leaf, Route, Use, route_of
from trialparse.strategies.notation import whole, write
from trialparse.tsv import read_lines

# words ----------------------------------------------------------------------------------------------------------------

NAME, OTHER = "Erika Mustermann", "Beispiel"
TITLE = f"Trial of {NAME}"
TEXTS = (NAME, f"{OTHER} Clinic, beta\n  gamma")
NUMBERS = {
    "CTIS": "2026-501234-13-00",
    "EudraCT": "2014-002606-20",
    "NCT": "NCT01234567",
    "ISRCTN": "ISRCTN13000006",
    "UTN": "U1111-1234-5678",
}
WORDS: dict[str, str] = {
    "date": "2021-03-04",
    "iso": "P18M",
    "boolean": "true",
    "integer": "7",
    "number": "1.5",
    "duration": "7",
    "order": "7",
}
"""Words by what is made of them; for what is not here, a name."""
SPECIAL = {
    "day-first": "25/12/2022",
    "month-first": "12/25/2022",
    "english": "December 25, 2022",
    "filled": "0",
    "sentinel": "99999",
    "one-line": TEXTS[1],
    "flattened": TEXTS[1],
}
"""Words that show what a word of a row does."""


def words_for(leaf: Leaf) -> list[str]:
    """Return the words that a path is tried with; those of code lists and numbers come first."""
    uses = sorted(leaf.uses, key=lambda use: use.words is None and use.verb not in WORDS)
    return list(dict.fromkeys(words for use in uses for words in _words_for(use))) or [NAME]


def _words_for(use: Use) -> Iterator[str]:
    if use.words is not None:
        known = [*use.words]
        yield known[0]
        if use.row is not None and "ticked" in use.row.options:
            yield known[-1]
        elif use.verb == "split":
            yield ", ".join(known[:2])
    elif use.verb == "when":
        yield from (*use.forms, "other")
    elif use.verb == "identifier":
        yield NUMBERS.get(use.scheme, "AB-12")
        yield NUMBERS["EudraCT" if use.scheme == "NCT" else "NCT"]
    else:
        yield WORDS.get(use.verb, NAME)
        yield from (SPECIAL[form] for form in use.forms if form in SPECIAL)
    if use.verb in ("text", "coded") and use.row is not None and "organisation" in use.row.marks:
        yield TEXTS[1]


def beside(leaf: Leaf) -> str:
    """Return the words of a path beside another one: a box is answered no."""
    boxes = [use.words or {} for use in leaf.uses if use.row is not None and "ticked" in use.row.options]
    no = [answer for words in boxes for answer, meaning in words.items() if meaning.term == "?NONE_STATED"]
    return (no or words_for(leaf))[0]


# documents ------------------------------------------------------------------------------------------------------------

Say = Callable[[Route, tuple[int, ...]], str | None]
"""The words at a path, given the places in the lists on the way; None for none."""


def grown(routes: Iterable[Route], say: Say, count: int = 1) -> Any:
    """Return a record with words at these paths, its outermost lists of `count` elements."""
    steps: dict[str, Any] = {}
    for route in routes:
        node = steps
        for step in route:
            node = node.setdefault(step, {})
    return _grown(steps, (), (), say, count)


def _grown(steps: dict[str, Any], at: Route, places: tuple[int, ...], say: Say, count: int) -> Any:
    made: dict[str, Any] = {}
    for step, below in steps.items():
        match = re.fullmatch(r"(\|?)(.+?)(\[\]|\{\}|\[\?\])?", step)
        assert match is not None
        opener, key, many = match.groups()
        number = 1 if not many else min(count, 2) if opener or places else count
        values = []
        for place in range(number):
            here = ((*at, step), (*places, place) if many else places)
            values.append(_grown(below, *here, say, count) if below else say(*here))
        values = [value for value in values if value is not None and value != {}]
        if opener:
            return CLOSERS[key](values) if values else None
        if many == "{}":
            made[key] = {f"id {place}": value for place, value in enumerate(values)}
        elif many and (many == "[]" or len(values) > 1):
            made[key] = values
        elif values:
            made[key] = values[0]
    return made


def _answers(found: dict[str, Any]) -> str:
    lines = [f"{label}: {answer}" for label, said in found.items() if label != "text" for answer in said]
    if lines and not any(answer in ("yes", "no") for said in found.values() for answer in said):
        lines = ["Open: no", "Single blind: no", "Double blind: no", *lines]  # a form has answers
    return "\n".join(lines or [found["text"]])


def _labels(value: dict[str, Any]) -> str:
    several = [one for below in value.values() if isinstance(below, list) for one in below]
    below = [pair for group in value.values() if isinstance(group, dict) for pair in group.items()]
    plain = [*below, *((label, text) for label, text in value.items() if not isinstance(text, list | dict))]
    plain.sort(key=lambda pair: pair[0] != "text")
    lines = [text if label == "text" else f"{label}: {text}" for label, text in plain]
    return "\n".join([*lines, *map(_labels, several)])


def _sections(found: dict[str, list[str]]) -> str:
    return "\n\n".join("\n".join([f"{kind} criteria:", "", *(f"* {item}" for item in found[kind])]) for kind in found)


def _paper(found: dict[str, str]) -> str:
    name = found.get("file", f"{found.get('kind', 'Prot')}_000.pdf")
    return f"{found.get('title', 'Protocol')}, {found.get('url', f'https://register.example/{name}')}"


def _limits(found: dict[str, Any]) -> str:
    ends = {
        key: f"{one.get('number', '7')} {one.get('unit', 'Years')}" for key, one in found.items() if key != "groups"
    }
    low, high = ends.get("minimum"), ends.get("maximum")
    said = f"{low} to {high}" if low and high else f"{low} and older" if low else f"up to {high}" if high else ""
    return " ".join(filter(None, [said, f"({', '.join(found['groups'])})" if "groups" in found else ""]))


def _plan(found: dict[str, Any]) -> str:
    roles = f" ({', '.join(found['roles'])})" if "roles" in found else ""
    said = {"Masking": "Double", **found} if roles else found
    lines = [
        f"{label}: {text}{roles if label == 'Masking' else ''}" for label, text in said.items() if label != "roles"
    ]
    return " | ".join(lines)


def _masked(found: dict[str, Any]) -> str:
    roles = ", ".join(found.get("roles", []))
    return f"{found['level']} ({roles})" if "level" in found and roles else found.get("level", roles)


_DESIGN = {
    "allocation": "Allocation",
    "scopes": "Endpoint Classification",
    "assignment": "Intervention Model",
    "purpose": "Primary Purpose",
    "models": "Observational Model",
    "perspectives": "Time Perspective",
}


def _design(found: dict[str, Any]) -> str:
    said = {_DESIGN[key]: value for key, value in found.items() if key in _DESIGN}
    lines = [f"{label}: {', '.join(value) if isinstance(value, list) else value}" for label, value in said.items()]
    masking = _masked(found)
    return ", ".join([*lines, *([f"Masking: {masking}"] if masking else []), *found.get("rest", [])])


CLOSERS: dict[str, Callable[[list[Any]], str]] = {
    "json": json.dumps,
    "lines": "\n".join,
    "parts": ", ".join,
    "pairs": lambda pairs: ", ".join(f"{pair.get('name', 'Italy')}:{pair.get('value', '')}" for pair in pairs),
    "bracketed": lambda pairs: " ".join(f"{pair.get('name', 'IT')}({pair.get('value', '')})" for pair in pairs),
    "blocks": lambda blocks: "\n\n".join(map(_labels, blocks)),
    "quantity": lambda found: f"{found[0].get('number', '7')} {found[0].get('unit', '')}".strip(),
    "named": lambda found: ", ".join(f"{label}: {text}" for label, text in found[0].items()),
    "range": lambda found: " to ".join(found[0].values()),
    "address": lambda found: f"https://register.example/trial/{found[0]['last']}",
    "eudract": lambda found: _labels(found[0]),
    "answers": lambda found: _answers(found[0]),
    "age": lambda found: f"{found[0].get('number', '7')} {found[0].get('unit', 'Years')}",
    "typed": lambda found: f"{found[0].get('type', 'Drug')}: {found[0].get('name', 'Samplocillin')}",
    "criteria": lambda found: _sections(found[0]),
    "bars": "|".join,
    "places": lambda found: "|".join(
        f"{one.get('address', 'A Clinic')}, {one.get('country', 'Italy')}" for one in found
    ),
    "papers": lambda found: "|".join(map(_paper, found)),
    "treatments": lambda found: "|".join(
        f"{one.get('type', 'DRUG')}: {one.get('name', 'Samplocillin')}" for one in found
    ),
    "numbers": lambda found: "|".join([found[0].get("first", "A-1"), *found[0].get("others", [])]),
    "kinds": lambda found: ":".join(
        filter(None, [found[0].get("type", "Expanded Access"), "|".join(found[0].get("access", []))])
    ),
    "ages": lambda found: _limits(found[0]),
    "plan": lambda found: _plan(found[0]),
    "compared": lambda found: "".join(filter(None, [found[0].get("relation"), found[0].get("number", "0.01")])),
    "levelled": lambda found: (
        f"{found[0]['level']}% {found[0].get('kind', 'Confidence Interval')}"
        if "level" in found[0]
        else found[0]["kind"]
    ),
    "versioned": lambda found: " ".join(filter(None, [found[0].get("name", "MedDRA"), found[0].get("version")])),
    "masked": lambda found: _masked(found[0]),
    "design": lambda found: _design(found[0]),
    "dated": lambda found: (
        f"{found[0].get('text', 'Made')} on {found[0]['date']}" if "date" in found[0] else found[0]["text"]
    ),
    "filed": lambda found: (
        f"{found[0].get('folder', 'https://register.example/')}{found[0].get('name', 'Prot_000.pdf')}"
    ),
}
"""For each opener the text that it takes apart into these values."""


@attrs.define(eq=False)
class Bench:
    """Where the documents of a format are made and read."""

    format: Format
    leaves: dict[Route, Leaf]
    """The paths that rows read, or ignore by name."""
    needed: dict[Route, Route]
    """The path without which there is no item, by the path of its elements."""
    empty: frozenset[tuple[str, str]] = frozenset()
    """The values of a record that says nothing, and of one that names persons."""

    def read(self, record: Any, *, contacts: bool = True) -> Parsed:
        """Read a record, with the keys by which its format is known."""
        maker = maker_of(self.format)
        record = maker.complete(record) if maker.schema is None else whole(self.format.notation, record)
        return parse(write(self.format, record, None), format=self.format.name, contacts=contacts)

    def owns(self, row: Row) -> bool:
        """Whether a row is in a table of the format's registry."""
        return row.where.startswith(f"{self.format.registry}/")

    def silent(self, route: Route) -> list[Row]:
        """Return the rows that ignore a path by its name or give it to a function."""
        rows = [row for row in mapping_of(self.format).rows if row.verb in ("ignore", "derive")]
        return [row for row in rows if route in [route_of(resolved(path)) for path in row.paths]]

    def values(self, parsed: Parsed) -> dict[str, str]:
        """Return the values of a trial, except those of every one."""
        return {path: text for path, text in flat(parsed.trial) if (path, text) not in self.empty}

    def beside(self, *routes: Route) -> list[Route]:
        """Return paths with those that they need."""
        found: dict[Route, None] = {}
        todo = [*routes]
        while todo:
            route = todo.pop()
            if route in self.leaves and route not in found:
                found[route] = None
                todo += sorted(self.leaves[route].with_it)
                todo += [needed for above, needed in self.needed.items() if begins(route, above)]
        return list(found)

    def record(self, said: dict[Route, str]) -> Any:
        """Return a record with these words, and words at the paths that they need."""
        said = {route: beside(self.leaves[route]) for route in self.beside(*said)} | said
        return grown(said, lambda route, _: said[route])


def beside_of(route: Route, side: Path) -> Route:
    """Return the path that lies so beside the last step of another one."""
    return route_of(resolved((*parse_path(".".join(route[:-1])), *side)))


def begins(route: Route, above: Route) -> bool:
    """Whether a path lies below another one."""
    return route[: len(above)] == above


@cache
def bench_of(format: Format) -> Bench:
    """Return the bench of a format."""
    bench = Bench(format, maker_of(format).leaves, dict(_needed(mapping_of(format).plan)))
    bench.empty = frozenset(
        pair for record in ({}, bench.record(_around(format))) for pair in bench.values(bench.read(record)).items()
    )
    return bench


def _needed(plan: RecordPlan) -> Iterator[tuple[Route, Route]]:
    """Give the path of a field that a record cannot lack, after the path of its elements."""
    for field in plan.fields:
        if isinstance(field, ItemsField | RecordField):
            yield from _needed(field.plan)
        else:
            wanted = attrs.fields_dict(plan.cls)[field.name].default is attrs.NOTHING
            for reading in field.readings if wanted else ():
                above = plan.sources[reading.source].absolute
                yield route_of(resolved(above)), route_of(resolved(above + reading.path))


# outcomes -------------------------------------------------------------------------------------------------------------


def flat(value: Any, at: str = "") -> Iterator[tuple[str, str]]:
    """Give path and text of each value of a trial that is not empty."""
    match value:
        case None:
            return
        case frozenset() if not value:
            return
        case tuple():
            for place, below in enumerate(value):
                yield from flat(below, f"{at}[{place}]")
        case PartialDate(estimated=estimated):
            yield at, f"{value}{' estimated' if estimated else '' if estimated is None else ' actual'}"
        case Coded(term=term, text=text):
            yield at, f"{term or ''}|{text or ''}"
        case Code(system=system, value=code):
            yield at, f"{system}:{code or ''}"
            for field in attrs.fields(Code):
                if field.name not in ("system", "value"):
                    yield from flat(getattr(value, field.name), f"{at}.{field.name}")
        case Identifier(scheme=scheme, value=number, check=check, issuer=issuer):
            yield at, " ".join(str(part) for part in (scheme, number, check, issuer) if part is not None)
        case _ if attrs.has(type(value)):
            for field in attrs.fields(type(value)):
                yield from flat(getattr(value, field.name), f"{at}.{field.name}" if at else field.name)
        case _:
            yield at, said_of(value)


def said_of(value: Any) -> str:
    """Return a plain value as text; terms by their names, in order."""
    if isinstance(value, frozenset):
        return " ".join(sorted(map(said_of, value)))
    return value.name if isinstance(value, enum.Enum) else value if isinstance(value, str) else json.dumps(value)


def line(*cells: str) -> str:
    """Return cells as a line of a table."""
    escaped = (cell.replace("\\", "\\\\").replace("\n", "\\n").replace("\t", "\\t") for cell in cells)
    return "\t".join(escaped).rstrip("\t")


def listed(values: dict[str, str]) -> str:
    """Return values on one line."""
    return "; ".join(f"{path}={text}" for path, text in values.items())


def problems(parsed: Parsed) -> str:
    """Return what is reported of a record."""
    return " ".join(f"{one.problem.name}:{one.field or ''}" for one in parsed.diagnostics)


def account(parsed: Parsed) -> str:
    """Return what the audit does not count as mapped."""
    audit = parsed.audit()
    ignored = [f"{count} {reason}" for reason, count in sorted(audit.ignored.items())]
    return "; ".join([*ignored, *(f"{count} unmapped {path}" for path, count in sorted(audit.unmapped.items()))])


def withheld(bench: Bench, record: Any, values: dict[str, str], words: str) -> str:
    """Return how many leaves are withheld, and what becomes of values with the words or the name in them."""
    private = bench.read(record, contacts=False)
    left = dict(flat(private.trial))
    there = [path for path, text in values.items() if text != left.get(path) and (words in text or NAME in text)]
    return f"{private.audit().withheld}: {listed({path: left.get(path, '-') for path in there})}".strip()


@cache
def _around(format: Format) -> dict[Route, str]:
    """Return a title with a name in it and a person with another name, at the first paths that take them."""
    found = {}
    for ending, marks, words in (("name", {"person", "name"}, OTHER), ("_title", set[str](), TITLE)):
        rows = [row for row in mapping_of(format).rows if row.verb == "text" and row.field.endswith(ending)]
        for row in [row for row in rows if marks <= row.marks and not any(step.opener for step in row.path)][:1]:
            found[route_of(resolved(row.path))] = words
    return found


UNREAD = "no row reads the list"
"""What is written of a word that nothing reads."""

# the files ------------------------------------------------------------------------------------------------------------


def formats_of(registry: str) -> list[Format]:
    """Return the formats of a registry, one of those that share a table and its paths; `common` has those of all.

    A text shows more of its form than a page.
    """
    found: dict[tuple[Any, ...], Format] = {}
    for format in sorted(FORMATS, key=lambda format: (bool(format.kept), format.notation.name == "html")):
        if registry in (format.registry, "common"):
            found.setdefault((format.registry, format.table, format.upgrade), format)
    return list(found.values())


def paths(format: Format) -> Iterator[str]:
    """Give the lines of paths.tsv: path, words, fields of rows marked `unseen`, values, problems, account, withheld.

    The first line has the values of a record that says nothing, which the others leave out.
    """
    bench = bench_of(format)
    yield line("", "", "", "; ".join(f"{path}={text}" for path, text in flat(bench.read({}).trial)))
    for route, leaf in bench.leaves.items():
        if not leaf.opened or leaf.uses:
            yield from _tried(bench, route, leaf)
    for row in mapping_of(format).rows:
        if row.verb == "ignore" and route_of(row.path) not in bench.leaves:
            yield from _ignored(bench, row)


def _tried(bench: Bench, route: Route, leaf: Leaf) -> Iterator[str]:
    """Give a line for each of the words that a path is tried with; for the first where its rows are tried elsewhere."""
    rows = [use.row for use in leaf.uses if use.row] + bench.silent(route)
    unseen = " ".join({row.where: row.field or "ignored" for row in rows if "unseen" in row.marks}.values())
    tries: list[dict[Route, str]] = [{route: words} for words in words_for(leaf)]
    for side, words in leaf.conditions:
        beside = beside_of(route, side)
        tries += [{route: said, beside: words} for said in words_for(leaf.beside(side, words))[:1]]
    elsewhere = bench.format.upgrade or not any(use.row is None or bench.owns(use.row) for use in leaf.uses)
    for number, said in enumerate(tries[:1] if elsewhere else tries):
        for row in bench.silent(route):
            said = {**_original(bench, row, route, said[route]), **said}
        personal = said[route] in TEXTS and not elsewhere
        record = bench.record({**_around(bench.format), **said} if personal else said)
        parsed = bench.read(record)
        values = bench.values(parsed)
        cells = [listed(values), problems(parsed), account(parsed)]
        if personal:
            cells.append(withheld(bench, record, values, said[route]))
        name = (".".join(route), " + ".join(tries[number].values()), unseen)
        yield line(*(name if number == 0 else ("", name[1], "")), *cells)


def _ignored(bench: Bench, row: Row) -> Iterator[str]:
    """Give a line for what a row ignores wherever it is, below a path, or where it is empty."""
    *above, last = (str(step) for step in row.path)
    route = (*(("anywhere",) if above[:1] == ["**"] else above[:1]), *above[1:], last)
    if last == "**":
        route = (*route[:-1], *_below(bench, row))
    for words in (NAME, ""):
        said = {**_around(bench.format), **_original(bench, row, route, words), route: words}
        record = grown(said, lambda at, _, said=said: said[at])
        parsed = bench.read(record)
        values = bench.values(parsed)
        cells = [
            listed(values),
            problems(parsed),
            account(parsed),
            withheld(bench, record, dict(flat(parsed.trial)), NAME),
        ]
        yield line(write_path(row.path), words, "unseen" if "unseen" in row.marks else "", *cells)


def _original(bench: Bench, row: Row, route: Route, words: str) -> dict[Route, str]:
    """Return what a record has to say for the row's reason to be true: the original, in the same element of a list."""
    claims = claims_of(mapping_of(bench.format))
    claim = next((one for one in claims if one.reason == row.argument and begins_with(row.path, one.path)), None)
    if claim is None or row.argument == CARRIED_OVER:  # that is what another element says, and these records have one
        return {}
    above = tuple(step.key for step in target_of(row.argument))
    below = route[len(row.path) - 1 :] if row.path[-1].key == "**" else ()
    known = [leaf for leaf in bench.leaves if begins(_keys(leaf), above)]
    known = [leaf for leaf in known if _keys(leaf) == (*above, *_keys(below))] or known
    if not known:
        return {}
    keys = [one.absolute + part for one in claim.joined or () for part in one.key]
    return {**{route_of(resolved(key)): "1" for key in keys}, known[0]: words}


def _keys(route: Route) -> Route:
    """Return the keys of a path without what says of what list they are."""
    return tuple(step.rstrip("[]{}?") for step in route)


def _below(bench: Bench, row: Row) -> Route:
    """Return a path below a catch-all; of a copy one that the original has, for no other is ignored."""
    if row.argument.startswith(COPIES):
        above = tuple(step.key for step in target_of(row.argument))
        ends = {one.path[-1].key for one in mapping_of(bench.format).rows if one.path and one.path[0].key == "**"}
        for route in bench.leaves:
            keys = _keys(route)
            if begins(keys, above) and len(keys) > len(above) and keys[-1] not in ends:
                return route[len(above) :]
    return ("anything",)


def words(registry: str, name: str) -> Iterator[str]:
    """Give the lines of words.tsv: word, whether it is marked `unseen`, values, relation, problems."""
    formats = sorted(formats_of(registry), key=lambda one: (bool(one.kept), one.notation.name == "text", _size(one)))
    for cells in rows_of_list(registry)[name]:
        reader = next((one for format in formats if (one := _reader(format, registry, name, cells["word"]))), None)
        found = (UNREAD, "", "") if reader is None else _meaning(*reader)
        silent = found[1] == "" or cells["term"] == "-" or cells["term"].startswith("?")
        relation = f"{found[1]} ({cells['relation']})" if silent else found[1]  # there is no value to relate to
        yield line(cells["word"], cells["mark"], found[0], relation.strip(), found[2])


@cache
def _size(format: Format) -> int:
    """Return how long the table of a format is; short ones are read faster."""
    return len((folder_of(format.registry) / format.table).read_text("utf-8"))


@cache
def rows_of_list(registry: str) -> dict[str, list[dict[str, str]]]:
    """Return the rows of each code list in the folder of a registry."""
    found: dict[str, list[dict[str, str]]] = {}
    for file in code_files(registry):
        for _, cells in read_lines(file):
            found.setdefault(cells["list"], []).append(cells)
    return found


Reader = dict[Route, str | None]
"""A path that reads a code list, without words, and what has to be beside it."""


@cache
def _readers(format: Format) -> dict[int, Reader]:
    """Return the first path that reads each code list, by the identity of the list; openers only where they must be."""
    together = (row for row in mapping_of(format).rows if row.verb == "boxes")  # one answer by itself is none
    found: dict[int, Reader] = {
        id(mapping_of(format).codes[row.options["answers"]]): {route_of(resolved(path)): None for path in row.paths}
        for row in together
    }
    for route, leaf in sorted(bench_of(format).leaves.items(), key=lambda pair: any(s[0] == "|" for s in pair[0])):
        for use in leaf.uses:
            if use.words is not None:
                found.setdefault(id(use.words), {route: None, **_beside(route, use.row)})
            elif use.row is not None and "worded" in use.row.options:
                codes = mapping_of(format).codes[use.row.options["worded"]]
                found.setdefault(id(codes), {route: None, **_beside(route, use.row)})
    for row in mapping_of(format).rows:  # the answers to a box, and lists that a function of derive.py reads
        options = (row.options.get(option, "") for option in ("ticked", "same"))
        for name in (*options, *(row.words if row.verb == "derive" else ())):
            if name in mapping_of(format).codes:
                found.setdefault(id(mapping_of(format).codes[name]), {route_of(resolved(row.path)): None})
    return found


def _beside(route: Route, row: Row | None) -> Reader:
    """Return what has to be beside a path so that a row reads it."""
    condition = "" if row is None else row.options.get("when", "")
    if not condition:
        return {}
    side, _, wanted = condition.partition(":")
    return {beside_of(route, parse_path(side)): "other" if wanted.startswith("!") else wanted.split(",")[0]}


def _reader(format: Format, registry: str, name: str, word: str) -> tuple[Bench, dict[Route, str]] | None:
    """Return where a word is read, and how it is written there: a box is ticked."""
    codes, readers = mapping_of(format).codes, _readers(format)
    if not any(meaning.where.startswith(f"{registry}/") for meaning in [*codes.get(name, {}).values()][:1]):
        return None  # the format has a list of that name of its own, or none
    if reader := readers.get(id(codes.get(name))):
        if any(row.options.get("worded") == name for row in mapping_of(format).rows):
            word = word if codes[name][fold(word)].term.startswith("?") else f"7 {word}"  # a unit
        return bench_of(format), {route: word if said is None else said for route, said in reader.items()}
    together = next((row for row in mapping_of(format).rows if row.verb == "boxes" and row.words[0] == name), None)
    if together is not None:
        answers = {meaning.term: answer for answer, meaning in codes[together.options["answers"]].items()}
        said = zip(together.paths, word.split("+"), strict=True)
        return bench_of(format), {route_of(resolved(path)): answers[term] for path, term in said}
    boxes = _boxes(format)
    box = codes.get(boxes.get(fold(f"{name}.{word}")) or boxes.get(fold(f"{name}.{word} alone"), ""), {})
    if reader := readers.get(id(box)):
        yes = next(answer for answer, meaning in box.items() if meaning.text is not None)
        return bench_of(format), {route: yes if said is None else said for route, said in reader.items()}
    return None


@cache
def _boxes(format: Format) -> dict[str, str]:
    """Return the names of code lists as they are compared."""
    return {fold(name): name for name in mapping_of(format).codes}


def _meaning(bench: Bench, said: dict[Route, str]) -> tuple[str, str, str]:
    """Return what the fields that read a word come to, how exactly, and what is reported."""
    parsed = bench.read(bench.record(said))
    relations = {path: found.relation for path, found in parsed.evidence().items() if found.relation}
    values = bench.values(parsed)
    told = {path: text for path, text in values.items() if path in relations or path.startswith("missing")}
    several = [relations[path] for path in told if path in relations]
    return listed(told or values), " ".join(several if len({*several}) > 1 else several[:1]), problems(parsed)


def lists(format: Format) -> Iterator[str]:
    """Give the lines of lists.tsv: values by their paths, then problems, for each field."""
    bench = bench_of(format)
    for name, routes in _fields(mapping_of(format).plan, maker_of(format).survey.of_field):
        known = bench.beside(*(route for route in sorted(routes & bench.leaves.keys()) if bench.leaves[route].uses))
        parsed = bench.read(grown(known, partial(_varied, bench), 5))
        yield f"## {name}"
        yield from (line(path, text) for path, text in bench.values(parsed).items() if path.startswith(name))
        yield from (line(one.problem.name, one.field or "", one.text[:60]) for one in parsed.diagnostics)


def _fields(
    plan: RecordPlan, read: dict[int, frozenset[Route]], at: str = ""
) -> Iterator[tuple[str, frozenset[Route]]]:
    """Give the fields of a trial with the paths that fill them; those of a record in it one by one."""
    for field in plan.fields:
        if isinstance(field, RecordField):
            yield from _fields(field.plan, read, f"{at}{field.name}.")
        elif read[id(field)]:
            yield f"{at}{field.name}", read[id(field)]


def _varied(bench: Bench, route: Route, places: tuple[int, ...]) -> str | None:
    """Return words that differ from path to path and from element to element.

    Of five elements the third is the first again, the fourth the second with gaps, and the last has a key of its own
    and lacks what it needs. Numbers fall.
    """
    leaf, mark = bench.leaves[route], zlib.crc32(".".join(route).encode())
    outer, inner = (places or (0,))[0], sum(places[1:])
    keyed, variant = leaf.has("key"), (0, 1, 0, 1, 2)[outer]
    inner = 0 if outer == 2 else inner
    if not keyed and ((outer == 3 and (mark + inner) % 2) or (outer == 4 and leaf.has("need"))):
        return None
    number = variant + inner
    for use in leaf.uses:
        if use.words is not None:
            return [*use.words][(number if keyed else mark + number) % len(use.words)]
        if use.verb == "when":
            return (*use.forms, "other")[number % (len(use.forms) + 1)]
    if keyed:
        return f"K{number}" if outer < 4 else f"K{number}.{mark % 100}"
    if leaf.has("date"):
        return f"202{variant}-0{1 + inner}-0{1 + mark % 9}"
    if leaf.has("integer", "number", "duration", "order", "sum"):
        return str(50 - 10 * variant - inner)
    if leaf.has("boolean"):
        return str((mark + number) % 2 == 0).lower()
    if leaf.has("iso"):
        return f"P{1 + number}M"
    return f"{re.sub('[^A-Za-z0-9]', '', route[-1])} {number}"


def forms(format: Format) -> Iterator[str]:
    """Give the lines of form.tsv: a line of the form, and what its answer fills, written in several ways."""
    form = format.notation.form
    for row in form.lines:
        said = (
            ": Alpha",
            ": Alpha\nbeta",
            f": Alpha\n{row.words} (es): Alfa",
            " 7",
            ":\nAlpha\nbeta",
            " (note): Alpha",
        )
        yield line(row.words, *(_filled(format, row, one) for one in said if row.kind != "heading"))
    yield from form.printed({}).splitlines()


def _filled(format: Format, row: Line, said: str) -> str:
    """Return the paths that an answer fills, in a form without other answers."""
    mark = "@"
    tree: Any = [mark] if row.kind == "lines" else mark
    for key in reversed(row.keys):
        tree = {key: tree}
    for key in reversed(row.block):
        tree = {key: [tree]}
    text = format.notation.form.printed(tree)
    for separator in (": ", ":\n"):
        text = text.replace(f"{row.words}{separator}{mark}", f"{row.words}{said}")
    try:
        parsed = parse(text.encode(), format=format.name)
    except TrialParseError as error:
        return type(error).__name__
    return " ".join(f"{path}={count}" for path, count in sorted(parsed.audit(paths=True).paths.items()) if count)


Sections = dict[str, Callable[[], Iterator[str]]]
"""The parts of a file: their lines, made when they are asked for."""


def sections_of(registry: str, name: str) -> Sections:
    """Return the parts of a file: of words.tsv the code lists, else the formats."""
    if name == "words":
        return {one: partial(words, registry, one) for one in rows_of_list(registry)}
    formats = [] if registry == "common" else formats_of(registry)
    if name == "paths":
        return {format.name: partial(paths, format) for format in formats}
    if name == "lists":
        return {format.name: partial(lists, format) for format in formats if not format.upgrade}
    return {format.name: partial(forms, format) for format in formats if isinstance(format.notation, Text)}


def parts() -> list[tuple[str, str]]:
    """Return the registries with the files that each has."""
    registries = dict.fromkeys(["common", *(format.registry for format in FORMATS)])
    names = ("words", "paths", "lists", "form")
    return [(registry, name) for registry in registries for name in names if sections_of(registry, name)]


def text_of(registry: str, name: str) -> str:
    """Return what the file of a registry has to hold."""
    sections = sections_of(registry, name).items()
    return "".join(f"{text}\n" for section, lines in sections for text in (f"# {section}", *lines()))

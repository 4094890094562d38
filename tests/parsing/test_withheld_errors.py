"""With `contacts=False` no error says a word of the source, and no name of an archive's member comes out."""

import ast
import copy
import io
import json
import pickle
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import trialparse
from tests.conftest import FIXTURES
from tests.parsing.planted import (
    FIRST,
    FORMAT,
    LAST,
    ONE_EACH,
    SOURCES,
    Table,
    given,
    left,
    person,
    planters,
    printed,
    reachable,
    said,
    told,
)
from trialparse import (
    Failure,
    LimitExceeded,
    MalformedDocument,
    NotOneRecord,
    Parsed,
    Severity,
    TrialParseError,
    UnrecognisedFormat,
    parse,
    read,
)
from trialparse.diagnostics import WITHHELD, Diagnostic, DifferentTrials, Place, Problem, Rejected
from trialparse.limits import Limits


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
        *("named", "named(member)"),
        "delimiter",
        "encoding",
        "entry.method",
        "inside",
        "key",
        "meaning",
        "notation.rows",
    ),
    *("kind", "known", "name", "printed", "several", "what", "where", "word"),
    # what json, csv, msgspec, zlib and codecs say, which quote nothing of a document
    *("error", "error.msg", "error.reason", "fault"),
    # lines, bytes and counts
    *("begin", "end", "error.pos", "error.start", "len(digits)", "line", "number", "number + 1", "place", "wrong"),
    *("begins + place + error.start", "self.number", "self.number + 1", "self.place", "self.place + at"),
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

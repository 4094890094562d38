"""Every leaf and every row is accounted for, and evidence is truthful; each class docstring is a law."""

import codecs
import copy
import html
import json
import re
from functools import lru_cache
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import EXPECTED, fixture_files
from tests.counting import exercised, readable
from tests.parsing.documents import (
    _leaves,
    at,
    damaged_records,
    drawn,
    every_format,
    flat,
    json_formats,
    outcomes,
    traced,
)
from trialparse import parse
from trialparse.mapping.compiled import mapping_of
from trialparse.mapping.format import Format
from trialparse.mapping.rows import Row
from trialparse.parsing.conditions import conditional
from trialparse.parsing.parsed import Parsed
from trialparse.parsing.reasons import claims_of
from trialparse.readers.paths import write_path
from trialparse.registries import FORMATS
from trialparse.strategies import Document, documents


def said(value: Any) -> str:
    """Return a leaf in the words of its source."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


@lru_cache(maxsize=2)
def _json(data: bytes) -> Any:
    return json.loads(data)


@lru_cache(maxsize=2)
def _html(data: bytes) -> Any:
    from lxml import html

    return html.fromstring(data, parser=html.HTMLParser(encoding="utf-8")).getroottree()


@lru_cache(maxsize=2)
def _xml(data: bytes) -> Any:
    from lxml import etree

    return etree.fromstring(data)


def words_at(data: bytes, parsed: Parsed, path: str) -> str:
    """Return the words at a place of a document, found without the library."""
    if parsed.format.notation.name == "json":
        return said(at(_json(data), path))
    if parsed.format.notation.name == "keyed":
        if path.endswith("#"):  # a language is the end of a key
            at(_json(data), path[:-1])  # raises if there is no such key
            return path[-3:-1]
        text = html.unescape(said(at(_json(data), path)))
        return text.removesuffix(" B. Sponsor Information")  # the next heading, which is no part of A.8
    if parsed.format.notation.name == "csv":
        match = re.fullmatch(r"line \d+, column (.*)", path, re.DOTALL)
        assert match is not None
        raw = parsed.raw
        assert isinstance(raw, dict)
        return raw[match[1]]
    if parsed.format.notation.name == "text":
        return printed_at(data, path)
    if parsed.format.notation.name == "html":
        cell = copy.deepcopy(*_html(data).xpath(path))
        cell.tail = None
        for row in [row for row in cell.iter("tr") if row.xpath("td[1][@class]")]:
            row.getparent().remove(row)  # one of the form's that has come in because a table was not closed
        for line in cell.iter("br"):
            line.tail = "\n" + (line.tail or "")
        text = "\n".join(line.strip(" \t\r\f") for line in str(cell.text_content()).split("\n")).strip()
        return text.partition(": ")[2] if cell.get("class") == "cellBlue" else text
    local = re.sub(r"/(@?)([^/@\[\]()*]+)(?=[/\[]|$)", r"/\1*[local-name()='\2']", path)
    found = _xml(data).xpath(local)
    assert len(found) == 1 or path.endswith("/text()")
    return "".join(str(one) if isinstance(one, str) else "".join(one.itertext()) for one in found)


def printed_at(data: bytes, path: str) -> str:
    """Return the answer on some lines of a text, without the label on the first one."""
    place = re.fullmatch(r"lines? (\d+)(?:-(\d+))?(?:, (.*))?", path)
    assert place is not None
    first, last = int(place[1]), int(place[2] or place[1])
    text = "\n".join(line.rstrip("\r") for line in data.decode().split("\n")[first - 1 : last])
    if place[3] and place[3].startswith("language of "):
        language = re.search(r"\(\s*([A-Za-z]{2})\s*\):", text)
        assert language is not None
        return language[1]
    if place[3]:
        label = r"[^A-Za-z0-9]*".join(re.findall(r"[A-Za-z0-9]", place[3]))  # case, blanks and punctuation differ
        if place[3].startswith("F.3.3.1 ") and not text.startswith("F.3.3.1 "):  # a label with a note in it
            return text.rpartition(":")[2].strip()
        text = re.sub(rf"\A{label}[^\w\n(:]*(?:\(\s*[A-Za-z]{{2}}\s*\))?[^\w\n(:]*:?", "", text, flags=re.IGNORECASE)
    return text.strip()


class TestTruthful:
    """The places of evidence really hold its words."""

    @every_format
    def test_documents(self, format: Format) -> None:
        def law(document: Document) -> int:
            return hold_truth(document.data, parse(document.data))

        exercised(law, 2, documents(format))

    @every_format
    def test_every_filled_field_has_evidence(self, format: Format) -> None:
        def law(document: Document) -> int:
            parsed = parse(document.data)
            known = parsed.evidence()
            paths = [path for path, _ in flat(parsed.trial) if not path.startswith(("missing", "not_carried"))]
            for path in paths:
                assert [key for key in known if path == key or path.startswith((key + ".", key + "["))], path
            return len(paths)

        exercised(law, 3, documents(format))

    def test_fixtures(self, record_file: Path) -> None:
        data = record_file.read_bytes().removeprefix(codecs.BOM_UTF8)
        assert sum(hold_truth(data, parsed) for parsed in readable(record_file)) >= 10

    @every_format
    def test_damaged_documents(self, format: Format) -> None:
        def law(random: Random) -> int:
            damaged, found = damaged_records(format, random)
            if damaged.kind == "doubled":
                return 0  # of a key that stands twice, the last one counts
            return sum(hold_truth(damaged.data, outcome) for outcome in found)

        exercised(law, 0.8)


def hold_truth(data: bytes, parsed: Parsed) -> int:
    """Hold each place of the evidence to its words, and return how many places there are."""
    held = 0
    rows = mapping_of(parsed.format).rows
    implying = {row.name for row in rows if row.verb in ("constant", "each", "place")}
    opening = {row.name for row in rows if any(step.opener for path in row.paths for step in path)}
    for field, evidence in parsed.evidence().items():
        assert evidence.row
        for source in (*evidence.sources, *evidence.unread):
            held += 1
            made_by = set(evidence.row.split())
            if source.text == "" and implying & made_by:
                continue  # what the row says and no word of the source
            there = words_at(data, parsed, source.place.path)
            if opening & made_by:  # an opener may fold the white space between the lines of a part
                assert " ".join(source.text.split()) in " ".join(there.split()), field
            elif parsed.format.notation.name == "html" and source.text in there.split("\n"):
                continue  # a line of a cell
            else:
                assert source.text == there, field
    return held


class TestAccounted:
    """Every leaf is in exactly one account: mapped, ignored, withheld or unmapped."""

    @every_format
    @given(data=st.data())
    def test_documents(self, format: Format, data: st.DataObject) -> None:
        document = drawn(data, format)
        audit = parse(document.data).audit()
        mapping = mapping_of(format)
        under = (*(claim.path for claim in claims_of(mapping)), *conditional(mapping))
        copies = tuple(re.sub(r"\[\??\]|\{\}", "", write_path(path)) for path in under)

        # a copy is drawn without what it repeats, and a day without the event that it is of
        assert {} == {
            path: count for path, count in audit.unmapped.items() if not copies or not path.startswith(copies)
        }
        if format.notation.name == "json":
            assert sum(1 for _ in _leaves(json.loads(document.data))) == audit.leaves

    @json_formats
    def test_damaged_documents(self, format: Format) -> None:
        def law(random: Random) -> int:
            damaged, found = damaged_records(format, random)
            if damaged.tree is None or damaged.kind == "doubled" or len(found) != 1:
                return 0
            assert sum(1 for _ in _leaves(json.loads(damaged.data))) == found[0].audit().leaves, damaged.text
            return 1

        exercised(law, 0.4)


def records_of_fixtures() -> list[Parsed]:
    found: list[Parsed] = []
    for path in fixture_files():
        found += [outcome for outcome in outcomes(path.read_bytes()) if outcome.ok]
    return found


class TestCensus:
    """Every table row is exercised by a fixture or marked `unseen`; every fixture leaf is accounted for."""

    def test_every_fixture_leaf_is_accounted_for(self, record_file: Path) -> None:
        """A leaf that no row reads is listed as `_unmapped` beside the source."""
        expected = record_file.with_name(record_file.stem + EXPECTED[0]).read_text("utf-8")
        unmapped = {path for outcome in readable(record_file) for path in outcome.audit().unmapped}

        assert sorted(json.loads(expected).get("_unmapped", [])) == sorted(unmapped)

    @pytest.mark.parametrize("table", sorted({(format.registry, format.table) for format in FORMATS}), ids="/".join)
    def test_every_row_is_exercised(self, table: tuple[str, str]) -> None:
        """An old shape reads by the rows of today's table, so its fixtures exercise them too.

        A format that holds another one of its folder need not show the other's rows once more.
        """
        formats = [format for format in FORMATS if (format.registry, format.table) == table]
        must = {row.name: row for format in formats for row in mapping_of(format).rows if _must_show(row)}
        others = {f"{table[0]}/{one.table}" for one in FORMATS if one.registry == table[0]} - {"/".join(table)}
        must = {name: row for name, row in must.items() if row.where.rpartition(":")[0] not in others}
        read = {
            trace.row
            for parsed in records_of_fixtures()
            if parsed.format in formats
            for trace in traced(parsed)[1].traces
            if not trace.unread
        }

        missing = [f"{row.where} {row.field}" for name, row in must.items() if name not in read]
        assert [] == missing, "no fixture fills these rows: add one, or mark them `unseen`:\n" + "\n".join(missing)

    def test_every_term_is_reached(self) -> None:
        from trialparse.mapping.folder import codes_of
        from trialparse.model import terms

        named = set()
        for registry in {format.registry for format in FORMATS}:
            named |= {t for words in codes_of(registry).values() for meaning in words.values() for t in meaning.terms}
        for format in FORMATS:
            named |= {word for row in mapping_of(format).rows for word in (*row.words, *row.options.values())}
        kinds = [kind for kind in vars(terms).values() if isinstance(kind, type)]
        vocabularies = [kind for kind in kinds if issubclass(kind, terms.Term)]
        unreached = {f"{kind.__name__}.{term.name}" for kind in vocabularies for term in kind if term.name not in named}
        for parsed in records_of_fixtures():  # functions of derive.py give terms that no table names
            unreached -= {
                f"{type(term).__name__}.{term.name}" for _, term in flat(parsed.trial) if isinstance(term, terms.Term)
            }

        assert set() == {name for name in unreached if not name.startswith(("MissingKind.", "Sex.", "Assignment."))}


def _must_show(row: Row) -> bool:
    return row.verb not in ("ignore", "each", "constant") and "unseen" not in row.marks

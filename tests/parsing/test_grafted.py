"""Suites of other projects within documents of every format: whatever is in a place, the law of any bytes holds.

The quick profile puts each file and string into one format, others into more, `fuzz` everything everywhere.
"""

import csv
import io
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import settings
from lxml import etree, html

from tests.conftest import ROOT, THOROUGH
from tests.counting import some
from tests.fuzz.changes import fixtures_of, generated_in
from tests.fuzz.held import Held, hold, options_of
from tests.parsing.documents import every_format, json_formats
from tests.parsing.grafting import Graft, grafts, legal
from trialparse.mapping.format import Format
from trialparse.registries import FORMATS

SUITES = ROOT.parent / "shared" / "suites"
TEXTS = [*sorted((SUITES / "nst_json").rglob("*.json")), *sorted((SUITES / "nlohmann").rglob("*.json"))]
NAUGHTY = SUITES / "blns" / "blns.json"
TREES = sorted((SUITES / "defusedxml").rglob("*.xml"))

needs_json_suites = pytest.mark.skipif(not TEXTS, reason="no JSON suites beside the checkout")
needs_naughty_strings = pytest.mark.skipif(not NAUGHTY.is_file(), reason="no naughty strings beside the checkout")
needs_xml_suite = pytest.mark.skipif(not TREES, reason="no XML suite beside the checkout")

EACH = 1 if THOROUGH else max(1, 240 // settings().max_examples)
"""A format has one of so many of the things that are put into it; which ones depends on its place among the formats."""
EVERYTHING = 1 if THOROUGH else 6
"""Of one document in so many everything is asked; of the others both runs are compared."""


def share(things: list[Any], format: Format) -> list[Any]:
    """Return the things of a format, one at least: together the formats have all of them."""
    each = min(EACH, len(things))
    return things[FORMATS.index(format) % each :: each]


def held(documents: Iterator[bytes]) -> Held:
    """Hold documents to the law of any bytes, and return what was looked at."""
    total = Held()
    for number, data in enumerate(documents):
        operations = number % EVERYTHING == 0
        options = options_of(number // EVERYTHING) if operations else options_of(number, comparable=True)
        total += hold(data, agreement=not operations, operations=operations, **options)
    return total


def grafted(things: list[Any], format: Format) -> list[tuple[Graft, Any]]:
    """Return the things of a format, each with a place for it: one place after another, or with `fuzz` each place."""
    places = some(grafts(format), 2)
    if THOROUGH:
        return [(place, thing) for place in places for thing in things]
    return [(places[number % len(places)], thing) for number, thing in enumerate(share(things, format))]


@needs_json_suites
class TestJson:
    """JSON texts, broken ones too, as raw bytes: in JSON in the place of a value, elsewhere in that of a text."""

    @every_format
    def test_as_values(self, format: Format) -> None:
        pairs = grafted([path.read_bytes() for path in TEXTS], format)
        total = held(graft.of(text) for graft, text in pairs)

        assert total.records + total.failures + total.refused >= len(pairs)
        assert total.records > 0
        assert total.asked > 0

    @json_formats
    def test_what_is_json_does_not_hide_the_record(self, format: Format) -> None:
        valid = [path.read_bytes() for path in TEXTS if path.name[0] == "y"]
        found = [hold(graft.of(text)) for graft, text in some(grafted(valid, format))]

        assert [] == [one for one in found if one.refused or one.records + one.failures == 0]

    @json_formats
    def test_what_is_no_json_is_reported(self, format: Format) -> None:
        broken = [path.read_bytes() for path in TEXTS if path.name.startswith(("n_", "fail"))]
        pairs = [(graft, text) for graft, text in grafted(broken, format) if not _is_json(text)]
        found = [hold(graft.of(text)) for graft, text in some(pairs)]

        assert [] == [text for (_, text), one in zip(pairs, found, strict=True) if not one.refused + one.failures]


def _is_json(text: bytes) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


@needs_xml_suite
class TestXml:
    """XML as subtrees: with all it declares, and the element alone."""

    @every_format
    def test_as_subtrees(self, format: Format) -> None:
        trees = [path.read_bytes() for path in TREES]
        trees += [tree[tree.rindex(b"]>") + 2 :] for tree in trees if b"]>" in tree]
        pairs = grafted(trees, format)
        total = held(graft.of(tree) for graft, tree in pairs)

        assert total.records + total.failures + total.refused >= len(some(pairs))


@needs_naughty_strings
class TestNaughtyStrings:
    """Strings that break programs, in a place of every format and in every text of every fixture."""

    @every_format
    def test_in_a_place(self, format: Format) -> None:
        pairs = grafted(json.loads(NAUGHTY.read_text("utf-8")), format)
        total = held(graft.of_text(text) for graft, text in pairs)

        assert total.records > 0
        assert total.asked > 0

    @every_format
    def test_in_every_text(self, format: Format) -> None:
        """The strings move on by one text in each round, so that each string is in many."""
        strings = json.loads(NAUGHTY.read_text("utf-8"))
        sources = list(fixtures_of(format) or generated_in(format))
        chosen = sources if THOROUGH else sources[:2]
        rounds = len(strings) if THOROUGH else max(2, settings().max_examples // 5)
        total = held(
            IN_EVERY_TEXT[format.notation.name](source, Turning(strings, start * len(strings) // rounds))
            for source in chosen
            for start in range(rounds)
        )

        assert total.records > 0
        assert total.asked > 0


class Turning:
    """Gives one string after another, from some place on and round again."""

    def __init__(self, strings: list[str], start: int) -> None:
        self.strings, self.at = strings, start

    def __call__(self, old: str) -> str:
        """Return the next string, or what was there if that was nothing but white space."""
        if not old.strip():
            return old
        self.at += 1
        return self.strings[self.at % len(self.strings)]


def _in_json(source: bytes, turn: Turning) -> bytes:
    def turned(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: turned(below) for key, below in value.items()}
        if isinstance(value, list):
            return [turned(below) for below in value]
        return turn(value) if isinstance(value, str) else value

    text = source.decode("utf-8-sig")
    try:
        return json.dumps(turned(json.loads(text)), ensure_ascii=False).encode("utf-8", "surrogatepass")
    except json.JSONDecodeError:
        return b"\n".join(json.dumps(turned(json.loads(line))).encode() for line in text.splitlines())


def _in_xml(source: bytes, turn: Turning) -> bytes:
    root = etree.fromstring(source)
    for element in root.iter(etree.Element):
        element.text = legal(turn(element.text or ""))
        for name, value in element.attrib.items():
            element.set(name, legal(turn(value)))
    return etree.tostring(root)


def _in_csv(source: bytes, turn: Turning) -> bytes:
    text = source.decode("utf-8-sig")
    sign = "\t" if text.partition("\n")[0].count("\t") else ","
    header, *rows = csv.reader(io.StringIO(text), delimiter=sign)
    out = io.StringIO()
    csv.writer(out, delimiter=sign).writerows([header, *([turn(cell) for cell in row] for row in rows)])
    return out.getvalue().encode("utf-8", "replace")


def _in_text(source: bytes, turn: Turning) -> bytes:
    lines = source.decode("utf-8-sig").split("\n")
    parted = [line.partition(": ") for line in lines]
    return "\n".join(label + sign + (turn(answer) if sign else answer) for label, sign, answer in parted).encode(
        "utf-8", "replace"
    )


def _in_html(source: bytes, turn: Turning) -> bytes:
    root = html.fromstring(source)
    for row in root.iter("tr"):
        for cell in [*row.iter("td")][1:]:
            cell.text = legal(turn(cell.text or ""))
    return bytes(html.tostring(root, encoding="utf-8", doctype="<!doctype html>"))


IN_EVERY_TEXT: dict[str, Callable[[bytes, Turning], bytes]] = {
    "json": _in_json,
    "keyed": _in_json,
    "xml": _in_xml,
    "csv": _in_csv,
    "text": _in_text,
    "html": _in_html,
}
"""A document with another string in the place of each text, by the name of its notation."""

"""Documents that grow: each format with many of one thing, from its fixtures and from its table."""

import csv
import io
import json
import re
from collections.abc import Callable, Iterator
from random import Random
from typing import Any

from tests.conftest import FIXTURES
from trialparse.mapping.compiled import mapping_of, wanted
from trialparse.mapping.format import Format
from trialparse.readers.paths import Path, resolved
from trialparse.registries import FORMATS
from trialparse.strategies import maker_of
from trialparse.strategies.document import Maker
from trialparse.strategies.expected import Branch
from trialparse.strategies.notation import put_together, write

Grown = Callable[[int], bytes]
"""Returns the document that has a thing so many times."""

MANY = ("[]", "{}", "[?]")


# things in a document ------------------------------------------------------------------------------------------------


def before(data: bytes, sign: bytes, made: Callable[[int], str]) -> Grown:
    """Return the function that puts something before the first sign of a source."""
    head, found, rest = data.partition(sign)
    assert found, sign
    return lambda n: head + made(n).encode() + found + rest


def after(data: bytes, sign: bytes, made: Callable[[int], str]) -> Grown:
    """Return the function that puts something behind the first sign of a source."""
    head, found, rest = data.partition(sign)
    assert found, sign
    return lambda n: head + found + made(n).encode() + rest


def in_json(data: bytes, key: str, text: bytes, member: bytes = b"{") -> dict[str, Grown]:
    """Return what a document of JSON can have many of: keys and values behind `member`, and words behind `text`."""

    def plain(made: Callable[[int], str]) -> Grown:
        return after(data, member, made)

    return {
        "keys": plain(lambda n: "".join(f'"zz{i}": {i}, ' for i in range(n))),
        "short keys": plain(lambda n: "".join(f'"{i:x}":1,' for i in range(n))),
        "doubled keys": plain(lambda n: '"zz": 1, ' * n),
        "short doubled keys": plain(lambda n: '"z":1,' * n),
        "doubled keys of the format": plain(lambda n: f'"{key}": "x", ' * n),
        "pairs of keys": plain(lambda n: "".join(f'"{i:x}":1,' for i in range(n // 2)) * 2),
        "doubled keys in objects": plain(lambda n: '"zz": [' + '{"a":1,"a":2},' * n + "1], "),
        "numbers": plain(lambda n: '"zz": [' + "1," * n + "1], "),
        "texts": plain(lambda n: '"zz": [' + '"a",' * n + "1], "),
        "lists": plain(lambda n: '"zz": [' + "[]," * n + "1], "),
        "lists of one": plain(lambda n: '"zz": [' + "[1]," * n + "1], "),
        "objects": plain(lambda n: '"zz": [' + "{}," * n + "1], "),
        "objects of one": plain(lambda n: '"zz": [' + '{"":1},' * n + "1], "),
        "objects of other keys": plain(lambda n: '"zz": [' + "".join(f'{{"{i:x}":1}},' for i in range(n)) + "1], "),
        "big integers": plain(lambda n: '"zz": [' + f"{10**30}," * n + "1], "),
        "doubled key beside numbers": plain(lambda n: '"z":1,"z":1,"zz": [' + "1," * n + "1], "),
        "doubled key beside objects": plain(lambda n: '"z":1,"z":1,"zz": [' + '{"":1},' * n + "1], "),
        "halves": plain(lambda n: '"zz": [' + '"\\ud800",' * n + "1], "),
        "depth": plain(lambda n: '"zz": ' + "[" * (n // 5) + "1" + "]" * (n // 5) + ", "),
        "objects in objects": plain(lambda n: '"zz": [' + ('{"a":' * 40 + "1" + "}" * 40 + ",") * (n // 40) + "1], "),
        "text": after(data, text, lambda n: "Ada b@c.org, " * n),
        "signs": after(data, text, lambda n: "\U0001f600 " + "a." * n),
        "failures": lambda n: b"[" + b",".join([b"1", b"{}"] * (n // 10)) + b"]",
        "equal failures": lambda n: b"[" + b"1," * n + b"1]",
        "lines of failures": lambda n: b"{}\n" * (n // 10) + data.replace(b"\n", b" "),
        "records": lambda n: b"[" + b",".join([data] * (n // 10)) + b"]",
        "lines": lambda n: b"\n".join([json.dumps(json.loads(data)).encode()] * (n // 10)),
    }


def in_xml(data: bytes, text: bytes, child: str, record: bytes) -> dict[str, Grown]:
    """Return what XML can have many of: words behind `text`, elements before it, each a `child`, and records."""
    head, tag, rest = data.partition(text)
    assert tag, text
    body = re.compile(rb"<%b[\s>].*</%b>" % (record, record), re.DOTALL)
    assert body.search(data), record

    def plain(made: Callable[[int], str]) -> Grown:
        return lambda n: head + made(n).encode() + tag + rest

    return {
        "text": lambda n: head + tag + b"Ada b@c.org, " * n + rest,
        "references": lambda n: head + tag + b"&#38;" * n + rest,
        "markup": lambda n: head + tag + b"<i/>1" * n + rest,
        "elements": plain(lambda n: "<zz>1</zz>" * n),
        "empty elements": plain(lambda n: "<z/>" * n),
        "elements of other names": plain(lambda n: "".join(f"<z{i:x}/>" for i in range(n))),
        "elements of the format": plain(lambda n: f"<{child}>x</{child}>" * n),
        "elements in elements": plain(lambda n: "<zz>" + "<a><b>1</b></a>" * n + "</zz>"),
        "depth": plain(lambda n: "<z>" * (n // 5) + "</z>" * (n // 5)),
        "attributes": plain(lambda n: "<zz" + "".join(f' a{i}="1"' for i in range(n // 2)) + "/>"),
        "attributes of many": plain(lambda n: '<z a="" b=""/>' * n),
        "attributes of much": plain(lambda n: ("<z" + "".join(f' a{i}=""' for i in range(100)) + "/>") * (n // 20)),
        "declarations": plain(lambda n: "".join(f'<zz xmlns:p{i}="u{i}"/>' for i in range(n))),
        "comments": plain(lambda n: "<!-- x -->" * n),
        "instructions": plain(lambda n: "<?x y?>" * n),
        "sections": plain(lambda n: "<zz>" + "<![CDATA[x]]>" * n + "</zz>"),
        "records": lambda n: body.sub(lambda found: found[0] * max(n // 20, 1), data),
    }


def in_csv(data: bytes) -> dict[str, Grown]:
    """Return what a table can have many of."""
    columns, first, *_ = csv.reader(io.StringIO(data.decode(), newline=""))
    cells = ['"' + re.sub(r'[\r\n"]', " ", cell) + '"' for cell in first]
    row, few, few_cells = (",".join(one).encode() for one in (cells, columns[:4], cells[:4]))
    table = ",".join(columns).encode() + b"\r\n" + row
    return {
        "cells": lambda n: table + b"\r\n" + b"1," * n,
        "lines of a cell": lambda n: table + b'\r\n"' + b"a, b; c\n" * n + b'"\r\n',
        "quotes of a cell": lambda n: table + b'\r\n"' + b'""' * n + b'"\r\n',
        "columns": lambda n: few + b"".join(b",zz%d" % i for i in range(n)) + b"\n" + few_cells + b",1" * n,
        "doubled columns": lambda n: few + b",z" * n + b"\n" + few_cells + b",1" * n,
        "rows": lambda n: table + (b"\r\n" + row) * (n // 10),
        "empty rows": lambda n: table + b"\r\n" * n + row,
        "short rows": lambda n: table + b"\r\n1,2" * (n // 10),
        "tables": lambda n: (table + b"\r\n") * (n // 10),
    }


def in_text(data: bytes, line: bytes) -> dict[str, Grown]:
    """Return what a text of a form can have many of; `line` is one of the form."""
    whole = data if data.endswith(b"\n") else data + b"\n"
    return {
        "lines": lambda n: whole + b"\nZ.9.9 Nothing: 1" * n,
        "short lines": lambda n: whole + b"a\n" * n,
        "lines of the form": lambda n: whole + (line + b"\n") * n,
        "line": lambda n: whole + b"a: b " * n,
        "empty lines": lambda n: whole + b"\n" * n + line,
        "first lines": lambda n: whole + b"Summary\nEudraCT Number: 1\n" * (n // 10),
        "text": lambda n: whole + line + b" " + b"Ada b@c.org, " * n,
        "records": lambda n: whole * max(n // 20, 1),
    }


def in_html(data: bytes, row: bytes) -> dict[str, Grown]:
    """Return what a page can have many of; `row` is one of the form."""
    end = b"</table"
    head, found, rest = data.rpartition(end)
    assert found

    def plain(made: bytes) -> Grown:
        return lambda n: head + made * n + found + rest

    answer, close, behind = row.rpartition(b"</td>")
    assert close
    around = b'<td class="third"><table>', b"</table></td>"
    coded = row[: row.rindex(b"<td")]
    return {
        "rows": plain(b"<tr><td>1</td></tr>"),
        "rows of the form": plain(row),
        "cells": lambda n: head + b"<tr>" + b"<td>1" * n + b"</tr>" + found + rest,
        "rows of a cell": lambda n: (
            head + coded + around[0] + b"<tr><td>a</td><td>b</td></tr>" * n + around[1] + b"</tr>" + found + rest
        ),
        "line breaks": lambda n: head + answer + b"a<br>" * n + close + behind + found + rest,
        "text": lambda n: head + answer + b"Ada b@c.org, " * n + close + behind + found + rest,
        "references": lambda n: head + answer + b"&lt;" * n + close + behind + found + rest,
        "tags": plain(b"<p>"),
        "tags in tags": lambda n: head + b"<b>" * (n // 5) + b"1" + b"</b>" * (n // 5) + found + rest,
        "ends": plain(b"</b>"),
        "attributes": lambda n: head + b"<p" + b"".join(b" a%d=1" % i for i in range(n // 2)) + b">" + found + rest,
        "attributes of many": plain(b"<p a b>"),
        "comments": plain(b"<!-- x -->"),
    }


def _fixture(place: str) -> bytes:
    return (FIXTURES / place).read_bytes()


def _first(place: str) -> bytes:
    """Return the first record of a list."""
    return json.dumps(json.loads(_fixture(place))[0]).encode()


def in_keyed(data: bytes, key: str, text: bytes) -> dict[str, Grown]:
    """Return what keyed JSON can have many of: besides what JSON has, answers in many languages."""
    translated = after(data, b"{", lambda n: "".join(f'"{key}_{_language(i)}": "x", ' for i in range(n)))
    listed = after(data, b"{", lambda n: f'"{key}_de": [' + '"x",' * n + '"x"], ')
    return in_json(data, key, text) | {"translations": translated, "translations of a language": listed}


def _language(number: int) -> str:
    return chr(97 + number // 26 % 26) + chr(97 + number % 26)


_LINE = b"A.3 Full title of the trial: x"
_ROW = b'<tr><td class="first">A.3</td><td class="second">Full title of the trial</td><td class="third">x</td></tr>'
_TITLE = "a3_full_title_of_the_trial"


def _study() -> bytes:
    """Return the first study of a page of classic JSON."""
    page = json.loads(_fixture("ctgov/full_studies.json"))
    return json.dumps(page["FullStudiesResponse"]["FullStudies"][0]).encode()


_TITLE_OF_STUDY = b'"BriefTitle": "'

GROWING: dict[str, dict[str, Grown]] = {
    "ctgov-classic": in_json(
        _fixture("ctgov/full_studies.json"),
        "NCTId",
        _TITLE_OF_STUDY,
        b'"FullStudies": [\n      {\n        "Rank": 1,\n        "Study": {',
    ),
    "ctgov-classic-csv": in_csv(_fixture("ctgov/classic.csv")),
    "ctgov-classic-fields": in_json(
        _fixture("ctgov/study_fields.json"), "NCTId", b'"BriefTitle": ["', b'"StudyFields": [\n      {'
    ),
    "ctgov-classic-row": in_json(_study(), "NCTId", _TITLE_OF_STUDY),
    "ctgov-classic-study": in_json(_study().partition(b'"Study": ')[2][:-1], "NCTId", _TITLE_OF_STUDY),
    "ctgov-csv": in_csv(_fixture("ctgov/studies.csv")),
    "ctgov-page": in_json(_fixture("ctgov/page.json"), "nctId", b'"briefTitle":"', b'"studies": [\n{'),
    "ctgov-study": in_json(_fixture("ctgov/study.json"), "nctId", b'"briefTitle": "'),
    "ctgov-xml": in_xml(_fixture("ctgov/legacy_2020.xml"), b"<brief_title>", "brief_title", b"clinical_study"),
    "ctis-csv": in_csv(_fixture("ctis/portal.csv")),
    "ctis-evaluation": in_json(_first("ctis/evaluation.json"), "id", b'"mscName": "'),
    "ctis-retrieve": in_json(_fixture("ctis/immunostem.json"), "ctNumber", b'"publicTitle": "'),
    "ctis-retrieve-v1": in_json(_fixture("ctis/v1.json"), "ctNumber", b'"fullTitle": "'),
    "ctis-search": in_json(_fixture("ctis/search_2026.json"), "ctNumber", b'"ctTitle": "', b'"data": [\n  {'),
    "ctis-search-row": in_json(_fixture("ctis/search_row_v1.json"), "ctNumber", b'"therapeuticAreas": "'),
    "ctr-xml": in_xml(_fixture("ctr_xml/study.xml"), b"<StudyDescription>", "StudyName", b"Study"),
    "euctr-adverse-events-xml": in_xml(
        _fixture("euctr/adverse_events.xml"), b"<description>", "description", b"aev:adverseEvents"
    ),
    "euctr-cta-xml": in_xml(_fixture("euctr/cta.xml"), b"<eudract_no>", "eudract_no", b"cta:application"),
    "euctr-ctrdata-json": in_keyed(_first("euctr/ctrdata.json"), _TITLE, f'"{_TITLE}": "'.encode()),
    "euctr-protocol-html": in_html(_fixture("euctr/protocol.html"), _ROW),
    "euctr-protocol-text": in_text(_fixture("euctr/all_boxes.txt"), _LINE),
    "euctr-results-xml": in_xml(_fixture("euctr/results.xml"), b"<fullTitle>", "fullTitle", b"ns0:result"),
    "euctr-summary-text": in_text(_fixture("euctr/summary.txt"), b"Full Title: x"),
    "ictrp-registry-xml": in_xml(_fixture("rebec/registry.xml"), b"<public_title>", "public_title", b"trial"),
}
"""What the documents of each format can have many of."""


# lists and opened texts of a table -----------------------------------------------------------------------------------

Route = tuple[str, ...]


def lists_of(format: Format) -> list[Route]:
    """Return each list that a table reads, by its steps: those of a document, and those in texts that it opens."""
    found: dict[Route, None] = {}
    for route in maker_of(format).by_names.values():
        for end, step in enumerate(route, start=1):
            if step.endswith(MANY):
                found[route[:end]] = None
    return list(found)


def grown_list(format: Format, route: Route) -> Grown:
    """Return the function that makes a record whose list at a route has so many elements, all drawn from the table."""
    maker = maker_of(format)
    routes = [leaf for leaf in maker.by_names.values() if leaf[: len(route)] == route]
    steps: dict[str, Any] = {}
    first: dict[Route, str] = {}
    for leaf in routes:
        opened = [(leaf[:at], step) for at, step in enumerate(leaf) if step.startswith("|")]
        if all(first.setdefault(around, step) == step for around, step in opened):  # a text is opened one way
            node = steps
            for step in leaf:
                node = node.setdefault(step, {})

    def made(n: int) -> bytes:
        maker.pools.clear()
        draft = _drawn(maker, steps, (), route, n, Random(".".join(route)))
        tree = maker.complete(put_together(draft, None))
        return write(format, tree)

    return made


def _drawn(maker: Maker, steps: dict[str, Any], at: Route, route: Route, n: int, random: Random) -> Branch:
    """Return a node whose lists have an element each, and the one at the route so many."""
    node = Branch()
    for step, below in steps.items():
        here = (*at, step)
        made = [
            _drawn(maker, below, here, route, n, random) if below else maker.word(maker.leaves[here], random)
            for _ in range(n if here == route else 1)
        ]
        node[step] = [child for child in made if child is not None]
    return node


OPENED: dict[str, Grown] = {
    "address": lambda n: b"https://register.example/" + b"a/" * n,
    "age": lambda n: b"18" * n + b" Years",
    "ages": lambda n: b"18 Years to " + b"1 Year and older " * n,
    "answers": lambda n: b"Randomised: yes\nOther: no\nand more\n" * n,
    "bars": lambda n: b'A|"B|' * n,
    "bracketed": lambda n: b"SE(Completed) Outside EU/EEA " * n,
    "compared": lambda n: b"<" + b" 1" * n,
    "criteria": lambda n: b"Inclusion Criteria:\n\n" + b"* A\n   1. B\n" * n + b"Exclusion Criteria:\n" + b"* A\n" * n,
    "dated": lambda n: b"made on May 11, 2018 " * n,
    "design": lambda n: b", ".join([b"Masking: Single Blind (Subject), Time Perspective: A"] * n),
    "eudract": lambda n: b"Trade Name: X\nINN or Proposed INN: A\nConcentration unit: %\nmore\n" * n,
    "filed": lambda n: b"https://register.example/" + b"a/" * n,
    "json": lambda n: json.dumps([{"name": "a", "a": [1, 2]}] * n).encode(),
    "kinds": lambda n: b"Expanded Access:" + b"Individual Patients|" * n,
    "levelled": lambda n: b"9" * n + b"% Confidence Interval",
    "masked": lambda n: b"Double Blind (" + b"Subject, " * n + b"Investigator)",
    "named": lambda n: b", ".join([b"Version: 19.0, Term: Pain, chronic"] * n),
    "numbers": lambda n: b'"A|B" | "' * n,
    "pairs": lambda n: b", ".join([b"Italy:Ongoing, recruiting, Hungary:Ended"] * n),
    "papers": lambda n: b"|".join([b"Study Protocol, http://register.example/Prot_000.pdf, http"] * n),
    "parts": lambda n: b", ".join(b"part %d" % i for i in range(n)),
    "places": lambda n: b"A Clinic, A Town, Spain|A Ward|, , , " * n,
    "plan": lambda n: b" | ".join(b"Label%s: NONE (A, B)" % _language(i).encode() for i in range(n)),
    "quantity": lambda n: b"18" * n + b"Y",
    "range": lambda n: b"20 to " + b"1" * n,
    "treatments": lambda n: b"DRUG: A|B: |" * n,
    "typed": lambda n: b"Drug: " + b"A: " * n,
    "versioned": lambda n: b"Med DRA " * n + b"26.0",
}
"""Texts with many of what each opener looks for."""


def opened_of(format: Format) -> list[tuple[Path, str]]:
    """Return the path of each text that a table opens, and the opener."""
    found: dict[tuple[Path, str], None] = {}
    for path in map(resolved, wanted(mapping_of(format).plan)):
        opening = next((at for at, step in enumerate(path) if step.opener), None)
        if opening is not None:
            found[path[:opening], path[opening].key] = None
    return list(found)


def grown_text(format: Format, path: Path, opener: str) -> Grown:
    """Return the function that makes a record with a long text at a path, for an opener."""

    def made(n: int) -> bytes:
        tree: Any = OPENED[opener](n).decode()
        for step in reversed(path):
            tree = {step.key: {"": tree, "{}": {"id": tree}}.get(step.many, [tree])}
        return write(format, maker_of(format).complete(tree))

    return made


def growths() -> Iterator[tuple[str, str, Grown]]:
    """Yield all that can grow in each format: the format, what it is, and the documents."""
    for format in FORMATS:
        for kind, made in GROWING[format.name].items():
            yield format.name, kind, made
        for route in lists_of(format):
            yield format.name, f"list {'.'.join(route)}", grown_list(format, route)
        for path, opener in opened_of(format):
            yield format.name, f"text {'.'.join(map(str, path))}|{opener}", grown_text(format, path, opener)

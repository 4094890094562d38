"""No hang: what grows in a source costs in proportion to it, in every notation."""

import functools
import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.conftest import FIXTURES, QUICK
from tests.counting import some
from trialparse import Parsed, TrialParseError, read

Steps = Callable[[Callable[[], object]], int]


def looked_at(data: bytes) -> int:
    """Read a source and ask for all that can be asked of its records, with and without contacts."""
    asked = 0
    try:
        for contacts in (True, False):
            for outcome in read(data, contacts=contacts):
                if isinstance(outcome, Parsed):
                    asked += len(outcome.diagnostics) + outcome.audit().leaves
    except TrialParseError:
        asked += 1
    return asked


def assert_linear(made: Callable[[int], bytes], steps: Steps, few: int = 100) -> None:
    """Assert that the next part of the growth costs what the part before it cost."""
    sources = [made(few * n) for n in (1, 2, 3)]
    for _ in range(2):  # what is prepared once costs the first source, or the second: the first may be read without it
        looked_at(sources[0])
    first, second, third = (steps(functools.partial(looked_at, data)) for data in sources)
    # of a square the second part costs 5 / 3 of the first; a few lines more or less are no growth
    assert third - second < 1.3 * (second - first) + 2000, (first, second, third)


RECORD = (FIXTURES / "ctis" / "immunostem.json").read_bytes()
ROW = (FIXTURES / "ctis" / "search_row_v1.json").read_bytes()
XML = (FIXTURES / "rebec" / "registry.xml").read_bytes()
TABLE = (FIXTURES / "ctis" / "portal.csv").read_bytes()
FORM = (FIXTURES / "euctr" / "all_boxes.txt").read_bytes()


def before(data: bytes, sign: bytes, made: Callable[[int], str]) -> Callable[[int], bytes]:
    """Return the function that puts something before the first sign of a source."""
    head, found, rest = data.partition(sign)
    assert found
    return lambda n: head + made(n).encode() + found + rest


def after(data: bytes, sign: bytes, made: Callable[[int], str]) -> Callable[[int], bytes]:
    """Return the function that puts something behind the first sign of a source."""
    head, found, rest = data.partition(sign)
    assert found
    return lambda n: head + found + made(n).encode() + rest


GROWING: dict[str, Callable[[int], bytes]] = {
    "json keys": after(ROW, b"{", lambda n: "".join(f'"zz{i}": {i}, ' for i in range(n))),
    "json doubled keys": after(ROW, b"{", lambda n: '"zz": 1, ' * n),
    "json doubled keys of the format": after(ROW, b"{", lambda n: '"ctNumber": "x", ' * n),
    "json values": after(ROW, b"{", lambda n: '"zz": [' + "1, " * n + "1], "),
    "json big integers": after(ROW, b"{", lambda n: '"zz": [' + "9" * 30 + (", " + "9" * 30) * n + "], "),
    "json halves": after(ROW, b"{", lambda n: '"zz": ["a"' + ', "\\ud800"' * n + "], "),
    "json depth": after(ROW, b"{", lambda n: '"zz": ' + "[" * (n // 5) + "]" * (n // 5) + ", "),
    "json array": lambda n: b"[" + b",".join([ROW] * (n // 10)) + b"]",
    "json failures": lambda n: b"[" + b",".join([b"1", b"{}"] * n) + b"]",
    "json lines": lambda n: b"\n".join([json.dumps(json.loads(ROW)).encode()] * (n // 10)),
    "json text": after(RECORD, b'"publicTitle": "', lambda n: "Ada b@c.org, " * n),
    "xml text": after(XML, b"<public_title>", lambda n: "Ada b@c.org, " * n),
    "xml elements": after(XML, b"<main>", lambda n: "<zz>1</zz>" * n),
    "xml elements of other names": after(XML, b"<main>", lambda n: "".join(f"<z{i}/>" for i in range(n))),
    "xml elements of the format": after(XML, b"<main>", lambda n: "<public_title>x</public_title>" * n),
    "xml attributes": after(XML, b"<main>", lambda n: "<zz" + "".join(f' a{i}="1"' for i in range(n // 2)) + "/>"),
    "xml declarations": after(XML, b"<main>", lambda n: "".join(f'<zz xmlns:p{i}="u{i}"/>' for i in range(n))),
    "xml comments": after(XML, b"<main>", lambda n: "<!-- x -->" * n),
    "xml records": lambda n: re.sub(rb"<trial>.*</trial>", lambda found: found[0] * (n // 20), XML, flags=re.DOTALL),
    "csv cells": lambda n: TABLE.rstrip() + b'\r\n"' + b"a, b; c\n" * n + b'"\r\n',
    "csv columns": lambda n: (
        b"Trial number,Overall trial status,Title of the trial,Protocol code"
        + b"".join(b",zz%d" % i for i in range(n))
        + b"\n2023-000000-11-00,Ended,a,b"
        + b",1" * n
    ),
    "csv rows": lambda n: TABLE.rstrip() + (b"\r\n" + TABLE.rstrip().splitlines()[-1]) * (n // 10),
    "text lines": lambda n: FORM + b"\nZ.9.9 Nothing: 1" * n,
    "text line": lambda n: FORM + b"\n" + b"a: b " * n,
    "text records": lambda n: FORM * (n // 20),
}


@pytest.mark.parametrize("kind", GROWING)
def test_what_grows(kind: str, steps: Steps) -> None:
    made = GROWING[kind]
    assert len(made(200)) > len(made(100))
    assert_linear(made, steps)


def lists(tree: Any) -> Iterator[list[Any]]:
    """Yield each list of a document."""
    for below in tree.values() if isinstance(tree, dict) else tree if isinstance(tree, list) else ():
        if isinstance(below, list) and below:
            yield below
        yield from lists(below)


@pytest.mark.parametrize("name", ["immunostem.json", "v1_as_v2.json", "halted.json"])
def test_each_list(name: str, steps: Steps) -> None:
    tree = json.loads((FIXTURES / "ctis" / name).read_bytes())
    found = some(lists(tree), 10)
    for each in found[:: len(found) // 3] if QUICK else found:
        one, *_ = kept = list(each)

        def made(n: int, each: list[Any] = each, one: Any = one) -> bytes:
            each[:] = [one] * n
            return json.dumps(tree).encode()

        assert_linear(made, steps, 10)
        each[:] = kept

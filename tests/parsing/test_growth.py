"""No hang: what grows in a source costs in proportion to it, in every format."""

import functools
import json
from collections.abc import Callable

import pytest

from tests.conftest import FIXTURES, THOROUGH
from tests.counting import some
from tests.parsing.documents import every_format
from tests.parsing.growing import GROWING, OPENED, Grown, grown_list, grown_text, lists_of, opened_of
from trialparse import Parsed, TrialParseError, read
from trialparse.mapping.format import Format
from trialparse.registries import FORMATS

pytestmark = pytest.mark.exhaustive

Steps = Callable[[Callable[[], object]], int]


def looked_at(data: bytes) -> int:
    """Read a source and ask for all that can be asked of its records, with and without contacts."""
    asked = 0
    try:
        for contacts in (True, False):
            for outcome in read(data, contacts=contacts):
                if isinstance(outcome, Parsed):
                    asked += len(outcome.diagnostics) + outcome.audit().leaves + len(outcome.evidence())
    except TrialParseError:
        asked += 1
    return asked


def assert_linear(made: Grown, steps: Steps, few: int = 100) -> None:
    """Assert that the next part of the growth costs what the part before it cost."""
    sources = [made(few * n) for n in (1, 2, 3)]
    for _ in range(2):  # what is prepared once costs the first source, or the second: the first may be read without it
        looked_at(sources[0])
    first, second, third = (steps(functools.partial(looked_at, data)) for data in sources)
    # of a square the second part costs 5 / 3 of the first; a few lines more or less are no growth
    assert third - second < 1.3 * (second - first) + 2000, (first, second, third)


def names(data: bytes) -> set[str]:
    """Return the formats of the records of a source."""
    try:
        return {outcome.format.name for outcome in read(data) if isinstance(outcome, Parsed)}
    except TrialParseError:
        return set()


def test_every_format_grows() -> None:
    assert {format.name for format in FORMATS} == GROWING.keys()
    assert {opener for format in FORMATS for _, opener in opened_of(format)} == OPENED.keys()


@every_format
def test_the_documents_are_of_the_format(format: Format) -> None:
    found = [kind for kind, made in GROWING[format.name].items() if format.name in names(made(20))]
    refused = GROWING[format.name].keys() - {*found, "failures", "equal failures"}
    assert not refused
    for route in lists_of(format):
        assert format.name in names(grown_list(format, route)(2)), route
    for path, opener in opened_of(format):
        assert format.name in names(grown_text(format, path, opener)(2)), path


def drawn(thin: int) -> list[tuple[str, str]]:
    """Return all kinds of the first format of each notation, and some of the others, each kind of one of them."""
    firsts = {format.notation.name: format.name for format in reversed(FORMATS)}.values()
    found = [(name, kind) for name, kinds in GROWING.items() for kind in kinds]
    return [one for place, one in enumerate(found) if one[0] in firsts or place % thin == 0]


@pytest.mark.parametrize(("format", "kind"), drawn(1 if THOROUGH else 9)[:: 1 if THOROUGH else 7])
def test_what_grows(format: str, kind: str, steps: Steps) -> None:
    made = GROWING[format][kind]
    assert len(made(200)) > len(made(100))
    assert_linear(made, steps)


PRODUCTS = {("ctis-evaluation", ("partIIEvaluationList[]",))}
"""Lists whose elements each read what all of them say, as SECURITY.md says: the application of a conclusion."""


@every_format
def test_each_list(format: Format, steps: Steps) -> None:
    found = some(route for route in lists_of(format) if (format.name, (*route,)) not in PRODUCTS)
    for route in found if THOROUGH else found[len(found) // 2 :][:1]:
        assert_linear(grown_list(format, route), steps, 60)


@pytest.mark.parametrize("format", [one for one in FORMATS if opened_of(one)], ids=lambda format: format.name)
def test_each_opened_text(format: Format, steps: Steps) -> None:
    found = some(opened_of(format))
    for path, opener in {opener: (path, opener) for path, opener in found}.values():
        assert_linear(grown_text(format, path, opener), steps, 40)


def test_persons(steps: Steps) -> None:
    """Persons are withheld in proportion to them: each has a name of its own, and texts name them all."""
    tree = json.loads((FIXTURES / "ctis" / "immunostem.json").read_bytes())
    [part] = some(tree["authorizedApplication"]["authorizedPartsII"])[:1]
    site = some(part["trialSites"])[0]

    def made(n: int) -> bytes:
        persons = [{"firstName": f"Ada{_word(i)}", "lastName": f"Example{_word(i)}"} for i in range(n)]
        part["trialSites"] = [site | {"personInfo": site["personInfo"] | one} for one in persons]
        tree["shortTitle"] = ", ".join(f"{one['firstName']} {one['lastName']}" for one in persons)
        return json.dumps(tree).encode()

    assert_linear(made, steps)


@pytest.mark.parametrize("value", [b'{"a": "%s"}', b'["%s"]', b'{"1": {"a": "%s"}}'], ids=["one", "list", "map"])
def test_doubled_keys_on_the_way(value: bytes, steps: Steps) -> None:
    """What is at a key that occurs again and again is moved over once, however long the document is."""
    member = b'"p": ' + value % (b"x" * 20_000)

    def looked_within(n: int) -> Callable[[], object]:
        data = b"{" + b", ".join([member] * n) + b"}"
        return lambda: sum(1 for _ in read(data, records_at="p"))

    looked_within(1)()
    first, second, third = (steps(looked_within(n)) for n in (100, 200, 300))
    assert third - second < 1.3 * (second - first) + 2000, (first, second, third)


def _word(number: int) -> str:
    """Return a number in letters."""
    return "".join(chr(97 + int(digit)) for digit in str(number))

"""Without contacts persons are in nothing that is given, in any format."""

import json
import re
from collections.abc import Iterator
from functools import reduce
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import FIXTURES
from tests.counting import exercised, readable, some
from tests.parsing.documents import (
    _leaves,
    damaged_records,
    drawn,
    every_format,
    flat,
    outcomes,
    traced,
)
from trialparse import parse
from trialparse.mapping.compiled import mapping_of
from trialparse.mapping.format import Format
from trialparse.mapping.rows import Row
from trialparse.mapping.traced import Tracer
from trialparse.model.terms import MissingKind
from trialparse.parsing.parsed import Failure, Parsed
from trialparse.strategies import maker_of

_PERSONAL = re.compile(r"[\w.+-]+@[\w-]+\.\w+|\+99 ?000[\d -]*|\+99[\d -]{6,}")
_NAMED = {"sponsors[].name", "sponsors[].city", "sites[].name", "sites[].city", "sites[].department", "funding[]"}
"""Fields that name organisations and their places."""


class TestWithheld:
    """Without contacts persons are in nothing that is given, and nothing else is lost."""

    def test_fixtures(self, record_file: Path) -> None:
        for plain, outcome in some(zip(readable(record_file), readable(record_file, contacts=False), strict=True)):
            names = _names(plain)
            for part in (outcome.trial, outcome.raw, outcome.evidence(), outcome.diagnostics, outcome, outcome.audit()):
                text = repr(part)
                assert [] == _PERSONAL.findall(text)
                assert [] == [name for name in names if re.search(rf"\b{re.escape(name)}\b", text)]

    @every_format
    @given(data=st.data())
    def test_documents(self, format: Format, data: st.DataObject) -> None:
        source = drawn(data, format).data

        _hold_back(parse(source), parse(source, contacts=False))

    @every_format
    def test_documents_of_which_all_fields_share_words(self, format: Format) -> None:
        def law(random: Random) -> int:
            return _hold_back_all(_misfiled(maker_of(format).document(random, 8).data, format, random))

        exercised(law, 0.9, few=True)

    def test_nothing_else_of_fixtures(self, record_file: Path) -> None:
        assert _hold_back_all(record_file.read_bytes()) == len(readable(record_file))

    def test_nothing_else_of_the_corpus(self, corpus_file: Path) -> None:
        source = corpus_file.read_bytes()
        assert _hold_back_all(source) == sum(outcome.ok for outcome in outcomes(source))

    def test_the_quick_run_lists_what_is_withheld(self, record_file: Path) -> None:
        """Only fields in which marks stand are read by the traced run; the trial is as if all were."""
        for outcome in readable(record_file, contacts=False):
            assert traced(outcome)[0] == outcome.trial

    @every_format
    def test_the_quick_run_lists_what_is_withheld_of_damaged_documents(self, format: Format) -> None:
        def law(random: Random) -> int:
            damaged, found = damaged_records(format, random, contacts=False)
            for outcome in found:
                assert traced(outcome)[0] == outcome.trial, damaged.text
            return len(found)

        exercised(law, 0.5)

    @pytest.mark.parametrize("where", ["trialPhase", "trialScope"])
    @pytest.mark.parametrize("text", ["{name}", "of {name}", "", "0"])
    def test_marks_where_no_person_is_expected(self, text: str, where: str) -> None:
        """A text that is, or holds, the words of a contact field."""
        record = json.loads((FIXTURES / "ctis" / "immunostem.json").read_bytes())
        part = record["authorizedApplication"]["authorizedPartI"]
        (name,) = {contact["functionalName"] for contact in part["sponsors"][0]["scientificContacts"]}
        details = part["trialDetails"]
        details["clinicalTrialIdentifiers"]["publicTitle"] = text.format(name=name)
        details["trialInformation"]["trialCategory"][where] = text.format(name=name)
        outcome = parse(json.dumps(record).encode(), contacts=False)

        assert traced(outcome)[0] == outcome.trial
        assert name not in str(outcome.trial)

    def test_a_surname_beside_a_first_name(self) -> None:
        """The XML of ClinicalTrials.gov has whole names in its field for surnames, or surnames."""
        source = (FIXTURES / "ctgov" / "legacy_2020.xml").read_bytes()
        name = b"<overall_contact><first_name>Ada</first_name><last_name>Byron</last_name><!--"
        source = source.replace(b"<overall_contact>", name, 1)
        source = source.replace(b"</overall_contact>", b"--></overall_contact>", 1)
        source = source.replace(b"<brief_title>", b"<brief_title>Byron, Ada, or Ada Byron: ", 1)

        assert "Byron, Ada, or Ada Byron: " in str(parse(source).trial.public_title)
        assert str(parse(source, contacts=False).trial.public_title).startswith("(withheld), or (withheld): ")

    @pytest.mark.parametrize(("kind", "name"), [("INDIV", None), ("OTHER", "Ada Byron"), (None, "Ada Byron")])
    def test_a_sponsor_may_be_a_person(self, kind: str | None, name: str | None) -> None:
        study = json.loads((FIXTURES / "ctgov" / "expanded_access.json").read_bytes())
        sponsors = study["protocolSection"]["sponsorCollaboratorsModule"]
        sponsors["leadSponsor"] = {"name": "Ada Byron"} | ({"class": kind} if kind else {})
        trial = parse(json.dumps(study).encode(), contacts=False).trial

        assert trial.sponsors[0].name == name
        assert ("sponsors[0].name" in {one.field for one in trial.missing}) is (name is None)

    def test_no_field_is_read_again(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """The fast run knows the mark of what was withheld."""
        source, seen = (FIXTURES / "ctis" / "immunostem.json").read_bytes(), list[Any]()
        parse(source)  # nothing is compiled for the first record of a process
        monkeypatch.setattr(Tracer, "run", lambda self, plan, tree, only: seen.append(only))
        trial = parse(source, contacts=False).trial

        assert seen == []
        withheld = [entry for entry in trial.missing if entry.kind is MissingKind.WITHHELD]
        assert {"sponsors", "sites", "contacts"} == {entry.field.partition("[")[0] for entry in withheld}


_FEW = ("Ada", "Byron", "King", "Rio")


def _misfiled(source: bytes, format: Format, random: Random) -> bytes:
    """Return a document in which texts end in few words, and those about persons consist of them."""

    def words(text: str, place: str) -> str:
        few = " ".join(random.choices(_FEW, k=2))
        return few if _is_marked(place, format) else random.choice((text, f"{text} {few}", few, few.split()[0]))

    if format.notation.name == "json":
        tree = json.loads(source)
        for keys in _leaves(tree):
            *above, last = keys
            holder = reduce(lambda value, key: value[key], above, tree)
            if isinstance(holder[last], str):
                holder[last] = words(holder[last], "/".join(map(str, keys)))
        return json.dumps(tree).encode()
    if format.notation.name == "xml":
        from lxml import etree

        root = etree.fromstring(source)
        for element in root.iter():
            if element.text and element.text.strip():
                element.text = words(element.text, _local_path(element))
        return bytes(etree.tostring(root))
    return source


def _hold_back_all(source: bytes) -> int:
    """Check every record of a source, and return how many there are.

    Failures whose words are withheld may become equal and fold; as many records fail as without.
    """
    before, after = list(outcomes(source)), list(outcomes(source, contacts=False))
    assert _failed(before) == _failed(after)
    plain, withheld = ([outcome for outcome in found if outcome.ok] for found in (before, after))
    for one, other in zip(plain, withheld, strict=True):
        _hold_back(one, other)
    return len(plain)


def _failed(found: list[Parsed | Failure]) -> int:
    """Return how many records could not be read."""
    return sum(outcome.count for outcome in found if not outcome.ok)


def _hold_back(plain: Parsed, outcome: Parsed) -> None:
    """Check that fields differ where a person stands, and only there."""
    before, after = _values(plain), _values(outcome)
    names = _names(plain)
    evidence = [(_unnumbered(field), found.sources) for field, found in plain.evidence().items()]
    marked = {
        _unnumbered(field)
        for field, found in plain.evidence().items()
        if any(_is_marked(s.place.path, plain.format, row=found.row) for s in found.sources)
    }
    held = {field for field, sources in evidence if any(_holds(source.text, {*names}) for source in sources)}
    held |= {field for field, values in before.items() if any(_holds(str(value), {*names}) for value in values)}

    differ = {field for field in before.keys() | after.keys() if before.get(field) != after.get(field)}
    gone = {field for field in differ if len(after.get(field, ())) < len(before.get(field, ()))}
    # an item goes with all that is in it; what an item implies comes and goes, or is joined, with words of it
    beside = {_item(field) for field in marked | held}
    implied = {field for field, sources in evidence if not any(source.text for source in sources)}
    unexplained = {field for field in differ if not any(_is_below(field, known) for known in marked | held)}
    unexplained -= implied
    assert set() == {field for field in unexplained if field not in gone or _item(field) not in beside}
    assert differ >= marked
    for field in (differ & _NAMED) - marked:
        lost = set(before[field]) - set(after.get(field, ()))
        assert [] == [name for name in lost if not _holds(str(name), {n for n, parts in names.items() if parts > 1})]


def _values(parsed: Parsed) -> dict[str, list[Any]]:
    """Return the values of each field of a trial; a list of contacts is one field, for it may lose some."""
    found: dict[str, list[Any]] = {}
    for path, value in flat(parsed.trial):
        if not path.startswith("missing"):
            found.setdefault(_unnumbered(path), []).append(value)
    return found


def _item(field: str) -> str:
    """Return the list that a field is in an item of; the field itself where it is in none."""
    return field.rpartition("[]")[0] or field


def _is_below(field: str, known: str) -> bool:
    return field == known or field.startswith((known + ".", known + "["))


def _unnumbered(path: str) -> str:
    """Return a path of a trial without its indices, up to a list of contacts."""
    return re.sub(r"(contacts\[\]).*", r"\1", re.sub(r"\[\d+\]", "[]", path))


def _is_marked(place: str, format: Format, mark: str = "person", row: str | None = None) -> bool:
    """Whether the table marks a place as one of persons, found without the library; a condition is met by its row."""
    rows = (one for one in _marking(place, format, mark) if "when" not in one.options or one.name == row)
    return any(True for _ in rows)


def _marking(place: str, format: Format, mark: str) -> Iterator[Row]:
    """Give the rows that mark a place."""
    keys = [key for key in re.sub(r"\[\d+\]", "", place).split("/") if not key.isdecimal()]
    for row in mapping_of(format).rows:
        paths = [[step.key for step in path if step.key != "**"] for path in row.paths] if mark in row.marks else []
        if any(keys[-len(path) :] == path for path in paths):
            yield row


def _is_met(row: Row, place: str, texts: dict[str, str]) -> bool:
    """Whether the value beside a place is the one that a row asks for."""
    key, _, word = row.options.get("when", "").partition(":")
    return not key or texts.get(f"{place.rpartition('/')[0]}/{key}") == word


def _local_path(element: Any) -> str:
    """Return where an element stands by local names, which `getpath` does not give where there is a namespace."""
    return re.sub(r"\{[^{}]*\}", "", element.getroottree().getelementpath(element))


def _holds(text: str, names: set[str]) -> bool:
    """Whether a text holds all words of a name, or what may be an address or a telephone number."""
    words = set(re.findall(r"\w+", text.upper()))
    found = any(words.issuperset(form) for name in names for form in _forms(re.findall(r"\w+", name.upper())))
    return found or "@" in text or re.search(r"\d[\d ()./-]{4,}\d", text) is not None


def _forms(words: list[str]) -> Iterator[list[str]]:
    """Give the words of a name, and each of them with the initials of the others, one or all."""
    yield words
    for place, surname in enumerate(words):
        initials = [word[0] for other, word in enumerate(words) if other != place]
        yield [surname, "".join(initials)]
        yield from ([surname, initial] for initial in initials)


def _names(parsed: Any) -> dict[str, int]:
    """Return the names of persons in the contact fields of a record, each with the number of fields that it is in."""
    found: dict[str, list[str]] = {}
    texts = dict(_texts(parsed)) if parsed.ok else {}
    for place, text in texts.items():
        if any(_is_met(row, place, texts) for row in _marking(place, parsed.format, "name")):
            found.setdefault(place.rpartition("/")[0], []).append(text)
    names = {" ".join(parts): len(parts) for parts in found.values()}
    return {name: parts for name, parts in names.items() if len(name.split()) > 1}


def _texts(parsed: Parsed) -> Iterator[tuple[str, str]]:
    """Give path and text of each leaf of a record."""
    if parsed.format.notation.name == "json":
        tree = json.loads(parsed.raw)
        for keys in _leaves(tree):
            leaf = reduce(lambda value, key: value[key], keys, tree)
            if isinstance(leaf, str):
                yield "/".join(map(str, keys)), leaf
    elif parsed.format.notation.name == "xml":
        from lxml import etree

        root = etree.fromstring(parsed.raw)
        yield from ((_local_path(element), element.text or "") for element in root.iter())

"""Any bytes, and documents made from the table of any format, give what they must; each class docstring is a law."""

import codecs
import copy
import gzip
import io
import json
import re
import sys
import zipfile
from collections import Counter
from pathlib import Path
from random import Random
from typing import Any
from unittest import mock

import attrs
import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conftest import corpus_files
from tests.counting import exercised, readable, some
from tests.parsing.documents import (
    ODD,
    assert_agreed,
    damaged_records,
    drawn,
    every_format,
    flat,
    json_formats,
    outcomes,
    put,
    traced,
)
from trialparse import Failure, Problem, from_json, parse, read, schema, to_json
from trialparse.mapping.compiled import mapping_of
from trialparse.mapping.format import Format
from trialparse.mapping.noticing import Noticed
from trialparse.mapping.opening import openers
from trialparse.model import Trial
from trialparse.model.checks import dangling_ids
from trialparse.model.impossible import impossible
from trialparse.model.translation import in_language
from trialparse.model.values import Translation
from trialparse.parsing.parsed import Parsed
from trialparse.parsing.run import remarked_run
from trialparse.readers.form import filled
from trialparse.readers.form_fast import tree_of
from trialparse.readers.paths import write_path
from trialparse.readers.shapes import Tree
from trialparse.registries import FORMATS
from trialparse.strategies import Damaged, Document, damaged, documents, maker_of, trials, words
from trialparse.strategies.notation import write


def drawn_damaged(data: st.DataObject, format: Format) -> tuple[Document, Damaged]:
    document = drawn(data, format)
    return document, data.draw(damaged(document))


def rebuilt(value: Any) -> Any:
    """Return a value of the model built again by the public constructors."""
    if isinstance(value, tuple):
        return tuple(rebuilt(item) for item in value)
    if isinstance(value, frozenset):
        return frozenset(rebuilt(item) for item in value)
    if attrs.has(type(value)):
        return type(value)(**{f.name: rebuilt(getattr(value, f.name)) for f in attrs.fields(type(value))})
    return value


BEGINNINGS = [b"{", b"[", b"<", b"PK\3\4", b"\x1f\x8b", b"\xff\xfe", b"a,b\n", b'{"ctNumber":']


class TestTotal:
    """Any bytes give records, failures or TrialParseError, and nothing else."""

    @given(st.binary(max_size=200))
    def test_any_bytes(self, data: bytes) -> None:
        assert all(isinstance(outcome, Parsed | Failure) for outcome in outcomes(data))

    @given(st.sampled_from(BEGINNINGS), st.binary())
    def test_any_bytes_behind_a_beginning(self, start: bytes, data: bytes) -> None:
        assert all(isinstance(outcome, Parsed | Failure) for outcome in outcomes(start + data))

    @every_format
    @given(data=st.data())
    def test_any_damage_raises_nothing_else(self, format: Format, data: st.DataObject) -> None:
        _, damage = drawn_damaged(data, format)

        for outcome in outcomes(damage.data):
            assert isinstance(outcome, Parsed | Failure), damage.text
            if isinstance(outcome, Parsed):
                str(outcome.diagnostics), outcome.evidence(), str(outcome.audit())

    @every_format
    @given(data=st.data())
    def test_any_damage_without_contacts_raises_nothing_else(self, format: Format, data: st.DataObject) -> None:
        _, damage = drawn_damaged(data, format)

        for outcome in outcomes(damage.data, contacts=False, results=False, language="en"):
            assert isinstance(outcome, Parsed | Failure), damage.text


class TestSilent:
    """Documents parse to the trial they were made from; only what was drawn to lead nowhere or apart is reported."""

    @every_format
    @given(data=st.data())
    def test_documents(self, format: Format, data: st.DataObject) -> None:
        document = drawn(data, format)
        parsed = parse(document.data)

        assert (format.name, document.expected) == (parsed.format.name, parsed.trial)
        assert _astray(document.expected) == _reported(parsed)

    @every_format
    @settings(max_examples=5)
    @given(data=st.data())
    def test_full_documents(self, format: Format, data: st.DataObject) -> None:
        document = data.draw(documents(format, sparse=False))
        parsed = parse(document.data)

        assert document.expected == parsed.trial
        assert _astray(document.expected) == _reported(parsed)


def _astray(trial: Trial) -> Counter[tuple[Problem, str | None, str]]:
    """Return the diagnostics on ids that lead nowhere, and on numbers that cannot all be true."""
    found = [(Problem.IMPOSSIBLE, field, said) for field, said in impossible(trial)]
    return Counter[tuple[Problem, str | None, str]]([*dangling_ids(trial.results), *found])


def _reported(parsed: Parsed) -> Counter[tuple[Problem, str | None, str]]:
    """Return the diagnostics except those on second places, countries and labels, which are drawn each by itself."""
    apart = re.compile(r"countries\[\d+\]")
    return Counter(
        (one.problem, one.field, one.text)
        for one in parsed.diagnostics
        # a label by itself is nothing that is read, and for characters there is a law of its own
        if one.problem not in (Problem.CONFLICT, Problem.NOTHING_READ, Problem.ODD_CHARACTER)
        and not (one.problem is Problem.UNMATCHED and apart.fullmatch(one.field or ""))
    )


WHITE = [chr(code) for code in range(sys.maxunicode) if chr(code).isspace()]
"""What Python takes for white space: `str.split` parts a text there, and `str.splitlines` at some of it."""

CANNOT = {
    "json": "",
    "keyed": "",
    "csv": "",
    "xml": "\v\f\x1c\x1d\x1e\x1f",  # XML 1.0, 2.2: no characters of it
    "text": "\n",  # ends the line
    "html": "\t\n\f\r\v\x1c\x1d\x1e\x1f",  # white space of HTML, and controls that not every parser lets pass
}
"""The white space that a notation cannot hold in every text, or not unchanged."""


class TestWhiteSpace:
    """A sign that stands in a text is in the Trial as the source has it: only white space of the notation is folded."""

    @every_format
    def test_documents(self, format: Format) -> None:
        rare = {*"\t\r\n"}  # every text of some formats is on one line
        same = [one for one in FORMATS if one.notation.name == format.notation.name]
        signs = [*enumerate(sorted({*WHITE} - {*CANNOT[format.notation.name]}))]
        if settings().max_examples <= 10:  # in the quick profile the formats of a notation share its signs
            signs = [(number, sign) for number, sign in signs if same[number % len(same)] is format]
        for number, sign in some(signs, 2):

            def text(random: Random, notation: str = "json", inside: str = "", sign: str = sign) -> str:
                parting = sign in "\r\n" and inside in ("lines", "ticked", "blocks")
                return f"X{random.randrange(10**6)}{' ' if parting else sign}y"

            kept = sign in rare
            for seed in range(8):
                with mock.patch.multiple(words, plain_text=text, padded=lambda random, text, _: text):
                    document = maker_of(format).document(Random(8 * number + seed), 12)
                parsed = parse(document.data)
                assert (sign, document.expected) == (sign, parsed.trial)
                assert traced(parsed)[0] == parsed.trial
                if any(sign in value for _, value in flat(parsed.trial) if isinstance(value, str)):
                    kept = True
                    break
            assert kept

    @pytest.mark.parametrize("sign", sorted({*WHITE} - {*" \t\r\n"}))
    def test_lines_that_an_opener_parts(self, sign: str) -> None:
        text = f"x{sign}y{sign}\n{sign}z"

        assert openers()["lines"](f"{text}\r\nv\rw") == [f"x{sign}y", "z", "v", "w"]
        opened = openers()["answers"](f"Open: no\nx{sign}y: yes")
        assert opened == {"Open": ["no"], " ".join(f"x{sign}y".split()): ["yes"]}
        assert openers()["blocks"](f"A: {text}\nB: w\n\nA: v") == [{"A": text, "B": "w"}, {"A": "v"}]
        assert openers()["eudract"](f"Main Objective: {text}\nTrade Name: w")["Main Objective"] == text

    @pytest.mark.parametrize("sign", sorted({*WHITE} - {*" \t\r\n"}))
    def test_lines_of_a_form(self, sign: str) -> None:
        text = f"x{sign}y{sign}\n{sign}z"
        form, page = [next(one for one in FORMATS if one.name == f"euctr-protocol-{kind}") for kind in ("text", "html")]
        head = "Summary\nEudraCT Number: 2016-099300-36\nSponsor's Protocol Code Number: T\n"
        printed = f"{head}A.3 Full title of the trial: {text}\n"

        assert tree_of(form.notation.form, printed) == filled(form.notation.form, printed).tree
        assert parse(printed.encode()).trial.scientific_title == text
        if sign not in CANNOT["html"]:
            html = write(page, filled(form.notation.form, printed).tree)
            assert parse(html).trial.scientific_title == text


ODD_CHARACTERS = ("\x85", "\ue000", "\uf0a7", "\U000f0000")


def noticed(parsed: Parsed) -> set[str]:
    """Return the fields that the noticing run asks the traced run to read."""
    record = parsed._kept()
    mapping = mapping_of(record.format)
    fitted = record.struct(mapping)
    asked = Noticed(frozenset(), {}) if fitted is None else mapping.notice(fitted[0])
    return {*asked.fields, *asked.items}


class TestAgreement:
    """The fast run and the traced run make the same trial, and the noticing run misses nothing that is to report."""

    @every_format
    @given(data=st.data())
    def test_documents(self, format: Format, data: st.DataObject) -> None:
        assert_agreed(parse(drawn(data, format).data))

    @every_format
    def test_damaged_documents(self, format: Format) -> None:
        def law(random: Random) -> int:
            damaged, found = damaged_records(format, random)
            for outcome in found:
                assert_agreed(outcome, damaged.text)
            return len(found)

        exercised(law, 0.5)

    @every_format
    def test_damaged_documents_without_contacts(self, format: Format) -> None:
        def law(random: Random) -> int:
            damaged, found = damaged_records(format, random, contacts=False)
            for outcome in found:
                assert_agreed(outcome, damaged.text)
            return len(found)

        exercised(law, 0.2, few=True)

    @pytest.mark.parametrize("contacts", [True, False])
    def test_fixtures(self, record_file: Path, contacts: bool) -> None:
        for outcome in readable(record_file, contacts=contacts):
            assert_agreed(outcome)

    @pytest.mark.corpus
    def test_corpus(self) -> None:
        """Over real exports, and few fields are traced for nothing."""
        records = [one for path in corpus_files() for one in outcomes(path) if one.ok]
        withheld = [one for path in corpus_files() for one in outcomes(path, contacts=False) if one.ok]
        needless = 0
        for record in some(withheld):
            assert_agreed(record)
        for record in some(records):
            assert_agreed(record)
            asked = noticed(record)
            needless += len(asked) if not remarked_run(record._kept(), record._options).findings else 0
        assert needless < len(records) / 10

    @every_format
    def test_odd_characters(self, format: Format) -> None:
        """A character that means nothing to a reader is found in whichever leaf it is."""

        def law(random: Random) -> int:
            document = maker_of(format).document(random, 2)
            leaves = {trace.keys: trace.words for trace in traced(parse(document.data))[1].traces if trace.keys}
            tree, sign = copy.deepcopy(document.tree), random.choice(ODD_CHARACTERS)
            places = random.sample(sorted(leaves, key=str), len(leaves))
            if not any(put(tree, keys, sign + leaves[keys]) for keys in places):
                return 0
            found = [one for one in outcomes(write(format, tree)) if one.ok]
            for outcome in found:
                assert_agreed(outcome)
            return len(found)

        exercised(law, 0.1)

    @every_format
    def test_two_odd_values_of_one_field(self, format: Format) -> None:
        """A record whose field holds two odd values is the same trial, whichever of the runs reads it."""

        def law(random: Random) -> int:
            drafts = (odd_pair(maker_of(format).document(random, 3), random) for _ in range(12))
            tree = next((draft for draft in drafts if draft is not None), None)
            found = [] if tree is None else [one for one in outcomes(write(format, tree)) if one.ok]
            for outcome in found:
                assert_agreed(outcome)
            return len(found)

        exercised(law, 1 / 3)


def odd_pair(document: Document, random: Random) -> Tree | None:
    """Return the tree of a document in which two leaves that one field is read from have odd words."""
    by_field: dict[str, set[tuple[Any, ...]]] = {}
    for trace in filter(lambda trace: trace.keys, traced(parse(document.data))[1].traces):
        by_field.setdefault(re.split(r"[.\[]", trace.field, maxsplit=1)[0], set()).add(trace.keys)
    places = [sorted(keys, key=str) for keys in by_field.values() if len(keys) > 1]
    if not places:
        return None
    tree = copy.deepcopy(document.tree)
    chosen = random.sample(random.choice(places), 2)
    return tree if all(put(tree, keys, random.choice(ODD)) for keys in chosen) else None


class TestIdempotent:
    """Doing it twice is doing it once."""

    @given(trials(), st.sampled_from(["en", "it", "xx"]))
    def test_the_language_that_is_already_there(self, trial: Trial, language: str) -> None:
        once, _ = in_language(_one_a_language(trial), language)

        assert once == in_language(once, language)[0]

    @every_format
    @given(data=st.data())
    def test_reading_again(self, format: Format, data: st.DataObject) -> None:
        source = drawn(data, format).data

        assert parse(source).trial == parse(source).trial


def _one_a_language(value: Any) -> Any:
    """Return a value without second translations into one language: each reading takes the next of them."""
    if isinstance(value, tuple):
        items = [_one_a_language(item) for item in value]
        if all(isinstance(item, Translation) for item in items):
            items = list({item.language: item for item in items}.values())
        return tuple(items)
    if not attrs.has(type(value)):
        return value
    changed = {field.name: _one_a_language(getattr(value, field.name)) for field in attrs.fields(type(value))}
    return attrs.evolve(value, **changed)


class TestRoundTrip:
    """A trial becomes JSON and the JSON becomes an equal trial."""

    @given(trials())
    def test_any_trial(self, trial: Trial) -> None:
        assert trial == from_json(to_json(trial))

    @every_format
    @given(data=st.data())
    def test_documents(self, format: Format, data: st.DataObject) -> None:
        trial = parse(drawn(data, format).data).trial

        assert trial == from_json(to_json(trial))

    @settings(max_examples=10)
    @given(trials())
    def test_the_schema_holds(self, trial: Trial) -> None:
        assert jsonschema.Draft202012Validator(schema()).is_valid(json.loads(to_json(trial)))


class TestBlind:
    """Key order, white space, BOM, encoding, compression and what is around a record do not matter."""

    @every_format
    @given(data=st.data())
    def test_compression(self, format: Format, data: st.DataObject) -> None:
        document = drawn(data, format)
        archive = io.BytesIO()
        with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as zipped:
            zipped.writestr("a/b", document.data)

        assert document.expected == parse(gzip.compress(document.data)).trial
        assert document.expected == parse(archive.getvalue()).trial
        assert document.expected == parse(io.BytesIO(document.data)).trial

    @every_format
    @given(data=st.data())
    def test_byte_order_mark(self, format: Format, data: st.DataObject) -> None:
        document = drawn(data, format)

        assert document.expected == parse(codecs.BOM_UTF8 + document.data).trial

    @every_format
    @given(data=st.data())
    def test_utf_16(self, format: Format, data: st.DataObject) -> None:
        document = drawn(data, format)

        assert document.expected == parse(document.data.decode().encode("utf-16")).trial

    @json_formats
    @given(data=st.data())
    def test_white_space_and_order_of_keys(self, format: Format, data: st.DataObject) -> None:
        document = drawn(data, format)
        tree = json.loads(document.data)
        reverse = json.dumps(_reversed(tree), separators=(",", ":"))
        # where a row lists what stands under keys, their order is that of the list
        listed = any("{}" in write_path(path) for row in mapping_of(format).rows for path in row.paths)
        assert listed == (format.name == "ctis-retrieve-v1")
        for text in (json.dumps(tree, indent=3), json.dumps(tree) if listed else reverse, f"\n\t {json.dumps(tree)} "):
            assert document.expected == parse(text.encode()).trial

    @json_formats
    @given(data=st.data())
    def test_arrays_and_lines(self, format: Format, data: st.DataObject) -> None:
        document = drawn(data, format)
        line = json.dumps(json.loads(document.data)).encode()

        for source in (b"[" + line + b"," + line + b"]", line + b"\n" + line + b"\n"):
            assert [document.expected] * 2 == [outcome.trial for outcome in read(source)]


def _reversed(tree: Tree) -> Tree:
    if isinstance(tree, dict):
        return {key: _reversed(tree[key]) for key in reversed(tree)}
    return [_reversed(item) for item in tree] if isinstance(tree, list) else tree


class TestValid:
    """Every parsed trial passes the public constructors, and is frozen and hashable."""

    @every_format
    def test_damaged_documents(self, format: Format) -> None:
        def law(random: Random) -> int:
            _, found = damaged_records(format, random)
            for outcome in found:
                assert outcome.trial == rebuilt(outcome.trial)
                assert hash(outcome.trial) == hash(rebuilt(outcome.trial))
            return len(found)

        exercised(law, 0.5)

    def test_fixtures(self, record_file: Path) -> None:
        for outcome in readable(record_file):
            assert outcome.trial == rebuilt(outcome.trial)


def test_makers_cover_their_tables() -> None:
    """What documents cannot show is known, and little."""
    makers = {format.name: maker_of(format) for format in FORMATS if format.notation.name == "json"}
    assert len(makers) >= 5
    assert {} == {name: it.uncovered for name, it in makers.items() if len(it.uncovered) * 20 > len(it.leaves)}

"""The laws of the library, over every format and documents made from its table; each class docstring is a law."""

import codecs
import copy
import gzip
import io
import json
import re
import sys
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from functools import lru_cache, reduce
from pathlib import Path
from random import Random
from typing import Any
from unittest import mock

import attrs
import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conftest import FIXTURES, few, fixture_files
from trialparse import Failure, Problem, TrialParseError, from_json, parse, read, schema, to_json
from trialparse.mapping.compiled import mapping_of
from trialparse.mapping.format import Format
from trialparse.mapping.opening import openers
from trialparse.mapping.plan import ItemsField, RecordField, RecordPlan
from trialparse.mapping.rows import COPIES, Row, target_of
from trialparse.mapping.traced import Tracer
from trialparse.model import Trial
from trialparse.model.checks import dangling_ids
from trialparse.model.translation import in_language
from trialparse.model.values import Translation
from trialparse.parsing.parsed import Parsed
from trialparse.readers.form import filled
from trialparse.readers.form_fast import tree_of
from trialparse.readers.paths import Path as Steps
from trialparse.readers.paths import resolved
from trialparse.readers.shapes import Tree
from trialparse.registries import FORMATS
from trialparse.strategies import Damaged, Document, damaged, documents, maker_of, trials, words
from trialparse.strategies.damage import damage, nodes
from trialparse.strategies.notation import write

every_format = pytest.mark.parametrize("format", FORMATS, ids=lambda format: format.name)
json_formats = pytest.mark.parametrize(
    "format", [format for format in FORMATS if format.notation.name == "json"], ids=lambda format: format.name
)


def drawn(data: st.DataObject, format: Format) -> Document:
    """Draw a document of a format; skip where its table is not written yet."""
    if not maker_of(format).read:
        pytest.skip(f"the table of {format.name} reads nothing yet")
    return data.draw(documents(format))


def drawn_damaged(data: st.DataObject, format: Format) -> tuple[Document, Damaged]:
    document = drawn(data, format)
    return document, data.draw(damaged(document))


def exercised(law: Callable[[Random], int], least: float) -> None:
    """Hold a law on as many draws as the profile says.

    It returns how much it compared: `least` for each draw, over all of them.
    """
    compared = 0

    @given(st.integers(0, 2**32))
    def draws(seed: int) -> None:
        nonlocal compared
        compared += law(Random(seed))

    draws()
    assert compared >= settings().max_examples * least, compared


def damaged_records(format: Format, random: Random, **options: Any) -> tuple[Damaged, list[Parsed]]:
    """Return a damaged document of a format and the records that can be read of it."""
    found = damage(maker_of(format).document(random, 3), random)
    return found, [outcome for outcome in outcomes(found.data, **options) if outcome.ok]


def fixture_records(path: Path, **options: Any) -> list[Parsed]:
    """Return the records of a fixture: all can be read, and there are none in the page that says so only."""
    found = list(read(path, **options))
    assert all(isinstance(outcome, Parsed) for outcome in found)
    assert found or path.name == "not_found.html"
    return found


def outcomes(source: bytes, **options: Any) -> list[Any]:
    """Return all that a source gives, none where it is refused as a whole."""
    try:
        return list(read(source, **options))
    except TrialParseError:
        return []


def traced(parsed: Parsed) -> tuple[Trial, Tracer]:
    """Return what the traced run makes of a record."""
    record = parsed._kept()
    tracer = Tracer(lone=record.format.notation.name != "json", redacted=record.redacted, joins=record.joins)
    return tracer.run(mapping_of(record.format).plan, record.tree()), tracer


def rebuilt(value: Any) -> Any:
    """Return a value of the model built again by the public constructors."""
    if isinstance(value, tuple):
        return tuple(rebuilt(item) for item in value)
    if isinstance(value, frozenset):
        return frozenset(rebuilt(item) for item in value)
    if attrs.has(type(value)):
        return type(value)(**{f.name: rebuilt(getattr(value, f.name)) for f in attrs.fields(type(value))})
    return value


def flat(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Give path and value of every plain field of a trial that is not its default."""
    if isinstance(value, tuple):
        for index, item in enumerate(value):
            yield from flat(item, f"{path}[{index}]")
    elif attrs.has(type(value)):
        for field in attrs.fields(type(value)):
            yield from flat(getattr(value, field.name), f"{path}.{field.name}" if path else field.name)
    elif value is not None and value != frozenset():
        yield path, value


def at(tree: Tree, pointer: str) -> Any:
    """Return what stands at a JSON pointer."""
    for part in pointer.split("/")[1:]:
        key = part.replace("~1", "/").replace("~0", "~")
        tree = tree[int(key)] if isinstance(tree, list) else tree[key]
    return tree


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
    def test_any_damage(self, format: Format, data: st.DataObject) -> None:
        _, damage = drawn_damaged(data, format)

        for outcome in outcomes(damage.data):
            assert isinstance(outcome, Parsed | Failure), damage.text
            if isinstance(outcome, Parsed):
                str(outcome.diagnostics), outcome.evidence(), str(outcome.audit())

    @every_format
    @given(data=st.data())
    def test_any_damage_without_contacts(self, format: Format, data: st.DataObject) -> None:
        _, damage = drawn_damaged(data, format)

        for outcome in outcomes(damage.data, contacts=False, results=False, language="en"):
            assert isinstance(outcome, Parsed | Failure), damage.text


class TestSilent:
    """Documents parse to the trial they were made from; nothing is told but of ids drawn to lead nowhere."""

    @every_format
    @given(data=st.data())
    def test_documents(self, format: Format, data: st.DataObject) -> None:
        document = drawn(data, format)
        parsed = parse(document.data)

        assert (format.name, document.expected) == (parsed.format.name, parsed.trial)
        assert _astray(document.expected) == Counter((d.problem, d.field, d.text) for d in parsed.diagnostics)

    @every_format
    @settings(max_examples=5)
    @given(data=st.data())
    def test_full_documents(self, format: Format, data: st.DataObject) -> None:
        document = data.draw(documents(format, sparse=False))
        parsed = parse(document.data)

        assert document.expected == parsed.trial
        assert _astray(document.expected) == Counter((d.problem, d.field, d.text) for d in parsed.diagnostics)


def _astray(trial: Trial) -> Counter[tuple[Problem, str | None, str]]:
    """Return what is told of ids that lead nowhere."""
    return Counter(dangling_ids(trial.results))


WHITE = [chr(code) for code in range(sys.maxunicode) if chr(code).isspace()]
"""What Python takes for white space: `str.split` parts a text there, and `str.splitlines` at some of it."""

CANNOT = {
    "json": "",
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
        for number, sign in enumerate(sorted({*WHITE} - {*CANNOT[format.notation.name]})):
            if same[number % len(same)] is not format and settings().max_examples <= 10:
                continue  # in the quick profile the formats of a notation share its signs

            def text(random: Random, notation: str = "json", inside: str = "", sign: str = sign) -> str:
                parting = sign in "\r\n" and inside in ("lines", "ticked", "blocks")
                return f"X{random.randrange(10**6)}{' ' if parting else sign}y"

            kept = False
            for seed in range(8):
                with mock.patch.multiple(words, plain_text=text, padded=lambda random, text, _: text):
                    document = maker_of(format).document(Random(8 * number + seed), 12)
                parsed = parse(document.data)
                assert (sign, document.expected) == (sign, parsed.trial)
                assert traced(parsed)[0] == parsed.trial
                kept = any(sign in value for _, value in flat(parsed.trial) if isinstance(value, str))
                if kept:
                    break
            assert kept or sign in rare

    @pytest.mark.parametrize("sign", sorted({*WHITE} - {*" \t\r\n"}))
    def test_lines_that_an_opener_parts(self, sign: str) -> None:
        text = f"x{sign}y{sign}\n{sign}z"

        assert openers()["lines"](f"{text}\r\nv\rw") == [f"x{sign}y", "z", "v", "w"]
        assert openers()["ticked"](f"x{sign}y: yes\nz: no") == [f"x{sign}y"]
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


class TestAgreement:
    """The fast run and the traced run make the same trial."""

    @every_format
    @given(data=st.data())
    def test_documents(self, format: Format, data: st.DataObject) -> None:
        parsed = parse(drawn(data, format).data)

        assert traced(parsed)[0] == parsed.trial

    @every_format
    def test_damaged_documents(self, format: Format) -> None:
        def law(random: Random) -> int:
            damaged, found = damaged_records(format, random)
            for outcome in found:
                assert traced(outcome)[0] == outcome.trial, damaged.text
            return len(found)

        exercised(law, 0.5)

    def test_fixtures(self, fixture_file: Path) -> None:
        for outcome in fixture_records(fixture_file):
            assert traced(outcome)[0] == outcome.trial

    @every_format
    def test_two_odd_values_of_one_field(self, format: Format) -> None:
        """A record whose field holds two odd values is the same trial, whichever of the runs reads it."""

        def law(random: Random) -> int:
            drafts = (odd_pair(maker_of(format).document(random, 3), random) for _ in range(12))
            tree = next((draft for draft in drafts if draft is not None), None)
            found = [] if tree is None else [one for one in outcomes(write(format, tree)) if one.ok]
            for outcome in found:
                assert traced(outcome)[0] == outcome.trial
            return len(found)

        exercised(law, 1 / 3)


ODD = ("0", "unlimited-ish", "99999", "-1", "2026-02-30", "N/A", "no such word", "None", "true", "1", "1900-01-01")
"""Words that mean nothing, or something else, in most fields."""


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


def put(tree: Tree, keys: tuple[Any, ...], value: Any) -> bool:
    """Put a value in the place of the leaf that keys lead to, and return whether there is one.

    In XML one element may be there for a list of one, and an element with attributes for its text.
    """
    *way, last = keys
    for key in way:
        if isinstance(tree, list) != isinstance(key, int):
            if isinstance(key, int):
                continue
            tree = tree[0]
        if isinstance(tree, dict) and key not in tree:
            return False
        tree = tree[key]
    if not isinstance(tree, dict | list) or (isinstance(tree, dict) and last not in tree):
        return False
    if isinstance(tree, list) != isinstance(last, int) or isinstance(tree[last], dict | list):
        return False
    tree[last] = value
    return True


def general(path: str) -> str:
    """Return the path of a field or a place without indexes."""
    return re.sub(r"\[\d+\]|(?<=/)\d+(?=/|$)", "*", path)


class TestLocal:
    """Only fields change whose evidence, before or after, cites the damaged node, its list or what joins it."""

    @json_formats
    def test_damage(self, format: Format) -> None:
        def law(random: Random) -> int:
            document = maker_of(format).document(random, 3)
            before = parse(document.data)
            one = next((each for each in several(document, random) if remains(before, each)), None)
            if one is None:
                return 0
            after = parse(one.data)
            differing = set(_fields(before)) ^ set(_fields(after))
            changed = {general(path) for path, _ in differing if not path.startswith("missing")}
            reached = _reached(before, one) | _reached(after, one)

            assert set() == {p for p in changed if not any(p == r or p.startswith((r + ".", r + "*")) for r in reached)}
            return 1

        exercised(law, 0.8)


def several(document: Document, random: Random) -> Iterator[Damaged]:
    """Give some damages of one node of a document."""
    damages = (damage(document, random) for _ in range(12))
    return (each for each in damages if each.tree is not None and each.kind != "doubled")


def remains(before: Parsed, damaged: Damaged) -> bool:
    """Whether a damaged document is still one record of the same format."""
    after = outcomes(damaged.data)
    return len(after) == 1 and bool(after[0].ok) and after[0].format is before.format


def _fields(parsed: Parsed) -> list[tuple[str, Any]]:
    return list(flat(parsed.trial))


def _reached(parsed: Parsed, damage: Damaged) -> set[str]:
    """Return the fields whose evidence cites the damaged node, or that stand in one list with such a field."""
    base = "/" + "/".join(map(str, parsed._kept().raw.base)) if parsed._kept().raw.base else ""
    node = general(base + "".join(f"/{key}" for key in damage.keys))
    lists = node[: node.find("/*", len(general(base)) + 1)] if "/*" in node[len(general(base)) :] else node
    cited = set()
    for field, evidence in parsed.evidence().items():
        for source in evidence.sources:
            place = general(source.place.path)
            if place.startswith(lists) or node.startswith(place + "/") or place == "":
                cited.add(general(field))
    cited |= {
        field + "*"
        for field, place in _joins(mapping_of(parsed.format).plan)
        if f"{node}/".startswith(f"{general(base)}{place}/") or f"{general(base)}{place}/".startswith(f"{node}/")
    }
    items = {field.split("*")[0] + "*" for field in cited if "*" in field}
    every = {general(path) for path, _ in _fields(parsed)}
    return (
        cited
        | {path for path in every if any(path.startswith(item) for item in items)}
        | {path for path in every if path in {item.removesuffix("*") for item in items}}
    )


def _joins(plan: RecordPlan, prefix: str = "") -> Iterator[tuple[str, str]]:
    """Give the lists that are joined by a key, each with every place that one of its parts is opened at.

    What stands there decides on the order of the list even if nothing else is read from it.
    """
    for field in plan.fields:
        if isinstance(field, ItemsField) and field.joined:
            for source in field.plan.sources:
                steps = [f"/{step.key}{'/*' * bool(step.many)}" for step in source.absolute if not step.opener]
                yield prefix + field.name, "".join(steps).removesuffix("/*")
        if isinstance(field, RecordField):
            yield from _joins(field.plan, f"{prefix}{field.name}.")
        elif isinstance(field, ItemsField):
            yield from _joins(field.plan, f"{prefix}{field.name}*.")


class TestTold:
    """A value of another type has a diagnostic or an unmapped leaf, a renamed key is unmapped, null equals absence."""

    @json_formats
    def test_a_renamed_key_is_unmapped(self, format: Format) -> None:
        def law(random: Random) -> int:
            document = maker_of(format).document(random, 3)
            before = parse(document.data).format
            named = [keys for keys, _ in nodes(document.tree) if isinstance(keys[-1], str)]
            for keys in random.sample(named, min(12, len(named))):
                renamed = (*keys[:-1], f"{keys[-1]}X")
                value = reduce(lambda tree, key: tree[key], keys, document.tree)
                if _is_id(format, keys) or all(_hidden(format, (*renamed, *below)) for below in _leaves(value)):
                    continue
                tree = _changed(document.tree, keys, lambda parent, key: parent.update({f"{key}X": parent.pop(key)}))
                for outcome in outcomes(document.with_tree(tree).data):
                    if outcome.ok and outcome.format is before:
                        assert any(renamed[-1] in path for path in outcome.audit().unmapped)
                        return 1
            return 0

        exercised(law, 0.8)

    @pytest.mark.parametrize(
        ("name", "place"),
        [
            ("immunostem", ("authorizedApplication", "authorizedPartI", "productRoleGroupInfos", 0, "products", 0)),
            ("v1", ("applications", 0, "partI")),
            ("v1", ("applications", 0, "partI", "products", 0, "productDictionaryInfo")),
            ("v1", ("applications", 0, "partI", "productRoleGroupInfos", 0, "products", 0)),
            ("v1", ("applications", 0, "primarySponsor")),
            ("v1", ("authorizedPartsII", 0, "mscInfo")),
            ("v1", ("authorizedPartsII", 0, "mscInfo", "trialPeriod", 0)),
        ],
    )
    def test_a_new_key_in_a_copy_is_unmapped(self, name: str, place: tuple[Any, ...]) -> None:
        """What repeats another part of the record is ignored as far as that part is known."""
        tree = json.loads((FIXTURES / "ctis" / f"{name}.json").read_bytes())
        changed = _changed(tree, (*place, "newKey"), lambda parent, key: parent.update({key: "x"}))
        path = ".".join(key for key in (*place, "newKey") if isinstance(key, str))

        assert {path: 1} == parse(json.dumps(changed).encode()).audit().unmapped

    @json_formats
    def test_null_equals_absence(self, format: Format) -> None:
        def law(random: Random) -> int:
            document = maker_of(format).document(random, 3)
            before = parse(document.data).format
            places = [keys for keys in _leaves(document.tree) if keys and isinstance(keys[-1], str)]
            for place in random.sample(places, min(12, len(places))):
                null = _changed(document.tree, place, lambda parent, key: parent.update({key: None}))
                without = _changed(document.tree, place, lambda parent, key: parent.pop(key))
                emptied, deleted = outcomes(document.with_tree(null).data), outcomes(document.with_tree(without).data)
                if len(emptied) == len(deleted) == 1 and deleted[0].ok and deleted[0].format is before:
                    assert emptied[0].trial == deleted[0].trial
                    return 1
            return 0

        exercised(law, 0.8)

    @json_formats
    def test_another_type_has_a_diagnostic_or_is_unmapped(self, format: Format) -> None:
        def law(random: Random) -> int:
            document = maker_of(format).document(random, 3)
            places = [keys for keys in _leaves(document.tree) if keys]
            for place in random.sample(places, min(12, len(places))):
                if _hidden(format, (*place, "no such key")):
                    continue
                wrong = _changed(
                    document.tree, place, lambda parent, key: parent.__setitem__(key, {"no such key": "x"})
                )
                for outcome in outcomes(document.with_tree(wrong).data):
                    if outcome.ok and outcome.format is format:
                        assert outcome.audit().unmapped
                        return 1
            return 0

        exercised(law, 0.8)

    @json_formats
    def test_diagnostics_have_places_that_are_there(self, format: Format) -> None:
        def law(random: Random) -> int:
            compared = 0
            document = maker_of(format).document(random, 3)
            odd = copy.deepcopy(document.tree)
            leaves = [keys for keys in _leaves(odd) if keys]
            for keys in random.sample(leaves, min(12, len(leaves))):
                put(odd, keys, random.choice(ODD))
            for data in (damage(document, random).data, write(format, odd)):
                for outcome in outcomes(data):
                    for diagnostic in outcome.diagnostics if outcome.ok else ():
                        there = at(json.loads(data), diagnostic.place.path)
                        if diagnostic.field and isinstance(there, str):
                            compared += 1
                            assert diagnostic.text in there or there in diagnostic.text
            return compared

        exercised(law, 0.5)


def _hidden(format: Format, keys: tuple[Any, ...], left: int = 5) -> bool:
    """Whether a leaf is ignored whatever the keys above are called, or by its last key wherever it stands.

    A catch-all for a copy hides what is hidden in the original.
    """
    bare = tuple(key for key in keys if isinstance(key, str))
    for row in mapping_of(format).rows:
        steps = _steps(row.path)
        if row.verb != "ignore":
            continue
        if row.argument.startswith(COPIES):
            caught = steps[-1] == "**" and len(bare) >= len(steps) and _matches(bare, steps[:-1])
            there = (*_steps(target_of(row.argument)), *bare[len(steps) - 1 :]) if caught and left else ()
            if there and _hidden(format, there, left - 1):
                return True
            continue
        if steps[0] == "**" and steps[-1] == bare[-1] and "person" not in row.marks:
            return True
        if steps[-1] == "**" and len(bare) >= len(steps) and _matches(bare, steps[:-1]):
            return True
    return False


def _is_id(format: Format, keys: tuple[Any, ...]) -> bool:
    """Whether the last key is an id, of which any will do."""
    bare = tuple(key for key in keys if isinstance(key, str))
    paths = [_steps(resolved(path)) for row in mapping_of(format).rows for path in row.paths]
    return any(len(s) >= len(bare) and s[len(bare) - 1] == "*" and _matches(bare, s) for s in paths)


def _steps(path: Steps) -> tuple[str, ...]:
    """Return the keys of a path; `*` for the ids of an object keyed by them."""
    return tuple(key for step in path for key in ((step.key, "*") if step.many == "{}" else (step.key,)))


def _matches(keys: tuple[str, ...], steps: tuple[str, ...]) -> bool:
    return all(step in ("*", key) for key, step in zip(keys, steps, strict=False))


def _leaves(tree: Tree, keys: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if isinstance(tree, dict) and tree:
        for key, below in tree.items():
            yield from _leaves(below, (*keys, key))
    elif isinstance(tree, list) and tree:
        for index, below in enumerate(tree):
            yield from _leaves(below, (*keys, index))
    else:
        yield keys


def _changed(tree: Tree, keys: tuple[Any, ...], change: Any) -> Tree:
    tree = json.loads(json.dumps(tree))
    parent = tree
    for key in keys[:-1]:
        parent = parent[key]
    change(parent, keys[-1])
    return tree


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
    """Return a value without second translations into one language, of which each reading takes the next."""
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


class TestTruthful:
    """The places of evidence really hold its words."""

    @every_format
    @given(data=st.data())
    def test_documents(self, format: Format, data: st.DataObject) -> None:
        document = drawn(data, format)

        _hold_truth(document.data, parse(document.data))

    @every_format
    @given(data=st.data())
    def test_every_filled_field_has_evidence(self, format: Format, data: st.DataObject) -> None:
        parsed = parse(drawn(data, format).data)
        known = parsed.evidence()

        for path, _ in flat(parsed.trial):
            below = next((k for k in known if path == k or path.startswith((k + ".", k + "["))), None)
            assert below is not None or path.startswith("missing"), path

    def test_fixtures(self, fixture_file: Path) -> None:
        for outcome in fixture_records(fixture_file):
            _hold_truth(fixture_file.read_bytes().removeprefix(codecs.BOM_UTF8), outcome)

    @every_format
    def test_damaged_documents(self, format: Format) -> None:
        def law(random: Random) -> int:
            damaged, found = damaged_records(format, random)
            if damaged.kind == "doubled":
                return 0  # of a key that stands twice, the last one counts
            for outcome in found:
                _hold_truth(damaged.data, outcome)
            return len(found)

        exercised(law, 0.4)


def _hold_truth(data: bytes, parsed: Parsed) -> None:
    rows = mapping_of(parsed.format).rows
    implying = {row.name for row in rows if row.verb in ("constant", "each")}
    opening = {row.name for row in rows if any(step.opener for path in row.paths for step in path)}
    for field, evidence in parsed.evidence().items():
        assert evidence.row
        for source in (*evidence.sources, *evidence.unread):
            made_by = set(evidence.row.split())
            if source.text == "" and implying & made_by:
                continue  # what the row says and no word of the source
            there = words_at(data, parsed, source.place.path)
            if opening & made_by or (parsed.format.notation.name == "html" and source.text in there.split("\n")):
                assert source.text in there, field
            else:
                assert source.text == there, field


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
        for text in (json.dumps(tree, indent=3), reverse, f"\n\t {json.dumps(tree)} "):
            if "{}" not in str(mapping_of(format).selection.shape):
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


class TestAccounted:
    """Every leaf is in exactly one account: mapped, ignored, withheld or unmapped."""

    @every_format
    @given(data=st.data())
    def test_documents(self, format: Format, data: st.DataObject) -> None:
        document = drawn(data, format)
        audit = parse(document.data).audit()

        assert {} == audit.unmapped
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

    def test_fixtures(self, fixture_file: Path) -> None:
        for outcome in fixture_records(fixture_file):
            assert outcome.trial == rebuilt(outcome.trial)


def _fixture_records() -> list[Parsed]:
    found: list[Parsed] = []
    for path in fixture_files():
        found += [outcome for outcome in outcomes(path.read_bytes()) if outcome.ok]
    return found


class TestCensus:
    """Every table row is exercised by a fixture or marked `unseen`; every fixture leaf is accounted for."""

    def test_every_fixture_leaf_is_accounted_for(self, fixture_file: Path) -> None:
        for outcome in fixture_records(fixture_file):
            assert {} == outcome.audit().unmapped

    @pytest.mark.parametrize("table", sorted({(format.registry, format.table) for format in FORMATS}))
    def test_every_row_is_exercised(self, table: tuple[str, str]) -> None:
        """An old shape reads by the rows of today's table, so its fixtures exercise them too."""
        formats = [format for format in FORMATS if (format.registry, format.table) == table]
        must = {row.name: row for format in formats for row in mapping_of(format).rows if _must_show(row)}
        read = {
            trace.row
            for parsed in _fixture_records()
            if parsed.format in formats
            for trace in traced(parsed)[1].traces
            if not trace.unread
        }

        assert [] == [f"{name} {row.field}" for name, row in must.items() if name not in read]

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

        assert set() == {name for name in unreached if not name.startswith(("MissingKind.", "Sex.", "Assignment."))}


def _must_show(row: Row) -> bool:
    return row.verb not in ("ignore", "each", "constant") and "unseen" not in row.marks


_PERSONAL = re.compile(r"[\w.+-]+@[\w-]+\.\w+|\+99 ?000[\d -]*|\+99[\d -]{6,}")
_NAMED = {"sponsors[].name", "sponsors[].city", "sites[].name", "sites[].city", "sites[].department", "funding[]"}
"""Fields that name organisations and their places."""


class TestWithheld:
    """Without contacts persons are in nothing that is given, and nothing else is lost."""

    def test_fixtures(self, fixture_file: Path) -> None:
        without = fixture_records(fixture_file, contacts=False)
        for plain, outcome in zip(fixture_records(fixture_file), without, strict=True):
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
    @few
    @given(data=st.data())
    def test_documents_of_which_all_fields_share_words(self, format: Format, data: st.DataObject) -> None:
        source = _misfiled(drawn(data, format).data, format, data.draw(st.randoms(use_true_random=False)))

        for plain, outcome in zip(outcomes(source), outcomes(source, contacts=False), strict=True):
            _hold_back(plain, outcome)

    def test_nothing_else_of_fixtures(self, fixture_file: Path) -> None:
        assert _hold_back_all(fixture_file.read_bytes()) == len(fixture_records(fixture_file))

    def test_nothing_else_of_the_corpus(self, corpus_file: Path) -> None:
        source = corpus_file.read_bytes()
        assert _hold_back_all(source) == sum(outcome.ok for outcome in outcomes(source))

    def test_the_quick_run_lists_what_is_withheld(self, fixture_file: Path) -> None:
        """Only fields in which marks stand are read by the traced run; the trial is as if all were."""
        for outcome in fixture_records(fixture_file, contacts=False):
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

    def test_few_fields_are_read_again(self, monkeypatch: pytest.MonkeyPatch) -> None:
        seen: list[set[str]] = []
        run = Tracer.run
        monkeypatch.setattr(
            Tracer, "run", lambda self, plan, tree: seen.append({f.name for f in plan.fields}) or run(self, plan, tree)
        )
        trial = parse((FIXTURES / "ctis" / "immunostem.json").read_bytes(), contacts=False).trial

        assert seen == [{"sponsors", "sites", "contacts"}]
        assert {entry.field.partition("[")[0] for entry in trial.missing} <= seen[0]


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
    """Check every record of a source, and return how many there are."""
    compared = 0
    for plain, outcome in zip(outcomes(source), outcomes(source, contacts=False), strict=True):
        if plain.ok:
            _hold_back(plain, outcome)
            compared += 1
    return compared


def _hold_back(plain: Parsed, outcome: Parsed) -> None:
    """Check that fields differ where a person stands, and only there."""
    before, after = _values(plain), _values(outcome)
    names = _names(plain)
    evidence = [(_unnumbered(field), found.sources) for field, found in plain.evidence().items()]
    marked = {field for field, sources in evidence if any(_is_marked(s.place.path, plain.format) for s in sources)}
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


def _is_marked(place: str, format: Format, mark: str = "person") -> bool:
    """Whether the table marks a place as one of persons, found without the library."""
    keys = [key for key in re.sub(r"\[\d+\]", "", place).split("/") if not key.isdecimal()]
    rows = [row for row in mapping_of(format).rows if mark in row.marks]
    paths = [[step.key for step in path if step.key != "**"] for row in rows for path in row.paths]
    return any(keys[-len(path) :] == path for path in paths)


def _local_path(element: Any) -> str:
    """Return where an element stands by local names, which `getpath` does not give where there is a namespace."""
    return re.sub(r"\{[^{}]*\}", "", element.getroottree().getelementpath(element))


def _holds(text: str, names: set[str]) -> bool:
    """Whether a text holds all words of a name, or what may be an address or a telephone number."""
    words = set(re.findall(r"\w+", text.upper()))
    found = any(words.issuperset(re.findall(r"\w+", name.upper())) for name in names)
    return found or "@" in text or re.search(r"\d[\d ()./-]{4,}\d", text) is not None


def _names(parsed: Any) -> dict[str, int]:
    """Return the names of persons in the contact fields of a record, each with the number of fields that it is in."""
    found: dict[str, list[str]] = {}
    for place, text in _texts(parsed) if parsed.ok else ():
        if _is_marked(place, parsed.format, "name"):
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


def test_makers_cover_their_tables() -> None:
    """What documents cannot show is known, and little."""
    for format in FORMATS:
        maker = maker_of(format)
        if format.notation.name == "json":
            assert len(maker.uncovered) * 20 <= len(maker.leaves), maker.uncovered

"""Files that are not read: one sentence says what each is and what to do, and none is mistaken for another."""

import copy
import gzip
import io
import json
import pickle
import zipfile
from collections import Counter
from collections.abc import Generator
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import FIXTURES, sources
from tests.counting import some
from tests.foreign.samples import FURTHER, SAMPLES, census, own, written
from trialparse import (
    Failure,
    Limits,
    Parsed,
    TrialParseError,
    UnrecognisedFormat,
    foreign,
    from_json,
    parse,
    read,
    sniff,
)
from trialparse.cli import main
from trialparse.diagnostics import Place
from trialparse.parsing.unread import one_error

TRIAL = (FIXTURES / "ctis" / "immunostem.json").read_bytes()
LONGEST = 300


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    return {**SAMPLES, **own(), "own-census": census(tmp_path_factory.mktemp("census"))}


def error_of(source: bytes | Path, contacts: bool = True) -> UnrecognisedFormat:
    """Return the error on a source of which nothing is read; `parse`, `read` and `sniff` agree on it."""
    with pytest.raises(UnrecognisedFormat) as found:
        list(read(source, contacts=contacts))
    for call in (parse, sniff):
        with pytest.raises(UnrecognisedFormat) as other:
            call(source)
        assert other.value.kind == found.value.kind
    return found.value


def archive(*members: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as into:
        for number, member in enumerate(members):
            into.writestr(f"{number}.dat", member)
    return made.getvalue()


class TestKinds:
    """Each row of the table is a kind of file that some sample has, and the sample is of no other kind."""

    def test_each_has_a_sample(self, samples: dict[str, bytes]) -> None:
        assert samples.keys() == {kind.name for kind in foreign.kinds()}

    def test_one_sentence(self, samples: dict[str, bytes]) -> None:
        for kind in some(foreign.kinds(), 40):
            error = error_of(samples[kind.name])

            assert (error.kind, str(error)) == (kind.name, kind.sentence)
            assert len(kind.sentence) < LONGEST
            assert "\n" not in kind.sentence

    @pytest.mark.parametrize(("name", "sample"), FURTHER, ids=[name for name, _ in FURTHER])
    def test_other_signs(self, name: str, sample: bytes) -> None:
        assert str(error_of(sample)) == str(error_of(SAMPLES[name]))
        assert error_of(sample).kind == name

    def test_inside(self, samples: dict[str, bytes]) -> None:
        """Inside of other JSON a record of a register is of its kind; what trialparse wrote is only by itself."""
        inner = [kind for kind in foreign.kinds() if kind.sign in ("json", "alone")]
        for kind in some(inner, 8):
            data = b'{"a": {"b": %s}}' % samples[kind.name]
            with pytest.raises(UnrecognisedFormat) as found:
                parse(data)
            assert found.value.kind == (kind.name if kind.sign == "json" else None)

    def test_a_long_element(self) -> None:
        """An element is looked at as far as a document is."""
        long = json.dumps({"text": "x" * 20_000, **json.loads(SAMPLES["drks"])}).encode()

        assert {error_of(source).kind for source in (b"[%s, %s]" % (long, long), long + b"\n" + long)} == {"drks"}

    def test_without_words_it_is_the_same(self, samples: dict[str, bytes]) -> None:
        """The sentence is the library's, so it stays where words of the source are withheld; so does the kind."""
        for name, sample in some(samples.items()):
            error = error_of(sample, contacts=False)
            others = (error.without_words(), pickle.loads(pickle.dumps(error)), copy.copy(error))

            assert {(name, str(error))} == {(one.kind, str(one)) for one in (error, *others)}

    def test_packed(self, samples: dict[str, bytes]) -> None:
        plain = [name for name, sample in samples.items() if not sample.startswith(b"PK")]
        for name in some(plain, 35):
            assert error_of(gzip.compress(samples[name])).kind == name

    def test_cut(self, samples: dict[str, bytes]) -> None:
        """A part of such a file is an error of the library as well, and without its end nearly each is of its kind."""
        named = Counter[int]()
        for name, sample in some(samples.items()):
            for lost in (1, len(sample) // 2, len(sample) - 1):
                with pytest.raises(TrialParseError) as found:
                    parse(sample[:-lost])
                named[lost] += getattr(found.value, "kind", None) == name
        assert named[1] > 35

    def test_none_of_ours(self) -> None:
        """No file that is read, nor one beside it, is of such a kind: otherwise a row of the table has to go."""
        heads = {path.name: path.read_bytes()[: foreign.HEAD] for path in some(sources(FIXTURES), 40)}

        assert {} == {name: kind.name for name, head in heads.items() if (kind := foreign.kind_of(head)) is not None}

    def test_what_is_read_is_not_looked_at(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(foreign, "kind_of", lambda head: pytest.fail("a source that is read was looked at"))

        assert parse(TRIAL).ok

    @given(st.binary(max_size=400))
    def test_any_bytes(self, data: bytes) -> None:
        kind = foreign.kind_of(data)

        assert kind is None or kind in foreign.kinds()

    @given(st.text(alphabet='{}[],:"\\a ', max_size=60))
    def test_any_json(self, text: str) -> None:
        found = foreign.objects(text.encode())

        assert all(isinstance(keys, set) for keys in found.values())

    def test_deep_json(self) -> None:
        assert len(foreign.objects(b'{"a":' * 10_000)) < 20


class TestWords:
    """A name counts where it is a name of the document's structure, and nowhere else."""

    @pytest.mark.parametrize(
        "source",
        [
            b'{"text": "protocolSection identificationModule drksId"}',
            b'{"a": [1, {"drksId": 1}]}',
            b'{"drksId": 1}',
            b'{"links": {"drksId": 1}}',
            b'{"meta": {"schema_version": 1, "format": "x"}}',
            b'{"schema_version": 1, "registry": "docker.io"}',
            b"<a>clinical_study</a>",
            b"<a><clinical_study/></a>",
            b"<trial><text>isrctn</text></trial>",
            b"<feed/>",
            b"nct_id\nNCT99999999\n",
            b"NCT Number\n",
            b"see PMID- 1\n",
            b"xPNG",
        ],
    )
    def test_elsewhere(self, source: bytes) -> None:
        with pytest.raises(TrialParseError) as found:
            parse(source)
        assert getattr(found.value, "kind", None) is None


class TestSeveral:
    """Where nothing else is in a source, several files or records have one error; among others each is a failure."""

    def test_records_of_one_kind(self) -> None:
        study = json.loads(SAMPLES["fhir"])
        for source in (written([study] * 5), b"\n".join([json.dumps(study).encode()] * 5), written([study] * 5)[:-9]):
            assert error_of(source).kind == "fhir"

    def test_an_archive_of_one_kind(self) -> None:
        assert error_of(archive(*[SAMPLES["isrctn"]] * 3)).kind == "isrctn"
        assert error_of(archive(*[SAMPLES["isrctn"]] * 3), contacts=False).kind == "isrctn"

    def test_an_archive_of_several(self) -> None:
        error = error_of(archive(b"Dear all,", SAMPLES["isrctn"], SAMPLES["png"]))

        assert str(error).startswith("none of its 3 files is read; one is trials of ISRCTN in XML")
        assert len(str(error)) < LONGEST
        assert error.kind is None

    def test_an_archive_of_one_kind_in_two_notations(self) -> None:
        """Files of one kind that differ in their sentences have one kind together."""
        error = error_of(archive(b'{"a": %s}' % TRIAL, b'{"b": %s}' % TRIAL))

        assert str(error).startswith("none of its 2 files is read; the first is JSON with records inside of it")
        assert error.kind == "wrapped"

    def test_beside_a_record(self) -> None:
        for source in (
            archive(SAMPLES["rss"], SAMPLES["rss"], TRIAL, SAMPLES["rss"]),
            b"[%s, %s, %s, %s]" % (SAMPLES["drks"], SAMPLES["drks"], TRIAL, SAMPLES["drks"]),
        ):
            first, second, third = read(source)

            assert isinstance(first, Failure)
            assert isinstance(second, Parsed)
            assert isinstance(third, Failure)
            assert (first.index, first.count, second.place.record, third.index, third.count) == (0, 2, 2, 3, 1)
            assert len({str(first.error), str(third.error)}) == 1

    @pytest.mark.parametrize("other", [b'{"a": 1}', b"1"])
    def test_among_what_is_not_known(self, other: bytes) -> None:
        """Where nothing is read, what is of a known kind says what the source is."""
        for source in (b"[%s, %s]" % (SAMPLES["drks"], other), b"[%s, %s]" % (other, SAMPLES["drks"])):
            with pytest.raises(
                UnrecognisedFormat, match=r"none of its 2 parts is read; .* is a trial of DRKS"
            ) as found:
                list(read(source))
            assert len(str(found.value)) < LONGEST
        first, second = read(b'[%s, {"b": 1}]' % other)
        assert (first.ok, second.ok) == (False, False)

    def test_a_last_line_that_breaks_off(self) -> None:
        line = json.dumps(json.loads(SAMPLES["fhir"])).encode()
        with pytest.raises(UnrecognisedFormat, match="none of its 3 parts is read; the first is a resource of FHIR"):
            list(read(b"\n".join([line, line, line[:-20]])))

    def test_places_are_withheld(self) -> None:
        """The place that is suggested has words of the source, which are not shown without contacts."""
        lines = [json.dumps({name: json.loads(TRIAL)}).encode() for name in ("Ada Person", "Bo Person")]
        for source in (lines[0], b"\n".join([lines[0]] * 2), b"\n".join(lines), archive(*lines)):
            for contacts in (True, False):
                with pytest.raises(UnrecognisedFormat, match="pass records_at=") as found:
                    list(read(source, contacts=contacts))
                assert ("Person" in str(found.value)) is contacts

    def test_a_file_that_breaks_off(self) -> None:
        """An error of the system comes after what was found before it."""

        def found() -> Generator[Failure, None, str]:
            yield Failure(index=0, place=Place(path=""), error=error_of(SAMPLES["rss"]))
            raise OSError("gone")

        outcomes = one_error(found(), (), lambda error: error)

        assert isinstance(next(outcomes), Failure)
        with pytest.raises(OSError, match="gone"):
            next(outcomes)

    def test_many_kinds(self) -> None:
        """What is held until there is a record is bounded."""
        pair = [json.loads(SAMPLES["drks"]), json.loads(SAMPLES["fhir"])]
        found = list(read(written([*pair * 600, json.loads(TRIAL)])))

        assert (len(found), found[-1].ok) == (1201, True)
        assert [one.index for one in found if isinstance(one, Failure)] == [*range(1200)]


class TestCommandLine:
    """Such a file is one line on standard error, and exit code 2."""

    @pytest.mark.parametrize("command", [["read"], ["audit"], ["overview"], ["explain"]])
    def test_one_line(self, command: list[str], samples: dict[str, bytes], tmp_path: Path) -> None:
        for name, sample in some(samples.items()):
            path = tmp_path / name
            path.write_bytes(sample)
            arguments = [*command, str(path), *(["id"] if command == ["explain"] else [])]
            result = CliRunner().invoke(main, arguments)

            assert result.exit_code == 2
            assert [f"{path}: UnrecognisedFormat: {error_of(sample)}"] == result.stderr.splitlines()

    def test_excel(self, tmp_path: Path) -> None:
        path = tmp_path / "a.xlsx"
        path.write_bytes(SAMPLES["xlsx"])

        assert "an Excel workbook" in CliRunner().invoke(main, ["read", str(path)]).stderr

    def test_what_is_said_of_our_own_is_true(self, samples: dict[str, bytes]) -> None:
        """`from_json` reads what trialparse wrote, as the sentences have it."""
        trial = parse(TRIAL).trial

        assert from_json(samples["own-trial"].decode()) == trial
        assert from_json(samples["own-line"].decode()) == trial
        assert from_json(json.dumps(json.loads(samples["own-record"])["trial"])) == trial
        assert from_json(samples["own-combined"].decode()).id == trial.id


class TestOthers:
    """What is of no known kind has one sentence as well."""

    @pytest.mark.parametrize("source", [b"", b" \n", b"\xef\xbb\xbf"])
    def test_an_empty_file(self, source: bytes) -> None:
        assert str(error_of(source)) == "the document is empty, so fetch it again"

    def test_unknown_keys(self) -> None:
        keys = [f"a_long_key_number_{number}" for number in range(100)]
        error = error_of(written(dict.fromkeys(keys, 1)))

        assert "'a_long_key_number_0, a_long_key" in str(error)
        assert len(str(error)) < LONGEST

    @pytest.mark.parametrize(
        "source",
        [
            b"<a/>",
            b'<result xmlns="http://other.example"/>',
            b"<%s xmlns='%s'/>" % (b"a" * 900, b"urn:" + b"x" * 900),
            b"<trials><trial>%s</trial></trials>" % b"".join(b"<%s/>" % (b"%c" % n * 60) for n in range(97, 120)),
        ],
        ids=["root", "namespace", "long", "children"],
    )
    def test_another_xml(self, source: bytes) -> None:
        error = error_of(source)

        assert "is of no known format (looked for" in str(error)
        assert len(str(error)) < LONGEST

    def test_another_page(self) -> None:
        error = error_of(b"<!doctype html><html><body>Search</body></html>")

        assert "an HTML page, not an export" in str(error)
        assert len(str(error)) < LONGEST

    @pytest.mark.parametrize(
        ("text", "notation"),
        [
            (TRIAL.decode(), "JSON"),
            ("[1]", "JSON"),
            ("\ufeff<trials/>", "XML"),
            ("Trial number,Title\n1,a\n", "CSV"),
            ("Summary\nEudraCT Number:", "text"),
        ],
    )
    def test_content_in_place_of_a_path(self, text: str, notation: str) -> None:
        for call in (parse, sniff, lambda source: list(read(source))):
            with pytest.raises(OSError, match=f"looks like {notation}: pass bytes") as found:
                call(text)
            assert len(str(found.value)) < LONGEST
            assert found.value.filename == (text if len(text) <= 80 else None)

    @pytest.mark.parametrize(
        "path", ["missing.json", "a/b c,d.csv", "x" * 30, "[2024] export.csv", "{a} b.json", "<1> c.xml", "[a](b).md"]
    )
    def test_a_path_that_leads_nowhere(self, path: str) -> None:
        with pytest.raises(FileNotFoundError) as found:
            parse(path)
        assert found.value.filename == path

    def test_a_folder(self, tmp_path: Path) -> None:
        for call in (parse, sniff, read):
            for path in (tmp_path, str(tmp_path)):
                with pytest.raises(IsADirectoryError, match="a folder is no source: read each of its files"):
                    call(path)  # `read` refuses it before the first record is asked for

    def test_a_long_record_is_named_before_it_is_beyond_a_limit(self) -> None:
        with pytest.raises(UnrecognisedFormat) as found:
            parse(SAMPLES["fhir"], limits=Limits(record=100))
        assert found.value.kind == "fhir"


UNREAD = {"anzctr": 2, "drks": 1, "ictrp": 2, "isrctn": 2}
"""Registers that are not read, each with the number of its exports that there are at least."""


@pytest.mark.corpus
@pytest.mark.parametrize("register", UNREAD)
def test_real_exports(register: str, corpus: Path) -> None:
    """Each export of a register that is not read is of a kind, whole or cut in half; parts of one are left aside."""
    paths = [path for path in sources(corpus / register) if not path.name.startswith("fragment_")]
    paths = [path for path in paths if path.suffix != ".txt"]  # a list of columns
    halves = Counter[str | None]()
    for path in some(paths, UNREAD[register]):
        data = path.read_bytes()
        error = error_of(data)
        assert (error.kind or "").startswith(register)
        assert len(str(error)) < LONGEST
        with pytest.raises(TrialParseError) as found:
            parse(data[: len(data) // 2])
        halves[getattr(found.value, "kind", None)] += 1
    assert halves[None] <= 1  # a zip, or a root whose namespace is cut off
    assert all(kind is None or kind.startswith(register) for kind in halves)


@pytest.mark.corpus
def test_real_exports_that_are_read(corpus: Path) -> None:
    read_ones = [path for register in ("ctis", "euctr") for path in sources(corpus / register)]
    found = {path.name: foreign.kind_of(path.read_bytes()[: foreign.HEAD]) for path in some(read_ones, 30)}

    assert {*found.values()} == {None}

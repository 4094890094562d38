"""The lowest floor: any bytes become documents, rows, lines and elements, or a TrialParseError."""

import contextlib
import csv as stdlib_csv
import gzip
import io
import itertools
import struct
import subprocess
import sys
import tracemalloc
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import ROOT
from trialparse.diagnostics import LimitExceeded, MalformedDocument, Problem, TrialParseError
from trialparse.limits import Limits
from trialparse.readers import csv, html, jsonlines, source, xml
from trialparse.readers.shapes import DoesNotFit, Shape, fit, leaves
from trialparse.readers.source import Document, documents
from trialparse.readers.xml_fast import picker

SUITE = ROOT.parent / "shared" / "suites" / "defusedxml" / "xmltestdata"
LIMITS = Limits()


class Trickle(io.RawIOBase):
    """A file that cannot be searched and gives a few bytes at a time."""

    def __init__(self, data: bytes, step: int = 1) -> None:
        self._data, self._step = io.BytesIO(data), step

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        return self._data.read(min(self._step, size) if size >= 0 else self._step)


def zipped(*members: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return file.getvalue()


def contents(given_source: Any, limits: Limits = LIMITS) -> list[bytes]:
    return [document.read() for document in documents(given_source, limits)]


def only(data: bytes) -> Document:
    (document,) = documents(data, LIMITS)
    return document


def in_pieces() -> Any:
    """Make every document of more than a few bytes a stream."""
    return mock.patch.multiple(source, ONE_PIECE=64, _CHUNK=16)


def consume(document: Document) -> None:
    """Put a document through every reader that there is."""
    data = document.read()
    xml.root_of(data[:50])
    csv.header(document)
    jsonlines.looks_like_lines(data)
    readers: list[Callable[[], object]] = [
        lambda: xml.tree(xml.parse(data, LIMITS)),
        lambda: [xml.tree(element) for element in xml.records(document, ("t", "r"), LIMITS)],
        lambda: list(csv.rows(document, LIMITS)),
        lambda: list(jsonlines.lines(document, LIMITS)),
    ]
    for reader in readers:
        with contextlib.suppress(TrialParseError):
            reader()


BODIES = (
    b'<?xml version="1.0"?>\n<!DOCTYPE t SYSTEM "t.dtd">\n<t><r a="1">x<b/>y</r><r>&amp;</r></t>',
    b'a,b,"c d"\n1,"2\n3",4\n5,6\n',
    b'{"a": 1}\n{"a": [2]}\n',
    "é <\U0001f600".encode("utf-16"),
)
PACKS: tuple[Callable[[bytes], bytes], ...] = (
    bytes,
    gzip.compress,
    lambda body: zipped(("a.xml", body), ("b.gz", gzip.compress(body))),
)


class TestTotal:
    """Any bytes are documents or a TrialParseError, and so is what every reader makes of them."""

    @given(st.binary())
    def test_any_bytes_raise_nothing_else(self, data: bytes) -> None:
        self.survives(data)

    @given(st.sampled_from([b"\x1f\x8b\x08\0", b"PK\3\4", b"PK\5\6", b"\xff\xfe", b"<\0", b"<?xml "]), st.binary())
    def test_any_bytes_that_begin_well_raise_nothing_else(self, start: bytes, data: bytes) -> None:
        self.survives(start + data)

    @given(st.sampled_from(BODIES), st.sampled_from(PACKS), st.data())
    def test_damaged_bytes_raise_nothing_else(
        self, body: bytes, pack: Callable[[bytes], bytes], data: st.DataObject
    ) -> None:
        whole = bytearray(pack(body))
        for _ in range(data.draw(st.integers(1, 4))):
            whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
        self.survives(bytes(whole[: data.draw(st.integers(0, len(whole)))]))

    @staticmethod
    def survives(data: bytes) -> None:
        try:
            for document in documents(data, LIMITS):
                consume(document)
        except TrialParseError:
            pass

    @pytest.mark.parametrize("path", ["/no/such/file", "nul\0", "\udc80\ud800"])
    def test_a_path_that_cannot_be_opened_is_an_oserror(self, path: str) -> None:
        with pytest.raises(OSError, match=r"."):
            contents(path)

    @pytest.mark.parametrize("wrong", [None, 3, io.StringIO("{}")])
    def test_a_call_that_makes_no_sense_is_a_typeerror(self, wrong: object) -> None:
        with pytest.raises(TypeError):
            contents(wrong)

    @pytest.mark.parametrize("wrong", [0, -1, True, "1", 1.5])
    def test_limits_are_whole_numbers_above_zero(self, wrong: Any) -> None:
        with pytest.raises((TypeError, ValueError)):
            Limits(depth=wrong)


class TestBlind:
    """How a source is handed over, in what pieces and how it is packed makes no difference."""

    @given(st.one_of(st.binary(max_size=400), st.sampled_from(BODIES)), st.integers(1, 50))
    def test_packing_and_chunks(self, data: bytes, step: int) -> None:
        if data.startswith((b"\x1f\x8b", b"PK")):
            return
        expected = contents(data)
        packed = gzip.compress(data)
        half = gzip.compress(data[:9]) + gzip.compress(data[9:]) + b"\0" * 7
        ways: list[Any] = [bytearray(data), memoryview(data), io.BytesIO(data), Trickle(data, step)]
        ways += [packed, half, Trickle(half, step), zipped(("a", data)), zipped(("a.gz", packed))]
        ways += [zipped(("a", data), method=zipfile.ZIP_STORED), Trickle(zipped(("a", data)), step)]
        for way in ways:
            assert contents(way) == expected
        with in_pieces():
            for way in (data, packed, io.BytesIO(half), zipped(("a", data))):
                assert contents(way) == expected

    def test_paths_and_files(self, tmp_path: Path) -> None:
        path = tmp_path / "x.zip"
        path.write_bytes(zipped(("d/", b""), ("d/a", b"1"), ("__MACOSX/d/._a", b"2"), ("b.zip", zipped(("c", b"3")))))
        with in_pieces():
            found = list(documents(path, LIMITS))
            assert [document.member for document in found] == ["d/a", "b.zip"]
            assert found[1].read().startswith(b"PK")
        with path.open("rb") as file:
            assert contents(file) == contents(str(path))
            assert not file.closed

    def test_a_stream_is_read_once_and_its_head_before(self) -> None:
        with in_pieces():
            (document,) = documents(gzip.compress(bytes(1000)), LIMITS)
            assert document.data is None
            assert document.head(10) == document.head(10) == bytes(10)
            assert document.open().read() == bytes(1000)
            with pytest.raises(RuntimeError):
                document.open()

    def test_bytes_are_not_copied(self) -> None:
        data = b'{"a": 1}' * 100
        assert only(data).data is data
        data = b'<?xml version="1.0" encoding="UTF-8"?><a/>'
        assert only(data).data is data


class TestPacked:
    """What is packed is counted while it is unpacked, and refused by name when it is broken."""

    @pytest.mark.parametrize("pack", [gzip.compress, lambda body: zipped(("a", body))])
    def test_bombs(self, pack: Callable[[bytes], bytes]) -> None:
        bomb = pack(bytes(64 << 20))
        tracemalloc.start()
        try:
            with pytest.raises(LimitExceeded, match="ratio"):
                contents(bomb)
            with pytest.raises(LimitExceeded, match="inflated"):
                contents(bomb, Limits(ratio=10_000, inflated=1 << 20))
            assert tracemalloc.get_traced_memory()[1] < 40 << 20
        finally:
            tracemalloc.stop()

    def test_members_are_counted(self) -> None:
        limits = Limits(members=3)
        with pytest.raises(LimitExceeded, match="members"):
            contents(zipped(*((str(index), b"x") for index in range(4))), limits)
        with pytest.raises(LimitExceeded, match="members"):
            contents(gzip.compress(b"x") * 4, limits)

    def test_bytes_are_counted(self) -> None:
        for way in (bytes(11), io.BytesIO(bytes(11)), io.BytesIO(zipped(("a", b"")))):
            with pytest.raises(LimitExceeded, match="bytes"):
                contents(way, Limits(bytes=10))

    @pytest.mark.parametrize("body", BODIES)
    def test_every_truncation_is_told(self, body: bytes) -> None:
        for whole in (gzip.compress(body), zipped(("a", body))):
            for length in range(4, len(whole)):
                with pytest.raises(MalformedDocument):
                    contents(whole[:length])

    def test_a_member_that_cannot_be_read_is_named(self) -> None:
        with pytest.raises(MalformedDocument, match=r"a\.xml: compression method 12"):
            contents(zipped(("a.xml", b"x" * 99), method=zipfile.ZIP_BZIP2))
        for old, new, told in (("<H", 1, "encrypted"), ("<L", 9, "checksum")):
            data = bytearray(zipped(("a.xml", b"x" * 99)))
            struct.pack_into(old, data, data.rfind(b"PK\1\2") + (8 if new == 1 else 16), new)
            with pytest.raises(MalformedDocument, match=rf"a\.xml: .*{told}"):
                contents(bytes(data))

    @pytest.mark.parametrize("lie", [0, 5, 2**32 - 2])
    def test_a_header_that_lies_about_sizes(self, lie: int) -> None:
        data = bytearray(zipped(("a.xml", b"x" * 99)))
        struct.pack_into("<L", data, data.rfind(b"PK\1\2") + 24, lie)
        with pytest.raises(MalformedDocument, match="promises"):
            contents(bytes(data))

    def test_overlapping_members(self) -> None:
        data = zipped(("a", b"x" * 99), ("b", b"x" * 99))
        entries = data.index(b"PK\1\2"), data.rindex(b"PK\1\2")
        twice = bytearray(data)
        twice[entries[1] + 42 : entries[1] + 46] = twice[entries[0] + 42 : entries[0] + 46]
        with pytest.raises(MalformedDocument, match="overlaps"):
            contents(bytes(twice))

    def test_prefix_and_zip64(self) -> None:
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w") as archive, archive.open("a", "w", force_zip64=True) as member:
            member.write(b"content")
        assert contents(file.getvalue()) == [b"content"]
        assert list(source._long(struct.pack("<HHQQ", 1, 16, 7, 8), 0xFFFFFFFF, 5, 0xFFFFFFFF)) == [7, 5, 8]


class TestEncoding:
    """Every encoding that a mark or a pattern tells becomes UTF-8, and that is noted."""

    @pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
    @pytest.mark.parametrize("text", ['{"é": "\U0001f600"}', "é,ü\n1,2\n", ""])
    def test_marked(self, encoding: str, text: str) -> None:
        document = only(text.encode(encoding))
        assert document.data == text.encode()
        assert [problem for problem, _ in document.notes] == [Problem.ENCODING]

    @pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
    def test_unmarked(self, encoding: str) -> None:
        for text in ('{"é": 1}', "[1]", '<?xml version="1.0" encoding="UTF-16"?><a>é</a>'):
            document = only(text.encode(encoding))
            assert document.data == text.replace(' encoding="UTF-16"', "").encode()
            assert "without a byte order mark" in document.notes[0][1]

    @pytest.mark.parametrize("encoding", ["utf-8", "UTF-16", "iso-8859-1", "Windows-1252"])
    @pytest.mark.parametrize("written", ["utf-8", "utf-8-sig", "utf-16", "declared"])
    def test_declarations_of_xml(self, encoding: str, written: str) -> None:
        if (written, encoding) in {("utf-8", "iso-8859-1"), ("utf-8", "Windows-1252")}:
            return  # nothing can tell
        text = f"<?xml version='1.0' encoding='{encoding}' standalone='yes'?><a>é</a>"
        document = only(text.encode(encoding if written == "declared" else written))
        assert xml.tree(xml.parse(document.read(), LIMITS)) == "é"

    def test_a_wrong_byte_is_placed(self) -> None:
        data = b"\xff\xfe" + "[1]".encode("utf-16-le") + b"\x00\xdc" + b"x\0"
        for pieces in (data, Trickle(data)):
            with pytest.raises(MalformedDocument, match="byte 8"):
                contents(pieces)
        with in_pieces(), pytest.raises(MalformedDocument, match="byte 202"):
            contents(b"\xff\xfe" + "x".encode("utf-16-le") * 100 + b"\x00\xdcx\0")

    @pytest.mark.parametrize("name", ["utf-7", "cp037", "iso-2022-jp", "bogus"])
    def test_encodings_in_which_markup_hides_are_refused(self, name: str) -> None:
        with pytest.raises(MalformedDocument):
            xml.parse(f'<?xml version="1.0" encoding="{name}"?><a/>'.encode(), LIMITS)

    def test_every_encoding_of_the_list_is_known_to_lxml(self) -> None:
        for name in sorted(xml._ENCODINGS):
            assert xml.tree(xml.parse(f'<?xml version="1.0" encoding="{name}"?><a>x</a>'.encode(), LIMITS)) == "x"


TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"], exclude_characters="\ufffe\uffff"))
NAMES = st.sampled_from(["a", "b", "main", "é"])


def elements(depth: int = 3) -> st.SearchStrategy[str]:
    """XML of an element."""
    inner = st.just("") if depth == 0 else st.lists(st.one_of(elements(depth - 1), TEXTS.map(escaped))).map("".join)
    attributes = st.dictionaries(st.sampled_from(["x", "y"]), TEXTS.map(escaped)).map(
        lambda found: "".join(f' {name}="{value}"' for name, value in found.items())
    )
    return st.builds("<{0}{1}>{2}</{0}>".format, NAMES, attributes, inner)


def escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


def all_leaves(tree: xml.Tree, keys: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], str]]:
    if isinstance(tree, str):
        yield keys, tree
        return
    for key, value in tree.items() if isinstance(tree, dict) else enumerate(tree):
        yield from all_leaves(value, (*keys, key))


class TestXml:
    """A tree holds what stands in an element, and says where."""

    def test_examples(self) -> None:
        data = b"""<t xmlns:i="u"><a/><a> x </a><b i:nil="true"/><c k="v">w</c><d>1<e/>2</d></t>"""
        assert xml.tree(xml.parse(data, LIMITS)) == {
            "a": ["", " x "],
            "b": {"@nil": "true"},
            "c": {"@k": "v", "#text": "w"},
            "d": {"#text": "12", "e": ""},
        }

    @given(elements())
    def test_the_xpath_of_a_leaf_leads_to_its_words(self, text: str) -> None:
        root = xml.parse(text.encode(), LIMITS)
        tree = xml.tree(root)
        for keys, words in all_leaves(tree):
            found = root.xpath(xml.xpath(keys, str(root.tag)))
            assert "".join(getattr(item, "text", item) or "" for item in found) == words

    @given(elements())
    def test_serialising_and_growing_keep_the_tree(self, text: str) -> None:
        root = xml.parse(text.encode(), LIMITS)
        tree = xml.tree(root)
        assert xml.tree(xml.parse(xml.serialise(root), LIMITS)) == tree
        grown = xml.serialise(xml.element(tree, str(root.tag)))
        assert xml.tree(xml.parse(grown, LIMITS)) == tree

    def test_what_xml_cannot_hold_is_not_grown(self) -> None:
        with pytest.raises(MalformedDocument):
            xml.element({"a": "\0"}, "t")

    @given(st.lists(elements(2), max_size=8), st.integers(1, 40))
    def test_streaming_makes_no_difference(self, bodies: list[str], step: int) -> None:
        data = f"<n:t xmlns:n='u'>{'<r><r/></r> '.join(bodies)}<u/><r>é{''.join(bodies)}</r></n:t>".encode()
        whole = [xml.tree(element) for element in xml.records(only(data), ("t", "r"), LIMITS)]
        with mock.patch.multiple(xml, ONE_PIECE=1, _CHUNK=step):
            assert [xml.tree(element) for element in xml.records(only(data), ("t", "r"), LIMITS)] == whole

    def test_streaming_takes_constant_memory(self) -> None:
        record = b"<r><a>text</a>" + b"<b/>" * 200 + b"</r><junk/>"
        pieces = itertools.chain([b"<t>"], itertools.repeat(record * 64, 200), [b"</t>"])
        document = Document(rest=pieces)
        import resource

        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        assert sum(1 for _ in xml.records(document, ("t", "r"), LIMITS)) == 64 * 200
        assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 40 << 10

    def test_a_stretch_without_records_is_bounded(self) -> None:
        for junk, limits in ((b"<a/>", Limits(nodes=1000)), (b"text", Limits(record=100_000))):
            document = Document(rest=itertools.chain([b"<t>"], itertools.repeat(junk * 100, 10_000)))
            with mock.patch.object(xml, "ONE_PIECE", 1), pytest.raises(LimitExceeded, match="without the end"):
                list(xml.records(document, ("t", "r"), limits))

    def test_depth_and_nodes(self) -> None:
        deep = b"<t>" + b"<r>" * 9 + b"</r>" * 9 + b"</t>"
        for size in (1, 8 << 20):
            with mock.patch.object(xml, "ONE_PIECE", size):
                assert list(xml.records(only(deep), ("t", "r"), Limits(depth=10)))
                with pytest.raises(LimitExceeded, match="depth"):
                    list(xml.records(only(deep), ("t", "r"), Limits(depth=9)))
        for depth in (300, 100_000):
            with pytest.raises(LimitExceeded):
                xml.parse(b"<a>" * depth + b"</a>" * depth, Limits(depth=1_000_000))
        with pytest.raises(LimitExceeded, match="nodes"):
            xml.tree(xml.parse(b"<a>" + b"<b/>" * 10 + b"</a>", LIMITS), Limits(nodes=10))
        crowd = b"<a>" + b"<b %s/>" % b" ".join(b"c%d=''" % number for number in range(9)) + b"</a>"
        with pytest.raises(LimitExceeded, match=r"<b> with 9 attributes .* attributes=8"):
            xml.tree(xml.parse(crowd, LIMITS), Limits(attributes=8))
        assert xml.tree(xml.parse(crowd, LIMITS), Limits(attributes=9))
        many = b"<t><r>" + b"<b c=''/>" * 5 + b"</r></t>"
        assert list(xml.records(only(many), ("t", "r"), Limits(nodes=11)))
        with pytest.raises(LimitExceeded, match="nodes"):
            list(xml.records(only(many), ("t", "r"), Limits(nodes=10)))

    @pytest.mark.parametrize("streamed", [False, True])
    @pytest.mark.parametrize(
        "prolog",
        [
            '<!DOCTYPE t [<!ENTITY a "b">]>',
            '<!DOCTYPE t SYSTEM "file:///etc/passwd" [<!ENTITY % a SYSTEM "http://127.0.0.1/x"> %a;]>',
            "<!--x--> <?p?> <!DOCTYPE t [<!ATTLIST r a CDATA 'long'>]>",
            '<!DOCTYPE t PUBLIC ">" "["',
            "<!-- <!DOCTYPE",
            '<!DOCTYPE t><!DOCTYPE t [<!ENTITY a "b">]>',
            '\ufeff\ufeff<!DOCTYPE t [<!ENTITY a "b">]>',
        ],
    )
    def test_what_could_grow_is_refused(self, prolog: str, streamed: bool) -> None:
        data = f"{prolog}<t><r>&a;</r></t>".encode()
        with mock.patch.object(xml, "ONE_PIECE", 1 if streamed else 8 << 20):
            with pytest.raises(MalformedDocument):
                list(xml.records(only(data), ("t", "r"), LIMITS))
            assert xml.root_of(data).name == ""

    def test_a_prolog_that_goes_on_beyond_what_is_looked_at(self) -> None:
        for filler in (b" ", b"<!--x-->", b"<?p?>\n"):
            prolog = filler * (xml._PROLOG // len(filler) + 1)
            document = only(prolog + b'<!DOCTYPE t [<!ENTITY a "b">]><t><r>&a;</r></t>')
            with mock.patch.object(xml, "ONE_PIECE", 1), pytest.raises(MalformedDocument):
                list(xml.records(document, ("t", "r"), LIMITS))

    @pytest.mark.parametrize("entity", ["<r>&eacute;</r>", "<r a='&eacute;'/>"])
    def test_no_entity_is_dropped_in_silence(self, entity: str) -> None:
        data = f'<!DOCTYPE t\n SYSTEM "http://127.0.0.1/t.dtd">\n<t>{entity}</t>'.encode()
        with pytest.raises(MalformedDocument, match=r"line 3, column .*eacute"):
            xml.parse(data, LIMITS)

    @pytest.mark.skipif(not SUITE.is_dir(), reason="the suite is not on this machine")
    @pytest.mark.parametrize("name", "xmlbomb xmlbomb2 quadratic cyclic dtd_element external external_file".split())
    def test_suite_refused(self, name: str) -> None:
        data = (SUITE / f"{name}.xml").read_bytes()
        with pytest.raises(MalformedDocument):
            xml.parse(data, LIMITS)
        with mock.patch.object(xml, "ONE_PIECE", 1), pytest.raises(MalformedDocument):
            list(xml.records(only(data), ("root",), LIMITS))

    @pytest.mark.skipif(not SUITE.is_dir(), reason="the suite is not on this machine")
    @pytest.mark.parametrize("name", ["simple", "simple-ns", "dtd"])  # registers write a DOCTYPE such as that of dtd
    def test_suite_read(self, name: str) -> None:
        data = (SUITE / f"{name}.xml").read_bytes()
        assert isinstance(xml.tree(xml.parse(data, LIMITS)), dict)

    @given(st.data())
    def test_the_name_of_the_root_from_any_beginning(self, data: st.DataObject) -> None:
        text = "<?xml version='1.0'?><!-- <é> --><!DOCTYPE x><n:té xmlns:n='urn:u'><x/></n:té>".encode()
        place = text.index(b" xmlns")
        end = data.draw(st.integers(0, len(text)))
        assert xml.root_of(text[:end]).name == ("té" if end > place else "")

    @pytest.mark.parametrize("begin", ["<t>", "<t/>", "<t\n>", "<n:t ", "<t a='>'>"])
    def test_the_name_of_the_root_is_a_whole_local_name(self, begin: str) -> None:
        assert xml.root_of(begin.encode()).name == "t"

    @given(elements())
    def test_the_name_of_the_root_is_that_of_the_parsed_root(self, text: str) -> None:
        assert xml.root_of(text.encode()).name == xml.parse(text.encode(), LIMITS).tag

    def test_an_element_that_is_kept_keeps_no_neighbours(self) -> None:
        found = list(xml.records(only(b"<t><r>1</r> <r>2</r></t>"), ("t", "r"), LIMITS))
        assert [[one.text for one in element.getparent()] for element in found] == [["1"], ["2"]]
        assert [list(element.getparent().itersiblings()) for element in found] == [[], []]

    def test_lxml_is_loaded_by_the_first_xml(self) -> None:
        code = "import sys, trialparse.readers.xml; sys.exit('lxml' in sys.modules)"
        assert 0 == subprocess.run([sys.executable, "-c", code], check=False).returncode


def declared(count: int, size: int = 4) -> str:
    """Return declarations of namespaces, each of so many bytes."""
    return "".join(f' xmlns:p{number}="{number:0>{size}}"' for number in range(count))


in_any_pieces = pytest.mark.parametrize("chunk", [None, 1, 7, 64 << 10])
"""A document as a whole, and as a stream that is parted everywhere."""


class TestNamespaces:
    """What declarations of namespaces cost is bounded for each element, and no record costs those around it again."""

    def records(self, data: bytes, chunk: int | None, limits: Limits = LIMITS) -> Iterator[Any]:
        with mock.patch.multiple(xml, ONE_PIECE=8 << 20 if chunk is None else 1, _CHUNK=chunk or 1):
            yield from xml.records(only(data), ("t", "r"), limits)

    @in_any_pieces
    @pytest.mark.parametrize("where", ["<t{}><r/></t>", "<t><r{}/></t>", "<t><r><x{}/></r></t>", "<t><x\n{}>></x></t>"])
    def test_declarations_are_counted_with_attributes(self, where: str, chunk: int | None) -> None:
        list(self.records(where.format(' a=">"' + declared(9)).encode(), chunk, Limits(attributes=10)))
        with pytest.raises(LimitExceeded, match=r"11 attributes and namespaces .* attributes=10"):
            list(self.records(where.format(' a=">" b=\'"\'' + declared(9)).encode(), chunk, Limits(attributes=10)))

    def test_they_are_counted_before_the_parser_sees_them(self) -> None:
        document = Document(rest=iter([b"<t><r/><x", *[declared(1).encode()] * 400]))  # a tag that never ends
        with mock.patch.object(xml, "ONE_PIECE", 1), pytest.raises(LimitExceeded, match="400 attributes"):
            list(xml.records(document, ("t", "r"), LIMITS))
        with mock.patch.object(xml, "_etree", side_effect=AssertionError), pytest.raises(LimitExceeded):
            xml.parse(f"<t{declared(400)}/>".encode(), LIMITS)

    @in_any_pieces
    def test_a_text_may_speak_of_them(self, chunk: int | None) -> None:
        words = declared(400)
        for text in (
            words,
            f"&lt;x{words}>",
            f"<!--{words}-->",
            f"<![CDATA[{words}]]>",
            f"<?p {words}?>",
            "<x/>" + words,
        ):
            (found,) = self.records(f"<t><r>{text}</r></t>".encode(), chunk)
            assert found.tag == "r"

    @in_any_pieces
    def test_a_namespace_has_a_bound(self, chunk: int | None) -> None:
        assert list(self.records(f"<t{declared(1, 1000)}><r/></t>".encode(), chunk))
        for tag in (f"<r{declared(1, 1001)}/>", f"<r xmlns='{'u' * 1001}'/>"):
            with pytest.raises(LimitExceeded, match="1,001 bytes"):
                list(self.records(f"<t>{tag}</t>".encode(), chunk))

    @in_any_pieces
    def test_records_are_not_written_back_with_all_that_stands_around_them(self, chunk: int | None) -> None:
        record = '<r xmlns:i="urn:i"><p7:a p3:b="1" i:type="p9:c">x</p7:a></r>'
        data = f"<t{declared(250, 100)}>{record * 300}</t>".encode()
        written, trees = [], []
        for element in self.records(data, chunk):
            written.append(xml.serialise(element))
            trees.append(xml.tree(element))
        assert len(written) == 300
        assert sum(map(len, written)) < 10 * len(data)  # all that is around each would be 400 times as much
        assert {*written} == {written[0]}
        for number in (3, 7, 9):  # of an element, an attribute and a value
            assert f'xmlns:p{number}="{number:0>100}"'.encode() in written[0]
        assert trees == [xml.tree(xml.parse(written[0], LIMITS))] * 300

    @in_any_pieces
    def test_few_of_them_are_kept(self, chunk: int | None) -> None:
        data = f'<t{declared(2)}><r p0:a="">x</r>y</t>'.encode()
        assert [xml.serialise(one) for one in self.records(data, chunk)] == [
            b'<r xmlns:p0="0000" xmlns:p1="0001" p0:a="">x</r>'
        ]

    def test_a_copy_stands_on_the_line_of_its_original(self) -> None:
        data = f"<t{declared(20)}>\n\n<r>\n<x/></r></t>".encode()
        (found,) = self.records(data, None)
        assert (xml.line_of(found), xml.Lines(found).of(("x",))) == (3, 4)

    def test_attributes_of_a_page_are_counted(self) -> None:
        page = "<html><body><table><tr><td{}>x</td></tr></table></body></html>"
        layout = html.Layout(("a", "b", "c"), ("d", "e"), ("f",))
        many = "".join(f" a{number}" for number in range(10))
        assert [] == list(html.rows(page.format(many).encode(), layout, Limits(attributes=10)))
        for hidden in (many + ' b=">"', many + " b=<c>", ' b=">"' + many):
            with pytest.raises(LimitExceeded, match=r"<td> with 11 attributes .* attributes=10"):
                list(html.rows(page.format(hidden).encode(), layout, Limits(attributes=10)))


class TestLongTags:
    """Attributes and namespaces are counted in every element, also where nobody looks, and over nested ones."""

    def test_attributes_with_a_prefix(self) -> None:
        many = " ".join(f'q:p{number}="u"' for number in range(300))
        data = f"<trials xmlns:q='u'><trial><main/><zz {many}/></trial></trials>".encode()
        with pytest.raises(LimitExceeded, match="attributes=256"):
            list(xml.records(only(data), ("trials", "trial"), LIMITS))

    def test_namespaces_around(self) -> None:
        def nested(depth: int) -> bytes:
            opened = (
                " ".join(f'xmlns:p{level}_{number}="u{level}_{number}"' for number in range(200))
                for level in range(depth)
            )
            return b"".join(f"<a {one}>".encode() for one in opened) + b"</a>" * depth

        assert len(list(xml.records(only(b"<t><r>" + nested(5) + b"</r></t>"), ("t", "r"), LIMITS))) == 1
        with pytest.raises(LimitExceeded, match="namespaces of the document"):
            list(xml.records(only(b"<t><r>" + nested(6) + b"</r></t>"), ("t", "r"), LIMITS))

    def test_the_same_namespaces_in_each_record(self) -> None:
        data = b"<t>" + b"<r xmlns:a='u' xmlns:b='v'/>" * 5000 + b"</t>"
        assert len(list(xml.records(only(data), ("t", "r"), LIMITS))) == 5000

    def test_a_long_text_is_no_tag(self) -> None:
        data = b"<t><r>" + b"a=1 " * 5000 + b"</r><r><![CDATA[" + b" b='2'" * 5000 + b"]]></r></t>"
        assert len(list(xml.records(only(data), ("t", "r"), LIMITS))) == 2


def shapes(depth: int = 2) -> st.SearchStrategy[Shape]:
    """What a table may want of an element made by `elements`."""
    below = st.just(Shape()) if depth == 0 else shapes(depth - 1)
    keys = st.sampled_from(["a", "a", "b", "b", "main", "é", "@x", "#text"])
    return st.dictionaries(keys, st.tuples(st.sampled_from(["", "", "[]", "[]", "[?]", "{}"]), below)).map(Shape)


def wanted_leaves(
    tree: Any, shape: Shape, keys: tuple[str | int, ...] = ()
) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Yield the texts that a shape wants of a tree, with their keys."""
    if isinstance(tree, list):
        for index, one in enumerate(tree):
            yield from wanted_leaves(one, shape, (*keys, index))
    elif shape.wants_leaf:
        yield keys, tree
    elif isinstance(tree, dict):
        for key, (_, below) in shape.members.items():
            if key in tree and key[0] not in "@#":
                yield from wanted_leaves(tree[key], below, (*keys, key))


def picked(element: Any, shape: Shape) -> Any:
    """Return what a picker gives, None where it leaves the element to its tree."""
    try:
        return picker(shape)(element)
    except DoesNotFit:
        return None


class TestPicking:
    """What is picked of an element is what fits of its tree."""

    @given(elements(), shapes())
    def test_agrees_with_the_tree(self, text: str, shape: Shape) -> None:
        root = xml.parse(text.encode(), LIMITS)
        assert picked(root, shape) in (None, fit(leaves(xml.tree(root, LIMITS, shape), shape), shape))

    @given(elements(), shapes())
    def test_the_text_of_a_leaf_is_the_string_value_of_its_element(self, text: str, shape: Shape) -> None:
        root = xml.parse(text.encode(), LIMITS)
        tree = xml.tree(root, LIMITS, shape)
        for keys, words in wanted_leaves(leaves(tree, shape), shape):
            (found,) = root.xpath(xml.xpath(keys, str(root.tag)))
            said = str(found.xpath("string()"))
            assert words == ("" if said.isspace() else said)

    @given(elements(), shapes())
    def test_what_is_grown_of_a_tree_says_the_same(self, text: str, shape: Shape) -> None:
        root = xml.parse(text.encode(), LIMITS)
        tree = xml.tree(root, LIMITS, shape)
        grown = xml.parse(xml.serialise(xml.element(tree, str(root.tag), shape)), LIMITS)
        assert leaves(xml.tree(grown, LIMITS, shape), shape) == leaves(tree, shape)

    SHAPE = Shape({"a": ("", Shape()), "b": ("[]", Shape()), "c": ("[]", Shape({"d": ("", Shape())}))})

    @pytest.mark.parametrize(
        ("inner", "wanted"),
        [
            ("", {}),
            ("<!-- x --> <?p?>", {}),
            ("<a> x </a><b>1</b><z><a>y</a></z><b/>", {"a": " x ", "b": ["1", ""]}),
            ("<a>\n</a><z/><z k='v'/>", {"a": ""}),
            ("<a k='v'>1</a>", {"a": "1"}),
            ("<c/><c> <d>1</d> </c><c>x<z/></c>", {"c": [{}, {"d": "1"}, {}]}),
        ],
    )
    def test_plain_elements_are_picked(self, inner: str, wanted: Any) -> None:
        root = xml.parse(f"<t>{inner}</t>".encode(), LIMITS)
        assert picked(root, self.SHAPE) == wanted == fit(leaves(xml.tree(root), self.SHAPE), self.SHAPE)

    @pytest.mark.parametrize(
        "inner",
        ["x", "<a>1</a><a>2</a>", "<a><z/></a>", "<b><z/></b>", "<c>x</c>", "<a xmlns='u'>1</a>"],
    )
    def test_others_are_left_to_their_tree(self, inner: str) -> None:
        assert picked(xml.parse(f"<t>{inner}</t>".encode(), LIMITS), self.SHAPE) is None


def rows(data: bytes, limits: Limits = LIMITS) -> list[csv.Row]:
    return list(csv.rows(only(data), limits))


class TestCsv:
    """Rows are what the csv module reads, and what does not fit is told in its row."""

    @given(st.lists(st.lists(TEXTS, min_size=2, max_size=2), min_size=1), st.sampled_from(",;"), st.data())
    def test_agrees_with_the_csv_module(self, table: list[list[str]], delimiter: str, data: st.DataObject) -> None:
        file = io.StringIO()
        end = data.draw(st.sampled_from(["\n", "\r\n"]))
        writer = stdlib_csv.writer(file, delimiter=delimiter, lineterminator=end, quoting=stdlib_csv.QUOTE_ALL)
        writer.writerows([["h", "i"], *table])
        text = file.getvalue()
        assert [list(row.cells.values()) for row in rows(text.encode())] == table
        with mock.patch.object(stdlib_csv, "reader", side_effect=too_long(stdlib_csv.reader)):
            assert [list(row.cells.values()) for row in rows(text.encode())] == table

    def test_long_cells(self) -> None:
        limit = stdlib_csv.field_size_limit()
        cell = 'x, "y"\n' * 50_000
        quoted = cell.replace('"', '""')
        found = rows(f'a,b\n1,"{quoted}"\n"{quoted}",2\n3,4\n'.encode())
        assert [tuple(row.cells.values()) for row in found] == [("1", cell), (cell, "2"), ("3", "4")]
        assert [row.line for row in found] == [2, 50_003, 100_004]
        assert stdlib_csv.field_size_limit() == limit
        with pytest.raises(LimitExceeded, match="record"):
            rows(f'a,b\n1,"{quoted}"\n'.encode(), Limits(record=200_000))

    def test_ragged_rows_go_on(self) -> None:
        first, second, third = rows(b"a,b\n1\n\n1,2,3,4\n5,6\n")
        assert (first.line, first.cells) == (2, {"a": "1"})
        assert (second.line, second.cells) == (4, {"a": "1", "b": "2", "#3": "3", "#4": "4"})
        assert [row.problems != () for row in (first, second, third)] == [True, True, False]

    def test_a_name_that_stands_twice(self) -> None:
        (row,) = rows(b"a,b,a,,a#3,\n1,2,3,4,5,6\n")
        assert row.cells == {"a": "1", "b": "2", "a#3": "3", "": "4", "a#3#5": "5", "#6": "6"}
        assert {problem for problem, _ in row.problems} == {Problem.DUPLICATE_KEY}

    @pytest.mark.parametrize(
        ("data", "line"),
        [(b'a,b\n1,2\n"x', 3), (b'a,b\n"x"y,1\n', 2), (b"a,b\n1,\xff\n", 2), (b"a,b\n\n1,\0\n", 3), (b'"a\nb', 1)],
    )
    def test_malformed_with_its_line(self, data: bytes, line: int) -> None:
        with pytest.raises(MalformedDocument, match=f"line {line}"):
            rows(data)

    def test_line_ends_and_delimiters(self) -> None:
        for end in ("\n", "\r\n", "\r"):
            found = rows(f'"a;,,,";b{end}1;"2{end}3"{end}4;5{end}'.encode())
            assert [(row.line, *row.cells.values()) for row in found] == [(2, "1", f"2{end}3"), (4, "4", "5")]

    @pytest.mark.parametrize("delimiter", [",", ";", "\t"])
    @pytest.mark.parametrize("first", [False, True])
    def test_the_header_tells_what_parts_cells(self, delimiter: str, first: bool) -> None:
        named = f"sep={delimiter}\r\n" if first else ""
        data = f'{named}a{delimiter}"b,;"{delimiter}c\r\n1{delimiter}",;\t"{delimiter}2\r\n'.encode()
        (row,) = rows(data)
        assert row.cells == {"a": "1", "b,;": ",;\t", "c": "2"}
        assert row.line == 2 + first
        assert csv.header(only(data)) == ("a", "b,;", "c")

    def test_header(self) -> None:
        assert csv.header(only(b'a,"b ""c"""\n1')) == ("a", 'b "c"')
        assert csv.header(only(b'a,"b')) == csv.header(only(b"")) == csv.header(only(b"a\0")) == ()

    def test_cells_are_counted(self) -> None:
        with pytest.raises(LimitExceeded, match="nodes"):
            rows(b"a,b\n" + b"," * 2000, Limits(nodes=1000))


def too_long(reader: Any) -> Callable[..., Iterator[list[str]]]:
    """Make a csv.reader that finds a cell too long in every record but the first."""

    def read(lines: Iterator[str], **options: Any) -> Any:
        inner = reader(lines, **options)
        state = {"first": True}

        class Reader:
            def __iter__(self) -> Any:
                return self

            def __next__(self) -> list[str]:
                if state.pop("first", False):
                    return list(next(inner))
                next(lines)
                raise stdlib_csv.Error("field larger than field limit (131072)")

        return Reader()

    return read


class TestJsonLines:
    """Lines come as they stand, with their number."""

    def test_lines(self) -> None:
        data = b'{"a":1}\r\n\n \t\n [2] \n\x0c\n3'
        assert list(jsonlines.lines(only(data), LIMITS)) == [(1, b'{"a":1}'), (4, b"[2]"), (5, b"\x0c"), (6, b"3")]
        with pytest.raises(LimitExceeded, match="line 2"):
            list(jsonlines.lines(only(b"1\n" + b"x" * 100), Limits(record=99)))

    @pytest.mark.parametrize(
        "head",
        [
            b'{"a":1}\n{"b',
            b'\n{}\r\n\n {"a": 1}\n',
            b"[1]\n[2]",
            b"[{}]\n[{",
            b"{}\nnull",
            b"[]\nbroken\n3",
            b'{"a": 1\n{"b": 2}',
        ],
    )
    def test_what_looks_like_lines(self, head: bytes) -> None:
        assert jsonlines.looks_like_lines(head)

    @pytest.mark.parametrize(
        "head", [b"", b"{}", b'{\n "a": {}\n}', b'{"a": {}\n}', b"[{}\n{}", b"[\n{}\n]", b"a\n{}", b"[]\nx"]
    )
    def test_what_does_not(self, head: bytes) -> None:
        assert not jsonlines.looks_like_lines(head)


def test_a_deflated_member_that_goes_on_behind_its_end_is_cut_off_and_counted() -> None:
    """Bytes behind the end of the deflated stream are not content."""
    raw = zlib.compressobj(wbits=-15)
    packed = raw.compress(b"abc") + raw.flush()
    pieces = source._raw_inflated(iter((packed + b"junk",)), source._Meter(LIMITS), "a")
    assert b"".join(pieces) == b"abc"

"""A record beyond a limit is a failure, and those beside it are read, in every notation that holds several records."""

import io
import itertools
import re
import tracemalloc
from collections.abc import Callable, Iterator
from unittest import mock

import pytest
from hypothesis import strategies as st

from tests.counting import exercised
from tests.parsing.several import COUNT, SEVERAL
from tests.parsing.test_broken_off import streamed, whole
from tests.readers.sources import xml_in_chunks
from trialparse import Failure, LimitExceeded, Limits, read
from trialparse.readers import source, xml

LONG = 100_000
"""Bytes of a text in a record that is too large; the others have less than half of that."""

GROWN: dict[str, Callable[[bytes, bytes], bytes]] = {
    "lines": lambda record, filler: b'{"zz": "' + filler + b'", ' + record[1:],
    "array": lambda record, filler: b'{"zz": "\\"]}' + filler + b'", "y": [[{}]], ' + record[1:],
    "page": lambda record, filler: b'{"zz": "' + filler + b'\\\\", ' + record[1:],
    "xml": lambda record, filler: record.replace(
        b"</trial>", b"<z a='>'/><!-- </trial> --><![CDATA[</trial>]]><?p </trial>?><z>" + filler + b"</z></trial>"
    ),
    "csv": lambda record, filler: b'"' + filler + b'""\r\n", ' + record,
    "tabs": lambda record, filler: filler + record,
    "text": lambda record, filler: record + b"\n" + filler + b"\n",
}
"""How a record is made longer by some bytes, with signs in it that end no record."""

NODES = {
    "lines": b'", "z": [' + b"1," * LONG + b'1], "y": "',
    "array": b'", "z": [' + b"1," * LONG + b'1], "y": "',
    "page": b'", "z": [' + b"1," * LONG + b'1], "y": "',
    "xml": b"<a/>" * LONG,
    "csv": b'"' + b"," * LONG + b'"',
    "tabs": b"\t" * LONG,
    "text": b"\n" * LONG,
}
"""Fillers of too many values."""
DEEP = {
    **{key: [b'", "z": ' + b"[" * 20_000 + b"]" * 20_000 + b', "y": "'] for key in ("lines", "array", "page")},
    "xml": [b"<a>" * count + b"</a>" * count for count in (100, 20_000)],  # libxml2 itself stops at 256
}
"""Fillers beyond the limit of depth; tables and texts have no depth."""


def grown(name: str, which: int, filler: bytes) -> bytes:
    """Return a source in which one record is longer; its records are those of the source."""
    several = SEVERAL[name]
    behind = 1000 if name == "text" else 0
    begins = [several.first, *(end - behind for end in several.ends[:-1])]
    begin, end = begins[which], several.ends[which] - behind
    record = several.data[begin:end]
    lead = re.match(rb"[\s,]*", record)[0] if name not in ("text", "tabs", "csv") else b""  # type: ignore[index]
    made = GROWN[name](record[len(lead) :], filler)
    return several.data[:begin] + lead + made + several.data[end:]


def check(name: str, which: int, data: bytes, limits: Limits) -> None:
    """Check that one record of a source is a failure, and that the others are what they were."""
    trials = whole(SEVERAL[name])
    found = list(read(data, limits=limits))
    assert [one.ok for one in found] == [number != which for number in range(COUNT)]
    assert [one.trial for one in found if one.ok] == trials[:which] + trials[which + 1 :]
    assert [one.place.record for one in found] == [*range(COUNT)]
    (failure,) = [one for one in found if isinstance(one, Failure)]
    assert isinstance(failure.error, LimitExceeded)
    if name != "xml":
        assert failure.place.offset is not None
        assert abs(failure.place.offset - SEVERAL[name].first - sum(SEVERAL[name].ends[which - 1 : which])) < 1100


@pytest.mark.parametrize("which", [0, 1, COUNT - 1])
@pytest.mark.parametrize("name", SEVERAL)
class TestLarge:
    """Whichever record it is, whichever limit it exceeds, and however the source is handed over."""

    def test_bytes(self, name: str, which: int) -> None:
        data, limits = grown(name, which, b"x" * LONG), Limits(record=LONG - 1000)
        check(name, which, data, limits)
        with streamed(SEVERAL[name]):
            check(name, which, data, limits)

    def test_values(self, name: str, which: int) -> None:
        data, limits = grown(name, which, NODES[name]), Limits(nodes=LONG // 2)
        check(name, which, data, limits)
        with streamed(SEVERAL[name]):
            check(name, which, data, limits)


@pytest.mark.parametrize("which", [0, 1, COUNT - 1])
@pytest.mark.parametrize(("name", "filler"), [(name, filler) for name, fillers in DEEP.items() for filler in fillers])
def test_depth(name: str, filler: bytes, which: int) -> None:
    """A record that is nested too deeply is one as well."""
    data = grown(name, which, filler)
    check(name, which, data, Limits(depth=100))
    with streamed(SEVERAL[name]):
        check(name, which, data, Limits(depth=100))


@pytest.mark.parametrize("which", [0, 1, COUNT - 1])
@pytest.mark.parametrize("name", ["csv", "tabs"])
def test_lines_that_end_with_a_carriage_return(name: str, which: int) -> None:
    """A row that is too long ends with its own line, whatever ends lines."""
    data, limits = grown(name, which, b"x" * LONG), Limits(record=LONG - 1000)
    assert data.count(b"\r\n") > COUNT
    found = list(read(data.replace(b"\r\n", b"\r"), limits=limits))
    trials = whole(SEVERAL[name])
    assert [one.ok for one in found] == [number != which for number in range(COUNT)]
    assert [one.trial.id for one in found if one.ok] == [one.id for one in trials[:which] + trials[which + 1 :]]


LEVELS = (frozenset({"t"}), frozenset({"r"}))
"""The names of the root and of its records."""


def kinds(data: bytes, limits: Limits) -> list[bool]:
    """Return for each record and stray element of XML that is read as a stream whether it is within the limits."""
    with mock.patch.object(xml.document, "ONE_PIECE", 1):
        found = [element for element, *_ in xml.records(source.Document(data=data), LEVELS, limits)]
    return [not isinstance(one, LimitExceeded) for one in found]


class TestXml:
    """What is behind a record that was passed over is read as if it came first."""

    @pytest.mark.parametrize("chunk", [700, 12_000, 64 << 10])
    def test_space_behind_one(self, chunk: int) -> None:
        large = b"<r><z a='' b='' c=''/>" + b"<z/>" * 2_900 + b"</r>"
        data = b"<t>" + large + b" " * 15_000 + b"<r/></t>"
        with mock.patch.object(xml.chunks, "_CHUNK", chunk):
            assert kinds(data, Limits(record=20_000, attributes=2)) == [False, True]

    @pytest.mark.parametrize("large", [b"<b>" * 300 + b"</b>" * 300, b"<b>" + b"x" * 11_000_000 + b"</b>"])
    @pytest.mark.parametrize("before", [b"", b"<!-- </r> -->", b"<r>\n</r>" * 10])
    def test_what_the_parser_refuses_with_its_end(self, large: bytes, before: bytes) -> None:
        """libxml2 has bounds of its own, for depth and for the length of a text; the end may be in the same piece."""
        data = b"<t>" + before + b"<r>" + large + b"</r>" + b"<r>x</r>\n" * 2_000 + b"</t>"
        count = before.count(b"<r>")
        assert kinds(data, Limits()) == [True] * count + [False] + [True] * 2_000

    @pytest.mark.parametrize("chunk", [700, 12_000, 64 << 10])
    def test_what_is_before_a_record_is_no_part_of_it(self, chunk: int) -> None:
        data = b"<t><r></r><s>" + b"<z/>" * 4_000 + b"</s><r>" + b"<z/>" * 2_000 + b"</r><r/></t>"
        with mock.patch.object(xml.chunks, "_CHUNK", chunk):
            assert kinds(data, Limits(record=20_000)) == [True, True, True, True]
            assert kinds(data, Limits(record=18_000)) == [True, True, True, True]
            assert kinds(data.replace(b"<r>", b"<r>" + b"<z/>" * 3_000), Limits(record=18_000)) == [
                True,
                True,
                False,
                True,
            ]

    @pytest.mark.parametrize("chunk", [1, 700, 64 << 10])
    @pytest.mark.parametrize("large", ["<r>{}</r>", "<r a='>'\n>{}<z/></r >", "<q:r>{}</q:r>", "<r>{}<r/></r>"])
    def test_text_directly_in_one(self, large: str, chunk: int) -> None:
        data = f"<t xmlns:q='u'><r/>{large}<r/>{large}{large}\n<r>x</r></t>".format(*["x" * 100_000] * 3).encode()
        with mock.patch.object(xml.chunks, "_CHUNK", chunk):
            assert kinds(data, Limits(record=90_000)) == [True, False, True, False, False, True]

    @pytest.mark.parametrize("chunk", [1, 700, 64 << 10])
    @pytest.mark.parametrize("end", [">x</r>", "/>", "><r/></r>", "><!-- </r> --></r>"])
    @pytest.mark.parametrize("tag", [f"a='{'>/' * 50_000}'", " ".join(f"a{number}='/>'" for number in range(300))])
    def test_a_start_tag_beyond_a_limit(self, tag: str, end: str, chunk: int) -> None:
        data = f"<t><r/><r {tag}{end}<r/>\n<r\n{tag}{end}<r {tag}{end}<r>x</r></t>".encode()
        with mock.patch.object(xml.chunks, "_CHUNK", chunk):
            assert kinds(data, Limits(record=90_000)) == [True, False, True, False, False, True]

    @pytest.mark.parametrize("chunk", [1, 700, 64 << 10])
    @pytest.mark.parametrize("end", [">x</p:r>", "/>", "><p:r/></p:r>"])
    @pytest.mark.parametrize("around", ["<t>{}</t>", "<t xmlns:p='v'>{}</t>"])
    @pytest.mark.parametrize("tag", [f"a='{'>/' * 50_000}'", " ".join(f"a{number}='/>'" for number in range(300))])
    def test_a_start_tag_beyond_a_limit_that_declares_its_prefix(
        self, tag: str, around: str, end: str, chunk: int
    ) -> None:
        large, small = f"<p:r {tag} xmlns:p='u'{end}", "<p:r xmlns:p='u'>x</p:r>"
        data = around.format(f"<r/>{large}{small}\n{large}{large}<r>x</r>").encode()
        with mock.patch.object(xml.chunks, "_CHUNK", chunk):
            assert kinds(data, Limits(record=90_000)) == [True, False, True, False, False, True]

    @pytest.mark.parametrize("chunk", [1, 700, 64 << 10])
    @pytest.mark.parametrize("last", ["<r/>", "<r></r>", "<r>x</r\n>"])
    def test_a_text_behind_one_is_no_part_of_it(self, last: str, chunk: int) -> None:
        data = f"<t><r/>{last}{'x' * 200_000}<r/></t>".encode()
        ended: list[xml.Piece] = []
        with xml_in_chunks(chunk), pytest.raises(LimitExceeded, match="stretch"):
            ended.extend(xml.records(source.Document(data=data), LEVELS, Limits(record=90_000)))
        assert [isinstance(one.element, LimitExceeded) for one in ended] == [False, False]

    @pytest.mark.parametrize("between", ["<s>" + "x" * 100_000 + "</s>", "<s/>" * 25_000, "<!-- x -->" * 10_000])
    def test_a_stretch_between_two_is_no_part_of_the_next(self, between: str) -> None:
        ended: list[xml.Piece] = []
        document = source.Document(data=f"<t><r/>{between}<r/></t>".encode())
        with xml_in_chunks(700), pytest.raises(LimitExceeded, match="stretch"):
            ended.extend(xml.records(document, LEVELS, Limits(record=90_000)))
        assert [one.is_record and not isinstance(one.element, LimitExceeded) for one in ended] == [True]

    def test_each_is_measured_by_itself(self) -> None:
        """A record is a failure if its own bytes are more than the limit, whatever is beside it."""

        def law(drawn: tuple[list[tuple[str, int]], int]) -> int:
            parts, chunk = drawn
            pieces = [form.format("<z/>" * count) for form, count in parts]
            records = [piece for piece in pieces if re.match("<(q:)?[rs]", piece)]
            data = f"<t xmlns:q='u'>{''.join(pieces)}</t>".encode()
            with mock.patch.object(xml.chunks, "_CHUNK", chunk):
                assert kinds(data, Limits(record=2000)) == [len(record) <= 2000 for record in records]
            return sum(len(one) <= 2000 < len(one + other) for one, other in itertools.pairwise(records))

        forms = [
            "<r/>",
            "<r />",
            "<r a='>/'/>",
            "<r>{}</r>",
            "<q:r>{}</q:r>",
            "<r><r/>{}</r >",
            "<r><![CDATA[</r>]]>{}</r>",
        ]
        strays = ["<!-- </r> <r> -->", "<!-- <r/> -->", " \n", "<s><r/></s>", "<?r </r> ?>"]
        part = st.tuples(
            st.sampled_from(forms * 2 + strays), st.sampled_from([0, 1, 200, 480, 497, 498, 499, 500, 900])
        )
        exercised(law, 0.5, st.tuples(st.lists(part, max_size=12), st.sampled_from([1, 7, 300, 64 << 10])))

    def test_names_with_a_prefix(self) -> None:
        data = b"<t xmlns:p='u'>" + b"<p:r><z>%s</z></p:r>" * 100 % (*[b"z" * 300] * 100,) + b"</t>"
        assert kinds(data, Limits(record=20_000)) == [True] * 100


class _Endless(io.RawIOBase):
    """A file whose second record has many megabytes, of which no more is held than is asked for."""

    def __init__(self, again: Callable[[], Iterator[bytes]]) -> None:
        self._again = again
        self.seek(0)

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return 0

    def seek(self, place: int, whence: int = 0) -> int:
        self._pieces, self._rest = self._again(), b""
        return place

    def read(self, size: int = -1) -> bytes:
        while len(self._rest) < size and (piece := next(self._pieces, b"")):
            self._rest += piece
        found, self._rest = self._rest[:size], self._rest[size:]
        return found


@pytest.mark.parametrize("name", SEVERAL)
def test_constant_memory(name: str) -> None:
    """However long a record is, no more of it is held than a record may have."""
    filler = b"x" * 63 + (b"\n" if name == "text" else b" ")
    begin, end = grown(name, 1, b"@@@@").split(b"@@@@")
    limits = Limits(record=LONG)

    def peak(count: int) -> int:
        def pieces() -> Iterator[bytes]:
            return itertools.chain((begin,), itertools.repeat(filler * 1000, count), (end,))

        tracemalloc.start()
        try:
            found = [one.ok for one in read(_Endless(pieces), limits=limits)]  # type: ignore[arg-type]
            most = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
        assert found == [True, False] + [True] * (COUNT - 2)
        return most

    with mock.patch.object(source, "ONE_PIECE", len(begin) + 1000), mock.patch.object(xml.document, "ONE_PIECE", 1):
        peak(10)  # what is prepared once
        assert peak(400) < peak(40) + 10 * LONG


def test_offsets() -> None:
    """The bytes at the offset of a record, of its file or member, are the record."""
    looked = 0
    for name, several in SEVERAL.items():
        for one in read(several.data):
            assert one.ok
            offset = one.place.offset
            if name == "xml":
                assert offset is None
                continue
            assert offset is not None
            raw = one.raw
            begin = raw if isinstance(raw, bytes) else next(iter(raw.values())).encode()
            assert several.data[offset:].lstrip(b'"').startswith(begin)
            looked += 1
    assert looked == COUNT * (len(SEVERAL) - 1)

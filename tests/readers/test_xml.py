"""Elements of XML become trees with places; what costs too much is refused before it is parsed."""

import itertools
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from typing import Any
from unittest import mock

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from tests.conftest import ROOT
from tests.counting import exercised, some
from tests.readers.sources import LIMITS, declared, elements, only, xml_in_chunks
from trialparse.diagnostics import LimitExceeded, MalformedDocument
from trialparse.limits import Limits
from trialparse.readers import html, xml
from trialparse.readers.layout import Layout
from trialparse.readers.source import Document

SUITE = ROOT.parent / "shared" / "suites" / "defusedxml" / "xmltestdata"


def all_leaves(tree: xml.Tree, keys: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], str]]:
    if isinstance(tree, str):
        yield keys, tree
        return
    for key, value in tree.items() if isinstance(tree, dict) else enumerate(tree):
        yield from all_leaves(value, (*keys, key))


def within(found: Iterator[xml.Piece]) -> Iterator[xml.Piece]:
    """Yield elements, all of which must be within the limits; raises the error on the first that is not."""
    for one in found:
        if isinstance(one.element, LimitExceeded):
            raise one.element
        yield one


LEVELS = (frozenset("t"), frozenset("r"))
"""The names of the root and of its records."""


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
        for keys, words in some(all_leaves(tree)):
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

        def records_of(data: bytes) -> list[xml.Tree]:
            return [xml.tree(one.element) for one in xml.records(only(data), LEVELS, LIMITS) if one.is_record]

        whole = records_of(data)
        with xml_in_chunks(step):
            assert records_of(data) == whole

    def test_streaming_takes_constant_memory(self) -> None:
        record = b"<r><a>text</a>" + b"<b/>" * 200 + b"</r><junk/>"
        pieces = itertools.chain([b"<t>"], itertools.repeat(record * 64, 200), [b"</t>"])
        document = Document(rest=pieces)
        import resource

        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        found = Counter(one.is_record for one in xml.records(document, LEVELS, LIMITS))
        assert found == {True: 64 * 200, False: 64 * 200}
        assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 40 << 10

    def test_a_stretch_without_records_is_bounded(self) -> None:
        for junk, limits in ((b"<a/>", Limits(nodes=1000)), (b"text", Limits(record=100_000))):
            document = Document(rest=itertools.chain([b"<t>"], itertools.repeat(junk * 100, 10_000)))
            with mock.patch.object(xml.document, "ONE_PIECE", 1), pytest.raises(LimitExceeded, match="without the end"):
                list(xml.records(document, LEVELS, limits))

    def test_no_more_is_read_ahead_behind_many_records_beyond_a_limit(self) -> None:
        """What is behind each of them is read on, and not put behind what was read before."""
        attributes = " ".join(f"a{number}='1'" for number in range(300))
        record = f"<r><b {attributes}/></r>".encode()
        given_out = 0

        def pieces() -> Iterator[bytes]:
            nonlocal given_out
            for piece in itertools.chain([b"<t>"], itertools.repeat(record * 16, 60), [b"</t>"]):
                given_out += len(piece)
                yield piece

        ahead, errors = [], 0
        with mock.patch.object(xml.stream, "PROLOG", 1 << 16):
            for number, one in enumerate(xml.records(Document(rest=pieces()), LEVELS, LIMITS)):
                ahead.append(given_out - number * len(record))
                errors += isinstance(one.element, LimitExceeded)
        assert errors == 60 * 16
        assert max(ahead) < 6 << 16

    def test_depth_and_nodes(self) -> None:
        deep = b"<t>" + b"<r>" * 9 + b"</r>" * 9 + b"</t>"
        for size in (1, 8 << 20):
            with mock.patch.object(xml.document, "ONE_PIECE", size):
                assert list(xml.records(only(deep), LEVELS, Limits(depth=10)))
                with pytest.raises(LimitExceeded, match="depth"):
                    list(within(xml.records(only(deep), LEVELS, Limits(depth=9))))
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
        assert list(xml.records(only(many), LEVELS, Limits(nodes=11)))
        with pytest.raises(LimitExceeded, match="nodes"):
            list(within(xml.records(only(many), LEVELS, Limits(nodes=10))))

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
        with mock.patch.object(xml.document, "ONE_PIECE", 1 if streamed else 8 << 20):
            with pytest.raises(MalformedDocument):
                list(xml.records(only(data), LEVELS, LIMITS))
            assert xml.root_of(data).name == ""

    def test_a_prolog_that_goes_on_beyond_what_is_looked_at(self) -> None:
        for filler in (b" ", b"<!--x-->", b"<?p?>\n"):
            prolog = filler * (xml.prolog.PROLOG // len(filler) + 1)
            document = only(prolog + b'<!DOCTYPE t [<!ENTITY a "b">]><t><r>&a;</r></t>')
            with mock.patch.object(xml.document, "ONE_PIECE", 1), pytest.raises(MalformedDocument):
                list(xml.records(document, LEVELS, LIMITS))

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
        with mock.patch.object(xml.document, "ONE_PIECE", 1), pytest.raises(MalformedDocument):
            list(xml.records(only(data), (frozenset({"root"}),), LIMITS))

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
        found = [element for element, *_ in xml.records(only(b"<t><r>1</r> <r>2</r></t>"), LEVELS, LIMITS)]
        assert [[one.text for one in element.getparent()] for element in found] == [["1"], ["2"]]
        assert [list(element.getparent().itersiblings()) for element in found] == [[], []]

    def test_lxml_is_loaded_by_the_first_xml(self) -> None:
        code = "import sys, trialparse.readers.xml; sys.exit('lxml' in sys.modules)"
        assert 0 == subprocess.run([sys.executable, "-c", code], check=False).returncode


class TestLines:
    """Lines of records and of what is in them are those of the document, or are not known; they are never others."""

    def check(self, data: bytes, limits: Limits = LIMITS) -> list[bool]:
        """Check each element that has a number by the line of its number; return which of the lines are known."""
        text = data.decode()
        known = []
        for one in xml.records(only(data), LEVELS, limits):
            if isinstance(one.element, LimitExceeded) or not one.is_record:
                continue
            begin, lines = xml.line_of(one.element), xml.Lines(one.element)
            found = {one.element.get("n"): one.line}
            for keys, number in all_leaves(xml.tree(one.element)):
                if len(keys) > 1 and keys[-1] == "@n":
                    line = lines.of(keys)
                    is_unknown = line is None or begin is None or one.line is None
                    found[number] = None if is_unknown else one.line + line - begin
            for number, line in found.items():
                if number is not None:
                    before = text[: text.index(f"n='{number}'")]
                    assert line in (None, before.count("\n") + before.count("\r") - before.count("\r\n") + 1)
                    known.append(line is not None)
        return known

    def test_they_are_those_of_the_document(self) -> None:
        """Wherever line ends are, and however often the parser begins anew; a start tag is where it ends."""

        def law(drawn: tuple[list[tuple[str, int]], int, int, str]) -> int:
            parts, chunk, most, end = drawn
            numbers = itertools.count()
            pieces = (
                re.sub("#", lambda _: f"n='{next(numbers)}'", form).replace("~", end * count) for form, count in parts
            )
            data = f"<t~>{''.join(pieces)}</t>".replace("~", end * 3).encode()
            with xml_in_chunks(chunk, last_line=most):
                known = self.check(data, Limits(record=2000))
            assert all(known) or most < 10_000
            return sum(known)

        forms = [
            "<r #/>",
            "<r ~#/>~",
            "<!--~-->",
            "<s~><r/>~</s>",
            "<r #>~<a #>~</a><!--~--><b~><c #/></b>~<a~/></r>",
            "<r ~#><![CDATA[~</r>]]><a x='~' #/></r>~",
            "<r #>" + "~x" * 2001 + "</r>",
        ]
        part = st.tuples(st.sampled_from(forms), st.sampled_from([0, 1, 2, 30]))
        drawn = st.tuples(
            st.lists(part, min_size=3, max_size=9),
            st.sampled_from([1, 7, 64 << 10]),
            st.sampled_from([9, 40, 65_535]),
            st.sampled_from(["\n", "\r\n", "\r", "\n\r"]),
        )
        exercised(law, 2, drawn)

    @pytest.mark.parametrize("count", [1, 30])
    def test_beyond_those_that_the_parser_counts(self, count: int) -> None:
        """In a file of many lines the parser begins anew; in a record of many they are not known."""
        body = "<x>\n{}<a n='a{}'/>\n<b n='b{}'>\n\n\n</b><c n='c{}'/></x>"
        numbers = range(count * 10)
        data = "\n".join(
            f"<r n='{n}'>" + body.format("\n" * (100_000 // count), n, n, n) + "</r>\n<r/>" for n in numbers
        )
        known = self.check(f"<t>\n{data}</t>".encode())
        assert len(known) == 4 * len(numbers)
        assert all(known) == (count > 1)

    @pytest.mark.parametrize("chunk", [None, *range(1, 9)])
    def test_a_carriage_return_ends_a_line(self, chunk: int | None) -> None:
        """By itself or before LF, and wherever the stream is cut; its value is LF, as in XML 1.0, 2.11."""
        data = b"<t>\r<r n='1'>\r\n\r<x n='2'/>\n\r</r>\r\r\n<r n='3'/></t>\r"
        with xml_in_chunks(chunk or 1, one_piece=1 if chunk else 8 << 20):
            assert self.check(data) == [True, True, True]
            texts = [one.element.text for one in xml.records(only(data), LEVELS, LIMITS)]
        assert texts == ["\n\n", None]

    def test_carriage_returns_in_front_of_an_error(self) -> None:
        for size in (1, 8 << 20):
            with (
                mock.patch.object(xml.document, "ONE_PIECE", size),
                pytest.raises(MalformedDocument, match=r"^line 4,"),
            ):
                list(xml.records(only(b"<t>\r<r/>\r\n\r<r></t>"), LEVELS, LIMITS))

    def test_a_record_of_many_lines_alone(self) -> None:
        for before in range(65_527, 65_537):
            data = b"<t>" + b"\n" * before + b"<x n='1'>\n\n\n\n</x><y n='2'/></t>"
            lines = xml.Lines(xml.parse(data, LIMITS))
            assert lines.of(("x",)) == (before + 1 if before + 1 < 65_535 else None)
            assert lines.of(("y",)) == (before + 5 if before + 5 < 65_535 else None)
            assert lines.of(("y", "@n")) == lines.of(("y",))

    @pytest.mark.parametrize("count", [1, 1000])
    @pytest.mark.parametrize("size", [1, 8 << 20])
    def test_errors(self, count: int, size: int) -> None:
        data = b"<t>" + (b"<r>" + b"\n" * count + b"</r>") * 100 + b"\n<r></q></t>"
        with mock.patch.object(xml.document, "ONE_PIECE", size), pytest.raises(MalformedDocument) as caught:
            list(xml.records(only(data), LEVELS, LIMITS))
        assert {int(line) for line in re.findall(r"line (\d+)", str(caught.value))} == {count * 100 + 2}


in_any_pieces = pytest.mark.parametrize("chunk", [None, 1, 7, 64 << 10])
"""A document as a whole, and as a stream that is parted everywhere."""


class TestNamespaces:
    """What declarations of namespaces cost is bounded for each element, and no record costs those around it again."""

    def records(self, data: bytes, chunk: int | None, limits: Limits = LIMITS) -> Iterator[Any]:
        with xml_in_chunks(chunk or 1, one_piece=8 << 20 if chunk is None else 1):
            yield from (element for element, *_ in within(xml.records(only(data), LEVELS, limits)))

    @in_any_pieces
    @pytest.mark.parametrize("where", ["<t{}><r/></t>", "<t><r{}/></t>", "<t><r><x{}/></r></t>", "<t><x\n{}>></x></t>"])
    def test_declarations_are_counted_with_attributes(self, where: str, chunk: int | None) -> None:
        list(self.records(where.format(' a=">"' + declared(9)).encode(), chunk, Limits(attributes=10)))
        with pytest.raises(LimitExceeded, match=r"11 attributes and namespaces .* attributes=10"):
            list(self.records(where.format(' a=">" b=\'"\'' + declared(9)).encode(), chunk, Limits(attributes=10)))

    def test_they_are_counted_before_the_parser_sees_them(self) -> None:
        document = Document(rest=iter([b"<t><r/><x", *[declared(1).encode()] * 400]))  # a tag that never ends
        with mock.patch.object(xml.document, "ONE_PIECE", 1), pytest.raises(LimitExceeded, match="400 attributes"):
            list(xml.records(document, LEVELS, LIMITS))
        with mock.patch.object(xml.parser, "etree", side_effect=AssertionError), pytest.raises(LimitExceeded):
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

    @in_any_pieces
    @pytest.mark.parametrize("uri", ["a b", "%zz", "{", ">", "]]>", "http://[x/", "\u00e9"])
    @pytest.mark.parametrize("others", [0, 2, 20])
    @pytest.mark.parametrize("end", ["</t>", "</broken>"])
    def test_what_is_no_uri_is_not_kept(self, uri: str, others: int, end: str, chunk: int | None) -> None:
        """It costs neither the other namespaces nor a record, and raises nothing of lxml."""
        data = f'<t xmlns:q="{uri}"{declared(others)}><r p0:a="">x</r><r q:a=""/>{end}'
        data = data.replace("p0:a", "p0:a" if others else "a")
        found = []
        try:
            found.extend(map(xml.serialise, self.records(data.encode(), chunk)))
        except MalformedDocument as error:
            found.append(str(error).encode())
        assert found[0].endswith(b'a="">x</r>')
        assert (b"xmlns:p0" in found[0]) == bool(others)
        assert len(found) == 3  # the parser reports it at the end of the document

    def test_a_copy_stands_on_the_line_of_its_original(self) -> None:
        data = f"<t{declared(20)}>\n\n<r>\n<x/></r></t>".encode()
        (found,) = self.records(data, None)
        assert (xml.line_of(found), xml.Lines(found).of(("x",))) == (3, 4)

    def test_attributes_of_a_page_are_counted(self) -> None:
        page = "<html><body><table><tr><td{}>x</td></tr></table></body></html>"
        layout = Layout(("a", "b", "c"), ("d", "e"), ("f",))
        many = "".join(f" a{number}" for number in range(10))
        assert [] == list(html.rows(page.format(many).encode(), layout, Limits(attributes=10)))
        for hidden in (many + ' b=">"', many + " b=<c>", ' b=">"' + many):
            with pytest.raises(LimitExceeded, match=r"<td> with 11 attributes .* attributes=10"):
                list(html.rows(page.format(hidden).encode(), layout, Limits(attributes=10)))

    def test_plain_tags_have_no_more_attributes_than_they_may(self) -> None:
        def law(page: str) -> int:
            plain = html.has_plain_tags(page.encode(), 2)
            if plain:
                seen = MostAttributes()
                etree.fromstring(f"<p>{page}".encode(), etree.HTMLParser(target=seen, encoding="utf-8"))
                assert seen.most <= 2
            return plain

        exercised(law, 0.05, st.lists(st.sampled_from(PIECES), min_size=1, max_size=12).map("".join))

    @pytest.mark.parametrize(
        ("cell", "times"), [("<td class='x' id=\"y\">", 1), ("<td class=x>", 2), ("<td a='>'>", 2)]
    )
    def test_a_page_of_plain_tags_is_parsed_once(self, cell: str, times: int) -> None:
        page = f"<html><body>1 < 2<table><tr>{cell}x</td></tr></table><!-- a --></body></html>".encode()
        layout = Layout(("a", "b", "c"), ("d", "e"), ("f",))
        with mock.patch.object(etree, "fromstring", wraps=etree.fromstring) as parsed:
            assert [] == list(html.rows(page, layout, LIMITS))
        assert parsed.call_count == times


PIECES = [
    "<td",
    "<b ",
    " a",
    " b",
    " c=",
    "=",
    '"',
    "'",
    ' d="x"',
    " e='y'",
    ">",
    ">",
    "/>",
    "</td>",
    "<!--",
    "-->",
    "\n",
]
"""Pieces of pages in which a tag may go on behind its first `>`."""


class MostAttributes:
    """A target of the parser that finds the most attributes of a start tag."""

    most = 0

    def start(self, tag: str, attributes: Any) -> None:
        self.most = max(self.most, len(attributes))

    def close(self) -> None:
        """Take the end of the page."""


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

        assert len(list(xml.records(only(b"<t><r>" + nested(5) + b"</r></t>"), LEVELS, LIMITS))) == 1
        with pytest.raises(LimitExceeded, match="namespaces of the document"):
            list(xml.records(only(b"<t><r>" + nested(6) + b"</r></t>"), LEVELS, LIMITS))

    def test_the_same_namespaces_in_each_record(self) -> None:
        data = b"<t>" + b"<r xmlns:a='u' xmlns:b='v'/>" * 5000 + b"</t>"
        assert len(list(xml.records(only(data), LEVELS, LIMITS))) == 5000

    def test_a_long_text_is_no_tag(self) -> None:
        data = b"<t><r>" + b"a=1 " * 5000 + b"</r><r><![CDATA[" + b" b='2'" * 5000 + b"]]></r></t>"
        assert len(list(xml.records(only(data), LEVELS, LIMITS))) == 2

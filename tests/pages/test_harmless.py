"""Whatever the register wrote is shown as words, in every format."""

import itertools
import re

import attrs
import cmarkgfm
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

import trialparse
from tests.conftest import FIXTURES
from tests.counting import some
from tests.pages.reading import (
    Evidence,
    Parsed,
    Source,
)
from tests.pages.trials import EARLY, FULL, HEADINGS, Elements, by_hand, many
from trialparse import model
from trialparse.diagnostics import Place
from trialparse.model import Trial, terms
from trialparse.model import interventions as products
from trialparse.model.harmless import harmless, quoted
from trialparse.model.terms import Progress
from trialparse.model.values import Coded
from trialparse.pages import DETAIL, FORMATS, overview
from trialparse.pages.render_markdown import escaped

HOSTILE = st.one_of(
    st.sampled_from(
        [
            "<script>alert(1)</script>",
            "</span></p></main><h1>x</h1>",
            "</style><img src=x onerror=y>",
            "&lt;b&gt; &amp; &#60;i&#62;",
            "[x](javascript:alert(1)) ![y](http://z)",
            "<http://a.b> http://a.b www.a.b a@b.c",
            "# x\n\n## y\n- z\n1. w\n> q\n```\ncode",
            "`code` *em* _em_ **s** ~~d~~ | a | b |",
            '[1]: http://evil "t"\n[^1]: note',
            "a\u202eb\u2066c\x00d\x1b[31me\ud800f\U000e0041",
            "“The trial is safe” [1]. «x»",
            "\\",
            "\\<b>",
            "$x$ {role}`x` {{ y }}",
        ]
    ),
    st.text(alphabet="<>&\"'`*_[]()#!\\|~- \n\u202eab:/.“”«»", min_size=1, max_size=20),
)

PIECES = (
    *"@ www. WWW http:// https:// ftp:// mailto: xmpp: javascript: // : / . - _ ~ ~~ | + ? = # \\ ! < > & ( )".split(),
    *"[ ] $ ^ * ` evil.example evil.com пример.рф localhost 10.0.0.1 x 1 é &#64; &commat; &lt; [x] [^1] [^1]:".split(),
    *"[1]: --- === <b> <!--".split(),
    *(" ", "\n", "\n\n", "\n- ", "\n1. ", "\n    ", "\t", "\u200b", "\xad", "“", "”"),
)

ADDRESSES = st.lists(st.sampled_from(PIECES), min_size=1, max_size=8).map("".join)
"""Texts of what addresses, references and structure are made of."""


TABLE = ("table", "thead", "tbody", "tr", "th", "td")
"""The tags of a table."""


def by_cmark(text: str) -> str:
    """Return the HTML that GitHub Flavored Markdown is, with footnotes and with raw HTML let through."""
    options = cmarkgfm.Options.CMARK_OPT_UNSAFE | cmarkgfm.Options.CMARK_OPT_FOOTNOTES
    extensions = ["autolink", "table", "strikethrough", "tagfilter", "tasklist"]
    return cmarkgfm.markdown_to_html_with_extensions(text, options, extensions)


MARKDOWN = {
    "commonmark": MarkdownIt("commonmark").render,
    "tables": MarkdownIt("js-default", {"html": True}).render,
    "linkified": MarkdownIt("gfm-like").render,
    "without HTML": MarkdownIt("gfm-like", {"html": False, "typographer": False}).render,
    "cmark": cmarkgfm.cmark.markdown_to_html,
    "cmark-gfm": by_cmark,
}
"""What turns Markdown into HTML."""


def hostile(words: str) -> Trial:
    return Trial(
        id=words,
        registry=words,
        public_title=words,
        brief_summary=words,
        conditions=(model.Condition(text=words),),
        interventions=(products.Intervention(name=words, routes=(Coded(text=words),)),),
        arms=(model.Arm(title=words, description=words),),
        countries=(model.Country(name=words, status=model.Status(trial=Progress.ENDED), events=(EARLY,)),),
        endpoints=(model.Endpoint(kind=terms.EndpointKind.PRIMARY, text=words),),
        eligibility=model.Eligibility(criteria=(model.Criterion(text=words),)),
        monitoring=(words,),
    )


@attrs.frozen
class Hostile(Parsed):
    """A record whose paths are as hostile as its words."""

    words: str = ""

    def evidence(self, field: str) -> Evidence:
        return Evidence(field, (Source(Place(path=f"/{self.words}"), self.words),))


class TestHarmless:
    """Words of a register are shown as words, in every format."""

    CONTROLS = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\U000e0000-\U000e007f]")
    TAGS = frozenset(
        "html head meta title style body main article header nav section h1 h2 h3 p ul ol li a span details summary "
        "div table caption thead tbody tr th td svg text rect".split()
    )

    @many
    @given(HOSTILE)
    def test_no_control_is_left(self, words):
        for form, detail in some(itertools.product(FORMATS, DETAIL), 6):
            text = overview(Hostile(hostile(words), words=words), format=form, detail=detail)
            assert not self.CONTROLS.search(text)
            text.encode()

    @many
    @given(HOSTILE)
    def test_html(self, words):
        page = Elements(overview(Hostile(hostile(words), words=words), format="html"))

        assert page.tags <= self.TAGS
        assert page.headings[-15:] == [*HEADINGS, "Notes", "All details", *HEADINGS, "Notes on all details"]
        assert len(page.ids) == len(set(page.ids))
        assert {link[1:] for link in page.links} <= set(page.ids)
        if harmless(words):
            assert quoted(words)[1] in page.quotes

    @many
    @given(HOSTILE | ADDRESSES)
    def test_markdown(self, words):
        text = overview(Hostile(hostile(words), words=words), format="markdown", detail="full")
        for render in MARKDOWN.values():
            page = Elements(render(text))

            assert page.tags <= {"h1", "h2", "h3", "p", "ul", "li", "hr", "strong", *TABLE}
            assert page.headings[-14:] == [*HEADINGS, "All details", *HEADINGS, "Notes"]
            if harmless(words):
                assert "".join(quoted(words)) in page.words.replace("\u2060", "")

    @pytest.mark.parametrize("render", MARKDOWN.values(), ids=MARKDOWN)
    @pytest.mark.parametrize("line", ["{}", "Our words {}.", "- [1] {}", "- {}", "## {}"])
    @given(ADDRESSES)
    @example("x@evil.example")
    @example("mailto:x@evil.example")
    @example("xmpp:x@evil.example/a")
    @example("www.evil.example")
    @example("(https://evil.example)")
    def test_words_in_markdown(self, render, line, words):
        words = "".join(quoted(words))
        page = Elements(render(line.format(escaped(words))))

        assert page.tags <= {"h2", "p", "ul", "li"}
        assert page.words.strip().replace("\u2060", "") == re.sub("^(- |## )", "", line).format(words)

    @pytest.mark.parametrize("char", ["\ufffe", "\ufdd0", "\U0001ffff", "\u202e", "\x00", "\ud800"])
    def test_what_acts_is_replaced(self, char):
        assert harmless(f"a{char}b") == "a\ufffdb"

    @given(st.text())
    def test_once_is_enough(self, text):
        assert harmless(harmless(text)) == harmless(text)

    @given(st.text(alphabet=st.characters(categories=["L", "M", "N", "P", "S"])))
    def test_what_can_be_read_is_unchanged(self, text):
        assert harmless(text) == text


KEPT = frozenset(
    "not_carried missing term field id group category period arm analysis_set code registry scheme".split()
)
"""Fields whose words are ours, or join the parts of a document."""


def poisoned(value: object, words: str) -> object:
    """Return a value with words in the place of every text below it."""
    if isinstance(value, str):
        return words
    if isinstance(value, tuple):
        return tuple(poisoned(one, words) for one in value)
    if attrs.has(type(value)):
        names = [field.name for field in attrs.fields(type(value)) if field.name not in KEPT]
        return attrs.evolve(value, **{name: poisoned(getattr(value, name), words) for name in names})
    return value


class TestEveryLeaf:
    """Hostile words in every text of a record stay words, in every rendering of the article and of all details."""

    RECORDS = ("ctis/immunostem.json", "ctis/multinational.json", "euctr/results.xml", "euctr/all_boxes.txt")

    @pytest.mark.parametrize("name", RECORDS)
    @pytest.mark.parametrize(
        "words",
        [
            "</title></style></span><script>alert(1)</script><img src=x onerror=y>",
            "[x](javascript:alert(1)) | a | b |\n# x\n\n- y <b> `z` \u202e\x1b[31m",
            '"><a href="http://evil.example">{{ 7*7 }}</a>{% raw %}',
        ],
        ids=["html", "markdown", "template"],
    )
    def test_it_stays_text(self, name, words):
        trial = poisoned(next(iter(trialparse.read(FIXTURES / name))).trial, words)
        html = Elements(overview(trial, format="html", detail="full"))
        text = overview(trial, format="markdown", detail="full")

        assert html.tags <= TestHarmless.TAGS
        assert "49" not in re.findall(r"\b49\b", html.words)
        assert all(
            link.startswith(("#", "https://euclinicaltrials", "https://www.clinicaltrials")) for link in html.links
        )
        for render in MARKDOWN.values():
            assert Elements(render(text)).tags <= {"h1", "h2", "h3", "p", "ul", "li", "hr", "strong", "a", *TABLE}
        for form in some(FORMATS, 3):
            page = overview(trial, format=form, detail="full")
            assert not TestHarmless.CONTROLS.search(page)


class TestHtml:
    """The document stands alone: one language, one main part, notes that link back, nothing to load or run."""

    def test_alone(self):
        text = overview(Parsed(FULL), format="html")

        assert text.startswith('<!DOCTYPE html>\n<html lang="en">')
        assert text.count("<main>") == text.count("<h1 ") == 1
        assert "<title>A first study of changed stem cells in early type 1 diabetes</title>" in text
        assert "@media print" in text
        assert "prefers-color-scheme: dark" in text
        assert not re.search(r"<script|<link|<img|url\(|@import", text)
        assert re.findall(r"https?://[^\"]+", text) == [
            "https://euclinicaltrials.eu/search-for-clinical-trials/?lang=en&amp;EUCT=2025-523456-11-00"
        ]

    @by_hand
    def test_links_go_both_ways(self, trial):
        page = Elements(overview(Parsed(trial), format="html"))
        notes = {one for one in page.ids if one.startswith("note-")}
        inner = {link[1:] for link in page.links if link.startswith("#")}

        assert {link for link in inner if not link.startswith("section-")} - {"details", "notes"} == notes | {
            note.replace("note", "cite") for note in notes
        }
        assert inner <= set(page.ids)

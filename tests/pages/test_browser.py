"""The page in a browser: it fits a phone, its links lead somewhere, it can be read in light and dark, it prints."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.pages.as_text import records
from tests.pages.browser import Browser, browser, program
from trialparse.pages import overview

pytestmark = pytest.mark.skipif(program() is None, reason="there is no chromium on this machine")

PAGES = (
    "ctis/immunostem.json",
    "ctis/multinational.json",
    "ctis/portal.csv",
    "ctis/evaluation.json",
    "euctr/results.xml",
)

CONTRASTS = """
(() => {
  const light = colour => {
    const parts = colour.match(/[\\d.]+/g).slice(0, 3).map(Number).map(part => part / 255)
      .map(part => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2];
  };
  const ground = node => {
    for (; node; node = node.parentElement) {
      const colour = getComputedStyle(node).backgroundColor;
      if (!/, 0\\)$|transparent/.test(colour)) return colour;
    }
    return getComputedStyle(document.documentElement).backgroundColor;
  };
  const found = [];
  for (const node of document.querySelectorAll("h1, h2, p, li, a, summary, caption, th, td, svg text")) {
    const style = getComputedStyle(node);
    const pair = [light(node.tagName == "text" ? style.fill : style.color), light(ground(node))].sort((a, b) => b - a);
    found.push((pair[0] + 0.05) / (pair[1] + 0.05));
  }
  return Math.min(...found);
})()
"""


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with browser(str(program()), tmp_path_factory.mktemp("profile")) as it:
        yield it


@pytest.fixture(params=PAGES)
def page(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    path = tmp_path / "page.html"
    path.write_text(overview(records(request.param)[0], format="html"), encoding="utf-8")
    return path


class TestPage:
    """One page in a real browser."""

    @pytest.mark.parametrize("width", [320, 375, 1280])
    def test_nothing_goes_beyond_the_edge(self, shown: Browser, page: Path, width: int) -> None:
        shown.open(page, width)
        shown.value("for (const one of document.querySelectorAll('details')) one.open = true")

        assert shown.value("document.documentElement.scrollWidth") <= width
        assert shown.value("document.body.scrollWidth") <= width

    def test_links_lead_to_what_they_name(self, shown: Browser, page: Path) -> None:
        shown.open(page, 375)
        inner = "[...document.querySelectorAll('a[href^=\"#\"]')]"

        assert shown.value(f"{inner}.length") > 10
        assert shown.value(f"{inner}.filter(one => !document.getElementById(one.hash.slice(1))).length") == 0

    def test_the_contents_list_leads_there(self, shown: Browser, page: Path) -> None:
        shown.open(page, 375)
        arrived = []
        for number in range(shown.value("document.querySelectorAll('nav a').length")):
            shown.value("scrollTo(0, 0)")
            shown.value(f"document.querySelectorAll('nav a')[{number}].click()")
            top = "document.getElementById(location.hash.slice(1)).getBoundingClientRect().top"
            arrived.append(shown.value(f"{top} < innerHeight && {top} > -1"))
        assert len(arrived) > 2
        assert all(arrived)

    @pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
    def test_contrast(self, shown: Browser, page: Path, dark: bool) -> None:
        shown.open(page, 375, dark=dark)
        assert shown.value(CONTRASTS) >= 4.5

    def test_dark_is_dark(self, shown: Browser, page: Path) -> None:
        colours = []
        for dark in (False, True):
            shown.open(page, 375, dark=dark)
            colours.append(shown.value("getComputedStyle(document.documentElement).backgroundColor"))
        assert colours == ["rgb(255, 255, 255)", "rgb(22, 24, 28)"]

    def test_one_title_one_language_no_script(self, shown: Browser, page: Path) -> None:
        shown.open(page, 375)

        assert shown.value("document.documentElement.lang") == "en"
        assert shown.value("document.querySelectorAll('h1').length") == 1
        assert shown.value("document.scripts.length") == 0
        assert shown.value("performance.getEntriesByType('resource').length") == 0

    def test_details_are_folded_and_open(self, shown: Browser, page: Path) -> None:
        shown.open(page, 375)
        assert shown.value("document.querySelector('details.all').open") is False
        shown.value("document.querySelector('details.all > summary').click()")
        assert shown.value("document.querySelector('details.all').open") is True

    def test_the_article_prints_on_four_sheets_of_a4(self, shown: Browser, page: Path) -> None:
        shown.open(page, 800)
        printed = shown.pdf()
        sizes = {tuple(map(float, box)) for box in re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", printed)}
        sheets = len(re.findall(rb"/Type /Page\b(?!s)", printed))

        assert 1 <= sheets <= 4
        assert all(abs(width - 595) < 2 and abs(height - 842) < 2 for width, height in sizes)


class TestChart:
    """A chart of the main outcome is drawn with its numbers, and its table is behind it."""

    def test_bars(self, shown: Browser, tmp_path: Path) -> None:
        from trialparse.model import Results, Trial
        from trialparse.model.results import Group, Outcome, Value
        from trialparse.model.terms import EndpointKind

        groups = tuple(
            Group(id=one, title=f"Group {one}", participants=number) for one, number in (("a", 2000), ("b", 4000))
        )
        values = tuple(Value(group=one, value=value) for one, value in (("a", 1000.0), ("b", 1000.0)))
        outcome = Outcome(kind=EndpointKind.PRIMARY, title="Cured", countable=True, groups=groups, values=values)
        path = tmp_path / "page.html"
        path.write_text(overview(Trial(results=Results(outcomes=(outcome,))), format="html"), encoding="utf-8")
        shown.open(path, 375)
        widths = shown.value("[...document.querySelectorAll('svg rect')].map(one => one.getBoundingClientRect().width)")

        ends = "[...document.querySelectorAll('svg text')].map(one => one.getBBox()).map(box => box.x + box.width)"
        assert shown.value(f"Math.max(...{ends})") <= 400
        assert widths[0] == pytest.approx(2 * widths[1], rel=0.02)
        assert shown.value("document.querySelector('svg').textContent.replace(/\\s+/g, ' ').trim()") == (
            "Group a 1,000 of 2,000 Group b 1,000 of 4,000"
        )
        assert shown.value(
            "document.querySelector('.table').innerText.includes('Group b (n = 4,000)')".replace("Group b", "“Group b”")
        )

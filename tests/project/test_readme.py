"""The README shows what the command prints, word for word."""

import ast
import re

from tests.conftest import ROOT
from trialparse import overview, parse
from trialparse.limits import Limits


class TestReadme:
    """Each part of the sample page in the README stands in the page that is made today."""

    def test_the_page(self) -> None:
        readme = (ROOT / "README.md").read_text(encoding="utf-8")
        shown = readme.partition("```text\n")[2].partition("```")[0]
        page = overview(parse(ROOT / "fixtures" / "ctis" / "immunostem.json"))
        parts = [part.strip("\n") for part in shown.split("…") if part.strip()]

        assert len(parts) == 2
        assert [] == [part for part in parts if part not in page]


class TestSecurity:
    """Each test that SECURITY.md names is there, and so is each limit."""

    def test_tests(self) -> None:
        table = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
        last = ""
        count = 0
        for file, names in re.findall(r"`((?:\w+/)+test_\w+\.py)?((?:::\w+)*)`", table):
            last = file or last
            if not file and not names:
                continue
            scope: list[ast.stmt] = ast.parse((ROOT / "tests" / last).read_text(encoding="utf-8")).body
            for name in filter(None, names.split("::")):
                found = [node for node in scope if getattr(node, "name", None) == name]
                assert found, f"{last} has no {name}"
                scope = getattr(found[0], "body", [])
            count += 1
        assert count > 30

    def test_limits(self) -> None:
        table = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
        limits = Limits()
        shown = {int(number.replace(",", "")) for number in re.findall(r"\(([\d,]+)[ ;)a]", table)}
        assert {limits.depth, limits.ratio, limits.nodes, limits.attributes} <= shown
        mebibytes = {int(number) for number in re.findall(r"\((\d+) MiB\)", table)}
        assert {limits.record >> 20, limits.held >> 20} <= mebibytes
        assert {limits.bytes, limits.inflated, limits.members} == {None}

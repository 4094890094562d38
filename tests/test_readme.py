"""The README shows what the command prints, word for word."""

from pathlib import Path

from trialparse import overview, parse

ROOT = Path(__file__).parent.parent


class TestReadme:
    """Each part of the sample page in the README stands in the page that is made today."""

    def test_the_page(self) -> None:
        readme = (ROOT / "README.md").read_text(encoding="utf-8")
        shown = readme.partition("```text\n")[2].partition("```")[0]
        page = overview(parse(ROOT / "fixtures" / "ctis" / "immunostem.json"))
        parts = [part.strip("\n") for part in shown.split("…") if part.strip()]

        assert len(parts) == 2
        assert [] == [part for part in parts if part not in page]

"""The pages that `overview` writes: one or many, short or full, into a folder or to standard output."""

import re
from pathlib import Path

import pytest

from tests.cli.commands import run


@pytest.fixture
def sample(fixtures: Path) -> Path:
    return fixtures / "ctis" / "immunostem.json"


@pytest.fixture
def rows(fixtures: Path) -> Path:
    return fixtures / "ctis" / "search_2026.json"


class TestDetail:
    """The article comes alone, or with all details behind it."""

    def test_short(self, sample: Path) -> None:
        result = run("overview", sample)

        assert result.exit_code == 0
        assert "All details\n====" not in result.output

    def test_full(self, sample: Path) -> None:
        short, full = (run("overview", "--detail", detail, sample).output for detail in ("short", "full"))

        assert "All details\n====" in full
        assert full.startswith(short.partition("\n*****\n")[0])

    def test_without_notes(self, sample: Path) -> None:
        assert not re.search(r"\[\d+\]", run("overview", "--no-notes", sample).output)


class TestFolder:
    """With -o, each trial has a page, and an index lists them."""

    @pytest.mark.parametrize(("form", "ending"), [("html", "html"), ("markdown", "md"), ("text", "txt")])
    def test_pages(self, form: str, ending: str, rows: Path, sample: Path, tmp_path: Path) -> None:
        result = run("overview", "--format", form, "-o", tmp_path / "out", rows, sample)
        names = {path.name for path in (tmp_path / "out").iterdir()}

        assert (result.exit_code, result.output) == (0, "")
        assert names == {f"{name}.{ending}" for name in IDS} | {f"index.{ending}"}
        index = (tmp_path / "out" / f"index.{ending}").read_text("utf-8")
        assert all(f"{name}.{ending}" in index for name in IDS)

    def test_one_page_of_several_records(self, fixtures: Path, tmp_path: Path) -> None:
        run("overview", "--combine", "--format", "html", "-o", tmp_path, fixtures / "euctr" / "countries.xml")
        assert {path.name for path in tmp_path.iterdir()} == {"2017-099140-40.html", "index.html"}

    def test_what_cannot_be_read_is_reported_and_the_rest_is_written(self, sample: Path, tmp_path: Path) -> None:
        bad = tmp_path / "bad.json"
        bad.write_text("{}")
        result = run("overview", "-o", tmp_path / "out", bad, sample)

        assert result.exit_code == 1
        assert "bad.json" in result.stderr
        assert (tmp_path / "out" / "2026-590101-24-00.txt").is_file()

    def test_nothing_readable_leaves_no_index(self, tmp_path: Path) -> None:
        bad = tmp_path / "bad.json"
        bad.write_text("{}")

        assert run("overview", "-o", tmp_path / "out", bad).exit_code == 2
        assert list((tmp_path / "out").iterdir()) == []

    def test_a_file_that_is_read_is_not_replaced(self, sample: Path, tmp_path: Path) -> None:
        source = tmp_path / "2026-590101-24-00.html"
        source.write_bytes(sample.read_bytes())
        result = run("overview", "--format", "html", "-o", tmp_path, source)

        assert result.exit_code == 2
        assert "is one of the files to be read" in result.stderr
        assert source.read_bytes() == sample.read_bytes()


IDS = ("2024-590202-44-00", "2026-590101-24-00", "2026-590101-24-00-2", "2023-590505-15-00")


class TestHtml:
    """HTML takes a style, templates and the form of a part."""

    def test_fragments_can_be_many(self, rows: Path) -> None:
        result = run("overview", "--format", "html", "--fragment", rows)

        assert result.exit_code == 0
        assert result.output.count('<article class="trial"') == 3
        assert "<html" not in result.output

    def test_style(self, sample: Path, tmp_path: Path) -> None:
        style = tmp_path / "own.css"
        style.write_text("h1 { color: red }")
        assert "h1 { color: red }</style>" in run("overview", "--format", "html", "--css", style, sample).output

    def test_templates(self, sample: Path, tmp_path: Path) -> None:
        (tmp_path / "page.html").write_text("mine: {{ title }}")
        result = run("overview", "--format", "html", "--templates", tmp_path, sample)
        assert result.output.startswith("mine: A first study in people")


class TestLanguage:
    """A language without tables is refused before anything is read."""

    def test_unknown(self, sample: Path) -> None:
        result = run("overview", "--page-language", "xx", sample)

        assert result.exit_code == 2
        assert "the page is written in en" in result.stderr

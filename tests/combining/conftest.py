"""The six country records and the results that contradict them, read, combined and shown."""

import re
from pathlib import Path

import pytest

from trialparse import combine, overview, read
from trialparse.combining import Combined
from trialparse.parsing.parsed import Parsed


@pytest.fixture(scope="module")
def records(fixtures: Path) -> list[Parsed]:
    names = ("six_countries.txt", "six_countries_results.xml")
    found = [one for name in names for one in read(fixtures / "euctr" / name)]
    return [one for one in found if isinstance(one, Parsed)]


@pytest.fixture(scope="module")
def combined(records: list[Parsed]) -> Combined:
    return combine(records)


@pytest.fixture(scope="module")
def text(combined: Combined) -> str:
    """The page as one line, without its notes and their numbers."""
    return re.sub(r" ?(\[\d+\])+", "", " ".join(overview(combined, detail="full").partition("*****")[0].split()))

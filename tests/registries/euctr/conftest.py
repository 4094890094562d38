"""The record of results that several tests ask for."""

from pathlib import Path
from typing import Any

import pytest

from trialparse import Parsed, parse


@pytest.fixture(scope="module")
def source(fixtures: Path) -> bytes:
    return (fixtures / "euctr" / "results.xml").read_bytes()


@pytest.fixture(scope="module")
def parsed(source: bytes) -> Parsed:
    return parse(source)


@pytest.fixture(scope="module")
def trial(parsed: Parsed) -> Any:
    return parsed.trial

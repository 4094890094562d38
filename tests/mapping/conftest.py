"""What tests of the mapping ask for."""

from pathlib import Path
from typing import Any

import pytest

from tests.mapping.tables import Table


@pytest.fixture
def table(tmp_path: Path) -> Any:
    """Return a function that makes a table of lines whose cells are parted by ~."""
    return lambda text, *upgrades, **derive: Table(tmp_path, text, *upgrades, **derive)

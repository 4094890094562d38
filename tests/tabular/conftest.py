"""What the engines must give: the rows of the generated sources, made in one process."""

import pyarrow as pa
import pytest

from tests.tabular.sources import Sources, generated
from trialparse import tabular

ORDER = [("table", "ascending"), ("source", "ascending"), ("record", "ascending")]


@pytest.fixture(scope="session")
def made() -> Sources:
    """Return the generated sources."""
    return generated()


@pytest.fixture(scope="session")
def rows(made: Sources) -> pa.Table:
    """Return the rows of all tables, in order."""
    return tabular.mapper().map_table(made.table).sort_by(ORDER)

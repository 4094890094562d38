"""A database of DuckDB from tables in Parquet."""

import os
from collections.abc import Iterable, Mapping
from pathlib import Path

from trialparse.tabular.schemas import SCHEMAS

_MEMORY = "512MB"
"""Memory that the database may take while it is made; beyond that it writes beside itself."""


def check_installed() -> None:
    """Raise ImportError, with what to install, where DuckDB is not installed."""
    try:
        import duckdb  # noqa: F401  only whether it is there
    except ImportError as missing:
        raise ImportError("a database needs duckdb: pip install 'trialparse[duckdb]'", name="duckdb") from missing


def build(path: Path, parts: Mapping[str, Iterable[Path]]) -> None:
    """Make a database with a table for each name, of all rows of its parts in their order.

    Raises OSError where it cannot be written.
    """
    import duckdb

    try:
        with duckdb.connect(os.fspath(path)) as database:
            database.execute(f"SET memory_limit = '{_MEMORY}'")
            database.execute("SET autoinstall_known_extensions = false")
            for name in SCHEMAS:
                files = [os.fspath(part) for part in parts.get(name, ())]
                rows = database.read_parquet(files)
                rows.create(name)
    except duckdb.IOException as error:
        raise OSError(None, str(error), os.fspath(path)) from error

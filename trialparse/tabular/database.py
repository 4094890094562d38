"""A database of DuckDB from tables in Parquet."""

import os
from collections.abc import Iterable, Mapping
from pathlib import Path

from trialparse.tabular.schemas import SCHEMAS

_MEMORY = "512MB"
"""Memory that the database may take while it is made; beyond that DuckDB writes temporary files."""


def check_installed() -> None:
    """Raise ImportError, with what to install, where DuckDB is not installed."""
    try:
        import duckdb  # noqa: F401  only whether it is there
    except ImportError as missing:
        raise ImportError("a database needs duckdb: pip install 'trialparse[duckdb]'", name="duckdb") from missing


def build(path: Path, parts: Mapping[str, Iterable[Path]]) -> None:
    """Make a database with a table for each name, of all rows of its parts in their order.

    Raises OSError where it cannot be written, such as on a full disk.
    """
    import duckdb

    try:
        with duckdb.connect(os.fspath(path)) as database:
            database.execute(f"SET memory_limit = '{_MEMORY}'")
            database.execute("SET autoinstall_known_extensions = false")
            for name in SCHEMAS:
                database.read_parquet([os.fspath(part) for part in parts.get(name, ())]).create(name)
            database.execute("CHECKPOINT")  # closing would hide that the rows cannot be written
    except duckdb.Error as error:
        raise OSError(None, str(error).splitlines()[0], os.fspath(path)) from error
    if path.with_name(f"{path.name}.wal").exists():
        raise OSError(None, "not all rows were written", os.fspath(path))

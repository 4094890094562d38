"""Trials as tables of Apache Arrow, which pandas, polars, DuckDB and Parquet take as they are.

`trials` has one row for each record; the other tables have one for each item of a list: country, product, endpoint,
value of a result. `record` joins them: the number of the record among those that the tables are made of.
Which tables and columns there are does not depend on the records.
Needs pyarrow, which the extra `arrow` installs.
"""

try:
    import pyarrow  # noqa: F401  only whether it is installed
except ImportError as missing:
    raise ImportError("trialparse.tabular needs pyarrow: pip install 'trialparse[arrow]'", name="pyarrow") from missing

from trialparse.tabular.building import batches, tables
from trialparse.tabular.engines import Mapper, mapper
from trialparse.tabular.records import Record
from trialparse.tabular.schemas import SCHEMAS, schema

__all__ = ["SCHEMAS", "Mapper", "Record", "batches", "mapper", "schema", "tables"]

"""Phase by status by country, three times: by pandas, by polars and by DuckDB.

A trial of several phases counts in each, one without a phase in none. Countries without a status are counted as well.
"""

# pyright: reportUnknownMemberType=false
# the stubs of pyarrow leave a part of the type of `to_pandas` open

import sys
from itertools import chain

import duckdb
import pandas as pd
import polars as pl

import trialparse
from trialparse import tabular

records = chain.from_iterable(map(trialparse.read, sys.argv[1:]))
tables = tabular.tables(records, only=["trials", "countries"])
trials, countries = tables["trials"].select(["record", "phases"]), tables["countries"]

frame: pd.DataFrame = countries.to_pandas().merge(trials.to_pandas(), on="record").explode("phases")
counts = frame.dropna(subset="phases").groupby(["phases", "regulatory_status", "code"], dropna=False).size()
print(counts.to_string())

joined = pl.DataFrame(countries).join(pl.DataFrame(trials), on="record").explode("phases").drop_nulls("phases")
rows = joined.group_by("phases", "regulatory_status", "code").len().sort(pl.all(), nulls_last=True).rows()
print(rows)

question = """
    SELECT phase, regulatory_status, code, count(*)
    FROM countries JOIN trials USING (record), unnest(phases) AS phases(phase) GROUP BY ALL ORDER BY ALL
"""
answer = duckdb.connect().execute(question).fetchall()
print(answer)

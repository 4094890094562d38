"""Processes that work: those that die are replaced, and what kills them is found."""

import multiprocessing
import os
import signal
from functools import partial
from multiprocessing.process import BaseProcess
from typing import Any

import pytest

from tests.bulk.converting import FIRST, dies_at_the_bad_one, has_no_room
from trialparse.bulk import conversion, shards
from trialparse.bulk.journal import Done, Journal
from trialparse.bulk.parts import KINDS, Parts
from trialparse.bulk.shards import Item
from trialparse.bulk.workers import _STARTS, Lost, NotStarted, Workers
from trialparse.parsing.options import Options
from trialparse.parsing.parsed import Failure


def results(workers: Workers[Any, Any]) -> list[Any]:
    """Return all results of the tasks that were given."""
    found: list[Any] = []
    while workers.is_busy:
        found += workers.results()
    return found


def work_forever(workers: Workers[int, Any]) -> None:
    """Give one task after another."""
    while True:
        workers.give(1)
        results(workers)


class _PipeOfTheSystem:
    """A pipe that is no `Connection`, and has what one has."""

    def __init__(self, pipe: Any) -> None:
        self.fileno, self.send, self.recv, self.close = pipe.fileno, pipe.send, pipe.recv, pipe.close


class _PipesOfTheSystem:
    """Starts processes with such pipes."""

    _context = multiprocessing.get_context("spawn")
    Process = staticmethod(_context.Process)

    def Pipe(self) -> tuple[Any, Any]:  # noqa: N802  the name of multiprocessing
        near, far = self._context.Pipe()
        return _PipeOfTheSystem(near), far


class TestWorkers:
    def test_a_process_that_dies_says_where(self) -> None:
        with Workers[list[int], int](1, dies_at_the_bad_one) as workers:
            workers.give([1, 2, 13, 4])
            first = results(workers)
            workers.give([1, 2])
            second = results(workers)

        assert [([1, 2, 13, 4], Lost(2))] == first
        assert [([1, 2], 2)] == second

    def test_pipes_may_be_of_a_class_of_the_system(self) -> None:
        """As on Windows."""
        with Workers[list[int], int](1, dies_at_the_bad_one) as workers:
            workers._context = _PipesOfTheSystem()
            workers.give([1, 2])
            found = results(workers)

        assert [([1, 2], 2)] == found

    def test_errors_of_the_disk_are_raised(self) -> None:
        with Workers[int, None](1, has_no_room) as workers:
            workers.give(1)
            with pytest.raises(OSError, match="No space left"):
                results(workers)

    def test_processes_that_cannot_start_are_not_started_forever(self) -> None:
        with Workers[int, None](1, _Unfit()) as workers, pytest.raises(NotStarted, match="do not start"):
            work_forever(workers)

    def test_processes_that_are_killed_while_they_start_are_replaced(self) -> None:
        lost = []
        with Workers[int, None](1, _Killed()) as workers:
            for _ in range(2 * _STARTS):
                workers.give(1)
                lost += results(workers)

        assert [(1, Lost(None))] * (2 * _STARTS) == lost

    def test_an_interrupt_while_a_process_starts_is_not_lost(self, monkeypatch: pytest.MonkeyPatch) -> None:
        start = BaseProcess.start

        def interrupted(process: BaseProcess) -> None:
            signal.raise_signal(signal.SIGINT)
            start(process)

        monkeypatch.setattr(BaseProcess, "start", interrupted)
        before = signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell may have let it be ignored
        try:
            with Workers[int, None](1, has_no_room) as workers, pytest.raises(KeyboardInterrupt):
                workers.give(1)
        finally:
            signal.signal(signal.SIGINT, before)

    def test_a_fault_of_the_work_is_no_end_of_the_process(self) -> None:
        with Workers[Any, int](1, dies_at_the_bad_one) as workers:
            workers.give(5)
            found = results(workers)

        assert [(5, Lost(None, "TypeError"))] == found


class _Unfit:
    """Work that no process can load."""

    def __call__(self, task: int, begin: Any) -> None:
        raise AssertionError

    def __reduce__(self) -> Any:
        return os._exit, (3,)


class _Killed(_Unfit):
    """Work whose process is killed while it loads it."""

    def __reduce__(self) -> Any:
        return _kill, ()


def _kill() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _dies_at_the_second(shard: shards.Shard, begin: Any, *, parts: Parts, options: Options) -> Done:
    """Convert, but die at the second record of the first source, as one does that takes too much memory."""

    def begun(step: int) -> None:
        begin(step)
        item = [*shard.items()][step]
        if item.found.index == 1 and not isinstance(item.found, Failure):
            os._exit(9)

    if not shard.careful and len(shard.content) > 1:
        os._exit(9)
    return conversion._convert(shard, begun, parts=parts, options=options)


def test_a_record_that_kills_its_process_is_given_up_and_its_neighbours_are_read(tmp_path: Any) -> None:
    source = FIRST.with_name("portal.csv")
    parts = Parts(folder=tmp_path / "out", kind=KINDS["jsonl"], diagnose=False)
    with Journal(parts.folder, {}, resume=False) as journal:
        run = conversion._Run(journal=journal, parts=parts, moved=lambda records, done: None)
        work = partial(_dies_at_the_second, parts=parts, options=Options())
        with Workers[shards.Shard, Done](1, work) as workers:
            run.all(shards.shards([str(source)], None, Options()), workers)
        [done] = journal.done
        [line] = journal.lines()

    assert (4, 1) == (done.records, done.failed)
    assert (1, "LimitExceeded") == (line["record"], line["problem"])
    assert 3 == len(run.lost)
    assert 3 == len((tmp_path / "out" / "trials" / "part-000000.jsonl").read_bytes().splitlines())


def test_a_record_is_given_up_though_it_is_never_the_same_one(tmp_path: Any) -> None:
    parts = Parts(folder=tmp_path / "out", kind=KINDS["jsonl"], diagnose=False)
    with Journal(parts.folder, {}, resume=False) as journal:
        run = conversion._Run(journal=journal, parts=parts, moved=lambda records, done: None)
        [shard] = shards.shards([str(FIRST)], None, Options())
        for _ in range(conversion._RESTARTS + 1):
            shard = run._again(shard, Lost(None))
        [item] = shard.items()
        again = range(conversion._RESTARTS)
        with pytest.raises(conversion.NotConverted, match="each time"):
            [run._again(shard, Lost(None, "ValueError")) for _ in again]

    assert isinstance(item, Item)
    assert isinstance(item.found, Failure)

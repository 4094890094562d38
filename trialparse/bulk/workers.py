"""Processes that work on tasks. One that dies is replaced, and its task is given back to the caller."""

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Any, Generic, NamedTuple, TypeVar, cast

Task = TypeVar("Task")
Result = TypeVar("Result")

Work = Callable[[Task, Callable[[int], None]], Result]
"""What a process does with a task; it may call the function with the number of the step that it begins."""

_SECONDS_TO_END = 10.0
"""Seconds that a process has to end in before it is killed."""


class NotStarted(RuntimeError):
    """Processes cannot start."""


class Lost(NamedTuple):
    """A task was not finished: its process was killed or has crashed, or the work raised an error."""

    step: int | None
    """The last step that the process reported, if it did."""
    error: str = ""
    """Class of the error; empty for a process that died."""


class _Step(NamedTuple):
    """Message of a process that begins a step."""

    number: int


class _Ready(NamedTuple):
    """Message of a process that has started."""


class _Error(NamedTuple):
    """Message of a process whose task ended with an error."""

    error: Exception


_STARTS = 3
"""How many processes in a row may end by themselves while they start."""


class Workers(Generic[Task, Result]):
    """Processes that do the same work on one task at a time.

    They are started afresh, not forked, so they hold nothing of this process, and none of its locks. They end when this
    process does, however that ends.
    """

    def __init__(self, count: int, work: Work[Task, Result]) -> None:
        self._work = work
        self._context = multiprocessing.get_context("spawn")
        self._idle: list[_Worker] = []
        self._busy: dict[Connection, tuple[_Worker, Task]] = {}
        self._count = count
        self._failed_starts = 0

    def __enter__(self) -> "Workers[Task, Result]":
        return self

    def __exit__(self, *_: object) -> None:
        workers = [*self._idle, *(worker for worker, _ in self._busy.values())]
        for worker in workers:
            worker.stop()
        for worker in workers:
            worker.join()

    @property
    def is_full(self) -> bool:
        """Whether all processes are busy."""
        return len(self._busy) >= self._count

    @property
    def is_busy(self) -> bool:
        """Whether any process is busy."""
        return bool(self._busy)

    def give(self, task: Task) -> None:
        """Give a task to a process that is not busy; raises NotStarted where processes cannot start."""
        while True:
            worker = self._idle.pop() if self._idle else _Worker(self._context, self._work)
            try:
                worker.pipe.send(task)
            except OSError:  # it died before
                self._remove(worker)
            else:
                self._busy[worker.pipe] = worker, task
                return

    def results(self) -> Iterator[tuple[Task, Result | Lost]]:
        """Wait for a result, and yield each that is there with its task.

        Raises the error that ended a task, and NotStarted where processes cannot start.
        """
        for pipe in cast("list[Connection]", wait([*self._busy])):  # on Windows they are of a class like it
            worker, task = self._busy[pipe]
            try:
                message = pipe.recv()
            except (EOFError, OSError):
                del self._busy[pipe]
                self._remove(worker)
                yield task, Lost(worker.step)
                continue
            if isinstance(message, _Ready):
                worker.is_ready = True
                continue
            if isinstance(message, _Step):
                worker.step = message.number
                continue
            del self._busy[pipe]
            step, worker.step = worker.step, None
            self._idle.append(worker)
            if isinstance(message, _Error):
                raise message.error
            yield task, message._replace(step=step) if isinstance(message, Lost) else message

    def _remove(self, worker: "_Worker") -> None:
        """Remove a process that has died; raise NotStarted if too many in a row end before they can work.

        One that a signal killed does not count: it could have started.
        """
        by_itself = worker.join() >= 0
        self._failed_starts = self._failed_starts + by_itself if not worker.is_ready else 0
        if self._failed_starts >= _STARTS:
            raise NotStarted('processes do not start: is the call below `if __name__ == "__main__":`?')


class _Worker:
    """A process and the pipe to it."""

    def __init__(self, context: Any, work: Work[Any, Any]) -> None:
        self.pipe, far = context.Pipe()
        self.step: int | None = None
        self.is_ready = False
        self._process: BaseProcess = context.Process(target=_serve, args=(far, work), daemon=True)
        with _interrupts_blocked():
            self._process.start()
        far.close()  # else the pipe would not break when the process dies

    def stop(self) -> None:
        """Break the pipe and ask the process to end."""
        self.pipe.close()
        self._process.terminate()

    def join(self) -> int:
        """Wait until the process has ended, and return its exit code; it is negative for one that a signal killed."""
        self.pipe.close()
        self._process.join(_SECONDS_TO_END)
        if self._process.is_alive():
            self._process.kill()
            self._process.join()
        code = self._process.exitcode
        assert code is not None  # noqa: S101  it has ended
        self._process.close()
        return code


@contextmanager
def _interrupts_blocked() -> Iterator[None]:
    """Block Ctrl-C for processes that start: it goes to all processes, and the first one ends the others.

    A new process inherits what is blocked. A Ctrl-C that comes meanwhile reaches this process afterwards.
    """
    if not hasattr(signal, "pthread_sigmask"):  # on Windows
        yield
        return
    resource_tracker.ensure_running()  # starting it would unblock the signal
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _end_with(parent: BaseProcess) -> None:
    """End this process when its parent has ended, whatever it is doing."""
    wait([parent.sentinel])
    os._exit(1)


def _serve(pipe: Connection, work: Work[Any, Any]) -> None:
    """Work on the tasks that come through a pipe until it breaks."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # where it could not be blocked
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent,), daemon=True).start()

    def begin(step: int) -> None:
        pipe.send(_Step(step))

    with suppress(EOFError, BrokenPipeError, ConnectionResetError):
        pipe.send(_Ready())
        while True:
            task = pipe.recv()
            try:
                message = work(task, begin)
            except OSError as error:  # such as a full disk
                message = _Error(error)
            except Exception as error:  # noqa: BLE001  a fault of the code, which must not stop the other tasks
                message = Lost(None, type(error).__name__)
            del task
            pipe.send(message)

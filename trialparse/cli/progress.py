"""A progress bar on standard error, if that is a terminal."""

import sys
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, nullcontext
from typing import Any

from trialparse.cli.reading import FileRun


class _Bar:
    """A progress bar over files on stderr; messages appear above it."""

    def __init__(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

        self.console = Console(stderr=True)
        columns = (
            TextColumn("{task.fields[records]} records"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
        )
        self.progress = Progress(*columns, console=self.console, transient=True)

    def report(self, line: str) -> None:
        """Print a message above the bar."""
        self.console.print(line, markup=False, highlight=False, emoji=False, soft_wrap=True)

    def over(self, files: list[str], reading: FileRun) -> Iterator[str]:
        """Give the files and advance the bar."""
        task = self.progress.add_task("", total=len(files), records=0)
        reading.moved = lambda: self.progress.update(task, records=reading.records)
        for file in files:
            yield file
            self.progress.advance(task)


def watching(
    files: list[str], reading: FileRun, to_terminal: bool
) -> tuple[AbstractContextManager[Any], Iterable[str]]:
    """Return a context manager and the files; with a progress bar if stderr is a terminal that has no output on it."""
    if to_terminal or not sys.stderr.isatty():
        return nullcontext(), files
    bar = _Bar()
    reading.report = bar.report
    return bar.progress, bar.over(files, reading)

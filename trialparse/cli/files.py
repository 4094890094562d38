"""The files that a command reads, and the one that it writes, which must not be among them."""

import os
import stat
import sys
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import BinaryIO, TextIO

import click

from trialparse.cli.streams import Closed, plain

STDIN = "-"

_KINDS = {stat.S_IFIFO: "a named pipe", stat.S_IFSOCK: "a socket", stat.S_IFCHR: "a device", stat.S_IFBLK: "a device"}


def listed(names: Iterable[str]) -> tuple[list[str], list[tuple[str, str]]]:
    """Return the files named and those below the folders named, in a fixed order and without hidden ones.

    The second list has entries of folders that are neither file nor folder, and folders that cannot be listed, each
    with the reason. None of them is opened: a pipe could keep the run waiting forever.
    """
    found: list[str] = []
    unread: list[tuple[str, str]] = []
    for name in names:
        if name == STDIN or not Path(name).is_dir():
            found.append(name)
            continue
        files: list[Path] = []
        for path, reason in _below(name):
            if reason:
                unread.append((path, reason))
            else:
                files.append(Path(path))
        found += map(str, sorted(files))
    if not found and not unread:
        raise click.UsageError("there are no files in there")
    return found, sorted(unread)


def _below(root: str) -> Iterator[tuple[str, str]]:
    """Give each path below a folder, with the reason if it cannot be read; links to folders are not followed."""
    folders = [root]
    while folders:
        folder = folders.pop()
        try:
            with os.scandir(folder) as entries:
                shown = [entry for entry in entries if not entry.name.startswith(".")]
        except OSError as error:
            yield folder, f"the folder cannot be listed: {error.strerror}"
            continue
        for entry in shown:
            reason = _unreadable(entry, root)
            if reason is None and not entry.is_symlink():
                folders.append(entry.path)
            elif reason is not None:
                yield entry.path, reason


def _unreadable(entry: "os.DirEntry[str]", root: str) -> str | None:
    """Return why an entry cannot be read: "" for a file, None for a folder and for a link to one below the root."""
    try:
        if entry.is_dir(follow_symlinks=False):
            return None
        kind = stat.S_IFMT(entry.stat().st_mode)
    except OSError as error:
        return "a link that leads nowhere" if entry.is_symlink() else error.strerror or type(error).__name__
    if kind == stat.S_IFDIR:
        below = Path(os.path.realpath(entry.path)).is_relative_to(os.path.realpath(root))
        return None if below else "a link to a folder elsewhere"
    return "" if kind == stat.S_IFREG else _KINDS.get(kind, "no file")


def opened(output: str | None, inputs: Iterable[str]) -> AbstractContextManager[BinaryIO]:
    """Open the output file, or standard output; refuse one that is also an input."""
    output = None if output == STDIN else output
    keep_from(output, inputs)
    if output is None:
        return nullcontext(sys.stdout.buffer)
    from trialparse.export.outputs import whole

    return whole(output)


def keep_from(output: str | None, inputs: Iterable[str]) -> None:
    """Refuse an output, by default standard output, that is also an input, under any name.

    The same holds for standard error.
    """
    if output is None and isinstance(sys.stdout, Closed):
        sys.stdout.refuse()
    written = {output or "standard output": _status(sys.stdout if output is None else output)}
    written["standard error"] = _status(sys.stderr)
    for name in inputs:
        read = _status(sys.stdin if name == STDIN else name)
        for what, there in written.items():
            if read and there and stat.S_ISREG(there.st_mode) and os.path.samestat(there, read):
                where = what if what == output else f"{what}, {name},"
                raise click.UsageError(plain(f"{where} is one of the files to be read"))


def _status(file: str | TextIO) -> os.stat_result | None:
    """Return the status of the file behind a path or a stream; None if there is none."""
    try:
        return Path(file).stat() if isinstance(file, str) else os.fstat(file.fileno())
    except OSError:  # also if a stream has no file descriptor
        return None

"""Outputs: a file is written whole, or what is there stays as it was."""

import os
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

_STANDARD_OUTPUT = 1


@contextmanager
def whole(path: str | os.PathLike[str]) -> Iterator[BinaryIO]:
    """Open a file to write, which comes to its place at the end; if anything is raised, what is there stays.

    Until the end it is a hidden file in the same folder, and it is removed if anything is raised. A symbolic link
    leads to the file that is replaced, and the new file has the mode of the old one. What is no regular file,
    such as a device or a pipe, is written to directly.
    """
    named = Path(path)
    target = Path(os.path.realpath(path))
    there = _status(named)
    if there is not None and not _is_replaceable(there, target):
        with _direct(named, there) as stream:
            yield stream
        return
    beside = target.with_name(f".trialparse-{secrets.token_hex(8)}.part")
    try:
        if there is not None:
            target.open("r+b").close()  # a file that nobody may write to is not replaced
        with beside.open("xb") as stream:
            if there is not None:
                beside.chmod(stat.S_IMODE(there.st_mode))  # now, for what comes may be for its owner only
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        beside.replace(target)
    except BaseException as error:  # also Ctrl-C: nothing is left beside the target
        beside.unlink(missing_ok=True)
        if isinstance(error, OSError) and error.filename == str(beside):
            error.filename = str(named)  # the name that the caller knows
        raise


def _status(path: Path) -> os.stat_result | None:
    """Return what a path leads to, None for nothing."""
    try:
        return path.stat()
    except FileNotFoundError:
        return None


def _is_replaceable(there: os.stat_result, target: Path) -> bool:
    """Whether what a path leads to is a file of that name; `/dev/stdout` can lead to one that has lost its name."""
    named = _status(target)
    return (
        stat.S_ISREG(there.st_mode)
        and named is not None
        and os.path.samestat(there, named)
        and not _is_standard_output(there)
    )


def _direct(path: Path, there: os.stat_result) -> BinaryIO:
    """Open what a path leads to; standard output goes on where it is, which may be the end of a file."""
    return open(_STANDARD_OUTPUT, "wb", closefd=False) if _is_standard_output(there) else path.open("wb")


def _is_standard_output(there: os.stat_result) -> bool:
    try:
        return os.path.samestat(there, os.fstat(_STANDARD_OUTPUT))
    except OSError:  # it is closed
        return False

"""Write a file whole, or leave the old one as it was."""

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
    """Open a file for writing that replaces the old one at the end; an exception keeps the old one.

    Until the end it is a hidden file in the same folder; an exception removes it. A symbolic link is followed, and the
    new file gets the mode of the old one. Anything but a regular file, such as a device or a pipe, is written
    directly.
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
            target.open("r+b").close()  # do not replace a read-only file
        with beside.open("xb") as stream:
            if there is not None:
                beside.chmod(stat.S_IMODE(there.st_mode))  # before writing: the content may be for its owner only
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        beside.replace(target)
    except BaseException as error:  # also Ctrl-C: leave nothing beside the target
        beside.unlink(missing_ok=True)
        if isinstance(error, OSError) and error.filename == str(beside):
            error.filename = str(named)  # the name that the caller knows
        raise


def _status(path: Path) -> os.stat_result | None:
    """Return the status of the file at a path, None if there is none."""
    try:
        return path.stat()
    except FileNotFoundError:
        return None


def _is_replaceable(there: os.stat_result, target: Path) -> bool:
    """Whether a regular file of that name is there; `/dev/stdout` can lead to one that has lost its name."""
    named = _status(target)
    return (
        stat.S_ISREG(there.st_mode)
        and named is not None
        and os.path.samestat(there, named)
        and not _is_standard_output(there)
    )


def _direct(path: Path, there: os.stat_result) -> BinaryIO:
    """Open a path for direct writing; standard output continues at its position, such as the end of a file."""
    return open(_STANDARD_OUTPUT, "wb", closefd=False) if _is_standard_output(there) else path.open("wb")


def _is_standard_output(there: os.stat_result) -> bool:
    try:
        return os.path.samestat(there, os.fstat(_STANDARD_OUTPUT))
    except OSError:  # it is closed
        return False

"""The keys on the origin of a trial, with which lines of the `read` command begin; they are not fields of it."""

from collections.abc import Iterable
from typing import Any, Final

from trialparse.export.version import KEY, check_version
from trialparse.model.values import record


@record
class File:
    """A file, or a member of an archive."""

    file: str
    """Name of the file, as it was given."""
    member: str | None = None
    """Member of the archive, for a zip."""


@record
class FileRecord:
    """A record in a file."""

    file: str
    """Name of the file, as it was given."""
    member: str | None = None
    """Member of the archive, for a zip."""
    record: int | None = None
    """Index of the record in its file, from 0."""
    format: str | None = None
    """Name of the format that it was read as."""


@record
class Header:
    """Where a trial comes from."""

    source: File | None = None
    """Where the trial was read from, in a line of the `read` command."""
    sources: tuple[FileRecord, ...] = ()
    """Where each record was read from, in a line for a trial that several records make."""
    record: int | None = None
    """Index of the record in its file, from 0."""
    format: str | None = None
    """Name of the format that it was read as; `combined` for a trial that several records make."""


HEADER: Final = tuple(Header.__annotations__)
"""Names of these keys."""

_OWN = "format"
"""The key that a record can give itself."""


def check_header(keys: Iterable[str]) -> None:
    """Raise ValueError for a key that is none of a header, or that would replace a field of the record."""
    for key in keys:
        if key not in HEADER or key == _OWN:
            known = ", ".join(name for name in HEADER if name != _OWN)
            raise ValueError(f"{key!r} is no key of a header: {known}")


def without_header(value: Any) -> tuple[dict[str, Any], Any]:
    """Return the header of a document and the document without it; raises MalformedDocument for another version."""
    if type(value) is not dict:
        return {}, value
    check_version(value.get(KEY))
    header = {key: value[key] for key in HEADER if key in value}
    return header, {key: below for key, below in value.items() if key != KEY and key not in header}

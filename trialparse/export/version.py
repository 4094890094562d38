"""The version of the JSON form of a Trial, and which versions can be read."""

import re
from typing import Final

from trialparse.diagnostics import MalformedDocument

SCHEMA_VERSION: Final = "1.4"
"""Version of the form that is written: what it means, a dot, what was added to it.

The first number changes if a reader of the old form could misread the new one; the second if there are new
fields or terms. `versions.tsv` has each version with the digest of its schema.
"""

KEY: Final = "schema_version"
"""Key of the version in every document."""


_VERSION = re.compile(r"[0-9]{1,4}\.[0-9]{1,4}")


_FORMS: Final = f"those read here: {SCHEMA_VERSION.split('.')[0]}.0 to {SCHEMA_VERSION}"

_NONE: Final = f"schema_version is no version such as {SCHEMA_VERSION}"
_NEWER: Final = f"schema_version {{version}} is newer than {_FORMS}"
_OLDER: Final = f"schema_version {{version}} is older than {_FORMS}"


def check_version(version: object) -> None:
    """Raise MalformedDocument, naming both versions, for one whose form could be misread.

    A document without a version is of the form before 1.0, which differs in having no version.
    """
    if version is None:
        return
    if not isinstance(version, str) or not _VERSION.fullmatch(version):
        raise MalformedDocument(_NONE)
    ours, theirs = _parts(SCHEMA_VERSION), _parts(version)
    if theirs > ours:
        raise MalformedDocument(_NEWER, version=version)
    if theirs[0] != ours[0]:
        raise MalformedDocument(_OLDER, version=version)


def _parts(version: str) -> tuple[int, int]:
    """Return both numbers of a version."""
    main, added = version.split(".")
    return int(main), int(added)

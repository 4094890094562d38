"""Sample exports that come with the package, to try it on: `trialparse.parse(trialparse.examples.path("immunostem"))`.

Every document is invented: trials, sponsors, sites, people, products and texts. Only the shape is that of a register.
In the wheel they are in the folder `files` of this module; a clone has them once, in its folder `fixtures`.
"""

from importlib.resources import files
from pathlib import Path

from trialparse.prepared import prepared
from trialparse.tsv import read_lines

__all__ = ["data", "names", "path"]

_FOLDER = Path(str(files(__name__)))
_PLACES = (_FOLDER / "files", _FOLDER.parent.parent / "fixtures")
"""Where the examples are: in what the wheel installs, and in a clone."""


def names() -> tuple[str, ...]:
    """Return the names of all examples.

    >>> "immunostem" in names()
    True
    """
    return tuple(_files())


def path(name: str) -> Path:
    """Return the path of the example of that name.

    Raises ValueError for a name that is not in `names()`, and FileNotFoundError where the file was not installed.

    >>> path("immunostem").name
    'immunostem.json'
    """
    if name not in _files():
        raise ValueError(f"there is no example {name!r}; there are {', '.join(names())}")
    places = [place / _files()[name] for place in _PLACES]
    found = next((place for place in places if place.is_file()), None)
    if found is None:
        raise FileNotFoundError(f"the example {name!r} is not installed: there is no {places[0]}")
    return found


def data(name: str) -> bytes:
    """Return the bytes of the example of that name; errors are those of `path`.

    >>> data("rebec")[:5]
    b'<?xml'
    """
    return path(name).read_bytes()


@prepared
def _files() -> dict[str, str]:
    """Return the path of each example below its folder, by name."""
    return {cells["name"]: cells["file"] for _, cells in read_lines(_FOLDER / "examples.tsv")}

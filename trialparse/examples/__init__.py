"""Sample exports that come with the package, to try it on: `trialparse.parse(trialparse.examples.path("immunostem"))`.

Every document is invented: trials, sponsors, sites, people, products and texts. Only the shape is that of a register.
In the wheel they are in the folder `files` of this module; a clone has them once, in its folder `fixtures`.
"""

from pathlib import Path

from trialparse.prepared import prepared
from trialparse.tsv import files_of, read_lines

__all__ = ["data", "names", "path"]

_FOLDER = Path(str(files_of(__name__)))


def names() -> tuple[str, ...]:
    """Return the names of all examples.

    >>> "immunostem" in names()
    True
    """
    return tuple(_by_name())


def path(name: str) -> Path:
    """Return the path of the example of that name.

    Raises ValueError for a name that is not in `names()`, and FileNotFoundError where the file was not installed.

    >>> path("immunostem").name
    'immunostem.json'
    """
    if name not in _by_name():
        raise ValueError(f"there is no example {name!r}; there are {', '.join(names())}")
    places = [place / _by_name()[name] for place in _places(_FOLDER)]
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


def _places(folder: Path) -> list[Path]:
    """Return where the examples may be: in what the wheel installs, and in a clone, where `pyproject.toml` is."""
    clone = folder.parent.parent
    return [folder / "files", *([clone / "fixtures"] if (clone / "pyproject.toml").is_file() else [])]


@prepared
def _by_name() -> dict[str, str]:
    """Return the path of each example below its folder, by name."""
    return {cells["name"]: cells["file"] for _, cells in read_lines(_FOLDER / "examples.tsv")}

"""Find openers by name: those of the engine, and those that a registry's folder adds in its `openers.py`.

That module has a function for each opener, and describes in `OPENED` what each returns. Only tables of its own folder
may use its openers; those of `common` are for all tables.
"""

import importlib
from collections.abc import Callable
from typing import Any

from trialparse.mapping.folder import folder_of, folders_with
from trialparse.mapping.grammar import OPENED, Opened
from trialparse.mapping.openers import OPENERS, Opener, remembering
from trialparse.prepared import prepared

FILE = "openers.py"


@prepared
def openers() -> dict[str, Opener]:
    """Return the openers of the engine and of all folders by name. Their results are shared and must not be changed."""
    found = dict(OPENERS)
    for folder in folders_with(FILE):
        found |= {name: remembering(made) for name, made in openers_of(str(folder.name)).items()}
    return found


def openers_of(registry: str) -> dict[str, Callable[..., Any]]:
    """Return the openers of a registry's folder by name; a function without an entry in `OPENED` is not one."""
    module = _module(registry)
    return {name: getattr(module, name) for name in own_opened(registry) if hasattr(module, name)}


def own_opened(registry: str) -> dict[str, Opened]:
    """Return the descriptions of the openers of a registry's folder."""
    return dict(getattr(_module(registry), "OPENED", {}))


def opened_of(registry: str) -> dict[str, Opened]:
    """Return the descriptions of all openers that the tables of a registry may use."""
    return {**OPENED, **own_opened("common"), **own_opened(registry)}


@prepared
def keyed_openers() -> frozenset[str]:
    """Return the names of the openers that give objects, whose keys are accounted for one by one."""
    known = dict(OPENED)
    for folder in folders_with(FILE):
        known |= own_opened(str(folder.name))
    return frozenset(name for name, opened in known.items() if opened.keys != ())


def _module(registry: str) -> Any:
    """Return the module with the openers of a registry's folder; None if there is none."""
    known = (folder_of(registry) / FILE).is_file()
    return importlib.import_module(f"trialparse.registries.{registry}.openers") if known else None

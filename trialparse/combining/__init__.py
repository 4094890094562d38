"""Combine many records into one trial, by rules that are data, and keep what each record says."""

import importlib
from typing import TYPE_CHECKING

from trialparse.prepared import LOCK

if TYPE_CHECKING:
    from trialparse.combining.combined import Combined, combine
    from trialparse.combining.grouping import by_trial
    from trialparse.combining.spread import Spread
    from trialparse.combining.tools import Measure, published

__all__ = ["Combined", "Measure", "Spread", "by_trial", "combine", "published"]

_HOMES = {
    "Combined": "combined",
    "Measure": "tools",
    "Spread": "spread",
    "by_trial": "grouping",
    "combine": "combined",
    "published": "tools",
}


def _load(name: str) -> object:
    """Load each part at first use: the command line asks for the names of the rules and no more."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    with LOCK:
        value = getattr(importlib.import_module(f"{__name__}.{_HOMES[name]}"), name)
    globals()[name] = value
    return value


if not TYPE_CHECKING:  # type checkers that saw it would accept any name
    __getattr__ = _load

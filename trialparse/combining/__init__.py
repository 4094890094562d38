"""Combine many records into one trial, by rules that are data, and keep the values of each record.

A `Part` is one record of the trial, a `Statement` the value of a field in it, and a `Verdict` what a rule makes of all
statements of a field. The measures of published tools are made of `ReadValue`s, read at the paths of their rows.
"""

from typing import TYPE_CHECKING

from trialparse.prepared import names_later

if TYPE_CHECKING:
    from trialparse.combining.combined import Combined, combine
    from trialparse.combining.grouping import by_trial
    from trialparse.combining.spread import Spread
    from trialparse.combining.tools import Measure, published

__all__ = ["Combined", "Measure", "Spread", "by_trial", "combine", "published"]

# the command line asks for the names of the rules and no more, so each part is loaded at first use
_HOMES = {
    "Combined": "combined",
    "Measure": "tools",
    "Spread": "spread",
    "by_trial": "grouping",
    "combine": "combined",
    "published": "tools",
}


if not TYPE_CHECKING:  # type checkers that saw it would accept any name
    __getattr__ = names_later(__name__, globals(), _HOMES)

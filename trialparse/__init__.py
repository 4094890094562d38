"""Read exports of clinical-trial registries into one typed, frozen, traceable Trial.

>>> import trialparse
>>> sorted(trialparse.parse("fixtures/ctis/immunostem.json").trial.phases)
[Phase.I, Phase.II]
"""

from typing import TYPE_CHECKING

from trialparse.prepared import LOCK as _LOCK

if TYPE_CHECKING:
    from trialparse.combining import Combined, Measure, Spread, by_trial, combine, published
    from trialparse.diagnostics import (
        Diagnostic,
        DifferentTrials,
        LimitExceeded,
        MalformedDocument,
        NotOneRecord,
        Place,
        Problem,
        Rejected,
        Severity,
        TrialParseError,
        UnrecognisedFormat,
    )
    from trialparse.export.json import from_json, to_json
    from trialparse.export.schema import schema
    from trialparse.limits import Limits
    from trialparse.mapping.format import Format
    from trialparse.model import Trial
    from trialparse.model.evidence import Evidence
    from trialparse.model.terms import Phase
    from trialparse.pages import overview
    from trialparse.parsing.audit import Audit
    from trialparse.parsing.calls import parse, read, sniff
    from trialparse.parsing.parsed import Failure, Parsed

__all__ = [
    "Audit",
    "Combined",
    "Diagnostic",
    "DifferentTrials",
    "Evidence",
    "Failure",
    "Format",
    "LimitExceeded",
    "Limits",
    "MalformedDocument",
    "Measure",
    "NotOneRecord",
    "Parsed",
    "Phase",
    "Place",
    "Problem",
    "Rejected",
    "Severity",
    "Spread",
    "Trial",
    "TrialParseError",
    "UnrecognisedFormat",
    "by_trial",
    "combine",
    "from_json",
    "overview",
    "parse",
    "published",
    "read",
    "schema",
    "sniff",
    "to_json",
]

_HOMES = {
    "parsing.audit": "Audit",
    "combining": "Combined Measure Spread by_trial combine published",
    "diagnostics": (
        "Diagnostic DifferentTrials LimitExceeded MalformedDocument NotOneRecord Place Problem Rejected Severity "
        "TrialParseError UnrecognisedFormat"
    ),
    "model.evidence": "Evidence",
    "export": "from_json to_json",
    "export.schema": "schema",
    "limits": "Limits",
    "mapping.format": "Format",
    "model": "Trial",
    "pages": "overview",
    "parsing": "Failure Parsed parse read sniff",
    "model.terms": "Phase",
}
_HOME = {name: home for home, names in _HOMES.items() for name in names.split()}


def __getattr__(name: str) -> object:
    """Load each part at first use, so that importing the package is fast."""
    if name not in _HOME:
        raise AttributeError(f"module 'trialparse' has no attribute {name!r}")
    import importlib

    with _LOCK:  # a fork waits meanwhile: its child could not finish the import
        value = getattr(importlib.import_module(f"trialparse.{_HOME[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """Return the public names, including those that are not loaded yet."""
    return sorted({*globals(), *__all__})

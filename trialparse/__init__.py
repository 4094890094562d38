"""Read exports of clinical-trial registries into one typed, frozen, traceable Trial.

>>> import trialparse
>>> sorted(trialparse.parse("fixtures/ctis/immunostem.json").trial.phases)
[Phase.I, Phase.II]
"""

from typing import TYPE_CHECKING

from trialparse.prepared import names_later as _names_later

if TYPE_CHECKING:
    from trialparse import examples as examples
    from trialparse import strategies as strategies
    from trialparse import tabular as tabular
    from trialparse.combining import Combined, Measure, Spread, by_trial, combine, published
    from trialparse.comparing import Change, ChangeKind, Diff, diff
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
    from trialparse.export.json import from_json, to_dict, to_json
    from trialparse.export.schema import schema
    from trialparse.export.typescript import typescript
    from trialparse.limits import Limits
    from trialparse.mapping.format import Format
    from trialparse.model import Trial
    from trialparse.model.evidence import Evidence, Source
    from trialparse.model.terms import (
        AgeGroup,
        Allocation,
        AnalysisStage,
        AnalysisType,
        ArmType,
        AssessmentType,
        Assignment,
        Availability,
        BaselineKind,
        Biospecimens,
        CellOrigin,
        CellType,
        ContactKind,
        CriterionKind,
        DispersionType,
        DocumentContent,
        EndpointKind,
        EventKind,
        GeneTransfer,
        GeneVehicle,
        InterventionType,
        MaskedRole,
        Masking,
        MeasureType,
        MilestoneKind,
        MissingKind,
        ObjectiveKind,
        ObservationalModel,
        Phase,
        PhaseDetail,
        PopulationGroup,
        ProductRole,
        Progress,
        Purpose,
        Recruitment,
        Region,
        Regulatory,
        Relation,
        Responsibility,
        Sampling,
        Sex,
        SponsorRole,
        StudyType,
        TherapyType,
        TimePerspective,
        TimeUnit,
    )
    from trialparse.model.values import Code, Coded, Duration, Identifier, PartialDate, Translation
    from trialparse.pages import overview, overviews
    from trialparse.parsing.audit import Audit
    from trialparse.parsing.calls import parse, read, sniff
    from trialparse.parsing.parsed import Failure, Parsed

__version__ = "0.2.0"

__all__ = [
    "AgeGroup",
    "Allocation",
    "AnalysisStage",
    "AnalysisType",
    "ArmType",
    "AssessmentType",
    "Assignment",
    "Audit",
    "Availability",
    "BaselineKind",
    "Biospecimens",
    "CellOrigin",
    "CellType",
    "Change",
    "ChangeKind",
    "Code",
    "Coded",
    "Combined",
    "ContactKind",
    "CriterionKind",
    "Diagnostic",
    "Diff",
    "DifferentTrials",
    "DispersionType",
    "DocumentContent",
    "Duration",
    "EndpointKind",
    "EventKind",
    "Evidence",
    "Failure",
    "Format",
    "GeneTransfer",
    "GeneVehicle",
    "Identifier",
    "InterventionType",
    "LimitExceeded",
    "Limits",
    "MalformedDocument",
    "MaskedRole",
    "Masking",
    "Measure",
    "MeasureType",
    "MilestoneKind",
    "MissingKind",
    "NotOneRecord",
    "ObjectiveKind",
    "ObservationalModel",
    "Parsed",
    "PartialDate",
    "Phase",
    "PhaseDetail",
    "Place",
    "PopulationGroup",
    "Problem",
    "ProductRole",
    "Progress",
    "Purpose",
    "Recruitment",
    "Region",
    "Regulatory",
    "Rejected",
    "Relation",
    "Responsibility",
    "Sampling",
    "Severity",
    "Sex",
    "Source",
    "SponsorRole",
    "Spread",
    "StudyType",
    "TherapyType",
    "TimePerspective",
    "TimeUnit",
    "Translation",
    "Trial",
    "TrialParseError",
    "UnrecognisedFormat",
    "by_trial",
    "combine",
    "diff",
    "from_json",
    "overview",
    "overviews",
    "parse",
    "published",
    "read",
    "schema",
    "sniff",
    "to_dict",
    "to_json",
    "typescript",
]

_HOMES = {
    "combining": "Combined Measure Spread by_trial combine published",
    "comparing": "Change ChangeKind Diff diff",
    "diagnostics": (
        "Diagnostic DifferentTrials LimitExceeded MalformedDocument NotOneRecord Place Problem Rejected Severity "
        "TrialParseError UnrecognisedFormat"
    ),
    "export.json": "from_json to_dict to_json",
    "export.schema": "schema",
    "export.typescript": "typescript",
    "limits": "Limits",
    "mapping.format": "Format",
    "model": "Trial",
    "model.evidence": "Evidence Source",
    "model.terms": (
        "AgeGroup Allocation AnalysisStage AnalysisType ArmType AssessmentType Assignment Availability "
        "BaselineKind Biospecimens CellOrigin CellType ContactKind CriterionKind DispersionType DocumentContent "
        "EndpointKind EventKind GeneTransfer GeneVehicle InterventionType MaskedRole Masking MeasureType "
        "MilestoneKind MissingKind ObjectiveKind ObservationalModel Phase PhaseDetail PopulationGroup ProductRole "
        "Progress Purpose Recruitment Region Regulatory Relation Responsibility Sampling Sex SponsorRole StudyType "
        "TherapyType TimePerspective TimeUnit"
    ),
    "model.values": "Code Coded Duration Identifier PartialDate Translation",
    "pages": "overview overviews",
    "parsing.audit": "Audit",
    "parsing.calls": "parse read sniff",
    "parsing.parsed": "Failure Parsed",
}
_HOME = {name: home for home, names in _HOMES.items() for name in names.split()}

_MODULES = ("examples", "strategies", "tabular")
"""Modules that are loaded at first use too; `dir` has the one that needs no library beside those of the package."""


if not TYPE_CHECKING:  # type checkers that saw it would accept any name
    __getattr__ = _names_later(__name__, globals(), _HOME, _MODULES)


def __dir__() -> list[str]:
    """Return the public names, whether they are loaded yet or not."""
    return sorted([*__all__, "examples"])

"""Trials drawn and made by hand, for pages."""

import html.parser

import hypothesis
import pytest
from hypothesis import HealthCheck, settings

from tests.pages.as_text import plain
from tests.pages.reading import (
    Parsed,
)
from trialparse import model
from trialparse.model import Trial, terms, values
from trialparse.model import interventions as products
from trialparse.model.terms import AgeGroup, EventKind, MissingKind, Phase, Progress, Recruitment, Regulatory
from trialparse.model.values import Coded, PartialDate
from trialparse.pages import overview

HEADINGS = [
    "Trial overview",
    "Who is being studied",
    "What the study tests",
    "Phase and study size",
    "Main outcomes and safety checks",
    "What the status means",
]

many = settings(
    max_examples=max(8, settings().max_examples // 4),
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=(hypothesis.Phase.explicit, hypothesis.Phase.reuse, hypothesis.Phase.generate),
)
"""Few and unshrunk, for a generated trial is large."""

# Two trials by hand: one that says much, one that says nothing.

EARLY = model.Event(
    kind=EventKind.EARLY_TERMINATION,
    date=PartialDate(year=2026, month=5, day=17),
    reasons=(Coded(text="Sponsor decision"),),
    text="Too few people.",
)

HALT = model.Event(kind=EventKind.HALT, date=PartialDate(year=2026, month=4))

FULL = Trial(
    id="2025-523456-11-00",
    registry="CTIS",
    identifiers=(
        values.Identifier(scheme="CTIS", value="2025-523456-11-00"),
        values.Identifier(scheme="protocol", value="STEM-01"),
        values.Identifier(scheme="NCT", value="NCT01234567"),
    ),
    public_title="A first study of changed stem cells in early type 1 diabetes",
    study_type=terms.StudyType.INTERVENTIONAL,
    objectives=(
        model.Objective(kind=terms.ObjectiveKind.MAIN, text="To evaluate\nstudy treatment safety"),
        model.Objective(kind=terms.ObjectiveKind.SECONDARY, text="Another aim"),
    ),
    sponsors=(model.Organisation(name="A hospital", role=terms.SponsorRole.PRIMARY),),
    phases=frozenset({Phase.I, Phase.II}),
    phase_detail=frozenset({terms.PhaseDetail.FIRST_IN_HUMAN, terms.PhaseDetail.INTEGRATED}),
    design=model.Design(
        allocation=frozenset({terms.Allocation.NON_RANDOMISED}),
        masking=frozenset({terms.Masking.OPEN}),
        region=terms.Region.EEA_ONLY,
        periods=(
            model.Period(title="Pilot phase", description="A safety monitoring board looks at each patient."),
            model.Period(title="Second phase", masking=terms.Masking.OPEN),
        ),
    ),
    status=model.Status(regulatory=Regulatory.AUTHORISED, trial=Progress.ONGOING, recruitment=Recruitment.RECRUITING),
    countries=(
        model.Country(code="IT", name="Italy", planned=10, status=model.Status(trial=Progress.ONGOING), events=(HALT,)),
        model.Country(
            code="FR",
            name="France",
            planned=5,
            status=model.Status(trial=Progress.TERMINATED_EARLY),
            events=(EARLY,),
        ),
    ),
    conditions=(model.Condition(text="Type 1 diabetes", rare=False),),
    interventions=(
        products.Intervention(
            name="autologous CD34+ cells",
            role=terms.ProductRole.TEST,
            form=Coded(text="DISPERSION FOR INFUSION"),
            routes=(Coded(term="INTRAVENOUS", text="INTRAVENOUS USE"),),
            total_dose=products.Dose(amount=2e7, unit=Coded(text="cells/kg")),
            orphan=True,
            advanced_therapies=(
                products.AdvancedTherapy(
                    type=terms.TherapyType.GENE,
                    cell_origin=terms.CellOrigin.AUTOLOGOUS,
                    transfer=terms.GeneTransfer.EX_VIVO,
                    vehicle=terms.GeneVehicle.VIRAL_VECTOR,
                    gene="hPD-L1",
                ),
            ),
        ),
        products.Intervention(name="Saline", role=terms.ProductRole.PLACEBO),
    ),
    endpoints=(
        model.Endpoint(kind=terms.EndpointKind.PRIMARY, text="Number of serious adverse events"),
        *(model.Endpoint(kind=terms.EndpointKind.SECONDARY, text=f"Second {index}") for index in range(5)),
    ),
    eligibility=model.Eligibility(
        sex=terms.Sex.ALL,
        age_groups=frozenset({AgeGroup.ADULT}),
        populations=frozenset({terms.PopulationGroup.PATIENTS}),
        vulnerable=False,
        criteria=(
            model.Criterion(kind=terms.CriterionKind.INCLUSION, text="Age of 18 or more"),
            *(model.Criterion(kind=terms.CriterionKind.EXCLUSION, text=f"Bar {index}") for index in range(12)),
        ),
    ),
    enrolment=model.Enrolment(planned=15),
    dates=model.Dates(start=PartialDate(year=2026, month=5, day=17, estimated=True), end=PartialDate(year=2030)),
    results=model.Results(posted=False),
    missing=(model.Missing(field="interventions[1].form", kind=MissingKind.WITHHELD),),
)

EMPTY = Trial()
by_hand = pytest.mark.parametrize("trial", [FULL, EMPTY], ids=["full", "empty"])


def told(trial: Trial) -> str:
    """Return the details of the page as text on one line, without citations and notes."""
    return plain(overview(Parsed(trial), detail="full"))


class Elements(html.parser.HTMLParser):
    """The tags, the quotes and the headings of a document."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.quotes: list[str] = []
        self.words = ""
        self.headings: list[str] = []
        self.open: list[tuple[str, str]] = []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        names = dict(attributes)
        assert not [name for name in names if name.startswith("on") or name in ("src", "style")]
        self.tags.add(tag)
        self.ids += [names["id"]] if "id" in names else []
        self.links += [names["href"]] if "href" in names else []
        self.open.append((tag, names.get("class", "")))
        if self.open[-1] == ("span", "quote"):
            self.quotes.append("")

    def handle_endtag(self, tag):
        while self.open.pop()[0] != tag:
            pass

    def handle_data(self, data):
        self.words += data
        if ("span", "quote") in self.open:
            self.quotes[-1] += data
        if self.open and self.open[-1][0] in ("h1", "h2", "h3") and data.strip():
            self.headings.append(data)

"""One trial in six country records of the EU CTR, as text and as page: what the fixtures must give, typed by hand."""

import re
from pathlib import Path

import pytest

from tests.counting import stated
from tests.registries.euctr.records import records
from tests.registries.euctr.six_countries import (
    ANAEMIA,
    BLOOD,
    BY_AGE,
    CELLS,
    CHILDREN,
    COMPARATORS,
    CONTRACEPTION,
    GERMANY,
    IDENTIFIERS,
    INCAPABLE,
    MUSTER,
    MUSTER_PAYS,
    NUMBER,
    PAGE,
    PLACEBO,
    SCOPES,
    STIM,
    TITLE,
    day,
    years,
)
from trialparse.diagnostics import NotOneRecord
from trialparse.model import (
    Condition,
    Country,
    Criterion,
    Dates,
    Design,
    Eligibility,
    Endpoint,
    Enrolment,
    Missing,
    Objective,
    Trial,
)
from trialparse.model.terms import (
    AgeGroup,
    Allocation,
    Assignment,
    CriterionKind,
    EndpointKind,
    Masking,
    MissingKind,
    ObjectiveKind,
    Phase,
    PopulationGroup,
    ProductRole,
    Progress,
    Regulatory,
    Sex,
    SponsorRole,
    StudyType,
    TherapyType,
)
from trialparse.model.values import Coded
from trialparse.parsing.calls import parse, read
from trialparse.parsing.parsed import Parsed

THIRD_COUNTRY = Trial(
    id=NUMBER,
    registry="EUCTR",
    identifiers=IDENTIFIERS,
    public_title="Corrected blood stem cells for people with muster anaemia",
    scientific_title=TITLE,
    acronym="MUSTERCELL",
    url=PAGE + "3rd/",
    objectives=(
        Objective(kind=ObjectiveKind.MAIN, text="To compare the need for transfusions"),
        Objective(kind=ObjectiveKind.SECONDARY, text="To describe safety,\nand how long corrected cells last"),
    ),
    study_type=StudyType.INTERVENTIONAL,
    design=Design(
        allocation=frozenset({Allocation.RANDOMISED}),
        assignment=frozenset({Assignment.PARALLEL, Assignment.OTHER}),
        other_assignment="Adults begin before children",
        masking=frozenset({Masking.DOUBLE}),
        controlled=True,
        comparators=COMPARATORS,
        other_comparator="Regular transfusion",
        arms=3,
        scopes=SCOPES,
        other_scope="Long-term engraftment",
        substudy=False,
        single_site=False,
        multiple_sites=True,
        duration=years(5, 3, 10),
        end_definition="Last visit of the last participant",
    ),
    phases=frozenset({Phase.III}),
    countries=(Country(name="Outside EU/EEA"),),
    countries_elsewhere=(Coded(term="CA", text="Canada"), Coded(term="KR", text="Korea, Republic of")),
    conditions=(Condition(text="Muster anaemia", lay_text="Too few red blood cells", rare=True),),
    condition_codes=ANAEMIA,
    therapeutic_areas=(BLOOD,),
    interventions=(CELLS, STIM, PLACEBO),
    endpoints=(
        Endpoint(kind=EndpointKind.PRIMARY, text="Months without transfusion", time_frame="Month 24"),
        Endpoint(
            kind=EndpointKind.SECONDARY,
            text="Adverse events\nCorrected cells in blood",
            time_frame="Months 6, 12 and 24",
        ),
    ),
    eligibility=Eligibility(
        sex=Sex.ALL,
        age_groups=frozenset({AgeGroup.UNDER_18, AgeGroup.ADULT, AgeGroup.ELDERLY}),
        age_subgroups=CHILDREN,
        populations=frozenset({PopulationGroup.PATIENTS}),
        vulnerable=True,
        vulnerable_groups=(CONTRACEPTION, INCAPABLE),
        incapable_of_consent="Children below the age of consent",
        criteria=(
            Criterion(
                kind=CriterionKind.INCLUSION,
                text="1. Muster anaemia for at least one year\n\n2. Haemoglobin < 80 g/L",
            ),
            Criterion(kind=CriterionKind.EXCLUSION, text="1. A donor among brothers and sisters\n2. Pregnancy"),
        ),
    ),
    enrolment=Enrolment(planned=160, by_age=BY_AGE),
    dates=Dates(registered=day("2018-03-21")),
    sponsors=(MUSTER, MUSTER_PAYS),
    funding=("Muster Biotech GmbH",),
    paediatric_plan=True,
    paediatric_decision="P/0999/2015",
    aftercare="Usual care by the family doctor",
    first_authorised_in=Coded(term="CA", text="Canada"),
    data_monitoring_committee=True,
    missing=(
        Missing(field="design.region", kind=MissingKind.NONE_STATED),
        Missing(field="phase_detail", kind=MissingKind.NONE_STATED),
    ),
)


class TestSixCountries:
    """One trial in six country records that disagree: each record says what its lines say."""

    @pytest.fixture
    def six(self, fixtures: Path) -> list[Parsed]:
        return records(fixtures / "euctr" / "six_countries.txt")

    @pytest.fixture
    def trials(self, six: list[Parsed]) -> list[Trial]:
        return [record.trial for record in six]

    def test_germany(self, trials: list[Trial]) -> None:
        assert stated(trials[0]) == GERMANY

    def test_third_country(self, trials: list[Trial]) -> None:
        """No status, no member state, no decision, and labels of its own."""
        assert stated(trials[5]) == THIRD_COUNTRY

    def test_nothing_is_remarked_on(self, six: list[Parsed]) -> None:
        assert [record.diagnostics for record in six] == [()] * 6

    def test_all_leaves_are_read(self, six: list[Parsed]) -> None:
        assert [record.audit().unmapped for record in six] == [{}] * 6

    def test_countries_and_numbers(self, trials: list[Trial]) -> None:
        assert {trial.id for trial in trials} == {NUMBER}
        assert [trial.countries[0].code for trial in trials] == ["DE", "ES", "IT", "GB", "SE", None]
        assert [trial.countries[0].authority for trial in trials] == [
            "Germany - PEI",
            "Spain - AEMPS",
            "Italy - Italian Medicines Agency",
            "UK - MHRA",
            "Sweden - MPA",
            None,
        ]
        assert [trial.url for trial in trials] == [PAGE + end for end in ("DE/", "ES/", "IT/", "GB/", "SE/", "3rd/")]
        assert [[number.scheme for number in trial.identifiers] for trial in trials] == [
            ["EudraCT", "ISRCTN", "NCT", "UTN", "other", "protocol"],
            ["EudraCT", "ISRCTN", "NCT", "UTN", "protocol"],
            ["EudraCT", "ISRCTN", "NCT", "UTN", "other", "protocol"],
            ["EudraCT", "ISRCTN", "NCT", "other", "protocol"],
            ["EudraCT", "protocol"],
            ["EudraCT", "ISRCTN", "NCT", "UTN", "other", "protocol"],
        ]
        assert [trial.identifiers[-1].value for trial in trials] == ["MUSTER-300"] * 4 + ["MUSTER-300-SE", "MUSTER-300"]

    def test_status(self, trials: list[Trial]) -> None:
        assert [trial.status.text for trial in trials] == [
            "Completed",
            "Ongoing",
            "Prematurely Ended",
            "GB - no longer in EU/EEA",
            "Temporarily Halted",
            None,
        ]
        assert [trial.status.trial for trial in trials] == [
            Progress.ENDED,
            Progress.ONGOING,
            Progress.TERMINATED_EARLY,
            None,
            Progress.HALTED,
            None,
        ]
        assert [trial.status.regulatory for trial in trials] == [
            Regulatory.AUTHORISED,
            Regulatory.AUTHORISED,
            Regulatory.AUTHORISED,
            None,
            Regulatory.AUTHORISED,
            None,
        ]
        assert all(trial.status == trial.countries[0].status for trial in trials)

    def test_what_left_the_register_is_unknown_not_absent(self, trials: list[Trial]) -> None:
        """A British record that was open when the country left says nothing of what came of the trial."""
        none = Missing(field="phase_detail", kind=MissingKind.NONE_STATED)
        assert [trial.missing for trial in trials] == [
            (none,),
            (none,),
            (none,),
            (
                none,
                Missing(field="status.trial", kind=MissingKind.UNKNOWN),
                Missing(field="countries[0].status.trial", kind=MissingKind.UNKNOWN),
            ),
            (none,),
            (Missing(field="design.region", kind=MissingKind.NONE_STATED), none),
        ]

    def test_phases(self, trials: list[Trial]) -> None:
        assert [trial.phases for trial in trials] == [
            {Phase.III},
            {Phase.III},
            {Phase.II, Phase.III},
            {Phase.III},
            {Phase.III},
            {Phase.III},
        ]

    def test_planned_numbers(self, trials: list[Trial]) -> None:
        assert [trial.countries[0].planned for trial in trials] == [30, 40, 20, 25, 15, None]
        assert [trial.enrolment.planned_eea for trial in trials] == [110, 110, 110, 110, 110, None]
        assert [trial.enrolment.planned for trial in trials] == [150, 250, 150, 150, 250, 160]

    def test_dates(self, trials: list[Trial]) -> None:
        assert [str(trial.dates.registered) for trial in trials] == [
            "2016-05-12",
            "2016-06-01",
            "2016-07-20",
            "2016-05-30",
            "2017-01-09",
            "2018-03-21",
        ]
        assert [str(trial.dates.global_end) for trial in trials] == [
            "2021-06-30",
            "None",
            "2021-05-14",
            "None",
            "None",
            "None",
        ]
        assert [[str(event.date) for event in trial.countries[0].events] for trial in trials] == [
            ["2016-09-24", "2016-12-16"],
            ["2016-09-01", "2016-08-01"],
            ["2016-11-02", "2016-10-10"],
            ["2016-08-15", "2016-07-04"],
            ["2017-03-01", "2017-02-02"],
            [],
        ]

    def test_an_unfavourable_opinion_with_its_reasons(self, trials: list[Trial]) -> None:
        decision, opinion = trials[4].countries[0].events
        assert decision.decision is Regulatory.AUTHORISED
        assert opinion.outcome == Coded(term="NOT_FAVOURABLE", text="Not-Favourable")
        assert opinion.text == "The leaflet for children\nwas too hard to read"

    def test_titles_in_the_language_of_the_tag(self, trials: list[Trial]) -> None:
        """The English title of Italy is empty."""
        assert [trial.scientific_title for trial in trials] == [TITLE, TITLE, None, TITLE, TITLE, TITLE]
        assert [[(said.language, said.text[:9]) for said in t.scientific_title_translations] for t in trials] == [
            [("de", "Eine rand")],
            [("es", "Ensayo al")],
            [("it", "Studio ra")],
            [],
            [("sv", "En random")],
            [],
        ]

    def test_products_in_the_order_and_number_of_each_country(self, trials: list[Trial]) -> None:
        """A role may be empty, and products are numbered anew in each country."""
        test, comparator, placebo = ProductRole.TEST, ProductRole.COMPARATOR, ProductRole.PLACEBO
        cells, stim = "Beispielcel", "Samplostim 300 solution"
        assert [[(p.number, p.role, p.name) for p in trial.interventions] for trial in trials] == [
            [("1", test, cells), ("2", comparator, stim), ("1", placebo, None)],
            [("1", comparator, stim), ("2", test, cells), ("1", placebo, None)],
            [("1", None, cells), ("2", comparator, stim), ("3", test, "Provaderm"), ("1", placebo, None)],
            [("1", test, cells), ("2", None, stim), ("1", placebo, None)],
            [("1", test, cells), ("1", placebo, None)],
            [("1", test, cells), ("2", comparator, stim), ("1", placebo, None)],
        ]
        assert [[p.orphan for p in trial.interventions if p.name == cells] for trial in trials] == [
            [True],
            [True],
            [True],
            [True],
            [False],
            [True],
        ]

    def test_advanced_therapies(self, trials: list[Trial]) -> None:
        skin = trials[2].interventions[2]
        assert skin.advanced_therapy is True
        assert [each.type for each in skin.advanced_therapies] == [
            TherapyType.SOMATIC_CELL,
            TherapyType.TISSUE_ENGINEERED,
        ]
        assert [each.term for each in skin.characteristics] == ["COMBINED_ADVANCED_THERAPY"]
        assert [substance.name for substance in skin.substances] == ["Skin cells on a pretend scaffold"]

    def test_criteria(self, trials: list[Trial]) -> None:
        inclusion = "1. Muster anaemia for at least one year\n\n2. Haemoglobin < 80 g/L"
        exclusion = "1. A donor among brothers and sisters\n2. Pregnancy"
        assert [tuple(each.text for each in trial.eligibility.criteria) for trial in trials] == [
            (inclusion, exclusion),
            (inclusion + "\n3. Lives within two hours of a centre", exclusion),
            (inclusion, exclusion),
            (inclusion, exclusion.replace("among brothers and sisters", "in the family")),
            (inclusion, exclusion),
            (inclusion, exclusion),
        ]

    def test_sites_and_length_in_each_country(self, trials: list[Trial]) -> None:
        assert [(t.countries[0].single_site, t.countries[0].multiple_sites, t.countries[0].sites) for t in trials] == [
            (False, True, 4),
            (False, True, 5),
            (True, False, None),
            (False, True, 3),
            (False, True, 2),
            (None, None, None),
        ]
        assert [trial.countries[0].duration for trial in trials] == [
            years(4, 6, 15),
            years(4),
            years(4, 6, 15),
            years(4, 6, 15),
            years(4, 6, 15),
            (),
        ]
        assert [trial.design.arms for trial in trials] == [3, 3, 2, 3, 3, 3]

    def test_sponsors(self, trials: list[Trial]) -> None:
        assert [[sponsor.role for sponsor in trial.sponsors] for trial in trials] == [
            [
                SponsorRole.PRIMARY,
                SponsorRole.CO_SPONSOR,
                SponsorRole.SUPPORT,
                SponsorRole.SUPPORT,
                SponsorRole.NETWORK,
            ],
            [SponsorRole.PRIMARY, SponsorRole.CO_SPONSOR, SponsorRole.SUPPORT, SponsorRole.SUPPORT],
            [SponsorRole.PRIMARY, SponsorRole.SUPPORT],
            [SponsorRole.PRIMARY, SponsorRole.SUPPORT],
            [SponsorRole.PRIMARY, SponsorRole.SUPPORT],
            [SponsorRole.PRIMARY, SponsorRole.SUPPORT],
        ]

    def test_evidence_names_the_lines(self, six: list[Parsed], fixtures: Path) -> None:
        lines = (fixtures / "euctr" / "six_countries.txt").read_bytes().decode().split("\r\n")
        (source,) = six[4].evidence("countries[0].events[1].text").sources
        first, last = (int(number) for number in re.findall(r"\d+", source.place.path)[:2])
        assert lines[first - 1].endswith("unfavourable opinion: The leaflet for children")
        assert lines[last - 1] == "was too hard to read"
        assert source.place.record == 4


class TestPage:
    """The page of one country says the same as its record in the text export."""

    @pytest.fixture
    def page(self, fixtures: Path) -> Parsed:
        return parse(fixtures / "euctr" / "protocol.html")

    def test_the_same_trial(self, page: Parsed) -> None:
        """The link is in the text alone; number and country fix the same address."""
        assert page.format.name == "euctr-protocol-html"
        assert stated(page.trial) == GERMANY

    def test_nothing_is_remarked_on_and_all_is_read(self, page: Parsed) -> None:
        assert page.diagnostics == ()
        assert page.audit().unmapped == {}

    def test_evidence_names_cells(self, page: Parsed, fixtures: Path) -> None:
        from lxml import html

        root = html.parse(str(fixtures / "euctr" / "protocol.html"), html.HTMLParser(encoding="utf-8"))
        found = page.evidence()
        for field, words in {
            "interventions[0].routes[1]": "Intraosseous use",
            "scientific_title_translations[0].language": "de",
            "sponsors[1].name": "Ejemplo University Hospital",
            "condition_codes[1].value": "10002272",
            "status.text": "Completed",
        }.items():
            (cell,) = root.xpath(found[field].sources[0].place.path)
            assert words in cell.text_content()
            assert len(cell.text_content()) < 60

    def test_a_trial_that_the_register_does_not_know(self, fixtures: Path) -> None:
        """The answer is a page, with HTTP status 200."""
        path = fixtures / "euctr" / "not_found.html"
        assert list(read(path)) == []
        with pytest.raises(NotOneRecord, match="does not know the trial"):
            parse(path)

"""Lines of the text export that look like others, and every box ticked: what the fixtures must give, typed by hand."""

import re
from collections import Counter
from pathlib import Path

import pytest

from tests.registries.euctr.records import records
from tests.registries.euctr.six_countries import (
    CHILDREN,
    GERMANY,
)
from trialparse.diagnostics import Problem
from trialparse.model import (
    Condition,
    Event,
    Missing,
    Status,
    Trial,
)
from trialparse.model.interventions import Intervention, Substance
from trialparse.model.terms import (
    AgeGroup,
    Allocation,
    Assignment,
    EventKind,
    Masking,
    MissingKind,
    Phase,
    PopulationGroup,
    ProductRole,
    Progress,
    Region,
    Regulatory,
    Sex,
    TherapyType,
)
from trialparse.model.values import Code, Coded, Translation
from trialparse.parsing.calls import parse, read
from trialparse.parsing.parsed import Parsed


def remarks(parsed: Parsed) -> set[tuple[Problem, str | None, str]]:
    """Return what is remarked on a record: problem, field and words."""
    return {(each.problem, each.field, each.text) for each in parsed.diagnostics}


class TestTraps:
    """Each trap of the text export: lines that look like others, placeholders, odd years, contradictions."""

    @pytest.fixture
    def traps(self, fixtures: Path) -> list[Parsed]:
        return records(fixtures / "euctr" / "traps.txt")

    @pytest.fixture
    def contradictions(self, traps: list[Parsed]) -> Parsed:
        return traps[0]

    @pytest.fixture
    def texts(self, traps: list[Parsed]) -> Parsed:
        return traps[2]

    @pytest.fixture
    def products(self, traps: list[Parsed]) -> Parsed:
        return traps[3]

    @pytest.fixture
    def labels(self, traps: list[Parsed]) -> Parsed:
        return traps[4]

    def test_line_ends(self, fixtures: Path) -> None:
        """Lines end in CRLF, and bare line feeds within a text are of the text."""
        path = fixtures / "euctr" / "line_ends.txt"
        data = path.read_bytes()
        assert len(re.findall(rb"(?<!\r)\n", data)) == 2
        (record,) = records(path)
        assert record.trial.conditions[0].text == "Sample fever\nin two lines"
        assert [each.text for each in record.trial.eligibility.criteria] == ["1. First\n2. Second\n3. Third", "None"]
        assert record.diagnostics == ()
        (alike,) = read(data.replace(b"\r\n", b"\n"))
        assert alike.trial == record.trial

    def test_records_begin_at_three_lines(self, traps: list[Parsed]) -> None:
        """A line `Summary` begins a record only before the lines that stand at its head."""
        assert [record.trial.id for record in traps] == [
            "2009-099302-22",
            "2009-099302-22",
            "2011-099304-46",
            "2012-099305-15",
            "2013-099307-36",
        ]
        assert texts_of(traps[2], "objectives") == [
            "The parts of this text are:\nSummary\na line on which that word stands alone"
        ]

    def test_tabs(self, contradictions: Parsed, texts: Parsed) -> None:
        """A TAB stands within some labels, and in texts."""
        assert contradictions.trial.sponsors[0].country == "DK"
        assert "\n5.\tHave a sample volume" in texts_of(texts, "eligibility.criteria")[0]

    def test_keys_without_a_colon(self, products: Parsed) -> None:
        """A question mark ends the label of D.8.1, and blocks open with a bare number."""
        placebos = [each for each in products.trial.interventions if each.role is ProductRole.PLACEBO]
        assert [each.number for each in placebos] == ["1", "2"]

    def test_colons_in_keys(self, texts: Parsed) -> None:
        """The label ends at its own last colon, and the answer holds others."""
        _, opinion = texts.trial.countries[0].events
        assert opinion.text == "None: it was favourable"

    def test_values_on_the_next_lines(self, texts: Parsed, products: Parsed) -> None:
        """One route or country a line; some have a comma and some are blank."""
        assert [each.term for each in texts.trial.countries_elsewhere] == ["KR", "US"]
        drug, placebo = products.trial.interventions[0], products.trial.interventions[-1]
        assert [each.term for each in drug.routes] == ["INTRAVENOUS", "SUBCUTANEOUS", "ORAL"]
        assert [each.term for each in placebo.routes] == ["INTRAVENOUS", "SUBCUTANEOUS"]

    def test_lines_that_look_like_keys(self, texts: Parsed) -> None:
        """A key counts only where code and label are known and it comes in its order; such lines are reported."""
        assert texts_of(texts, "eligibility.criteria")[0] == (
            "1. A sample stroke of these codes\n"
            "I63 - Cerebral infarction\n"
            "Also called: Sample stroke Type V\n"
            "Weight: 50 kg or more\n"
            "\n"
            "5.\tHave a sample volume of ≥5.0 cm3\n"
            "• Chain >20 pg/mL\n"
            "E.4 excludes nobody of these\n"
            "E.2.1 Main objective of the trial: see above"
        )
        assert (Problem.LOOKS_LIKE_KEY, "E.2.1 Main objective of the trial: see above") in {
            (problem, words) for problem, _, words in remarks(texts)
        }

    def test_a_code_of_the_form_with_another_label_and_a_colon(self, fixtures: Path) -> None:
        """It may be a line that the form has got since, so it is reported and counted beside the text it stands in."""
        data = (fixtures / "euctr" / "traps.txt").read_bytes()
        data = data.replace(b"E.4 excludes nobody", b"E.4 Number of nobodies: none")
        texts = records_of(data)[2]
        assert "\nE.4 Number of nobodies: none of these\n" in texts_of(texts, "eligibility.criteria")[0]
        assert sum(texts.audit().unmapped.values()) == 1
        assert Problem.LOOKS_LIKE_KEY in {each.problem for each in texts.diagnostics}

    def test_register_markers_in_a_text(self, texts: Parsed) -> None:
        """A text may hold lines of the head of a record."""
        assert texts_of(texts, "endpoints")[1] == (
            "Change in sample score\n"
            "EudraCT Number: 2011-099304-46\n"
            "Sponsor Protocol Number: TRAP-4\n"
            "Summary\n"
            "EudraCT Number: 2011-099304-46\n"
            "and nothing else"
        )
        assert texts.trial.endpoints[1].time_frame == "Week 4"
        assert Counter(words for problem, _, words in told(texts) if problem is Problem.LOOKS_LIKE_KEY) == {
            "Summary": 2,
            "EudraCT Number: 2011-099304-46": 2,
            "E.2.1 Main objective of the trial: see above": 1,
            "E.4 excludes nobody of these": 1,
        }

    def test_blocks_that_repeat(self, products: Parsed) -> None:
        """Substances have no counter; where the INN is missing, whatever comes first begins the next one."""
        binder = products.trial.interventions[0]
        assert [
            (each.name, each.sponsor_code, each.codes, each.concentration.number) for each in binder.substances
        ] == [
            ("TRA-1", "TRA-1", (Code(system="EV", value="SUB999310"),), "5"),
            ("trap binder", None, (Code(system="EV", value="SUB999311"),), "7"),
            ("trapatin", None, (Code(system="EV", value="SUB999312"),), None),
        ]
        assert [each.name for each in products.trial.sponsors] == ["Exemple Network One", "Exemple Network Two"]
        assert [each.country for each in products.trial.sponsors] == ["FR", "BE"]

    def test_a_product_of_boxes_alone(self, products: Parsed) -> None:
        """A product may be empty except its Yes/No lines, or for its number."""
        assert products.trial.interventions[1] == Intervention(
            number="2",
            role=ProductRole.COMPARATOR,
            authorised=True,
            advanced_therapy=False,
        )
        assert products.trial.interventions[3] == Intervention(number="4", role=ProductRole.TEST)

    def test_the_same_country_twice(self, traps: list[Parsed]) -> None:
        """Number and country are no unique key."""
        one, other = traps[0].trial, traps[1].trial
        assert (one.id, one.url, one.dates.registered) == (other.id, other.url, other.dates.registered)
        assert [t.interventions[0].substances[0].concentration.number for t in (one, other)] == ["8X10^11", "1.0E13"]
        assert one.scientific_title != other.scientific_title
        assert other.transitioned is True
        assert other.status == Status(regulatory=Regulatory.AUTHORISED, text="Trial now transitioned")

    def test_languages(self, texts: Parsed) -> None:
        """A variant may stand alone, its tag is not that of the country, the plain key not always English."""
        trial = texts.trial
        assert trial.scientific_title is None
        assert trial.scientific_title_translations == (Translation(text="Δοκιμή με παγίδες", language="el"),)
        assert trial.public_title == "Uno studio di prova"
        assert trial.public_title_translations == (Translation(text="Απλός τίτλος", language="el"),)
        assert trial.countries[0].code == "GR"

    def test_signs_of_word_processors(self, texts: Parsed) -> None:
        """Signs of the font Symbol are read as what they are, and U+2028 ends no line."""
        inclusion, exclusion = texts_of(texts, "eligibility.criteria")
        assert [sign for sign in inclusion if sign in "≥•>"] == ["≥", "•", ">"]
        assert [sign for sign in inclusion if "\ue000" <= sign <= "\uf8ff"] == []
        evidence = texts.evidence("eligibility.criteria[0].text").sources
        assert [sign for sign in evidence[0].text if "\ue000" <= sign <= "\uf8ff"] == ["\uf0b3", "\uf0b7", "\uf03e"]
        assert exclusion == "No consent\u2028or no sample"

    def test_contradictions_are_kept(self, contradictions: Parsed) -> None:
        """One site and several, not controlled but randomised, not authorised but authorised."""
        trial = contradictions.trial
        (country,) = trial.countries
        assert (country.single_site, country.multiple_sites) == (True, True)
        assert (trial.design.controlled, trial.design.allocation) == (False, {Allocation.RANDOMISED})
        assert country.status == Status(regulatory=Regulatory.NOT_AUTHORISED, text="Not Authorised")
        assert country.events[0].decision is Regulatory.AUTHORISED

    def test_places_that_should_agree(self, fixtures: Path) -> None:
        """The status and the numbers stand twice in a record."""
        data = (fixtures / "euctr" / "line_ends.txt").read_bytes()
        data = data.replace(b"End of Trial Status: Prematurely Ended", b"End of Trial Status: Ongoing")
        (record,) = records_of(
            data.replace(b"A.2 EudraCT number: 2014-099306-28", b"A.2 EudraCT number: 2012-099305-15")
        )
        assert record.trial.status.trial is Progress.TERMINATED_EARLY
        assert record.trial.id == "2014-099306-28"
        assert remarks(record) == {
            (Problem.CONFLICT, "id", "2012-099305-15"),
            (Problem.CONFLICT, "status.trial", "Ongoing"),
            (Problem.CONFLICT, "status.text", "Ongoing"),
            (Problem.CONFLICT, "countries[0].status.trial", "Ongoing"),
            (Problem.CONFLICT, "countries[0].status.text", "Ongoing"),
        }

    def test_placeholders(self, contradictions: Parsed, products: Parsed) -> None:
        """Placeholder numbers are reported and left out; words that only fill a field name nothing."""
        trial = contradictions.trial
        assert [number.value for number in trial.identifiers] == ["2009-099302-22", "TRAP-2"]
        assert {remark for remark in remarks(contradictions) if remark[0] is not Problem.IMPLAUSIBLE} == {
            (Problem.PLACEHOLDER, "identifiers", "ISRCTN00000000"),
            (Problem.PLACEHOLDER, "identifiers", "NCT00000000"),
            (Problem.PLACEHOLDER, "identifiers", "U0000-0000-0000"),
            (Problem.PLACEHOLDER, "identifiers", "N/A"),
        }
        assert trial.acronym is None
        assert trial.aftercare is None
        assert trial.sponsors[0].contacts[0].fax == "00"
        nameless = products.trial.interventions[2]
        assert (nameless.name, nameless.trade_name) == ("Trapacillin", "Trapacillin")
        assert nameless.substances == (Substance(name="Trapol", synonyms=("Trapol",)),)

    def test_odd_years(self, contradictions: Parsed) -> None:
        """Years are as typed, for nobody knows what was meant."""
        trial = contradictions.trial
        assert [str(event.date) for event in trial.countries[0].events] == ["0210-03-01", "2077-06-01"]
        assert {text for problem, _, text in remarks(contradictions) if problem is Problem.IMPLAUSIBLE} == {
            "0210-03-01",
            "2077-06-01",
            "1900-01-01",
        }
        assert str(trial.dates.global_end) == "1900-01-01"

    def test_a_year_of_three_digits_is_no_date(self, fixtures: Path) -> None:
        """`210-03-01` is reported and not taken for a date."""
        data = (fixtures / "euctr" / "traps.txt").read_bytes().replace(b"0210-03-01", b"210-03-01")
        record = records_of(data)[0]
        assert record.trial.dates.decision is None
        assert (Problem.BAD_VALUE, "dates.decision", "210-03-01") in remarks(record)

    def test_empty_and_absent(self, contradictions: Parsed, texts: Parsed) -> None:
        """An empty line says as little as one that is not there."""
        assert contradictions.trial.paediatric_decision is None
        assert contradictions.trial.sponsors[0].commercial is None
        assert texts.trial.conditions == (Condition(lay_text="Sample stroke", rare=False),)
        assert texts.trial.dates.decision is None
        assert [event.date for event in texts.trial.countries[0].events] == [None, None]
        assert texts.trial.missing == ()

    def test_information_not_present_is_unknown(self, contradictions: Parsed, products: Parsed) -> None:
        """The register's own sentence for an empty field is reported; for a box, only if no other box is ticked."""
        assert contradictions.trial.missing == (
            Missing(field="acronym", kind=MissingKind.NOT_APPLICABLE),
            Missing(field="design.masking", kind=MissingKind.UNKNOWN),
            Missing(field="paediatric_plan", kind=MissingKind.UNKNOWN),
            Missing(field="aftercare", kind=MissingKind.NOT_APPLICABLE),
        )
        assert contradictions.trial.design.masking == frozenset()
        assert set(products.trial.missing) == {
            Missing(field="interventions[1].characteristics", kind=MissingKind.UNKNOWN),
            Missing(field="interventions[1].orphan", kind=MissingKind.UNKNOWN),
            Missing(field="interventions[1].paediatric", kind=MissingKind.UNKNOWN),
            Missing(field="interventions[2].substances[0].codes", kind=MissingKind.NOT_APPLICABLE),
        }
        assert products.trial.interventions[1].characteristics == ()

    def test_an_authority_with_a_new_name(self, fixtures: Path) -> None:
        """The end of the record's address names the country too; the name is reported and kept."""
        data = (fixtures / "euctr" / "line_ends.txt").read_bytes()
        (record,) = records_of(data.replace(b"Netherlands - Competent Authority", b"Netherlands - New Body"))
        (country,) = record.trial.countries
        assert (country.code, country.authority) == ("NL", "Netherlands - New Body")
        assert remarks(record) == {(Problem.UNKNOWN_CODE, "countries[0].code", "Netherlands - New Body")}
        assert record.trial.missing == ()

    def test_changed_labels(self, labels: Parsed) -> None:
        """Case, blanks and punctuation of a label do not count."""
        trial = labels.trial
        assert trial.scientific_title == "A trial with changed labels"
        assert trial.scientific_title_translations == (
            Translation(text="Próba ze zmienionymi etykietami", language="pl"),
        )
        assert [number.value for number in trial.identifiers] == ["2013-099307-36", "TRAP-7"]
        assert (trial.sponsors[0].country, trial.sponsors[0].commercial) == ("PL", True)
        (product,) = trial.interventions
        assert (product.role, product.form) == (ProductRole.TEST, Coded(term="TABLET", text="Tablet"))
        assert trial.design.masking == {Masking.DOUBLE}
        assert trial.countries[0].single_site is False
        assert trial.eligibility.age_groups == {AgeGroup.ELDERLY}
        assert labels.diagnostics == ()

    def test_the_label_before_2011(self, labels: Parsed) -> None:
        """F.3.3.1 asked for women of child-bearing potential, whether or not they use contraception."""
        assert [each.term for each in labels.trial.eligibility.vulnerable_groups] == ["WOMEN_OF_CHILDBEARING_POTENTIAL"]

    def test_a_note_in_a_label(self, fixtures: Path) -> None:
        """F.3.3.1 of records from before March 2011 has a note of several lines between label and colon."""
        data = (fixtures / "euctr" / "noted.txt").read_bytes()
        (record,) = records_of(data)
        assert record.trial.eligibility.vulnerable_groups == (
            Coded(term="WOMEN_OF_CHILDBEARING_POTENTIAL", text="Women of childbearing potential"),
        )
        assert record.diagnostics == ()
        assert record.audit().unmapped == {}
        (source,) = record.evidence("eligibility.vulnerable_groups[0]").sources
        line = data.count(b"\n", 0, data.index(b". : Yes")) + 1
        assert source.place.path.startswith(f"line {line}, F.3.3.1 Women")

    def test_a_note_that_is_not_ended_by_an_answer(self, fixtures: Path) -> None:
        """Then its lines are unmapped and nothing is claimed."""
        data = (fixtures / "euctr" / "noted.txt").read_bytes()
        (record,) = records_of(data.replace(b"read: ", b"read ").replace(b" : Yes", b""))
        assert record.trial.eligibility.vulnerable_groups == ()
        assert record.audit().unmapped == {"unread.lines": 3}

    def test_a_note_on_a_page(self, fixtures: Path) -> None:
        data = (fixtures / "euctr" / "protocol.html").read_bytes()
        label = b"Women of childbearing potential not using contraception"
        assert data.count(label) == 1
        noted = data.replace(label, label + b"\n  When this was entered the question read: &quot;Women&quot;.")
        page = parse(noted)
        assert page.audit().unmapped == {}
        assert page.diagnostics == ()
        assert page.trial.eligibility == GERMANY.eligibility
        cell = noted.index(b" No ", noted.index(label))
        ticked = parse(noted[:cell] + b" Yes " + noted[cell + 4 :])
        assert ticked.trial.eligibility.vulnerable_groups[0].term == "WOMEN_OF_CHILDBEARING_POTENTIAL"

    def test_all_leaves_are_read(self, traps: list[Parsed]) -> None:
        assert [record.audit().unmapped for record in traps] == [{}] * 5


def records_of(data: bytes) -> list[Parsed]:
    """Return the records of a document; all are readable."""
    found = list(read(data))
    assert all(isinstance(record, Parsed) for record in found)
    return found


def texts_of(parsed: Parsed, name: str) -> list[str | None]:
    """Return the texts of a list of the trial."""
    value = parsed.trial
    for part in name.split("."):
        value = getattr(value, part)
    return [each.text for each in value]


def told(parsed: Parsed) -> list[tuple[Problem, str | None, str]]:
    """Return what is remarked on a record, as often as it is."""
    return [(each.problem, each.field, each.text) for each in parsed.diagnostics]


class TestEveryBox:
    """A record in which each box is ticked says each thing that a box can say."""

    @pytest.fixture
    def trial(self, fixtures: Path) -> Trial:
        (record,) = records(fixtures / "euctr" / "all_boxes.txt")
        assert record.diagnostics == ()
        return record.trial

    def test_product(self, trial: Trial) -> None:
        (product,) = trial.interventions
        assert product.advanced_therapy is True
        assert [each.type for each in product.advanced_therapies] == [
            TherapyType.SOMATIC_CELL,
            TherapyType.GENE,
            TherapyType.TISSUE_ENGINEERED,
        ]
        assert [each.term for each in product.characteristics] == [
            "CHEMICAL",
            "BIOLOGICAL",
            "COMBINED_ADVANCED_THERAPY",
            "CLASSIFIED_BY_CAT",
            "WITH_DEVICE",
            "RADIOPHARMACEUTICAL",
            "IMMUNOLOGICAL",
            "PLASMA_DERIVED",
            "EXTRACTIVE",
            "RECOMBINANT",
            "GENETICALLY_MODIFIED",
            "HERBAL",
            "HOMEOPATHIC",
            "OTHER",
        ]

    def test_design(self, trial: Trial) -> None:
        assert [each.term for each in trial.design.scopes] == [
            "DIAGNOSIS",
            "PROPHYLAXIS",
            "THERAPY",
            "SAFETY",
            "EFFICACY",
            "PHARMACOKINETIC",
            "PHARMACODYNAMIC",
            "BIOEQUIVALENCE",
            "DOSE_RESPONSE",
            "PHARMACOGENETIC",
            "PHARMACOGENOMIC",
            "PHARMACOECONOMIC",
            "OTHER",
        ]
        assert trial.phases == {Phase.I, Phase.II, Phase.III, Phase.IV}
        assert {each.name for each in trial.phase_detail} == {"FIRST_IN_HUMAN", "BIOEQUIVALENCE", "OTHER"}
        assert trial.other_phase_detail == "Taste test"
        assert trial.other_phase_detail_translations == (Translation(text="Ízpróba", language="hu"),)
        assert trial.design.masking == {Masking.OPEN, Masking.SINGLE, Masking.DOUBLE}
        assert trial.design.assignment == {Assignment.PARALLEL, Assignment.CROSSOVER, Assignment.OTHER}
        assert trial.design.region is Region.NON_EEA_ONLY

    def test_people(self, trial: Trial) -> None:
        assert trial.eligibility.sex is Sex.FEMALE
        assert trial.eligibility.age_groups == {
            AgeGroup.UNDER_18,
            AgeGroup.IN_UTERO,
            AgeGroup.ADULT,
            AgeGroup.ELDERLY,
        }
        assert trial.eligibility.age_subgroups == CHILDREN | {AgeGroup.PRETERM_NEWBORN, AgeGroup.NEWBORN}
        assert {(each.group.name, each.planned) for each in trial.enrolment.by_age} == {
            ("UNDER_18", 21),
            ("IN_UTERO", 1),
            ("PRETERM_NEWBORN", 2),
            ("NEWBORN", 3),
            ("INFANT", 4),
            ("CHILD", 5),
            ("ADOLESCENT", 6),
            ("ADULT", 7),
            ("ELDERLY", 8),
        }
        assert trial.eligibility.populations == {PopulationGroup.HEALTHY_VOLUNTEERS, PopulationGroup.PATIENTS}
        assert [each.term for each in trial.eligibility.vulnerable_groups] == [
            "WOMEN_NOT_USING_CONTRACEPTION",
            "WOMEN_USING_CONTRACEPTION",
            "PREGNANT",
            "NURSING",
            "EMERGENCY",
            "INCAPABLE_OF_CONSENT",
            "OTHER",
        ]

    def test_decision_without_a_date(self, trial: Trial) -> None:
        (country,) = trial.countries
        assert country.status == Status(regulatory=Regulatory.AUTHORISED, trial=Progress.ONGOING, text="Restarted")
        assert country.events == (Event(kind=EventKind.DECISION, decision=Regulatory.NOT_AUTHORISED),)


class TestKindsOfProduct:
    """A product is biological by the boxes of D.3.11; one that is not answered has no kind."""

    @pytest.mark.parametrize(
        ("boxes", "kind"),
        [
            ({"D.3.11.2": "Yes"}, "BIOLOGICAL"),
            ({"D.3.11.2": "No"}, "DRUG"),
            ({"D.3.11.2": "No", "D.3.11.3": "Yes", "D.3.11.3.2": "Yes"}, "BIOLOGICAL"),
            ({"D.3.11.2": "Information not present in EudraCT", "D.3.11.3.1": "Yes"}, "BIOLOGICAL"),
            ({"D.3.11.2": "Information not present in EudraCT", "D.3.11.3": "No"}, None),
            ({"D.3.11.3": "No"}, None),
            ({}, None),
        ],
    )
    def test_it_is_derived(self, fixtures: Path, boxes: dict[str, str], kind: str | None) -> None:
        text = (fixtures / "euctr" / "all_boxes.txt").read_text("utf-8")
        lines = [line for line in text.split("\n") if not line.startswith(("D.3.11.2 ", "D.3.11.3"))]
        place = next(index for index, line in enumerate(lines) if line.startswith("D.3.11.1 ")) + 1
        labels = {line.split(" ")[0]: line.rpartition(":")[0] for line in text.split("\n")}
        lines[place:place] = [f"{labels[code]}: {answer}" for code, answer in boxes.items()]
        parsed = parse("\n".join(lines).encode())

        found = parsed.trial.interventions[0].type
        assert kind == (found and found.name)
        assert parsed.evidence("interventions[0].type").relation == (None if kind is None else "derived")

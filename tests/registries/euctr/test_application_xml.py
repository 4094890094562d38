"""The application form of EudraCT as XML: typed by hand from the fixture; no real file has been seen."""

import csv
from pathlib import Path

import pytest
from lxml import etree

from tests.conftest import CORPUS
from tests.counting import stated
from trialparse.diagnostics import Problem, UnrecognisedFormat
from trialparse.mapping.folder import rows_of
from trialparse.model import AgeGroupCount, Country, Eligibility, Enrolment, Missing, Trial
from trialparse.model.interventions import AdvancedTherapy, Concentration, Device, Dosing, Intervention, Substance
from trialparse.model.terms import (
    AgeGroup,
    CellOrigin,
    CellType,
    GeneTransfer,
    GeneVehicle,
    InterventionType,
    MissingKind,
    PopulationGroup,
    Sex,
    TherapyType,
)
from trialparse.model.values import Code, Coded, Identifier, Translation
from trialparse.parsing.calls import parse, read, sniff
from trialparse.parsing.parsed import Parsed

CTA = "http://eudract.emea.europa.eu/schema/clinical_trial"


def form(inner: str) -> bytes:
    """Return a form with this in it."""
    return f'<form xmlns="{CTA}">{inner}</form>'.encode()


def product(inner: str) -> Parsed:
    """Return the record of a form with one product."""
    return parse(
        form(
            "<medicinal_product_information><medicinal_product>"
            f"{inner}</medicinal_product></medicinal_product_information>"
        )
    )


def people(inner: str) -> Parsed:
    """Return the record of a form with this said of the participants."""
    return parse(form(f"<population_information>{inner}</population_information>"))


GENE = Intervention(
    name="Genofix suspension",
    type=InterventionType.BIOLOGICAL,
    sponsor_code="GNX-1",
    substances=(
        Substance(
            name="GENOFIXOGENE AUTOTEMCEL",
            sponsor_code="GNX",
            description="Blood cells of the patient",
            concentration=Concentration(number="0.5 - 20", low=0.5, high=20.0),
            synonyms=("cells with FIX1",),
            codes=(Code(system="CAS", value="99999-31-0"), Code(system="EV", value="SUB99310")),
        ),
        Substance(sponsor_code="GNX-B", formula="C2H6O", concentration=Concentration(number="8X10^11")),
    ),
    codes=(Code(system="ATC", value="B06AX"), Code(system="ATC", value="V10X")),
    form=Coded(term="SOLUTION FOR INJECTION", text="100000073863"),
    routes=(Coded(term="INTRAVENOUS", text="100000073611"), Coded(term="INTRATHECAL", text="100000073608")),
    duration_text="One infusion",
    first_dose=Dosing(text="1 ml", basis="1", number="2E11", route=Coded(term="INTRAVENOUS", text="100000073611")),
    maximum_dose=Dosing(
        text="5 ml in all", basis="0", number="1E12", route=Coded(term="INTRATHECAL", text="100000073608")
    ),
    mode_of_action="Puts a working gene into blood cells",
    first_in_human=True,
    risk_factors="No animal model",
    identified_by=(
        Coded(term="SITE_PRODUCTS", text="has_local_site_products"),
        Coded(term="OTHER", text="has_imp_other_identification"),
    ),
    other_identification="Whatever the pharmacy of the site holds",
    dossier=(Coded(term="FULL", text="has_full_impd"),),
    used_before=True,
    used_before_in=(Coded(term="BE", text="100000000337"), Coded(text="100000000999")),
    scientific_advice=True,
    scientific_advice_from=(
        Coded(term="CHMP", text="has_scientific_advice_chmp"),
        Coded(term="NATIONAL_AUTHORITY", text="has_scientific_advice_nca"),
    ),
    authorised=False,
    characteristics=(
        Coded(term="BIOLOGICAL", text="has_biological_origin"),
        Coded(term="CLASSIFIED_BY_CAT", text="is_cat_classification_isued"),
        Coded(term="WITH_DEVICE", text="is_device_included"),
        Coded(term="RECOMBINANT", text="is_recombinant_mp"),
        Coded(term="GENETICALLY_MODIFIED", text="is_gmo_mp"),
        Coded(term="OTHER", text="is_other_mp"),
    ),
    other_characteristic="Frozen cells",
    orphan=True,
    orphan_number="EU/3/19/9931",
    advanced_therapy=True,
    advanced_therapies=(
        AdvancedTherapy(
            type=TherapyType.GENE,
            cell_origin=CellOrigin.AUTOLOGOUS,
            transfer=GeneTransfer.EX_VIVO,
            vehicle=GeneVehicle.VIRAL_VECTOR,
            vehicle_detail="Lentivirus",
            gene="FIX1",
            genetically_modified=True,
            modified_cells="CD34+ cells",
        ),
    ),
    advanced_therapy_classification="Gene therapy, EMA/CAT/9931/2019",
    gmo_authorised=False,
    gmo_pending=True,
    devices=(
        Device(
            name="Examplebag",
            description="Bag with a filter",
            contains=(
                Coded(term="MEDICAL_DEVICE", text="is_medical_device"),
                Coded(term="MATRIX", text="has_matrices"),
                Coded(term="OTHER", text="has_other_device"),
            ),
            other_content="A spare filter",
            ce_marked=True,
            notified_body="Example Notified Body 9999",
        ),
    ),
)

TISSUE = Intervention(
    name="Cartilage sheet",
    type=InterventionType.BIOLOGICAL,
    trade_name="Knorpelin",
    codes=(Code(system="EV", value="PRD9990311"), Code(system="MA", value="PEI.H.99999.01.1")),
    modified=True,
    modification="Other container",
    authorised_here=True,
    authorisation_country="DE",
    authorised=True,
    holder="Example Tissue GmbH",
    advanced_therapy=True,
    advanced_therapies=(
        AdvancedTherapy(
            type=TherapyType.SOMATIC_CELL,
            cell_origin=CellOrigin.XENOGENEIC,
            cell_type=CellType.DIFFERENTIATED,
            cell_detail="chondrocytes",
            species="pig",
        ),
        AdvancedTherapy(
            type=TherapyType.TISSUE_ENGINEERED,
            cell_origin=CellOrigin.AUTOLOGOUS,
            cell_type=CellType.OTHER,
            cell_detail="a mixture of cells",
        ),
    ),
)

PEOPLE = Eligibility(
    sex=Sex.ALL,
    age_groups=frozenset({AgeGroup.UNDER_18, AgeGroup.ADULT}),
    age_subgroups=frozenset({AgeGroup.CHILD_2_5, AgeGroup.CHILD_6_11, AgeGroup.ADOLESCENT}),
    populations=frozenset({PopulationGroup.PATIENTS}),
    vulnerable=True,
    vulnerable_groups=(
        Coded(term="WOMEN_USING_CONTRACEPTION", text="has_women_child_bear_potent"),
        Coded(term="INCAPABLE_OF_CONSENT", text="has_incapable_consent"),
        Coded(term="OTHER", text="has_other_patient"),
    ),
    incapable_of_consent="Parents consent for children",
    other_vulnerable_group="Soldaten",
    other_vulnerable_group_translations=(Translation(text="Soldaten", language="de"),),
)

NUMBERS = Enrolment(
    planned=42,
    planned_eea=28,
    by_age=(
        AgeGroupCount(group=AgeGroup.UNDER_18, planned=12),
        AgeGroupCount(group=AgeGroup.IN_UTERO, planned=0),
        AgeGroupCount(group=AgeGroup.CHILD, planned=7),
        AgeGroupCount(group=AgeGroup.ADOLESCENT, planned=5),
        AgeGroupCount(group=AgeGroup.ADULT, planned=30),
    ),
)

FORM = Trial(
    id="2019-099310-92",
    registry="EUCTR",
    identifiers=(Identifier(scheme="EudraCT", value="2019-099310-92", check=True),),
    countries=(Country(code="DE", authority="DE-BfArM", planned=14),),
    interventions=(GENE, TISSUE),
    eligibility=PEOPLE,
    enrolment=NUMBERS,
    aftercare="Visits go on for 15 years",
    aftercare_translations=(Translation(text="Besuche gehen 15 Jahre weiter", language="de"),),
    missing=(
        Missing(field="interventions[0].paediatric", kind=MissingKind.NOT_APPLICABLE),
        Missing(field="eligibility.age_groups", kind=MissingKind.NOT_APPLICABLE),
    ),
)


class TestFixture:
    """The form says what its XML says."""

    @pytest.fixture
    def parsed(self, fixtures: Path) -> Parsed:
        return parse(fixtures / "euctr" / "cta.xml")

    def test_products(self, parsed: Parsed) -> None:
        assert GENE == parsed.trial.interventions[0]
        assert TISSUE == parsed.trial.interventions[1]

    def test_participants(self, parsed: Parsed) -> None:
        assert PEOPLE == parsed.trial.eligibility
        assert NUMBERS == parsed.trial.enrolment

    def test_all(self, parsed: Parsed) -> None:
        assert FORM == stated(parsed.trial)

    def test_a_basis_that_does_not_apply(self, parsed: Parsed) -> None:
        """-1 says of every question that it does not apply; that is no word for a dose."""
        source = parsed.raw.replace(b"<max_dose_perday_total_imp>0<", b"<max_dose_perday_total_imp>-1<")
        trial = parse(source).trial

        assert trial.interventions[0].maximum_dose.basis is None
        assert Missing(field="interventions[0].maximum_dose.basis", kind=MissingKind.NOT_APPLICABLE) in trial.missing

    @pytest.mark.parametrize("answer", ["0", "-1", ""])
    def test_a_tablet_is_no_gene_therapy(self, answer: str) -> None:
        """A form may hold the questions of D.4 to D.7 for every product; answered with no, they say nothing."""
        parts = {
            "gene_therapy": (
                *("gene_ther_in_vivo", "gene_ther_ex_vivo"),
                *("gene_ther_nucleic_acid", "gene_ther_genetically_modified"),
            ),
            "somatic_cell": [
                f"somatic_cell_{kind}"
                for kind in ("autologous", "allogeneic", "xenogeneic", "stem", "differenciated", "others")
            ],
            "cell_origin": [f"tissue_eng_origin_{kind}" for kind in ("autologous", "allogeneic", "xenogeneic")],
            "imp_device": (
                *("device_implantable", "has_device_ce_mark"),
                *("is_medical_device", "has_biomedical_material", "has_scaffolds", "has_matrices", "has_other_device"),
            ),
        }
        blocks = "".join(
            f"<{part}>{''.join(f'<{name}>{answer}</{name}>' for name in names)}</{part}>"
            for part, names in parts.items()
        )
        product = f"<medicinal_product><name>Tablet</name>{blocks}</medicinal_product>"
        (made,) = parse(
            f'<f xmlns="{CTA}"><medicinal_product_information>{product}</medicinal_product_information></f>'.encode()
        ).trial.interventions

        assert ("Tablet", (), ()) == (made.name, made.advanced_therapies, made.devices)

    def test_numbers_of_people_are_not_negative(self, parsed: Parsed) -> None:
        outcome = parse(parsed.raw.replace(b"<in_whole_trial>42<", b"<in_whole_trial>-1<"))

        assert outcome.trial.enrolment.planned is None
        assert (Problem.BAD_VALUE, "enrolment.planned", "-1") in [
            (told.problem, told.field, told.text) for told in outcome.diagnostics
        ]

    def test_diagnostics(self, parsed: Parsed) -> None:
        assert [(Problem.UNKNOWN_TERM, "interventions[0].used_before_in", "100000000999")] == [
            (told.problem, told.field and told.field.removesuffix("[1]"), told.text) for told in parsed.diagnostics
        ]

    def test_every_leaf_is_accounted_for(self, parsed: Parsed) -> None:
        root = etree.fromstring(parsed.raw)
        own = sum(not len(element) or bool(element.keys()) for element in root.iter())
        both = sum(bool(element.text and element.text.strip() and element.keys()) for element in root.iter())

        assert {} == parsed.audit().unmapped
        assert own + both == parsed.audit().leaves


class TestRecognition:
    """The namespace makes a form; that of results is another one."""

    def test_any_root(self) -> None:
        for name in ("form", "clinical_trial", "x"):
            source = f'<p:{name} xmlns:p="{CTA}"><p:population_information/></p:{name}>'.encode()
            assert "euctr-cta-xml" == sniff(source).name

    @pytest.mark.parametrize("namespace", ["http://eudract.ema.europa.eu/schema/clinical_trial", CTA + "_result", ""])
    def test_other_namespaces(self, namespace: str) -> None:
        with pytest.raises(UnrecognisedFormat):
            list(read(f'<form xmlns="{namespace}"><population_information/></form>'.encode()))

    def test_a_root_with_nothing_known_in_it(self) -> None:
        with pytest.raises(UnrecognisedFormat):
            list(read(form("<something/>")))


class TestAnswers:
    """1, 0 and -1 are the answers to a box, and there is no other."""

    @pytest.mark.parametrize(("answer", "said"), [("1", True), ("0", False), ("-1", None), ("", None), (" 1\n", True)])
    def test_answers(self, answer: str, said: bool | None) -> None:
        assert said is product(f"<name>A</name><has_ma>{answer}</has_ma>").trial.interventions[0].authorised

    @pytest.mark.parametrize("answer", ["yes", "2", "true"])
    def test_others_are_told(self, answer: str) -> None:
        parsed = product(f"<name>A</name><has_ma>{answer}</has_ma><is_gmo_mp>{answer}</is_gmo_mp>")

        assert parsed.trial.interventions[0].authorised is None
        assert () == parsed.trial.interventions[0].characteristics
        assert [Problem.UNKNOWN_CODE] * 2 == [told.problem for told in parsed.diagnostics]

    @pytest.mark.parametrize(
        ("female", "male", "sex"),
        [("1", "1", Sex.ALL), ("1", "0", Sex.FEMALE), ("0", "1", Sex.MALE), ("0", "0", None), ("", "", None)],
    )
    def test_sex(self, female: str, male: str, sex: Sex | None) -> None:
        said = people(f"<is_gender_male>{male}</is_gender_male><is_gender_female>{female}</is_gender_female>")

        assert sex is said.trial.eligibility.sex
        assert () == said.diagnostics

    @pytest.mark.parametrize(("female", "male"), [("1", ""), ("", "0"), ("1", "2"), ("-1", "1")])
    def test_half_an_answer_on_sex_is_told(self, female: str, male: str) -> None:
        said = people(f"<is_gender_male>{male}</is_gender_male><is_gender_female>{female}</is_gender_female>")

        assert said.trial.eligibility.sex is None
        assert {Problem.UNKNOWN_CODE if male == "2" else Problem.BAD_VALUE} == {
            told.problem for told in said.diagnostics
        }


class TestIds:
    """What is answered by an id: nothing chosen is nothing, and what no row knows is told."""

    def test_nothing_chosen(self) -> None:
        parsed = product(
            "<name>A</name><imp_category><eutct_id>999999000000</eutct_id><eutct_version>0</eutct_version></imp_category>"
            "<pharmaceutical_form><eutct_id>999999000000</eutct_id><eutct_version>0</eutct_version></pharmaceutical_form>"
        )

        assert (Intervention(name="A"),) == parsed.trial.interventions
        assert () == parsed.diagnostics

    def test_a_role(self) -> None:
        """No id of this list is known."""
        parsed = product(
            "<imp_category><eutct_id>100000000001</eutct_id><eutct_version>1</eutct_version></imp_category>"
        )

        assert [(Problem.UNKNOWN_CODE, "100000000001")] == [(told.problem, told.text) for told in parsed.diagnostics]

    def test_a_product_of_which_only_boxes_are_answered(self) -> None:
        parsed = product(
            "<is_somatic_therapy_mp>1</is_somatic_therapy_mp><somatic_cell><somatic_cell_stem>0</somatic_cell_stem></somatic_cell>"
        )

        assert (AdvancedTherapy(type=TherapyType.SOMATIC_CELL),) == parsed.trial.interventions[0].advanced_therapies


@pytest.mark.corpus
def test_the_field_table_is_known_whole() -> None:
    """Every element and attribute of the field table stands in a row of the mapping, in the type that has it."""
    table = CORPUS.parent / "formats" / "euctr" / "FIELDS_cta_xml.tsv"
    paths = {
        ".".join(step.key for step in path)
        for row in rows_of(sniff(form("<population_information/>")))
        for path in row.paths
    }
    with table.open(encoding="utf-8", newline="") as file:
        fields = [
            (row["complex_type"].split("<")[1].rstrip(">"), row["element_or_attribute"], row["kind"])
            for row in csv.DictReader(file, delimiter="\t")
        ]

    assert len(fields) > 170
    unknown = set()
    for kind, name, sort in fields:
        last = {"Element": name, "Attribute": f"@{name}", "text": "#text"}[sort]
        named = {part for path in paths for part in path.split(".")}
        holder = {"ActiveSubstance": "active_substance"}.get(kind, kind)
        inside = any(f".{holder}.{last}" in f".{path}" or f".{holder}.**.{last}" in f".{path}" for path in paths)
        anywhere = holder in ("eutct_domain", "internationalized_texts_type") or "Definition-Study" in kind
        if not (inside or (anywhere and last in named)):
            unknown.add((kind, last))
    assert set() == unknown

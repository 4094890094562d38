"""CTR-XML: what the fixtures must give, typed by hand from the XML, and that the table knows its field table whole."""

import csv
import re
from pathlib import Path

import attrs
import pytest
from lxml import etree

from tests.conftest import CORPUS, fixture_files
from tests.counting import readable, some, stated
from trialparse.diagnostics import LimitExceeded, Problem, UnrecognisedFormat
from trialparse.limits import Limits
from trialparse.mapping.folder import rows_of
from trialparse.model import (
    AgeGroupCount,
    Arm,
    Condition,
    Contact,
    Country,
    Criterion,
    Dates,
    Design,
    Document,
    Eligibility,
    Endpoint,
    Enrolment,
    Missing,
    Objective,
    Organisation,
    Parameter,
    Period,
    Site,
    Status,
    Trial,
)
from trialparse.model.interventions import Intervention
from trialparse.model.terms import (
    AgeGroup,
    Allocation,
    Assignment,
    ContactKind,
    CriterionKind,
    EndpointKind,
    InterventionType,
    MaskedRole,
    Masking,
    MissingKind,
    ObjectiveKind,
    Phase,
    PhaseDetail,
    Recruitment,
    Sex,
    SponsorRole,
    StudyType,
    TherapyType,
    TimeUnit,
)
from trialparse.model.values import Coded, Duration, Identifier, PartialDate, Translation
from trialparse.parsing.calls import parse, read, sniff
from trialparse.parsing.parsed import Parsed
from trialparse.registries.ctr_xml import CTR_XML

CTR = "http://www.cdisc.org/ns/ctr/v1.0"
ODM = "http://www.cdisc.org/ns/odm/v1.3"


def day(text: str, *, estimated: bool | None = None) -> PartialDate:
    """Return the date written as ISO 8601."""
    return PartialDate(
        **dict(zip(("year", "month", "day"), map(int, text.split("-")), strict=False)), estimated=estimated
    )


def years(number: int) -> Duration:
    """Return a number of years."""
    return Duration(value=number, unit=TimeUnit.YEAR)


def parameter(name: str, label: str, value: str) -> Parameter:
    """Return a parameter of the summary."""
    return Parameter(name=name, label=label, value=value)


def records(file: Path) -> list[Parsed]:
    """Return the records of a file; all are readable."""
    return [outcome for outcome in read(file) if isinstance(outcome, Parsed)]


def study(inner: str = "", *, root: str = "", after: str = "") -> bytes:
    """Return a document with one study."""
    return (
        f'<ODM xmlns="{ODM}" xmlns:ctr="{CTR}" xmlns:sdm="http://www.cdisc.org/ns/studydesign/v1.0" {root}>'
        f'<Study OID="S">{inner}</Study>{after}</ODM>'
    ).encode()


def summary(*parameters: tuple[str, str]) -> bytes:
    """Return a document with these parameters."""
    rows = "".join(
        f'<sdm:Parameter OID="P" ShortName="{name}"><sdm:Value>{value}</sdm:Value></sdm:Parameter>'
        for name, value in parameters
    )
    return study(f"<MetaDataVersion><Protocol><sdm:Summary>{rows}</sdm:Summary></Protocol></MetaDataVersion>")


VERA = Contact(
    name="Vera Sample-Probst",
    first_name="Vera",
    last_name="Sample-Probst",
    qualifications=("Pharmacist",),
    organisation="Example Eye Medicines AG",
    address="1 Sample Road, 00301, Exampletown",
    country="DE",
    email="vera.sample@example.org",
    phone="+99 000 301 0001",
    fax="+99 000 301 0002",
)

LUMEN = Trial(
    id="NCT99990301",
    identifiers=(
        Identifier(scheme="UTN", value="U1111-9999-0301"),
        Identifier(scheme="NCT", value="NCT99990301"),
        Identifier(value="EES 44/2025", issuer="Example Eye Society"),
        Identifier(scheme="protocol", value="LUM-301"),
        Identifier(value="GRANT Q/17"),
    ),
    public_title="Eye drops for dry eyes",
    public_title_translations=(Translation(text="Des gouttes pour les yeux secs", language="fr"),),
    scientific_title="Lumenestat against placebo in adults with dry eyes",
    scientific_title_translations=(
        Translation(text="Lumenestat gegen Placebo bei Erwachsenen mit trockenen Augen", language="de"),
    ),
    brief_summary="Two groups of adults use eye drops for half a year.",
    detailed_description="Participants use the drops twice a day.",
    objectives=(
        Objective(kind=ObjectiveKind.MAIN, text="To show that the drops relieve dry eyes"),
        Objective(kind=ObjectiveKind.SECONDARY, text="To describe how the drops are tolerated"),
    ),
    study_type=StudyType.INTERVENTIONAL,
    design=Design(
        allocation=frozenset({Allocation.RANDOMISED}),
        assignment=frozenset({Assignment.PARALLEL}),
        masking=frozenset({Masking.DOUBLE}),
        masked_roles=frozenset({MaskedRole.PARTICIPANT, MaskedRole.ASSESSOR}),
        comparators=(Coded(term="PLACEBO", text="PLACEBO"),),
        arms=2,
        scopes=(Coded(term="EFFICACY", text="EFFICACY"), Coded(term="SAFETY", text="SAFETY")),
        periods=(
            Period(title="Screening", number="1", masking=Masking.OPEN),
            Period(title="Treatment", number="2", description="Drops twice a day", masking=Masking.DOUBLE),
        ),
        parameters=(
            Parameter(
                name="TPHASE",
                label="Trial Phase Classification",
                value="PHASE III TRIAL",
                display="Phase III",
                scope="all countries",
            ),
            parameter("RANDOM", "Trial is Randomized", "Y"),
            parameter("INTMODEL", "Intervention Model", "PARALLEL"),
            parameter("TBLIND", "Trial Blinding Schema", "DOUBLE BLIND"),
            parameter("TCNTRL", "Control Type", "PLACEBO"),
            parameter("TTYPE", "Trial Type", "EFFICACY"),
            parameter("TTYPE", "Trial Type", "SAFETY"),
            parameter("NARMS", "Planned Number of Arms", "2"),
            parameter("LENGTH", "Trial Length", "P1Y6M"),
            parameter("PLANSUB", "Planned Number of Subjects", "240"),
            parameter("ACTSUB", "Actual Number of Subjects", "233"),
            parameter("AGEMIN", "Planned Minimum Age of Subjects", "P18Y"),
            parameter("AGEMAX", "Planned Maximum Age of Subjects", "P75Y"),
            parameter("SEXPOP", "Sex of Participants", "BOTH"),
            parameter("HLTSUBJI", "Healthy Subject Indicator", "N"),
            parameter("INDIC", "Trial Disease/Condition Indication", "Dry eye disease"),
            parameter("OBJPRIM", "Trial Primary Objective", "To show that the drops relieve dry eyes"),
            parameter("OBJSEC", "Trial Secondary Objective", "To describe how the drops are tolerated"),
            parameter("ADDON", "Added on to Existing Treatments", "N"),
        ),
        duration=(Duration(value=18, unit=TimeUnit.MONTH),),
    ),
    phases=frozenset({Phase.III}),
    status=Status(recruitment=Recruitment.RECRUITING, text="Recruiting"),
    countries=(
        Country(
            code="DE",
            name="DE",
            status=Status(recruitment=Recruitment.RECRUITING, text="Recruiting"),
            recruitment_start=day("2026-01-12"),
            recruitment_end=day("2026-12-31"),
            recruitment_duration=(Duration(value=12, unit=TimeUnit.MONTH),),
        ),
        Country(code="FR", name="FRA", status=Status(text="Waiting for the contract")),
    ),
    conditions=(Condition(text="Dry eye disease"),),
    interventions=(
        Intervention(
            name="Lumenestat 0.5% eye drops",
            type=InterventionType.DRUG,
            synonyms=("LUM-5", "lumenestat sodium"),
            description="One drop in each eye",
        ),
        Intervention(name="Drops without active substance", type=InterventionType.OTHER),
    ),
    arms=(
        Arm(
            title="Lumenestat",
            description="Lumenestat drops",
            type=Coded(term="EXPERIMENTAL", text="Experimental"),
            interventions=("Lumenestat 0.5% eye drops",),
        ),
        Arm(
            title="Placebo",
            type=Coded(term="PLACEBO_COMPARATOR", text="Placebo Comparator"),
            interventions=("Drops without active substance",),
        ),
        Arm(title="Watching", type=Coded(term="NO_INTERVENTION", text="No intervention")),
    ),
    endpoints=(
        Endpoint(
            kind=EndpointKind.PRIMARY,
            title="Schirmer test",
            text="Change of the length that tears wet",
            translations=(Translation(text="Änderung der Strecke, die Tränen benetzen", language="de"),),
            time_frame="Week 26",
            time_frame_translations=(Translation(text="Woche 26", language="de"),),
            time_frame_expressions=("WEEK EQ 26",),
            safety=False,
        ),
        Endpoint(
            kind=EndpointKind.SECONDARY,
            title="Adverse events of the eye",
            text="Adverse events of the eye",
            safety=True,
        ),
    ),
    eligibility=Eligibility(
        sex=Sex.ALL,
        minimum_age=years(18),
        maximum_age=years(75),
        criteria=(
            Criterion(
                kind=CriterionKind.INCLUSION,
                text="18 to 75 years old",
                translations=(Translation(text="Entre 18 et 75 ans", language="fr"),),
                expressions=("AGE GE 18 AND AGE LE 75",),
            ),
            Criterion(kind=CriterionKind.INCLUSION, text="Dry eyes for half a year"),
            Criterion(kind=CriterionKind.EXCLUSION, text="Surgery of an eye in the last year"),
        ),
    ),
    enrolment=Enrolment(planned=240, actual=233, recruitment_duration=(years(1),)),
    dates=Dates(
        registered=day("2025-11-20"),
        start=day("2026-01-12", estimated=False),
        estimated_start=day("2025-12", estimated=True),
        recruitment_start=day("2026-01-12"),
        estimated_end=day("2027-06-30", estimated=True),
        estimated_primary_completion=day("2027-03", estimated=True),
        exported=day("2026-03-04"),
    ),
    sponsors=(
        Organisation(
            name="Example Eye Medicines AG",
            role=SponsorRole.PRIMARY,
            roles=("Sponsor",),
            address="1 Sample Road, Sample County",
            city="Exampletown",
            postcode="00301",
            country="DE",
            contacts=(Contact(email="trials@example.org", fax="+99 000 301 0009"),),
        ),
        Organisation(name="University of Exampletown", role=SponsorRole.CO_SPONSOR),
        Organisation(
            name="Sample Laboratory Ltd",
            role=SponsorRole.THIRD_PARTY,
            duties=(Coded(term="LABORATORY_ANALYSIS", text="Laboratory analysis"),),
        ),
        Organisation(
            name="Sample Laboratory Ltd",
            role=SponsorRole.THIRD_PARTY,
            duties=(
                Coded(term="DATA_MANAGEMENT", text="Data management"),
                Coded(term="STATISTICAL_ANALYSIS", text="Statistical analysis"),
            ),
        ),
        Organisation(name="University of Exampletown", role=SponsorRole.NETWORK, roles=("Finds clinics",)),
    ),
    responsible_party=Coded(term="SPONSOR", text="Sponsor"),
    oversight=(
        Organisation(
            name="Ethics Committee of Exampletown",
            decision=Coded(term="APPROVED", text="Submitted, approved"),
        ),
        Organisation(name="Federal Example Institute", country="DE"),
    ),
    fda_regulated=True,
    investigational_new_drug=False,
    sites=(Site(name="Eye Clinic of Exampletown", type=Coded(term="SITE", text="Site")),),
    contacts=(
        attrs.evolve(VERA, kind=ContactKind.PUBLIC, roles=("Public Contact", "Trial manager")),
        attrs.evolve(VERA, kind=ContactKind.SCIENTIFIC, roles=("Scientific Contact", "Trial manager")),
        Contact(roles=("Chair",), name="Ines Probeau"),
        Contact(roles=("Samples",), name="Ines Probeau"),
        Contact(kind=ContactKind.INVESTIGATOR, roles=("Secondary",), name="Otto Muster-Beispiel"),
        Contact(kind=ContactKind.INVESTIGATOR, name="Ann Specimen-Doe"),
    ),
    documents=(
        Document(type=Coded(term="PROTOCOL"), version="3.0", date=day("2025-10-01"), changed=day("2026-01-15")),
    ),
    data_monitoring_committee=True,
)

WRISTS = Trial(
    id="PRB-A",
    identifiers=(Identifier(scheme="protocol", value="PRB-A"),),
    scientific_title="Probefen after a fracture of the wrist",
    scientific_title_translations=(Translation(text="Probefen efter et brud på håndleddet", language="da"),),
    brief_summary="Planned for the winter.",
    study_type=StudyType.INTERVENTIONAL,
    design=Design(
        parameters=(
            parameter("PLANSUB", "Planned Number of Subjects", "0"),
            parameter("TPHASE", "Trial Phase Classification", "PHASE I/II TRIAL"),
        )
    ),
    phases=frozenset({Phase.I, Phase.II}),
    countries=(
        Country(
            code="DE",
            name="GER",
            status=Status(recruitment=Recruitment.PENDING, text="Pending"),
            recruitment_start=day("2018-12"),
        ),
        Country(code="DK", name="DNK"),
    ),
    interventions=(Intervention(name="Probefen"),),
    dates=Dates(estimated_start=day("2018-12", estimated=True), exported=day("2026-02-11")),
    sponsors=(Organisation(name="Eksempel Pharma A/S", role=SponsorRole.PRIMARY),),
    contacts=(
        Contact(kind=ContactKind.PUBLIC, roles=("Public Contact",), name="Kaj Prøvesen-Test", email="kaj@example.org"),
        Contact(kind=ContactKind.SCIENTIFIC, roles=("Scientific Contact",)),
    ),
    missing=(
        Missing(field="interventions[0].type", kind=MissingKind.UNREADABLE),
        Missing(field="enrolment.planned", kind=MissingKind.UNREADABLE),
    ),
)

TEN_YEARS = Trial(
    id="PRB-B",
    identifiers=(Identifier(scheme="protocol", value="PRB-B"),),
    public_title="Håndled efter ti år",
    public_title_translations=(Translation(text="Håndled efter ti år", language="da"),),
    scientific_title="Wrists after ten years",
    study_type=StudyType.OBSERVATIONAL,
    dates=Dates(exported=day("2026-02-11")),
    sponsors=(Organisation(name="Eksempel Pharma A/S", role=SponsorRole.PRIMARY),),
    contacts=(Contact(name="Kaj Prøvesen-Test", email="kaj@example.org"),),
)


class TestFixtures:
    """The records say what their XML says."""

    def test_a_study(self, fixtures: Path) -> None:
        parsed = parse(fixtures / "ctr_xml" / "study.xml")

        assert LUMEN == stated(parsed.trial)
        assert [  # the short name of a criterion, and that of the condition to which it refers
            (Problem.CONFLICT, "eligibility.criteria[0].text", "Age"),
        ] == [(told.problem, told.field, told.text) for told in parsed.diagnostics]

    def test_two_studies(self, fixtures: Path) -> None:
        first, second = records(fixtures / "ctr_xml" / "two_studies.xml")

        assert WRISTS == stated(first.trial)
        assert TEN_YEARS == stated(second.trial)
        assert [
            (Problem.UNKNOWN_CODE, "interventions[0].type", "Generic"),
            (Problem.UNMATCHED, "contacts", "USR.9"),
            (Problem.PLACEHOLDER, "enrolment.planned", "0"),
        ] == [(told.problem, told.field, told.text) for told in first.diagnostics]
        assert () == second.diagnostics

    def test_every_leaf_is_counted(self) -> None:
        for file in some(fixture_files("ctr_xml"), 2):
            for parsed in readable(file):
                assert leaves(etree.fromstring(parsed.raw)) == parsed.audit().leaves


def leaves(root: etree._Element) -> int:
    """Count attributes, texts, and elements that hold nothing."""
    count = 0
    for element in root.iter():
        texts = "".join([element.text or "", *(child.tail or "" for child in element)]).strip()
        count += len(element.keys()) + bool(texts) + (not len(element) and not element.keys() and not texts)
    return count


def words_of(found: etree._Element | str) -> str:
    """Return what an XPath found as text."""
    return found if isinstance(found, str) else "".join(found.itertext())


class TestPlaces:
    """Evidence leads to the words in the document as it was given, also where it holds several studies."""

    @pytest.mark.parametrize("name", ["study.xml", "two_studies.xml"])
    def test_paths(self, fixtures: Path, name: str) -> None:
        file = fixtures / "ctr_xml" / name
        root = etree.parse(file).getroot()
        seen = 0
        for parsed in readable(file):
            for evidence in parsed.evidence().values():
                for source in evidence.sources:
                    found = root.xpath(re.sub(r"/(@?)(\w+)(?=[/\[]|$)", r"/\1*[local-name()='\2']", source.place.path))
                    words = " ".join("".join(map(words_of, found)).split())
                    assert found, source.place.path
                    assert " ".join(source.text.split()) in words
                    assert len(found) == 1 or source.place.path.endswith("/text()")
                    seen += 1
        assert seen > 30


class TestRecognition:
    """The root and the extension make it CTR-XML; a study definition without the extension is none."""

    def test_with_and_without_the_default_namespace(self) -> None:
        for file in some(fixture_files("ctr_xml"), 2):
            assert CTR_XML is sniff(file)

    @pytest.mark.parametrize(
        "source",
        [
            b"<ODM><Study OID='S'/></ODM>",
            f"<ODM xmlns='{ODM}'><Study OID='S'/></ODM>".encode(),
            f"<ODM xmlns='http://www.cdisc.org/ns/odm/v2.0' xmlns:ctr='{CTR}'><Study OID='S'/></ODM>".encode(),
            f"<o:ODM xmlns:ctr='{CTR}' xmlns:o='urn:x'><Study OID='S'/></o:ODM>".encode(),
            f"<ODM xmlns:ctr='{CTR}'><ClinicalData/></ODM>".encode(),
        ],
    )
    def test_what_is_none(self, source: bytes) -> None:
        with pytest.raises(UnrecognisedFormat):
            parse(source)

    @pytest.mark.parametrize("prefix", ["ctr:", ""])
    def test_a_namespace_that_is_declared_where_it_is_used(self, prefix: str) -> None:
        declared = f"xmlns:ctr='{CTR}'" if prefix else f"xmlns='{CTR}'"
        titles = f"<{prefix}Registrations {declared}><{prefix}Registration Type='Primary'/></{prefix}Registrations>"
        source = f"<ODM xmlns='{ODM}'><Study OID='S'><GlobalVariables>{titles}</GlobalVariables></Study></ODM>"

        assert "S" == parse(source.encode()).trial.id

    def test_a_namespace_in_a_text_declares_nothing(self) -> None:
        with pytest.raises(UnrecognisedFormat):
            parse(f"<ODM xmlns='{ODM}'><Study OID='S'><Note>{CTR}</Note></Study></ODM>".encode())

    def test_a_prefix(self) -> None:
        source = f'<o:ODM xmlns:o="{ODM}" xmlns:ctr = \'{CTR}\'><o:Study OID="S"/></o:ODM>'.encode()

        assert "S" == parse(source).trial.id


class TestSeveralStudies:
    """Each study is a record with all that stands around it and is not another study's."""

    @staticmethod
    def document(count: int, after: str) -> bytes:
        studies = "".join(f'<Study OID="S{number}"/>' for number in range(count))
        return f'<ODM xmlns:ctr="{CTR}">{studies}{after}</ODM>'.encode()

    def test_administrative_data_of_one_of_them(self) -> None:
        def admin(owner: str, name: str) -> str:
            return f'<AdminData StudyOID="{owner}"><Location Name="{name}"/></AdminData>'

        source = self.document(
            2, admin("S1", "Second") + admin("S0", "First") + '<AdminData><Location Name="Both"/></AdminData>'
        )
        first, second = read(source)

        assert isinstance(first, Parsed)
        assert isinstance(second, Parsed)
        assert ["First", "Both"] == [site.name for site in first.trial.sites]
        assert ["Second", "Both"] == [site.name for site in second.trial.sites]
        (place,) = [source.place.path for source in first.evidence("sites[0].name").sources]
        assert "/ODM[1]/AdminData[2]/Location/@Name" == place

    def test_the_cost_is_bounded(self) -> None:
        source = self.document(200, "<AdminData>" + "<Location/>" * 200 + "</AdminData>")

        with pytest.raises(LimitExceeded):
            list(read(source, limits=Limits(nodes=20_000)))
        assert 200 == len(list(read(source, limits=Limits(nodes=60_000))))

    def test_records_last(self) -> None:
        outcomes = list(read(self.document(3, "")))

        assert ["S0", "S1", "S2"] == [outcome.trial.id for outcome in outcomes]
        assert [b'OID="S2"' in outcome.raw for outcome in outcomes if isinstance(outcome, Parsed)] == [
            False,
            False,
            True,
        ]


class TestReferences:
    """What a key leads to stands beside the element that has the key."""

    def test_one_organisation_in_two_parts(self) -> None:
        ref = '<ctr:SubContractor><ctr:OrganizationRef OrganizationOID="O"/></ctr:SubContractor>'
        parsed = parse(
            study(
                after=f'<AdminData><ctr:Organization OID="O" Name="Sample Ltd"/>'
                f"<ctr:SubContractors>{ref}{ref}</ctr:SubContractors></AdminData>"
            )
        )

        assert ["Sample Ltd", "Sample Ltd"] == [sponsor.name for sponsor in parsed.trial.sponsors]

    def test_an_organisation_that_plays_no_part(self) -> None:
        parsed = parse(study(after='<AdminData><ctr:Organization OID="O" Name="Sample Ltd"/></AdminData>'))

        assert () == parsed.trial.sponsors
        assert [(Problem.UNMATCHED, "sponsors", "O")] == [(d.problem, d.field, d.text) for d in parsed.diagnostics]

    def test_an_intervention_that_no_arm_has(self) -> None:
        parsed = parse(
            study(
                '<MetaDataVersion><ctr:Interventions><ctr:Intervention OID="I" Name="Drops"/></ctr:Interventions>'
                "</MetaDataVersion>"
            )
        )

        assert ["Drops"] == [intervention.name for intervention in parsed.trial.interventions]
        assert () == parsed.diagnostics


class TestParameters:
    """Parameters of the summary are known by their short name and kept whole."""

    @pytest.mark.parametrize(
        ("text", "age"),
        [
            ("P18Y", years(18)),
            ("P6M", Duration(value=6, unit=TimeUnit.MONTH)),
            ("P1Y6M", Duration(value=18, unit=TimeUnit.MONTH)),
            ("50 years", years(50)),
            ("1 Year", years(1)),
            ("6months", Duration(value=6, unit=TimeUnit.MONTH)),
            ("26  weeks", Duration(value=26, unit=TimeUnit.WEEK)),
            ("0.5 years", Duration(value=0.5, unit=TimeUnit.YEAR)),
        ],
    )
    def test_ages(self, text: str, age: Duration) -> None:
        assert age == parse(summary(("AGEMIN", text))).trial.eligibility.minimum_age

    @pytest.mark.parametrize(
        "text", ["18", "P", "P1Y3D", "PT30M", "PINF", "years", "18 moons", "18 years 6 months", "-1 years"]
    )
    def test_what_is_no_age_is_told(self, text: str) -> None:
        parsed = parse(summary(("AGEMAX", text)))

        assert parsed.trial.eligibility.maximum_age is None
        assert [(Problem.BAD_VALUE, text)] == [(told.problem, told.text) for told in parsed.diagnostics]

    @pytest.mark.parametrize("text", ["No maximum", "no  limit", "No upper limit"])
    def test_no_limit_is_known(self, text: str) -> None:
        parsed = parse(summary(("AGEMAX", text)))

        assert parsed.trial.eligibility.maximum_age is None
        assert (Missing(field="eligibility.maximum_age", kind=MissingKind.NOT_APPLICABLE),) == parsed.trial.missing
        assert parsed.diagnostics == ()

    @pytest.mark.parametrize(
        ("text", "phases", "detail"),
        [
            ("Phase 2", {Phase.II}, set()),
            ("Phase II", {Phase.II}, set()),
            ("PHASE 2 TRIAL", {Phase.II}, set()),
            ("Therapeutic Exploratory (Phase II)", {Phase.II}, set()),
            ("Therapeutic confirmatory (Phase III)", {Phase.III}, set()),
            ("Phase 2b Trial", {Phase.II}, {PhaseDetail.B}),
            ("Phase 1/2", {Phase.I, Phase.II}, set()),
            ("Phase IIIa", {Phase.III}, {PhaseDetail.A}),
        ],
    )
    def test_phases(self, text: str, phases: set[Phase], detail: set[PhaseDetail]) -> None:
        parsed = parse(summary(("TPHASE", text)))

        assert (phases, detail) == (parsed.trial.phases, parsed.trial.phase_detail)
        assert parsed.diagnostics == ()

    def test_what_has_no_field_is_kept(self) -> None:
        parsed = parse(summary(("STOPRULE", "None"), ("X9", "")))

        assert (Parameter(name="STOPRULE", value="None"), Parameter(name="X9")) == parsed.trial.design.parameters


class TestDataCollection:
    """Case report forms, their schedule and workflow are no part of a registration; what is around them is."""

    def test_what_is_ignored_and_why(self, fixtures: Path) -> None:
        (parsed,) = records(fixtures / "ctr_xml" / "worded.xml")
        audit = parsed.audit(paths=True)
        forms = ("StudyEventDef", "FormDef", "ItemGroupDef", "ItemDef", "CodeList", "MethodDef", "Presentation")
        plan = ("Workflow", "Timing", "SegmentDef", "ActivityDef", "SegmentRef", "StudyEventRef", "BasicDefinitions")
        inside = re.compile(rf"\.({'|'.join(forms + plan)})\b(?!\.@?OID)")
        leaves = {path: count for path, count in audit.paths.items() if inside.search(path)}

        assert all(any(f".{name}." in path or path.endswith(f".{name}") for path in leaves) for name in forms + plan)
        assert audit.ignored["data collection"] > 40
        assert sum(leaves.values()) >= audit.ignored["data collection"]
        assert audit.unmapped == {}

    def test_what_is_beside_it_is_read_or_told(self) -> None:
        inner = "<Protocol><sdm:Structure><sdm:CellDef><sdm:SegmentRef SegmentOID='A'/><sdm:ArmAssociation>"
        inner += "<ctr:BlindedRole>Subject</ctr:BlindedRole></sdm:ArmAssociation><sdm:New>x</sdm:New></sdm:CellDef>"
        inner += "</sdm:Structure></Protocol><FormDef><New>x</New></FormDef><New>x</New>"
        parsed = parse(study(f"<MetaDataVersion>{inner}</MetaDataVersion>"))

        assert {MaskedRole.PARTICIPANT} == parsed.trial.design.masked_roles
        assert {"Study.MetaDataVersion.Protocol.Structure.CellDef.New", "Study.MetaDataVersion.New"} == {
            *parsed.audit().unmapped
        }


@pytest.mark.corpus
def test_the_field_table_is_known_whole() -> None:
    """Every element and attribute of the extension stands in a row; `value` is the text of an element."""
    table = CORPUS.parent / "formats" / "euctr" / "FIELDS_ctrxml.tsv"
    known = {step.key for row in rows_of(CTR_XML) for path in row.paths for step in path}
    beside = [option for row in rows_of(CTR_XML) for option in row.options.values()]
    known |= {key for option in beside for key in option.partition(":")[0].split(".")}
    with table.open(encoding="utf-8", newline="") as file:
        fields = [(row["element_or_attribute"], row["kind"]) for row in csv.DictReader(file, delimiter="\t")]

    assert len(fields) > 120
    names = {name if kind == "Element" else f"@{name}" for name, kind in fields if kind != "text"}
    assert set() == names - known


class TestApplicationForm:
    """A study may hold the parts of EudraCT's application form on products and participants."""

    def test_a_product_and_participants(self) -> None:
        parsed = parse(
            study(
                '<e:medicinal_product_information xmlns:e="http://eudract.emea.europa.eu/schema/clinical_trial">'
                "<e:medicinal_product><e:name>Drops</e:name><e:is_gene_therapy_mp>1</e:is_gene_therapy_mp>"
                "<e:pharmaceutical_form><e:eutct_id>999999000000</e:eutct_id><e:eutct_version>0</e:eutct_version>"
                "</e:pharmaceutical_form></e:medicinal_product></e:medicinal_product_information>"
                '<e:population_information xmlns:e="http://eudract.emea.europa.eu/schema/clinical_trial">'
                "<e:has_preterm_newborn_infants>0</e:has_preterm_newborn_infants><e:has_newborns>0</e:has_newborns>"
                "<e:has_infants_and_toddlers>0</e:has_infants_and_toddlers><e:has_adolescents>0</e:has_adolescents>"
                "<e:has_childen>1</e:has_childen><e:childen_no>6</e:childen_no><e:in_ms_no>9</e:in_ms_no>"
                "</e:population_information>"
            )
        )

        (product,) = parsed.trial.interventions
        assert ("Drops", None, TherapyType.GENE) == (product.name, product.form, product.advanced_therapies[0].type)
        assert frozenset({AgeGroup.CHILD_2_5, AgeGroup.CHILD_6_11}) == parsed.trial.eligibility.age_subgroups
        assert (AgeGroupCount(group=AgeGroup.CHILD, planned=6),) == parsed.trial.enrolment.by_age
        assert (Country(planned=9),) == parsed.trial.countries
        assert parsed.trial.registry is None
        assert () == parsed.diagnostics
        assert {} == parsed.audit().unmapped

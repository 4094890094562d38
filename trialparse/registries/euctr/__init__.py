"""The EU Clinical Trials Register (EudraCT): trials of medicines that began between 2004 and 2023.

Each country has a record of its own, which the register gives as text and HTML; a summary of many trials is text.
Results are one XML document a trial, by the schema that EudraCT had since 2014 (version 1.1). Sponsors upload its part
on adverse events as a document of its own. The register gives results as a zip, in which PDFs may lie beside them.
Sponsors keep the application form of EudraCT (CTA) as XML. The register does not publish it; no real file was at hand,
and its table is written from the fields of the schema.

Researchers hold the register as JSON that the R package ctrdata makes of its text: one object for each record of a
country, with the results of the trial beside it where there are some. Its keys are the codes and labels of the form, so
it is read by the form, and by the two tables of the register's own text and results. Of the answers ctrdata keeps the
letters A to Z, digits, blanks and `+ , - . / : @`: accents, brackets, `<`, `>` and `^` are lost, and lines are joined.
Words of code lists are recognised without them; texts are as ctrdata has them, which may turn `< 18` into `18`.
The results have all their characters. No record with a placebo was at hand; what it says of one is not read.
"""

from string import ascii_letters, digits

from trialparse.mapping.format import EmbeddedFormat, Format
from trialparse.readers.layout import Layout
from trialparse.readers.notations import Html, KeyedJson, Text, Xml
from trialparse.tsv import files_of

_RESULT = "http://eudract.ema.europa.eu/schema/clinical_trial_result"
_LABEL = "Sponsor's Protocol Code Number:"

_FOLDER = files_of(__name__)

_OF_RESULTS = frozenset(
    {
        "amended",
        "arms",
        "countries",
        "data_monitoring_committee",
        "dates",
        "design.background_therapy",
        "design.comparator_evidence",
        "design.follow_up",
        "design.masked_roles",
        "design.protection",
        "enrolment",
        "id",
        "identifiers",
        "objectives",
        "paediatric_earlier",
        "paediatric_holder",
        "paediatric_plan",
        "paediatric_plans",
        "publications",
        "results",
        "scientific_title",
        "sponsors",
        "status",
    }
)
"""The fields of the results, without what the form asks as boxes: allocation and masking are those of periods."""
_KEPT = f"{ascii_letters}{digits} +,-./:@"
"""The characters that ctrdata leaves in the answers of the form: those of 13 records of it."""
_ELEMENTS = frozenset(
    {
        "adverseEvents",
        "baselineCharacteristics",
        "endPoints",
        "subjectAnalysisSets",
        "subjectDisposition",
        "trialChanges",
        "trialInformation",
    }
)
_ATTRIBUTES = frozenset(
    {
        "armId",
        "baselineReportingGroupId",
        "categoryId",
        "completedMilestoneId",
        "eudractNumber",
        "id",
        "otherMilestoneId",
        "postAssignmentPeriodId",
        "reasonJoinedId",
        "reasonNotCompletedId",
        "reportingGroupId",
        "sponsor",
        "startedMilestoneId",
        "subjectAnalysisSetId",
    }
)
"""Elements and attributes of the results, which ctrdata puts beside the form."""

FORMATS = (
    Format(
        name="euctr-protocol-text",
        registry="euctr",
        title="EU Clinical Trials Register, full details of country records (text)",
        notation=Text(
            table=_FOLDER / "form.tsv",
            usual=("Yes", "No", "Information not present in EudraCT"),
            begins=("Summary", "EudraCT Number:", _LABEL),
        ),
    ),
    Format(
        name="euctr-summary-text",
        registry="euctr",
        title="EU Clinical Trials Register, summary of search results (text)",
        table="summary.tsv",
        holds="listing",
        notation=Text(
            table=_FOLDER / "summary_form.tsv",
            begins=("EudraCT Number:", "Sponsor Protocol Number:"),
        ),
        blank=frozenset({""}),
    ),
    Format(
        name="euctr-protocol-html",
        registry="euctr",
        title="EU Clinical Trials Register, page of a country record (HTML)",
        notation=Html(
            table=_FOLDER / "form.tsv",
            layout=Layout(("first", "second", "third"), ("cellGrey", "cellLighterGrey"), ("cellBlue", "cellYellow")),
            hints=(b'class="cellGrey"', b"EudraCT Number:"),
            refusals=(
                (
                    "The Trial requested was not found",
                    "a page on which the EU Clinical Trials Register says that it does not know the trial",
                ),
            ),
        ),
    ),
    Format(
        name="euctr-ctrdata-json",
        registry="euctr",
        title="EU Clinical Trials Register, record of a country with results, as ctrdata keeps it (JSON)",
        table="ctrdata.tsv",
        notation=KeyedJson(
            keys=(frozenset({"a2_eudract_number", "a3_full_title_of_the_trial"}),),
            table=_FOLDER / "form.tsv",
            own=_FOLDER / "ctrdata_form.tsv",
            elements=_ELEMENTS,
            attributes=_ATTRIBUTES,
        ),
        parts=(
            EmbeddedFormat(registry="euctr", table="results.tsv", fields=_OF_RESULTS, holds="results"),
            EmbeddedFormat(registry="euctr", table="mapping.tsv"),
        ),
        kept=_KEPT,
        schema="results_schema.tsv",
    ),
    Format(
        name="euctr-results-xml",
        registry="euctr",
        title="EU CTR, results of a trial (EudraCT results schema 1.1)",
        table="results.tsv",
        holds="results",
        notation=Xml(records=("result",), namespaces=(_RESULT,), unqualified=True),
        closed=True,
        schema="results_schema.tsv",
    ),
    Format(
        name="euctr-adverse-events-xml",
        registry="euctr",
        title="EU CTR, adverse events of a trial (EudraCT adverse events schema 1.1)",
        table="results.tsv",
        upgrade="adverse_events.tsv",
        holds="results",
        notation=Xml(records=("adverseEvents",), namespaces=(f"{_RESULT}/adverse_events",), unqualified=True),
        closed=True,
        schema="adverse_events_schema.tsv",
    ),
    Format(
        name="euctr-cta-xml",
        registry="euctr",
        title="EudraCT, application form for a trial (CTA), parts on products and participants",
        table="cta.tsv",
        notation=Xml(
            records=("*",),
            namespaces=("http://eudract.emea.europa.eu/schema/clinical_trial",),
            children=frozenset({"cta_identification", "medicinal_product_information", "population_information"}),
        ),
        blank=frozenset({"", "999999000000"}),
    ),
)

"""The EU Clinical Trials Register (EudraCT): trials of medicines that began between 2004 and 2023.

Each country has a record of its own, which the register gives as text and HTML; a summary of many trials is text.
Results are one XML document a trial, by the schema that EudraCT had since 2014 (version 1.1). Sponsors upload its part
on adverse events as a document of its own. The register gives results as a zip, in which PDFs may lie beside them.
Sponsors keep the application form of EudraCT (CTA) as XML. The register does not publish it; no real file was at hand,
and its table is written from the fields of the schema.
"""

from importlib.resources import files

from trialparse.mapping.format import Format
from trialparse.readers.html import Layout
from trialparse.readers.notations import Html, Text, Xml

_RESULT = "http://eudract.ema.europa.eu/schema/clinical_trial_result"
_LABEL = "Sponsor's Protocol Code Number:"

_FOLDER = files(__name__)

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

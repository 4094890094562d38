"""The EU Clinical Trials Register (EudraCT): trials of medicines that began between 2004 and 2023.

Results are one XML document a trial, by the schema that EudraCT had since 2014 (version 1.1). Sponsors upload its part
on adverse events as a document of its own. The register gives results as a zip, in which PDFs may lie beside them.
"""

from trialparse.mapping import Format

_RESULT = "http://eudract.ema.europa.eu/schema/clinical_trial_result"

FORMATS = (
    Format(
        name="euctr-results-xml",
        registry="euctr",
        reader="xml",
        title="EU CTR, results of a trial (EudraCT results schema 1.1)",
        table="results.tsv",
        records=("result",),
        namespaces=(_RESULT,),
        unqualified=True,
        closed=True,
    ),
    Format(
        name="euctr-adverse-events-xml",
        registry="euctr",
        reader="xml",
        title="EU CTR, adverse events of a trial (EudraCT adverse events schema 1.1)",
        table="results.tsv",
        upgrade="adverse_events.tsv",
        records=("adverseEvents",),
        namespaces=(f"{_RESULT}/adverse_events",),
        unqualified=True,
        closed=True,
    ),
    Format(
        name="euctr-cta-xml",
        registry="euctr",
        reader="xml",
        title="EudraCT, application form for a trial (CTA), parts on products and participants",
        table="cta.tsv",
        records=("*",),
        namespaces=("http://eudract.emea.europa.eu/schema/clinical_trial",),
        children=frozenset({"cta_identification", "medicinal_product_information", "population_information"}),
        blank=frozenset({"", "999999000000"}),
    ),
)

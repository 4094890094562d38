"""The EU Clinical Trials Register (EudraCT): records of countries as text and HTML, and the summary export."""

from trialparse.mapping import Format

_LABEL = "Sponsor's Protocol Code Number:"

FORMATS = (
    Format(
        name="euctr-protocol-text",
        registry="euctr",
        reader="text",
        title="EU Clinical Trials Register, full details of country records (text)",
        form="form.tsv",
        begins=("Summary", "EudraCT Number:", _LABEL),
    ),
    Format(
        name="euctr-summary-text",
        registry="euctr",
        reader="text",
        title="EU Clinical Trials Register, summary of search results (text)",
        table="summary.tsv",
        form="summary_form.tsv",
        holds="listing",
        begins=("EudraCT Number:", "Sponsor Protocol Number:"),
        blank=frozenset({"", "Information not available in EudraCT"}),
    ),
    Format(
        name="euctr-protocol-html",
        registry="euctr",
        reader="html",
        title="EU Clinical Trials Register, page of a country record (HTML)",
        form="form.tsv",
        hints=(b'class="cellGrey"', b"EudraCT Number:"),
        refusals=(
            (
                "The Trial requested was not found",
                "a page on which the EU Clinical Trials Register says that it does not know the trial",
            ),
        ),
    ),
)

"""What the status means: decision, progress and recruitment, dates, results, and where the record is from."""

from collections.abc import Iterator

from trialparse.model import Trial
from trialparse.pages import wording
from trialparse.pages.page import Block, Gap, Listing, Of, Paragraph, Part, Sentence
from trialparse.pages.sections import course
from trialparse.pages.sections.naming import country_name, register
from trialparse.pages.sentences import Line, answering, dating, explain, gap, missing, quoting, say, stating, tell
from trialparse.pages.tables import phrase

_AXES = (
    Line("status.text", quoting("The status in the register's words is {}"), "which words the status has"),
    Line("status.regulatory", stating("The decision: {}"), "what the authorities have decided", always=True),
    Line("status.trial", stating("The progress: {}"), "how far the trial has come", always=True),
    Line("status.recruitment", stating("Joining: {}"), "whether people can join", always=True),
)
_RESULTS_POSTED = answering(
    "The record says that results are posted", "The record says that no results are posted", "about.results"
)
_LINES = (
    Line("submitted", dating("date of the first application"), "when the application was sent"),
    Line("decision", dating("date of the first decision"), "when the first decision was made"),
    Line("start", dating("start date"), "when the trial starts", always=True),
    Line("recruitment_start", dating("first date for taking in people"), "when people can first join"),
    Line(
        "estimated_recruitment_start",
        dating("first date for taking in people", planned=True),
        "when people are planned to join",
    ),
    Line("end", dating("end date"), "when the trial ended"),
    Line("global_end", dating("end date in all countries"), "when the trial ends in all countries"),
    Line("estimated_end", dating("end date", planned=True), "which end date is planned"),
    Line(
        "estimated_global_end",
        dating("end date in all countries", planned=True),
        "which end date is planned in all countries",
    ),
)
_RESULTS = (
    Line("results.posted", _RESULTS_POSTED, "whether results are posted"),
    Line("dates.results_posted", dating("date of the first results"), "when results were posted"),
    Line("results.summary", quoting("On the results, the record says: {}"), "what the results are"),
)
_DEFERRED = Line(
    "deferred",
    answering("Parts of the record are to be made public only later"),
    "whether parts of it are held back",
)
_RECORD = (
    Line("registered", dating("date of registration"), "when the trial was registered"),
    Line("updated", dating("date of the record's last change"), "when it was last changed"),
    Line("published", dating("date of this version"), "when this version was made public"),
)
_ENDS = ("end", "global_end", "estimated_end", "estimated_global_end")
_VERSIONS = ("updated", "published")


def blocks(trial: Trial) -> Iterator[Block]:
    """Yield the blocks of the section."""
    yield Paragraph((*explain("about.trial status"), *tell(trial, _AXES)))
    yield from _countries(trial)
    yield from course.blocks(trial)
    yield Paragraph((*tell(trial, _LINES, "dates"), *_none_of(trial, _ENDS, "dates.end", "when the trial ends")))
    yield Paragraph((*tell(trial, _RESULTS), *_no_results(trial)))
    if trial.results.postings:
        yield Paragraph((say("The record lists these results", by=Of(("results.postings",), span=True), stop=":"),))
        yield Listing(tuple(_posting(trial, index) for index in range(len(trial.results.postings))))
    record = (*tell(trial, (_DEFERRED,)), *tell(trial, _RECORD, "dates"))
    yield Paragraph((_origin(trial), *record, *_none_of(trial, _VERSIONS, "dates.updated", "when it was last changed")))


def _countries(trial: Trial) -> Iterator[Block]:
    """Yield the countries with their status and dates, where they differ or the trial has none of its own."""
    own = {(country.status, country.start, country.end) for country in trial.countries}
    items = [
        _standing(trial, index)
        for index, country in enumerate(trial.countries)
        if (country.status.regulatory, country.status.trial, country.status.recruitment) != (None, None, None)
    ]
    if items and (len(own) > 1 or trial.status.trial is None):
        by = Of(tuple(f"countries[{index}].status" for index in range(len(trial.countries))), span=True)
        yield Paragraph((say("The record gives this status by country", by=by),))
        yield Listing(tuple(items))


def _standing(trial: Trial, index: int) -> Sentence:
    """Return a country's name, status and dates, as an item of a list."""
    country, path = trial.countries[index], f"countries[{index}]"
    name, field = country_name(trial, index)
    words: list[Part] = []
    fields = [field]
    for axis in ("regulatory", "trial", "recruitment"):
        term = getattr(country.status, axis)
        if term is not None:
            words += [", ", phrase(term).short]
            fields.append(f"{path}.status.{axis}")
    for edge in ("start", "end"):
        date = getattr(country, edge)
        if date is not None:
            words += [", ", f"{'planned ' if date.estimated else ''}{edge} {wording.date(date)}"]
            fields.append(f"{path}.{edge}")
    return say("{}: {}", name, tuple(words[1:]), by=[Of((one,)) for one in fields], stop="")


def _no_results(trial: Trial) -> Iterator[Sentence]:
    """Yield the sentence that the record has no results, unless it says so itself or has some."""
    if trial.results.posted is None and not trial.results.postings:
        kind = missing(trial, "results")
        if kind is not None:
            yield gap(trial, "results", "what the results are")
        else:
            yield say("The record lists no results", by=Gap("results.postings", None))


_POSTINGS = {
    "SUMMARY": "summary of the results",
    "LAY_SUMMARY": "summary of the results for the public",
    "CLINICAL_STUDY_REPORT": "clinical study report",
}


def _posting(trial: Trial, index: int) -> Sentence:
    """Return what was posted and when, as an item of a list."""
    posting, path = trial.results.postings[index], f"results.postings[{index}]"
    term = posting.kind.term if posting.kind is not None else None
    words: list[Part] = [_POSTINGS.get(term or "", "results")]
    if posting.submitted is not None:
        words.append(f", {wording.date(posting.submitted)}")
    return say("{}", tuple(words), by=Of((path,), span=True), stop="")


def _origin(trial: Trial) -> Sentence:
    """Return the sentence on where the record is from."""
    if not trial.registry or not trial.registry.strip():
        return gap(trial, "registry", "which register it is from")
    return say("This page is made from a record of {}", register(trial), by=Of(("registry",)))


def _none_of(trial: Trial, names: tuple[str, ...], field: str, ask: str) -> Iterator[Sentence]:
    """Yield the sentence that the record has none of some dates, unless it was told why one has no value."""
    if all(getattr(trial.dates, name) is None for name in names) and missing(trial, field) is None:
        yield gap(trial, field, ask)

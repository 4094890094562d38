"""A record as the page sees it: its trial, how far that has come, why values are missing, and what kind it is of."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from trialparse.generated.classes import frozen
from trialparse.model import Trial
from trialparse.model.terms import EventKind, Masking, MissingKind, Progress, StudyType
from trialparse.model.values import PartialDate
from trialparse.pages import stages
from trialparse.pages.page import Piece, Quote, Words
from trialparse.pages.protocols import KindForPage, RecordForPage, RecordsForPage, SpreadForPage
from trialparse.pages.stored import Stored
from trialparse.pages.tables import Texts
from trialparse.vocabulary import Term


@frozen(eq=False)
class View:
    """A record with everything that the page asks for repeatedly, found once."""

    parsed: RecordForPage
    """The record."""
    texts: Texts
    """The words of the page's language."""
    trial: Trial
    """Its trial."""
    kind: KindForPage
    """The kind of record."""
    stage: str
    """How far the trial has come, see `stages`."""
    starts: tuple[str, ...]
    """The fields by which it has started."""
    spreads: Mapping[str, tuple[SpreadForPage, ...]]
    """The differing values of several records, by field."""
    stored: bool
    """Whether the trial came without its record, so that no places are known."""
    lacking: Mapping[str, str]
    """The topics on which the record can hold nothing, each with a field that it does not carry."""
    _records: RecordsForPage | None
    """The records, if it is made of several."""
    _gaps: Mapping[str, MissingKind]

    @property
    def several(self) -> bool:
        """Whether the trial is made of several records."""
        return self._records is not None

    @property
    def partial(self) -> bool:
        """Whether the record holds only a part of what there is on a trial: by its kind, or as it was asked for."""
        part = bool(self.kind.explanation or self.lacking)
        return part and not self.kind.of_country and not self.several

    @property
    def of_country(self) -> bool:
        """Whether this is the record of one country, and has nothing on others."""
        return self.kind.of_country and not self.several and len(self.trial.countries) == 1

    @property
    def country(self) -> int | None:
        """The index of the country whose own record this is, None for the record of a whole trial.

        A file can hold the record of a country together with results, which name all countries: there, it is the
        only one with an authority.
        """
        if self.of_country:
            return 0
        if self.several or not self.kind.explanation:
            return None
        own = [index for index, one in enumerate(self.trial.countries) if one.authority and one.status.trial]
        return own[0] if len(own) == 1 else None

    @property
    def as_of(self) -> tuple[str, PartialDate] | None:
        """The day of the record, and its field; None where the record has none."""
        for name in _DAYS:
            date = getattr(self.trial.dates, name)
            if date is not None:
                return f"dates.{name}", date
        return None

    @property
    def latest(self) -> PartialDate | None:
        """The day before which no plan of the record can lie: its own, else the last day of something that happened."""
        return self.as_of[1] if self.as_of else max(self._past, default=(None, None, None), key=_newest)[2]

    @property
    def dated(self) -> tuple[str, str, PartialDate] | None:
        """What shows the age of a record without a day of its own: what happened on a day, its field and the day.

        That is the entry into the register, else the last decision or opinion.
        """
        registered = self.trial.dates.registered
        if registered is not None:
            return "registered", "dates.registered", registered
        decided = [one for one in self._past if one[0] == "decided"]
        return max(decided, key=_newest) if decided else None

    @property
    def _past(self) -> list[tuple[str, str, PartialDate]]:
        """What happened, with its field and its day."""
        dates = {f"dates.{name}": getattr(self.trial.dates, name) for name in _HAPPENED}
        parts = [("", self.trial.events)]
        parts += [(f"countries[{index}].", one.events) for index, one in enumerate(self.trial.countries)]
        found = [("", field, date) for field, date in dates.items() if date is not None and not date.estimated]
        for path, events in parts:
            for number, event in enumerate(events):
                if event.date is not None and not event.date.estimated:
                    what = "decided" if event.kind in _DECISIONS else ""
                    found.append((what, f"{path}events[{number}].date", event.date))
        return found

    def words(self, key: str, **slots: Words) -> tuple[Piece, ...]:
        """Return a wording of the page's language with its places filled; of a trial that was run, that of the past."""
        over = self.stage == stages.OVER and self.trial.status.trial is not Progress.NEVER_STARTED
        known = f"{key}.past" if over and self.texts.has(f"{key}.past") else key
        return self.texts.words(known, self.several, **slots)

    def phrase(self, term: Term) -> str:
        """Return a term as a sentence, in the wording that goes with the rest of the record."""
        return self.texts.phrase(term, self.case(term)).of(self.several)

    def quote(self, field: str) -> Quote | None:
        """Return the text at a path as a quote, None if there is nothing to read in it."""
        text = look_up(self.trial, field)
        return Quote(text, self.language(field)) if text and text.strip() else None

    @classmethod
    def of(cls, parsed: RecordForPage, texts: Texts) -> "View":
        """Return the view of a record in a language."""
        trial = parsed.trial
        gaps = {entry.field: entry.kind for entry in trial.missing}
        stage, starts = stages.of_trial(trial), tuple(stages.starts(trial))
        records = parsed if isinstance(parsed, RecordsForPage) else None
        spreads = {} if records is None else {field: tuple(records.spread(field)) for field in records.differs}
        stored = isinstance(parsed, Stored)
        lacking = {topic: of[0] for topic, of in _TOPICS.items() if all(_never(trial, field) for field in of)}
        return cls(parsed, texts, trial, parsed.kind, stage, starts, spreads, stored, lacking, records, gaps)

    @property
    def history(self) -> int:
        """How many of the records a later version replaces."""
        return 0 if self._records is None else len(self._records.history)

    @property
    def records(self) -> int:
        """Of how many records the trial is made."""
        return 1 if self._records is None else len(self._records.names)

    @property
    def rules(self) -> str:
        """The name of the rules by which a trial was made of several records; empty for one record."""
        return "" if self._records is None else self._records.rules

    @property
    def own_rules(self) -> bool:
        """Whether these are our own, and not those of a published tool."""
        return self.rules == "trialparse"

    def spread(self, field: str) -> Sequence[SpreadForPage]:
        """Return the value of a field in each of several records; nothing for one record."""
        return () if self._records is None else self._records.spread(field)

    def verb(self, field: str) -> str:
        """Return the verb by which a value was found among those of several records; empty for one record."""
        return "" if self._records is None else self._records.verb(field)

    @property
    def explanation(self) -> str:
        """What such a record is, in plain sentences; empty for the whole record of a trial."""
        return self.texts.named("explanation", self.kind.format, self.kind.explanation)

    def missing(self, field: str) -> MissingKind | None:
        """Return why the field, or what holds it, has no value; None where the record has no entry."""
        return next((self._gaps[one] for one in _upwards(field) if one in self._gaps), None)

    def never(self, field: str) -> bool:
        """Whether no record of this kind holds the field."""
        return _never(self.trial, field)

    def applies(self, topic: str) -> bool:
        """Whether a question makes sense for the kind of study: only trials have phases, allocation and blinding."""
        kind = self.trial.study_type
        asked = _OF_TRIALS if kind is StudyType.OBSERVATIONAL else _OF_STUDIES
        return kind in (None, StudyType.INTERVENTIONAL) or topic not in asked

    @property
    def one_number(self) -> bool:
        """Whether the register has one number of participants, which is planned first and counted later.

        Such a register has no plan by region beside it.
        """
        return self.never("enrolment.planned_eea") and not self.never("enrolment.unspecified")

    def case(self, term: Term) -> str:
        """Return which wording of a term goes with the rest of the record."""
        if isinstance(term, Masking):
            return "" if self.trial.design.masked_roles else "unnamed"
        return stages.STARTED if self.besides(term) else self.stage

    def besides(self, term: Term) -> tuple[str, ...]:
        """Return the fields that differ from a term of the whole trial."""
        return self.starts if term is Progress.NOT_STARTED else ()

    def language(self, field: str) -> str | None:
        """Return the language of a text where it is known: that of a translation, or the one that was asked for."""
        if re.search(r"translations\[\d+\]\.text$", field):
            language: str | None = look_up(self.trial, field.removesuffix(".text")).language
            return language
        return self.parsed.language_of(field)


_TOPICS: Mapping[str, tuple[str, ...]] = {
    "tested": ("interventions", "results.flow"),
    "rules": ("eligibility.criteria", "eligibility.text"),
    "design": ("design.allocation", "design.masking"),
    "size": ("enrolment.planned", "enrolment.planned_eea", "enrolment.actual", "enrolment.unspecified", "results.flow"),
    "outcomes": ("endpoints", "results.outcomes"),
    "status": ("status.trial", "status.regulatory"),
}
"""The topics of a record, and their fields; the whole record of a trial can hold all of them."""

_OF_TRIALS = frozenset({"phase", "allocation", "masking"})
"""What is asked of trials alone."""

_OF_STUDIES = _OF_TRIALS | {"planned", "joined", "outcome", "sex", "rules", "results"}
"""What is asked of studies, and not of programmes by which patients get a product."""

_DAYS = ("published", "updated", "exported")
"""The dates that a record can be of, the nearest first."""

_HAPPENED = ("registered", "submitted", "decision", "start", "recruitment_start", "end", "global_end", "results_posted")
"""The dates of what happened, if they are no plans."""

_DECISIONS = (EventKind.DECISION, EventKind.DECISION_AND_OPINION, EventKind.ETHICS_OPINION)
"""Events by which a record without a day can be dated."""


def _newest(happened: tuple[object, object, PartialDate | None]) -> tuple[int, int, int]:
    """Return a day as numbers that can be compared."""
    date = happened[2]
    return (0, 0, 0) if date is None else (date.year, date.month or 0, date.day or 0)


def look_up(value: Any, field: str) -> Any:
    """Return the value below a value at a path such as `interventions[0].form`."""
    for name, index in re.findall(r"(\w+)|\[(\d+)\]", field):
        value = value[int(index)] if index else getattr(value, name)
    return value


def _never(trial: Trial, field: str) -> bool:
    return any(one in trial.not_carried for one in _upwards(field))


def _upwards(field: str) -> Iterator[str]:
    """Give a field and what holds it, from the inside out."""
    while field:
        yield field
        field = re.sub(r"(^|\.)\w+$|\[\d+\]$", "", field)

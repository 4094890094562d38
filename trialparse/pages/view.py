"""A record as the page sees it: its trial, how far that has come, why values are missing, and what kind it is of."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import attrs

from trialparse.model import Trial
from trialparse.model.terms import Masking, MissingKind, Progress
from trialparse.model.values import PartialDate
from trialparse.pages import stages
from trialparse.pages.page import Piece, Quote, Words
from trialparse.pages.protocols import KindForPage, RecordForPage, RecordsForPage, SpreadForPage
from trialparse.pages.stored import Stored
from trialparse.pages.tables import Texts
from trialparse.vocabulary import Term


@attrs.frozen(eq=False)
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
    _gaps: Mapping[str, MissingKind]

    @property
    def several(self) -> bool:
        """Whether the trial is made of several records."""
        return isinstance(self.parsed, RecordsForPage)

    @property
    def stored(self) -> bool:
        """Whether the trial came without its record, so that no places are known."""
        return isinstance(self.parsed, Stored)

    @property
    def partial(self) -> bool:
        """Whether the record tells only a part of what there is on a trial."""
        return bool(self.kind.explanation) and not self.kind.of_country and not self.several

    @property
    def country(self) -> int | None:
        """The index of the country whose own record this is, None for the record of a whole trial."""
        return 0 if self.kind.of_country and not self.several and len(self.trial.countries) == 1 else None

    @property
    def as_of(self) -> tuple[str, PartialDate] | None:
        """The day of the record, and the field that says so; None where the record does not say."""
        for name in _DAYS:
            date = getattr(self.trial.dates, name)
            if date is not None:
                return f"dates.{name}", date
        return None

    def words(self, key: str, **slots: Words) -> tuple[Piece, ...]:
        """Return a wording of the page's language with its places filled."""
        return self.texts.words(key, self.several, **slots)

    def phrase(self, term: Term) -> str:
        """Return a term as a sentence, in the wording that goes with what else the record says."""
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
        differs = parsed.differs if isinstance(parsed, RecordsForPage) else ()
        spreads = {field: tuple(parsed.spread(field)) for field in differs if isinstance(parsed, RecordsForPage)}
        return cls(parsed, texts, trial, parsed.kind, stage, starts, spreads, gaps)

    @property
    def history(self) -> int:
        """How many of the records a later version replaces."""
        return len(self.parsed.history) if isinstance(self.parsed, RecordsForPage) else 0

    @property
    def records(self) -> int:
        """Of how many records the trial is made."""
        return len(self.parsed.names) if isinstance(self.parsed, RecordsForPage) else 1

    @property
    def rules(self) -> str:
        """The name of the rules by which a trial was made of several records; empty for one record."""
        return self.parsed.rules if isinstance(self.parsed, RecordsForPage) else ""

    @property
    def own_rules(self) -> bool:
        """Whether these are our own, and not those of a published tool."""
        return self.rules == "trialparse"

    def spread(self, field: str) -> Sequence[SpreadForPage]:
        """Return what each of several records says of a field; nothing for one record."""
        return self.parsed.spread(field) if isinstance(self.parsed, RecordsForPage) else ()

    def verb(self, field: str) -> str:
        """Return the verb by which a value was found among those of several records; empty for one record."""
        return self.parsed.verb(field) if isinstance(self.parsed, RecordsForPage) else ""

    @property
    def explanation(self) -> str:
        """What such a record is, in plain sentences; empty for the whole record of a trial."""
        return self.texts.named("explanation", self.kind.format, self.kind.explanation)

    def missing(self, field: str) -> MissingKind | None:
        """Return why the field, or what holds it, has no value; None where the record has no entry."""
        return next((self._gaps[one] for one in _upwards(field) if one in self._gaps), None)

    def never(self, field: str) -> bool:
        """Whether no record of this kind holds the field."""
        return any(one in self.trial.not_carried for one in _upwards(field))

    def case(self, term: Term) -> str:
        """Return which wording of a term goes with what else the record says."""
        if isinstance(term, Masking):
            return "" if self.trial.design.masked_roles else "unnamed"
        return stages.STARTED if self.besides(term) else self.stage

    def besides(self, term: Term) -> tuple[str, ...]:
        """Return the fields that say something else than a term of the whole trial."""
        return self.starts if term is Progress.NOT_STARTED else ()

    def language(self, field: str) -> str | None:
        """Return the language of a text where it is known: that of a translation, or the one that was asked for."""
        if re.search(r"translations\[\d+\]\.text$", field):
            language: str | None = look_up(self.trial, field.removesuffix(".text")).language
            return language
        return self.parsed.language_of(field)


_DAYS = ("published", "updated", "exported")
"""The dates that a record can be of, the nearest first."""


def look_up(value: Any, field: str) -> Any:
    """Return the value below a value at a path such as `interventions[0].form`."""
    for name, index in re.findall(r"(\w+)|\[(\d+)\]", field):
        value = value[int(index)] if index else getattr(value, name)
    return value


def _upwards(field: str) -> Iterator[str]:
    """Give a field and what holds it, from the inside out."""
    while field:
        yield field
        field = re.sub(r"(^|\.)\w+$|\[\d+\]$", "", field)

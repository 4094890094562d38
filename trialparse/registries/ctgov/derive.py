"""Fields of ClinicalTrials.gov that no row can read: schemes of numbers, titles with a meaning, cells, dates."""

import re
from collections.abc import Iterator, Sequence

from trialparse.diagnostics import WITHHELD, Problem
from trialparse.mapping.folder import codes_of
from trialparse.mapping.openers import bars
from trialparse.mapping.rows import fold
from trialparse.mapping.verbs import one_line, read_integer
from trialparse.model.building import maker
from trialparse.model.identifiers import identify
from trialparse.model.placeholders import placeholders
from trialparse.model.terms import BaselineKind, MilestoneKind, SponsorRole
from trialparse.model.trial import Organisation
from trialparse.model.values import Coded, Identifier
from trialparse.registries.ctgov.openers import versioned

Words = Sequence[object]
"""The values at a path; None or nothing where an element is absent."""

_SCHEMES = {"eudract_number": "EudraCT", "eudract number": "EudraCT", "ctis": "CTIS"}
"""Kinds of number that name the scheme; numbers of other kinds are recognised by their form, or not at all."""


def _number(numbers: Words, kinds: Words = ()) -> Identifier | None:
    text = next((one_line(word) for word in numbers if isinstance(word, str)), "")
    kind = next((word.strip().casefold() for word in kinds if isinstance(word, str)), "")
    return identify(text, _SCHEMES.get(kind)) if text else None


def number(numbers: Words) -> str | None:
    """Return the number in the form of the scheme that it shows."""
    found = _number(numbers)
    return None if found is None else found.value


def number_remarks(numbers: Words) -> Iterator[tuple[int, int, Problem]]:
    """Yield numbers that are placeholders, or whose check digits are wrong."""
    for index, word in enumerate(numbers):
        found = _number([word])
        if isinstance(word, str) and word.strip() and found is None:
            yield 0, index, Problem.PLACEHOLDER
        elif found is not None and found.check is False:
            yield 0, index, Problem.BAD_CHECK
        elif found is not None and "|" in found.value:
            yield 0, index, Problem.UNSPLIT_LIST


def number_scheme(numbers: Words, kinds: Words = ()) -> str | None:
    """Return the scheme of a number."""
    found = _number(numbers, kinds)
    return None if found is None else found.scheme


def number_check(numbers: Words) -> bool | None:
    """Return whether the check digits of a number are right, where its scheme has some."""
    found = _number(numbers)
    return None if found is None else found.check


_PAGE = re.compile(r"https?://\S{1,60}/NCT\d{8}/?", re.ASCII | re.IGNORECASE)


def page(addresses: Words) -> str | None:
    """Return the address of a study's page, unless its number is cut off."""
    return next((text for text in map(_text, addresses) if _PAGE.fullmatch(text)), None)


def page_remarks(addresses: Words) -> Iterator[tuple[int, int, Problem]]:
    """Yield what is no address of a study's page."""
    for index, text in enumerate(map(_text, addresses)):
        if text not in ("", WITHHELD) and not _PAGE.fullmatch(text):
            yield 0, index, Problem.BAD_VALUE


def _text(word: object) -> str:
    """Return a text on one line; nothing in the place of a placeholder."""
    text = one_line(word) if isinstance(word, str) else ""
    return "" if text.casefold() in placeholders() else text


def is_unknown(dates: Words) -> bool | None:
    """Return that the date is not known, where that is in its place."""
    return True if any(isinstance(date, str) and date.strip().casefold() == "unknown" for date in dates) else None


def unspecified(counts: Words, kinds: Words) -> int | None:
    """Return a number of participants if no known word marks them as planned or actual."""
    count = next((word for word in counts if word not in (None, "")), None)
    return None if count is None or any(_is_known(kind) for kind in kinds) else read_integer(count)


def unspecified_remarks(counts: Words, kinds: Words) -> Iterator[tuple[int, int, Problem]]:
    """Yield words of another kind."""
    for index, kind in enumerate(kinds):
        if kind not in (None, "") and not _is_known(kind):
            yield 1, index, Problem.UNKNOWN_CODE


def _is_known(kind: object) -> bool:
    return isinstance(kind, str) and fold(kind) in codes_of("ctgov")["planned"]


_MILESTONES = {
    "started": MilestoneKind.STARTED,
    "completed": MilestoneKind.COMPLETED,
    "not completed": MilestoneKind.NOT_COMPLETED,
}
_BASELINE = {
    "age": BaselineKind.AGE,
    "age, continuous": BaselineKind.AGE,
    "age continuous": BaselineKind.AGE,
    "age, categorical": BaselineKind.AGE,
    "age, customized": BaselineKind.AGE,
    "gender": BaselineKind.SEX,
    "sex: female, male": BaselineKind.SEX,
    "sex/gender, customized": BaselineKind.SEX,
    "gender, male/female": BaselineKind.SEX,
    "gender, customized": BaselineKind.SEX,
}
"""Titles that the register gives; other titles are the sponsor's own."""


def milestone(titles: Words) -> MilestoneKind | None:
    """Return what kind of point a title is of: one of the register's three, or the sponsor's own."""
    return next((_MILESTONES.get(fold(title), MilestoneKind.OTHER) for title in titles if _is_stated(title)), None)


def baseline_kind(titles: Words) -> BaselineKind | None:
    """Return what a table of baseline measures is about."""
    return next((_BASELINE.get(fold(title), BaselineKind.OTHER) for title in titles if _is_stated(title)), None)


def _is_stated(word: object) -> bool:
    return isinstance(word, str) and bool(word.strip())


def of_participants(units: Words) -> bool:
    """Whether participants are counted, as they are where a denominator does not say what is."""
    return not of_others(units)


def of_others(units: Words) -> bool:
    """Whether something else than participants is counted."""
    return any(_is_stated(unit) and fold(unit) != "participants" for unit in units)


def is_there(words: Words, more: Words) -> bool | None:
    """Return that there are results, where there are groups."""
    return True if any(map(_is_stated, (*words, *more))) else None


_EVERYBODY = "Number of Participants"
"""Title of the table that counts those who were analyzed, in XML up to 2016."""


def of_everybody(titles: Words) -> bool:
    """Whether a table counts those who were analyzed."""
    return _EVERYBODY in titles


def of_some(titles: Words) -> bool:
    """Whether a table is one of values."""
    return not of_everybody(titles)


def is_total(titles: Words) -> bool:
    """Whether a category of adverse events counts everybody who had one."""
    return "Total" in titles


def of_deaths(categories: Words, titles: Words) -> bool:
    """Whether a total counts those who died."""
    return is_total(categories) and any(_is_stated(title) and "mortality" in fold(title) for title in titles)


def of_events(categories: Words, titles: Words) -> bool:
    """Whether a total counts those who had an event."""
    return is_total(categories) and not of_deaths(categories, titles)


def is_part(titles: Words) -> bool:
    """Whether a category of adverse events is an organ system."""
    return not is_total(titles)


def vocabulary_version(own: Words, default: Words) -> str | None:
    """Return the version of the dictionary that an event names, or of the one that its list names."""
    name = next((word for word in (*own, *default) if isinstance(word, str) and word.strip()), "")
    return versioned(name).get("version")


def is_posted(dates: Words, titles: Words, older: Words) -> bool | None:
    """Return whether what was found is posted: there is a table, or a date on which there will be one."""
    return True if any(map(_is_stated, (*titles, *older))) else False if any(map(_is_stated, dates)) else None


_FREE = "there is not an agreement between principal investigators and the sponsor"
_EMBARGOES = {
    "less than or equal to 60 days. the sponsor cannot require changes": "EMBARGO_60_DAYS",
    "more than 60 days but less than or equal to 180 days. the sponsor cannot require changes": "EMBARGO_OVER_60_DAYS",
}
"""Words of the register's own sentences on embargoes."""


def restricts(texts: Words) -> bool | None:
    """Return whether an agreement restricts investigators: the register has a sentence for those that it does not."""
    return next((not fold(text).startswith(_FREE) for text in texts if _is_stated(text)), None)


def restriction(texts: Words) -> Coded | None:
    """Return the kind of restriction, by the register's own sentences; other words are of another kind."""
    stated = next((fold(text) for text in texts if _is_stated(text)), _FREE)
    kind = next((kind for words, kind in _EMBARGOES.items() if words in stated), "OTHER")
    return None if stated.startswith(_FREE) else Coded(term=kind)


def restriction_text(texts: Words) -> str | None:
    """Return a restriction in the sponsor's words."""
    stated = next((one_line(text) for text in texts if isinstance(text, str)), "")
    kind = restriction([stated])
    return stated if kind is not None and kind.term == "OTHER" else None


# The table up to 2024 has the names of all sponsors in one cell, the lead first, and each of their types in another.


def sponsors(names: Words, types: Words) -> tuple[Organisation, ...]:
    """Return the sponsor and the collaborators, each with its type where the two cells give it.

    One type is that of all; as many as names are theirs, one by one. Of fewer the first is the sponsor's.
    """
    kinds: list[Coded | None] = [_kind(word) for word in _cell(types)]
    found: list[str | None] = [*_cell(names)] or [None] * len(kinds)
    if len(kinds) == 1:
        kinds *= len(found)
    elif len(kinds) != len(found):
        kinds = [*(kinds or [None])[:1], *[None] * (len(found) - 1)]
    make = maker(Organisation)
    roles = (SponsorRole.PRIMARY, *[SponsorRole.SUPPORT] * (len(found) - 1))
    return tuple(make(name=name, role=role, type=kind) for name, role, kind in zip(found, roles, kinds, strict=False))


def sponsors_remarks(names: Words, types: Words) -> Iterator[tuple[int, int, Problem]]:
    """Yield names that are kept in one text, types that may be of any of them, and types that the list lacks."""
    found, kinds = _cell(names), _cell(types)
    if any("|" in name for name in found):
        yield 0, 0, Problem.UNSPLIT_LIST
    if found and len(kinds) not in (0, 1, len(found)):
        yield 1, 0, Problem.UNSPLIT_LIST
    if any(fold(kind) not in codes_of("ctgov")["agency_class"] for kind in kinds):
        yield 1, 0, Problem.UNKNOWN_TERM


def _cell(words: Words) -> list[str]:
    """Return the parts of a cell; none of an empty one."""
    text = next(map(_text, words), "")
    return bars(text) if text else []


def _kind(word: str) -> Coded | None:
    """Return a kind of organisation."""
    meaning = codes_of("ctgov")["agency_class"].get(fold(word))
    made: Coded = maker(Coded)(term=None if meaning is None else meaning.term, text=word)
    return made


_LEVELS = {"80": 80.0, "90": 90.0, "95": 95.0, "97.5": 97.5, "975": 97.5, "99": 99.0}
"""Levels of confidence in percent, in the digits of a label and of a value of the API."""


def confidence_level(dispersions: Words) -> float | None:
    """Return the level of a confidence interval, which is a part of its name."""
    label = next((fold(word) for word in dispersions if _is_stated(word)), "")
    digits = label.removeprefix("confidence_").removesuffix("% confidence interval")
    return None if digits == label else _LEVELS.get(digits)

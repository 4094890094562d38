"""What no row of CTIS can read: sponsors in one text, addresses, kinds of product, which application is assessed."""

import contextlib
import datetime
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from trialparse.diagnostics import WITHHELD, Problem
from trialparse.mapping.folder import codes_of
from trialparse.mapping.rows import fold
from trialparse.mapping.verbs import NoValue, unrepeated
from trialparse.model.applications import kind_of_key
from trialparse.model.building import maker
from trialparse.model.identifiers import identify
from trialparse.model.placeholders import placeholders
from trialparse.model.terms import InterventionType
from trialparse.model.trial import Organisation
from trialparse.model.values import Coded

Words = Sequence[object]
"""The values at a path; None or nothing where an element is absent."""

_PAGE = "https://euclinicaltrials.eu/ctis-public/view/"


def page_of_trial(*numbers: Words) -> str | None:
    """Return the address of a trial's page in the public portal, which its number fixes."""
    known = (identify(number, "CTIS") for found in numbers for number in found if isinstance(number, str))
    return next((_PAGE + one.value for one in known if one is not None and one.scheme == "CTIS"), None)


# sponsors ---------------------------------------------------------------------------------------------------------


def sponsors(names: Words, types: Words) -> tuple[Organisation, ...]:
    """Return the sponsors of a row, whose names are in one text and whose types are in another, in the same order.

    Types are of a closed list, so their text can be split. Names hold commas themselves: they are split if that gives
    as many as there are types, and are one sponsor otherwise, with its type if all types are the same.
    """
    name, kinds = _name(names), _kinds(types)
    if name is None and not kinds and (text := _text(names)) is not None and text != WITHHELD:
        raise NoValue(placeholders()[text.casefold()])
    pairs: Iterable[tuple[str | None, str | None]]
    if parts := _split(name, kinds):
        pairs = zip(parts, kinds, strict=True)
    elif name is None:
        pairs = ((None, kind) for kind in kinds)
    else:
        pairs = [(unrepeated(name), ", ".join(dict.fromkeys(kinds)) or None)]
    make = maker(Organisation)
    return tuple(dict.fromkeys(make(name=one, type=_type(kind)) for one, kind in pairs))


def sponsors_remarks(names: Words, types: Words) -> Iterator[tuple[int, int, Problem]]:
    """Yield names and types that may be several and are not split, and a type that the list lacks."""
    name, kinds = _name(names), _kinds(types)
    if name is not None and not _split(name, kinds):
        if ", " in unrepeated(name):
            yield 0, 0, Problem.UNSPLIT_LIST
        if len(set(kinds)) > 1:
            yield 1, 0, Problem.UNSPLIT_LIST
    if len(kinds) == 1 and fold(kinds[0]) not in codes_of("ctis")["organisation_type"]:
        yield 1, 0, Problem.UNKNOWN_TERM


def _text(words: Words) -> str | None:
    """Return the text at a path; None if nothing is there."""
    return next((word.strip() for word in words if isinstance(word, str) and word.strip()), None)


def _name(words: Words) -> str | None:
    """Return the names in one text; None for a placeholder, and if they were withheld."""
    text = _text(words)
    return None if text is None or text == WITHHELD or text.casefold() in placeholders() else text


def _kinds(words: Words) -> list[str]:
    """Return the types: the parts of their text if the list has each, else the text."""
    text = _name(words)
    if text is None:
        return []
    parts = [part.strip() for part in text.split(",")]
    return parts if all(fold(part) in codes_of("ctis")["organisation_type"] for part in parts) else [text]


def _split(name: str | None, kinds: list[str]) -> list[str]:
    """Return the names of several sponsors, if there are as many as types and each part can be a name by itself."""
    parts = [] if name is None or len(kinds) < 2 else [part.strip() for part in name.split(", ")]
    return parts if len(parts) == len(kinds) and all(map(_may_be_a_name, parts)) else []


_LEGAL_FORMS = frozenset(
    """
    ab ag aps as asbl bv bvba co company corp corporation dac dba doo ead eeig eirl eood ev gbr ges gesmbh gie gmbh
    gmbhcokg gmbhcokgaa inc incorporated kft kg kgaa kk kommanditgesellschaft lda limited llc llp lp ltd ltda mbh nv
    nyrt ood oy oyj plc pbc pc pllc pte pteltd pty ptyltd pvt pvtltd rt sa sab sae sadecv sapa sapi sarl sas
    sasu sca scarl sccl
    scrl se sgps sia sl slu snc sociedadanonima spa spolsro spzoo spzook srl sro srlu uab ug unipersonale vzw zoo zrt
    """.split()
)
"""Legal forms of companies by their letters: abbreviations in common use in the EEA, the United Kingdom, Switzerland,
the United States, Canada, Japan, India, Singapore and Australia. ISO 20275 has all of them."""


def _may_be_a_name(part: str) -> bool:
    """Whether a part of a text can be an organisation: not a legal form, a placeholder, or the rest of a name."""
    letters = "".join(filter(str.isalnum, part)).casefold()
    return (
        bool(letters)
        and not part[0].islower()
        and letters not in _LEGAL_FORMS
        and part.casefold() not in placeholders()
    )


def _type(word: str | None) -> Coded | None:
    """Return a kind of organisation, or several that are not split."""
    if word is None:
        return None
    meaning = codes_of("ctis")["organisation_type"].get(fold(word))
    made: Coded = maker(Coded)(term=None if meaning is None else meaning.term, text=word)
    return made


# products ---------------------------------------------------------------------------------------------------------

_BIOLOGICAL = frozenset({"IMMUNOLOGICAL", "PLASMA_DERIVED", "RECOMBINANT", "GENETICALLY_MODIFIED"})
"""Characteristics that make a product a biological one (Directive 2001/83/EC, Annex I)."""


def kind_of_product(
    role: Words, characteristics: Words, chemical: Words, advanced: Words, therapies: Words
) -> InterventionType | None:
    """Return the kind of a medicinal product: biological, or a medicine, as a placebo is; None where it is unclear.

    Sponsors tick "immunological" beside "other" for small molecules: characteristics of both kinds mean nothing.
    "All substances are chemicals: no" means nothing either, for carboplatin has it too.
    """
    codes = codes_of("ctis")
    parts = {None if (meaning := codes["product_role"].get(fold(word))) is None else meaning.term for word in role}
    if "PLACEBO" in parts:
        return InterventionType.DRUG
    if any(word is True for word in advanced) or any(word not in (None, "") for word in therapies):
        return InterventionType.BIOLOGICAL
    found = [codes["characteristic"].get(fold(word)) for word in characteristics if word not in (None, "")]
    kinds = {meaning is not None and meaning.term in _BIOLOGICAL for meaning in found}
    kinds |= {False for word in chemical if word is True}
    if len(kinds) != 1:
        return None
    return InterventionType.BIOLOGICAL if kinds.pop() else InterventionType.DRUG


_ASSESSED: Final[dict[str, frozenset[str]]] = {
    "INITIAL": frozenset({"PART_I", "PART_II"}),  # Articles 6 and 7
    "SUBSTANTIAL_MODIFICATION": frozenset({"PART_I", "PART_II"}),  # Articles 18, 20 and 22, as far as its scope goes
    "ADDITION_OF_MEMBER_STATE": frozenset({"PART_II"}),  # Article 14(5): it takes over what was concluded of Part I
    "NON_SUBSTANTIAL_MODIFICATION": frozenset(),  # Article 81(9): it is notified, not assessed
}
"""The parts that are assessed in an application of a kind (Regulation (EU) 536/2014)."""


def assesses_part_one(kind: Words, key: Words, scope: Words, assessed: Words, submitted: Words) -> bool:
    """Whether the assessment of Part I that an application shows is its own."""
    return _assesses("PART_I", _kind_of_application(kind, key), scope, assessed, submitted)


def assesses_part_two(kind: Words, key: Words, scope: Words, assessed: Words, submitted: Words) -> bool:
    """Whether the assessment of Part II that an application shows is its own."""
    return _assesses("PART_II", _kind_of_application(kind, key), scope, assessed, submitted)


def is_assessed(kind: Words, key: Words) -> bool:
    """Whether an application of this kind is validated and assessed."""
    return bool(_ASSESSED.get(_kind_of_application(kind, key) or "", True))


def _assesses(part: str, kind: str | None, scope: Words, assessed: Words, submitted: Words) -> bool:
    """Whether an assessment of a part belongs to the application that shows it.

    CTIS repeats in later applications what was concluded of the part before, with its day: that is before the day of
    their submission. An initial application has nothing to repeat.
    """
    if kind == "INITIAL":
        return True
    if kind is not None and part not in _ASSESSED[kind]:
        return False
    scopes = {fold(word) for word in scope if isinstance(word, str) and word}
    if scopes in ({"part_i"}, {"part_ii"}) and scopes != {part.lower()}:
        return False
    days, limits = _days(assessed), _days(submitted)
    return not (days and limits) or max(days) >= min(limits)


def _days(words: Words) -> list[datetime.date]:
    """Return the days that can be read among words of ISO dates and times."""
    found = []
    for word in words:
        with contextlib.suppress(ValueError):
            found.append(datetime.date.fromisoformat(str(word)[:10]))
    return found


def _kind_of_application(kind: Words, key: Words) -> str | None:
    """Return our term for the kind of an application; where no word of the list has it, that of the key."""
    meanings = [codes_of("ctis")["application_type"].get(fold(word)) for word in kind]
    stated = next((meaning.term for meaning in meanings if meaning is not None), None)
    return stated or next((kind_of_key(word) for word in key if isinstance(word, str)), None)


_REQUEST = re.compile(r"CT-\d{4}-\d{6}-\d{2}-\d{2}-(?P<kind>[A-Z]+)(?P<number>\d*)-\d+")


def application_of(validation: Words, part_one: Words, part_two: Words, kind: Words) -> str | None:
    """Return the key of an application, such as `SM-2`, from those of its requests; else from its kind.

    The keys of requests are such as `CT-2022-500000-12-00-SM02-001`. A trial has one initial application: `IN`.
    """
    for key in (*validation, *part_one, *part_two):
        found = _REQUEST.fullmatch(key) if isinstance(key, str) else None
        if found:
            number = found["number"].lstrip("0")
            return f"{found['kind']}-{number}" if number else found["kind"]
    stated = _kind_of_application(kind, ())
    return "IN" if stated == "INITIAL" else stated


def application_of_request(key: Words, kind: Words) -> str | None:
    """Return the key of the application that a request is about, from its own key; else from the kind."""
    return application_of(key, (), (), kind)


def application_of_request_remarks(key: Words, kind: Words) -> Iterator[tuple[int, int, Problem]]:
    """Yield each kind of application that the list lacks."""
    return ((1, index, problem) for _, index, problem in application_of_remarks(key, (), (), kind))


def assessed_application(validation: Words, part_one: Words, part_two: Words, kind: Words) -> str | None:
    """Return the application that an evaluation shows the assessment of; None if it repeats that of an earlier one."""
    return application_of(validation, part_one, part_two, kind) if is_assessed(kind, ()) else None


def application_of_remarks(
    validation: Words, part_one: Words, part_two: Words, kind: Words
) -> Iterator[tuple[int, int, Problem]]:
    """Yield each kind of application that the list lacks."""
    for index, word in enumerate(kind):
        if word not in (None, "") and _kind_of_application((word,), ()) is None:
            yield 3, index, Problem.UNKNOWN_CODE


def is_true(words: Words) -> bool:
    """Whether a flag is set."""
    return True in words


def conclusion_of_validation(out_of_scope: Words, incomplete: Words) -> Coded | None:
    """Return how the validation of an application ended, from the flags of its findings (Article 5(3))."""
    if is_true(out_of_scope):
        return Coded(term="OUT_OF_SCOPE")
    if is_true(incomplete):
        return Coded(term="INCOMPLETE")
    return Coded(term="VALID") if False in out_of_scope and False in incomplete else None

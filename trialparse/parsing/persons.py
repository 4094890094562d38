"""How persons show in texts: the forms of their names, besides e-mail addresses and telephone numbers."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from typing import Final

from trialparse.diagnostics import WITHHELD
from trialparse.parsing.emails import emails
from trialparse.parsing.name_matcher import TITLE, TITLES, Names, capitals, is_role, replace, tokens
from trialparse.parsing.phones import ANYTHING, phones

Name = tuple[str, ...]

# --- names ------------------------------------------------------------------------------------------------------------

_DEGREES = frozenset(("MED", "HABIL", "NAT", "RER", "SC", "MD", "PHD", "PH", "MSC", "BSC", "MPH", "DPHIL", "FRCP"))
"""Words around a name that are no part of it, in capitals."""
_SHORT = 4
"""Letters that a surname has at least where it is looked for beside a title."""
_OFFICE = frozenset(
    (
        # what offices are, and what they are there for
        *("clinical", "trial", "trials", "study", "studies", "office", "contact", "contacts", "information", "info"),
        *("medical", "medicine", "affairs", "department", "dept", "unit", "research", "team", "center", "centre"),
        *("support", "desk", "helpdesk", "service", "services", "regulatory", "operations", "development", "safety"),
        *("enquiry", "enquiries", "inquiries", "hotline", "helpline", "patient", "patients", "public"),
        *(
            "scientific",
            "science",
            "sciences",
            "communications",
            "customer",
            "management",
            "transparency",
            "disclosure",
        ),
        *("registry", "register", "global", "international", "european", "europe", "quality", "data", "division"),
        *("programme", "program", "project", "access", "general", "secretariat", "administration", "pharmacovigilance"),
        # what they belong to
        *("pharma", "pharmaceutical", "pharmaceuticals", "biotech", "therapeutics", "biopharma", "laboratories"),
        *("hospital", "clinic", "university", "institute", "faculty", "school", "foundation", "trust", "society"),
        *("association", "network", "consortium", "group", "company", "cancer", "oncology", "sclerosis", "diabetes"),
        *("inc", "ltd", "llc", "plc", "corp", "gmbh", "ag", "kg", "se", "ab", "a/s", "aps", "oy", "oyj"),
        *(
            "bv",
            "b.v",
            "nv",
            "n.v",
            "s.a",
            "sas",
            "s.a.s",
            "sarl",
            "spa",
            "s.p.a",
            "srl",
            "s.r.l",
            "s.l",
            "kft",
            "s.r.o",
        ),
        # what persons do in them
        *("investigator", "sponsor", "representative", "director", "manager", "coordinator", "officer", "lead", "head"),
        # the same in other languages of the EU
        *("abteilung", "auskunft", "forschung", "gruppe", "kontakt", "stiftung", "verein", "zulassung"),
        *("bureau", "clinique", "cliniques", "délégation", "direction", "essai", "essais", "étude", "études", "groupe"),
        *("hôpital", "hôpitaux", "chu", "institut", "médical", "médicale", "promotion", "recherche", "unité", "équipe"),
        *(
            "centro",
            "clinica",
            "clinico",
            "clinici",
            "direzione",
            "dipartimento",
            "fondazione",
            "gruppo",
            "informazioni",
        ),
        *(
            "istituto",
            "ospedale",
            "ricerca",
            "sperimentazione",
            "sperimentazioni",
            "studi",
            "studio",
            "ufficio",
            "unità",
        ),
        *("clínica", "clínico", "clínicos", "contacto", "departamento", "ensayo", "ensayos", "equipo", "estudio"),
        *("estudios", "fundación", "hospitalario", "información", "instituto", "investigación", "oficina", "servicio"),
        *("unidad", "universidad", "contato", "ensaio", "ensaios", "estudo", "estudos", "fundação", "gabinete"),
        *("informação", "investigação", "unidade", "universidade", "università", "université", "universitario"),
        *("afdeling", "dienst", "groep", "kantoor", "klinisch", "klinische", "onderzoek", "stichting", "studie"),
        *("universiteit", "ziekenhuis", "forskning", "forskningsenhed", "klinisk", "kliniske", "studier", "studien"),
        *("sygehus", "sjukhus", "universitet", "enhet", "enhed", "kontor", "kontoret", "lääketutkimus", "osasto"),
        *("sairaala", "tutkimus", "tutkimusyksikkö", "yliopisto", "biuro", "badania", "badań", "badanie", "dział"),
        *("instytut", "kliniczne", "klinicznych", "kontaktowy", "punkt", "szpital", "uniwersytet", "zespół"),
        *("centrum", "fakultní", "informace", "klinických", "klinické", "nemocnice", "oddělení", "studií", "ústav"),
        *("oddelenie", "nemocnica", "skúšanie", "klinikai", "kórház", "kutatás", "kutatási", "osztály", "vizsgálat"),
        *("vizsgálatok", "egyetem", "biroul", "cercetare", "cercetări", "clinice", "informații", "spitalul", "studii"),
        *("bolnica", "ispitivanja", "klinička", "klinični", "klinika", "odjel", "oddelek", "raziskave", "ured"),
        *("haigla", "uuring", "uuringud", "kliinik", "slimnīca", "pētījumi", "pētījumu", "klīnika", "nodaļa"),
        *("ligoninė", "tyrimai", "tyrimų", "skyrius", "klinikos", "γραφείο", "κέντρο", "κλινικών", "μελετών"),
        *("νοσοκομείο", "τμήμα", "ιατρική", "έρευνα", "болница", "изследвания", "клинични", "отдел", "център"),
        *("oifig", "ospidéal", "taighde", "uffiċċju", "sptar"),
    )
)
"""Words of offices and companies, which no name of a person holds, in small letters."""
_OFFICE_BEGINS = ("forschungs", "klinik", "kontakt", "kliniczn", "medizin", "pharma", "studien", "universit")
_OFFICE_ENDS = (
    *("abteilung", "ambulanz", "büro", "gesellschaft", "klinik", "kliniken", "klinikum", "krankenhaus", "leitung"),
    *("sekretariat", "stelle", "studie", "studien", "zentrale", "zentrum", "centrum", "hospital", "sygehus", "sjukhus"),
    *("afdeling", "avdelning", "avdeling", "sairaala", "tutkimus", "yksikkö", "ziekenhuis", "pharma"),
)
"""How longer words of offices begin and end, in languages that write them as one."""
_PARTICLES = frozenset(
    (
        *("de", "del", "della", "der", "den", "dem", "des", "van", "von", "vom", "zu", "zum", "zur", "di", "da", "do"),
        *("dos", "das", "du", "la", "le", "las", "los", "el", "al", "bin", "ibn", "ter", "ten", "te", "af", "av", "op"),
        *("y", "i", "e", "'t"),
    )
)
"""Small words within a name."""
_BESIDE = TITLES | _DEGREES
_PARTS_OF_WORDS = re.compile(r"[\s,;()\[\]:-]|\.(?!\w)")
_BRACKETS = re.compile(r"\([^()]{0,200}\)|\[[^\[\]]{0,200}\]")
_BETWEEN_PERSONS = re.compile(r"[;|\n]|(?<=\w\w)\s?/\s?(?=\w\w)|\s(?:and|AND|et|ET|und|UND|en|och|og|&|\+)\s")
_HYPHENS = (" ", " \u2013 ")
"""What may stand for the hyphen of a name; other hyphens are the same as it."""


def forms(parts: Sequence[str]) -> tuple[set[Name], set[Name]]:
    """Return how a name can stand in any text, and how it can stand where an organisation is named.

    A name is given by its parts, the surname last, or whole as the only part. A whole name can be that of an office
    as well, so it is left to organisations.

    >>> forms(["Ada", "Byron"])[1] == {("Ada", "Byron"), ("Byron", "Ada"), ("ADA", "BYRON"), ("BYRON", "ADA")}
    True
    >>> forms(["Trials Office"]) == ({("Trials", "Office"), ("TRIALS", "OFFICE")}, set())
    True
    """
    if len(parts) == 1:
        return _written(_of_field(parts[0])), set()
    return _written(_small_and_capital(_of_parts, parts)), _written(_small_and_capital(_turned, parts))


def _small_and_capital(ways: Callable[[Sequence[str]], set[Name]], parts: Sequence[str]) -> set[Name]:
    """Return the ways to write a name, and those in capitals, where "de" is "DE"."""
    return ways(parts) | ways([part.upper() for part in parts])


def _of_parts(parts: Sequence[str]) -> set[Name]:
    """Return how a person can be named, whose surname is the last part."""
    *given, surname = words = [_plain(part) for part in parts]
    whole = tuple(word for part in words for word in part)
    return {whole, *_turned(parts), *_titled(surname), *_initialled([word for part in given for word in part], surname)}


def _turned(parts: Sequence[str]) -> set[Name]:
    """Return first names and surname in both orders, with and without middle names."""
    *before, surname = map(_plain, parts)
    given = tuple(word for part in before for word in part)
    return {order for few in (given, given[:1]) for order in (few + surname, surname + few)} if given else set()


def _titled(surname: Name) -> set[Name]:
    return {(TITLE, *surname)} if sum(map(len, surname)) >= _SHORT else set()


def _initialled(given: Sequence[str], surname: Name) -> set[Name]:
    """Return a surname with the initials of first names behind it; nothing if it is short.

    An initial before a surname can be that of the author before it: "Roe A, Byron M".

    >>> sorted(_initialled(["Ada", "Lea"], ("Byron",)))
    [('Byron', 'A'), ('Byron', 'A', 'L'), ('Byron', 'AL')]
    """
    initials = [word[0] for word in given if word[0].isupper()]
    if not initials or sum(map(len, surname)) < _SHORT:
        return set()
    return {(*surname, initials[0]), (*surname, *initials), (*surname, "".join(initials))}


def _of_field(text: str) -> set[Name]:
    """Return how those can be named whom one field names: an office as there, persons in other ways as well."""
    whole = _small_and_capital(_of_office if _is_office(text) else _of_any, [text])
    parts = [parts for words in _persons(text) for parts in _divisions(words)]
    return whole.union(*(_small_and_capital(_of_parts, few) for few in parts))


def _of_office(names: Sequence[str]) -> set[Name]:
    return {tuple(tokens(name)) for name in names}


def _of_any(names: Sequence[str]) -> set[Name]:
    """Return how one can be named that may be a person, whose surname is the last word."""
    return {form for whole in map(_plain, names) for form in (whole, *_titled(whole[-1:]))}


def _persons(text: str) -> Iterator[list[str]]:
    """Yield the words of each person whom a field may name.

    >>> [*_persons("Dr. Ada Byron (PI) and Roe, Max; Trials Office")]
    [['Ada', 'Byron'], ['Max', 'Roe']]
    """
    for persons in _BETWEEN_PERSONS.split(_BRACKETS.sub(" ", text)):
        named = [words for part in persons.split(",") if (words := _own_words(part))]
        if len(named) > 1 and len(named[0]) == 1:
            named.append(named[1] + named[0])
        yield from (words for words in named if _is_person(words))


def _own_words(text: str) -> list[str]:
    """Return the words of a name without titles."""
    return [word for word in text.split() if _plain(word)]


def _is_person(words: Sequence[str]) -> bool:
    """Whether words are two or three that begin with a capital letter, and none of an office."""
    capitals = [word for word in words if word not in _PARTICLES]
    alike = all(word[0].isupper() and not any(map(str.isdigit, word)) for word in capitals)
    return 1 < len(capitals) < 4 and alike and not _is_office(" ".join(words))


def _is_office(text: str) -> bool:
    return any(
        word in _OFFICE or word.startswith(_OFFICE_BEGINS) or word.endswith(_OFFICE_ENDS)
        for word in _PARTS_OF_WORDS.split(text.lower())
    )


def _divisions(words: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield first names and surname as they may be meant: particles begin a surname.

    >>> [*_divisions(["Anna", "van", "den", "Berg"])], [*_divisions(["Ada", "M.", "Byron"])][1]
    ([('Anna', 'van den Berg')], ('Ada M.', 'Byron'))
    """
    for place in range(1, len(words)):
        if words[place - 1] not in _PARTICLES:
            yield " ".join(words[:place]), " ".join(words[place:])


def _plain(part: str) -> Name:
    """Return the words of a part of a name without titles."""
    if part.isalpha() and part.isascii():  # one word, as most parts are
        return () if part.upper() in _BESIDE else (part,)
    return tuple([word for word in tokens(part) if not is_role(word) and word.upper().removesuffix(".") not in _BESIDE])


def _written(names: Iterable[Name]) -> set[Name]:
    """Return names of two words or more with the ways to write their hyphens."""
    several = {name for name in names if len(name) > 1}
    hyphened = [" ".join(name) for name in several if any("-" in word for word in name)]
    return several | {tuple(tokens(name.replace("-", sign))) for name in hyphened for sign in _HYPHENS}


# --- all of them ------------------------------------------------------------------------------------------------------


def without_addresses(text: str, field: int = ANYTHING) -> str:
    """Return a text with marks in place of its e-mail addresses and telephone numbers.

    >>> without_addresses("Tel. 450 570, (030) 450-570 000, a.b [at] example.org; 2023-505613-24-00")
    'Tel. (withheld), (withheld), (withheld); 2023-505613-24-00'
    """
    if found := emails(text):
        text = _marked(text, found)
    if numbers := phones(text, field):
        text = _marked(text, [(start, end) for start, end, _ in numbers])
    return text


def _marked(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """Return a text with marks in place of stretches, which come in order."""
    parts, done = [], 0
    for start, end in spans:
        parts += [text[done:start], WITHHELD]
        done = end
    return "".join([*parts, text[done:]])


class Persons:
    """The persons of one record: what is taken out of its texts.

    Most texts name none of them. So the forms of a name are made for the first text that has one of its words.
    """

    def __init__(self, names: Iterable[Sequence[str]]) -> None:
        self._named: dict[str, list[_Person]] = defaultdict(list)
        """The persons by each word of their names, in capitals."""
        self._all = [_Person(parts) for parts in names]
        for person in self._all:
            for word in person.words():
                self._named[word].append(person)

    def out_of(self, text: str, field: int = ANYTHING) -> str:
        """Return a text without persons; a single word is none. It is that of a `field` about something."""
        if text.isalpha():
            return text
        return self._without(without_addresses(text, field), ANYWHERE)

    def out_of_organisation(self, name: str) -> str:
        """Return the name of an organisation without persons; it may be called as an office of the record is."""
        return self._without(without_addresses(name), ORGANISATIONS)

    def _without(self, text: str, place: int) -> str:
        """Return a text without the names that it may have."""
        words = self._named.keys() & capitals(text)
        if not words:
            return text
        found = dict.fromkeys(person for word in words for person in self._named[word])
        few = [person.matchers[place] for person in found] if len(found) <= _FEW else [self._together[place]]
        return replace(text, few, WITHHELD)

    @cached_property
    def _together(self) -> tuple[Names, Names]:
        """What finds all persons in one pass, in any text and where an organisation is named."""
        return _matchers(person.forms for person in self._all)


class _Person:
    """A person whose name may be in a text."""

    def __init__(self, parts: Sequence[str]) -> None:
        self._parts = parts

    def words(self) -> set[str]:
        """Return the words of the name in capitals: one of them at least is in each form."""
        name = " ".join(self._parts)
        return {*capitals(name), *capitals(name.upper())}

    @cached_property
    def forms(self) -> tuple[set[Name], set[Name]]:
        return forms(self._parts)

    @cached_property
    def matchers(self) -> tuple[Names, Names]:
        """What finds the person, in any text and where an organisation is named."""
        return _matchers([self.forms])


def _matchers(known: Iterable[tuple[set[Name], set[Name]]]) -> tuple[Names, Names]:
    anywhere, organisations = zip(*known, strict=True)
    return Names(set().union(*anywhere)), Names(set().union(*organisations))


ANYWHERE, ORGANISATIONS = range(2)
"""Where a name may be: in any text, or where an organisation is named."""
_FEW: Final = 4
"""Persons that are looked for one after another in one text; more are looked for in one pass."""

"""Languages of the page: a made-up one in Greek letters, and what is wrong with the tables of one.

The made-up language has the tables of English with a Greek letter for each Latin one, so that every word in Latin
letters on its page is a word that no table has.
"""

import functools
import re
import string
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import trialparse
from trialparse.mapping.kinds import kind_of, kinds
from trialparse.pages.tables import Texts, texts, texts_in

ENGLISH = Path(trialparse.__path__[0], "pages", "en")

_SLOT = re.compile(r"(\{\w+\})")
_GREEK = str.maketrans(string.ascii_letters, "αβψδεφγηιξκλμνοπθρστθωςχυζΑΒΨΔΕΦΓΗΙΞΚΛΜΝΟΠΘΡΣΤΘΩΣΧΥΖ")


def greek(words: str) -> str:
    """Return words in Greek letters; a place for words stays what it is.

    >>> greek("The {noun} ends")
    'Τηε {noun} ενδσ'
    """
    return "".join(part if _SLOT.fullmatch(part) else part.translate(_GREEK) for part in _SLOT.split(words))


@functools.cache
def made_up() -> Texts:
    """Return the words of the made-up language."""
    with tempfile.TemporaryDirectory() as folder:
        return _written(Path(folder))


def _written(folder: Path) -> Texts:
    """Write the tables of the made-up language into a folder, and return its words."""
    for path in ENGLISH.iterdir():
        head, *rows = path.read_text(encoding="utf-8").splitlines()
        parts = [row.partition("\t") for row in rows]
        lines = [head, *(f"{key}\t{greek(words)}" for key, _, words in parts)]
        (folder / path.name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    lines = ["key\ttext", *(f"{key}\t{greek(words)}" for key, words in of_registers().items())]
    (folder / "records.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return texts_in(folder, "xx")


def of_registers() -> dict[str, str]:
    """Return the words that folders of registers have for the page in English, by their keys in `records.tsv`."""
    any_kind = kind_of("")
    found = {f"register.{word}": words for word, words in any_kind.registers.items()}
    found |= {f"region.{word}": words for word, words in any_kind.regions.items()}
    for name, kind in kinds().items():
        for what in ("made_from", "explanation", "authority"):
            if getattr(kind, what):
                found[f"{what}.{name}"] = getattr(kind, what)
    return found


def faults(language: Texts) -> list[str]:
    """Return what is wrong with the tables of a language: rows that lack or are too many, and places of wordings."""
    english = texts()
    found = [*_places(language, english)]
    tables = {
        "sentences.tsv and details.tsv": (language.wordings, english.wordings),
        "phrases.tsv": (language.phrases, english.phrases),
        "glossary.tsv": (language.glossary, english.glossary),
        "countries.tsv": (language.countries, english.countries),
        "differences.tsv": (language.differences, english.differences),
    }
    if language.language != english.language:
        tables["records.tsv"] = (language.records, of_registers())
    for name, (own, model) in tables.items():
        found += _keys(name, own, model)
    return found


def _keys(name: str, own: Mapping[str, object], model: Mapping[str, object]) -> Iterator[str]:
    """Yield the rows that lack, each with its English words, and those that are too many."""
    yield from (f"{name}: no row {key!r}: {model[key]}" for key in model if key not in own)
    yield from (f"{name}: nothing asks for {key!r}" for key in own if key not in model)


def _places(language: Texts, english: Texts) -> Iterator[str]:
    """Yield the wordings whose places for words are not those of English."""
    for key, wording in language.wordings.items():
        model = english.wordings.get(key, wording)
        own, asked = slots(wording.text), slots(model.text)
        if own != asked:
            yield f"{key}: has the places {sorted(own)}, not {sorted(asked)}"
        if wording.several and slots(wording.several) not in (asked, slots(model.several)):
            yield f"{key}: for several records has the places {sorted(slots(wording.several))}, not {sorted(asked)}"


def slots(words: str) -> set[str]:
    """Return the places for words."""
    return set(re.findall(r"\{(\w+)\}", words))

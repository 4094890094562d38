"""Languages: a trial whose texts are those of a preferred language, where the register has them."""

import difflib
from typing import Any

import attrs

from trialparse.model import Trial
from trialparse.model.building import build
from trialparse.model.values import Translation
from trialparse.prepared import prepared
from trialparse.tsv import files_of, read_lines

_MOST = 4
"""Codes that an error names."""
_SUFFIX = "_translations"


@prepared
def languages() -> dict[str, str]:
    """Return the languages of ISO 639-1: name by code."""
    table = read_lines(files_of("trialparse.model") / "languages.tsv")
    return {cells["code"]: cells["name"] for _, cells in table}


def check_language(code: object) -> None:
    """Raise ValueError for what is no code of ISO 639-1, in capitals or not; the error names those that are near.

    >>> check_language("it")
    >>> check_language("italian")
    Traceback (most recent call last):
    ...
    ValueError: 'italian' is no ISO 639-1 code; near are it (Italian)
    """
    if isinstance(code, str) and code.lower() in languages():
        return
    near = ", ".join(f"{one} ({languages()[one]})" for one in _near(str(code).lower()))
    raise ValueError(f"{code!r} is no ISO 639-1 code; " + (f"near are {near}" if near else "one is it (Italian)"))


def _near(word: str) -> list[str]:
    """Return codes of languages that a word may mean: of names like it, or codes like it."""
    codes = {name.lower(): code for code, name in languages().items()}
    names = difflib.get_close_matches(word, codes, n=_MOST, cutoff=0.8)
    return [codes[name] for name in names] or difflib.get_close_matches(word, languages(), n=_MOST, cutoff=0.5)


def in_language(trial: Trial, language: str) -> tuple[Trial, dict[str, str]]:
    """Return the trial with its texts in `language` where there is a translation, and which text came from where.

    The text that gives way takes the translation's place, with None for its language: registers do not say in what
    language their main text is, and nothing is guessed.
    """
    moves: dict[str, str] = {}
    return _turned(trial, language.lower(), "", moves), moves


def _turned(value: Any, language: str, path: str, moves: dict[str, str]) -> Any:
    if isinstance(value, tuple):
        made = tuple(_turned(item, language, f"{path}[{index}]", moves) for index, item in enumerate(value))
        return made if any(new is not old for new, old in zip(made, value, strict=True)) else value
    if not attrs.has(type(value)):
        return value
    values = {attribute.name: getattr(value, attribute.name) for attribute in attrs.fields(type(value))}
    prefix = f"{path}." if path else ""
    changed = {}
    for name, item in values.items():
        if isinstance(item, tuple) or attrs.has(type(item)):
            turned = _turned(item, language, prefix + name, moves)
            if turned is not item:
                changed[name] = turned
    for name, translations in values.items():
        if name.endswith("translations") and isinstance(translations, tuple):
            text = name.removesuffix(_SUFFIX) if name.endswith(_SUFFIX) else "text"
            changed |= _exchanged(values, text, name, language, prefix, moves)
    return build(type(value), {**values, **changed}) if changed else value


def _exchanged(
    values: dict[str, Any], text: str, name: str, language: str, prefix: str, moves: dict[str, str]
) -> dict[str, Any]:
    """Return the fields of one record whose text and translation change places."""
    translations: tuple[Translation, ...] = values[name]
    for index, translation in enumerate(translations):
        if translation.language == language:
            there = f"{prefix}{name}[{index}]"
            moves[prefix + text] = f"{there}.text"
            moves[f"{there}.text"] = prefix + text
            rest = list(translations)
            rest[index : index + 1] = [Translation(text=values[text])] if values[text] is not None else []
            return {text: translation.text, name: tuple(rest)}
    return {}

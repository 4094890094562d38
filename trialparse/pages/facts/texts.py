"""The words of a value that has translations beside its text."""

from typing import Any

from trialparse.pages.page import Quote
from trialparse.pages.view import View, look_up


def own_words(value: Any) -> tuple[str, str] | None:
    """Return the text of an objective, endpoint, criterion or condition, and its path below the value.

    If there is no text, the first translation replaces it.
    """
    if value.text and value.text.strip():
        return value.text, "text"
    for index, translation in enumerate(value.translations):
        if translation.text and translation.text.strip():
            return translation.text, f"translations[{index}].text"
    return None


def quoted_at(view: View, base: str) -> tuple[Quote, str] | None:
    """Return the words of the value at a path as a quote in its language, and the field that they are from."""
    words = own_words(look_up(view.trial, base))
    if words is None:
        return None
    field = f"{base}.{words[1]}"
    return Quote(words[0], view.language(field)), field

"""What is withheld from real exports besides contact fields: few stretches, and no pattern finds many of them.

All of them were read: each is a telephone number or an e-mail address. A pattern that is wider than before finds more,
and one that is narrower finds fewer.
"""

import sys
from collections import defaultdict
from collections.abc import Iterator

import pytest

from tests.conftest import THOROUGH, corpus_files
from trialparse import TrialParseError, read
from trialparse.parsing import persons
from trialparse.parsing.emails import emails
from trialparse.parsing.phones import phones

pytestmark = pytest.mark.corpus

BOUNDS = {"e-mail": 16, "form": 3, "word": 1, "short word": 0, "field": 0, "numbering plan": 2}
"""Different stretches of all real exports, by what shows them; in the profile `fuzz` these are the figures."""


def texts_without_contacts(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[str, int]]:
    """Yield each text of real exports that no row marks, with what its field is about."""
    seen: set[tuple[str, int]] = set()
    plain = persons.without_addresses

    def noted(text: str, field: int = 0) -> str:
        seen.add((text, field))
        return plain(text, field)

    monkeypatch.setattr(persons, "without_addresses", noted)
    for path in corpus_files():
        try:
            for _ in read(path, contacts=False, keep_raw=False):
                pass
        except TrialParseError:
            continue
    yield from seen


def test_real_exports(monkeypatch: pytest.MonkeyPatch) -> None:
    """`pytest -rP` gives the figures."""
    found: dict[str, set[str]] = defaultdict(set)
    texts, words = 0, 0
    for text, field in texts_without_contacts(monkeypatch):
        texts, words = texts + 1, words + len(text.split())
        found["e-mail"].update(text[start:end] for start, end in emails(text))
        for start, end, shown_by in phones(text, field):
            found[shown_by].add(text[start:end])

    counts = {shown_by: len(found[shown_by]) for shown_by in BOUNDS}
    sys.stdout.write(f"{texts} texts, {words} words: {counts}\n")
    assert words > 100_000
    assert found.keys() <= BOUNDS.keys()
    assert counts["e-mail"] > 0
    assert [] == [shown_by for shown_by, count in counts.items() if count > BOUNDS[shown_by]]
    assert counts == BOUNDS or not THOROUGH

"""Strategies for Hypothesis: valid trials, documents that must parse to known trials, and documents with one damage.

For the tests of this library and of those that build on it; the only place that imports Hypothesis.
Hypothesis draws a size and a seed, the rest is drawn from the seed: a document costs a few hundred choices,
and as many draws of Hypothesis would cost ten times the parsing. Failures shrink to few paths, not to short words.
"""

import random
from functools import cache

from hypothesis import strategies as st

from trialparse.mapping.compiled import mapping_of
from trialparse.mapping.format import Format
from trialparse.model import Trial
from trialparse.registries import FORMATS
from trialparse.strategies.damage import Damaged, damage
from trialparse.strategies.document import Document, Maker
from trialparse.strategies.trial import make_trial

__all__ = ["Damaged", "Document", "damaged", "documents", "trials"]


_SEEDS = st.integers(0, 2**32 - 1).map(random.Random)


def trials() -> st.SearchStrategy[Trial]:
    """Return valid trials, a few fields of each filled, texts nasty."""
    return _SEEDS.map(make_trial)


def documents(format: Format | str, *, sparse: bool = True) -> st.SearchStrategy[Document]:
    """Return documents of a format, made from its table, each with the trial that it must parse to.

    Sparse documents hold a few paths of the table, others up to forty.
    """
    chosen = next((known for known in FORMATS if format in (known, known.name)), format)
    if isinstance(chosen, str):
        raise ValueError(f"there is no format {chosen!r}")
    sizes = st.integers(1, 6 if sparse else 40)
    return st.builds(lambda size, seed: maker_of(chosen).document(seed, size), sizes, _SEEDS)


@cache
def maker_of(format: Format) -> Maker:
    """Return the maker of a format's documents, made ready once."""
    mapping = mapping_of(format)
    return Maker(format, mapping.plan, mapping.rows, mapping.codes)


def damaged(document: Document) -> st.SearchStrategy[Damaged]:
    """Return the document with one damage, in one value, key, list or byte."""
    return _SEEDS.map(lambda seed: damage(document, seed))

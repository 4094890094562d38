"""Strategies for Hypothesis: valid trials, documents that must parse to known trials, and what goes wrong with both.

A document can be damaged in one place or cut off, and a trial can be had as a thinner record holds it.

For the tests of this library and of those that build on it; the only place that imports Hypothesis.
Hypothesis draws a size and a seed, the rest is drawn from the seed: a document costs a few hundred choices,
and as many draws of Hypothesis would cost ten times the parsing. Failures shrink to few paths, not to short words.
"""

import random
from functools import cache

from hypothesis import strategies as st

from trialparse.mapping.carried import not_carried
from trialparse.mapping.compiled import mapping_of
from trialparse.mapping.format import Format
from trialparse.model import Trial
from trialparse.registries import FORMATS
from trialparse.strategies.cut import Cut
from trialparse.strategies.damage import Damaged, damage
from trialparse.strategies.document import Document, Maker
from trialparse.strategies.projection import KEPT, Projection, choose, project
from trialparse.strategies.trial import make_trial

__all__ = ["Cut", "Damaged", "Document", "Projection", "cut", "damaged", "documents", "projected", "trials"]


_SEEDS = st.integers(0, 2**32 - 1).map(random.Random)


def trials() -> st.SearchStrategy[Trial]:
    """Return valid trials, a few fields of each filled, texts nasty."""
    return _SEEDS.map(make_trial)


def documents(format: Format | str, *, sparse: bool = True) -> st.SearchStrategy[Document]:
    """Return documents of a format, made from its table, each with the trial that it must parse to.

    Sparse documents hold a few paths of the table, others up to forty.
    """
    chosen = _format_of(format)
    sizes = st.integers(1, 6 if sparse else 40)
    return st.builds(lambda size, seed: maker_of(chosen).document(seed, size), sizes, _SEEDS)


def _format_of(format: Format | str) -> Format:
    """Return a format, given as it is or by its name."""
    chosen = next((known for known in FORMATS if format in (known, known.name)), format)
    if isinstance(chosen, str):
        raise ValueError(f"there is no format {chosen!r}")
    return chosen


@cache
def maker_of(format: Format) -> Maker:
    """Return the maker of a format's documents, made ready once."""
    mapping = mapping_of(format)
    return Maker(format, mapping.plan, mapping.rows, mapping.codes)


def damaged(document: Document) -> st.SearchStrategy[Damaged]:
    """Return the document with one damage, in one value, key, list or byte."""
    return _SEEDS.map(lambda seed: damage(document, seed))


def cut(document: Document) -> st.SearchStrategy[Cut]:
    """Return the document cut off before any of its bytes, beside the whole one."""
    return st.integers(0, len(document.data) - 1).map(lambda at: Cut(whole=document, at=at))


def projected(trial: Trial, format: Format | str | None = None) -> st.SearchStrategy[Projection]:
    """Return the trial as thinner records hold it: some fields are empty and in `not_carried`.

    Which ones is drawn, or is what records of `format` do not hold, whatever is in them: with `ctis-search`, all that
    a row of a search lacks. Numbers and register stay, and items of a list stay as they are.
    Raises ValueError for an unknown format.
    """
    if format is None:
        return _SEEDS.map(lambda random: project(trial, choose(trial, random)))
    lacked = [path for path in not_carried(mapping_of(_format_of(format)).rows) if path not in KEPT]
    return st.just(project(trial, lacked))

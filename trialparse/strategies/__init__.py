"""Strategies for Hypothesis: valid trials, documents that must parse to known trials, and documents with one damage.

For the tests of this library and of those that build on it; the only place that imports Hypothesis.
"""

from typing import Any

from hypothesis import strategies as st

from trialparse.mapping import Format, mapping_of
from trialparse.model import Trial
from trialparse.registries import FORMATS
from trialparse.strategies.damage import Damaged, damage
from trialparse.strategies.document import Document, Maker
from trialparse.strategies.trial import make_trial

__all__ = ["Damaged", "Document", "damaged", "documents", "trials"]


@st.composite
def trials(draw: st.DrawFn) -> Trial:
    """Return valid trials, a few fields of each filled, texts nasty."""
    return make_trial(draw(st.randoms(use_true_random=False)))


def documents(format: Format | str, *, sparse: bool = True) -> st.SearchStrategy[Document]:
    """Return documents of a format, made from its table, each with the trial that it must parse to.

    Sparse documents hold a few paths of the table, others up to forty.
    """
    chosen = next((known for known in FORMATS if format in (known, known.name)), format)
    if isinstance(chosen, str):
        raise ValueError(f"there is no format {chosen!r}")
    return _documents(chosen, 6 if sparse else 40)


@st.composite
def _documents(draw: st.DrawFn, format: Format, size: int) -> Document:
    return maker_of(format).document(draw(st.randoms(use_true_random=False)), size)


_makers: dict[str, Any] = {}


def maker_of(format: Format) -> Maker:
    """Return the maker of a format's documents, made ready once."""
    maker: Maker | None = _makers.get(format.name)
    if maker is None:
        mapping = mapping_of(format)
        maker = _makers[format.name] = Maker(format, mapping.plan, mapping.rows, mapping.codes)
    return maker


@st.composite
def damaged(draw: st.DrawFn, document: Document) -> Damaged:
    """Return the document with one damage, in one value, key, list or byte."""
    return damage(document, draw(st.randoms(use_true_random=False)))

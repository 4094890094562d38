"""Fields of CTIS that no row can read: the kind of a product, which follows from what is said of it."""

from collections.abc import Sequence

from trialparse.mapping.folder import codes_of
from trialparse.mapping.rows import fold
from trialparse.model.terms import InterventionType

Words = Sequence[object]
"""The values at a path; None or nothing where an element is absent."""

_BIOLOGICAL = frozenset({"IMMUNOLOGICAL", "PLASMA_DERIVED", "RECOMBINANT", "GENETICALLY_MODIFIED"})
"""Characteristics that make a product a biological one (Directive 2001/83/EC, Annex I)."""


def kind_of_product(
    role: Words, characteristics: Words, chemical: Words, advanced: Words, therapies: Words
) -> InterventionType | None:
    """Return the kind of a medicinal product: biological, or a medicine, as a placebo is; None where it is unclear.

    Sponsors tick "immunological" beside "other" for small molecules: characteristics of both kinds say nothing.
    "All substances are chemicals: no" says nothing either, for it is said of carboplatin too.
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

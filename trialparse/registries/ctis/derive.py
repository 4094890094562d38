"""What no row of CTIS can read: the kind of a product, and which application an assessment belongs to."""

import re
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


def assesses_part_one(kind: Words, scope: Words, assessed: Words, submitted: Words) -> bool:
    """Whether the assessment of Part I that an application shows is its own; see `_is_own`.

    A member state that is added later takes over what the others concluded of Part I (Article 14).
    """
    return "ADDITION_OF_MEMBER_STATE" not in _kinds(kind) and _is_own("PART_II", kind, scope, assessed, submitted)


def assesses_part_two(kind: Words, scope: Words, assessed: Words, submitted: Words) -> bool:
    """Whether the assessment of Part II that an application shows is its own; see `_is_own`."""
    return _is_own("PART_I", kind, scope, assessed, submitted)


def is_assessed(kind: Words) -> bool:
    """Whether an application of this kind is validated and assessed: a modification that is not substantial is not."""
    return "NON_SUBSTANTIAL_MODIFICATION" not in _kinds(kind)


def _is_own(other: str, kind: Words, scope: Words, assessed: Words, submitted: Words) -> bool:
    """Whether an assessment belongs to the application that shows it.

    CTIS repeats in a modification what was concluded of the applications before it. A modification that is not
    substantial is not assessed (Regulation (EU) 536/2014, Article 81(9)), and one of the `other` part alone leaves this
    part as it was (Articles 18 and 20). The day of an assessment is not before that of the submission. An initial
    application has nothing to repeat.
    """
    if not _kinds(kind) & {"SUBSTANTIAL_MODIFICATION", "NON_SUBSTANTIAL_MODIFICATION"}:
        return True
    if not is_assessed(kind) or other in scope:
        return False
    days = [str(day)[:10] for day in assessed if day]
    return bool(days) and all(max(days) >= str(day)[:10] for day in submitted if day)


def _kinds(kind: Words) -> set[str | None]:
    """Return our terms for the kind of an application."""
    meanings = [codes_of("ctis")["application_type"].get(fold(word)) for word in kind]
    return {meaning.term for meaning in meanings if meaning is not None}


_REQUEST = re.compile(r"CT-\d{4}-\d{6}-\d{2}-\d{2}-(?P<kind>[A-Z]+)(?P<number>\d*)-\d+")


def application_of(*words: Words) -> str | None:
    """Return the key of an application, such as `SM-2`, from the keys of its requests; else what its kind says.

    A trial has one initial application, whose key is `IN`. The last words are the kind of the application, those before
    them keys of requests such as `CT-2022-500000-12-00-SM02-001`.
    """
    *requests, kind = words
    for key in (key for keys in requests for key in keys):
        found = _REQUEST.fullmatch(key) if isinstance(key, str) else None
        if found:
            number = found["number"].lstrip("0")
            return f"{found['kind']}-{number}" if number else found["kind"]
    terms = _kinds(kind)
    return None if len(terms) != 1 else "IN" if terms == {"INITIAL"} else terms.pop()

"""What people are given: products joined by their substances, for the substance is what readers know best."""

from collections.abc import Iterable, Iterator

import attrs

from trialparse.generated.classes import frozen
from trialparse.model.interventions import AdvancedTherapy, Intervention
from trialparse.model.terms import ProductRole
from trialparse.pages.page import Piece, Quote
from trialparse.pages.view import View


@frozen
class Treatment:
    """Products of one substance and one role."""

    role: ProductRole | None
    """Its role."""
    name: Quote | None
    """What it is called; None for a product without any name."""
    field: str
    """The field of the name; without one, the product."""
    indices: tuple[int, ...]
    """The indices of the products."""
    strengths: dict[str, Piece] = attrs.field(hash=False)
    """The strengths, by field."""


def treatments(view: View, kept: Iterable[int]) -> list[Treatment]:
    """Return the treatments: what is tested, then what it is compared with, then the rest."""
    products = view.trial.interventions
    joined: dict[tuple[ProductRole | None, str], list[int]] = {}
    for index in kept:
        joined.setdefault((products[index].role, _substance(products[index], index)), []).append(index)
    for role, substance in [one for one in joined if one[0] is None and view.several]:
        known = next((one for one in joined if one[1] == substance and one[0] is not None), None)
        if known:  # one record has the role, another leaves it open
            joined[known] = sorted([*joined[known], *joined.pop((role, substance))])
    order = [*ProductRole, None]
    found = [_treatment(view, role, indices) for (role, _), indices in joined.items()]
    return sorted(found, key=lambda one: order.index(one.role))


def _substance(product: Intervention, index: int) -> str:
    """Return by what products are one: their substances, else the name; a placebo is a placebo."""
    if product.role is ProductRole.PLACEBO:
        return ""
    names = sorted({" ".join(one.name.casefold().split()) for one in product.substances if one.name})
    name = product.name or product.sponsor_code
    return "\n".join(names) or (" ".join(name.casefold().split()) if name else f"\n{index}")


def _treatment(view: View, role: ProductRole | None, indices: list[int]) -> Treatment:
    of_substance = len(indices) > 1 and role is not ProductRole.PLACEBO
    named = next((one for index in indices for one in _names(view, index, of_substance)), None)
    strengths: dict[str, Piece] = {}
    for index in indices:
        for field, words in _strengths(view, index):
            if words not in strengths.values():
                strengths[field] = words
    name, field = named or (None, f"interventions[{indices[0]}]")
    return Treatment(role, name, field, tuple(indices), strengths)


def _names(view: View, index: int, of_substance: bool) -> Iterator[tuple[Quote, str]]:
    """Yield what a product is called: its name, else that of its substance, else the code.

    Several products of one substance are called by that.
    """
    path, product = f"interventions[{index}]", view.trial.interventions[index]
    substances = [(f"substances[{number}].name", one.name) for number, one in enumerate(product.substances)]
    own = [("name", product.name)]
    names = [*substances, *own] if of_substance and len(substances) == 1 else [*own, *substances]
    names += [("trade_name", product.trade_name), ("sponsor_code", product.sponsor_code)]
    for name, text in names:
        if text and text.strip():
            yield Quote(text, view.language(f"{path}.{name}")), f"{path}.{name}"


def _strengths(view: View, index: int) -> Iterator[tuple[str, Piece]]:
    """Yield the strengths of a product in the register's words, each with its field."""
    path, product = f"interventions[{index}]", view.trial.interventions[index]
    if product.strength and product.strength.strip():
        yield f"{path}.strength", Quote(_without(product.strength, product))
    for number, one in enumerate(product.substances):
        field = f"{path}.substances[{number}]"
        if one.strength and one.strength.strip():
            yield f"{field}.strength", Quote(one.strength)
        unit = view.texts.phrases.get(f"unit.{one.concentration.unit.term}") if one.concentration.unit else None
        if one.concentration.low is not None and unit and len(product.substances) == 1:
            ends = (
                [one.concentration.low]
                if one.concentration.high is None
                else [one.concentration.low, one.concentration.high]
            )
            amount = " – ".join(map(view.texts.number, ends))
            yield f"{field}.concentration", view.texts.plain("dose", amount=amount, unit=unit.short)


def _without(strength: str, product: Intervention) -> str:
    """Return a strength without the name of the product or its substance before it."""
    for name in (product.name, *(one.name for one in product.substances)):
        if name and strength.casefold().startswith(name.casefold()) and strength[len(name) :].strip():
            return strength[len(name) :].strip()
    return strength


def therapies(view: View, kept: Iterable[int]) -> dict[str, AdvancedTherapy]:
    """Return what makes the tested products advanced therapies, by path; equal ones once."""
    found: dict[AdvancedTherapy, str] = {}
    for index in kept:
        product = view.trial.interventions[index]
        if product.role in (ProductRole.TEST, None):
            for number, one in enumerate(product.advanced_therapies):
                found.setdefault(one, f"interventions[{index}].advanced_therapies[{number}]")
    return {path: one for one, path in found.items()}

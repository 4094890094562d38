"""What the study tests: each product, what is special about it, and how the trial is built."""

from collections.abc import Iterable, Iterator

from trialparse.generated.classes import frozen
from trialparse.model.interventions import Dose, Intervention
from trialparse.model.terms import InterventionType, ProductRole
from trialparse.model.values import Coded
from trialparse.pages import wording
from trialparse.pages.details import design
from trialparse.pages.details.excerpts import left_out
from trialparse.pages.details.gaps import gap
from trialparse.pages.details.lines import (
    MOST,
    Line,
    answering,
    coding,
    enumerated,
    filling,
    listing,
    quoting,
    stating,
    write_lines,
)
from trialparse.pages.details.versions import only_in, otherwise, shown
from trialparse.pages.page import Block, Of, Paragraph, Piece, Quote, Sentence, Words
from trialparse.pages.sentences import explain, worded
from trialparse.pages.view import View, look_up


def _dose(view: View, dose: Dose) -> Words:
    """Return the amount of a dose and its unit, which stays in the register's words where there are no plain ones."""
    amount = view.texts.number(dose.amount or 0)
    known = view.texts.phrases.get(f"unit.{dose.unit.term}") if dose.unit else None
    if known is not None:
        return view.words("dose", amount=amount, unit=known.short)
    if dose.unit and wording.is_code(dose.unit):
        return view.words("dose.coded", amount=amount)
    unit = wording.coded(dose.unit) if dose.unit else None
    return view.words("dose", amount=amount, unit=unit) if unit else view.words("dose.open", amount=amount)


def _routes(view: View, routes: tuple[Coded, ...], field: str, key: str) -> Iterator[Sentence]:
    """Write the ways in which a product is given, and what their names mean."""
    yield from listing()(view, routes, field, key)
    for term in dict.fromkeys(route.term for route in routes):
        yield from explain(view, f"route.{term}")


_DOSE = filling(_dose)
_PRODUCT = (
    Line("role", stating, "product.role"),
    Line("type", stating, "product.type"),
    Line("description", quoting, "product.description"),
    Line("substances", listing("name"), "product.substances"),
    Line("form", coding(), "product.form"),
    Line("routes", _routes, "product.routes"),
    Line("daily_dose", _DOSE, "product.daily_dose"),
    Line("total_dose", _DOSE, "product.total_dose"),
    Line("duration", filling(lambda view, length: view.texts.length(length)), "product.duration"),
    Line("authorised", answering, "product.authorised"),
    Line("orphan", answering, "product.orphan", gloss="about.orphan"),
    Line("orphan_number", quoting, "product.orphan_number"),
    Line("paediatric", answering, "product.paediatric"),
)
"""The lines on a product, in this order."""

_PLACEBO = tuple(line for line in _PRODUCT if line.field != "type")
"""The lines on a placebo: registers file it under medicines, which it is not."""

_ADVANCED = (
    Line("type", stating, "advanced.type"),
    Line("cell_origin", stating, "advanced.cell_origin"),
    Line("species", quoting, "advanced.species"),
    Line("cell_type", stating, "advanced.cell_type"),
    Line("cell_detail", quoting, "advanced.cell_detail"),
    Line("transfer", stating, "advanced.transfer"),
    Line("vehicle", stating, "advanced.vehicle"),
    Line("gene", quoting, "advanced.gene"),
    Line("genetically_modified", answering, "advanced.modified", gloss="about.genetically modified"),
    Line("modified_cells", quoting, "advanced.modified_cells"),
    Line("description", quoting, "advanced.description"),
)

_DEVICE = (
    Line("name", quoting, "device.name", always=True),
    Line("type", coding("device_type"), "device.type"),
    Line("combination", coding("device_combination"), "device.combination"),
    Line("description", quoting, "device.description"),
    Line("ce_marked", answering, "device.ce_marked", gloss="about.CE mark"),
)


_PRODUCTS = (InterventionType.DRUG, InterventionType.BIOLOGICAL, InterventionType.GENETIC)
"""Kinds of intervention that are called products, as are all that have a role."""

_ROLES = (*ProductRole, None)
"""The order of products and their numbers: what is tested, then what it is compared with, then the rest."""

_ASPECTS = (
    "role",
    "trade_name",
    "substances",
    "form",
    "routes",
    "authorised",
    "holder",
    "orphan",
    "orphan_number",
    "paediatric",
)
"""The fields on which the page notes that records of one product differ."""


def blocks(view: View) -> Iterator[Block]:
    """Yield the blocks of the section."""
    products = view.trial.interventions
    if not products:
        yield Paragraph(tuple(_given(view)) or (gap(view, "interventions", "tested"),))
    alike: dict[tuple[Piece, ...], list[_Product]] = {}
    kept = shown(view, "interventions", _same_product)
    order = sorted(kept, key=lambda index: _ROLES.index(products[index].role))
    for number, index in enumerate(order[:MOST], 1):
        product = _product(view, index, number)
        alike.setdefault(product.words, []).append(product)
    for first, *others in alike.values():
        opening, *rest = first.blocks
        yield Paragraph((*opening.sentences, *_same(view, first, others)))
        yield from rest
    paths = [f"interventions[{index}]" for index in order[MOST:]]
    yield Paragraph(tuple(left_out(view, "product", paths)))
    yield Paragraph(tuple(_otherwise(view, order[:MOST])))
    yield from design.blocks(view)


def _otherwise(view: View, indices: Iterable[int]) -> Iterator[Sentence]:
    """Yield which records do not name a product, and which describe it otherwise and in what."""
    aspects = {name: view.texts.plain(f"aspect.{name}") for name in _ASPECTS}
    products = {_same_product(one): one for one in (view.trial.interventions[index] for index in indices)}
    for key, product in products.items():
        known = wording.quote(product.name) or wording.quote(product.sponsor_code)
        name = known or wording.quote(next(_substances(product), None)) or view.texts.plain("unnamed.product")
        yield from only_in(view, "interventions", _same_product, key, name)
        yield from otherwise(view, "interventions", _same_product, key, "otherwise.product", aspects, name=name)


def _same_product(product: Intervention) -> tuple[str, ProductRole | None]:
    """Return by what the page takes products of two records for one: name, code, substance, or else the role."""
    name = product.name or product.sponsor_code or next(_substances(product), "")
    return " ".join(name.casefold().split()), None if name else product.role


def _substances(product: Intervention) -> Iterator[str]:
    """Yield the names of the substances."""
    return (one.name for one in product.substances if one.name)


def _given(view: View) -> Iterator[Sentence]:
    """Yield which products people were given, where a record has that for groups and not for the trial."""
    names: dict[str, str] = {}
    for number, period in enumerate(view.trial.results.flow.periods):
        for arm, group in enumerate(period.arms):
            for index, product in enumerate(group.products):
                path = f"results.flow.periods[{number}].arms[{arm}].products[{index}].name"
                if product.name and product.name.strip():
                    names.setdefault(" ".join(product.name.split()).casefold(), path)
    if names:
        words: dict[str, Piece] = {
            path: Quote(look_up(view.trial, path), view.language(path)) for path in names.values()
        }
        yield enumerated(view, view.texts.form("product.given", len(words)), words)


@frozen
class _Product:
    """The text on a product."""

    number: int
    """Its number on the page."""
    noun: str
    """What kind of thing the page calls it: the key of a product, or of an item."""
    blocks: tuple[Paragraph, ...]
    """The product itself, then what makes it an advanced therapy, then its devices."""

    @property
    def words(self) -> tuple[Piece, ...]:
        """The text without the number: equal for two products that read alike."""
        first, *rest = [sentence for block in self.blocks for sentence in block.sentences]
        name = [part for part in first.parts if isinstance(part, Quote)] or first.parts
        return (self.noun, *name, *(part for sentence in rest for part in (*sentence.parts, sentence.stop)))

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields that the text cites."""
        citations = [one for block in self.blocks for sentence in block.sentences for one in sentence.citations]
        return tuple(field for one in citations if isinstance(one, Of) for field in one.fields)


def _product(view: View, index: int, number: int) -> _Product:
    """Return the text on a product."""
    path, product = f"interventions[{index}]", view.trial.interventions[index]
    placebo = product.role is ProductRole.PLACEBO
    noun = "product" if product.role or product.type in _PRODUCTS else "item"
    therapies = [f"{path}.advanced_therapies[{number}]" for number in range(len(product.advanced_therapies))]
    devices = [f"{path}.devices[{number}]" for number in range(len(product.devices))]
    made = (
        Paragraph((_name(view, index, number, noun), *write_lines(view, _PLACEBO if placebo else _PRODUCT, path))),
        *(Paragraph(tuple(write_lines(view, _ADVANCED, therapy))) for therapy in therapies[:MOST]),
        *(Paragraph(tuple(write_lines(view, _DEVICE, device))) for device in devices[:MOST]),
    )
    return _Product(number, noun, made)


def _name(view: View, index: int, number: int, noun: str) -> Sentence:
    """Return the sentence that names a product: by its name, else by the sponsor's code, else by its substance."""
    path, product = f"interventions[{index}]", view.trial.interventions[index]
    only = noun == "item" and len(view.trial.interventions) == 1
    named = next((number for number, one in enumerate(product.substances) if wording.quote(one.name)), None)
    substance = [] if named is None else [(f"substances[{named}].name", product.substances[named].name)]
    for field, name in (("name", product.name), ("sponsor_code", product.sponsor_code), *substance):
        words = wording.quote(name)
        if words and only:
            return worded(view, "item.only", f"{path}.{field}", name=words)
        if words:
            return worded(view, f"{noun}.named", f"{path}.{field}", number=str(number), name=words)
    return gap(view, f"{path}.name", f"{noun}.named", number=str(number))


def _same(view: View, first: _Product, others: list[_Product]) -> Iterator[Sentence]:
    """Yield that the sentences on a product hold for others too."""
    if others:
        numbers = view.texts.series([str(other.number) for other in others])
        by = Of(tuple(field for other in others for field in other.fields))
        key = view.texts.form(f"{first.noun}.same", len(others))
        yield worded(view, key, by, number=str(first.number), numbers=numbers)

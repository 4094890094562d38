"""What the study tests: each product, what is special about it, and how the trial is built."""

from collections.abc import Iterable, Iterator

import attrs

from trialparse.model.interventions import Dose, Intervention
from trialparse.model.terms import InterventionType, ProductRole
from trialparse.model.values import Coded
from trialparse.pages import wording
from trialparse.pages.details import design
from trialparse.pages.details.excerpts import left_out
from trialparse.pages.details.versions import only_in, otherwise, shown
from trialparse.pages.page import Block, Of, Paragraph, Piece, Quote, Sentence
from trialparse.pages.sentences import (
    MOST,
    Line,
    Words,
    answering,
    enumerated,
    explain,
    filling,
    gap,
    listing,
    quoting,
    say,
    stating,
    tell,
    wording_of,
)
from trialparse.pages.tables import phrases
from trialparse.pages.view import View, look_up


def _dose(dose: Dose) -> Words:
    """Return the amount of a dose and its unit, which stays in the register's words where there are no plain ones."""
    amount: Piece = wording.number(dose.amount or 0)
    known = phrases().get(f"unit.{dose.unit.term}") if dose.unit else None
    if known is not None:
        return f"{amount} {known.short}"
    if dose.unit and wording.is_code(dose.unit):
        return f"{amount} (the record gives the unit only as a code)"
    unit = wording.coded(dose.unit) if dose.unit else None
    return (amount, " ", unit) if unit else f"{amount} (the record gives no unit)"


def _routes(view: View, routes: tuple[Coded, ...], field: str) -> Iterator[Sentence]:
    """Say the ways in which a product is given, and what their names mean."""
    yield from listing("The way it is given is {}", "The ways it is given are {}")(view, routes, field)
    for term in dict.fromkeys(route.term for route in routes):
        yield from explain(f"route.{term}")


_PRODUCT = (
    Line("role", stating(), "what part it plays in the trial"),
    Line("type", stating(), "what kind of thing it is"),
    Line("description", quoting("The record says of it: {}"), "more about it"),
    Line(
        "substances",
        listing("Its active substance is {}", "Its active substances are {}", "name"),
        "what its active substance is",
    ),
    Line("form", wording_of("Its form is {}"), "in which form it comes"),
    Line("routes", _routes, "how it is given"),
    Line("daily_dose", filling("The highest dose in a day is {}", _dose), "what the highest dose in a day is"),
    Line("total_dose", filling("The highest dose in all is {}", _dose), "what the highest dose in all is"),
    Line(
        "duration",
        filling("The longest time of treatment is {}", wording.duration),
        "how long treatment lasts",
    ),
    Line(
        "authorised",
        answering(
            "The record says that it is already licensed for sale",
            "The record says that it is not yet licensed for sale",
        ),
        "whether it is licensed for sale",
    ),
    Line(
        "orphan",
        answering("The record says that it is an orphan product", gloss="about.orphan"),
        "whether it is an orphan product",
    ),
    Line("orphan_number", quoting("Its orphan number is {}"), "what its orphan number is"),
    Line("paediatric", answering("It comes in a form made for children"), "whether it is made for children"),
)
"""What is said of a product, in this order."""

_PLACEBO = tuple(line for line in _PRODUCT if line.field != "type")
"""What is said of a placebo: registers file it under medicines, which it is not."""

_ADVANCED = (
    Line("type", stating(), "what kind of advanced therapy it is"),
    Line("cell_origin", stating(), "where the cells come from"),
    Line("species", quoting("The cells are of this species: {}"), "of which species the cells are"),
    Line("cell_type", stating(), "what kind of cells these are"),
    Line("cell_detail", quoting("On the cells, the record says: {}"), "more about the cells"),
    Line("transfer", stating(), "where genes are put into cells"),
    Line("vehicle", stating(), "what carries the gene"),
    Line("gene", quoting("The gene is {}"), "which gene it is"),
    Line(
        "genetically_modified",
        answering("It is genetically changed, or holds something that is", gloss="about.genetically modified"),
        "whether it is genetically changed",
    ),
    Line("modified_cells", quoting("The changed cells are {}"), "which cells are changed"),
    Line("description", quoting("On this therapy, the record says: {}"), "more about the therapy"),
)

_DEVICE = (
    Line("name", quoting("A device is used with it, named {}"), "what the device is called", always=True),
    Line(
        "type",
        wording_of("The kind of device is {}", "device_type"),
        "what kind of device it is",
    ),
    Line(
        "combination",
        wording_of("How the two go together: {}", "device_combination"),
        "how the device goes with it",
    ),
    Line("description", quoting("On the device, the record says: {}"), "more about the device"),
    Line(
        "ce_marked",
        answering("The device has a CE mark", "The device has no CE mark", "about.CE mark"),
        "whether the device has a CE mark",
    ),
)


_PRODUCTS = (InterventionType.DRUG, InterventionType.BIOLOGICAL, InterventionType.GENETIC)
"""Kinds of intervention that are called products, as are all that have a role."""

_ROLES = (*ProductRole, None)
"""The order of products and their numbers: what is tested, then what it is compared with, then the rest."""

_ASPECTS = {
    "role": "what part it plays",
    "trade_name": "the name it is sold by",
    "substances": "what it contains",
    "form": "its form",
    "routes": "how it is given",
    "authorised": "whether it is licensed for sale",
    "holder": "who sells it",
    "orphan": "whether it is an orphan product",
    "orphan_number": "its orphan number",
    "paediatric": "whether it is made for children",
}
"""What the fields are about in which records of one product differ."""


def blocks(view: View) -> Iterator[Block]:
    """Yield the blocks of the section."""
    products = view.trial.interventions
    if not products:
        yield Paragraph(tuple(_given(view)) or (gap(view, "interventions", "what is tested"),))
    alike: dict[tuple[Piece, ...], list[_Product]] = {}
    kept = shown(view, "interventions", _same_product)
    order = sorted(kept, key=lambda index: _ROLES.index(products[index].role))
    for number, index in enumerate(order[:MOST], 1):
        product = _product(view, index, number)
        alike.setdefault(product.words, []).append(product)
    for first, *others in alike.values():
        opening, *rest = first.blocks
        yield Paragraph((*opening.sentences, *_same(first, others)))
        yield from rest
    paths = [f"interventions[{index}]" for index in order[MOST:]]
    yield Paragraph(tuple(left_out(paths, "product", "products")))
    yield Paragraph(tuple(_otherwise(view, order[:MOST])))
    yield from design.blocks(view)


def _otherwise(view: View, indices: Iterable[int]) -> Iterator[Sentence]:
    """Yield which records do not name a product, and which describe it otherwise and in what."""
    products = {_same_product(one): one for one in (view.trial.interventions[index] for index in indices)}
    for key, product in products.items():
        name = wording.quote(product.name) or wording.quote(product.sponsor_code)
        name = name or wording.quote(next(_substances(product), None))
        yield from only_in(view, "interventions", _same_product, key, name or "A product without a name")
        what = (name or "a product without a name", " is described")
        yield from otherwise(view, "interventions", _same_product, key, what, _ASPECTS)


def _same_product(product: Intervention) -> tuple[str, ProductRole | None]:
    """Return by what the page takes products of two records for one: name, code, substance, or else the role."""
    name = product.name or product.sponsor_code or next(_substances(product), "")
    return " ".join(name.casefold().split()), None if name else product.role


def _substances(product: Intervention) -> Iterator[str]:
    """Yield the names of the substances."""
    return (one.name for one in product.substances if one.name)


def _given(view: View) -> Iterator[Sentence]:
    """Yield which products people were given, where a record tells that of groups and not of the trial."""
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
        one, many = "The product that people were given is {}", "The products that people were given are {}"
        yield enumerated(one if len(words) == 1 else many, words)


@attrs.frozen
class _Product:
    """The text on a product."""

    number: int
    """Its number on the page."""
    noun: str
    """What kind of thing the page calls it."""
    blocks: tuple[Paragraph, ...]
    """The product itself, then what makes it an advanced therapy, then its devices."""

    @property
    def words(self) -> tuple[Piece, ...]:
        """The text without the number: equal for two products that read alike."""
        name, *rest = [sentence for block in self.blocks for sentence in block.sentences]
        return (self.noun, name.parts[-1], *(part for sentence in rest for part in (*sentence.parts, sentence.stop)))

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields that the text cites."""
        citations = [one for block in self.blocks for sentence in block.sentences for one in sentence.citations]
        return tuple(field for one in citations if isinstance(one, Of) for field in one.fields)


def _product(view: View, index: int, number: int) -> _Product:
    """Return the text on a product."""
    path, product = f"interventions[{index}]", view.trial.interventions[index]
    placebo = product.role is ProductRole.PLACEBO
    noun = "Product" if product.role or product.type in _PRODUCTS else "Item"
    therapies = [f"{path}.advanced_therapies[{number}]" for number in range(len(product.advanced_therapies))]
    devices = [f"{path}.devices[{number}]" for number in range(len(product.devices))]
    made = (
        Paragraph((_name(view, index, number, noun), *tell(view, _PLACEBO if placebo else _PRODUCT, path))),
        *(Paragraph(tuple(tell(view, _ADVANCED, therapy))) for therapy in therapies[:MOST]),
        *(Paragraph(tuple(tell(view, _DEVICE, device))) for device in devices[:MOST]),
    )
    return _Product(number, noun, made)


def _name(view: View, index: int, number: int, noun: str) -> Sentence:
    """Return the sentence that names a product: by its name, else by the sponsor's code, else by its substance."""
    path, product = f"interventions[{index}]", view.trial.interventions[index]
    only = noun == "Item" and len(view.trial.interventions) == 1
    named = next((number for number, one in enumerate(product.substances) if wording.quote(one.name)), None)
    substance = [] if named is None else [(f"substances[{named}].name", product.substances[named].name)]
    for field, name in (("name", product.name), ("sponsor_code", product.sponsor_code), *substance):
        words = wording.quote(name)
        if words and only:
            return say("What the trial tests or uses is {}", words, by=Of((f"{path}.{field}",)))
        if words:
            return say("{} {} is {}", noun, str(number), words, by=Of((f"{path}.{field}",)))
    return gap(view, f"{path}.name", f"what {noun.lower()} {number} is called")


def _same(first: _Product, others: list[_Product]) -> Iterator[Sentence]:
    """Yield that what was said of a product holds for others too."""
    if others:
        noun = first.noun.lower()
        numbers = wording.series([str(other.number) for other in others])
        by = Of(tuple(field for other in others for field in other.fields))
        template = f"All that is said of {noun} {first.number} also holds for {noun}{'s' * (len(others) > 1)} {{}}"
        yield say(template, numbers, by=by)

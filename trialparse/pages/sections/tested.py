"""What the study tests: each product, what is special about it, and how the trial is built."""

from collections.abc import Iterator

from trialparse.model import Dose, Trial
from trialparse.pages import wording
from trialparse.pages.page import Block, Of, Paragraph, Part, Sentence
from trialparse.pages.sections import design
from trialparse.pages.sentences import (
    Line,
    Words,
    answering,
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
from trialparse.terms import InterventionType
from trialparse.values import Coded


def _dose(dose: Dose) -> Words:
    """Return the amount of a dose and its unit, which stays in the register's words where there are no plain ones."""
    amount: Part = wording.number(dose.amount or 0)
    known = phrases().get(f"unit.{dose.unit.term}") if dose.unit else None
    if known is not None:
        return f"{amount} {known.short}"
    unit = wording.coded(dose.unit) if dose.unit else None
    return (amount, " ", unit) if unit else f"{amount} (the record gives no unit)"


def _routes(routes: tuple[Coded, ...], field: str) -> Iterator[Sentence]:
    """Say the ways in which a product is given, and what their names mean."""
    yield from listing("The way it is given is {}", "The ways it is given are {}")(routes, field)
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
    Line("name", quoting("A device is used with it: {}"), "what the device is called", always=True),
    Line("type", wording_of("The kind of device is {}"), "what kind of device it is"),
    Line("combination", wording_of("How the two go together: {}"), "how the device goes with it"),
    Line("description", quoting("On the device, the record says: {}"), "more about the device"),
    Line(
        "ce_marked",
        answering("The device has a CE mark", "The device has no CE mark", "about.CE mark"),
        "whether the device has a CE mark",
    ),
)


_PRODUCTS = (InterventionType.DRUG, InterventionType.BIOLOGICAL, InterventionType.GENETIC)
"""Kinds of intervention that are called products, as are all that have a role."""


def blocks(trial: Trial) -> Iterator[Block]:
    """Yield the blocks of the section."""
    if not trial.interventions:
        yield Paragraph((gap(trial, "interventions", "what is tested"),))
    for index, product in enumerate(trial.interventions):
        path = f"interventions[{index}]"
        yield Paragraph((_name(trial, index), *tell(trial, _PRODUCT, path)))
        for number in range(len(product.advanced_therapies)):
            yield Paragraph(tuple(tell(trial, _ADVANCED, f"{path}.advanced_therapies[{number}]")))
        for number in range(len(product.devices)):
            yield Paragraph(tuple(tell(trial, _DEVICE, f"{path}.devices[{number}]")))
    yield from design.blocks(trial)


def _name(trial: Trial, index: int) -> Sentence:
    """Return the sentence that names a product, by the sponsor's code if it has no name."""
    path = f"interventions[{index}]"
    product = trial.interventions[index]
    noun = "Product" if product.role or product.type in _PRODUCTS else "Item"
    for field, name in (("name", product.name), ("sponsor_code", product.sponsor_code)):
        words = wording.quote(name)
        if words:
            return say("{} {} is {}", noun, str(index + 1), words, by=Of((f"{path}.{field}",)))
    return gap(trial, f"{path}.name", f"what {noun.lower()} {index + 1} is called")

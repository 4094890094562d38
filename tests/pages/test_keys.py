"""The rows of the tables and the code agree: each key that the code can ask for is there, and no row is there for none.

Keys that the code writes out are found in its text; those that it puts together have a family each, below.
"""

import ast
import importlib
import importlib.resources
import inspect
import itertools
import pkgutil
from collections.abc import Iterable, Iterator
from functools import partial
from typing import Any, NamedTuple

import pytest

import trialparse.pages
from tests.counting import some
from trialparse.mapping.folder import codes_of
from trialparse.mapping.grammar import RELATIONS
from trialparse.mapping.kinds import kind_of
from trialparse.model import terms
from trialparse.model.terms import AgeGroup, Allocation, MissingKind, Phase
from trialparse.pages.details import lines
from trialparse.pages.details.lines import Line
from trialparse.pages.tables import texts
from trialparse.vocabulary import Term

NUMBERS = ("one", "other")
"""The forms of what is counted."""


def names(*vocabularies: type[Term]) -> list[str]:
    """Return the keys of terms, such as `Phase.I`."""
    return [f"{vocabulary.__name__}.{term.name}" for vocabulary in vocabularies for term in vocabulary]


def codes(list_: str, format: str = "ctis") -> list[str]:
    """Return the terms of a code list."""
    return [meaning.term for meaning in codes_of(format)[list_].values() if meaning.term]


class Family(NamedTuple):
    """Keys that are put together."""

    parts: tuple[Iterable[str], ...]
    """What can be at each place, from the left."""
    whole: bool = True
    """Whether each of them must be there; the code asks first where not."""


def family(*parts: Iterable[str] | str, whole: bool = True) -> Family:
    return Family(tuple([part] if isinstance(part, str) else list(part) for part in parts), whole)


OPEN = [*(kind.name for kind in MissingKind), "none"]
ENDS = ["minimum_age", "maximum_age"]
STATUS = names(terms.Regulatory, terms.Progress, terms.Recruitment)
CASES = ["", ".ahead", ".begun", ".started", ".over"]
PHASES = [f"Phase.{phase.name}" for phase in Phase if phase is not Phase.NOT_APPLICABLE]
QUOTES = ["", ".more", ".long"]
HAPPENED = [f"{where}{dated}{why}" for where in ("", ".country") for dated in ("", ".dated") for why in ("", ".why")]
REGISTERS = [*kind_of("").registers]
VEHICLES = ["VIRAL_VECTOR", "NAKED_NUCLEIC_ACID", "COMPLEX_NUCLEIC_ACID"]

FAMILIES = (
    family("month.", map(str, range(1, 13))),
    family("date.", ["day", "month", "year", "on", "in"]),
    family(["list", "clause", "or"], [".middle", ".last"]),
    family("heading.", [key for key, _ in trialparse.pages.details._SECTIONS]),
    family("label.", [*trialparse.pages._LABELS, "index", "number", "title"]),
    family("lead", ["", ".stored", ".free"], ["", ".undated", ".decided", ".registered"]),
    family("count.", [*(unit.name for unit in terms.TimeUnit), "open"], [".one", ".other"]),
    family(["gap.", "gaps."], OPEN),
    family("note.gap.", OPEN),
    family("value.", OPEN),
    family("note.relation.", [*sorted(RELATIONS.keys() - {"exact"}), "derived"]),
    family("group.", [group.name for group in AgeGroup], ["", ".low"]),
    family("group.", [group.name for group in AgeGroup], ".high", whole=False),
    family(["age.rule", "rules.disease"], ["", ".numbered"]),
    family("tested.arms.", ["all", "some"], [".one", ".other"]),
    family("topic.", ["tested", "rules", "design", "size", "outcomes", "status"]),
    family("opening.", names(terms.StudyType)),
    family("opening.tests", ["", ".alone"], ["", ".first"]),
    family(["opening.countries", "opening.outside"], ["", ".ahead", ".begun", ".over", ".mixed"], whole=False),
    family("opening.region", [".ahead", ".begun", ".over", ".mixed"]),
    family("opening.", ["condition", "lay", "aim"], QUOTES),
    family("opening.sponsor.", NUMBERS),
    family("what.", names(terms.TherapyType)),
    family("who.", ["patients", "healthy", "both", "people"], ".", [*(sex.name for sex in terms.Sex), "open"]),
    family("who.", ["both", "people"], ".", ["FEMALE", "MALE"], ".minors"),
    family("who.healthy_volunteers.", ["yes", "no"]),
    family("protected.", [*codes("vulnerable_group"), *codes("vulnerable_group", "euctr")], whole=False),
    family("age.limits.", [*ENDS, "both"]),
    family("age.groups", ["", ".clash", ".after", ".run"]),
    family(["rules.text.", "rules.who."], ["both", "in", "out", "unsorted"]),
    family("rules.count.", ["one", "two", "none", "last"]),
    family("tested.", [role.name for role in terms.ProductRole], [".one", ".other"], whole=False),
    family("tested.open", [".one", ".other"]),
    family("tested.given.", NUMBERS, ["", ".for"]),
    family("tested.described", QUOTES),
    family("given.", codes("route"), whole=False),
    family("retold.", names(terms.CellOrigin), ["", ".STEM"]),
    family("retold.", names(terms.GeneTransfer), ["", ".cells"], ["", *(f".{one}" for one in VEHICLES)], whole=False),
    family("retold.GeneTransfer.", ["EX_VIVO", "EX_VIVO.cells", "IN_VIVO"]),
    family("retold.vehicle.", VEHICLES, ["", ".cells"]),
    family("retold.given.", ["back", "cells", "product"]),
    family("retold.", names(terms.TherapyType)),
    family("design.", [f"Allocation.{one.name}" for one in Allocation if one is not Allocation.NOT_APPLICABLE]),
    family("design.", names(terms.Masking, terms.MaskedRole)),
    family("design.Masking.", ["SINGLE", "DOUBLE", "TRIPLE", "QUADRUPLE"], ".name"),
    family("phase.", PHASES),
    family("scope.", codes("scope"), whole=False),
    family("outcomes.main.", ["only", "first", "second"], QUOTES),
    family("outcomes.unranked", QUOTES),
    family(["outcomes.main.text", "outcomes.unranked.text"], QUOTES),
    family("outcomes.secondary.", [*NUMBERS, "text"]),
    family("outcomes.committee.", ["yes", "no"]),
    family("found.", names(terms.AnalysisStage)),
    family("found.", ["main", "other", "first", "limits"], QUOTES),
    family("table.", ["STARTED", "COMPLETED"]),
    family("table.", ["exposed", "serious_affected", "non_serious_affected", "deaths", "deaths_from_events"]),
    family("spread.", [one.name for one in terms.DispersionType], [".one", ".range", ".range.unknown"], whole=False),
    family("spread.OTHER.", ["one", "range"]),
    family("status.now", ["", ".country"], ["", ".dated"]),
    family("status.moved.", REGISTERS, whole=False),
    family("status.", names(terms.Availability)),
    family("is.", STATUS),
    family("is.", STATUS, CASES, whole=False),
    family(["is.Progress.ONGOING.open", "means.Regulatory.AUTHORISED.ahead.known"]),
    family(["gap.title.scientific_title", "gap.title.acronym", "gap.NONE_STATED.allocation"]),
    family("was.", names(terms.Regulatory)),
    family("means.", STATUS, CASES, whole=False),
    family("event.", ["EARLY_TERMINATION", "HALT"], HAPPENED),
    family("plan.", ["start", "end", "both"], ["", ".past"]),
    family("results.", ["here", "posted", "elsewhere", "none", "never"]),
    family("status.", ["regulatory", "trial", "recruitment"], ".country"),
    family("built.", ["allocation", "masking"], ".partly"),
    family("aspect.status.", ["regulatory", "trial", "recruitment"]),
    family("standing.", ["start", "end"], ["", ".planned"]),
    family("posting.", ["SUMMARY", "LAY_SUMMARY", "CLINICAL_STUDY_REPORT", "other"]),
    family("criteria.", ["INCLUSION", "EXCLUSION"], ["", ".perhaps"], [".one", ".other"]),
    family(["criteria.open.one", "criteria.open.other", "criteria.INCLUSION.all.one"]),
    family(["rare.all.", "rare.some."], ["yes", "no"], [".one", ".other"]),
    family(["product", "item"], [".named", ".same.one", ".same.other"]),
    family("ask.", ["product", "item"], ".named"),
    family("aspect.", trialparse.pages.details.tested._ASPECTS),
    family("otherwise", ["", ".product", ".product.in"]),
    family("countries.", ["listed", "elsewhere", "ended_early"], [".one", ".other", ".many"]),
    family("flow.", ["within", "before"], [".STARTED", ".COMPLETED"], [".one", ".other"]),
    family("flow.", ["within", "before"], ".COMPLETED.then", [".none", ".one", ".other"]),
    family("flow.", ["left", "joined"]),
    family("measured.", ["secondary", "further", "late", "unranked"], "_outcome", [".one", ".other"]),
    family("measured.", ["", "more_"], "main_outcome", [".one", ".other"]),
    family("endpoints.", ["main_", "secondary_", "further_", "late_", ""], "outcome", [".one", ".other"]),
    family("harms.", ["serious_event", "other_event", "first"], [".one", ".other"]),
    family("estimate", ["", ".range"]),
    family("p_value", ["", ".bound"]),
    family("interval", ["", ".one_sided"], ["", ".unknown"]),
    family("harms.threshold", ["", ".none"]),
)


def keys_of(one: Family) -> list[str]:
    """Return the keys of a family."""
    return ["".join(parts) for parts in itertools.product(*one.parts)]


def modules() -> Iterator[Any]:
    """Yield the modules of the page."""
    for found in pkgutil.walk_packages(trialparse.pages.__path__, "trialparse.pages."):
        yield importlib.import_module(found.name)


def all_lines() -> list[Line]:
    """Return the lines of all details."""
    values = [value for module in modules() for value in vars(module).values()]
    parts = [part for value in values for part in (value if isinstance(value, tuple) else (value,))]
    return list(dict.fromkeys(part for part in parts if isinstance(part, Line)))


FORMS = {
    "quoting": [""],
    "coding": [""],
    "filling": [""],
    "counting": [".one", ".other"],
    "listing": [".one", ".other"],
    "dating": ["", ".planned", ".planned.over"],
}
"""The wordings of a line by its writer."""


def asked_by(line: Line) -> Iterator[str]:
    """Yield the keys that a line needs: its question, and its wordings where they follow from the writer."""
    yield f"ask.{line.ask}"
    write = line.write.func if isinstance(line.write, partial) else line.write
    writer = write.__qualname__.partition(".")[0]
    yield from (f"{line.key}{form}" for form in FORMS.get(writer, ()) if inspect.getmodule(write) is lines)
    if writer == "answering":
        yield from (f"{line.key}.{answer}" for answer in ("yes", "no") if texts().has(f"{line.key}.{answer}"))


class Written(NamedTuple):
    """A call that names a key."""

    call: str
    key: str
    where: str


PLACES = {(name, True): 0 for name in ("words", "plain", "count", "form")}
PLACES |= {(name, False): 1 for name in ("say", "above", "enumerated", "quoting", "sentence_of", "_unnamed")}
PLACES |= {(name, False): 1 for name in ("listed", "left_out", "folded", "more")}
PLACES |= {("gap", False): 2, ("titled", False): 3}
"""Which argument of a function or a method is the key, by its name and whether it is a method."""


def written() -> Iterator[Written]:
    """Yield the keys that the code writes out in calls."""
    for module in modules():
        for node in ast.walk(ast.parse(inspect.getsource(module))):
            match node:
                case ast.Call(func=ast.Name(id=name)) | ast.Call(func=ast.Attribute(attr=name)):
                    at = PLACES.get((name, isinstance(node.func, ast.Attribute)), len(node.args))
                    for key in constants(node.args[at]) if at < len(node.args) else ():
                        yield Written(name, key, f"{module.__name__}:{node.lineno}")


def constants(node: ast.expr) -> Iterator[str]:
    """Yield the texts that an expression can be, as far as they are written out."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from constants(node.body)
        yield from constants(node.orelse)


def needed(one: Written) -> list[str]:
    """Return the keys that a call needs."""
    match one.call:
        case "count":
            return [f"count.{one.key}.{form}" for form in NUMBERS]
        case "form" | "enumerated" if one.call == "form" or f"{one.key}.one" in texts().wordings:
            return [f"{one.key}.{form}" for form in NUMBERS]
        case "listed" | "left_out" | "folded" | "more":
            lists = ("more",) if one.call in ("left_out", "more") else ("more", "folded")
            return [f"count.{of}.{one.key}.{form}" for of in lists for form in NUMBERS]
        case "gap":
            return [f"ask.{one.key}"]
        case "titled" | "_unnamed":
            return [f"unnamed.{one.key}"]
        case "quoting":
            return [f"{one.key}{form}" for form in QUOTES]
    return [one.key]


def every_key() -> set[str]:
    """Return the keys that the code can ask for."""
    found = {key for one in FAMILIES for key in keys_of(one)}
    found |= {key for line in all_lines() for key in asked_by(line)}
    found |= {key for one in written() for key in needed(one)}
    found |= set(loose())
    return found | {f"{key}.past" for key in found}  # what is asked of a trial that is over has a form of its own


def loose() -> Iterator[str]:
    """Yield the texts of the code that are keys, or what is counted, without a look at where they are."""
    literals = {
        node.value
        for module in modules()
        for node in ast.walk(ast.parse(inspect.getsource(module)))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    for text in literals:
        yield from (text, f"ask.{text}", *(f"{text}.{form}" for form in ("none", *NUMBERS)))
        yield from (f"count.{of}{text}.{form}" for of in ("", "more.", "folded.") for form in ("none", *NUMBERS))


class TestWordings:
    """`sentences.tsv` and `details.tsv` have the keys that the code asks for, and no others."""

    @pytest.mark.parametrize("one", [one for one in FAMILIES if one.whole], ids=lambda one: keys_of(one)[0])
    def test_families(self, one: Family) -> None:
        assert [key for key in some(keys_of(one)) if not texts().has(key)] == []

    def test_lines(self) -> None:
        lacking = {line.key: key for line in some(all_lines(), 60) for key in asked_by(line) if not texts().has(key)}
        assert lacking == {}

    def test_answers(self) -> None:
        lines_ = [line for line in all_lines() if line.write is lines.answering]
        assert [
            line.key for line in some(lines_, 10) if not {f"{line.key}.yes", f"{line.key}.no"} & {*asked_by(line)}
        ] == []

    def test_calls(self) -> None:
        lacking = {one.where: key for one in some(written(), 200) for key in needed(one) if not texts().has(key)}
        assert lacking == {}

    def test_every_row_is_asked_for(self) -> None:
        asked = every_key()
        assert [key for key in some(texts().wordings) if key not in asked] == []

    def test_no_key_is_in_two_tables(self) -> None:
        rows = [row.partition("\t")[0] for name in ("sentences", "details") for row in rows_of(name)]
        assert sorted(rows) == sorted({*rows})

    def test_a_stale_row_is_found(self) -> None:
        assert not {"gap.GONE", "ask.gone", "count.gone.one", "day.start.gone", "is.Progress.GONE"} & every_key()


def rows_of(name: str) -> list[str]:
    return (importlib.resources.files("trialparse.pages") / "en" / f"{name}.tsv").read_text("utf-8").splitlines()[1:]


GLOSSES = {
    *names(terms.StudyType, terms.TherapyType, terms.Masking, terms.Phase),
    *(f"Allocation.{one.name}" for one in Allocation if one is not Allocation.NOT_APPLICABLE),
}
"""The terms whose entries the article cites without a look whether there is one."""


class TestGlossary:
    """Every entry that the code cites is there."""

    def test_entries_of_terms(self) -> None:
        assert GLOSSES - texts().glossary.keys() == set()

    def test_entries_that_are_written_out(self) -> None:
        found = {
            key
            for module in modules()
            for node in ast.walk(ast.parse(inspect.getsource(module)))
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("Gloss", "explain")
            for key in constants(node.args[-1] if node.func.id == "Gloss" else node.args[1])
        }
        assert len(found) > 10
        assert found - texts().glossary.keys() == set()

    def test_entries_of_lines(self) -> None:
        glosses = {line.gloss for line in all_lines()} - {""}
        assert len(glosses) > 5
        assert glosses - texts().glossary.keys() == set()

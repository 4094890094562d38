"""A set of boxes is read as a whole: one that is absent, renamed or unreadable is reported."""

import re
from collections.abc import Callable
from functools import cache
from operator import attrgetter
from typing import Any

import pytest

from tests.conftest import ROOT
from tests.counting import readable, some
from tests.registries.test_answers import both, sets_of, with_values
from trialparse.diagnostics import Problem
from trialparse.model import Missing
from trialparse.model.terms import MissingKind
from trialparse.parsing.parsed import Parsed

pytestmark = pytest.mark.exhaustive

EUCTR = ROOT / "fixtures" / "euctr"

BOXES = {
    "all_boxes.txt": r"(?m)^(?P<label>[A-Z]\.\d[\d.]* [^:\n]+): (?P<answer>Yes|No)\r?\n",
    "protocol.html": r'(?s)<tr class="tricell">\s*<td class="first">[^<]*</td><td class="second">(?P<label>[^<]*)</td>'
    r'<td class="third"> (?P<answer>Yes|No) </td>\s*</tr>',
    "answers_registry.xml": r"(?m)^(?:<\w+>|F[.\d]+ )?(?P<label>[A-Z][^:<>?\n]*(?:: |[?] |years\) ))"
    r"(?P<answer>yes|no)$\n?",
    "cta.xml": r"<(?P<label>[a-z_]+)>(?P<answer>[01])</(?P=label)>",
}
"""Sources with sets of boxes, each with the pattern of a box."""

XML = "<trials><trial><main><trial_id>X</trial_id>{}</main></trial></trials>"
"""A record of registry XML, without a cell."""

OTHER = {"Yes": "No", "No": "Yes", "yes": "no", "no": "yes", "0": "1", "1": "0"}
FEWEST = {"all_boxes.txt": 50, "protocol.html": 50, "answers_registry.xml": 20, "cta.xml": 40}
"""How many boxes of sets there are at least in a source."""

Change = Callable[[str, "re.Match[str]"], str]


def answered(word: str) -> Change:
    """Return the change that gives a box another answer."""
    return lambda text, box: text[: box.start("answer")] + word + text[box.end("answer") :]


def renamed(text: str, box: "re.Match[str]") -> str:
    """Give a box another label."""
    start, end = box.span("label")
    label = "z" + text[start:end] if box.re.pattern.startswith("<") else "Zqxv" + text[start + 1 : end]
    if text[start:end][1:2] == ".":  # the code of the form stays
        label = text[start:end].replace(" ", " Zqxv ", 1)
    changed = box.group().replace(text[start:end], label)
    return text[: box.start()] + changed + text[box.end() :]


def removed(text: str, box: "re.Match[str]") -> str:
    """Take a box away; what is before it on its line stays."""
    start = box.start("label") if text[box.start()] == "<" and "second" not in box.group() else box.start()
    start = box.start() if box.group().endswith(">") else start
    return text[:start] + text[box.end() :]


DAMAGES: dict[str, Change] = {"renamed": renamed, "removed": removed, "unknown": answered("Zqxv")}


def state(source: list[Parsed]) -> dict[tuple[int, str], Any]:
    """Return what the records say of each field that a set of boxes fills: its value, or why there is none."""
    found: dict[tuple[int, str], Any] = {}
    for number, parsed in enumerate(source):
        fields = {name.removesuffix("[]") for name in sets_of(parsed)} - {"interventions[].advanced_therapies[].type"}
        for place in with_values(parsed.trial, fields):
            found[number, place] = [value_at(parsed.trial, place)]
        for entry in parsed.trial.missing:
            if re.sub(r"\[\d+\]", "[]", entry.field) in fields:
                found.setdefault((number, entry.field), []).append(entry.kind)
    return found


def without_index(place: str) -> str:
    """Return a path of a field without the numbers of items: those of a list that is merged may be others."""
    return re.sub(r"\[\d+\]", "[]", place)


def is_one_value(before: Any, after: Any, place: tuple[int, str]) -> bool:
    """Whether a field of one value has the same as before: the box that is ticked says all."""
    said = before.get(place, [None])[0]
    return not isinstance(said, tuple | frozenset | MissingKind | None) and before[place] == after.get(place)


def value_at(trial: Any, place: str) -> Any:
    """Return the value of a field of a trial."""
    for step in place.split("."):
        name, _, index = step.partition("[")
        trial = attrgetter(name)(trial)
        trial = trial[int(index.removesuffix("]"))] if index else trial
    return trial


@cache
def sets(name: str) -> list[tuple[str, "re.Match[str]", list[tuple[int, str]]]]:
    """Return each box of a set in a source, with the field that changes with its answer."""
    text = (EUCTR / name).read_bytes().decode().replace("Double blind: no\nOpen: no\n", "Double blind: no\n")
    before, found = state(readable(text.encode())), []
    for box in re.finditer(BOXES[name], text):
        after = state(readable(answered(OTHER[box["answer"]])(text, box).encode()))
        touched = [place for place in before.keys() | after.keys() if before.get(place) != after.get(place)]
        found += [(text, box, touched)] if len(touched) == 1 else []
    return some(found, FEWEST[name])


@pytest.mark.parametrize("name", BOXES)
class TestOneBox:
    """Whatever happens to one box of a set, its field is never said to be without a value, nor shown in part."""

    @pytest.mark.parametrize("damage", DAMAGES)
    def test_a_box_that_cannot_be_read(self, name: str, damage: str) -> None:
        wrong = []
        for text, box, touched in sets(name):
            before = state(readable(text.encode()))
            source = readable(DAMAGES[damage](text, box).encode())
            after = state(source)
            wrong += [
                (box.group(), place, after.get((number, place)))
                for number, place in touched
                if not is_one_value(before, after, (number, place))
                and (
                    after.get((number, place)) != [MissingKind.UNREADABLE]
                    or without_index(place)
                    not in {without_index(told.field or "") for told in source[number].diagnostics}
                )
            ]
        assert wrong == []

    @pytest.mark.parametrize("word", ["NA", "tbd"])
    def test_a_placeholder(self, name: str, word: str) -> None:
        kind = {"NA": MissingKind.NOT_APPLICABLE, "tbd": MissingKind.UNKNOWN}[word]
        wrong = []
        for text, box, touched in sets(name):
            source = readable(answered(word)(text, box).encode())
            before, after = state(readable(text.encode())), state(source)
            lists = {(number, entry.field) for number, parsed in enumerate(source) for entry in parsed.trial.missing}
            known = [kind, MissingKind.UNREADABLE]  # two boxes that are one answer cannot be read
            wrong += [
                (box.group(), place, after.get(place))
                for place in touched
                if not is_one_value(before, after, place)
                and after.get(place, [None])[-1] not in known
                # an item without anything else is none, and its list says why
                and (place[0], re.sub(r"\[\d+\]\.\w+$", "", place[1])) not in lists
            ]
        assert wrong == []

    def test_both_runs_agree(self, name: str) -> None:
        changes = [*DAMAGES.values(), answered("NA"), answered("")]
        sources = [change(text, box) for change in changes for text, box, _ in sets(name)[::5]]
        assert some((both(parsed) for source in sources for parsed in readable(source.encode())), 20)


class TestNoBoxes:
    """A record without the boxes is silent, and so is one that lacks a box by right."""

    @pytest.mark.parametrize("words", ["", "Phase 2", "N/A"])
    def test_of_registry_xml(self, words: str) -> None:
        (parsed,) = readable(XML.format(f"<phase>{words}</phase>").encode())
        assert both(parsed).missing == ()
        assert {told.field for told in parsed.diagnostics} == {"identifiers"}

    def test_of_a_third_country(self) -> None:
        """The form for third countries does not ask for E.8.6.1."""
        *_, third = readable(EUCTR / "six_countries.txt")
        assert Missing(field="design.region", kind=MissingKind.NONE_STATED) in both(third).missing
        assert third.diagnostics == ()
        text = (EUCTR / "six_countries.txt").read_text("utf-8").replace("Type: Outside EU/EEA", "Type: EEA CTA")
        *_, other = readable(text.encode())
        assert Missing(field="design.region", kind=MissingKind.UNREADABLE) in both(other).missing


class TestOneEntry:
    """`missing` lists a field once."""

    @pytest.mark.parametrize("words", [("NA", "-"), ("-", "NA"), ("NA", "tbd")])
    def test_two_placeholders(self, words: tuple[str, str]) -> None:
        cell = f"Product Name: {words[0]}\nTrade Name: {words[1]}\nProduct Code: A"
        (parsed,) = readable(XML.format(f"<i_freetext>{cell}</i_freetext>").encode())
        assert [one.field for one in both(parsed).missing].count("interventions[0].name") == 1

    @pytest.mark.parametrize("name", BOXES)
    def test_damaged(self, name: str) -> None:
        source = [one for text, box, _ in sets(name)[::4] for one in readable(renamed(text, box).encode())]
        fields = [[entry.field for entry in parsed.trial.missing] for parsed in source]
        assert [] == [listed for listed in fields if len(listed) != len({*listed})]


class TestEmbeddedForm:
    """A cell that holds the form: each label and each answer is accounted for."""

    TEXT = (EUCTR / "answers_registry.xml").read_text("utf-8")

    @pytest.mark.parametrize(
        ("old", "new", "field", "problem"),
        [
            ("Controlled: yes", "Control: yes", "design.controlled", Problem.BAD_VALUE),
            ("Randomised: no", "Randomized: no", "design.allocation", Problem.BAD_VALUE),
            ("Randomised: no", "Randomised: nein", "design.allocation", Problem.UNKNOWN_CODE),
            ("in the trial: 2", "in the trial: several", "design.arms", Problem.BAD_VALUE),
            ("Adults (18-64 years) yes", "Adults (18-64 years) maybe", "eligibility.age_groups", Problem.UNKNOWN_CODE),
        ],
    )
    def test_answers(self, old: str, new: str, field: str, problem: Problem) -> None:
        assert old in self.TEXT
        parsed = readable(self.TEXT.replace(old, new, 1).encode())[0]
        assert [one.kind for one in both(parsed).missing if one.field == field] == [MissingKind.UNREADABLE]
        assert problem in [one.problem for one in parsed.diagnostics if one.field == field]

    @pytest.mark.parametrize("label", ["Open-label", "Parallel arms", "Comparator", "Blinding: who"])
    def test_a_label_that_no_row_reads(self, label: str) -> None:
        parsed = readable(self.TEXT.replace("Cross over: yes", f"Cross over: yes\n{label}: yes", 1).encode())[0]
        assert f"main.study_design|answers.{label.partition(':')[0]}" in parsed.audit().unmapped

    def test_a_cell_of_another_register_is_a_text(self) -> None:
        cell = "Randomization: yes\nMasking: no"
        (parsed,) = readable(XML.format(f"<study_design>{cell}</study_design>").encode())
        assert both(parsed).design.text == cell
        assert {told.field for told in parsed.diagnostics} == {"identifiers"}
        assert parsed.audit().unmapped == {}


class TestListItems:
    """A placeholder in place of one item of a list is listed, whatever else the list has."""

    @pytest.mark.parametrize(
        ("tag", "field"),
        [
            ("exclusion_criteria", "eligibility.criteria"),
            ("inclusion_criteria", "eligibility.criteria"),
            ("prim_outcome", "endpoints"),
            ("sec_outcome", "endpoints"),
            ("sponsor_name", "sponsors"),
            ("hc_keyword", "condition_codes"),
        ],
    )
    def test_of_registry_xml(self, tag: str, field: str) -> None:
        text = (EUCTR / "registry.xml").read_text("utf-8")
        changed, count = re.subn(rf"<{tag}>[^<]*</{tag}>", f"<{tag}>NA</{tag}>", text, count=1)
        assert count == 1
        places = [(one.field, one.kind) for parsed in readable(changed.encode()) for one in both(parsed).missing]
        assert (field, MissingKind.NOT_APPLICABLE) in places

    @pytest.mark.parametrize(
        ("line", "field"),
        [
            ("E.2.2 Secondary objectives of the trial", "objectives"),
            ("E.3 Principal inclusion criteria", "eligibility.criteria"),
            ("E.4 Principal exclusion criteria", "eligibility.criteria"),
            ("E.5.2 Secondary end point(s)", "endpoints"),
        ],
    )
    @pytest.mark.parametrize("word", ["NA", "tbd", "-"])
    def test_of_a_form(self, line: str, field: str, word: str) -> None:
        lines = [line if ":" in line else f"{line}: {word}"]
        kept = [
            "E.2.1 Main objective of the trial: A",
            "E.3 Principal inclusion criteria: B",
            "E.5.1 Primary end point(s): C",
        ]
        other = [one for one in kept if not one.startswith(line)]
        other += ["E.4 Principal exclusion criteria: D"] if line.startswith("E.3") else []
        text = (EUCTR / "line_ends.txt").read_text("utf-8").replace("\r", "")
        start, _, end = text.partition("\nP. End of Trial\n")
        start = re.sub(r"(?m)^E\..*\n?", "", start)
        form = "\n".join([start, *sorted([*other, *lines])]) + "\n\nP. End of Trial\n" + end
        (parsed,) = readable(form.encode())
        assert field in {one.field for one in both(parsed).missing}

    def test_of_a_table(self) -> None:
        text = (ROOT / "fixtures" / "ctis" / "portal.csv").read_text("utf-8-sig")
        listed = [one.field for parsed in readable(text.encode()) for one in both(parsed).missing]
        assert "endpoints" in listed

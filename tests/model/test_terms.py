"""Vocabularies: a member is its name, explains itself, and is found under the names that people write."""

import inspect
import itertools
import json
import pickle
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.counting import some
from trialparse import diagnostics
from trialparse.comparing import changes
from trialparse.diagnostics import Problem, Severity
from trialparse.model import terms
from trialparse.model.terms import AgeGroup, Masking, Phase, Progress, Recruitment, Regulatory, Relation, Sex, StudyType
from trialparse.vocabulary import Ordered, Term, _folded, _table


def vocabularies() -> Iterator[type[Term]]:
    """Yield every closed vocabulary of the library."""
    for module in (terms, diagnostics, changes):
        for value in vars(module).values():
            if inspect.isclass(value) and issubclass(value, Term) and value.__module__ == module.__name__:
                yield value


ALL = list(vocabularies())
MEMBERS = [term for vocabulary in ALL for term in vocabulary]


def test_all_are_looked_at() -> None:
    assert {Phase, Progress, Relation, Problem, Severity} < set(ALL)
    assert 190 < len(MEMBERS)


class TestMembers:
    """The value of a member is its name; no member equals one of another vocabulary, nor any plain value."""

    @pytest.mark.parametrize("vocabulary", ALL)
    def test_the_value_is_the_name(self, vocabulary: type[Term]) -> None:
        for term in some(vocabulary, 2):
            assert term.name == term.value == str(term) == json.loads(json.dumps(term.value))
            assert term is vocabulary(term.value)
            assert term is pickle.loads(pickle.dumps(term))
            assert term != term.value

    def test_members_of_two_vocabularies_are_never_equal(self) -> None:
        for one, other in some(itertools.product(MEMBERS, repeat=2), 30_000):
            assert (one == other) is (one is other)
        assert len(MEMBERS) == len(set(MEMBERS))

    def test_namesakes(self) -> None:
        """The law above has something to say: names are shared by vocabularies."""
        assert Regulatory.SUSPENDED.value == Progress.SUSPENDED.value
        assert Regulatory.SUSPENDED != Progress.SUSPENDED
        assert 2 == len({Regulatory.PENDING, Recruitment.PENDING})


ORDERED = [vocabulary for vocabulary in ALL if issubclass(vocabulary, Ordered)]


class TestOrder:
    """An ordered vocabulary has a total order, and sorting never raises."""

    def test_which_are_ordered(self) -> None:
        assert {Phase, Severity} == set(ORDERED)

    @pytest.mark.parametrize("vocabulary", ORDERED)
    def test_total(self, vocabulary: type[Ordered]) -> None:
        for (at, one), (there, other) in some(itertools.product(enumerate(vocabulary), repeat=2), 9):
            assert (at < there, at <= there, at > there, at >= there) == (
                one < other,
                one <= other,
                one > other,
                one >= other,
            )

    def test_phases_as_development_goes(self) -> None:
        assert [Phase.EARLY_I, Phase.I, Phase.II, Phase.III, Phase.IV, Phase.NOT_APPLICABLE] == sorted(Phase)
        assert Phase.II is max({Phase.I, Phase.II})

    def test_a_question_about_phases_that_do_not_apply(self) -> None:
        assert [Phase.II, Phase.III, Phase.IV] == [phase for phase in Phase if phase.at_least(Phase.II)]
        assert not any(phase.at_least(Phase.NOT_APPLICABLE) for phase in Phase)

    @pytest.mark.parametrize("phase", Phase)
    @pytest.mark.parametrize("other", ["I", 1, None, Sex.ALL, frozenset({Phase.I})])
    def test_a_question_about_anything_else(self, phase: Phase, other: Any) -> None:
        with pytest.raises(TypeError, match="at_least takes a Phase, not "):
            phase.at_least(other)

    @pytest.mark.parametrize("other", [2, "II", None, Severity.NOTE, Sex.ALL])
    def test_no_order_with_anything_else(self, other: object) -> None:
        for compare in ("__lt__", "__le__", "__gt__", "__ge__"):
            assert NotImplemented is getattr(Phase.II, compare)(other)
        with pytest.raises(TypeError):
            sorted([Phase.II, other])  # type: ignore[list-item]


class TestTable:
    """Each member has a row in the table beside its module, and no row is left over."""

    @pytest.mark.parametrize("module", [terms, diagnostics])
    def test_rows_are_members(self, module: object) -> None:
        name = getattr(module, "__name__")  # noqa: B009  a module as an object
        assert [repr(term) for term in MEMBERS if term.__class__.__module__ == name] == list(_table(name))

    @pytest.mark.parametrize("vocabulary", ALL)
    def test_they_explain_themselves(self, vocabulary: type[Term]) -> None:
        for term in some(vocabulary, 2):
            assert term.meaning not in ("", term.name)
            assert term.definition.endswith(".")
            assert term.definition[0].isupper()
            assert len(term.definition.split()) <= 45
            assert term.authority

    def test_no_two_members_are_defined_alike(self) -> None:
        for vocabulary in ALL:
            assert len(vocabulary) == len({term.definition for term in vocabulary})
            assert len(vocabulary) == len({term.meaning for term in vocabulary})

    @pytest.mark.parametrize("vocabulary", ALL)
    def test_no_form_is_written_for_two_members(self, vocabulary: type[Term]) -> None:
        taken: dict[str, Term] = {}
        table = _table(vocabulary.__module__)
        forms = [(term, text) for term in vocabulary for text in (term.name, term.meaning, *table[repr(term)].also)]
        for term, text in some(forms, 4):
            assert _folded(text), f"{text!r} says nothing"
            assert term is taken.setdefault(_folded(text), term), f"{text!r} is written for two members"


class TestFromName:
    """What people write finds the member; everything else is answered with the list of members."""

    @pytest.mark.parametrize("vocabulary", ALL)
    def test_their_own_names(self, vocabulary: type[Term]) -> None:
        for term in some(vocabulary, 2):
            spaced = term.name.replace("_", " ")
            assert term is vocabulary.from_name(term.meaning)
            for text in (term.name.lower(), spaced.title(), f" {spaced} ", f"{vocabulary.__name__}: {spaced}"):
                assert term is vocabulary.from_name(text)

    @pytest.mark.parametrize(
        ("text", "term"),
        [
            ("Phase III", Phase.III),
            ("phase-3", Phase.III),
            ("III", Phase.III),
            ("PHASE3", Phase.III),
            ("\u2162", Phase.III),
            ("Phase 0", Phase.EARLY_I),
            ("Early Phase 1", Phase.EARLY_I),
            ("EARLY_PHASE1", Phase.EARLY_I),
            ("n/a", Phase.NOT_APPLICABLE),
            ("randomized", terms.Allocation.RANDOMISED),
            ("Non-Randomised", terms.Allocation.NON_RANDOMISED),
            ("double blind", Masking.DOUBLE),
            ("Interventional study", StudyType.INTERVENTIONAL),
            ("phase - 3", Phase.III),
            ("phase–3", Phase.III),
            ("phase: 3", Phase.III),
            ("Phase (III).", Phase.III),
            ("III phase", Phase.III),
            ("female sex", Sex.FEMALE),
            ("double masking", Masking.DOUBLE),
            ("65+ years", AgeGroup.ELDERLY),
            ("2-5 years", AgeGroup.CHILD_2_5),
            ("12 – 17 years", AgeGroup.ADOLESCENT),
            ("85+ years", AgeGroup.AGE_85_PLUS),
            ("authorized", Regulatory.AUTHORISED),
            ("not authorized", Regulatory.NOT_AUTHORISED),
            ("behavioral", terms.InterventionType.BEHAVIOURAL),
            ("<=", Relation.LESS_OR_EQUAL),
            ("≤", Relation.LESS_OR_EQUAL),
            ("warning", Severity.WARNING),
        ],
    )
    def test_what_people_write(self, text: str, term: Term) -> None:
        assert term is type(term).from_name(text)

    @pytest.mark.parametrize(
        "text",
        ["", " ", "Phase", "I/II", "Phase I-II", "I, II", "1 2", "12", "-1", "Phase IIIb", "V", "IIII", "0.5", "II.5"],
    )
    def test_no_guess(self, text: str) -> None:
        with pytest.raises(ValueError, match="is no Phase: EARLY_I, I, II, III, IV, NOT_APPLICABLE") as caught:
            Phase.from_name(text)

        assert repr(text) in str(caught.value)

    @pytest.mark.parametrize(
        ("vocabulary", "text"),
        [
            *((Phase, text) for text in ("－1", "—1", "−1", "- 1", "(-1)", "phase -1", "phase: -1", ".3", "phase .3")),
            *((Phase, text) for text in ("III?", "~3", "¬III", "!III", "3*", "III;", "#3", "3%", "I\u0338", "3\u200b")),
            *((Relation, text) for text in ("!=", "~=", "$=", "!<", "≠", "=\u0338", "<>", "==", "=>")),
            *(
                (Sex, text)
                for text in ("Female: Male:", "male?", "female, male", "male/female", "~female", "not: male")
            ),
            *((Progress, text) for text in ("withdrawn", "completed")),
            *(
                (AgeGroup, text)
                for text in ("older adult", "children", "<65 years", "65 years", "<85 years", "2.5 years")
            ),
            (terms.DispersionType, "ZD"),
        ],
    )
    def test_a_sign_that_counts(self, vocabulary: type[Term], text: str) -> None:
        """A sign that could turn the meaning round, or a word that lists use in several ways, is not guessed."""
        with pytest.raises(ValueError, match=f"is no {vocabulary.__name__}"):
            vocabulary.from_name(text)

    @given(st.sampled_from(MEMBERS), st.sampled_from('!?~≠¬:;*+&|<>=$%#@^\\"`{}§°†'), st.booleans())
    def test_any_other_sign_counts(self, term: Term, sign: str, before: bool) -> None:
        with pytest.raises(ValueError, match=" is no "):
            type(term).from_name(f"{sign}{term.name}" if before else f"{term.name}{sign}")

    @given(st.sampled_from(Phase), st.sampled_from(["-", "_", "/", "(", ")", "[", "]", ".", ",", "'", " ", "\u2011"]))
    def test_signs_that_do_not_count(self, phase: Phase, sign: str) -> None:
        assert phase is Phase.from_name(f"phase{sign}{phase.name}{sign}")

    def test_a_long_text_does_not_fill_the_message(self) -> None:
        with pytest.raises(ValueError, match=r"\.\.\.") as caught:
            Sex.from_name("x" * 10_000)

        assert 100 > len(str(caught.value))

    def test_only_text(self) -> None:
        with pytest.raises(TypeError, match=r"Phase\.from_name takes a str, not 3"):
            Phase.from_name(3)  # type: ignore[arg-type]

    @given(st.sampled_from(ALL), st.text())
    def test_nothing_else_is_raised(self, vocabulary: type[Term], text: str) -> None:
        try:
            found = vocabulary.from_name(text)
        except ValueError as error:
            assert ", ".join(vocabulary.__members__) in str(error)  # noqa: PT017  nothing else may come out
        else:
            assert isinstance(found, vocabulary)

    @given(st.sampled_from(Phase), st.sampled_from(Phase), st.sampled_from(["/", "-", ", ", " & ", " + ", " "]))
    def test_two_members_are_no_third(self, one: Phase, other: Phase, sign: str) -> None:
        with pytest.raises(ValueError, match="is no Phase"):
            Phase.from_name(f"{one}{sign}{other}")


def test_the_tables_are_read_when_first_needed(fixtures: Path) -> None:
    """Reading a trial needs no table of meanings."""
    code = (
        "import sys, trialparse.vocabulary\n"
        "trialparse.vocabulary.read_lines = None\n"
        "print(trialparse.parse(sys.argv[1]).trial.phases)\n"
        "trialparse.Phase.I.meaning"
    )
    path = fixtures / "ctis" / "multinational.json"
    run = subprocess.run([sys.executable, "-c", code, path], capture_output=True, text=True, check=False)

    assert "frozenset({Phase.III})\n" == run.stdout
    assert "'NoneType' object is not callable" in run.stderr

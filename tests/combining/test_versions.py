"""Versions of one record, kinds of record, and the order in which records are given."""

import random
from pathlib import Path
from typing import Any

import attrs
import pytest

from tests.combining.made import TWO, of_country, results
from tests.combining.records import NUMBER, day, past, record
from tests.conftest import CORPUS
from tests.counting import some
from trialparse import combine, overview, read
from trialparse.combining import by_trial
from trialparse.diagnostics import Diagnostic, Place, Problem
from trialparse.model import Coded, Country, Dates, Enrolment, Event, Objective, Organisation, Question, Status, Trial
from trialparse.model.evidence import Evidence, Source
from trialparse.model.interventions import Intervention
from trialparse.model.terms import EventKind, ObjectiveKind, Progress
from trialparse.parsing.parsed import Parsed

CTIS = "2023-509999-24-00"


def of_ctis(updated: str, *codes: str, holds: str = "protocol", **values: Any) -> Parsed:
    """Return a record of CTIS as of a day, which lists countries."""
    countries = tuple(Country(code=code, name=code, **values.pop(code, {})) for code in codes)
    dates = Dates(**{"updated": day(updated)} | values.pop("dates", {}))
    return record(Trial(id=CTIS, registry="CTIS", countries=countries, dates=dates, **values), holds)


OLD = of_ctis(
    "2024-06-20",
    "BE",
    "GR",
    "PL",
    PL={"planned": 5},
    enrolment=Enrolment(planned=12),
    interventions=(Intervention(name="A"), Intervention(name="B")),
)
NEW = of_ctis(
    "2025-08-20",
    "BE",
    "GR",
    BE={"planned": 16},
    enrolment=Enrolment(planned=16),
    interventions=(Intervention(name="A"),),
)


class TestVersions:
    """The newest version holds; the others are kept, named by their day, and decide nothing."""

    @pytest.mark.parametrize("turn", [1, -1])
    def test_the_newest_holds(self, turn: int) -> None:
        given = [OLD, NEW][::turn]
        combined = combine(given)
        trial = combined.trial

        assert combine([NEW]).trial == trial
        assert (["BE", "GR"], 16, 1) == (
            [one.code for one in trial.countries],
            trial.enrolment.planned,
            len(trial.interventions),
        )
        assert ((), ()) == (combined.differs, combined.diagnostics)
        assert (given.index(OLD),) == combined.history
        assert tuple(given) == combined.records
        assert f"{CTIS[:-3]} of 2024-06-20" == combined.names[given.index(OLD)]
        assert [16] == [one.value for one in combined.spread("enrolment.planned")]

    def test_the_page_tells_history(self) -> None:
        assert "1 of them is an earlier version" in " ".join(overview(combine([OLD, NEW]), detail="full").split())
        assert "earlier version" not in overview(combine([NEW]))

    def test_a_record_of_another_country_is_no_version(self) -> None:
        one = of_country("AT", dates=Dates(updated=day("2019-01-04")))
        combined = combine([one, of_country("DE", dates=Dates(updated=day("2020-01-04")))])

        assert () == combined.history

    def test_months_that_may_be_the_same_are_no_versions(self) -> None:
        assert () == combine([of_ctis("2024-06"), of_ctis("2024-06-20")]).history

    def test_results_have_versions(self) -> None:
        first, second = (
            results(acronym=name, dates=Dates(published=day(when)))
            for name, when in (("ONE", "2020-01-01"), ("TWO", "2021-01-01"))
        )

        assert "TWO" == combine([of_country("AT"), first, second]).trial.acronym


class TestKinds:
    """A whole record counts more than a line of a list of its day; countries are joined by their code."""

    def test_one_day(self) -> None:
        line = of_ctis(
            "2025-08-20",
            "BE",
            "GR",
            "PL",
            holds="listing",
            acronym="LINE",
            enrolment=Enrolment(planned=12),
            BE={"status": Status(trial=Progress.ONGOING)},
            interventions=(Intervention(name="a b"),),
        )
        combined = combine([line, NEW])
        trial = combined.trial

        assert ("LINE", 16, NEW.trial.interventions) == (trial.acronym, trial.enrolment.planned, trial.interventions)
        assert [("BE", 16, Progress.ONGOING), ("GR", None, None)] == [
            (one.code, one.planned, one.status.trial) for one in trial.countries
        ]
        assert () == combined.history
        assert {"enrolment.planned", "interventions"} <= {*combined.differs}

    def test_a_later_line(self) -> None:
        line = of_ctis(
            "2026-01-01", "BE", holds="listing", status=Status(trial=Progress.ENDED), sponsors=(Organisation(name="L"),)
        )
        whole = attrs.evolve(NEW.trial, status=Status(trial=Progress.ONGOING), sponsors=(Organisation(name="Whole"),))
        trial = combine([record(whole), line]).trial

        assert (Progress.ENDED, whole.sponsors, 16) == (trial.status.trial, trial.sponsors, trial.enrolment.planned)
        assert ["BE"] == [one.code for one in trial.countries]

    def test_an_earlier_line_is_history(self) -> None:
        line = of_ctis("2024-06-17", "BE", "PL", holds="listing", acronym="LINE")
        combined = combine([NEW, line])

        assert ((1,), None) == (combined.history, combined.trial.acronym)

    def test_countries_that_contradict_each_other_are_one(self) -> None:
        line = of_ctis("2025-08-20", "BE", holds="listing", BE={"planned": 3})
        combined = combine([NEW, line])

        assert ["BE", "GR"] == [one.code for one in combined.trial.countries]
        assert [("countries[0].planned", Problem.DIFFERS, "3")] == [
            (one.field, one.problem, one.text) for one in combined.diagnostics
        ]

    def test_two_kinds_of_record_of_one_country(self) -> None:
        """Each is the country's own; the first one counts, and what the other says otherwise is at its place."""
        one = of_country("AT", "Ongoing")
        other = record(attrs.evolve(one.trial, countries=(Country(code="AT"),), status=Status(trial=Progress.ENDED)))
        object.__setattr__(other, "format", attrs.evolve(other.format, name="test-other"))
        combined = combine([one, other])

        assert [("AT", Progress.ONGOING)] == [(one.code, one.status.trial) for one in combined.trial.countries]
        assert ["/status.trial"] == [
            found.place.path for found in combined.diagnostics if found.field == "countries[0].status.trial"
        ]


class TestForemost:
    """Title, aims, outcomes and criteria come from results, then from the latest version, wherever they are given."""

    @pytest.mark.parametrize("turn", [1, -1])
    def test_results_first(self, turn: int) -> None:
        said = {
            name: {"scientific_title": name, "objectives": (Objective(kind=ObjectiveKind.MAIN, text=name),)}
            for name in ("Results", "Austria", "Denmark")
        }
        records = [of_country("DK", **said["Denmark"]), of_country("AT", **said["Austria"]), results(**said["Results"])]
        combined = combine(records[::turn])

        assert "Results" == combined.trial.scientific_title
        assert ["Results", "Austria", "Denmark"] == [one.text for one in combined.trial.objectives]
        assert ("foremost", "first") == (combined.rule("scientific_title").verb, combined.verb("scientific_title"))
        assert ["Results", "Austria", "Denmark"] == [one.value for one in combined.spread("scientific_title")]

    def test_the_latest_version(self) -> None:
        """Two records of one day that say which, and one that does not."""
        records = [
            of_country(code, public_title=code, dates=Dates(updated=day(when)) if when else Dates())
            for code, when in (("AT", None), ("DE", "2019-01-04"), ("ES", "2020-01-04"))
        ]

        assert "ES" == combine(records).trial.public_title


def law(records: list[Parsed]) -> int:
    """Hold that the order of the records of each trial changes nothing; return how many trials have several."""
    chance, several = random.Random(13), 0
    for group in by_trial(records):
        trial = combine(group).trial
        for _ in range(20):
            assert trial == combine(chance.sample(group, len(group))).trial
        several += len(group) > 1
    return several


class TestOrder:
    """The order of the records changes nothing."""

    def test_fixtures(self, fixtures: Path) -> None:
        files = some(sorted(path for folder in ("euctr", "ctis") for path in (fixtures / folder).iterdir()), 20)
        found = [one for path in files if ".expected." not in path.name for one in read(path)]

        assert 5 <= law([one for one in found if isinstance(one, Parsed)])

    def test_records_made_by_hand(self) -> None:
        twice = [of_country("SE", acronym=name) for name in ("One", "Two")]

        assert 2 == law([*TWO, *twice, results(acronym="R"), OLD, NEW])
        assert NUMBER == combine([*TWO, *twice]).trial.id

    @pytest.mark.corpus
    def test_corpus(self) -> None:
        folders = (
            "ctis/retrieve",
            "ctis/search",
            "ctis/evaluation",
            "euctr/protocol_txt",
            "euctr/results_xml",
            "euctr/summary_txt",
        )
        files = some(path for folder in folders for path in sorted((CORPUS / folder).iterdir()))
        found = [one for path in files for one in read(path) if isinstance(one, Parsed)]

        assert 20 <= law(found)


def at(time: str, *codes: str, **values: Any) -> Parsed:
    """Return a record of CTIS of one day whose source also has the time."""
    parsed = of_ctis("2025-08-20", *codes, **values)
    place = Source(Place(path="/publishDate"), f"2025-08-20{time}")
    object.__setattr__(parsed, "evidence", lambda field=None: Evidence(field=str(field), sources=(place,)))
    return parsed


class TestOneDay:
    """Versions of one day are in the order of their times; that nothing orders them is reported."""

    @pytest.mark.parametrize("turn", [1, -1])
    @pytest.mark.parametrize("time", ["T03:46:14.147548868", "T03:46:15", "T23:00:00Z"])
    def test_the_later_time_holds(self, time: str, turn: int) -> None:
        given = [at("T03:46:14.147548867", "BE", "GR"), at(time, "BE")][::turn]
        combined = combine(given)

        assert ["BE"] == [one.code for one in combined.trial.countries]
        assert (turn != 1,) == tuple(bool(one) for one in combined.history)
        assert () == combined.diagnostics

    @pytest.mark.parametrize("time", ["T03:46:14.147548867", "T00:00:00", "", "T05:00:00+02:00"])
    def test_what_cannot_be_ordered_is_reported(self, time: str) -> None:
        combined = combine([at("T03:46:14.147548867", "BE", "GR"), at(time, "BE")])

        assert () == combined.history
        assert [(Problem.CONFLICT, "countries")] == [(one.problem, one.field) for one in combined.diagnostics]

    def test_a_version_without_a_day(self) -> None:
        undated = record(Trial(id=CTIS, registry="CTIS", countries=NEW.trial.countries[:1]))
        combined = combine([NEW, undated])

        assert [(Problem.CONFLICT, "countries")] == [(one.problem, one.field) for one in combined.diagnostics]


class TestTogether:
    """What a combined trial says against itself is reported, and what is history says nothing of it."""

    def test_contradictions(self) -> None:
        whole = of_ctis("2025-08-20", "BE", BE={"status": Status(trial=Progress.ONGOING)})
        line = of_ctis("2026-01-01", holds="listing", status=Status(trial=Progress.ENDED))
        [found] = [one for one in combine([whole, line]).diagnostics if one.problem is not Problem.DIFFERS]

        assert (Problem.CONFLICT, "status.trial") == (found.problem, found.field)
        assert (found.text, found.place.part) == ("ENDED, and ONGOING in BE", 1)

    def test_what_is_impossible(self) -> None:
        whole = of_ctis("2025-08-20", "BE", BE={"planned": 6})
        line = of_ctis("2026-01-01", holds="listing", enrolment=Enrolment(planned=5))
        [found] = [one for one in combine([whole, line]).diagnostics if one.problem is not Problem.DIFFERS]

        assert (Problem.IMPOSSIBLE, "countries[0].planned", 0) == (found.problem, found.field, found.place.part)

    def test_history_names_no_field(self) -> None:
        told = Diagnostic(problem=Problem.CUT, field="status.trial", place=Place(path="/a"), text="x")
        old = of_ctis("2024-01-01", "BE")
        object.__setattr__(old, "_diagnostics", (told,))
        combined = combine([old, NEW])
        [found] = combined.diagnostics

        assert (Problem.CUT, None, 0) == (found.problem, found.field, found.place.part)
        assert combined.complete
        assert not combine([old]).complete

    def test_a_line_that_tells_less(self) -> None:
        whole = of_ctis("2025-08-20", sponsors=(Organisation(name="A", commercial=True),))

        def differing(commercial: bool) -> tuple[str, ...]:
            sponsors = (Organisation(commercial=commercial),)
            return combine([whole, of_ctis("2025-08-20", holds="listing", sponsors=sponsors)]).differs

        assert () == differing(True)
        assert ("sponsors",) == differing(False)


class TestEvents:
    """One event of two records is one, with what each of them knows."""

    VALID = Coded(term="VALID", text="Valid")

    @pytest.mark.parametrize("turn", [1, -1])
    @pytest.mark.parametrize(
        ("application", "vague"),
        [("SM-1", "SUBSTANTIAL_MODIFICATION"), ("IN", "INITIAL"), ("SM-1", None), ("IN", "IN")],
    )
    def test_one_event(self, application: str, vague: str | None, turn: int) -> None:
        known = Event(kind=EventKind.VALIDATION, date=day("2023-04-12"), application=application, outcome=self.VALID)
        other = Event(
            kind=EventKind.VALIDATION, date=past("2023-04-12"), application=vague, questions=(Question(text="Why?"),)
        )
        given = [
            of_ctis("2025-08-20", "DE", DE={"events": (one,)}, holds=holds, events=(one,))
            for one, holds in zip((known, other)[::turn], ("protocol", "evaluation"), strict=True)
        ]
        trial = combine(given).trial
        whole = attrs.evolve(known, date=past("2023-04-12"), questions=(Question(text="Why?"),))

        assert (whole,) == trial.events
        assert (whole,) == trial.countries[0].events

    @pytest.mark.parametrize(
        "values",
        [
            {"application": "SM-2"},
            {"application": "NON_SUBSTANTIAL_MODIFICATION"},
            {"date": day("2023-04-13")},
            {"date": day("2023-04")},
            {"kind": EventKind.ASSESSMENT},
            {"outcome": Coded(term="NOT_VALID", text="Not valid")},
        ],
    )
    def test_two_events(self, values: dict[str, Any]) -> None:
        one = Event(kind=EventKind.VALIDATION, date=day("2023-04-12"), application="SM-1", outcome=self.VALID)
        two = [of_ctis("2025-08-20", events=(one,))]
        two += [of_ctis("2025-08-20", events=(attrs.evolve(one, **values),), holds="evaluation")]

        assert 2 == len(combine(two).trial.events)

    def test_the_number_comes_before_the_kind(self) -> None:
        first, second, vague = (
            Event(kind=EventKind.DECISION, date=day("2023-04-12"), application=name)
            for name in ("SM-1", "SM-2", "SUBSTANTIAL_MODIFICATION")
        )
        given = [of_ctis("2025-08-20", events=(first, second))]
        given += [of_ctis("2025-08-20", events=(vague, attrs.evolve(first, text="t")), holds="evaluation")]

        assert (attrs.evolve(first, text="t"), second) == combine(given).trial.events

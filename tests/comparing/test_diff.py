"""Comparing two versions of a trial: what a reader sees of it."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.commands import run
from tests.conftest import CORPUS, FIXTURES
from tests.counting import readable, some
from trialparse import (
    Change,
    ChangeKind,
    Coded,
    Diff,
    MissingKind,
    Parsed,
    PartialDate,
    Phase,
    Trial,
    combine,
    diff,
    parse,
    read,
)
from trialparse.model import Arm, Country, Criterion, Dates, Event, Identifier, Intervention, Missing, Site, Status
from trialparse.model.building import changed
from trialparse.model.terms import CriterionKind, EventKind, Progress
from trialparse.model.trial import Eligibility, Enrolment

FULL, ROWS = FIXTURES / "ctis" / "immunostem.json", FIXTURES / "ctis" / "search_2026.json"


def _said(old: Trial, new: Trial) -> list[str]:
    return [change.sentence for change in diff(old, new)]


class TestSentences:
    """A change is one sentence, which names the item and both values."""

    def test_the_example_of_a_user(self) -> None:
        france = Country(code="FR", name="France", status=Status(trial=Progress.ONGOING))
        halt = Event(kind=EventKind.HALT, date=PartialDate(year=2026, month=3, day=1))
        old = Trial(enrolment=Enrolment(planned=11), countries=(france,))
        new = Trial(
            enrolment=Enrolment(planned=7),
            countries=(
                Country(code="IT", name="Italy"),
                changed(france, status=Status(trial=Progress.HALTED), events=(halt,)),
            ),
        )
        assert [
            "Italy added",
            f"France: status of the trial {Progress.ONGOING.meaning} to {Progress.HALTED.meaning}",
            f"France: event added: {EventKind.HALT.meaning}, 2026-03-01",
            "planned participants 11 to 7",
        ] == _said(old, new)

    def test_a_set_is_one_value_and_so_is_a_date(self) -> None:
        old = Trial(phases=frozenset({Phase.II}), dates=Dates(start=PartialDate(year=2026)))
        new = Trial(
            phases=frozenset({Phase.II, Phase.III}),
            dates=Dates(start=PartialDate(year=2026, month=2, estimated=True)),
        )
        assert [
            f"phase {Phase.II.meaning} to {Phase.II.meaning}, {Phase.III.meaning}",
            "start 2026 to 2026-02 (planned)",
        ] == _said(old, new)

    def test_no_changes(self) -> None:
        assert "no changes" == str(diff(Trial(), Trial()))

    def test_a_text_is_cut_in_a_sentence_and_whole_in_the_change(self) -> None:
        [change] = diff(Trial(), Trial(public_title="Word " * 100))
        assert len(change.sentence) < 120
        assert "Word " * 100 == change.new


class TestItems:
    """Items are the same by what identifies them, wherever they are in the list."""

    def test_a_country_is_another_one_by_its_code(self) -> None:
        old, new = Trial(countries=(Country(code="FR"),)), Trial(countries=(Country(code="IT"),))
        assert [ChangeKind.ADDED, ChangeKind.REMOVED] == [change.kind for change in diff(old, new)]

    def test_a_renamed_item_is_one_change(self) -> None:
        sites = tuple(Site(name=name, city="Musterstadt") for name in ("Klinikum A", "Klinikum B", "Klinikum C"))
        renamed = (sites[0], changed(sites[1], name="Klinikum Neu"), sites[2])
        assert ["Klinikum Neu: name Klinikum B to Klinikum Neu"] == _said(Trial(sites=sites), Trial(sites=renamed))

    def test_the_arms_follow_the_name_of_a_product(self) -> None:
        old = Trial(interventions=(Intervention(name="A1"),), arms=(Arm(title="One", interventions=("A1",)),))
        new = Trial(
            interventions=(Intervention(name="Amusteril"),), arms=(Arm(title="One", interventions=("Amusteril",)),)
        )
        assert ["Amusteril: name A1 to Amusteril"] == _said(old, new)

    def test_a_criterion_that_moves_is_no_change(self) -> None:
        texts = ("Age 18 or more", "Fever", "Consent")
        old, new = (
            Trial(
                eligibility=Eligibility(
                    criteria=tuple(
                        Criterion(kind=CriterionKind.INCLUSION, number=number, text=text)
                        for number, text in enumerate(order, 1)
                    )
                )
            )
            for order in (texts, ("Cough", *texts[::-1]))
        )
        assert ["criterion added: Cough"] == _said(old, new)

    def test_missing_follows_the_item_and_not_its_place(self) -> None:
        one, other = Intervention(name="One"), Intervention(name="Other")
        old = Trial(
            interventions=(one, other), missing=(Missing(field="interventions[1].form", kind=MissingKind.WITHHELD),)
        )
        new = Trial(
            interventions=(other, one), missing=(Missing(field="interventions[0].form", kind=MissingKind.WITHHELD),)
        )
        assert [] == _said(old, new)
        [change] = diff(old, changed(new, missing=()))
        assert ("interventions[1].form", ChangeKind.REMOVED, MissingKind.WITHHELD) == (
            change.field,
            change.kind,
            change.old,
        )

    def test_a_value_that_is_withheld_since(self) -> None:
        old = Trial(interventions=(Intervention(name="One", form=Coded(text="tablet")),))
        new = Trial(
            interventions=(Intervention(name="One"),),
            missing=(Missing(field="interventions[0].form", kind=MissingKind.WITHHELD),),
        )
        [change] = diff(old, new)
        assert (ChangeKind.CHANGED, MissingKind.WITHHELD) == (change.kind, change.new)

    def test_a_number_of_one_scheme_that_changed(self) -> None:
        old, new = (Trial(identifiers=(Identifier(scheme="protocol", value=value),)) for value in ("AB-1", "AB-2"))
        assert 2 == len(diff(old, new))  # a number is another one: nothing shows that one replaced the other


class TestNotCarried:
    """What records of a kind do not hold is not gone."""

    def test_a_search_row_takes_nothing_away(self) -> None:
        full = parse(FULL)
        [row] = [one for one in readable(ROWS) if one.trial.id == full.trial.id]
        gone, came = diff(full, row), diff(row, full)
        assert [] == [str(change) for change in gone if change.kind is ChangeKind.REMOVED]
        assert [] == [str(change) for change in came if change.kind is ChangeKind.ADDED]
        assert {*gone.not_carried} == {*came.not_carried}
        assert {"endpoints", "countries[].planned", "countries[].events", "sites"} <= {*gone.not_carried}

    def test_a_trial_knows_what_its_kind_does_not_carry(self) -> None:
        full = parse(FULL).trial
        [row] = [one.trial for one in readable(ROWS) if one.trial.id == full.id]
        assert {"arms", "sites"} <= {*diff(full, row).not_carried}

    def test_results_that_were_not_read(self) -> None:
        path = FIXTURES / "euctr" / "results.xml"
        whole, without = parse(path), parse(path, results=False)
        assert {"results"} == {change.field.partition(".")[0] for change in diff(whole, without)} | {"results"}
        assert "results" in diff(whole, without).not_carried

    @pytest.mark.corpus
    @pytest.mark.skipif(not CORPUS.is_dir(), reason="no real exports on this machine")
    def test_real_search_rows_take_nothing_away(self) -> None:
        compared = 0
        for row in some((CORPUS / "ctis" / "search").glob("*.overview_partial.json")):
            full = CORPUS / "ctis" / "retrieve" / row.name.replace(".overview_partial", "")
            if full.exists():
                found = diff(parse(full), parse(row))
                assert [] == [str(change) for change in found if change.kind is ChangeKind.REMOVED]
                compared += 1
        assert compared >= 3


class TestEvidence:
    """Both values of a change can be traced."""

    def test_of_records(self) -> None:
        text = FULL.read_text(encoding="utf-8")
        tree = json.loads(text)
        tree["authorizedApplication"]["authorizedPartI"]["trialDetails"]["clinicalTrialIdentifiers"]["publicTitle"] = (
            "Another title"
        )
        [change] = diff(parse(text.encode()), parse(json.dumps(tree).encode()))
        assert change.old_evidence is not None
        assert change.new_evidence is not None
        assert change.new_evidence.sources[0].text == change.new == "Another title"
        assert change.old_evidence.sources[0].text == change.old

    def test_of_trials_alone_there_is_none(self) -> None:
        [change] = diff(Trial(acronym="A"), Trial(acronym="B"))
        assert (None, None) == (change.old_evidence, change.new_evidence)

    def test_of_records_that_were_not_kept_there_is_none(self) -> None:
        [old] = read(FULL, keep_raw=False)
        assert old.ok
        [change] = diff(old, changed(old.trial, public_title="B"))
        assert change.old_evidence is None

    def test_combined_records(self) -> None:
        records = readable(FIXTURES / "euctr" / "six_countries.txt")
        whole, fewer = combine(records), combine(records[:-1])
        assert () == diff(whole, whole).changes
        assert len(some(diff(whole, fewer))) > 1


class TestJson:
    """Differences as JSON say the same."""

    def test_a_change(self) -> None:
        found = diff(
            Trial(interventions=(Intervention(name="One", form=Coded(text="tablet")),)),
            Trial(
                interventions=(Intervention(name="One"),),
                missing=(Missing(field="interventions[0].form", kind=MissingKind.WITHHELD),),
            ),
        )
        [change] = json.loads(found.to_json())["changes"]
        assert ("interventions[0].form", "CHANGED") == (change["field"], change["kind"])
        assert ({"text": "tablet"}, {"missing": "WITHHELD"}) == (change["old"], change["new"])

    def test_a_diff_is_iterated(self) -> None:
        found = diff(Trial(), Trial(acronym="A"))
        assert [*found] == [*found.changes]
        assert (1, True) == (len(found), bool(found))
        assert isinstance(found, Diff)
        assert isinstance(found.changes[0], Change)

    @pytest.mark.parametrize("wrong", [None, "text", b"{}", 1])
    def test_other_things_are_refused(self, wrong: Any) -> None:
        with pytest.raises(TypeError, match="diff takes"):
            diff(Trial(), wrong)


class TestCommand:
    """The command compares files, trial by trial."""

    def test_one_trial(self, tmp_path: Path) -> None:
        new = tmp_path / "new.json"
        new.write_text(FULL.read_text(encoding="utf-8").replace('"2026-590101-24-00"', '"2026-590101-24-00"', 1))
        done = run("diff", FULL, new)
        assert (0, "2026-590101-24 no changes\n") == (done.exit_code, done.stdout)

    def test_many_trials(self) -> None:
        done = run("diff", ROWS, FULL)
        trials = [line for line in done.stdout.splitlines() if line[:1] != " "]
        assert 0 == done.exit_code
        assert ["2026-590101-24 1 change"] == [line for line in trials if "change" in line]
        assert some(line for line in trials if line.endswith(" is only in the old version"))

    def test_what_was_not_read(self, tmp_path: Path) -> None:
        """Where not all of the other version could be read, nothing is said to be in one version only."""
        (tmp_path / "a.json").write_bytes(FULL.read_bytes())
        (tmp_path / "b.json").write_bytes(b"{")
        done = run("diff", ROWS, tmp_path)
        as_json = [json.loads(line) for line in run("diff", "--json", ROWS, tmp_path).stdout.splitlines()]

        assert "is in the old version; not all of the new one could be read" in done.stdout
        assert "only in" not in done.stdout
        assert {("both", None), ("old", "new")} == {(line["in"], line.get("not_all_read")) for line in as_json}

    def test_json(self) -> None:
        done = run("diff", "--json", ROWS, FULL)
        lines = [json.loads(line) for line in done.stdout.splitlines()]
        assert {"both", "old"} == {line["in"] for line in lines}
        [both] = [line for line in lines if line["in"] == "both"]
        assert "endpoints" in both["not_carried"]

    def test_records_of_one_trial_are_of_one_trial_however_numbered(self) -> None:
        """Registry XML puts the country behind the number; the register's own text does not."""
        text, xml = FIXTURES / "euctr" / "six_countries.txt", FIXTURES / "euctr" / "countries.xml"
        assert "2017-099140-40 no changes\n" == run("diff", xml, xml).stdout
        assert 1 == len([line for line in run("diff", text, text).stdout.splitlines() if "no changes" in line])

    def test_an_error_in_one_trial_does_not_stop_the_others(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def fail(*_: object) -> None:
            raise RuntimeError("no comparison")

        monkeypatch.setattr("trialparse.comparing.diff", fail)
        done = run("diff", ROWS, FULL)
        assert 1 == done.exit_code
        assert "no comparison" in done.stderr
        assert some(line for line in done.stdout.splitlines() if line.endswith(" is only in the old version"))

    def test_a_file_that_is_none(self, tmp_path: Path) -> None:
        wrong = tmp_path / "wrong.json"
        wrong.write_text("[]")
        assert 0 != run("diff", FULL, wrong).exit_code


def test_a_parsed_record_and_a_trial_can_be_compared() -> None:
    parsed = parse(FULL)
    assert isinstance(parsed, Parsed)
    assert () == diff(parsed, parsed.trial).changes == diff(parsed.trial, parsed).changes

"""Six country records and results: what published tools count, and what the page says."""

import datetime
import re
from pathlib import Path

import attrs
import pytest

from tests.combining.records import measured, past
from tests.registries.euctr.six_countries import (
    NUMBER,
    TITLE,
    day,
)
from trialparse import combine, overview, read
from trialparse.combining import Combined
from trialparse.model.terms import (
    Phase,
    Progress,
)
from trialparse.parsing.parsed import Parsed


class TestPublished:
    """What published tools make of this trial, by hand from their published rules."""

    def test_eu_trials_tracker(self, records: list[Parsed]) -> None:
        """Germany completed, Italy terminated, Spain ongoing, Sweden suspended, two in no group; all of phase III."""
        assert {
            "number_of_countries": 6,
            "trial_status": 2,
            "any_terminated": 1,
            "min_end_date": past("2021-05-14"),
            "max_end_date": past("2021-06-30"),
            "phase": 3,
            "rare_disease": 1,
            "single_blind": 0,
            "healthy_volunteers": 0,
            "bioequivalence": 0,
            "includes_pip": 1,
            "has_results": 1,
            "sponsor_status": 2,
            "trial_title": TITLE,
            "results_expected": 0,
        } == measured(records, "eu-trials-tracker", datetime.date(2024, 1, 1))

    def test_those_who_pay_are_no_sponsors(self, records: list[Parsed]) -> None:
        """Italy and Sweden have one sponsor, which is commercial, and a supporter without a kind."""
        some = [records[2], records[4]]

        assert 1 == measured(some, "eu-trials-tracker")["sponsor_status"]
        assert "for profit" == measured(some, "ctrdata")["sponsor_type"]

    def test_ctrdata(self, records: list[Parsed]) -> None:
        """There is no Belgian record, so the first one; it has a commercial and a non-commercial sponsor."""
        assert {
            "unique_record": f"{NUMBER} DE",
            "status": "Completed",
            "status_class": "completed",
            "phase": "phase 3",
            "start_date": past("2017-02-01"),
            "sponsor_type": "mixed",
            "sample_size": 138,
            "has_results": "yes",
        } == measured(records, "ctrdata")

    def test_ctrdata_without_results(self, records: list[Parsed]) -> None:
        found = measured(records[:6], "ctrdata")

        assert ("Completed", day("2016-12-16"), 150, "no") == (
            found["status"],
            found["start_date"],
            found["sample_size"],
            found["has_results"],
        )

    def test_others(self, records: list[Parsed]) -> None:
        assert {"status": "Temporarily Halted"} == measured(records, "machado-t")
        assert {"status": "Ongoing"} == measured(records, "mdr")
        assert {
            "id": f"EUCTR{NUMBER}",
            "status": "complete",
            "recruitment_status": "not_recruiting",
            "completion_date": past("2021-06-30"),
            "target_size": 150,
        } == measured(records, "opentrials")

    @pytest.mark.parametrize(
        ("rules", "phases", "status"),
        [
            ("trialparse", {Phase.II, Phase.III}, Progress.ENDED),
            ("ctrdata", {Phase.III}, Progress.ENDED),
            ("eu-trials-tracker", {Phase.III}, Progress.ENDED),
            ("machado-t", {Phase.II, Phase.III}, Progress.HALTED),
            ("mdr", {Phase.III}, Progress.ONGOING),
            ("opentrials", {Phase.III}, Progress.ENDED),
        ],
    )
    def test_trials(self, records: list[Parsed], rules: str, phases: set[Phase], status: Progress) -> None:
        trial = combine(records, rules=rules).trial

        assert (phases, status) == (trial.phases, trial.status.trial)

    def test_results_do_not_count_where_a_tool_does_not_read_them(self, records: list[Parsed]) -> None:
        trial = combine(records, rules="eu-trials-tracker").trial

        assert (past("2021-06-30"), TITLE) == (trial.dates.global_end, trial.scientific_title)
        assert Progress.HALTED is combine([records[4], records[6]], rules="mdr").trial.status.trial


class TestPage:
    """The page says what it is made of, what differs and who says what; it says nothing of several records twice."""

    def test_it_begins_with_what_it_is_made_of(self, text: str) -> None:
        assert "From 7 records of one trial in the older EU register EudraCT, number" in text
        assert (
            "This page is made from 7 records of one trial in the older EU register EudraCT. There are records of"
            " Germany, Spain, the United Kingdom, Italy, Sweden and countries outside of the EEA. 1 record tells what"
            " was found. Each country keeps a record of its own on a trial. Not all of them are kept up to date."
            in text
        )

    def test_countries_are_countries(self, text: str) -> None:
        assert (
            "The records list 6 countries: - Germany - Spain - the United Kingdom - Italy - Sweden - Canada"
            " The records also name 1 other country: South Korea." in text
        )
        assert "Outside EU/EEA" not in text

    def test_there_is_one_sponsor(self, text: str) -> None:
        assert (
            "The sponsor is “Muster Biotech GmbH”. A co-sponsor is “Ejemplo University Hospital”."
            " Other records name the sponsor as “MUSTER-BIOTECH GmbH” and “MUSTER-BIOTECH”." in text
        )
        assert 2 == text.count("The sponsor is ")  # in the article and in the details

    def test_a_text_is_told_once(self, text: str) -> None:
        """Two versions of the rules are not two rules that a person must meet."""
        assert 1 == text.count("Haemoglobin < 80 g/L")
        assert "Haemoglobin < 80 g/L” In Spain, this is worded otherwise." in text
        assert "2. Pregnancy” In the United Kingdom, this is worded otherwise." in text
        assert (
            "“To compare the need for transfusions.” In Germany, Spain, the United Kingdom, Italy, Sweden and" in text
        )

    def test_a_product_is_told_once(self, text: str) -> None:
        names = re.findall(r"Product \d is “([^”]*)”", text)

        assert ["Beispielcel", "Provaderm", "Samplostim 300 solution"] == names
        assert (
            "In Sweden, “Beispielcel” is described otherwise: whether it is an orphan product."
            " “Provaderm” is named only in Italy. “Samplostim 300 solution” is not named in Sweden." in text
        )

    def test_values_that_not_all_records_have(self, text: str) -> None:
        for said in (
            "This trial is in phase 2 and phase 3.",
            "The plan is for 250 people in all.",
            "The progress: the trial has ended.",
            "The end date in all countries is 31 August 2021.",
        ):
            assert f"{said} Not all records say so." in text
        assert "Of these, 110 are planned in the EEA. According to the records, 138 people have joined." in text

    @pytest.mark.parametrize(
        "told",
        [
            (
                "The records do not agree on the phase. This page takes all of them: - phase 3: Germany, Spain,"
                " the United Kingdom, Sweden and countries outside of the EEA - phase 2 and phase 3: Italy"
            ),
            (
                "The records do not agree on how far the trial has come. This page takes what the record of results"
                " says, for it is about all countries: - ended: Germany and the record of results - running: Spain"
                " - ended early: Italy - halted: Sweden"
            ),
            (
                "The records do not agree on how many people are planned in all. This page takes the highest:"
                " - 150: Germany, the United Kingdom and Italy - 250: Spain and Sweden"
                " - 160: countries outside of the EEA"
            ),
            (
                "The records do not agree on when the trial ends in all countries. This page takes what the record of"
                " results says, for it is about all countries: - 30 June 2021: Germany - 14 May 2021: Italy"
                " - 31 August 2021: the record of results"
            ),
            (
                "The records do not agree on how many groups are planned. This page takes none of them:"
                " - 3: Germany, Spain, the United Kingdom, Sweden and countries outside of the EEA - 2: Italy"
            ),
        ],
    )
    def test_what_differs(self, text: str, told: str) -> None:
        assert told in text.partition("Where the records differ")[2]

    def test_versions_of_texts_and_lists(self, text: str) -> None:
        """Words in another language and the number of a product make no other version."""
        end = text.partition("differ in the words or entries on these: ")[2]

        assert (
            "- the products: 4 versions (Germany, Spain and countries outside of the EEA; the United Kingdom; Italy;"
            " Sweden) - the rules on who can take part: 3 versions (Germany, Italy, Sweden and countries outside of the"
            " EEA; Spain; the United Kingdom)" in end
        )
        assert "the condition" not in end
        assert "the outcomes" not in end

    def test_no_sentence_is_on_one_record(self, text: str) -> None:
        assert not re.findall(r"[Tt]he record(?! of)\b", text)

    def test_in_html(self, combined: Combined, text: str) -> None:
        """The page says the same in HTML, and each note names its record."""
        page = overview(combined, format="html")
        words = " ".join(re.sub(r"<[^>]*>", " ", page).split())

        assert "This page takes what the record of results says, for it is about all countries" in words
        assert f"{NUMBER} SE" in words
        assert f"{NUMBER} results" in words
        assert "Outside EU/EEA”" not in words.partition("Notes")[0]

    def test_rules_that_take_one_record(self, records: list[Parsed]) -> None:
        """The rules of ctrdata take the Belgian record, or else the first one, with its whole list."""
        text = " ".join(overview(combine(records, rules="ctrdata"), detail="full").split())

        assert "Where they differ, this page does as the tool ctrdata does" in text
        assert ["Beispielcel", "Samplostim 300 solution"] == re.findall(r"Product \d is “([^”]*)”", text)

    def test_a_record_beside_the_summary(self, records: list[Parsed], fixtures: Path) -> None:
        """Records of no country are told by what they are."""
        *_, summary = read(fixtures / "euctr" / "summary.txt")
        text = re.sub(r" ?(\[\d+\])+", "", " ".join(overview(combine([records[0], summary]), detail="full").split()))

        assert "One of them is the record of Germany. Among them is the summary of a trial." in text
        assert "Each country keeps a record of its own" not in text
        assert "- the sponsor: 2 versions (Germany; the summary of a trial)" in text

    def test_it_is_short(self, combined: Combined) -> None:
        """Seven records take less than twice the words of one of them."""
        alone = overview(combined.records[0], detail="full").partition("*****")[0].split()

        assert len(overview(combined, detail="full").partition("*****")[0].split()) < 1.9 * len(alone)

    def test_two_records_of_one_country(self, records: list[Parsed]) -> None:
        """What reads the same is said once; a difference names the records and what each says."""
        german, spanish = records[:2]
        again = attrs.evolve(spanish, trial=attrs.evolve(spanish.trial, phases=frozenset({Phase.IV})))
        text = re.sub(r" ?(\[\d+\])+", "", " ".join(overview(combine([german, spanish, again]), detail="full").split()))

        assert "There are records of Germany and Spain (2 records)." in text
        assert "- phase 3: Germany and Spain (record 1 of 2) - phase 4: Spain (record 2 of 2)" in text
        assert "- Germany: 30 people - Spain: 40 people Main outcomes" in text

    def test_a_record_of_a_third_country_alone(self, records: list[Parsed]) -> None:
        text = " ".join(overview(records[5], detail="full").split())

        assert "It is the record for countries outside of the EEA" in text
        assert "The record lists" not in text.partition("Who is being studied")[0]

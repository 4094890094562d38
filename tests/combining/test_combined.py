"""A Combined answers as a Parsed does, has a page, and keeps the laws."""

import datetime
import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.combining.made import ONE, TWO, of_country, of_country_xml, results
from tests.combining.records import NUMBER, record, values_of
from tests.conftest import few
from tests.counting import exercised, readable
from trialparse import combine, from_json, overview, published, read, schema, to_json
from trialparse.combining import Combined, by_trial
from trialparse.combining.making import COMPARED
from trialparse.combining.origins import Origins
from trialparse.combining.parts import get, is_empty, leaves
from trialparse.combining.tables import names, rules_of
from trialparse.combining.verbs import same
from trialparse.diagnostics import Problem
from trialparse.mapping.format import Format
from trialparse.model import (
    Condition,
    Country,
    Status,
    Trial,
)
from trialparse.model.building import changed
from trialparse.model.evidence import Evidence
from trialparse.model.terms import (
    Progress,
)
from trialparse.model.values import Coded
from trialparse.pages.details.versions import bare
from trialparse.pages.tables import texts
from trialparse.parsing.parsed import Parsed
from trialparse.registries import FORMATS
from trialparse.strategies import documents, trials

VALIDATOR = jsonschema.Draft202012Validator(schema())


class TestAnswers:
    """A Combined answers as a Parsed does, and names record and place."""

    def test_evidence(self) -> None:
        found = combine(TWO).evidence("phases")

        assert [f"{NUMBER} Outside EU/EEA: /phases", f"{NUMBER} AT: /phases"] == [
            str(source.place) for source in found.sources[:2]
        ]
        assert [*range(7)] == [source.place.part for source in found.sources]
        rule = combine(TWO).rule("phases")
        assert f"{rule.name} table.tsv:1" == found.row
        assert ("union", True) == (rule.verb, rule.name.startswith("trialparse.tsv:"))

    def test_evidence_holds_only_those_who_say_so(self) -> None:
        assert ["250", "250"] == [source.text for source in combine(TWO).evidence("enrolment.planned").sources]

    def test_evidence_of_a_difference_is_that_of_its_record(self) -> None:
        combined = combine(TWO)
        sources = combined.evidence("countries[4].differing[0]").sources

        assert [(f"{NUMBER} IT: /phases", str(TWO[6].trial.phases))] == [(str(one.place), one.text) for one in sources]

    def test_a_field_that_the_model_does_not_have(self) -> None:
        for ask in (combine(TWO).evidence, combine(TWO).spread, combine(TWO).rule):
            with pytest.raises(ValueError, match="has no field"):
                ask("phase")

    def test_a_field_that_nobody_speaks_of(self) -> None:
        assert Evidence(field="acronym") == combine(TWO).evidence("acronym")
        assert () == combine(TWO).spread("acronym")

    def test_spread_of_a_stated_no(self, fixtures: Path) -> None:
        """A record in which each phase is answered with no disagrees with one that has a phase."""
        text = (fixtures / "euctr" / "six_countries.txt").read_text("utf-8")
        denied = re.sub(r"(?m)^(E\.7\.[1-4] .*): Yes", r"\1: No", text, count=1)
        together = combine(readable(denied.encode()))

        assert [bool(one.value) for one in together.spread("phases")] == [False, *[True] * 5]
        assert together.trial.phases >= together.spread("phases")[1].value
        assert "phases" in together.differs
        assert {one.problem for one in together.diagnostics if one.field == "phases"} == {Problem.DIFFERS}

    def test_spread_of_what_holds_several_fields(self) -> None:
        assert 7 == len(combine(TWO).spread("enrolment"))
        assert [("AT", "AT")] == values_of(combine(TWO), "countries[0].code")
        assert f"{NUMBER} AT" == combine(TWO).spread("countries[0].code")[0].evidence().sources[0].place.of

    def test_json(self) -> None:
        combined = combine(TWO)
        whole = json.loads(combined.to_json())

        assert ("combined", "trialparse") == (whole["format"], whole["rules"])
        assert {"name": f"{NUMBER} AT", "country": "AT", "format": "test-protocol"} == whole["records"][1]
        assert {"record": 6, "country": "IT", "field": "phases", "value": ["II"]} == whole["spread"]["phases"][4]
        assert combined.trial == from_json(json.dumps(whole["trial"]))
        assert {"path": "/phases", "of": f"{NUMBER} IT", "part": 6} == whole["evidence"]["phases"]["sources"][6][
            "place"
        ]
        VALIDATOR.validate(whole["trial"])
        assert "evidence" not in json.loads(combined.to_json(evidence=False))

    def test_repr(self) -> None:
        assert f"<Combined '{NUMBER} AT', 2 records by mdr>" == repr(combine(TWO[1:3], rules="mdr"))
        assert "<Spread IT" in repr(combine(TWO).spread("phases"))

    def test_audit(self, fixtures: Path) -> None:
        records = [one for one in read(fixtures / "euctr" / "countries.xml") if isinstance(one, Parsed)]
        audits = [one.audit() for one in records]

        assert sum(one.leaves for one in audits) == combine(records).audit().leaves
        assert {} == combine(records).audit().unmapped

    def test_records_that_were_not_kept(self, fixtures: Path) -> None:
        first, *_ = read(fixtures / "euctr" / "registry.xml", keep_raw=False)
        combined = combine([first, of_country_xml(fixtures, "DE", ("(Phase III): yes", "(Phase III): no"))])

        assert [Problem.DIFFERS] == list({one.problem for one in combined.diagnostics if one.field == "phases"})
        with pytest.raises(ValueError, match="keep_raw"):
            combined.evidence("phases")


class TestOrigins:
    """A field is from where it, what holds it and what lies below it are from; not from where its neighbours are."""

    def test_what_lies_below(self) -> None:
        origins = Origins()
        for number, path in enumerate(("a[10].b", "a[2]", "ab", "a.c", "a", "a[2].d", "aa[0]")):
            origins.add(path, [(number, path)])

        assert [4, 0, 1, 3, 5] == [index for index, _ in origins.there("a")]
        assert [(1, "a[2]"), (5, "a[2].d")] == origins.there("a[2]")
        origins.add("a[2].e", [(9, "x")])
        assert [(1, "a[2]"), (5, "a[2].d"), (9, "x")] == origins.there("a[2]")


class TestOverview:
    """The page of several records says what they do not agree on, who says what, and what it goes by itself."""

    def told(self, records: list[Parsed], **options: Any) -> str:
        text = " ".join(overview(combine(records, **options), detail="full").partition("*****")[0].split())
        return re.sub(r" (\[\d+\])+", "", text)

    def test_differences(self) -> None:
        text = self.told([*TWO, results(status=Status(trial=Progress.ENDED))])

        assert "This page is made from 8 records of one trial in the older EU register EudraCT." in text
        assert (
            "There are records of Austria, Germany, Spain, the United Kingdom, Italy, Portugal and countries outside of"
            " the EEA. 1 record tells what was found. Each country keeps a record of its own on a trial." in text
        )
        assert (
            "The records do not agree on the phase. This page takes all of them: "
            "- phase 3: Austria, Germany, Spain, the United Kingdom and Portugal "
            "- phase 2: Italy - phase 4: countries outside of the EEA" in text
        )
        assert (
            "The records do not agree on how far the trial has come. "
            "This page takes what the record of results says, for it is about all countries: "
            "- running: Austria, Germany and Spain "
            "- halted: Portugal - ended: the record of results" in text
        )
        assert "on how many people are planned in all. This page takes the highest: - 150:" in text

    def test_records_without_number_or_register(self) -> None:
        assert "This page is made from one record of one trial." in self.told([record(Trial(phases=frozenset()))])

    def test_countries_without_code(self) -> None:
        """What a register calls a country stays a quote, also where it has two records."""
        here = (Country(name="Ruritania"),)
        records = [record(Trial(id=NUMBER, countries=here, acronym=name)) for name in "ab"]

        assert "There are records of “Ruritania” (2 records)." in self.told(records)

    def test_status_by_country(self) -> None:
        text = self.told(TWO)

        assert "- Austria: running - Germany: running - Spain: running - the United Kingdom: “GB - no longer" in text
        assert "This page counts it as running as long as it runs in one country: - running: Austria" in text

    def test_texts_and_lists(self) -> None:
        records = [of_country(code, None, acronym=code, conditions=(Condition(text=code),)) for code in ("AT", "DE")]

        assert (
            "The records also differ in the words or entries on these: - the short name: 2 versions (Austria; Germany) "
            "- the condition: 2 versions (Austria; Germany)" in self.told(records)
        )

    def test_many_countries(self) -> None:
        codes = "AT BE BG HR CY CZ DK EE".split()
        text = self.told([of_country(code, None, "III") for code in codes] + [of_country("SE", None, "II")])

        assert "- phase 3: Austria, Belgium, Bulgaria, Cyprus, Czechia and 3 more - phase 2: Sweden" in text

    def test_notes_name_the_record(self) -> None:
        assert f"{NUMBER} IT: phases “" in " ".join(overview(combine(TWO), detail="full").split())

    def test_other_rules(self) -> None:
        text = self.told(TWO, rules="ctrdata")

        assert "Where they differ, this page does as the tool ctrdata does." in text
        assert "The records do not agree on the phase. Of these, this page takes phase 3: - phase 3: Austria" in text
        assert "how far the trial has come. Of these, this page takes halted: -" in self.told(TWO, rules="machado-t")

    def test_records_of_one_mind(self) -> None:
        assert "Where the records differ" not in overview(combine(ONE[:3]), detail="full")


COUNTRIES = [*(Country(code=code, name=code) for code in ("DE", "ES", "IT")), Country(name="Outside EU/EEA")]
MANY = st.lists(st.tuples(trials(), st.sampled_from(COUNTRIES), st.booleans()), min_size=1, max_size=4)


def drawn(parts: list[tuple[Trial, Country, bool]]) -> list[Parsed]:
    """Return records of one trial: any trials, made those of countries or of results."""
    return [
        record(
            changed(trial, id=NUMBER, countries=() if is_results else (country,)),
            "results" if is_results else "protocol",
        )
        for trial, country, is_results in parts
    ]


class TestLaws:
    """What holds of any records of one trial."""

    @given(trials())
    def test_one_record_changes_nothing_but_what_is_said_by_country(self, trial: Trial) -> None:
        combined = combine([record(trial)])
        by_country = {field for field in leaves() if rules_of("trialparse").of(field).country}

        for field in set(leaves()) - by_country - {"countries", "not_carried"}:
            assert get(trial, field) == get(combined.trial, field), field
        assert ((), ()) == (combined.diagnostics, combined.differs) or by_country.issuperset(combined.differs)

    @given(MANY)
    def test_a_combined_trial_is_a_trial(self, parts: list[tuple[Trial, Country, bool]]) -> None:
        trial = combine(drawn(parts)).trial

        assert trial == from_json(to_json(trial))
        VALIDATOR.validate(json.loads(to_json(trial)))

    @given(MANY, st.sampled_from(["text", "markdown", "html"]), st.sampled_from(names()))
    def test_any_records_have_a_page(self, parts: list[tuple[Trial, Country, bool]], form: Any, rules: str) -> None:
        """Whatever records say, and by whatever rules, there is a page of all of them together."""
        records = drawn(parts)
        number = f"{len(records)} records" if len(records) > 1 else "one record"

        assert f"made from {number} of one trial" in " ".join(
            overview(combine(records, rules=rules), format=form, detail="full").split()
        )

    @given(MANY, st.randoms(use_true_random=False))
    def test_order_changes_what_depends_on_it(self, parts: list[tuple[Trial, Country, bool]], random: Any) -> None:
        records = drawn(parts)
        combined, again = combine(records), combine(random.sample(records, len(records)))
        for field in COMPARED:
            rule = combined.rule(field)
            value, other = get(combined.trial, field), get(again.trial, field)
            if "first" in (rule.verb, *rule.argument) or rule.verb == "merge":
                continue
            assert Counter(value) == Counter(other) if isinstance(value, tuple) else value == other, field
        assert {*combined.differs} == {*again.differs}

    def test_each_value_of_a_spread_stands_in_its_record(self) -> None:
        def law(parts: list[tuple[Trial, Country, bool]]) -> int:
            combined = combine(drawn(parts))
            spreads = {field: combined.spread(field) for field in COMPARED}
            for field, spread in spreads.items():
                for one in spread:
                    assert one.value == get(combined.records[one.part].trial, one.field)
                    assert one.record is combined.records[one.part]
                if not rules_of("trialparse").of(field).country:
                    held = [get(one.trial, field) for one in combined.records]
                    filled = [part for part, value in enumerate(held) if not is_empty(value)]
                    assert filled == sorted(one.part for one in spread)
            return sum(map(len, spreads.values()))

        exercised(law, 3, MANY)

    @given(MANY, st.data())
    def test_a_record_twice_says_nothing_new(
        self, parts: list[tuple[Trial, Country, bool]], data: st.DataObject
    ) -> None:
        records = drawn(parts)
        again = data.draw(st.sampled_from(records))
        once, twice = combine(records), combine([*records, again])

        assert once.trial == twice.trial
        assert [*once.records, again] == [*twice.records]

    def test_nothing_of_a_country_is_lost(self) -> None:
        def law(parts: list[tuple[Trial, Country, bool]]) -> int:
            combined = combine(drawn(parts))
            compared = 0
            for index, country in combined._own_countries.items():
                differing = {one.field: one.value for one in country.differing}
                for field in COMPARED:
                    value = get(combined.records[index].trial, field)
                    kept = is_empty(value) or same(value, get(combined.trial, field)) or field in differing
                    assert kept or get(country, combined.rule(field).country) == value, field
                    compared += not is_empty(value)
            return compared

        exercised(law, 1, MANY)

    @given(MANY, st.sampled_from(names()))
    def test_no_rules_fail(self, parts: list[tuple[Trial, Country, bool]], name: str) -> None:
        combined = combine(drawn(parts), rules=name)

        assert combined.trial == from_json(to_json(combined.trial))
        if name != "trialparse":
            assert published(combined, name, as_of=datetime.date(2024, 2, 29))

    @given(MANY)
    def test_every_page_can_be_written(self, parts: list[tuple[Trial, Country, bool]]) -> None:
        combined = combine(drawn(parts))
        text = overview(combined, detail="full")

        shown = [field for field in combined.differs if field in texts().differences and unlike(combined, field)]
        assert ("Where the records differ" in text) == bool(shown)

    def test_what_the_page_tells_is_compared(self) -> None:
        assert {*texts().differences} <= {*COMPARED}


def unlike(combined: Combined, field: str) -> bool:
    """Whether records differ in more than numbers and translations, which the page leaves aside."""
    values = [one.value for one in combined.spread(field)]
    forms = [frozenset(Counter(map(bare, one)).items()) if isinstance(one, tuple) else one for one in values]
    return any(one != forms[0] for one in forms)


class TestAnyFormat:
    """A record of any format, and two of them, answer together as one does alone."""

    @pytest.mark.parametrize("format", FORMATS, ids=lambda format: format.name)
    @few
    @given(data=st.data())
    def test_documents(self, format: Format, data: st.DataObject) -> None:
        documents_read = [list(read(data.draw(documents(format)).data)) for _ in range(2)]
        found = [one for records in documents_read for one in records if isinstance(one, Parsed)]
        one, *others = [combine(group) for group in by_trial(found)]
        own, whole = one.records[0].evidence(), one.evidence()

        assert len(found) == sum(len(combined.records) for combined in (one, *others))
        if len(one.records) == 1:
            assert own.keys() <= whole.keys()
            assert all(
                [(source.place.path, source.text) for source in own[field].sources]
                == [(source.place.path, source.text) for source in whole[field].sources]
                for field in own
            )
        for combined in (one, *others):
            VALIDATOR.validate(json.loads(combined.to_json())["trial"])
            assert overview(combined, detail="full")
            assert all(published(combined, name) for name in names()[1:])


def test_coded_words_stay(fixtures: Path) -> None:
    """Elements of lists are told apart by all that they hold."""
    records = [of_country("AT", countries_elsewhere=(Coded(term="US", text="USA"),)), of_country("DE")]

    assert (Coded(term="US", text="USA"),) == combine(records).trial.countries_elsewhere

"""Records of the EU CTR as ctrdata keeps them: what they share with the register's own, and what their makers lost."""

import gzip
import json
from pathlib import Path
from typing import Any
from unittest import mock

import attrs
import pytest

from trialparse import Parsed, combine, parse, read, sniff
from trialparse.diagnostics import Problem, UnrecognisedFormat
from trialparse.mapping.folder import codes_of
from trialparse.mapping.rows import fold, reduced, with_reduced
from trialparse.model import Country, Trial
from trialparse.model.terms import Progress
from trialparse.model.values import Coded
from trialparse.readers import keyed
from trialparse.readers.form import squeeze
from trialparse.readers.notations import KeyedJson
from trialparse.registries import format_of
from trialparse.registries.euctr import FORMATS

FORMAT = format_of("euctr-ctrdata-json")
assert isinstance(FORMAT.notation, KeyedJson)
NOTATION = FORMAT.notation
A8 = "a8_ema_decision_number_of_paediatric_investigation_plan"
ROUTES = "d37_routes_of_administration_for_this_imp"


@pytest.fixture(scope="module")
def copies(fixtures: Path) -> list[dict[str, Any]]:
    """The German record and that of a third country, without results."""
    found: list[dict[str, Any]] = json.loads((fixtures / "euctr" / "ctrdata.json").read_bytes())
    return found


@pytest.fixture(scope="module")
def with_results(fixtures: Path) -> list[dict[str, Any]]:
    """The Spanish record, and the Italian one in the shape of 2022; each has the results beside it."""
    found: list[dict[str, Any]] = json.loads((fixtures / "euctr" / "ctrdata_results.json").read_bytes())
    return found


@pytest.fixture(scope="module")
def own(fixtures: Path) -> list[Parsed]:
    """The register's own text of the same records: DE, ES, IT, GB, SE, a third country."""
    return readable(read(fixtures / "euctr" / "six_countries.txt"))


def readable(outcomes: Any) -> list[Parsed]:
    return [one for one in outcomes if isinstance(one, Parsed)]


def told(record: dict[str, Any], **changes: Any) -> Parsed:
    """Read a record with other answers."""
    return parse(json.dumps(record | changes).encode())


def remarks(parsed: Parsed) -> list[tuple[Problem, str, str]]:
    return [(one.problem, one.place.path, one.text) for one in parsed.diagnostics]


class TestShapes:
    """A file of ctrdata is an object, a list, lines, or an export of its collection."""

    def test_one_object(self, copies: list[dict[str, Any]]) -> None:
        parsed = told(copies[0])

        assert FORMAT is parsed.format
        assert "2016-099300-36" == parsed.trial.id

    def test_lines(self, copies: list[dict[str, Any]], with_results: list[dict[str, Any]]) -> None:
        text = "\n".join(map(json.dumps, (*copies, *with_results))).encode()

        assert FORMAT is sniff(gzip.compress(text))
        assert ["2016-099300-36"] * 4 == [one.trial.id for one in readable(read(text))]
        assert [one.trial for one in readable(read(json.dumps(copies).encode()))] == [
            one.trial for one in readable(read(text))
        ][:2]

    def test_keys_in_any_order(self, copies: list[dict[str, Any]]) -> None:
        first = told(copies[0])

        assert first.trial == told(dict(reversed(copies[0].items()))).trial

    def test_a_list_of_one_is_an_object(self, with_results: list[dict[str, Any]]) -> None:
        """What occurs once in XML is an object in JSON, and a list if it occurs twice."""
        period = with_results[0]["subjectDisposition"]["postAssignmentPeriods"]["postAssignmentPeriod"]
        listed = told(
            with_results[0],
            subjectDisposition=with_results[0]["subjectDisposition"]
            | {"postAssignmentPeriods": {"postAssignmentPeriod": [period]}},
        )

        assert isinstance(period, dict)
        assert told(with_results[0]).trial == listed.trial

    def test_attributes_by_themselves_or_not(self, with_results: list[dict[str, Any]]) -> None:
        spanish, italian = map(told, with_results)
        flows = [one.trial.results.flow for one in (spanish, italian)]

        assert {"eudractNumber", "sponsor"} <= with_results[0].keys()
        assert {"eudractNumber", "sponsor"} == with_results[1]["@attributes"].keys()
        assert flows[0].periods == flows[1].periods
        paths = [one.evidence("results.flow.periods[0].id").sources[0].place.path for one in (spanish, italian)]
        period = "/subjectDisposition/postAssignmentPeriods/postAssignmentPeriod"
        assert [f"{period}/id", f"{period}/@attributes/id"] == paths

    def test_references_to_characters_are_characters(self, with_results: list[dict[str, Any]]) -> None:
        """ctrdata leaves them in the results; an ampersand by itself is one."""
        flow = {"recruitmentDetails": "Age &lt; 3 &amp; &gt; 1&#xD;&#x2264; R&D &amp;lt; &nbsp;"}
        parsed = told(with_results[0], subjectDisposition=flow)

        assert "Age < 3 & > 1\r\u2264 R&D &lt; &nbsp;" == parsed.trial.results.flow.recruitment

    def test_another_object_is_refused(self) -> None:
        with pytest.raises(UnrecognisedFormat):
            parse(b'{"ctrname": "CTGOV2", "_id": "NCT99990300"}')

    def test_keys_that_the_form_lacks_are_unmapped(self, copies: list[dict[str, Any]]) -> None:
        """Also where a tree of the form has such a key: the status of a database is not that of the trial."""
        parsed = told(copies[0], status="Ongoing", sponsor={"name": "x"}, annotation="mine", unread="1")

        assert told(copies[0]).trial == parsed.trial
        assert {"annotation": 1, "unread.status": 1, "unread.unread": 1, "sponsor.name": 1} == parsed.audit().unmapped

    def test_a_placebo_is_unmapped(self, copies: list[dict[str, Any]]) -> None:
        """No real record shows where ctrdata puts one, and nothing is guessed."""
        placebo = {"_d8_placebo": "1", "d81_is_a_placebo_used_in_this_trial": "Yes"}
        product = copies[0]["dimp"][0] | {"d81_is_a_placebo_used_in_this_trial": "Yes"}
        parsed = told(copies[0], d8_placebo=[placebo], dimp=[product])

        assert 1 == len(parsed.trial.interventions)
        assert 3 == sum(parsed.audit().unmapped.values())


class TestHeadings:
    """ctrdata takes the next heading of the form for a part of an answer that the register left empty."""

    @pytest.mark.parametrize(
        ("said", "decision"),
        [
            ("P/0999/2015 B. Sponsor Information", "P/0999/2015"),
            ("B. Sponsor Information", None),
            ("B Sponsor Information", None),
            ("B. Sponsor Information B. Sponsor Information", None),
        ],
    )
    def test_no_answer_is_a_heading(self, said: str, decision: str | None, copies: list[dict[str, Any]]) -> None:
        parsed = told(copies[0], **{A8: said})

        assert decision == parsed.trial.paediatric_decision
        assert {(Problem.LOOKS_LIKE_KEY, f"/{A8}")} == {found[:2] for found in remarks(parsed)}

    @pytest.mark.parametrize("said", ["P/0999/2015", "C. Sponsor Information", "B. Sponsor Information, page 2", ""])
    def test_other_words_are_the_answer(self, said: str, copies: list[dict[str, Any]]) -> None:
        parsed = told(copies[0], **{A8: said})

        assert (said or None) == parsed.trial.paediatric_decision
        assert [] == remarks(parsed)

    def test_each_heading_of_the_form(self, copies: list[dict[str, Any]]) -> None:
        """Behind each answer, the headings that can come next are none of its words; others are."""
        form = NOTATION.form
        printed = {squeeze(line.words): line.words for line in form.form.lines}
        keys = {key: form.following[names] for names, (key, _) in form.keys.items() if names in form.following}
        checked = 0
        for key, headings in keys.items():
            for heading in headings if key != A8 and copies[0].get(key) else ():
                parsed = told(copies[0], **{A8: "", key: f"{copies[0][key]} {printed[heading]}"})
                assert parsed.trial == told(copies[0], **{A8: ""}).trial, key
                assert Problem.LOOKS_LIKE_KEY in {problem for problem, _, _ in remarks(parsed)}
                checked += 1

        assert checked > 20

    def test_many_headings_take_time_in_proportion(self, copies: list[dict[str, Any]]) -> None:
        looked: list[int] = []
        many = "B. Sponsor Information " * 20_000
        with mock.patch.object(keyed, "squeeze", lambda words: looked.append(len(words)) or squeeze(words)):
            parsed = told(copies[0], **{A8: f"P/1 {many}"})

        assert "P/1" == parsed.trial.paediatric_decision
        assert sum(looked) < 4 * len(many)

    def test_a_text_keeps_a_heading_that_is_of_another_place(self, copies: list[dict[str, Any]]) -> None:
        parsed = told(copies[0], e21_main_objective_of_the_trial="See B. Sponsor Information", **{A8: ""})

        assert "See B. Sponsor Information" == parsed.trial.objectives[0].text
        assert [] == remarks(parsed)


class TestLostCharacters:
    """Words that lost brackets, accents and signs mean what the register's words mean."""

    def test_every_word_of_a_list_is_known(self) -> None:
        """Except those that come to the same as a word with another meaning."""
        lists = with_reduced(codes_of("euctr"), FORMAT.kept)
        for name, words in codes_of("euctr").items():
            terms: dict[str, set[str]] = {}
            for word, meaning in words.items():
                terms.setdefault(reduced(word, FORMAT.kept), set()).add(meaning.term)
            for short, several in terms.items():
                found = lists[name].get(short)
                assert (found.term if found else None) == (min(several) if short and len(several) == 1 else None), short

        units = codes_of("euctr")["unit"]
        assert units["mg milligram(s)"] == lists["unit"]["mg milligrams"]
        assert units[fold("µg/ml microgram(s)/millilitre")] == lists["unit"]["g/ml micrograms/millilitre"]

    def test_what_may_have_been_another_word_is_unknown(self, copies: list[dict[str, Any]]) -> None:
        """`g` is a gram, and was perhaps a microgram."""
        unit = {"d3101_concentration_unit": "g", "d38_inn__proposed_inn": "beispielcel"}
        products = [copies[0]["dimp"][0] | {"d38_imp_identification_details": [unit]}]
        parsed = told(copies[0], dimp=products, **{A8: ""})
        concentration = parsed.trial.interventions[0].substances[0].concentration

        assert concentration is not None
        assert Coded(term=None, text="g") == concentration.unit
        assert [Problem.UNKNOWN_TERM] == [problem for problem, _, _ in remarks(parsed)]

    @pytest.mark.corpus
    def test_the_kept_characters_are_those_of_real_records(self, corpus: Path) -> None:
        found: set[str] = set()
        for path in sorted((corpus / "euctr" / "ctrdata_json").glob("*.json")):
            record = json.loads(path.read_bytes())
            for key in record.keys() - NOTATION.elements - {"@attributes", "sponsor"}:
                found |= {*"".join(_texts(record[key]))}

        assert found
        assert not found - {*FORMAT.kept}

    def test_a_branch_of_mesh_without_brackets(self, copies: list[dict[str, Any]]) -> None:
        areas = ("Diseases C - Virus Diseases C02", "Body processes G - Immune system processes G12", "Vitamin B12")
        terms = [told(copies[0], e112_therapeutic_area=area).trial.therapeutic_areas[0].term for area in areas]

        assert ["C02", "G12", None] == terms


class TestListsInOneText:
    """ctrdata joins the lines of a list with blanks: they are parted if there is one way to do it."""

    @pytest.mark.parametrize(
        ("said", "terms"),
        [
            ("Oral use Intravenous use", ["ORAL", "INTRAVENOUS"]),
            ("Intravenous use", ["INTRAVENOUS"]),
            ("", []),
        ],
    )
    def test_routes(self, said: str, terms: list[str], copies: list[dict[str, Any]]) -> None:
        products = [copies[0]["dimp"][0] | {ROUTES: said}]
        parsed = told(copies[0], dimp=products, **{A8: ""})

        assert terms == [route.term for route in parsed.trial.interventions[0].routes]
        assert [] == remarks(parsed)

    def test_an_unknown_route_stays_with_the_others(self, copies: list[dict[str, Any]]) -> None:
        said = "Oral use By no known way Intravenous use"
        parsed = told(copies[0], dimp=[copies[0]["dimp"][0] | {ROUTES: said}], **{A8: ""})

        assert [said] == [route.text for route in parsed.trial.interventions[0].routes]
        assert [(Problem.UNSPLIT_LIST, f"/dimp/0/{ROUTES}", said)] == remarks(parsed)

    def test_countries(self, copies: list[dict[str, Any]]) -> None:
        said = "South Africa Korea, Republic of Latvia United States Niger Nigeria Guinea"
        parsed = told(copies[0], e863_trial_sites_planned_in=said, **{A8: ""})

        assert ["ZA", "KR", "LV", "US", "NE", "NG", "GN"] == [one.term for one in parsed.trial.countries_elsewhere]
        assert [] == remarks(parsed)


class TestOneRecord:
    """A copy says what the register's own text says, and a copy and the text are one record."""

    def test_a_copy_reads_as_the_text(self, own: list[Parsed], copies: list[dict[str, Any]]) -> None:
        """Every value, except words that lost characters and what ctrdata has no place for."""
        text, copy = own[0].trial, told(copies[0]).trial
        cut = attrs.evolve(text, interventions=text.interventions[:2], url=None)
        placeless = {"dates", "missing", "not_carried"}

        assert {} == {
            field.name: (ours, theirs)
            for field in attrs.fields(Trial)
            if field.name not in placeless
            and (ours := _short(getattr(cut, field.name))) != (theirs := _short(getattr(copy, field.name)))
        }
        assert text.dates == attrs.evolve(copy.dates, exported=None)

    def test_results_read_as_the_xml(self, fixtures: Path, with_results: list[dict[str, Any]]) -> None:
        xml = parse(fixtures / "euctr" / "six_countries_results.xml").trial
        copy = told(with_results[1]).trial

        assert xml.results == copy.results
        assert xml.arms == copy.arms
        assert xml.scientific_title == copy.scientific_title
        assert [(one.code, one.enrolled) for one in xml.countries] == [
            (one.code, one.enrolled) for one in copy.countries
        ]

    def test_together_they_are_one_country(self, own: list[Parsed], copies: list[dict[str, Any]]) -> None:
        alone = combine(own).trial
        together = combine([*readable(read(json.dumps(copies).encode())), *own])

        assert ["DE", "ES", "GB", "IT", "SE", None] == [one.code for one in together.trial.countries]
        changed = attrs.evolve(
            together.trial,
            countries=alone.countries,
            dates=attrs.evolve(together.trial.dates, exported=None),
            not_carried=alone.not_carried,
        )
        assert alone == changed
        assert ("2016-099300-36 DE (2)", "2016-099300-36 DE") == (together.names[2], together.names[0])

    def test_evidence_of_both(self, own: list[Parsed], copies: list[dict[str, Any]]) -> None:
        together = combine([own[0], told(copies[0])])
        sources = together.evidence("eligibility.criteria[0].text").sources

        assert "1. Muster anaemia for at least one year\n\n2. Haemoglobin < 80 g/L" == (
            together.trial.eligibility.criteria[0].text
        )
        assert ["2016-099300-36 DE", "2016-099300-36 DE (2)"] == [source.place.of for source in sources]
        assert "/e3_principal_inclusion_criteria" == sources[1].place.path

    def test_another_answer_is_a_difference(self, own: list[Parsed], copies: list[dict[str, Any]]) -> None:
        together = combine([own[0], told(copies[0], e3_principal_inclusion_criteria="1. Muster anaemia")])

        assert "eligibility.criteria" in together.differs

    def test_the_older_copy_is_history(self, copies: list[dict[str, Any]]) -> None:
        older = told(copies[0], record_last_import="2024-01-31 10:00:00", x5_trial_status="Ongoing")
        together = combine([told(copies[0]), older])

        assert (1,) == together.history
        assert [Progress.ENDED] == [one.status.trial for one in together.trial.countries]

    def test_results_are_of_no_country(self, with_results: list[dict[str, Any]]) -> None:
        """Each record belongs to its own country; the end of the trial is not that of a country that says nothing."""
        silent = with_results[0] | {"x5_trial_status": None, "p_end_of_trial_status": None}
        together = combine([told(silent), told(with_results[1])])
        found = {one.code: one for one in together.trial.countries}

        assert ("2016-099300-36 ES", "2016-099300-36 IT") == together.names
        assert {"ES", "IT", "DE", "GB", "CA"} == found.keys()
        assert found["ES"].status == Country().status
        assert found["ES"].recruitment_start is None
        assert Progress.TERMINATED_EARLY is found["IT"].status.trial
        assert Progress.ENDED is together.trial.status.trial
        assert [29, 41, 7, 25, 36] == [found[code].enrolled for code in ("DE", "ES", "IT", "GB", "CA")]


class TestCorpus:
    """The real files: each record is read, and each leaf is accounted for."""

    @pytest.mark.corpus
    def test_every_file(self, corpus: Path) -> None:
        paths = sorted((corpus / "euctr" / "ctrdata_json").glob("*.json"))
        for path in paths:
            parsed = parse(path)
            trial = parsed.trial
            assert FORMAT is parsed.format
            assert path.name.startswith(f"{trial.id}-")
            assert path.name[15:17] in {one.code for one in trial.countries if one.authority}
            assert {} == parsed.audit().unmapped
            headline = (trial.scientific_title, trial.phases, trial.interventions, trial.sponsors, trial.conditions)
            assert all((*headline, trial.eligibility.criteria, trial.dates.registered))
            assert bool(trial.results.outcomes) is ("endPoints" in json.loads(path.read_bytes()))

        assert 13 == len(paths)


def test_the_format_is_one_of_the_folder() -> None:
    assert FORMAT in FORMATS


def _texts(value: Any) -> list[str]:
    if isinstance(value, dict | list):
        return [text for below in (value.values() if isinstance(value, dict) else value) for text in _texts(below)]
    return [value] if isinstance(value, str) else []


def _short(value: Any) -> Any:
    """Return a value without the characters that ctrdata loses."""
    if isinstance(value, str):
        return reduced(value, FORMAT.kept)
    if isinstance(value, tuple):
        return tuple(map(_short, value))
    if attrs.has(type(value)):
        return {field.name: _short(getattr(value, field.name)) for field in attrs.fields(type(value))}
    return value

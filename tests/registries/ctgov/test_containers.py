"""Studies of ClinicalTrials.gov by themselves, in pages, arrays, lines and archives: everything that they come in."""

import gc
import gzip
import io
import json
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

from trialparse import Failure, NotOneRecord, Parsed, Problem, Trial, parse, read, sniff
from trialparse.bulk.census import take
from trialparse.readers import source as source_module


def study(number: int, **modules: Any) -> dict[str, Any]:
    """Return a whole study, with other modules."""
    protocol = {
        "identificationModule": {
            "nctId": f"NCT9999{number:04}",
            "orgStudyIdInfo": {"id": f"SAMPLE-{number}"},
            "organization": {"fullName": "Sample University", "class": "OTHER"},
            "briefTitle": f"Sample {number}",
        },
        "statusModule": {"statusVerifiedDate": "2026-01", "overallStatus": "RECRUITING"},
        "conditionsModule": {"conditions": ["Cough"]},
        "designModule": {
            "studyType": "INTERVENTIONAL",
            "phases": ["PHASE2"],
            "enrollmentInfo": {"count": 10 + number, "type": "ESTIMATED"},
        },
        **modules,
    }
    return {"protocolSection": protocol, "derivedSection": {"miscInfoModule": {"versionHolder": "2026-02-10"}}}


def whole(number: int) -> dict[str, Any]:
    return {**study(number), "hasResults": False}


STUDIES = [whole(number) for number in range(3)]


def written(value: Any) -> bytes:
    return json.dumps(value).encode()


def zipped(**members: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(f"{name}.json", content)
    return made.getvalue()


def records(source: Any, **options: Any) -> list[Parsed]:
    found = [*read(source, **options)]
    assert not [one for one in found if isinstance(one, Failure)]
    return [one for one in found if isinstance(one, Parsed)]


def trials(source: Any) -> list[Trial]:
    return [one.trial for one in records(source)]


ALONE = [parse(written(one)).trial for one in STUDIES]
BESIDE = b'{"studies":[\n%s\n]}' % b",\n".join(map(written, STUDIES))
"""A page as the API writes it: each study on a line."""

CONTAINERS: dict[str, bytes] = {
    "a page": written({"studies": STUDIES}),
    "a page with lines": BESIDE,
    "a page with its token last": written({"studies": STUDIES, "nextPageToken": "NF0g5JaGmg", "totalCount": 3}),
    "a page with its count first": written({"totalCount": 3, "nextPageToken": "NF0g5JaGmg", "studies": STUDIES}),
    "pages": written([{"studies": STUDIES[:2], "nextPageToken": "a"}, {"studies": STUDIES[2:]}]),
    "an array": written(STUDIES),
    "an array with indents": json.dumps(STUDIES, indent=2).encode(),
    "lines": b"\n".join(map(written, STUDIES)),
    "pages on lines": b"\n".join([written({"studies": STUDIES[:1]}), written({"studies": STUDIES[1:]})]),
    "a zip with one file a study": zipped(**{f"NCT{at}": written(one) for at, one in enumerate(STUDIES)}),
    "a zip with an array": zipped(ctg=written(STUDIES)),
    "a zip with pages": zipped(a=written({"studies": STUDIES[:2]}), b=written({"studies": STUDIES[2:]})),
    "gzip of lines": gzip.compress(b"\n".join(map(written, STUDIES))),
}


class TestContainers:
    """The container changes places, and nothing else."""

    @pytest.mark.parametrize("name", CONTAINERS)
    @pytest.mark.parametrize("one_piece", [8 << 20, 500])
    def test_the_same_trials(self, name: str, one_piece: int, tmp_path: Path) -> None:
        path = tmp_path / "source"
        path.write_bytes(CONTAINERS[name])
        with mock.patch.object(source_module, "ONE_PIECE", one_piece):
            assert trials(path) == ALONE
            assert trials(io.BytesIO(CONTAINERS[name])) == ALONE

    @pytest.mark.parametrize("name", CONTAINERS)
    def test_each_leaf_is_accounted_for(self, name: str) -> None:
        assert [one.audit().unmapped for one in records(CONTAINERS[name])] == [{}, {}, {}]

    def test_a_study_alone(self) -> None:
        assert sniff(written(STUDIES[0])).name == "ctgov-study"
        assert sniff(BESIDE).name == "ctgov-page"
        assert ALONE[0].id == "NCT99990000"
        assert "phases" not in ALONE[0].not_carried


def cuts(source: bytes) -> list[tuple[str, str]]:
    """Return places and words of what says that a source is not the whole answer."""
    found = [told for one in records(source) for told in one.diagnostics if told.problem is Problem.TRUNCATED]
    return [(told.place.path, told.text) for told in found]


class TestPages:
    """A page says whether it is the whole answer."""

    @pytest.mark.parametrize(
        ("page", "told"),
        [
            ({"nextPageToken": "NF0g5JaGmg"}, [("/nextPageToken", "3 records, and a next page")]),
            ({"totalCount": 2417, "nextPageToken": "a"}, [("/totalCount", "3 of 2417 records")]),
            ({"totalCount": 2417}, [("/totalCount", "3 of 2417 records")]),
            ({"totalCount": 3}, []),
            ({}, []),
        ],
        ids=["a token", "a count and a token", "the last page of many", "the only page", "no count"],
    )
    def test_cut(self, page: dict[str, Any], told: list[tuple[str, str]]) -> None:
        assert cuts(written({"studies": STUDIES, **page})) == told
        assert cuts(written({**page, "studies": STUDIES})) == told
        assert cuts(written([{**page, "studies": STUDIES}])) == [(f"/0{place}", words) for place, words in told]

    @pytest.mark.parametrize("page", [{"studies": []}, {"totalCount": 0, "studies": []}])
    def test_an_empty_page(self, page: dict[str, Any]) -> None:
        assert records(written(page)) == []
        with pytest.raises(NotOneRecord, match=r"it is a page of ClinicalTrials\.gov without studies"):
            parse(written(page))

    def test_an_empty_page_among_others(self) -> None:
        assert trials(written([{"studies": []}, {"studies": STUDIES}])) == ALONE


class TestProjections:
    """A request with `fields=` gives what was asked for: each whole study says whether it has results."""

    def test_a_module_that_was_not_asked_for(self) -> None:
        part = {"protocolSection": {"identificationModule": {"nctId": "NCT99990000", "briefTitle": "Sample 0"}}}
        trial = parse(written(part)).trial

        assert (trial.id, trial.public_title) == ("NCT99990000", "Sample 0")
        lacked = {"phases", "conditions", "status", "dates", "interventions", "sponsors", "results", "acronym"}
        assert lacked <= {*trial.not_carried}
        assert {"id", "identifiers", "public_title", "registry"}.isdisjoint(trial.not_carried)

    def test_a_key_that_was_not_asked_for(self) -> None:
        part = {"protocolSection": {"designModule": {"phases": ["PHASE2"]}, "conditionsModule": {"conditions": []}}}
        trial = parse(written(part)).trial

        assert {"study_type", "enrolment", "design", "id"} <= {*trial.not_carried}
        assert {"phases", "conditions"}.isdisjoint(trial.not_carried)

    def test_a_whole_study_states_nothing(self) -> None:
        """Without a module, a whole study has nothing to say there; that is no gap."""
        part = {key: value for key, value in study(0)["protocolSection"].items() if key != "designModule"}
        trial = parse(written({"protocolSection": part, "hasResults": False})).trial

        assert {"phases", "study_type", "results.posted"}.isdisjoint(trial.not_carried)
        assert trial.phases == frozenset()

    def test_within_lists(self) -> None:
        part = {
            "protocolSection": {"contactsLocationsModule": {"locations": [{"city": "Sampleton"}, {"country": "Italy"}]}}
        }
        trial = parse(written(part)).trial

        assert [country.code for country in trial.countries] == ["IT"]
        assert {"sites", "countries"}.isdisjoint(trial.not_carried)
        assert "contacts" in trial.not_carried

    @pytest.mark.parametrize("form", ["page", "lines", "array"])
    def test_each_record_by_itself(self, form: str) -> None:
        parts = [study(0), whole(1), {"protocolSection": {"identificationModule": {"nctId": "NCT99990002"}}}]
        source = {
            "page": written({"studies": parts}),
            "lines": b"\n".join(map(written, parts)),
            "array": written(parts),
        }[form]
        first, second, third = trials(source)

        assert "results" in first.not_carried
        assert "phases" not in first.not_carried
        assert second.not_carried == ALONE[1].not_carried
        assert "phases" in third.not_carried

    @pytest.mark.parametrize("contacts", [True, False])
    def test_words_that_name_the_key(self, contacts: bool) -> None:
        """A title may hold the name of the key."""
        part = {"protocolSection": {"identificationModule": {"briefTitle": 'What "hasResults" says'}}}
        trial = parse(written(part), contacts=contacts).trial

        assert trial.public_title == 'What "hasResults" says'
        assert "results" in trial.not_carried

    def test_traced_or_not(self) -> None:
        """The first record of a format is read in another way than those behind it."""
        part = {"protocolSection": {"identificationModule": {"nctId": "NCT99990000"}}}
        lists = {one.not_carried for one in trials(written([part] * 3))}

        assert len(lists) == 1
        assert lists == {parse(written(part), results=False).trial.not_carried}


def bulk(count: int, write: Callable[[int], bytes]) -> io.BytesIO:
    """Return a zip with so many members, as the download of the whole register is one."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for number in range(count):
            archive.writestr(f"NCT{number:08}.json", write(number))
    made.seek(0)
    return made


class TestBulk:
    """The whole register is one zip, with a file for each of some 600,000 studies."""

    def test_a_member_that_is_no_study(self) -> None:
        first, second, third = read(bulk(3, lambda number: b"{" if number == 1 else written(whole(number))))

        assert (first.ok, second.ok, third.ok) == (True, False, True)
        assert isinstance(second, Failure)
        assert second.place.member == "NCT00000001.json"

    def test_a_census(self, tmp_path: Path) -> None:
        path = tmp_path / "ctg-public.json.zip"
        path.write_bytes(bulk(50, lambda number: written(whole(number))).getvalue())
        census = take([str(path)])

        assert {name: tally.records for name, tally in census.formats.items()} == {"ctgov-study": 50}
        assert census.formats["ctgov-study"].audit.unmapped == {}

    @pytest.mark.exhaustive
    def test_memory_is_flat(self) -> None:
        """Of the members that were read nothing is kept."""
        held: dict[int, int] = {}
        for number, one in enumerate(read(bulk(20_000, lambda number: written(whole(number % 1000))))):
            assert one.ok
            if number in (2_000, 19_999):
                del one
                gc.collect()
                held[number] = sys.getallocatedblocks()

        assert held[19_999] - held[2_000] < 500

    def test_nothing_is_opened(self) -> None:
        """Reading bytes opens no file and no connection."""
        source = bulk(3, lambda number: written(whole(number))).getvalue()
        before = [*read(source)]  # what is compiled or imported once
        events: list[str] = []
        listening = [True]

        def heard(event: str, arguments: Any) -> None:
            if listening[0] and event.partition(".")[0] in ("open", "socket", "urllib", "subprocess", "os"):
                events.append(event)

        sys.addaudithook(heard)
        after = [*read(source)]
        listening[0] = False

        assert [str(one) for one in after] == [str(one) for one in before]
        assert events == []

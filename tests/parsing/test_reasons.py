"""A reason to ignore a leaf counts only in a record of which it is true."""

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialparse import Parsed, parse
from trialparse.parsing.accounts import ledger_for
from trialparse.parsing.audit import PLACEHOLDER, _leaves

Record = dict[str, Any]

CHANGED = "something else altogether"
GREEK = {"id": 1, "language": 5, "languageDescription": "Greek", "attributeTranslation": "Τίτλος"}


@pytest.fixture
def record(fixtures: Path) -> Record:
    """A record of the first CTIS portal: Germany and France, an initial application and a modification."""
    made: Record = json.loads((fixtures / "ctis" / "v1.json").read_bytes())
    return made


def read(record: Record) -> Parsed:
    return parse(json.dumps(record).encode())


def without_part_two(record: Record, country: str) -> Record:
    """Return the record of a trial of which a member state has no Part II yet."""
    parts = [part for part in record["authorizedPartsII"] if part["mscInfo"]["mscName"] != country]
    return {**record, "authorizedPartsII": parts}


class TestNoOriginal:
    """Where the record does not have what a row names, the leaf is unmapped, or it is read."""

    def test_of_a_member_state_without_part_two(self, record: Record) -> None:
        """The other state's Part II is no original; the planned number is read from the list of member states."""
        parsed = read(without_part_two(record, "Germany"))

        assert [(one.code, one.planned) for one in parsed.trial.countries] == [("FR", 20), ("DE", 40)]
        assert {path.rsplit(".", 1)[-1] for path in parsed.audit().unmapped} >= {"departmentName", "oneLine", "city"}
        assert {path.partition("{}.")[2].partition(".")[0] for path in parsed.audit().unmapped} == {"trialSites"}
        assert read(record).audit().unmapped == {}

    def test_of_the_planned_number(self, record: Record) -> None:
        """Without the list of member states too, the application says it."""
        record = without_part_two(record, "Germany")
        for state in record["memberStatesConcerned"]:
            del state["recruitmentSubjectCount"]

        assert [one.planned for one in read(record).trial.countries] == [20, 40]

    def test_of_a_join_without_key(self, record: Record) -> None:
        for part in record["applications"][0]["partIIInfo"].values():
            part["mscInfo"]["id"] = None

        sites = "applications.partIIInfo{}.trialSites.departmentName"
        assert read(record).audit().unmapped[sites] == 2

    def test_of_a_label_without_code(self, record: Record) -> None:
        """Words beside a code are words for it only if there is one."""
        for product in record["authorizedPartI"]["productRoleGroupInfos"]:
            product["productRoleCode"] = None

        assert "authorizedPartI.productRoleGroupInfos.productRoleName" in read(record).audit().unmapped

    def test_withheld_words_are_not_missed(self, record: Record) -> None:
        """Whether a copy says the same cannot be seen where words were withheld from one of them."""
        parsed = parse(json.dumps(record).encode(), contacts=False)

        assert parsed.audit().unmapped == {}
        assert parsed.audit().withheld > 20


class TestLater:
    """A version that was submitted later is no earlier version."""

    PATH = "applications.partI.trialDetails.clinicalTrialIdentifiers.fullTitleTranslations.attributeTranslation"

    @pytest.mark.parametrize(("submitted", "unmapped"), [("2024-03-01", True), ("2021-03-01", False), (None, False)])
    def test_what_a_modification_under_evaluation_adds(
        self, record: Record, submitted: str | None, unmapped: bool
    ) -> None:
        """In an earlier version the same words are what was changed since."""
        application = copy.deepcopy(record["applications"][0])
        application["submissionDate"] = application["partI"]["submissionDate"] = submitted
        application["partI"]["trialDetails"]["clinicalTrialIdentifiers"]["fullTitleTranslations"].append(GREEK)
        record["applications"].insert(0, application)

        parsed = read(record)
        assert (self.PATH in parsed.audit().unmapped) == unmapped
        assert parsed.audit().ignored["earlier version of authorizedPartI by submissionDate"] > 100


class TestTimes:
    """A copy of a time says the same day; words behind a date are no time."""

    @pytest.mark.parametrize(
        ("copied", "unmapped"),
        [
            ("2023-07-03", False),
            ("2023-07-03T12:30:00.123", False),
            ("2023-07-03 00:00:00+02:00", False),
            ("2023-07-04", True),
            ("2023-07-03 or later", True),
        ],
    )
    def test_of_a_submission(self, record: Record, copied: str, unmapped: bool) -> None:
        record["authorizedPartI"]["submissionDate"] = copied

        assert ("authorizedPartI.submissionDate" in read(record).audit().unmapped) is unmapped


class TestPlaceholder:
    """A placeholder repeats nothing, and nothing is lost."""

    def test_as_a_copy_of_a_name(self, record: Record) -> None:
        audit = read(record).audit()

        assert audit.ignored[PLACEHOLDER] == 4
        record["authorizedPartI"]["products"][1]["productDictionaryInfo"]["shortName"] = "SAM-10"
        changed = read(record).audit()
        assert changed.unmapped == {"authorizedPartI.products.productDictionaryInfo.shortName": 1}
        assert changed.leaves == audit.leaves


class TestDuplicates:
    """A copy that says something else is unmapped, wherever it is."""

    @pytest.mark.parametrize("name", ["v1", "immunostem", "multinational", "placebo_blinded"])
    @given(data=st.data())
    def test_another_word(self, fixtures: Path, name: str, data: st.DataObject) -> None:
        parsed = parse((fixtures / "ctis" / f"{name}.json").read_bytes())
        tree, ledger = parsed._kept().examined()[0], ledger_for(parsed._kept())
        copies = [
            keys
            for entry, keys, leaf in _leaves(tree, ledger, ())
            if isinstance(leaf, str) and leaf and entry.judge(False).startswith("duplicate of ")
        ]
        keys = data.draw(st.sampled_from(copies))
        node = changed = copy.deepcopy(tree)
        for key in keys[:-1]:
            node = node[key]
        node[keys[-1]] = CHANGED

        assert ledger.at(keys).path in parse(json.dumps(changed).encode()).audit().unmapped


class TestGrowth:
    """The account of twice as many elements is twice the work."""

    @pytest.mark.parametrize("doubled", ["products", "states"])
    def test_lists(self, record: Record, steps: Callable[[Callable[[], object]], int], doubled: str) -> None:
        def work(count: int) -> int:
            made = copy.deepcopy(record)
            if doubled == "products":
                made["authorizedPartI"]["products"] *= count
            else:
                for name in ("memberStatesConcerned", "authorizedPartsII"):
                    made[name] = [_with_id(one, number) for number, one in enumerate(made[name] * count)]
            return steps(read(made).audit)

        work(1)  # what is made once for a format does not count
        assert work(200) < 2.3 * work(100)


def _with_id(state: Record, number: int) -> Record:
    """Return an element of a member state with an id of its own."""
    inside = {"mscInfo": {**state["mscInfo"], "id": number}} if "mscInfo" in state else {"id": number}
    return {**state, **inside}

"""Files that end too early, files glued together, and files of several formats: nothing is lost in silence."""

import csv
import io
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from types import MappingProxyType

import pytest

from tests.conftest import FIXTURES, QUICK, THOROUGH, fixture_files
from tests.counting import exercised, readable, some
from trialparse import Parsed, Severity, TrialParseError, parse, read
from trialparse.diagnostics import LimitExceeded, MalformedDocument, Problem, UnrecognisedFormat
from trialparse.limits import Limits
from trialparse.model import Missing
from trialparse.model.terms import MissingKind, Phase
from trialparse.parsing.parsed import Failure, Outcome
from trialparse.registries import FORMATS

pytestmark = pytest.mark.exhaustive

FORM = next(one.notation.form for one in FORMATS if one.name == "euctr-protocol-text")
POINTS = 200 if THOROUGH else 20 if QUICK else 50
"""At how many places a file is cut, which lie evenly over it."""
EUCTR = FIXTURES / "euctr"
LAST = re.compile(
    rb"(P\. End of Trial Status|P\. Date of the global end|H\.4\.1|Link: .*/search)[^\n]*\s*\Z", re.IGNORECASE
)
"""The end of a whole record, as the real files have it; the full records have a link to a page and no search."""


def places(data: bytes, suffix: str) -> list[int]:
    """Return places at which to cut a file: line ends of a text, and any place of others."""
    ends = [match.end() for match in re.finditer(rb"\n", data)] if suffix == ".txt" else range(1, len(data))
    ends = [end for end in ends if end < len(data)]
    return ends[:: max(1, len(ends) // POINTS)]


def is_export(path: Path, data: bytes, end: int) -> bool:
    """Whether what is before a cut is itself a whole export, by the rules of its notation."""
    before, behind = data[:end], data[end:]
    match path.suffix:
        case ".txt":
            return before.rstrip(b"\r").endswith(b"\n") and LAST.search(before) is not None
        case ".csv":  # behind a row, with its line end or without it
            return rows_of(before) == rows_of(data)[: len(rows_of(before))]
        case ".tsv":
            return before.endswith(b"\n") or behind.startswith((b"\n", b"\r"))
        case ".html":  # the register's answer that it has no record
            return b"was not found" in before
        case _:
            return not behind.strip()


def rows_of(data: bytes) -> list[list[str]]:
    """Return the rows of a table; a quote within a cell that has none at its start is a plain sign."""
    return [*csv.reader(io.StringIO(data.decode("utf-8", "replace"), newline=""))]


def known(outcomes: list[Outcome]) -> set[tuple[object, ...]]:
    """Return what is reported of records."""
    return {
        (one.problem, one.field, one.text)
        for outcome in outcomes
        if isinstance(outcome, Parsed)
        for one in outcome.diagnostics
        if one.severity >= Severity.WARNING
    }


def values_of_the_end(outcomes: list[Outcome]) -> set[tuple[str, object]]:
    """Return what the last lines of a form say, of the last record: an address, states and a date."""
    trial = next(outcome.trial for outcome in reversed(outcomes) if outcome.ok)
    said = {"url": trial.url, "end": trial.dates.global_end, "trial": trial.status.trial}
    said |= {"regulatory": trial.status.regulatory, "first": trial.first_authorised_in}
    return {(name, value) for name, value in said.items() if value is not None}


def is_reported(data: bytes, whole: set[tuple[object, ...]]) -> bool:
    """Whether reading fails, wholly or in part, or reports a cut at the end, or news of the file."""
    try:
        outcomes = list(read(data))
    except TrialParseError:
        return True
    if not all(outcome.ok for outcome in outcomes) or known(outcomes) - whole:
        return True
    return any(problem is Problem.CUT for problem, *_ in known(outcomes[-1:]))  # the fixture is cut there itself


class TestSilence:
    """A file that was cut off anywhere is reported, unless what is left is a whole export."""

    @pytest.mark.parametrize("path", fixture_files(), ids=lambda path: str(path.relative_to(FIXTURES)))
    def test_fixtures(self, path: Path) -> None:
        data = path.read_bytes()
        whole = known(list(read(data)))
        ends = some((end for end in places(data, path.suffix) if not is_export(path, data, end)), 5)
        assert [] == [end for end in ends if not is_reported(data[:end], whole)]

    @pytest.mark.parametrize("path", sorted(EUCTR.glob("*.txt")), ids=lambda path: path.name)
    def test_each_byte_of_the_last_lines(self, path: Path) -> None:
        data = path.read_bytes()
        data = data[data.rindex(b"\nEudraCT Number:", 0, -200) + 1 :]
        whole, stated = known(list(read(data))), values_of_the_end(list(read(data)))
        first = [match.start() for match in re.finditer(rb"(?m)^\S", data)][-3]
        ends = [end for end in range(first + 1, len(data), 1 if THOROUGH else 3) if not is_export(path, data, end)]
        for end in some(ends, 10):
            assert is_reported(data[:end], whole), end
            assert values_of_the_end(list(read(data[:end]))) <= stated, end

    def test_json_lines(self) -> None:
        files = some(sorted((FIXTURES / "ctis").glob("*.json")), 5)
        lines = [json.dumps(json.loads(path.read_bytes())).encode() for path in files if "expected" not in path.name]
        data = b"\n".join(lines) + b"\n"
        whole = known(list(read(data)))
        ends = {sum(map(len, lines[:count])) + count for count in range(len(lines) + 1)}
        looked = some((end for end in places(data, ".json") if not {end, end + 1} & ends), 15)
        assert [] == [end for end in looked if not is_reported(data[:end], whole)]

    def test_glued_after_a_cut(self) -> None:
        """What a whole file says is the same behind one that was cut off at a line end, and the cut is reported."""
        other = (EUCTR / "noted.txt").read_bytes()
        (alone,) = readable(other)
        for name in ("all_boxes.txt", "traps.txt", "summary.txt"):
            data = (EUCTR / name).read_bytes()
            whole = known(list(read(data)))
            cuts = [end for end in places(data, ".txt") if not LAST.search(data[:end])]
            # behind the line that begins a record, and no more of it, nothing is lost
            cuts = [end for end in cuts if not data[:end].rstrip().endswith(b"\nSummary")]
            for end in some(cuts[4:], 5):
                outcomes = list(read(data[:end] + other))
                assert alone.trial == outcomes[-1].trial
                assert not all(outcome.ok for outcome in outcomes) or known(outcomes) - whole, end


def record(name: str, number: int = 0) -> bytes:
    """Return a record of a fixture in full text."""
    text = (EUCTR / name).read_bytes().replace(b"\r\n", b"\n")
    return re.split(rb"\n(?=Summary\n)", text)[1 + number]


def before(data: bytes, line: bytes) -> bytes:
    """Return what is before a line."""
    found = re.search(rb"^" + re.escape(line), data, re.MULTILINE)
    assert found is not None
    return data[: found.start()]


def cuts(outcome: Parsed) -> list[str]:
    """Return what is reported of a cut, with its place."""
    return [f"{one.text} @ {one.place}" for one in outcome.diagnostics if one.problem is Problem.CUT]


class TestForms:
    """A form is whole if it has the last block; a set that a cut reaches is empty, and listed as not readable."""

    def test_a_set_of_boxes(self) -> None:
        data = record("all_boxes.txt")
        parsed = parse(before(data, b"E.7.2"))

        assert frozenset(Phase) >= parse(data).trial.phases > {Phase.I}
        assert frozenset() == parsed.trial.phases
        assert Missing(field="phases", kind=MissingKind.UNREADABLE) in parsed.trial.missing
        label = "E.7.1.3.1 Other trial type description"
        (said,) = cuts(parsed)
        assert said.startswith(f"it ends after '{label}' @ line ")
        assert said.endswith(f", {label}")

    def test_the_values_before_it_stay(self) -> None:
        data = record("all_boxes.txt")
        whole, cut = parse(data).trial, parse(before(data, b"E.7.2")).trial
        assert (whole.scientific_title, whole.interventions) == (cut.scientific_title, cut.interventions)

    def test_a_text(self) -> None:
        data = record("six_countries.txt")
        end = re.search(rb"^E\.3 Principal inclusion criteria: [^\n]*\n", data, re.MULTILINE)
        assert end is not None
        cut = parse(data[: end.end()])
        assert cut.trial.eligibility.criteria
        listed = [one.field for one in cut.trial.missing if one.kind is MissingKind.UNREADABLE]
        assert {"eligibility.criteria", "eligibility.criteria[0].text"} <= {*listed}

    @pytest.mark.parametrize("end", [b"P. Date of the global end", b"\nP. End of Trial\n"])
    def test_the_date_of_the_end_may_be_absent(self, end: bytes) -> None:
        parsed = parse(before(record("six_countries.txt"), end.strip(b"\n")))
        assert (Problem.CUT in [one.problem for one in parsed.diagnostics]) is end.startswith(b"\n")

    def test_a_third_country_ends_earlier(self) -> None:
        data = record("six_countries.txt", 5)
        assert b"H.4.1" in data
        assert [] == cuts(parse(data))
        assert 1 == len(cuts(parse(before(data, b"H.4.1"))))

    def test_a_summary(self) -> None:
        data = (EUCTR / "summary.txt").read_bytes()
        first, *others = readable(before(data, b"Link: "))
        assert [] == others
        assert ["it ends after 'Trial protocol'"] == [said.partition(" @")[0] for said in cuts(first)]

    def test_a_page(self) -> None:
        page = (EUCTR / "protocol.html").read_bytes()
        at = page.index(b"Therapeutic exploratory")
        cut = parse(page[: page.rindex(b"<tr", 0, at)])
        assert (frozenset(), 1) == (cut.trial.phases, len(cuts(cut)))
        assert ["the page has no end @ /html"] == cuts(parse(page[: page.index(b"</body>")]))

    def test_both_runs_agree(self) -> None:
        def law(random: Random) -> int:
            data = record("six_countries.txt", random.randrange(6))
            cut = data[: random.choice(places(data, ".txt")[2:])]
            (fast,), (traced,) = readable(cut), readable(cut, raise_at=None, keep_raw=False)
            again = parse(cut, contacts=True).trial
            assert fast.trial == traced.trial == again
            return bool(cuts(fast))

        exercised(law, 0.5)

    def test_without_contacts(self) -> None:
        plain, withheld = (parse(before(record("six_countries.txt"), b"E.7.2"), contacts=one) for one in (True, False))
        assert ["it ends after 'E.7.1.3.1 Other trial type description'"] * 2 == [
            said.partition(" @")[0] for one in (plain, withheld) for said in cuts(one)
        ]
        assert plain.trial.phases == withheld.trial.phases == frozenset()


class TestHoles:
    """A part that every record has and this one lacks is reported wherever it was; a set with a hole is empty."""

    @pytest.mark.parametrize("name", ["six_countries.txt", "summary.txt"])
    def test_whole_records(self, name: str) -> None:
        assert [] == [said for one in readable(EUCTR / name) for said in cuts(one)]

    def test_each_regular_line(self) -> None:
        data = record("six_countries.txt").decode()
        for line in some((line for line in FORM.single if not line.always), 50):
            without = re.sub(rf"(?m)^{re.escape(line.words)}( \(\w\w\))?:[^\n]*\n", "", data)
            assert without != data
            parsed = parse(without.encode())
            assert f"it lacks {line.words!r}" in " ".join(cuts(parsed))
            assert not parsed.complete

    def test_a_block_in_the_middle(self) -> None:
        """Also where the end is that of another record."""
        data, other = record("six_countries.txt"), record("six_countries.txt", 1)
        head = before(data, b"E.7.2")
        for end in (data[data.index(b"\nE.8.7") + 1 :], other[other.index(b"\nE.8 ") + 1 :]):
            parsed = parse(head + end)
            assert ["it lacks 'E.7.2 Therapeutic exploratory (Phase II)' @ line 1"] == cuts(parsed)
            assert frozenset() == parsed.trial.phases
            assert [MissingKind.UNREADABLE] == [one.kind for one in parsed.trial.missing if one.field == "phases"]

    def test_any_block_in_the_middle(self) -> None:
        """Both runs agree on what is left, and it is never taken for a whole record."""

        def law(random: Random) -> int:
            lines = record("six_countries.txt", random.randrange(5)).splitlines(keepends=True)
            start = random.randrange(3, len(lines) - 30)
            end = random.randrange(start + 1, len(lines) - 2)
            gone = [found[0] for line in lines[start:end] if (found := FORM.known(line.decode().rstrip())) is not None]
            data = b"".join(lines[:start] + lines[end:])
            (fast,), (traced,) = readable(data, keep_raw=False), readable(data)
            assert fast.trial == traced.trial
            lost = {*gone} & {*FORM.single}
            assert not (lost and traced.complete), (start, end)
            return bool(lost)

        exercised(law, 0.5, few=True)

    def test_a_renamed_box(self) -> None:
        data = record("all_boxes.txt").replace(b"(Phase II):", b"(Phase 2):")
        parsed = parse(data)
        assert ["it lacks 'E.7.2 Therapeutic exploratory (Phase II)' @ line 1"] == cuts(parsed)
        assert frozenset() == parsed.trial.phases
        assert Missing(field="phases", kind=MissingKind.UNREADABLE) in parsed.trial.missing
        assert 1 == sum(parsed.audit().unmapped.values())


class TestTables:
    """The last row of a table is cut if cells are missing; what it has is kept, and the fields after it are listed."""

    def test_a_row(self) -> None:
        data = (FIXTURES / "ctis" / "portal.csv").read_bytes()
        *others, last = readable(data[: data.rindex(b",", 0, data.rindex(b","))])
        assert [Problem.CUT] == [one.problem for one in last.diagnostics if one.severity is Severity.ERROR]
        assert all([] == cuts(one) for one in others)
        assert last.trial.id is not None

    def test_a_row_in_the_middle_has_another_shape(self) -> None:
        data = (FIXTURES / "ctis" / "portal.csv").read_bytes()
        header, _, rows = data.partition(b"\n")
        first, *_ = readable(header + b"\n2026-590101-24-00,A\n" + rows)
        assert Problem.WRONG_TYPE in [one.problem for one in first.diagnostics]
        assert [] == cuts(first)

    @pytest.mark.parametrize("end", [b"", b"\n"])
    def test_nothing_behind_the_last_delimiter(self, end: bytes) -> None:
        header = (FIXTURES / "ctis" / "portal.csv").read_bytes().partition(b"\n")[0]
        row = b"2026-590101-24-00" + b"," * header.count(b",")
        (parsed,) = readable(header + b"\n" + row + end)
        assert (len(cuts(parsed)) == 1) is (end == b"")

    def test_a_header(self) -> None:
        header = (FIXTURES / "ctis" / "portal.csv").read_bytes().partition(b"\n")[0]
        assert [] == list(read(header))
        with pytest.raises(MalformedDocument, match="within its header"):
            list(read(header[:-3]))


def summaries() -> list[bytes]:
    """Return the records of a summary."""
    text = (EUCTR / "summary.txt").read_bytes().replace(b"\r\n", b"\n")
    return re.split(rb"\n(?=EudraCT Number:)", text)[1:]


def full_records() -> list[bytes]:
    """Return records in full text, also those whose texts contain the beginning of a summary."""
    raws = [one.raw for name in ("combined.txt", "traps.txt") for one in readable(EUCTR / name)]
    return [raw[raw.index(b"Summary") :] for raw in raws if isinstance(raw, bytes)]


class TestGlue:
    """A file that was cut off anywhere, also within a line, and one behind it: nothing of one is in the other."""

    KINDS = MappingProxyType({"full": full_records, "summary": summaries})

    @pytest.mark.parametrize("first", KINDS)
    @pytest.mark.parametrize("second", KINDS)
    def test_any_byte(self, first: str, second: str) -> None:
        cut = [
            piece for piece in self.KINDS[first]() if piece.count(b"Sponsor Protocol Number") == (first == "summary")
        ]
        behind = [piece.rstrip(b"\n") + b"\n" for piece in self.KINDS[second]()]

        def law(random: Random) -> int:
            piece, other = random.choice(cut), random.choice(behind)
            end = random.randrange(1, len(piece))
            *before, last = list(read(piece[:end] + other))
            (alone,) = readable(other)
            assert alone.trial == last.trial
            whole = is_export(Path("x.txt"), piece, end)
            assert [] == [one for one in before if isinstance(one, Parsed) and one.complete and not whole], end
            return len(before)

        exercised(law, 0.9, few=True)

    def test_within_the_lines_that_begin_a_record(self) -> None:
        """What has only begun is a `Failure`: its number is not that of the record behind it."""
        whole = record("six_countries.txt")
        for begun in (b"Summary\nEudraCT Number: 2015-09", b"Summary\nEudraCT Number: 2015-099320-36\nSponsor's Pro"):
            for before in (b"", whole + b"\n"):
                *others, failure, last = read(before + begun + whole)
                assert (False, True) == (failure.ok, last.ok)
                assert [parse(whole).trial] * (len(others) + 1) == [one.trial for one in (*others, last)]

    def test_a_part_before_the_first_record(self) -> None:
        """A file whose beginning is lost: the answers before the first record are of another one."""
        whole, other = record("six_countries.txt"), record("six_countries.txt", 1)
        for part in (whole[whole.index(b"P. End of Trial Status") :], whole[whole.index(b"\nE.8 ") + 1 :]):
            failure, last = read(part + other)
            assert not failure.ok
            assert parse(other).trial == last.trial

    def test_other_text_before_the_first_record(self) -> None:
        whole = record("six_countries.txt")
        (parsed,) = readable(b"Downloaded by me\n\n" + whole)
        assert parse(whole).trial == parsed.trial
        assert 1 == sum(parsed.audit().unmapped.values())

    def test_a_head_without_its_first_line(self) -> None:
        """It begins a record, unless the text around it goes on behind it."""
        one, two = record("six_countries.txt"), record("six_countries.txt", 1)
        place = one.index(b"\n", one.index(b"\nE.5.1 ") + 1) + 1
        head = two.removeprefix(b"Summary\n")
        first, second = readable(one[:place] + head)
        assert (1, parse(two).trial) == (len(cuts(first)), second.trial)
        (quoted,) = readable(one[:place] + b"\n".join(head.split(b"\n")[:2]) + b"\n" + one[place:])
        assert (parse(one).trial.id, []) == (quoted.trial.id, cuts(quoted))

    def test_a_page_that_ends_within_its_last_cell(self) -> None:
        page = (EUCTR / "protocol.html").read_bytes()
        whole, at = parse(page).trial, page.index(b"Date of the global end")
        day = re.compile(rb"\d{4}-\d{2}-\d{2}").search(page, at)
        assert day is not None
        for end in range(at, day.end(), 3):
            cut = parse(page[:end])
            assert cut.trial.dates.global_end is None
            assert 1 == len(cuts(cut))
        assert whole.dates.global_end is not None


class TestMixtures:
    """A text of summaries and full records, in any order, is split into the records of both formats."""

    MARKER = b"EudraCT Number: 2014-099150-81\nSponsor Protocol Number: X-1\nFull Title: as the register has it\n"

    def test_any_order(self) -> None:
        def law(random: Random) -> int:
            pieces = random.sample([*summaries(), *full_records()], 6)
            cut = [self.perhaps_cut(piece, random) for piece in pieces]
            data = b"\n".join(piece.rstrip(b"\n") + b"\n" for piece in cut)
            alone = [one for piece in cut for one in readable(piece)]
            together = readable(data)
            assert [one.format for one in alone] == [one.format for one in together]
            assert [one.trial for one in alone] == [one.trial for one in together]
            assert [len(cuts(one)) for one in alone] == [len(cuts(one)) for one in together]
            return len({one.format for one in together}) > 1

        exercised(law, 0.6)

    def perhaps_cut(self, piece: bytes, random: Random) -> bytes:
        """Return a record, half of them without the end; not within a text that quotes the register."""
        ends = [match.end() for match in re.finditer(rb"\n", piece)][3:-1]
        if (piece.startswith(b"Summary") and b"Sponsor Protocol Number" in piece) or random.randrange(2):
            return piece
        return piece[: random.choice(ends)]

    def test_a_text_that_quotes_a_summary(self) -> None:
        data = record("six_countries.txt")
        place = data.index(b"\n", data.index(b"\nE.5.1 ") + 1) + 1
        (parsed,) = readable(data[:place] + self.MARKER + data[place:])
        assert "X-1" in (parsed.trial.endpoints[0].text or "")
        assert [] == cuts(parsed)

    def test_a_text_that_ends_with_a_quoted_summary(self) -> None:
        data = record("six_countries.txt")
        place = data.index(b"\n", data.index(b"\nE.5.1 ") + 1) + 1
        first, second = readable(data[:place] + self.MARKER)
        assert ["euctr-protocol-text", "euctr-summary-text"] == [first.format.name, second.format.name]
        assert ["it ends after", "it ends after", "it lacks"] == [
            said.partition(" '")[0] for one in (first, second) for said in cuts(one)
        ]

    def test_a_record_that_has_only_begun(self) -> None:
        whole = record("six_countries.txt")
        for begun in (b"Summary\n", b"Summary\nEudraCT Number: 2015-099320-36\n", b"EudraCT Number: 2015-099320-36\n"):
            first, second = read(whole + b"\n" + begun)
            assert (True, False) == (first.ok, second.ok)
            assert [] == cuts(first) if isinstance(first, Parsed) else False

    def test_records_before_one_that_is_too_long(self) -> None:
        whole = record("noted.txt")
        found = read(whole + b"\n" + record("six_countries.txt"), limits=Limits(record=2 * len(whole)))
        assert next(found).ok
        too_long = next(found)
        assert isinstance(too_long, Failure)
        assert isinstance(too_long.error, LimitExceeded)

    def test_a_first_record_without_its_first_line(self) -> None:
        one, two = record("six_countries.txt"), record("six_countries.txt", 1)
        found = readable(one.removeprefix(b"Summary\n") + b"\n" + two)
        assert [each.trial for each in readable(one + b"\n" + two)] == [each.trial for each in found]

    def test_only_one_format_is_asked_for(self) -> None:
        data = summaries()[0] + b"\n" + record("six_countries.txt")
        first, second = read(data, format="euctr-summary-text")
        assert first.ok
        with pytest.raises(UnrecognisedFormat, match="euctr-protocol-text, and so no euctr-summary-text"):
            second.trial  # noqa: B018  a Failure raises here
        with pytest.raises(UnrecognisedFormat, match="euctr-summary-text, and so no euctr-protocol-text"):
            list(read(data, format="euctr-protocol-text"))


def lookalikes(data: bytes) -> list[str]:
    """Return the lines of texts that are reported because they look like labels."""
    return [one.text for each in readable(data) for one in each.diagnostics if one.problem is Problem.LOOKS_LIKE_KEY]


def with_line(line: str, behind: bytes = b"\nE.2.1 ") -> Iterator[bytes]:
    """Give a record with a line within a text, in both line ends."""
    data = record("six_countries.txt")
    place = data.index(b"\n", data.index(behind) + 1) + 1
    made = data[:place] + line.encode() + b"\n" + data[place:]
    yield from (made, made.replace(b"\n", b"\r\n"))


class TestLabels:
    """A line of a text that may be a label in other words is reported."""

    PLAIN = (
        "Summary\nEudraCT Number: 2015-099320-36\nSponsor's Protocol Code Number: TORN-1\n"
        "E.2.1 Main objective of the trial: x\nE.2.2 Secondary objectives of the trial: x\n"
        "E.2.3 Trial contains a sub-study: No\nE.3 Principal inclusion criteria: x\n"
        "E.4 Principal exclusion criteria: x\nE.5.1 Primary end point(s): x\nP. End of Trial Status: Ongoing\n"
    )

    @pytest.mark.parametrize(
        "line", ["E.2.1 Something else: yes", "E.2.1 Something else", "E.2.9 A new question: yes", "N. Something: new"]
    )
    def test_with_a_code(self, line: str) -> None:
        for data in some(with_line(line), 2):
            assert [line] == lookalikes(data)

    @pytest.mark.parametrize(
        "line", ["Cohort 4:", "Cohort 4: adults", "A. Adults", "E. coli", "E.g. this", "12:30", "Z.1 Other: no", "B.1a"]
    )
    def test_texts_have_such_lines(self, line: str) -> None:
        for data in some(with_line(line), 2):
            assert [] == lookalikes(data)

    @pytest.mark.parametrize("label", ["E.2.2 Secondary objectives of the trial", "E.4 Principal exclusion criteria"])
    def test_a_label_that_lost_its_code(self, label: str) -> None:
        words = label.split(" ", 1)[1]
        assert [] == lookalikes(self.PLAIN.encode())
        assert [f"{words}: x"] == lookalikes(self.PLAIN.replace(label, words).encode())

    @pytest.mark.parametrize(
        "line",
        [
            "Secondary end point(s): y",
            "Secondary end point(s)",
            "Number of treatment arms in the trial: 2",
            "  E.5.2 Secondary end point(s): y",
        ],
    )
    def test_a_label_without_its_code_or_behind_blanks(self, line: str) -> None:
        for data in some(with_line(line), 2):
            (parsed, *_) = readable(data)
            assert [line.strip()] == lookalikes(data)
            assert 1 == sum(parsed.audit().unmapped.values())

    @pytest.mark.parametrize("line", ["Safety: as above", "End points", "Efficacy", "Design of the trial:"])
    def test_texts_have_labels_of_one_word_and_headings(self, line: str) -> None:
        for data in some(with_line(line), 2):
            assert [] == lookalikes(data)

    def test_a_phrase_where_a_regular_line_is_missing(self) -> None:
        text = self.PLAIN.replace("E.2.2 Secondary objectives of the trial: x", "Cohort 4: adults")
        assert ["Cohort 4: adults"] == lookalikes(text.encode())

    def test_a_label_of_a_summary(self) -> None:
        data = summaries()[0]
        label = re.search(rb"^Start Date:[^\n]*", data, re.MULTILINE)
        assert label is not None
        changed = label[0].replace(b"Date:", b"Date*:")
        assert [changed.decode().strip()] == lookalikes(data.replace(label[0], changed))


class TestWork:
    """What a whole record costs."""

    def test_only_a_record_that_lacks_lines_is_looked_through(
        self, steps: Callable[[Callable[[], object]], int]
    ) -> None:
        trees = [one._record.examined()[0] for one in read(EUCTR / "cut.txt") if isinstance(one, Parsed)]
        trees += [one._record.examined()[0] for one in read(EUCTR / "all_boxes.txt") if isinstance(one, Parsed)]
        costs = {FORM.cut(tree) is None: steps(lambda tree=tree: FORM.cut(tree)) for tree in trees}
        assert 3 * costs[True] < costs[False]

"""The command line: what it prints, where, and with which exit code."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.cli.commands import RUN, run, shell
from trialparse import combine
from trialparse.export.json import from_json
from trialparse.mapping.compiled import mapping_of
from trialparse.model.evidence import check_field
from trialparse.model.translation import languages
from trialparse.parsing.calls import parse, read
from trialparse.registries import FORMATS

ACTING = "\x1b[31mred\x1b]0;title\x07\x9b2J\u202e"
"""Words that would turn a terminal red, name its window, clear it and reverse the text."""


@pytest.fixture
def sample(fixtures: Path) -> Path:
    """Return the sample record."""
    return fixtures / "ctis" / "immunostem.json"


@pytest.fixture
def changed(sample: Path, tmp_path: Path) -> Callable[..., Path]:
    """Return a function that writes the sample record with one text replaced by another."""

    def write(old: str, new: str, name: str = "changed.json") -> Path:
        record = sample.read_text(encoding="utf-8")
        assert json.dumps(old)[1:-1] in record
        path = tmp_path / name
        path.write_text(record.replace(json.dumps(old)[1:-1], json.dumps(new)[1:-1]), encoding="utf-8")
        return path

    return write


@pytest.fixture
def lines(sample: Path, tmp_path: Path) -> Path:
    """Return a file of three records of which the second is bad."""
    record = json.dumps(json.loads(sample.read_bytes()))
    path = tmp_path / "lines.jsonl"
    path.write_text(f"{record}\n{{}}\n{record}\n")
    return path


@pytest.fixture
def page(tmp_path: Path) -> Path:
    """Return a file that is no export."""
    path = tmp_path / "page.html"
    path.write_text("<!doctype html><html><p>Dr Ada Person, +49 30 1234567</html>")
    return path


def harmless(text: str) -> bool:
    """Whether nothing in a text acts on a terminal."""
    return not any((ord(char) < 32 and char != "\n") or 127 <= ord(char) < 160 or char == "\u202e" for char in text)


class TestRead:
    """One line of JSON for each record, in order; what is bad is told on stderr and the rest goes on."""

    def test_a_file(self, sample: Path) -> None:
        result = run("read", sample)

        assert (0, "") == (result.exit_code, result.stderr)
        assert parse(sample).trial == from_json(result.stdout)

    def test_standard_input(self, sample: Path) -> None:
        named = f'"file":{json.dumps(str(sample))}'

        assert (
            run("read", sample).stdout.replace(named, '"file":"-"') == run("read", "-", data=sample.read_bytes()).stdout
        )
        assert (
            shell("read", sample, "--no-source").stdout
            == shell("read", "-", "--no-source", input=sample.read_bytes()).stdout
        )

    def test_bad_records_do_not_stop_it(self, lines: Path) -> None:
        result = run("read", lines)

        assert (1, 2) == (result.exit_code, len(result.stdout.splitlines()))
        assert f"{lines}: record 1 /line 2: UnrecognisedFormat: an empty JSON object" in result.stderr

    def test_a_folder(self, lines: Path, page: Path, tmp_path: Path) -> None:
        (tmp_path / ".hidden").write_text("no")
        result = run("read", tmp_path)

        assert (1, 2) == (result.exit_code, len(result.stdout.splitlines()))
        assert f"{page}: UnrecognisedFormat: an HTML page" in result.stderr
        assert ".hidden" not in result.stderr

    @pytest.mark.parametrize("command", [["read"], ["overview"], ["audit"], ["explain"]])
    def test_a_file_without_records_is_told(self, command: list[str], tmp_path: Path) -> None:
        path = tmp_path / "empty.json"
        path.write_text('{"pagination": {"totalRecords": 0}, "data": []}')
        result = run(*command, path, *(["id"] if command == ["explain"] else []))

        assert 2 == result.exit_code
        assert f"{path}: no record: it is an answer of the register's search without results\n" == result.stderr

    def test_a_file_without_records_among_others(self, sample: Path, tmp_path: Path) -> None:
        path = tmp_path / "empty.xml"
        path.write_text("<trials/>")
        result = run("read", sample, path, "--no-contacts")

        assert (1, 1) == (result.exit_code, len(result.stdout.splitlines()))
        assert f"{path}: no record: it is a document <trials> without a <trial>\n" == result.stderr
        assert 2 == run("overview", path, "--record", "0").exit_code

    def test_as_a_module(self, sample: Path) -> None:
        run_module = [sys.executable, "-m", "trialparse", "read", str(sample)]

        assert shell("read", sample).stdout == subprocess.run(run_module, capture_output=True, check=True).stdout

    def test_an_unreadable_file_alone(self, page: Path) -> None:
        assert 2 == run("read", page).exit_code == shell("read", page).returncode

    @pytest.mark.parametrize(
        "arguments", [[], ["read"], ["read", "nowhere.json"], ["read", "x", "--raise-at", "panic"], ["nonsense"]]
    )
    def test_usage(self, arguments: list[str]) -> None:
        assert 2 == run(*arguments).exit_code

    def test_an_empty_folder(self, tmp_path: Path) -> None:
        assert 2 == run("read", tmp_path).exit_code

    def test_forms(self, sample: Path) -> None:
        diagnostics = json.loads(run("read", sample, "--diagnostics").stdout)
        evidence = json.loads(run("read", sample, "--evidence").stdout)

        header = {"schema_version", "source", "record", "format"}
        assert header | {"trial", "diagnostics"} == diagnostics.keys()
        assert header | {"trial", "diagnostics", "evidence"} == evidence.keys()
        assert json.loads(parse(sample).to_json()) == {
            k: v for k, v in evidence.items() if k not in ("source", "record")
        }

    def test_options_reach_the_reading(self, sample: Path) -> None:
        result = run("read", sample, "--language", "it", "--no-results", "--no-contacts")
        trial = parse(sample, language="it", results=False, contacts=False).trial

        assert trial == from_json(result.stdout)

    def test_raise_at(self, sample: Path, tmp_path: Path) -> None:
        bad = _other_phase(sample, tmp_path)
        result = run("read", bad, sample, "--raise-at", "warning")

        assert (1, 1) == (result.exit_code, len(result.stdout.splitlines()))
        assert "Rejected: warning: an unknown word of a closed vocabulary" in result.stderr

    def test_to_a_file(self, sample: Path, tmp_path: Path) -> None:
        output = tmp_path / "out.jsonl"
        result = run("read", sample, "-o", output)

        assert (0, "") == (result.exit_code, result.stdout)
        assert parse(sample).trial == from_json(output.read_bytes())

    def test_never_over_its_source(self, sample: Path, tmp_path: Path) -> None:
        source = tmp_path / "source.json"
        source.write_bytes(sample.read_bytes())

        assert 2 == run("read", tmp_path, "-o", source).exit_code
        assert sample.read_bytes() == source.read_bytes()

    def test_it_is_utf8_wherever_it_runs(self, sample: Path) -> None:
        plain = shell("read", sample, env={**os.environ, "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"})

        assert shell("read", sample).stdout == plain.stdout
        assert plain.stdout.decode("utf-8")

    def test_a_reader_that_goes_away(self, sample: Path) -> None:
        with subprocess.Popen(
            [*RUN, "read", *[str(sample)] * 60], stdout=subprocess.PIPE, stderr=subprocess.PIPE
        ) as process:
            assert process.stdout is not None
            assert process.stderr is not None
            process.stdout.readline()
            process.stdout.close()

            assert b"" == process.stderr.read()

    @pytest.mark.skipif(not Path("/dev/full").exists(), reason="no full device here")
    def test_a_full_disk_is_told(self, sample: Path) -> None:
        result = shell("read", sample, "-o", "/dev/full")

        assert 2 == result.returncode
        assert b"cannot write" in result.stderr
        assert b"Traceback" not in result.stderr

    def test_no_bar_without_a_terminal(self, sample: Path) -> None:
        assert b"" == shell("read", sample).stderr


class TestLanguage:
    """A language that is none is a wrong call, of every command that takes one."""

    @pytest.mark.parametrize("command", [["read"], ["overview"], ["explain"]])
    def test_none(self, sample: Path, command: list[str]) -> None:
        field = ["phases"] if command == ["explain"] else []
        result = run(*command, sample, *field, "--language", "xx1")

        assert (2, "") == (result.exit_code, result.stdout)
        assert "'xx1' is no ISO 639-1 code" in result.stderr

    @pytest.mark.parametrize("command", [["read"], ["overview"], ["explain"]])
    def test_one_that_is_nobodys(self, sample: Path, command: list[str]) -> None:
        """Two letters do not make a language; the message lists those that there are."""
        field = ["phases"] if command == ["explain"] else []
        result = run(*command, sample, *field, "--language", "zz")

        assert (2, "") == (result.exit_code, result.stdout)
        assert "'zz' is no ISO 639-1 code; near are z" in result.stderr
        assert len(result.stderr) < 300

    def test_each_of_the_registers_is_one(self) -> None:
        """The languages that tables give to texts are languages that may be asked for."""
        given = {meaning.term for one in FORMATS for meaning in mapping_of(one).codes.get("language", {}).values()}

        assert 20 < len({term for term in given if isinstance(term, str)} & languages().keys())
        assert set() == {term for term in given if isinstance(term, str)} - languages().keys()


class TestPersons:
    """With --no-contacts neither output nor messages hold persons."""

    def test_output(self, sample: Path) -> None:
        names = {
            word
            for contact in _contacts(parse(sample).trial)
            for word in (contact.name, contact.last_name, contact.email, contact.phone)
            if word
        }
        assert names
        for command in (["read", "--evidence"], ["overview"], ["audit"]):
            result = run(*command, sample, "--no-contacts")

            assert 0 == result.exit_code
            assert not [name for name in names if name in result.output]

    @pytest.mark.parametrize(
        "words",
        ["Ada Person;ada@example.org\n1;2\n", "Ada Person", '{"Ada Person": 1}', '["Ada Person', "<Ada.Person/>"],
    )
    def test_messages(self, words: str) -> None:
        result = run("read", "-", "--no-contacts", data=words.encode())

        assert 2 == result.exit_code
        assert result.stderr
        assert "Ada" not in result.stderr

    def test_rejected(self, sample: Path, tmp_path: Path) -> None:
        result = run("read", _other_phase(sample, tmp_path), "--no-contacts", "--raise-at", "warning")

        assert "an unknown word of a closed vocabulary for phases: '(withheld)' @ /authorized" in result.stderr
        assert "'77'" not in result.stderr  # the path may well hold a 77

    def test_a_census_that_is_none(self, sample: Path, tmp_path: Path) -> None:
        against = tmp_path / "census.json"
        tally = {"records": 1, "paths": {"Ada Person": None}}
        against.write_text(json.dumps({"census": 1, "formats": {"ctis-retrieve": tally}}))
        result = run("audit", sample, "--no-contacts", "--against", against)

        assert "not a census: '(withheld)' does not have two counts" in result.stderr

    def test_what_is_wrong_is_told(self) -> None:
        documents = [b"", b"<html><p>Ada Person</p></html>", b'{"Ada Person": "', b"<a><Ada.Person></a>", b"%PDF-1.7"]
        told = {run("read", "-", "--no-contacts", data=document).stderr for document in documents}

        assert len(documents) == len(told)
        assert "Ada" not in str(told)


class TestTerminal:
    """No word of a register acts on a terminal."""

    @pytest.mark.parametrize(
        "command",
        [
            ["overview"],
            ["overview", "--format", "markdown"],
            ["overview", "--format", "html"],
            ["read"],
            ["read", "--evidence"],
            ["audit"],
            ["audit", "--json"],
        ],
    )
    def test_words(self, command: list[str], sample: Path, changed: Callable[..., Path]) -> None:
        title = str(parse(sample).trial.public_title)
        result = run(*command, changed(title, ACTING))

        assert 0 == result.exit_code
        assert harmless(result.stdout)

    def test_explain(self, sample: Path, changed: Callable[..., Path]) -> None:
        result = run("explain", changed(str(parse(sample).trial.public_title), ACTING), "public_title")

        assert harmless(result.stdout)
        assert "red" in result.stdout

    def test_messages(self, tmp_path: Path) -> None:
        path = tmp_path / "a\x1b[31m.json"
        path.write_text(json.dumps({ACTING: 1}))
        result = run("read", path)

        assert harmless(result.stderr)
        assert 1 == len(result.stderr.splitlines())


class TestOverview:
    """Each trial in plain words, one after another, or the one that is asked for."""

    @pytest.mark.parametrize("form", ["text", "markdown", "html"])
    def test_forms(self, form: str, sample: Path) -> None:
        from trialparse.pages import overview

        result = run("overview", sample, "--format", form)

        assert 0 == result.exit_code
        assert overview(parse(sample), format=form).strip() == result.stdout.strip()  # type: ignore[arg-type]

    def test_each_in_turn(self, lines: Path) -> None:
        result = run("overview", lines)

        assert 1 == result.exit_code
        assert 2 == result.stdout.count("Trial overview")
        assert "record 1 /line 2: UnrecognisedFormat" in result.stderr

    def test_the_one_asked_for(self, lines: Path, sample: Path) -> None:
        result = run("overview", lines, "--record", "2")

        assert run("overview", sample).stdout.split("\n")[:10] == result.stdout.split("\n")[:10]
        assert 2 == run("overview", lines, "--record", "3").exit_code

    def test_html_is_one_document(self, lines: Path) -> None:
        result = run("overview", lines, "--format", "html")

        assert (2, "") == (result.exit_code, result.stdout)
        assert "--record" in result.stderr

    def test_in_any_encoding(self, sample: Path) -> None:
        result = shell("overview", sample, env={**os.environ, "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"})

        assert (0, b"") == (result.returncode, result.stderr)


class TestExplain:
    """A field, its places, the register's words, and the rows of the tables."""

    def test_a_code(self, sample: Path) -> None:
        result = run("explain", sample, "phases")

        assert 0 == result.exit_code
        assert 'phases = ["I", "II"]' in result.stdout
        assert "trialCategory/trialPhase: '7'" in result.stdout
        assert "relation of the register's words to our terms: exact" in result.stdout
        assert "mapping.tsv:" in result.stdout
        assert "codes.tsv:" in result.stdout
        assert "[EMA 14" in result.stdout

    def test_the_row_is_the_one_in_the_table(self, sample: Path) -> None:
        from importlib.resources import files

        row = parse(sample).evidence("enrolment.planned").row.split()[0]
        name, number = row.split(":")
        line = (files("trialparse.registries.ctis") / name).read_text(encoding="utf-8").splitlines()[int(number) - 1]
        field, _, _, _, authority, *_ = [*line.split("\t"), "", "", "", "", ""]

        assert f"{row}: {field} <- " in run("explain", sample, "enrolment.planned").stdout
        assert authority in run("explain", sample, "enrolment.planned").stdout

    def test_within_lists(self, sample: Path) -> None:
        result = run("explain", sample, "interventions[0].routes[0].term")

        assert 0 == result.exit_code
        assert str(parse(sample).trial.interventions[0].routes[0].term) in result.stdout

    def test_words_that_could_not_be_read(self, sample: Path, tmp_path: Path) -> None:
        """The source speaks of the field, though in words that nobody knows."""
        result = run("explain", _other_phase(sample, tmp_path), "phases")

        assert "UNREADABLE" in result.stdout
        assert "trialCategory/trialPhase: '77' could not be read" in result.stdout
        assert "does not mention it" not in result.stdout

    def test_what_the_source_does_not_mention(self, sample: Path) -> None:
        result = run("explain", sample, "dates.global_end.year")

        assert (0, True) == (result.exit_code, "does not mention it" in result.stdout)

    def test_what_sources_of_the_kind_do_not_carry(self, fixtures: Path) -> None:
        result = run("explain", fixtures / "ctis" / "search_row_v1.json", "conditions")

        assert "sources of this kind do not carry it" in result.stdout

    def test_what_may_be_in_leaves_that_no_row_reads(self, fixtures: Path, tmp_path: Path) -> None:
        """Sites of a trial whose Part II is under evaluation are in its application alone."""
        record = json.loads((fixtures / "ctis" / "v1.json").read_bytes()) | {"authorizedPartsII": []}
        path = tmp_path / "record.json"
        path.write_text(json.dumps(record), encoding="utf-8")
        count = sum(parse(path).audit().unmapped.values())
        result = run("explain", path, "sites")

        assert count > 50
        assert f"no row reads {count} other leaves of the record: see `audit`" in result.stdout

    @pytest.mark.parametrize(
        ("field", "meant"),
        [
            ("phase", "phases"),
            ("sponsor", "sponsors"),
            ("enrollment.planned", "enrolment"),
            ("interventions[0].nam", "interventions[0].name"),
            ("planned", "enrolment.planned"),
        ],
    )
    def test_what_may_be_meant(self, field: str, meant: str, sample: Path) -> None:
        """A name that is nearly one names it, and so does one that is a field elsewhere; the library does the same."""
        result = run("explain", sample, field)

        assert (2, "") == (result.exit_code, result.stdout)
        assert re.search(rf"did you mean .*{re.escape(meant)}", " ".join(result.stderr.split()))
        assert len(result.stderr) < 400
        with pytest.raises(ValueError, match="did you mean"):
            parse(sample).evidence(field)
        check_field(meant)

    def test_several_files(self, sample: Path, fixtures: Path) -> None:
        result = run("explain", sample, fixtures / "ctis" / "v1.json", "id")

        assert 2 == sum(" id = " in line for line in result.stdout.splitlines())

    @pytest.mark.parametrize("field", ["", "nonsense", "sites[99]", "id[0]", "phases[0]", "__class__", "id.upper"])
    def test_no_such_field(self, field: str, sample: Path) -> None:
        assert 2 == run("explain", sample, field).exit_code


def _heads(lines: list[str]) -> list[str]:
    """Return the lines with the value of each record, without what is below them."""
    return [line[2:] for line in lines if line.startswith("  ") and line[2] != " "]


class TestUsage:
    """What is wrong with a call is said before a file is read."""

    def test_a_field_that_is_not_there(self, tmp_path: Path) -> None:
        (tmp_path / "a.json").write_text("{}")
        result = run("explain", tmp_path / "a.json", "phase")

        assert result.exit_code == 2
        assert "did you mean phases?" in result.stderr
        assert "UnrecognisedFormat" not in result.stderr

    @pytest.mark.parametrize("command", ["read", "overview", "explain"])
    def test_rules_for_nothing(self, command: str, sample: Path) -> None:
        field = ["id"] if command == "explain" else []
        for order in (["--rules", "ctrdata"], ["--rules", "ctrdata", "--combine"]):
            result = run(command, *order, sample, *field)

            assert (result.exit_code == 2) is ("--combine" not in order)
        assert "--rules is for --combine" in run(command, "--rules", "ctrdata", sample, *field).stderr


class TestExplainCombined:
    """With --combine: the value of a trial, what each record has, the rule that chose, and the records it took."""

    @pytest.fixture
    def countries(self, fixtures: Path) -> Path:
        return fixtures / "euctr" / "countries.xml"

    def test_a_number(self, countries: Path) -> None:
        combined = combine(list(read(countries)))
        rule = combined.rule("enrolment.planned")
        first, chosen, *others = run("explain", "--combine", countries, "enrolment.planned").stdout.splitlines()

        assert first == f"{combined.trial.id} enrolment.planned = 150"
        assert chosen == f"  {rule.name}: enrolment.planned, maximum [{rule.authority}]"
        assert _heads(others) == [
            f"{name}: {number} ({how})"
            for name, number, how in zip(
                combined.names, (120, 150, 120), ("not taken", "taken", "not taken"), strict=True
            )
        ]

    def test_a_set(self, countries: Path) -> None:
        """Each record whose words the value is made of is taken; the rows are listed below each of them."""
        lines = run("explain", "--combine", countries, "phases").stdout.splitlines()

        assert [line.rpartition(" (")[2] for line in _heads(lines[2:])] == ["taken)"] * 3
        assert sum("mapping.tsv:" in line for line in lines) >= 3

    def test_places_are_below_their_record(self, countries: Path) -> None:
        """What a record says is below the line with its value."""
        combined = combine(list(read(countries)))
        lines = run("explain", "--combine", countries, "enrolment.planned").stdout.splitlines()[2:]
        below: dict[str, list[str]] = {}
        for line in lines:
            if line[2:] in _heads(lines):
                inner = below[line.strip().partition(": ")[0]] = []
            else:
                inner.append(line)

        assert tuple(below) == combined.names
        for one in combined.spread("enrolment.planned"):
            [source] = one.evidence().sources
            inner = below[combined.names[one.part]]
            assert f"    {source.place}: {source.text!r}" in inner
            assert all(line.startswith("    ") for line in inner)

    @pytest.mark.parametrize("field", ["url", "design.arms", "status.text"])
    def test_what_nobody_chose(self, field: str, fixtures: Path) -> None:
        """Where records disagree no record is taken, and so none is said not to be."""
        path = fixtures / "euctr" / "six_countries.txt"
        combined = combine(list(read(path)))

        assert combined.chosen(field) == ()
        assert len(combined.spread(field)) > 1
        assert "taken)" not in run("explain", "--combine", path, field).stdout

    @pytest.mark.parametrize("field", ["registry", "study_type", "missing"])
    def test_values_without_a_place(self, field: str, fixtures: Path) -> None:
        """A constant, and reasons for what is missing, are from their records all the same."""
        path = fixtures / "euctr" / "six_countries.txt"

        assert " (taken)" in run("explain", "--combine", path, field).stdout
        assert len(combine(list(read(path))).chosen(field)) > 0

    def test_the_rule_is_as_its_row(self, fixtures: Path) -> None:
        """A verb that decides because there are no results is named by itself."""
        path = fixtures / "euctr" / "all_boxes.txt"
        rule = combine(list(read(path))).rule("status.trial")
        lines = run("explain", "--combine", path, "status.trial").stdout.splitlines()

        assert lines[1].startswith(f"  {rule.name}: {rule.field}, {rule.verb} {' '.join(rule.argument)} [")
        assert lines[2] == "  decided by: precedence"

    def test_other_rules(self, countries: Path) -> None:
        result = run("explain", "--combine", "--rules", "ctrdata", countries, "phases")

        assert 'phases = ["III"]' in result.stdout
        assert "ctrdata.tsv:" in result.stdout.splitlines()[1]
        assert ", record BE first [" in result.stdout.splitlines()[1]

    def test_records_of_several_files(self, fixtures: Path) -> None:
        """The records of a trial are taken from all files."""
        files = [fixtures / "euctr" / name for name in ("six_countries.txt", "six_countries_results.xml")]
        alone = run("explain", "--combine", files[0], "dates.global_end").stdout
        both = run("explain", "--combine", *files, "dates.global_end").stdout

        assert both.count(" dates.global_end = ") == 1
        assert both != alone

    def test_what_has_several_rules(self, countries: Path) -> None:
        result = run("explain", "--combine", countries, "dates")

        assert "has rules of its own: ask for one of its fields" in result.stdout

    @pytest.mark.parametrize("field", ["results", "countries[0].name", "missing", "interventions[0].name", "id"])
    def test_any_field(self, field: str, countries: Path) -> None:
        assert 0 == run("explain", "--combine", countries, field).exit_code
        assert 2 == run("explain", "--combine", countries, "phase").exit_code


class TestRecordsAt:
    """With --records-at each command reads records that are inside of other JSON."""

    @pytest.mark.parametrize("command", ["read", "audit", "overview", "explain", "diff"])
    def test_each_command(self, command: str, sample: Path, tmp_path: Path) -> None:
        path = tmp_path / "a.json"
        path.write_bytes(b'{"payload": {"records": [%s]}}' % sample.read_bytes())
        more = {"explain": ["id"], "diff": [path], "read": ["--no-source"], "overview": ["--no-notes"]}.get(command, [])
        plain = run(command, *([sample, sample] if command == "diff" else [sample, *more]))
        found = run(command, path, *more, "--records-at", "payload.records")

        assert (0, "") == (found.exit_code, found.stderr)
        assert found.stdout.replace("/payload/records/0/", "/").replace(path.name, sample.name) == plain.stdout

    def test_without_it(self, sample: Path, tmp_path: Path) -> None:
        path = tmp_path / "a.json"
        path.write_bytes(b'{"payload": %s}' % sample.read_bytes())
        result = run("read", path)

        assert 2 == result.exit_code
        assert "pass records_at='/payload', or --records-at on the command line" in result.stderr


class TestAudit:
    """The account of files, for people and for programs, and what has changed since."""

    def test_totals(self, sample: Path, lines: Path) -> None:
        result = run("audit", sample, lines)

        assert 1 == result.exit_code
        assert result.stdout.startswith("3 records, 1 bad, 0 files unreadable, 0 without records")
        assert f": {parse(sample).audit().leaves * 3} leaves: mapped" in result.stdout

    def test_unknown_keys_and_words(self, sample: Path, tmp_path: Path) -> None:
        key = _renamed(sample, tmp_path)
        word = _other_phase(sample, tmp_path)
        result = run("audit", key, word)

        assert "trialCategory.trialPhaze" in result.stdout
        assert "trialCategory.trialPhase: '77'" in result.stdout
        assert str(word) in result.stdout

    def test_a_subtree_that_no_row_reads_is_one_line(self, fixtures: Path, tmp_path: Path) -> None:
        """People get its number of leaves and paths, programs each path; a few paths are lines of their own."""
        record = json.loads((fixtures / "ctis" / "v1.json").read_bytes())
        record["novel"] = [{"a": 1, "b": {"c": 2, "d": [3, 4]}, "e": 5}, {"f": 6, "g.h": 7}]
        record["authorizedPartI"]["few"] = {"a": 1, "b": 2}
        path = tmp_path / "record.json"
        path.write_text(json.dumps(record), encoding="utf-8")
        unmapped = parse(path).audit().unmapped
        printed = run("audit", path).stdout.partition("unmapped paths, with an example:\n")[2]
        lines = [line.split("  (")[0].split() for line in printed.partition("  unknown words")[0].splitlines()]
        [account] = json.loads(run("audit", "--json", path).stdout)["formats"].values()

        assert [
            ["7", "novel.**", "(6", "paths)"],
            ["1", "authorizedPartI.few.a"],
            ["1", "authorizedPartI.few.b"],
        ] == lines
        assert {entry["path"]: entry["count"] for entry in account["unmapped"]} == unmapped
        assert len(unmapped) == 8
        assert sum(unmapped.values()) == sum(int(line[0]) for line in lines)

    def test_new_paths_of_a_subtree_are_one_line(self, sample: Path, tmp_path: Path) -> None:
        """So are the paths that are new since a census."""
        before, path = tmp_path / "census.json", tmp_path / "record.json"
        run("audit", sample, "--save", before)
        record = json.loads(sample.read_bytes()) | {"novel": dict.fromkeys("abcdef", 1)}
        path.write_text(json.dumps(record), encoding="utf-8")
        printed = run("audit", path, "--against", before).stdout.partition("new paths:\n")[2]

        assert ["1  novel.** (6 paths)  (records)"] == [line.strip() for line in printed.splitlines()[:1]]

    def test_json(self, sample: Path, tmp_path: Path) -> None:
        whole = json.loads(run("audit", "--json", _renamed(sample, tmp_path), _other_phase(sample, tmp_path)).stdout)
        [account] = whole["formats"].values()

        assert account["leaves"] == account["mapped"] + sum(account["ignored"].values()) + account["withheld"] + sum(
            entry["count"] for entry in account["unmapped"]
        )
        assert any(entry["path"].endswith("trialPhaze") for entry in account["unmapped"])
        [word] = account["unknown_words"]
        assert ("77", 1) == (word["text"], word["count"])
        assert word["path"].endswith("trialCategory.trialPhase")

    def test_drift(self, sample: Path, tmp_path: Path) -> None:
        census = tmp_path / "census.json"
        saved = run("audit", sample, "--save", census)
        same = run("audit", sample, "--against", census)
        drift = run("audit", _renamed(sample, tmp_path), "--against", census)

        assert (0, 0, 0) == (saved.exit_code, same.exit_code, drift.exit_code)
        assert "no path is new, gone or empty since then" in same.stdout
        for title, key in (("new paths:", "trialPhaze"), ("paths that are gone:", "trialPhase")):
            assert key in drift.stdout.split(title)[1].split("\n")[1]
        assert json.loads(run("audit", "--json", _renamed(sample, tmp_path), "--against", census).stdout)["drift"]

    def test_a_new_word_is_drift(self, sample: Path, tmp_path: Path) -> None:
        census = tmp_path / "census.json"
        run("audit", sample, "--save", census)
        other = _other_phase(sample, tmp_path)
        whole = json.loads(run("audit", "--json", other, "--against", census).stdout)["drift"]["ctis-retrieve"]

        assert "trialCategory.trialPhase: '77'" in run("audit", other, "--against", census).stdout.split("new words")[1]
        assert [("77", 1)] == [(entry["text"], entry["count"]) for entry in whole["words"]]

    def test_exit_code(self, sample: Path, lines: Path, tmp_path: Path) -> None:
        """A scheduled job hears of drift and of what no row knows; what could not be read counts as always."""
        census = tmp_path / "census.json"
        run("audit", sample, "--save", census)
        less = tmp_path / "less.json"
        less.write_text(json.dumps(json.loads(sample.read_bytes()) | {"documents": []}))

        assert 0 == run("audit", "--exit-code", sample, "--against", census).exit_code
        assert 0 == run("audit", "--exit-code", less).exit_code
        assert 1 == run("audit", "--exit-code", less, "--against", census).exit_code
        assert 0 == run("audit", less, "--against", census).exit_code
        assert 1 == run("audit", "--exit-code", _renamed(sample, tmp_path)).exit_code
        assert 1 == run("audit", "--exit-code", _other_phase(sample, tmp_path)).exit_code
        assert 1 == run("audit", "--exit-code", lines).exit_code
        assert 2 == run("audit", "--exit-code", tmp_path / "nowhere.json").exit_code

    def test_a_census_that_is_none(self, sample: Path) -> None:
        assert 2 == run("audit", sample, "--against", sample).exit_code


class TestFormats:
    """All formats are listed."""

    def test_all(self) -> None:
        result = run("formats")

        assert [format.name for format in FORMATS] == [line.split()[0] for line in result.stdout.splitlines()]
        assert all(format.title in result.stdout for format in FORMATS)


class TestWithoutTheExtra:
    """Without click the command says what to install, in one line."""

    @pytest.mark.parametrize("missing", ["click", "rich"])
    def test_message(self, missing: str) -> None:
        code = f"import sys; sys.modules[{missing!r}] = None; from trialparse.cli import main"
        result = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)

        assert 2 == result.returncode
        assert f"The command line needs {missing}: pip install 'trialparse[cli]'\n".encode() == result.stderr


def _other_phase(sample: Path, folder: Path) -> Path:
    return _rewritten(sample, folder, "trialPhase", "77")


def _renamed(sample: Path, folder: Path) -> Path:
    return _rewritten(sample, folder, "trialPhaze", "7")


def _rewritten(sample: Path, folder: Path, key: str, value: str) -> Path:
    """Write the sample with its phase under this key and with this value."""
    record = json.loads(sample.read_bytes())
    category = record["authorizedApplication"]["authorizedPartI"]["trialDetails"]["trialInformation"]["trialCategory"]
    del category["trialPhase"]
    category[key] = value
    path = folder / f"{key}.json"
    path.write_text(json.dumps(record))
    return path


def _contacts(trial: Any) -> list[Any]:
    holders = [trial, *trial.sponsors, *trial.sites]
    return [contact for holder in holders for contact in holder.contacts]


class TestCombine:
    """With --combine the records of one trial are told as one, whichever files they are in."""

    @pytest.fixture
    def countries(self, fixtures: Path) -> Path:
        return fixtures / "euctr" / "countries.xml"

    def test_overview(self, countries: Path) -> None:
        apart = run("overview", countries)
        together = run("overview", "--combine", "--detail", "full", countries)

        assert (0, 0) == (apart.exit_code, together.exit_code)
        assert (3, 2) == (apart.output.count("Trial overview\n"), together.output.count("Trial overview\n"))
        assert "- phase 2 and phase 3: Spain" in together.output

    def test_overview_by_other_rules(self, countries: Path) -> None:
        result = run("overview", "--combine", "--rules", "ctrdata", countries)

        assert 0 == result.exit_code
        assert "The records do not agree on the phase: phase 3 in 2 records" in " ".join(result.output.split())

    def test_one_html_document(self, countries: Path) -> None:
        assert 2 == run("overview", "--format", "html", countries).exit_code
        assert 0 == run("overview", "--format", "html", "--combine", countries).exit_code

    def test_overview_of_several_files(self, countries: Path, sample: Path) -> None:
        result = run("overview", "--combine", countries, sample, countries)

        assert 0 == result.exit_code
        assert 2 == result.output.count("Trial overview\n")

    def test_read(self, countries: Path, sample: Path) -> None:
        result = run("read", "--combine", countries, sample)
        trials = [from_json(line) for line in result.output.splitlines()]

        assert ["2017-099140-40", "2026-590101-24-00"] == [trial.id for trial in trials]
        assert 5 == len(trials[0].countries)

    def test_read_with_evidence(self, countries: Path) -> None:
        whole = json.loads(run("read", "--combine", "--evidence", countries).output)

        assert 3 == len(whole["records"])
        assert "2017-099140-40 ES" == whole["evidence"]["enrolment.planned"]["sources"][0]["place"]["of"]

    def test_rules_that_are_none(self, countries: Path) -> None:
        assert 2 == run("read", "--combine", "--rules", "mine", countries).exit_code

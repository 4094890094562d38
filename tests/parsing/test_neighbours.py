"""What is bad about one record, member or line stays with it, and nothing about a person comes round by it."""

import io
import json
import pickle
import zipfile
from pathlib import Path

import pytest

from tests.conftest import FIXTURES
from trialparse import Failure, LimitExceeded, Limits, TrialParseError, parse, read
from trialparse.mapping.opening import openers

SAMPLE = FIXTURES / "ctis" / "multinational.json"


def line() -> bytes:
    """Return a record on one line, longer than any head that is looked at first."""
    return json.dumps(json.loads(SAMPLE.read_bytes())).encode()


class TestLines:
    """JSON lines are read however long they are, and a broken one is a Failure in its place."""

    def test_long_lines(self) -> None:
        assert len(line()) > 1 << 16
        assert [True, True] == [outcome.ok for outcome in read(line() + b"\n" + line())]

    @pytest.mark.parametrize("place", [0, 1, 2])
    def test_a_broken_line(self, place: int) -> None:
        lines = [line(), line(), line()]
        lines[place] = b'{"ctNumber": '

        assert [index != place for index in range(3)] == [outcome.ok for outcome in read(b"\n".join(lines))]


class TestMembers:
    """A member of an archive that is no export is a Failure between its neighbours."""

    def test_a_text_beside_records(self) -> None:
        archive = io.BytesIO()
        with zipfile.ZipFile(archive, "w") as zipped:
            for name, data in (("a.json", line()), ("README.txt", b"read me"), ("c.json", line())):
                zipped.writestr(name, data)

        outcomes = list(read(archive.getvalue()))

        assert [True, False, True] == [outcome.ok for outcome in outcomes]
        assert outcomes[1].place.member == "README.txt"


class TestPersons:
    """With contacts=False a person stays out where the shape has drifted, and out of what is said of a wrong file."""

    @pytest.mark.parametrize("drifted", [{"lastName": {"value": "Zzyzx"}}, "Dr Zzyzx", {"lastName": ["Zzyzx"]}])
    def test_another_shape(self, drifted: object) -> None:
        document = json.loads(SAMPLE.read_bytes())
        document["authorizedApplication"]["authorizedPartsII"][0]["trialSites"][0]["personInfo"] = drifted

        parsed = parse(json.dumps(document).encode(), contacts=False)

        assert b"Zzyzx" not in parsed.raw
        assert "Zzyzx" not in parsed.to_json()

    def test_a_wrong_file(self) -> None:
        with pytest.raises(TrialParseError) as caught:
            parse(b"Maria Example,maria@example.org,0123\n", contacts=False)
        assert "Maria" not in str(caught.value)

    def test_duplicate_keys_are_told_all_the_same(self) -> None:
        twice = line()[:-1] + b',"zzz":1,"zzz":2}'

        said = [found.problem.name for found in parse(line(), contacts=False).diagnostics]
        assert ["DUPLICATE_KEY", *said] == [found.problem.name for found in parse(twice, contacts=False).diagnostics]


class TestLimits:
    """Limits hold in the fast run too, and what was read can be handed to another process."""

    def test_values(self) -> None:
        with pytest.raises(LimitExceeded):
            parse(line(), limits=Limits(nodes=5))

    @pytest.mark.parametrize("limits", [Limits(nodes=12), Limits(attributes=1)])
    def test_they_are_those_of_the_caller_whatever_looks_first(self, limits: Limits, fixtures: Path) -> None:
        whole = (fixtures / "rebec" / "registry.xml").read_bytes()
        marked = whole.replace(b"<public_title>", b"<public_title><i lang='pt' dir='ltr'>a</i>")
        assert marked != whole
        for parsed in _all(marked, limits):
            assert isinstance(parsed, Failure)
            assert isinstance(parsed.error, LimitExceeded)

    def test_pickle(self) -> None:
        parsed = parse(SAMPLE)

        assert parsed.trial == pickle.loads(pickle.dumps(parsed)).trial


class TestOpeners:
    """No text makes an opener slow: these took minutes when a pattern could give back what it had taken."""

    @pytest.mark.parametrize("opener", sorted(openers()))
    @pytest.mark.parametrize(
        "text", [" " * 30_000 + "x", "ab " * 15_000, "1" + "." * 30_000 + "((", "a: x" + " " * 30_000 + "b"]
    )
    def test_a_long_text_comes_to_an_end(self, opener: str, text: str) -> None:
        openers()[opener](text)


def _all(data: bytes, limits: Limits) -> list[object]:
    """Return what a source gives; nothing where it is refused as a whole."""
    try:
        return list(read(data, limits=limits))
    except LimitExceeded:
        return []

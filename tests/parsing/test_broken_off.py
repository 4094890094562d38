"""A source that is cut gives every record before the cut, and the rest is reported: each class docstring is a law."""

import gzip
import io
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from random import Random
from unittest import mock

import pytest

from tests.conftest import THOROUGH
from tests.counting import some
from tests.parsing.several import COUNT, SEVERAL, Several
from tests.readers.sources import Trickle, zipped
from trialparse import Failure, MalformedDocument, Parsed, Problem, Trial, TrialParseError, read
from trialparse.readers import packed as packed_module
from trialparse.readers import source, xml
from trialparse.readers.notations import json

PLACES = 60 if THOROUGH else 9
"""Places at which a source is cut, besides those beside the ends of its records."""


def places(source: Several) -> list[int]:
    """Return where a source is cut: at places drawn, and before and behind the end of each record."""
    drawn = Random(len(source.data)).sample(range(source.first + 1, len(source.data)), PLACES)
    return sorted({*drawn, *(end + step for end in source.ends for step in (-1, 0) if end + step < len(source.data))})


def packed(data: bytes) -> bytes:
    """Return gzip of which the end is missing, and nothing of the content."""
    packer = zlib.compressobj(wbits=31)
    return packer.compress(data) + packer.flush(zlib.Z_SYNC_FLUSH)


def outcomes(given: object) -> tuple[list[Parsed | Failure], TrialParseError | None]:
    """Return what a source gives, and the error it ends with."""
    found: list[Parsed | Failure] = []
    try:
        found.extend(read(given))  # type: ignore[arg-type]
    except TrialParseError as error:
        return found, error
    return found, None


@contextmanager
def streamed(several: Several) -> Iterator[None]:
    """Make a stream of a source of which more than half is left, and parse XML as one."""
    with (
        mock.patch.object(source, "ONE_PIECE", len(several.data) // 2),
        mock.patch.object(packed_module, "CHUNK", 64),
        mock.patch.object(json, "ONE_PIECE", len(several.data) // 2),
        mock.patch.object(xml.document, "ONE_PIECE", 1),
    ):
        yield


@pytest.fixture(scope="module", params=SEVERAL)
def several(request: pytest.FixtureRequest) -> Several:
    """Return a source with several records of each notation."""
    return SEVERAL[request.param]


def whole(several: Several) -> list[Trial]:
    """Return the trials of a source that is not cut."""
    found, error = outcomes(several.data)
    assert error is None
    return [one.trial for one in some(found, COUNT)]


class TestCompressed:
    """Gzip that is cut gives the records before the cut, and then one error, which says that it is cut."""

    def test_everywhere(self, several: Several) -> None:
        trials = whole(several)
        for place in places(several):
            cut = packed(several.data[:place])
            for given in (cut, io.BytesIO(cut), Trickle(cut, 99)):
                found, error = outcomes(given)
                assert str(error) == "the gzip stream is cut short"
                assert len(found) >= several.whole(place)
                assert [one.trial for one in found] == trials[: len(found)]

    def test_as_a_stream(self, several: Several) -> None:
        trials = whole(several)
        with streamed(several):
            for place in places(several)[:: 1 if THOROUGH else 3]:
                found, error = outcomes(packed(several.data[:place]))
                assert isinstance(error, MalformedDocument)
                assert len(found) >= several.whole(place)
                assert [one.trial for one in found] == trials[: len(found)]

    def test_in_a_zip(self, several: Several) -> None:
        """There the rest is a failure of its member, and the other members are read."""
        place = several.ends[1]
        found, error = outcomes(zipped(("a.gz", packed(several.data[:place])), ("b", several.data)))
        assert error is None
        assert [one.place.member for one in found if one.ok] == ["a.gz"] * several.whole(place) + ["b"] * COUNT
        (failure,) = [one for one in found if isinstance(one, Failure)]
        assert failure.place.member == "a.gz"
        assert "cut short" in str(failure.error)

    def test_where_only_the_checksum_is_missing(self, several: Several) -> None:
        found, error = outcomes(gzip.compress(several.data)[:-5])
        assert "cut short" in str(error)
        assert len(found) >= several.whole(len(several.data))


class TestPlain:
    """A source that is cut gives the records before the cut; what is left of the next one is reported in some way."""

    def test_everywhere(self, several: Several) -> None:
        trials = whole(several)
        for place in places(several):
            found, error = outcomes(several.data[:place])
            count = several.whole(place)
            assert [one.trial for one in found if one.ok][:count] == trials[:count]
            rest = found[count:]
            is_reported = error is not None or any(isinstance(one, Failure) for one in rest)
            is_cut = any(one.problem is Problem.CUT for parsed in rest if parsed.ok for one in parsed.diagnostics)
            if not is_reported and not is_cut:  # a table or a text cut in the last words of a record is a whole one
                assert len(rest) <= 1
                assert place in several.ends or not several.data.startswith((b"[", b"{", b"<"))

    def test_a_stream_is_read_as_far(self, several: Several) -> None:
        differ = []
        for place in places(several)[:: 1 if THOROUGH else 3]:
            found, error = outcomes(several.data[:place])
            with streamed(several):
                again, its_error = outcomes(io.BytesIO(several.data[:place]))
            if [one.ok and one.trial for one in found] != [one.ok and one.trial for one in again]:
                differ.append(place)
            if type(error) is not type(its_error):
                differ.append(place)
        assert differ == []


class TestZip:
    """A zip that is cut gives the records of the members before the cut, and one failure with what was cut."""

    def test_members(self, several: Several) -> None:
        members = [(f"{number}", several.data) for number in range(3)]
        data = zipped(*members)
        middle = data.index(b"PK\3\4", data.index(b"PK\3\4", 4) + 4) + 40  # in the third member
        found, error = outcomes(data[:middle])
        assert error is None
        assert [one.place.member for one in found if one.ok] == ["0"] * COUNT + ["1"] * COUNT
        (failure,) = [one for one in found if isinstance(one, Failure)]
        assert (failure.place.member, failure.index) == ("2", 2 * COUNT)

    def test_the_directory(self, several: Several) -> None:
        data = zipped(("a", several.data), ("b", several.data))
        found, error = outcomes(data[: data.index(b"PK\1\2") + 50])
        assert error is None
        assert [one.ok for one in found] == [True] * 2 * COUNT + [False]
        assert found[-1].place.member is None

    def test_without_contacts(self) -> None:
        """The failure has no name of the zip."""
        data = zipped(("Zzyzx.json", SEVERAL["lines"].data), ("Zzyzx Invented.json", SEVERAL["lines"].data))
        for cut in (data[:-70], data[: data.index(b"PK\3\4", 4) + 60]):
            found = list(read(cut, contacts=False))
            assert [one.ok for one in found].count(False) == 1
            assert "Zzyzx" not in "".join(f"{one!r} {one.place}" for one in found)
            assert "Zzyzx" not in "".join(str(one.error) for one in found if isinstance(one, Failure))

"""A file that changes while it is read is no record of anything: reading it ends with an error, in every format."""

import gzip
import io
import os
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

from trialparse.diagnostics import MalformedDocument
from trialparse.parsing.calls import parse, read
from trialparse.readers import packed as packed_module
from trialparse.readers import source, xml


def _grown(path: Path) -> None:
    with path.open("ab") as file:
        file.write(b" \n")


def _cut(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


def _written_again(path: Path) -> None:
    """Write the same bytes once more; the time is set, for a clock may not tell two moments apart."""
    os.utime(path, ns=(0, path.stat().st_mtime_ns + 1))


def _zipped(data: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("member", data)
    return file.getvalue()


CHANGES = [_grown, _cut, _written_again]
PACKED: dict[str, Callable[[bytes], bytes]] = {"plain": bytes, "gzip": gzip.compress, "zip": _zipped}


def changing(path: Path, change: Callable[[Path], None]) -> Any:
    """Change a file as soon as the first bytes of it have been taken."""
    taken, take = [], packed_module.read

    def taking(file: Any, count: int) -> bytes:
        piece = take(file, count)
        if not taken:
            change(path)
        taken.append(len(piece))
        return piece

    return mock.patch.object(packed_module, "read", taking)


@pytest.mark.parametrize("change", CHANGES)
class TestEveryFormat:
    """Whatever the format, packed or not, in one piece or as a stream: no change passes unseen."""

    @pytest.mark.parametrize(("packed", "streamed"), [("plain", False), ("plain", True), ("gzip", True), ("zip", True)])
    def test_it_is_told(
        self, fixture_file: Path, change: Callable[[Path], None], packed: str, streamed: bool, tmp_path: Path
    ) -> None:
        path = tmp_path / "source"
        path.write_bytes(PACKED[packed](fixture_file.read_bytes()))
        with (
            mock.patch.object(packed_module, "CHUNK", 512),
            mock.patch.object(source, "ONE_PIECE", 64 if streamed else source.ONE_PIECE),
            mock.patch.object(xml.document, "ONE_PIECE", 1 if streamed else 8 << 20),
        ):
            list(read(path))
            with changing(path, change), pytest.raises(MalformedDocument) as caught:
                list(read(path))

        if packed == "plain" or change is _written_again:  # else the change may be met first as broken compression
            assert str(caught.value).endswith("the file changed while it was read")


class TestWhatIsNoChange:
    """Files that were not changed, and sources that are no files of ours, are read as ever."""

    def test_a_file_that_was_replaced(self, fixtures: Path, tmp_path: Path) -> None:
        """Whoever replaces a file by another one leaves the one that is being read as it is."""
        path, other = tmp_path / "source.json", tmp_path / "other.json"
        path.write_bytes((fixtures / "ctis" / "immunostem.json").read_bytes())
        other.write_bytes(b"{}")
        with mock.patch.object(packed_module, "CHUNK", 512), changing(path, other.replace):
            trial = parse(path).trial

        assert parse(fixtures / "ctis" / "immunostem.json").trial == trial
        assert b"{}" == path.read_bytes()

    def test_an_open_file_of_the_caller(self, fixtures: Path, tmp_path: Path) -> None:
        path = tmp_path / "source.json"
        path.write_bytes((fixtures / "ctis" / "immunostem.json").read_bytes())
        with path.open("rb") as file, changing(path, _grown):
            assert parse(file).trial.id

    @pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
    def test_a_pipe(self, fixtures: Path) -> None:
        there, here = os.pipe()
        data = (fixtures / "ctis" / "immunostem.json").read_bytes()
        with os.fdopen(there, "rb") as reader:
            with os.fdopen(here, "wb") as writer:
                writer.write(data)
            assert parse(data).trial == parse(f"/dev/fd/{reader.fileno()}").trial


class TestOne:
    """`parse` reads to the end before it gives the one record."""

    @pytest.mark.parametrize("packed", PACKED)
    def test_it_is_told(self, packed: str, fixtures: Path, tmp_path: Path) -> None:
        path = tmp_path / "source"
        path.write_bytes(PACKED[packed]((fixtures / "ctis" / "immunostem.json").read_bytes()))
        with changing(path, _written_again), pytest.raises(MalformedDocument, match="the file changed"):
            parse(path)

"""Sources as an engine hands them out: 2,000 generated records, of which one in a hundred cannot be read."""

import gzip
import io
import json
import zipfile
from collections.abc import Iterator, Sequence
from itertools import count, islice
from typing import NamedTuple

import pyarrow as pa

from tests.conftest import FIXTURES

RECORDS, BAD = 2000, 20

KINDS = {
    "ctis/immunostem.json": "2026-590101-24-00",
    "ctis/halted.json": "2025-590303-35-00",
    "ctis/search_row_v1.json": "2022-590808-23-00",
    "ctis/search_row_apart.json": "2022-590811-39-00",
    "ctgov/expanded_access.json": "NCT99990702",
    "ctgov/observational.json": "NCT99990710",
}
"""Fixtures of one record each, with its number."""


class Sources(NamedTuple):
    """Sources, and what is in them."""

    names: list[str]
    contents: list[bytes | None]
    numbers: list[tuple[str, int, str]]
    """Source, index there and number of each record that can be read."""
    bad: list[tuple[str, int]]
    """Source and index of each that cannot."""

    @property
    def table(self) -> pa.Table:
        """The sources as a table."""
        return pa.table({"source": self.names, "content": pa.array(self.contents, pa.binary())})


def generated(records: int = RECORDS, bad: int = BAD) -> Sources:
    """Return sources of one record or many: JSON, lists, lines, gzip and zip; some empty, cut, null or of no format."""
    made = Sources([], [], [], [])
    numbered = _records()
    left, sizes, at = records - bad, [1, 1, 10, 1, 30, 1, 20], count()
    spoilt = 0
    while left:
        turn = next(at)
        some = [*islice(numbered, min(sizes[turn % len(sizes)], left))]
        left -= len(some)
        name = f"source-{turn}"
        texts = [text for _, text in some]
        if len(some) == 10 and spoilt < bad // 2:  # in the middle of a list
            texts.insert(5, b'{"no": "record"}')
            made.bad.append((name, 5))
            spoilt += 1
        made.names.append(name)
        made.contents.append(_packed(texts, turn))
        at_good = (place for place in count() if (name, place) not in made.bad)
        made.numbers.extend((name, place, number) for place, (number, _) in zip(at_good, some, strict=False))
    for turn in range(bad - spoilt):
        name = f"bad-{turn}"
        made.names.insert(turn * 7, name)
        made.contents.insert(turn * 7, _UNREADABLE[turn % len(_UNREADABLE)])
        made.bad.append((name, 0))
    return made


_UNREADABLE: Sequence[bytes | None] = (b"", None, b"\x00\xff no format", b'{"ctNumber": "2026-5', b"<trials><trial>")


def _records() -> Iterator[tuple[str, bytes]]:
    """Yield records with numbers that nothing else has, on one line each."""
    texts = [
        (json.dumps(json.loads((FIXTURES / path).read_bytes())).encode(), number) for path, number in KINDS.items()
    ]
    for turn in count():
        text, number = texts[turn % len(texts)]
        ours = f"NCT8{turn:07}" if number.startswith("NCT") else f"{number[:5]}{500000 + turn}{number[11:]}"
        yield ours, text.replace(number.encode(), ours.encode())


def _packed(texts: list[bytes], turn: int) -> bytes:
    """Return records as one source, packed in one of several ways."""
    if len(texts) == 1:
        return gzip.compress(texts[0]) if turn % 3 == 0 else texts[0]
    if len(texts) == 30:
        held = io.BytesIO()
        with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as file:
            for at, text in enumerate(texts):
                file.writestr(f"{at}.json", text)
        return held.getvalue()
    return b"\n".join(texts) if len(texts) == 20 else b"[" + b",".join(texts) + b"]"

"""Sources with several records in every notation that has them, made of fixtures, with the place behind each record."""

import csv
import io
import json
import re
from typing import NamedTuple

from tests.conftest import FIXTURES

COUNT = 4
"""Records of a source."""


class Several(NamedTuple):
    """A source with several records."""

    data: bytes
    ends: tuple[int, ...]
    """For each record the number of bytes with which it must be given: with the sign that shows that it has ended."""
    first: int
    """Where the first record begins."""

    def whole(self, count: int) -> int:
        """Return how many records must be given of so many bytes."""
        return sum(end <= count for end in self.ends)


def _plain(path: str) -> bytes:
    """Return a fixture of JSON on one line."""
    return json.dumps(json.loads((FIXTURES / path).read_bytes()), ensure_ascii=False).encode()


RECORDS = [_plain("ctis/immunostem.json"), _plain("ctgov/study.json"), _plain("ctis/search_row_apart.json")]
RECORDS = [RECORDS[number % 3] for number in range(COUNT)]


def joined(begin: bytes, parts: list[bytes], between: bytes, end: bytes, behind: int = 0) -> Several:
    """Return a source of parts; a part is given with so many bytes behind it."""
    ends, data = [], begin
    for number, part in enumerate(parts):
        data += (between if number else b"") + part
        ends.append(len(data) + behind)
    return Several(data + end, tuple(ends), len(begin))


def _page() -> Several:
    page = json.loads((FIXTURES / "ctgov" / "page.json").read_bytes())
    rows = [json.dumps(page["studies"][number % len(page["studies"])]).encode() for number in range(COUNT)]
    return joined(b'{"studies": [', rows, b", ", b'], "nextPageToken": "x"}')


def _xml(path: str, record: bytes) -> Several:
    data = (FIXTURES / path).read_bytes()
    found = re.search(rb"(.*?)(<%s>.*?</%s>)(.*)" % (record, record), data, re.DOTALL)
    assert found is not None
    rest = re.sub(rb"<%s>.*</%s>" % (record, record), b"", found[3], flags=re.DOTALL)
    return joined(found[1], [found[2]] * COUNT, b"\n", rest)


def _csv(path: str, delimiter: str = ",") -> Several:
    data = (FIXTURES / path).read_text("utf-8")
    header, row, *_ = csv.reader(io.StringIO(data), delimiter=delimiter)
    written = io.StringIO()
    csv.writer(written, delimiter=delimiter).writerows([header, row])
    first, rest = written.getvalue().split("\r\n", 1)
    return joined(f"{first}\r\n".encode(), [rest.encode()] * COUNT, b"", b"")


def _text(path: str) -> Several:
    data = (FIXTURES / path).read_bytes()
    return joined(b"", [data] * COUNT, b"", b"", behind=1000)


SEVERAL: dict[str, Several] = {
    "lines": joined(b"", RECORDS, b"\n", b"\n"),
    "array": joined(b"[", RECORDS, b",\n ", b"]"),
    "page": _page(),
    "xml": _xml("rebec/registry.xml", b"trial"),
    "csv": _csv("ctis/portal.csv"),
    "tabs": _csv("ctgov/classic_tabs.tsv", "\t"),
    "text": _text("euctr/noted.txt"),
}

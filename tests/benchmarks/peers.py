"""The same records with other tools: what each takes, and what it gives; prints, asserts nothing.

    pip install -e '.[benchmarks]'
    python tests/benchmarks/peers.py FILES...

Each tool does what its users do with such a file, as far as it goes. A tool that is not installed is skipped by name.
Times are process CPU times, the medians of rounds in which all tools take turns.
"""

import argparse
import csv
import importlib
import io
import json
import statistics
import time
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import attrs

import trialparse
from trialparse.mapping.compiled import mapping_of, wanted
from trialparse.mapping.format import Format
from trialparse.readers.paths import Path as Steps
from trialparse.readers.paths import resolved

Work = Callable[[], object]


@attrs.frozen
class Peer:
    """A tool."""

    name: str
    module: str
    """What has to be installed; empty for the standard library."""
    notations: frozenset[str]
    """The notations that it reads, or formats by name."""
    gives: str
    made: Callable[[bytes, Format], Work]
    """Returns its work on a source of a format; what it can prepare before is not part of it."""


def _plain(raw: bytes, format: Format) -> Work:
    return lambda: json.loads(raw)


def _pydantic(raw: bytes, format: Format) -> Work:
    """Models of all fields that the document has, of the types that it has there."""
    pydantic = importlib.import_module("pydantic")

    def kind(values: list[Any], name: str) -> Any:
        objects = [value for value in values if isinstance(value, dict)]
        lists = [value for value in values if isinstance(value, list)]
        found: Any = str | int | float | bool
        if lists:
            found = list[kind([value for one in lists for value in one], name)] | found
        if objects:
            keys = dict.fromkeys(key for one in objects for key in one)
            fields: dict[str, Any] = {
                f"field_{number}": (
                    kind([one[key] for one in objects if key in one], key),
                    pydantic.Field(default=None, alias=key),
                )
                for number, key in enumerate(keys)
            }
            found = pydantic.create_model(name or "Record", **fields) | found
        return found | None

    adapter = pydantic.TypeAdapter(kind([json.loads(raw)], ""))
    return lambda: adapter.validate_python(json.loads(raw))


def _glom(raw: bytes, format: Format) -> Work:
    """A specification of all paths that trialparse reads of the format."""
    glom = importlib.import_module("glom")

    def spec(path: Steps) -> Any:
        if not path or path[0].opener:
            return glom.T
        first, below = glom.Path(path[0].key), spec(path[1:])
        many = {"[]": [below], "[?]": (_several, [below]), "{}": (_values, [below])}.get(path[0].many, below)
        return glom.Coalesce((first, many), default=None)

    paths = dict.fromkeys(map(resolved, wanted(mapping_of(format).plan)))
    whole = {".".join(map(str, path)): spec(path) for path in paths}

    def work() -> object:
        tree = json.loads(raw)
        return [glom.glom(one, whole) for one in _rows(tree, format)]

    return work


def _several(tree: Any) -> Any:
    return tree if isinstance(tree, list) else [tree]


def _values(tree: Any) -> Any:
    return [*tree.values()] if isinstance(tree, dict) else tree


def _rows(tree: Any, format: Format) -> Iterable[Any]:
    rows = getattr(format.notation, "rows", "")
    found: Iterable[Any] = tree[rows] if rows else tree if isinstance(tree, list) else [tree]
    return found


def _normalize(raw: bytes, format: Format) -> Work:
    pandas = importlib.import_module("pandas")
    return lambda: pandas.json_normalize([*_rows(json.loads(raw), format)])


def _xmltodict(raw: bytes, format: Format) -> Work:
    xmltodict = importlib.import_module("xmltodict")
    return lambda: xmltodict.parse(raw)


def _element_tree(raw: bytes, format: Format) -> Work:
    """A dictionary of the elements, as a program with ElementTree gathers them."""

    def gathered(element: ElementTree.Element) -> Any:
        found: dict[str, list[Any]] = {f"@{name}": [value] for name, value in element.attrib.items()}
        for child in element:
            found.setdefault(child.tag, []).append(gathered(child))
        return found or element.text

    return lambda: gathered(ElementTree.fromstring(raw))


def _soup(raw: bytes, format: Format) -> Work:
    bs4 = importlib.import_module("bs4")

    def rows() -> object:
        page = bs4.BeautifulSoup(raw, "lxml")
        return [[cell.get_text(" ", strip=True) for cell in row.find_all("td")] for row in page.find_all("tr")]

    return rows


def _eudract(level: str) -> Callable[[bytes, Format], Work]:
    """The part of eudract-py that reads what it has downloaded; nothing is downloaded here."""

    def made(raw: bytes, format: Format) -> Work:
        reader, text = importlib.import_module("eudract").Eudract(), raw.decode()
        ends = text.split("\n\n") if level == "summary" else [text]
        return lambda: [reader.json_handler(record, level) for record in ends if "EudraCT" in record]

    return made


def _altissimo(raw: bytes, format: Format) -> Work:
    """The models that a generator made of the register's OpenAPI file."""
    study = importlib.import_module("clinicaltrials.models.study").Study
    return lambda: [study.from_dict(tree) for tree in _rows(json.loads(raw), format)]


def _ctgforge(raw: bytes, format: Format) -> Work:
    """The part of ctgforge that reads what it has downloaded; nothing is downloaded here."""
    flatten = importlib.import_module("ctgforge.flatten.core").flatten_core
    return lambda: [flatten(tree) for tree in _rows(json.loads(raw), format)]


def _parted(raw: bytes, format: Format) -> Work:
    return lambda: [line.partition(":")[::2] for line in raw.decode().split("\n")]


def _dict_reader(raw: bytes, format: Format) -> Work:
    return lambda: [*csv.DictReader(io.StringIO(raw.decode("utf-8-sig"), newline=""))]


def _read_csv(raw: bytes, format: Format) -> Work:
    pandas = importlib.import_module("pandas")
    return lambda: pandas.read_csv(io.BytesIO(raw)).to_dict("records")


JSON, XML = frozenset({"json", "keyed"}), frozenset({"xml"})
STUDY = frozenset({"ctgov-study"})
PEERS = (
    Peer("json.loads", "", JSON, "dictionaries as they are written", _plain),
    Peer("pydantic", "pydantic", JSON, "objects with the types of the source's fields", _pydantic),
    Peer("glom", "glom", frozenset({"json"}), "a dictionary of the paths that trialparse reads", _glom),
    Peer("json_normalize", "pandas", JSON, "a table of a row a record; lists stay in its cells", _normalize),
    Peer("altissimo", "clinicaltrials.models.study", STUDY, "objects with the types of the OpenAPI file", _altissimo),
    Peer("ctgforge", "ctgforge.flatten.core", STUDY, "an object of some forty fields of the protocol", _ctgforge),
    Peer("xmltodict", "xmltodict", XML, "dictionaries as they are written", _xmltodict),
    Peer("ElementTree", "", XML, "dictionaries of the elements", _element_tree),
    Peer("BeautifulSoup", "bs4", frozenset({"html"}), "the texts of all cells of the page", _soup),
    Peer("eudract-py", "eudract", frozenset({"html"}), "answers by code and label, as printed", _eudract("full")),
    Peer("eudract-py", "eudract", frozenset({"summary"}), "the text behind eleven labels", _eudract("summary")),
    Peer("lines at colons", "", frozenset({"text", "summary"}), "label and text of each line", _parted),
    Peer("csv.DictReader", "", frozenset({"csv"}), "cells by column", _dict_reader),
    Peer("read_csv", "pandas", frozenset({"csv"}), "cells by column, numbers as numbers", _read_csv),
)


def medians(works: dict[str, Work], rounds: int) -> dict[str, float]:
    """Return the median time of each work in seconds; all take turns."""
    spent: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(rounds):
        for name, work in works.items():
            began = time.process_time()
            work()
            spent[name].append(time.process_time() - began)
    return {name: statistics.median(times[1:]) for name, times in spent.items()}


def missing() -> dict[str, str]:
    """Return the tools that are not installed, each with its module."""
    found = {}
    for peer in PEERS:
        try:
            importlib.import_module(peer.module or "sys")
        except ImportError:
            found[peer.name] = peer.module
    return found


def compared(path: Path, absent: Iterable[str], rounds: int) -> None:
    """Print what each tool takes for a file, against `trialparse.read`."""
    raw = path.read_bytes()
    format = trialparse.sniff(raw)
    notation = "summary" if "summary" in format.name else format.notation.name
    records = sum(outcome.ok for outcome in trialparse.read(raw))
    works: dict[str, Work] = {
        "trialparse": lambda: [one.trial for one in trialparse.read(raw)],
        "with diagnostics": lambda: [one.diagnostics for one in trialparse.read(raw) if one.ok],
    }
    for peer in PEERS:
        if peer.notations & {notation, format.name} and peer.name not in absent:
            works[peer.name] = peer.made(raw, format)
    spent = medians(works, rounds)
    unit = spent["trialparse"]
    rest = "  ".join(f"{name} {each / unit:.2f}" for name, each in spent.items() if name != "trialparse")
    what = f"{path.name} ({format.name}, {records} records, {len(raw):,} bytes)"
    print(f"{what}: {unit * 1e3:.2f} ms  {rest}", flush=True)


def main() -> None:
    """Run what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--rounds", type=int, default=15)
    arguments = parser.parse_args()
    absent = missing()
    for name, module in absent.items():
        print(f"skipped: {name} ({module} is not installed)")
    for path in arguments.files:
        compared(path, absent, arguments.rounds)
    print()
    for peer in PEERS:
        print(f"{peer.name}: {peer.gives}; no common model, no diagnostics, no sources")


if __name__ == "__main__":
    main()

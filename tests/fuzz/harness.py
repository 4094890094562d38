"""Coverage-guided fuzzing, one harness a notation; needs the extra `fuzz` (atheris, which runs on Linux and macOS).

    python tests/fuzz/harness.py NOTATION [--found FOLDER] [FLAGS AND FOLDERS OF LIBFUZZER]

NOTATION is json, xml, csv, text, html or packed (zip and gzip). The fuzzer begins with the fixtures and with documents
made from the tables, and what it makes is held to the law of `tests/fuzz/held.py`. It stops at the first input that
breaks the law, and writes it to a file; with `--found` it goes on and writes each to the folder, one for each line of
code at which the law breaks. Flags are those of libFuzzer: `-max_total_time=600`, `-runs=10000`; a folder holds inputs.
"""

import gzip
import hashlib
import io
import sys
import tempfile
import traceback
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT))

NOTATIONS = {
    "json": ("json", "keyed"),
    "xml": ("xml",),
    "csv": ("csv",),
    "text": ("text",),
    "html": ("html",),
    "packed": ("json", "xml", "csv", "text"),
}
"""Harnesses, and the notations of the formats that each begins with."""

LARGEST = 16_000
"""Bytes of an input: longer ones are few a second, and find the same."""
INSTRUMENTED = [f"trialparse.{room}" for room in ("readers", "parsing", "foreign", "registries")]
"""What guides the fuzzer: the way from bytes to records, and openers. Instrumented code takes several times as long."""
FLAGS = (f"-max_len={LARGEST}", "-timeout=120", "-rss_limit_mb=4096", "-print_final_stats=1")


def formats(harness: str) -> list[Any]:
    """Return the formats of a harness."""
    from trialparse.registries import FORMATS

    return [format for format in FORMATS if format.notation.name in NOTATIONS[harness]]


def format_of(data: bytes) -> Any:
    """Return the format of a source, None if it is refused, as some methods of zip are."""
    from trialparse import TrialParseError, sniff

    try:
        return sniff(data)
    except TrialParseError:
        return None


def seeds(harness: str) -> Iterator[bytes]:
    """Yield what a harness begins with: fixtures and documents made from tables, in archives if it reads these."""
    from tests.fuzz.changes import fixtures_of, generated

    for format in formats(harness):
        made = [generated(format, Random(number)).data for number in range(4)]
        documents = [*fixtures_of(format), *made]
        if harness != "packed":
            yield from (data for data in documents if len(data) <= LARGEST)
            continue
        small = sorted(documents, key=len)[:2]
        yield gzip.compress(small[0], mtime=0) + gzip.compress(b"\n" + small[-1], mtime=0)
        for method in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA):
            yield archive(small, method)


def archive(documents: list[bytes], method: int) -> bytes:
    """Return a zip of documents, one of them in a folder, and one compressed by itself."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as zipped:
        for number, data in enumerate(documents):
            zipped.writestr(zipfile.ZipInfo(f"a/{number}"), data, method)
        zipped.writestr(zipfile.ZipInfo("b.gz"), gzip.compress(documents[0], mtime=0))
    return file.getvalue()


def hold_one(harness: str, data: bytes) -> None:
    """Hold an input to the law; what is asked of it, and how it is read, follow from its bytes."""
    from tests.fuzz.held import hold, options_of

    draw = Random(zlib.crc32(data))
    kind = draw.randrange(50)
    agreement, operations = kind < 8, kind == 8
    options = options_of(draw.randrange(5), comparable=agreement)
    if harness != "packed" and draw.randrange(3) == 0:
        options["format"] = draw.choice(formats(harness)).name
    hold(data, agreement=agreement, operations=operations, **options)


class Found:
    """Writes each input that breaks the law to a folder, one for each line of code at which it breaks."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.known: set[tuple[object, ...]] = set()

    def note(self, data: bytes, error: Exception) -> None:
        """Write an input, unless another one broke the law in the same place."""
        last = traceback.extract_tb(error.__traceback__)[-1]
        if (where := (type(error), last.filename, last.lineno)) not in self.known:
            self.known.add(where)
            name = self.folder / f"found-{hashlib.sha256(data).hexdigest()[:12]}"
            name.write_bytes(data)
            name.with_suffix(".txt").write_text("".join(traceback.format_exception(error)), "utf-8")
            sys.stderr.write(f"found {name}: {type(error).__name__} in {last.filename}:{last.lineno}\n")


def fuzz(harness: str, found: Found | None, flags: list[str]) -> None:
    """Run libFuzzer until a flag of it, or what it finds, ends it."""
    import atheris

    with atheris.instrument_imports(include=INSTRUMENTED):
        from tests.fuzz.changes import changed
        from tests.fuzz.held import hold

        corpus = list(seeds(harness))
        for data in {format_of(data): data for data in corpus}.values():  # what is imported or made at first use
            hold(data, agreement=True, operations=True)

    def one_input(data: bytes) -> None:
        try:
            hold_one(harness, data)
        except Exception as error:
            if found is None:
                raise
            found.note(data, error)

    def mutated(data: bytes, most: int, seed: int) -> bytes:
        draw = Random(seed)
        if harness == "packed" or draw.randrange(2):
            return bytes(atheris.Mutate(data, most))
        return changed(data, draw, NOTATIONS[harness][0])[:most]

    with tempfile.TemporaryDirectory() as folder:
        for data in corpus:
            Path(folder, hashlib.sha256(data).hexdigest()[:16]).write_bytes(data)
        own = next((one for one in flags if not one.startswith("-")), None)
        folders = [folder] if own else [tempfile.mkdtemp(dir=folder), folder]
        atheris.Setup([sys.argv[0], *FLAGS, *flags, *folders], one_input, custom_mutator=mutated)
        atheris.Fuzz()


def main() -> None:
    """Run the harness that is named."""
    harness, *flags = sys.argv[1:] or [""]
    if harness not in NOTATIONS:
        sys.exit(__doc__)
    found = None
    if "--found" in flags:
        at = flags.index("--found")
        found = Found(Path(flags[at + 1]))
        del flags[at : at + 2]
    fuzz(harness, found, flags)


if __name__ == "__main__":
    main()

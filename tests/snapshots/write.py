"""Write the snapshots of fixtures and tables anew: `python tests/snapshots/write.py`. Review what changes as a diff.

A snapshot is all that the library makes of a source, as `to_json` gives it: a file a fixture, an item a record.
It proves nothing by itself, since the library wrote it; it shows what a change of the library changes.
`table_snapshots.py` beside this file does the same for the tables of a registry.
What a source must give is typed by hand, in `fixtures/<register>/<name>.expected.json`.
"""

import json
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
FIXTURES = ROOT / "fixtures"
SNAPSHOTS = ROOT / "tests" / "snapshots"
COMMAND = "python tests/snapshots/write.py"


def place(source: Path) -> Path:
    """Return where the snapshot of a fixture is; two sources may differ in their endings alone."""
    return SNAPSHOTS / source.relative_to(FIXTURES).with_name(source.name + ".json")


def table_place(registry: str, name: str) -> Path:
    """Return where it is written what the tables of a registry come to; see `table_snapshots.py`."""
    return SNAPSHOTS / registry / f"{name}.tsv"


def snapshot(source: Path) -> str:
    """Return the trials of a fixture as JSON with a line for each value."""
    from trialparse import read
    from trialparse.export import plain

    trials = [plain(parsed.trial) for parsed in read(source)]
    return json.dumps(trials, ensure_ascii=False, indent=1) + "\n"


def written() -> list[Path]:
    """Return the snapshots that there are."""
    return sorted(SNAPSHOTS.rglob("*.json"))


def write_sound() -> None:
    """Write the digests of the folders of tables in which there is no fault."""
    from trialparse.mapping.check import faults_of
    from trialparse.mapping.folder import folders_with
    from trialparse.mapping.sound import FILE, digest_of

    names = [str(folder.name) for folder in folders_with("__init__.py")]
    lines = [f"{name}\t{digest_of(name)}\n" for name in names if not faults_of(name)]
    (ROOT / "trialparse" / "registries" / FILE).write_text("".join(["folder\tdigest\n", *lines]), "utf-8")


def main() -> None:
    """Write the snapshots of all fixtures, and remove those whose fixture is gone."""
    from tests.conftest import fixture_files
    from tests.snapshots import tables

    sources = fixture_files()
    for path in set(written()) - {place(source) for source in sources}:
        path.unlink()
    for source in sources:
        path = place(source)
        path.parent.mkdir(exist_ok=True)
        path.write_text(snapshot(source), "utf-8")
    write_sound()
    for registry, name in tables.parts():
        path = table_place(registry, name)
        path.parent.mkdir(exist_ok=True)
        path.write_text(tables.text_of(registry, name), "utf-8")


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    main()

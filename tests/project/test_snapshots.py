"""Every fixture gives the whole trial that it gave before; what changes is seen as a diff."""

import difflib
import importlib.util
from pathlib import Path

from tests.conftest import ROOT, fixture_files

_spec = importlib.util.spec_from_file_location("snapshots_write", ROOT / "tests" / "snapshots" / "write.py")
assert _spec is not None
assert _spec.loader is not None
write = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(write)

ANEW = f"`{write.COMMAND}` writes the snapshots anew; the change is reviewed as a diff"


def test_the_snapshot_is_the_trial(fixture_file: Path) -> None:
    path = write.place(fixture_file)
    assert path.exists(), f"{path.relative_to(ROOT)} is missing; {ANEW}"
    before, now = path.read_text("utf-8"), write.snapshot(fixture_file)
    lines = difflib.unified_diff(before.splitlines(), now.splitlines(), "snapshot", "now", n=2, lineterm="")
    assert before == now, "\n".join([f"{path.relative_to(ROOT)} differs; {ANEW}", *list(lines)[:60]])


def test_each_snapshot_has_its_fixture() -> None:
    assert write.written() == sorted(write.place(source) for source in fixture_files()), ANEW

"""A how-to page whose code is run as it is printed, in a folder that has what the page reads."""

import re
import shutil
from pathlib import Path

from tests.conftest import FIXTURES, ROOT, fixture_files

_BLOCK = re.compile(r"(<!-- \w+ -->\n)?```(\w+)\n(.*?)```\n", re.DOTALL)


def blocks(name: str, language: str) -> list[str]:
    """Return the blocks of a page in a language; not those that a comment marks."""
    text = (ROOT / "docs" / "how-to" / f"{name}.md").read_text(encoding="utf-8")
    return [block for mark, kind, block in _BLOCK.findall(text) if kind == language and not mark]


def put_exports(folder: Path) -> None:
    """Make the folder `exports` of the pages: records of CTIS, and a file that is cut."""
    exports = folder / "exports"
    exports.mkdir()
    for path in fixture_files("ctis"):
        if path.suffix == ".json":
            shutil.copy(path, exports)
    (exports / "cut.json").write_bytes((FIXTURES / "ctis" / "halted.json").read_bytes()[:5000])

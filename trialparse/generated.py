"""Functions that are generated from text, as attrs generates constructors; the text is kept.

A text holds names of our own classes and tables, never words of a source. A traceback shows its lines, and
`python -m trialparse.cli.generated SOURCE` prints every function that reading a source needs.
"""

import linecache
from types import CodeType
from typing import Any

from trialparse.prepared import prepared

TEXTS: dict[str, str] = {}
"""The texts that were run in this process, by the names under which tracebacks show them, oldest first."""


def run(text: str, names: dict[str, Any]) -> dict[str, Any]:
    """Run the definitions in a text with these names, and return the names with those that it defines."""
    exec(_compiled(text), names)  # noqa: S102  the text is our own, see above
    return names


@prepared
def _compiled(text: str) -> CodeType:
    """Return the code of a text; equal functions share it."""
    name = f"<trialparse {len(TEXTS) + 1}>"
    TEXTS[name] = text
    linecache.cache[name] = (len(text), None, text.splitlines(keepends=True), name)
    return compile(text, name, "exec")

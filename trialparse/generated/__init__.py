"""Run functions generated as text, as attrs does for constructors, and keep the text.

A text holds names of our own classes and tables, never words of a source. Tracebacks show its lines, and
`python -m trialparse.cli.generated SOURCE` prints every function that reading a source needs.
"""

import linecache
from collections.abc import Callable
from types import CodeType
from typing import Any

from trialparse.prepared import LOCK, prepared

Lines = list[str]
"""Statements of a text, one a line."""

TEXTS: dict[str, str] = {}
"""The texts run in this process, oldest first, by the file names that tracebacks show."""


def indented(lines: Lines) -> Lines:
    """Return statements one level further in."""
    return [f" {line}" for line in lines]


def run(text: str, names: dict[str, Any]) -> dict[str, Any]:
    """Run the definitions in a text with these names as its globals; return them with what it defines."""
    exec(_compiled(text), names)  # noqa: S102  the text is our own, see the top
    return names


def later(names: dict[str, Any], name: str, make: Callable[[], Callable[[Any], Any]]) -> None:
    """Let a name among the globals of a text mean a function that is made on its first call."""

    def first(value: Any) -> Any:
        with LOCK:
            if names[name] is first:
                names[name] = make()
        return names[name](value)

    names[name] = first


@prepared
def _compiled(text: str) -> CodeType:
    """Compile a text; equal texts share one code."""
    name = f"<trialparse {len(TEXTS) + 1}>"
    TEXTS[name] = text
    linecache.cache[name] = (len(text), None, text.splitlines(keepends=True), name)
    return compile(text, name, "exec")

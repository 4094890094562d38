"""The layout of pages of HTML: how the rows of a form are marked on them."""

from typing import NamedTuple


class Layout(NamedTuple):
    """The layout of a register's pages: classes of the cells of a row."""

    coded: tuple[str, str, str]
    """Code, label and answer of a line that has a code."""
    bare: tuple[str, str]
    """Label and answer of a line that has none."""
    headings: tuple[str, ...]
    """The first cell of a heading, numbered or not."""

"""Tables of many rows as HTML: they fit the window, long ones are folded, and `_static/rows.js` searches them."""

import re
from html import escape

from docutils import nodes

MANY = 30
"""A table with more rows than this is folded."""

_LONG = 22
"""Letters without a place to break beyond which a column may be broken anywhere."""

_BREAKS = re.compile(r"(?<=[.\[\]/_|:=])(?=\w)")


def rows_node(header: list[str], rows: list[list[str]], plain: set[str], *, folded: bool | None = None) -> nodes.raw:
    """Return a table; its columns in `plain` hold prose, all others code. By default it is folded where it is long."""
    kinds = [_kind(name, [row[at] for row in rows], plain) for at, name in enumerate(header)]
    head = "".join(f"<th>{escape(name.replace('_', ' '))}</th>" for name in header)
    body = "\n".join(_row(row, kinds) for row in rows)
    made = f'<table class="rows"><thead><tr>{head}</tr></thead><tbody>\n{body}\n</tbody></table>'
    if len(rows) > MANY if folded is None else folded:
        made = f'<details class="rows"><summary>{len(rows):,} rows</summary>\n{made}\n</details>'
    return nodes.raw("", f'<div class="rows">\n{made}\n</div>\n', format="html")


def _kind(name: str, cells: list[str], plain: set[str]) -> str:
    """Return the class of a column's cells: prose, code of short words, or code of long ones."""
    if name in plain:
        return ""
    longest = max((len(part) for cell in cells for part in _BREAKS.sub(" ", cell).split()), default=0)
    return "code any" if longest > _LONG else "code"


def _row(cells: list[str], kinds: list[str]) -> str:
    return "<tr>" + "".join(map(_cell, cells, kinds)) + "</tr>"


def _cell(text: str, kind: str) -> str:
    """Return a cell; what a register writes is never read as markup."""
    if not text:
        return "<td></td>"
    shown = "<wbr>".join(map(escape, _BREAKS.split(text))) if kind else escape(text)
    return f'<td class="{kind}">{shown}</td>' if kind else f"<td>{shown}</td>"

"""Jupyter notebooks as pages: their text, their code, and the outputs that are stored in them."""

import json
from collections.abc import Iterator
from typing import Any

from docutils import nodes
from myst_parser.parsers.sphinx_ import MystParser
from sphinx.application import Sphinx

ABOUT = "This page is a notebook: {{download}}`download it <{name}.ipynb>`, or open `docs/{name}.ipynb` in Jupyter."


class NotebookParser(MystParser):
    """Reads a notebook as the Markdown that says the same."""

    supported = ("notebook",)

    def parse(self, inputstring: str, document: nodes.document) -> None:
        """Parse a notebook, with a link to it below its title."""
        title, *cells = json.loads(inputstring)["cells"]
        head, _, rest = "".join(title["source"]).partition("\n")
        about = ABOUT.format(name=document.settings.env.docname)
        super().parse("\n\n".join([head, about, rest, *_parts(cells)]), document)


def _parts(cells: list[dict[str, Any]]) -> Iterator[str]:
    """Give each cell as Markdown."""
    for cell in cells:
        source = "".join(cell["source"])
        if cell["cell_type"] == "markdown":
            yield source
        else:
            yield f"```python\n{source}\n```"
            yield from map(_shown, cell["outputs"])


def _shown(output: dict[str, Any]) -> str:
    """Return an output as Markdown: the HTML of a result that has some, else its text."""
    data = output.get("data", {})
    if "text/html" in data:
        return f'```{{raw}} html\n<div class="output">{"".join(data["text/html"])}</div>\n```'
    text = "".join(data.get("text/plain", output.get("text", ())))
    return f":::{{code-block}} text\n:class: output\n\n{text.rstrip()}\n:::"


def setup(app: Sphinx) -> dict[str, Any]:
    """Add the kind of source."""
    app.add_source_suffix(".ipynb", "notebook")
    app.add_source_parser(NotebookParser)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}

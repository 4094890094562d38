"""The public names of the library, each with a link to where the reference has it."""

import builtins
import inspect
import re
from typing import Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

import trialparse
from trialparse.vocabulary import Term

KINDS = ("functions", "classes", "errors", "vocabularies")


class Names(SphinxDirective):
    """`names`: the public names of one kind, with their first sentences; a name without an entry is a warning.

    `short` leaves the sentences out.
    """

    required_arguments = 1
    option_spec: ClassVar[dict[str, Any]] = {"short": directives.flag}

    def run(self) -> list[nodes.Node]:
        """Make a list of links."""
        found = {name: getattr(trialparse, name) for name in sorted(trialparse.__all__, key=str.lower)}
        of_kind = {name: one for name, one in found.items() if kind(one) == self.arguments[0]}
        if not of_kind:
            raise self.error(f"there are no {self.arguments[0]}: name one of {', '.join(KINDS)}")
        if "short" in self.options:
            links = [[nodes.Text(", "), self.link(name)] for name in of_kind]
            return [nodes.paragraph("", "", *[node for pair in links for node in pair][1:])]
        made = nodes.bullet_list()
        for name, one in of_kind.items():
            said = first_sentence(one).split("`")
            words = [nodes.literal(text=part) if at % 2 else nodes.Text(part) for at, part in enumerate(said) if part]
            made += nodes.list_item("", nodes.paragraph("", "", self.link(name), nodes.Text(": "), *words))
        return [made]

    def link(self, name: str) -> nodes.Node:
        """Return a link to the entry of a name."""
        target = {"refdomain": "py", "reftype": "obj", "reftarget": f"trialparse.{name}", "refdoc": self.env.docname}
        link = addnodes.pending_xref("", nodes.literal(text=name), **target, refexplicit=True, refwarn=True)
        link.source, link.line = self.get_source_info()
        return link


def kind(one: object) -> str:
    """Return which of KINDS a public object is."""
    if not isinstance(one, type):
        return "functions"
    if issubclass(one, BaseException):
        return "errors"
    return "vocabularies" if issubclass(one, Term) else "classes"


def first_sentence(one: object) -> str:
    """Return the first sentence of an object's docstring."""
    return re.split(r"(?<=[.;])\s", " ".join((inspect.getdoc(one) or "").split()))[0].rstrip(".;")


def unlink_builtins(app: Sphinx, page: nodes.document) -> None:
    """Take the links from builtin types: `bytes` would lead to the field `Limits.bytes`."""
    for link in [*page.findall(addnodes.pending_xref)]:
        if link.get("reftype") == "class" and link["reftarget"] in vars(builtins):
            link.replace_self(link.children)


def setup(app: Sphinx) -> dict[str, Any]:
    """Add the directive."""
    app.add_directive("names", Names)
    app.connect("doctree-read", unlink_builtins)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}

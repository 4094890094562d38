"""XML: hardened parsing, streamed records, plain trees, and XPaths of their values.

The rooms, in the order in which data go through them; each imports only from those before it:

- `prolog` finds the encoding, and refuses what could make the document grow.
- `tags` checks the limits of start tags before the parser sees them.
- `opening` reads the names and namespaces in the first bytes, by which a format is recognised.
- `parser` has lxml, which is imported when the first XML is read.
- `elements` has the names of elements and the limits of their size, `levels` which of them are records.
- `namespaces` has what is declared around a record, `lines` the line on which it begins.
- `chunks` cuts a stream into pieces, `outline` follows the depth in it without a parser, `stream` yields its records.
- `document` parses a document, and yields its records from one piece or from a stream.
- `parts` makes a record of each of several repeated elements in an element.
- `trees` makes plain Python of an element and writes it back, `picker` takes only what a mapping reads.
"""

from trialparse.readers.xml.document import in_one_piece, parse, records
from trialparse.readers.xml.elements import child_names, has_many_nodes
from trialparse.readers.xml.levels import Levels, Piece
from trialparse.readers.xml.lines import Lines, Shifts, line_of, shifts_of
from trialparse.readers.xml.opening import Root, declares, opening_names, root_of
from trialparse.readers.xml.parser import serialise, shared
from trialparse.readers.xml.parts import apart
from trialparse.readers.xml.trees import Tree, element, tree, written, xpath

__all__ = [
    "Levels",
    "Lines",
    "Piece",
    "Root",
    "Shifts",
    "Tree",
    "apart",
    "child_names",
    "declares",
    "element",
    "has_many_nodes",
    "in_one_piece",
    "line_of",
    "opening_names",
    "parse",
    "records",
    "root_of",
    "serialise",
    "shared",
    "shifts_of",
    "tree",
    "written",
    "xpath",
]

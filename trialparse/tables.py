"""Tables as they stand in a registry's folder: mapping rows, code rows, upgrade rows."""

import itertools
import re
from collections.abc import Iterable, Iterator
from importlib.resources.abc import Traversable

import attrs

from trialparse.paths import Path, begins_with, parse_path, write_path

PLAIN = ("technical id", "transport")
COPIES = ("duplicate of ", "earlier version of ")
REASONS = (*PLAIN, "label of ", *COPIES)
"""Why a leaf may be ignored; a closed list."""


def target_of(reason: str) -> Path:
    """Return the path that a reason to ignore names; raises ValueError where it names none.

    >>> write_path(target_of("label of a[].code"))
    'a[].code'
    """
    path = parse_path(reason.partition(" of ")[2])
    if not path:
        raise ValueError(f"{reason!r} names no path")
    return path


class TableError(Exception):
    """A table breaks the grammar; a fault of trialparse or of a registry's author, never of a source."""


@attrs.frozen(kw_only=True)
class Row:
    """A row of a mapping."""

    field: str
    paths: tuple[Path, ...]
    verb: str
    words: tuple[str, ...] = ()
    options: dict[str, str] = attrs.field(factory=dict, eq=False)
    argument: str = ""
    authority: str = ""
    marks: frozenset[str] = frozenset()
    name: str = ""
    """File and line: `mapping.tsv:17`."""

    @property
    def path(self) -> Path:
        """The only path of a row that has one."""
        return self.paths[0] if self.paths else ()


@attrs.frozen
class Meaning:
    """What a word of a register means."""

    term: str
    relation: str
    row: str
    text: str | None = None
    """What a Coded holds for the word, where the word itself only ticks a box."""

    @property
    def terms(self) -> tuple[str, ...]:
        """The terms of a word that means a set of them."""
        return tuple(self.term.split())


Codes = dict[str, dict[str, Meaning]]


def fold(word: object) -> str:
    """Return the form in which words are compared: case folded, white space collapsed."""
    return " ".join(str(word).casefold().split())


def read_lines(file: Traversable) -> list[tuple[str, dict[str, str]]]:
    """Return (name of the row, cells by column) for each row of a table."""
    lines = file.read_text(encoding="utf-8").splitlines()
    rows: list[tuple[str, dict[str, str]]] = []
    header: list[str] = []
    names: dict[str, list[str]] = {}
    for number, line in enumerate(lines, start=1):
        if not line.strip() or line.startswith("#"):
            continue
        cells = [cell.strip() for cell in line.split("\t")]
        if line.startswith("$"):
            names[cells[0]] = [written for cell in cells[1:] for [written] in _written_out([cell], names)]
        elif not header:
            header = cells
        elif len(cells) > len(header):
            raise TableError(f"{file.name}:{number}: more cells than columns")
        else:
            cells += [""] * (len(header) - len(cells))
            written = _written_out(cells, names)
            rows += [(f"{file.name}:{number}", dict(zip(header, row, strict=True))) for row in written]
    return rows


_NAME = re.compile(r"\$\w+")


def _written_out(cells: list[str], names: dict[str, list[str]]) -> Iterator[list[str]]:
    """Give the cells with their short names written out, once for each of the paths that a name stands for."""
    used = [*dict.fromkeys(name for cell in cells if "$" in cell for name in _NAME.findall(cell) if name in names)]
    for paths in itertools.product(*(names[name] for name in used)):
        yield [_with_names(cell, dict(zip(used, paths, strict=True))) for cell in cells]


def _with_names(cell: str, chosen: dict[str, str]) -> str:
    return _NAME.sub(lambda match: chosen.get(match[0], match[0]), cell) if "$" in cell else cell


def read_mapping(file: Traversable) -> list[Row]:
    """Read a mapping table."""
    return [_mapping_row(name, cells) for name, cells in read_lines(file)]


def _mapping_row(name: str, cells: dict[str, str]) -> Row:
    verb, argument = cells["verb"], cells["argument"]
    if verb == "ignore":
        _check_reason(name, argument)
    if (cells["field"] == "") != (verb == "ignore"):
        raise TableError(f"{name}: a row has a field, or ignores")
    try:
        paths = tuple(parse_path(part.strip()) for part in cells["path"].split(";") if part.strip())
    except ValueError as error:
        raise TableError(f"{name}: {error}") from None
    words = () if verb == "ignore" else tuple(word for word in argument.split() if "=" not in word)
    options = {} if verb == "ignore" else dict(word.split("=", 1) for word in argument.split() if "=" in word)
    return Row(
        field=cells["field"],
        paths=paths,
        verb=verb,
        words=words,
        options=options,
        argument=argument,
        authority=cells["authority"],
        marks=frozenset(cells["mark"].split()),
        name=name,
    )


def _check_reason(name: str, reason: str) -> None:
    """Raise TableError where a row may not ignore for this reason."""
    try:
        if reason in PLAIN or (reason.startswith(REASONS) and target_of(reason)):
            return
    except ValueError:
        pass
    raise TableError(f"{name}: {reason!r} is no reason to ignore")


def read_codes(*files: Traversable) -> Codes:
    """Read code tables: list name -> folded word -> meaning."""
    codes: Codes = {}
    for name, cells in (line for file in files for line in read_lines(file)):
        words = codes.setdefault(cells["list"], {})
        word = fold(cells["word"])
        if word in words:
            raise TableError(f"{name}: {cells['word']!r} stands twice in {cells['list']}")
        words[word] = Meaning(cells["term"], cells["relation"], name)
    return codes


def with_boxes(rows: Iterable[Row], codes: Codes) -> tuple[tuple[Row, ...], Codes]:
    """Return rows and lists in which each box to tick (`ticked=<list>`) is a word list of its own.

    There the words for yes mean what the box's name does in the row's list, and those for no mean nothing; a word that
    says why there is no answer still does.
    """
    lists, made = dict(codes), []
    for row in rows:
        if answers := row.options.get("ticked"):
            name = f"{row.words[0]}.{row.path[-1].key}"
            lists[name] = _box(row, codes[row.words[0]], codes[answers])
            row = attrs.evolve(row, words=(name, *row.words[1:]))
        made.append(row)
    return tuple(made), lists


def _box(row: Row, words: dict[str, Meaning], answers: dict[str, Meaning]) -> dict[str, Meaning]:
    """Return what the answers to a box mean."""
    name = row.path[-1].key
    if fold(name) not in words:
        raise TableError(f"{row.name}: {name!r} is no word of {row.words[0]!r}")
    box = words[fold(name)]
    return {
        word: attrs.evolve(box, text=name)
        if answer.term == "true"
        else attrs.evolve(answer, term=answer.term if answer.term.startswith("?") else "")
        for word, answer in answers.items()
    }


@attrs.frozen
class Move:
    """A row of an upgrade: what stood at `old` stands at `new` today, or is left out for a `reason`."""

    old: Path
    new: Path | None
    reason: str
    name: str
    marks: frozenset[str] = frozenset()


def read_upgrade(file: Traversable) -> list[Move]:
    """Read an upgrade table."""
    moves = []
    for name, cells in read_lines(file):
        ignored = cells["new"].startswith("ignore ")
        reason = cells["new"].removeprefix("ignore ") if ignored else ""
        if ignored:
            _check_reason(name, reason)
        new = None if ignored else parse_path(cells["new"])
        moves.append(Move(parse_path(cells["old"]), new, reason, name, frozenset(cells["mark"].split())))
    return moves


def compose(rows: list[Row], moves: list[Move]) -> list[Row]:
    """Return the mapping of the old shape: each path led back to where it stood, catch-alls kept.

    A path that no move reaches did not exist in the old shape, and its row falls away.
    """
    composed = [row for row in rows if row.verb == "constant" or _catches_all(row)]
    for row in rows:
        if row.verb != "constant" and not _catches_all(row):
            composed.extend(_led_back(row, moves))
    composed.extend(
        Row(field="", paths=(move.old,), verb="ignore", argument=move.reason, name=move.name, marks=move.marks)
        for move in moves
        if move.new is None
    )
    return composed


def _catches_all(row: Row) -> bool:
    return row.verb == "ignore" and row.path[0].key == "**"


def _led_back(row: Row, moves: list[Move]) -> list[Row]:
    """One row per combination of old places; a row of several paths needs a place for each."""
    places = [_old_places(path, moves) for path in row.paths]
    if not all(places):
        return []
    count = max(len(options) for options in places)
    found = []
    for index in range(count):
        paths = tuple(options[min(index, len(options) - 1)] for options in places)
        found.append(attrs.evolve(row, paths=paths, options=_options_led_back(row, paths[0], moves)))
    return [_reason_led_back(back, moves) if row.verb == "ignore" else back for back in found]


def _reason_led_back(row: Row, moves: list[Move]) -> Row:
    """Let the path that a reason names be the old one; of several the one with which the row shares the most steps."""
    if row.argument in PLAIN:
        return row
    kind = row.argument.partition(" of ")[0]
    places = _old_places(target_of(row.argument), moves)
    if not places:
        raise TableError(f"{row.name}: what {row.argument!r} names did not stand in the old shape")
    nearest = max(places, key=lambda place: _shared(place, row.path))
    return attrs.evolve(row, argument=f"{kind} of {write_path(nearest)}")


def _shared(one: Path, other: Path) -> int:
    """Return how many steps two paths share."""
    return next(
        (index for index, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other))
    )


_AT_ELEMENT = ("key", "order", "need")
"""Options that begin with a path below the row's own path."""

BESIDE = ("label", "unit", "when", "behind")
"""Options that begin with a path beside the last step of the row's own."""


def _options_led_back(row: Row, old: Path, moves: list[Move]) -> dict[str, str]:
    """Return the options of a row whose path stood at `old`, with their paths led back as well."""
    options = dict(row.options)
    for name in (*_AT_ELEMENT, *BESIDE):
        text, colon, rest = options.get(name, "").partition(":")
        if text and not text.isupper():
            new_base, old_base = (row.path, old) if name in _AT_ELEMENT else (row.path[:-1], old[:-1])
            for place in _old_places(new_base + parse_path(text), moves):
                if begins_with(place, old_base) and len(place) > len(old_base):
                    options[name] = write_path(place[len(old_base) :]) + colon + rest
                    break
    return options


def _old_places(path: Path, moves: list[Move]) -> list[Path]:
    fitting = [move for move in moves if move.new is not None and begins_with(path, move.new)]
    if not fitting:
        return []
    longest = max(len(move.new or ()) for move in fitting)
    return [move.old + path[longest:] for move in fitting if len(move.new or ()) == longest]


def row_path(row: Row) -> str:
    """The path of a row as written."""
    return "; ".join(write_path(path) for path in row.paths)

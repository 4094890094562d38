"""Tables of a registry's folder: mapping rows, code rows, upgrade rows."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

import attrs

from trialparse.generated.classes import frozen
from trialparse.mapping.grammar import FUNCTIONS
from trialparse.model.terms import MissingKind
from trialparse.readers.paths import AROUND, Path, Step, begins_with, parse_path, resolved, write_path
from trialparse.tsv import Table, TableError, lines_of, name_of

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

CARRIED_OVER = "carried over"
PLAIN = ("technical id", "transport", "data collection", CARRIED_OVER)
"""Reasons to ignore that name no path; `trialparse.mapping.grammar` has all reasons."""
COPIES = ("duplicate of ", "earlier version of ")
"""Reasons to ignore a copy."""
BY = " by "
"""Parts the key of a date from the path of an earlier version."""


def target_of(reason: str) -> Path:
    """Return the path that a reason to ignore names; raises ValueError where it names none.

    >>> write_path(target_of("label of a[].code"))
    'a[].code'
    """
    path = parse_path(reason.partition(" of ")[2].partition(BY)[0])
    if not path:
        raise ValueError(f"{reason!r} names no path")
    return path


@frozen(kw_only=True)
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
    where: str = ""
    """Folder, file and line: `ctis/mapping.tsv:17`."""

    @property
    def path(self) -> Path:
        """The only path of a row that has one."""
        return self.paths[0] if self.paths else ()


@frozen
class Meaning:
    """What a word of a register means."""

    term: str
    relation: str
    row: str
    text: str | None = None
    """Text of the Coded, for a word that only ticks a box."""
    where: str = ""
    """Folder, file and line of the row."""

    @property
    def terms(self) -> tuple[str, ...]:
        """The terms of a word that means a set of them."""
        return tuple(self.term.split())


Meanings = dict[str, Meaning]
"""What the words of a code list mean, by folded word."""


class CodeLists(Mapping[str, Meanings]):
    """Code lists by name, each made when it is first asked for: a format uses some of those that its register has."""

    def __init__(self, makers: Mapping[str, Callable[[], Meanings]]) -> None:
        self._makers = makers
        self._made: dict[str, Meanings] = {}

    def __getitem__(self, name: str) -> Meanings:
        if name not in self._made:
            self._made[name] = self._makers[name]()
        return self._made[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._makers)

    def __len__(self) -> int:
        return len(self._makers)


Codes = Mapping[str, Meanings]
"""Code lists by name."""


def joined(*codes: Codes) -> Codes:
    """Return all code lists of several registries; if two have a list of one name, the first wins."""
    return CodeLists({name: partial(lists.__getitem__, name) for lists in reversed(codes) for name in lists})


def fold(word: object) -> str:
    """Return the form in which words are compared: case folded, white space collapsed."""
    return " ".join(str(word).casefold().split())


def reduced(text: str, kept: str) -> str:
    """Return a text, as words are compared, without characters that its source dropped.

    >>> reduced("mg milligram(s)", "agilmrs ")
    'mg milligrams'
    """
    return fold("".join(sign for sign in text if sign in kept or sign.isspace()))


def with_reduced(codes: Codes, kept: str) -> Codes:
    """Return code lists of words without the characters that a source dropped.

    What words with different terms come to is left unknown, also where it is one of them: `g` may have been `µg`.
    A word with such characters stays, for parts of a source that kept them.
    """
    return CodeLists({name: partial(_reduced, codes, name, kept) for name in codes})


def _reduced(codes: Codes, name: str, kept: str) -> Meanings:
    """Return a code list of words without the characters that a source dropped."""
    words = codes[name]
    short: dict[str, list[Meaning]] = {}
    for word, meaning in words.items():
        short.setdefault(reduced(word, kept), []).append(meaning)
    sure = {word: found[0] for word, found in short.items() if word and len({one.term for one in found}) == 1}
    return {word: meaning for word, meaning in words.items() if reduced(word, kept) != word} | sure


def read_mapping(file: "Traversable") -> list[Row]:
    """Read a mapping table; raises TableError for all rows that cannot be read."""
    rows, faults = [], []
    for where, cells in lines_of(file):
        try:
            rows.append(_mapping_row(where, cells))
        except TableError as error:
            faults.append(str(error))
    if faults:
        raise TableError("\n".join(faults))
    return rows


def _mapping_row(where: str, cells: dict[str, str]) -> Row:
    verb, argument = cells["verb"], cells["argument"]
    function, _, rest = argument.partition(" ")
    if verb in FUNCTIONS:
        raise TableError(f"{where}: write `derive {verb}`")
    if verb == "derive" and function in FUNCTIONS:
        verb, argument = function, rest
    if (cells["field"] == "") != (verb == "ignore"):
        raise TableError(f"{where}: a row has a field, or ignores")
    try:
        paths = tuple(parse_path(part.strip()) for part in cells["path"].split(";") if part.strip())
    except ValueError as error:
        raise TableError(f"{where}: {error}") from None
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
        name=name_of(where),
        where=where,
    )


def read_codes(*files: "Traversable") -> Codes:
    """Read code tables: list name -> folded word -> meaning; a list is read when it is first asked for."""
    lines: defaultdict[str, list[tuple[Table, int, str]]] = defaultdict(list)
    for file in files:
        table = Table(file)
        for number, line in table.lines():
            lines[line.partition("\t")[0].strip()].append((table, number, line))
    return CodeLists({name: partial(_code_list, name, found) for name, found in lines.items()})


def _code_list(name: str, lines: Iterable[tuple[Table, int, str]]) -> Meanings:
    """Return the words of a list and what they mean; raises TableError for a word that is there twice."""
    words: Meanings = {}
    for table, number, line in lines:
        row = f"{table.name}:{number}"
        where = f"{table.folder}/{row}"
        for cells in table.rows(number, line):
            word = fold(cells["word"])
            if word in words:
                raise TableError(f"{where}: {cells['word']!r} is in {name} twice")
            words[word] = Meaning(cells["term"], cells["relation"], row, where=where)
    return words


def with_boxes(rows: Iterable[Row], codes: Codes) -> tuple[tuple[Row, ...], Codes]:
    """Return rows and lists in which each box (`ticked=<list>`) has a word list of its own.

    In it, a word for yes means what the box's name means in the row's list. Of a set of boxes, which are beside each
    other and fill one field, a word for no means that none is stated. For a lone box it means nothing; nor does a word
    that says why there is no answer, unless the field is a list.
    """
    boxes: dict[str, Meanings] = {}
    made = []
    rows = tuple(rows)
    sets = Counter(map(_set_of, rows))
    for row in rows:
        if answers := row.options.get("ticked"):
            together = sets[_set_of(row)] > 1
            name = f"{row.words[0]}.{row.path[-1].key}{'' if together else ' alone'}"
            boxes[name] = _box(row, codes[row.words[0]], codes[answers], together)
            row = attrs.evolve(row, words=(name, *row.words[1:]))
        made.append(row)
    return tuple(made), joined(boxes, codes)


def _set_of(row: Row) -> tuple[Any, ...]:
    """Return what the rows of one set of boxes share."""
    return row.field, row.options.get("ticked"), row.options.get("of"), row.path[:-1]


def _box(row: Row, words: Meanings, answers: Meanings, together: bool) -> Meanings:
    """Return what the answers to a box mean, `together` if it is one of a set."""
    name = row.path[-1].key
    if fold(name) not in words:
        raise TableError(f"{row.where}: {name!r} is no word of {row.words[0]!r}")
    box = words[fold(name)]
    no = f"?{MissingKind.NONE_STATED.name}" if together else ""

    def meaning(answer: Meaning) -> Meaning:
        if answer.term == "true":
            return attrs.evolve(box, text=name)
        why = answer.term if answer.term.startswith("?") and (together or row.field.endswith("[]")) else ""
        return attrs.evolve(answer, term=no if answer.term == "false" else why)

    return {word: meaning(answer) for word, answer in answers.items()}


@frozen
class Move:
    """A row of an upgrade: the old path and the new one, or a `reason` to leave it out.

    Without an old path the new one did not exist.
    """

    old: Path
    new: Path | None
    reason: str
    name: str
    marks: frozenset[str] = frozenset()
    where: str = ""
    """Folder, file and line."""


def read_upgrade(file: "Traversable") -> list[Move]:
    """Read an upgrade table."""
    moves = []
    for where, cells in lines_of(file):
        marks = frozenset(cells["mark"].split())
        ignored = cells["new"].startswith("ignore ")
        reason = cells["new"].removeprefix("ignore ") if ignored else ""
        try:
            new = None if ignored else parse_path(cells["new"])
            moves.append(Move(parse_path(cells["old"]), new, reason, name_of(where), marks, where))
        except ValueError as error:
            raise TableError(f"{where}: {error}") from None
    return moves


def compose(rows: list[Row], moves: list[Move]) -> list[Row]:
    """Return the mapping of the old shape: each path becomes its old path, catch-alls stay.

    A path that no move reaches did not exist in the old shape; its row is dropped.
    """
    composed = [row for row in rows if row.verb == "constant" or _catches_all(row)]
    for row in rows:
        if row.verb != "constant" and not _catches_all(row):
            composed.extend(_led_back(row, moves))
    composed.extend(
        Row(
            field="",
            paths=(move.old,),
            verb="ignore",
            argument=move.reason,
            authority="an upgrade",
            name=move.name,
            where=move.where,
            marks=move.marks,
        )
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
    """Replace the path in a reason by its old path; of several, the one that shares most steps with the row."""
    if row.argument in PLAIN:
        return row
    kind = row.argument.partition(" of ")[0]
    by = "".join(row.argument.partition(BY)[1:])
    places = _old_places(target_of(row.argument), moves)
    if not places:
        raise TableError(f"{row.where}: what {row.argument!r} names has no path in the old shape")
    nearest = max(places, key=lambda place: _shared(place, row.path))
    return attrs.evolve(row, argument=f"{kind} of {write_path(nearest)}{by}")


def _shared(one: Path, other: Path) -> int:
    """Return how many steps two paths share."""
    return next(
        (index for index, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other))
    )


_AT_ELEMENT = ("key", "order", "need", "if")
"""Options that begin with a path below the row's own path, or with several, joined by `+`."""

BESIDE = ("label", "unit", "planned", "when", "behind")
"""Options that begin with a path beside the last step of the row's own."""


def _options_led_back(row: Row, old: Path, moves: list[Move]) -> dict[str, str]:
    """Return the options of a row at its `old` path, with their paths replaced as well."""
    options = dict(row.options)
    if "each" in options:
        options["each"] = next(map(write_path, _old_places(parse_path(options["each"]), moves)), options["each"])
    for name in (*_AT_ELEMENT, *BESIDE):
        text, colon, rest = options.get(name, "").partition(":")
        if text and not text.isupper():
            new_base, old_base = (row.path, old) if name in _AT_ELEMENT else (row.path[:-1], old[:-1])
            parts = [_option_led_back(part, new_base, old_base, moves) for part in text.split("+")]
            options[name] = "+".join(parts) + colon + rest
    return options


def _option_led_back(text: str, new_base: Path, old_base: Path, moves: list[Move]) -> str:
    """Return a path from `new_base` as a path from `old_base`; unchanged if the old shape has no such place."""
    for place in _old_places(new_base + parse_path(text), moves):
        if begins_with(place, old_base) and len(place) > len(old_base):
            return write_path(place[len(old_base) :])
    return text


def _old_places(path: Path, moves: list[Move]) -> list[Path]:
    """Return the places of a path in the old shape, none if it did not exist there."""
    way = next((index for index, step in enumerate(path) if step.key == AROUND), None)
    if way is not None:
        there = _old_places(resolved(path), moves)
        return [_out_of(inside, there) for inside in _old_places(path[:way], moves) if there]
    fitting = [move for move in moves if move.new is not None and begins_with(path, move.new)]
    if not fitting:
        return []
    longest = max(len(move.new or ()) for move in fitting)
    return [move.old + path[longest:] for move in fitting if len(move.new or ()) == longest and move.old]


def _out_of(inside: Path, places: list[Path]) -> Path:
    """Return the path that leads out from a place in a list to the nearest of several."""
    there = max(places, key=lambda place: _shared(place, inside))
    shared = _shared(there, inside)
    return (*inside, *(Step(AROUND) for _ in inside[shared:]), *there[shared:])


def row_path(row: Row) -> str:
    """The path of a row as the table has it."""
    return "; ".join(write_path(path) for path in row.paths)

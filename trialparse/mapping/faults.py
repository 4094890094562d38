"""Faults of tables, each with file and line: rows are checked against the grammar, the model and each other.

A table is checked when it is loaded. If it has a fault, all tables of its registry are checked, and one `TableError`
reports all faults.
"""

import inspect
import itertools
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

import attrs

from trialparse.mapping import grammar
from trialparse.mapping.grammar import OPENED, VERBS, Opened, Option, Value, Verb
from trialparse.mapping.plan import element_of
from trialparse.mapping.rows import BESIDE, BY, COPIES, PLAIN, Codes, Move, Row, target_of
from trialparse.model.identifiers import SCHEMES
from trialparse.model.terms import MissingKind, TimeUnit
from trialparse.model.values import Coded
from trialparse.readers.paths import AROUND, Path, Step, begins_with, parse_path, resolved, write_path
from trialparse.tsv import columns_of, where_of
from trialparse.vocabulary import Term

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable


class Fault(NamedTuple):
    """A fault of a row, with its place."""

    where: str
    """Folder, file and line: `ctis/mapping.tsv:41`."""
    what: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}"


def unknown(kind: str, name: str, known: Iterable[str]) -> str:
    """Return the message for an unknown name, with a suggestion.

    >>> unknown("mark", "personal", ["person", "unseen"])
    "no mark 'personal' (did you mean 'person'?)"
    """
    import difflib

    near = difflib.get_close_matches(name, known, 1)
    return f"no {kind} {name!r}" + (f" (did you mean {near[0]!r}?)" if near else "")


# the text of a table --------------------------------------------------------------------------------------------------

_NAME = re.compile(r"\$\w+")


def table_kind(file: "Traversable") -> str | None:
    """Return the kind of a table by its columns: `mapping`, `codes` and so on; None if no kind has them."""
    columns = columns_of(file)
    return next((kind for kind, known in grammar.COLUMNS.items() if known == columns), None)


def of_text(file: "Traversable") -> Iterator[Fault]:
    """Yield the faults in the text of a table: header, number of cells, blanks, short names."""
    header: list[str] | None = None
    names: set[str] = set()
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1):
        where, cells = where_of(file, number), line.split("\t")
        if not line.strip() or line.startswith("#"):
            continue
        for cell in cells:
            if cell != cell.strip() or "  " in cell:
                yield Fault(where, f"a stray blank in {cell!r}")
            for name in _NAME.findall(cell)[cell.startswith("$") and cell is cells[0] :]:
                if name not in names:
                    yield Fault(where, unknown("short name", name, names))
        if line.startswith("$"):
            names.add(cells[0].strip())
        elif header is None:
            header = [cell.strip() for cell in cells]
            if tuple(header) not in grammar.COLUMNS.values():
                yield Fault(where, f"no table has the columns {', '.join(header)}")
                return
        elif not len(header) - grammar.OMITTED.get(header[0], 1) <= len(cells) <= len(header):
            yield Fault(where, f"{len(cells)} cells for the columns {', '.join(header)}")


# rows by themselves ---------------------------------------------------------------------------------------------------


def of_row(row: Row, opened: Mapping[str, Opened] = OPENED) -> Iterator[Fault]:
    """Yield the faults of a row by the grammar alone; `opened` are the openers that its table may use."""
    verb = VERBS.get(row.verb)
    if verb is None:
        yield Fault(row.where, unknown("verb", row.verb, VERBS))
        return
    for text in (*_of_argument(row, verb), *_of_options(row, verb), *_of_marks(row), *_of_paths(row, verb, opened)):
        yield Fault(row.where, text)
    if not row.authority:
        yield Fault(row.where, "no authority")


def _of_argument(row: Row, verb: Verb) -> Iterator[str]:
    """Yield the faults of the words of a row."""
    if verb.argument is Value.REASON:
        if not _is_reason(row.argument):
            yield unknown("reason to ignore", row.argument, grammar.REASONS)
        return
    words = row.words
    if verb.argument is not None:
        if not words:
            yield f"{row.verb} needs {verb.argument.value}"
        elif verb.argument is Value.SCHEME and words[0] not in (*SCHEMES, "any"):
            yield unknown("scheme", words[0], SCHEMES)
        words = words[1:]
    known = [word.name for word in verb.words]
    for word in words:
        if word not in known:
            yield unknown(f"word of {row.verb}", word, known)
    for word in {word for word in words if words.count(word) > 1}:
        yield f"{word!r} twice"


def _is_reason(text: str) -> bool:
    """Whether a text is a reason to ignore, with a path where it needs one."""
    kind, of, _ = text.partition(" of ")
    if f"{kind} of" not in grammar.REASONS or not of:
        return text in PLAIN
    _, by, key = text.partition(BY)
    try:
        dated = not by or (kind == "earlier version" and len(parse_path(key)) == 1)
        return dated and bool(target_of(text))
    except ValueError:
        return False


def _of_options(row: Row, verb: Verb) -> Iterator[str]:
    """Yield the faults of the options of a row."""
    if verb.argument is Value.REASON:
        return
    for name, value in row.options.items():
        option = verb.option(name)
        if option is not None:
            text = _of_value(option, value)
            if text:
                yield text
        elif row.verb != "each":  # other options of `each` are constants
            yield unknown(f"option of {row.verb}", name, [option.name for option in verb.options])


def _of_value(option: Option, value: str) -> str:
    """Return the fault of the value of an option, "" if there is none."""
    path, colon, rest = value.partition(":")
    if option.value is Value.NAME:
        return "" if value.isidentifier() else f"{option.name}={value} is no name"
    if option.value is Value.LIST:
        return "" if value else f"{option.name}= names no code list"
    if option.value is Value.UNIT and value.isupper():
        return "" if value in TimeUnit.__members__ else unknown("unit", value, TimeUnit.__members__)
    if option.value in (Value.UNIT, Value.CODED, Value.WORDS, Value.ELSEWHERE, Value.TEST) and not (colon and rest):
        return f"{option.name}={value} is not {option.value.value}"
    if option.value not in (Value.UNIT, Value.CODED, Value.WORDS, Value.ELSEWHERE, Value.KEYS, Value.TEST) and colon:
        return f"{option.name}={value} is not {option.value.value}"
    try:
        steps = [parse_path(part) for part in path.split("+")]
    except ValueError as error:
        return str(error)
    return "" if all(steps) else f"{option.name}= names no path"


def _of_marks(row: Row) -> Iterator[str]:
    """Yield the faults of the marks of a row."""
    for mark in sorted(row.marks - grammar.MARKS.keys()):
        yield unknown("mark", mark, grammar.MARKS)
    if "name" in row.marks and "person" not in row.marks:
        yield "the mark 'name' goes with 'person'"
    if "fallback" in row.marks and row.verb == "each":
        yield "the mark 'fallback' is for rows that give values: an `each` row opens its items whatever else does"
    if "empty" in row.marks and row.verb != "ignore":
        yield "the mark 'empty' is for rows that ignore"


def _of_paths(row: Row, verb: Verb, openers: Mapping[str, Opened]) -> Iterator[str]:
    """Yield the faults of the paths of a row."""
    least, most = verb.paths
    if len(row.paths) < least or (most is not None and len(row.paths) > most):
        yield f"{row.verb} with {len(row.paths)} paths"
    for path in row.paths:
        for step, after in zip(path, (*path[1:], None), strict=True):
            if step.opener:
                yield from _of_opener(step, after, openers)


def _of_opener(step: Step, after: Step | None, openers: Mapping[str, Opened]) -> Iterator[str]:
    """Yield the faults of an opener and the step behind it."""
    opened = openers.get(step.key)
    if opened is None:
        yield unknown("opener", step.key, openers)
        return
    if step.many != opened.many:
        yield f"|{step.key} gives {'a list: write' if opened.many else 'one object: write'} |{step.key}{opened.many}"
    if after is not None and opened.keys is not None and after.key not in opened.keys:
        yield f"|{step.key} has " + (unknown("key", after.key, opened.keys) if opened.keys else "texts, and no keys")


# rows and the model ---------------------------------------------------------------------------------------------------


def of_model(rows: Iterable[Row], cls: type) -> Iterator[Fault]:
    """Yield the faults of rows against the model: unknown fields and wrong types."""
    for row in rows:
        if row.field and row.verb in VERBS:
            for text in _of_field(row, cls):
                yield Fault(row.where, text)


def _of_field(row: Row, cls: type) -> Iterator[str]:
    """Yield the faults of the field of a row."""
    *around, last = row.field.split(".")
    for step in around:
        container, target, fault = _member(cls, step)
        if fault:
            yield fault
            return
        if not attrs.has(target):
            yield f"{step} holds no fields"
            return
        cls = target
    container, target, fault = _member(cls, last)
    if fault:
        yield fault
        return
    verb = VERBS[row.verb]
    if row.verb == "each":
        if container != "tuple" or not attrs.has(target):
            yield f"{last} is no list of records"
        else:
            yield from _of_constants(row, target)
    elif verb.argument is Value.TERM:
        yield from _of_term(row.words[0] if row.words else "", target)
    elif verb.gives and not issubclass(target, verb.gives):
        yield f"{row.verb} gives no {target.__name__}"
    elif container != "one" and not verb.several:
        yield f"{row.verb} fills no list"


def _member(cls: type, step: str) -> tuple[str, Any, str]:
    """Return container and type of a field, and the fault in how a row writes it."""
    name, known = step.removesuffix("[]"), {attribute.name: attribute.type for attribute in attrs.fields(cls)}
    if name not in known:
        return "", None, f"{cls.__name__}: {unknown('field', name, known)}"
    container, target = element_of(known[name])
    if step.endswith("[]") != (container != "one"):
        return "", None, f"{name} is a list: write {name}[]" if container != "one" else f"{name} is no list"
    return container, target, ""


def _of_constants(row: Row, cls: type) -> Iterator[str]:
    """Yield the faults of the constants of an `each` row."""
    known = {attribute.name: attribute.type for attribute in attrs.fields(cls)}
    for name, term in row.options.items():
        if VERBS["each"].option(name) is not None:
            continue
        if name not in known:
            options = [option.name for option in VERBS["each"].options]
            yield f"{cls.__name__}: {unknown('field', name, (*known, *options))}"
        else:
            yield from _of_term(term, element_of(known[name])[1])


def _of_term(term: str, target: Any) -> Iterator[str]:
    """Yield the faults of a term where a value of a type is wanted."""
    known: Collection[str] = ()
    if isinstance(target, type) and issubclass(target, Term):
        known = target.__members__
    elif target is bool:
        known = ("true", "false")
    elif target in (str, Coded):
        return
    if term not in known:
        yield unknown(f"term of {target.__name__}", term, known)


# rows, code lists and functions ---------------------------------------------------------------------------------------

_SILENT = {"", "-", *(f"?{kind.name}" for kind in MissingKind)}
"""Terms of words that give no value."""


def of_lists(rows: Iterable[Row], codes: Codes, cls: type) -> Iterator[Fault]:
    """Yield the faults of rows with unknown code lists, and of terms that the field's type lacks."""
    for row in rows:
        for name in _lists_of(row):
            if name not in codes:
                yield Fault(row.where, unknown("code list", name, codes))
        if row.verb in ("code", "boxes") and row.words and row.words[0] in codes and row.field:
            target = _target_of(row, cls)
            for meaning in codes[row.words[0]].values() if target is not None else ():
                for term in [meaning.term] if meaning.term in _SILENT else meaning.terms:
                    for text in () if term in _SILENT else _of_term(term, target):
                        yield Fault(meaning.where, f"{text}, which {row.where} reads")
        if row.verb == "boxes":
            yield from _of_boxes(row, codes)
        box = row.path[-1].key if row.path else ""
        if "ticked" in row.options and row.words and row.words[0] in codes:
            folded = " ".join(box.casefold().split())
            if folded not in codes[row.words[0]]:
                yield Fault(row.where, unknown(f"word of {row.words[0]}", box, codes[row.words[0]]))


def _of_boxes(row: Row, codes: Codes) -> Iterator[Fault]:
    """Yield the faults of a row of boxes: no answers, other answers, and words that answer another number of boxes."""
    answers = row.options.get("answers")
    if answers is None:
        yield Fault(row.where, "boxes needs answers=<a code list>")
        return
    for meaning in codes.get(answers, {}).values():
        if meaning.term not in (_SILENT | {"true", "false"}):
            yield Fault(meaning.where, f"{meaning.term} is no answer to a box, which {row.where} reads")
    for word, meaning in codes.get(row.words[0] if row.words else "", {}).items():
        if len(word.split("+")) != len(row.paths) or not {*word.split("+")} <= {"true", "false"}:
            yield Fault(meaning.where, f"{word!r} does not answer the {len(row.paths)} boxes of {row.where}")


def _lists_of(row: Row) -> Iterator[str]:
    """Yield the code lists that a row names."""
    verb = VERBS.get(row.verb)
    if verb is None or verb.argument is Value.REASON:
        return
    if verb.argument is Value.LIST and row.words:
        yield row.words[0]
    for name, value in row.options.items():
        option = verb.option(name)
        if option is not None and option.value is Value.LIST:
            yield value
        elif option is not None and option.value in (Value.KEYS, Value.UNIT, Value.CODED) and ":" in value:
            yield value.partition(":")[2]


def _target_of(row: Row, cls: type) -> Any:
    """Return the type of one value of a row's field; None if the model lacks the field."""
    target: Any = cls
    for step in row.field.split("."):
        if not attrs.has(target):
            return None
        _, target, fault = _member(target, step)
        if fault:
            return None
    return target


def of_functions(rows: Iterable[Row], functions: Mapping[str, Callable[..., Any]]) -> Iterator[Fault]:
    """Yield the faults of rows whose function is unknown or takes another number of paths."""
    known = [name for name, function in functions.items() if inspect.isfunction(function) and name[0] != "_"]
    known += sorted(grammar.FUNCTIONS)
    for row in rows:
        if "if" in row.options:
            yield from _of_test(row, functions)
        if row.verb == "derive" and row.words:
            if row.words[0] not in known:
                yield Fault(row.where, unknown("function", row.words[0], known))
                continue
            try:
                inspect.signature(functions[row.words[0]]).bind(*row.paths)
            except TypeError:
                yield Fault(row.where, f"{row.words[0]} does not take {len(row.paths)} paths")


def _of_test(row: Row, functions: Mapping[str, Callable[..., Any]]) -> Iterator[Fault]:
    """Yield the faults of the option `if`: a function that `derive.py` lacks, or another number of paths."""
    paths, _, name = row.options["if"].partition(":")
    function = functions.get(name)
    known = [other for other, found in functions.items() if inspect.isfunction(found) and other[0] != "_"]
    if name not in known or function is None:
        yield Fault(row.where, unknown("function", name, known))
        return
    try:
        inspect.signature(function).bind(*paths.split("+"))
    except TypeError:
        yield Fault(row.where, f"{name} does not take {len(paths.split('+'))} paths")


def of_parts(rows: list[Row], openers: Mapping[str, Opened]) -> Iterator[Fault]:
    """Yield rows that read a part of a text if no row reads the whole of it: the rest would be lost in silence."""
    read = {resolved(path) for row in rows for path in row.paths if row.verb != "ignore"}
    for row in rows:
        for path in row.paths:
            for index, step in enumerate(path):
                opened = openers.get(step.key) if step.opener else None
                if opened is not None and not opened.whole and resolved(path[:index]) not in read:
                    yield Fault(
                        row.where, f"|{step.key} gives a part: a row has to read {write_path(path[:index])} too"
                    )


def of_openers(
    registry: str, opened: Mapping[str, Opened], functions: Mapping[str, Any], others: Collection[str]
) -> Iterator[Fault]:
    """Yield the faults of the openers of a folder: no function, or a name that another opener has."""
    for name in opened:
        if not inspect.isfunction(functions.get(name)):
            yield Fault(f"{registry}/openers.py", f"no function {name!r}")
        if name in others:
            yield Fault(f"{registry}/openers.py", f"another opener has the name {name!r}")


# rows and each other --------------------------------------------------------------------------------------------------


def of_neighbours(rows: list[Row]) -> Iterator[Fault]:
    """Yield the faults between the rows of one mapping."""
    yield from _twice(rows)
    yield from _names(rows)
    yield from _openings(rows)
    yield from _kinds(rows)
    yield from _keys(rows)
    yield from _ignored(rows)


def _twice(rows: list[Row]) -> Iterator[Fault]:
    """Yield rows that repeat an earlier one."""
    seen: dict[tuple[Any, ...], Row] = {}
    for row in rows:
        first = seen.setdefault((row.field, row.paths, row.verb, row.argument), row)
        if first is not row:
            yield Fault(row.where, f"the same as {first.where}")


def _names(rows: list[Row]) -> Iterator[Fault]:
    """Yield duplicate `as=` names of one list, and `of=` that names none."""
    named: dict[tuple[str, str], Row] = {}
    for row in rows:
        if name := row.options.get("as"):
            first = named.setdefault((row.field, name), row)
            if first is not row and first.where != row.where:
                yield Fault(row.where, f"as={name} is the name of {first.where} as well")
    for row in rows:
        wanted = row.options.get("of") if row.verb != "ignore" else None
        if wanted and not any(row.field.startswith(field) for field, name in named if name == wanted):
            yield Fault(row.where, unknown("row", wanted, {name for _, name in named}))


def _openings(rows: list[Row]) -> Iterator[Fault]:
    """Yield `each` rows whose elements no row reads."""
    reading = [row for row in rows if row.field]
    for row in rows:
        if row.verb == "each" and row.paths:
            below = (one for one in reading if one.field.startswith(row.field + ".") and one is not row)
            if not any(begins_with(path, row.path) for one in below for path in one.paths):
                yield Fault(row.where, f"no row below reads from the items of {row.field} that it opens")


def _kinds(rows: list[Row]) -> Iterator[Fault]:
    """Yield paths that read a key as a list if another path reads it as one value."""
    seen: dict[tuple[str, ...], tuple[str, Row]] = {}
    for row in rows:
        for path in row.paths if row.verb != "ignore" else ():
            keys: tuple[str, ...] = ()
            for step in path:
                if step.opener or step.key == AROUND:
                    break
                keys = (*keys, step.key)
                many, first = seen.setdefault(keys, (step.many, row))
                if many != step.many:
                    yield Fault(row.where, f"{'.'.join(keys)}{step.many} is {step.key}{many} in {first.where}")


def _keys(rows: list[Row]) -> Iterator[Fault]:
    """Yield join keys whose path no row reads or ignores."""
    paths = {resolved(path) for row in rows for path in row.paths}
    ends = {path[-1].key for row in rows for path in row.paths if row.verb == "ignore" and path[0].key == "**"}
    for row in rows:
        if row.verb != "each" or "key" not in row.options or not row.paths:
            continue
        for part in row.options["key"].partition(":")[0].split("+"):
            path = resolved(row.path + parse_path(part))
            if path not in paths and path[-1].key not in ends and not _caught(path, rows):
                yield Fault(row.where, f"key={part}: no row has {write_path(path)}")


def _caught(path: Path, rows: list[Row]) -> bool:
    """Whether a row ignores everything below the object that holds the end of a path."""
    caught = (row.path[:-1] for row in rows if row.verb == "ignore" and row.path[-1].key == "**" and len(row.path) > 1)
    return any(begins_with(path, above) for above in caught)


def _ignored(rows: list[Row]) -> Iterator[Fault]:
    """Yield rows that ignore what an earlier row ignores for the same reason."""
    caught: list[Row] = []
    for row in rows:
        if row.verb != "ignore" or not row.paths:
            continue
        for above in caught:
            if (
                row.argument == above.argument
                and begins_with(row.path, above.path[:-1])
                and not row.marks - above.marks
            ):
                yield Fault(row.where, f"{above.where} ignores it for the same reason")
        if row.path[-1].key == "**" and len(row.path) > 1 and not row.argument.startswith(COPIES):
            caught.append(row)


# other tables ---------------------------------------------------------------------------------------------------------


def of_code_row(where: str, cells: Mapping[str, str]) -> Iterator[Fault]:
    """Yield the faults of a row of a code list."""
    for column in ("list", "term", "authority"):
        if not cells[column]:
            yield Fault(where, f"no {column}")
    if cells["relation"] not in grammar.RELATIONS:
        yield Fault(where, unknown("relation", cells["relation"], grammar.RELATIONS))
    if cells["term"].startswith("?") and cells["term"][1:] not in MissingKind.__members__:
        yield Fault(where, unknown("kind of missing", cells["term"][1:], MissingKind.__members__))
    for mark in cells["mark"].split():
        if mark not in grammar.CODE_MARKS:
            yield Fault(where, unknown("mark", mark, grammar.CODE_MARKS))


def of_moves(moves: Iterable[Move], rows: Iterable[Row]) -> Iterator[Fault]:
    """Yield the faults of upgrades: new paths that neither the mapping has, nor another upgrade as old ones."""
    moves = tuple(moves)
    known = {resolved(path) for row in rows for path in row.paths}
    known |= {
        resolved(row.path + parse_path(part))
        for row in rows
        for name in ("key", "need", "order", "if")
        for part in row.options.get(name, "").partition(":")[0].split("+")
        if part and row.paths
    }
    known |= {
        row.path[:-1] + parse_path(row.options[name].partition(":")[0])
        for row in rows
        for name in BESIDE
        if row.paths and row.options.get(name) and not row.options[name].isupper()
    }
    for table, own in itertools.groupby(moves, lambda move: move.where.rpartition(":")[0]):
        there = known | {move.old for move in moves if not move.where.startswith(f"{table}:")}
        for move in own:
            if move.new is not None and not any(begins_with(path, move.new) for path in there):
                yield Fault(move.where, f"the mapping has no path {write_path(move.new)}")


def of_form_row(where: str, cells: Mapping[str, str], known: Collection[tuple[str, ...]]) -> Iterator[Fault]:
    """Yield the faults of a line of a form; `known` are the keys of all paths that the mapping reads or ignores."""
    if cells["kind"] not in grammar.FORM_KINDS:
        yield Fault(where, unknown("kind of line", cells["kind"], grammar.FORM_KINDS))
    for mark in cells["mark"].split():
        if mark not in grammar.FORM_MARKS:
            yield Fault(where, unknown("mark", mark, grammar.FORM_MARKS))
    keys = tuple(cells["path"].replace("[]", "").split(".")) if cells["path"] else ()
    if cells["kind"] != "heading" and not keys:
        yield Fault(where, "no path")
    elif keys and not any(path[: len(keys)] == keys for path in known):
        yield Fault(where, f"the mapping has no path {cells['path']}")


def of_kind_row(where: str, cells: Mapping[str, str]) -> Iterator[Fault]:
    """Yield the faults of a kind of record."""
    for column in ("format", "made_from"):
        if not cells[column]:
            yield Fault(where, f"no {column}")
    if cells["explanation"] and not cells["authority"]:
        yield Fault(where, "no authority")


def of_name_row(where: str, cells: Mapping[str, str]) -> Iterator[Fault]:
    """Yield the faults of a name."""
    if cells["what"] not in grammar.NAMED:
        yield Fault(where, unknown("kind of name", cells["what"], grammar.NAMED))
    for column in ("word", "called"):
        if not cells[column]:
            yield Fault(where, f"no {column}")

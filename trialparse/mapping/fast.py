"""The fast run: a plan compiled to functions over structs, without places and evidence, for sources without surprises.

Anything unusual (an unknown code, a word that says why there is no value, a shape that does not fit) raises an
exception; the traced run then reads the whole document and reports the problem.
The function that fills a record class is generated, a few lines for each field. In its text `n` is the node that the
record is filled from (`n0`, `n1` the elements of each source, where they are joined), `v` the current value, `w` its
side value, `s` the list being gathered.
"""

import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial, reduce
from operator import attrgetter
from typing import Any, Final, NamedTuple

import attrs

from trialparse.diagnostics import WITHHELD
from trialparse.generated import Lines, indented
from trialparse.mapping import noticing
from trialparse.mapping.characters import with_signs
from trialparse.mapping.codegen import (
    Later,
    Mode,
    Names,
    comprehension,
    function,
    gather,
    is_there,
    loops,
    nested,
    one,
)
from trialparse.mapping.noticing import Noticed
from trialparse.mapping.plan import (
    BoxSet,
    Derived,
    Field,
    Items,
    ItemsField,
    ItemSource,
    Reading,
    RecordField,
    RecordPlan,
    ValueField,
    fields_with,
    is_copy,
    key_of,
    lent,
    ordered,
    placed,
)
from trialparse.mapping.rows import Meaning
from trialparse.mapping.verbs import (
    DECIMAL,
    NOT_CALCULATED,
    NOTED,
    Gap,
    Known,
    KnownBoxes,
    NoValue,
    UnreadableWords,
    Verb,
    fillers_of,
    gaps_of,
    lengths_of,
    one_line,
    or_gap,
    same_gap,
    with_rest,
)
from trialparse.model import Missing
from trialparse.model.building import build, defaults, is_record, is_same, maker, required, twin
from trialparse.model.terms import MissingKind
from trialparse.prepared import LOCK
from trialparse.readers.paths import AROUND, NESTED_PLACE, Path, write_path
from trialparse.readers.shapes import attribute_name

Fill = Callable[[Any], Any]


class Filled(NamedTuple):
    """What the fast run makes of the struct of a record."""

    trial: Any
    """The root record; fields with a surprise hold their default."""
    odd: tuple[str, ...]
    """Fields with a surprise, which only the traced run can read."""
    stated: int
    """How many entries of `missing` rows have read; they come first."""


_BIG = 2**63

SURPRISES: Final = (NoValue, UnreadableWords)
"""What a field raises that only the traced run can read."""

Where = int | frozenset[int] | None
"""What a node is: an element of the source with this index; one element of each of these sources, joined; or (None)
the elements of all sources, joined."""


def compile_noticing(plan: RecordPlan) -> Callable[[Any], Noticed]:
    """Return the function that looks for all that the traced run would report of the struct of a source record."""
    lend, fill = _lending(plan), _record(plan, 0, {}, build(plan.cls, {}), Mode(notices=True, path=""))
    lending = tuple(fields_with(plan, attrgetter("lends")))

    def lend_and_look(n: Any) -> Noticed:
        NOTED.clear()
        if lend is not None:
            lend(n)
        fill(n)
        asked = () if NOTED.asked.issuperset(NOTED.offered) else lending
        return Noticed(frozenset((*NOTED.odd, *asked)), dict(NOTED.items))

    return lend_and_look


def compile_plan(plan: RecordPlan) -> Callable[[Any], Filled]:
    """Return the function that makes the root record from the struct of a source record."""
    lend, fill, clear = _lending(plan), _record(plan, 0, {}, build(plan.cls, {}), Mode(path="")), _clearing(plan)
    parts = [attrs.evolve(plan, fields=(field,)) for field in plan.fields]
    marked = {field.name for field in plan.fields if _may_be_marked(field)}
    without_marks = Later([partial(_clearing_or_none, part, gaps=False) for part in parts])
    without_gaps = Later([partial(_clearing_or_none, part, gaps=True) for part in parts])

    def lend_fill_and_clear(n: Any) -> Filled:
        NOTED.clear()
        if lend is not None:
            lend(n)
        made = fill(n)
        stated = len(made.missing)
        if NOTED.fields:
            for index, field in enumerate(plan.fields):
                if field.name in NOTED.fields:
                    without_gaps[index](made)
                elif field.name in marked:
                    without_marks[index](made)
        elif clear is not None:
            clear(made)
        return Filled(made, tuple(NOTED.odd), stated)

    return lend_fill_and_clear


def _may_be_marked(field: Field) -> bool:
    """Whether the mark NOT_CALCULATED may be in a field, or below it."""
    if isinstance(field, ValueField):
        return any(reading.verb.sentinel for reading in field.readings)
    return any(map(_may_be_marked, field.plan.fields))


def _clearing_or_none(plan: RecordPlan, *, gaps: bool) -> Fill:
    """Return the function of `_clearing`; if there is nothing to replace, one that does nothing."""
    return _clearing(plan, gaps=gaps) or (lambda made: made)


def _clearing(plan: RecordPlan, *, gaps: bool = False) -> Fill | None:
    """Generate the function that replaces NOT_CALCULATED in a new Trial and adds these fields to `missing`.

    None if no field can hold the mark. With `gaps` it replaces those as well, in all fields; few records have one.
    Nobody has seen the Trial yet, so it may still change.
    """
    names = Names(mark=NOT_CALCULATED, gap=Gap, put=object.__setattr__, missing=_without)
    lines = _marks(plan, "n", "", "", names, set(), gaps)
    if not lines:
        return None
    return function(
        ["s = []", *lines, "if s: put(n, 'missing', (*n.missing, *s))", "return n"], names, "what is missing"
    )


def _without(path: str, mark: Any, *indexes: int) -> Missing:
    kind = mark.kind if mark.__class__ is Gap else MissingKind.UNKNOWN
    made: Missing = maker(Missing)(path.format(*indexes), kind)
    return made


def _marks(plan: RecordPlan, node: str, path: str, indexes: str, names: Names, taken: set[str], gaps: bool) -> Lines:
    """Return the statements that look for marks in a record of the Trial, in the order of its fields."""
    lines: Lines = []
    for field in plan.fields:
        here = f"{path}.{field.name}" if path else field.name
        if isinstance(field, ValueField):
            nines, gappy = any(reading.verb.sentinel for reading in field.readings), gaps and _may_gap(field)
            if nines or gappy:
                there, default = f"{node}.{field.name}", names.new("d", defaults(plan.cls)[field.name])
                note = f"s.append(missing({names.new('p', here)}, {there}{indexes}))"
                lines += [f"if {there} is mark: {note}; put({node}, '{field.name}', {default})"] if nines else []
                if gappy:
                    lines += [
                        f"if {there}.__class__ is gap: {note}; put({node}, '{field.name}', {there}.rest or {default})"
                    ]
        elif isinstance(field, RecordField):
            lines += _marks(field.plan, f"{node}.{field.name}", here, indexes, names, taken, gaps)
        else:
            there, gone = f"{node}.{field.name}", f"g{len(taken)}"
            gappy = gaps and _may_gap(field)
            if gappy:
                lines += [
                    f"{gone} = {there}",
                    f"if {gone}.__class__ is gap: put({node}, '{field.name}', {gone}.rest or ())",
                ]
            index, element = f"i{len(taken)}", f"e{len(taken)}"
            taken.add(element)
            below = _marks(field.plan, element, here + "[{}]", f"{indexes}, {index}", names, taken, gaps)
            if below:
                lines += nested([f"for {index}, {element} in enumerate({there}):"], below)
            if gappy:
                lines += [f"if {gone}.__class__ is gap: s.append(missing({names.new('p', here)}, {gone}{indexes}))"]
    return lines


def _lending(plan: RecordPlan) -> Fill | None:
    """Generate the function that copies values of the objects around lists into their elements; None if not needed.

    It copies values, not objects: structs that refer to each other would never be freed.
    """
    names, lines = Names(), Lines()
    for path in sorted(placed(plan), key=write_path):
        lines += _placing(path, names)
    for path in sorted(lent(plan), key=write_path):
        place = next(index for index, step in enumerate(path) if step.key == AROUND)
        steps = sum(step.key == AROUND for step in path)
        headers, around = loops("n", path[: place - steps], names)
        inner, element = loops("a", path[place - steps : place], names)
        within, leaf = loops("a", path[place + steps :], names)
        leaf = comprehension(within, leaf) if within else leaf
        held = f"{element}.{attribute_name(write_path(path[place:]))}"
        lines += nested(headers, [f"a = {around}", *nested(inner, [f"{held} = {leaf}"])])
    return function(lines, names, "what lists lend to their elements") if lines else None


def _placing(path: Path, names: Names) -> Lines:
    """Return the statements that give each element on a path the place at the end of it."""
    headers, node, places, beginning = Lines(), "n", list[str](), 0
    *around, last = path
    for end, step in enumerate(around, start=1):
        if step.many:
            (header,), element = loops(node, path[beginning:end], names)
            beginning, place = end, f"i{len(places)}"
            variable, listed = header.removeprefix("for ").removesuffix(":").split(" in ")
            headers.append(f"for {place}, {variable} in enumerate({listed}, 1):")
            places.append(f"{{{place}}}")
            node = element
    number = ".".join(places[-2:] if last.key == NESTED_PLACE else places[-1:])
    return nested(headers, [f"{node}.{attribute_name(last.key)} = f'{number}'"])


def _constant(field: Field) -> Any:
    return field.constant if isinstance(field, ValueField) else None


def _record(plan: RecordPlan, where: Where, constants: Mapping[str, Any], nothing: Any, mode: Mode) -> Fill:
    """Generate the function that fills one record class.

    If only its constants are known, the function returns None or, where a record is required, one shared record:
    `nothing` itself if it is equal.
    """
    names = Names(twin=twin(plan.cls), record=plan.cls, gap=Gap, NoValue=NoValue, noted=NOTED, same_gap=same_gap)
    names.values |= {"with_rest": with_rest, "none_stated": MissingKind.NONE_STATED, "surprise": SURPRISES}
    names.values |= {"withheld_kind": MissingKind.WITHHELD, "withheld": Gap(MissingKind.WITHHELD)}
    names.mode = mode
    lines = Lines()
    _part(len(plan.sources), where, names)
    fields = {field.name: field for field in plan.fields if field.name not in constants}
    values: dict[str, str] = {}
    empty: Lines = []
    for name, default in defaults(plan.cls).items():
        constant = _constant(fields[name]) if name in fields else constants.get(name, default)
        statements = _statements(fields[name], where, names, default) if name in fields and constant is None else []
        if statements:
            values[name] = f"v_{name}"
            empty.append(_is_default(name, default, names))
            statements += [f"v_{name} = v"]
            apart = mode.path is not None
            lines += _apart_from_others(fields[name], statements, empty[-1], default, names) if apart else statements
        else:
            values[name] = names.new("d", default if constant is None else constant)
    if mode.notices:
        fixed = [field for field in plan.fields if field.name in constants and _constant(field) is None]
        for field in fixed:  # the traced run reads what the constant replaces, too
            lines += _statements(field, where, names, defaults(plan.cls)[field.name])
    if nothing is None:
        needed = [values[name] for name in required(plan.cls) if name in fields and _may_gap(fields[name])]
        lines += [f"if {value}.__class__ is gap: raise NoValue({value}.kind)" for value in needed]
        read = [name for name in values if values[name] == f"v_{name}"]
        empty = [f"({' and '.join(empty) or 'True'})", *(f"{values[name]} is None" for name in required(plan.cls))]
        if not mode.whole and any(_may_gap(fields[name]) for name in read):
            lines += _alone_or_on([fields[name] for name in read], defaults(plan.cls), names)
            lines += _given_up([values[name] for name in required(plan.cls)], [values[name] for name in read], names)
        lines.append(f"if {' or '.join(empty)}: return None")
    elif mode.path != "":
        constants = {name: names.values[value] for name, value in values.items() if value in names.values}
        made = build(plan.cls, constants)
        names.values["same"] = nothing if is_same(made, nothing) else made
        lines.append(f"if {' and '.join(empty) or 'True'}: return same")
    lines += ["o = twin()", *(f"o.{name} = {value}" for name, value in values.items())]
    return function([*lines, "o.__class__ = record", "return o"], names, plan.cls.__name__)


def _apart_from_others(field: Field, statements: Lines, empty: str, default: Any, names: Names) -> Lines:
    """Return the statements for a field whose surprises, gaps and remarks are no matter of the other fields."""
    name = field.name
    path = f"{names.mode.path}{name}"
    if names.mode.notices:
        lines = [*noticing.before_field(field), *statements, *noticing.of_field(field, path)]
    elif _may_gap(field):
        lines = [*statements, f"if not ({empty}) and noted.gap: noted.gap = False; noted.fields.append({name!r})"]
    else:
        lines = statements
    away = f"v_{name} = {names.new('d', default)}; noted.odd.append({path!r}); noted.gap = noted.remark = False"
    return ["try:", *indented(lines), f"except surprise: {away}"]


def _alone_or_on(fields: list[Field], nothing: Mapping[str, Any], names: Names) -> Lines:
    """Return the statement that gives up an item with a gap and nothing else, for that gap.

    Most items end its test at their first field. What the thread has noted comes last: to look there takes longer.
    """
    plain = [field.name for field in fields if not isinstance(field, RecordField)]
    test = [f"({_is_default(name, nothing[name], names)} or v_{name}.__class__ is gap)" for name in plain]
    alone = names.new("gap", partial(_gap_alone, tuple(nothing[field.name] for field in fields)))
    values = "".join(f"v_{field.name}, " for field in fields)
    return [f"if {' and '.join([*test, 'noted.gap'])} and (v := {alone}({values})) is not None: return v"]


def _given_up(needed: list[str], read: list[str], names: Names) -> Lines:
    """Return the statements that leave to the traced run an item that lacks a value it needs and has a gap."""
    check = names.new("check", _check_whole)
    return [f"if {value} is None and noted.gap: {check}(({', '.join(read)},))" for value in needed]


def _gap_alone(nothing: tuple[Any, ...], *values: Any) -> Gap | None:
    """Return the gap of an item that has nothing else, for its list; None for any other item."""
    gaps = []
    for default, value in zip(nothing, values, strict=True):
        if value.__class__ is Gap:
            if value.rest is not None or value.kind is MissingKind.WITHHELD:
                return None
            gaps.append(value)
        elif value is not None and value != default:
            below = _gap_below(value) if is_record(default.__class__) else None
            if below is None:
                return None
            gaps.append(below)
    return reduce(same_gap, gaps, None)


def _gap_below(record: Any) -> Gap | None:
    """Return the gap of a record within an item that has nothing else; None for any other."""
    cls: Any = type(record)
    known = defaults(cls)
    return _gap_alone(tuple(known.values()), *[getattr(record, name) for name in known])


def _part(count: int, where: Where, names: Names) -> None:
    """Let a function begin with splitting a joined node into the elements, or the one element, of each source."""
    if where is None:
        names.first.append(f"{''.join(f'n{index}, ' for index in range(count))}= n")
    elif not isinstance(where, int):
        names.first += [f"n{index}_ = n[{index + 1}]" for index in sorted(where)]
        names.nodes = {f"n{index}_" for index in where}


def _sees(where: Where, source: int) -> bool:
    """Whether a node holds elements of a source."""
    return where is None or source == where or (isinstance(where, frozenset) and source in where)


def _is_default(name: str, default: Any, names: Names) -> str:
    """Return the condition that nothing was read for a field."""
    if default is None:
        return f"v_{name} is None"
    if default in ((), frozenset()):
        return f"not v_{name}"
    return f"v_{name} {'is' if is_record(default.__class__) else '=='} {names.new('e', default)}"


def _statements(field: Field, where: Where, names: Names, default: Any) -> Lines:
    """Return the statements that leave the field's value in `v`; none where nothing is read from this node."""
    if isinstance(field, RecordField):
        path = f"{names.mode.path}{field.name}." if names.mode.notices and names.mode.path is not None else None
        mode = names.mode.within(whole=not _may_gap(field), path=path)
        return [f"v = {names.new('f', _record(field.plan, where, {}, default, mode))}(n)"]
    if isinstance(field, ItemsField):
        return _items(field, where, names)
    made: Lines = []
    for derived in field.derived:
        if _sees(where, derived.source):
            lines = [*_derived(derived, where, names), *(_gap_apart(names) if _can_be_gap(derived) else [])]
            made += ["if v is None:", *indented(lines)] if made else lines
    readings = [reading for reading in field.readings if _sees(where, reading.source)]
    if readings:
        lines = (_first if field.container == "one" else _all)(field, readings, where, names)
        made = [*lines, "if v is None:", *indented(made)] if made else lines
    return _or_gap(made, field)


def _or_gap(lines: Lines, field: Field) -> Lines:
    """Return statements that leave a value in `v` with those that put the gap there that they have set aside.

    Other words count more where there is one value; in a list and a set the gap is beside them. A box that is
    answered no leaves none beside one that is ticked.
    """
    if not any("z = same_gap" in line for line in lines):
        return lines
    if isinstance(field, ValueField) and field.container in ("one", "sum"):
        return ["z = None", *lines, "if v is None and z is not None: v = z; noted.gap = True"]
    beside = "z is not None"
    if isinstance(field, ValueField) and any(map(_is_box, field.readings)):
        beside = "z is not None and (not v or z.kind is not none_stated)"
    if isinstance(field, ValueField) and _loses_all(field):
        lines = [*lines, "if z is not None and z.kind is withheld_kind: v = None"]
    return ["z = None", *lines, f"if {beside}: v = with_rest(z, v); noted.gap = True"]


def _loses_all(field: ValueField) -> bool:
    """Whether one member that was withheld leaves nothing of a field: a part of a set would be wrong."""
    withheld = any(reading.verb.withheld for reading in field.readings)
    return withheld and (field.container == "set" or bool(field.sets))


def _gap_apart(names: Names) -> Lines:
    """Return the statement that sets a gap aside."""
    return [] if names.mode.whole else ["if v.__class__ is gap: z = same_gap(z, v); v = v.rest"]


# plain values --------------------------------------------------------------------------------------------------------


def _first(field: ValueField, readings: list[Reading], where: Where, names: Names) -> Lines:
    """Return the statements for a field of one value: the first that there is."""
    if names.mode.notices:
        lines = [*_denials(readings), *noticing.of_first(_apart(readings, where, names), names)]
        lines += noticing.of_denials("one", names) if any(map(_is_box, readings)) else []
        lines += [*_whole_sets(field, where, names), *_open_date(readings, names)]
        return [*lines, *_one_place(readings, where, names)]
    lines = Lines()
    alone = len(readings) == 1 and not field.derived and not _is_box(readings[0])
    for reading in readings:
        headers, body = _reading(reading, where, names)
        if (not alone or headers or reading.several) and _can_be_gap(reading):
            body = [*body, *_gap_apart(names)]
        if reading.several:
            body = [*body, "v = next(iter(v or ()), None)"]
        if lines:
            lines += ["if v is None:", *indented(nested(headers, body, first=True))]
        else:
            lines = [*(["v = None"] if headers else []), *nested(headers, body, first=True)]
    lines += [*_whole_sets(field, where, names), *_open_date(readings, names)]
    return [*lines, *_one_place(readings, where, names)]


def _denials(readings: list[Reading]) -> Lines:
    """Return the statement that begins the list of boxes which are answered no; none where there are no boxes."""
    return ["denied = []"] if any(map(_is_box, readings)) else []


def _apart(readings: list[Reading], where: Where, names: Names) -> Iterator[tuple[Reading, Lines, Lines]]:
    """Yield each reading with its loops and its statements, which set a gap aside."""
    for reading in readings:
        headers, body = _reading(reading, where, names)
        denial = noticing.of_denial(reading, names) if _is_box(reading) else []
        yield reading, headers, [*body, *denial, *(_gap_apart(names) if _can_be_gap(reading) else [])]


def _open_date(readings: list[Reading], names: Names) -> Lines:
    """Return the statement that gives up (the traced run decides) on a date that a later place may know more of.

    It may know whether the date is planned.
    """
    if any(reading.row.verb != "date" for reading in readings):
        return []
    known = [not {"estimated", "actual"}.isdisjoint(reading.row.words) for reading in readings]
    if all(known) or not any(known[known.index(False) :]):
        return []
    names.values |= {"NoValue": NoValue, "unknown": MissingKind.UNKNOWN}
    return ["if v is not None and v.estimated is None: raise NoValue(unknown)"]


def _whole_sets(field: ValueField, where: Where, names: Names) -> Lines:
    """Return the statements that give up (the traced run decides) where a record has a part of a set of boxes.

    In a field of one value a box that is ticked is enough; a box that is left blank counts where none is ticked.
    """
    lines: Lines = []
    for boxes in field.sets:
        if _sees(where, boxes.source):
            headers, node = _from(boxes.source, where)
            inner, holder = loops(node, boxes.holder, names, opened=boxes.opened)
            opened = boxes.opened or any(step.opener for step in boxes.holder)
            partly = f"{names.new('partly', _partly(boxes, opened=opened))}({holder})"
            if field.container == "one":
                wrong = f"(v is None or v.__class__ is gap) and {partly}"
            else:
                wrong = f"(w := {partly}) and (w is lacks or not v)"
            lines += nested([*headers, *inner], [f"if {wrong}: raise NoValue(none_stated)"])
    names.values |= {"lacks": _LACKS} if lines else {}
    return lines


_LACKS, _BLANK = "lacks", "blank"
"""What is wrong with a set of boxes: it lacks one, or one is left blank."""


def _partly(boxes: BoxSet, *, opened: bool) -> Callable[[Any], Any]:
    """Return a function that finds what is wrong where a node has some answers of a set of boxes; None if nothing."""
    names = Names(first_answer=_first_answer, lacks=_LACKS, blank=_BLANK)
    several = [[_alone("n", path, opened, names) for path in box] for box in boxes.boxes]
    answers = [found[0] if len(found) == 1 else f"first_answer({', '.join(found)})" for found in several]
    beside = [_alone("n", path, opened, names) for path in boxes.beside]
    keys = [path[0].key for path in (*itertools.chain.from_iterable(boxes.boxes), *boxes.beside)]
    lacks_all = f"n.__class__ is dict and {names.new('keys', frozenset(keys))}.isdisjoint(n)"
    none = [f"if {lacks_all}: return None"] if opened else []
    lines = [
        *none,
        f"w = ({', '.join(answers)},)",
        f"if (None in w or '' in w) and first_answer({', '.join(['*w', *beside])}) not in (None, ''):",
        " return lacks if None in w else blank",
        "return None",
    ]
    return function(lines, names, "whether a set of boxes lacks one")


def _first_answer(*answers: Any) -> Any:
    """Return the first answer that is not empty, else an empty one, else None."""
    return next((one for one in answers if one is not None and one != ""), "" if "" in answers else None)


def _one_place(readings: list[Reading], where: Where, names: Names) -> Lines:
    """Return the statement that gives up (the traced run decides) on nines if another place may hold the value."""
    if not any(reading.verb.sentinel for reading in readings):
        return []
    names.values |= {"mark": NOT_CALCULATED, "NoValue": NoValue, "unknown": MissingKind.UNKNOWN}
    plain = all(not loops("m", one.path, names)[0] for one in readings)
    if len(readings) == 1 and where is not None and plain:
        return []
    elements = " + ".join(f"len(n{source})" for source in sorted({reading.source for reading in readings}))
    several = f" and {elements} > 1" if plain and where is None else ""
    return [f"if v is mark{several}: raise NoValue(unknown)"]


def _all(field: ValueField, readings: list[Reading], where: Where, names: Names) -> Lines:
    """Return the statements for a field of all values: a tuple, a set or a sum."""
    made = {
        "sum": "sum(s) if s else None",
        "set": "frozenset(s)",
        "tuple": "tuple(dict.fromkeys(s) if len(s) > 1 else s)",
    }
    notices = names.mode.notices
    lines = [*(_denials(readings) if notices else []), "s = []"]
    for reading in readings:
        apart = ["if v.__class__ is gap: raise NoValue(v.kind)"] if field.container == "sum" else _gap_apart(names)
        apart = apart if _can_be_gap(reading) else []
        apart = [*noticing.of_denial(reading, names), *apart] if notices and _is_box(reading) else apart
        headers, body = _reading(reading, where, names)
        add = "if v: s.extend(v)" if reading.several else "if v is not None: s.append(v)"
        lines += ["k = len(s)"] if reading.each is not None else []
        lines += nested(headers, _unless_absent(reading, [*body, *apart, add], names))
        if reading.each is not None:
            lines.append(f"x = x or len(s) - k < max(1, len({names.new('at', gather(reading.each))}(n)))")
    if notices and any(map(_is_box, readings)):
        lines += noticing.of_denials(field.container, names)
    if any(reading.each is not None for reading in readings):
        names.values |= {"NoValue": NoValue, "incomplete": MissingKind.INCOMPLETE}
        lines = ["x = False", *lines, "if s and x: raise NoValue(incomplete)"]
    return [*lines, f"v = {made[field.container]}", *_whole_sets(field, where, names)]


def _unless_absent(reading: Reading, lines: Lines, names: Names) -> Lines:
    """Return the statements of a reading with all but the first where a value is there: most places are empty."""
    if names.mode.notices or reading.side is not None or reading.verb.withheld:
        return lines
    load, *rest = lines
    if rest[0].startswith("if v is not None: "):
        return [load, "if v is not None:", *indented([rest[0].removeprefix("if v is not None: "), *rest[1:]])]
    return [load, "if v is not None:", *indented(rest)]


def _from(source: int, where: Where) -> tuple[Lines, str]:
    """Return the loop over the elements of a source and the name of one; the node itself where it is one."""
    if where is None:
        return [f"for m in n{source}:"], "m"
    return [], "n" if isinstance(where, int) else f"n{source}_"


def _reading(reading: Reading, where: Where, names: Names) -> tuple[Lines, Lines]:
    """Return the loops over the places of a reading, and the statements that leave the value of one in `v`."""
    headers, node = _from(reading.source, where)
    if reading.side is not None:
        return _with_side(reading, headers, node, names)
    inner, leaf = loops(node, reading.path, names, opened=reading.opened, leaves=True)
    if names.mode.notices:
        body = [f"u = {leaf}", *_converted(reading, "u", names), *noticing.of_value(reading, names)]
        return headers + inner, body
    return headers + inner, _converted(reading, leaf, names)


def _converted(reading: Reading, leaf: str, names: Names) -> Lines:
    """Return the statements that convert a leaf, unless it is cached or already right."""
    if reading.verb.withheld:
        plain = attrs.evolve(reading, verb=attrs.evolve(reading.verb, withheld=False))
        load, *lines = _converted(plain, leaf, names)
        return [load, f"if v == {WITHHELD!r}: {_held_back(names)}", "else:", *indented(lines)]
    verb = reading.verb
    if verb.plain is not None:
        return [f"v = {leaf}", *_PLAIN[verb.plain](verb, names)]
    if verb.known is not None:
        return [f"v = {leaf}", f"if v is not None: v = {_known(reading, names)}[v]"]
    convert = f"v = {_convert(verb.convert, names)}(v)"
    if verb.blank is not None:
        prose = (
            [] if verb.prose is None else [f" if {verb.prose.sign!r} in v: v = {names.new('p', verb.prose.plain)}(v)"]
        )
        body = [
            "if v.__class__ is str:",
            *prose,
            f" v = v.strip() if v.isascii() else {names.new('g', with_signs)}(v).strip()",
        ]
        if verb.line:
            squeezed = f"v = {names.new('w', one_line)}(v)"
            body.append(rf" if '  ' in v or '\n' in v or '\t' in v or '\r' in v: {squeezed}")
        body += _unless_blank(verb.blank, names)
        if verb.fillers:
            lengths, filler = names.new("l", lengths_of(verb.fillers)), names.new("f", gaps_of(verb.fillers))
            gone = "raise NoValue(w.kind)" if names.mode.whole else "v = w; noted.gap = True"
            body.append(f" if v is not None and len(v) in {lengths} and (w := {filler}.get(v.casefold())): {gone}")
        return [f"v = {leaf}", *body, f"elif v is not None: {convert}"]
    return [f"v = {leaf}", f"if v is not None: {convert}"]


def _held_back(names: Names) -> str:
    """Return the statement that leaves a gap for words which were withheld."""
    return "raise NoValue(withheld_kind)" if names.mode.whole else "v = withheld; noted.gap = True"


def _may_gap(field: Field) -> bool:
    """Whether a Gap may be in a field, or below it; no check for one is needed elsewhere."""
    if isinstance(field, RecordField):
        return any(map(_may_gap, field.plan.fields))
    if isinstance(field, ItemsField):
        return any(map(_may_gap, field.plan.fields)) or (field.values is not None and _may_gap(field.values))
    return any(map(_can_be_gap, field.readings)) or any(map(_can_be_gap, field.derived))


def _can_be_gap(read: Reading | Derived) -> bool:
    """Whether the words that are read may give the reason for an empty field."""
    if isinstance(read, Derived) or read.verb.withheld:
        return True
    return "unit" in read.row.options or bool(fillers_of(read.row)) or _has_gap_word(read.verb.words)


_WITH_GAP: dict[int, tuple[Any, bool]] = {}
"""Code lists by their ids, each with what `_has_gap_word` returns: it asks for each many times."""


def _has_gap_word(words: Mapping[str, Meaning] | None) -> bool:
    """Whether a word of a code list gives a reason for an empty field."""
    if not words:
        return False
    if id(words) not in _WITH_GAP:
        _WITH_GAP[id(words)] = words, any(one.term.startswith("?") for one in words.values())
    return _WITH_GAP[id(words)][1]


def _is_box(reading: Reading) -> bool:
    """Whether a reading reads a box."""
    return "ticked" in reading.row.options


def _known(reading: Reading, names: Names) -> str:
    """Return the name of the cache of a reading."""
    known = reading.verb.known
    if known is None or names.mode.whole:
        return names.new("k", known)
    return names.new("k", (KnownBoxes if _is_box(reading) else type(known))(or_gap(known.read)))


def _convert(convert: Callable[..., Any], names: Names) -> str:
    """Return the name of a function that converts words."""
    return names.new("c", convert if names.mode.whole else or_gap(convert))


def _unless_blank(blank: frozenset[str], names: Names) -> Lines:
    """Return the statement that turns a blank text into None."""
    if blank == {""}:
        return [" v = v or None"]
    # hashing a long text costs more than everything else here
    return [f" if len(v) <= {max(map(len, blank))} and v in {names.new('b', blank)}: v = None"]


def _truth(verb: Verb, names: Names) -> Lines:
    """Return the statement that reads a truth value; most are booleans already."""
    return [f"if v is not None and v.__class__ is not bool: v = {_convert(verb.convert, names)}(v)"]


def _integer(verb: Verb, names: Names) -> Lines:
    """Return the statements that read a whole number; plain digits skip the verb."""
    read = f"{_convert(verb.convert, names)}(v)"
    return [
        "if v.__class__ is str and v.isdigit() and v.isascii() and len(v) < 19 and v[:2] != '00': v = int(v)",
        f"elif v is not None and (v.__class__ is not int or not 0 <= v < {_BIG}): v = {read}",
    ]


def _number(verb: Verb, names: Names) -> Lines:
    """Return the statements that read a number; plain digits skip the verb."""
    nines = " and '9999' not in v" if verb.sentinel is not None else ""
    digits = f"(v.isdigit() and v.isascii() and len(v) < 19 or {names.new('x', DECIMAL.fullmatch)}(v) is not None)"
    return [
        f"if v.__class__ is str and v[:2] != '00' and {digits}{nines}: v = float(v)",
        f"elif v is not None: v = {_convert(verb.sentinel or verb.convert, names)}(v)",
    ]


_PLAIN = {bool: _truth, int: _integer, float: _number}
"""Short cuts for values of the right type, or plain words for them."""


def _with_side(reading: Reading, headers: Lines, node: str, names: Names) -> tuple[Lines, Lines]:
    """Return loops and statements for a reading with a side value."""
    side, last = reading.side or (), reading.path[-1:]
    inner, parent = loops(node, reading.path[:-1], names, opened=reading.opened)
    opened = reading.opened or any(step.opener for step in reading.path[:-1])
    verb = reading.verb
    read = f"{_known(reading, names)}[v, w]" if verb.known is not None else f"{_convert(verb.convert, names)}(v, w)"
    lines = [f"if v is not None or w is not None: v = {read}"]
    if verb.withheld:
        held = f"(w if v is None or v == '' else v) == {WITHHELD!r}"
        held += f" and {names.new('holds', verb.holds)}(w)" if verb.holds is not None else ""
        lines = [f"if {held}: {_held_back(names)}", f"el{lines[0]}"]
    lines = [f"w = {_alone(parent, side, opened, names)}", *lines]
    if verb.bare is not None and verb.plain is None and not names.mode.notices and not verb.withheld:
        bare = _converted(attrs.evolve(reading, verb=verb.bare, side=None), "v", names)[1:]
        lines = [lines[0], f"if {_condition(verb, names)}:", *indented(bare), "else: v = None"]
    if names.mode.notices:
        lines = ["u = v", *lines, *noticing.of_pair(reading, names)]
    if last[0].many:
        each, leaf = loops("q", last, names, opened=opened, leaves=True)
        return [*headers, *inner, f"for q in ({parent},):", *each], [f"v = {leaf}", *lines]
    return headers + inner, [f"v = {_alone(parent, last, opened, names)}", *lines]


def _condition(verb: Verb, names: Names) -> str:
    """Return the condition of a verb on the side value `w`; most often that is not there."""
    holds = verb.holds or bool
    held = f"{names.new('holds', holds)}(w)"
    return f"w is None or {held}" if holds(None) else f"w is not None and {held}"


def _alone(node: str, path: Path, opened: bool, names: Names) -> str:
    """Return the expression for the first value at a path below a node."""
    headers, expression = loops(node, path, names, opened=opened, leaves=True)
    return f"{names.new('one', one(path, opened=opened, leaves=True))}({node})" if headers else expression


def _derived(derived: Derived, where: Where, names: Names) -> Lines:
    """Return the statements that call a function of `derive.py` with the values at its paths."""
    headers, node = _from(derived.source, where)
    found = [loops(node, path, names, opened=derived.opened, leaves=True) for path in derived.paths]
    arguments = [comprehension(headers + inner, leaf) for inner, leaf in found]
    call = f"v = {_convert(derived.function, names)}"
    if names.mode.notices:
        given = ", ".join(f"t{index}" for index in range(len(arguments)))
        lines = [f"t{index} = {argument}" for index, argument in enumerate(arguments)]
        return [*lines, *noticing.of_function(derived, given, names), f"{call}({given})"]
    call = f"{call}({', '.join(arguments)})"
    conditions = [is_there(headers + inner, leaf) for inner, leaf in found]
    nothing = _of_nothing(derived, [headers + inner for inner, _ in found])
    if nothing is None or None in conditions:
        return [call]
    some = " or ".join(dict.fromkeys(filter(None, conditions)))
    return [f"v = {names.new('e', nothing[0])}", f"if {some}: {call}"]


def _of_nothing(derived: Derived, headers: Iterable[Lines]) -> tuple[Any] | None:
    """Return what a function gives where no value is there, so that it need not be called; None if it raises."""
    try:
        return (derived.function(*[[] if inner else [None] for inner in headers]),)
    except Exception:  # noqa: BLE001  whatever it raises is a matter of the record that it is called for
        return None


# lists of records ----------------------------------------------------------------------------------------------------


def _items(field: ItemsField, where: Where, names: Names) -> Lines:
    """Return the statements for a list of records."""
    before = _statements(field.values, where, names, ()) if field.values is not None else []
    mode = names.mode.within(whole=not any(map(_may_gap, field.plan.fields)))
    make = (_joined if field.joined else _one_after_another)(field.plan, where, names, mode)
    if mode.notices:
        make += noticing.of_unique(next((source.unique for source in field.plan.sources if source.unique), ""), names)
    make = _or_gap(make, field)
    if not before:
        return make
    if mode.notices:  # which items are equal is no matter
        return [*before, *make]
    if names.mode.whole:
        return [*before, "b = v", *make, "if b or len(v) > 1: v = tuple(dict.fromkeys((*b, *v))) if v else b"]
    apart = ["if v.__class__ is gap: y = same_gap(y, v); v = v.rest or ()"]
    with_gaps = f"if noted.gap: v = {names.new('distinct', _distinct_despite_gaps)}(b, v)"
    together = [with_gaps, "elif b or len(v) > 1: v = tuple(dict.fromkeys((*b, *v))) if v else b"]
    lines = ["y = None", *before, *apart, "b = v", *make, *apart, *together]
    return [*lines, "if y is not None: v = with_rest(y, v); noted.gap = True"]


def _distinct_despite_gaps(before: tuple[Any, ...], items: Iterable[Any]) -> tuple[Any, ...]:
    """Return items after those before them, each once; gaps make no difference between two."""
    kept, known = list(before), set(before)
    for item in items:
        plain = _without_gaps(item)
        if plain not in known:
            known.add(plain)
            kept.append(item)
    return tuple(kept)


def _without_gaps(value: Any, default: Any = None) -> Any:
    """Return a value with what its gaps leave in their place: the rest, or else the default."""
    cls: Any = value.__class__
    if cls is Gap:
        return default if value.rest is None else _without_gaps(value.rest)
    if cls is tuple:
        return tuple([_without_gaps(one) for one in value])
    if not is_record(cls):
        return value
    return build(cls, {name: _without_gaps(getattr(value, name), nothing) for name, nothing in defaults(cls).items()})


def _take_despite_gaps(plain: Items, found: list[Any], item: Any, source: ItemSource) -> None:
    """Add an item to a list and, without its gaps, to the `plain` list by which items are compared.

    Raises NoValue where an item would complete another one and one of them has a gap.
    """
    place = plain.take(_without_gaps(item) if NOTED.gap else item, source)
    if place == len(found):
        found.append(item)
    elif place is not None and item != found[place]:
        if NOTED.gap:
            _check_whole((item, found[place]))
        found[place] = plain[place]


def _check_whole(item: Any) -> None:
    """Raise NoValue for an item, or a tuple of items, with a gap."""
    if item.__class__ is Gap:
        raise NoValue(item.kind)
    cls: Any = item.__class__
    for below in item if cls is tuple else [getattr(item, name) for name in defaults(cls)] if is_record(cls) else ():
        _check_whole(below)


def _one_after_another(plan: RecordPlan, where: Where, names: Names, mode: Mode) -> Lines:
    """Return the statements that make items source after source; each source fills from its own readings only."""
    sources = [(index, source) for index, source in enumerate(plan.sources) if _sees(where, source.parent)]
    fills = [_later(plan, index, source.constants, mode) for index, source in sources]
    elements = [_elements(source, where, names) for _, source in sources]
    if any(source.once or source.merge for _, source in sources):
        lists = ", ".join(comprehension(*found) for found in elements)
        distinct = names.new("f", _distinct([source for _, source in sources], fills))
        conditions = [is_there(*found) for found in elements]
        if None in conditions:
            return [f"v = {distinct}(({lists},))"]
        some = " or ".join(dict.fromkeys(filter(None, conditions)))
        return ["v = ()", f"if {some}: v = {distinct}(({lists},))"]
    if len(sources) == 1 and not elements[0][0]:
        alone = (
            "v = () if v is None else (v,)"
            if mode.whole
            else "v = () if v is None else v if v.__class__ is gap else (v,)"
        )
        return [f"v = {names.later('f', fills[0])}({elements[0][1]})", alone]
    lines = ["s = []"]
    for fill, (headers, element) in zip(fills, elements, strict=True):
        lines += nested(headers, _filled_and_taken(f"{names.later('f', fill)}({element})", names, mode))
    return [*lines, "v = tuple(s)"]


def _filled_and_taken(call: str, names: Names, mode: Mode) -> Lines:
    """Return the statements that fill an item and add it to a list."""
    lines = [f"v = {call}", *_take(mode.whole)]
    return noticing.of_item(lines) if mode.notices and names.mode.path is not None else lines


def _take(whole: bool) -> Lines:
    """Return the statements that add an item to a list; a gap instead of one is set aside."""
    if whole:
        return ["if v is not None: s.append(v)"]
    return ["if v.__class__ is gap: z = same_gap(z, v)", "elif v is not None: s.append(v)"]


def _later(plan: RecordPlan, where: Where, constants: Mapping[str, Any], mode: Mode) -> Callable[[], Fill]:
    """Return a factory of the function that fills an item of a list; an empty item is None."""
    return partial(_record, plan, where, constants, None, mode)


def _distinct(sources: list[ItemSource], makers: list[Callable[[], Fill]]) -> Fill:
    """Return the function that makes items of the elements of each source; see `ItemSource` for `once` and `merge`."""
    fills = Later(makers)

    def distinct(elements: tuple[list[Any], ...]) -> tuple[Any, ...] | Gap:
        made, found = Items(), list[Any]()
        gap: Gap | None = None
        for index, group in enumerate(elements):
            for item in map(fills[index], group):
                if item.__class__ is Gap:
                    gap = same_gap(gap, item)
                elif found and item is not None:
                    _take_despite_gaps(made, found, item, sources[index])
                elif item is not None:
                    made.append(_without_gaps(item) if NOTED.gap else item)
                    found.append(item)
        return tuple(found) if gap is None else with_rest(gap, tuple(found))

    return distinct


def _elements(source: ItemSource, where: Where, names: Names) -> tuple[Lines, str]:
    """Return the loops over the elements from which a source opens items, in order, and the name of one."""
    headers, node = _from(source.parent, where)
    inner, element = loops(node, source.path, names, opened=source.parent_opened)
    headers = headers + inner
    if source.need is not None:
        headers = [*headers, f"if {_stated(source.need, element, source.opened, names)}:"]
    if source.test is not None:
        arguments = ", ".join(_values(path, element, source.opened, names) for path in source.test.paths)
        headers = [*headers, f"if {names.new('holds', source.test.function)}({arguments}):"]
    if source.order is not None:
        order = names.new("order", partial(ordered, first=one(source.order, opened=source.opened)))
        headers, element = [f"for p in {order}({comprehension(headers, element)}):"], "p"
    return headers, element


def _values(path: Path, node: str, opened: bool, names: Names) -> str:
    """Return the expression for the list of the values at a path below a node."""
    headers, leaf = loops(node, path, names, opened=opened, leaves=True)
    return comprehension(headers, leaf)


def _stated(path: Path, node: str, opened: bool, names: Names) -> str:
    """Return the condition that there is a value at a path below a node."""
    headers, expression = loops(node, path, names, opened=opened)
    if not headers:
        return f"{expression} not in (None, '')"
    return f"any([value not in (None, '') for value in {names.new('at', gather(path, opened=opened))}({node})])"


def _joined(plan: RecordPlan, where: Where, names: Names, mode: Mode) -> Lines:
    """Return the statements that join the elements with the same key."""
    if plan.sources[-1].lends:
        return _lookup_join(plan, where, names, mode)
    lines, group = ["g = {}"], f"[0{', None' * len(plan.sources)}]"
    for index, source in enumerate(plan.sources):
        if not _sees(where, source.parent):
            continue
        headers, element = _elements(source, where, names)
        opened = [] if source.completes else ["if v is None: v = object()"]
        add = [f"if r[{index + 1}] is None:", f" r[{index + 1}] = {element}", f" r[0] |= {1 << index}"]
        add += ["else:", f" {names.new('add', partial(_add, index + 1, len(plan.sources)))}(r, {element})"]
        adding = [f"if r is None: g[v] = r = {group}", *add]
        if source.completes:
            adding = ["if r is not None:", *indented(add)]
            adding += [f"else: {noticing.REMARK}"] if mode.notices else []
        elif source.copy:
            adding = [f"if r is not None or not {names.new('copy', is_copy)}(v, g):", *indented(adding)]
        body = [*opened, "r = g.get(v)", *adding]
        lines += nested(headers, [*_key(source, element, names), *body])
    fills = names.new("fills", _Fills(plan, mode))
    body = _filled_and_taken(f"{fills}[p[0]](p)", names, mode)
    return [*lines, "s = []", "for p in g.values():", *indented(body), "v = tuple(s)"]


class _Several(list[Any]):
    """The elements of one source that share a key."""


def _add(place: int, count: int, group: list[Any], element: Any) -> None:
    """Add a second element of a source to a group, and mark the group as one of lists."""
    if not isinstance(group[place], _Several):
        group[place] = _Several((group[place],))
    group[place].append(element)
    group[0] |= 1 << count


class _Fills(dict[int, Fill]):
    """Functions that fill an item of joined elements, by the sources present; made when first needed.

    A joined item has the constants of the first source present.
    """

    MOST = 24
    """How many functions for particular sources to make; one function for all sources fills the rest."""

    def __init__(self, plan: RecordPlan, mode: Mode) -> None:
        super().__init__()
        self.plan, self.mode = plan, mode
        self.general: dict[int, Fill] = {}

    def __missing__(self, present: int) -> Fill:
        plan, count = self.plan, len(self.plan.sources)
        where = frozenset(index for index in range(count) if present >> index & 1)
        constants = plan.sources[min(where)].constants
        if present >> count or len(self) >= self.MOST:
            return self.of_lists(min(where))
        with LOCK:
            if present not in self:
                self[present] = _record(plan, where, constants, None, self.mode)
        return self[present]

    def of_lists(self, first: int) -> Fill:
        """Return the function that fills an item from any number of elements, with the constants of source `first`."""
        with LOCK:
            if first not in self.general:
                fill = _record(self.plan, None, self.plan.sources[first].constants, None, self.mode)
                self.general[first] = lambda group: fill(tuple([_listed(part) for part in group[1:]]))
        return self.general[first]


def _listed(part: Any) -> list[Any]:
    """Return the elements of one source in a group as a list."""
    return part if isinstance(part, _Several) else [] if part is None else [part]


def _lookup_join(plan: RecordPlan, where: Where, names: Names, mode: Mode) -> Lines:
    """Return the statements that fill an item from an element and from the elements that its key refers to."""
    lines, groups = ["h = {}", "s = []", "l = {}"], "[], " * len(plan.sources)
    fill = _of_first(plan, names, mode)
    add = _filled_and_taken(f"{fill}(r)", names, mode)
    sources = [(index, source) for index, source in enumerate(plan.sources) if _sees(where, source.parent)]
    for index, source in sorted(sources, key=lambda pair: not pair[1].lends):
        headers, element = _elements(source, where, names)
        body = _key(source, element, names)
        if source.lends:
            body.append(f"if v is not None: h.setdefault(v, {{}}).setdefault({index}, {element})")
            body += [f"l[id({element})] = {index}, {element}"] if source.remains else []
            body += [f"noted.offered.add(id({element}))"] if mode.notices and not source.remains else []
        else:
            body += [f"r = ({groups})", f"r[{index}].append({element})"]
            asked = "; noted.asked.add(id(w))" if mode.notices else ""
            body += ["if v in h:", f" for q, w in h[v].items(): r[q].append(w); l.pop(id(w), None){asked}"]
            body += [f"elif v is not None: {noticing.REMARK}"] if mode.notices else []
            body += add
        lines += nested(headers, body)
    left = ["for q, w in l.values():", *indented([f"r = ({groups})", "r[q].append(w)", *add])]
    return [*lines, *(left if any(source.remains for _, source in sources) else []), "v = tuple(s)"]


def _key(source: ItemSource, element: str, names: Names) -> Lines:
    """Return the statements that leave the key of an element in `v`, in the form in which keys are compared."""
    parts = [_key_part(source, path, element, names) for path in source.key]
    if len(parts) < 2:
        return [f"v = {parts[0] if parts else None}"]
    return [f"v = ({', '.join(parts)})", f"if v == {names.new('e', (None,) * len(parts))}: v = None"]


def _key_part(source: ItemSource, path: Path, element: str, names: Names) -> str:
    """Return the expression for a part of the key; most are strings, compared as they are."""
    key = _alone(element, path, source.opened, names)
    known = Known(partial(key_of, lookup=source.lookup))
    if source.lookup is not None and not source.opened:
        return f"{names.new('k', known)}[{key}]"
    text = "w or None" if source.lookup is None else f"{names.new('k', known)}[w]"
    read = names.new("k", partial(key_of, lookup=source.lookup))
    return f"(({text}) if (w := {key}).__class__ is str else {read}(w))"


def _of_first(plan: RecordPlan, names: Names, mode: Mode) -> str:
    """Return the name of the function that fills a joined record, with the constants of the first source it has."""
    constants = [source.constants for source in plan.sources]
    makers = [_later(plan, None, fixed, mode) for fixed in constants]
    firsts = [constants.index(fixed) for fixed in constants]
    if not any(firsts):
        return names.later("f", makers[0])
    fills = Later(makers)
    return names.new("f", lambda group: fills[firsts[next(index for index, part in enumerate(group) if part)]](group))

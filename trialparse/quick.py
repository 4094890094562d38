"""The quick run: a plan compiled to closures over structs, without places and records, for sources without surprise.

Anything unusual (a code that no row knows, a word that says why there is no value, a shape that does not fit) ends it
by an exception; the traced run then reads the whole document and tells what is the matter.
The filling function of each record class is generated, as attrs generates a constructor: one line a field.
"""

from collections.abc import Callable, Iterable, Mapping
from operator import attrgetter
from typing import Any

from trialparse.building import defaults, required, twin
from trialparse.convert import Unread
from trialparse.diagnostics import Problem
from trialparse.openers import OPENERS
from trialparse.paths import Path
from trialparse.plan import (
    Derived,
    Field,
    ItemsField,
    Reading,
    RecordField,
    RecordPlan,
    Source,
    ValueField,
    key_of,
    merging,
    order_of,
)
from trialparse.records import attribute_name

Fill = Callable[[Any], Any]
Gather = Callable[[Any], Iterable[Any]]


def compile_plan(plan: RecordPlan) -> Fill:
    """Return the function that makes the root record from a source record's struct."""
    return _record(plan, 0, {}, keep_empty=True)


Where = int | None
"""What a node is: an element of the source of this index, or (None) the elements of all sources, joined."""


def _record(plan: RecordPlan, where: Where, constants: Mapping[str, Any], *, keep_empty: bool) -> Fill:
    """Generate the function that fills one record class from a node `n`."""
    names: dict[str, Any] = {"twin": twin(plan.cls), "record": plan.cls, "new": object.__new__}
    lines = ["def fill(n):", " o = new(twin)"]
    empty = []
    fields = {field.name: field for field in plan.fields if field.name not in constants}
    for name, default in defaults(plan.cls).items():
        names[f"e_{name}"] = default
        statements = _statements(fields[name], where, names) if name in fields else []
        if statements:
            lines += [f" {statement}" for statement in statements] + [f" o.{name} = v"]
            empty.append(f"o.{name} == e_{name}")
        else:
            names[f"d_{name}"] = _constant(fields.get(name), constants.get(name, default))
            lines.append(f" o.{name} = d_{name}")
    if not keep_empty:
        lines.append(f" if {' and '.join(empty) or 'True'}: return None")
        lines += [f" if o.{name} is None: return None" for name in required(plan.cls)]
    lines += [" o.__class__ = record", " return o"]
    exec("\n".join(lines), names)  # noqa: S102  the text above is made of field names of our own classes only
    fill: Fill = names["fill"]
    return fill


def _constant(field: Field | None, otherwise: Any) -> Any:
    return field.constant if isinstance(field, ValueField) and field.constant is not None else otherwise


def _statements(field: Field, where: Where, names: dict[str, Any]) -> list[str]:
    """Return the statements that leave the field's value in `v`; none where nothing is read from this node."""
    name = field.name
    if isinstance(field, RecordField):
        names[f"f_{name}"] = _record(field.plan, where, {}, keep_empty=True)
        return [f"v = f_{name}(n)"]
    if isinstance(field, ItemsField):
        names[f"f_{name}"] = _items(field, where)
        return [f"v = f_{name}(n)"]
    if field.derived is None and field.container == "one":
        statements = _inline(field, where, names)
        if statements is not None:
            return statements
    value = _value(field, where)
    if value is None:
        return []
    names[f"f_{name}"] = value
    return [f"v = f_{name}(n)"]


def _inline(field: ValueField, where: Where, names: dict[str, Any]) -> list[str] | None:
    """Return the statements for a field of one value whose verbs take attributes of the node; None for any other."""
    statements: list[str] = []
    for index, reading in enumerate(field.readings):
        if where not in (None, reading.source):
            continue
        steps = (*reading.path, *(reading.side or ()))
        if reading.several or (reading.opened and steps) or any(step.many or step.opener for step in steps):
            return None
        call = _call(reading, f"{index}_{field.name}", names)
        if where is None:
            lines = [f"for e in n[{reading.source}]:", *(f" {line}" for line in call("e"))]
            lines.append(" if v is not None: break")
            lines = lines if statements else ["v = None", *lines]
        else:
            lines = call("n")
        statements += _guarded(lines, bool(statements))
    return statements


def _guarded(lines: list[str], after: bool) -> list[str]:
    """Return statements that only run where nothing has been found before them."""
    return ["if v is None:", *(f" {line}" for line in lines)] if after else lines


def _call(reading: Reading, name: str, names: dict[str, Any]) -> Callable[[str], list[str]]:
    """Return the function that gives the statements which leave a node's value, converted, in `v`."""
    verb = reading.verb
    if reading.side is not None:
        names[f"c{name}"] = verb.convert
        side = reading.path[:-1] + reading.side
        return lambda node: [f"v = c{name}({_chain(node, reading.path)}, {_chain(node, side)})"]
    if verb.known is not None:
        names[f"k{name}"] = verb.known
        return lambda node: [f"v = k{name}[{_chain(node, reading.path)}]"]
    names[f"c{name}"] = verb.convert
    if verb.blank is not None:
        names[f"b{name}"] = verb.blank
        return lambda node: [
            f"v = {_chain(node, reading.path)}",
            f"if v.__class__ is str: v = None if (v := v.strip()) in b{name} else v",
            f"elif v is not None: v = c{name}(v)",
        ]
    return lambda node: [f"v = c{name}({_chain(node, reading.path)})"]


def _chain(node: str, path: Path) -> str:
    return ".".join([node, *(attribute_name(step.key) for step in path)])


def _value(field: ValueField, where: Where) -> Fill | None:
    """Return the function for a field of plain values; None where it reads nothing from this node."""
    if field.derived is not None:
        return _derived(field.derived, where) if where in (None, field.derived.source) else None
    reads = [_reading(reading, where) for reading in field.readings if where in (None, reading.source)]
    if not reads:
        return None
    if field.container == "one":
        return _first(reads)
    read = reads[0] if len(reads) == 1 else _chained(reads)
    if field.container == "sum":
        return lambda n: sum(found) if (found := list(read(n))) else None
    if field.container == "set":
        return lambda n: frozenset(read(n))
    return lambda n: tuple(dict.fromkeys(read(n)))


def _first(reads: list[Gather]) -> Fill:
    def first(n: Any) -> Any:
        for read in reads:
            for value in read(n):
                return value
        return None

    return first


def _chained(reads: list[Gather]) -> Gather:
    return lambda n: [value for read in reads for value in read(n)]


def _derived(derived: Derived, where: Where) -> Fill:
    gathers = [_from(derived.source, _scalars(path, derived.opened), where) for path in derived.paths]
    function = derived.function
    return lambda n: function(*[list(values(n)) for values in gathers])


def _from(source: int, below: Gather, where: Where) -> Gather:
    """Return `below` for a node, or for each element of one source of a join."""
    if where is not None:
        return below
    return lambda n: [value for element in n[source] for value in below(element)]


def _reading(reading: Reading, where: Where) -> Gather:
    """Return the function that gives the values, converted, of one reading."""
    convert = reading.verb.convert
    if reading.side is not None:
        return _with_side(reading, where)
    raws = _from(reading.source, _scalars(reading.path, reading.opened), where)
    if reading.several:
        return lambda n: [value for raw in raws(n) for value in convert(raw) or ()]
    return lambda n: [value for raw in raws(n) if (value := convert(raw)) is not None]


def _with_side(reading: Reading, where: Where) -> Gather:
    """Return the function for a reading that takes a second value from beside the first."""
    convert, side = reading.verb.convert, reading.side or ()
    last = reading.path[-1:]
    opened = reading.opened or any(step.opener for step in reading.path[:-1])
    parents = _from(reading.source, gather(reading.path[:-1], reading.opened), where)
    if opened or any(step.many or step.opener for step in (*last, *side)):
        main, beside = _one(_scalars(last, opened)), _one(_scalars(side, opened))
    else:
        main, beside = _attribute(last), _attribute(side)
    return lambda n: [v for parent in parents(n) if (v := convert(main(parent), beside(parent))) is not None]


def _one(values: Gather) -> Fill:
    return lambda n: next(iter(values(n)), None)


def _attribute(path: Path) -> Fill:
    return attrgetter(".".join(attribute_name(step.key) for step in path))


def _scalars(path: Path, opened: bool) -> Gather:
    """Return `gather` for leaves; a tree that an opener made may have objects there, which no verb reads."""
    values = gather(path, opened)
    if not opened and not any(step.opener for step in path):
        return values

    def scalars(n: Any) -> list[Any]:
        found = []
        for value in values(n):
            if not isinstance(value, dict | list):
                found.append(value)
            elif value:
                raise Unread(Problem.WRONG_TYPE)
        return found

    return scalars


def gather(path: Path, opened: bool = False) -> Gather:
    """Return the function that gives all values at a path below a struct, or below a tree that an opener made."""
    if opened:
        return lambda n: in_tree(n, "", path)
    for index, step in enumerate(path):
        if step.opener:
            return _behind_opener(path[:index], path[index:])
        if step.many:
            return _through_many(path[: index + 1], path[index + 1 :])
    if not path:
        return lambda n: (n,)
    get = _attribute(path)
    return lambda n: (get(n),)


def _through_many(path: Path, rest: Path) -> Gather:
    get = _attribute(path)
    many = path[-1].many
    if many == "{}":
        elements: Gather = lambda n: (get(n) or {}).values()  # noqa: E731
    elif many == "[?]":

        def elements(n: Any) -> Iterable[Any]:
            value = get(n)
            return value if isinstance(value, list | tuple) else (value,)

    else:
        elements = get
    if not rest:
        return elements
    below = gather(rest)
    return lambda n: [value for element in elements(n) for value in below(element)]


def _behind_opener(before: Path, rest: Path) -> Gather:
    leaves = gather(before)
    opener, many, steps = OPENERS[rest[0].key], rest[0].many, rest[1:]

    def opened(n: Any) -> list[Any]:
        found = []
        for leaf in leaves(n):
            if isinstance(leaf, str) and leaf.strip():
                found.extend(in_tree(opener(leaf), many, steps))
        return found

    return opened


def in_tree(value: Any, many: str, rest: Path) -> list[Any]:
    """Return all values below `value`, a plain tree made by an opener."""
    values = [value]
    if many == "[]":
        values = list(value) if isinstance(value, list) else [value]
    elif many == "{}":
        values = list(value.values()) if isinstance(value, dict) else [value]
    for index, step in enumerate(rest):
        if step.opener:
            opener, after = OPENERS[step.key], rest[index + 1 :]
            texts = [text for text in values if isinstance(text, str) and text.strip()]
            return [found for text in texts for found in in_tree(opener(text), step.many, after)]
        nexts = [node.get(step.key) for node in values if isinstance(node, dict)]
        values = []
        for node in nexts:
            if step.many and isinstance(node, list):
                values.extend(node)
            elif node is not None:
                values.append(node)
    return values


def _items(field: ItemsField, where: Where) -> Fill:
    """Return the function for a list of records."""
    before = _value(field.values, where) if field.values is not None else None
    make = _join(field.plan, where) if field.joined else _concatenation(field.plan, where)
    if before is None:
        return make
    return lambda n: tuple(dict.fromkeys((*before(n), *make(n))))


def _concatenation(plan: RecordPlan, where: Where) -> Fill:
    """Return the function that makes items source after source; each source fills from its own readings only."""
    pairs = [
        (_record(plan, index, source.constants, keep_empty=False), _elements(source, where))
        for index, source in enumerate(plan.sources)
        if where in (None, source.parent)
    ]
    if any(source.once or source.merge for source in plan.sources):
        return lambda n: _once(plan, [(fill, list(elements(n))) for fill, elements in pairs], where)
    if len(pairs) == 1:
        fill, elements = pairs[0]
        return lambda n: tuple([item for element in elements(n) if (item := fill(element)) is not None])
    return lambda n: tuple(
        [item for fill, elements in pairs for element in elements(n) if (item := fill(element)) is not None]
    )


def _once(plan: RecordPlan, pairs: list[tuple[Fill, list[Any]]], where: Where) -> tuple[Any, ...]:
    """Return items source after source; see `Source` for what `once` and `merge` do."""
    sources = [source for source in plan.sources if where in (None, source.parent)]
    made: list[Any] = []
    for source, (fill, elements) in zip(sources, pairs, strict=True):
        for element in elements:
            item = fill(element)
            if item is None or (source.once and item in made):
                continue
            place, whole = merging(made, item, source) if source.merge else (len(made), item)
            made[place : place + 1] = [whole]
    return tuple(made)


def _elements(source: Source, where: Where) -> Gather:
    """Return the function that gives the elements from which a source opens items, in order."""
    raws = _from(source.parent, gather(source.path, source.parent_opened), where)
    need = gather(source.need, source.opened) if source.need is not None else None
    order = gather(source.order, source.opened) if source.order is not None else None
    if need is None and order is None:
        return raws

    def elements(n: Any) -> Iterable[Any]:
        found = raws(n)
        if need is not None:
            found = [element for element in found if any(value not in (None, "") for value in need(element))]
        if order is not None:
            found = sorted(found, key=lambda element: order_of(next(iter(order(element)), None)))
        return found

    return elements


def _join(plan: RecordPlan, where: Where) -> Fill:
    """Return the function that brings together the elements with the same key.

    The constants of a joined item are those of the first source that has an element of it.
    """
    empty: Gather = lambda n: ()  # noqa: E731
    elements = [_elements(source, where) if where in (None, source.parent) else empty for source in plan.sources]
    keys = [gather(source.key, source.opened) if source.key is not None else empty for source in plan.sources]
    made: dict[tuple[tuple[str, Any], ...], Fill] = {}
    for source in plan.sources:
        if tuple(source.constants.items()) not in made:
            made[tuple(source.constants.items())] = _record(plan, None, source.constants, keep_empty=False)
    fills = [made[tuple(source.constants.items())] for source in plan.sources]

    def join(n: Any) -> tuple[Any, ...]:
        groups: dict[Any, tuple[list[Any], ...]] = {}
        for index, source in enumerate(plan.sources):
            for element in elements[index](n):
                key = key_of(next(iter(keys[index](element)), None), source.lookup)
                group = groups.setdefault(object() if key is None else key, tuple([] for _ in plan.sources))
                group[index].append(element)
        items = [fills[next(i for i, part in enumerate(group) if part)](group) for group in groups.values()]
        return tuple([item for item in items if item is not None])

    return join

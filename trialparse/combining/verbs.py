"""The verbs of the rules: from the values of a field in the records to its value in the trial, with its origins."""

import itertools
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import reduce
from typing import Any, NamedTuple, TypeAlias

from trialparse.combining.events import joined, matched
from trialparse.combining.parts import Statement, number_of
from trialparse.combining.products import filled, folded, is_same, signs_of
from trialparse.mapping.format import LISTING
from trialparse.model.agreeing import agreed, completed
from trialparse.model.building import changed, is_record
from trialparse.model.values import Duration, PartialDate
from trialparse.vocabulary import Term

Origin: TypeAlias = tuple[int, str]
"""The index of a record, and a path in its trial."""

LOOK_BACK = 200
"""How many elements of one name are tried for an element that could complete them."""


class Verdict(NamedTuple):
    """The decision of a rule on the values of the records."""

    value: Any
    """The value; None if the records do not agree."""
    origins: dict[str, list[Origin]]
    """The origins of the value; for a list also those of each element, below `[0]` and so on."""
    agreed: bool = True
    """Whether the rule could decide."""
    overruled: bool = False
    """Whether a record of results overruled others."""
    by: str = ""
    """The verb that decided, if it is not that of the rule."""


Statements: TypeAlias = Sequence[Statement]
"""The statements of one field in the order of the records; at least one."""

Verb: TypeAlias = Callable[[Statements, tuple[str, ...]], Verdict]


def _whole(statements: Iterable[Statement]) -> dict[str, list[Origin]]:
    return {"": list(dict.fromkeys((one.part.index, one.field) for one in statements))}


def _value(value: Any, statements: Statements) -> Verdict:
    """Return a value, completed by those that agree, with its origins."""
    value = reduce(lambda whole, one: agreed(whole, one.value) or whole, statements, value)
    return Verdict(value, _whole(one for one in statements if same(one.value, value)))


def all_agree(statements: Statements, argument: tuple[str, ...] = ()) -> Verdict:
    """Take the value that all records share, else none."""
    if any(differing(statements)):
        return Verdict(None, _whole(statements), agreed=False)
    return _value(statements[0].value, statements)


def number(statements: Statements, argument: tuple[str, ...] = ()) -> Verdict:
    """Take the number that all records share, else the number without its ending."""
    verdict = all_agree(statements)
    return verdict if verdict.agreed else Verdict(number_of(statements[0].part.trial), _whole(statements))


def first(statements: Statements, argument: tuple[str, ...] = ()) -> Verdict:
    """Take the value of the first record that has one."""
    return _value(statements[0].value, statements)


def last(statements: Statements, argument: tuple[str, ...] = ()) -> Verdict:
    """Take the value of the last record that has one."""
    return _value(statements[-1].value, statements)


def any_(statements: Statements, argument: tuple[str, ...] = ()) -> Verdict:
    """Take yes if one record has it."""
    return _value(any(one.value for one in statements), statements)


def every(statements: Statements, argument: tuple[str, ...] = ()) -> Verdict:
    """Take yes, or a member of a set, only if every record with a value has it."""
    if isinstance(statements[0].value, frozenset):
        return Verdict(frozenset.intersection(*(one.value for one in statements)), _whole(statements))
    return _value(all(one.value for one in statements), statements)


def lowest_of_every(statements: Statements, argument: tuple[str, ...] = ()) -> Verdict:
    """Take the first member, in the order of its vocabulary, that every record has in its set."""
    shared = every(statements).value
    in_order = [term for term in type(next(iter(statements[0].value))) if term in shared]
    return Verdict(frozenset(in_order[:1]), _whole(statements))


def precedence(statements: Statements, argument: tuple[str, ...]) -> Verdict:
    """Take the first term of the argument that any record has; if no record has one of them, all must agree.

    With `else` and a verb at the end, that verb decides instead.
    """
    *names, verb = argument if argument[-2:-1] == ("else",) else (*argument, "all_agree")
    there = {one.value.name: one.value for one in statements if isinstance(one.value, Term)}
    found = next((there[name] for name in names if name in there), None)
    return VERBS[verb](statements, ()) if found is None else _value(found, statements)


def earliest(statements: Statements, argument: tuple[str, ...] = ()) -> Verdict:
    """Take the first date; of dates that may be the same, the more precise one."""
    return _value(min(one.value for one in statements), statements)


def latest(statements: Statements, argument: tuple[str, ...] = ()) -> Verdict:
    """Take the last date; of dates that may be the same, the more precise one."""
    return _value(max((one.value for one in statements), key=by_last_day), statements)


def by_last_day(date: PartialDate) -> tuple[Any, ...]:
    """Order dates by the last day that they can be, where their own order is by the first one."""
    return date.latest(), date.earliest(), date.estimated is not None, not date.estimated


def minimum(statements: Statements, argument: tuple[str, ...] = ()) -> Verdict:
    """Take the smallest number, or the shortest time; times of unknown length must agree."""
    return _extreme(statements, min)


def maximum(statements: Statements, argument: tuple[str, ...] = ()) -> Verdict:
    """Take the largest number, or the longest time; times of unknown length must agree."""
    return _extreme(statements, max)


def _extreme(statements: Statements, choose: Callable[..., Any]) -> Verdict:
    sizes = [one.value.days if isinstance(one.value, Duration) else one.value for one in statements]
    if None in sizes:
        return all_agree(statements)
    return _value(choose(zip(sizes, statements, strict=True), key=lambda pair: pair[0])[1].value, statements)


def smallest(statements: Statements, argument: tuple[str, ...] = ()) -> Verdict:
    """Take the text that sorts first, cut to the number of characters in the argument."""
    text = min(one.value for one in statements)
    verdict = _value(text, statements)
    return verdict._replace(value=text[: int(argument[0])]) if argument else verdict


def union(statements: Statements, argument: tuple[str, ...] = ()) -> Verdict:
    """Take the members of all sets, or the elements of all lists; equal elements of two records become one."""
    if isinstance(statements[0].value, frozenset):
        return Verdict(frozenset().union(*(one.value for one in statements)), _whole(statements))
    return merge(statements, ())


def merge(statements: Statements, argument: tuple[str, ...]) -> Verdict:
    """Take the elements of all lists; elements of two records become one if they are equal or complete each other.

    They complete each other if they share a field of the argument, ignoring case, and contradict each other in no
    other field.
    Fields after `but` are not compared: the first record with a value gives it. Lists in fields after `with`
    are joined, and fields after `any` are yes if one record has yes.
    """
    return _gathered(_Pool(**_parted(argument)), statements)


def products(statements: Statements, argument: tuple[str, ...]) -> Verdict:
    """Take the products of all lists; those of two records become one as `merge` does it, and if they are the same.

    They are the same if their code, form, strength and orphan number agree; without codes the name counts, without a
    name the substances. Case is no difference. Where two records differ, the first one counts.
    """
    return _gathered(_ProductPool(**_parted(argument)), statements)


def events(statements: Statements, argument: tuple[str, ...] = ()) -> Verdict:
    """Take the events of all lists; those of two records become one if their kind, day and application are one.

    One application is also one that a record names, such as `SM-1`, and another only by its kind, or not at all.
    The event has the values of all records; of two texts the first counts. Contradictions make two events.
    """
    items, origins = list[Any](), list[list[Origin]]()
    for one in statements:
        there = matched(items, one.value)
        for number, item in enumerate(one.value):
            index = there.get(number, len(items))
            if index == len(items):
                items.append(item)
                origins.append([])
            else:
                items[index] = joined(items[index], item)
            origins[index].append((one.part.index, f"{one.field}[{number}]"))
    return Verdict(tuple(items), _whole(statements) | {f"[{index}]": found for index, found in enumerate(origins)})


def _gathered(pool: "_Pool", statements: Statements) -> Verdict:
    """Return the elements of a pool from all lists."""
    for one in statements:
        pool.add(one)
    elements = {f"[{index}]": origins for index, origins in enumerate(pool.origins)}
    return Verdict(tuple(pool.items), _whole(statements) | elements)


def _parted(argument: tuple[str, ...]) -> dict[str, list[str]]:
    """Return the fields of an argument by their treatment: those in front, and those after each word."""
    parts: dict[str, list[str]] = {"keys": [], "aside": [], "joined": [], "boxes": []}
    part = "keys"
    for word in argument:
        if word in _WORDS:
            part = _WORDS[word]
        else:
            parts[part].append(word)
    return parts


_WORDS = {"but": "aside", "with": "joined", "any": "boxes"}
"""The words of an argument of `merge`, and the treatment of the fields after them."""


class _Pool:
    """The elements of several lists, gathered record by record; two elements of one record never become one."""

    def __init__(self, keys: list[str], aside: list[str], joined: list[str], boxes: list[str]) -> None:
        self.keys = keys
        self.aside = dict.fromkeys(aside)
        self.joined: dict[str, tuple[Any, ...]] = dict.fromkeys(joined, ())
        self.boxes = dict.fromkeys(boxes)
        self.items: list[Any] = []
        self.cores: list[Any] = []
        """The elements without the fields left aside, joined or ticked: the part that must not contradict."""
        self.origins: list[list[Origin]] = []
        self._equal: dict[Any, dict[int, None]] = {}
        self._known: dict[tuple[str, Any], dict[int, None]] = {}

    def add(self, one: Statement) -> None:
        """Add the elements of a record."""
        taken: set[int] = set()
        for number, item in enumerate(one.value):
            index = next((n for n in self._equal.get(self._form(item), ()) if n not in taken), None)
            if index is None:
                index = self._completed(item, taken)
            if index is None:
                index = len(self.items)
                self.origins.append([])
                self.items.append(item)
                self.cores.append(self._core(item))
                self._note(index)
            else:
                self._fill(index, item)
            taken.add(index)
            self.origins[index].append((one.part.index, f"{one.field}[{number}]"))

    def _fill(self, index: int, item: Any) -> None:
        """Fill the empty ones among the fields left aside."""
        there = self.items[index]
        found = {name: getattr(item, name) for name in self.aside if getattr(there, name) is None}
        if any(value is not None for value in found.values()):
            self.items[index] = _with(there, found)

    def _completed(self, item: Any, taken: set[int]) -> int | None:
        """Complete an element of an earlier record, if there is one, and return its index."""
        core, signs = self._core(item), dict(self._signs(item))
        found = (n for sign in signs.items() for n in self._known.get(sign, ()))
        for index in itertools.islice(found, LOOK_BACK):
            whole = None if index in taken else self._whole(self.cores[index], core, signs)
            if whole is not None:
                there = self.items[index]
                kept = {name: getattr(there, name) for name in self.aside}
                lists = {name: _united(getattr(there, name), getattr(item, name)) for name in self.joined}
                boxes = {name: _ticked(getattr(there, name), getattr(item, name)) for name in self.boxes}
                self.items[index], self.cores[index] = _with(whole, kept | lists | boxes), whole
                self._note(index)
                return index
        return None

    def _whole(self, there: Any, core: Any, signs: dict[str, Any]) -> Any:
        """Return a core completed by another one, with the spelling of the first; None for a contradiction."""
        spelt = {
            key: getattr(there, key)
            for key, sign in signs.items()
            if key in self.keys and getattr(there, key) != getattr(core, key) and _folded(getattr(there, key)) == sign
        }
        return completed(there, _with(core, spelt))

    def _form(self, item: Any) -> Any:
        """Return the form in which elements are equal."""
        return _with(item, self.aside)

    def _core(self, item: Any) -> Any:
        return _with(item, self.aside | self.joined | self.boxes)

    def _note(self, index: int) -> None:
        """Index an element for later look-ups."""
        item = self.items[index]
        self._equal.setdefault(self._form(item), {})[index] = None
        for sign in self._signs(item):
            self._known.setdefault(sign, {})[index] = None

    def _signs(self, item: Any) -> Iterator[tuple[str, Any]]:
        """Give the fields that identify an element, each with its folded value."""
        for key in self.keys:
            value = _folded(getattr(item, key))
            if value not in (None, "", ()):
                yield key, value


class _ProductPool(_Pool):
    """The products of several lists."""

    def _form(self, item: Any) -> Any:
        return folded(super()._form(item))

    def _signs(self, item: Any) -> Iterator[tuple[str, Any]]:
        return signs_of(item)

    def _completed(self, item: Any, taken: set[int]) -> int | None:
        """Fill the same product of an earlier record, if there is one, and return its index; else as for any list."""
        found = (n for sign in self._signs(item) for n in self._known.get(sign, ()))
        for index in itertools.islice(found, LOOK_BACK):
            there = self.items[index]
            if index not in taken and is_same(there, item):
                boxes = {name: _ticked(getattr(there, name), getattr(item, name)) for name in self.boxes}
                self.items[index] = _with(filled(there, item), boxes)
                self.cores[index] = self._core(self.items[index])
                self._note(index)
                return index
        return super()._completed(item, taken)


def _folded(value: Any) -> Any:
    """Return a text for comparison, without differences of case and white space."""
    return " ".join(value.casefold().split()) if isinstance(value, str) else value


def _with(item: Any, values: dict[str, Any]) -> Any:
    """Return an element with other values in some fields."""
    return changed(item, **values) if values else item


def _united(one: tuple[Any, ...], other: tuple[Any, ...]) -> tuple[Any, ...]:
    """Join two lists without repeating elements."""
    return one + tuple(item for item in other if item not in one)


def _ticked(one: bool | None, other: bool | None) -> bool | None:
    """Whether one of two boxes is ticked; None if neither has an answer."""
    return other if one is None else one or bool(other)


def results(statements: Statements, argument: tuple[str, ...]) -> Verdict:
    """Take the value of records of results, by the rule of the argument; without one, that of the other records.

    With `only` and terms separated by `|` in front, results come first only with these terms, and last with others.
    """
    only: list[str] = []
    if argument[0] == "only":
        only, argument = argument[1].split("|"), argument[2:]
    verb, words = VERBS[argument[0]], argument[1:]
    after = [one for one in statements if one.part.results and (not only or one.value.name in only)]
    before = [one for one in statements if not one.part.results]
    verdict = verb(after or before or statements, words)
    if not after:
        return verdict._replace(by=argument[0])
    overruled = bool(before) and not same(verb(before, words).value, verdict.value)
    if not overruled and _is_date(verdict.value):
        return _value(verdict.value, statements)  # protocols may state whether the day has come to pass
    return verdict._replace(overruled=overruled)


def foremost(statements: Statements, argument: tuple[str, ...]) -> Verdict:
    """Take what the rule of the argument takes, with the records of results first, then the latest protocol version."""
    return VERBS[argument[0]](results_first(statements), argument[1:])._replace(by=argument[0])


def results_first(statements: Iterable[Statement]) -> list[Statement]:
    """Return values with those of records of results first."""
    return sorted(statements, key=lambda one: not one.part.results)


def protocols(statements: Statements, argument: tuple[str, ...]) -> Verdict:
    """Take the value of records other than results, by the rule of the argument; without one, that of results."""
    before = [one for one in statements if not one.part.results]
    return VERBS[argument[0]](before or statements, argument[1:])._replace(by=argument[0])


def _is_date(value: Any) -> bool:
    return isinstance(value, PartialDate)


def same(one: Any, other: Any) -> bool:
    """Whether two values are the same; lists in any order, and dates as far as both are stated as planned or actual."""
    if isinstance(one, tuple) and isinstance(other, tuple):
        return Counter(one) == Counter(other)
    return bool(one == other) or agreed(one, other) is not None


def _is_less_detailed(line: Statement, whole: Statement) -> bool:
    """Whether a line of a list has as many elements as a whole record, each with fewer values."""
    if line.part.holds != LISTING or whole.part.holds == LISTING or not isinstance(line.value, tuple):
        return False
    if len(line.value) != len(whole.value):
        return False
    rest = list(whole.value)
    for item in line.value:
        index = next((n for n, there in enumerate(rest[:LOOK_BACK]) if _holds_all(there, item)), None)
        if index is None:
            return False
        del rest[index]
    return True


def _holds_all(there: Any, item: Any) -> bool:
    """Whether an element has every value of another one."""
    cls: Any = type(item)
    return bool(there == item) or (is_record(cls) and completed(there, item) == there)


def differing(statements: Sequence[Statement]) -> Iterator[bool]:
    """Give for each pair that has to be compared whether its values differ."""
    for one in statements[1:]:
        yield not (same(one.value, statements[0].value) or _is_less_detailed(one, statements[0]))
    if any(_is_date(one.value) for one in statements):  # a date without `estimated` agrees with two that differ
        states = {one.value: None for one in statements if _is_date(one.value) and one.value.estimated is not None}
        yield len(states) > 1


VERBS: dict[str, Verb] = {
    "all_agree": all_agree,
    "number": number,
    "first": first,
    "last": last,
    "any": any_,
    "every": every,
    "lowest_of_every": lowest_of_every,
    "precedence": precedence,
    "earliest": earliest,
    "latest": latest,
    "minimum": minimum,
    "maximum": maximum,
    "smallest": smallest,
    "union": union,
    "merge": merge,
    "products": products,
    "events": events,
    "results": results,
    "protocols": protocols,
    "foremost": foremost,
}
"""The verbs of the tables; the documentation lists their docstrings."""

"""Fast reading of a form: from lines to a tree, for a record whose lines are all known and in order."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from trialparse.generated.classes import frozen
from trialparse.prepared import prepared
from trialparse.readers.form import LANGUAGE, LONGEST, Form, Line, joined, label_of
from trialparse.readers.paths import TRANSLATIONS
from trialparse.readers.shapes import Tree


class NotPlain(Exception):
    """The record is not plain enough for the fast reading."""


@frozen(eq=False)
class _Place:
    """An object that holds answers; a form has each only once, so they are compared by identity."""

    block: tuple[str, ...]
    """The lists, from the outermost, whose last item holds it."""
    within: tuple[str, ...]
    """The keys that lead to it from there."""


class _Slot(NamedTuple):
    """Where the answer to a line goes."""

    place: _Place
    """The object for it; a heading has its own."""
    order: int
    key: str
    kind: str
    answer: str
    """The answer, if the whole line is known."""


class _Plan(NamedTuple):
    """The look-up tables of a form."""

    lines: dict[str, _Slot]
    """Whole lines: headings, and answers that are the same in most records."""
    labels: dict[str, _Slot]
    """Labels: the text before a colon."""
    slots: dict[Line, _Slot]
    signs: frozenset[str]
    """First characters of the form's lines; lines of a text mostly begin with others."""
    codes: frozenset[str]
    """The codes of its lines."""
    bare: tuple[str, ...]
    """The labels without a code."""
    alike: frozenset[str]
    """What lines have before a colon that are like those of the form."""


@prepared
def _plan(form: Form) -> _Plan:
    """Return the look-up tables of a form."""
    places: dict[Any, _Place] = {}
    slots = {line: _slot(line, places) for line in form.lines}
    labels = {words: slots[line] for words, line in form.by_words.items()}
    labels |= {f"{words} ": slot for words, slot in labels.items()}
    lines = {
        text: slot._replace(answer=answer)
        for words, slot in labels.items()
        for text, answer in _usual(words, slot, (*form.usual, ""))
    }
    bare = tuple(line.label for line in form.lines if not line.code)
    return _Plan(lines, labels, slots, frozenset(words[0] for words in labels), form.codes, bare, form.alike)


def _usual(words: str, slot: _Slot, answers: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Yield whole lines that are the same in most records, with their answers."""
    if slot.kind == "heading":
        yield from ((words, ""), (f"{words}:", ""))
    elif slot.kind == "numbered":
        for number in map(str, range(1, 10)):
            yield from ((f"{words} {number}", number), (f"{words}: {number}", number))
    else:
        for answer in answers if slot.kind == "answer" else ("",):
            yield from ((f"{words}: {answer}", answer), (f"{words}:{answer}", answer))
            if words.endswith("?"):
                yield f"{words} {answer}", answer


def _slot(line: Line, places: dict[Any, _Place]) -> _Slot:
    """Return where the answer to a line goes."""
    *within, key = line.keys or ("",)
    place = _Place(line.block, tuple(within))
    if line.keys:
        place = places.setdefault((place.block, place.within), place)
    return _Slot(place, line.order, key, line.kind, "")


_NOWHERE = _Place((), ())


def tree_of(form: Form, text: str) -> Tree:
    """Return the tree that `form.filled` makes of a record; raises NotPlain if only `filled` can decide.

    Most lines belong to the same object as the line before; this is the short way through the loop.
    """
    lines, labels, slots, signs, codes, bare, alike = _plan(form)
    if "\r\r" in text or not text.endswith("\n"):
        raise NotPlain
    known = lines.get
    tree: dict[str, Any] = {}
    items: _Items = {}
    objects: dict[_Place, dict[str, Any]] = {}  # those outside lists
    target, place, order, outermost = tree, _NOWHERE, -1, ""
    running: list[str] | None = None  # the lines of the answer that may continue
    ends: list[tuple[dict[str, Any], str, list[str]]] = []  # the texts that may have several lines, and where they go
    lists: list[list[str]] = []  # the answers whose lines are elements of a list
    if "\r" in text:
        text = text.replace("\r\n", "\n")
    for line in text.split("\n"):
        slot = known(line)
        language = None
        if slot is not None:
            there, here, key, kind, answer = slot
        else:
            if line[:1] in signs:
                end = line.find(":", 0, LONGEST)
                slot = labels.get(line[:end]) if end > 0 else None
                if slot is not None:
                    answer = line[end + 1 :]
                elif line.split(None, 1)[0] in codes or line.startswith(bare) or line[2:3].isdecimal():
                    slot, language, answer = _rare(form, labels, slots, line, end)
            if slot is None:
                if running is not None and label_of(line) not in alike:
                    running.append(line)
                elif line and not line.isspace():
                    raise NotPlain
                continue
            there, here, key, kind, _ = slot
        if there is not place or here <= order or language is not None:
            if here <= order and (here < order or language is None) and there.block[:1] != (outermost,):
                raise NotPlain
            if place.block:
                items[place.block][1] = order
            outermost = there.block[0] if there.block else ""
            if kind == "heading":
                if answer.strip():
                    raise NotPlain
                place, order, running = _NOWHERE, here, None
                continue
            if there.block:
                target = _target(tree, items, there, here, None if language is not None else key)
            else:
                target = objects.get(there) or objects.setdefault(there, _object(tree, there))
            place = there
        order = here
        if language is not None:
            translation = {"text": answer.strip(), LANGUAGE: language}
            target.setdefault(key + TRANSLATIONS, []).append(translation)
            running = [answer]
            ends.append((translation, "text", running))
            continue
        if key in target:
            raise NotPlain
        if kind == "lines":
            running = target[key] = [answer]
            lists.append(running)
            continue
        target[key] = answer.strip()
        if kind == "text":
            running = [answer]
            ends.append((target, key, running))
        else:
            running = None
    for target, key, running in ends:
        if len(running) > 1:
            target[key] = joined(running)
    for running in lists:
        running[:] = [part for part in map(str.strip, running) if part]
    return tree


def _rare(
    form: Form, labels: dict[str, _Slot], slots: dict[Line, _Slot], line: str, end: int
) -> tuple[_Slot | None, str | None, str]:
    """Return slot, language and answer of a line that begins like a line of the form; no slot if it is none."""
    tag = line[end - 5 : end] if end > 5 else ""
    if tag.startswith(" (") and tag.endswith(")") and tag[2:4].isalpha() and tag.isascii():
        slot = labels.get(line[: end - 5])
        if slot is not None and slot.kind == "text":
            return slot, tag[2:4], line[end + 1 :]
    if form.with_note(line) is not None:
        raise NotPlain
    found = form.known(line)
    if found is not None:
        return slots[found[0]], found[1], found[2]
    if form.is_like(line):
        raise NotPlain
    return None, None, ""


_Items = dict[tuple[str, ...], list[Any]]
"""The last item of each list, and the position in the form that it has reached."""


def _target(tree: dict[str, Any], items: _Items, place: _Place, order: int, key: str | None) -> dict[str, Any]:
    """Return the object that holds an answer."""
    first = place.within[0] if place.within else key
    return _object(_item(tree, items, place.block, order, None if key is None else first), place)


def _object(target: dict[str, Any], place: _Place) -> dict[str, Any]:
    """Return the object at a place within an item or the record."""
    for step in place.within:
        target = target.setdefault(step, {})
    return target


def _item(tree: dict[str, Any], items: _Items, block: tuple[str, ...], order: int, key: str | None) -> dict[str, Any]:
    """Return the item that an answer belongs to, a new one if the answer goes back in the form.

    An answer at the position that the item has reached belongs to that item if `key` is not in it yet.
    """
    item = items.get(block)
    if item is not None:
        made: dict[str, Any] = item[0]
        if order > item[1] or (order == item[1] and key not in made):
            item[1] = order
            return made
    around = tree
    if len(block) > 1:
        outer = items.get(block[:-1])
        if outer is None:
            around = _item(tree, items, block[:-1], order, None)
        else:
            around = outer[0]
            outer[1] = max(outer[1], order)
    made = {}
    around.setdefault(block[-1], []).append(made)
    for below in [known for known in items if known[: len(block)] == block]:
        del items[below]
    items[block] = [made, order]
    return made

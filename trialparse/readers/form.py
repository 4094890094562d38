"""Forms: records printed as lines, each with a code, a label and an answer."""

import bisect
import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

import attrs

from trialparse.readers import html
from trialparse.readers.cut import Cut, Names, Places
from trialparse.readers.paths import TRANSLATIONS, Keys
from trialparse.readers.shapes import Tree
from trialparse.tsv import TableError, read_lines

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

KINDS = ("heading", "numbered", "answer", "text", "lines", "noted")
"""What a line of a form can be: see `registries/README.md`."""

UNREAD = "unread"
"""The key for lines that are not of the form."""

LANGUAGE = "language"
"""The key of the language of a translation."""

LONGEST = 250
"""How far into a line its label may reach; the longest one has 190 characters."""
_LANGUAGE = re.compile(r"(.*\S)\s*\(\s*([A-Za-z]{2})\s*\)")
_NUMBERED = re.compile(r"[A-Z](?:\.\d{1,3})+\.?(?:\s|$)")
_NO_LETTER = re.compile(r"[^a-z0-9]+")

COLONS = 4
"""How many colons of a line may end its label; no label contains more than one."""


@attrs.frozen(eq=False, kw_only=True)
class Line:
    """A line of a form, as its table has it."""

    code: str
    label: str
    kind: str
    order: int
    """Its position in the form; lines of the same path share it."""
    rank: int = 0
    """Its position among parts that only go forward: that of its outermost list, or its own."""
    block: tuple[str, ...] = ()
    """The lists, from the outermost, whose last item holds its answer."""
    keys: tuple[str, ...] = ()
    """The keys of the answer in the record, or in the item of its innermost list."""
    always: bool = False
    """Whether it is printed without an answer as well."""
    regular: bool = False
    """Whether every known record has it."""
    last: bool = False
    """Whether its block is the last one: a record that was not cut off has it, or another such line."""

    @property
    def words(self) -> str:
        """Code and label as they are printed."""
        return f"{self.code} {self.label}".strip()

    @property
    def names(self) -> Names:
        """The names of the answer in the record."""
        return (*self.block, *self.keys)

    @property
    def runs_on(self) -> bool:
        """Whether an answer can have more lines."""
        return self.kind in ("text", "lines")


@attrs.define(eq=False)
class Answer:
    """The answer to a line of a form, as it is printed in a record."""

    line: Line
    language: str | None
    text: str
    at: int
    """The number of its line in the record."""
    more: list[str] = attrs.field(factory=list)
    """The lines that go on with it."""
    end: int = -1
    """The number of the last of them that is not blank."""
    path: str = ""
    """The XPath of its cell, in a page."""


class Stray(NamedTuple):
    """A line that is none of the form's."""

    text: str
    at: int
    within: bool = False
    """Whether it is also part of a text."""
    path: str = ""
    """The XPath of its cell, in a page."""

    @property
    def end(self) -> int:
        """The number of its last line."""
        return self.at


class Span(NamedTuple):
    """The place of an answer: its first and last line, and its label in the form."""

    start: int
    end: int
    label: str
    path: str


@attrs.frozen(eq=False, slots=False)
class Form:
    """All lines of a form, in their order."""

    lines: tuple[Line, ...]
    by_words: dict[str, Line]
    squeezed: dict[str, Line]
    """The lines by their letters and digits alone: blanks and punctuation differ between exports."""
    codes: frozenset[str]
    noted: dict[str, Line] = attrs.field(factory=dict)
    """Lines with a note between label and colon, by the words of the label."""
    usual: tuple[str, ...] = ()
    """Answers that most lines have."""
    lasts: tuple[Line, ...] = ()
    """The lines whose block is the last one of a record."""

    def known(self, text: str) -> "Known | None":
        """Return line, language and answer of a text; None if it is no line of the form."""
        end = text.find(":", 0, LONGEST)
        for _ in range(COLONS):
            if end <= 0:
                break
            found = self.labelled(text[:end])
            if found is not None:
                return (*found, text[end + 1 :])
            end = text.find(":", end + 1, LONGEST)
        return self._without_colon(text)

    def _without_colon(self, text: str) -> tuple[Line, str | None, str] | None:
        """Return the same for a label without colon: a heading, a question or a numbered block."""
        if len(text) > LONGEST and not text.startswith(self._long):
            return None
        line = self.by_words.get(text.rstrip())  # an indented line is part of a text, with a colon and without one
        if line is not None:
            return line, None, ""
        question, mark, answer = text.partition("? ")
        if mark and (line := self.by_words.get(question + "?")) is not None:
            return line, None, answer
        words, *number = text.rsplit(None, 1) or [""]
        if number and number[0].isdecimal() and len(number[0]) < 7:
            line = self.by_words.get(words)
            if line is not None and line.kind == "numbered":
                return line, None, number[0]
        line = self._squeezed(text)
        return None if line is None or line.kind not in ("heading", "lines") else (line, None, "")

    @cached_property
    def _long(self) -> tuple[str, ...]:
        return tuple(line.words for line in self.lines if len(line.words) > LONGEST)

    def labelled(self, words: str) -> tuple[Line, str | None] | None:
        """Return the line with this code and label, and the language after them."""
        words = words.rstrip()
        line = self.by_words.get(words)
        if line is not None:
            return line, None
        if words.endswith(")"):
            tagged = _LANGUAGE.fullmatch(words)
            if tagged is not None:
                line = self.by_words.get(tagged[1]) or self._squeezed(tagged[1])
                if line is not None and line.kind == "text":
                    return line, tagged[2]
        line = self._squeezed(words)
        return None if line is None else (line, None)

    def with_note(self, text: str) -> tuple[Line, str] | None:
        """Return the line whose label contains a note, and the words of a text after the label."""
        for words, line in self.noted.items():
            if text.startswith(words) and not text[len(words) :].lstrip().startswith(":"):
                return line, text[len(words) :]
        return None

    def _squeezed(self, words: str) -> Line | None:
        """Return the line whose letters and digits these are, if they begin with a code of the form."""
        return self.squeezed.get(squeeze(words)) if self.begins_with_code(words) else None

    def cut(self, tree: Tree, torn: tuple[Names, ...] | None = None) -> "tuple[list[str], Cut] | None":
        """Return what a record lacks, in words and as a cut; None if it has the last block and all regular lines.

        A `torn` record ends within a line, which is that of an answer or of none.
        """
        ends = torn is not None or bool(self.lasts and not any(_has(tree, line) for line in self.lasts))
        lacking = self.lacking(tree)
        if not ends and not lacking:
            return None
        there = [line for line in self.lines if line.kind != "heading" and _has(tree, line)]
        reached = max(there, key=lambda line: (line.rank, line.order), default=None) if ends else None
        place = (reached.rank, reached.order) if reached is not None else (-1, -1)
        holes = [line for line in lacking if not ends or (line.rank, line.order) < place]
        lacks = [f"it lacks {line.words!r}" for line in holes[:1]]
        if ends:
            where = "after" if torn is None else "in the line after"
            lacks.insert(0, f"it ends {where} {reached.words if reached is not None else 'nothing'!r}")
        lost = [line for line in self.lines if line.keys and (line.rank, line.order) > place] if ends else []
        block = reached.block if reached is not None else ()
        return lacks, Cut(
            kept=Places.of(line.names for line in there),
            lost=Places.of(line.names for line in (*holes, *lost)),
            torn=Places.of((*(torn or ()), *((reached.names,) if reached is not None and reached.runs_on else ()))),
            lists=frozenset(block[:depth] for depth in range(1, len(block) + 1)),
        )

    def lacking(self, tree: Tree) -> list[Line]:
        """Return the regular lines outside lists that a record lacks."""
        return [line for line, key in self._single if (tree.get(key) is None if key else not _has(tree, line))]

    @cached_property
    def single(self) -> tuple[Line, ...]:
        """The lines outside lists that every known record has."""
        return tuple(line for line in self.lines if line.regular and line.keys and not line.block)

    @cached_property
    def _single(self) -> tuple[tuple[Line, str], ...]:
        """The same, each with its key in a record; "" for one that is within an object there."""
        return tuple((line, line.keys[0] if len(line.keys) == 1 else "") for line in self.single)

    def printed(self, tree: Tree) -> str:
        """Return a record as text."""
        return "".join(f"{_words(line, language)}{_answer(line, text)}\n" for line, language, text in self.print(tree))

    def print(self, tree: Tree) -> Iterator[tuple[Line, str | None, str]]:
        """Yield the lines of a record in the order of the form, with language and answer.

        Values without a line in the form come before the first answer that they could continue.
        """
        printer = _Printer()
        lines = list(printer.lines(self.lines, tree, 0))
        strays = [
            (Line(code="", label=label, kind="answer", order=0), None, text) for label, text in printer.left(tree, ())
        ]
        first = next((place for place, (line, _, _) in enumerate(lines) if line.runs_on), len(lines))
        yield from (*lines[:first], *strays, *lines[first:])

    def begins_with_code(self, text: str) -> bool:
        """Whether a text begins with one of the form's codes."""
        return text[:1].isalpha() and text.split(None, 1)[0] in self.codes

    def is_like(self, text: str) -> bool:
        """Whether an unknown line looks like a line of the form: code, label, colon; or a label of the form alone."""
        if label_of(text) in self.alike:
            return True
        return 0 < text.find(":", 0, LONGEST) and (self.begins_with_code(text) or self.begins_with_numbers(text))

    @cached_property
    def alike(self) -> frozenset[str]:
        """What lines have before a colon that are answers without their code, or behind blanks.

        Texts contain labels of one word, such as `Safety:`, and headings.
        """
        lines = [line for line in self.lines if line.kind != "heading" and line.code]
        words = [line.label for line in lines if len(line.label.split()) > 1] + [line.words for line in lines]
        return frozenset(map(label_of, words))

    def begins_with_numbers(self, text: str) -> bool:
        """Whether a text begins with a code of numbers, also one that is new to the form: `E.2.1`."""
        return text[1:2] == "." and text[:1] in self.letters and _NUMBERED.match(text) is not None

    def skips(self, line: Line, following: Line) -> bool:
        """Whether a record that goes on with another line lacks a line between the two that every known record has."""
        regular = self.regular
        end = following.order if following.order > line.order else self.ends.get(line.rank, line.order)
        place = bisect.bisect_right(regular, line.order)
        return place < len(regular) and regular[place] < end

    @cached_property
    def letters(self) -> frozenset[str]:
        """The letters with which codes begin."""
        return frozenset(code[0] for code in self.codes)

    @cached_property
    def regular(self) -> tuple[int, ...]:
        """The positions of the lines that every known record has."""
        return tuple(sorted({line.order for line in self.lines if line.regular}))

    @cached_property
    def ends(self) -> dict[int, int]:
        """The position behind the last line of each outermost list, by its rank."""
        return {line.rank: line.order + 1 for line in self.lines if line.block}


def label_of(text: str) -> str:
    """Return what a line has before its first colon."""
    return text.partition(":")[0].strip()


def _has(tree: Tree, line: Line) -> bool:
    """Whether a record has a line; of a line in a list, whether the list's last item has it."""
    node = tree
    if len(line.keys) == 1 and not line.block:
        return node.get(line.keys[0]) is not None
    for name in line.block:
        several = node.get(name) if isinstance(node, dict) else None
        node = several[-1] if isinstance(several, list) and several else None
    for name in line.keys:
        node = node.get(name) if isinstance(node, dict) else None
    return node is not None


def squeeze(words: str) -> str:
    """Return the letters and digits of words, in small letters: blanks and punctuation differ between exports."""
    return _NO_LETTER.sub("", words.lower())


def read_form(file: "Traversable", usual: tuple[str, ...] = ()) -> Form:
    """Read the table of a form: `code  label  path  kind  mark`; `usual` are answers that most of its lines have."""
    lines: list[Line] = []
    orders: dict[str, int] = {}
    lists: dict[str, int] = {}
    for order, (name, cells) in enumerate(read_lines(file)):
        steps = cells["path"].split(".") if cells["path"] else []
        keys = [] if cells["kind"] == "heading" else [steps.pop().removesuffix("[]")]
        while steps and not steps[-1].endswith("[]"):
            keys.insert(0, steps.pop())
        if cells["kind"] not in KINDS or not all(step.endswith("[]") for step in steps):
            raise TableError(f"{name}: {cells['label']!r} has no path or kind of a form")
        marks = cells["mark"].split()
        if "last" in marks and steps:
            raise TableError(f"{name}: {cells['label']!r} is last, so it is in no list")
        if keys:
            order = orders.setdefault(cells["path"], order)
        lines.append(
            Line(
                code=cells["code"],
                label=cells["label"],
                kind=cells["kind"],
                order=order,
                rank=lists.setdefault(steps[0], order) if steps else order,
                block=tuple(step.removesuffix("[]") for step in steps),
                keys=tuple(keys),
                always="always" in marks,
                regular="regular" in marks,
                last="last" in marks,
            )
        )
    noted = {line.words: line for line in lines if line.kind == "noted"}
    plain = [line for line in reversed(lines) if line.kind != "noted"]
    by_words = {line.words: line for line in plain}
    by_words |= {f"{line.code}\t{line.label}": line for line in plain if line.code}
    squeezed = {squeeze(line.words): line for line in plain}
    if noted.keys() - by_words.keys():
        raise TableError(f"{file.name}: a label with a note in it is that of no other line")
    codes = frozenset(line.code.split()[0] for line in lines if line.code)
    lasts = tuple(line for line in lines if line.last)
    return Form(tuple(lines), by_words, squeezed, codes, noted, usual, lasts)


# from a tree to lines -------------------------------------------------------------------------------------------------


def _words(line: Line, language: str | None) -> str:
    return line.words if language is None else f"{line.words} ({language})"


def _answer(line: Line, text: str) -> str:
    """Return an answer with its separator."""
    if line.kind == "heading" or not line.label:
        return text
    return f":\n{text}" if line.kind == "lines" else f": {text}"


@attrs.define(eq=False)
class _Printer:
    """Prints one record, and remembers what has been printed."""

    _printed: set[tuple[int, str]] = attrs.field(factory=set)

    def lines(self, lines: Iterable[Line], tree: Tree, depth: int) -> Iterator[tuple[Line, str | None, str]]:
        """Yield the lines of a record, or of an item of a list within lists."""
        if not isinstance(tree, dict):
            return
        for name, run in itertools.groupby(lines, lambda line: line.block[depth] if line.block[depth:] else None):
            if name is None:
                for line in run:
                    yield from self.line(line, tree)
            elif isinstance(items := tree.get(name), list):
                self._printed.add((id(tree), name))
                several = list(run)
                for item in items:
                    yield from self.item(several, item, depth + 1)

    def item(self, lines: list[Line], item: Tree, depth: int) -> Iterator[tuple[Line, str | None, str]]:
        """Yield the lines of an item; its first line is always there, to begin it."""
        first = next(line for line in lines if len(line.block) == depth and line.kind != "heading")
        if isinstance(item, dict) and first.keys[0] not in item:
            yield first, None, ""
        yield from self.lines(lines, item, depth)

    def line(self, line: Line, tree: Tree) -> Iterator[tuple[Line, str | None, str]]:
        """Yield a line with its answer and the translations of the answer, if there is one."""
        if line.kind == "heading":
            yield line, None, ""
            return
        holder, name = tree, line.keys[-1]
        for key in line.keys[:-1]:
            holder = holder.get(key) if isinstance(holder, dict) else None
        if not isinstance(holder, dict) or (id(holder), name) in self._printed:
            return
        answer = holder.get(name)
        if line.kind == "lines" and isinstance(answer, list):
            self._printed.add((id(holder), name))
            yield line, None, "\n".join(str(part) for part in answer if part is not None)
        elif answer is not None and not isinstance(answer, dict | list):
            self._printed.add((id(holder), name))
            yield line, None, str(answer).strip() if line.runs_on else " ".join(str(answer).split("\n")).strip()
        elif line.always:
            yield line, None, ""
        several = holder.get(name + TRANSLATIONS) if line.kind == "text" else None
        for translation in several if isinstance(several, list) else ():
            if not isinstance(translation, dict):
                continue
            self._printed |= {(id(holder), name + TRANSLATIONS), (id(translation), "text"), (id(translation), LANGUAGE)}
            if translation.get(LANGUAGE) is not None:  # the form has no line for a translation without language
                yield line, str(translation[LANGUAGE]).strip(), str(translation.get("text") or "").strip()

    def left(self, tree: Tree, labels: tuple[str, ...]) -> Iterator[tuple[str, str]]:
        """Yield label and text of each value that no line of the form has printed."""
        if isinstance(tree, dict):
            for key, value in tree.items():
                if (id(tree), key) not in self._printed:
                    yield from self.left(value, () if key == UNREAD or labels == ("lines",) else (*labels, key))
                elif isinstance(value, list):
                    for item in value:
                        yield from self.left(item, (*labels, key)) if isinstance(item, dict) else ()
        elif isinstance(tree, list):
            for value in tree:
                yield from self.left(value, labels)
        elif tree is not None:
            label = ".".join(labels)
            yield (label, str(tree)) if label != "lines" else ("", str(tree))


# from lines to answers ------------------------------------------------------------------------------------------------


Known = tuple[Line, str | None, str]
"""A line of the form, the language of the answer, and the answer."""


def in_order(known: Iterable[Known | None]) -> frozenset[int]:
    """Return the numbers of the lines in the longest sequence that keeps the form's order; of equal ones, the first.

    A form is printed in order: only the items of a list begin again. A line of a text that reads like a line of the
    form drops out of the sequence, because it would exclude many real lines.
    """
    ranks: list[int] = []  # by length of sequence: the lowest last rank, and its line
    ends: list[int] = []
    before: dict[int, int] = {}
    for at, found in enumerate(known):
        if found is None:
            continue
        line, language, _ = found
        again = line.block or language is not None
        place = (bisect.bisect_right if again else bisect.bisect_left)(ranks, line.rank)
        if ranks[place : place + 1] == [line.rank]:
            continue
        before[at] = ends[place - 1] if place else -1
        ranks[place : place + 1], ends[place : place + 1] = [line.rank], [at]
    row, at = set(), ends[-1] if ends else -1
    while at >= 0:
        row.add(at)
        at = before[at]
    return frozenset(row)


@attrs.define(eq=False)
class Sorter:
    """Sorts the lines of one record into answers, lines that go on with one, and strays.

    A line that is not in the order of the form is part of the text around it, even if it reads like a line of the form.
    """

    form: Form
    in_order: frozenset[int]
    """The numbers of the lines that are in the order of the form."""
    answers: list[Answer] = attrs.field(factory=list)
    strays: list[Stray] = attrs.field(factory=list)
    """Lines unknown to the form, including lines of a text that begin with a code of the form."""
    doubts: list[Stray] = attrs.field(factory=list)
    """Lines of a text that read like lines of the form."""
    _order: int = -1
    """The position in the form that the record has reached."""
    _open: Answer | None = None
    """The answer that may continue."""
    _noted: Answer | None = None
    """The answer whose label contains a note, which may continue."""

    def take(self, text: str, known: Known | None, at: int) -> None:
        """Take the next line; `known` is its line of the form, if any."""
        if self._noted is not None:
            if known is None:
                self._noted.more.append(text)
                return
            self.end()
        found = self.form.with_note(text)
        if found is not None and found[0].order > self._order:
            line, rest = found
            self._noted = Answer(line, None, "", at, [rest], at)
            self._order, self._open = line.order, None
            return
        if known is not None:
            answer = Answer(*known, at, end=at)
            if at in self.in_order:
                self.begin(answer)
                return
            if self._open is None:
                self._late(answer)
                return
        self._go_on(text, at, known is not None)

    def end(self) -> None:
        """End the label that contains a note; the answer is after its last colon."""
        noted, self._noted = self._noted, None
        if noted is None:
            return
        note, colon, answer = "\n".join(noted.more).rpartition(":")
        if colon:
            noted.at = noted.end = noted.at + note.count("\n")
            noted.text, noted.more = answer, []
            self.answers.append(noted)
            return
        plain = self.form.by_words[noted.line.words]
        self.answers.append(Answer(plain, None, "", noted.at, end=noted.at))
        for number, line in enumerate(noted.more):
            if line.strip():
                self.strays.append(Stray(line, noted.at + number))

    def phrases(self) -> Iterator[Stray]:
        """Yield the lines of texts that may be labels of the form in other words, and without a code.

        Texts have many lines such as `Cohort 4:`. They are in doubt only where the record lacks a line that every
        known record has between the text and the next answer.
        """
        for answer, following in itertools.pairwise(self.answers):
            if answer.line.kind == "text" and answer.more and self.form.skips(answer.line, following.line):
                for at, text in enumerate(answer.more, start=answer.at + 1):
                    if text[:1].isalpha() and 0 < text.find(":", 0, LONGEST) and not self._is_noted(text):
                        yield Stray(text.strip(), at)

    def _is_noted(self, text: str) -> bool:
        """Whether a line of a text is in doubt already."""
        return self.form.begins_with_numbers(text) or self.form.is_like(text) or self.form.known(text) is not None

    def begin(self, answer: Answer) -> None:
        """Take an answer in the order of the form."""
        line = answer.line
        self._order = line.order
        self._open = answer if line.runs_on else None
        if line.kind != "heading":
            self.answers.append(answer)
        elif answer.text.strip():
            self.strays.append(Stray(f"{line.words}: {answer.text.strip()}", answer.at))

    def _late(self, answer: Answer) -> None:
        """Take an answer that is out of order and not within a text."""
        if answer.line.kind != "heading":
            self.answers.append(answer)

    def _go_on(self, text: str, at: int, doubtful: bool) -> None:
        """Take a line that is not of the form, or not at its place."""
        blank = not text or text.isspace()
        if self._open is not None:
            self._open.more.append(text)
            self._open.end = self._open.end if blank else at
            if doubtful or (self.form.begins_with_numbers(text) and not self.form.is_like(text)):
                self.doubts.append(Stray(text, at))
                return
        if not blank and (self._open is None or self.form.is_like(text)):
            self.strays.append(Stray(text, at, self._open is not None))


# from answers to a tree -----------------------------------------------------------------------------------------------


@attrs.define(eq=False)
class _Item:
    """The last item of a list."""

    tree: dict[str, Any]
    keys: Keys
    order: int
    """The position in the form that it has reached."""


@attrs.define(eq=False)
class Filled:
    """The answers of a record as a tree."""

    form: Form
    tree: dict[str, Any] = attrs.field(factory=dict)
    marks: dict[Keys, Answer | Stray] = attrs.field(factory=dict)
    """Answers and strays by their keys."""
    second: list[tuple[Keys, str]] = attrs.field(factory=list)
    """Second answers to one line, and their keys."""
    doubts: list[tuple[Keys, str]] = attrs.field(factory=list)
    """Lines of a text that read like lines of the form."""
    torn: tuple[Names, ...] | None = None
    """The answer whose line was cut off, if it was one; None if no line was."""
    _items: dict[tuple[str, ...], _Item] = attrs.field(factory=dict)

    def tear(self, answer: Answer) -> None:
        """Put an answer whose last line was cut off into the tree.

        A text goes as far as the cut. Less than that is left out: a part of a word could be read as another one,
        such as a shorter number, or a date without its day.
        """
        names = answer.line.names
        self.torn = (names, (*names[:-1], names[-1] + TRANSLATIONS))
        if answer.line.kind == "text" and len(whole(answer).split()) > 1:
            self.put(answer)
            return
        *before, last = (answer.text, *answer.more)
        if answer.line.kind == "lines" and before:
            self.put(attrs.evolve(answer, more=before[1:], end=answer.at + len(before) - 1))
        if last.strip():
            self.put_stray(last, Stray(last, answer.at + len(before), path=answer.path))

    def put(self, answer: Answer) -> None:
        """Put an answer into the tree."""
        line, holder = answer.line, self.tree
        keys: Keys = ()
        if line.block:
            item = self._item(answer, line.block)
            holder, keys = item.tree, item.keys
        for key in line.keys[:-1]:
            holder = holder.setdefault(key, {})
        name = line.keys[-1]
        keys += line.keys
        if line.kind == "lines":
            self._put_lines(answer, holder.setdefault(name, []), keys)
        elif answer.language is not None:
            several = holder.setdefault(name + TRANSLATIONS, [])
            there = (*keys[:-1], name + TRANSLATIONS, len(several))
            self.marks[(*there, "text")] = self.marks[(*there, LANGUAGE)] = answer
            several.append({"text": whole(answer), LANGUAGE: answer.language})
        elif name in holder:
            text = f"{line.words}: {whole(answer)}"
            self.second.append((self.put_stray(text, answer), text))
        else:
            self.marks[keys] = answer
            holder[name] = whole(answer)

    def _put_lines(self, answer: Answer, parts: list[str], keys: Keys) -> None:
        """Put an answer whose lines are the elements of a list."""
        for number, text in enumerate((answer.text, *answer.more)):
            if text.strip():
                mark = Stray(text, min(answer.at + number, answer.end), path=answer.path)
                self.marks[(*keys, len(parts))] = mark if number else attrs.evolve(answer, end=answer.at)
                parts.append(text.strip())

    def _item(self, answer: Answer, block: tuple[str, ...]) -> _Item:
        """Return the item that an answer belongs to; an answer that goes back in the form begins the next one."""
        line, item = answer.line, self._items.get(block)
        if item is not None and (line.block != block or line.order > item.order or self._is_free(answer, item)):
            item.order = max(item.order, line.order)
            return item
        around = self._item(answer, block[:-1]) if block[:-1] else _Item(self.tree, (), 0)
        several = around.tree.setdefault(block[-1], [])
        item = _Item({}, (*around.keys, block[-1], len(several)), line.order)
        several.append(item.tree)
        for below in [known for known in self._items if known[: len(block)] == block]:
            del self._items[below]
        self._items[block] = item
        return item

    def _is_free(self, answer: Answer, item: _Item) -> bool:
        """Whether an answer at the position that an item has reached is the first one there."""
        line = answer.line
        return line.order == item.order and (answer.language is not None or line.keys[0] not in item.tree)

    def at(self, keys: Keys) -> "Span | None":
        """Return the place of an answer, or of everything below some keys; None if there is nothing."""
        mark = self.marks.get(keys)
        if mark is None:
            return self._spans.get(keys)
        label = mark.line.words if isinstance(mark, Answer) else ""
        if keys[-1] == LANGUAGE and label:
            return Span(mark.at, mark.at, f"{LANGUAGE} of {label}", mark.path.replace("/td[1]", "/td[2]"))
        return Span(mark.at, mark.end, label, mark.path)

    @cached_property
    def _spans(self) -> dict[Keys, Span]:
        """Places of everything below some keys; a single answer has its label."""
        spans: dict[Keys, Span] = {}
        for keys, mark in self.marks.items():
            label = mark.line.words if isinstance(mark, Answer) else ""
            for cut in range(1, len(keys)):
                known = spans.get(keys[:cut])
                if known is None:
                    spans[keys[:cut]] = Span(mark.at, mark.end, label, mark.path)
                else:
                    path = known.path if known.start <= mark.at else mark.path
                    spans[keys[:cut]] = Span(min(known.start, mark.at), max(known.end, mark.end), "", path)
        return spans

    def keys_of(self, lines: Iterable[int]) -> list[Keys]:
        """Return, for each of some lines of the record, the keys of the answer around it."""
        starts = {mark.at: (mark.end, keys) for keys, mark in reversed(self.marks.items())}
        order = sorted(starts)
        found = []
        for at in lines:
            place = bisect.bisect_right(order, at) - 1
            end, keys = starts[order[place]] if place >= 0 else (-1, ())
            found.append(keys if at <= end else ())
        return found

    def last_keys(self) -> Keys:
        """Return the keys of the last answer, or stray, in the record."""
        return max(self.marks, key=lambda keys: (self.marks[keys].end, self.marks[keys].at), default=())

    def put_stray(self, text: str, mark: Answer | Stray) -> Keys:
        """Put a line without a place under `unread`, by its label if it seems to have one."""
        label, colon, answer = text.strip().partition(":")
        if not colon or not self.form.is_like(text):
            label, answer = "lines", text
        beside: list[str] = self.tree.setdefault(UNREAD, {}).setdefault(label, [])
        beside.append(answer.strip())
        keys: Keys = (UNREAD, label, len(beside) - 1)
        self.marks[keys] = mark
        return keys


def whole(answer: Answer) -> str:
    """Return the text of an answer over all its lines."""
    return joined((answer.text, *answer.more)) if answer.more else answer.text.strip()


def joined(lines: Sequence[str]) -> str:
    """Return the lines of an answer as one text; without blanks and tabs at the end of its first line."""
    first, *more = lines
    return "\n".join((first.rstrip(" \t"), *more)).strip()


def filled(form: Form, text: str) -> Filled:
    """Return the answers of a record that is a text."""
    lines = [line.rstrip("\r") for line in text.split("\n")]
    known = [form.known(line) for line in lines]
    sorter = Sorter(form, in_order(known))
    for at, (line, found) in enumerate(zip(lines, known, strict=True)):
        sorter.take(line, found, at)
    sorter.end()
    made = Filled(form, torn=() if lines[-1] else None)  # a record ends with a line end
    for answer in sorter.answers:
        if made.torn is None or answer.end < len(lines) - 1:
            made.put(answer)
        else:
            made.tear(answer)
    doubtful = made.keys_of(doubt.at for doubt in sorter.doubts)
    for stray in sorter.strays:
        keys = made.put_stray(stray.text, stray)
        if stray.within:
            made.doubts.append((keys, stray.text.strip()))
    phrases = [*sorter.phrases()]
    made.doubts += zip(made.keys_of(phrase.at for phrase in phrases), (phrase.text for phrase in phrases), strict=True)
    for keys, doubt in zip(doubtful, sorter.doubts, strict=True):
        made.doubts.append((keys, doubt.text.strip()))
    return made


def filled_rows(form: Form, rows: Iterable[html.HtmlRow], *, is_torn: bool = False) -> Filled:
    """Return the answers of a record that is a page; a page that `is_torn` ends within a row."""
    made = Filled(form, torn=() if is_torn else None)
    for number, row in enumerate(rows):
        put = made.tear if row.is_torn else made.put
        if row.answers:
            known: Known | tuple[Line, str | None] | None = form.labelled(row.label)
        else:  # a label may contain no-break spaces; the answer keeps its own
            known = form.known(row.label) or form.known(" ".join(row.label.split()))
        if known is None and (noted := form.with_note(row.label)) is not None:
            known = noted[0], None
        if known is None:
            for answer in row.answers or (html.Cell("", None, row.path),):
                made.put_stray(f"{row.label}: {answer.text}", Stray(answer.text, number, path=answer.path))
        elif len(known) == 3:
            line, language, text = known
            if line.kind != "heading":
                put(Answer(line, language, text, number, end=number, path=row.path + "/td[1]"))
        else:
            for text, language, path in row.answers:
                first, *more = text.split("\n") if "\n" in text else (text,)
                put(Answer(known[0], language or known[1], first, number, more, number, path))
    return made

"""Records of a form as objects of JSON, whose keys a converter made of codes and labels: `a3_full_title_of_the_trial`.

They become the tree that the form's own records have, so that one table reads both. Beside the form an object may have
elements of XML, whose attributes are members like others.
"""

import html
import itertools
import re
from collections.abc import Mapping
from functools import cached_property
from typing import Any

import attrs

from trialparse.diagnostics import Problem
from trialparse.generated.classes import frozen
from trialparse.readers.form import LANGUAGE, UNREAD, Form, Line, squeeze
from trialparse.readers.paths import TRANSLATIONS, Keys
from trialparse.readers.shapes import Remark, Tree

ATTRIBUTES = "@attributes"
"""The key below which some converters put the attributes of an element."""

_LANGUAGE = re.compile(r"(.+)_([A-Za-z]{2})")
_SIGN = re.compile(r"[^a-z0-9 ]")
_ENTITY = re.compile("&(lt|gt|amp|quot|apos|#[0-9]{1,7}|#x[0-9A-Fa-f]{1,6});")
"""A reference to a character, as XML has them."""

Block = tuple[str, ...]


@frozen(eq=False, slots=False)
class KeyedForm:
    """A form, and how a converter names its lines."""

    form: Form
    """The lines as they are printed."""
    own: Form
    """The lines that the converter calls otherwise, and the lists that it makes."""
    elements: frozenset[str] = frozenset()
    """The keys of elements of XML beside the form."""
    attributes: frozenset[str] = frozenset()
    """The names of their attributes, and of those of the root around them."""

    @cached_property
    def lines(self) -> dict[str, Line]:
        """The lines that have an answer, by the letters and digits of their keys."""
        coded = {words: line for words, line in self.form.squeezed.items() if line.code}
        return {words: line for words, line in (coded | self.own.squeezed).items() if line.kind != "heading"}

    @cached_property
    def lists(self) -> dict[str, Block]:
        """The lists, by the letters and digits of their keys."""
        opening = ("heading", "numbered")
        return {words: line.block for words, line in self.own.squeezed.items() if line.kind in opening}

    @cached_property
    def keys(self) -> dict[tuple[str, ...], tuple[str, Line]]:
        """The key of each answer by its names in the record: that of the converter, else of the first line.

        A list that the converter is not known to make has none.
        """
        found: dict[tuple[str, ...], tuple[str, Line]] = {}
        known = {(), *self.lists.values()}
        for line in (*self.own.lines, *self.form.lines):
            if line.keys and line.block in known and self.lines.get(squeeze(line.words)) is line:
                found.setdefault(line.names, (("_" if line.kind == "numbered" else "") + _snake(line), line))
        return found

    @cached_property
    def within(self) -> dict[Block, list[tuple[str, Line]]]:
        """The keys of the answers in each block."""
        found: dict[Block, list[tuple[str, Line]]] = {}
        for key, line in self.keys.values():
            found.setdefault(line.block, []).append((key, line))
        return found

    @cached_property
    def opened(self) -> dict[Block, dict[str, str]]:
        """The key of each list, by the block around it and its name."""
        found: dict[Block, dict[str, str]] = {}
        for line in self.own.lines:
            if line.kind in ("heading", "numbered"):
                found.setdefault(line.block[:-1], {})[line.block[-1]] = _snake(line)
        return found

    @cached_property
    def taken(self) -> dict[Block, frozenset[str]]:
        """The keys that a tree has in each block; other members of the source must not be taken for them."""
        blocks = {*self.within, *self.opened}
        firsts = {block: {line.keys[0] for _, line in self.within.get(block, ())} for block in blocks}
        for block, names in firsts.items():
            names |= {name + TRANSLATIONS for name in names} | {UNREAD, *self.opened.get(block, ())}
        firsts[()] |= {line.names[0] for line in self.form.lines if line.names}
        firsts[()] |= {f"@{name}" for name in self.attributes}
        return {block: frozenset(names) for block, names in firsts.items()}

    @cached_property
    def following(self) -> dict[tuple[str, ...], frozenset[str]]:
        """The headings that may come next behind an answer, by its names: letters and digits of each."""
        found: dict[tuple[str, ...], frozenset[str]] = {}
        for at, line in enumerate(self.form.lines):
            behind = itertools.takewhile(lambda one: not one.regular, self.form.lines[at + 1 :])
            headings = frozenset(squeeze(one.words) for one in behind if one.kind == "heading" and " " in one.words)
            if headings and line.keys:
                found.setdefault(line.names, headings)
        return found

    def holds(self, names: tuple[str, ...]) -> bool:
        """Whether such a record can have what is at some keys of the tree."""
        own = any(line.names and line.names[0] == names[0] for line in self.form.lines)
        return not own or any(names[: len(known)] == known or known[: len(names)] == names for known in self._known)

    @cached_property
    def _known(self) -> frozenset[tuple[str, ...]]:
        texts = [
            (*names[:-1], names[-1] + TRANSLATIONS) for names, (_, line) in self.keys.items() if line.kind == "text"
        ]
        return frozenset([*self.keys, *texts])

    def read(self, record: Mapping[str, Any]) -> "Keyed":
        """Return the tree of a record."""
        made = Keyed(self)
        made.take(record, (_Holder((), made.tree, ()),), ())
        return made

    def written(self, tree: Tree) -> Tree:
        """Return the object that has this tree."""
        return self._object(tree, ()) if isinstance(tree, dict) else tree

    def _object(self, tree: dict[str, Any], block: Block) -> dict[str, Any]:
        made: dict[str, Any] = {}
        rest = dict(tree)
        for key, line in self.within.get(block, ()):
            made.update(_taken(rest, line.keys, key, line))
        for name, key in self.opened.get(block, {}).items():
            if isinstance(rest.get(name), list):
                below = (*block, name)
                made[key] = [self._object(one, below) if isinstance(one, dict) else one for one in rest.pop(name)]
        if not block:
            for key in [key for key in rest if key in self.elements]:
                made[key] = self._element(rest.pop(key))
            for name in self.attributes & {key[1:] for key in rest if key[0] == "@"}:
                made[name] = self._element(rest.pop(f"@{name}"))
        return {**rest, **made}

    def _element(self, tree: Tree) -> Tree:
        """Return an element as a converter writes it."""
        if isinstance(tree, dict):
            plain = {f"@{name}": name for name in self.attributes}
            return {plain.get(key, key): self._element(value) for key, value in tree.items()}
        if isinstance(tree, list):
            return [self._element(value) for value in tree]
        return _ENTITY.sub(r"&amp;\1;", tree) if isinstance(tree, str) else tree


def _snake(line: Line) -> str:
    """Return the key that a converter makes of the code and the label of a line.

    >>> _snake(Line(code="A.3.1", label="Title, in easy words", kind="text", order=0))
    'a31_title_in_easy_words'
    """
    return "_".join(_SIGN.sub("", line.words.lower()).split())


def _taken(tree: dict[str, Any], names: tuple[str, ...], key: str, line: Line) -> dict[str, Any]:
    """Take an answer and its translations out of a tree, and return them by the keys of the converter."""
    *way, name = names
    around = tree
    for step in way:
        below = around.get(step)
        if not isinstance(below, dict):
            return {}
        around[step] = dict(below)
        around = around[step]
    made: dict[str, Any] = {}
    value = around.get(name)
    if name in around and not isinstance(value, dict) and isinstance(value, list) == (line.kind == "lines"):
        made[key] = value[0] if isinstance(value, list) and len(value) == 1 and isinstance(value[0], str) else value
        del around[name]
    several = around.get(name + TRANSLATIONS) if line.kind == "text" else None
    if isinstance(several, list) and all(map(_is_translation, several)):
        for one in several:
            if one.get(LANGUAGE) is not None:  # the form has no line for a translation without language
                tagged = one[LANGUAGE].strip()
                cases = (tagged, tagged.lower(), tagged.upper(), tagged.title())  # a key is in an object once
                free = next((case for case in cases if f"{key}_{case}" not in made), tagged)
                made.setdefault(f"{key}_{free}", []).append(one.get("text"))
        made |= {tagged: texts[0] for tagged, texts in made.items() if isinstance(texts, list) and len(texts) == 1}
        del around[name + TRANSLATIONS]
    for place in range(len(way), 0, -1):
        holder = tree
        for step in way[: place - 1]:
            holder = holder[step]
        if not holder[way[place - 1]]:
            del holder[way[place - 1]]
    return made


def _is_translation(value: Tree) -> bool:
    """Whether a key can be that of the language of a text."""
    if not isinstance(value, dict) or not value.keys() <= {"text", LANGUAGE}:
        return False
    language = value.get(LANGUAGE)
    return language is None or (isinstance(language, str) and _LANGUAGE.fullmatch(f"a_{language.strip()}") is not None)


@frozen
class _Holder:
    """An object of the tree that is being made: the record, or an item of a list."""

    block: Block
    tree: dict[str, Any]
    keys: Keys


@attrs.define(eq=False)
class Keyed:
    """The tree of a record, and where in the source its values are."""

    form: KeyedForm
    tree: dict[str, Any] = attrs.field(factory=dict)
    places: dict[Keys, Keys] = attrs.field(factory=dict)
    """Keys of the source by those of the tree, where they differ; what is below goes on alike."""
    remarks: list[Remark] = attrs.field(factory=list)

    def place(self, keys: Keys) -> Keys:
        """Return the keys, in the source, of what is at some keys of the tree."""
        for end in range(len(keys), 0, -1):
            if keys[:end] in self.places:
                return self.places[keys[:end]] + keys[end:]
        return keys

    @cached_property
    def _sources(self) -> dict[Keys, Keys]:
        return {source: keys for keys, source in reversed(self.places.items())}

    def of_source(self, place: Keys) -> Keys:
        """Return the keys, in the tree, of what is at some keys of the source."""
        for end in range(len(place), 0, -1):
            if place[:end] in self._sources:
                return self._sources[place[:end]] + place[end:]
        return place

    def take(self, source: Mapping[str, Any], holders: tuple[_Holder, ...], place: Keys) -> None:
        """Take the members of an object of the source."""
        for key, value in source.items():
            self._member(key, value, holders, (*place, key))

    def _member(self, key: str, value: Tree, holders: tuple[_Holder, ...], place: Keys) -> None:
        """Take one member: a list, an answer or its translation, an element, or something that the form lacks."""
        words = squeeze(key)
        block = self.form.lists.get(words)
        if block is not None and isinstance(value, dict | list) and self._list(value, holders, block, place):
            return
        line = self.form.lines.get(words)
        if line is not None and self._answer(line, value, holders, place):
            return
        tagged = _LANGUAGE.fullmatch(key) if line is None else None
        if tagged is not None:
            line = self.form.lines.get(squeeze(tagged[1]))
            if line is not None and line.kind == "text" and self._translation(line, tagged[2], value, holders, place):
                return
        if len(holders) == 1 and self._beside(key, value, place):
            return
        self._stray(key, value, holders[-1], place)

    def _list(self, value: Tree, holders: tuple[_Holder, ...], block: Block, place: Keys) -> bool:
        """Take a list of items; a lone item may be without its list."""
        around = [one for one in holders if one.block == block[:-1]]
        if not around or block[-1] in around[-1].tree:
            return False
        keys = (*around[-1].keys, block[-1])
        several: list[Any] = []
        around[-1].tree[block[-1]] = several
        self.places[keys] = place
        for index, item in enumerate(value if isinstance(value, list) else [value]):
            there = (*place, index) if isinstance(value, list) else place
            made: Any = {} if isinstance(item, dict) else item
            several.append(made)
            self.places[(*keys, index)] = there
            if isinstance(item, dict):
                beneath = holders[: holders.index(around[-1]) + 1]
                self.take(item, (*beneath, _Holder(block, made, (*keys, index))), there)
        return True

    def _holder(self, line: Line, holders: tuple[_Holder, ...]) -> tuple[dict[str, Any], Keys] | None:
        """Return the object that holds the answer to a line, with its keys; None if there is no place for it."""
        around = next((one for one in reversed(holders) if one.block == line.block), None)
        if around is None:
            return None
        tree, keys = around.tree, around.keys
        for key in line.keys[:-1]:
            tree, keys = tree.setdefault(key, {}), (*keys, key)
            if not isinstance(tree, dict):
                return None
        return tree, keys

    def _answer(self, line: Line, value: Tree, holders: tuple[_Holder, ...], place: Keys) -> bool:
        """Take an answer."""
        found, name = self._holder(line, holders), line.keys[-1]
        if found is None:
            return False
        tree, keys = found[0], (*found[1], name)
        if line.kind == "lines" and not isinstance(value, dict):
            return self._lines(value, tree.setdefault(name, []), keys, place)
        if name in tree:
            self.remarks.append((Problem.DUPLICATE_KEY, place, str(place[-1])))
            return False
        self.places[keys] = place
        tree[name] = self._without_headings(line, value, keys)
        return True

    def _lines(self, value: Tree, parts: Tree, keys: Keys, place: Keys) -> bool:
        """Take a list; a converter joins its lines with blanks, and several keys may have a part of it."""
        if not isinstance(parts, list):
            return False
        self.places.setdefault(keys, place)
        for index, part in enumerate(value if isinstance(value, list) else [value]):
            self.places[(*keys, len(parts))] = (*place, index) if isinstance(value, list) else place
            parts.append(part)
        return True

    def _translation(self, line: Line, language: str, value: Tree, holders: tuple[_Holder, ...], place: Keys) -> bool:
        """Take a text in another language, or several."""
        found = self._holder(line, holders)
        if found is None:
            return False
        tree, name = found[0], line.keys[-1] + TRANSLATIONS
        several = tree.setdefault(name, [])
        if not isinstance(several, list):
            return False
        for index, text in enumerate(value if isinstance(value, list) else [value]):
            keys: Keys = (*found[1], name, len(several))
            self.places[(*keys, "text")] = (*place, index) if isinstance(value, list) else place
            self.places[(*keys, LANGUAGE)] = (*place[:-1], f"{place[-1]}#")
            several.append({"text": self._without_headings(line, text, (*keys, "text")), LANGUAGE: language})
        return True

    def _without_headings(self, line: Line, value: Tree, keys: Keys) -> Tree:
        """Return an answer without the headings behind it, which a converter took for a part of it."""
        headings = self.form.following.get(line.names) if isinstance(value, str) else None
        if not headings:
            return value
        words = value.split()
        end = len(words)
        while count := _ends_in(words, end, headings):
            self.remarks.append((Problem.LOOKS_LIKE_KEY, keys, " ".join(words[end - count : end])))
            end -= count
        if end == len(words):
            return value
        return value.rsplit(None, len(words) - end)[0].rstrip() if end else ""

    def _beside(self, key: str, value: Tree, place: Keys) -> bool:
        """Take an element of XML, or the attributes of the root around it."""
        if key in self.form.elements:
            self.tree[key] = self._element(value, (key,), place)
        elif key in self.form.attributes and not isinstance(value, dict | list):
            self._attribute(self.tree, key, value, (), place)
        elif key == ATTRIBUTES and isinstance(value, dict) and value:
            for name, text in value.items():
                self._attribute(self.tree, name, text, (), (*place, name))
        else:
            return False
        return True

    def _attribute(self, tree: dict[str, Any], name: str, value: Tree, keys: Keys, place: Keys) -> None:
        tree[f"@{name}"] = _plain(value)
        self.places[(*keys, f"@{name}")] = place

    def _element(self, value: Tree, keys: Keys, place: Keys) -> Tree:
        """Return an element as the tree of XML has it."""
        if isinstance(value, list):
            return [self._element(one, (*keys, index), (*place, index)) for index, one in enumerate(value)]
        if not isinstance(value, dict):
            return _plain(value)
        made: dict[str, Any] = {}
        for key, below in value.items():
            if key == ATTRIBUTES and isinstance(below, dict) and below:
                for name, text in below.items():
                    self._attribute(made, name, text, keys, (*place, key, name))
            elif key in self.form.attributes and not isinstance(below, dict | list):
                self._attribute(made, key, below, keys, (*place, key))
            else:
                made[key] = self._element(below, (*keys, key), (*place, key))
        return made or ""

    def _stray(self, key: str, value: Tree, holder: _Holder, place: Keys) -> None:
        """Take a member that the form lacks: under its own key, or below `unread` where a tree has another such key."""
        if key not in self.form.taken.get(holder.block, ()) and key not in holder.tree:
            holder.tree[key] = value
            self.places[(*holder.keys, key)] = place
            return
        beside = holder.tree.setdefault(UNREAD, {})
        beside[key] = value
        self.places[(*holder.keys, UNREAD, key)] = place


def _ends_in(words: list[str], end: int, headings: frozenset[str]) -> int:
    """Return how many of the words before a place are a heading, given by the letters and digits of each; 0 if none."""
    text, longest = "", max(map(len, headings))
    for count in range(1, end + 1):
        text = squeeze(words[end - count]) + text
        if text in headings:
            return count
        if len(text) > longest or count > longest:
            break
    return 0


def _plain(value: Tree) -> Tree:
    """Return a text without entities, which a converter left in it."""
    return _ENTITY.sub(lambda found: html.unescape(found[0]), value) if isinstance(value, str) else value

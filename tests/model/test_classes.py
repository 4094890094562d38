"""Classes whose methods attrs makes later are those that attrs makes at once."""

import copy
import importlib
import inspect
import pkgutil
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from threading import Barrier
from typing import Any, ClassVar

import attrs
import pytest

import trialparse
from trialparse.generated import classes
from trialparse.generated.classes import MADE, define, frozen, has_fields, outline_of

for _module in pkgutil.walk_packages(trialparse.__path__, "trialparse."):
    if not _module.name.endswith("__main__"):
        importlib.import_module(_module.name)
OURS = sorted(classes._OUTLINES, key=lambda cls: (cls.__module__, cls.__qualname__))
"""All classes of the library that were defined so."""


class Above:
    """A class that is no class of attrs."""

    __slots__ = ()

    def shown(self) -> str:
        return "above"


def _positive(_: object, attribute: "attrs.Attribute[int]", value: int) -> None:
    if value < 0:
        raise ValueError(f"{attribute.name} is {value}")


def made(decorator: Callable[..., Any], **options: Any) -> Any:
    """Return a class with a field of each kind."""

    @decorator(**options)
    class Made(Above):
        kind: ClassVar[str] = "made"
        name: str
        count: int = attrs.field(default=1, validator=_positive)
        several: list[int] = attrs.field(factory=list)
        _hidden: str | None = None

        def shown(self) -> str:
            return f"{super().shown()} {self.name} {self._hidden}"

    return Made


def below(decorator: Callable[..., Any], base: Any, **options: Any) -> Any:
    """Return a class with a base of attrs; it has a field of its own, and another default of one of the base's."""

    @decorator(**options)
    class Below(base):  # type: ignore[misc]  # the base is a value here
        count: int = 2
        more: str = "more"

    return Below


OPTIONS: list[tuple[str, dict[str, Any]]] = [
    (name, options)
    for name in ("define", "frozen")
    for options in (
        {},
        {"kw_only": True},
        {"eq": False},
        {"repr": False},
        {"slots": False},
        {"kw_only": True, "eq": False, "slots": False},
        {"weakref_slot": False},
    )
]
each_kind = pytest.mark.parametrize(("name", "options"), OPTIONS, ids=str)


def pair(name: str, options: dict[str, Any]) -> tuple[Any, Any]:
    """Return a class that attrs makes later, and the one that it makes at once."""
    return made(getattr(classes, name), **options), made(getattr(attrs, name), **options)


def outcome(ask: Callable[[], Any]) -> Any:
    """Return what a call returns, or kind and words of its error."""
    try:
        return ask()
    except (TypeError, ValueError, AttributeError) as error:
        return type(error), str(error)


@each_kind
class TestOneKind:
    """What can be asked of a class that attrs makes later has the answer of one that it makes at once."""

    @pytest.mark.parametrize(
        "ask",
        [
            lambda cls: str(inspect.signature(cls)),
            lambda cls: [attribute.name for attribute in attrs.fields(cls)],
            lambda cls: cls.__match_args__,
            lambda cls: cls.__slots__ if "__slots__" in vars(cls) else None,
            lambda cls: (cls.__name__, cls.__qualname__, cls.__module__, cls.__doc__, cls.kind),
            lambda cls: (attrs.has(cls), hasattr(cls, "__weakref__"), hasattr(cls, "several")),
            lambda cls: repr(cls(name="a")).partition(" object at ")[0],
            lambda cls: (cls(name="a") == cls(name="a"), cls(name="a") != cls(name="b")),
            lambda cls: isinstance(hash(cls(name="a", several=())), int),
            lambda cls: len({one, one} if (one := cls(name="a", several=())) else ()),
            lambda cls: cls(name="a", hidden="b").shown(),
            lambda cls: cls("a", 3).shown(),
            lambda cls: cls(name="a", count=-1),
            lambda cls: cls(),
            lambda cls: cls(name="a", unknown=1),
            lambda cls: setattr(cls(name="a"), "name", "b"),
            lambda cls: setattr(cls(name="a"), "count", -1),
            lambda cls: setattr(cls(name="a"), "nothing", 1),
            lambda cls: delattr(cls(name="a"), "name"),
            lambda cls: attrs.evolve(cls(name="a"), count=5).count,
            lambda cls: attrs.asdict(cls(name="a")),
            lambda cls: copy.deepcopy(cls(name="a", several=[1])).several,
            lambda cls: type(cls.__hash__),
        ],
    )
    def test_the_answers_are_the_same(self, ask: Callable[[Any], Any], name: str, options: dict[str, Any]) -> None:
        """Both at first and when attrs has made it."""
        later, at_once = pair(name, options)
        at_first = outcome(lambda: ask(later))

        assert outcome(lambda: ask(at_once)) == at_first == outcome(lambda: ask(later))

    def test_in_the_end_it_has_the_same(self, name: str, options: dict[str, Any]) -> None:
        later, at_once = pair(name, options)
        later(name="a")
        assert hasattr(at_once, "__replace__") == hasattr(later, "__replace__")  # of what is made last
        own = {"__attrs_base_of_slotted__"}

        assert vars(at_once).keys() - own == vars(later).keys() - own

    def test_a_class_below(self, name: str, options: dict[str, Any]) -> None:
        options = options | {"kw_only": True}
        later, at_once = pair(name, options)
        later = below(getattr(classes, name), later, **options)
        at_once = below(getattr(attrs, name), at_once, **options)

        assert outline_of(at_once).keys() == outline_of(later).keys()
        assert [*outline_of(later)] == [attribute.name for attribute in attrs.fields(later)]
        assert str(inspect.signature(at_once)) == str(inspect.signature(later))
        assert vars(at_once).get("__slots__") == vars(later).get("__slots__")
        assert at_once(name="a").count == later(name="a").count == 2


class TestTheLibrary:
    """It holds of every class of the library."""

    def test_there_are_many(self) -> None:
        assert len(OURS) > 140

    @pytest.mark.parametrize("cls", OURS, ids=lambda cls: f"{cls.__module__}.{cls.__qualname__}")
    def test_the_outline_is_what_attrs_says(self, cls: Any) -> None:
        said = {field.name: (field.type, field.default) for field in attrs.fields(cls)}

        assert [*said.items()] == [*outline_of(cls).items()]
        assert has_fields(cls)

    def test_the_outline_of_another_class(self) -> None:
        cls = made(attrs.frozen)

        assert [*outline_of(cls)] == ["name", "count", "several", "_hidden"]
        assert has_fields(cls)
        assert not has_fields(Above)


class TestWhen:
    """attrs makes what is asked for, once."""

    def test_nothing_is_made_for_a_definition(self) -> None:
        before = len(MADE)
        cls = made(frozen)
        outline_of(cls)

        assert cls.kind == "made"
        assert len(MADE) == before

    def test_the_constructor_comes_without_the_rest(self) -> None:
        cls = made(frozen)
        assert cls("a").name == "a"
        assert cls("b").name == "b"
        assert MADE.count(cls) == 1
        assert cls("a") == cls("a")
        assert repr(cls("a")) == repr(cls("a"))
        assert MADE.count(cls) == 2

    def test_a_class_with_cached_properties_is_made_at_once(self) -> None:
        @define
        class Made:
            name: str

            @cached_property
            def long(self) -> str:
                return self.name * 2

        assert "__init__" in vars(Made)
        assert ("abab", Made("ab")) == (Made("ab").long, Made("ab"))

    def test_another_thread_may_be_faster(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """What attrs does not make is taken out of a class, also if another thread has just done so."""
        gone = []

        def taken_out_before(cls: type, name: str) -> None:
            delattr(cls, name)
            gone.append(name)
            delattr(cls, name)

        monkeypatch.setattr(classes, "delattr", taken_out_before, raising=False)
        cls = made(frozen)
        assert attrs.has(cls)
        assert cls("a") == cls("a")
        assert gone

    def test_threads_that_ask_at_once(self) -> None:
        """Each gets instances that work, whichever thread makes the methods; they change as often as can be."""
        before = sys.getswitchinterval()
        sys.setswitchinterval(1e-6)
        try:
            asked = [self._ask_at_once() for _ in range(300)]
        finally:
            sys.setswitchinterval(before)

        assert asked == [(True, 1, True)] * 300

    @staticmethod
    def _ask_at_once() -> tuple[bool, int, bool]:
        """Return whether each thread has two equal instances, how many texts all have, and whether all are equal."""
        cls, together = made(frozen, kw_only=True), Barrier(4)

        def ask(number: int) -> tuple[Any, bool, str]:
            together.wait()
            known, one = attrs.has(cls), cls(name="a")
            return one, known and one == cls(name="a"), repr(one).partition("name")[2]

        with ThreadPoolExecutor(4) as pool:
            found = [*pool.map(ask, range(4))]
        same = all(one == found[0][0] for one, _, _ in found)
        return all(own for _, own, _ in found), len({text for _, _, text in found}), same

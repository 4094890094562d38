"""Cuts: what a record that ends early, or lacks a part, has of its answers, and what it lacks."""

from collections.abc import Iterable

from trialparse.generated.classes import frozen

Names = tuple[str, ...]
"""Keys from the root of a record to an answer, without the indices of lists."""


@frozen
class Places:
    """Answers by their names."""

    _names: frozenset[Names]
    _around: frozenset[Names]
    """The names, and those of everything around the answers."""

    @classmethod
    def of(cls, names: Iterable[Names]) -> "Places":
        """Return answers by their names."""
        known = frozenset(names)
        return cls(known, frozenset(one[:length] for one in known for length in range(1, len(one) + 1)))

    def meet(self, names: Names) -> bool:
        """Whether an answer is at a place, below it or around it.

        >>> Places.of([("phase", "I")]).meet(("phase",)), Places.of([("phase",)]).meet(("title",))
        (True, False)
        """
        return names in self._around or any(names[:length] in self._names for length in range(1, len(names)))


_NOWHERE = Places.of(())


@frozen(kw_only=True)
class Cut:
    """The answers of a record that was cut off."""

    kept: Places = _NOWHERE
    """Those that are there; of a list, those of its last item."""
    lost: Places = _NOWHERE
    """Those that the record could have had after the cut, and those that it lacks though every whole one has them."""
    torn: Places = _NOWHERE
    """The last one, if it may have gone on after the cut."""
    lists: frozenset[Names] = frozenset()
    """Lists whose last item has the cut in it: more items may have come after it."""

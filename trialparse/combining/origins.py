"""The origins of values in a combined trial: a map between its paths and those of the records, both ways."""

import bisect
import itertools
import re
from collections.abc import Iterable, Iterator

import attrs

from trialparse.combining.parts import leaves
from trialparse.combining.verbs import Origin
from trialparse.generated.classes import frozen


@frozen(eq=False)
class Origins:
    """Paths of the combined trial, each with its records and the paths there."""

    _there: dict[str, list[Origin]] = attrs.field(factory=dict)
    _here: dict[Origin, list[str]] = attrs.field(factory=dict)
    _sorted: list[tuple[str, int]] = attrs.field(factory=list)
    """The sorted paths of the combined trial, each with its number of order; made at first use."""

    def add(self, field: str, origins: Iterable[Origin]) -> None:
        """Note the origins of a value."""
        for origin in origins:
            if field not in self._here.setdefault(origin, []):
                self._here[origin].append(field)
                self._there.setdefault(field, []).append(origin)

    def there(self, field: str) -> list[Origin]:
        """Return the places in the records behind a field of the combined trial and all fields below it."""
        found: list[Origin] = []
        for holder, rest in _holders(field):
            if not (found and rest.startswith("[")):  # an element has its own place, not that of its list
                found += [(index, path + rest) for index, path in self._there.get(holder, ())]
        found += [origin for path in self._below(field) for origin in self._there[path]]
        return list(dict.fromkeys(found))

    def _below(self, field: str) -> list[str]:
        """Return the paths below a field, in the order in which they were noted."""
        if len(self._sorted) != len(self._there):
            self._sorted[:] = sorted((path, number) for number, path in enumerate(self._there))
        spans = (_span(self._sorted, field + sign) for sign in ".[")
        return [path for path, _ in sorted(itertools.chain(*spans), key=lambda found: found[1])]

    def went(self, index: int, field: str) -> list[str]:
        """Return the fields of the combined trial that come from a field of a record."""
        found: list[str] = []
        for holder, rest in _holders(field):
            if not (found and rest.startswith("[")):
                found += [path + rest for path in self._here.get((index, holder), ())]
        return list(dict.fromkeys(found))

    def here(self, index: int, field: str) -> list[str]:
        """Return the fields of the combined trial that a field of a record is about.

        That is the field itself if the rule took another value, and none for an element that was left out.
        """
        return self.went(index, field) or ([] if field.partition("[")[0] in leaves() and "[" in field else [field])


def _span(paths: list[tuple[str, int]], start: str) -> list[tuple[str, int]]:
    """Return the sorted paths that begin with a prefix."""
    first = bisect.bisect_left(paths, (start,))
    return paths[first : bisect.bisect_left(paths, (start[:-1] + chr(ord(start[-1]) + 1),))]


def _holders(field: str) -> Iterator[tuple[str, str]]:
    """Give a field and its holders, from the inside out, each with the rest of the path.

    >>> list(_holders("a[0].b"))
    [('a[0].b', ''), ('a[0]', '.b'), ('a', '[0].b')]
    """
    cuts = [match.start() for match in re.finditer(r"[.\[]", field)]
    yield field, ""
    for cut in reversed(cuts):
        yield field[:cut], field[cut:]

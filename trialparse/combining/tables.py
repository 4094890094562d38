"""The tables of rules: the rule for each field of a Trial, with its authority."""

from functools import cache

import attrs

from trialparse.generated.classes import frozen
from trialparse.tsv import TableError, files_of, read_lines

OWN = "trialparse"
"""The name of the library's own rules."""

_ALL = "*"
"""The field of the row for all fields without a row of their own."""


@frozen
class Rule:
    """A row of a table of rules."""

    name: str
    """Table and line, such as `trialparse.tsv:12`."""
    field: str
    """The field of the Trial, or one that contains several."""
    verb: str
    """The verb that chooses from the values of the records."""
    argument: tuple[str, ...]
    """The arguments of the verb."""
    country: str
    """Path of the same value below a country, empty if there is none; other rules use those of `trialparse`."""
    authority: str
    """The source of the rule, or its reason."""


@frozen
class Rules:
    """The rules of one name."""

    name: str
    """Their name."""
    _rows: dict[str, Rule]

    def of(self, field: str) -> Rule:
        """Return the rule for a field: its own, that of the record that contains it, or that for all.

        A row with the verb `trialparse` refers to the rules of that name.
        """
        holder = field.partition(".")[0]
        found = self._rows.get(field) or self._rows.get(holder) or self._rows.get(_ALL)
        if found is None:
            raise TableError(f"{self.name} has no rule for {field}")
        if self.name == OWN:
            return found
        ours = rules_of(OWN).of(field)
        return ours if found.verb == OWN else attrs.evolve(found, country=ours.country)

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields that have a row."""
        return tuple(self._rows)


def names() -> tuple[str, ...]:
    """Return the names of all rules, the library's own first."""
    folder = files_of("trialparse.combining") / "rules"
    found = sorted(file.name.removesuffix(".tsv").replace("_", "-") for file in folder.iterdir())
    return (OWN, *(name for name in found if name != OWN))


def check_name(name: str) -> None:
    """Raise ValueError if there are no rules of a name."""
    if name not in names():
        raise ValueError(f"rules are {', '.join(names())}, not {name!r}")


@cache
def rules_of(name: str) -> Rules:
    """Return the rules of a name; raises ValueError if there are none."""
    check_name(name)
    file = files_of("trialparse.combining") / "rules" / f"{name.replace('-', '_')}.tsv"
    rows = {}
    for row, cells in read_lines(file):
        if cells["field"] in rows:
            raise TableError(f"{row}: {cells['field']} has a rule already")
        rows[cells["field"]] = Rule(
            name=row,
            field=cells["field"],
            verb=cells["rule"],
            argument=tuple(cells["argument"].split()),
            country=cells.get("country", ""),
            authority=cells["authority"],
        )
    return Rules(name, rows)

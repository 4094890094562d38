"""Values that know more than a string does: partial dates, ages, identifiers, coded words."""

import datetime
import functools
import types
import typing
from collections.abc import Callable, Hashable
from typing import Any, Self, TypeVar, dataclass_transform

import attrs

from trialparse.generated.classes import frozen
from trialparse.model.pickling import pickled_by_position
from trialparse.model.terms import TimeUnit

OWN_VALIDATOR = "own validator"
"""Key of the metadata of a field whose class checks more than its type."""


@functools.cache
def _is_of(kind: Any) -> Callable[[Any], bool]:
    """Return the function that tests whether a value is of an annotated type; it looks into tuples, sets and unions."""
    origin = typing.get_origin(kind)
    if origin is types.UnionType or origin is typing.Union:
        parts = typing.get_args(kind)
        if not any(part in (int, float) or typing.get_origin(part) for part in parts):
            return lambda value: isinstance(value, parts)
        checks = [*map(_is_of, parts)]
        return lambda value: any(check(value) for check in checks)
    if origin is tuple or origin is frozenset:
        is_item = _is_of(typing.get_args(kind)[0])
        return lambda value: type(value) is origin and all(map(is_item, value))
    if kind in (int, float):
        return lambda value: isinstance(value, kind) and not isinstance(value, bool)
    return lambda value: isinstance(value, kind)


def _check(cls: type) -> Callable[[object, "attrs.Attribute[Any]", object], None]:
    """Return a validator that holds the annotation of the one field that it is for."""
    known: list[Callable[[Any], bool]] = []  # made at the first call, when all types are there

    def check(instance: object, attribute: "attrs.Attribute[Any]", value: object) -> None:
        if not known:
            known.append(_is_of(typing.cast("Hashable", attribute.type)))
        if not known[0](value):
            raise TypeError(f"{cls.__name__}.{attribute.name} takes {attribute.type}, not {value!r}")

    return check


def _checked(cls: type, fields: list["attrs.Attribute[Any]"]) -> list["attrs.Attribute[Any]"]:
    """Give every field a validator that holds its annotation, before the one of its own if there is one."""
    return [
        field.evolve(validator=_check(cls))
        if field.validator is None
        else field.evolve(
            validator=attrs.validators.and_(_check(cls), field.validator), metadata={OWN_VALIDATOR: field.validator}
        )
        for field in fields
    ]


_T = TypeVar("_T")


@dataclass_transform(frozen_default=True, kw_only_default=True, field_specifiers=(attrs.field,))
def record(cls: type[_T]) -> type[_T]:
    """Make `cls` a frozen, slotted, keyword-only attrs class whose constructor checks what it is given."""
    # a trial has hundreds of them: a slot for weak references would be one more to make and to keep
    made = frozen(cls, kw_only=True, weakref_slot=False, field_transformer=_checked)
    pickled_by_position(made)
    return made


@record
class PartialDate:
    """A date as precise as its source: a year, a month of a year, or a day.

    Dates are equal if they say the same: 2026, 2026-01 and 2026-01-01 are three dates, and so are a planned date,
    one that has come to pass and one whose state the source leaves open.
    They are ordered by the first day that they can mean, then by the last one, then past, planned, not stated;
    so sorting puts 2026-01-01 before 2026-01, and that before 2026. For a comparison that invents no day
    there is `before`.

    >>> str(PartialDate(year=2026, month=5))
    '2026-05'
    >>> [str(date) for date in sorted([PartialDate(year=2026), PartialDate(year=2026, month=1)])]
    ['2026-01', '2026']
    """

    year: int = attrs.field(validator=attrs.validators.and_(attrs.validators.ge(1), attrs.validators.le(9999)))
    """Year, 1 to 9999."""
    month: int | None = None
    """Month, 1 to 12, or None where only the year is known."""
    day: int | None = None
    """Day of the month, or None where only the month is known."""
    estimated: bool | None = None
    """True for a planned date, False for one that has come to pass, None where the source does not say."""

    def __attrs_post_init__(self) -> None:
        """Refuse a day without a month and days that no calendar has."""
        if self.month is None:
            if self.day is not None:
                raise ValueError("a day needs a month")
        elif self.day is None:
            datetime.date(self.year, self.month, 1)
        else:
            datetime.date(self.year, self.month, self.day)

    def earliest(self) -> datetime.date:
        """Return the first day that the date can mean.

        >>> PartialDate(year=2024, month=2).earliest()
        datetime.date(2024, 2, 1)
        """
        return datetime.date(self.year, self.month or 1, self.day or 1)

    def latest(self) -> datetime.date:
        """Return the last day that the date can mean.

        >>> PartialDate(year=2024, month=2).latest()
        datetime.date(2024, 2, 29)
        """
        import calendar  # which takes time to import, and few ask for this

        month = self.month or 12
        return datetime.date(self.year, month, self.day or calendar.monthrange(self.year, month)[1])

    def before(self, other: "PartialDate") -> bool | None:
        """Whether this date lies before the other; None where an answer would have to invent a day.

        >>> PartialDate(year=2025).before(PartialDate(year=2026, month=1))
        True
        >>> PartialDate(year=2026).before(PartialDate(year=2026, month=3)) is None
        True
        """
        if self.latest() < other.earliest():
            return True
        if other.latest() <= self.earliest():
            return False
        return None

    def __lt__(self, other: Self) -> bool:
        return self._order() < other._order() if type(self) is type(other) else NotImplemented

    def __le__(self, other: Self) -> bool:
        return self._order() <= other._order() if type(self) is type(other) else NotImplemented

    def __gt__(self, other: Self) -> bool:
        return self._order() > other._order() if type(self) is type(other) else NotImplemented

    def __ge__(self, other: Self) -> bool:
        return self._order() >= other._order() if type(self) is type(other) else NotImplemented

    def _order(self) -> tuple[datetime.date, datetime.date, bool, bool]:
        """Return what the date is ordered by; equal for equal dates only."""
        return self.earliest(), self.latest(), self.estimated is None, bool(self.estimated)

    def __str__(self) -> str:
        """Return ISO 8601, reduced to what is known: `2026`, `2026-05` or `2026-05-17`."""
        parts = [f"{self.year:04d}"]
        parts += [f"{part:02d}" for part in (self.month, self.day) if part is not None]
        return "-".join(parts)


_DAYS = {
    TimeUnit.MINUTE: 1 / 1440,
    TimeUnit.HOUR: 1 / 24,
    TimeUnit.DAY: 1.0,
    TimeUnit.WEEK: 7.0,
    TimeUnit.MONTH: 30.4375,
    TimeUnit.YEAR: 365.25,
}


@record
class Duration:
    """A length of time, or an age, as stated: a number and its unit."""

    value: int | float
    """How many units."""
    unit: TimeUnit | None = None
    """The unit, None where it is not stated."""

    @property
    def days(self) -> float | None:
        """The length in days (a month is 30.4375, a year 365.25), None without a unit."""
        return None if self.unit is None else self.value * _DAYS[self.unit]


@record
class Coded:
    """A word of an open vocabulary: our term for it where one is known, and always the register's words."""

    term: str | None = None
    """Our term, None where no row of the table knows the word."""
    text: str | None = None
    """The register's words."""


@record
class Code:
    """A code of an outside vocabulary, such as MedDRA, ATC or EudraVigilance."""

    system: str
    """The vocabulary: `MedDRA`, `ATC`, `EV`, `CAS`, `OMS` and so on."""
    value: str | None = None
    """The code; None where the source gives the words for it alone."""
    label: str | None = None
    """What the code means, in the words of the source."""
    level: str | None = None
    """The level within the vocabulary, such as `PT` or `LLT` in MedDRA."""
    version: str | None = None
    """The vocabulary's version."""
    organ_class: Coded | None = None
    """The system organ class of MedDRA in which it lies; its term is the code of the class."""


@record
class Translation:
    """A text in another language."""

    text: str
    """The text."""
    language: str | None = None
    """ISO 639-1 code, None where the register's code for it is not known."""


@record
class Identifier:
    """A trial's number in a register or elsewhere (TRDS 1, 3)."""

    scheme: str = "other"
    """Who gives the number: `CTIS`, `EudraCT`, `NCT`, `ISRCTN`, `UTN`, `protocol` and so on; `other` if not known."""
    value: str
    """The number in canonical form."""
    check: bool | None = None
    """Whether its check digits are right; None where the scheme has none, or the form is not the scheme's."""
    issuer: str | None = None
    """Who gave a number of scheme `other`, in the words of the source."""
    kind: Coded | None = None
    """Kind of number, such as `GRANT` or `REGISTRY`, where the source says so (ClinicalTrials.gov)."""
    url: str | None = None
    """Address of what has the number."""

"""Age groups of a register: which of them to name, and whether they go against limits that the record has."""

from collections.abc import Collection

from trialparse.model import Eligibility
from trialparse.model.terms import AgeGroup
from trialparse.model.values import Duration

_PARTS: dict[AgeGroup, tuple[AgeGroup, ...]] = {
    AgeGroup.UNDER_18: (
        AgeGroup.PRETERM_NEWBORN,
        AgeGroup.NEWBORN,
        AgeGroup.INFANT,
        AgeGroup.CHILD,
        AgeGroup.CHILD_2_5,
        AgeGroup.CHILD_6_11,
        AgeGroup.ADOLESCENT,
        AgeGroup.IN_UTERO,
    ),
    AgeGroup.CHILD: (AgeGroup.CHILD_2_5, AgeGroup.CHILD_6_11),
    AgeGroup.ELDERLY: (AgeGroup.AGE_65_84, AgeGroup.AGE_85_PLUS),
}
"""The finer groups that a coarse one can hold."""

MINORS = frozenset({AgeGroup.UNDER_18, *_PARTS[AgeGroup.UNDER_18]})
"""Age groups of people who need special protection by their age."""

_YEARS: dict[AgeGroup, tuple[float, float]] = {
    AgeGroup.IN_UTERO: (-1, 0),
    AgeGroup.UNDER_18: (0, 18),
    AgeGroup.PRETERM_NEWBORN: (0, 0.05),
    AgeGroup.NEWBORN: (0, 0.1),
    AgeGroup.INFANT: (0, 2),
    AgeGroup.CHILD: (2, 12),
    AgeGroup.CHILD_2_5: (2, 6),
    AgeGroup.CHILD_6_11: (6, 12),
    AgeGroup.ADOLESCENT: (12, 18),
    AgeGroup.ADULT: (18, 65),
    AgeGroup.ELDERLY: (65, 150),
    AgeGroup.AGE_65_84: (65, 85),
    AgeGroup.AGE_85_PLUS: (85, 150),
}
"""From which age on, and below which."""

_YEAR = 365.25
"""Days of a year."""


def named(groups: Collection[AgeGroup], finer: Collection[AgeGroup]) -> list[AgeGroup]:
    """Return the groups in order of age; a coarse one gives way to finer ones beside it.

    >>> named({AgeGroup.UNDER_18, AgeGroup.ADULT}, {AgeGroup.ADOLESCENT})
    [AgeGroup.ADOLESCENT, AgeGroup.ADULT]
    """
    both = {*groups, *finer}
    kept = [group for group in both if both.isdisjoint(_PARTS.get(group, ()))]
    return sorted(kept, key=lambda group: (_YEARS[group], group.name))


def runs(groups: list[AgeGroup]) -> list[list[AgeGroup]]:
    """Return groups in order of age parted where one does not begin where those before it end.

    >>> runs([AgeGroup.CHILD, AgeGroup.ADOLESCENT, AgeGroup.ELDERLY])
    [[AgeGroup.CHILD, AgeGroup.ADOLESCENT], [AgeGroup.ELDERLY]]
    """
    found: list[list[AgeGroup]] = []
    reach = 0.0
    for group in groups:
        start, end = _YEARS[group]
        if found and start <= reach:
            found[-1].append(group)
        else:
            found.append([group])
        reach = max(reach, end) if len(found[-1]) > 1 else end
    return found


def contradict(rules: Eligibility, groups: Collection[AgeGroup]) -> bool:
    """Whether the limits of age lie outside of the groups."""
    low, high = (_years(one) for one in (rules.minimum_age, rules.maximum_age))
    spans = [_YEARS[group] for group in groups]
    below = low is not None and bool(spans) and not any(start <= low < end for start, end in spans)
    above = high is not None and bool(spans) and not any(start <= high < end + 1 for start, end in spans)
    return below or above


def _years(age: Duration | None) -> float | None:
    return None if age is None or age.days is None else age.days / _YEAR

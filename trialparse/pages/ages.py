"""Age groups merged into ranges that can be read."""

from collections.abc import Collection

from trialparse.model.terms import AgeGroup

_STEPS: tuple[tuple[AgeGroup, str, str], ...] = (
    (AgeGroup.IN_UTERO, "before birth", "birth"),
    (AgeGroup.PRETERM_NEWBORN, "birth (also before week 37)", "27 days"),
    (AgeGroup.NEWBORN, "birth", "27 days"),
    (AgeGroup.INFANT, "28 days", "23 months"),
    (AgeGroup.CHILD_2_5, "2 years", "5 years"),
    (AgeGroup.CHILD_6_11, "6 years", "11 years"),
    (AgeGroup.ADOLESCENT, "12 years", "17 years"),
    (AgeGroup.ADULT, "18 years", "64 years"),
    (AgeGroup.AGE_65_84, "65 years", "84 years"),
    (AgeGroup.AGE_85_PLUS, "85 years", ""),
)
"""The fine groups by age, each with the words for its lower and its upper end."""

_ORDER = [step[0] for step in _STEPS]

_COARSE: dict[AgeGroup, tuple[AgeGroup, ...]] = {
    AgeGroup.UNDER_18: tuple(_ORDER[:7]),
    AgeGroup.CHILD: (AgeGroup.CHILD_2_5, AgeGroup.CHILD_6_11),
    AgeGroup.ADULT: (AgeGroup.ADULT,),
    AgeGroup.ELDERLY: (AgeGroup.AGE_65_84, AgeGroup.AGE_85_PLUS),
}
"""What each coarse group may hold."""

_WHOLE: dict[AgeGroup, tuple[AgeGroup, ...]] = {
    AgeGroup.UNDER_18: tuple(_ORDER[2:7]),
    AgeGroup.CHILD: (AgeGroup.CHILD_2_5, AgeGroup.CHILD_6_11),
    AgeGroup.ELDERLY: (AgeGroup.AGE_65_84, AgeGroup.AGE_85_PLUS),
}
"""What each coarse group means where no finer group says more."""

_ALONE: dict[AgeGroup, str] = {
    AgeGroup.IN_UTERO: "before birth",
    AgeGroup.PRETERM_NEWBORN: "newborn, born before week 37",
}
"""Groups that are no range of years."""


def ranges(groups: Collection[AgeGroup], finer: Collection[AgeGroup] = ()) -> list[str]:
    """Return the age ranges of coarse groups and of the finer groups beside them.

    >>> ranges({AgeGroup.ADULT, AgeGroup.ELDERLY})
    ['18 years and older']
    >>> ranges({AgeGroup.UNDER_18, AgeGroup.ADULT}, {AgeGroup.ADOLESCENT})
    ['12 to 64 years']
    """
    return [_words(run) for run in _runs(_fine(groups, finer))]


def _fine(groups: Collection[AgeGroup], finer: Collection[AgeGroup]) -> list[int]:
    """Return the ranks of the fine groups; a coarse group counts in full only where no finer one parts it."""
    said = set(finer)
    coarse = {group for group in groups if said.isdisjoint(_COARSE.get(group, (group,)))}
    whole = {part for group in said | coarse for part in _WHOLE.get(group, (group,))}
    return [rank for rank, group in enumerate(_ORDER) if group in whole]


def _runs(ranks: list[int]) -> list[tuple[int, int]]:
    """Return the first and last rank of each unbroken run."""
    runs: list[tuple[int, int]] = []
    for rank in ranks:
        if runs and runs[-1][1] == rank - 1:
            runs[-1] = (runs[-1][0], rank)
        else:
            runs.append((rank, rank))
    return runs


def _words(run: tuple[int, int]) -> str:
    """Return the words for a run."""
    first, last = run
    if first == last and _ORDER[first] in _ALONE:
        return _ALONE[_ORDER[first]]
    start, end = _STEPS[first][1], _STEPS[last][2]
    if not end:
        return f"{start} and older"
    value, _, unit = start.partition(" ")
    if end.endswith(f" {unit}"):
        return f"{value} to {end}"
    return f"{start} to {end}"

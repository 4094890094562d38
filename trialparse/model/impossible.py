"""Numbers of a Trial that cannot all be true: a part above its whole, a range whose lower end is above its upper end.

Nothing is reported that could be true in some trial: an event may happen more often than there are participants.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping

from trialparse.model.results import AdverseEvents, Analysis, BaselineMeasure, EventGroup, Group, Outcome
from trialparse.model.terms import MilestoneKind
from trialparse.model.trial import Results, Trial
from trialparse.model.values import Duration

Finding = tuple[str, str]
"""The field of a number, and both numbers in words."""


def impossible(trial: Trial) -> Iterator[Finding]:
    """Yield each number that cannot be true beside another one, with both in words."""
    yield from _enrolment(trial)
    yield from _ages(trial)
    results = trial.results
    for field, text in (*_flow(results), *_tables(results), *_events(results.adverse_events)):
        yield f"results.{field}", text


def _above(field: str, part: float | None, whole: float | None, what: str) -> Iterator[Finding]:
    """Yield a number that is above another one, which it cannot be."""
    if part is not None and whole is not None and part > whole:
        yield field, f"{_shown(part)}, and {_shown(whole)} {what}"


def _shown(number: float) -> str:
    """Return a number without a fraction of zero."""
    return str(int(number)) if number == int(number) else str(number)


# plans ------------------------------------------------------------------------------------------------------------


def _enrolment(trial: Trial) -> Iterator[Finding]:
    """Yield numbers of a region, a country or an age group that are above those of the trial."""
    numbers = trial.enrolment
    yield from _above("enrolment.planned_eea", numbers.planned_eea, numbers.planned, "in the whole trial")
    yield from _above("enrolment.planned_elsewhere", numbers.planned_elsewhere, numbers.planned, "in the whole trial")
    inside, outside, whole = numbers.planned_eea, numbers.planned_elsewhere, numbers.planned
    if (
        inside is not None
        and outside is not None
        and whole is not None
        and max(inside, outside) <= whole < inside + outside
    ):
        yield "enrolment.planned_elsewhere", f"{outside}, and {inside} in the EEA, and {whole} in the whole trial"
    for at, group in enumerate(numbers.by_age):
        yield from _above(f"enrolment.by_age[{at}].planned", group.planned, numbers.planned, "in the whole trial")
        yield from _above(f"enrolment.by_age[{at}].actual", group.actual, numbers.actual, "in the whole trial")
    for at, country in enumerate(trial.countries):
        yield from _above(f"countries[{at}].planned", country.planned, numbers.planned, "in the whole trial")


def _ages(trial: Trial) -> Iterator[Finding]:
    """Yield a minimum age above the maximum age."""
    least, most = trial.eligibility.minimum_age, trial.eligibility.maximum_age
    if least is None or most is None:
        return
    lower, upper = (least.value, most.value) if least.unit is most.unit else (least.days, most.days)
    if lower is not None and upper is not None and lower > upper:
        yield "eligibility.minimum_age", f"{_age(least)}, and {_age(most)} the maximum age"


def _age(age: Duration) -> str:
    """Return an age in words."""
    return _shown(age.value) if age.unit is None else f"{_shown(age.value)} {age.unit.name}"


# participant flow -------------------------------------------------------------------------------------------------


def _taken_in(results: Results) -> dict[tuple[str | None, str | None], int]:
    """Return how many started a period in an arm or joined it later, by the ids of the period and the arm."""
    found: defaultdict[tuple[str | None, str | None], int] = defaultdict(int)
    for period in results.flow.periods:
        for milestone in period.milestones:
            for count in milestone.counts if milestone.kind is MilestoneKind.STARTED else ():
                if count.participants is not None:
                    found[period.id, count.group] += count.participants
    for reason in results.flow.joined:
        for count in reason.counts:
            if (count.period, count.group) in found:
                found[count.period, count.group] += count.participants or 0
    return found


def _flow(results: Results) -> Iterator[Finding]:
    """Yield counts of those who came to a milestone of a period, or left it, above those who were in it."""
    known = _taken_in(results)
    for at, period in enumerate(results.flow.periods):
        for place, milestone in enumerate(period.milestones):
            for index, count in enumerate(milestone.counts):
                field = f"flow.periods[{at}].milestones[{place}].counts[{index}].participants"
                yield from _above(field, count.participants, known.get((period.id, count.group)), "taken in")
    left: Counter[tuple[str | None, str | None]] = Counter()
    for at, reason in enumerate(results.flow.withdrawals):
        for index, count in enumerate(reason.counts):
            field = f"flow.withdrawals[{at}].counts[{index}].participants"
            key, number = (count.period, count.group), count.participants or 0
            before, left[key] = left[key], left[key] + number
            yield from _above(field, count.participants, known.get(key), "taken in")
            if key in known and max(before, number) <= known[key] < left[key]:
                yield field, f"{number}, with the others {left[key]}, and {known[key]} taken in"


# tables of values -------------------------------------------------------------------------------------------------

_PEOPLE = frozenset({"participant", "participants", "patient", "patients", "subject", "subjects"})
"""Units in which people are counted, each once."""


def _tables(results: Results) -> Iterator[Finding]:
    """Yield what cannot be in tables of values and in analyses of them."""
    started: Counter[str | None] = Counter()
    for (_, arm), number in _taken_in(results).items():
        started[arm] += number  # others may have been in an arm in each of its periods
    yield from _analysed("baseline", results.baseline.groups, started)
    shared = {group.id: group for group in results.baseline.groups}
    for at, measure in enumerate(results.baseline.measures):
        yield from _analysed(f"baseline.measures[{at}]", measure.groups, started)
        yield from _values(f"baseline.measures[{at}]", measure, shared)
    for at, outcome in enumerate(results.outcomes):
        yield from _analysed(f"outcomes[{at}]", outcome.groups, started)
        yield from _values(f"outcomes[{at}]", outcome, {})
        yield from _above(f"outcomes[{at}].confidence_level", outcome.confidence_level, 100, "percent at most")
        for number, analysis in enumerate(outcome.analyses):
            yield from _analysis(f"outcomes[{at}].analyses[{number}]", analysis)


def _analysed(path: str, groups: tuple[Group, ...], started: Mapping[str | None, int]) -> Iterator[Finding]:
    """Yield numbers of participants above those of the arm that the group is."""
    for at, group in enumerate(groups):
        if group.arm is not None:
            yield from _above(
                f"{path}.groups[{at}].participants", group.participants, started.get(group.arm), "taken in"
            )


def _values(path: str, table: BaselineMeasure | Outcome, shared: dict[str | None, Group]) -> Iterator[Finding]:
    """Yield counts of people above those in the group, and ranges that end before they begin."""
    counted = table.categorical if isinstance(table, BaselineMeasure) else table.countable
    people = bool(counted) and (table.unit or "").strip().casefold() in _PEOPLE
    sizes = {key: group.participants for key, group in (shared | {group.id: group for group in table.groups}).items()}
    for at, value in enumerate(table.values):
        field = f"{path}.values[{at}]"
        if people:
            yield from _above(f"{field}.value", value.value, sizes.get(value.group), "in the group")
        yield from _above(f"{field}.dispersion", value.dispersion, value.dispersion_upper, "the upper bound")


def _analysis(path: str, analysis: Analysis) -> Iterator[Finding]:
    """Yield a probability above 1, and a confidence interval that cannot be one."""
    estimate = analysis.estimate
    yield from _above(f"{path}.p_value", analysis.p_value, 1, "at most")
    yield from _above(f"{path}.estimate.confidence_level", estimate.confidence_level, 100, "percent at most")
    yield from _above(f"{path}.estimate.lower", estimate.lower, estimate.upper, "the upper limit")


# adverse events ---------------------------------------------------------------------------------------------------


def _events(events: AdverseEvents) -> Iterator[Finding]:
    """Yield numbers of adverse events that are above the participants at risk, or above what they are a part of."""
    yield from _above("adverse_events.frequency_threshold", events.frequency_threshold, 100, "percent at most")
    for at, group in enumerate(events.groups):
        yield from _group(f"adverse_events.groups[{at}]", group)
    groups = {group.id: group for group in events.groups}
    for name, kinds in (("serious", events.serious), ("non_serious", events.non_serious)):
        affected = {key: getattr(group, f"{name}_affected") for key, group in groups.items()}
        for number, kind in enumerate(kinds):
            for at, count in enumerate(kind.counts):
                field = f"adverse_events.{name}[{number}].counts[{at}]"
                exposed = groups[count.group].exposed if count.exposed is None and count.group in groups else None
                at_risk = count.exposed if count.exposed is not None else exposed
                yield from _above(f"{field}.affected", count.affected, at_risk, "exposed")
                yield from _above(f"{field}.affected", count.affected, affected.get(count.group), "with any such event")
                yield from _above(f"{field}.affected", count.affected, count.occurrences, "occurrences")
                yield from _above(
                    f"{field}.related_occurrences", count.related_occurrences, count.occurrences, "occurrences"
                )
                yield from _above(f"{field}.deaths", count.deaths, count.affected, "affected")
                yield from _above(f"{field}.related_deaths", count.related_deaths, count.deaths, "deaths")


def _group(path: str, group: EventGroup) -> Iterator[Finding]:
    """Yield numbers of a group that are above the participants at risk, and deaths from events above all deaths."""
    for name in ("serious_affected", "non_serious_affected", "deaths"):
        own = getattr(group, f"{name.removesuffix('_affected')}_exposed")
        exposed = group.exposed if own is None else own
        yield from _above(f"{path}.{name}", getattr(group, name), exposed, "exposed")
    yield from _above(f"{path}.deaths_from_events", group.deaths_from_events, group.deaths, "deaths")

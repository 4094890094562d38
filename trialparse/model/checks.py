"""Checks of a Trial by itself: ids in results that lead nowhere or to several things, status, dates and countries that
contradict each other, planned dates that have passed.

Only a caller names a day; there is no clock here.
"""

import datetime
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from trialparse.diagnostics import Problem
from trialparse.model.results import BaselineMeasure, Outcome
from trialparse.model.terms import Progress, Recruitment
from trialparse.model.trial import Country, Results, Trial
from trialparse.model.values import PartialDate

Finding = tuple[Problem, str, str]
"""The problem, the field that holds the id, and the id."""


def dangling_ids(results: Results) -> Iterator[Finding]:
    """Yield ids that lead nowhere, and ids that several items of one list share."""
    for finding in (*_lists(results), *_flow(results), *_groups(results), *_tables(results), *_events(results)):
        problem, field, name = finding
        yield problem, f"results.{field}", name


def _ids(*lists: Iterable[Any]) -> frozenset[str]:
    """Return the ids of the items of some lists."""
    return frozenset(one.id for items in lists for one in items if one.id is not None)


def _nowhere(field: str, name: str | None, known: frozenset[str]) -> Iterator[Finding]:
    """Yield the id in a field if no known item has it."""
    if name is not None and name not in known:
        yield Problem.UNMATCHED, field, name


# duplicate ids ---------------------------------------------------------------------------------------------------


def _lists(results: Results) -> Iterator[Finding]:
    """Yield duplicate ids in lists that something refers to."""
    yield from _twice("flow.periods", results.flow.periods)
    yield from _twice("flow.arms", results.flow.arms)
    for number, period in enumerate(results.flow.periods):
        yield from _twice(f"flow.periods[{number}].arms", period.arms)
    yield from _twice("analysis_sets", results.analysis_sets)
    yield from _twice("baseline.groups", results.baseline.groups)
    for path, table in _all_tables(results):
        yield from _twice(f"{path}.categories", table.categories)
        yield from _twice(f"{path}.groups", table.groups)
    yield from _twice("adverse_events.groups", results.adverse_events.groups)


def _twice(path: str, items: tuple[Any, ...]) -> Iterator[Finding]:
    """Yield each item whose id an earlier item has."""
    seen: Counter[str] = Counter()
    for number, one in enumerate(items):
        if one.id is not None:
            seen[one.id] += 1
            if seen[one.id] > 1:
                yield Problem.AMBIGUOUS, f"{path}[{number}].id", one.id


# ids that lead nowhere --------------------------------------------------------------------------------------------


def _flow(results: Results) -> Iterator[Finding]:
    """Yield references within the participant flow that lead nowhere."""
    flow = results.flow
    arms, periods = _ids(flow.arms, *(period.arms for period in flow.periods)), _ids(flow.periods)
    for number, period in enumerate(flow.periods):
        own = _ids(flow.arms, period.arms)
        for place, milestone in enumerate(period.milestones):
            for at, count in enumerate(milestone.counts):
                yield from _nowhere(f"flow.periods[{number}].milestones[{place}].counts[{at}].group", count.group, own)
    for name, reasons in (("withdrawals", flow.withdrawals), ("joined", flow.joined)):
        for number, reason in enumerate(reasons):
            if reason.reason is None and reason.other is None:  # something was counted for it, and that is all
                yield from _nowhere(f"flow.{name}[{number}].id", reason.id, frozenset())
            for at, count in enumerate(reason.counts):
                path = f"flow.{name}[{number}].counts[{at}]"
                yield from _nowhere(f"{path}.group", count.group, arms)
                yield from _nowhere(f"{path}.period", count.period, periods)


def _groups(results: Results) -> Iterator[Finding]:
    """Yield the arms, periods and analysis sets that groups refer to and that do not exist."""
    flow = results.flow
    arms, periods = _ids(flow.arms, *(period.arms for period in flow.periods)), _ids(flow.periods)
    sets = _ids(results.analysis_sets)
    lists = [("baseline.groups", results.baseline.groups)]
    lists += [(f"{path}.groups", table.groups) for path, table in _all_tables(results)]
    for path, groups in lists:
        for number, group in enumerate(groups):
            yield from _nowhere(f"{path}[{number}].arm", group.arm, arms)
            yield from _nowhere(f"{path}[{number}].period", group.period, periods)
            yield from _nowhere(f"{path}[{number}].analysis_set", group.analysis_set, sets)


def _all_tables(results: Results) -> Iterator[tuple[str, BaselineMeasure | Outcome]]:
    """Yield the tables of values with their paths."""
    yield from ((f"baseline.measures[{at}]", table) for at, table in enumerate(results.baseline.measures))
    yield from ((f"outcomes[{at}]", table) for at, table in enumerate(results.outcomes))


def _tables(results: Results) -> Iterator[Finding]:
    """Yield groups and categories of values, and compared groups, that their table lacks."""
    shared = _ids(results.baseline.groups, results.analysis_sets)
    for path, table in _all_tables(results):
        groups = _ids(table.groups) | (shared if isinstance(table, BaselineMeasure) else frozenset())
        categories = _ids(table.categories)
        for number, value in enumerate(table.values):
            yield from _nowhere(f"{path}.values[{number}].group", value.group, groups)
            yield from _nowhere(f"{path}.values[{number}].category", value.category, categories)
        for number, analysis in enumerate(table.analyses if isinstance(table, Outcome) else ()):
            for at, group in enumerate(analysis.groups):
                yield from _nowhere(f"{path}.analyses[{number}].groups[{at}]", group, groups)


def _events(results: Results) -> Iterator[Finding]:
    """Yield groups that adverse events are counted for and that do not exist."""
    events = results.adverse_events
    groups = _ids(events.groups)
    for name, found in (("serious", events.serious), ("non_serious", events.non_serious)):
        for number, event in enumerate(found):
            for at, count in enumerate(event.counts):
                yield from _nowhere(f"adverse_events.{name}[{number}].counts[{at}].group", count.group, groups)


# status, dates and countries --------------------------------------------------------------------------------------

_BEFORE = frozenset({Progress.NOT_STARTED, Progress.NEVER_STARTED})
"""What a trial is as long as it has not begun."""
_AFTER = frozenset({Progress.ENDED, Progress.TERMINATED_EARLY})
"""What a trial is once it has ended."""
_OVER = _AFTER | {Progress.NEVER_STARTED}
"""What a trial is once nobody will be taken in."""
_TAKING_IN = frozenset({Recruitment.RECRUITING, Recruitment.BY_INVITATION})
"""What recruitment is while people are taken in."""
_SPANS = (
    ("start", "end"),
    ("start", "global_end"),
    ("recruitment_start", "recruitment_end"),
    ("recruitment_start", "global_end"),
    ("end", "global_end"),
)
"""Pairs of dates whose first cannot be after the second; `end` is that in the EEA or in a country."""


def contradictions(trial: Trial) -> Iterator[tuple[str, str]]:
    """Yield each field that contradicts another one, with both in words.

    A trial that has not started has no start, nor a country in which it has; one that has ended runs in no country and
    takes nobody in, and one that has not has no end; nothing ends before it starts, and nothing happens in a country
    after the end of the whole trial. A date that is planned, or may be, contradicts nothing.
    """
    state, dates = trial.status.trial, trial.dates
    yield from _of_dates("dates", dates)
    yield from _of_status("status.trial", state, dates, dates.global_end)
    yield from _of_recruitment("status.recruitment", trial.status.recruitment, state, dates.global_end)
    yield from _of_countries(trial)
    for number, country in enumerate(trial.countries):
        field, own = f"countries[{number}]", country.status
        yield from _of_dates(field, country)
        yield from _of_end(field, country, dates.global_end)
        yield from _of_status(f"{field}.status.trial", own.trial, country, country.end)
        over = own.trial if own.trial in _OVER else state
        yield from _of_recruitment(f"{field}.status.recruitment", own.recruitment, over, dates.global_end)


def _has_come(date: PartialDate | None) -> bool:
    """Whether the source says that a date has come to pass."""
    return date is not None and date.estimated is False


def _of_status(field: str, state: Progress | None, dates: Any, end: PartialDate | None) -> Iterator[tuple[str, str]]:
    """Yield a state that dates contradict; `end` is that of the whole."""
    if state is None:
        return
    starts = [(name, getattr(dates, name)) for name in ("start", "recruitment_start")]
    ends = [(name, getattr(dates, name, None)) for name in ("end", "global_end")]
    if state is Progress.NOT_STARTED:
        against = [*starts, *ends]
    elif state is Progress.NEVER_STARTED:
        against = starts  # that it will not take place can have a day, which registers call its end
    else:
        against = [] if state in _AFTER else [("end", end)]
    found = next(((name, date) for name, date in against if _has_come(date)), None)
    if found is not None:
        yield field, f"{state.name}, and the {found[0].replace('_', ' ')} was on {found[1]}"


def _of_recruitment(
    field: str, recruitment: Recruitment | None, state: Progress | None, end: PartialDate | None
) -> Iterator[tuple[str, str]]:
    """Yield a recruitment that goes on in a trial that is over."""
    if recruitment not in _TAKING_IN:
        return
    if state in _OVER:
        yield field, f"{recruitment.name}, and the trial is {state.name}"
    elif _has_come(end):
        yield field, f"{recruitment.name}, and the end was on {end}"


def _of_end(field: str, country: Country, end: PartialDate | None) -> Iterator[tuple[str, str]]:
    """Yield dates of a country after the end of the whole trial."""
    for name in ("start", "recruitment_start", "end"):
        date: PartialDate | None = getattr(country, name)
        if date is not None and end is not None and _has_come(date) and _has_come(end) and end.before(date):
            yield f"{field}.{name}", f"{date}, and the global end {end}"


def _of_countries(trial: Trial) -> Iterator[tuple[str, str]]:
    """Yield the state of the trial if it cannot be so in all countries."""
    state = trial.status.trial
    if state is None or state not in _BEFORE | _AFTER:
        return
    fitting = _BEFORE if state in _BEFORE else _BEFORE | _AFTER
    others = [(one, here) for one in trial.countries if (here := one.status.trial) is not None and here not in fitting]
    if others:
        names = ", ".join(str(one.code or one.name) for one, _ in others[:3])
        more = f" and {len(others) - 3} more countries" if len(others) > 3 else ""
        yield "status.trial", f"{state.name}, and {others[0][1].name} in {names}{more}"


def _of_dates(field: str, dates: Any) -> Iterator[tuple[str, str]]:
    """Yield an end that is before its start, if both have come to pass."""
    for first, last in _SPANS:
        start, end = getattr(dates, first, None), getattr(dates, last, None)
        if start and end and _has_come(start) and _has_come(end) and end.before(start):
            yield f"{field}.{last}", f"{end}, and the {first.replace('_', ' ')} {start}"


# dates that have passed -----------------------------------------------------------------------------------------


CAME_OF_IT = {
    "estimated_start": ("start", "recruitment_start", "end", "global_end"),
    "estimated_primary_completion": ("primary_completion", "end", "global_end"),
    "estimated_recruitment_start": ("recruitment_start", "start", "end", "global_end"),
    "estimated_end": ("end", "global_end"),
    "estimated_global_end": ("global_end",),
    "start": ("end", "global_end"),
    "end": ("global_end",),
}
"""Dates that can be planned, each with the dates that show that the plan is history."""


def passed(trial: Trial, day: datetime.date) -> Iterator[tuple[str, PartialDate]]:
    """Yield planned dates, with their fields, that have passed by `day` without a recorded outcome.

    A date that may still lie ahead has not passed, such as this year where only the year is known.
    """
    for name, outcomes in CAME_OF_IT.items():
        date: PartialDate | None = getattr(trial.dates, name)
        if date is not None and date.estimated and date.latest() < day and not _came(trial, outcomes):
            yield f"dates.{name}", date


_FIRST = ("recruitment_start", "start")
"""Dates that count for the trial once one country has reached them."""


def _came(trial: Trial, names: tuple[str, ...]) -> bool:
    """Whether one of these dates has been reached: in the trial or, for a first date, in one of its countries."""
    dates = [getattr(trial.dates, name) for name in names]
    dates += [getattr(country, name) for country in trial.countries for name in names if name in _FIRST]
    return any(date is not None and not date.estimated for date in dates)

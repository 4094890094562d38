"""Where the ids in results lead: which of them lead nowhere, and which to several things."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from trialparse.diagnostics import Problem
from trialparse.model import Results
from trialparse.results import BaselineMeasure, Outcome

Finding = tuple[Problem, str, str]
"""What is wrong, the field where an id stands, and the id."""


def astray(results: Results) -> Iterator[Finding]:
    """Give the ids that nothing has where it should stand, and those that several things in one list have."""
    for finding in (*_lists(results), *_flow(results), *_groups(results), *_tables(results), *_events(results)):
        problem, field, name = finding
        yield problem, f"results.{field}", name


def _ids(*lists: Iterable[Any]) -> frozenset[str]:
    """Return the ids of what stands in some lists."""
    return frozenset(one.id for items in lists for one in items if one.id is not None)


def _nowhere(field: str, name: str | None, known: frozenset[str]) -> Iterator[Finding]:
    """Give the id that a field has where nothing known has it."""
    if name is not None and name not in known:
        yield Problem.UNMATCHED, field, name


# ids that stand twice ---------------------------------------------------------------------------------------------


def _lists(results: Results) -> Iterator[Finding]:
    """Give the ids that stand twice in a list to which something refers."""
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
    """Give each element of a list whose id an earlier one has."""
    seen: Counter[str] = Counter()
    for number, one in enumerate(items):
        if one.id is not None:
            seen[one.id] += 1
            if seen[one.id] > 1:
                yield Problem.AMBIGUOUS, f"{path}[{number}].id", one.id


# ids that lead nowhere --------------------------------------------------------------------------------------------


def _flow(results: Results) -> Iterator[Finding]:
    """Give what the participant flow refers to and does not have."""
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
    """Give what groups say that they are, and are not."""
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
    """Give the tables of values with their paths."""
    yield from ((f"baseline.measures[{at}]", table) for at, table in enumerate(results.baseline.measures))
    yield from ((f"outcomes[{at}]", table) for at, table in enumerate(results.outcomes))


def _tables(results: Results) -> Iterator[Finding]:
    """Give the groups and categories of values, and the groups compared, that their table does not have."""
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
    """Give the groups of adverse events for which something is counted and that are not there."""
    events = results.adverse_events
    groups = _ids(events.groups)
    for name, found in (("serious", events.serious), ("non_serious", events.non_serious)):
        for number, event in enumerate(found):
            for at, count in enumerate(event.counts):
                yield from _nowhere(f"adverse_events.{name}[{number}].counts[{at}].group", count.group, groups)

"""Which harms there were: how many people had a serious one, how many died, and what came most often."""

import heapq
from collections.abc import Iterable, Iterator

from trialparse.model.results import AdverseEvent, AdverseEvents, EventCount
from trialparse.pages import wording
from trialparse.pages.details.excerpts import left_out
from trialparse.pages.details.found.figures import figure
from trialparse.pages.details.found.groups import FEW, Names, names, shared, titled
from trialparse.pages.page import Block, Listing, Of, Paragraph, Sentence
from trialparse.pages.results import harms
from trialparse.pages.sentences import Line, explain, quoting, say, tell
from trialparse.pages.view import View, look_up

MOST_FREQUENT = 10
"""How many events of a list the page shows: those in the most people."""

BASE = "results.adverse_events"


def _threshold(view: View, value: float, field: str) -> Iterator[Sentence]:
    """Say how common events had to be to be listed."""
    if value > 0:
        share = wording.number(value)
        yield say(
            "Events that were not serious are listed if more than {} % of a group had them", share, by=Of((field,))
        )
    else:
        yield say("Events that were not serious are listed however rare they were", by=Of((field,)))


_HOW = (
    Line("time_frame", quoting("Harms were looked for over this time: {}"), "over what time harms were looked for"),
    Line("frequency_threshold", _threshold, "how often an event must come up"),
)
_KINDS = (
    ("serious", "kind of serious adverse event", "kinds of serious adverse events"),
    ("non_serious", "kind of adverse event that was not serious", "kinds of adverse events that were not serious"),
)
"""The lists of events and what is in them."""


def blocks(view: View) -> Iterator[Block]:
    """Yield the blocks on harms, none where the record does not tell of any."""
    events = view.trial.results.adverse_events
    if events == AdverseEvents():
        return
    yield Paragraph((*explain("adverse event"), *explain("serious adverse event"), *tell(view, _HOW, BASE)))
    groups = names(view, events.groups, f"{BASE}.groups")
    yield from _groups(view)
    for name, one, many in _KINDS:
        yield from _events(view, f"{BASE}.{name}", one, many, groups)


def _groups(view: View) -> Iterator[Block]:
    """Yield how many people of each group had an event and how many died, as a table."""
    groups = range(len(view.trial.results.adverse_events.groups))
    columns = ("title", "exposed", "serious_affected", "non_serious_affected", "deaths", "deaths_from_events")
    fields = [f"{BASE}.groups[{index}].{name}" for index in groups for name in columns]
    known = tuple(field for field in fields if look_up(view.trial, field) is not None)
    if not known:
        return
    caption = say("The record counts the people who had at least one adverse event", by=Of(known, span=True), stop=":")
    found = harms.table(view, caption)
    if found is not None:
        yield found
        yield Paragraph(tuple(left_out([f"{BASE}.groups[{one}]" for one in groups][harms.ROWS :], "group", "groups")))
        yield Paragraph(tuple(explain("about.harm group")))


def _events(view: View, field: str, one: str, many: str, groups: Names) -> Iterator[Block]:
    """Yield the events that came up in the most people, and how many more the record lists."""
    events: tuple[AdverseEvent, ...] = look_up(view.trial, field)
    affected = [sum(count.affected or 0 for count in event.counts) for event in events]
    most = heapq.nlargest(MOST_FREQUENT, range(len(events)), affected.__getitem__)
    first = [index for index in most if affected[index]]
    shown, rest = _paths(field, first), _paths(field, sorted({*range(len(events))} - {*first}))
    if events:
        number = wording.count(len(events), one, many)
        by = Of(tuple(f"{path}.term" for path in (*shown, *rest)), span=True)
        stop = ":" if shown and not rest else "."
        yield Paragraph((say("The record names {}", number, by=by, stop=stop), *_first(shown, rest)))
        if shown:
            yield Listing(tuple(_event(view, path, groups) for path in shown))
            yield Paragraph(tuple(left_out(rest, one, many)))


def _paths(field: str, indices: Iterable[int]) -> list[str]:
    """Return the paths of some entries of a list."""
    return [f"{field}[{index}]" for index in indices]


def _first(shown: list[str], rest: list[str]) -> Iterator[Sentence]:
    """Yield why these events are shown and not the others."""
    if shown and rest:
        these = "this one" if len(shown) == 1 else f"these {len(shown)}"
        by = Of(tuple(f"{path}.term" for path in shown), span=True)
        yield say("No other came up in more people than {}", these, by=by, stop=":")


def _event(view: View, path: str, groups: Names) -> Sentence:
    """Return an event and how many people had it, as an item of a list; of many groups, those with the most."""
    event: AdverseEvent = look_up(view.trial, path)
    term = titled(view, path, "term", "an event without a name")
    counts = {f"{path}.counts[{index}]": count for index, count in enumerate(event.counts)}
    at = {count.group: one for one, count in reversed(counts.items())}
    shown = {at[group]: name for group, name in groups.items() if group in at and name.known}
    if len(shown) > FEW:
        most = heapq.nlargest(FEW, shown, lambda one: counts[one].affected or 0)
        shown = {one: shown[one] for one in most if counts[one].affected}
    others = [count for one, count in counts.items() if one not in shown]
    words = [*shared((_share(view, one, counts[one]), name) for one, name in shown.items())]
    if others:
        nobody = all(count.affected == 0 for count in others)
        words += [", " * bool(words), _others(len(others), nobody=nobody)]
    numbers = tuple(f"{one}.{name}" for one in shown for name in ("affected", "exposed"))
    by = [Of((term.field,)), *(Of((name.field,)) for name in shown.values()), Of(numbers, span=True)]
    return say("{}: {}", term.words, tuple(words) or "no numbers", by=by if shown else by[:1], stop="")


def _others(number: int, *, nobody: bool) -> str:
    """Return how many groups are not shown."""
    if nobody:
        return f"none in {wording.count(number, 'other', 'others')}"
    return wording.count(number, "other group", "other groups")


def _share(view: View, path: str, count: EventCount) -> str:
    """Return how many people of a group had an event, of how many."""
    of = "" if None in (count.affected, count.exposed) else f" of {wording.number(count.exposed or 0)}"
    return f"{figure(view, f'{path}.affected')}{of}"

"""Which harms there were: how many people had a serious one, how many died, and what came most often."""

import heapq
from collections.abc import Iterable, Iterator

from trialparse.model.results import AdverseEvent, AdverseEvents, EventCount
from trialparse.pages.details.excerpts import left_out, paired
from trialparse.pages.details.found.groups import FEW, Names, names, shared, titled
from trialparse.pages.details.lines import Line, quoting, write_lines
from trialparse.pages.page import Block, Listing, Paragraph, Sentence, Words
from trialparse.pages.results import harms
from trialparse.pages.results.numbers import number
from trialparse.pages.sentences import By, above, entries, explain, item, sentence, worded
from trialparse.pages.view import View, look_up

MOST_FREQUENT = 10
"""How many events of a list the page shows: those in the most people."""

BASE = "results.adverse_events"


def _threshold(view: View, value: float, field: str, key: str) -> Iterator[Sentence]:
    """Write how common events had to be to be listed."""
    if value > 0:
        yield worded(view, key, field, share=view.texts.number(value))
    else:
        yield worded(view, f"{key}.none", field)


_HOW = (
    Line("time_frame", quoting, "harms.time_frame"),
    Line("frequency_threshold", _threshold, "harms.threshold"),
)
_KINDS = {"serious": "serious_event", "non_serious": "other_event"}
"""The lists of events, and the keys of what is in them."""


def blocks(view: View) -> Iterator[Block]:
    """Yield the blocks on harms, none where the record has none."""
    events = view.trial.results.adverse_events
    if events == AdverseEvents():
        return
    yield Paragraph(
        (*explain(view, "adverse event"), *explain(view, "serious adverse event"), *write_lines(view, _HOW, BASE))
    )
    groups = names(view, events.groups, f"{BASE}.groups")
    yield from _groups(view)
    for name, noun in _KINDS.items():
        yield from _events(view, f"{BASE}.{name}", noun, groups)


def _groups(view: View) -> Iterator[Block]:
    """Yield how many people of each group had an event and how many died, as a table."""
    groups = range(len(view.trial.results.adverse_events.groups))
    columns = ("title", *harms.COLUMNS, *filter(None, harms.COLUMNS.values()))
    fields = [f"{BASE}.groups[{index}].{name}" for index in groups for name in columns]
    known = tuple(field for field in fields if look_up(view.trial, field) is not None)
    if not known:
        return
    found = harms.table(view, above(view, "harms.counted", entries(known)))
    if found is not None:
        yield found
        yield Paragraph(tuple(left_out(view, "group", [f"{BASE}.groups[{one}]" for one in groups][harms.ROWS :])))
        yield Paragraph(tuple(explain(view, "about.harm group")))


def _events(view: View, field: str, noun: str, groups: Names) -> Iterator[Block]:
    """Yield the events that came up in the most people, and how many more the record lists."""
    events: tuple[AdverseEvent, ...] = look_up(view.trial, field)
    affected = [sum(count.affected or 0 for count in event.counts) for event in events]
    most = heapq.nlargest(MOST_FREQUENT, range(len(events)), affected.__getitem__)
    first = [index for index in most if affected[index]]
    shown, rest = _paths(field, first), _paths(field, sorted({*range(len(events))} - {*first}))
    if events:
        key = view.texts.form(f"harms.{noun}", len(events))
        by = entries(f"{path}.term" for path in (*shown, *rest))
        stop = ":" if shown and not rest else "."
        intro = sentence(view.words(key, n=view.texts.number(len(events))), [by], stop)
        yield Paragraph((intro, *_first(view, shown, rest)))
        if shown:
            yield Listing(tuple(_event(view, path, groups) for path in shown))
            yield Paragraph(tuple(left_out(view, noun, rest)))


def _paths(field: str, indices: Iterable[int]) -> list[str]:
    """Return the paths of some entries of a list."""
    return [f"{field}[{index}]" for index in indices]


def _first(view: View, shown: list[str], rest: list[str]) -> Iterator[Sentence]:
    """Yield why these events are shown and not the others."""
    if shown and rest:
        key = view.texts.form("harms.first", len(shown))
        yield above(view, key, entries(f"{path}.term" for path in shown), n=str(len(shown)))


def _event(view: View, path: str, groups: Names) -> Sentence:
    """Return an event and how many people had it, as an item of a list; of many groups, those with the most."""
    event: AdverseEvent = look_up(view.trial, path)
    term = titled(view, path, "term", "event")
    counts = {f"{path}.counts[{index}]": count for index, count in enumerate(event.counts)}
    at = {count.group: one for one, count in reversed(counts.items())}
    shown = {at[group]: name for group, name in groups.items() if group in at and name.known}
    if len(shown) > FEW:
        most = heapq.nlargest(FEW, shown, lambda one: counts[one].affected or 0)
        shown = {one: shown[one] for one in most if counts[one].affected}
    others = [count for one, count in counts.items() if one not in shown]
    words = shared(view, ((_share(view, one, counts[one]), name) for one, name in shown.items()))
    if others:
        nobody = all(count.affected == 0 for count in others)
        words.append(view.texts.count("other_group_without" if nobody else "other_group", len(others)))
    by: list[By] = [term.field]
    if shown:
        numbers = entries(f"{one}.{name}" for one in shown for name in ("affected", "exposed"))
        by += [*(name.field for name in shown.values()), numbers]
    counted: Words = view.texts.listed(words, "list.middle") or view.words("harms.uncounted")
    return item(paired(view, term.words, counted), *by)


def _share(view: View, path: str, count: EventCount) -> str:
    """Return how many people of a group had an event, of how many."""
    affected = number(view, f"{path}.affected")
    if count.affected is None or count.exposed is None:
        return affected
    return view.texts.plain("bar.of", value=affected, n=view.texts.number(count.exposed))

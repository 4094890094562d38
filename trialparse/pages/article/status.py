"""What the status means: its day, what was decided, how far the trial has come, dates, results, whom to ask."""

from collections.abc import Iterator

from trialparse.model import Event
from trialparse.model.terms import ContactKind, EventKind, MissingKind, Progress, Recruitment, Regulatory
from trialparse.model.values import PartialDate
from trialparse.pages import stages
from trialparse.pages.article.sentences import By, entries, gap, quoting, worded
from trialparse.pages.details import course
from trialparse.pages.details import found as results
from trialparse.pages.details.naming import country_name
from trialparse.pages.page import Block, Gap, Gloss, Lack, Paragraph, Quote, Sentence, Words
from trialparse.pages.tables import key_of
from trialparse.pages.view import View

_AXES = ("regulatory", "trial", "recruitment")
_SITES, _LINES = 3, 4
"""How many sites and how many countries or events a paragraph names."""

_RESULTS = ("results.posted", "results.postings", "results.outcomes", "results.url", "dates.results_posted")
"""The fields on whether there are results."""


def blocks(view: View) -> Iterator[Block]:
    """Yield the blocks of the section."""
    yield Paragraph((*_now(view), *_moved(view), *_by_country(view), *_happened(view)))
    yield Paragraph((*_dates(view), *_plans(view), *_results(view)))
    yield Paragraph((*_sites(view), *_contact(view)))


def predicates(view: View) -> dict[str, Words]:
    """Return the words for a trial by its status, by field."""
    status = view.trial.status
    found: dict[str, Words] = {}
    for axis in _AXES:
        term = getattr(status, axis)
        if term is None:
            continue
        case = f".{view.case(term)}"
        key = f"is.{key_of(term)}"
        if term is Progress.ONGOING and all(map(view.never, ("status.regulatory", "status.recruitment"))):
            case = ".open"
        found[f"status.{axis}"] = view.words(key + case if view.texts.has(key + case) else key)
    if status.trial in (Progress.ENDED, Progress.TERMINATED_EARLY, Progress.NEVER_STARTED):
        found.pop("status.recruitment", None)
    if status.trial is Progress.NOT_STARTED and status.recruitment is Recruitment.PENDING:
        found.pop("status.recruitment", None)
    return found


def _now(view: View) -> Iterator[Sentence]:
    """Yield the status as of the day of the record, and what it means."""
    found = predicates(view)
    text = view.quote("status.text")
    by: list[By] = list(found)
    starts = [entries(view.starts)] if view.trial.status.trial is Progress.NOT_STARTED and view.starts else []
    slots: dict[str, Words] = {"states": view.texts.series(list(found.values()))}
    key = "status.now"
    if view.country is not None:
        name, field = country_name(view, view.country)
        key, slots, by = f"{key}.country", {**slots, "country": name}, [*by, field]
    if view.as_of is not None:
        field, date = view.as_of
        key, slots, by = f"{key}.dated", {**slots, "date": view.texts.date(date)}, [*by, field]
    if found:
        yield worded(view, key, *by, *starts, **slots)
        yield from _meaning(view)
    elif view.trial.status.last_known is not None:
        state = view.texts.phrase(view.trial.status.last_known).short
        yield worded(
            view, "status.unknown", "status.text", "status.last_known", Gloss("about.unknown status"), state=state
        )
    elif view.trial.expanded_access.availability is not None:
        key = f"status.{key_of(view.trial.expanded_access.availability)}"
        yield worded(view, key, "expanded_access.availability")
    elif text and view.missing("status.text") is not MissingKind.DISAGREED:
        yield worded(view, "status.words", "status.text", words=text)
    elif not view.partial and not any(_standings(view)):
        yield from gap(view, "status.trial", "status")


def _meaning(view: View) -> Iterator[Sentence]:
    """Yield what the status means: of the progress if that means more than the decision."""
    status = view.trial.status
    terms = [status.trial, status.regulatory] if view.stage != stages.AHEAD else [status.regulatory, status.trial]
    for term in [one for one in terms if one is not None]:
        case = view.case(term)
        found = view.texts.entry(key_of(term), case)
        key = f"means.{found.key}" if found else ""
        if term is status.regulatory and status.trial is not None and view.texts.has(f"{key}.known"):
            key = f"{key}.known"
        if found and view.texts.has(key):
            yield worded(view, key, Gloss(found.key))
            return


def _moved(view: View) -> Iterator[Sentence]:
    """Yield that the trial moved from one register to another, and in which direction."""
    if view.trial.transitioned:
        own = f"status.moved.{view.trial.registry}"
        yield worded(view, own if view.texts.has(own) else "status.moved", "transitioned", Gloss("about.transition"))


def _standings(view: View) -> Iterator[tuple[int, str]]:
    """Yield the countries that have a status of their own, each with the most specific field."""
    for index, country in enumerate(view.trial.countries):
        for axis in ("trial", "regulatory"):
            if getattr(country.status, axis) is not None:
                yield index, f"countries[{index}].status.{axis}"
                break


def _by_country(view: View) -> Iterator[Sentence]:
    """Yield the status by country, where countries differ or the trial as a whole has none."""
    of: dict[str, list[tuple[int, str]]] = {}
    for index, field in _standings(view):
        term = getattr(view.trial.countries[index].status, field.rpartition(".")[2])
        case = stages.of_country(view.trial.countries[index])
        of.setdefault(view.texts.phrase(term, case).short, []).append((index, field))
    decided = list(_decisions(view))
    if view.country is not None and view.trial.status.trial is not None:
        return
    if len(of) > 1 or (of and not predicates(view)):
        yield from _grouped(view, of)
    elif decided and not predicates(view):
        for words, by in decided[:_LINES]:
            yield worded(view, "status.decided", *by, **words)
    yield from _joining(view)


def _grouped(view: View, of: dict[str, list[tuple[int, str]]]) -> Iterator[Sentence]:
    """Yield the countries by status."""
    groups: list[Words] = []
    by: list[By] = []
    for state, members in list(of.items())[:_LINES]:
        names = list(dict.fromkeys(country_name(view, index)[0] for index, _ in members))
        groups.append(view.words("status.group", countries=view.texts.some(names, _LINES + 1), state=state))
        by.append(entries(field for _, field in members))
    members = next(iter(of.values()))
    if len(groups) == 1 and len({country_name(view, index)[0] for index, _ in members}) == 1:
        index, field = members[0]
        country = view.trial.countries[index]
        key = f"is.{key_of(getattr(country.status, field.rpartition('.')[2]))}"
        case = f"{key}.{stages.of_country(country)}"
        state_ = view.words(case if view.texts.has(case) else key)
        yield worded(view, "status.in_country", *by, country=country_name(view, index)[0], state=state_)
    else:
        yield worded(view, "status.by_country", *by, groups=view.texts.listed(groups))


_TAKING = (Recruitment.RECRUITING, Recruitment.BY_INVITATION)
"""Recruitment that people can still join by."""


def _joining(view: View) -> Iterator[Sentence]:
    """Yield the countries in which people can join, or cannot, unlike in the trial as a whole."""
    whole = view.trial.status.recruitment
    known = {index: one.status.recruitment for index, one in enumerate(view.trial.countries) if one.status.recruitment}
    can = [index for index, term in known.items() if term in _TAKING]
    others = [index for index in known if index not in can]
    if whole is None or not can or (whole in _TAKING and not others):
        return
    some = others if whole in _TAKING else can
    names = list(dict.fromkeys(country_name(view, index)[0] for index in some))
    key = "status.joining.closed" if whole in _TAKING else "status.joining.open"
    by = entries(f"countries[{index}].status.recruitment" for index in some)
    yield worded(view, key, by, "status.recruitment", countries=view.texts.some(names, _LINES + 2))


def _decisions(view: View) -> Iterator[tuple[dict[str, Words], list[By]]]:
    """Yield what was decided in each country and when, with the fields."""
    for index, country in enumerate(view.trial.countries):
        for number, event in enumerate(country.events):
            if event.kind is EventKind.DECISION and event.decision is not None:
                path = f"countries[{index}].events[{number}]"
                name, field = country_name(view, index)
                state = view.words(f"was.{key_of(event.decision)}")
                at = view.texts.at(event.date) if event.date else ""
                slots: dict[str, Words] = {"country": name, "state": state, "at": at}
                yield slots, [field, f"{path}.decision", *([f"{path}.date"] if event.date else [])]


def _happened(view: View) -> Iterator[Sentence]:
    """Yield early ends and halts with their reasons; the details have the rest."""
    found: list[tuple[str, Event, int | None]] = []
    parts: list[tuple[str, tuple[Event, ...], int | None]] = [("", view.trial.events, None)]
    parts += [(f"countries[{index}].", one.events, index) for index, one in enumerate(view.trial.countries)]
    for path, events, index in parts:
        kinds = set()
        for number, event in enumerate(events):
            if event.kind in (EventKind.EARLY_TERMINATION, EventKind.HALT) and event.kind not in kinds:
                planned = event.date is not None and bool(event.date.estimated)
                if not planned:
                    kinds.add(event.kind)
                    found.append((f"{path}events[{number}]", event, index))
    for path, event, index in found[:_LINES]:
        yield _happening(view, path, event, index)
    if len(found) > _LINES:
        rest = [path for path, _, _ in found[_LINES:]]
        yield worded(view, "more", entries(rest), number=view.texts.count("more.event", len(rest)))
    why = view.trial.status.why_stopped
    if why and why.strip():
        yield quoting(view, "status.why", why, "status.why_stopped")
    elif view.trial.status.trial is Progress.TERMINATED_EARLY and not course.ended_early(view) and not view.partial:
        yield from gap(view, "events", "early")


def _happening(view: View, path: str, event: Event, index: int | None) -> Sentence:
    """Return what happened, where, when and why."""
    by: list[By] = [f"{path}.kind", *([f"{path}.date"] if event.date else [])]
    slots: dict[str, Words] = {"at": view.texts.at(event.date) if event.date else ""}
    if index is not None:
        name, field = country_name(view, index)
        slots["country"], by = name, [*by, field]
    reasons = {
        f"{path}.reasons[{number}]": words for number, one in enumerate(event.reasons) if (words := _reason(one.text))
    }
    slots["reasons"] = view.texts.series(list(reasons.values()))
    kind = event.kind.name if event.kind else ""
    cases = {".country": index is not None, ".dated": event.date is not None, ".why": bool(reasons)}
    key = "".join([f"event.{kind}", *(case for case, holds in cases.items() if holds)])
    return worded(view, key, *by, *reasons, **slots)


def _reason(text: str | None) -> Words:
    return Quote(text) if text and any(char.isalpha() for char in text) else ""


def _dates(view: View) -> Iterator[Sentence]:
    """Yield when it was decided on, started and ended."""
    dates, texts = view.trial.dates, view.texts
    if dates.decision is not None and view.trial.status.regulatory in _OPEN:
        yield worded(
            view, "dates.decision.clash", "dates.decision", "status.regulatory", date=texts.date(dates.decision)
        )
    elif dates.decision is not None and (view.stage == stages.AHEAD or view.as_of is None):
        yield worded(view, "dates.decision", "dates.decision", date=texts.date(dates.decision))
    yield from _approved(view)
    start = _come(view, "start", "recruitment_start")
    end = _come(view, "end", "global_end")
    plan = None if end or view.stage == stages.OVER else _plan(view, "end")
    if start and end:
        yield worded(view, "dates.both", start[0], end[0], start=texts.at(start[1]), end=texts.at(end[1]))
    elif start and plan:
        key = "dates.start.plan.past" if _before(view, plan[1]) else "dates.start.plan"
        yield worded(view, key, start[0], plan[0], start=texts.at(start[1]), end=texts.at(plan[1]))
    elif start and view.trial.status.trial is Progress.NEVER_STARTED:
        yield worded(view, "dates.start.never", start[0], date=texts.date(start[1]))
    elif start:
        yield worded(view, "dates.start", start[0], at=texts.at(start[1]))
    elif end:
        yield worded(view, "dates.end", end[0], at=texts.at(end[1]))


_OPEN = (Regulatory.PENDING, Regulatory.UNDER_EVALUATION)
"""The status of a trial that nobody has decided on."""


def _approved(view: View) -> Iterator[Sentence]:
    """Yield by which day authority and ethics committee had decided, where a register has no more than that."""
    for index, event in enumerate(view.trial.events):
        if event.kind is EventKind.DECISION_AND_OPINION and event.date is not None:
            path = f"events[{index}]"
            yield worded(view, "dates.approved", f"{path}.kind", f"{path}.date", date=view.texts.date(event.date))
            return


def _come(view: View, *names: str) -> tuple[str, PartialDate] | None:
    """Return the first of some dates that is no plan, and its field."""
    for name in names:
        date = getattr(view.trial.dates, name)
        if date is not None and not date.estimated:
            return f"dates.{name}", date
    return None


_PLANS = {
    "start": ("estimated_recruitment_start", "estimated_start", "recruitment_start", "start"),
    "end": ("estimated_end", "end", "estimated_global_end", "global_end"),
}
"""The dates of plans, those of the plan itself first."""


def _plans(view: View) -> Iterator[Sentence]:
    """Yield what is planned, or was planned if the day lies before that of the record."""
    if view.stage == stages.OVER or _come(view, "start", "recruitment_start"):
        return
    start = None if _come(view, "start", "recruitment_start") else _plan(view, "start")
    end = None if _come(view, "end", "global_end") else _plan(view, "end")
    found = {name: one for name, one in (("start", start), ("end", end)) if one}
    if not found:
        return
    past = [name for name, (_, date) in found.items() if _before(view, date)]
    key = f"plan.{'both' if len(found) == 2 else next(iter(found))}"
    if past:
        key = f"{key}.past"
    slots = {name: view.texts.at(date) for name, (_, date) in found.items()}
    yield worded(view, key, *(field for field, _ in found.values()), **slots)


def _plan(view: View, what: str) -> tuple[str, PartialDate] | None:
    for name in _PLANS[what]:
        date = getattr(view.trial.dates, name)
        if date is not None and (date.estimated or name.startswith("estimated")):
            return f"dates.{name}", date
    return None


def _before(view: View, date: PartialDate) -> bool:
    """Whether a date lies before the day of the record."""
    return view.latest is not None and bool(date.before(view.latest))


def _results(view: View) -> Iterator[Sentence]:
    """Yield whether there are results; that there are none is only stated where the format could hold them."""
    trial = view.trial
    posted = trial.dates.results_posted
    if results.holds(view):
        yield worded(view, "results.here", entries(["results"]))
    elif trial.results.postings:
        fields = [f"results.postings[{index}]" for index in range(len(trial.results.postings))]
        yield worded(view, "results.posted", entries(fields), number=view.texts.count("posting", len(fields)))
    elif trial.results.posted or posted or trial.results.url:
        names = (
            ("results.posted", trial.results.posted),
            ("dates.results_posted", posted),
            ("results.url", trial.results.url),
        )
        by = [name for name, known in names if known]
        yield worded(view, "results.elsewhere", *by)
    elif trial.results.posted is False:
        yield worded(view, "results.none", "results.posted")
    elif view.missing("results") is not None:
        yield from gap(view, "results", "results")
    elif all(map(view.never, ("results.postings", "results.outcomes"))):
        yield worded(view, "results.never", Lack(view.kind.format, "results"))
    else:
        yield worded(view, "results.none", Gap("results.postings", None, view.texts.plain("ask.results")))


def _sites(view: View) -> Iterator[Sentence]:
    """Yield where people are seen."""
    names: dict[str, Words] = {}
    for index, site in enumerate(view.trial.sites):
        name = view.quote(f"sites[{index}].name")
        city = view.quote(f"sites[{index}].city")
        if name:
            names[f"sites[{index}].name"] = view.words("site", name=name, city=city) if city and site.city else (name,)
    if not names:
        return
    first = dict(list(names.items())[:_SITES])
    key = "sites.one" if len(names) == 1 else "sites.few" if len(names) <= _SITES else "sites.many"
    number = view.texts.count("site", len(names))
    yield worded(view, key, entries(names), sites=view.texts.series(list(first.values())), number=number)


_CONTACTS = (ContactKind.PUBLIC, ContactKind.SCIENTIFIC)
"""Whom the public can ask, the first one best."""


def _contact(view: View) -> Iterator[Sentence]:
    """Yield whom to ask, with an address and a number."""
    contacts = view.trial.contacts
    order = [index for kind in _CONTACTS for index, one in enumerate(contacts) if one.kind is kind]
    for index in order:
        path = f"contacts[{index}]"
        name = next((words for one in ("name", "organisation") if (words := view.quote(f"{path}.{one}"))), None)
        ways = {f"{path}.{one}": words for one in ("email", "phone") if (words := view.quote(f"{path}.{one}"))}
        if ways and name:
            by = [f"{path}.name" if contacts[index].name else f"{path}.organisation", *ways]
            yield worded(view, "contact", *by, name=name, ways=view.texts.series(list(ways.values())))
            return

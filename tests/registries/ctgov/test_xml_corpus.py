"""Real XML of ClinicalTrials.gov against XPaths that know no table, and what is reported for a changed record."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from tests.conftest import corpus_files
from tests.counting import readable
from trialparse.model import Contact, Trial
from trialparse.model.terms import (
    Allocation,
    ContactKind,
    EndpointKind,
    MaskedRole,
    Masking,
    Phase,
    Sex,
    SponsorRole,
    StudyType,
)
from trialparse.parsing.calls import parse
from trialparse.parsing.parsed import Parsed

pytestmark = pytest.mark.corpus

FILES = [path for path in corpus_files("ctgov") if path.parent.name == "xml"]
EACH_FILE = pytest.mark.parametrize("path", [pytest.param(path, id=path.stem) for path in FILES])

FACTS = 7400
"""Facts that are compared over all files, at the least."""


@cache
def outcome(path: Path) -> Parsed:
    (found,) = readable(path)
    return found


@EACH_FILE
def test_all_is_read(path: Path) -> None:
    """A document is one record of the format, each leaf has a row, and what is reported stands by right."""
    found = outcome(path)

    assert found.format.name == "ctgov-xml"
    assert Counter(found.audit().unmapped) <= UNMAPPED.get(path.stem, Counter())
    assert {(one.problem.name, re.sub(r"\[\d+\]", "[]", one.field or "")) for one in found.diagnostics} <= WHY.keys()


_REPEATED = "clinical_results.outcome_list.outcome.safety_issue"
UNMAPPED = {
    "vcr2016_NCT00444457": Counter({_REPEATED: 8}),
    "vcr2016_NCT00626327": Counter({_REPEATED: 2}),
    "vcr2016_NCT00799773": Counter({_REPEATED: 1}),
}
"""Leaves that no row reads: an outcome repeats the flag of the same outcome as planned, which is not a primary one."""

WHY: dict[tuple[str, str], str] = {
    ("IMPLAUSIBLE", "results.outcomes[].anticipated_posting"): "12/3333, where the sponsor gives no date",
}
"""Why each kind of diagnostic stands: (problem, field without indices)."""


# an oracle ------------------------------------------------------------------------------------------------------------


class Source:
    """A document, asked by XPath."""

    def __init__(self, path: Path) -> None:
        self.root = etree.parse(str(path)).getroot()

    def all(self, path: str, root: Any = None) -> list[str]:
        """Return the words at a path, those that are blank too."""
        return [words(str(found)) for found in (self.root if root is None else root).xpath(path)]

    def one(self, path: str, root: Any = None) -> str | None:
        """Return the words at a path; None where there are none."""
        return next(filter(None, self.all(path, root)), None)


def words(text: str | None) -> str:
    """Return a text with single blanks."""
    return " ".join((text or "").split())


def plain(text: str | None) -> str:
    """Return the words of prose without the marks before items, which are written in several ways."""
    text = words(text).replace("\uf0b3", "≥")  # a sign of the font Symbol
    return words(re.sub(r"(?<!\S)(?:[-*•]|\d{1,3}[.)])(?!\S)", "", text))


MONTHS = ("January February March April May June July August September October November December").split()
PHASES = {
    "Phase 1": {Phase.I},
    "Phase 1/Phase 2": {Phase.I, Phase.II},
    "Phase 2": {Phase.II},
    "Phase 2/Phase 3": {Phase.II, Phase.III},
    "Phase 3": {Phase.III},
    "Phase 4": {Phase.IV},
    "N/A": {Phase.NOT_APPLICABLE},
    None: set(),
}


def day(text: str | None) -> str | None:
    """Return an English date as ISO 8601."""
    if text is None:
        return None
    month, *rest = text.replace(",", "").split()
    return "-".join([rest[-1], f"{MONTHS.index(month) + 1:02}", *(f"{int(one):02}" for one in rest[:-1])])


def stated(value: Any) -> str | None:
    """Return a date of the model as ISO 8601."""
    return None if value is None else str(value)


def people(contacts: tuple[Contact, ...], kind: ContactKind) -> list[tuple[str | None, ...]]:
    return [(one.name, one.organisation, one.phone, one.email) for one in contacts if one.kind is kind]


def facts(source: Source, trial: Trial) -> Iterator[tuple[str, Any, Any]]:
    """Yield each headline field, what the document says of it, and what the Trial holds."""
    one, many = source.one, source.all
    yield "id", one("id_info/nct_id/text()"), trial.id
    yield (
        "protocol",
        many("id_info/org_study_id/text()"),
        [n.value for n in trial.identifiers if n.scheme == "protocol"],
    )
    numbers = len(many("id_info/secondary_id/text()")) + len(many("id_info/nct_alias/text()")) + 2
    yield "numbers", numbers, len(trial.identifiers)
    yield "title", one("brief_title/text()"), trial.public_title
    yield "official title", one("official_title/text()"), trial.scientific_title
    yield "acronym", one("acronym/text()"), trial.acronym
    yield "source", one("source/text()"), trial.record_provider
    yield "summary", plain(one("brief_summary/textblock/text()")), plain(trial.brief_summary)
    yield "description", plain(one("detailed_description/textblock/text()")), plain(trial.detailed_description)
    yield "status", one("overall_status/text()"), trial.status.text
    yield "stopped", one("why_stopped/text()"), trial.status.why_stopped
    yield from dated(source, trial)
    yield "sponsors", many("sponsors/*/agency/text()"), [sponsor.name for sponsor in trial.sponsors]
    classes = [sponsor.type.text for sponsor in trial.sponsors if sponsor.type is not None]
    yield "classes", many("sponsors/*/agency_class/text()"), classes
    lead = [sponsor.name for sponsor in trial.sponsors if sponsor.role is SponsorRole.PRIMARY]
    yield "lead", many("sponsors/lead_sponsor/agency/text()"), lead
    party = one("responsible_party/responsible_party_type/text()")
    yield "party", party, trial.responsible_party and trial.responsible_party.text
    yield "committee", one("oversight_info/has_dmc/text()"), yes(trial.data_monitoring_committee)
    yield "FDA", one("is_fda_regulated/text()"), yes(trial.fda_regulated)
    yield "conditions", many("condition/text()"), [condition.text for condition in trial.conditions]
    yield "keywords", many("keyword/text()"), list(trial.keywords)
    yield "MeSH", many("condition_browse/mesh_term/text()"), [code.label for code in trial.condition_codes]
    yield "drugs", many("intervention_browse/mesh_term/text()"), [code.label for code in trial.intervention_codes]
    yield "type", one("study_type/text()") == "Observational", trial.study_type is StudyType.OBSERVATIONAL
    yield "phases", PHASES[one("phase/text()")], set(trial.phases)
    yield "arm count", one("number_of_arms/text()"), number(trial.design.arms)
    yield "group count", one("number_of_groups/text()"), number(trial.design.groups)
    yield "enrolment", one("enrollment[@type='Actual']/text()"), number(trial.enrolment.actual)
    yield "planned", one("enrollment[@type='Anticipated']/text()"), number(trial.enrolment.planned)
    yield from designed(source, trial)
    yield from treated(source, trial)
    yield from measured(source, trial)
    yield from eligible(source, trial)
    yield from placed(source, trial)
    yield "papers", many("reference/PMID/text() | results_reference/PMID/text()"), papers(trial)
    yield "citations", len(many("reference | results_reference")), len(trial.publications)
    yield "links", many("link/url/text()"), [link.url for link in trial.links]


def yes(value: bool | None) -> str | None:
    return None if value is None else "Yes" if value else "No"


def number(value: int | None) -> str | None:
    return None if value is None else str(value)


def papers(trial: Trial) -> list[str]:
    return [paper.pubmed for paper in trial.publications if paper.pubmed]


def dated(source: Source, trial: Trial) -> Iterator[tuple[str, Any, Any]]:
    """Yield the dates, and whether those of the trial are planned."""
    for name, value in (
        ("start_date", trial.dates.start),
        ("primary_completion_date", trial.dates.primary_completion),
        ("completion_date", trial.dates.end),
    ):
        said = {None: None, "Actual": False, "Anticipated": True}[source.one(f"{name}/@type")]
        yield name, day(source.one(f"{name}/text()")), stated(value)
        yield f"{name}, planned", said, value and value.estimated
    for old, new, value in (
        ("firstreceived_date", "study_first_submitted", trial.dates.registered),
        ("firstreceived_results_date", "results_first_submitted", trial.dates.results_submitted),
        ("firstreceived_results_disposition_date", "disposition_first_submitted", trial.dates.delay_submitted),
        ("lastchanged_date", "last_update_submitted", trial.dates.updated),
        ("verification_date", "verification_date", trial.dates.verified),
        ("study_first_posted", "study_first_posted", trial.dates.first_published),
        ("last_update_posted", "last_update_posted", trial.dates.published),
        ("results_first_posted", "results_first_posted", trial.dates.results_posted),
    ):
        yield new, day(source.one(f"{new}/text()") or source.one(f"{old}/text()")), stated(value)
    header = source.one("required_header/download_date/text()") or ""
    yield "export", day(header.rpartition(" on ")[2]), stated(trial.dates.exported)


LEVELS = {"Open": Masking.OPEN, "No masking": Masking.OPEN, "None": Masking.OPEN} | {
    level.name.capitalize(): level for level in (Masking.SINGLE, Masking.DOUBLE, Masking.TRIPLE, Masking.QUADRUPLE)
}
ROLES = {
    "Participant": MaskedRole.PARTICIPANT,
    "Subject": MaskedRole.PARTICIPANT,
    "Care": MaskedRole.CARER,
    "Investigator": MaskedRole.INVESTIGATOR,
    "Assessor": MaskedRole.ASSESSOR,
}


def designed(source: Source, trial: Trial) -> Iterator[tuple[str, Any, Any]]:
    """Yield the design, which is in elements or in one text."""
    text = source.one("study_design/text()") or ""

    def said(name: str, label: str) -> str | None:
        found = re.search(rf"{label}: ([^,:(]+(?:\([^)]*\))?)", text)
        return source.one(f"study_design_info/{name}/text()") or (found[1] if found else None)

    design, masking = trial.design, said("masking", "Masking") or ""
    allocation = {None: set(), "Randomized": {Allocation.RANDOMISED}, "Non-Randomized": {Allocation.NON_RANDOMISED}}
    yield "allocation", allocation[said("allocation", "Allocation")], set(design.allocation)
    purpose = (said("primary_purpose", "Primary Purpose") or "").upper().replace(" ", "_")
    yield "purpose", purpose, "" if design.purpose is None else design.purpose.name
    model = (said("intervention_model", "Intervention Model") or "").removesuffix(" Assignment").upper()
    yield "model", {model.replace(" ", "_")} - {""}, {each.name for each in design.assignment}
    yield "masking", {LEVELS[word] for word in LEVELS if masking.startswith(word)}, set(design.masking)
    yield "masked", {ROLES[word] for word in ROLES if word in masking}, set(design.masked_roles)


def treated(source: Source, trial: Trial) -> Iterator[tuple[str, Any, Any]]:
    """Yield arms and interventions."""
    yield "arms", source.all("arm_group/arm_group_label/text()"), [arm.title for arm in trial.arms]
    types = [arm.type.text for arm in trial.arms if arm.type is not None]
    yield "arm types", source.all("arm_group/arm_group_type/text()"), types
    told = [words(arm.description) for arm in trial.arms if arm.description]
    yield "arm descriptions", source.all("arm_group/description/text()"), told
    yield "interventions", source.all("intervention/intervention_name/text()"), [i.name for i in trial.interventions]
    labels = [label for each in trial.interventions for label in each.arms]
    yield "joins", source.all("intervention/arm_group_label/text()"), labels
    names = [name for each in trial.interventions for name in each.synonyms]
    yield "synonyms", source.all("intervention/other_name/text()"), names
    more = [words(each.description) for each in trial.interventions if each.description]
    yield "intervention descriptions", source.all("intervention/description/text()"), more


def measured(source: Source, trial: Trial) -> Iterator[tuple[str, Any, Any]]:
    """Yield the outcomes that are planned."""
    kinds = {"primary": EndpointKind.PRIMARY, "secondary": EndpointKind.SECONDARY, "other": EndpointKind.OTHER}
    for name, kind in kinds.items():
        said = [
            tuple(source.one(f"{part}/text()", each) for part in ("measure", "time_frame", "safety_issue"))
            for each in source.root.findall(f"{name}_outcome")
        ]
        held = [(each.text, each.time_frame, yes(each.safety)) for each in trial.endpoints if each.kind is kind]
        yield f"{name} outcomes", said, held


def eligible(source: Source, trial: Trial) -> Iterator[tuple[str, Any, Any]]:
    """Yield who may take part."""
    who = trial.eligibility
    sex = {"All": Sex.ALL, "Both": Sex.ALL, "Female": Sex.FEMALE, "Male": Sex.MALE}
    yield "sex", sex[source.one("eligibility/gender/text()") or ""], who.sex
    healthy = {None: None, "No": False, "Accepts Healthy Volunteers": True}
    yield "healthy", healthy[source.one("eligibility/healthy_volunteers/text()")], who.healthy_volunteers
    for name, age in (("minimum_age", who.minimum_age), ("maximum_age", who.maximum_age)):
        said = (source.one(f"eligibility/{name}/text()") or "").replace("N/A", "")
        yield name, said.rstrip("s").lower(), "" if age is None else f"{age.value} {age.unit.name}".lower()
    yield "criteria", plain(source.one("eligibility/criteria/textblock/text()")), plain(who.text)
    yield "population", plain(source.one("eligibility/study_pop/textblock/text()")), plain(who.study_population)


def placed(source: Source, trial: Trial) -> Iterator[tuple[str, Any, Any]]:
    """Yield places and contacts."""
    parts = ("facility/name", "facility/address/city", "facility/address/state", "facility/address/zip", "status")
    said = [tuple(source.one(f"{part}/text()", each) for part in parts) for each in source.root.findall("location")]
    held = [(site.name, site.city, site.state, site.postcode, site.status.text) for site in trial.sites]
    yield "sites", said, held
    names = dict.fromkeys(source.all("location/facility/address/country/text()"))
    yield "countries", list(names), [country.name for country in trial.countries]
    yield "removed", source.all("removed_countries/country/text()"), [one.text for one in trial.countries_removed]
    nearby = [
        words(each.findtext("last_name"))
        for place in source.root.findall("location")
        for name in ("contact", "contact_backup", "investigator")
        for each in place.findall(name)
    ]
    yield "contacts of sites", nearby, [contact.name for site in trial.sites for contact in site.contacts]
    for path, kind in (
        ("overall_official", ContactKind.OFFICIAL),
        ("overall_contact | overall_contact_backup", ContactKind.PUBLIC),
    ):
        named = [
            tuple(source.one(f"{part}/text()", each) for part in ("last_name", "affiliation", "phone", "email"))
            for each in source.root.xpath(path)
        ]
        yield path, named, people(trial.contacts, kind)


def test_headline_fields() -> None:
    """Every headline field is what XPath finds of it."""
    compared, differing = 0, []
    for path in FILES:
        for name, said, held in facts(Source(path), outcome(path).trial):
            compared += max(1, len(said)) if isinstance(said, list | set) else 1
            if said != held and (said or held):
                differing.append((path.stem, name, said, held))
    assert differing == []
    assert compared >= FACTS


# results --------------------------------------------------------------------------------------------------------------

EVENTS = "clinical_results/reported_events/{}/category_list/category[title {} 'Total']/event_list/event"
TABLES = "//measure[title != 'Number of Participants']//measurement"


def numbers(words: list[str]) -> list[float]:
    """Return the numbers among words, in their order by size."""
    return sorted(float(word.replace(",", "")) for word in words if re.fullmatch(r"-?[\d.,]*\d[\d.,]*", word))


def held(values: Iterator[float | None]) -> list[float]:
    return sorted(float(value) for value in values if value is not None)


def results(source: Source, trial: Trial) -> Iterator[tuple[str, list[float], list[float]]]:
    """Yield each kind of number in the results: those of the document, and those of the Trial."""
    flow, events, many = trial.results.flow, trial.results.adverse_events, source.all
    said = [count for period in flow.periods for milestone in period.milestones for count in milestone.counts]
    yield "flow", numbers(many("//milestone//@count")), held(count.participants for count in said)
    left = [count for reason in flow.withdrawals for count in reason.counts]
    yield "left", numbers(many("//drop_withdraw_reason//@count")), held(count.participants for count in left)
    for name, part, tables in (
        ("baseline", "baseline", trial.results.baseline.measures),
        ("outcomes", "outcome_list", trial.results.outcomes),
    ):
        cells = [value for table in tables for value in table.values]
        place = f"clinical_results/{part}{TABLES}"
        yield f"{name}, values", numbers(many(f"{place}/@value")), held(cell.value for cell in cells)
        spread = numbers([*many(f"{place}/@spread"), *many(f"{place}/@lower_limit")])
        yield f"{name}, dispersion", spread, held(cell.dispersion for cell in cells)
        upper = numbers(many(f"{place}/@upper_limit"))
        yield f"{name}, upper", upper, held(cell.dispersion_upper for cell in cells)
    groups = [group for outcome in trial.results.outcomes for group in outcome.groups]
    asked = "measure/analyzed_list/analyzed[units = 'Participants']//@value"
    older = "measure_list/measure[title = 'Number of Participants']//@value"
    everybody = many(f"//outcome/{asked} | //outcome/{older}")
    yield "analysed", numbers(everybody), held(group.participants for group in groups)
    analyses = [analysis for outcome in trial.results.outcomes for analysis in outcome.analyses]
    yield "estimates", numbers(many("//analysis/param_value/text()")), held(one.estimate.value for one in analyses)
    for name, found in (("serious_events", events.serious), ("other_events", events.non_serious)):
        counts, place = [count for event in found for count in event.counts], EVENTS.format(name, "!=")
        yield name, numbers(many(f"{place}/counts/@subjects_affected")), held(count.affected for count in counts)
        yield f"{name}, risk", numbers(many(f"{place}/counts/@subjects_at_risk")), held(c.exposed for c in counts)
        yield f"{name}, times", numbers(many(f"{place}/counts/@events")), held(c.occurrences for c in counts)
    totals = "/counts/@subjects_affected"
    serious = many(EVENTS.format("serious_events", "=") + "[contains(sub_title, 'serious')]" + totals)
    yield "serious, total", numbers(serious), held(group.serious_affected for group in events.groups)
    other = many(EVENTS.format("other_events", "=") + totals)
    yield "other, total", numbers(other), held(group.non_serious_affected for group in events.groups)
    died = many(EVENTS.format("serious_events", "=") + "[contains(sub_title, 'mortality')]" + totals)
    yield "deaths", numbers(died), held(group.deaths for group in events.groups)


def test_results() -> None:
    """Each number of the results, in each of their parts, is in the Trial, and no other is."""
    compared, differing = Counter[str](), []
    for path in FILES:
        for name, said, there in results(Source(path), outcome(path).trial):
            compared[name] += len(said)
            if said != there:
                differing.append((path.stem, name, len(said), len(there)))
    assert differing == []
    assert len(compared) == 19
    assert compared.total() >= NUMBERS


NUMBERS = 20_000
"""Numbers that are compared over all files, at the least."""


# what changes ---------------------------------------------------------------------------------------------------------

Change = Callable[[Any], None]


def put(name: str, text: str) -> Change:
    """Give an element another text, or add it."""

    def change(root: Any) -> None:
        found = root.find(name)
        if found is None:
            found = etree.SubElement(root, name)
        for child in list(found):
            found.remove(child)
        found.text = text

    return change


def drop(*names: str) -> Change:
    """Take all elements of some names out."""

    def change(root: Any) -> None:
        for found in [each for name in names for each in root.findall(name)]:
            root.remove(found)

    return change


def put_below(name: str, **children: str) -> Change:
    """Put an element with these children in the place of all of its name."""

    def change(root: Any) -> None:
        drop(name)(root)
        made = etree.SubElement(root, name)
        for child, text in children.items():
            etree.SubElement(made, child).text = text

    return change


def nest(root: Any) -> None:
    """Put elements where a text is."""
    title = root.find("brief_title")
    etree.SubElement(etree.SubElement(title, "future"), "part").text = "Part"


CHANGES: dict[str, tuple[Change, bool]] = {
    "new phase": (put("phase", "Phase 2A"), True),
    "no phase": (put("phase", ""), False),
    "new status": (put("overall_status", "Paused"), True),
    "new type": (put_below("intervention", intervention_type="Quantum", intervention_name="x"), True),
    "no name": (put_below("intervention", intervention_type="Drug"), False),
    "interventions text": (put("intervention", "aspirin"), True),
    "count of words": (put("enrollment", "a hundred"), True),
    "garbage date": (put("start_date", "soon"), True),
    "no design": (drop("study_type", "phase", "study_design_info", "study_design", "number_of_arms"), False),
    "no status": (drop("overall_status", "start_date", "completion_date", "verification_date"), False),
    "no sponsor": (drop("sponsors", "source", "responsible_party"), False),
    "extra section": (put_below("future_section", first="1", second="2"), True),
    "object for a text": (nest, True),
}
"""Changes, and whether something has to be told of each: what is only missing is not."""


@pytest.mark.parametrize("name", CHANGES)
def test_a_changed_record_is_read_and_told(name: str) -> None:
    """A word, an element or a type that is new loses no record, and is never silent."""
    change, told = CHANGES[name]
    silent = []
    for path in FILES:
        root = etree.parse(str(path)).getroot()
        number = root.findtext("id_info/nct_id")
        change(root)
        found = parse(etree.tostring(root))
        assert found.trial.id == number
        if told and not found.diagnostics and not found.audit().unmapped:
            silent.append(path.stem)
    assert FILES
    assert silent == []

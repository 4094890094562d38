"""Results against the official schemas, and what holds for real files."""

from collections import Counter
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from tests.conftest import corpus_files
from tests.parsing.documents import quick
from trialparse import Parsed, Rejected, Severity, parse, read
from trialparse.diagnostics import Problem
from trialparse.mapping.compiled import mapping_of
from trialparse.parsing.accounts import ledger_of
from trialparse.parsing.ledger import UNMAPPED
from trialparse.readers.paths import resolved, write_path
from trialparse.registries import FORMATS
from trialparse.strategies import documents
from trialparse.tsv import read_lines

RESULT, EVENTS = (
    next(one for one in FORMATS if one.name == f"euctr-{name}-xml") for name in ("results", "adverse-events")
)
XS = "{http://www.w3.org/2001/XMLSchema}"


class Official:
    """An official XML Schema, as far as the two of EudraCT use its language."""

    def __init__(self, folder: Path) -> None:
        roots = [etree.parse(folder / name).getroot() for name in ("results_reconstructed.xsd", "adverseEvents.xsd")]
        self.types = {one.get("name"): one for root in reversed(roots) for one in root.findall(f"{XS}complexType")}
        self.types["AdverseEvents"] = next(one for one in roots[1].findall(f"{XS}complexType[@name='AdverseEvents']"))

    def parts(self, holder: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, str, str, str]]:
        """Give path, least and most number and kind of each part of a type, in order."""
        extension = holder.find(f"{XS}complexContent/{XS}extension")
        if extension is not None:
            yield from self.parts(self.types[extension.get("base").partition(":")[2]], path)
        for part in (extension if extension is not None else holder).iterchildren(f"{XS}sequence", f"{XS}attribute"):
            if part.tag == f"{XS}attribute":
                least = "1" if part.get("use") == "required" else "0"
                yield ".".join((*path, f"@{part.get('name')}")), least, "1", self.kind(part)
            for element in part.iterchildren(f"{XS}element"):
                yield from self.element(element, (*path, element.get("name")))

    def element(self, element: Any, path: tuple[str, ...]) -> Iterator[tuple[str, str, str, str]]:
        """Give an element, and what it holds."""
        most = element.get("maxOccurs", "1").replace("unbounded", "many")
        inline, name = element.find(f"{XS}complexType"), element.get("type", "")
        known = inline if inline is not None or name.startswith("xs:") else self.types.get(name.partition(":")[2])
        yield ".".join(path), element.get("minOccurs", "1"), most, self.kind(element) if known is None else "parts"
        if known is not None:
            yield from self.parts(known, path)

    @staticmethod
    def kind(part: Any) -> str:
        """Return the type of the words of a part."""
        inline = part.find(f"{XS}simpleType/{XS}restriction")
        name: str = part.get("type") if inline is None else inline.get("base")
        return name.partition(":")[2]

    def leaves(self, root: str) -> set[tuple[str, ...]]:
        """Return the paths of attributes and of elements that hold words."""
        parts = self.parts(self.types[root])
        return {tuple(path.split(".")) for path, _, _, kind in parts if kind != "parts"}


@pytest.fixture(scope="module")
def refs(corpus: Path) -> Path:
    """Return the folder of the official schemas, which stand beside the real exports."""
    folder = corpus.parent / "formats" / "euctr" / "refs"
    if not folder.is_dir():
        pytest.skip("the official schemas are not on this machine")
    return folder


@pytest.mark.corpus
class TestSchema:
    """Every element and attribute of the official schemas is mapped, or ignored for a reason."""

    @pytest.mark.parametrize(("format", "root"), [(RESULT, "ResultSet"), (EVENTS, "AdverseEvents")])
    def test_every_leaf(self, format: Any, root: str, refs: Path) -> None:
        leaves = Official(refs).leaves(root)
        ledger = ledger_of(format)

        assert len(leaves) == {"ResultSet": 373, "AdverseEvents": 44}[root]
        assert {leaf for leaf in leaves if ledger.at(leaf).judge(False) == UNMAPPED} == set()

    @pytest.mark.parametrize(("format", "root"), [(RESULT, "ResultSet"), (EVENTS, "AdverseEvents")])
    def test_no_row_reads_what_is_not_there(self, format: Any, root: str, refs: Path) -> None:
        leaves = Official(refs).leaves(root)
        known = leaves | {leaf[:end] for leaf in leaves for end in range(len(leaf))}
        paths = {resolved(path) for row in mapping_of(format).rows for path in row.paths}

        assert {write_path(path) for path in paths if tuple(step.key for step in path) not in known} == set()

    @pytest.mark.parametrize(("format", "root"), [(RESULT, "ResultSet"), (EVENTS, "AdverseEvents")])
    def test_the_table_of_the_schema(self, format: Any, root: str, refs: Path) -> None:
        """What documents are made by says the same as the schema: parts, their order and number, and their types."""
        official = Official(refs)
        rows = read_lines(files("trialparse.registries.euctr") / format.schema)

        assert [(row["path"], row["least"], row["most"], row["kind"]) for _, row in rows] == [
            *official.parts(official.types[root])
        ]

    @pytest.mark.parametrize(("format", "file"), [(RESULT, "results_reconstructed.xsd"), (EVENTS, "adverseEvents.xsd")])
    @pytest.mark.parametrize("sparse", [True, False])
    @settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
    @given(data=st.data())
    def test_documents_that_are_made_are_valid(
        self, format: Any, file: str, sparse: bool, refs: Path, data: st.DataObject
    ) -> None:
        document = data.draw(documents(format, sparse=sparse))
        etree.XMLSchema(etree.parse(refs / file)).assertValid(etree.fromstring(document.data))

    @pytest.mark.parametrize("name", ["results", "results_ongoing", "adverse_events"])
    def test_fixtures_are_valid(self, name: str, fixtures: Path, refs: Path) -> None:
        file = "adverseEvents.xsd" if name == "adverse_events" else "results_reconstructed.xsd"
        schema = etree.XMLSchema(etree.parse(refs / file))
        schema.assertValid(etree.parse(fixtures / "euctr" / f"{name}.xml"))


NOTES: dict[str, dict[Problem, int]] = {
    "NOT_VERBATIM_rebuilt_2014-003556-31_results.xml": {Problem.SENTINEL: 31, Problem.ODD_CHARACTER: 1},
    "NOT_VERBATIM_rebuilt_2016-003884-20_results.xml": {Problem.UNKNOWN_TERM: 6},
    "ae_shug0131_testing_stata_table_eudract.xml": {Problem.ENCODING: 1},
    "broken_ae_shug0131_negtest.xml": {Problem.UNEXPECTED: 2, Problem.BAD_VALUE: 1},
}
"""Diagnostics of real files: nines, a lone carriage return, EUTCT ids of forms that no source names, UTF-16, and what
is wrong on purpose."""


def corpus_results() -> list[Path]:
    """Return the real files of results on this machine."""
    return corpus_files("euctr/results_xml")


def counted(root: Any) -> int:
    """Return the number of leaves of a document, found without the library: attributes, texts and empty elements."""
    nil = "{http://www.w3.org/2001/XMLSchema-instance}nil"
    leaves = 0
    for element in root.iter(etree.Element):
        attributes = len(set(element.keys()) - {nil})
        said = bool((element.text or "").strip())
        leaves += attributes + said + (not said and not attributes and not len(element))
    return leaves


@pytest.mark.corpus
class TestCorpus:
    """Real files: recognised, accounted for to the leaf, diagnostics explained, and as a plain look finds them."""

    @pytest.mark.parametrize("path", corpus_results(), ids=lambda path: path.name)
    def test_accounted(self, path: Path) -> None:
        (parsed,) = read(path)
        assert isinstance(parsed, Parsed)
        root = etree.parse(path).getroot()
        format = RESULT if etree.QName(root).localname == "result" else EVENTS
        told = Counter(one.problem for one in parsed.diagnostics)
        audit = parsed.audit()

        assert parsed.format is format
        assert dict(told) == NOTES.get(path.name, {})
        assert audit.leaves == counted(root)
        assert sum(audit.unmapped.values()) == told[Problem.UNEXPECTED]
        assert set(audit.ignored) <= {"technical id"}

    @pytest.mark.parametrize("path", corpus_results(), ids=lambda path: path.name)
    def test_a_plain_look(self, path: Path) -> None:
        root = etree.parse(path).getroot()
        trial = parse(path).trial
        results, events = trial.results, trial.results.adverse_events

        def number(path: str) -> int:
            return int(root.xpath(f"count({path})"))

        def total(path: str) -> int:
            return int(root.xpath(f"sum({path})"))

        cells = [value for outcome in results.outcomes for value in outcome.values]
        assert (trial.id or "") == (root.get("eudractNumber") or "")
        assert len(results.outcomes) == number("//endPoint")
        assert sum(value.value is not None for value in cells) == number(
            "//endPoint//countableValue/value[.!=''] | //endPoint//tendencyValue/value[.!='' and .!='99999']"
        )
        assert len([one for outcome in results.outcomes for one in outcome.analyses]) == number("//statisticalAnalysis")
        assert len(events.serious) == number("//seriousAdverseEvent")
        assert len(events.non_serious) == number("//nonSeriousAdverseEvent")
        for list_, name in ((events.serious, "seriousAdverseEvent"), (events.non_serious, "nonSeriousAdverseEvent")):
            counts = [count for event in list_ for count in event.counts]
            assert sum(one.occurrences or 0 for one in counts) == total(f"//{name}//occurrences")
            assert sum(one.affected or 0 for one in counts) == total(f"//{name}//subjectsAffected")
            assert sum(one.exposed or 0 for one in counts) == total(f"//{name}//subjectsExposed")
            assert {one.group for one in counts} <= {group.id for group in events.groups}
        assert sum(one.enrolled or 0 for one in trial.countries) == total("//countrySubjectCount/subjects")
        flow = [count for period in results.flow.periods for stone in period.milestones for count in stone.counts]
        assert sum(one.participants or 0 for one in flow) == total("//*[contains(name(), 'Achievement')]/subjects")
        left = [count for reason in results.flow.withdrawals for count in reason.counts]
        assert sum(one.participants or 0 for one in left) == total("//notCompletedReasonDetails//subjects")

    @pytest.mark.parametrize("path", corpus_results(), ids=lambda path: path.name)
    def test_the_quick_run_reads_it(self, path: Path) -> None:
        """Nothing that real files hold, nines among it, is left to the slow run, except what is wrong on purpose."""
        parsed = parse(path)
        made = quick(parsed)
        assert (made is None) == path.name.startswith("broken")
        assert made in (None, parsed.trial)

    def test_what_is_wrong_on_purpose(self, corpus: Path) -> None:
        path = corpus / "euctr" / "results_xml" / "broken_ae_shug0131_negtest.xml"
        told = [(one.severity, one.place.line, one.text) for one in parse(path).diagnostics]
        assert told == [(Severity.ERROR, 27, "Group B"), (Severity.ERROR, 42, "2"), (Severity.WARNING, 821, "NA")]
        with pytest.raises(Rejected, match="line 27"):
            parse(path, raise_at=Severity.WARNING)

"""Documents that are cut off: no end that is lost passes in silence, in any format and at any byte."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import few
from tests.counting import exercised
from trialparse import Severity, TrialParseError, read
from trialparse.mapping.format import Format
from trialparse.readers.notations import Csv
from trialparse.registries import FORMATS
from trialparse.strategies import Cut, cut, documents

every_format = pytest.mark.parametrize("format", FORMATS, ids=lambda format: format.name)


def drawn(format: Format) -> st.SearchStrategy[Cut]:
    """Return cut documents of a format."""
    return documents(format).flatmap(cut)


def ended(one: Cut) -> str:
    """Return how reading a cut document ends: `refused`, `reported`, `whole`, `no row` or `silent`."""
    try:
        outcomes = list(read(one.data))
    except TrialParseError:
        return "refused"
    if not all(outcome.ok for outcome in outcomes):
        return "refused"
    if any(found.severity >= Severity.WARNING for outcome in outcomes for found in outcome.diagnostics):
        return "reported"
    if [outcome.trial for outcome in outcomes] == [one.whole.expected]:
        return "whole"
    header_alone = isinstance(one.whole.format.notation, Csv) and one.data.rstrip(b"\r\n").count(b"\n") == 0
    return "no row" if header_alone and not outcomes else "silent"


class TestCut:
    """A cut document comes with the whole one, and is what is before the cut."""

    @few
    @given(st.data())
    def test_it_is_a_part(self, data: st.DataObject) -> None:
        document = data.draw(documents("ctis-retrieve"))
        found = data.draw(cut(document))

        assert found.whole is document
        assert 0 <= found.at == len(found.data) < len(document.data)
        assert document.data.startswith(found.data)

    @every_format
    def test_nothing_is_lost_in_silence(self, format: Format) -> None:
        """Reading fails, or a diagnostic reports it, or all values were before the cut."""
        ends: list[str] = []

        def law(one: Cut) -> int:
            ends.append(ended(one))
            assert ends[-1] != "silent"
            return 1

        exercised(law, 1, drawn(format))
        assert {"refused", "reported"} & {*ends}

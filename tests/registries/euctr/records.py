"""Records of the EU CTR as tests read them."""

from pathlib import Path

from trialparse.parsing.calls import read
from trialparse.parsing.parsed import Parsed


def records(path: Path) -> list[Parsed]:
    """Return the records of a file; all are readable."""
    found = list(read(path))
    assert all(isinstance(record, Parsed) for record in found)
    return found

"""Long lists of the register's words: the first few are quoted, the others counted."""

from collections.abc import Iterator

from trialparse.model import Trial
from trialparse.pages import wording
from trialparse.pages.page import Block, Listing, Of, Paragraph
from trialparse.pages.sentences import item, say

MOST, FIRST = 10, 5
"""A list of up to `MOST` entries is shown whole; of a longer one the first `FIRST`."""


def quotes(trial: Trial, paths: list[str], noun: str, most: int = MOST, first: int = FIRST) -> Iterator[Block]:
    """Yield a list of quotes, and how many more there are if it is cut."""
    shown = paths if len(paths) <= most else paths[:first]
    yield Listing(tuple(item(trial, path) for path in shown))
    rest = paths[len(shown) :]
    if rest:
        fields = Of(tuple(f"{path}.text" for path in rest), span=True)
        number = wording.count(len(rest), f"more {noun}", f"more {noun}s")
        verb = "is" if len(rest) == 1 else "are"
        yield Paragraph((say("{} {} in the record but not on this page", number, verb, by=fields),))

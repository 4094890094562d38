"""Where several records differ on a value, the article notes it beside the value."""

from collections.abc import Callable, Collection
from typing import Any

import attrs

from trialparse.pages.article.sentences import worded
from trialparse.pages.details.differences import disagreeing
from trialparse.pages.page import Block, Of, OfRecords, Paragraph, Piece, Quote, Sentence, Words
from trialparse.pages.tables import joined
from trialparse.pages.view import View


def differs(view: View, field: str) -> bool:
    """Whether the records give different values of a field."""
    return view.several and field in disagreeing(view)


def spelt_out(view: View, field: str, words: Callable[[Any], Words]) -> Sentence:
    """Return the sentence that lists the values of a field by number of records, the most frequent first."""
    groups: dict[Any, list[int]] = {}
    for index, one in enumerate(view.spreads[field]):
        groups.setdefault(one.value, []).append(index)
    by_size = sorted(groups.items(), key=lambda group: -len(group[1]))
    parts: list[Words] = [
        view.words("unlike.group", value=words(value), records=view.texts.count("record", len(which)))
        for value, which in by_size[:_MOST]
    ]
    if len(by_size) > _MOST:
        parts.append(view.texts.count("more_item", len(by_size) - _MOST))
    by = OfRecords(field, tuple(range(len(view.spreads[field]))))
    return worded(view, "unlike", by, topic=view.texts.differences[field], groups=view.texts.series(parts))


_MOST = 3
"""Values that a sentence lists at most."""


def doubted(view: View, block: Block, fields: Collection[str]) -> Block:
    """Return a paragraph whose sentences on values that differ get a clause; a table has them beside each other."""
    if not isinstance(block, Paragraph):
        return block
    return Paragraph(tuple(_doubted(view, one, fields) for one in block.sentences))


def _doubted(view: View, sentence: Sentence, fields: Collection[str]) -> Sentence:
    """Return a sentence, with a clause that not all records say so if it is about a value that differs."""
    cited = {field for one in sentence.citations if isinstance(one, Of) for field in one.fields}
    explained = {one.field for one in sentence.citations if isinstance(one, OfRecords)}
    found = [field for field in fields if field in cited - explained]
    last: Piece = sentence.parts[-1]
    if not found or sentence.stop != "." or (isinstance(last, Quote) and not sentence.ending):
        return sentence
    by = [OfRecords(field, tuple(range(len(view.spreads[field])))) for field in found]
    parts = joined((*sentence.parts, *view.words("unlike.clause")))
    return attrs.evolve(sentence, parts=parts, citations=(*sentence.citations, *by))

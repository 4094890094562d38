"""What must hold of any bytes: what reading them ends in, that both runs agree, and that all that is asked is answered.

The suites of other projects, the long attack and the fuzzer hold all they make to this.
"""

import json
import pickle
from collections.abc import Callable
from typing import Any

import attrs

from tests.parsing.documents import assert_agreed
from trialparse import Failure, LimitExceeded, Parsed, TrialParseError, from_json, overview, overviews, read, to_json

RECORDS = 1
"""Records of a source that are asked for everything, which takes many times as long as reading them."""

COMPARABLE = {"contacts", "format", "limits"}
"""Options of `read` with which both runs see the same record."""


@attrs.frozen(kw_only=True)
class Held:
    """What was looked at."""

    records: int = 0
    """Records that were read."""
    failures: int = 0
    """Records that could not be read."""
    refused: int = 0
    """1 where reading ended in a TrialParseError."""
    agreed: int = 0
    """Records over which both runs were compared."""
    asked: int = 0
    """Records that were asked for everything."""

    def __add__(self, other: "Held") -> "Held":
        """Add up the numbers."""
        names = [field.name for field in attrs.fields(Held)]
        return Held(**{name: getattr(self, name) + getattr(other, name) for name in names})


class Disagreement(AssertionError):
    """The runs over a record do not agree, or an answer contradicts another."""


def hold(data: bytes, *, agreement: bool = False, operations: bool = False, **options: Any) -> Held:
    """Read a source and return what was looked at; raises whatever is wrong.

    `options` are those of `read`. With `agreement` the fast and the traced run are compared, with `operations` a
    record answers all that can be asked.
    """
    found, error = outcomes_of(data, **options)
    records = [one for one in found if isinstance(one, Parsed)]
    failures = [one for one in found if isinstance(one, Failure)]
    if len(records) + len(failures) < len(found):
        raise Disagreement(f"read gave {found!r}")
    agreed = sum(agree(one) for one in records) if agreement and options.keys() <= COMPARABLE else 0
    if operations:
        for one in failures:
            answers(one)
        if error is not None:
            raised(error)
        for one in records[:RECORDS]:
            ask(one)
    asked = len(records[:RECORDS]) if operations else 0
    return Held(
        records=len(records), failures=len(failures), refused=int(error is not None), agreed=agreed, asked=asked
    )


def outcomes_of(data: bytes, **options: Any) -> tuple[list[object], TrialParseError | None]:
    """Return what a source gives, and the error in which reading ends, if it does."""
    found: list[object] = []
    try:
        found.extend(read(data, **options))
    except TrialParseError as error:
        return found, error
    return found, None


def agree(parsed: Parsed) -> bool:
    """Whether the runs over a record could be compared, which a limit may forbid; raises Disagreement."""
    try:
        assert_agreed(parsed)
    except LimitExceeded:
        return False
    except AssertionError as error:
        raise Disagreement(str(error)) from error
    return True


def ask(parsed: Parsed) -> None:
    """Ask a record for everything; a limit may be its answer, as documented."""
    for operation in OPERATIONS:
        try:
            operation(parsed)
        except LimitExceeded as error:
            raised(error)


def answers(failure: Failure) -> None:
    """Look at a record that could not be read."""
    again = pickle.loads(pickle.dumps(failure))
    _same("the pickle of a failure", (again.index, again.place), (failure.index, failure.place))
    repr(failure)
    raised(failure.error)


def raised(error: TrialParseError) -> None:
    """Look at an error."""
    _same("the pickle of an error", str(pickle.loads(pickle.dumps(error))), str(error))
    repr(error)


def _same(what: str, first: object, second: object) -> None:
    if first != second:
        raise Disagreement(f"{what}: {first!r:.300} is not {second!r:.300}")


# what is asked --------------------------------------------------------------------------------------------------------


def _plain(parsed: Parsed) -> None:
    repr(parsed), repr(parsed.trial), str(parsed.place), hash(parsed.trial), repr(parsed.raw)


def _diagnostics(parsed: Parsed) -> None:
    for one in parsed.diagnostics:
        str(one), repr(one), one.severity
    repr(parsed.complete)


def _evidence(parsed: Parsed) -> None:
    found = parsed.evidence()
    for name in list(found)[:20]:
        repr(parsed.evidence(name))


def _audit(parsed: Parsed) -> None:
    audit, with_paths = parsed.audit(), parsed.audit(paths=True)
    _same("what is unmapped", audit.unmapped, with_paths.unmapped)
    str(audit), str(with_paths), parsed.unknown_words()


def _json(parsed: Parsed) -> None:
    _same("the trial of its JSON", from_json(to_json(parsed.trial)), parsed.trial)
    for text in (parsed.to_json(), parsed.to_json(full=True), parsed.to_json(evidence=False)):
        text.encode()
        json.loads(text)


def _pickle(parsed: Parsed) -> None:
    again = pickle.loads(pickle.dumps(parsed))
    _same("the trial of a pickle", again.trial, parsed.trial)
    _same("the diagnostics of a pickle", again.diagnostics, parsed.diagnostics)


def _pages(parsed: Parsed) -> None:
    overview(parsed, detail="full").encode()
    overview(parsed, format="markdown", detail="full").encode()
    for name, page in overviews([parsed]):
        name.encode(), page.encode()


def _tables(parsed: Parsed) -> None:
    from trialparse.tabular import tables

    _same("rows of `trials`", tables([parsed], only=["trials"])["trials"].num_rows, 1)


OPERATIONS: tuple[Callable[[Parsed], None], ...] = (
    _plain,
    _json,
    _pickle,
    _diagnostics,
    _evidence,
    _audit,
    _pages,
    _tables,
)
"""All that a record answers."""

OPTIONS: tuple[dict[str, Any], ...] = (
    {},
    {"contacts": False},
    {"results": False, "language": "en"},
    {"contacts": False, "results": False, "language": "it"},
)
"""How a source is read, in turn: most often as it is."""


def options_of(number: int, *, comparable: bool = False) -> dict[str, Any]:
    """Return the options of `read` for a number, two of five plain; or only those with which runs can be compared."""
    options = OPTIONS[max(number % (len(OPTIONS) + 1) - 1, 0)]
    return {name: value for name, value in options.items() if name in COMPARABLE or not comparable}

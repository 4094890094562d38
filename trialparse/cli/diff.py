"""The `diff` command: say what is different between two versions of trials."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import click

from trialparse.cli.arguments import contacts_option
from trialparse.cli.files import keep_from
from trialparse.cli.reading import FileRun
from trialparse.cli.saying import plain, say

if TYPE_CHECKING:
    from trialparse.combining import Combined
    from trialparse.comparing import Diff
    from trialparse.parsing.parsed import Parsed

_file = click.Path(exists=True, allow_dash=True, readable=False)


@click.command()
@click.argument("old", type=_file)
@click.argument("new", type=_file)
@click.option("--json", "as_json", is_flag=True, help="Write a line of JSON for each trial, with places and words.")
@contacts_option
def diff(old: str, new: str, as_json: bool, contacts: bool) -> None:
    """Say what is different between two versions.

    OLD and NEW are files or folders, with one trial or many: trials are compared by their numbers, and several records
    of one trial are combined first. Lists are compared without regard to their order.
    """
    keep_from(None, [old, new])
    reading = FileRun({"contacts": contacts})
    before, after = (_trials(reading, one) for one in (old, new))
    for number in dict.fromkeys([*before, *after]):
        lines = _compared(number, before.get(number), after.get(number), as_json=as_json)
        say("\n".join(lines))
    raise click.exceptions.Exit(reading.code)


def _trials(reading: FileRun, path: str) -> "dict[str, Parsed | Combined]":
    """Return the trials of a file or folder by their numbers."""
    from trialparse.combining import by_trial, combine

    records = [found.it for file in reading.files([path]) for found in reading.parsed(file)]
    groups = [group[0] if len(group) == 1 else combine(group) for group in by_trial(records)]
    return {one.trial.id or f"without a number ({index})": one for index, one in enumerate(groups)}


def _compared(
    number: str, old: "Parsed | Combined | None", new: "Parsed | Combined | None", *, as_json: bool
) -> Iterator[str]:
    """Yield the lines on one trial."""
    from trialparse.comparing import diff as compare
    from trialparse.export.json import written

    found = None if old is None or new is None else compare(old, new)
    where = "both" if found is not None else "new" if old is None else "old"
    if as_json:
        yield written({"trial": number, "in": where, **({} if found is None else found.to_dict())})
    elif found is None:
        yield plain(f"{number} is only in the {where} version")
    else:
        yield plain(f"{number} {_counted(found)}")
        yield from _sentences(found)


def _counted(found: "Diff") -> str:
    return "no changes" if not found else "1 change" if len(found) == 1 else f"{len(found)} changes"


def _sentences(found: "Diff") -> Iterable[str]:
    return (f"  {plain(change.sentence)}" for change in found)

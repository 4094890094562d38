"""The `diff` command: print the differences between two versions of trials."""

from collections.abc import Collection
from functools import partial
from typing import TYPE_CHECKING, TypeAlias

import click

from trialparse.cli.arguments import contacts_option, records_at_option
from trialparse.cli.files import keep_from
from trialparse.cli.reading import FileRun, Found, Group, trial_of, trials
from trialparse.cli.streams import echo, plain

if TYPE_CHECKING:
    from trialparse.combining import Combined
    from trialparse.comparing import Diff
    from trialparse.parsing.parsed import Parsed

    Version: TypeAlias = Parsed | Combined
    Pair: TypeAlias = tuple[Found[Version] | None, Found[Version] | None]

_RULES = "trialparse"
"""The rules that combine several records of a trial."""
_file = click.Path(exists=True, allow_dash=True, readable=False)


@click.command()
@click.argument("old", type=_file)
@click.argument("new", type=_file)
@click.option("--json", "as_json", is_flag=True, help="Write a line of JSON for each trial, with places and words.")
@contacts_option
@records_at_option
def diff(old: str, new: str, as_json: bool, contacts: bool, records_at: str | None) -> None:
    """Show what is different between two versions.

    OLD and NEW are files or folders, with one trial or many: trials are compared by their numbers, and several records
    of one trial are combined first. Lists are compared without regard to their order.
    """
    keep_from(None, [old, new])
    reading = FileRun({"contacts": contacts, "records_at": records_at})
    before, lacks_old = _trials(reading, old)
    after, lacks_new = _trials(reading, new)
    unread = [name for name, lacks in (("old", lacks_old), ("new", lacks_new)) if lacks]
    for number in dict.fromkeys([*before, *after]):
        pair = before.get(number), after.get(number)
        [place] = [found for found in pair if found is not None][-1:]
        for lines in reading.made(
            [Found(place.file, place.index, pair)], partial(_compared, number, unread, as_json=as_json)
        ):
            echo("\n".join(lines))
    raise click.exceptions.Exit(reading.code)


def _trials(reading: FileRun, path: str) -> "tuple[dict[str, Found[Version]], bool]":
    """Return the trials of a file or folder by their numbers, and whether something in it could not be read.

    A record without a number has its place.
    """
    from trialparse.combining.parts import number_of

    failures = reading.bad + reading.unreadable
    records = (found for file in reading.files([path]) for found in reading.parsed(file))
    made = reading.made(trials(records, _RULES), lambda found: Found(found.file, found.index, _version(found.it)))
    found = {number_of(one.it.trial) or f"{one.file} record {one.index}": one for one in made}
    return found, reading.bad + reading.unreadable > failures


def _version(group: Group) -> "Version":
    """Return the one record of a trial, or its records combined."""
    return group[0].it if len(group) == 1 else trial_of(group, _RULES)


def _compared(number: str, unread: Collection[str], pair: "Found[Pair]", *, as_json: bool) -> list[str]:
    """Return the lines on one trial; `unread` are the versions that could not be read whole."""
    from trialparse.comparing import diff as compare
    from trialparse.export.json import written

    old, new = (None if found is None else found.it for found in pair.it)
    found = None if old is None or new is None else compare(old, new)
    where = "both" if found is not None else "new" if old is None else "old"
    other = {"old": "new", "new": "old"}.get(where)
    is_unsure = other in unread
    if as_json:
        unsure = {"not_all_read": other} if is_unsure else {}
        return [written({"trial": number, "in": where, **unsure, **({} if found is None else found.to_dict())})]
    if found is None and is_unsure:
        return [plain(f"{number} is in the {where} version; not all of the {other} one could be read")]
    if found is None:
        return [plain(f"{number} is only in the {where} version")]
    return [plain(f"{number} {_counted(found)}"), *(f"  {plain(change.sentence)}" for change in found)]


def _counted(found: "Diff") -> str:
    return "no changes" if not found else "1 change" if len(found) == 1 else f"{len(found)} changes"

"""Arguments and options that several commands share."""

import datetime
from collections.abc import Callable
from typing import Any, TypeVar

import click
from click.core import ParameterSource

from trialparse.cli.streams import plain

_Command = TypeVar("_Command", bound=Callable[..., Any])


def contacts_option(command: _Command) -> _Command:
    """Add `--contacts/--no-contacts` to a command."""
    return click.option(
        "--contacts/--no-contacts",
        default=True,
        help="Keep or leave out persons, e-mail addresses and telephone numbers.",
    )(command)


def language_option(command: _Command) -> _Command:
    """Add `--language` to a command."""

    def checked(context: click.Context, option: click.Parameter, language: str | None) -> str | None:
        if language is None:
            return None
        from trialparse.model.translation import check_language

        try:
            check_language(language)
        except ValueError as error:
            raise click.BadParameter(plain(str(error))) from None
        return language

    return click.option(
        "--language", metavar="XX", callback=checked, help="Prefer texts in this language (ISO 639-1)."
    )(command)


def records_at_option(command: _Command) -> _Command:
    """Add `--records-at` to a command."""
    return click.option(
        "--records-at",
        metavar="PLACE",
        help="In JSON, where the records are: names such as payload.records, or a JSON pointer.",
    )(command)


def as_of_option(command: _Command) -> _Command:
    """Add `--as-of` to a command."""

    def day(context: click.Context, option: click.Parameter, time: datetime.datetime | None) -> datetime.date | None:
        return None if time is None else time.date()

    return click.option(
        "--as-of",
        type=click.DateTime(["%Y-%m-%d"]),
        metavar="DATE",
        callback=day,
        help="Report planned dates before this day that have no recorded outcome.",
    )(command)


def record_option(command: _Command) -> _Command:
    """Add `--record` to a command."""
    return click.option(
        "--record", "record", type=click.IntRange(min=0), help="Read only the record with this index, from 0."
    )(command)


def combine_option(command: _Command) -> _Command:
    """Add `--combine` and `--rules` to a command."""
    from trialparse.combining.tables import OWN, names

    def checked(context: click.Context, option: click.Parameter, rules: str) -> str:
        given = context.get_parameter_source("rules") is ParameterSource.COMMANDLINE
        if given and not context.params["combine"]:
            raise click.UsageError("--rules is for --combine, which is not given")
        return rules

    rules = click.option(
        "--rules",
        type=click.Choice(names()),
        default=OWN,
        show_default=True,
        callback=checked,
        help="With --combine, the rules that choose the values of a trial.",
    )
    return rules(
        click.option(
            "--combine", is_flag=True, is_eager=True, help="Combine all records of one trial, from all FILES."
        )(command)
    )


files_argument = click.argument(
    "files", nargs=-1, required=True, type=click.Path(exists=True, allow_dash=True, readable=False), metavar="FILES..."
)

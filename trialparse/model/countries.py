"""Codes of countries: those of ISO 3166-1 alpha-2."""

from trialparse.prepared import prepared
from trialparse.tsv import files_of, read_lines


@prepared
def country_codes() -> dict[str, str]:
    """Return the code to use for each code: itself, or that of ISO where people use another one, such as `UK`."""
    table = read_lines(files_of("trialparse.model") / "countries.tsv")
    return {cells["code"]: cells["instead"] or cells["code"] for _, cells in table}


def check_country(code: str) -> None:
    """Raise ValueError for what is no ISO 3166-1 alpha-2 code.

    >>> check_country("IT")
    >>> check_country("UK")
    Traceback (most recent call last):
    ...
    ValueError: 'UK' is no ISO 3166-1 alpha-2 code; did you mean 'GB'?
    """
    meant = country_codes().get(code.upper())
    if meant != code:
        raise ValueError(
            f"{code!r} is no ISO 3166-1 alpha-2 code" + (f"; did you mean {meant!r}?" if meant else ", such as 'IT'")
        )

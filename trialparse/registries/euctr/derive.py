"""What the tables of the EU Clinical Trials Register cannot say in a row."""

from typing import Any

from trialparse.convert import Unread
from trialparse.diagnostics import Problem


def telephone(codes: list[Any], numbers: list[Any]) -> str | None:
    """Return a telephone number with the country's code before it, as the register's own page writes the two."""
    parts = [*codes, *numbers]
    if not all(isinstance(part, str | None) for part in parts):
        raise Unread(Problem.WRONG_TYPE)
    return " ".join(part.strip() for part in parts if part and part.strip()) or None

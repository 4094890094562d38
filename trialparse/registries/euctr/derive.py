"""What the tables of EudraCT cannot say in a row: one answer out of two boxes, and numbers in free text."""

from typing import Any

from trialparse.convert import Unread, read_number
from trialparse.diagnostics import Problem
from trialparse.terms import Sex


_BOXES = {"1": True, "0": False, "-1": None}
_SEXES: dict[Any, Sex] = {(True, True): Sex.ALL, (True, False): Sex.FEMALE, (False, True): Sex.MALE}


def sex_of_boxes(female: list[Any], male: list[Any]) -> Sex | None:
    """Return the sex of the participants from the two boxes of EudraCT F.2; raises Unread for other answers."""
    answers = [_answer(female), _answer(male)]
    if (answers[0] is None) != (answers[1] is None):  # the other question is open, so who may take part is not known
        raise Unread(Problem.BAD_VALUE)
    return _SEXES.get((answers[0], answers[1]))


def _answer(said: list[Any]) -> bool | None:
    words = [word for word in map(_word, said) if word]
    if any(word not in _BOXES for word in words) or len(set(words)) > 1:
        raise Unread(Problem.BAD_VALUE)
    return _BOXES[words[0]] if words else None


def _word(value: Any) -> str:
    if not isinstance(value, str | None):
        raise Unread(Problem.WRONG_TYPE)
    return (value or "").strip()


def concentration(first: list[Any], second: list[Any]) -> str | None:
    """Return the number of a concentration, or its two numbers as "from - to" (EudraCT D.3.10.3)."""
    return " - ".join(word for word in map(_word, [*first, *second]) if word) or None


def plain_number(said: list[Any]) -> float | None:
    """Return a number where the words are one; sponsors write others as they like, which the text keeps."""
    words = [word for word in map(_word, said) if word]
    try:
        return read_number(words[0]) if words else None
    except Unread:
        return None

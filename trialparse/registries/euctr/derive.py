"""Fields of EudraCT that no row can read: one answer from two boxes, and one text from two numbers."""

from typing import Any

from trialparse.diagnostics import Problem
from trialparse.mapping.rows import fold
from trialparse.mapping.verbs import UnreadableWords
from trialparse.model.terms import Sex

_SEXES: dict[tuple[bool | None, bool | None], Sex] = {
    (True, True): Sex.ALL,
    (True, False): Sex.FEMALE,
    (False, True): Sex.MALE,
}
_ANSWERS = {
    "yes": True,
    "no": False,
    "true": True,
    "false": False,
    "information not present in eudract": None,
    "": None,
    "1": True,
    "0": False,
    "-1": None,
}


def sex(female: list[Any], male: list[Any]) -> Sex | None:
    """Return the sex of the participants from the answers to two questions.

    EudraCT application form, F.2: "Gender", F.2.1 "Female" and F.2.2 "Male", each to be answered with yes or no.
    """
    answers = [next((fold(answer) for answer in said if answer is not None), "") for said in (female, male)]
    if not _ANSWERS.keys() >= {*answers}:
        raise UnreadableWords(Problem.UNKNOWN_CODE)
    one, other = (_ANSWERS[answer] for answer in answers)
    if (one is None) != (other is None):  # the other question is open, so who may take part is not known
        raise UnreadableWords(Problem.BAD_VALUE)
    return _SEXES.get((one, other))


def concentration(first: list[Any], second: list[Any]) -> str | None:
    """Return the number of a concentration, or its two numbers as "from - to" (EudraCT D.3.10.3)."""
    said = [word for word in (*first, *second) if word is not None]
    if not all(isinstance(word, str) for word in said):
        raise UnreadableWords(Problem.WRONG_TYPE)
    return " - ".join(word.strip() for word in said if word.strip()) or None

"""What no row of the CTIS tables can say, one function a field."""

from typing import Any

from trialparse.convert import Unread
from trialparse.diagnostics import Problem
from trialparse.terms import Sex

_SEXES = {(True, True): Sex.ALL, (True, False): Sex.FEMALE, (False, True): Sex.MALE}


def sex(female: list[Any], male: list[Any]) -> Sex | None:
    """Return the sex of the participants from two questions that are one field.

    Regulation (EU) No 536/2014, Annex I, D 17 (g): "the gender and age groups to be recruited".
    """
    answers = (next(iter(female), None), next(iter(male), None))
    if not all(answer is None or isinstance(answer, bool) for answer in answers):
        raise Unread(Problem.WRONG_TYPE)
    return _SEXES.get((bool(answers[0]), bool(answers[1])))

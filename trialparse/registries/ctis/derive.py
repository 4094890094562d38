"""Fields that no row of the CTIS tables can read, one function for each."""

from typing import Any

from trialparse.diagnostics import Problem
from trialparse.mapping.verbs import UnreadableWords
from trialparse.model.terms import Sex

_SEXES: dict[Any, Sex] = {(True, True): Sex.ALL, (True, False): Sex.FEMALE, (False, True): Sex.MALE}


def sex(female: list[Any], male: list[Any]) -> Sex | None:
    """Return the sex of the participants from the answers to two questions.

    Regulation (EU) No 536/2014, Annex I, D 17 (g): "the gender and age groups to be recruited".
    """
    answers = [next((answer for answer in said if answer not in (None, "")), None) for said in (female, male)]
    if any(answer is not None and not isinstance(answer, bool) for answer in answers):
        raise UnreadableWords(Problem.WRONG_TYPE)
    if (answers[0] is None) != (answers[1] is None):  # the other question is open, so who may take part is not known
        raise UnreadableWords(Problem.BAD_VALUE)
    return _SEXES.get((answers[0], answers[1]))

"""What no row of the EU CTR tables can say."""

from typing import Any

from trialparse.convert import Unread
from trialparse.diagnostics import Problem
from trialparse.tables import fold
from trialparse.terms import Sex

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
}


def sex(female: list[Any], male: list[Any]) -> Sex | None:
    """Return the sex of the participants from two questions that are one field.

    EudraCT application form, F.2: "Gender", F.2.1 "Female" and F.2.2 "Male", each to be answered with yes or no.
    """
    answers = [next((fold(answer) for answer in said if answer is not None), "") for said in (female, male)]
    if not _ANSWERS.keys() >= {*answers}:
        raise Unread(Problem.UNKNOWN_CODE)
    one, other = (_ANSWERS[answer] for answer in answers)
    if (one is None) != (other is None):  # the other question is open, so who may take part is not known
        raise Unread(Problem.BAD_VALUE)
    return _SEXES.get((one, other))

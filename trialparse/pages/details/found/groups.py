"""Names of groups of people; a table of results holds their ids, and their titles may be elsewhere."""

from collections.abc import Iterable, Mapping
from typing import Protocol

from trialparse.generated.classes import frozen
from trialparse.model.results import Group
from trialparse.pages import wording
from trialparse.pages.page import Piece, Quote, Words
from trialparse.pages.view import View, look_up

FEW = 4
"""Up to how many groups share one sentence."""


class Titled(Protocol):
    """A group of any kind."""

    @property
    def id(self) -> str | None:
        """Id within the document."""

    @property
    def title(self) -> str | None:
        """Its name."""


@frozen
class Name:
    """What a group is called."""

    words: Piece
    """The words."""
    field: str
    """The field that holds them; if there are none, the group."""
    path: str
    """The path of the group."""

    @property
    def known(self) -> bool:
        """Whether there are words."""
        return isinstance(self.words, Quote)


Names = Mapping[str | None, Name]
"""Names of groups by id; of a duplicate id, the first."""


def names(view: View, groups: Iterable[Titled], path: str) -> dict[str | None, Name]:
    """Return what the groups of a list are called."""
    found: dict[str | None, Name] = {}
    for index, group in enumerate(groups):
        found.setdefault(group.id, titled(view, f"{path}[{index}]", "title", "group"))
    return found


def titled(view: View, path: str, name: str, what: str) -> Name:
    """Return the words of a text below a path; without them, what the page calls such a thing without a name."""
    field = f"{path}.{name}"
    words = wording.quote(look_up(view.trial, field), view.language(field))
    return Name(words, field, path) if words else Name(view.texts.plain(f"unnamed.{what}"), path, path)


def shared(view: View, numbers: Iterable[tuple[str, Name]]) -> list[Words]:
    """Return numbers, each with the group that it is of."""
    return [view.words("number.group", number=number, group=name.words) for number, name in numbers]


def arms_of(view: View, path: str) -> dict[str | None, Name]:
    """Return what the arms of a period are called: its own, and those that go through all periods."""
    flow = view.trial.results.flow
    return names(view, flow.arms, "results.flow.arms") | names(view, look_up(view.trial, path).arms, f"{path}.arms")


def all_names(view: View) -> dict[str | None, Name]:
    """Return what the arms of all periods and the other sets of people are called."""
    results = view.trial.results
    found = names(view, results.analysis_sets, "results.analysis_sets")
    found |= names(view, results.flow.arms, "results.flow.arms")
    for index in range(len(results.flow.periods)):
        for arm, name in arms_of(view, f"results.flow.periods[{index}]").items():
            found.setdefault(arm, name)
    return found


def names_of_table(view: View, groups: tuple[Group, ...], path: str, known: Names) -> Names:
    """Return what the columns of a table are called: by their own titles, or by those of the arms that they are."""
    found = names(view, groups, path)
    for group in groups:
        borrowed = known.get(group.arm or group.analysis_set or "")
        if borrowed and not (group.title or "").strip():
            found[group.id] = borrowed
    return found

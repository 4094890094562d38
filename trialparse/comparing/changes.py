"""What comparing two versions of a trial gives."""

from collections.abc import Iterator
from typing import Any

import attrs

from trialparse.comparing.words import in_words, sentence
from trialparse.comparing.writing import diff_to_json
from trialparse.model.evidence import Evidence
from trialparse.vocabulary import Term


class ChangeKind(Term):
    """What became of a value or of an item of a list."""

    ADDED = "ADDED"
    REMOVED = "REMOVED"
    CHANGED = "CHANGED"


@attrs.frozen(kw_only=True)
class Change:
    """One difference between two versions of a trial."""

    field: str
    """Path of the field in the new version, such as `countries[2].planned`; of what was removed, in the old one."""
    kind: ChangeKind
    """Whether it was added, removed or changed."""
    old: Any = None
    """The value before: a value of the model, an item of a list, or a `MissingKind` if the source says why it has none.

    None if the source says nothing.
    """
    new: Any = None
    """The value since, likewise."""
    old_evidence: Evidence | None = None
    """Where the old version has it; None for a Trial alone, and where its record was not kept."""
    new_evidence: Evidence | None = None
    """Where the new version has it, likewise."""
    about: str = ""
    """The item of a list that the field belongs to, in words, such as `Italy`."""

    def __str__(self) -> str:
        """Return the field with the values: `enrolment.planned: 11 -> 7`."""
        said = {"ADDED": f"+ {in_words(self.new)}", "REMOVED": f"- {in_words(self.old)}"}
        return f"{self.field}: {said.get(self.kind.name) or f'{in_words(self.old)} -> {in_words(self.new)}'}"

    @property
    def sentence(self) -> str:
        """The change as people say it: `planned participants 11 to 7`."""
        return sentence(self)


@attrs.frozen(kw_only=True)
class Diff:
    """The differences between two versions of a trial; it iterates its changes, in the order of the model."""

    changes: tuple[Change, ...] = ()
    """What was added, removed and changed."""
    not_carried: tuple[str, ...] = ()
    """Fields with a value in one version that records like the other one do not hold: nothing is known of a change."""

    def __iter__(self) -> Iterator[Change]:
        return iter(self.changes)

    def __len__(self) -> int:
        return len(self.changes)

    def __bool__(self) -> bool:
        """Whether there are changes."""
        return bool(self.changes)

    def to_json(self) -> str:
        """Return the differences as JSON on one line: an object with `changes` and `not_carried`."""
        return diff_to_json(self)

    def __str__(self) -> str:
        """Return the changes as people say them, parted by semicolons."""
        return "; ".join(change.sentence for change in self.changes) or "no changes"

"""What comparing two versions of a trial gives."""

from collections.abc import Iterator
from typing import Any

from trialparse.comparing.words import in_words, label
from trialparse.export.json import evidence_to_dict, plain, written
from trialparse.generated.classes import frozen
from trialparse.model.evidence import Evidence
from trialparse.model.terms import MissingKind
from trialparse.vocabulary import Term


class ChangeKind(Term):
    """What became of a value, or of an item of a list."""

    ADDED = "ADDED"
    REMOVED = "REMOVED"
    CHANGED = "CHANGED"


@frozen(kw_only=True)
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
        texts = {"ADDED": f"+ {in_words(self.new)}", "REMOVED": f"- {in_words(self.old)}"}
        return f"{self.field}: {texts.get(self.kind.name) or f'{in_words(self.old)} -> {in_words(self.new)}'}"

    @property
    def sentence(self) -> str:
        """The change as people say it; long texts are cut.

        >>> Change(field="enrolment.planned", kind=ChangeKind.CHANGED, old=11, new=7).sentence
        'planned participants 11 to 7'
        >>> Change(field="sites[0].department", about="Klinikum", kind=ChangeKind.ADDED, new="Haematology").sentence
        'Klinikum: department added: Haematology'
        """
        about = f"{self.about}: " if self.about else ""
        name = label(self.field)
        if self.kind is ChangeKind.CHANGED:
            return f"{about}{name} {in_words(self.old)} to {in_words(self.new)}"
        value, done = (self.new, "added") if self.kind is ChangeKind.ADDED else (self.old, "removed")
        return f"{about}{name} {done}: {in_words(value)}" if name else f"{about}{in_words(value)} {done}"

    def to_dict(self) -> dict[str, Any]:
        """Return the change as plain values; why there is no value is an object with the key `missing`."""
        facts = {"field": self.field, "kind": self.kind.name, "about": self.about, "sentence": self.sentence}
        values = {"old": _plain(self.old), "new": _plain(self.new)}
        evidence = {"old_evidence": _evidence(self.old_evidence), "new_evidence": _evidence(self.new_evidence)}
        return facts | values | evidence


def _plain(value: Any) -> Any:
    return {"missing": value.name} if isinstance(value, MissingKind) else plain(value)


def _evidence(evidence: Evidence | None) -> dict[str, Any] | None:
    return None if evidence is None else evidence_to_dict(evidence)


@frozen(kw_only=True)
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

    def to_dict(self) -> dict[str, Any]:
        """Return the differences as dicts, lists and plain values: an object with `changes` and `not_carried`."""
        return {"changes": [change.to_dict() for change in self.changes], "not_carried": [*self.not_carried]}

    def to_json(self) -> str:
        """Return the differences as JSON on one line."""
        return written(self.to_dict())

    def __str__(self) -> str:
        """Return the changes as people say them, parted by semicolons."""
        return "; ".join(change.sentence for change in self.changes) or "no changes"

"""Differences as JSON."""

from typing import TYPE_CHECKING, Any

from trialparse.export.json import evidence_to_dict, plain, written
from trialparse.model.terms import MissingKind

if TYPE_CHECKING:
    from trialparse.comparing.changes import Change, Diff
    from trialparse.model.evidence import Evidence


def diff_to_dict(diff: "Diff") -> dict[str, Any]:
    """Return the differences as dicts, lists and plain values."""
    return {"changes": [_change(change) for change in diff.changes], "not_carried": [*diff.not_carried]}


def _change(change: "Change") -> dict[str, Any]:
    made = {"field": change.field, "kind": change.kind.name, "about": change.about, "sentence": change.sentence}
    made |= {"old": _value(change.old), "new": _value(change.new)}
    return made | {"old_evidence": _evidence(change.old_evidence), "new_evidence": _evidence(change.new_evidence)}


def _value(value: Any) -> Any:
    """Return a value in the form of `to_dict`; why there is none is an object with the key `missing`."""
    return {"missing": value.name} if isinstance(value, MissingKind) else plain(value)


def _evidence(evidence: "Evidence | None") -> dict[str, Any] | None:
    return None if evidence is None else evidence_to_dict(evidence)


def diff_to_json(diff: "Diff") -> str:
    """Return the differences as JSON on one line."""
    return written(diff_to_dict(diff))

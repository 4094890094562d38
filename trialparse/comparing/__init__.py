"""Compare two versions of a trial: what was added, removed and changed, field by field, with the words of both."""

from trialparse.comparing.changes import Change, ChangeKind, Diff
from trialparse.comparing.walk import diff

__all__ = ["Change", "ChangeKind", "Diff", "diff"]

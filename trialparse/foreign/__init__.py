"""Files that trialparse does not read: what each is, and what to do with it.

A source comes here once no format has claimed it, so a known kind costs nothing where something is read.
`kinds.tsv` has the kinds. A register that is read has no row there.
"""

from trialparse.foreign.kinds import Kind, kind_inside, kind_of, kind_of_archive, kinds, named
from trialparse.foreign.signs import HEAD, objects

__all__ = ["HEAD", "Kind", "kind_inside", "kind_of", "kind_of_archive", "kinds", "named", "objects"]

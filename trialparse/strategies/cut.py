"""Documents that end too early, as a download that was broken off leaves them."""

import attrs

from trialparse.strategies.document import Document


@attrs.frozen(kw_only=True)
class Cut:
    """A document without its end."""

    whole: Document
    """The document before the cut."""
    at: int
    """How many of its bytes are left: none at least, and one less than all of them at most."""

    @property
    def data(self) -> bytes:
        """What is left of the document."""
        return self.whole.data[: self.at]

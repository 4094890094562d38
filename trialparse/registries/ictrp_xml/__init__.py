"""XML of the WHO ICTRP DTD (`trials/trial/main`), as the EU Clinical Trials Register, ReBEC and others give it."""

from trialparse.mapping.format import Format
from trialparse.readers.notations import Xml

_CHILDREN = frozenset(
    (
        "main",
        "countries",
        "criteria",
        "health_condition_code",
        "health_condition_keyword",
        "intervention_code",
        "intervention_keyword",
        "primary_outcome",
        "secondary_outcome",
        "secondary_sponsor",
        "source_support",
        "ethics_reviews",
    )
)
"""The children of `trial` in the DTD, without `contacts` and `secondary_ids`: OpenTrials has those as well."""

FORMATS = (
    Format(
        name="ictrp-registry-xml",
        registry="ictrp_xml",
        title="WHO ICTRP, XML of a register (DTD of 2009, with the elements on results and ethics of later files)",
        notation=Xml(
            records=("trials", "trial"),
            aliases={"trials": ("Trials",), "trial": ("Trial", "Triall")},  # as some registers send it
            wrapper="root",
            children=_CHILDREN,
            empty="a document <trials> without a <trial>",
        ),
        blank=frozenset({""}),
    ),
)

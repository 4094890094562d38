"""XML of the WHO ICTRP DTD (`trials/trial/main`), as the EU Clinical Trials Register, ReBEC and others give it."""

from trialparse.mapping import Format

FORMATS = (
    Format(
        name="ictrp-registry-xml",
        registry="ictrp_xml",
        reader="xml",
        title="WHO ICTRP, XML of a register (DTD of 2009, with the elements on results and ethics of later files)",
        records=("trials", "trial"),
        blank=frozenset({""}),
    ),
)

"""The registers: one folder each, and the list of the formats in which they give their records."""

from trialparse.registries import ctis, ctr_xml, euctr, ictrp_xml

FORMATS = (*ctis.FORMATS, *euctr.FORMATS, *ictrp_xml.FORMATS, *ctr_xml.FORMATS)
"""All formats, in the order in which they are looked for."""

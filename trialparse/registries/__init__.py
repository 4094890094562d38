"""The registers: one folder each, and the list of the formats in which they give their records."""

from trialparse.registries import ctis

FORMATS = (*ctis.FORMATS,)
"""All formats, in the order in which they are looked for."""

"""From a source to trials: recognise what it is, take it apart into records, read each one."""

from trialparse.parsing.calls import parse, read, sniff
from trialparse.parsing.options import Options
from trialparse.parsing.parsed import Failure, Outcome, Parsed

__all__ = ["Failure", "Options", "Outcome", "Parsed", "parse", "read", "sniff"]

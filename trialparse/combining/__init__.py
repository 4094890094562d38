"""Combine many records into one trial, by rules that are data, and keep what each record says."""

from trialparse.combining.combined import Combined, combine
from trialparse.combining.grouping import by_trial
from trialparse.combining.spread import Spread
from trialparse.combining.tools import Measure, published

__all__ = ["Combined", "Measure", "Spread", "by_trial", "combine", "published"]

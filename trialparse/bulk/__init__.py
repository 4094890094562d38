"""Counts over many files, and what has changed between two of them."""

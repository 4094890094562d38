"""Whole corpora: what many files hold, and what has changed since."""

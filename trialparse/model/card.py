"""How a trial shows itself: one line for a log, a small table for a notebook."""

from collections.abc import Iterable, Mapping

from trialparse.model.harmless import harmless
from trialparse.model.terms import Phase, Progress, Recruitment, Regulatory

_ITEMS = 8
"""Number of items of a list that are shown."""

_LONGEST = 200
"""Number of characters of one text that are shown."""

_PHASES = {Phase.EARLY_I: "Early I", Phase.NOT_APPLICABLE: "not applicable"}
"""How phases are written whose names are not their numerals."""


def line(number: str | None, phases: frozenset[Phase], title: str | None) -> str:
    """Return a trial on one line.

    >>> line("NCT00000102", frozenset({Phase.II, Phase.I}), "A study of something")
    "<Trial 'NCT00000102', phase I/II, 'A study of something'>"
    """
    parts = [repr(_short(first_of(number) or "without a number", 40))]
    parts += [f"phase {phases_in_words(phases)}"] if phases else []
    parts += [repr(_short(title, 60))] if title else []
    return f"<Trial {', '.join(parts)}>"


def card(title: str | None, rows: Mapping[str, Iterable[str | None]]) -> str:
    """Return a trial as a table of HTML without a script, a row for each list; all words are escaped."""
    import html

    lines = [
        f'<tr><th style="text-align: left">{name}</th><td style="text-align: left">{words}</td></tr>'
        for name, items in rows.items()
        if (words := html.escape(_listed(items)))
    ]
    caption = html.escape(_short(title or "A trial without a title", _LONGEST))
    return f'<table><caption style="text-align: left"><b>{caption}</b></caption>{"".join(lines)}</table>'


def first_of(*texts: str | None) -> str | None:
    """Return the first text that has something to show; blanks have not.

    >>> first_of(None, " ", "A study", "Another")
    'A study'
    """
    return next((text for text in texts if text and _short(text, _LONGEST)), None)


def phases_in_words(phases: frozenset[Phase]) -> str:
    """Return phases as people write them.

    >>> phases_in_words(frozenset({Phase.III, Phase.II}))
    'II/III'
    """
    return "/".join(_PHASES.get(phase, phase.name) for phase in sorted(phases))


def status_in_words(
    regulatory: Regulatory | None, trial: Progress | None, recruitment: Recruitment | None
) -> list[str]:
    """Return a status, axis by axis.

    >>> status_in_words(Regulatory.AUTHORISED, None, Recruitment.RECRUITING)
    ['decision: may be run', 'recruitment: recruiting']
    """
    axes = {"decision": regulatory, "trial": trial, "recruitment": recruitment}
    return [f"{axis}: {term.meaning}" for axis, term in axes.items() if term is not None]


def _listed(words: Iterable[str | None]) -> str:
    """Return the first items of a list, each once, and how many more there are."""
    items = list(dict.fromkeys(shown for one in words if one and (shown := _short(one, _LONGEST))))
    more = [f"and {len(items) - _ITEMS} more"] if len(items) > _ITEMS else []
    return "; ".join(items[:_ITEMS] + more)


def _short(text: str, longest: int) -> str:
    """Return a text on one line, cut where it is longer than `longest` characters."""
    text = harmless(text.strip()[: 2 * longest])
    return text if len(text) <= longest else text[: longest - 1] + "…"

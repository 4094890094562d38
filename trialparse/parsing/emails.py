"""E-mail addresses in texts, in the ways in which people and software write them."""

import re
from collections.abc import Iterator

Span = tuple[int, int]
"""Start and end of a stretch of a text."""

_BRACKETED_AT = r"[(\[{]\s?(?:[aA][tT]|@)\s?[)\]}]"
_SIGN = rf"[@\ufe6b\uff20]|&(?:amp;)?(?:#0{{0,30}}64|#[xX]0{{0,30}}40|commat);|%40|{_BRACKETED_AT}"
_AT = re.compile(_SIGN)
_AT_OR_WORD = re.compile(rf"{_SIGN}|(?<=\s)[aA][tT](?=\s)")
_HINT = re.compile(r"[&%(\[{](?:(?<=&)(?:#|amp;|commat)|(?<=%)40|(?<=[(\[{])\s?[aA][tT]\s?[)\]}])")
"""What a text in ASCII has if an address is in it that is not all in words."""
_DOT_IN_WORDS = re.compile(r"[dD][oO][tT]\b")

_NO_PART = r"\s@\ufe6b\uff20<>()\[\]{},;:\""
"""Signs that end an address."""
_DOT_WORD = r"\s{1,2}[dD][oO][tT]\s{1,2}"
_SPELLED_DOT = rf"(?:\s?[(\[{{]\s?[dD][oO][tT]\s?[)\]}}]\s?|{_DOT_WORD})"
_DOT = rf"(?:[.\u3002\uff0e\uff61]|{_SPELLED_DOT}|&(?:amp;)?(?:#0{{0,30}}46|#[xX]0{{0,30}}2[eE]|period);)"
_OF_LABEL = rf"[^{_NO_PART}'&%.\u3002\uff0e\uff61]{{1,63}}"
_LABEL = rf"{_OF_LABEL}(?:(?<=-)\r?\n(?=[a-z0-9]){_OF_LABEL})?"
"""The text between dots; a line may end behind a hyphen in it."""
_TOP = r"(?:xn--[\w-]{1,59}|[a-zA-Z]{2,24}|[^\W\d_a-zA-Z]{2,24})"
_NUMBERED = r"\[(?:[0-9]{1,3}(?:\.[0-9]{1,3}){3}|IPv6:[0-9a-fA-F:.]{2,45})\]"
_DOMAIN = re.compile(rf"\s{{0,3}}(?:(?:{_LABEL}{_DOT}){{1,30}}{_TOP}|{_NUMBERED})")
"""The name or the number of a machine, behind the sign; letters of another script that follow do not belong to it."""
_SPELLED = re.compile(rf"\s{{1,3}}(?:{_LABEL}\.){{0,15}}{_LABEL}{_SPELLED_DOT}(?:{_LABEL}{_DOT}){{0,15}}{_TOP}")
"""The name of a machine behind "at"; it must have "dot" in it, because any word can follow "at"."""
_LOCAL = re.compile(
    rf"\s{{0,3}}(?:[^{_NO_PART}]+(?:\s{{1,2}}[tT][oO][dD]\s{{1,2}}[^{_NO_PART}]+){{0,8}}"
    r"""|"[^"\r\n]{1,64}")"""
)
"""The local part before the sign, read backwards, so "dot" is "tod"; only one in quotes has a greatest length."""


def emails(text: str) -> list[Span]:
    """Return where the e-mail addresses of a text are.

    >>> text = "to r&d.o'hara@example.org_ or ada at example dot org"
    >>> [text[start:end] for start, end in emails(text)]
    ["r&d.o'hara@example.org", 'ada at example dot org']
    """
    if _DOT_IN_WORDS.search(text):
        return [*_found(text, _AT_OR_WORD)]
    if "@" in text or _HINT.search(text) or "\uff20" in text or "\ufe6b" in text:
        return [*_found(text, _AT)]
    return []


def _found(text: str, at: re.Pattern[str]) -> Iterator[Span]:
    """Yield the addresses around signs; the local part begins behind the last sign, so nothing is read twice."""
    done = 0
    for sign in at.finditer(text):
        if sign.start() < done:
            continue
        before, done = text[done : sign.start()], sign.end()
        domain = (_SPELLED if sign[0].isalpha() else _DOMAIN).match(text, done)
        length = _local(before) if domain is not None else 0
        if domain is not None and length:
            done = domain.end()
            yield sign.start() - length, done


def _local(before: str) -> int:
    """Return the length of the local part that a text ends with, with the blanks behind it; 0 if there is none."""
    found = _LOCAL.match(before[::-1])
    if found is None:
        return 0
    local = before[len(before) - found.end() :].lstrip("'&")
    if local.startswith('"'):
        return len(local)
    query = max(local.rfind("?"), local.rfind("&"))  # of a link: its name does not belong to the address
    return len(local) - local.find("=", query) - 1 if query >= 0 else len(local)

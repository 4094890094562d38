"""The account of every leaf of a record, by the ledger of its format."""

from collections.abc import Container, Iterable, Iterator
from functools import partial

import attrs

from trialparse.diagnostics import Place
from trialparse.mapping.compiled import mapping_of, wanted
from trialparse.mapping.format import Format
from trialparse.mapping.rows import Row
from trialparse.parsing.audit import (
    Account,
    Audit,
    Kinds,
    Word,
    audit_of,
    is_placeholder,
    kinds_of,
    unmapped,
    without_passed_over,
    without_reasons,
)
from trialparse.parsing.conditions import conditional, passed_over
from trialparse.parsing.ledger import UNMAPPED, Ledger, make_ledger
from trialparse.parsing.reasons import Claim, Nodes, claims_of, refuted
from trialparse.parsing.record import Record
from trialparse.prepared import LOCK
from trialparse.readers.json import Survey, words_of
from trialparse.readers.notations import Json
from trialparse.readers.paths import Keys, Step
from trialparse.readers.shapes import Tree


def unexpected(record: Record) -> Iterator[tuple[Keys, str]]:
    """Yield keys and words of each leaf that no row reads, if the schema of the record's format is complete."""
    if record.format.closed:
        tree, ledger = record.examined()[0], ledger_for(record)
        nodes = Nodes(tree)
        passed = _passed_over(record.format, nodes)
        verdict = partial(_verdict, ledger, passed)
        for keys, value in unmapped(tree, ledger):
            yield keys, words_of(value)
        left = [(keys, value) for keys, value in passed.items() if verdict(keys) == UNMAPPED]
        left += [(keys, value) for keys, value, _ in refuted(nodes, _claims(record.format), verdict)]
        for keys, value in left:
            if not is_placeholder(value):
                yield keys, words_of(value)


def audit(record: Record, paths: bool = False) -> Audit:
    """Return the account of every leaf; the first record of a page also counts the leaves of the page."""
    ledger, kinds = ledger_for(record), kinds_of(redacted=record.redacted, paths=paths)
    base = record.raw.base
    account = _account(record, ledger, kinds)
    tree = record.examined()[0]
    nodes = Nodes(tree)
    passed = _passed_over(record.format, nodes)
    found = audit_of(account, tree, ledger, base, paths)
    found = without_passed_over(found, passed, ledger, base)
    claims = [claim for claim in _claims(record.format) if claim.reason in found.ignored]
    false = refuted(nodes, claims, partial(_verdict, ledger, passed))
    found = without_reasons(found, false, ledger, base)
    if record.matcher:
        found = attrs.evolve(found, matchers={record.matcher: 1})
    if not record.raw.begins_page:
        return found
    value, account = record.raw.page()[0], Account(kinds)
    ledger = _page_ledger(record.raw.notation, record.raw.page_way)
    account.walk(value, ledger)
    return found + audit_of(account, value, ledger, record.raw.page_base, paths)


def unknown_words(record: Record, leaves: Iterable[tuple[Keys, str]]) -> dict[Word, list[Place]]:
    """Return the words at some leaves, each by the path of its leaf, with all its places."""
    found: dict[Word, list[Place]] = {}
    ledger = ledger_for(record)
    for keys, words in dict.fromkeys(leaves):
        found.setdefault(Word(ledger.at(keys).path, words), []).append(record.place(keys))
    return found


def _account(record: Record, ledger: Ledger, kinds: Kinds) -> Account:
    """Return the account of all leaves of a record."""

    def walk(tree: Tree) -> tuple[Account, Survey]:
        account = Account(kinds)
        account.walk(tree, ledger)
        return account, account.survey

    return record.walked(walk)


def _passed_over(format: Format, nodes: Nodes) -> dict[Keys, Tree]:
    """Return the leaves that rows would read under another condition, by their keys."""
    return dict(passed_over(nodes, conditional(mapping_of(format))))


def _claims(format: Format) -> tuple[Claim, ...]:
    """Return the claims of the rows of a format on leaves that they ignore."""
    return claims_of(mapping_of(format))


def _verdict(ledger: Ledger, passed: Container[Keys], keys: Keys) -> str:
    """Return the verdict on the leaf that keys lead to; those that every row has `passed` over are not read."""
    entry = ledger.at(keys)
    return entry.otherwise(empty=False) if keys in passed else entry.judge(False)


# ledgers --------------------------------------------------------------------------------------------------------------


def ledger_for(record: Record) -> Ledger:
    """Return the ledger of a record's format; for a large record it is one of its own, with a bound."""
    return new_ledger(record.format, bounded=True) if record.raw.is_large() else ledger_of(record.format)


def _page_ledger(notation: Json, way: tuple[str, ...]) -> Ledger:
    """Return the ledger of a page without its records, to which a `way` of keys leads: all of it is transport."""
    paths = [(*map(Step, way), Step(key), Step("**")) for key in notation.envelope]
    return make_ledger([Row(field="", paths=(path,), verb="ignore", argument="transport") for path in paths], ())


_LEDGERS: dict[Format, Ledger] = {}


def ledger_of(format: Format) -> Ledger:
    """Return the ledger of a format's records.

    A ledger learns the paths of documents, so it is kept until it is full. Then a new one takes its place; others may
    go on with the full one, because nothing is taken out of it.
    """
    with LOCK:
        known = _LEDGERS.get(format)
        if known is None or known.full:
            known = _LEDGERS[format] = new_ledger(format)
    return known


def new_ledger(format: Format, *, bounded: bool = False) -> Ledger:
    """Return a ledger that has seen no record."""
    mapping = mapping_of(format)
    return make_ledger(mapping.rows, format.notation.leaf_paths(wanted(mapping.plan)), bounded=bounded)

"""Damage is reported and stays where it is; each class docstring is a law."""

import copy
import json
import re
from collections.abc import Iterator
from functools import reduce
from random import Random
from typing import Any

import pytest

from tests.conftest import FIXTURES
from tests.counting import exercised
from tests.parsing.documents import ODD, _leaves, at, flat, json_formats, outcomes, put
from trialparse import parse
from trialparse.mapping.compiled import mapping_of
from trialparse.mapping.format import Format
from trialparse.mapping.plan import ItemsField, RecordField, RecordPlan
from trialparse.mapping.rows import COPIES, target_of
from trialparse.parsing.parsed import Parsed
from trialparse.readers.paths import Path as Steps
from trialparse.readers.paths import resolved
from trialparse.readers.shapes import Tree
from trialparse.strategies import Damaged, Document, maker_of
from trialparse.strategies.damage import damage, nodes
from trialparse.strategies.notation import write


def general(path: str) -> str:
    """Return the path of a field or a place without indexes."""
    return re.sub(r"\[\d+\]|(?<=/)\d+(?=/|$)", "*", path)


class TestLocal:
    """Only fields change whose evidence, before or after, cites the damaged node, its list or what joins it."""

    @json_formats
    def test_damage(self, format: Format) -> None:
        def law(random: Random) -> int:
            document = maker_of(format).document(random, 3)
            before = parse(document.data)
            one = next((each for each in several(document, random) if remains(before, each)), None)
            if one is None:
                return 0
            after = parse(one.data)
            differing = set(_fields(before)) ^ set(_fields(after))
            changed = {general(path) for path, _ in differing if not path.startswith("missing")}
            reached = _reached(before, one) | _reached(after, one)

            assert set() == {p for p in changed if not any(p == r or p.startswith((r + ".", r + "*")) for r in reached)}
            return 1

        exercised(law, 0.8)


def several(document: Document, random: Random) -> Iterator[Damaged]:
    """Give some damages of one node of a document."""
    damages = (damage(document, random) for _ in range(12))
    return (each for each in damages if each.tree is not None and each.kind != "doubled")


def remains(before: Parsed, damaged: Damaged) -> bool:
    """Whether a damaged document is still one record of the same format."""
    after = outcomes(damaged.data)
    return len(after) == 1 and bool(after[0].ok) and after[0].format is before.format


def _fields(parsed: Parsed) -> list[tuple[str, Any]]:
    return list(flat(parsed.trial))


def _reached(parsed: Parsed, damage: Damaged) -> set[str]:
    """Return the fields whose evidence cites the damaged node, or that stand in one list with such a field."""
    base = "/" + "/".join(map(str, parsed._kept().raw.base)) if parsed._kept().raw.base else ""
    node = general(base + "".join(f"/{key}" for key in damage.keys))
    lists = node[: node.find("/*", len(general(base)) + 1)] if "/*" in node[len(general(base)) :] else node
    cited = set()
    for field, evidence in parsed.evidence().items():
        for source in evidence.sources:
            place = general(source.place.path)
            if place.startswith(lists) or node.startswith(place + "/") or place == "":
                cited.add(general(field))
    cited |= {
        field + "*"
        for field, place in _joins(mapping_of(parsed.format).plan)
        if f"{node}/".startswith(f"{general(base)}{place}/") or f"{general(base)}{place}/".startswith(f"{node}/")
    }
    items = {field.split("*")[0] + "*" for field in cited if "*" in field}
    every = {general(path) for path, _ in _fields(parsed)}
    return (
        cited
        | {path for path in every if any(path.startswith(item) for item in items)}
        | {path for path in every if path in {item.removesuffix("*") for item in items}}
    )


def _joins(plan: RecordPlan, prefix: str = "") -> Iterator[tuple[str, str]]:
    """Give the lists that are joined by a key, each with every place that one of its parts is opened at.

    What stands there decides on the order of the list even if nothing else is read from it.
    """
    for field in plan.fields:
        if isinstance(field, ItemsField) and field.joined:
            for source in field.plan.sources:
                steps = [f"/{step.key}{'/*' * bool(step.many)}" for step in source.absolute if not step.opener]
                yield prefix + field.name, "".join(steps).removesuffix("/*")
        if isinstance(field, RecordField):
            yield from _joins(field.plan, f"{prefix}{field.name}.")
        elif isinstance(field, ItemsField):
            yield from _joins(field.plan, f"{prefix}{field.name}*.")


class TestTold:
    """A value of another type has a diagnostic or an unmapped leaf, a renamed key is unmapped, null equals absence."""

    @json_formats
    def test_a_renamed_key_is_unmapped(self, format: Format) -> None:
        def law(random: Random) -> int:
            document = maker_of(format).document(random, 3)
            before = parse(document.data).format
            named = [keys for keys, _ in nodes(document.tree) if isinstance(keys[-1], str)]
            for keys in random.sample(named, min(12, len(named))):
                renamed = (*keys[:-1], f"{keys[-1]}X")
                value = reduce(lambda tree, key: tree[key], keys, document.tree)
                if _is_id(format, keys) or all(_hidden(format, (*renamed, *below)) for below in _leaves(value)):
                    continue
                tree = _changed(document.tree, keys, lambda parent, key: parent.update({f"{key}X": parent.pop(key)}))
                for outcome in outcomes(document.with_tree(tree).data):
                    if outcome.ok and outcome.format is before:
                        assert any(renamed[-1] in path for path in outcome.audit().unmapped)
                        return 1
            return 0

        exercised(law, 0.8)

    @pytest.mark.parametrize(
        ("name", "place"),
        [
            ("immunostem", ("authorizedApplication", "authorizedPartI", "productRoleGroupInfos", 0, "products", 0)),
            ("v1", ("applications", 0, "partI")),
            ("v1", ("applications", 0, "partI", "products", 0, "productDictionaryInfo")),
            ("v1", ("applications", 0, "partI", "productRoleGroupInfos", 0, "products", 0)),
            ("v1", ("applications", 0, "primarySponsor")),
            ("v1", ("authorizedPartsII", 0, "mscInfo")),
            ("v1", ("authorizedPartsII", 0, "mscInfo", "trialPeriod", 0)),
        ],
    )
    def test_a_new_key_in_a_copy_is_unmapped(self, name: str, place: tuple[Any, ...]) -> None:
        """What repeats another part of the record is ignored as far as that part is known."""
        tree = json.loads((FIXTURES / "ctis" / f"{name}.json").read_bytes())
        changed = _changed(tree, (*place, "newKey"), lambda parent, key: parent.update({key: "x"}))
        path = ".".join(key for key in (*place, "newKey") if isinstance(key, str))

        assert {path: 1} == parse(json.dumps(changed).encode()).audit().unmapped

    @json_formats
    def test_null_equals_absence(self, format: Format) -> None:
        def law(random: Random) -> int:
            document = maker_of(format).document(random, 3)
            before = parse(document.data).format
            places = [keys for keys in _leaves(document.tree) if keys and isinstance(keys[-1], str)]
            for place in random.sample(places, min(12, len(places))):
                null = _changed(document.tree, place, lambda parent, key: parent.update({key: None}))
                without = _changed(document.tree, place, lambda parent, key: parent.pop(key))
                emptied, deleted = outcomes(document.with_tree(null).data), outcomes(document.with_tree(without).data)
                if len(emptied) == len(deleted) == 1 and deleted[0].ok and deleted[0].format is before:
                    assert emptied[0].trial == deleted[0].trial
                    return 1
            return 0

        exercised(law, 0.8)

    @json_formats
    def test_another_type_has_a_diagnostic_or_is_unmapped(self, format: Format) -> None:
        def law(random: Random) -> int:
            document = maker_of(format).document(random, 3)
            places = [keys for keys in _leaves(document.tree) if keys]
            for place in random.sample(places, min(12, len(places))):
                if _hidden(format, (*place, "no such key")):
                    continue
                wrong = _changed(
                    document.tree, place, lambda parent, key: parent.__setitem__(key, {"no such key": "x"})
                )
                for outcome in outcomes(document.with_tree(wrong).data):
                    if outcome.ok and outcome.format is format:
                        assert outcome.audit().unmapped
                        return 1
            return 0

        exercised(law, 0.8)

    @json_formats
    def test_diagnostics_have_places_that_are_there(self, format: Format) -> None:
        def law(random: Random) -> int:
            compared = 0
            document = maker_of(format).document(random, 3)
            odd = copy.deepcopy(document.tree)
            leaves = [keys for keys in _leaves(odd) if keys]
            for keys in random.sample(leaves, min(12, len(leaves))):
                put(odd, keys, random.choice(ODD))
            for data in (damage(document, random).data, write(format, odd)):
                for outcome in outcomes(data):
                    for diagnostic in outcome.diagnostics if outcome.ok else ():
                        there = at(json.loads(data), diagnostic.place.path)
                        if diagnostic.field and isinstance(there, str):
                            compared += 1
                            assert diagnostic.text in there or there in diagnostic.text
            return compared

        exercised(law, 0.5)


def _hidden(format: Format, keys: tuple[Any, ...], left: int = 5) -> bool:
    """Whether a leaf is ignored whatever the keys above are called, or by its last key wherever it stands.

    A catch-all for a copy hides what is hidden in the original.
    """
    bare = tuple(key for key in keys if isinstance(key, str))
    for row in mapping_of(format).rows:
        steps = _steps(row.path)
        if row.verb != "ignore":
            continue
        if row.argument.startswith(COPIES):
            caught = steps[-1] == "**" and len(bare) >= len(steps) and _matches(bare, steps[:-1])
            there = (*_steps(target_of(row.argument)), *bare[len(steps) - 1 :]) if caught and left else ()
            if there and _hidden(format, there, left - 1):
                return True
            continue
        if steps[0] == "**" and steps[-1] == bare[-1] and "person" not in row.marks:
            return True
        if steps[-1] == "**" and len(bare) >= len(steps) and _matches(bare, steps[:-1]):
            return True
    return False


def _is_id(format: Format, keys: tuple[Any, ...]) -> bool:
    """Whether the last key is an id; any id will do."""
    bare = tuple(key for key in keys if isinstance(key, str))
    paths = [_steps(resolved(path)) for row in mapping_of(format).rows for path in row.paths]
    return any(len(s) >= len(bare) and s[len(bare) - 1] == "*" and _matches(bare, s) for s in paths)


def _steps(path: Steps) -> tuple[str, ...]:
    """Return the keys of a path; `*` for the ids of an object keyed by them."""
    return tuple(key for step in path for key in ((step.key, "*") if step.many == "{}" else (step.key,)))


def _matches(keys: tuple[str, ...], steps: tuple[str, ...]) -> bool:
    return all(step in ("*", key) for key, step in zip(keys, steps, strict=False))


def _changed(tree: Tree, keys: tuple[Any, ...], change: Any) -> Tree:
    tree = json.loads(json.dumps(tree))
    parent = tree
    for key in keys[:-1]:
        parent = parent[key]
    change(parent, keys[-1])
    return tree

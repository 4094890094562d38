"""What is picked of an element without its tree is what the tree holds."""

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.counting import exercised
from tests.readers.sources import LIMITS, elements
from trialparse.readers import xml
from trialparse.readers.shapes import DoesNotFit, Shape, fit, leaves
from trialparse.readers.xml.picker import picker


def shapes(depth: int = 2) -> st.SearchStrategy[Shape]:
    """What a table may want of an element made by `elements`."""
    below = st.just(Shape()) if depth == 0 else shapes(depth - 1)
    keys = st.sampled_from(["a", "a", "b", "b", "main", "é", "@x", "#text"])
    return st.dictionaries(keys, st.tuples(st.sampled_from(["", "", "[]", "[]", "[?]", "{}"]), below)).map(Shape)


def wanted_leaves(
    tree: Any, shape: Shape, keys: tuple[str | int, ...] = ()
) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Yield the texts that a shape wants of a tree, with their keys."""
    if isinstance(tree, list):
        for index, one in enumerate(tree):
            yield from wanted_leaves(one, shape, (*keys, index))
    elif shape.wants_leaf:
        yield keys, tree
    elif isinstance(tree, dict):
        for key, (_, below) in shape.members.items():
            if key in tree and key[0] not in "@#":
                yield from wanted_leaves(tree[key], below, (*keys, key))


def picked(element: Any, shape: Shape) -> Any:
    """Return what a picker gives, None where it leaves the element to its tree."""
    try:
        return picker(shape)(element)
    except DoesNotFit:
        return None


class TestPicking:
    """What is picked of an element is what fits of its tree."""

    @given(elements(), shapes(), st.sampled_from(["", " xmlns='u'"]))
    def test_agrees_with_the_tree(self, text: str, shape: Shape, namespace: str) -> None:
        root = xml.parse(f"<t{namespace}>{text}</t>".encode(), LIMITS)[0]
        assert picked(root, shape) in (None, fit(leaves(xml.tree(root, LIMITS, shape), shape), shape))

    def test_the_text_of_a_leaf_is_the_string_value_of_its_element(self) -> None:
        def law(drawn: tuple[str, Shape]) -> int:
            text, shape = drawn
            root = xml.parse(text.encode(), LIMITS)
            wanted = list(wanted_leaves(leaves(xml.tree(root, LIMITS, shape), shape), shape))
            for keys, words in wanted:
                (found,) = root.xpath(xml.xpath(keys, str(root.tag)))
                said = str(found.xpath("string()"))
                assert words == ("" if said.isspace() else said)
            return len(wanted)

        exercised(law, 0.3, st.tuples(elements(), shapes()))

    @given(elements(), shapes())
    def test_what_is_grown_of_a_tree_says_the_same(self, text: str, shape: Shape) -> None:
        root = xml.parse(text.encode(), LIMITS)
        tree = xml.tree(root, LIMITS, shape)
        grown = xml.parse(xml.serialise(xml.element(tree, str(root.tag), shape)), LIMITS)
        assert leaves(xml.tree(grown, LIMITS, shape), shape) == leaves(tree, shape)

    SHAPE = Shape({"a": ("", Shape()), "b": ("[]", Shape()), "c": ("[]", Shape({"d": ("", Shape())}))})

    @pytest.mark.parametrize(
        ("inner", "wanted"),
        [
            ("", {}),
            ("<!-- x --> <?p?>", {}),
            ("<a> x </a><b>1</b><z><a>y</a></z><b/>", {"a": " x ", "b": ["1", ""]}),
            ("<a>\n</a><z/><z k='v'/>", {"a": ""}),
            ("<a k='v'>1</a>", {"a": "1"}),
            ("<c/><c> <d>1</d> </c><c>x<z/></c>", {"c": [{}, {"d": "1"}, {}]}),
        ],
    )
    def test_plain_elements_are_picked(self, inner: str, wanted: Any) -> None:
        root = xml.parse(f"<t>{inner}</t>".encode(), LIMITS)
        assert picked(root, self.SHAPE) == wanted == fit(leaves(xml.tree(root), self.SHAPE), self.SHAPE)

    @pytest.mark.parametrize("prefix", ["", "p:"])
    @pytest.mark.parametrize(
        ("inner", "wanted"),
        [
            ("<{0}a> x </{0}a><{0}b>1</{0}b><{0}z><{0}a>y</{0}a></{0}z>", {"a": " x ", "b": ["1"]}),
            ("<{0}c><{0}d>1</{0}d></{0}c><{0}c/>", {"c": [{"d": "1"}, {}]}),
            ("<{0}b>1</{0}b><b xmlns=''>2</b><b xmlns='v'>3</b>", {"b": ["1", "2", "3"]}),
        ],
    )
    def test_elements_in_a_namespace_are_picked_by_their_local_names(
        self, prefix: str, inner: str, wanted: Any
    ) -> None:
        text = f"<{prefix}t xmlns='u' xmlns:p='u'>{inner.format(prefix)}</{prefix}t>"
        root = xml.parse(text.encode(), LIMITS)
        assert picked(root, self.SHAPE) == wanted == fit(leaves(xml.tree(root), self.SHAPE), self.SHAPE)

    @pytest.mark.parametrize(
        "inner",
        ["x", "<a>1</a><a>2</a>", "<a><z/></a>", "<b><z/></b>", "<c>x</c>", "<z/><a xmlns='u'>1</a>"],
    )
    def test_others_are_left_to_their_tree(self, inner: str) -> None:
        assert picked(xml.parse(f"<t>{inner}</t>".encode(), LIMITS), self.SHAPE) is None

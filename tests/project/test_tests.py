"""Tests can fail: each asserts something, whatever its loops and conditions come to.

An assertion counts if it runs each time: outside of any condition, and in no loop except one over
what is written out in the file or over `some(...)`, which refuses to be empty.
A test whose name says that nothing (else) is raised asserts by running.
"""

import ast
import textwrap
from collections.abc import Iterator

import pytest

from tests.conftest import ROOT

TESTS = ROOT / "tests"
PYTEST = {"raises", "fail"}
"""What of pytest asserts."""
OTHERS = {"assertValid", "check_schema", "validate"}
"""What of other libraries does."""
NOT_EMPTY = {"some", "readable"}
"""What asserts that it returns something."""
ALLOWED = {
    "TestFieldsOfMedicine.test_a_long_text_comes_to_an_end": "a pattern that backtracks would not end",
    "TestGrowth.test_no_pattern_is_made_of_names": "what must not be called fails the test",
    "TestOpeners.test_a_long_text_comes_to_an_end": "a pattern that backtracks would not end",
}
"""Tests that assert in another way."""


def functions(tree: ast.Module) -> Iterator[tuple[str, ast.FunctionDef]]:
    """Yield the functions of a module and of its classes, with the class before the name."""
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            yield node.name, node
        elif isinstance(node, ast.ClassDef):
            yield from ((f"{node.name}.{each.name}", each) for each in node.body if isinstance(each, ast.FunctionDef))


def called(node: ast.AST) -> str:
    """Return the last part of the name of what is called here, if anything is."""
    match node:
        case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)):
            return name
    return ""


def written_out(found: ast.expr, constants: set[str]) -> bool:
    """Whether what a loop goes through is in the file, so that it is not empty, or refuses to be."""
    match found:
        case ast.Tuple(elts=items) | ast.List(elts=items) | ast.Set(elts=items) | ast.Dict(keys=items):
            return bool(items)
        case ast.Constant(value=str(text)):
            return bool(text)
        case ast.Name(id=name) | ast.Attribute(value=ast.Name(id="self"), attr=name):
            return name in constants
        case ast.Attribute(value=ast.Name(), attr=name):
            return name in constants
        case ast.Call(func=ast.Name(id="range"), args=parts):
            return all(isinstance(part, ast.Constant) for part in parts)
        case ast.Call(func=ast.Name(id="zip" | "product" | "enumerate" | "sorted" | "dict"), args=parts):
            return all(written_out(part, constants) for part in parts)
        case ast.Call(func=ast.Attribute(value=inner, attr="items" | "values" | "split")):
            return written_out(inner, constants)
    return called(found) in NOT_EMPTY


def constants_of(tree: ast.Module) -> set[str]:
    """Return the names that a module gives to what it writes out."""
    found: set[str] = set()
    for node in ast.walk(tree):
        match node:
            case (
                ast.Assign(targets=[ast.Name(id=name)], value=value)
                | ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value)
            ) if written_out(value, found):
                found.add(name)
    return found


def ends_early(statement: ast.stmt) -> bool:
    """Whether a function may return from within this statement."""
    todo: list[ast.AST] = [statement]
    while todo:
        node = todo.pop()
        if isinstance(node, ast.Return):
            return True
        if not isinstance(node, ast.FunctionDef | ast.Lambda | ast.ClassDef):
            todo += ast.iter_child_nodes(node)
    return False


def asserts(statements: list[ast.stmt], asserting: set[str], constants: set[str]) -> bool:
    """Whether something is asserted each time these statements run."""
    for statement in statements:
        match statement:
            case ast.Assert():
                return True
            case ast.Expr(value=call) | ast.Assign(value=call) | ast.Return(value=ast.expr() as call) if (
                called(call) in asserting
            ):
                return True
            case ast.With(items=items, body=body) if asserts(body, asserting, constants) or any(
                called(item.context_expr) in asserting for item in items
            ):
                return True
            case ast.For(iter=found, body=body) if written_out(found, constants) and asserts(
                body, asserting, constants
            ):
                return True
            case ast.Try(body=body, handlers=[]) if asserts(body, asserting, constants):
                return True
            case ast.If(body=body, orelse=other) if all(asserts(way, asserting, constants) for way in (body, other)):
                return True
        if ends_early(statement):
            return False
    return False


def idle(texts: list[str]) -> list[str]:
    """Return the tests in these modules that can end without having asserted anything."""
    trees = [(tree := ast.parse(text), constants_of(tree)) for text in texts]
    known = {name for _, constants in trees for name in constants if name.isupper()}
    asserting = PYTEST | OTHERS
    helpers = [
        (each, constants | known)
        for tree, constants in trees
        for _, each in functions(tree)
        if not each.name.startswith("test_")
    ]
    before = 0
    while len(asserting) != before:  # a helper asserts if what it calls does
        before = len(asserting)
        asserting |= {each.name for each, constants in helpers if asserts(each.body, asserting, constants)}
    return [
        name
        for tree, constants in trees
        for name, each in functions(tree)
        if each.name.startswith("test_")
        and not asserts(each.body, asserting, constants | known)
        and "raise" not in each.name
    ]


def test_each_test_asserts() -> None:
    texts = [path.read_text("utf-8") for path in sorted(TESTS.rglob("*.py"))]
    assert len(texts) > 60
    assert sorted(ALLOWED) == sorted(idle(texts))


@pytest.mark.parametrize(
    "body",
    [
        "assert x",
        "with pytest.raises(Error):\n    x()",
        "for one in (1, 2):\n    assert one",
        "for one in some(x):\n    assert one",
        "for one in KNOWN.items():\n    assert one",
        "if x:\n    assert x\nelse:\n    assert y",
        "check(x)",
    ],
)
def test_what_asserts(body: str) -> None:
    assert [] == idle(
        [f"KNOWN = {{1: 2}}\ndef check(x):\n    assert x\ndef test_it(x):\n{textwrap.indent(body, '    ')}"]
    )


@pytest.mark.parametrize(
    "body",
    [
        "x()",
        "if x:\n    assert x",
        "for one in x:\n    assert one",
        "for one in []:\n    assert one",
        "for one in some(x):\n    if one:\n        assert one",
        "if x:\n    return\nassert x",
        "look(x)",
    ],
)
def test_what_may_assert_nothing(body: str) -> None:
    assert ["test_it"] == idle([f"def look(x):\n    return x\ndef test_it(x):\n{textwrap.indent(body, '    ')}"])

"""Pages whose examples are run elsewhere."""

from typing import Any

ELSEWHERE = ("add-a-registry.md",)
"""It needs a registry of its own: tests/project/test_add_a_registry.py makes it and runs the page."""


def pytest_collection_modifyitems(items: list[Any]) -> None:
    """Leave these pages out."""
    items[:] = [item for item in items if item.path.name not in ELSEWHERE]

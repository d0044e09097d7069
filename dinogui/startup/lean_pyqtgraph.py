"""pyqtgraph, imported without a copy of all of Qt.

At its import pyqtgraph copies every name of three Qt modules into modules of its own
(`_copy_attrs` in pyqtgraph/Qt/__init__.py, 0.12 to 0.14). PySide makes a class when somebody asks
for it, so that makes them all, which takes two fifths of the import's time: a tenth of a start.
Here its modules ask Qt for a name when they are asked for it themselves.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from types import ModuleType
from typing import Any

_COPIED = ("QtCore", "QtGui", "QtWidgets")


class _Mirror(ModuleType):
    """Stands where pyqtgraph keeps its copy of a Qt module; what it writes there stays there."""

    def __init__(self, source: ModuleType) -> None:
        super().__init__(_mirror_name(source))
        self._source = source

    def __getattr__(self, name: str) -> Any:
        value = getattr(self._source, name)
        setattr(self, name, value)
        return value


def _mirror_name(source: ModuleType) -> str:
    return source.__name__.replace("PySide6", "pyqtgraph.Qt")


@contextmanager
def _nothing_to_copy(sources: list[ModuleType]) -> Iterator[None]:
    """Let `dir` find nothing in the Qt modules, and pyqtgraph find their mirrors."""
    listings = [source.__dict__.get("__dir__") for source in sources]
    for source in sources:
        sys.modules[_mirror_name(source)] = _Mirror(source)
        source.__dict__["__dir__"] = list
    try:
        yield
    finally:
        for source, listing in zip(sources, listings, strict=True):
            del source.__dict__["__dir__"]
            if listing is not None:
                source.__dict__["__dir__"] = listing


def _import_lean() -> ModuleType:
    if "pyqtgraph" in sys.modules:
        return sys.modules["pyqtgraph"]
    sources = [import_module(f"PySide6.{name}") for name in _COPIED]
    try:
        with _nothing_to_copy(sources):
            return import_module("pyqtgraph")
    except Exception:  # another pyqtgraph may need what it does not find: then let it have all
        for name in [name for name in sys.modules if name.partition(".")[0] == "pyqtgraph"]:
            del sys.modules[name]
        return import_module("pyqtgraph")


pg: Any = _import_lean()
"""The library, by the name that its own documentation gives it."""

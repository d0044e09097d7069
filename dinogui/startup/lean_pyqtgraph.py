"""Imports pyqtgraph without its copy of all of Qt.

When it is imported, pyqtgraph copies every name of three Qt modules into modules of its own
(`_copy_attrs` in pyqtgraph/Qt/__init__.py, versions 0.12 to 0.14). PySide creates a class when it
is first accessed, so the copy creates all 630 of them, of which the window needs 180. Here these
modules look a name up in Qt when it is first needed. This saves 7 % of the start (processor time,
measured on two cores).
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from types import ModuleType
from typing import Any

from dinogui.startup.switches import is_enabled

_COPIED = ("QtCore", "QtGui", "QtWidgets")


class _Mirror(ModuleType):
    """Replaces pyqtgraph's copy of a Qt module. Names that pyqtgraph sets do not reach Qt."""

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
    """Let `dir` find nothing in the Qt modules, and the mirrors be imported in place of copies."""
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
    if not is_enabled("lean-pyqtgraph"):
        return import_module("pyqtgraph")
    sources = [import_module(f"PySide6.{name}") for name in _COPIED]
    try:
        with _nothing_to_copy(sources):
            return import_module("pyqtgraph")
    except Exception:  # another version may need the full listing: import it the usual way
        for name in [name for name in sys.modules if name.partition(".")[0] == "pyqtgraph"]:
            del sys.modules[name]
        return import_module("pyqtgraph")


pg: Any = _import_lean()
"""The pyqtgraph module, by the name that its documentation uses."""

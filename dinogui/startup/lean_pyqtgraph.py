"""Imports pyqtgraph without its copy of all of Qt, and without the widgets that no plot needs.

When it is imported, pyqtgraph copies every name of three Qt modules into modules of its own
(`_copy_attrs` in pyqtgraph/Qt/__init__.py, versions 0.12 to 0.14). PySide creates a class when it
is first accessed, so the copy creates all 630 of them, of which the window needs 180. Here these
modules look a name up in Qt when it is first needed. This saves 7 % of the start (processor time,
measured on two cores).

pyqtgraph also imports all its widgets, from image views to parameter trees. The window uses only
its plot. While pyqtgraph is imported, empty modules stand for those in `_LEFT_OUT`, which its plot
does not need. They are imported when one of their names is first looked up, as in
``pyqtgraph.ImageView``. This saves 5 % of the start (processor time, measured on two cores).
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib import import_module
from types import ModuleType
from typing import Any

from dinogui.startup.switches import is_enabled

_COPIED = ("QtCore", "QtGui", "QtWidgets")

_ITEMS = (
    "BarGraphItem", "BoxplotItem", "ColorBarItem", "CurvePoint", "DateAxisItem", "ErrorBarItem",
    "FillBetweenItem", "GradientEditorItem", "GradientLegend", "GraphItem", "GridItem",
    "HistogramLUTItem", "IsocurveItem", "PColorMeshItem", "ROI", "ScaleBar", "TargetItem",
    "VTickGroup",
)  # fmt: skip
_WIDGETS = (
    "BusyCursor", "CheckTable", "ColorButton", "ColorMapMenu", "ColorMapWidget", "ComboBox",
    "DataFilterWidget", "DataTreeWidget", "DiffTreeWidget", "FeedbackButton", "GradientWidget",
    "GraphicsLayoutWidget", "GroupBox", "HistogramLUTWidget", "JoystickButton", "LayoutWidget",
    "PathButton", "ProgressDialog", "RawImageWidget", "RemoteGraphicsView", "ScatterPlotWidget",
    "SpinBox", "TableWidget", "TreeWidget", "ValueLabel", "VerticalLabel",
)  # fmt: skip
_LEFT_OUT = (
    "imageview",
    *(f"graphicsItems.{name}" for name in _ITEMS),
    *(f"widgets.{name}" for name in _WIDGETS),
)
"""Modules of pyqtgraph."""


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


class _Empty(ModuleType):
    """Stands for a module that is left out. Whatever is imported from it is the module itself."""

    def __getattr__(self, name: str) -> "_Empty":
        if name.startswith("__"):  # there is no `__all__`
            raise AttributeError(name)
        return self


@contextmanager
def _nothing_unused() -> Iterator[None]:
    """Let empty modules be imported in place of those in `_LEFT_OUT`."""
    names = [f"pyqtgraph.{name}" for name in _LEFT_OUT]
    sys.modules.update({name: _Empty(name) for name in names})
    try:
        yield
    finally:
        for name in names:
            del sys.modules[name]


def _find_left_out(name: str) -> Any:
    """Return what pyqtgraph would have under a name, had its module not been left out."""
    if not name.startswith("__"):
        modules = sorted(_LEFT_OUT, key=lambda module: not module.endswith(name))
        for module in modules:
            with suppress(ImportError, AttributeError):  # this may be asked within an import
                return getattr(import_module(f"pyqtgraph.{module}"), name)
    raise AttributeError(f"module 'pyqtgraph' has no attribute {name!r}")


def _import_lean() -> ModuleType:
    if "pyqtgraph" in sys.modules:
        return sys.modules["pyqtgraph"]
    if not is_enabled("lean-pyqtgraph"):
        return import_module("pyqtgraph")
    sources = [import_module(f"PySide6.{name}") for name in _COPIED]
    try:
        with _nothing_to_copy(sources), _nothing_unused():
            found = import_module("pyqtgraph")
        for name in [name for name, value in vars(found).items() if isinstance(value, _Empty)]:
            delattr(found, name)
        vars(found)["__getattr__"] = _find_left_out
        return found
    except Exception:  # another version may need the full listing: import it the usual way
        for name in [name for name in sys.modules if name.partition(".")[0] == "pyqtgraph"]:
            del sys.modules[name]
        return import_module("pyqtgraph")


pg: Any = _import_lean()
"""The pyqtgraph module, by the name that its documentation uses."""

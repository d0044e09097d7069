"""Each test runs in its own process, because a library is imported only once."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]


def run(code, *folders):
    """Run code with folders and the project on the import path, and return the words it prints."""
    path = os.pathsep.join(map(str, (*folders, ROOT)))
    environment = os.environ | {"PYTHONPATH": path, "QT_QPA_PLATFORM": "offscreen"}
    command = [sys.executable, "-W", "error", "-c", code]
    ended = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120)
    assert ended.returncode == 0, ended.stderr
    return ended.stdout.split()


def test_only_classes_in_use_are_created():
    made = run("""
from dinogui.startup.lean_pyqtgraph import pg
from PySide6 import QtWidgets
print("QGraphicsView" in vars(QtWidgets), "QWizard" in vars(QtWidgets))
""")
    assert made == ["True", "False"]


def test_the_other_classes_are_created_when_they_are_used():
    answers = run("""
from dinogui.startup.lean_pyqtgraph import pg
from PySide6 import QtWidgets
print("QWizard" in dir(QtWidgets), pg.Qt.QtWidgets.QWizard is QtWidgets.QWizard)
print(hasattr(pg.Qt.QtWidgets, "QNothing"), hasattr(pg.Qt.QtWidgets, "QFileSystemModel"))
""")
    assert answers == ["True", "True", "False", "True"]


def test_a_plot_is_drawn():
    assert run("""
from dinogui.startup.lean_pyqtgraph import pg
application = pg.mkQApp()
plot = pg.PlotWidget()
empty = plot.grab().toImage()
plot.plot([0, 1, 2], [3, 5, 4])
print(plot.grab().toImage() != empty)
""") == ["True"]


def test_widgets_that_no_plot_needs_are_imported_when_they_are_used():
    assert run("""
import sys
from dinogui.startup.lean_pyqtgraph import pg
print("pyqtgraph.imageview" in sys.modules, "pyqtgraph.parametertree" in sys.modules)
print(pg.ImageView.__name__, pg.RemoteGraphicsView.__name__, hasattr(pg, "Nothing"))
from pyqtgraph import exporters
from pyqtgraph.parametertree import ParameterTree
print(exporters.CSVExporter.__name__)
""") == ["False", "False", "ImageView", "RemoteGraphicsView", "False", "CSVExporter"]


def test_all_names_of_pyqtgraph_are_found():
    names = run("""
import pyqtgraph
print(*(name for name in vars(pyqtgraph) if isinstance(getattr(pyqtgraph, name), type)))
""")
    assert len(names) > 80
    assert (
        run(f"""
from dinogui.startup.lean_pyqtgraph import pg
names = {names}
print(*(name for name in names if not isinstance(getattr(pg, name, None), type)))
""")
        == []
    )


def test_a_pyqtgraph_that_is_already_imported_is_used():
    assert run("""
import pyqtgraph
from dinogui.startup.lean_pyqtgraph import pg
from PySide6 import QtWidgets
print(pg is pyqtgraph, "QWizard" in vars(QtWidgets))
""") == ["True", "True"]


def test_a_version_that_needs_the_full_listing_is_imported_the_usual_way(tmp_path):
    package = tmp_path / "pyqtgraph"
    package.mkdir()
    (package / "__init__.py").write_text(
        "from . import part\nfrom PySide6 import QtCore\nassert 'QObject' in dir(QtCore)\n"
    )
    (package / "part.py").write_text("print('imported')\n")
    # The first import fails half-way, so it is imported a second time.
    code = "from dinogui.startup.lean_pyqtgraph import pg; print(pg.part.__name__)"
    assert run(code, tmp_path) == ["imported", "imported", "pyqtgraph.part"]

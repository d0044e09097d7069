"""Each in a process of its own, as a library is imported only once."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]


def run(code, *folders):
    """Run code where the folders and the project can be imported from, and return its output."""
    path = os.pathsep.join(map(str, (*folders, ROOT)))
    environment = os.environ | {"PYTHONPATH": path, "QT_QPA_PLATFORM": "offscreen"}
    command = [sys.executable, "-W", "error", "-c", code]
    ended = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120)
    assert ended.returncode == 0, ended.stderr
    return ended.stdout.split()


def test_only_the_classes_that_are_asked_for_are_made():
    made = run("""
from dinogui.startup.lean_pyqtgraph import pg
from PySide6 import QtWidgets
print("QGraphicsView" in vars(QtWidgets), "QWizard" in vars(QtWidgets))
""")
    assert made == ["True", "False"]


def test_the_rest_is_there_when_it_is_asked_for():
    answers = run("""
from dinogui.startup.lean_pyqtgraph import pg
from PySide6 import QtWidgets
print("QWizard" in dir(QtWidgets), pg.Qt.QtWidgets.QWizard is QtWidgets.QWizard)
print(hasattr(pg.Qt.QtWidgets, "QNothing"), hasattr(pg.Qt.QtWidgets, "QFileSystemModel"))
""")
    assert answers == ["True", "True", "False", "True"]


def test_a_plot_plots():
    assert run("""
from dinogui.startup.lean_pyqtgraph import pg
application = pg.mkQApp()
plot = pg.PlotWidget()
empty = plot.grab().toImage()
plot.plot([0, 1, 2], [3, 5, 4])
print(plot.grab().toImage() != empty)
""") == ["True"]


def test_one_that_is_imported_already_is_taken():
    assert run("""
import pyqtgraph
from dinogui.startup.lean_pyqtgraph import pg
from PySide6 import QtWidgets
print(pg is pyqtgraph, "QWizard" in vars(QtWidgets))
""") == ["True", "True"]


def test_one_that_needs_to_list_the_names_gets_them(tmp_path):
    package = tmp_path / "pyqtgraph"
    package.mkdir()
    (package / "__init__.py").write_text(
        "from . import part\nfrom PySide6 import QtCore\nassert 'QObject' in dir(QtCore)\n"
    )
    (package / "part.py").write_text("print('imported')\n")
    # It fails half-way, and is imported again from its beginning.
    code = "from dinogui.startup.lean_pyqtgraph import pg; print(pg.part.__name__)"
    assert run(code, tmp_path) == ["imported", "imported", "pyqtgraph.part"]

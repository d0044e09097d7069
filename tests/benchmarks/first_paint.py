"""Open a window, print "painted" once its plot is on the screen, and exit.

    python first_paint.py dinogui|floor

"dinogui" is the window as the command opens it. "floor" imports numpy, PySide6 and pyqtgraph, and
shows an empty plot: no program with a plot can start sooner.
"""

import os
import sys
from pathlib import Path


def show_dinogui():
    """Open the window as `dinogui` does."""
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
    from dinogui.__main__ import prepare
    from dinogui.options import parse

    options = parse([])
    prepare()
    from dinogui import app

    make_window = app.make_empty_window

    def make_watched_window(*arguments):
        window, open_data = make_window(*arguments)
        watch(window.loss_plot.plot.viewport())
        return window, open_data

    app.make_empty_window = make_watched_window
    app.run(options)


def show_floor():
    """Show an empty plot."""
    import numpy  # noqa: F401 the floor is the cost of these three imports
    import pyqtgraph
    from PySide6.QtWidgets import QApplication

    application = QApplication([])
    plot = pyqtgraph.PlotWidget()
    watch(plot.viewport())
    plot.show()
    application.exec()


def watch(viewport):
    """Print "painted" and exit when the viewport has been painted and passed to the screen."""
    from PySide6.QtCore import QEvent, QObject, QTimer

    class Watcher(QObject):
        def eventFilter(self, watched, event):
            if event.type() == QEvent.Type.Paint:
                watched.removeEventFilter(self)
                QTimer.singleShot(0, leave)  # after this paint event and those that come with it
            return False

    viewport.installEventFilter(Watcher(viewport))


def leave():
    print("painted", flush=True)
    os._exit(0)  # closing is not measured


if __name__ == "__main__":
    {"dinogui": show_dinogui, "floor": show_floor}[sys.argv[1]]()

"""Open a window, say "painted" once its plot is on the screen, and leave.

    python first_paint.py dinogui|floor

"dinogui" is the window as the command opens it. "floor" imports numpy, PySide6 and pyqtgraph, and
shows an empty plot: nothing with a plot in it can start sooner.
"""

import os
import sys
from pathlib import Path


def show_dinogui():
    """Do what `dinogui` does, but for the event loop's end."""
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
    from dinogui.__main__ import prepare
    from dinogui.options import parse

    options = parse([])
    prepare(options)
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
    import numpy  # noqa: F401 the floor is what these three cost
    import pyqtgraph
    from PySide6.QtWidgets import QApplication

    application = QApplication([])
    plot = pyqtgraph.PlotWidget()
    watch(plot.viewport())
    plot.show()
    application.exec()


def watch(viewport):
    """Say so, and leave, when the viewport has been painted and handed to the screen."""
    from PySide6.QtCore import QEvent, QObject, QTimer

    class Watcher(QObject):
        def eventFilter(self, watched, event):
            if event.type() == QEvent.Type.Paint:
                watched.removeEventFilter(self)
                QTimer.singleShot(0, leave)  # after this paint event, and what comes with it
            return False

    viewport.installEventFilter(Watcher(viewport))


def leave():
    print("painted", flush=True)
    os._exit(0)  # how long it takes to close is not asked


if __name__ == "__main__":
    {"dinogui": show_dinogui, "floor": show_floor}[sys.argv[1]]()

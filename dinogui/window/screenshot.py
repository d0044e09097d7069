"""The screenshot that ``dinogui --screenshot`` takes of the window."""

import sys

from PySide6.QtCore import QObject, QTimer, Slot

from dinogui.panels.picture_file import png_of
from dinogui.session.run import RunState
from dinogui.window.main_window import MainWindow
from engine.sampling.candidates import SearchResult
from engine.storage.files import atomic_writer, check_writable

_SIZE = (1100, 700)


class Screenshot(QObject):
    """Trains, lets the network generate, takes a screenshot, and closes the window.

    Lives in the GUI thread.

    Parameters
    ----------
    window : MainWindow
        Shown, with a run that is ready or a file that is being read.
    path : str
        Where to write the screenshot, as PNG.
    steps : int
        Steps to train first.
    waits_for_file : bool
        Whether a file is being read.

    Attributes
    ----------
    exit_code : int
        0 once the screenshot is saved.
    """

    def __init__(self, window: MainWindow, path: str, steps: int, *, waits_for_file: bool) -> None:
        super().__init__(window)
        self.exit_code = 1
        self._window, self._steps = window, steps
        self._path = path
        try:
            check_writable(path)  # before the training
        except OSError as error:
            self._complain(error)
            QTimer.singleShot(0, window.close)
            return
        window.resize(*_SIZE)
        window.session.state_changed.connect(self._pose)
        window.session.refused.connect(self._give_up)
        window.library.saving.refused.connect(self._give_up)
        window.session.failed.connect(self._give_up)
        if waits_for_file:
            window.session.run_begun.connect(self._train)
        else:
            QTimer.singleShot(0, self._train)

    @Slot()
    def _train(self) -> None:
        self._window.session.train(self._steps)

    @Slot(object)
    def _pose(self, state: RunState) -> None:
        if state in (RunState.PAUSED, RunState.DIVERGED):
            if self._window.session.kind == "text":
                self._window.writing.finished.connect(self._take_soon)
            else:
                name_generation = self._window.session.name_generation
                name_generation.found.connect(self._take_if_over)
                name_generation.refused.connect(self._give_up)
            self._window.generate()

    @Slot(object)
    def _take_if_over(self, found: SearchResult) -> None:
        if found.is_over:
            self._take_soon()

    @Slot()
    def _take_soon(self) -> None:
        """Wait for the event loop to lay out and paint what was just generated."""
        QTimer.singleShot(0, self._take)

    @Slot()
    def _take(self) -> None:
        self._window.loss_plot.draw()
        try:
            with atomic_writer(self._path) as file:
                file.write(png_of(self._window))
            self.exit_code = 0
        except OSError as error:
            self._complain(error)
        self._window.close()

    def _complain(self, error: OSError) -> None:
        print(
            f"The screenshot “{self._path}” cannot be written: {error.strerror or error}. "
            "Choose another place.",
            file=sys.stderr,
        )

    @Slot(str)
    def _give_up(self, message: str) -> None:
        print(message, file=sys.stderr)
        self._window.close()

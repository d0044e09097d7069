"""Keeps the window's run safe: saved, kept for the case of a crash, and recovered."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from dinogui.library.autosave import EVERY_SECONDS, Autosave
from dinogui.library.autosave_folder import AutosaveFolder
from dinogui.library.recovery import Recovery
from dinogui.library.run_store import RunStore
from dinogui.library.saving import Saving
from dinogui.widgets.banner import Banner
from dinogui.window.run_view import RunView

if TYPE_CHECKING:
    from dinogui.window.main_window import MainWindow

_SAVED_MILLISECONDS = 3_000


class Library(QObject):
    """Makes what saves, keeps and recovers runs, and wires it to the window.

    Lives in the GUI thread.

    Parameters
    ----------
    window : MainWindow
        Its parent, whose title says which run it is and whether it is saved. Its actions, its plot,
        its banner and its status line are there already.
    view : RunView

    Attributes
    ----------
    saving : Saving
    autosave : Autosave or None
        Made by `autosave_in`, as is the next.
    recovery_banner : Banner or None
        Offers what others left behind.
    """

    def __init__(self, window: MainWindow, view: RunView) -> None:
        super().__init__(window)
        self._window, self._session = window, window.session
        self._keeper = RunStore(self._session, view)
        self.saving = Saving(self._session, self._keeper, window)
        self.autosave: Autosave | None = None
        self.recovery_banner: Banner | None = None
        actions, saving = window.actions_, self.saving
        actions.open_run.triggered.connect(saving.choose_run)
        actions.save_run.triggered.connect(saving.save)
        actions.save_run_as.triggered.connect(saving.save_as)
        saving.changed.connect(self._show_title)
        saving.saved.connect(self._say_saved)
        saving.not_saved.connect(self._say)
        saving.refused.connect(self._say)

    def autosave_in(self, folder: Path, every: float = EVERY_SECONDS) -> None:
        """Keep the run in a folder for the case of a crash, and offer what others left there.

        Parameters
        ----------
        folder : Path
        every : float
            Seconds of training.
        """
        place, session = AutosaveFolder(folder), self._session
        self.autosave = Autosave(session, self._keeper, self.saving, place, every)
        self.autosave.failed.connect(self._say)
        self.recovery_banner = Banner(self._window.loss_plot, at_top=True)
        recovery = Recovery(place, self._keeper, self.autosave, self.recovery_banner)
        recovery.refused.connect(self._say)
        session.closing.connect(recovery.release)
        recovery.look()

    def discard(self) -> None:
        """Let go of what is kept of this run for the case of a crash: nobody wants it any more."""
        if self.autosave is not None:
            self.autosave.discard()

    @Slot()
    def _show_title(self) -> None:
        corpus, path = self._session.corpus, self.saving.path
        if corpus is not None:
            name = Path(path).name if path else corpus.source
            # The star is Qt's own sign for what is unsaved, shown as each system does.
            self._window.setWindowTitle(f"{name}[*] — DinoGUI")
            self._window.setWindowModified(self.saving.is_unsaved)

    @Slot(str)
    def _say_saved(self, path: str) -> None:
        self._window.status.showMessage(f"Saved to “{path}”.", _SAVED_MILLISECONDS)

    @Slot(str)
    def _say(self, message: str) -> None:
        if message:
            self._window.banner.say(message)

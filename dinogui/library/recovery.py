"""Offers the runs that a window left behind when it crashed."""

from datetime import datetime

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QAction

from dinogui.library.autosave import Autosave
from dinogui.library.autosave_folder import AutosaveFolder, AutosavePlace
from dinogui.library.run_store import RunStore
from dinogui.widgets.banner import Banner
from engine.storage.archive import CheckpointError, open_archive


class Recovery(QObject):
    """Offers the runs that were found, one after the other, the latest first.

    Lives in the GUI thread. A run that is neither opened nor forgotten is offered again at the next
    start.

    Parameters
    ----------
    folder : AutosaveFolder
    store : RunStore
    autosave : Autosave
        Takes over the place of a run that is opened.
    banner : Banner
        Stays until one of its buttons is pressed.

    Signals
    -------
    refused(str)
        A sentence that says why a run could not be opened.
    """

    refused = Signal(str)

    def __init__(
        self, folder: AutosaveFolder, store: RunStore, autosave: Autosave, banner: Banner
    ) -> None:
        super().__init__(autosave)
        self._folder, self._store = folder, store
        self._autosave, self._banner = autosave, banner
        self._left: list[AutosavePlace] = []
        self._number: int | None = None
        self._open = self._action("Open it", "Open that run; this one can be shown again with Undo")
        self._open.triggered.connect(self._open_it)
        self._forget = self._action("Forget it", "Delete that run for good")
        self._forget.triggered.connect(self._forget_it)
        store.opened.connect(self._take_opened)
        store.refused.connect(self._take_refusal)

    def look(self) -> None:
        """Look for runs that were left behind, and offer them."""
        self._left = self._folder.leftovers()
        self._offer()

    @Slot()
    def release(self) -> None:
        """Stop offering runs; the next start offers them again."""
        for place in self._left:
            place.release()
        self._left.clear()

    def _action(self, text: str, tip: str) -> QAction:
        action = QAction(text, self)
        action.setToolTip(tip)
        return action

    def _offer(self) -> None:
        while self._left:
            try:
                message = _message_about(self._left[0])
            except (CheckpointError, OSError, KeyError, TypeError):
                self._left.pop(0).release()  # not one of our files, so it is left where it is
            else:
                self._banner.say(message, self._open, self._forget)
                return

    @Slot()
    def _open_it(self) -> None:
        self._number = self._store.open(str(self._left[0].path))

    @Slot()
    def _forget_it(self) -> None:
        self._left.pop(0).discard()
        self._offer()

    @Slot(int)
    def _take_opened(self, number: int) -> None:
        if number == self._number:
            self._autosave.adopt(self._left.pop(0))
            self.release()  # this window has its run now

    @Slot(int, str)
    def _take_refusal(self, number: int, message: str) -> None:
        if number == self._number:
            self._left.pop(0).release()
            self.refused.emit(message)
            self._offer()


def _message_about(place: AutosavePlace) -> str:
    """Return the sentence that offers a run, from the header of its file."""
    written = datetime.fromtimestamp(place.path.stat().st_mtime)
    is_todays = written.date() == datetime.now().date()
    time = f"{written:%H:%M}" if is_todays else f"{written:%d %B %Y, %H:%M}"
    with open_archive(place.path) as archive:
        step = int(archive.json("header")["step"])
    return f"The run from {time} ({step:,} {'step' if step == 1 else 'steps'}) was not saved."

"""Offers what a window left behind that did not end well."""

from datetime import datetime

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QAction

from dinogui.library.autosave import Autosave
from dinogui.library.autosave_folder import AutosaveFolder, AutosavePlace
from dinogui.library.run_store import RunStore
from dinogui.widgets.banner import Banner
from engine.storage.archive import CheckpointError, open_archive


class Recovery(QObject):
    """Says what was found, one run after the other, the latest first.

    Lives in the GUI thread. What is neither opened nor forgotten is offered by the next start.

    Parameters
    ----------
    folder : AutosaveFolder
    keeper : RunStore
    autosave : Autosave
        Takes over what is opened.
    banner : Banner
        Stays until one of its buttons is pressed.

    Signals
    -------
    refused(str)
        A sentence that says why a run could not be opened.
    """

    refused = Signal(str)

    def __init__(
        self, folder: AutosaveFolder, keeper: RunStore, autosave: Autosave, banner: Banner
    ) -> None:
        super().__init__(autosave)
        self._folder, self._keeper = folder, keeper
        self._autosave, self._banner = autosave, banner
        self._left: list[AutosavePlace] = []
        self._number: int | None = None
        self._open = self._action("Open it", "Go on with that run in place of this one")
        self._open.triggered.connect(self._open_it)
        self._forget = self._action("Forget it", "Remove that run for good")
        self._forget.triggered.connect(self._forget_it)
        keeper.opened.connect(self._take_opened)
        keeper.refused.connect(self._take_refusal)

    def look(self) -> None:
        """Offer what there is."""
        self._left = self._folder.leftovers()
        self._offer()

    @Slot()
    def release(self) -> None:
        """Leave what is still offered to the next start."""
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
                message = _told(self._left[0])
            except (CheckpointError, OSError, KeyError, TypeError):
                self._left.pop(0).release()  # nothing of ours: left where it is
            else:
                self._banner.say(message, self._open, self._forget)
                return

    @Slot()
    def _open_it(self) -> None:
        self._number = self._keeper.open(str(self._left[0].path))

    @Slot()
    def _forget_it(self) -> None:
        self._left.pop(0).discard()
        self._offer()

    @Slot(int)
    def _take_opened(self, number: int) -> None:
        if number == self._number:
            self._autosave.adopt(self._left.pop(0))
            self.release()  # this window has its run

    @Slot(int, str)
    def _take_refusal(self, number: int, message: str) -> None:
        if number == self._number:
            self._left.pop(0).release()
            self.refused.emit(message)
            self._offer()


def _told(place: AutosavePlace) -> str:
    """Say in words what is there, from the first entry of its file."""
    written = datetime.fromtimestamp(place.path.stat().st_mtime)
    is_todays = written.date() == datetime.now().date()
    time = f"{written:%H:%M}" if is_todays else f"{written:%d %B %Y, %H:%M}"
    with open_archive(place.path) as archive:
        step = int(archive.json("header")["step"])
    return f"The run from {time} ({step:,} {'step' if step == 1 else 'steps'}) was not saved."

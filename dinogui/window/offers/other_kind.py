"""What a person can do when a file is of another kind than its name says, offered in the banner."""

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QAction

from dinogui.library.saving import Saving
from dinogui.session.session import Session
from dinogui.widgets.banner import Banner
from dinogui.window.opening import Opening
from engine.data.training_data import DataKind


class OtherKindOffer(QObject):
    """Offers to open data that were taken for a run, or a run that was taken for data.

    Lives in the GUI thread.

    Parameters
    ----------
    session : Session
    saving : Saving
    opening : Opening
    banner : Banner
    """

    def __init__(self, session: Session, saving: Saving, opening: Opening, banner: Banner) -> None:
        super().__init__(session)
        self._saving, self._opening, self._banner = saving, opening, banner
        self._path = ""
        self._names = self._action("Open it as names", "Train on it, with a name in each line")
        self._names.triggered.connect(self._open_names)
        self._text = self._action("Open it as a text", "Train on it as running text")
        self._text.triggered.connect(self._open_text)
        self._melodies = self._action("Open it as melodies", "Train on the notes of the tunes")
        self._melodies.triggered.connect(self._open_melodies)
        self._run = self._action("Open the run", "Show the run, to go on with it")
        self._run.triggered.connect(self._open_run)
        saving.text_file_found.connect(self._offer_data)
        session.run_file_found.connect(self._offer_run)
        session.run_begun.connect(self._withdraw)

    def _action(self, text: str, tip: str) -> QAction:
        action = QAction(text, self)
        action.setToolTip(tip)
        return action

    @Slot(str, str)
    def _offer_data(self, path: str, sentence: str) -> None:
        # No start needs to wait for these.
        from engine.data.reading.documents import ABC_SUFFIX
        from engine.data.sources.kinds_of_file import MIDI_SUFFIXES

        self._path = path
        ways = [self._names, self._text]
        name = path.lower()
        if name.endswith(MIDI_SUFFIXES):
            ways = [self._melodies]
        elif name.endswith(ABC_SUFFIX):
            ways = [self._melodies, self._text]
        self._banner.say(f"{sentence} You can train on it.", *ways, topic=self)

    @Slot(str, str)
    def _offer_run(self, path: str, sentence: str) -> None:
        self._path = path
        self._banner.say(f"{sentence} You can go on with it.", self._run, topic=self)

    @Slot()
    def _withdraw(self) -> None:
        self._banner.withdraw(self)

    @Slot()
    def _open_names(self) -> None:
        self._open_data("names")

    @Slot()
    def _open_text(self) -> None:
        self._open_data("text")

    @Slot()
    def _open_melodies(self) -> None:
        self._open_data("melodies")

    def _open_data(self, kind: DataKind) -> None:
        self._opening.open_data(self._path, kind)

    @Slot()
    def _open_run(self) -> None:
        self._saving.open(self._path)

"""Saves a race in a folder, and opens one."""

from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QFileDialog, QWidget

from dinogui.common.actions.race_actions import RaceActions
from dinogui.session.session import Session


class RaceFiles(QObject):
    """Asks for the folder of a race. Lives in the GUI thread.

    Parameters
    ----------
    session : Session
    actions : RaceActions
    parent : QWidget
        The dialogs open over its window.

    Signals
    -------
    said(str)
        Where the race was saved, and what of it had no room.
    """

    said = Signal(str)

    def __init__(self, session: Session, actions: RaceActions, parent: QWidget) -> None:
        super().__init__(parent)
        self._session, self._parent, self._save = session, parent, actions.save
        racing = session.racing
        actions.save.triggered.connect(self._ask_to_save)
        actions.open.triggered.connect(self._ask_to_open)
        racing.saved.connect(self._tell_saved)
        racing.left_out.connect(self.said)
        racing.state_changed.connect(self._enable)

    @Slot()
    def _enable(self) -> None:
        self._save.setEnabled(self._session.racing.is_on)

    @Slot()
    def _ask_to_save(self) -> None:
        corpus = self._session.corpus
        name = f"{Path(corpus.source).stem} race" if corpus is not None else "race"
        dialog = QFileDialog(self._parent.window(), "Save race in a new folder")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.selectFile(name)
        dialog.fileSelected.connect(self._session.racing.save)
        self._show(dialog)

    @Slot()
    def _ask_to_open(self) -> None:
        dialog = QFileDialog(self._parent.window(), "Open the folder of a race")
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.fileSelected.connect(self._session.racing.open)
        self._show(dialog)

    def _show(self, dialog: QFileDialog) -> None:
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    @Slot(str)
    def _tell_saved(self, folder: str) -> None:
        self.said.emit(f"The race is saved in “{folder}”.")

"""Saves the melody that is shown: as MIDI, sound, ABC notation, or a picture."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, QSize, Qt, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFileDialog, QWidget

from dinogui.common.actions.melody_actions import MelodyActions
from dinogui.common.melody_messages import Improvised, Performance
from dinogui.common.theme import Theme
from dinogui.panels.export_place import suggested_place, why_not_there
from dinogui.panels.picture_file import ExportError, save_picture
from dinogui.session.known_passages import KnownPassages
from dinogui.session.session import Session
from engine.evaluation.copied_notes import CopiedNotes
from engine.melody.chords import ChordLine

_FORMS = {
    "midi": (".mid", "MIDI files (*.mid *.midi)"),
    "wav": (".wav", "Sound (*.wav)"),
    "abc": (".abc", "ABC notation (*.abc)"),
    "png": (".png", "Picture, PNG (*.png)"),
}
"""The suffix of each form, and the filter of the file dialog."""

_PICTURE = QSize(1_280, 480)
"""Of a piano roll, in pixels."""
_BAR_WIDTH = 80
"""The least width of a bar, in pixels."""


class MelodySaving(QObject):
    """Asks for a file, and has the melody written to it.

    Lives in the GUI thread.

    Parameters
    ----------
    panel : QWidget
        The parent, over which files are chosen.
    session : Session
    theme : Theme
        The colours of pictures.
    actions : MelodyActions
    performance : callable
        Returns how the melody is played.

    Signals
    -------
    said(str, bool)
        A sentence, and whether it says that something is wrong.
    """

    said = Signal(str, bool)

    def __init__(
        self,
        panel: QWidget,
        session: Session,
        theme: Theme,
        actions: MelodyActions,
        performance: Callable[[], Performance],
    ) -> None:
        super().__init__(panel)
        self._panel, self._session, self._theme = panel, session, theme
        self._performance = performance
        for form, action in actions.save.items():
            action.setData(form)
            action.triggered.connect(self._ask)
        session.melody_generation.saved.connect(self._tell_saved)

    @Slot()
    def _ask(self) -> None:
        action = self.sender()
        if isinstance(action, QAction):
            self.choose_file(action.data())

    def choose_file(self, form: str) -> None:
        """Ask for a file of a form, and save the melody to it."""
        suffix, file_filter = _FORMS[form]
        path, _ = QFileDialog.getSaveFileName(
            self._panel.window(),
            "Save the melody",
            suggested_place(self._session, suffix),
            f"{file_filter};;All files (*)",
        )
        if path:
            self.save_to(path if "." in path.rpartition("/")[2] else path + suffix, form)

    def save_to(self, path: str, form: str) -> None:
        """Save the melody, or say why it cannot be saved there."""
        shown = self._session.melody_generation.shown
        if shown is None:
            return
        refusal = why_not_there(self._session, path)
        if refusal:
            self.said.emit(refusal, True)
        elif form == "png":
            known = KnownPassages.of(self._session)
            known.find(shown.improvisation, partial(self._save_picture, path, shown))
        else:
            self._session.melody_generation.save(path, form, shown.melody, self._performance())

    def _save_picture(self, path: str, shown: Improvised, copied: CopiedNotes) -> None:
        """Save a picture of the piano roll, whether that panel is open or not."""
        # Imported here, because few people save pictures.
        from dinogui.panels.melody.roll.roll_content import RollContent
        from dinogui.panels.melody.roll.roll_picture import RollPicture

        picture = RollPicture()
        picture.show_colours(self._theme.colours)
        picture.show_content(RollContent(shown.improvisation, shown.request.chords or ChordLine()))
        picture.show_copied(copied)
        width = max(_PICTURE.width(), _BAR_WIDTH * shown.request.bars)
        picture.resize(width, _PICTURE.height())
        picture.setAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen)
        picture.show()  # it lays itself out
        try:
            save_picture(picture, path)
        except ExportError as error:
            self.said.emit(str(error), True)
        else:
            self._tell_saved(path)
        picture.deleteLater()

    @Slot(str)
    def _tell_saved(self, path: str) -> None:
        self.said.emit(f"Saved to “{path}”.", False)

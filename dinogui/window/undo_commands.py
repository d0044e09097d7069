"""The Undo and Redo actions, and what the panels contribute to undo."""

from collections.abc import Iterable

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QAbstractSlider

from dinogui.common.actions.window_actions import REDO_TEXT, UNDO_TEXT, Actions
from dinogui.panels.names.candidates_model import Sheet
from dinogui.panels.names.names import NamesPanel
from dinogui.session.undo import Undo


class UndoCommands(QObject):
    """Connects the actions to the session's undo, and says in the menu what would be undone.

    Lives in the GUI thread.

    Parameters
    ----------
    undo : Undo
    actions : Actions
    sliders : iterable of QAbstractSlider
        All of a drag of one of them is one command.
    names : NamesPanel
        Clearing it can be undone.
    """

    def __init__(
        self,
        undo: Undo,
        actions: Actions,
        sliders: Iterable[QAbstractSlider],
        names: NamesPanel,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._undo, self._actions, self._names = undo, actions, names
        for slider in sliders:
            slider.sliderPressed.connect(undo.begin_drag)
            slider.sliderReleased.connect(undo.end_drag)
        actions.undo.triggered.connect(undo.undo)
        actions.redo.triggered.connect(undo.redo)
        names.cleared.connect(self._record_clearing)
        undo.changed.connect(self._show_texts)
        self._show_texts()

    @Slot(object)
    def _record_clearing(self, sheet: Sheet) -> None:
        """Record that the table of names was cleared of a sheet.

        Undo shows it again, and redo what was there instead: nothing, or newer names.
        """

        def exchange() -> bool:
            nonlocal sheet
            sheet = self._names.exchange(sheet)
            return True

        self._undo.record("clearing of the names", exchange, exchange)

    @Slot()
    def _show_texts(self) -> None:
        for action, word, what in (
            (self._actions.undo, UNDO_TEXT, self._undo.undo_text),
            (self._actions.redo, REDO_TEXT, self._undo.redo_text),
        ):
            action.setText(f"{word} {what}" if what else word)
            action.setEnabled(bool(what))

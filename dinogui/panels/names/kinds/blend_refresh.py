"""When the names are written again because another blend of kinds was chosen."""

from PySide6.QtCore import QElapsedTimer, QObject, QTimer, Signal, Slot

from dinogui.session.session import Session
from engine.sampling.candidates import SearchResult

PATIENCE_MILLISECONDS = 100
"""A search that takes longer gives way to that of a newer blend."""

_WAY_MILLISECONDS = 500
"""How long the training rests at most; usually, only until the names are there."""


class BlendRefresh(QObject):
    """Says when to write the names of another blend: at once, unless names are on their way.

    While a slider is dragged, blends come faster than names. If each search gave way to the next
    one, there would be no names until the drag ends. So a search may go on for a while. The
    training rests meanwhile, so that the names follow the hand.

    Lives in the GUI thread.

    Parameters
    ----------
    session : Session
    parent : QObject

    Signals
    -------
    due()
    """

    due = Signal()

    def __init__(self, session: Session, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        self._name_generation = name_generation = session.name_generation
        self._since = QElapsedTimer()
        self._is_waiting = self._has_way = False
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._tell)
        session.blend.changed.connect(self._note)
        name_generation.found.connect(self._note_found)
        name_generation.begun.connect(self._forget)

    @Slot()
    def _note(self) -> None:
        elapsed = self._since.elapsed() if self._since.isValid() else PATIENCE_MILLISECONDS
        if not self._name_generation.is_searching or elapsed >= PATIENCE_MILLISECONDS:
            self._tell()
        elif not self._is_waiting:
            self._is_waiting = True
            self._timer.start(PATIENCE_MILLISECONDS - elapsed)

    @Slot(object)
    def _note_found(self, found: SearchResult) -> None:
        if not found.is_over:
            return
        if self._is_waiting:
            self._tell()
        elif self._has_way:
            self._has_way = False
            self._session.give_way(0)

    @Slot()
    def _tell(self) -> None:
        self._forget()
        self._since.start()
        self._has_way = True
        self._session.give_way(_WAY_MILLISECONDS)
        self.due.emit()

    @Slot()
    def _forget(self) -> None:
        self._is_waiting = False
        self._timer.stop()

"""View > Events: what has changed the course of the run, with a note on each."""

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QDialog,
    QLabel,
    QLineEdit,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from dinogui.common.documented_keys import DocumentedKeys
from dinogui.common.event_words import event_text
from dinogui.common.theme import SPACE
from dinogui.session.run import MAX_NOTE, Run
from dinogui.session.session import Session
from dinogui.widgets.screen_room import within_screen
from dinogui.widgets.tables.column_widths import ColumnWidths
from engine.evaluation.units import Unit
from engine.training.record import Event

KEYS = DocumentedKeys(
    "Events",
    (
        ("Enter", "Look at the step of the event"),
        ("Tab", "Go to the note on the event, or back to the list"),
    ),
)

_STEP, _WHAT, _LOSS, _NOTE = range(4)
_SIZE_IN_LETTERS = (92, 20)
_WIDTHS_IN_LETTERS = (12, 48, 14)
_NOTHING = (
    "Nothing has changed the course of this run yet. Turn a knob while it trains, and it is listed "
    "here."
)


class EventsWindow(QDialog):
    """Lists the events of the run shown, beside a window that goes on working.

    It is deleted when it is closed. Lives in the GUI thread.

    Parameters
    ----------
    session : Session
    unit : Unit
        Of the losses.
    parent : QWidget

    Attributes
    ----------
    list : QTreeWidget
    note_line : QLineEdit
        The note on the chosen event.

    Signals
    -------
    asked(int)
        A person wants to look at a step.
    """

    asked = Signal(object)

    def __init__(self, session: Session, unit: Unit, parent: QWidget) -> None:
        super().__init__(parent)
        self._session, self._unit = session, unit
        self._run: Run | None = None
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Events")
        self.list = QTreeWidget()
        self.list.setAccessibleName("Events of the run")
        self.list.setRootIsDecorated(False)
        self.list.setUniformRowHeights(True)
        self.list.setAlternatingRowColors(True)
        self.list.setHeaderLabels(["Step", "What changed", "Loss before", "Note"])
        self.list.installEventFilter(self)
        self.note_line = QLineEdit()
        self.note_line.setAccessibleName("Note on the event")
        self.note_line.setPlaceholderText("Note on the chosen event")
        self.note_line.setMaxLength(MAX_NOTE)
        self._nothing = QLabel(_NOTHING)
        self._nothing.setWordWrap(True)
        self._nothing.setProperty("role", "faint")
        layout = QVBoxLayout(self)
        layout.setSpacing(2 * SPACE)
        for part in (self._nothing, self.list, self.note_line):
            layout.addWidget(part)
        self.list.itemDoubleClicked.connect(self._go)
        self.list.currentItemChanged.connect(self._show_note)
        self.note_line.textEdited.connect(self._write_note)
        session.events_changed.connect(self._fill)
        session.run_begun.connect(self._fill)
        widths = ColumnWidths(self.list.header(), "events")
        widths.use_letters(dict(enumerate(_WIDTHS_IN_LETTERS)))
        self._give_room()
        self._fill()
        self.list.setFocus()

    def _give_room(self) -> None:
        letters, rows = _SIZE_IN_LETTERS
        metrics = self.fontMetrics()
        wanted = QSize(letters * metrics.averageCharWidth(), rows * metrics.lineSpacing())
        self.resize(within_screen(wanted, self.parentWidget() or self))

    @property
    def lines(self) -> list[tuple[str, ...]]:
        """The texts of the lines."""
        return [
            tuple(item.text(column) for column in range(_NOTE + 1))
            for row in range(self.list.topLevelItemCount())
            if (item := self.list.topLevelItem(row)) is not None
        ]

    @Slot()
    def _fill(self) -> None:
        """Add the events that are new, or list those of another run."""
        run = self._session.run
        if run is not self._run:
            self._run = run
            self.list.clear()
        known = self.list.topLevelItemCount()
        for index in range(known):
            item = self.list.topLevelItem(index)
            if item is not None:
                item.setText(_NOTE, run.event_notes.get(index, ""))
        rates = run.rate_changes()
        for index, event in enumerate(run.events[known:], known):
            words = event_text(event, rates.get(index))
            texts = [f"{event.step:,}", words, self._loss(run, event)]
            QTreeWidgetItem(self.list, [*texts, run.event_notes.get(index, "")])
        has_events = bool(run.events)
        self._nothing.setVisible(not has_events)
        self.list.setVisible(has_events)
        self.note_line.setVisible(has_events)
        self._show_note()

    def _loss(self, run: Run, event: Event) -> str:
        if event.smoothed_loss is None:
            return ""
        loss = run.loss_in(self._unit, event.smoothed_loss / run.mean_length)
        return self._unit.write(loss)

    @property
    def _chosen(self) -> int:
        """The index of the chosen event; -1 for none."""
        item = self.list.currentItem()
        return -1 if item is None else self.list.indexOfTopLevelItem(item)

    @Slot()
    def _show_note(self) -> None:
        chosen = self._chosen
        self.note_line.setEnabled(chosen >= 0)
        note = "" if self._run is None else self._run.event_notes.get(chosen, "")
        if note != self.note_line.text():
            self.note_line.setText(note)

    @Slot(str)
    def _write_note(self, note: str) -> None:
        item = self.list.currentItem()
        if item is not None:
            item.setText(_NOTE, note)
            self._session.note_event(self._chosen, note)

    @Slot()
    def _go(self) -> None:
        run, chosen = self._run, self._chosen
        if run is not None and 0 <= chosen < len(run.events):
            self.asked.emit(run.events[chosen].step)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Go to the event at Enter."""
        if (
            isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.KeyPress
            and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        ):
            self._go()
            return True
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let Enter in the note press nothing; Escape closes the window."""
        if event.key() not in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            super().keyPressEvent(event)

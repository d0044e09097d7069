"""As it learned: a row for each sample of the training, and the whole log behind the rows."""

from collections.abc import Iterable

from PySide6.QtCore import QEvent, Signal, Slot
from PySide6.QtGui import QFontDatabase, QGuiApplication, QTextCursor, QTextDocument
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from dinogui.common.theme import SPACE
from dinogui.panels.text.learned_rows import LearnedRows, WholeRows, names_of, right_of
from dinogui.widgets.buttons.tab_row import RowButton
from dinogui.widgets.cards.pages import Pages
from dinogui.widgets.following_text import FollowingText
from dinogui.widgets.text_search import TextSearch
from engine.data.reading.casing import title_case
from engine.evaluation.told_names import ToldExample
from engine.evaluation.units import Unit, percent_text
from engine.melody.symbols import note_names
from engine.training.messages import AnyLogEntry, KindsLogEntry, LogEntry, MelodyLogEntry

_LEAST_LINES = 1
_LINE_END = "\u2028"  # a line break within a paragraph; copied text has an ordinary one


class TrainingLog(QWidget):
    """Shows the log entries of a run as rows, and all that they say as one text.

    Lives in the GUI thread.

    Parameters
    ----------
    tip, empty_message : str
        The tooltip, and what is said while there are no entries.

    Attributes
    ----------
    rows : LearnedRows
    whole : RowButton
        Shows the whole log while it is checked.
    text : FollowingText
        The whole log.
    search : TextSearch
        Hidden until it is asked for.

    Signals
    -------
    heard(MelodyLogEntry)
        Somebody wants to hear an entry.
    """

    heard = Signal(object)

    def __init__(self, tip: str, empty_message: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows = LearnedRows(tip, empty_message)
        self.rows.opened.connect(self._open)
        self.text = FollowingText("Training log", tip)
        self.text.setPlaceholderText(empty_message)
        self._show_font()
        self.search = TextSearch(self.text, "the log")
        self.whole = RowButton("Whole log")
        self.whole.setCheckable(True)
        self.whole.setToolTip("Show all that was logged of this run, as text")
        self.whole.setAccessibleName("Whole log")
        self.whole.toggled.connect(self._show_whole)
        self._lay_out()

    def _lay_out(self) -> None:
        heading = QLabel("As it learned")
        heading.setProperty("role", "heading")
        heading.setBuddy(self.rows)
        head = QHBoxLayout()
        head.addWidget(heading, 1)
        head.addWidget(self.whole)
        self._whole_page = QWidget()
        page = QVBoxLayout(self._whole_page)
        page.setContentsMargins(0, 0, 0, 0)
        page.setSpacing(SPACE)
        page.addWidget(self.search)
        page.addWidget(self.text, 1)
        self._pages = Pages()
        self._rows_page = WholeRows(self.rows)
        self._pages.addWidget(self._rows_page)
        self._pages.addWidget(self._whole_page)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE)
        layout.addLayout(head)
        layout.addWidget(self._pages, 1)

    def changeEvent(self, event: QEvent) -> None:
        """Write in another size when the text of the window does."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._show_font()

    def _show_font(self) -> None:
        font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
        if self.font().pointSizeF() > 0:
            font.setPointSizeF(self.font().pointSizeF())
        self.text.setFont(font)
        self.text.setMinimumHeight(_LEAST_LINES * self.fontMetrics().lineSpacing() + 8)

    # What is logged

    def show_run(self, note: str, entries: Iterable[AnyLogEntry]) -> None:
        """Show the log of another run: a line about it, which may be empty, and its entries."""
        shown = list(entries)
        self.rows.entries.show(shown)
        notes = [f"{note}\n"] if note else []
        self.text.restart("\n".join([*notes, *map(_paragraph, shown)]))

    def explain_empty(self, message: str) -> None:
        """Say why there are no entries, or how they come about."""
        self.rows.say_where_empty(message)
        self.text.setPlaceholderText(message)

    def write(self, *entries: AnyLogEntry) -> None:
        """Add entries: each is a row, and a part of the log. The reader's place does not change."""
        self.rows.entries.add(*entries)
        self.text.appendPlainText("\n".join(map(_paragraph, entries)))

    def show_heard(self, entry: MelodyLogEntry | None) -> None:
        """Mark the entry that is being played, or none."""
        self.rows.entries.show_heard(entry)

    # What people do

    def copy(self) -> None:
        """Copy the whole log."""
        QGuiApplication.clipboard().setText(self.text.toPlainText())

    def begin_search(self) -> None:
        """Search the whole log."""
        self.whole.setChecked(True)
        self.search.begin()

    @Slot(bool)
    def _show_whole(self, is_whole: bool) -> None:
        self._pages.setCurrentWidget(self._whole_page if is_whole else self._rows_page)
        self._pages.updateGeometry()

    @Slot(object)
    def _open(self, entry: AnyLogEntry) -> None:
        if isinstance(entry, MelodyLogEntry):
            self.heard.emit(entry)
        else:
            self._read(entry)

    def _read(self, entry: AnyLogEntry) -> None:
        """Show an entry in the whole log."""
        document = self.text.document()
        end = QTextCursor(document)
        end.movePosition(QTextCursor.MoveOperation.End)
        found = document.find(_first_line(entry), end, QTextDocument.FindFlag.FindBackward)
        self.whole.setChecked(True)
        self.text.setFocus()
        if not found.isNull():
            end.setPosition(found.selectionStart())
            self.text.moveCursor(QTextCursor.MoveOperation.End)
            self.text.setTextCursor(end)
            self.text.ensureCursorVisible()


def _paragraph(entry: AnyLogEntry) -> str:
    """Return names as the course prints them, or a sample of text below its step and loss."""
    if isinstance(entry, LogEntry):
        lines = ["", *names_of(entry)]
    elif isinstance(entry, MelodyLogEntry):
        lines = [note_names(entry.melody.notes)]
    elif isinstance(entry, KindsLogEntry):
        lines = ["", *map(_told_line, entry.told)]
    else:
        lines = entry.text.strip().split("\n")
    # As lines of one paragraph, an entry takes 3 KB; as ten paragraphs, it would take 20.
    return _LINE_END.join([_first_line(entry), *lines, ""])


def _told_line(each: ToldExample) -> str:
    """Write what is told of a name, how surely, and whether it is right."""
    says = f"{title_case(each.name)}: {each.told}, {percent_text(each.probability, digits=0)} sure"
    return f"{says}, right" if each.is_right else f"{says}, wrong: it is {each.kind}"


def _first_line(entry: AnyLogEntry) -> str:
    """Return the line that an entry begins with in the log; that of names is the course's."""
    if isinstance(entry, KindsLogEntry):
        unit = Unit.NATS_PER_NAME
        loss = f"{unit.write(entry.smoothed_loss)} {unit.label('names')}"
        return ", ".join([f"Step {entry.step:,}", loss, *right_of(entry)])
    if not isinstance(entry, LogEntry):
        unit = Unit.NATS_PER_CHARACTER
        return f"Step {entry.step:,}, {unit.write(entry.smoothed_loss)} {unit.label('text')}"
    return f"Iteration: {entry.iteration}, Loss: {entry.smoothed_loss:f}"

"""The log of samples: what the course prints every 2,000 steps, to scroll through and search."""

from collections.abc import Iterable

from PySide6.QtCore import QEvent
from PySide6.QtGui import QFontDatabase, QGuiApplication
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from dinogui.widgets.following_text import FollowingText
from dinogui.widgets.text_search import TextSearch
from engine.sampling.names import title_case
from engine.training.messages import LogEntry, TextLogEntry

_LEAST_LINES = 1
_EMPTY_NAME = "(an empty name)"
_LINE_END = "\u2028"  # a line break within a paragraph; copied text has an ordinary one


class TrainingLog(QWidget):
    """Shows the log entries of a run.

    Parameters
    ----------
    tip, placeholder : str
        The tooltip, and the text of an empty log.

    Attributes
    ----------
    text : FollowingText
    search : TextSearch
        Hidden until it is asked for.
    """

    def __init__(self, tip: str, placeholder: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.text = FollowingText("Training log", tip)
        self._show_font()
        self.text.setPlaceholderText(placeholder)
        self.search = TextSearch(self.text, "the log")
        heading = QLabel("As it learned")
        heading.setProperty("role", "heading")
        heading.setBuddy(self.text)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(heading)
        layout.addWidget(self.search)
        layout.addWidget(self.text, 1)

    def show_run(self, note: str, entries: Iterable[LogEntry | TextLogEntry]) -> None:
        """Show the log of another run: a line about it, which may be empty, and its entries."""
        notes = [f"{note}\n"] if note else []
        self.text.restart("\n".join([*notes, *map(_paragraph, entries)]))

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

    def write(self, entry: LogEntry | TextLogEntry) -> None:
        """Add an entry. The reader's place does not change."""
        self.text.appendPlainText(_paragraph(entry))

    def copy(self) -> None:
        """Copy the whole log."""
        QGuiApplication.clipboard().setText(self.text.toPlainText())


def _paragraph(entry: LogEntry | TextLogEntry) -> str:
    """Return names as the course prints them, or a sample of text below its step and loss."""
    if isinstance(entry, LogEntry):
        lines = [f"Iteration: {entry.iteration}, Loss: {entry.smoothed_loss:f}", ""]
        lines += [title_case(name) or _EMPTY_NAME for name in entry.names]
    else:
        lines = [f"Step {entry.step:,}, {entry.smoothed_loss:.3f} nats per symbol"]
        lines += entry.text.strip().split("\n")
    # As lines of one paragraph, an entry takes 3 KB; as ten paragraphs, it would take 20.
    return _LINE_END.join([*lines, ""])

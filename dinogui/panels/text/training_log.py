"""The log of samples: what the course prints every 2,000 steps, to scroll through and search."""

from PySide6.QtCore import Slot
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
    """Shows the log entries of all runs of this window.

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
        self.text.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.text.setPlaceholderText(placeholder)
        self.text.setMinimumHeight(_LEAST_LINES * self.fontMetrics().lineSpacing() + 8)
        self.search = TextSearch(self.text, "the log")
        heading = QLabel("L&og of the training")
        heading.setProperty("role", "heading")
        heading.setBuddy(self.text)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 6, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(heading)
        layout.addWidget(self.search)
        layout.addWidget(self.text, 1)

    @Slot(object)
    def write(self, entry: LogEntry) -> None:
        """Add an entry as the course prints it. The reader's place does not change."""
        lines = [f"Iteration: {entry.iteration}, Loss: {entry.smoothed_loss:f}", ""]
        lines += [title_case(name) or _EMPTY_NAME for name in entry.names]
        self._write(lines)

    @Slot(object)
    def write_text(self, entry: TextLogEntry) -> None:
        """Add a sample of text below its step and loss. The reader's place does not change."""
        lines = [f"Step {entry.step:,}, {entry.smoothed_loss:.3f} nats per symbol"]
        lines += entry.text.strip().split("\n")
        self._write(lines)

    def _write(self, lines: list[str]) -> None:
        # As lines of one paragraph, an entry takes 3 KB; as ten paragraphs, it would take 20.
        self.text.appendPlainText(_LINE_END.join([*lines, ""]))

    def write_heading(self, text: str) -> None:
        """Add a heading between two runs."""
        if self.text.document().characterCount() > 1:
            self.text.appendPlainText(f"— {text} —\n")

    def copy(self) -> None:
        """Copy the whole log."""
        QGuiApplication.clipboard().setText(self.text.toPlainText())

"""The history of samples: what the course prints every 2,000 steps, to scroll and to search."""

from PySide6.QtCore import Slot
from PySide6.QtGui import QFontDatabase, QGuiApplication
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from dinogui.widgets.following_text import FollowingText
from dinogui.widgets.text_search import TextSearch
from engine.sampling.names import title_case
from engine.training.messages import LogEntry, TextLogEntry

_EMPTY_NAME = "(an empty name)"
_LINE_END = "\u2028"  # of a line that ends no paragraph; copied, it is a usual one


class TrainingLog(QWidget):
    """Keeps every entry of the runs of this window.

    Parameters
    ----------
    tip, placeholder : str
        What it says of itself, and while it is empty.

    Attributes
    ----------
    text : FollowingText
    search : TextSearch
        Shown when it is asked for.
    """

    def __init__(self, tip: str, placeholder: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.text = FollowingText("Training log", tip)
        self.text.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.text.setPlaceholderText(placeholder)
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
        """Write an entry as the course prints it, and stay where the reader is."""
        lines = [f"Iteration: {entry.iteration}, Loss: {entry.smoothed_loss:f}", ""]
        lines += [title_case(name) or _EMPTY_NAME for name in entry.names]
        self._write(lines)

    @Slot(object)
    def write_text(self, entry: TextLogEntry) -> None:
        """Put some writing under its step and loss, and stay where the reader is."""
        lines = [f"Step {entry.step:,}, {entry.smoothed_loss:.3f} nats per symbol"]
        lines += entry.text.strip().split("\n")
        self._write(lines)

    def _write(self, lines: list[str]) -> None:
        # Lines of one paragraph: an entry takes 3 KB, where ten paragraphs take 20.
        self.text.appendPlainText(_LINE_END.join([*lines, ""]))

    def write_heading(self, text: str) -> None:
        """Write a line between runs."""
        if self.text.document().characterCount() > 1:
            self.text.appendPlainText(f"— {text} —\n")

    def copy(self) -> None:
        """Copy the whole log."""
        QGuiApplication.clipboard().setText(self.text.toPlainText())

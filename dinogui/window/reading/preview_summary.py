"""What the preview dialog says in words: what is open, what is odd, and what is understood."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from dinogui.common.theme import SPACE
from engine.data.preview import Preview
from engine.data.training_data import DataKind, counted

_NOUNS: dict[DataKind, str] = {"names": "name", "text": "character", "melodies": "note"}


class PreviewSummary(QWidget):
    """Shows the questions, the warnings, and how the data are understood.

    Lives in the GUI thread.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.questions = _sentences("banner")
        self.warnings = _sentences("error")
        self.understanding = _sentences("")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2 * SPACE)
        for part in (self.questions, self.warnings, self.understanding):
            layout.addWidget(part)

    def show_preview(self, preview: Preview) -> None:
        """Show what there is to say of the data."""
        for label, sentences in (
            (self.questions, preview.questions + preview.report.offers),
            (self.warnings, preview.warnings),
            (self.understanding, (_count(preview), " ".join(preview.report.lines()))),
        ):
            label.setText("\n".join(sentences))
            label.setVisible(bool(sentences))


def _count(preview: Preview) -> str:
    """Say how many names, characters or notes there are, and how many symbols."""
    about = "More than " if preview.goes_on else "" if preview.is_exact else "About "
    noun = _NOUNS[preview.kind]
    symbols = counted(len(preview.symbols), "different symbol")
    if not preview.is_exact:
        symbols += " in the beginning"
    different = ""
    if preview.is_exact and preview.kind == "names" and preview.distinct != preview.count:
        different = f", {preview.distinct:,} of them different"
    if preview.kind == "melodies":
        different = f" in {counted(preview.distinct, 'tune')}"
    return f"{about}{counted(preview.count, noun)}{different}; {symbols}."


def _sentences(role: str) -> QLabel:
    label = QLabel()
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    if role:
        label.setProperty("role", role)
    if role == "banner":
        label.setAutoFillBackground(True)
        label.setMargin(2 * SPACE)
    return label

"""The encodings that a file could have, each with some lines as they would read."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QAbstractItemView, QLabel, QPushButton, QVBoxLayout, QWidget

from dinogui.common.theme import SPACE
from dinogui.window.reading.text_table import TextTable
from dinogui.workers.file_reader import EncodingMisfit
from engine.data.reading.encoding_guesses import EncodingGuess

_LEAST_ROWS = 6
_EXPLANATION = (
    "The file does not say how its bytes stand for letters. Choose the line that reads as it "
    "should; the likeliest is the first."
)
_NOTHING_FITS = "None of the known encodings fits. Is it a text file?"


class EncodingList(QWidget):
    """Lets a person choose one of the encodings that fit. None is taken without being chosen.

    Lives in the GUI thread.

    Signals
    -------
    chosen(str)
        The name of an encoding.
    """

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._fitting: tuple[EncodingGuess, ...] = ()
        self._sentence, self._explanation = QLabel(), QLabel(_EXPLANATION)
        for label in (self._sentence, self._explanation):
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
        self._sentence.setProperty("role", "error")
        self.table = TextTable(
            "Encodings that fit",
            "Encodings that fit, and lines as they would read. Press Enter to choose one",
            least_rows=_LEAST_ROWS,
            wide=(1,),
        )
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.button = QPushButton()
        self.button.setToolTip(
            "Read the file in the selected encoding, and show what becomes of it"
        )
        self.button.setAutoDefault(False)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2 * SPACE)
        layout.addWidget(self._sentence)
        layout.addWidget(self._explanation)
        layout.addWidget(self.table, 1)
        layout.addWidget(self.button, 0, Qt.AlignmentFlag.AlignLeft)
        self.table.selectionModel().currentRowChanged.connect(self._show_current)
        self.table.activated.connect(self._choose)
        self.button.clicked.connect(self._choose)

    def show_misfit(self, misfit: EncodingMisfit) -> None:
        """Show the encodings that fit; the likeliest is selected."""
        self._fitting = misfit.fitting
        self._sentence.setText(misfit.sentence)
        self._explanation.setText(_EXPLANATION if misfit.fitting else _NOTHING_FITS)
        self.table.show_rows(
            ("Encoding", "How it reads"),
            [(guess.title, ", ".join(guess.lines)) for guess in misfit.fitting],
        )
        for part in (self.table, self.button):
            part.setVisible(bool(misfit.fitting))
        if misfit.fitting:
            self.table.selectRow(0)
            self.table.setCurrentIndex(self.table.rows.index(0, 0))
        self._show_current()

    @property
    def _current(self) -> EncodingGuess | None:
        row = self.table.currentIndex().row()
        return self._fitting[row] if 0 <= row < len(self._fitting) else None

    @Slot()
    def _show_current(self) -> None:
        if self._current is not None:
            self.button.setText(read_as(self._current))

    @Slot()
    def _choose(self) -> None:
        if self._current is not None:
            self.chosen.emit(self._current.name)


def read_as(guess: EncodingGuess) -> str:
    """Return the words of a button that reads a file in an encoding: "Read as Windows-1252"."""
    return f"Read as {guess.title.partition(' (')[0]}"

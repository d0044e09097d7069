"""The box that shows what was pasted, and how it is understood, before it is opened."""

from PySide6.QtCore import QSize, Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from dinogui.common.documented_keys import DocumentedKeys
from dinogui.common.melody_words import size_of_melodies
from dinogui.common.theme import SPACE
from dinogui.session.session import Session
from dinogui.widgets.buttons.button_keys import add_key
from dinogui.widgets.message_line import MessageLine
from dinogui.widgets.screen_room import within_screen
from dinogui.window.opening import Opening
from engine.data.corpus import Corpus
from engine.data.melodies import Melodies
from engine.data.reading.choices import AUTOMATIC, ReadingChoices
from engine.data.sources.kinds_of_file import listed
from engine.data.sources.pasted_source import PastedSource
from engine.data.text import Text
from engine.data.training_data import DataKind, counted

KEYS = DocumentedKeys("Pasted data", (("Ctrl+Enter", "Open what was pasted"),), has_own_window=True)

_PAUSE_MILLISECONDS = 150
"""How long nothing must be typed until the text is read again."""

_MOST_SHOWN = 100_000
"""Characters of the longest text that can be changed in the box. Of more, only these are shown."""

_NAMES_SHOWN = 8
_SIZE = QSize(560, 420)
_KINDS: tuple[tuple[str, DataKind | None], ...] = (
    ("As recognised", None),
    ("Names, one per line", "names"),
    ("Running text", "text"),
    ("Melodies in ABC", "melodies"),
)
_LAYOUTS: dict[DataKind | None, ReadingChoices] = {
    None: AUTOMATIC,
    "names": ReadingChoices(layout="names"),
    "text": ReadingChoices(layout="text"),
    "melodies": ReadingChoices(layout="melodies"),
}


class PasteBox(QDialog):
    """Shows text that was pasted, and how it is understood. The text can be changed.

    Lives in the GUI thread. It is deleted when it closes.

    Parameters
    ----------
    text : str
    session : Session
        Has the text read, without beginning a run.
    opening : Opening
        How names and text are lower-cased.
    parent : QWidget

    Signals
    -------
    chosen(PastedSource, str or None)
        The text is to be opened; and the kind that it is to be read as, if one was chosen.
    options_wanted(PasteBox)
        Somebody wants to choose how the text is read. The box stays open meanwhile.
    """

    chosen = Signal(object, object)
    options_wanted = Signal(object)

    def __init__(self, text: str, session: Session, opening: Opening, parent: QWidget) -> None:
        super().__init__(parent)
        self._session, self._opening = session, opening
        self._long = text if len(text) > _MOST_SHOWN else ""
        self.setWindowTitle("Paste data")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._asked: PastedSource | None = None
        self._soon = QTimer(self, singleShot=True, interval=_PAUSE_MILLISECONDS)
        self._soon.timeout.connect(self._understand)
        self._lay_out(text)
        self.resize(within_screen(_SIZE, parent))
        self.edit.textChanged.connect(self._wait)
        self.kinds.activated.connect(self._understand)
        self.options_button.clicked.connect(self._want_options)
        add_key(self.open_button, "Ctrl+Return", self)
        self._understand()

    def _lay_out(self, text: str) -> None:
        self.edit = QPlainTextEdit(text[:_MOST_SHOWN])
        self.edit.setAccessibleName("What was pasted")
        self.edit.setPlaceholderText("Type or paste names, one per line, or a text.")
        self.edit.setTabChangesFocus(True)
        self.edit.setReadOnly(bool(self._long))
        self.message = MessageLine(3, "What is understood", most=6)
        self.kinds = QComboBox()
        self.kinds.setAccessibleName("Read as")
        for title, kind in _KINDS:
            self.kinds.addItem(title, kind)
        label = QLabel("&Read as")
        label.setBuddy(self.kinds)
        self.options_button = QPushButton("Choose &how it is read…")
        self.options_button.setAutoDefault(False)
        self.options_button.setToolTip(
            "See what becomes of the text, and choose its layout, column, letters and the rest"
        )
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.open_button = QPushButton("&Open")
        self.open_button.setDefault(True)
        self.open_button.setToolTip("Train on what was pasted (Ctrl+Enter)")
        buttons.addButton(self.open_button, QDialogButtonBox.ButtonRole.AcceptRole)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        row = QHBoxLayout()
        row.setSpacing(2 * SPACE)
        row.addWidget(label)
        row.addWidget(self.kinds)
        row.addStretch(1)
        row.addWidget(self.options_button)
        layout = QVBoxLayout(self)
        layout.setSpacing(3 * SPACE)
        if self._long:
            note = QLabel(
                f"This is the beginning of {len(self._long):,} characters. All of them are opened."
            )
            note.setWordWrap(True)
            layout.addWidget(note)
        layout.addWidget(self.edit, 1)
        layout.addWidget(self.message)
        layout.addLayout(row)
        layout.addWidget(buttons)

    @property
    def source(self) -> PastedSource:
        """What is to be opened."""
        return PastedSource(self._long or self.edit.toPlainText())

    @property
    def choices(self) -> ReadingChoices:
        """How the text is to be read, as far as that is chosen in the box."""
        return _LAYOUTS[self.kinds.currentData()]

    @Slot()
    def accept(self) -> None:
        """Open the text."""
        self.chosen.emit(self.source, self.kinds.currentData())
        super().accept()

    def done(self, result: int) -> None:
        """Close, and no longer have the text read."""
        self._soon.stop()
        self._session.give_up_understanding()
        super().done(result)

    @Slot()
    def _wait(self) -> None:
        self.open_button.setEnabled(False)
        self._soon.start()

    @Slot()
    def _want_options(self) -> None:
        self.options_wanted.emit(self)

    @Slot()
    def _understand(self) -> None:
        """Have the text read, and show the outcome once it is known."""
        source = self.source
        self.open_button.setEnabled(False)
        is_blank = not source.text.strip()
        self.options_button.setDisabled(is_blank)
        if is_blank:
            self._session.give_up_understanding()
            self.message.say("There is nothing to read yet.")
            return
        if self._long:
            self.message.say("Reading…")
        self._opening.understand(
            source, self.kinds.currentData(), done=self._show, refused=self._refuse
        )

    def _show(self, data: Corpus | Text) -> None:
        self.message.say(describe(data))
        self.open_button.setEnabled(True)

    def _refuse(self, sentence: str) -> None:
        self.message.say(sentence, is_error=True)


def describe(data: Corpus | Text) -> str:
    """Say how much was found, the first names, and how they were read."""
    report = data.report
    steps = () if report is None else report.lines()
    if isinstance(data, Melodies):
        found = f"{size_of_melodies(data)}."
    elif isinstance(data, Text):
        found = f"{len(data):,} characters, {len(data.vocabulary)} different ones."
    else:
        found = f"{counted(len(data.names), 'name')}: {listed(data.distinct, _NAMES_SHOWN)}."
        if data.repeats:
            found += f" {counted(data.repeats, 'repeat')} among them."
    return " ".join((found, *steps))

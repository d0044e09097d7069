"""The widget of the Write together panel: next-letter probabilities for a name being typed."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Slot
from PySide6.QtGui import QKeyEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QCheckBox,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from dinogui.common.documented_keys import DocumentedKeys
from dinogui.common.kept_name import KeptName
from dinogui.common.sampling_messages import NameReading
from dinogui.common.theme import Colours, Theme
from dinogui.panels.heading import PanelHeading
from dinogui.panels.model.form import button
from dinogui.panels.names.candidates_model import STATUS_WORDS, surprisals_in_words, tinted
from dinogui.panels.panel import Panel
from dinogui.panels.past_chip import PastChip, past_rows
from dinogui.panels.picture_export import PictureExport
from dinogui.panels.units_off_chip import UnitsOffChip, units_off_note, units_off_rows
from dinogui.session.session import Session
from dinogui.widgets.cards.quiet_field import PlaceholderField
from dinogui.widgets.letter_bars import BarColours, LetterBars
from dinogui.widgets.letters import LettersLine, Tint
from dinogui.widgets.message_line import MessageLine
from engine.data.visible_symbols import visible
from engine.data.vocabulary import END, END_INDEX

_NO_NAMES = "This run does not learn names. Open a list of names first."

KEYS = DocumentedKeys("Write together", (("Backspace", "Remove the last letter"),))


class WriteTogetherPanel(QWidget):
    """Shows the next letter's probabilities, and scores what was written, letter by letter.

    While it is visible, it reads with the latest network, so the bars move as the network learns.
    Lives in the GUI thread.

    Parameters
    ----------
    panel : Panel
        Its description.
    session : Session
    theme : Theme
    """

    def __init__(self, panel: Panel, session: Session, theme: Theme) -> None:
        super().__init__()
        self._name_generation = name_generation = session.name_generation
        self.setAccessibleName(panel.name)
        self._reading: NameReading | None = None
        self._is_ended = False
        self.bars = LetterBars()
        self.bars.chosen.connect(self._take_letter)
        self.bars.setToolTip(
            "How likely each letter is to come next, in percent. Click one to add it"
        )
        self.bars.setAccessibleName("Next letter")
        self.bars.installEventFilter(self)
        self.line = PlaceholderField()
        self.line.setPlaceholderText("Type a name, or click a letter")
        self.line.setAccessibleName("Name being written")
        self.line.setToolTip(
            "Type a name to score each letter. Press Enter to let the network finish it"
        )
        self.line.setAcceptDrops(False)
        self.line.textChanged.connect(self._read)
        self.line.returnPressed.connect(self.finish)
        self._make_buttons()
        self.letters = LettersLine()
        self._score = MessageLine(2, "Score of the name", most=4)
        self._lay_out(panel, session)
        name_generation.begun.connect(self._show_run)
        name_generation.network_changed.connect(self._read_if_visible)
        name_generation.read.connect(self._show_reading)
        name_generation.not_read.connect(self._show_error)
        name_generation.finished.connect(self._show_finished)
        theme.changed.connect(self._show_colours)
        self._show_colours(theme.colours)
        self._show_run()

    def _make_buttons(self) -> None:
        self.back = button("Remove letter", "Remove the last letter (Backspace)")
        self.back.clicked.connect(self.remove_letter)
        self.finishing = button("Finish it", "Let the network write the rest (Enter)")
        self.finishing.clicked.connect(self.finish)
        self.keep = button("Keep", "Mark the name with a star")
        self.keep.clicked.connect(self.keep_name)
        self.sorting = QCheckBox("Likeliest first")
        self.sorting.setToolTip("Sort the letters by probability instead of alphabetically")
        self.sorting.setAccessibleName("Likeliest first")
        self.sorting.toggled.connect(self.bars.show_sorted)

    def _lay_out(self, panel: Panel, session: Session) -> None:
        self._picture = QWidget()
        self.export = PictureExport(
            panel,
            session,
            self._picture,
            self.table,
            self._show_error,
            lambda: units_off_note(session.units_off),
        )
        self._units_off, self._past = session.units_off, session.past
        chip = UnitsOffChip(session.units_off, self)
        past_chip = PastChip(session.past, self)
        self._controls = (self.line, self.back, self.finishing, self.keep, self.sorting)
        heading = PanelHeading(panel, (*self._controls, chip, past_chip), self.export)
        self._scored = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._scored.addWidget(self.letters)
        self._scored.addWidget(self._score, 1)
        area = QScrollArea()
        area.setWidget(self.bars)
        area.setWidgetResizable(True)
        area.setFrameShape(QScrollArea.Shape.NoFrame)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.viewport().setAutoFillBackground(False)
        self.bars.setAutoFillBackground(False)
        picture = QVBoxLayout(self._picture)
        picture.setContentsMargins(0, 0, 0, 0)
        picture.setSpacing(4)
        picture.addLayout(self._scored)
        picture.addWidget(area, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 4, 8, 4)
        layout.setSpacing(4)
        layout.addWidget(heading)
        layout.addWidget(self._picture, 1)

    def _turn(self) -> None:
        """Put the score beside a short name, or below a long one."""
        direction, is_short = QBoxLayout.Direction, 3 * self.letters.sizeHint().width()
        is_beside = is_short < self.width()
        self._scored.setDirection(direction.LeftToRight if is_beside else direction.TopToBottom)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Place the score for the new width."""
        super().resizeEvent(event)
        self._turn()

    def table(self) -> list[Sequence[object]]:
        """Return a row for each letter that may come next."""
        rows = zip(self.bars.labels, self.bars.values, strict=True)
        return [
            ["letter", "probability"],
            *([label, value] for label, value in rows),
            *units_off_rows(self._units_off),
            *past_rows(self._past),
        ]

    @property
    def score(self) -> str:
        """The text about the name."""
        return "" if self._score.is_error else self._score.message

    @property
    def error(self) -> str:
        """Why the name cannot be read; empty if it can."""
        return self._score.message if self._score.is_error else ""

    # What people do

    @Slot()
    def remove_letter(self) -> None:
        """Remove the last letter."""
        self.line.setText(self._name_generation.without_last_letter(self.line.text()))

    @Slot()
    def finish(self) -> None:
        """Let the network write the rest."""
        if not self._is_ended:
            self._name_generation.finish(self.line.text())

    @Slot()
    def keep_name(self) -> None:
        """Mark the name with a star."""
        reading = self._reading
        if reading is not None and reading.text:
            self._name_generation.kept.keep(
                [
                    KeptName(
                        reading.text,
                        self._name_generation.data,
                        self._name_generation.model,
                        reading.step,
                        reading.score.nats_per_character,
                        kind=self._name_generation.kind,
                    )
                ]
            )

    @Slot(int)
    def _take_letter(self, index: int) -> None:
        if self._reading is None:
            return
        symbol = self._reading.symbols[index]
        if symbol != END:
            self.line.setText(self.line.text() + symbol)
        elif self.line.text():
            self._is_ended = True
            self._show_reading(self._reading)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Type and remove letters while the bars have the focus."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() == Qt.Key.Key_Backspace:
                self.remove_letter()
                return True
            if event.text() and event.text().isprintable():
                self.line.setText(self.line.text() + event.text())
                return True
        return super().eventFilter(watched, event)

    # What the session answers

    @Slot()
    def _show_run(self) -> None:
        """Disable the controls while the run does not learn names; the help page can be read."""
        has_names = self._name_generation.corpus is not None
        for part in (*self._controls, self.export, self._picture):
            part.setEnabled(has_names)
        if has_names:
            return
        self._reading = None
        self.bars.show_bars([], [])
        self.letters.show_letters(tinted("", ()))
        self._score.say(_NO_NAMES)

    def showEvent(self, event: QShowEvent) -> None:
        """Read with the latest network."""
        super().showEvent(event)
        self._name_generation.read_name(self.line.text())

    @Slot()
    def _read(self) -> None:
        self._is_ended = False
        self._name_generation.read_name(self.line.text())

    @Slot()
    def _read_if_visible(self) -> None:
        if self.isVisible():
            self._name_generation.read_name(self.line.text())

    @Slot(object)
    def _show_reading(self, reading: NameReading) -> None:
        self._reading = reading
        labels = list(map(visible, reading.symbols))
        values = reading.probabilities.tolist()
        if self._is_ended:
            values = [0.0] * len(values)
            values[END_INDEX] = 1.0
        self.bars.show_bars(labels, values)
        surprisals = reading.score.surprisals
        self.letters.show_letters(tinted(reading.score.symbols, surprisals))
        self._turn()
        self.letters.setToolTip(f"Surprise in nats:  {_surprisals(reading)}")
        self._score.say(self._words(reading))

    def _words(self, reading: NameReading) -> str:
        if not reading.text:
            return f"No letters yet. The network has been trained for {reading.step:,} steps."
        ended = "Finished" if self._is_ended else "If it ends here"
        return (
            f"{ended}: {reading.score.nats_per_character:.2f} nats per character, "
            f"{STATUS_WORDS[reading.status]}.   {_surprisals(reading)}"
        )

    @Slot(str)
    def _show_error(self, message: str) -> None:
        self._score.say(message, is_error=True)

    @Slot(str)
    def _show_finished(self, name: str) -> None:
        prefix = self._name_generation.unify(self.line.text())
        if name.startswith(prefix):  # otherwise, somebody has typed on
            self.line.setText(self.line.text() + name[len(prefix) :])
            self._is_ended = True
            self.bars.update()

    @Slot(object)
    def _show_colours(self, colours: Colours) -> None:
        self.letters.show_tint(Tint(colours.base, colours.surprise, colours.accent))
        self.bars.show_colours(
            BarColours(colours.smoothed, colours.held_out, colours.text, colours.grid)
        )


def _surprisals(reading: NameReading) -> str:
    return surprisals_in_words(reading.score.symbols, reading.score.surprisals)

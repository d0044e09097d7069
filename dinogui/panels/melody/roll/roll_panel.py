"""The widget of the Piano roll panel: the roll, its legend, and what is known from the data."""

from collections.abc import Iterable
from itertools import pairwise

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QLabel, QScrollBar, QSizePolicy, QVBoxLayout, QWidget

from dinogui.common.theme import SPACE, Colours, Theme
from dinogui.panels.heading import PanelHeading
from dinogui.panels.melody.roll.note_words import describe_note
from dinogui.panels.melody.roll.roll_content import RollContent
from dinogui.panels.melody.roll.roll_picture import RollPicture
from dinogui.panels.panel import Panel
from dinogui.panels.picture_export import PictureExport
from dinogui.session.known_passages import KnownPassages
from dinogui.session.session import Session
from dinogui.session.shown_melody import ShownMelody
from dinogui.widgets.message_line import MessageLine
from dinogui.widgets.reading_line import ReadingLine

_NOTHING_YET = (
    "Nothing has been improvised yet. Press Improvise (Ctrl+G) in the card Melody, and the notes "
    "are shown here."
)
_NO_MELODIES = (
    "This run is not on melodies. Open melodies (File > Open), and this panel shows what the "
    "network plays."
)
_PER_BEAT = 100
"""Units of the scroll bar."""


class RollPanel(QWidget):
    """Shows the melody of the session as a piano roll.

    Lives in the GUI thread.

    Parameters
    ----------
    panel : Panel
        Its description.
    session : Session
    theme : Theme

    Attributes
    ----------
    picture : RollPicture
    roll, legend, copied
        Its parts.
    bar : QScrollBar
        Below the roll, where not all of it is in view.
    reading : ReadingLine
        Says which note is pointed at.
    export : PictureExport
    """

    def __init__(self, panel: Panel, session: Session, theme: Theme) -> None:
        super().__init__()
        self.setAccessibleName(panel.name)
        self._session, self._theme = session, theme
        self._shown, self._known = ShownMelody.of(session), KnownPassages.of(session)
        self.picture = RollPicture()
        self.roll, self.legend = self.picture.roll, self.picture.legend
        self.copied = self.picture.copied
        self.bar = QScrollBar(Qt.Orientation.Horizontal)
        self.bar.setAccessibleName("Part of the melody in view")
        self.reading = ReadingLine("Note under the pointer")
        self.reading.setProperty("role", "faint")
        self.note = MessageLine(1, "Notes", most=3)
        self.note.hide()
        self._empty = QLabel(_NO_MELODIES)
        self._empty.setWordWrap(True)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._empty.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
        self.export = PictureExport(panel, session, self.picture, self.table, self._say)
        self._lay_out(panel)
        self.roll.pointed.connect(self._describe)
        self.roll.played_from.connect(self._shown.play_from)
        self.roll.view_moved.connect(self._show_bar)
        self.bar.valueChanged.connect(self._scroll)
        session.playing.moved.connect(self._move_head)
        session.playing.ended.connect(self._hide_head)
        self._shown.changed.connect(self._show)
        self._known.changed.connect(self._show_known)
        session.run_begun.connect(self._show)
        theme.changed.connect(self._show_colours)
        self._show_colours(theme.colours)
        self._show()
        self._show_known()

    def _lay_out(self, panel: Panel) -> None:
        heading = PanelHeading(panel, export=self.export)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(2 * SPACE, SPACE, 2 * SPACE, SPACE)
        layout.setSpacing(2)
        layout.addWidget(heading)
        layout.addWidget(self.picture, 1)
        layout.addWidget(self.bar)
        layout.addWidget(self._empty, 1)
        for line in (self.reading, self.note):
            layout.addWidget(line)
        for before, after in pairwise((*heading.tab_stops, self.roll)):
            QWidget.setTabOrder(before, after)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Look up the melody: a panel that is painted can be seen."""
        super().paintEvent(event)
        self._known.look_up()

    def sizeHint(self) -> QSize:
        """Return the size of a strip below the plot."""
        return QSize(760, 270)

    @property
    def content(self) -> RollContent | None:
        """What is drawn; None if there is no melody."""
        return self.roll.content

    @property
    def empty_words(self) -> str:
        """What is said in place of the roll; empty if there is one."""
        return "" if self._empty.isHidden() else self._empty.text()

    def table(self) -> Iterable[Iterable[object]]:
        """Return a row for each note and rest."""
        return [] if self.content is None else self.content.rows()

    @Slot()
    def _show(self) -> None:
        played = self._shown.improvisation
        content = None if played is None else RollContent(played, self._shown.chords)
        is_empty = content is None
        has_melodies = self._session.kind == "melodies"
        self._empty.setText(_NOTHING_YET if has_melodies else _NO_MELODIES)
        self._empty.setVisible(is_empty)
        for part in (self.picture, self.reading):
            part.setVisible(not is_empty)
        entry = self._shown.entry
        about = "" if entry is None else f"Step {entry.step:,}, as it learned."
        self.picture.show_content(content, about)
        self._describe(-1)
        self._show_bar()

    @Slot()
    def _show_known(self) -> None:
        """Underline what is copied, and say how much it is."""
        if self._known.copied is not None:
            self.picture.show_copied(self._known.copied)
        self.update()  # what is seen is looked up

    @Slot(float)
    def _move_head(self, beat: float) -> None:
        """Show which beat is heard, unless another melody is played than the one that is shown."""
        content, played = self.content, self._session.playing.melody
        if content is not None and played is not None and played.notes == content.melody.notes:
            self.roll.show_head(beat)

    @Slot()
    def _hide_head(self) -> None:
        self.roll.show_head(None)

    @Slot(int)
    def _describe(self, place: int) -> None:
        content = self.content
        words = describe_note(content, place) if content is not None and place >= 0 else ""
        self.reading.show_text(words)
        if words and self.roll.current == place:
            self.roll.say(words)

    @Slot()
    def _show_bar(self) -> None:
        """Let the scroll bar show which part of the melody is in view."""
        roll = self.roll
        most = 0.0 if roll.content is None else roll.most_first
        blocked = self.bar.blockSignals(True)
        self.bar.setRange(0, round(most * _PER_BEAT))
        self.bar.setPageStep(max(round(roll.beats_in_view * _PER_BEAT), 1))
        self.bar.setSingleStep(_PER_BEAT)
        self.bar.setValue(round(roll.layout_.first * _PER_BEAT))
        self.bar.blockSignals(blocked)
        self.bar.setVisible(most > 0)

    @Slot(int)
    def _scroll(self, value: int) -> None:
        self.roll.scroll_to(value / _PER_BEAT)

    def _say(self, message: str) -> None:
        self.note.say(message, is_error=True)
        self.note.setVisible(bool(message))

    @Slot(object)
    def _show_colours(self, colours: Colours) -> None:
        self.picture.show_colours(colours)

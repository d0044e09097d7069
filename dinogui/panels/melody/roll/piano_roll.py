"""The widget that draws a piano roll, and tells which note is pointed at."""

from fractions import Fraction

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from dinogui.common.documented_keys import DocumentedKeys
from dinogui.common.theme import Colours, TextSize, text_font, text_scale
from dinogui.panels.melody.roll.chord_row import ChordRow
from dinogui.panels.melody.roll.roll_content import RollContent
from dinogui.panels.melody.roll.roll_layout import RollLayout
from dinogui.panels.melody.roll.roll_painting import RollPainting
from dinogui.widgets.charts.chart_cursor import announce, place_after

KEYS = DocumentedKeys(
    "Piano roll",
    (
        ("Left, Right", "Go to the note before or after"),
        ("Ctrl+Left, Ctrl+Right", "Go ten times as far"),
        ("Home, End", "Go to the first or the last note"),
        ("Enter", "Play from the note"),
        ("+, -", "Zoom in or out"),
        ("Esc", "Leave the note"),
    ),
)

_GAP = 4
_LEAST_BEAT, _MOST_BEAT = 7.0, 120.0
"""Pixels: the width of a beat in text of the usual size, where it is not zoomed out, and zoomed in
as far as can be."""

_ZOOM = 1.25
_ZOOM_KEYS = {Qt.Key.Key_Plus: _ZOOM, Qt.Key.Key_Equal: _ZOOM, Qt.Key.Key_Minus: 1 / _ZOOM}
_NOTCH = 120
"""What Qt reports for one notch of a wheel."""

_HEAD_ROOM = 3
"""Pixels at each side of the play-head that are painted again when it moves."""


class PianoRoll(QWidget):
    """Draws notes as bars, pitch against beats.

    With the focus, the arrow keys go from note to note. Ctrl and the wheel zoom, and the wheel
    alone scrolls where not all is in view. Lives in the GUI thread.

    Attributes
    ----------
    content : RollContent or None
        None draws nothing.
    current : int or None
        The place of the note that the keys have moved to.
    head : float or None
        Where the play-head is, in beats. None if nothing is played.

    Signals
    -------
    pointed(int)
        The place of the note under the pointer, or of the one that the keys went to; -1 for none.
    played_from(float)
        Somebody wants to hear the melody from this beat on.
    view_moved()
        Another part of the melody is in view, or at another size.
    """

    pointed = Signal(int)
    played_from = Signal(float)
    view_moved = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("Piano roll")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAutoFillBackground(True)  # otherwise Qt also paints everything behind it
        self.setBackgroundRole(QPalette.ColorRole.Base)
        self.content: RollContent | None = None
        self.current: int | None = None
        self.head: float | None = None
        self._colours: Colours | None = None
        self._first = 0.0
        self._zoomed: float | None = None  # pixels of a beat, if somebody has chosen them
        self._chords = ChordRow((), Fraction(0), self.font())
        self._known_layout: RollLayout | None = None

    def show_content(self, content: RollContent | None) -> None:
        """Show another melody, or none. The zoom stays; the beginning is in view."""
        if not _is_same(content, self.content):
            self._first, self.current = 0.0, None
            self.head = None
        self.content = content
        self._forget_layout()
        self._describe()

    def show_head(self, beat: float | None) -> None:
        """Move the play-head, and follow it where it leaves the part in view; None hides it."""
        before, self.head = self.head, beat
        if beat is not None and self.content is not None:
            layout = self.layout_
            if not layout.first <= beat <= layout.last:
                self.scroll_to(beat)
        for place in (before, beat):
            if place is not None and self.content is not None:
                x = round(self.layout_.x(place))
                self.update(x - _HEAD_ROOM, 0, 2 * _HEAD_ROOM, self.height())

    def show_colours(self, colours: Colours) -> None:
        """Draw in other colours."""
        self._colours = colours
        self.update()

    # The part in view

    @property
    def layout_(self) -> RollLayout:
        """Where everything lies."""
        if self._known_layout is None:
            self._known_layout = self._find_layout()
        return self._known_layout

    @property
    def beats_in_view(self) -> float:
        """How many beats are in view."""
        return self.layout_.last - self.layout_.first

    @property
    def most_first(self) -> float:
        """The last beat that can be at the left edge."""
        beats = 0.0 if self.content is None else float(self.content.beats)
        return max(beats - self.beats_in_view, 0.0)

    def scroll_to(self, beat: float) -> None:
        """Bring a beat to the left edge, as far as there is something to see."""
        first = min(max(beat, 0.0), self.most_first)
        if first != self._first:
            self._first = first
            self._forget_layout()

    def zoom(self, factor: float, at: float | None = None) -> None:
        """Make the beats wider or narrower.

        Parameters
        ----------
        factor : float
        at : float, optional
            The place, in pixels, that stays where it is; if absent, the middle.
        """
        if self.content is None:
            return
        layout = self.layout_
        x = layout.area.center().x() if at is None else at
        beat = layout.beat_at(x)
        least = min(self._fitting(layout.area.width()), self._usual(layout.area.width()))
        most = max(_MOST_BEAT * layout.scale, least)
        self._zoomed = min(max(layout.beat_width * factor, least), most)
        self._known_layout = None
        self._first = 0.0
        wanted = beat - (x - layout.area.left()) / self._zoomed
        self._first = min(max(wanted, 0.0), self.most_first)
        self._forget_layout()

    @property
    def _scale(self) -> float:
        """The size of the text, as a multiple of the usual one; at least 1."""
        return max(text_scale(self.fontMetrics()), 1.0)

    def _fitting(self, width: float) -> float:
        """Return the width of a beat at which the whole melody is in view."""
        assert self.content is not None
        return width / float(self.content.beats)

    def _usual(self, width: float) -> float:
        """Return the width of a beat before somebody zooms: the melody fits, or can be read."""
        least = max(_LEAST_BEAT * self._scale, self._chords.least_beat_width)
        return max(self._fitting(width), least)

    def _find_layout(self) -> RollLayout:
        font = self.fontMetrics()
        left = font.horizontalAdvance("C4") + 3 * _GAP
        width, above = max(self.width() - left - _GAP, 1), font.height() + _GAP
        lowest, highest, beat_width, below = 60, 72, 1.0, _GAP
        if self.content is not None:
            self._chords = self._chord_row(self.content)
            lowest, highest = self.content.pitches
            beat_width = self._usual(width)
            if self._zoomed is not None:
                least = min(self._fitting(width), beat_width)
                beat_width = max(self._zoomed, least)
            below += self._chords.height(beat_width)
        height = max(self.height() - above - below, 1)
        area = QRectF(left, above, width, height)
        return RollLayout(area, self._first, beat_width, lowest, highest, self._scale)

    def _chord_row(self, content: RollContent) -> ChordRow:
        font = text_font(self.font(), TextSize.TEXT, is_strong=True)
        return ChordRow(content.chord_symbols, content.beats, font)

    def _forget_layout(self) -> None:
        self._known_layout = None
        if self.content is not None and self._first > self.most_first:
            self._first = self.most_first
            self._known_layout = None
        self.update()
        self.view_moved.emit()

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the roll."""
        if self._colours is None or self.content is None:
            return
        painter = QPainter(self)
        painter.setClipRegion(event.region())
        roll = RollPainting(painter, self.fontMetrics(), self.layout_, self.content, self._colours)
        roll.draw(self._chords, self.current)
        if self.head is not None:
            roll.draw_head(self.head)
        if self.hasFocus():
            painter.setPen(QPen(QColor(self._colours.accent), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(self.rect().adjusted(1, 1, -1, -1))
        painter.end()

    def sizeHint(self) -> QSize:
        """Return a usual size."""
        return QSize(640, 200)

    def minimumSizeHint(self) -> QSize:
        """Do with a few lines of text."""
        return QSize(120, 6 * self.fontMetrics().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Work out the layout again."""
        super().resizeEvent(event)
        self._forget_layout()

    def changeEvent(self, event: QEvent) -> None:
        """Work out the layout again for another font."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._forget_layout()
            self.updateGeometry()

    # Pointer and keys

    def note_centre(self, place: int) -> QPointF:
        """Return the centre of a note in the widget's coordinates."""
        return self.note_bar(place).center()

    def note_bar(self, place: int) -> QRectF:
        """Return the bar of a note in the widget's coordinates."""
        assert self.content is not None
        starts, pitch = self.content.starts, self.content.note(place).pitch
        assert pitch is not None
        return self.layout_.note(starts[place], starts[place + 1], pitch)

    def note_at(self, point: QPointF) -> int | None:
        """Return the place of the note at a point."""
        layout = self.layout_
        if self.content is None or not layout.area.contains(point):
            return None
        return self.content.place_at(layout.beat_at(point.x()), layout.pitch_at(point.y()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Report which note the pointer is on."""
        place = self.note_at(event.position())
        self.pointed.emit(-1 if place is None else place)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Play from the beat that is clicked."""
        is_among = self.layout_.area.contains(event.position())
        if self.content is None or event.button() != Qt.MouseButton.LeftButton or not is_among:
            return
        place = self.note_at(event.position())
        beat = self.layout_.beat_at(event.position().x())
        self.played_from.emit(float(self.content.starts[place]) if place is not None else beat)

    def leaveEvent(self, event: QEvent) -> None:
        """Report that the pointer is on no note."""
        super().leaveEvent(event)
        self.pointed.emit(-1)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom with Ctrl; scroll otherwise, where there is more to see."""
        turned = event.angleDelta()
        by = turned.y() or turned.x()
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.zoom(_ZOOM ** (by / _NOTCH), event.position().x())
            event.accept()
            return
        before = self._first
        self.scroll_to(before - by / _NOTCH * self.beats_in_view / 8)
        # At its end, the panel around it scrolls.
        event.setAccepted(self._first != before)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go from note to note, play from one, or zoom."""
        key, content = event.key(), self.content
        if content is None:
            super().keyPressEvent(event)
            return
        leaps = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        current = None if self.current is None else float(self.current)
        place = place_after(key, [float(each) for each in content.places], current, leaps=leaps)
        if place is not None:
            self._go_to(int(place))
        elif key in _ZOOM_KEYS and not leaps:
            self.zoom(_ZOOM_KEYS[Qt.Key(key)])
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.current is not None:
            self.played_from.emit(float(content.starts[self.current]))
        elif key == Qt.Key.Key_Escape and self.current is not None:
            self._go_to(None)
        else:
            super().keyPressEvent(event)

    def _go_to(self, place: int | None) -> None:
        self.current = place
        if place is not None and self.content is not None:
            start, end = map(float, self.content.starts[place : place + 2])
            if start < self.layout_.first or end > self.layout_.last:
                self.scroll_to(start - self.beats_in_view / 4)
        self.update()
        self.pointed.emit(-1 if place is None else place)

    def say(self, text: str) -> None:
        """Let a screen reader read out the note that the keys went to."""
        announce(self, text)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show that it has the focus."""
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Leave the note that the keys went to."""
        super().focusOutEvent(event)
        self._go_to(None)

    def _describe(self) -> None:
        count = 0 if self.content is None else len(self.content.places)
        self.setAccessibleDescription(f"{count} notes" if count else "")


def _is_same(one: RollContent | None, other: RollContent | None) -> bool:
    """Whether two contents are of one melody, whatever is known of what it has copied."""
    if one is None or other is None:
        return False
    return one.improvisation is other.improvisation

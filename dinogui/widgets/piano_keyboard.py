"""A piano keyboard, which is played with the pointer or with the keys of the computer."""

import time
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QHideEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from dinogui.common.documented_keys import DocumentedKeys
from dinogui.common.theme import TextSize, text_font

KEYS = DocumentedKeys(
    "Piano keyboard",
    (
        ("A, S, D, F, G, H, J, K, L", "Play the white keys from C on"),
        ("W, E, T, Y, U, O, P", "Play the black keys between them"),
        ("Z, X", "Play an octave lower or higher"),
        ("Left, Right", "Go to the next lower or higher key"),
        ("Enter", "Play the key that is marked"),
    ),
)

_TYPED = {key: semitones for semitones, key in enumerate("AWSEDFTGYHUJKOLP")}
"""How many semitones above the lowest C the keys of the computer play."""

_PRESSING = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_STEPS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
_OCTAVE = 12
_SHIFTS = {"Z": -_OCTAVE, "X": _OCTAVE}
_WHITE = (0, 2, 4, 5, 7, 9, 11)
"""The white keys of an octave, in semitones above C."""

_NAMES = ("C", "D♭", "D", "E♭", "E", "F", "F♯", "G", "A♭", "A", "B♭", "B")
_MIDDLE_C = 60
_LOWEST_C, _HIGHEST_C = 24, 96
_FEWEST_OCTAVES, _MOST_OCTAVES = 2, 6
_KEY_WIDTH = 24
"""Pixels of a white key, beside text of the usual size."""

_LEAST_KEY_WIDTH = 14
_HEIGHT = 96
_BLACK_SHARE = 0.62
"""Of the length and of the width of a white key."""

_RADIUS = 3


@dataclass(frozen=True)
class _Held:
    """A key that is held down, and since when."""

    pitch: int
    since: float


class PianoKeyboard(QWidget):
    """A piano keyboard of two octaves or more, as the width allows.

    The keys of the middle row of the computer's keyboard are the white keys, those of the row above
    the black ones. They belong to the keyboard while it has the focus. Pitches are as in MIDI,
    where middle C is 60.

    Lives in the GUI thread.

    Signals
    -------
    pressed(int)
        A key went down; its pitch.
    released(int, float)
        A key came up; its pitch, and the seconds for which it was held.
    """

    pressed = Signal(int)
    released = Signal(int, float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._held: dict[object, _Held] = {}  # by what holds it: "pointer", or a key's number
        self._octave = _MIDDLE_C
        self._marked = _MIDDLE_C
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Piano keyboard")
        self._describe()

    # What is shown

    @property
    def octave(self) -> int:
        """The pitch that the computer's key A plays, which is a C."""
        return self._octave

    @property
    def held(self) -> frozenset[int]:
        """The pitches of the keys that are held down."""
        return frozenset(each.pitch for each in self._held.values())

    @property
    def pitches(self) -> range:
        """The pitches of all keys that are shown; the first and the last are a C."""
        n_octaves = self._n_octaves
        lowest = self._octave - (n_octaves - 1) // 2 * _OCTAVE
        lowest = max(min(lowest, _HIGHEST_C + (2 - n_octaves) * _OCTAVE), 0)
        return range(lowest, lowest + n_octaves * _OCTAVE + 1)

    def set_octave(self, pitch: int) -> None:
        """Let the computer's key A play another C. What is held goes on."""
        octave = min(max(pitch // _OCTAVE * _OCTAVE, _LOWEST_C), _HIGHEST_C)
        if octave != self._octave:
            self._marked = min(max(self._marked + octave - self._octave, 0), 127)
            self._octave = octave
            self._describe()
            self.update()

    def place_of(self, pitch: int) -> QPoint:
        """Return a point on a key, which no other key covers."""
        key = self._key(pitch)
        return QPoint(key.center().x(), key.bottom() - key.height() // 8)

    def release_all(self) -> None:
        """Let all keys come up."""
        for source in list(self._held):
            self._release(source)

    def _describe(self) -> None:
        self.setAccessibleDescription(
            f"{name_of(self._marked)}. The letters from A to L play from {name_of(self._octave)} "
            "on. Z and X shift by an octave."
        )

    # Where the keys are

    @property
    def _scale(self) -> float:
        """The size of the text, as a share of the usual one, but not below 1."""
        return max(self.fontMetrics().height() / 17, 1.0)

    @property
    def _n_octaves(self) -> int:
        octaves = int(self.width() / (len(_WHITE) * _KEY_WIDTH * self._scale))
        return min(max(octaves, _FEWEST_OCTAVES), _MOST_OCTAVES)

    def _key(self, pitch: int) -> QRect:
        """Return the place of a key."""
        octaves, place = divmod(pitch - self.pitches.start, _OCTAVE)
        width = self.width() / (self._n_octaves * len(_WHITE) + 1)
        n_before = octaves * len(_WHITE) + sum(each < place for each in _WHITE)
        if place in _WHITE:
            left, right = round(n_before * width), round((n_before + 1) * width)
            return QRect(left, 0, right - left, self.height())
        half = width * _BLACK_SHARE / 2
        left, right = round(n_before * width - half), round(n_before * width + half)
        return QRect(left, 0, right - left, round(self.height() * _BLACK_SHARE))

    def _pitch_at(self, place: QPoint) -> int | None:
        for pitch in sorted(self.pitches, key=_is_white):  # black keys lie on the white ones
            if self._key(pitch).contains(place):
                return pitch
        return None

    def sizeHint(self) -> QSize:
        """Return the size of two octaves."""
        width = (_FEWEST_OCTAVES * len(_WHITE) + 1) * _KEY_WIDTH
        return QSize(round(width * self._scale), round(_HEIGHT * self._scale))

    def minimumSizeHint(self) -> QSize:
        """Return the size of two octaves of narrow keys."""
        width = (_FEWEST_OCTAVES * len(_WHITE) + 1) * _LEAST_KEY_WIDTH
        return QSize(width, self.sizeHint().height())

    # Keys that go down and come up

    def _press(self, source: object, pitch: int) -> None:
        if pitch in self.held or source in self._held:
            return
        self._held[source] = _Held(pitch, time.perf_counter())
        self._marked = pitch
        self._describe()
        self.update()
        self.pressed.emit(pitch)

    def _release(self, source: object) -> None:
        held = self._held.pop(source, None)
        if held is not None:
            self.update()
            self.released.emit(held.pitch, time.perf_counter() - held.since)

    # Qt's own events

    def event(self, event: QEvent) -> bool:
        """Keep its keys from the window, whose commands may have the same."""
        is_claim = event.type() == QEvent.Type.ShortcutOverride
        if is_claim and isinstance(event, QKeyEvent) and _is_own(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Play the key that belongs to a letter, or go to another key."""
        if not _is_own(event):
            super().keyPressEvent(event)
            return
        letter, key = _letter(event), event.key()
        if letter in _TYPED or key in _PRESSING:
            pitch = self._octave + _TYPED[letter] if letter in _TYPED else self._marked
            if not event.isAutoRepeat():
                self._press(key, pitch)
        elif letter in _SHIFTS:
            self.set_octave(self._octave + _SHIFTS[letter])
        else:
            self._mark(self._marked + _STEPS[Qt.Key(key)])

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """Let the key come up that belongs to a letter."""
        if event.key() not in self._held:
            super().keyReleaseEvent(event)
        elif not event.isAutoRepeat():
            self._release(event.key())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Play the key under the pointer."""
        pitch = self._pitch_at(event.position().toPoint())
        if event.button() == Qt.MouseButton.LeftButton and pitch is not None:
            self._press("pointer", pitch)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Go on to the key that the pointer was dragged to."""
        pitch = self._pitch_at(event.position().toPoint())
        held = self._held.get("pointer")
        if event.buttons() & Qt.MouseButton.LeftButton and (held is None or held.pitch != pitch):
            self._release("pointer")
            if pitch is not None:
                self._press("pointer", pitch)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let the key under the pointer come up."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._release("pointer")

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Mark a key."""
        self.update()
        super().focusInEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Let all keys come up: what is released later is told to another part."""
        self.release_all()
        self.update()
        super().focusOutEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        """Let all keys come up."""
        self.release_all()
        super().hideEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the marked key in view."""
        super().resizeEvent(event)
        self._mark(self._marked)

    def _mark(self, pitch: int) -> None:
        pitches = self.pitches
        self._marked = min(max(pitch, pitches[0]), pitches[-1])
        self._describe()
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the white keys and the black keys on them."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(text_font(self.font(), TextSize.LABEL))
        for pitch in sorted(self.pitches, key=_is_white, reverse=True):
            self._draw_key(painter, pitch)
        if self.hasFocus():
            role = QPalette.ColorRole
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(self.palette().color(role.Highlight), 2))
            painter.drawRect(self._key(self._marked).adjusted(2, 2, -2, -2))
            painter.drawRect(self.rect().adjusted(1, 1, -1, -1))

    def _draw_key(self, painter: QPainter, pitch: int) -> None:
        role, palette = QPalette.ColorRole, self.palette()
        light, dark = _light_and_dark(palette)
        ground, ink = (light, dark) if _is_white(pitch) else (dark, light)
        if pitch in self.held:
            ground, ink = palette.color(role.Highlight), palette.color(role.HighlightedText)
        key = self._key(pitch)
        painter.setBrush(ground)
        painter.setPen(QPen(palette.color(role.PlaceholderText) if _is_white(pitch) else dark, 1))
        painter.drawRoundedRect(key.toRectF().adjusted(0.5, -_RADIUS, -0.5, -0.5), _RADIUS, _RADIUS)
        if pitch % _OCTAVE == 0:
            painter.setPen(ink)
            below = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignBottom
            painter.drawText(key.adjusted(-4, 0, 4, -6), below, name_of(pitch))


def name_of(pitch: int) -> str:
    """Return the name of a pitch: "B♭4" for 70."""
    octave, place = divmod(pitch, _OCTAVE)
    return f"{_NAMES[place]}{octave - 1}"


def _is_white(pitch: int) -> bool:
    return pitch % _OCTAVE in _WHITE


def _letter(event: QKeyEvent) -> str:
    """Return the letter of a key, wherever it stands; empty for another key."""
    key = event.key()
    return chr(key) if Qt.Key.Key_A <= key <= Qt.Key.Key_Z else ""


def _is_own(event: QKeyEvent) -> bool:
    """Return whether the keyboard does something with a key."""
    letter, key = _letter(event), event.key()
    is_used = letter in _TYPED or letter in _SHIFTS or key in _STEPS or key in _PRESSING
    return is_used and _is_plain(event)


def _is_plain(event: QKeyEvent) -> bool:
    """Return whether the key is pressed without Ctrl, Alt or the like."""
    return event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier == Qt.KeyboardModifier.NoModifier


def _light_and_dark(palette: QPalette) -> tuple[QColor, QColor]:
    """Return the colours of white and black keys: a dark theme has them the other way round."""
    role = QPalette.ColorRole
    colours = palette.color(role.Base), palette.color(role.Text)
    dark, light = sorted(colours, key=QColor.lightness)
    return light, dark

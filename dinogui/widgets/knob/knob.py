"""A knob for one value: its label, the value to type, and the track to drag it on."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QAbstractButton, QLabel, QSizePolicy, QWidget

from dinogui.common.theme import SPACE, TextSize, text_font
from dinogui.widgets.knob.scale import Scale
from dinogui.widgets.knob.track import Track
from dinogui.widgets.knob.value_field import OFF_WORD, ValueField

_GAP = 2 * SPACE
_GESTURE_MILLISECONDS = 1_000
"""Changes by key or wheel with shorter pauses are one change, as they are for undo."""


class Knob(QWidget):
    """A label with a large value beside it, over a track with the ends of the range.

    Where the label and the value do not fit side by side, the value is below the label.

    Lives in the GUI thread.

    Parameters
    ----------
    label : str
        With its mnemonic, such as "&Learning rate".
    scale : Scale
    default : float or None
        What a double click on the track sets. None means off.
    tip : str
        What the value does, for the tooltip and for screen readers.
    whole : bool
        Whether only whole numbers are allowed.
    lowest : float, optional
        The lowest value that can be typed, if not that of the scale.
    ends : pair of str, optional
        Words below the ends of the track, instead of the ends of the range.

    Attributes
    ----------
    box : ValueField
    slider : Track

    Signals
    -------
    value_changed(float or None)
        Only after a change by the user. None means off.
    """

    value_changed = Signal(object)

    def __init__(
        self,
        label: str,
        scale: Scale,
        default: float | None,
        tip: str,
        *,
        whole: bool = False,
        lowest: float | None = None,
        ends: tuple[str, str] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._tip, self._name, self._value = tip, "", default
        self._before = default  # before the latest gesture
        self._plans: dict[int, _Plan] = {}
        self._button: QAbstractButton | None = None
        self._shows_ends = True
        self.box = ValueField(scale, whole=whole, lowest=lowest)
        self.slider = Track(scale, default)
        self._heading = QLabel()
        self._heading.setBuddy(self.box)
        self._note = _small_label("")
        low, high = ends or self._range_of(scale)
        self._low, self._high = _small_label(low), _small_label(high)
        self._remark = _small_label("")
        labels = (self._heading, self._note, self._low, self._high, self._remark)
        for part in (*labels, self.box, self.slider):
            part.setParent(self)
        self._note.hide()
        self._remark.hide()
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        QWidget.setTabOrder(self.slider, self.box)
        self._pause = QTimer(self, singleShot=True, interval=_GESTURE_MILLISECONDS)
        self._is_in_gesture = False
        self._use_font()
        self.set_label(label)
        self.set_default(default)
        self._connect()

    def _range_of(self, scale: Scale) -> tuple[str, str]:
        low, high = (self.box.text_of(stop) for stop in (scale.stops[0], scale.stops[-1]))
        return low, f"{high} · {OFF_WORD}" if scale.can_be_off else high

    def _connect(self) -> None:
        self.slider.chosen.connect(self._take)
        self.slider.default_requested.connect(self._take_default)
        self.slider.sliderPressed.connect(self._begin_gesture)
        self.slider.sliderReleased.connect(self._end_gesture)
        self.box.valueChanged.connect(self._take_typed)
        self._pause.timeout.connect(self._end_gesture)

    # What it says

    def add_button(self, button: QAbstractButton) -> None:
        """Put a button beside the label."""
        self._button = button
        button.setParent(self)
        QWidget.setTabOrder(self.box, button)
        self._arrange_again()

    def show_ends(self, is_shown: bool) -> None:
        """Show the ends of the track and the remark below it, or leave them out: height is scarce.

        The tooltips then say what the ends are.
        """
        if is_shown != self._shows_ends:
            self._shows_ends = is_shown
            self._arrange_again()

    def set_label(self, label: str) -> None:
        """Change the label, given with its mnemonic."""
        if label == self._heading.text():
            return
        self._name = label.replace("&", "")
        self._heading.setText(label)
        self.box.setAccessibleName(self._name)
        self._show(self._value)
        self._arrange_again()

    def set_note(self, note: str) -> None:
        """Say beside the value what it is about, such as "each entry"; shown where it fits."""
        if note == self._note.text():
            return
        self._note.setText(note)
        self._arrange_again()

    @property
    def remark(self) -> str:
        """What `set_remark` says."""
        return self._remark.text()

    def set_remark(self, remark: str) -> None:
        """Say something between the ends of the track, in place of them where both do not fit."""
        if remark != self._remark.text():
            self._remark.setText(remark)
            if self.isVisible():  # it changes often, and nothing else has to move for it
                self._arrange_remark(self._plan(self.width()))

    def set_default(self, default: float | None) -> None:
        """Change what a double click sets."""
        self.slider.show_default(default)
        ends = f"From {self._low.text()} to {self._high.text()}."
        tip = (
            f"{self._tip} {ends} Double-click the track for the default, "
            f"{self.box.text_of(default)}."
        )
        for part in (self._heading, self.slider, self.box):
            part.setToolTip(tip)
        for part in (self.slider, self.box):
            part.setAccessibleDescription(tip)

    # The value

    @property
    def value(self) -> float | None:
        """The value. None means off."""
        return self._value

    def set_value(self, value: float | None) -> None:
        """Show a value, or None for off, without a signal.

        If it is another one than before, the one before is marked on the track.
        """
        if value != self._value and not self.slider.isSliderDown():
            self._end_gesture()
            self.slider.show_former(self._value)
        self._show(value)

    def mark_change_from(self, value: float) -> None:
        """Mark a value as the one before the last change."""
        self.slider.show_former(value)

    def forget_change(self) -> None:
        """Mark no last change, as for a new run."""
        self._end_gesture()
        self.slider.forget_former()

    def _show(self, value: float | None) -> None:
        self.box.blockSignals(True)
        self.box.show_value(value)
        self.box.blockSignals(False)
        self._value = self.box.shown
        self.slider.show_value(self._value)
        self.slider.setAccessibleName(f"{self._name}, slider: {self.box.text_of(self._value)}")

    @Slot(object)
    def _take(self, value: float | None) -> None:
        """Set what a person has chosen."""
        if not self._is_in_gesture:
            self._begin_gesture()
        if not self.slider.isSliderDown():
            self._pause.start()
        self._show(value)
        self.slider.show_former(self._before)
        self.value_changed.emit(self._value)

    @Slot(float)
    def _take_typed(self, _number: float) -> None:
        self._take(self.box.shown)

    @Slot()
    def _take_default(self) -> None:
        if self.slider.default != self._value:
            self._take(self.slider.default)

    @Slot()
    def _begin_gesture(self) -> None:
        self._end_gesture()
        self._is_in_gesture, self._before = True, self._value

    @Slot()
    def _end_gesture(self) -> None:
        self._is_in_gesture = False
        self._pause.stop()

    # The arrangement

    def changeEvent(self, event: QEvent) -> None:
        """Write in another size when the text of the window does."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._use_font()
        elif event.type() == QEvent.Type.StyleChange:
            self._arrange_again()

    def showEvent(self, event: QShowEvent) -> None:
        """Arrange the parts, which may have changed before."""
        super().showEvent(event)
        self._plans.clear()
        self._arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Arrange the parts."""
        super().resizeEvent(event)
        self._arrange()

    def hasHeightForWidth(self) -> bool:
        """Return True: in a narrow knob, the value is below the label."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Return the height in pixels that all parts need at a width."""
        return self._plan(width).height

    def sizeHint(self) -> QSize:
        """Return the room of the label and the value side by side."""
        width = self._heading_width + self._button_room + _GAP + self.box.room + self._note_width
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        """Return the width of the widest word or value."""
        words = self._name.split()
        widest = max(map(self.fontMetrics().horizontalAdvance, words)) + SPACE + self._button_room
        ends = (self._low.sizeHint().width(), self._high.sizeHint().width())
        width = max(widest, self.box.room, *ends, self.slider.minimumSizeHint().width())
        return QSize(width, self.slider.minimumSizeHint().height())

    def _use_font(self) -> None:
        self.box.setFont(text_font(self.font(), TextSize.VALUE, is_strong=True))
        for label in (self._note, self._low, self._high, self._remark):
            label.setFont(text_font(self.font(), TextSize.LABEL))
        self._arrange_again()

    def _arrange_again(self) -> None:
        self._plans.clear()
        self.updateGeometry()
        if self.isVisible():
            self._arrange()

    @property
    def _heading_width(self) -> int:
        return self.fontMetrics().horizontalAdvance(self._name) + 2

    @property
    def _button_room(self) -> int:
        return self._button.sizeHint().width() + SPACE if self._button is not None else 0

    @property
    def _note_width(self) -> int:
        return self._note.sizeHint().width() + SPACE if self._note.text() else 0

    def _plan(self, width: int) -> _Plan:
        """Return where the parts are at a width.

        Layouts ask for the height at the same few widths again and again.
        """
        if width not in self._plans:
            self._plans[width] = self._make_plan(width)
        return self._plans[width]

    def _make_plan(self, width: int) -> _Plan:
        metrics = self.fontMetrics()
        note, room = self._note_width, min(self.box.room, width)
        button = self._button.sizeHint().height() if self._button is not None else 0
        line = max(self.box.fontMetrics().height() + SPACE, button)
        label = self._heading_width + self._button_room
        is_beside = label + _GAP + room <= width
        taken = room + (label + _GAP if is_beside else 0)
        note = note if taken + note <= width else 0
        area = QRect(0, 0, width - self._button_room, 10_000)
        wrapped = metrics.boundingRect(area, Qt.TextFlag.TextWordWrap, self._name).height() + 2
        spare = max(button - metrics.height() - 2, 0)  # by which the button is higher than a line
        top = 0 if is_beside else wrapped + spare
        box = QRect(width - room - note, top, room, line)
        base = top + (line - self.box.fontMetrics().height()) // 2 + self.box.fontMetrics().ascent()
        # Labels ask for a pixel or two more than the height of their font.
        heading = QRect(0, base - metrics.ascent() - 1, self._heading_width, metrics.height() + 2)
        if not is_beside:
            heading = QRect(0, (spare + 1) // 2, area.width(), wrapped)
            if self._button is not None:
                heading.setWidth(min(self._heading_width, area.width()))
        small = self._note.fontMetrics()
        slider = QRect(0, top + line, width, self.slider.sizeHint().height())
        low, high = self._low.sizeHint(), self._high.sizeHint()
        ends = QRect(0, slider.bottom() + 1, width, max(low.height(), high.height()))
        is_one_line = low.width() + _GAP + high.width() <= width
        second = ends if is_one_line else ends.translated(0, ends.height())
        return _Plan(
            heading=heading,
            button=self._place_of_button(heading, width, line if is_beside else wrapped + spare),
            note=QRect(
                width - note + SPACE, base - small.ascent() - 1, note - SPACE, small.height() + 2
            ),
            box=box,
            slider=slider,
            low=QRect(ends.topLeft(), low),
            high=QRect(QPoint(width - high.width(), second.top()), high),
            has_note=note > 0,
            height=(second if self._shows_ends else slider).bottom() + 1,
        )

    def _place_of_button(self, heading: QRect, width: int, height: int) -> QRect:
        """Return where the button is: after the label, within a height above the slider."""
        if self._button is None:
            return QRect()
        size = self._button.sizeHint()
        left = min(self._heading_width + SPACE, width - size.width())
        top = heading.top() + (self.fontMetrics().height() + 2 - size.height()) // 2
        return QRect(QPoint(left, max(min(top, height - size.height()), 0)), size)

    def _arrange(self) -> None:
        plan = self._plan(self.width())
        self._heading.setWordWrap(self._heading_width > plan.heading.width())
        self._note.setVisible(plan.has_note)
        self._arrange_remark(plan)
        for part, place in (
            (self._heading, plan.heading),
            (self._note, plan.note),
            (self.box, plan.box),
            (self.slider, plan.slider),
            (self._low, plan.low),
            (self._high, plan.high),
        ):
            part.setGeometry(place)
        if self._button is not None:
            self._button.setGeometry(plan.button)

    def _arrange_remark(self, plan: _Plan) -> None:
        """Put the remark between the ends, or in place of them."""
        remark = QRect(QPoint(), self._remark.sizeHint())
        remark.moveCenter(QPoint(self.width() // 2, plan.low.center().y()))
        self._remark.setVisible(self._shows_ends and bool(self.remark))
        is_covered = remark.intersects(plan.low) or remark.intersects(plan.high)
        for end in (self._low, self._high):
            end.setVisible(self._shows_ends and not (self.remark and is_covered))
        self._remark.setGeometry(remark)


@dataclass(frozen=True)
class _Plan:
    """Where the parts of a knob are, and how high it is, in pixels."""

    heading: QRect
    button: QRect
    note: QRect
    box: QRect
    slider: QRect
    low: QRect
    high: QRect
    has_note: bool
    height: int


def _small_label(text: str) -> QLabel:
    label = QLabel(text)
    label.setProperty("role", "label")
    return label

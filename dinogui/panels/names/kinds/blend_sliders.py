"""A slider for each kind of a blend; what one gets, the others lose. Most are folded at first."""

from PySide6.QtCore import QEvent, QObject, Qt, Signal, Slot
from PySide6.QtWidgets import QGridLayout, QLabel, QSizePolicy, QWidget

from dinogui.common.theme import SPACE
from dinogui.session.blend.shares import WHOLE, Shares
from dinogui.widgets.buttons.chip import Chip
from dinogui.widgets.elision import elided_text
from dinogui.widgets.knob.scale import Scale
from dinogui.widgets.knob.track import Track
from dinogui.widgets.knob.value_field import ValueField

_PERCENTS = Scale(tuple(float(percent) for percent in range(WHOLE + 1)), is_linear=True)
_LONGEST_LETTERS = 14
MOST_ROWS = 3
"""So many sliders are shown until more are asked for."""


class BlendSliders(QWidget):
    """Shows the share of each kind of a blend, and reports changes.

    While one slider is dragged, the others keep the proportions that they had when the drag began.
    Lives in the GUI thread.

    Attributes
    ----------
    rows : dict of str to BlendRow
        The sliders of all kinds of the blend, by their titles.
    more : Chip
        Shows all of them while it is checked; hidden where `MOST_ROWS` are enough. Whoever uses the
        sliders lays it out.

    Signals
    -------
    chosen(Shares)
        Somebody has changed a share.
    """

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shares: Shares | None = None
        self._before: Shares | None = None  # while a slider is dragged: when the drag began
        self.rows: dict[str, BlendRow] = {}
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(SPACE)
        self._grid.setVerticalSpacing(0)
        self._grid.setColumnStretch(1, 1)
        tip = "Show a slider for every kind of the blend, or for the first ones"
        self.more = Chip("More sliders", tip, is_slim=True)
        self.more.setCheckable(True)
        self.more.hide()
        self.more.toggled.connect(self._fold)

    def show_shares(self, shares: Shares | None) -> None:
        """Show a blend; a slider for each of its kinds, none for a kind alone."""
        self._shares = shares
        titles = shares.titles if shares is not None and shares.is_blend else ()
        if tuple(self.rows) != titles:
            self._make_rows(titles)
        for title, percent in shares.of if shares is not None and titles else ():
            self.rows[title].show_percent(percent, WHOLE / len(titles))

    def _make_rows(self, titles: tuple[str, ...]) -> None:
        self._before = None
        for row in self.rows.values():
            row.remove_from(self._grid)
        self.rows = {}
        for place, title in enumerate(titles):
            row = self.rows[title] = BlendRow(title, self)
            row.add_to(self._grid, place)
            row.turned.connect(self._turn)
            row.track.sliderPressed.connect(self._begin_drag)
            row.track.sliderReleased.connect(self._end_drag)
        n_more = len(titles) - MOST_ROWS
        if n_more <= 0:
            self.more.setChecked(False)
        self.more.setVisible(n_more > 0)
        self.more.say(f"{n_more} more" if n_more > 0 else "", "")
        self._fold()

    @Slot()
    def _fold(self) -> None:
        """Show the first sliders, or all."""
        for place, row in enumerate(self.rows.values()):
            row.set_visible(place < MOST_ROWS or self.more.isChecked())
        self.updateGeometry()

    @Slot()
    def _begin_drag(self) -> None:
        self._before = self._shares

    @Slot()
    def _end_drag(self) -> None:
        self._before = None

    @Slot(str, int)
    def _turn(self, title: str, percent: int) -> None:
        before = self._before or self._shares
        if before is not None:
            self.chosen.emit(before.with_share(title, percent))


class BlendRow(QObject):
    """The title, the track and the percents of one kind, which lie in a row of a common grid.

    Signals
    -------
    turned(str, int)
        Somebody wants this kind to have so many percent.
    """

    turned = Signal(str, int)

    def __init__(self, title: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._title = title
        self.label = _TitleLabel(title)
        self.track = Track(_PERCENTS, None)
        self.field = ValueField(_PERCENTS, whole=True)
        self.unit = QLabel("%")
        self.unit.setProperty("role", "label")
        self.field.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Ignored)
        self.field.setAccessibleName(f"{title}, percent")
        self.label.setBuddy(self.field)
        tip = f"How much {title} is in the blend. Double-click the track for an even blend"
        for part in self._parts:
            part.setToolTip(tip)
        self.track.chosen.connect(self._take)
        self.track.default_requested.connect(self._take_default)
        self.field.valueChanged.connect(self._take)

    def add_to(self, grid: QGridLayout, row: int) -> None:
        """Put the parts into a row of a grid."""
        for column, part in enumerate(self._parts):
            grid.addWidget(part, row, column)

    def set_visible(self, is_visible: bool) -> None:
        """Show the row, or hide it."""
        for part in self._parts:
            part.setVisible(is_visible)

    def remove_from(self, grid: QGridLayout) -> None:
        """Take the parts out of the grid, for good."""
        for part in self._parts:
            grid.removeWidget(part)
            part.hide()
            part.deleteLater()
        self.deleteLater()

    @property
    def _parts(self) -> tuple[QWidget, ...]:
        return self.label, self.track, self.field, self.unit

    def show_percent(self, percent: int, even: float) -> None:
        """Show the share of the kind, without a signal; `even` is that of an even blend."""
        self.track.show_default(float(round(even)))
        self.track.show_value(float(percent))
        self.track.setAccessibleName(f"{self._title}, slider: {percent} percent")
        self.field.blockSignals(True)
        self.field.show_value(float(percent))
        self.field.blockSignals(False)

    @Slot(object)
    def _take(self, percent: float) -> None:
        self.turned.emit(self._title, round(percent))

    @Slot()
    def _take_default(self) -> None:
        if self.track.default is not None:
            self._take(self.track.default)


class _TitleLabel(QLabel):
    """Shows a title, of which a long one is cut."""

    def __init__(self, title: str) -> None:
        super().__init__()
        self._title = title
        self.setTextFormat(Qt.TextFormat.PlainText)
        self._show()

    def _show(self) -> None:
        metrics = self.fontMetrics()
        most = _LONGEST_LETTERS * metrics.averageCharWidth()
        self.setText(elided_text(self._title, metrics, most).replace("&", "&&"))

    def changeEvent(self, event: QEvent) -> None:
        """Cut it anew in another font."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._show()

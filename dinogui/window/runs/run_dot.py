"""The dot in the colour of a run: full if the run is on the plot, else a ring."""

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPen, QPixmap

from dinogui.common.theme import Theme
from dinogui.library.earlier.earlier_run import EarlierRun
from dinogui.session.overlay.runs_on_plot import RunsOnPlot

_SIZE = 16
_RADIUS = 4.5
_SHARPNESS = 2


class RunDots:
    """Draws the dots of runs, in the colours that their lines have on the plot.

    Parameters
    ----------
    on_plot : RunsOnPlot
    theme : Theme
    """

    def __init__(self, on_plot: RunsOnPlot, theme: Theme) -> None:
        self._on_plot, self._theme = on_plot, theme
        self._icons: dict[tuple[str, bool], QIcon] = {}  # a list of a thousand runs has few
        self._shown: tuple[tuple[str, int], ...] = ()

    def have_changed(self) -> bool:
        """Whether other runs are on the plot, or in other colours, than at the last call."""
        before = self._shown
        self._shown = tuple((each.key, each.colour) for each in self._on_plot.overlaid)
        return self._shown != before

    def is_full(self, run: EarlierRun) -> bool:
        """Whether a run is on the plot."""
        return self._on_plot.is_shown(run.key)

    def colour_of(self, run: EarlierRun) -> QColor:
        """Return the colour of a run: that on the plot, or the chosen one, or a quiet one."""
        colours = self._theme.colours
        drawn = {each.key: each.colour for each in self._on_plot.overlaid}
        place = drawn.get(run.key, run.label.colour)
        return QColor(
            colours.faint_text if place is None else colours.runs[place % len(colours.runs)]
        )

    def present_colour(self) -> QColor:
        """Return the colour of the present run."""
        return QColor(self._theme.colours.smoothed)

    def icon_of(self, run: EarlierRun) -> QIcon:
        """Return the dot of a run."""
        colour, is_full = self.colour_of(run), self.is_full(run)
        known = colour.name(), is_full
        if known not in self._icons:
            self._icons[known] = dot_icon(colour, is_full=is_full)
        return self._icons[known]

    def toggle(self, run: EarlierRun) -> None:
        """Show a run on the plot, or hide it."""
        if self.is_full(run):
            self._on_plot.hide(run.key)
        else:
            self._on_plot.show(run.key)


def dot_icon(colour: QColor, *, is_full: bool) -> QIcon:
    """Return a dot as an icon."""
    pixmap = QPixmap(_SHARPNESS * _SIZE, _SHARPNESS * _SIZE)
    pixmap.setDevicePixelRatio(_SHARPNESS)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    paint_dot(painter, QPointF(_SIZE / 2, _SIZE / 2), colour, is_full=is_full)
    painter.end()
    return QIcon(pixmap)


def paint_dot(painter: QPainter, centre: QPointF, colour: QColor, *, is_full: bool) -> None:
    """Draw a dot, or a ring of the same size."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(colour, 1.5))
    painter.setBrush(colour if is_full else Qt.BrushStyle.NoBrush)
    painter.drawEllipse(centre, _RADIUS, _RADIUS)

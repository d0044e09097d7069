"""Which part of a run the loss plot shows: it follows the run, or stays where a person put it."""

from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal, Slot

from dinogui.panels.loss.axes.autorange import AutoRange
from dinogui.panels.loss.axes.fixed_range import FixedRange
from dinogui.panels.loss.axes.scales import HorizontalScale, VerticalScale
from dinogui.startup.lean_pyqtgraph import pg
from engine.data.training_data import DataKind
from engine.training.curves.curve import Curve

_ZOOM = 0.8
_DIGITS = 4
"""Of the ends of a view that are offered for a range."""


class ViewFollower(QObject):
    """Follows a run until somebody zooms or drags, and keeps what was set.

    Lives in the GUI thread.

    Parameters
    ----------
    plot : PlotWidget
        The parent.

    Attributes
    ----------
    is_following : bool
        Whether the view changes as the run goes on.
    fixed : FixedRange
        The ends of the axes that a person has set.

    Signals
    -------
    range_kept(bool)
        Whether the range of the losses is kept as it is. Somebody has turned the wheel or dragged
        on the axis, has set a range, or wants to see everything.
    changed()
        `is_following`, `fixed` or `keeps_range` may have changed.
    """

    range_kept = Signal(bool)
    changed = Signal()

    def __init__(self, plot: pg.PlotWidget) -> None:
        super().__init__(plot)
        self._box = plot.getViewBox()
        self._box.disableAutoRange()
        self._auto_range = AutoRange(self._box)
        self._across, self._vertical = HorizontalScale(), VerticalScale()
        self._followed = [0.0, 1.0]  # the ends of the horizontal axis that following has chosen
        self.is_following = True
        self.fixed = FixedRange()
        self._auto_range.limit(self._across, self._vertical)
        self._box.sigRangeChangedManually.connect(self._take_view)

    @property
    def keeps_range(self) -> bool:
        """Whether the range of the losses is kept while the view follows the run."""
        return self._auto_range.keeps_range

    @property
    def shows_all(self) -> bool:
        """Whether the whole run is shown, whatever it becomes."""
        return self.is_following and not self.keeps_range and not self.fixed

    def show_scales(self, across: HorizontalScale, vertical: VerticalScale) -> None:
        """Keep the view within what can be drawn on other axes."""
        self._across, self._vertical = across, vertical
        self._auto_range.limit(across, vertical)

    def follow_all(self) -> None:
        """Show the whole run from now on."""
        self.is_following, self.fixed = True, FixedRange()
        self.range_kept.emit(False)
        self.changed.emit()

    def fix(self, fixed: FixedRange) -> None:
        """Show a range, and follow the run with the ends that are not set."""
        self.is_following = True
        self.range_kept.emit(False)
        self.fixed = fixed
        self.changed.emit()

    def keep_range(self, on: bool) -> None:
        """Keep the range of the losses as it is, or choose it anew."""
        self._auto_range.keeps_range = on
        self.changed.emit()

    def zoom(self, steps: int) -> None:
        """Zoom in around the centre by some steps, or out if they are negative."""
        self.is_following = False
        self.changed.emit()
        factor = _ZOOM**steps
        self._box.scaleBy((factor, factor))

    @property
    def offered(self) -> FixedRange:
        """The range to begin with when somebody wants to set one: what does not follow the run."""
        (left, right), (low, high) = self._box.viewRange()
        ends = FixedRange(*([None] * 4)) if self.is_following else self._written(left, right)
        if self.keeps_range or not self.is_following:
            value = self._vertical.value
            ends = FixedRange(ends.left, ends.right, _short(value(low)), _short(value(high)))
        return self.fixed if self.is_following and self.fixed else ends

    def _written(self, left: float, right: float) -> FixedRange:
        amounts = (self._across.amount(end) for end in (left, right))
        return FixedRange(*(max(_short(amount), 0.0) for amount in amounts))

    def follow(
        self,
        last_step: int,
        curves: Sequence[Curve],
        levels: Sequence[float],
        guessing: float | None,
        kind: DataKind,
        others: tuple[float, float] | None = None,
    ) -> None:
        """Change the view if it follows the run and no longer fits; see `AutoRange.follow`."""
        if not self.is_following:
            return
        across, vertical = self._across, self._vertical
        self._auto_range.fixed = self.fixed.positions(across, vertical)
        self._auto_range.follow(last_step, across, vertical, curves, levels, guessing, kind, others)
        self._followed = self._box.viewRange()[0]

    @Slot()
    def _take_view(self) -> None:
        """Follow the run no more. If only the losses were scaled, keep their range instead."""
        across, _ = self._box.viewRange()
        if self.is_following and across == self._followed:
            self.range_kept.emit(True)
        else:
            self.is_following = False
        self.changed.emit()


def _short(value: float) -> float:
    """Return a number with few digits."""
    return float(f"{value:.{_DIGITS}g}")

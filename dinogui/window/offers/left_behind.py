"""Offers the runs that windows left behind when they crashed, in one list."""

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QLayout,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from dinogui.library.earlier.earlier_run import EarlierRun
from dinogui.library.earlier.earlier_runs import EarlierRuns
from dinogui.widgets.elision import elided_text
from dinogui.widgets.overlay import OverlaidStrip
from engine.data.training_data import counted

_BUTTON_PADDING = 26
_MAX_SHARE = 0.95
"""Of the parent's height. Other messages lie over it."""

_FEW_LINES = 7
"""Where the parent is lower than so many lines of text, everything takes one line."""

_MARGINS, _SHORT_MARGINS = (10, 6, 6, 6), (10, 2, 6, 2)


class LeftBehindList(OverlaidStrip):
    """Lists the runs that were left behind, each with a button to open it and one to delete it.

    Lives in the GUI thread. It lies over the upper part of its parent. Where that is low, each run
    takes one line, and a tooltip has the rest. Runs about which nothing is decided are offered
    again at the next start.

    Parameters
    ----------
    earlier : EarlierRuns
    parent : QWidget
    """

    def __init__(self, earlier: EarlierRuns, parent: QWidget) -> None:
        super().__init__(parent, Qt.AlignmentFlag.AlignTop)
        self._earlier = earlier
        self._runs: tuple[EarlierRun, ...] = ()
        self._dismissed: set[str] = set()  # in a read-only folder, they cannot be renamed
        self._is_short = False
        self.setAccessibleName("Runs that were not saved")
        self._title = QLabel()
        self._title.setWordWrap(True)
        self._rows = QWidget()
        self._row_layout = QVBoxLayout(self._rows)
        self._row_layout.setContentsMargins(0, 0, 0, 0)
        self._scroll = QScrollArea()
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setWidget(self._rows)
        for part in (self._rows, self._scroll.viewport()):
            part.setAutoFillBackground(False)
        self.later_button = _button("Open later", "They stay under File > Runs", self._later)
        head = QHBoxLayout()
        head.addWidget(self._title, 1)
        head.addWidget(self.later_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*_MARGINS)
        layout.addLayout(head)
        layout.addWidget(self._scroll, 1)
        earlier.changed.connect(self._show_runs)
        self._show_runs()

    @property
    def texts(self) -> list[str]:
        """What is said of each run, from top to bottom."""
        return [f"{run.title}, {run.details}" for run in self._runs]

    @Slot()
    def _show_runs(self) -> None:
        runs = tuple(run for run in self._earlier.left_behind if run.key not in self._dismissed)
        if runs == self._runs:
            return
        self._runs = runs
        while (item := self._row_layout.takeAt(0)) is not None:
            if (row := item.widget()) is not None:
                row.hide()
                row.deleteLater()
        for run in runs:
            row = self._row(run)
            self._row_layout.addWidget(row)
            row.show()  # a row that waits to be shown would take no room in `height_for`
        self._show_title()
        self.setVisible(bool(runs))
        self.settle()

    def _show_title(self) -> None:
        count = len(self._runs)
        which = "This run was" if count == 1 else f"These {count} runs were"
        sentence = f"{which} not saved when DinoGUI ended:"
        self._title.setText(f"Not saved: {counted(count, 'run')}" if self._is_short else sentence)
        self._title.setToolTip(sentence.removesuffix(":") + "." if self._is_short else "")
        self._title.setWordWrap(not self._is_short)

    def _be_short(self, is_short: bool) -> None:
        """Show everything in one line each, or in as many as it takes."""
        if is_short == self._is_short:
            return
        self._is_short = is_short
        self._show_title()
        layout = self.layout()
        assert layout is not None
        layout.setContentsMargins(*(_SHORT_MARGINS if is_short else _MARGINS))
        layout.setSpacing(2 if is_short else -1)
        for text in self._rows.findChildren(_RunText):
            text.show_short(is_short)

    def _row(self, run: EarlierRun) -> QWidget:
        row = QWidget()
        text = _RunText(run)
        text.show_short(self._is_short)
        layout = QHBoxLayout(row)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(text, 1)
        tip = "Show this run; the present one and the others stay under File > Runs"
        open_button = _button("Open", tip, lambda: self._open(run), kind=_NarrowButton)
        tip = "Delete this run. For 30 days, File > Runs can bring it back"
        forget_button = _button(
            "Forget", tip, lambda: self._earlier.delete(run), kind=_NarrowButton
        )
        for button in (open_button, forget_button):
            button.setAccessibleName(f"{button.text()} {run.in_a_message}")
            layout.addWidget(button)
        return row

    def _open(self, run: EarlierRun) -> None:
        self._earlier.open(run)
        self._later()

    @Slot()
    def _later(self) -> None:
        self._dismissed.update(run.key for run in self._runs)
        self._earlier.keep_for_later(self._earlier.left_behind)

    def height_for(self, width: int) -> int:
        """Return the height of all rows, but at most a share of the parent's."""
        parent, layout = self.parentWidget(), self.layout()
        assert parent is not None
        assert layout is not None
        self._be_short(parent.height() < _FEW_LINES * self.fontMetrics().height())
        self.resize(width, self.height())
        layout.activate()
        rows = self._rows.layout()
        bar = self._scroll.verticalScrollBar().sizeHint().width()
        self._scroll.setMinimumHeight(0)
        needed = _height_of(rows, width - bar - 20) if rows is not None else 0
        rest = _height_of(layout, width) - self._scroll.sizeHint().height()
        return min(rest + needed, round(_MAX_SHARE * parent.height()))


class _RunText(QLabel):
    """What is said of a run: on two lines or more, or elided on one."""

    def __init__(self, run: EarlierRun) -> None:
        super().__init__()
        self._run, self._is_short = run, False
        self.setTextFormat(Qt.TextFormat.PlainText)
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)  # a new policy would forget that the text wraps
        self.setSizePolicy(policy)

    def show_short(self, is_short: bool) -> None:
        """Show one line, with the rest in the tooltip, or everything."""
        self._is_short = is_short
        self.setWordWrap(not is_short)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show as much as fits."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        line = f"{self._run.title}, {self._run.details}"
        whole = f"{self._run.title}\n{self._run.details}"
        shown = elided_text(line, self.fontMetrics(), self.width()) if self._is_short else whole
        self.setToolTip(line if self._is_short else "")
        if shown != self.text():
            self.setText(shown)


class _NarrowButton(QPushButton):
    """A button that leaves to the text beside it what it does not need itself."""

    def sizeHint(self) -> QSize:
        """Return the room of its word in the present font."""
        needed = self.fontMetrics().horizontalAdvance(self.text()) + _BUTTON_PADDING
        return QSize(needed, super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        """Return the same."""
        return self.sizeHint()


def _height_of(layout: QLayout, width: int) -> int:
    """Return the height that a layout needs at a width, also if nothing in it wraps."""
    if layout.hasHeightForWidth():
        return layout.totalHeightForWidth(width)
    return layout.totalSizeHint().height()


def _button(
    text: str, tip: str, act: Callable[[], None], *, kind: type[QPushButton] = QPushButton
) -> QPushButton:
    button = kind(text)
    button.setToolTip(tip)
    button.clicked.connect(act)
    return button

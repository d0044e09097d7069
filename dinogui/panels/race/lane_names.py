"""The names of all lanes of a race side by side, written for the same random numbers."""

from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QPersistentModelIndex,
    Qt,
    QTimer,
    Slot,
)
from PySide6.QtGui import QAction, QColor
from PySide6.QtWidgets import QHeaderView, QPushButton, QVBoxLayout, QWidget

from dinogui.common.theme import SPACE, Theme
from dinogui.panels.names.kinds.kinds_view import KindsView
from dinogui.session.blend.chosen_blend import ChosenBlend
from dinogui.session.racing.raced_lane import RacedLane
from dinogui.session.racing.racing import Racing
from dinogui.session.racing.shown_race import RaceState
from dinogui.widgets.tables.quiet_table import QuietTable
from dinogui.widgets.tables.row_delegate import RowDelegate

N_NAMES = 14
_MILLISECONDS = 1_000
"""The least time from one set of names to the next while the lanes race."""

_Index = QModelIndex | QPersistentModelIndex
_Names = tuple[tuple[str, ...], ...]


class LaneNames(QWidget):
    """Shows a column of names for each lane; names in a row stand for the same random numbers.

    While the lanes race, they are written again about once a second, unless that is turned off;
    when the race stands, and when other kinds are chosen, once more.

    Lives in the GUI thread.

    Parameters
    ----------
    racing : Racing
    blend : ChosenBlend
        At which lanes write that are told kinds of names.
    theme : Theme
    live : QAction
        Says whether names are written while the lanes race.

    Attributes
    ----------
    table : QuietTable
    dice : QPushButton
        Changes the random numbers.
    kinds : KindsView
        Chooses the kinds.
    """

    def __init__(
        self,
        racing: Racing,
        blend: ChosenBlend,
        theme: Theme,
        live: QAction,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._racing, self._live = racing, live
        self._seed = 0
        self._model = _NamesModel(theme, self)
        self.table = QuietTable(
            "Names of the lanes", "Names in one row stand for the same random numbers"
        )
        self.table.setModel(self._model)
        self.table.setItemDelegate(RowDelegate(self.table))
        self.table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.kinds = KindsView(blend)
        self.dice = QPushButton("Other &names")
        self.dice.setToolTip("Let all lanes write names for other random numbers")
        self.dice.clicked.connect(self._change_seed)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2 * SPACE)
        layout.addWidget(self.kinds)
        layout.addWidget(self.table, 1)
        layout.addWidget(self.dice, 0, Qt.AlignmentFlag.AlignLeft)
        self._timer = QTimer(self, interval=_MILLISECONDS)
        self._timer.timeout.connect(self._ask_if_live)
        blend.changed.connect(self._ask)
        racing.begun.connect(self._begin)
        racing.state_changed.connect(self._show_state)
        racing.names_written.connect(self._model.show_names)
        theme.changed.connect(self._model.show_colours)

    @Slot()
    def _begin(self) -> None:
        self._seed = 0
        self._model.show_lanes(self._racing.lanes)

    @Slot(object)
    def _show_state(self, state: RaceState) -> None:
        if state is RaceState.RACING:
            self._timer.start()
        else:
            self._timer.stop()
        self._ask()

    @Slot()
    def _ask_if_live(self) -> None:
        if self._live.isChecked() and self.isVisible():
            self._ask()

    @Slot()
    def _change_seed(self) -> None:
        self._seed += 1
        self._ask()

    @Slot()
    def _ask(self) -> None:
        self._racing.ask_for_names(N_NAMES, self._seed)


class _NamesModel(QAbstractTableModel):
    """A row for each draw of random numbers, and a column for each lane."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._lanes: tuple[RacedLane, ...] = ()
        self._names: _Names = ()

    def show_lanes(self, lanes: tuple[RacedLane, ...]) -> None:
        """Show other lanes, which have not written names yet."""
        self.beginResetModel()
        self._lanes, self._names = lanes, ()
        self.endResetModel()

    @Slot(object)
    def show_names(self, names: _Names) -> None:
        """Show other names of the same lanes."""
        self.beginResetModel()
        self._names = names
        self.endResetModel()

    @Slot()
    def show_colours(self) -> None:
        """Write the headings in other colours."""
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, max(len(self._lanes) - 1, 0))

    def rowCount(self, _parent: _Index | None = None) -> int:
        """Return the number of names of the lane that has most."""
        return max(map(len, self._names), default=0)

    def columnCount(self, _parent: _Index | None = None) -> int:
        """Return the number of lanes."""
        return len(self._lanes)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return a name; a lane that has diverged has none."""
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return None
        names = self._names[index.column()] if index.column() < len(self._names) else ()
        return names[index.row()] if index.row() < len(names) else ""

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Return the title of a lane, and its colour."""
        if orientation != Qt.Orientation.Horizontal or section >= len(self._lanes):
            return None
        lane = self._lanes[section]
        if role == Qt.ItemDataRole.DisplayRole:
            return lane.title
        if role == Qt.ItemDataRole.ForegroundRole:
            colours = self._theme.colours.runs
            return QColor(colours[lane.colour % len(colours)])
        return None

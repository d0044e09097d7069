"""The table of runs: sorted by any column, filtered, and grouped by data."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from PySide6.QtCore import QEvent, Qt, Signal, Slot
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QTreeWidget,
    QTreeWidgetItem,
    QWidget,
)

from dinogui.common.icons import Icon, make_icon
from dinogui.common.theme import SPACE, text_scale
from dinogui.library.earlier.earlier_run import EarlierRun
from dinogui.library.earlier.earlier_runs import EarlierRuns
from dinogui.widgets.tables.column_widths import ColumnWidths
from dinogui.widgets.tables.filter_language import NO_TERMS, FilterTerms
from dinogui.window.runs.listed_unit import listed_unit, unit_words
from dinogui.window.runs.run_columns import (
    BY_TERM,
    COLUMNS,
    DOT,
    FILE,
    NAME,
    STAR,
    TIME,
    matches,
    sorted_by,
    where_words,
)
from dinogui.window.runs.run_dot import RunDots
from engine.evaluation.units import Unit

_RUN = Qt.ItemDataRole.UserRole
_STAR, _DOT, _NAME, _FILE = map(COLUMNS.index, (STAR, DOT, NAME, FILE))
_WIDTHS = {"Name": 140, "Data": 100, "Your file": 140, "Network": 100, "Smoothed loss": 100}
_WIDTHS |= {"Parameters": 80, "Time": 120, "Note": 140}
_USUAL_WIDTH = 64
_SIGN_WIDTH = 28
_AROUND_HEADING = 6 * SPACE
"""Pixels: the margins of a heading, and the arrow of the one that sorts."""


class RunsTable(QTreeWidget):
    """Shows the runs of the list, and those in the trash if that is wanted.

    Lives in the GUI thread.

    Parameters
    ----------
    earlier : EarlierRuns
    dots : RunDots

    Attributes
    ----------
    shown : list of EarlierRun
        The runs that match the filter, from top to bottom.
    unit : Unit
        Of all losses.
    unit_words : str
        What it is called.

    Signals
    -------
    filled()
        The runs that are shown, or the selection, may have changed.
    """

    filled = Signal()

    def __init__(self, earlier: EarlierRuns, dots: RunDots, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._earlier, self._dots = earlier, dots
        self._stars = make_icon(Icon.STAR), make_icon(Icon.STAR_FILLED)
        self._terms = NO_TERMS
        self._chosen_unit = Unit.NATS_PER_NAME
        self.unit, self.unit_words = self._chosen_unit, ""
        self._column, self._is_descending = TIME, True
        self._is_sorted = False
        self._is_grouped = self._shows_deleted = False
        self._wanted: str | None = None  # the key of a run that is about to be listed again
        self.shown: list[EarlierRun] = []
        self.setAccessibleName("Runs")
        self.setRootIsDecorated(False)
        self.setUniformRowHeights(True)
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)  # of a path, both ends tell
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self._make_header()
        self.itemClicked.connect(self._take_click)
        self.header().sectionClicked.connect(self._sort)

    def _make_header(self) -> None:
        self.setHeaderLabels([column.heading for column in COLUMNS])
        heading, header = self.headerItem(), self.header()
        heading.setIcon(_STAR, make_icon(Icon.STAR_FILLED))
        heading.setToolTip(_STAR, "Never removed to make room. Click to change it")
        heading.setToolTip(_DOT, "On the plot beside the present run. Click to change it")
        for place, column in enumerate(COLUMNS):
            if column.tip:
                heading.setToolTip(place, column.tip)
        for place in (_STAR, _DOT):
            header.setSectionResizeMode(place, QHeaderView.ResizeMode.Fixed)
        header.setMinimumSectionSize(_SIGN_WIDTH)
        header.setSectionsClickable(True)
        self._widths = ColumnWidths(header, "runs")
        self._size_columns()

    def changeEvent(self, event: QEvent) -> None:
        """Make the columns wider when the text is larger."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._size_columns()

    def _size_columns(self) -> None:
        """Give each column the room of what it usually shows, and of its heading."""
        metrics = self.header().fontMetrics()
        scale = text_scale(self.fontMetrics())
        sizes = {}
        for place, column in enumerate(COLUMNS):
            usual = round(_WIDTHS.get(column.heading, _USUAL_WIDTH) * scale)
            heading = metrics.horizontalAdvance(column.heading) + _AROUND_HEADING
            sizes[place] = max(usual, heading)
        side = max(_SIGN_WIDTH, metrics.height() + SPACE)
        self._widths.use(sizes | {_STAR: side, _DOT: side})

    @property
    def selected(self) -> EarlierRun | None:
        """The run that is selected."""
        items = self.selectedItems()
        return items[0].data(_NAME, _RUN) if items else None

    def show_unit(self, unit: Unit) -> None:
        """Show losses in another unit, if all runs have one; see `listed_unit`."""
        self._chosen_unit = unit
        if self.isVisible():
            self.fill()

    def filter_by(self, text: str) -> None:
        """Show only runs that match a line in the language of the filter."""
        self._terms = FilterTerms.parse(text, BY_TERM)
        self.fill()

    def group(self, by_data: bool) -> None:
        """Put the runs under the names of their data, or all below each other."""
        self._is_grouped = by_data
        self.fill()

    def show_deleted(self, on: bool) -> None:
        """Show the runs in the trash below the others, or hide them."""
        self._shows_deleted = on
        self.fill()

    def select_when_listed(self, key: str | None) -> None:
        """Select a run as soon as it is listed."""
        self._wanted = key
        self.fill()

    @Slot()
    def fill(self) -> None:
        """Show the runs as they are now, and keep the selection."""
        selected = self.selected
        wanted = self._wanted or (selected.key if selected is not None else None)
        self.setUpdatesEnabled(False)
        self.clear()
        self.shown = []
        self._settle_unit()
        runs = self._in_order(self._earlier.runs)
        if self._is_grouped:
            for data in sorted({run.data for run in runs}, key=str.casefold):
                self._add_group(data, [run for run in runs if run.data == data], wanted)
        else:
            self.addTopLevelItems([self._item(run) for run in runs])
        if self._shows_deleted and self._earlier.deleted:
            self._add_group("Deleted", self._in_order(self._earlier.deleted), wanted)
        self._select(wanted)
        self.setUpdatesEnabled(True)
        self.filled.emit()

    def _settle_unit(self) -> None:
        """Choose a unit that all runs of the list have a loss in."""
        listed = (*self._earlier.runs, *(self._earlier.deleted if self._shows_deleted else ()))
        self.unit = listed_unit(self._chosen_unit, listed)
        self.unit_words = unit_words(self.unit, listed)
        for place, column in enumerate(COLUMNS):
            if column.is_loss:
                self.headerItem().setToolTip(place, f"{column.tip}, in {self.unit_words}")

    def _in_order(self, runs: Sequence[EarlierRun]) -> list[EarlierRun]:
        found = [run for run in runs if matches(run, self._terms, self.unit)]
        if not self._is_sorted:  # as they are listed everywhere: the latest first
            return found
        return sorted_by(found, self._column, self.unit, is_descending=self._is_descending)

    def _add_group(self, name: str, runs: Iterable[EarlierRun], wanted: str | None) -> None:
        items = [self._item(run) for run in runs]
        group = QTreeWidgetItem(self, ["", "", f"{name} ({len(items):,})"])
        group.setFlags(Qt.ItemFlag.ItemIsEnabled)
        group.setFirstColumnSpanned(False)
        group.addChildren(items)
        group.setExpanded(True)

    def _item(self, run: EarlierRun) -> QTreeWidgetItem:
        item = QTreeWidgetItem([column.text(run, self.unit) for column in COLUMNS])
        item.setData(_NAME, _RUN, run)
        item.setIcon(_STAR, self._stars[run.is_starred])
        spoken = Qt.ItemDataRole.AccessibleTextRole
        item.setData(_STAR, spoken, "starred" if run.is_starred else "not starred")
        self._show_dot(item, run)
        for place, column in enumerate(COLUMNS):
            item.setToolTip(place, item.text(place))  # where there is no room for all of it
            if column.is_number:
                item.setTextAlignment(place, Qt.AlignmentFlag.AlignRight)
        item.setToolTip(_NAME, f"{run.title}, {run.details}")
        item.setToolTip(_FILE, where_words(run))
        if run.is_deleted or run.is_missing:
            faint = self.palette().placeholderText()
            for place in range(len(COLUMNS)):
                item.setForeground(place, faint)
        self.shown.append(run)
        return item

    def _show_dot(self, item: QTreeWidgetItem, run: EarlierRun) -> None:
        if not run.is_deleted:
            item.setIcon(_DOT, self._dots.icon_of(run))
            words = "on the plot" if self._dots.is_full(run) else "not on the plot"
            item.setData(_DOT, Qt.ItemDataRole.AccessibleTextRole, words)

    @Slot()
    def show_dots(self) -> None:
        """Show which runs are on the plot now."""
        for item in self.items():
            self._show_dot(item, item.data(_NAME, _RUN))

    def items(self) -> list[QTreeWidgetItem]:
        """Return the rows of runs, from top to bottom."""
        tops = [self.topLevelItem(row) for row in range(self.topLevelItemCount())]
        found = []
        for item in filter(None, tops):
            children = [item.child(row) for row in range(item.childCount())]
            found.extend(children or ([item] if item.data(_NAME, _RUN) is not None else []))
        return [item for item in found if item is not None]

    def _select(self, key: str | None) -> None:
        if key is None:
            return
        for item in self.items():
            if item.data(_NAME, _RUN).key == key:
                self.setCurrentItem(item)
                self._wanted = None
                return

    def select_row(self, place: int) -> None:
        """Select the run in a row; the last one if there are fewer rows."""
        items = self.items()
        if items:
            self.setCurrentItem(items[min(place, len(items) - 1)])

    def row_of_selected(self) -> int:
        """Return the row of the selected run; 0 if there is none."""
        selected = self.selected
        return next((row for row, run in enumerate(self.shown) if run is selected), 0)

    @Slot(QTreeWidgetItem, int)
    def _take_click(self, item: QTreeWidgetItem, column: int) -> None:
        run: EarlierRun | None = item.data(_NAME, _RUN)
        if run is None or run.is_deleted:
            return
        if column == _STAR:
            self._earlier.star(run, not run.is_starred)
        elif column == _DOT:
            self._dots.toggle(run)

    @Slot(int)
    def _sort(self, place: int) -> None:
        """Sort by a column; by the same one again, the other way round."""
        column = COLUMNS[place]
        if self._is_sorted and column is self._column:
            self._is_descending = not self._is_descending
        else:
            self._column = column
            self._is_descending = column.is_number or column in (STAR, TIME)
            self._is_sorted = True
        order = Qt.SortOrder.DescendingOrder if self._is_descending else Qt.SortOrder.AscendingOrder
        self.header().setSortIndicatorShown(True)
        self.header().setSortIndicator(place, order)
        self.fill()

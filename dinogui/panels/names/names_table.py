"""The table of generated names: sort, filter, star, copy and drag them."""

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPoint, Qt, Slot
from PySide6.QtGui import QAction, QFontMetrics, QGuiApplication, QKeySequence, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QMenu,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from dinogui.common.actions.window_actions import Actions
from dinogui.common.theme import SPACE, Colours
from dinogui.panels.names.candidates_filter import FilteredCandidates, NamesFilter
from dinogui.panels.names.candidates_model import STATUS_WORDS, CandidatesModel, Column
from dinogui.panels.names.names_delegate import NamesDelegate
from dinogui.session.generation.name_generation import NameGeneration
from dinogui.widgets.cards.quiet_field import QuietField
from dinogui.widgets.choice_box import ChoiceBox
from dinogui.widgets.letters import Tint, legend_html
from dinogui.widgets.tables.column_widths import ColumnWidths
from dinogui.widgets.tables.quiet_table import QuietTable
from engine.data.reading.casing import title_case
from engine.sampling.candidates import Candidate

_WIDE_LINES = 36
"""Width, in heights of a line, from which the step is shown, unless the user chose the columns."""

_LEAST_ROWS = 1
"""Names that are shown where height is scarce."""

_LEGEND_WORDS = ("expected", "less so", "surprising")
_LEGEND_TIP = (
    "How much each letter surprised the network: the stronger the tint, the less likely the letter "
    "was. Point at a name to see the numbers"
)

_NO_ANSWER = "This request cannot be met. The message below says why."


_LONG_NAME = "Kunmingosaurus"
"""A name that its column shows whole, at least."""

_SAMPLES = {Column.KEPT: "00", Column.SCORE: "10.00", Column.STEP: "1,000,000"}


class NamesTable(QWidget):
    """Shows generated names with their properties. Lives in the GUI thread.

    Parameters
    ----------
    actions : Actions
        Those of names are in the context menu.
    name_generation : NameGeneration

    Attributes
    ----------
    model : CandidatesModel
    view : QuietTable
    filter_line : QWidget
        The filter, with a choice of status. Whoever uses the table lays it out.
    legend_line : QLabel
        What the tints mean, or why the table is empty. Whoever uses the table lays it out.
    """

    def __init__(
        self, actions: Actions, name_generation: NameGeneration, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._name_generation = name_generation
        self._columns_are_chosen = False
        self.model = CandidatesModel(name_generation)
        self._filtered = FilteredCandidates(self.model)
        self._make_filter()
        self._make_view(actions)
        self.legend_line = QLabel()
        self.legend_line.setTextFormat(Qt.TextFormat.RichText)
        self.legend_line.setProperty("role", "label")
        # Its text is about the rows, so it takes the room there is and asks for no more.
        self.legend_line.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._letters = ""
        for changed in (
            self._filtered.rowsInserted,
            self._filtered.rowsRemoved,
            self._filtered.modelReset,
        ):
            changed.connect(self._write_legend)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.view)

    def _make_filter(self) -> None:
        self.filter = QuietField(
            "Filter: saurus apart>2",
            "Filter the names",
            "Show names with these letters, or whose nearest training name has them. Also: "
            "score<1.8, apart>2, step>=2000, letters<12",
        )
        self.filter.textChanged.connect(self._filter)
        self.status = ChoiceBox()
        self.status.addItem("all", None)
        for status, word in STATUS_WORDS.items():
            self.status.addItem(word, status)
        self.status.setAccessibleName("Status to show")
        self.status.setToolTip("Show all names, or only those with one status")
        self.status.currentIndexChanged.connect(self._filter)
        self.filter_line = QWidget()
        line = QHBoxLayout(self.filter_line)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(2 * SPACE)
        line.addWidget(self.filter, 1)
        line.addWidget(self.status)

    def _make_view(self, actions: Actions) -> None:
        self._is_withheld = self._has_diverged = self._has_found_none = False
        view = self.view = QuietTable(
            "Generated names",
            "The names that the network wrote. Click a heading to sort",
            least_rows=_LEAST_ROWS,
        )
        view.setModel(self._filtered)
        view.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        view.setDragEnabled(True)
        view.setDragDropMode(QAbstractItemView.DragDropMode.DragOnly)
        keys = actions.generate.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
        self._no_names = (
            f"No names yet. Press Generate ({keys}), before, during or after the training."
        )
        self._found_none = (
            "No names were found that meet this request. Change it, or let the network learn more, "
            f"and press Generate ({keys})."
        )
        keys = actions.restart.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
        self._diverged = (
            "The network has diverged and writes no names. Roll back to its last good state, as "
            f"the message over the plot offers, or restart ({keys})."
        )
        view.say_where_empty(self._no_names)
        self._delegate = NamesDelegate(view)
        view.setItemDelegate(self._delegate)
        view.clicked.connect(self._click)
        view.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        view.addActions(
            [actions.keep_names, actions.copy_names, actions.export_names, actions.clear_names]
        )
        header = view.header
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        header.setSectionResizeMode(Column.NAME, QHeaderView.ResizeMode.Stretch)
        self._widths = ColumnWidths(header, "names")
        header.setSortIndicatorClearable(True)
        header.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        header.customContextMenuRequested.connect(self._choose_columns)
        self._size_for_font()
        view.viewport().installEventFilter(self)
        header.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        view.setSortingEnabled(True)

    def changeEvent(self, event: QEvent) -> None:
        """Make the columns wider when the text is larger."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._size_for_font()

    def _size_for_font(self) -> None:
        """Give each column the room of its usual text and of its heading."""
        view, delegate, metrics = self.view, self._delegate, self.fontMetrics()
        usual: dict[int, int] = {}
        delegate.use_font(self.font())
        heading = Qt.Orientation.Horizontal
        for column, sample in _SAMPLES.items():
            needed = metrics.horizontalAdvance(sample) + 2 * SPACE
            named = view.header.room_of(self.model.headerData(column, heading))
            usual[column] = max(needed, named)
        chips = [delegate.chip_width(words) for words in STATUS_WORDS.values()]
        named = view.header.room_of(self.model.headerData(Column.STATUS, heading))
        usual[Column.STATUS] = max(*chips, named) + SPACE
        usual[Column.NEAREST] = self._least_nearest
        self._widths.use(usual)
        self._share_columns()

    @property
    def _least_nearest(self) -> int:
        """The width in pixels below which the nearest names are not shown."""
        return self.fontMetrics().horizontalAdvance(f"{_LONG_NAME[:8]}… 10") + 2 * SPACE

    def _share_columns(self) -> None:
        """Show as many columns as there is room for, unless somebody has chosen them."""
        view, metrics = self.view, self.fontMetrics()
        name = QFontMetrics(self._delegate.name_font).horizontalAdvance(_LONG_NAME) + 2 * SPACE
        least = self._least_nearest
        most = metrics.horizontalAdvance(f"{_LONG_NAME}saurus 10") + 2 * SPACE
        if not self._columns_are_chosen:
            is_wide = self.width() >= _WIDE_LINES * metrics.height()
            view.setColumnHidden(Column.STEP, not is_wide)
        room = view.viewport().width() - name
        for column in (Column.KEPT, Column.STATUS, Column.SCORE, Column.STEP):
            room -= view.columnWidth(column)  # of a hidden one, 0
        if not self._columns_are_chosen:
            view.setColumnHidden(Column.NEAREST, room < least)
        if not view.isColumnHidden(Column.NEAREST) and not self._widths.is_chosen(Column.NEAREST):
            view.setColumnWidth(Column.NEAREST, min(max(room, least), most))

    @property
    def shown(self) -> list[Candidate]:
        """The names shown, from top to bottom."""
        return self._filtered.shown

    @property
    def legend(self) -> str:
        """The text below the names, as HTML."""
        return self.legend_line.text()

    @property
    def chosen(self) -> list[Candidate]:
        """The selected names, from top to bottom."""
        rows = sorted(self.view.selectionModel().selectedRows(), key=QModelIndex.row)
        return [self._filtered.candidate(row) for row in rows]

    def show_colours(self, colours: Colours) -> None:
        """Draw in other colours."""
        tint = Tint(colours.base, colours.surprise, colours.accent)
        self._delegate.show_colours(colours, tint)
        self._letters = legend_html(tint, _LEGEND_WORDS)
        self._write_legend()
        self.view.viewport().update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Write the legend as it fits."""
        super().resizeEvent(event)
        self._write_legend()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Show more columns if there is room for them.

        The view gets its room after the widget around it, and loses some to its scroll bar.
        """
        if event.type() == QEvent.Type.Resize:
            self._share_columns()
        return super().eventFilter(watched, event)

    def show_diverged(self, has_diverged: bool) -> None:
        """Say where there are no names because the network has diverged."""
        self._has_diverged = has_diverged
        self._say_where_empty()

    def show_found_none(self, has_found_none: bool) -> None:
        """Say where there are no names because a search has found none."""
        self._has_found_none = has_found_none
        self._say_where_empty()

    def _say_where_empty(self) -> None:
        empty = self._found_none if self._has_found_none else self._no_names
        if self._has_diverged:
            empty = self._diverged
        self.view.say_where_empty(_NO_ANSWER if self._is_withheld else empty)

    def withhold(self, is_withheld: bool) -> None:
        """Hide the names of an earlier request, which do not answer the present one."""
        self._is_withheld = is_withheld
        self._say_where_empty()
        self._filtered.withhold(is_withheld)
        self._write_legend()

    @Slot()
    def keep_or_drop(self) -> None:
        """Give the selected names a star, or remove the stars if all have one."""
        self._toggle(self.chosen)

    @Slot()
    def copy(self) -> None:
        """Copy the selected names, or all shown if none is selected, one per line."""
        names = [title_case(candidate.name) for candidate in self.chosen or self.shown]
        QGuiApplication.clipboard().setText("\n".join(names))

    def _toggle(self, candidates: list[Candidate]) -> None:
        if not candidates:
            return
        kept_names = [self.model.kept_name(candidate) for candidate in candidates]
        if all(map(self.model.is_kept, candidates)):
            self._name_generation.kept.drop({kept.key for kept in kept_names})
        else:
            self._name_generation.kept.keep(kept_names)

    @Slot(QModelIndex)
    def _click(self, index: QModelIndex) -> None:
        if index.column() == Column.KEPT:
            self._toggle([self._filtered.candidate(index)])

    @Slot()
    def _filter(self) -> None:
        self._filtered.filter_by(NamesFilter.parse(self.filter.text(), self.status.currentData()))
        self._write_legend()

    @Slot()
    def _write_legend(self) -> None:
        """Explain the tints, or why the table is empty."""
        names, shown = self.model.rowCount(), self._filtered.rowCount()
        if not names or self._filtered.is_withheld:
            self.legend_line.clear()
            self.legend_line.setToolTip("")
            return
        if shown < names:
            who = f"{shown:,}" if shown else "None"
            verb = "match" if shown > 1 else "matches"
            sentence = f"{who} of the {names:,} names {verb} the filter."
            self.legend_line.setText(sentence)
            self.legend_line.setToolTip(sentence)
            return
        whole = "Letters: " + "".join(f" {word} " for word in _LEGEND_WORDS)
        fits = self.legend_line.fontMetrics().horizontalAdvance(whole) <= self.legend_line.width()
        self.legend_line.setText(f"{'Letters: ' if fits else ''}{self._letters}")
        self.legend_line.setToolTip(_LEGEND_TIP)

    @Slot(QPoint)
    def _choose_columns(self, place: QPoint) -> None:
        """Open the menu of columns."""
        menu = self.columns_menu()
        menu.popup(self.view.horizontalHeader().mapToGlobal(place))

    def columns_menu(self) -> QMenu:
        """Return a menu that shows and hides all columns except the name."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for column in Column:
            if column is Column.NAME:
                continue
            heading = self.model.headerData(column, Qt.Orientation.Horizontal)
            action = menu.addAction(heading)
            action.setCheckable(True)
            action.setChecked(not self.view.isColumnHidden(column))
            action.setData(column)
            action.toggled.connect(self._show_column)
        return menu

    @Slot(bool)
    def _show_column(self, is_shown: bool) -> None:
        action = self.sender()
        if isinstance(action, QAction):
            self._columns_are_chosen = True
            self.view.setColumnHidden(action.data(), not is_shown)
            self._share_columns()

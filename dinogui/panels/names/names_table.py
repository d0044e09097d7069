"""The table of generated names: sort, filter, star, copy and drag them."""

from PySide6.QtCore import QEvent, QModelIndex, QPoint, Qt, Slot
from PySide6.QtGui import QAction, QGuiApplication, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QMenu,
    QSizePolicy,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from dinogui.common.actions import Actions
from dinogui.common.theme import Colours
from dinogui.panels.names.candidates_filter import FilteredCandidates, NamesFilter
from dinogui.panels.names.candidates_model import (
    LETTERS_ROLE,
    STATUS_WORDS,
    CandidatesModel,
    Column,
)
from dinogui.session.name_generation import NameGeneration
from dinogui.widgets.choice_box import ChoiceBox
from dinogui.widgets.letters import LettersDelegate, Tint, legend_html
from engine.sampling.candidates import Candidate
from engine.sampling.names import title_case

_WIDE = 460
"""Width in pixels from which more columns are shown, unless the user chose the columns."""

_WIDE_LINES = 24
"""The same width in heights of a line, for larger text."""

_LEAST_LINES = 2
"""The header and one name, where height is scarce."""

_LEGEND_WORDS = ("expected", "less so", "surprising")
_LEGEND_TIP = (
    "How much each letter surprised the network: the stronger the tint, the less likely the letter "
    "was. Point at a name to see the numbers"
)

_FURTHER = (Column.NEAREST, Column.APART, Column.STEP)
_SAMPLES = {
    Column.KEPT: "★",
    Column.STATUS: "held out",
    Column.SCORE: "Score",
    Column.NEAREST: "kunmingosaurus",
    Column.APART: "Apart",
    Column.STEP: "1,000,000",
}


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
    view : QTableView
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
        self._legend = QLabel()
        self._legend.setTextFormat(Qt.TextFormat.RichText)
        self._legend.setProperty("role", "faint")
        # Its text is about the rows, so it takes the room there is and asks for no more.
        self._legend.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._letters = ""
        for changed in (
            self._filtered.rowsInserted,
            self._filtered.rowsRemoved,
            self._filtered.modelReset,
        ):
            changed.connect(self._write_legend)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        line = QHBoxLayout()
        line.addWidget(self.filter, 1)
        line.addWidget(self.status)
        layout.addLayout(line)
        layout.addWidget(self.view, 1)
        layout.addWidget(self._legend)

    def _make_filter(self) -> None:
        self.filter = QLineEdit()
        self.filter.setPlaceholderText("Filter: saurus apart>2")
        self.filter.setClearButtonEnabled(True)
        self.filter.setAcceptDrops(False)
        self.filter.setAccessibleName("Filter the names")
        self.filter.setToolTip(
            "Show names with these letters, or whose nearest training name has them. Also: "
            "score<1.8, apart>2, step>=2000, letters<12"
        )
        self.filter.textChanged.connect(self._filter)
        self.status = ChoiceBox()
        self.status.addItem("all", None)
        for status, word in STATUS_WORDS.items():
            self.status.addItem(word, status)
        self.status.setAccessibleName("Status to show")
        self.status.setToolTip("Show all names, or only those with one status")
        self.status.currentIndexChanged.connect(self._filter)

    def _make_view(self, actions: Actions) -> None:
        view = self.view = QTableView()
        view.setModel(self._filtered)
        view.setAccessibleName("Generated names")
        view.setToolTip("The names that the network wrote. Click a heading to sort")
        view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        view.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        view.setDragEnabled(True)
        view.setDragDropMode(QAbstractItemView.DragDropMode.DragOnly)
        view.setTabKeyNavigation(False)  # Tab moves on to the next widget
        view.setShowGrid(False)
        view.setWordWrap(False)
        view.verticalHeader().hide()
        self._delegate = LettersDelegate(LETTERS_ROLE, view)
        view.setItemDelegateForColumn(Column.NAME, self._delegate)
        view.clicked.connect(self._click)
        view.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        view.addActions(
            [actions.keep_names, actions.copy_names, actions.export_names, actions.clear_names]
        )
        header = view.horizontalHeader()
        header.setMinimumSectionSize(20)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        header.setSectionResizeMode(Column.NAME, QHeaderView.ResizeMode.Stretch)
        header.setHighlightSections(False)
        header.setSortIndicatorClearable(True)
        header.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        header.customContextMenuRequested.connect(self._choose_columns)
        self._size_for_font()
        for column in _FURTHER:
            view.setColumnHidden(column, True)
        header.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        view.setSortingEnabled(True)

    def changeEvent(self, event: QEvent) -> None:
        """Make rows and columns larger when the text is."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._size_for_font()

    def _wide(self) -> int:
        return max(_WIDE, _WIDE_LINES * self.fontMetrics().height())

    def _size_for_font(self) -> None:
        view, metrics = self.view, self.fontMetrics()
        view.verticalHeader().setDefaultSectionSize(metrics.height() + 6)
        for column, sample in _SAMPLES.items():
            view.setColumnWidth(column, metrics.horizontalAdvance(sample) + 12)
        view.setMinimumHeight(_LEAST_LINES * view.verticalHeader().defaultSectionSize())

    @property
    def shown(self) -> list[Candidate]:
        """The names shown, from top to bottom."""
        return self._filtered.shown

    @property
    def legend(self) -> str:
        """The text below the names, as HTML."""
        return self._legend.text()

    @property
    def chosen(self) -> list[Candidate]:
        """The selected names, from top to bottom."""
        rows = sorted(self.view.selectionModel().selectedRows(), key=QModelIndex.row)
        return [self._filtered.candidate(row) for row in rows]

    def show_colours(self, colours: Colours) -> None:
        """Draw in other colours."""
        tint = Tint(colours.base, colours.surprise, colours.accent)
        self._delegate.tint = tint
        self._letters = legend_html(tint, _LEGEND_WORDS)
        self._write_legend()
        self.view.viewport().update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show more columns if there is room for them."""
        super().resizeEvent(event)
        if not self._columns_are_chosen:
            for column in _FURTHER:
                self.view.setColumnHidden(column, self.width() < self._wide())
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
        names = self.model.rowCount()
        if not self._filtered.rowCount():
            sentence = (
                f"None of the {names:,} names matches the filter."
                if names
                else "No names yet. Generate lets the network write some."
            )
            self._legend.setText(sentence)
            self._legend.setToolTip(sentence)
            return
        whole = "Letters: " + "".join(f" {word} " for word in _LEGEND_WORDS)
        fits = self._legend.fontMetrics().horizontalAdvance(whole) <= self.width()
        self._legend.setText(f"{'Letters: ' if fits else ''}{self._letters}")
        self._legend.setToolTip(_LEGEND_TIP)

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
            action = menu.addAction("Kept (★)" if column is Column.KEPT else heading)
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

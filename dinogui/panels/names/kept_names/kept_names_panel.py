"""The widget of the Kept names panel: a table of the names marked with a star."""

from typing import Any

from PySide6.QtCore import (
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    Qt,
    Slot,
)
from PySide6.QtGui import (
    QFont,
    QGuiApplication,
    QKeySequence,
    QPainter,
    QResizeEvent,
    QShortcut,
    QShowEvent,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFileDialog,
    QLabel,
    QPushButton,
    QSizePolicy,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from dinogui.common.documented_keys import DocumentedKeys
from dinogui.common.kept_name import KeptName
from dinogui.common.theme import SPACE, TextSize, Theme, text_font
from dinogui.panels.export_place import why_not_there
from dinogui.panels.heading import PanelHeading
from dinogui.panels.names.export_filters import export_filters
from dinogui.panels.names.kept_names.kept_filter import FilteredKeptNames
from dinogui.panels.names.kept_names.kept_names_model import HEADINGS, NUMBERS, KeptNamesModel
from dinogui.panels.panel import Panel
from dinogui.panels.picture_export import ExportButton
from dinogui.session.session import Session
from dinogui.widgets.cards.quiet_field import QuietField
from dinogui.widgets.message_line import MessageLine
from dinogui.widgets.tables.column_widths import ColumnWidths
from dinogui.widgets.tables.quiet_table import QuietTable
from dinogui.widgets.tables.row_delegate import RowDelegate
from engine.data.reading.casing import title_case
from engine.sampling.export import DEFAULT_FORMAT, format_of_path

_LETTERS = (20, 9, 16, 12, 11, 13, 15, 12)
"""The usual widths of the columns in letters; for the names, the least."""

_NOTHING_YET = (
    "No name is kept yet. Click the star before a name in the list of names, and it is kept here, "
    "also for later runs."
)

KEYS = DocumentedKeys("Kept names", (("Del", "Stop keeping the selected names"),))

AnyIndex = QModelIndex | QPersistentModelIndex


class KeptDelegate(RowDelegate):
    """Paints the names half bold, and where they came from in the fainter ink."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, numbers=NUMBERS, faint=range(2, len(HEADINGS)))
        self.use_font(parent.font())

    def use_font(self, font: QFont) -> None:
        """Prepare for another font of the view."""
        super().use_font(font)
        self._strong = text_font(font, TextSize.NAME, is_strong=True)

    def draw_cell(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        """Draw what the cell shows."""
        if index.column() == 0:
            self.draw_text(painter, option, index.data(), font=self._strong)
        else:
            super().draw_cell(painter, option, index)


class KeptNamesPanel(QWidget):
    """Lists the kept names, copies and exports them, and removes the star.

    Lives in the GUI thread.

    Parameters
    ----------
    panel : Panel
        Its description.
    session : Session
    theme : Theme
    """

    def __init__(self, panel: Panel, session: Session, theme: Theme) -> None:
        super().__init__()
        self._session = session
        self.setAccessibleName(panel.name)
        self._name_generation = name_generation = session.name_generation
        self._kept = name_generation.kept
        self.model = KeptNamesModel(self._kept)
        self._sorted = FilteredKeptNames(self.model, self)
        self._sorted.setSortRole(Qt.ItemDataRole.UserRole)
        self.filter = QuietField(
            "Filter: kind=greek",
            "Filter the kept names",
            "Show names with these letters, or whose kind, data or network has them. Also: "
            "kind=greek, data=dinos, model=gru, score<1.8, step>=2000, temperature<1",
        )
        self.filter.textChanged.connect(self._sorted.filter_by)
        self._make_view()
        self.remove = _button("Remove", "Remove the star from the selected names (Del)")
        self.remove.clicked.connect(self.remove_chosen)
        self.copying = _button("Copy", "Copy the selected names, or all if none is selected")
        self.copying.clicked.connect(self.copy)
        self.export_button = ExportButton()
        self.save_action = self.export_button.ways.addAction("Save kept names…")
        self.save_action.setToolTip("Save all kept names and where they came from")
        self.save_action.triggered.connect(self.choose_export)
        self._note = MessageLine(1, "Message about the kept names", most=3)
        self.empty = QLabel(_NOTHING_YET)
        self.empty.setWordWrap(True)
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.empty.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(2 * SPACE, SPACE, 2 * SPACE, SPACE)
        layout.setSpacing(4)
        heading = PanelHeading(panel, (self.filter, self.remove, self.copying), self.export_button)
        layout.addWidget(heading)
        layout.addWidget(self.view, 1)
        layout.addWidget(self.empty, 1)
        layout.addWidget(self._note)
        self.model.modelReset.connect(self._show_fill)
        self._show_fill()
        delete = QShortcut(QKeySequence(QKeySequence.StandardKey.Delete), self.view)
        delete.setContext(Qt.ShortcutContext.WidgetShortcut)
        delete.activated.connect(self.remove_chosen)
        name_generation.kept_exported.connect(self._say_exported)
        name_generation.kept_not_exported.connect(self._say_refused)

    def _make_view(self) -> None:
        view = self.view = QuietTable(
            "Kept names",
            "The names with a star, and where they came from. Click a heading to sort",
        )
        view.setModel(self._sorted)
        view.setDragEnabled(True)
        view.setDragDropMode(QAbstractItemView.DragDropMode.DragOnly)
        view.setItemDelegate(KeptDelegate(view))
        header = view.header
        self._widths = ColumnWidths(header, "kept_names")
        self._fit_columns()
        header.setSortIndicatorClearable(True)
        header.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        view.setSortingEnabled(True)

    def changeEvent(self, event: QEvent) -> None:
        """Make the columns wider when the text is larger."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._fit_columns()

    def _fit_columns(self) -> None:
        """Give each column the width of what it usually shows, and the names what is left."""
        letter, header = self.fontMetrics().averageCharWidth(), self.view.horizontalHeader()
        self._widths.use({column: letters * letter for column, letters in enumerate(_LETTERS)})
        if not self._widths.is_chosen(0):
            others = header.length() - header.sectionSize(0)
            least = _LETTERS[0] * letter
            header.resizeSection(0, max(self.view.viewport().width() - others, least))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the names the new room."""
        super().resizeEvent(event)
        self._fit_columns()

    @Slot()
    def _show_fill(self) -> None:
        """Say how the list fills while it is empty."""
        is_empty = not self.model.rows
        self.view.setVisible(not is_empty)
        self.empty.setVisible(is_empty)
        for part in (self.filter, self.remove, self.copying, self.export_button):
            part.setEnabled(not is_empty)

    @property
    def names(self) -> list[str]:
        """The names, from top to bottom, in Title Case."""
        return [title_case(kept.name) for kept in self._shown(range(self._sorted.rowCount()))]

    @property
    def note(self) -> str:
        """The message about the last export."""
        return self._note.message

    def _shown(self, rows: Any) -> list[KeptName]:
        places = [self._sorted.mapToSource(self._sorted.index(row, 0)).row() for row in rows]
        return [self.model.rows[place] for place in places]

    def _chosen(self) -> list[KeptName]:
        rows = sorted(index.row() for index in self.view.selectionModel().selectedRows())
        return self._shown(rows)

    def showEvent(self, event: QShowEvent) -> None:
        """Load what other windows have kept in the meantime."""
        super().showEvent(event)
        self._kept.look()

    @Slot()
    def remove_chosen(self) -> None:
        """Remove the star from the selected names."""
        chosen = self._chosen()
        if chosen:
            self._kept.drop({kept.key for kept in chosen})

    @Slot()
    def copy(self) -> None:
        """Copy the selected names, or all if none is selected, one per line."""
        names = [title_case(kept.name) for kept in self._chosen()]
        QGuiApplication.clipboard().setText("\n".join(names or self.names))

    @Slot()
    def choose_export(self) -> None:
        """Ask for a file, and save all kept names to it."""
        filters = export_filters()
        path, chosen = QFileDialog.getSaveFileName(
            self, "Export kept names", "kept-names.csv", ";;".join(filters)
        )
        if path:
            self.export(path, filters.get(chosen, DEFAULT_FORMAT))

    def export(self, path: str, usual_form: str = DEFAULT_FORMAT) -> None:
        """Export all kept names, in the format of the file's suffix or the usual one."""
        refusal = why_not_there(self._session, path)
        if refusal:
            self._say_refused(refusal)
            return
        self._name_generation.export_kept(path, format_of_path(path, usual_form))

    @Slot(str)
    def _say_exported(self, path: str) -> None:
        self._note.say(f"The kept names were saved to “{path}”.")

    @Slot(str)
    def _say_refused(self, message: str) -> None:
        self._note.say(message, is_error=True)


def _button(text: str, tip: str) -> QPushButton:
    button = QPushButton(text)
    button.setToolTip(tip)
    button.setAccessibleName(f"{text.rstrip('…')} kept names")
    return button

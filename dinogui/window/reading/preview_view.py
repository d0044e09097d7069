"""What the preview dialog shows of the data: their first rows, names and symbols."""

from PySide6.QtCore import QModelIndex, Signal, Slot
from PySide6.QtWidgets import (
    QGridLayout,
    QLabel,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from dinogui.common.theme import SPACE
from dinogui.window.reading.kinds_table import KindsTable
from dinogui.window.reading.text_table import TextTable
from engine.data.preview import Preview, shown_in_example
from engine.data.reading.layout import TableReading
from engine.data.training_data import DataKind
from engine.data.visible_symbols import visible

_LEAST_ROWS = 3

_TITLES: dict[DataKind, str] = {"names": "Names", "text": "Beginning", "melodies": "Tunes"}
"""The heading of some of the data as they are learned."""

_COUNTED: dict[DataKind, str] = {"names": "Names", "text": "Texts", "melodies": "Tunes"}
"""What kinds have so many of."""


class PreviewView(QWidget):
    """Shows a preview.

    Lives in the GUI thread.

    Signals
    -------
    column_chosen(int)
        Somebody wants the names of another column of the table; its number, from 1.
    """

    column_chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._table: TableReading | None = None
        self.first_rows = TextTable(
            "First rows",
            "The first rows of the file. Click a column, or press Enter in it, to take its names",
            least_rows=_LEAST_ROWS,
        )
        self.names = TextTable(
            "Names before and after",
            "Some names as they stand in the file, and as the network learns them",
            least_rows=_LEAST_ROWS,
            wide=(0, 1),
        )
        self.beginning = QPlainTextEdit()
        self.beginning.setReadOnly(True)
        self.beginning.setTabChangesFocus(True)
        self.rarest = TextTable(
            "Rarest symbols",
            "The symbols that occur least often, and where: a stray sign is seen here",
            least_rows=_LEAST_ROWS,
            wide=(2,),
        )
        self.kinds = KindsTable()
        self._kinds_title = _heading("Kinds")
        self._rows_title = _heading("First rows")
        self._names_title = _heading("Names")
        self._rarest_title = _heading("Rarest symbols")
        self._lay_out()
        self.first_rows.clicked.connect(self._take_cell)
        self.first_rows.activated.connect(self._take_cell)
        self.first_rows.header.sectionClicked.connect(self._take_section)

    def _lay_out(self) -> None:
        pair = QGridLayout()
        pair.setHorizontalSpacing(4 * SPACE)
        pair.addWidget(self._names_title, 0, 0)
        pair.addWidget(self.names, 1, 0)
        pair.addWidget(self.beginning, 1, 0)
        pair.addWidget(self._rarest_title, 0, 1)
        pair.addWidget(self.rarest, 1, 1)
        pair.setColumnStretch(0, 1)
        pair.setColumnStretch(1, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2 * SPACE)
        layout.addWidget(self._rows_title)
        layout.addWidget(self.first_rows, 1)
        layout.addWidget(self._kinds_title)
        layout.addWidget(self.kinds, 2)
        layout.addLayout(pair, 1)

    def show_preview(self, preview: Preview) -> None:
        """Show what would become of the data."""
        is_text = preview.kind != "names"
        self._show_table(preview.table)
        self.kinds.kinds.exchange(preview.report.kinds, _COUNTED[preview.kind])
        for part in (self._kinds_title, self.kinds):
            part.setVisible(bool(preview.report.kinds))
        self.names.setVisible(not is_text)
        self.beginning.setVisible(is_text)
        self._names_title.setText(_TITLES[preview.kind])
        words = "tunes" if preview.kind == "melodies" else "text"
        self.beginning.setAccessibleName(f"Beginning of the {words}")
        self.beginning.setToolTip(f"The beginning of the {words} as the network learns it")
        if is_text and self.beginning.toPlainText() != preview.beginning:
            self.beginning.setPlainText(preview.beginning)
        self.names.show_rows(("In the file", "As learned"), preview.before_after, marked=1)
        self.rarest.show_rows(
            ("Symbol", "Times", "In"),
            [
                (visible(each.symbol), f"{each.count:,}", ", ".join(each.examples))
                for each in preview.rarest
            ],
            seen=[shown_in_example(each.symbol) for each in preview.rarest],
        )

    def show_whether_current(self, is_current: bool) -> None:
        """Show whether this is what the choices lead to. Kinds can be chosen otherwise always."""
        for part in (self.first_rows, self.names, self.beginning, self.rarest):
            part.setEnabled(is_current)

    def _show_table(self, table: TableReading | None) -> None:
        self._table = table
        for part in (self._rows_title, self.first_rows):
            part.setVisible(table is not None)
        if table is None:
            return
        roles = {table.kinds: "Kinds: ", table.weights: "Weights: ", table.column: "Names: "}
        headings = [
            f"{roles.get(number, '')}{title}" for number, title in enumerate(table.headers, start=1)
        ]
        self.first_rows.show_rows(headings, table.rows, marked=table.column - 1)

    @Slot(QModelIndex)
    def _take_cell(self, index: QModelIndex) -> None:
        self._take_section(index.column())

    @Slot(int)
    def _take_section(self, section: int) -> None:
        if self._table is not None and section + 1 != self._table.column:
            self.column_chosen.emit(section + 1)


def _heading(text: str) -> QLabel:
    label = QLabel(text)
    label.setProperty("role", "heading")
    return label

"""The widget of the Nearest passages panel: a table of what is known from training tunes."""

from PySide6.QtCore import QEvent, QSize, Slot
from PySide6.QtGui import QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from dinogui.common.theme import SPACE, Theme
from dinogui.panels.heading import PanelHeading
from dinogui.panels.melody.copied_words import copied_sentence
from dinogui.panels.melody.passages.passages_model import HEADINGS, NUMBERS, PassagesModel
from dinogui.panels.melody.roll.roll_content import RollContent
from dinogui.panels.panel import Panel
from dinogui.panels.picture_export import ExportButton
from dinogui.panels.picture_file import copy_table
from dinogui.session.known_passages import KnownPassages
from dinogui.session.session import Session
from dinogui.session.shown_melody import ShownMelody
from dinogui.widgets.reading_line import ReadingLine
from dinogui.widgets.tables.column_widths import ColumnWidths
from dinogui.widgets.tables.quiet_table import QuietTable
from dinogui.widgets.tables.row_delegate import RowDelegate
from engine.evaluation.copied_notes import SHORTEST_SHOWN

_NOTHING_YET = (
    "Nothing has been improvised yet. Press Improvise (Ctrl+G) in the card Melody, and the "
    "passages that training tunes have, too, are listed here."
)
_LOOKING = "The training tunes are being searched …"
_NOTHING_KNOWN = f"No passage of {SHORTEST_SHOWN} notes or more is known from a training tune."
_LETTERS = (7, 22, 11, 10, 30)
"""The usual widths of the columns in letters; for the last one, the least."""


class PassagesPanel(QWidget):
    """Lists the passages of the melody that is shown which training tunes have, too.

    They are looked for while the panel can be seen. Lives in the GUI thread.

    Parameters
    ----------
    panel : Panel
        Its description.
    session : Session
    theme : Theme

    Attributes
    ----------
    table : QuietTable
    summary : ReadingLine
        Says how many notes are new.
    copy_action : QAction
    """

    def __init__(self, panel: Panel, session: Session, theme: Theme) -> None:
        super().__init__()
        self.setAccessibleName(panel.name)
        self._shown, self._known = ShownMelody.of(session), KnownPassages.of(session)
        self._model = PassagesModel(self)
        self.table = QuietTable("Nearest passages", "What the melody shares with training tunes")
        self.table.setModel(self._model)
        self.table.setItemDelegate(
            RowDelegate(self.table, numbers=NUMBERS, faint=range(2, len(HEADINGS) - 1))
        )
        self._widths = ColumnWidths(self.table.header, panel.key)
        self.summary = ReadingLine("How much is copied")
        export = ExportButton()
        self.copy_action = export.ways.addAction("Copy data")
        self.copy_action.setToolTip("Copy the table as CSV")
        self.copy_action.triggered.connect(self._copy)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(2 * SPACE, SPACE, 2 * SPACE, SPACE)
        layout.setSpacing(SPACE)
        layout.addWidget(PanelHeading(panel, export=export))
        layout.addWidget(self.table, 1)
        layout.addWidget(self.summary)
        self._known.changed.connect(self._show)
        self._show()

    def sizeHint(self) -> QSize:
        """Return the size of a strip below the plot."""
        return QSize(760, 270)

    @property
    def lines(self) -> list[list[str]]:
        """The cells of the table, by row."""
        return self._model.rows

    def paintEvent(self, event: QPaintEvent) -> None:
        """Look up the melody: a panel that is painted can be seen."""
        super().paintEvent(event)
        self._known.look_up()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the notes the new room."""
        super().resizeEvent(event)
        self._fit_columns()

    def changeEvent(self, event: QEvent) -> None:
        """Make the columns wider when the text is larger."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._fit_columns()

    def _fit_columns(self) -> None:
        """Give each column its usual width, and the notes what is left."""
        letter, header, last = self.fontMetrics().averageCharWidth(), self.table.header, 4
        self._widths.use({column: letters * letter for column, letters in enumerate(_LETTERS)})
        if not self._widths.is_chosen(last):
            others = header.length() - header.sectionSize(last)
            room = self.table.viewport().width() - others
            header.resizeSection(last, max(room, _LETTERS[last] * letter))

    @Slot()
    def _show(self) -> None:
        improvisation, copied = self._shown.improvisation, self._known.copied
        content = None if improvisation is None else RollContent(improvisation)
        self._model.show_passages(content, copied)
        is_known = improvisation is not None and copied is not None
        looking = _LOOKING if improvisation is not None else _NOTHING_YET
        self.table.say_where_empty(_NOTHING_KNOWN if is_known else looking)
        self.summary.show_text(
            copied_sentence(improvisation, copied)
            if improvisation is not None and copied is not None
            else ""
        )
        self.copy_action.setEnabled(bool(self._model.rows))
        self.update()  # what is seen is looked up

    @Slot()
    def _copy(self) -> None:
        copy_table([HEADINGS, *self._model.rows])

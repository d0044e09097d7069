"""The dialog that shows how data would be read, and lets a person choose otherwise."""

from dataclasses import replace

from PySide6.QtCore import QSize, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QDialog,
    QHBoxLayout,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from dinogui.common.documented_keys import DocumentedKeys
from dinogui.common.theme import SPACE
from dinogui.session.data.data_preview import DataPreview
from dinogui.widgets.buttons.button_keys import add_key
from dinogui.widgets.message_line import MessageLine
from dinogui.widgets.screen_room import within_screen
from dinogui.widgets.vertical_scroll import VerticalScroll
from dinogui.window.reading.choices_form import ChoicesForm
from dinogui.window.reading.data_to_open import DataToOpen
from dinogui.window.reading.encoding_list import EncodingList
from dinogui.window.reading.preview_summary import PreviewSummary
from dinogui.window.reading.preview_view import PreviewView
from dinogui.workers.data.preview_worker import MisreadData
from dinogui.workers.file_reader import EncodingMisfit
from dinogui.workers.service import Refusal
from engine.data.preview import Preview
from engine.data.reading.choices import ReadingChoices

KEYS = DocumentedKeys(
    "Open with options",
    (
        ("Enter", "Take the column with the focus, or read in the selected encoding"),
        ("Ctrl+Enter", "Open the data as they are shown"),
    ),
    has_own_window=True,
)

_SIZE = QSize(900, 600)
_LEAST_LINES = 12
_BESIDE = 420
"""Pixels that the preview needs beside the form, at the usual size of the text."""

_USUAL_LINE = 17
_READING = "Looking at the data…"
_READING_ON = "Looking at the other files…"


class PreviewDialog(QDialog):
    """Shows how data would be read; the preview follows each choice. The training goes on.

    Lives in the GUI thread. It is deleted when it closes.

    Parameters
    ----------
    data : DataToOpen
        How they would be read so far.
    looking : DataPreview
    parent : QWidget

    Attributes
    ----------
    form : ChoicesForm
    summary : PreviewSummary
    view : PreviewView
    encodings : EncodingList
    message : MessageLine
        Why the data cannot be read, or that they are being looked at.

    Signals
    -------
    chosen(DataToOpen)
        The data are to be opened.
    """

    chosen = Signal(object)

    def __init__(self, data: DataToOpen, looking: DataPreview, parent: QWidget) -> None:
        super().__init__(parent)
        self._data, self._looking = data, looking
        self.setWindowTitle(f"Open “{data.title}”")
        self.form = ChoicesForm(data.request.choices, data.held_out, data.balance)
        self.summary = PreviewSummary()
        self.view = PreviewView()
        self.encodings = EncodingList()
        self.message = MessageLine(2, "State of the preview", most=5)
        self._make_buttons()
        self._lay_out()
        self.form.changed.connect(self._look)
        self.view.kinds.kinds.titles_changed.connect(self.form.choose_kind_titles)
        self.view.column_chosen.connect(self.form.choose_column)
        self.encodings.chosen.connect(self.form.choose_encoding)
        for part in (self.summary, self.view, self.encodings):
            part.hide()  # until there is something to show
        self.resize(within_screen(_SIZE, parent))

    def _make_buttons(self) -> None:
        self.open_button = QPushButton("&Open")
        self.open_button.setToolTip("Train on the data as they are shown (Ctrl+Enter)")
        self.open_button.setDefault(True)
        self.open_button.setEnabled(False)
        self.open_button.clicked.connect(self.accept)
        add_key(self.open_button, "Ctrl+Return", self)
        self.cancel_button = QPushButton("&Cancel")
        self.cancel_button.setToolTip("Leave the run as it is (Esc)")
        self.cancel_button.setAutoDefault(False)
        self.cancel_button.clicked.connect(self.reject)
        self.reset_button = QPushButton("As recogni&sed")
        self.reset_button.setToolTip("Undo all choices: read the data as they are recognised")
        self.reset_button.setAutoDefault(False)
        self.reset_button.clicked.connect(self.form.reset)

    def _lay_out(self) -> None:
        shown = QVBoxLayout()
        shown.addWidget(self.view, 1)
        shown.addWidget(self.encodings, 1)
        left = QVBoxLayout()
        left.addWidget(self.form)
        left.addStretch(1)
        self._parts = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._parts.setSpacing(6 * SPACE)
        self._parts.addLayout(left)
        self._parts.addLayout(shown, 1)
        content = QWidget()
        inner = QVBoxLayout(content)
        inner.setContentsMargins(0, 0, 2 * SPACE, 0)
        inner.setSpacing(4 * SPACE)
        inner.addWidget(self.summary)
        inner.addLayout(self._parts, 1)
        foot = QHBoxLayout()
        foot.setSpacing(2 * SPACE)
        foot.addWidget(self.reset_button)
        foot.addWidget(self.message, 1)
        foot.addWidget(self.cancel_button)
        foot.addWidget(self.open_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(4 * SPACE, 4 * SPACE, 4 * SPACE, 3 * SPACE)
        layout.setSpacing(3 * SPACE)
        layout.addWidget(VerticalScroll(content, least_lines=_LEAST_LINES), 1)
        layout.addLayout(foot)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the preview under the form where both do not fit beside each other."""
        super().resizeEvent(event)
        beside = round(_BESIDE * self.fontMetrics().height() / _USUAL_LINE)
        is_wide = self.width() >= self.form.sizeHint().width() + beside
        self._parts.setDirection(
            QBoxLayout.Direction.LeftToRight if is_wide else QBoxLayout.Direction.TopToBottom
        )

    # What is known

    def look(self, answer: Preview | EncodingMisfit | None = None) -> None:
        """Begin with what is known already, or have the data looked at."""
        if answer is None:
            self._look(self.form.choices)
        else:
            self._show_answer(answer)

    @Slot(object)
    def _look(self, choices: ReadingChoices) -> None:
        self.open_button.setEnabled(False)
        self.message.say(_READING)
        request = replace(self._data.request, choices=choices)
        self._looking.look(request, self._show_report, self._show_answer, self._show_refusal)

    def _show_report(self, report: Preview | float) -> None:
        """Show how much is done, or what is known by the first files: the data can be opened."""
        if isinstance(report, float):
            self.message.say(f"{_READING} {report:.0%}")
        else:
            self._show(report)
            self.message.say(_READING_ON)

    def _show_answer(self, answer: Preview | EncodingMisfit | MisreadData) -> None:
        if isinstance(answer, MisreadData):
            self.form.show_layout(answer.layout)
            self._say_why_not(answer.sentence)
        else:
            self._show(answer)
            self.message.say("")

    def _show(self, answer: Preview | EncodingMisfit) -> None:
        is_misfit = isinstance(answer, EncodingMisfit)
        self.summary.setVisible(not is_misfit)
        self.view.setVisible(not is_misfit)
        self.encodings.setVisible(is_misfit)
        self.view.show_whether_current(True)
        self.open_button.setEnabled(not is_misfit)
        if isinstance(answer, EncodingMisfit):
            self.form.show_encodings(answer.fitting)
            self.encodings.show_misfit(answer)
            self.encodings.table.setFocus()
        else:
            self.summary.show_preview(answer)
            self.form.show_preview(answer)
            self.view.show_preview(answer)
        has_button = is_misfit and self.encodings.button.isVisibleTo(self.encodings)
        (self.encodings.button if has_button else self.open_button).setDefault(True)

    def _show_refusal(self, refusal: Refusal) -> None:
        self._say_why_not(refusal.sentence)

    def _say_why_not(self, sentence: str) -> None:
        """Say why the data cannot be read so; the choices can be changed."""
        self.view.show_whether_current(False)
        self.message.say(sentence, is_error=True)

    # What people do

    @Slot()
    def accept(self) -> None:
        """Open the data as they are shown."""
        request = replace(self._data.request, choices=self.form.choices)
        held_out = self.form.held_out_share
        balance = self.form.balance_of_kinds
        self.chosen.emit(replace(self._data, request=request, held_out=held_out, balance=balance))
        super().accept()

    def done(self, result: int) -> None:
        """Close, and no longer have the data looked at."""
        self._looking.give_up()
        super().done(result)
        self.deleteLater()

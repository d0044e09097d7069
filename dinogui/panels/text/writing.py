"""The Text column: the network continues a prompt."""

from PySide6.QtCore import QEvent, Signal, Slot
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from dinogui.common.actions.window_actions import Actions
from dinogui.common.sampling_messages import TextRequest
from dinogui.common.text_saver import SavingError, save_text
from dinogui.common.theme import SPACE
from dinogui.panels.export_place import suggested_place, why_not_there
from dinogui.panels.model.form import FieldLabel
from dinogui.panels.temperature import TemperatureKnob
from dinogui.panels.text.training_log import TrainingLog
from dinogui.panels.units_off_chip import UnitsOffChip
from dinogui.session.session import Session
from dinogui.session.text_generation import TextGeneration
from dinogui.widgets.buttons.action_button import ActionButton
from dinogui.widgets.buttons.check_chip import CheckChip
from dinogui.widgets.cards.flow import ButtonRow, PartsFlow
from dinogui.widgets.cards.request_page import RequestPage
from dinogui.widgets.following_text import FollowingText
from dinogui.widgets.message_line import MessageLine
from dinogui.widgets.number_box import NumberBox
from engine.data.vocabulary import UnknownSymbolError
from engine.sampling.decoding import SamplingError

MAX_WRITTEN = 20_000
"""The most symbols per request: the widget shows this many without delay."""

_LENGTHS = (1.0, 10.0, 50.0, *(100.0 * n for n in range(1, 11)), 2e3, 5e3, 1e4, float(MAX_WRITTEN))
_MAX_SEED = 99_999
_SEEDS = (*tuple(float(n) for n in range(10)), float(_MAX_SEED))
_PROMPT_LINES = 3
_NARROWEST_BOX = 72
"""Pixels."""


class WritingPanel(QWidget):
    """Requests a text, shows it as it is written, and shows the log of the training.

    Lives in the GUI thread.

    Parameters
    ----------
    actions : Actions
        `generate` starts and stops the writing.
    session : Session
        A request that comes before there is a network waits for it.
    text_generation : TextGeneration

    Signals
    -------
    finished()
        The text is complete, was stopped, or could not be started.
    """

    finished = Signal()

    def __init__(
        self,
        actions: Actions,
        session: Session,
        text_generation: TextGeneration,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._session, self._text_generation = session, text_generation
        self._is_wanted = False
        self._is_first = True
        self._make_form()
        self._make_text()
        self._make_buttons(actions)
        self._lay_out()
        self._connect()
        self._offer_lengths()

    def _make_form(self) -> None:
        self.prompt = QPlainTextEdit()
        self.prompt.setPlaceholderText("begins with, for example: Forsooth this maketh no sense")
        self.prompt.setToolTip("The start of the text. The network continues it")
        self.prompt.setAccessibleName("Prompt")
        self.prompt.setTabChangesFocus(True)
        self.prompt.setAcceptDrops(False)  # a dropped file is meant for the window
        self._size_prompt()
        self._temperature_knob = TemperatureKnob("&Temperature", "symbols")
        self.temperature = self._temperature_knob.box
        self.length = _number(
            _LENGTHS, 500.0, "Length", f"How many symbols to write, up to {MAX_WRITTEN:,}"
        )
        self.seed = _number(
            _SEEDS, 0.0, "Seed", "The same seed and the same network give the same text"
        )
        self.is_fresh = CheckChip(
            "Another seed each time",
            "Write uses the next seed each time, so that each press gives another text",
        )
        self.is_fresh.setChecked(True)
        self.one_document = CheckChip(
            "One document", "Write to the end of a document, instead of a number of symbols"
        )
        self.one_document.setChecked(True)
        self._error = MessageLine(2, "What is wrong with the request", most=5)

    def _make_text(self) -> None:
        self.text = FollowingText(
            "Written text", "What the network writes, after the prompt in bold"
        )
        self.text.setPlaceholderText("Press Write (Ctrl+G), before, during or after the training.")
        self.text.setMinimumHeight(2 * self.fontMetrics().lineSpacing() + 8)
        self.log = TrainingLog(
            "Samples of about 200 symbols that the network writes during the training",
            "During the training: a sample every 250 steps.",
        )

    def _make_buttons(self, actions: Actions) -> None:
        self._write_action = self._action(
            "Write", "Let the network continue the prompt, or stop it (Ctrl+G)"
        )
        self._write_action.triggered.connect(actions.generate.trigger)
        self.button = ActionButton(
            self._write_action,
            is_filled=True,
            other_texts=("Write", "Stop"),
            key_of=actions.generate,
        )
        again = self._action("Again", "Write again with the same seed")
        again.triggered.connect(self.write_again)
        copy = self._action("Copy", "Copy the selected text, or all of it")
        copy.triggered.connect(self.copy_text)
        save = self._action("Save…", "Save the whole text to a file")
        save.triggered.connect(self.choose_file)
        self.again, self.copy, self.save = map(ActionButton, (again, copy, save))

    def _action(self, text: str, tip: str) -> QAction:
        action = QAction(text, self)
        action.setIconText(text)  # Qt would leave out the dots
        action.setToolTip(tip)
        return action

    def changeEvent(self, event: QEvent) -> None:
        """Keep the prompt's lines when the text is larger."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._size_prompt()

    def _size_prompt(self) -> None:
        line = self.fontMetrics().lineSpacing()
        self.prompt.setFixedHeight(_PROMPT_LINES * line + 14)

    def _lay_out(self) -> None:
        request = QWidget()
        lines = QVBoxLayout(request)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(2 * SPACE)
        lines.addWidget(self._temperature_knob)
        lines.addWidget(self.prompt)
        numbers = QHBoxLayout()
        numbers.setSpacing(4 * SPACE)
        numbers.addWidget(_labelled("Length", self.length), 1)
        numbers.addWidget(_labelled("Seed", self.seed), 1)
        lines.addLayout(numbers)
        self._document_row = PartsFlow(self.one_document)
        lines.addWidget(self._document_row)
        lines.addWidget(PartsFlow(self.is_fresh))
        lines.addStretch(0)
        buttons = ButtonRow(self.button, self.again, self.copy, self.save)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2 * SPACE)
        layout.addWidget(UnitsOffChip(self._session.units_off, self))
        self.page = RequestPage(request, self.text, self._error, buttons)
        layout.addWidget(self.page)

    def _connect(self) -> None:
        self.prompt.textChanged.connect(self._forget_error)
        self._session.network_made.connect(self._write_if_wanted)
        self._session.run_begun.connect(self._forget_error)
        self._session.run_begun.connect(self._offer_lengths)
        self.one_document.toggled.connect(self._offer_lengths)
        text_generation = self._text_generation
        text_generation.begun.connect(self._show_begun)
        text_generation.written.connect(self.text.add)
        text_generation.ended.connect(self._show_ended)
        text_generation.failed.connect(self.show_error)

    @property
    def error(self) -> str:
        """The sentence that says what is wrong; empty if nothing is."""
        return self._error.message

    @property
    def written(self) -> str:
        """The prompt, and what has been written so far."""
        return self.text.toPlainText()

    @property
    def _has_documents(self) -> bool:
        corpus = self._session.corpus
        return corpus is not None and corpus.document_break is not None

    @property
    def _writes_one_document(self) -> bool:
        return self._has_documents and self.one_document.isChecked()

    @property
    def last_seed(self) -> int | None:
        """The seed of the latest text; None before the first one."""
        return None if self._is_first else round(self.seed.value())

    def recall_seed(self, seed: int | None) -> None:
        """Continue with the seed after this one."""
        self._is_first = seed is None
        self.seed.setValue(seed or 0)

    # What people do

    def write_or_stop(self) -> None:
        """Stop the writing, or write if nothing is being written."""
        if self._text_generation.is_writing:
            self._text_generation.stop()
            return
        if self.is_fresh.isChecked() and not self._is_first:
            self.seed.setValue((self.seed.value() + 1) % (_MAX_SEED + 1))
        self.write_again()

    @Slot()
    def write_again(self) -> None:
        """Write with the seed that is shown."""
        self._is_wanted = not self._session.has_network
        if self._is_wanted:  # the run has only just started
            return
        for box in (self.temperature, self.length, self.seed):
            box.interpretText()
        request = TextRequest(
            self.prompt.toPlainText(),
            self.temperature.value(),
            MAX_WRITTEN if self._writes_one_document else round(self.length.value()),
            round(self.seed.value()),
            one_document=self._writes_one_document,
        )
        try:
            self._text_generation.write(request)
        except (SamplingError, UnknownSymbolError) as error:
            self.show_error(str(error))
            self.finished.emit()
        else:
            self._is_first = False

    @Slot()
    def copy_text(self) -> None:
        """Copy the selected text, or all of it."""
        chosen = self.text.textCursor().selection().toPlainText()
        QGuiApplication.clipboard().setText(chosen or self.written)

    @Slot()
    def choose_file(self) -> None:
        """Ask for a file, and save the text to it."""
        path, _ = QFileDialog.getSaveFileName(
            self,
            "Save the text",
            suggested_place(self._session, ".txt"),
            "Text files (*.txt);;All files (*)",
        )
        if path:
            self.save_to(path)

    def save_to(self, path: str) -> None:
        """Save the text, or show why it cannot be saved."""
        refusal = why_not_there(self._session, path)
        if refusal:
            self.show_error(refusal)
            return
        try:
            save_text(path, self.written)
        except SavingError as error:
            self.show_error(str(error))
        else:
            self._forget_error()

    # What the session answers

    @Slot(str)
    def show_error(self, message: str) -> None:
        """Show what is wrong."""
        self._error.say(message, is_error=True)

    @Slot()
    def _offer_lengths(self) -> None:
        """Offer one document as a length where there are documents."""
        self._document_row.setVisible(self._has_documents)
        self.length.setEnabled(not self._writes_one_document)

    @Slot()
    def _forget_error(self) -> None:
        self._error.say("")

    @Slot()
    def _write_if_wanted(self) -> None:
        if self._is_wanted and self._session.kind != "names":
            self.write_again()

    @Slot(str)
    def _show_begun(self, prompt: str) -> None:
        self._forget_error()
        self.text.restart()
        self.text.add(prompt, is_bold=True)
        self._name_button("Stop")

    @Slot()
    def _show_ended(self) -> None:
        self._name_button("Write")
        self.finished.emit()

    def _name_button(self, text: str) -> None:
        self._write_action.setText(text)
        self._write_action.setIconText(text)
        self.button.setAccessibleName(text)


def _number(stops: tuple[float, ...], value: float, name: str, tip: str) -> NumberBox:
    box = NumberBox(stops, whole=True)
    box.setValue(value)
    box.setToolTip(tip)
    box.setAccessibleName(name)
    box.setMinimumWidth(_NARROWEST_BOX)
    return box


def _labelled(text: str, box: NumberBox) -> QWidget:
    """Put a label at the left and its number at the right of a line."""
    row = QWidget()
    line = QHBoxLayout(row)
    line.setContentsMargins(0, 0, 0, 0)
    label = FieldLabel(text)
    label.setBuddy(box)
    line.addWidget(label)
    line.addStretch(1)
    line.addWidget(box)
    return row

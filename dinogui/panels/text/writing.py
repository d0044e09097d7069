"""The Text column: the network continues a prompt."""

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QCheckBox,
    QFileDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from dinogui.common.actions import Actions
from dinogui.common.sampling_messages import TextRequest
from dinogui.common.text_saver import SavingError, save_text
from dinogui.panels.export_place import suggested_place, why_not_there
from dinogui.panels.model.form import button
from dinogui.panels.temperature import TemperatureKnob
from dinogui.panels.text.training_log import TrainingLog
from dinogui.session.session import Session
from dinogui.session.text_generation import TextGeneration
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
        self.button = button("Write", "Let the network continue the prompt, or stop it (Ctrl+G)")
        self.button.clicked.connect(actions.generate.trigger)
        self._lay_out()
        self._connect()

    def _make_form(self) -> None:
        self.prompt = QPlainTextEdit()
        self.prompt.setPlaceholderText("any, for example: Forsooth this maketh no sense")
        self.prompt.setToolTip("The start of the text. The network continues it")
        self.prompt.setAccessibleName("Prompt")
        self.prompt.setTabChangesFocus(True)
        self.prompt.setAcceptDrops(False)  # a dropped file is meant for the window
        line = self.prompt.fontMetrics().lineSpacing()
        self.prompt.setFixedHeight(_PROMPT_LINES * line + 14)
        self._temperature_knob = TemperatureKnob("Temperature", "symbols")
        self.temperature = self._temperature_knob.box
        self.length = _number(
            _LENGTHS, 500.0, "Length", f"How many symbols to write, up to {MAX_WRITTEN:,}"
        )
        self.seed = _number(
            _SEEDS, 0.0, "Seed", "The same seed and the same network give the same text"
        )
        self.is_fresh = QCheckBox("Another seed each time")
        self.is_fresh.setChecked(True)
        self.is_fresh.setToolTip(
            "Write uses the next seed each time, so that each press gives another text"
        )
        self.is_fresh.setAccessibleName("Another seed each time")
        self.again = button("Again", "Write again with the same seed")
        self._error = MessageLine(2, "What is wrong with the request")

    def _make_text(self) -> None:
        self.text = FollowingText(
            "Written text", "What the network writes, after the prompt in bold"
        )
        self.text.setPlaceholderText("Press Write before, during or after the training.")
        self.text.setMinimumHeight(2 * self.fontMetrics().lineSpacing() + 8)
        self.copy = button("Copy", "Copy the selected text, or all of it")
        self.save = button("Save as text…", "Save the whole text to a file")
        self.log = TrainingLog(
            "Samples of about 200 symbols that the network writes during the training",
            "During the training: a sample every 250 steps.",
        )

    def _lay_out(self) -> None:
        request = QGridLayout()
        request.setVerticalSpacing(4)
        request.addWidget(QLabel("Prompt"), 0, 0, 1, 3)
        request.addWidget(self.prompt, 1, 0, 1, 3)
        request.addWidget(self._error, 2, 0, 1, 3)
        request.addWidget(self._temperature_knob, 3, 0, 2, 1)
        request.setColumnStretch(0, 2)
        boxes = (("Length", self.length), ("Seed", self.seed))
        for column, (name, box) in enumerate(boxes, 1):
            request.setColumnStretch(column, 1)
            request.addWidget(QLabel(name), 3, column)
            request.addWidget(box, 4, column)
        request.addWidget(self.is_fresh, 5, 0, 1, 3)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(request)
        layout.addLayout(_row(self.button, self.again))
        layout.addWidget(self.text, 1)
        layout.addLayout(_row(self.copy, self.save))

    def _connect(self) -> None:
        self.again.clicked.connect(self.write_again)
        self.copy.clicked.connect(self.copy_text)
        self.save.clicked.connect(self.choose_file)
        self.prompt.textChanged.connect(self._forget_error)
        self._session.network_made.connect(self._write_if_wanted)
        self._session.run_begun.connect(self._forget_error)
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
            round(self.length.value()),
            round(self.seed.value()),
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
    def _forget_error(self) -> None:
        self._error.say("")

    @Slot()
    def _write_if_wanted(self) -> None:
        if self._is_wanted and self._session.kind == "text":
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
        self.button.setText(text)
        self.button.setAccessibleName(text)


def _number(stops: tuple[float, ...], value: float, name: str, tip: str) -> NumberBox:
    box = NumberBox(stops, whole=True)
    box.setValue(value)
    box.setToolTip(tip)
    box.setAccessibleName(name)
    box.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
    return box


def _row(*parts: QWidget) -> QHBoxLayout:
    row = QHBoxLayout()
    for part in parts:
        row.addWidget(part)
    return row

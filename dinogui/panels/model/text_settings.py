"""How a text is read: in parallel streams, or in windows as the course does it."""

from dataclasses import replace

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QFormLayout, QWidget

from dinogui.widgets.choice_box import ChoiceBox
from dinogui.widgets.number_box import NumberBox
from engine.training.settings import MAX_LENGTH, RunSettings

_STREAMS, _WINDOWS = "Streams", "Windows"
_LENGTHS = (1.0, 10.0, 20.0, 32.0, 40.0, 64.0, 100.0, 128.0, 200.0, 500.0, float(MAX_LENGTH))
_STRIDES = (*tuple(float(n) for n in range(1, 11)), 20.0, 40.0, 100.0, float(MAX_LENGTH))
_USUAL_WINDOW = 40


class TextSettings(QWidget):
    """The settings of a run that only a text has. Lives in the GUI thread.

    Signals
    -------
    changed()
        The settings were changed. They take a new run.
    """

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.way = ChoiceBox()
        self.way.addItems([_STREAMS, _WINDOWS])
        self.way.setToolTip(
            "Streams read parts of the text side by side and keep their state. Windows start from "
            "zero each time and predict the one symbol that follows, as in the course"
        )
        self.length = _number(
            _LENGTHS, "Symbols per stream and step. Gradients do not flow further back"
        )
        self.window_length = _number(_LENGTHS, "Symbols in a window")
        self.stride = _number(
            _STRIDES, "Symbols from the start of one window to the start of the next"
        )
        self._form = QFormLayout(self)
        self._form.setContentsMargins(0, 0, 0, 0)
        self._form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        self._form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft)
        self._form.setVerticalSpacing(4)
        for name, part in (
            ("Reads in", self.way),
            ("Length", self.length),
            ("Window", self.window_length),
            ("Stride", self.stride),
        ):
            self._form.addRow(name, part)
            part.setAccessibleName(name)
        for box in (self.length, self.window_length, self.stride):
            box.valueChanged.connect(self._show_way)
        self.way.currentTextChanged.connect(self._show_way)
        self.hide()

    def show_settings(self, settings: RunSettings) -> None:
        """Show how the current run reads."""
        self.blockSignals(True)
        self.way.setCurrentText(_STREAMS if settings.window is None else _WINDOWS)
        self.length.setValue(settings.length)
        self.window_length.setValue(settings.window or _USUAL_WINDOW)
        self.stride.setValue(settings.stride)
        self.blockSignals(False)
        self._show_way()

    def applied_to(self, settings: RunSettings) -> RunSettings:
        """Return settings with the way of reading shown here."""
        reads_windows = self.way.currentText() == _WINDOWS
        return replace(
            settings,
            window=round(self.window_length.value()) if reads_windows else None,
            stride=round(self.stride.value()),
            length=round(self.length.value()),
        )

    @Slot()
    def _show_way(self) -> None:
        reads_windows = self.way.currentText() == _WINDOWS
        for box in (self.window_length, self.stride):
            self._form.setRowVisible(box, reads_windows)
        self._form.setRowVisible(self.length, not reads_windows)
        self.changed.emit()


def batch_words(settings: RunSettings) -> str:
    """Return the label of the batch size for a text."""
    return _STREAMS if settings.window is None else f"{_WINDOWS} per step"


def batch_tip(settings: RunSettings) -> str:
    """Return the tooltip of the batch size for a text."""
    return f"How many {(_STREAMS if settings.window is None else _WINDOWS).lower()} a step reads"


def way_of_reading(settings: RunSettings, *, has_documents: bool = False) -> str:
    """Describe in words how a text, or a list of documents, is read."""
    held_out = "Some documents are" if has_documents else "The end of the text is"
    if settings.window is not None:
        way = (
            f"Windows of {settings.window:,} symbols, one every {settings.stride:,}. Each starts "
            "with a state of zero and predicts the symbol that follows."
        )
    elif has_documents:
        way = (
            f"Streams read documents side by side, {settings.length:,} symbols per step. Each "
            "document starts with a state of zero, and the state is kept up to its end."
        )
    else:
        way = (
            f"Streams read it side by side, {settings.length:,} symbols per step, and keep their "
            "state from step to step."
        )
    return f"{way} {held_out} held out."


def _number(stops: tuple[float, ...], tip: str) -> NumberBox:
    box = NumberBox(stops, whole=True)
    box.setToolTip(tip)
    return box

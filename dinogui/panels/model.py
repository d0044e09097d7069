"""The model: what the network is built of, what acts at once, and what begins another run."""

from collections.abc import Iterable
from dataclasses import replace

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QComboBox,
    QFormLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from dinogui.widgets.number_box import NumberBox
from engine.architecture import DTYPES, MAX_HIDDEN, MAX_LAYERS, Architecture
from engine.arguments import MAX_SEED
from engine.cells import CELLS
from engine.messages import MAX_BATCH, Hyperparameters, RunSettings
from engine.optimizers import CLIPPINGS, OPTIMIZERS
from engine.presets import PRESETS, Preset

_BATCHES = (1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0, 512.0, 1024.0, float(MAX_BATCH))
_DROPOUTS = (*tuple(round(0.05 * n, 2) for n in range(19)), 0.95)
_SMALL = (0.0, 1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 0.1, 1.0)
_EMBEDDINGS = (0.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, float(MAX_HIDDEN))
_SHARES = (1.0, 5.0, 10.0, 15.0, 20.0, 25.0, 30.0, 40.0, 50.0)
_SEEDS = (*tuple(float(n) for n in range(10)), float(MAX_SEED))


class ModelPanel(QWidget):
    """Shows what a run is made of, and says what is wanted instead.

    Signals
    -------
    turned(dict)
        Changes of hyperparameters, by name: they act at once.
    run_wanted(RunSettings)
        Another run on other foundations.
    preset_wanted(Preset)
        Another run, as a preset describes it.
    """

    turned = Signal(object)
    run_wanted = Signal(object)
    preset_wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._settings = RunSettings()
        self._knobs = Hyperparameters()
        self.preset = _choice([preset.name for preset in PRESETS], "A whole run that works well")
        self.begin_preset = _button("Begin this pre&set", "Forget the present run, begin this one")
        self.widths = QLineEdit()
        self.widths.setAcceptDrops(False)
        self.widths.setToolTip(
            f"Hidden units of each layer, the lowest first: 50, or 128, 64. Up to {MAX_LAYERS} "
            "layers; they can be added while the network learns"
        )
        self.optimizer = _choice(OPTIMIZERS, "The rule by which a gradient becomes a step")
        self.batch = _number(_BATCHES, "Names a step", whole=True)
        self.dropout = _number(_DROPOUTS, "Share of each layer's output left out in training")
        self.clipping = _choice(CLIPPINGS, "Whether the clip value bounds entries or the norm")
        self.l2 = _number(_SMALL, "Strength of the pull of all parameters towards zero")
        self.decay = _number(_SMALL, "The learning rate is divided by 1 + decay x epoch")
        self.cell = _choice(CELLS, "What remembers: a tanh cell, or one with gates")
        self.embedding = _number(
            _EMBEDDINGS, "Learned numbers that stand for a letter; 0 reads one-hot", whole=True
        )
        self.dtype = _choice(DTYPES, "The numbers' type: float32 is faster, float64 exact")
        self.held_out = _number(_SHARES, "Share of the distinct names held out, in percent")
        self.seed = _number(_SEEDS, "The same seed gives the same run", whole=True)
        self.begin = _button("Begin a ne&w run", "Forget the present run, begin one with these")
        self._size = QLabel()
        self._error = QLabel()
        for label in (self._size, self._error):
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
        self._error.setProperty("role", "error")
        self._error.hide()
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 8, 8, 8)
        layout.addWidget(self._size)
        layout.addWidget(self._error)
        live = (
            ("Widths", self.widths),
            ("Optimiser", self.optimizer),
            ("Names a step", self.batch),
            ("Dropout", self.dropout),
            ("Clipping", self.clipping),
            ("L2", self.l2),
            ("Decay", self.decay),
        )
        fixed = (
            ("Cell", self.cell),
            ("Embedding", self.embedding),
            ("Numbers", self.dtype),
            ("Held out, %", self.held_out),
            ("Seed", self.seed),
        )
        layout.addWidget(_heading("Acts at once"))
        layout.addLayout(_form(live))
        layout.addWidget(_heading("Begins a new run"))
        layout.addLayout(_form(fixed))
        layout.addWidget(self.begin)
        layout.addLayout(_form((("Preset", self.preset),)))
        layout.addWidget(self.begin_preset)
        layout.addStretch(1)

    def _connect(self) -> None:
        self.widths.editingFinished.connect(self._turn_widths)
        self.optimizer.currentTextChanged.connect(self._turn)
        self.clipping.currentTextChanged.connect(self._turn)
        for box in (self.batch, self.dropout, self.l2, self.decay):
            box.valueChanged.connect(self._turn)
        self.begin.clicked.connect(self._want_run)
        self.begin_preset.clicked.connect(self._want_preset)
        for fixed in (self.embedding, self.held_out, self.seed):
            fixed.valueChanged.connect(self._show_difference)
        for choice in (self.cell, self.dtype):
            choice.currentTextChanged.connect(self._show_difference)

    @property
    def error(self) -> str:
        """The sentence that says what is wrong with a wish; empty if nothing is."""
        return "" if self._error.isHidden() else self._error.text()

    @property
    def size_message(self) -> str:
        """What the panel says of the network's size."""
        return self._size.text()

    def show_error(self, message: str) -> None:
        """Say what is wrong with a wish, and show again what is in force."""
        self.show_knobs(self._knobs)
        self._error.setText(message)
        self._error.show()

    def show_run(self, settings: RunSettings) -> None:
        """Show what the present run is built on."""
        self._settings = settings
        parts = (self.cell, self.embedding, self.dtype, self.held_out, self.seed)
        for part in parts:
            part.blockSignals(True)
        self.cell.setCurrentText(settings.cell)
        self.embedding.setValue(settings.embedding or 0)
        self.dtype.setCurrentText(settings.dtype)
        self.held_out.setValue(100 * settings.held_out)
        self.seed.setValue(settings.seed)
        for part in parts:
            part.blockSignals(False)
        self._show_difference()

    @Slot(object)
    def show_knobs(self, knobs: Hyperparameters) -> None:
        """Show the hyperparameters in force."""
        self._knobs = knobs
        self._error.hide()
        parts = (self.optimizer, self.batch, self.dropout, self.clipping, self.l2, self.decay)
        for part in parts:
            part.blockSignals(True)
        self.widths.setText(", ".join(map(str, knobs.widths)))
        self.optimizer.setCurrentText(knobs.optimizer)
        self.batch.setValue(knobs.batch)
        self.dropout.setValue(knobs.dropout)
        self.clipping.setCurrentText(knobs.clipping)
        self.l2.setValue(knobs.l2)
        self.decay.setValue(knobs.decay)
        for part in parts:
            part.blockSignals(False)

    def show_size(self, architecture: Architecture) -> None:
        """Say how large the network is."""
        layers = len(architecture.widths)
        self._size.setText(
            f"{architecture.cell.upper()}, {layers} layer{'s' if layers > 1 else ''}: "
            f"{architecture.n_parameters:,} parameters."
        )

    @Slot()
    def _turn(self) -> None:
        self.turned.emit(
            {
                "optimizer": self.optimizer.currentText(),
                "batch": round(self.batch.value()),
                "dropout": self.dropout.value(),
                "clipping": self.clipping.currentText(),
                "l2": self.l2.value(),
                "decay": self.decay.value(),
            }
        )

    @Slot()
    def _turn_widths(self) -> None:
        try:
            widths = tuple(int(part) for part in self.widths.text().split(","))
        except ValueError:
            self.show_error("Widths are whole numbers with commas between them: 50, or 128, 64.")
            return
        if widths != self._knobs.widths:
            self.turned.emit({"widths": widths})

    @Slot()
    def _want_run(self) -> None:
        self.run_wanted.emit(self._wanted())

    @Slot()
    def _want_preset(self) -> None:
        preset: Preset = PRESETS[self.preset.currentIndex()]
        wanted = self._wanted()
        settings = replace(preset.settings, seed=wanted.seed, held_out=wanted.held_out)
        self.preset_wanted.emit(replace(preset, settings=settings))

    def _wanted(self) -> RunSettings:
        return RunSettings(
            self.cell.currentText(),
            round(self.embedding.value()) or None,
            self.dtype.currentText(),
            self.held_out.value() / 100,
            round(self.seed.value()),
        )

    @Slot()
    def _show_difference(self) -> None:
        """Let a new run be begun where it would differ from the present one."""
        self.begin.setEnabled(self._wanted() != self._settings)


def _choice(options: Iterable[str], tip: str) -> QComboBox:
    box = QComboBox()
    box.addItems(list(options))
    box.setToolTip(tip)
    return box


def _number(stops: tuple[float, ...], tip: str, *, whole: bool = False) -> NumberBox:
    box = NumberBox(stops, whole=whole)
    box.setToolTip(tip)
    return box


def _button(text: str, tip: str) -> QPushButton:
    button = QPushButton(text)
    button.setToolTip(tip)
    button.setAccessibleName(text.replace("&", ""))
    return button


def _heading(text: str) -> QLabel:
    label = QLabel(text)
    label.setProperty("role", "heading")
    return label


def _form(rows: tuple[tuple[str, QWidget], ...]) -> QFormLayout:
    form = QFormLayout()
    form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
    form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft)
    form.setVerticalSpacing(4)
    for name, part in rows:
        form.addRow(name, part)
        part.setAccessibleName(name)
    return form

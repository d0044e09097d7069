"""The Model tab: the settings that act at once, and those that need a new run."""

from PySide6.QtCore import QSignalBlocker, Signal, Slot
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from dinogui.common.value_ranges import DECAY, DROPOUT, HELD_OUT, L2
from dinogui.common.words import (
    CELL_TIP,
    CELL_WORDS,
    CLIPPING_WORDS,
    DTYPE_WORDS,
    OPTIMIZER_WORDS,
    SCHEDULE_WORDS,
    layers_text,
    pending_text,
)
from dinogui.panels.model.backend_choice import BackendChoice
from dinogui.panels.model.form import FieldLabel, Row, button, choice, choose, fill_row, number
from dinogui.panels.model.kind_settings import KindSettings
from dinogui.panels.model.preset_row import PresetRow
from dinogui.panels.model.text_settings import TextSettings, batch_tip, batch_words
from dinogui.panels.model.widths import WidthsBox
from dinogui.widgets.message_line import MessageLine
from dinogui.widgets.vertical_scroll import VerticalScroll
from engine.data.training_data import DataKind
from engine.nn.architecture import MAX_HIDDEN, MAX_LAYERS, Architecture
from engine.training.ranges import MAX_SEED
from engine.training.recipes import DEFAULT, Recipe
from engine.training.settings import MAX_BATCH, Hyperparameters, RunSettings

_LEAST_LINES = 5
"""Lines of the settings that can be seen at least, while the buttons stay in sight."""
_MOST_LINES = 5
"""Of a message."""
_LAYERS = tuple(float(n) for n in range(1, MAX_LAYERS + 1))
_BATCHES = (1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0, 512.0, 1024.0, float(MAX_BATCH))
_DROPOUTS = (*tuple(round(0.05 * n, 2) for n in range(19)), DROPOUT.high)
_SMALL = (0.0, 1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 0.1)
_EMBEDDINGS = (0.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, float(MAX_HIDDEN))
_SHARES = (HELD_OUT.low, 5.0, 10.0, 15.0, 20.0, 25.0, 30.0, 40.0, HELD_OUT.high)
_BATCH_WORDS = "Names per step"
_BATCH_TIP = "How many names a step learns from"
_SEEDS = (*tuple(float(n) for n in range(10)), float(MAX_SEED))


class ModelPanel(QWidget):
    """Shows the settings of a run, and reports changes.

    Lives in the GUI thread.

    Signals
    -------
    hyperparameters_changed(dict)
        Changed hyperparameters by name. They act at once.
    run_requested()
        A new run, with the settings in `requested_run`.
    preset_requested(Preset)
        A new run, as a preset describes it.
    """

    hyperparameters_changed = Signal(object)
    run_requested = Signal()
    preset_requested = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._settings = RunSettings()
        self._hyperparameters = Hyperparameters()
        self._recipe: Recipe = DEFAULT
        self._kind: DataKind = "names"
        self._n_kinds = 0
        # Fewer widths than there are layers now; they wait for a new run.
        self._fewer: tuple[int, ...] | None = None
        self._make_live_parts()
        self._make_fixed_parts()
        self.text = TextSettings()
        self.kinds = KindSettings()
        self.presets = PresetRow()
        self._size = MessageLine(1, "Size of the network", most=_MOST_LINES)
        self._message = MessageLine(2, "Message", most=_MOST_LINES)
        self._pending = MessageLine(1, "Waiting for a new run", most=_MOST_LINES)
        self._lay_out()
        self._connect()
        self._show_settings(self._settings)
        self.show_knobs(self._hyperparameters)

    def _make_live_parts(self) -> None:
        self.layers = number(
            _LAYERS,
            "Number of layers. A layer can be added while the network learns, and undone; fewer "
            "layers need a new run",
            whole=True,
        )
        self.widths = WidthsBox()
        self.optimizer = choice(OPTIMIZER_WORDS, "The rule that turns a gradient into a step")
        self.batch = number(_BATCHES, _BATCH_TIP, whole=True)
        self._batch_label = FieldLabel(_BATCH_WORDS)
        self.dropout = number(_DROPOUTS, "Share of each layer's output left out in training")
        self.clipping = choice(
            CLIPPING_WORDS, "What the clip value limits: each entry of the gradient, or its norm"
        )
        self.l2 = number(
            (*_SMALL, L2.high), "L2 regularisation: how strongly parameters are pulled towards zero"
        )
        self.decay = number(
            (*_SMALL, DECAY.high),
            "How fast the learning rate falls with the epochs since it was set; "
            "0 keeps it constant",
        )
        self.schedule = choice(
            SCHEDULE_WORDS,
            "How the learning rate falls. Inverse: it is divided by 1 + decay × epoch, as in the "
            "course. Exponential: it is multiplied by e to the power −decay × epoch, so that a run "
            "left alone comes to rest",
        )
        self.backend = BackendChoice()

    def _make_fixed_parts(self) -> None:
        self.cell = choice(CELL_WORDS, CELL_TIP)
        self.embedding = number(
            _EMBEDDINGS,
            "How many learned numbers represent a letter; 0 stands for one-hot",
            whole=True,
        )
        self.embedding.setSpecialValueText("one-hot")
        self.dtype = choice(
            DTYPE_WORDS, "The type of the numbers: float32 is faster, float64 more exact"
        )
        self.held_out = number(
            _SHARES,
            "Share of the data held out, in percent; the notebook recipe holds out none",
        )
        self.seed = number(_SEEDS, "The same seed gives the same run", whole=True)
        self.begin = button(
            "Begin a new r&un",
            "Begin a new run with these settings. Restart does the same again, with the settings "
            "of the current run, which can be opened again with File > Runs",
        )

    def _lay_out(self) -> None:
        settings = QWidget()
        inner = QVBoxLayout(settings)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(4)
        # One grid for all groups, so that their columns line up.
        grid = QGridLayout()
        grid.setHorizontalSpacing(4)
        grid.setVerticalSpacing(2)
        grid.setColumnStretch(1, 1)
        grid.setColumnStretch(3, 1)
        for row, parts in enumerate(self._rows()):
            fill_row(grid, row, parts)
        inner.addLayout(grid)
        inner.addWidget(self.text)
        inner.addWidget(self.kinds)
        inner.addStretch(1)
        # Only the settings scroll: in a large font or a small window, the buttons stay in sight.
        layout = QVBoxLayout(self)
        layout.setContentsMargins(4, 4, 4, 4)
        layout.setSpacing(4)
        layout.addWidget(self.presets)
        layout.addWidget(VerticalScroll(settings, keeps_width=True, least_lines=_LEAST_LINES), 1)
        layout.addWidget(self._message)
        layout.addWidget(self.begin)

    def _rows(self) -> tuple[Row, ...]:
        return (
            (("Acts at once", self._size),),
            (("L&ayers", self.layers), ("&Widths", self.widths)),
            (("O&ptimiser", self.optimizer),),
            ((self._batch_label, self.batch), ("&Dropout", self.dropout)),
            (("C&lipping", self.clipping),),
            (("L&2", self.l2), ("Deca&y", self.decay)),
            (("Schedule", self.schedule),),
            (("Step", self.backend),),
            (("Begins a new run", self._pending),),
            (("&Cell", self.cell), ("Numbers", self.dtype)),
            (("Embedding", self.embedding),),
            (("Held out, %", self.held_out), ("Seed", self.seed)),
        )

    def _connect(self) -> None:
        self.layers.valueChanged.connect(self._set_layers)
        self.widths.entered.connect(self._set_widths)
        self.widths.refused.connect(self._refuse_widths)
        self.widths.given_up.connect(self._give_up_widths)
        self.widths.returnPressed.connect(self._leave_widths)
        for live in (self.optimizer, self.clipping, self.schedule, self.backend):
            live.currentIndexChanged.connect(self._report_changes)
        for box in (self.batch, self.dropout, self.l2, self.decay):
            box.valueChanged.connect(self._report_changes)
        self.text.changed.connect(self._show_difference)
        self.kinds.changed.connect(self._show_difference)
        self.kinds.balance.value_changed.connect(self._report_balance)
        for fixed in (self.embedding, self.held_out, self.seed):
            fixed.valueChanged.connect(self._show_difference)
        for foundation in (self.cell, self.dtype):
            foundation.currentIndexChanged.connect(self._show_difference)
        self.begin.clicked.connect(self.run_requested)
        self.presets.requested.connect(self.preset_requested)

    @property
    def error(self) -> str:
        """The sentence that says what is wrong with a request; empty if nothing is."""
        return self._message.message if self._message.is_error else ""

    @property
    def cost_message(self) -> str:
        """The sentence about the latest change of the network's size."""
        return "" if self._message.is_error else self._message.message

    @property
    def size_message(self) -> str:
        """The sentence about the network's size."""
        return self._size.message

    @property
    def pending_message(self) -> str:
        """The sentence about the settings that wait for a new run; empty if none do."""
        return self._pending.message

    @property
    def requested_run(self) -> tuple[RunSettings, tuple[int, ...]]:
        """The settings of a new run, and its widths."""
        # If the recipe holds nothing out, the box shows 0; the share for other recipes is kept.
        share = self.held_out.value() / 100 if self._recipe.holds_out else self._settings.held_out
        settings = RunSettings(
            self.cell.currentData(),
            round(self.embedding.value()) or None,
            self.dtype.currentData(),
            share,
            round(self.seed.value()),
        )
        if self._kind != "names":
            settings = self.text.applied_to(settings)
        if self._n_kinds:
            settings = self.kinds.applied_to(settings)
        return settings, self._fewer or self._hyperparameters.widths

    def show_error(self, message: str) -> None:
        """Show what is wrong with a request, and restore the values in force.

        Refused widths stay and are marked, so that they can be corrected.
        """
        asked = self.widths.text()
        self.show_knobs(self._hyperparameters)
        if asked != self.widths.text():
            self.widths.setText(asked)
            self.widths.mark(message)
        self._say(message, is_error=True)

    @Slot(str)
    def show_cost(self, message: str) -> None:
        """Show the sentence about a change of the network's size."""
        self._say(message)

    def _say(self, message: str, *, is_error: bool = False) -> None:
        """Show a message above the buttons, where its room is reserved."""
        self._message.say(message, is_error=is_error)

    def discard_pending(self) -> None:
        """Show the values in force, and drop what waits for a new run."""
        self._fewer = None
        self.widths.mark("")
        self._show_settings(self._settings)
        self.show_knobs(self._hyperparameters)

    def show_run(
        self,
        settings: RunSettings,
        recipe: Recipe,
        kind: DataKind = "names",
        *,
        n_kinds: int = 0,
    ) -> None:
        """Show the settings of the current run.

        Settings that wait for a new run go on waiting, unless the data are of another `kind`.

        Parameters
        ----------
        settings : RunSettings
        recipe : Recipe
        kind : str
            The kind of data: "names" or "text".
        n_kinds : int
            How many kinds of names the data have; 0 for none.
        """
        shown = self._settings, self._recipe, self._kind, self._n_kinds
        if (settings, recipe, kind, n_kinds) != shown:
            if kind != self._kind:
                self._fewer = None
            self._settings, self._recipe, self._kind = settings, recipe, kind
            self._n_kinds = n_kinds
            self._show_kind()
            self._show_settings(settings)
        self.presets.forget_choice()
        self._say("")
        self._show_difference()
        self.presets.show_run(self._recipe, self._hyperparameters, self._settings)

    def _show_kind(self) -> None:
        """Show the settings and labels for the kind of data."""
        is_text = self._kind != "names"
        self.text.setVisible(is_text)
        self.kinds.setVisible(bool(self._n_kinds))
        self.kinds.show_kind(self._kind)
        words = batch_words(self._settings) if is_text else _BATCH_WORDS
        self._batch_label.setText(words)
        self.batch.setAccessibleName(words)
        self.batch.setToolTip(batch_tip(self._settings) if is_text else _BATCH_TIP)
        self.presets.show_kind(self._kind, self._n_kinds)

    def _show_settings(self, settings: RunSettings) -> None:
        holds_out = self._recipe.holds_out
        parts = (self.cell, self.embedding, self.dtype, self.held_out, self.seed)
        blockers = [QSignalBlocker(part) for part in parts]
        choose(self.cell, settings.cell)
        self.embedding.setValue(settings.embedding or 0)
        choose(self.dtype, settings.dtype)
        self.held_out.setMinimum(_SHARES[0] if holds_out else 0.0)
        self.held_out.setValue(100 * settings.held_out if holds_out else 0.0)
        self.held_out.setEnabled(holds_out)
        self.seed.setValue(settings.seed)
        for blocker in blockers:
            blocker.unblock()
        self.text.show_settings(settings)
        self.kinds.show_settings(settings)
        self._show_difference()

    @Slot(object)
    def show_knobs(self, hyperparameters: Hyperparameters) -> None:
        """Show the hyperparameters in force."""
        self._hyperparameters = hyperparameters
        if self._fewer is not None and len(self._fewer) >= len(hyperparameters.widths):
            self._fewer = None
        self._say("")
        parts = (
            *(self.optimizer, self.batch, self.dropout, self.clipping),
            *(self.l2, self.decay, self.schedule, self.backend, self.layers),
        )
        blockers = [QSignalBlocker(part) for part in parts]
        choose(self.optimizer, hyperparameters.optimizer)
        self.batch.setValue(hyperparameters.batch)
        self.dropout.setValue(hyperparameters.dropout)
        choose(self.clipping, hyperparameters.clipping)
        self.l2.setValue(hyperparameters.l2)
        self.decay.setValue(hyperparameters.decay)
        self.kinds.balance.set_value(hyperparameters.balance)
        choose(self.schedule, hyperparameters.schedule)
        choose(self.backend, hyperparameters.backend)
        widths = self._fewer or hyperparameters.widths
        self.layers.setValue(len(widths))
        if not self.widths.is_marked:
            self.widths.show_widths(widths)
        for blocker in blockers:
            blocker.unblock()
        self._show_difference()
        self.presets.show_run(self._recipe, self._hyperparameters, self._settings)

    def show_size(self, architecture: Architecture) -> None:
        """Show the number of layers and parameters, also of the presets."""
        self.presets.show_data(architecture.n_symbols, architecture.n_kinds)
        self._size.say(
            f"{CELL_WORDS[architecture.cell]}, {layers_text(len(architecture.widths))}: "
            f"{architecture.n_parameters:,} parameters."
        )

    @Slot()
    def _report_changes(self) -> None:
        self.hyperparameters_changed.emit(
            {
                "optimizer": self.optimizer.currentData(),
                "batch": round(self.batch.value()),
                "dropout": self.dropout.value(),
                "clipping": self.clipping.currentData(),
                "l2": self.l2.value(),
                "decay": self.decay.value(),
                "schedule": self.schedule.currentData(),
                "backend": self.backend.currentData(),
            }
        )

    @Slot(object)
    def _report_balance(self, balance: float | None) -> None:
        self.hyperparameters_changed.emit({"balance": balance or 0.0})

    @Slot(float)
    def _set_layers(self, count: float) -> None:
        """Remove top layers, restore those in force, or add layers as wide as the top one."""
        widths = (self._fewer or self._hyperparameters.widths)[: round(count)]
        widths += self._hyperparameters.widths[len(widths) : round(count)]
        widths += widths[-1:] * (round(count) - len(widths))
        self.widths.show_widths(widths)
        self._set_widths(widths)

    @Slot(object)
    def _set_widths(self, widths: tuple[int, ...]) -> None:
        """Keep fewer layers waiting for a new run; everything else acts at once."""
        self.widths.mark("")
        self._fewer = widths if len(widths) < len(self._hyperparameters.widths) else None
        if self._fewer is None and widths != self._hyperparameters.widths:
            self.hyperparameters_changed.emit({"widths": widths})
        else:
            self.show_knobs(self._hyperparameters)

    @Slot(str)
    def _refuse_widths(self, message: str) -> None:
        self._say(message, is_error=True)

    @Slot()
    def _give_up_widths(self) -> None:
        self._set_widths(self._hyperparameters.widths)

    @Slot()
    def _leave_widths(self) -> None:
        """Take the typed widths, and move the focus to where the space bar trains."""
        self.widths.interpretText()
        if not self.widths.is_marked:
            self.layers.setFocus()

    @Slot()
    def _show_difference(self) -> None:
        """Enable a new run if it would differ from the current one, and show how."""
        pending = pending_text(self._settings, self.requested_run[0], self._fewer)
        self._pending.say(f"Waiting: {pending}" if pending else "")
        self.begin.setEnabled(bool(pending))

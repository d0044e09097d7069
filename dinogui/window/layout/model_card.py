"""The Model card: the cell, the settings that matter most, and the way to all others."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QSizePolicy, QToolButton, QWidget

from dinogui.common.theme import SPACE
from dinogui.common.words import CELL_TIP, CELL_WORDS, OPTIMIZER_WORDS, units_text
from dinogui.panels.model.form import button, choose
from dinogui.panels.model.model import ModelPanel
from dinogui.session.session import Session
from dinogui.widgets.buttons.segmented import SegmentedControl
from dinogui.widgets.cards.card import Card

_CELL_TIP = f"The cell of the network. Another one begins a new run.\n{CELL_TIP}"


class ModelCard(Card):
    """Shows what trains, in short. Its settings are those of the model's panel.

    Lives in the GUI thread.

    Parameters
    ----------
    model : ModelPanel
        Takes the cell that is chosen here, and begins the run.
    session : Session

    Signals
    -------
    settings_requested()
        Somebody wants to see all settings.
    """

    settings_requested = Signal()

    def __init__(self, model: ModelPanel, session: Session, parent: QWidget | None = None) -> None:
        super().__init__("Model", "Model", can_fold=True, parent=parent)
        self._model, self._session = model, session
        self.cells = SegmentedControl("Cell", CELL_WORDS, _CELL_TIP)
        self.values: dict[str, QLabel] = {}
        self._names: dict[str, QLabel] = {}
        grid = QGridLayout()
        grid.setVerticalSpacing(2 * SPACE)
        for row, name in enumerate(("Layers", "Optimiser", "Names a step", "Dropout")):
            label, value = QLabel(name), QLabel()
            value.setProperty("role", "heading")
            value.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            value.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
            grid.addWidget(label, row, 0)
            grid.addWidget(value, row, 1)
            self._names[name], self.values[name] = label, value
        grid.setColumnStretch(1, 1)
        self.all_settings = QToolButton()
        self.all_settings.setText("All settings…")
        self.all_settings.setToolTip("Presets, and every setting of the network and its training")
        self.all_settings.setAccessibleName("All settings")
        self.all_settings.setAutoRaise(True)
        self.all_settings.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.all_settings.clicked.connect(self.settings_requested)
        self.begin = button("New run", "Replace the current run by a new one with what is chosen")
        self.begin.clicked.connect(model.begin.click)
        foot = QHBoxLayout()
        foot.addWidget(self.all_settings)
        foot.addStretch(1)
        foot.addWidget(self.begin)
        self.body.addWidget(self.cells)
        self.body.addLayout(grid)
        self.body.addLayout(foot)
        # Its room is kept, so that nothing moves when it appears.
        policy = self.begin.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.begin.setSizePolicy(policy)
        self.cells.chosen.connect(self._choose_cell)
        for fixed in (model.cell, model.dtype):
            fixed.currentIndexChanged.connect(self.refresh)
        for number in (model.embedding, model.held_out, model.seed):
            number.valueChanged.connect(self.refresh)
        model.kinds.changed.connect(self.refresh)
        self.refresh()

    @Slot(str)
    def _choose_cell(self, cell: str) -> None:
        choose(self._model.cell, cell)

    @Slot()
    def refresh(self) -> None:
        """Show what is in force, after the model's panel has been brought up to date."""
        session, now = self._session, self._session.hyperparameters
        self.cells.show_value(self._model.cell.currentData())
        batch = "Names a step" if session.kind == "names" else "Pieces a step"
        self._names["Names a step"].setText(batch)
        for name, text in (
            ("Layers", str(len(now.widths))),
            ("Optimiser", OPTIMIZER_WORDS[now.optimizer]),
            ("Names a step", f"{now.batch:,}"),
            ("Dropout", f"{now.dropout:g}"),
        ):
            self.values[name].setText(text)
        self.begin.setVisible(bool(self._model.pending_message))
        network = CELL_WORDS[session.settings.cell]
        units = units_text(now.widths)
        self.note.show_text(f"{network} {units}" if self.is_folded else "")
        self.begin.setToolTip(f"Begin a new run with: {self._model.pending_message}")

    def fold(self, is_folded: bool) -> None:
        """Show only the head, which then names the network, or the whole card."""
        super().fold(is_folded)
        if hasattr(self, "begin"):
            self.refresh()

"""The presets: which one the run is, what each of them is, and a button that starts another."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt, Signal, Slot
from PySide6.QtWidgets import (
    QHBoxLayout,
    QStyledItemDelegate,
    QStyleOptionComboBox,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from dinogui.common.run_plan import RunPlan
from dinogui.common.words import CELL_WORDS, plan_changes_text, units_text
from dinogui.panels.model.form import button
from dinogui.widgets.choice_box import ChoiceBox
from dinogui.widgets.message_line import MessageLine
from engine.data.name_kinds import MIN_KINDS
from engine.data.training_data import DataKind
from engine.training.presets import Preset, presets_for
from engine.training.recipes import DEFAULT, Recipe
from engine.training.settings import Hyperparameters, RunSettings

_OWN = "Own settings"
_OWN_NOTE = "Settings of your own, not those of a preset. Choose one to see what it is."
_NARROWEST_BOX = 160
_NOTE_LINES, _MOST_NOTE_LINES = 3, 7
_FACTS_ROLE = Qt.ItemDataRole.UserRole + 1
_NEW_LINE = "\u2028"
"""Qt's line separator, which a delegate breaks lines at, in place of the newline."""

_LETTERS_AND_END = 27
"""The symbols of most lists of names, before the data is known."""


class _FactsBelowNames(QStyledItemDelegate):
    """Writes what a preset is below its name, in the list that opens."""

    def initStyleOption(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Add a line."""
        super().initStyleOption(option, index)
        option.text = f"{option.text}{_NEW_LINE}{index.data(_FACTS_ROLE)}"


class _PresetBox(ChoiceBox):
    """A combo box whose list is made when it opens first, so that a start does not pay for it.

    While it shows no preset, it says so in the usual ink: Qt would write in that of a disabled box.
    """

    def initStyleOption(self, option: QStyleOptionComboBox) -> None:
        """Write what the run is."""
        super().initStyleOption(option)
        if self.currentIndex() < 0:
            option.currentText = _OWN

    def showPopup(self) -> None:
        """Open the list."""
        if not isinstance(self.itemDelegate(), _FactsBelowNames):
            self.setItemDelegate(_FactsBelowNames(self))
        view = self.view()
        view.setMinimumWidth(view.sizeHintForColumn(0))
        super().showPopup()


class PresetRow(QWidget):
    """A box with the presets, a button, and a note about the preset that is shown.

    Lives in the GUI thread.

    Signals
    -------
    requested(Preset)
        A new run, as the preset describes it.
    """

    requested = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._is_chosen = False
        self._presets: tuple[Preset, ...] = ()
        self._n_symbols, self._n_kinds = _LETTERS_AND_END, 0
        self._run = RunPlan(DEFAULT, Hyperparameters(), RunSettings())
        self.box = _PresetBox()
        self.box.setAccessibleName("Preset")
        self.box.setToolTip(
            f"Settings of a whole run that work well. “{_OWN}” are those of no preset"
        )
        self.box.setMinimumWidth(_NARROWEST_BOX)
        self.begin = button(
            "Begin pre&set",
            "Begin a new run with this preset. The current one can be opened again with File > "
            "Earlier runs",
        )
        self._note = MessageLine(_NOTE_LINES, "About the preset", most=_MOST_NOTE_LINES)
        row = QHBoxLayout()
        row.addWidget(self.box, 1)
        row.addWidget(self.begin)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addLayout(row)
        layout.addWidget(self._note)
        self.show_kind("names")
        self.box.activated.connect(self._choose)
        self.begin.clicked.connect(self._request)

    @property
    def note(self) -> str:
        """What is said about the preset that is shown, or about a run of one's own."""
        return self._note.message

    def facts(self, row: int) -> str:
        """Return what the list says below the name of a preset."""
        return str(self.box.itemData(row, _FACTS_ROLE))

    def show_kind(self, kind: DataKind, n_kinds: int = 0) -> None:
        """Offer the presets for a kind of data, and so many kinds of names."""
        presets = presets_for(kind, has_kinds=n_kinds > 0)
        if (presets, n_kinds) == (self._presets, self._n_kinds):
            return
        self._presets, self._n_kinds = presets, n_kinds
        self.box.clear()
        for row, preset in enumerate(presets):
            self.box.addItem(preset.name, preset)
            self.box.setItemData(row, preset.describe(), Qt.ItemDataRole.ToolTipRole)
        self._write_facts()

    def show_data(self, n_symbols: int, n_kinds: int) -> None:
        """Count the parameters for the numbers of symbols and of kinds of names in the data."""
        if (n_symbols, n_kinds) != (self._n_symbols, self._n_kinds):
            self._n_symbols, self._n_kinds = n_symbols, n_kinds
            self._write_facts()
            self._write_note()

    def forget_choice(self) -> None:
        """Show the run's own preset again, instead of the chosen one."""
        self._is_chosen = False

    def show_run(
        self, recipe: Recipe, hyperparameters: Hyperparameters, settings: RunSettings
    ) -> None:
        """Show which preset a run is, unless another preset is being chosen.

        The seed may be any, and so may the kind of smoothing: that of old files is another one.
        """
        self._run = RunPlan(recipe, hyperparameters, settings)
        if not self._is_chosen:
            rows = (row for row in range(len(self._presets)) if not self._changes(row))
            self.box.setCurrentIndex(next(rows, -1))
            is_own = self.box.currentIndex() < 0
            self.box.setAccessibleDescription(_OWN if is_own else "")
            self.begin.setEnabled(self.box.currentIndex() >= 0)
        self._write_note()

    def _changes(self, row: int) -> str:
        return plan_changes_text(self._run, RunPlan.of(self._presets[row]))

    def _write_facts(self) -> None:
        for row, preset in enumerate(self._presets):
            network = CELL_WORDS[preset.settings.cell]
            units = units_text(preset.hyperparameters.widths)
            parts = [f"{network} {units}", f"{self._parameters(preset):,} parameters"]
            if preset.measured is not None:
                found = preset.measured
                parts.append(f"{found.nats_per_character:.2f} after {found.seconds:g} s")
            facts = ", ".join(parts)
            self.box.setItemData(row, facts, _FACTS_ROLE)
            self.box.setItemData(row, f"{preset.name}: {facts}", Qt.ItemDataRole.AccessibleTextRole)

    def _parameters(self, preset: Preset) -> int:
        widths = preset.hyperparameters.widths
        n_kinds = max(self._n_kinds, MIN_KINDS) if preset.is_of_kinds else self._n_kinds
        return preset.settings.architecture(self._n_symbols, widths, n_kinds).n_parameters

    def _write_note(self) -> None:
        """Say what the shown preset is, and what it would change if it is not begun yet."""
        row = self.box.currentIndex()
        if row < 0:
            self._note.say(_OWN_NOTE)
            return
        preset, changes = self._presets[row], self._changes(row)
        note = f"{self._parameters(preset):,} parameters"
        if preset.measured is not None:
            note += f"; {preset.measured.describe()}"
        if changes:
            note = f"Not begun yet. {note}. It changes: {changes}"
        self._note.say(f"{note}.")

    @Slot()
    def _choose(self) -> None:
        self._is_chosen = True
        self.begin.setEnabled(True)
        self._write_note()

    @Slot()
    def _request(self) -> None:
        self.requested.emit(self.box.currentData())

"""The presets: which one the run is, and a button that starts another."""

from collections.abc import Mapping
from dataclasses import replace

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QWidget

from dinogui.panels.model.form import button
from engine.data.training_data import DataKind
from engine.training.presets import PRESETS, TEXT_PRESETS, Preset
from engine.training.recipes import Recipe
from engine.training.settings import Hyperparameters, RunSettings

_NARROWEST_BOX = 160
_PRESETS: Mapping[DataKind, tuple[Preset, ...]] = {"names": PRESETS, "text": TEXT_PRESETS}


class PresetRow(QWidget):
    """A box with the presets, and a button. Lives in the GUI thread.

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
        self.box = QComboBox()
        self.box.setAccessibleName("Preset")
        self.box.setToolTip(
            "Settings of a whole run that work well. “own” is a run with settings of your own"
        )
        self.box.setMinimumWidth(_NARROWEST_BOX)
        self.box.setPlaceholderText("own")
        self.show_kind("names")
        self.begin = button(
            "Begin pre&set", "Replace the current run by a new one with this preset"
        )
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.box, 1)
        layout.addWidget(self.begin)
        self.box.activated.connect(self._choose)
        self.begin.clicked.connect(self._request)

    def show_kind(self, kind: DataKind) -> None:
        """Offer the presets for a kind of data."""
        presets = _PRESETS[kind]
        if presets is self._presets:
            return
        self._presets = presets
        self.box.clear()
        for row, preset in enumerate(presets):
            self.box.addItem(preset.name, preset)
            self.box.setItemData(row, preset.summary, Qt.ItemDataRole.ToolTipRole)

    def forget_choice(self) -> None:
        """Show the run's own preset again, instead of the chosen one."""
        self._is_chosen = False

    def show_run(
        self, recipe: Recipe, hyperparameters: Hyperparameters, settings: RunSettings
    ) -> None:
        """Show which preset a run is, unless another preset is being chosen.

        The seed may be any, and so may the kind of smoothing: that of old files is another one.
        """
        if self._is_chosen:
            return
        run = (recipe, hyperparameters, _comparable(settings))
        rows = (
            row
            for row, preset in enumerate(self._presets)
            if (preset.recipe, preset.hyperparameters, _comparable(preset.settings)) == run
        )
        self.box.setCurrentIndex(next(rows, -1))
        self.begin.setEnabled(self.box.currentIndex() >= 0)

    @Slot()
    def _choose(self) -> None:
        self._is_chosen = True
        self.begin.setEnabled(True)

    @Slot()
    def _request(self) -> None:
        self.requested.emit(self.box.currentData())


def _comparable(settings: RunSettings) -> RunSettings:
    return replace(settings, seed=0, smoothing=RunSettings.smoothing)

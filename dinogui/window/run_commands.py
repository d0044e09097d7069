"""What people want of the run: handed to the session, and what it refuses, said."""

from dataclasses import replace
from typing import Any

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QAction

from dinogui.panels.model.model import ModelPanel
from dinogui.session.session import Session
from dinogui.session.undo import Undo
from dinogui.widgets.banner import Banner
from dinogui.window.opening import Opening
from engine.training.presets import PRESETS, Preset
from engine.training.recipes import Recipe


class RunCommands(QObject):
    """Turns the window's knobs and buttons into orders to the session.

    Lives in the GUI thread.

    Parameters
    ----------
    session : Session
    undo : Undo
        Turns the knobs, so that it can be taken back.
    opening : Opening
        Begins presets, for which a text may have to be read again.
    model : ModelPanel
        Says what a new run is to be built on, and what was refused of what it asked for.
    banner : Banner
        Says what was refused of anything else.
    """

    def __init__(
        self,
        session: Session,
        undo: Undo,
        opening: Opening,
        model: ModelPanel,
        banner: Banner,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._undo = undo
        self._opening = opening
        self._model = model
        self._banner = banner

    @Slot(object)
    def set_hyperparameters(self, changes: dict[str, Any]) -> None:
        """Set knobs, by name."""
        try:
            self._undo.set_hyperparameters(changes)
        except ValueError as error:
            self._model.show_error(str(error))

    @Slot(object)
    def set_learning_rate(self, value: float) -> None:
        """Set one knob."""
        self.set_hyperparameters({"learning_rate": value})

    @Slot(object)
    def set_clip(self, value: float | None) -> None:
        """Set one knob."""
        self.set_hyperparameters({"clip": value})

    @Slot(int)
    def set_hidden(self, value: int) -> None:
        """Set the width of the lowest layer."""
        self.set_hyperparameters({"widths": (value, *self._session.hyperparameters.widths[1:])})

    @Slot()
    def restart(self) -> None:
        """Begin anew, with what waits for a new run."""
        try:
            self._restart()
        except ValueError as error:
            self._banner.say(str(error))

    @Slot()
    def begin_run(self) -> None:
        """Begin the run that the Model tab describes."""
        try:
            self._restart()
        except ValueError as error:
            self._model.show_error(str(error))

    @Slot(object)
    def begin_preset(self, preset: Preset) -> None:
        """Begin a whole run; nothing waits any more."""
        self._model.discard_pending()
        try:
            self._opening.begin_preset(preset)
        except ValueError as error:
            self._model.show_error(str(error))

    @Slot(QAction)
    def choose_recipe(self, action: QAction) -> None:
        """Begin anew by a recipe: with this network, or with the recipe's own if it must be."""
        recipe: Recipe = action.data()
        try:
            self._restart(recipe)
        except ValueError as error:
            if self._session.kind == "text":  # it is too short for what waits
                self._banner.say(str(error))
                return
            self.begin_preset(next(preset for preset in PRESETS if preset.recipe is recipe))
            self._banner.say(
                "The notebook recipe goes with the course's own network only: a single tanh layer, "
                "a name a step. So this run begins with that network and its knobs."
            )

    def _restart(self, recipe: Recipe | None = None) -> None:
        settings, widths = self._model.requested_run
        hyperparameters = replace(self._session.hyperparameters, widths=widths)
        self._session.restart(recipe, hyperparameters, settings)

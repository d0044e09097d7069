"""Commands of a run, passed from sliders and buttons to the session; refusals are shown."""

from dataclasses import replace
from typing import Any

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QAction

from dinogui.panels.model.model import ModelPanel
from dinogui.session.session import Session
from dinogui.widgets.banner import Banner
from dinogui.window.opening import Opening
from engine.training.ending import ENDLESS
from engine.training.presets import PRESETS, Preset
from engine.training.recipes import Recipe


class RunCommands(QObject):
    """Passes on requests from the sliders and the buttons of the run.

    Lives in the GUI thread.

    Parameters
    ----------
    session : Session
    opening : Opening
        Begins presets, as a text may have to be read again for them.
    model : ModelPanel
        Describes the next run, and shows why the session refused something asked for there.
    banner : Banner
        Shows why the session refused something else.
    """

    def __init__(
        self,
        session: Session,
        opening: Opening,
        model: ModelPanel,
        banner: Banner,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._opening = opening
        self._model = model
        self._banner = banner

    @Slot(object)
    def set_hyperparameters(self, changes: dict[str, Any]) -> None:
        """Set hyperparameters, by name."""
        try:
            self._session.set_hyperparameters(**changes)
        except ValueError as error:
            self._model.show_error(str(error))

    @Slot(object)
    def set_learning_rate(self, value: float) -> None:
        """Set the learning rate."""
        self.set_hyperparameters({"learning_rate": value})

    @Slot(object)
    def set_clip(self, value: float | None) -> None:
        """Set the clip value; None does not clip."""
        self.set_hyperparameters({"clip": value})

    @Slot(int)
    def set_hidden(self, value: int) -> None:
        """Set the width of the lowest layer."""
        self.set_hyperparameters({"widths": (value, *self._session.hyperparameters.widths[1:])})

    @Slot()
    def restart(self) -> None:
        """Begin the same run again; what was chosen for another one goes on waiting."""
        try:
            self._session.restart()
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
        """Begin a run as a preset describes it, and discard what was chosen for the next run."""
        self._model.discard_pending()
        try:
            self._opening.begin_preset(preset)
        except ValueError as error:
            self._model.show_error(str(error))

    @Slot(QAction)
    def choose_recipe(self, action: QAction) -> None:
        """Begin a run by a recipe: with the same network, or the recipe's own if it needs that."""
        recipe: Recipe = action.data()
        try:
            self._restart(recipe)
        except ValueError as error:
            if self._session.kind != "names":  # the text is too short for what was chosen
                self._banner.say(str(error))
                return
            self.begin_preset(_preset_of(recipe))
            self._banner.say(
                "The notebook recipe works only with the course's own network: a single tanh "
                "layer that learns from one name per step. The new run therefore uses that network "
                "and its hyperparameters."
            )

    def _restart(self, recipe: Recipe | None = None) -> None:
        settings, widths = self._model.requested_run
        hyperparameters = replace(self._session.hyperparameters, widths=widths)
        until = None
        if recipe is not None and recipe is not self._session.recipe:
            # How the learning rate falls, and when the run ends, are part of a recipe.
            usual = _preset_of(recipe)
            decay, schedule = usual.hyperparameters.decay, usual.hyperparameters.schedule
            hyperparameters = replace(hyperparameters, decay=decay, schedule=schedule)
            until = usual.until or ENDLESS
        self._session.restart(recipe, hyperparameters, settings, until)


def _preset_of(recipe: Recipe) -> Preset:
    """Return the preset with a recipe's own network."""
    return next(preset for preset in PRESETS if preset.recipe is recipe)

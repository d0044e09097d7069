"""The divergence guard: good parameters to go back to, and those that a run diverged with."""

from dataclasses import replace

import numpy as np

from engine.evaluation.baselines import uniform_loss
from engine.nn.architecture import Architecture
from engine.nn.parameters import Array, Parameters
from engine.storage.validated_mapping import StateDict, ValidatedMapping, dataclass_from_json
from engine.training.messages import Divergence
from engine.training.ranges import LOST
from engine.training.settings import Hyperparameters

_HOPELESS = 2.0
"""Parameters whose loss is above this many times that of guessing are not worth a rollback."""


class DivergenceGuard:
    """Keeps good parameters to go back to and, after a divergence, those that diverged.

    There are two copies. The last one may already be part of a decline that nobody has noticed, so
    the one before it is kept as well, once the loss has stayed healthy for a while after it.

    Attributes
    ----------
    good_step : int
        Steps made when `good` was copied.
    good : Parameters
        The last good parameters. Their widths may differ from the present ones.
    is_resized_since : bool
        Whether the network has other units than `good` now.
    divergence : Divergence or None
        The latest divergence, until `settle`.
    """

    good_step: int
    good: Parameters

    def __init__(self) -> None:
        self.divergence: Divergence | None = None
        self.is_resized_since = False
        self._diverged: Array | None = None
        self._is_healthy = False  # whether the loss was, when `good` was copied
        self._earlier: tuple[int, Parameters] | None = None

    def keep(
        self, step: int, parameters: Parameters, *, is_healthy: bool = False, healthy_step: int = 0
    ) -> None:
        """Keep a copy of good parameters.

        Parameters
        ----------
        step : int
        parameters : Parameters
        is_healthy : bool
            Whether the loss is close to its best at this step.
        healthy_step : int
            The last step that the loss is known to have stayed healthy after.
        """
        if self._is_confirmed(healthy_step):
            self._earlier = self.good_step, self.good
        self.good_step, self.good, self._is_healthy = step, parameters.copy(), is_healthy
        self.is_resized_since = False

    def last_healthy(self, healthy_step: int) -> tuple[int, Parameters]:
        """Return the step and the parameters to go back to from a decline.

        They are the last ones from before the decline. If none were healthy yet, they are the last
        good ones.

        Parameters
        ----------
        healthy_step : int
            The last step that the loss is known to have stayed healthy after.
        """
        if self._is_confirmed(healthy_step) or self._earlier is None:
            return self.good_step, self.good
        return self._earlier

    def go_to(self, step: int, parameters: Parameters) -> None:
        """Make parameters that `last_healthy` returned the last good ones."""
        self.good_step, self.good, self._is_healthy = step, parameters, True
        if self.divergence is not None:
            self.divergence = replace(self.divergence, last_good_step=step)

    def _is_confirmed(self, healthy_step: int) -> bool:
        """Whether the loss was healthy when `good` was copied, and has stayed so."""
        return self._is_healthy and self.good_step <= healthy_step

    def diverge(self, step: int, parameters: Parameters, learning_rate: float) -> None:
        """Set `divergence`, and keep the parameters if all of them are finite."""
        self._diverged = parameters.flat.copy() if parameters.is_finite() else None
        can_go_on = self._diverged is not None
        self.divergence = Divergence(step, self.good_step, learning_rate, can_go_on)

    def settle(self) -> None:
        """Forget the divergence: the run goes on."""
        self.divergence = self._diverged = None

    def note_resize(self) -> None:
        """Forget the parameters that diverged: the network has other widths now."""
        self.is_resized_since = True
        self._diverged = None
        if self.divergence is not None:
            self.divergence = replace(self.divergence, can_go_on=False)

    def check(self) -> None:
        """Check that the run has just diverged.

        Raises
        ------
        ValueError
            If it has not.
        """
        if self.divergence is None:
            raise ValueError("The run has not diverged: there is nothing to roll back.")

    def diverged(self, architecture: Architecture) -> Parameters:
        """Return the parameters that the run diverged with.

        Raises
        ------
        ValueError
            If it has not diverged, or they were not kept.
        """
        self.check()
        if self._diverged is None:
            raise ValueError(
                "The parameters that diverged were not finite, or the widths have changed since. "
                "Roll back instead of going on."
            )
        return Parameters(architecture, self._diverged)

    def state(self) -> StateDict:
        """Return everything that `restore` needs, as copies."""
        state: StateDict = {
            "good_step": self.good_step,
            "good_widths": list(self.good.architecture.widths),
            "good_parameters": self.good.flat.copy(),
            "good_is_healthy": self._is_healthy,
        }
        if self._earlier is not None:
            step, earlier = self._earlier
            state["earlier_step"] = step
            state["earlier_widths"] = list(earlier.architecture.widths)
            state["earlier_parameters"] = earlier.flat.copy()
        if self.divergence is not None:
            state["divergence"] = [self.divergence.step, self.divergence.last_good_step]
            state["learning_rate"] = self.divergence.learning_rate
        if self._diverged is not None:
            state["diverged_parameters"] = self._diverged.copy()
        return state

    def restore(self, state: ValidatedMapping, parameters: Parameters) -> None:
        """Continue from what `state` returned when the network had `parameters`.

        Raises
        ------
        ValueError
            If it is not such a state; the message names what does not fit.
        """
        flat = parameters.flat
        self.good_step, self.good = _read_copy(state, "good", parameters)
        self._is_healthy = bool(state.value("good_is_healthy"))
        self._earlier = None
        if "earlier_step" in state:
            self._earlier = _read_copy(state, "earlier", parameters)
        self._diverged = None
        if "diverged_parameters" in state:
            self._diverged = state.array("diverged_parameters", flat.shape, flat.dtype)
        if "divergence" in state:
            step, last_good = (int(n) for n in state.value("divergence"))
            rate, can_go_on = state.number("learning_rate"), self._diverged is not None
            self.divergence = Divergence(step, last_good, rate, can_go_on)


def is_sound(parameters: Parameters) -> bool:
    """Whether all parameters are finite, and small enough to give a finite loss."""
    return bool(np.abs(parameters.flat).max() < LOST)


def is_hopeless(loss: float | None, characters: float | None, n_symbols: int) -> bool:
    """Whether a network is so bad that rolling back to it would not help.

    Parameters
    ----------
    loss, characters : float or None
        The moving averages, in nats per name and characters per name; None before the first step.
    n_symbols : int
        Size of the vocabulary.
    """
    if loss is None or characters is None:
        return False
    return not loss < _HOPELESS * uniform_loss(n_symbols) * characters


def _read_copy(
    state: ValidatedMapping, name: str, parameters: Parameters
) -> tuple[int, Parameters]:
    """Return the step and the parameters of a copy, whose widths may be others."""
    widths = dataclass_from_json(Hyperparameters, {"widths": state.value(f"{name}_widths")}).widths
    architecture = replace(parameters.architecture, widths=widths)
    shape = (architecture.n_parameters,)
    flat = state.array(f"{name}_parameters", shape, parameters.flat.dtype)
    return state.whole(f"{name}_step"), Parameters(architecture, flat)

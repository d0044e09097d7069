"""What guards a run against divergence: the last good parameters, and what was lost."""

from dataclasses import replace

import numpy as np

from engine.evaluation.baselines import uniform_loss
from engine.nn.architecture import Architecture
from engine.nn.parameters import Array, Parameters
from engine.storage.validated_mapping import StateDict, ValidatedMapping, dataclass_from_json
from engine.training.messages import Divergence
from engine.training.settings import Hyperparameters

LOST = 1e12
"""A loss above this, in nats, or one that is no number: there is nothing left to learn from."""

_HOPELESS = 2.0
"""Parameters that do worse than this many times guessing are not worth going back to."""


class DivergenceGuard:
    """Keeps a copy to go back to, and, while a run has diverged, what it went back from.

    Attributes
    ----------
    good_step : int
        The step that `good` is of.
    good : Parameters
        The last ones that were worth keeping. Their widths may be earlier ones.
    divergence : Divergence or None
        The latest, until `settle`.
    """

    good_step: int
    good: Parameters

    def __init__(self) -> None:
        self.divergence: Divergence | None = None
        self._lost: Array | None = None

    def keep(self, step: int, parameters: Parameters) -> None:
        """Keep a copy of good parameters."""
        self.good_step, self.good = step, parameters.copy()

    def diverge(self, step: int, parameters: Parameters, learning_rate: float) -> None:
        """Set `divergence`, and keep what is to be left, if it is numbers."""
        self._lost = parameters.flat.copy() if parameters.is_finite() else None
        can_go_on = self._lost is not None
        self.divergence = Divergence(step, self.good_step, learning_rate, can_go_on)

    def settle(self) -> None:
        """Forget the divergence: the run goes on."""
        self.divergence = self._lost = None

    def forget_lost(self) -> None:
        """Forget what was lost: the network has other widths now."""
        self._lost = None
        if self.divergence is not None:
            self.divergence = replace(self.divergence, can_go_on=False)

    def check(self) -> None:
        """Look whether the run has just diverged.

        Raises
        ------
        ValueError
            If not.
        """
        if self.divergence is None:
            raise ValueError("The run has not diverged: there is nothing to go back from.")

    def lost(self, architecture: Architecture) -> Parameters:
        """Return the parameters as they were when the run diverged.

        Raises
        ------
        ValueError
            If it has not, or they are gone.
        """
        self.check()
        if self._lost is None:
            raise ValueError(
                "The parameters as they were are no numbers, or of other widths than now. "
                "Roll back in place of going on."
            )
        return Parameters(architecture, self._lost)

    def state(self) -> StateDict:
        """Return copies of all that is kept."""
        kept: StateDict = {
            "step": self.good_step,
            "widths": list(self.good.architecture.widths),
            "good": self.good.flat.copy(),
        }
        if self.divergence is not None:
            kept["divergence"] = [self.divergence.step, self.divergence.last_good_step]
            kept["learning_rate"] = self.divergence.learning_rate
        return kept if self._lost is None else kept | {"lost": self._lost.copy()}

    def restore(self, state: ValidatedMapping, parameters: Parameters) -> None:
        """Keep again what `state` returned, with the parameters of that time.

        Raises
        ------
        ValueError
            If it cannot have been; the message names what does not fit.
        """
        architecture = replace(parameters.architecture, widths=_widths(state))
        flat = parameters.flat
        self.good_step = state.whole("step")
        self.good = Parameters(
            architecture, state.array("good", (architecture.n_parameters,), flat.dtype)
        )
        self._lost = state.array("lost", flat.shape, flat.dtype) if "lost" in state else None
        if "divergence" in state:
            step, last_good = (int(n) for n in state.value("divergence"))
            rate, can_go_on = state.number("learning_rate"), self._lost is not None
            self.divergence = Divergence(step, last_good, rate, can_go_on)


def is_sound(parameters: Parameters) -> bool:
    """Whether parameters are numbers, and small enough to give a loss that is one."""
    return bool(np.abs(parameters.flat).max() < LOST)


def is_hopeless(loss: float | None, characters: float | None, n_symbols: int) -> bool:
    """Whether a network is not worth going back to.

    Parameters
    ----------
    loss, characters : float or None
        The moving averages, in nats per name and characters a name; None before the first step.
    n_symbols : int
        Size of the vocabulary.
    """
    if loss is None or characters is None:
        return False
    return not loss < _HOPELESS * uniform_loss(n_symbols) * characters


def _widths(state: ValidatedMapping) -> tuple[int, ...]:
    return dataclass_from_json(Hyperparameters, {"widths": state.value("widths")}).widths

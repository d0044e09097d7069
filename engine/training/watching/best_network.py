"""The best network of a run so far, and whether the held-out loss has risen since.

The best network is the one with the lowest held-out loss, as it is measured during training.
"""

import math
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from engine.nn.parameters import Parameters
from engine.storage.validated_mapping import StateDict, ValidatedMapping, dataclass_from_json
from engine.training.learner import NetworkCopy
from engine.training.messages import HeldOutLoss, HeldOutTrend
from engine.training.settings import Hyperparameters
from engine.training.watching.measured_losses import measured_losses, measured_state

MEASUREMENTS = 10
"""Latest measurements whose mean is compared with the best one."""

_NOISE_MEASUREMENTS = 20
"""Latest measurements that the noise is estimated from."""

_LEAST_MARGIN = 0.005
"""Share of the best loss that the mean must lie above it."""

_NOISE = 4.5
"""How many times the noise it must lie above it."""


@dataclass(frozen=True)
class BestNetwork:
    """The network with the lowest held-out loss so far.

    Attributes
    ----------
    held_out : HeldOutLoss
        Its loss, and the steps that had been made.
    network : NetworkCopy
    """

    held_out: HeldOutLoss
    network: NetworkCopy

    @property
    def step(self) -> int:
        """Steps that had been made."""
        return self.held_out.step

    @property
    def parameters(self) -> Parameters:
        """Its parameters, read-only."""
        return self.network.parameters


def margin(best: float, later: Sequence[float]) -> float:
    """Return how far above the best loss the mean of later ones must lie to count as risen.

    The noise is the mean distance between one measurement and the next, apart from the typical
    step: a steady rise is not noise. The best of many measurements is the best by luck as well, by
    up to three times the noise.

    Parameters
    ----------
    best : float
    later : sequence of float
        The latest measurements since the best one, in order; at least two.
    """
    steps = np.diff(later)
    noise = float(np.abs(steps - np.median(steps)).mean())
    return max(_LEAST_MARGIN * best, _NOISE * noise)


class BestKeeper:
    """Keeps a copy of the best network, and notices when the held-out loss rises.

    The loss has risen when the mean of the last `MEASUREMENTS` measurements, all of them later than
    the best one, lies above it by more than `margin`.

    Attributes
    ----------
    best : BestNetwork or None
        None before the first measurement.
    """

    def __init__(self) -> None:
        self.best: BestNetwork | None = None
        self._latest: HeldOutLoss | None = None
        self._recent: deque[float] = deque(maxlen=_NOISE_MEASUREMENTS)
        self._has_risen = False

    @property
    def trend(self) -> HeldOutTrend | None:
        """The best measurement beside the latest one; None before the first."""
        if self.best is None or self._latest is None:
            return None
        return HeldOutTrend(self.best.held_out, self._latest, self._has_risen)

    def take(self, measured: HeldOutLoss, copy: Callable[[], NetworkCopy]) -> bool:
        """Take a measurement of the present network.

        Parameters
        ----------
        measured : HeldOutLoss
        copy : callable
            Copies the network, if it is the best.

        Returns
        -------
        bool
            Whether the network is better than all before.
        """
        loss = measured.nats_per_character
        if not math.isfinite(loss):
            return False
        self._latest = measured
        self._recent.append(loss)
        if self.best is None or loss < self.best.held_out.nats_per_character:
            self.best = BestNetwork(measured, copy())
            self._has_risen = False
            return True
        best = self.best.held_out.nats_per_character
        later = list(self._recent)
        if best in later:
            later = later[len(later) - later[::-1].index(best) :]
        self._has_risen = False
        if len(later) >= MEASUREMENTS:
            rise = float(np.mean(later[-MEASUREMENTS:])) - best
            self._has_risen = rise > margin(best, later)
        return False

    def state(self) -> StateDict:
        """Return everything that `restore` needs, as copies."""
        best, latest = self.best, self._latest
        if best is None or latest is None:
            return {}
        state: StateDict = {
            **measured_state([best.held_out, latest]),
            "recent": np.array(self._recent),
            "has_risen": self._has_risen,
            "widths": list(best.parameters.architecture.widths),
            "parameters": best.parameters.flat.copy(),
            "optimizer_name": best.network.optimizer,
        }
        moments = best.network.optimizer_state
        return state | {f"optimizer.{name}": value for name, value in moments.items()}

    def restore(self, state: ValidatedMapping, parameters: Parameters) -> None:
        """Continue from what `state` returned when the network had `parameters`.

        Raises
        ------
        ValueError
            If it is not such a state; the message names what does not fit.
        """
        if "measured" not in state:  # nothing was measured
            return
        measured = measured_losses(state)
        if len(measured) != 2 or not all(map(_is_sound, measured)):
            raise ValueError("measured must be two steps and finite losses.")
        recent = state.array("recent", (-1,), float)
        if len(recent) > _NOISE_MEASUREMENTS or not np.isfinite(recent).all():
            raise ValueError(f"recent must be at most {_NOISE_MEASUREMENTS} finite numbers.")
        self._recent.extend(recent.tolist())
        self._has_risen = state.flag("has_risen")
        self._latest = measured[1]
        self.best = BestNetwork(measured[0], read_best(state, parameters))


def read_best(state: ValidatedMapping, parameters: Parameters) -> NetworkCopy:
    """Return the best network in a state that `BestKeeper.state` has returned.

    Parameters
    ----------
    state : ValidatedMapping
    parameters : Parameters
        Those of the latest network.

    Raises
    ------
    ValueError
        If it is not such a state; the message names what does not fit.
    """
    chosen = dataclass_from_json(
        Hyperparameters,
        {"widths": state.value("widths"), "optimizer": state.value("optimizer_name")},
    )
    architecture = replace(parameters.architecture, widths=chosen.widths)
    shape = (architecture.n_parameters,)
    flat = state.array("parameters", shape, architecture.numpy_dtype)
    return NetworkCopy.restored(
        Parameters(architecture, flat), chosen.optimizer, state.part("optimizer.")
    )


def _is_sound(measured: HeldOutLoss) -> bool:
    losses = measured.nats_per_name, measured.nats_per_character
    return measured.step >= 0 and all(map(math.isfinite, losses))

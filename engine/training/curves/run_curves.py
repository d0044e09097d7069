"""The loss curves of a run."""

import numpy as np
from numpy.typing import NDArray

from engine.evaluation.units import Unit
from engine.storage.validated_mapping import StateDict, ValidatedMapping
from engine.training.curves.curve import Curve
from engine.training.curves.quantile_curve import QuantileCurve
from engine.training.curves.run_clock import RunClock
from engine.training.messages import Chunk, HeldOutLoss, LossSpike

Array = NDArray[np.floating]
_QUANTILES, _CLOCK, _ACCURACY = "quantiles", "clock.", "accuracy."


class Curves:
    """The curves of one run, in nats per name and in nats per character.

    The two are thinned separately: a long name is a high peak in one and not in the other. Curves
    in all other units are drawn from these. The accuracy of a network that tells kinds has a curve
    of its own, for what is held out: it does not follow from the loss. In that unit, all other
    curves are empty.

    Attributes
    ----------
    last_step : int
        The step at which the curves end.
    held_out_since : int
        The step from which on the held-out loss is measured as it is now; 0 unless an earlier
        version of the program measured it before.
    clock : RunClock
        What the run had used up at its steps.
    spikes : tuple of LossSpike
        To be marked. They are part of the trainer's state, not of that of the curves.
    """

    def __init__(self) -> None:
        self.last_step = self.held_out_since = 0
        self.clock = RunClock()
        self.spikes: tuple[LossSpike, ...] = ()
        self._curves = {
            (what, per_name): Curve()
            for what in ("raw", "smoothed", "held out")
            for per_name in (True, False)
        }
        self._quantiles = {per_name: QuantileCurve() for per_name in (True, False)}
        self._accuracy, self._nothing, self._no_quantiles = Curve(), Curve(), QuantileCurve()

    def take(self, chunk: Chunk, step: int, epoch: float, examples: int, seconds: float) -> None:
        """Add a chunk of training, and what the run had used up at its end.

        Parameters
        ----------
        chunk : Chunk
        step : int
            The last one of the chunk.
        epoch : float
        examples : int
        seconds : float
            As in `engine.training.messages.Progress`.
        """
        self.append(step, chunk)
        self.clock.read(step, epoch, examples, seconds)

    def append(self, last_step: int, chunk: Chunk) -> None:
        """Add a chunk of training that ended with step `last_step`."""
        steps = np.arange(last_step - len(chunk) + 1, last_step + 1)
        self.last_step = last_step
        if len(chunk):
            self._add("raw", steps, chunk.loss, chunk.characters)
            self._quantiles[True].append(last_step, chunk.loss)
            self._quantiles[False].append(last_step, chunk.loss / chunk.characters)
            self._add("smoothed", steps, chunk.smoothed_loss, chunk.smoothed_characters)
        if chunk.held_out:
            self._add_held_out(chunk.held_out)

    @property
    def has_losses(self) -> bool:
        """Whether there is any training loss."""
        return self._curves["smoothed", True].n_points > 0

    def begin_smoothed(self, step: int, loss: float, characters: float) -> None:
        """Begin the smoothed curve of a run whose earlier losses are unknown.

        Parameters
        ----------
        step : int
            The last one made.
        loss, characters : float
            Smoothed: nats per name, and characters per name.
        """
        self._add("smoothed", np.array([step]), np.array([loss]), np.array([characters]))

    def state(self) -> StateDict:
        """Return copies of everything, as arrays and values that JSON has a form for."""
        kept: StateDict = {"last_step": self.last_step, "held_out_since": self.held_out_since}
        for key, curve in self._curves.items():
            kept |= {_prefix(*key) + name: value for name, value in curve.state().items()}
        if self._accuracy.n_points:
            kept |= {_ACCURACY + name: value for name, value in self._accuracy.state().items()}
        kept |= {_CLOCK + name: value for name, value in self.clock.state().items()}
        for per_name, distribution in self._quantiles.items():
            prefix = _prefix(_QUANTILES, per_name)
            kept |= {prefix + name: value for name, value in distribution.state().items()}
        return kept

    @classmethod
    def restored(cls, state: ValidatedMapping) -> "Curves":
        """Return the curves that `state` was taken of, bit by bit.

        Raises
        ------
        ValueError
            If they are damaged; the message names what is wrong.
        """
        curves = cls()
        last = curves.last_step = state.whole("last_step")
        is_earlier = "held_out_since" not in state
        curves.held_out_since = last if is_earlier else state.whole("held_out_since", most=last)
        for key, curve in curves._curves.items():
            prefix = _prefix(*key)
            if f"{prefix}width" not in state:  # an earlier version wrote it
                prefix = prefix.replace(" per ", " a ")
            curve.restore(state.part(prefix))
        if f"{_ACCURACY}width" in state:  # of runs that tell kinds; earlier versions kept none
            curves._accuracy.restore(state.part(_ACCURACY))
        if f"{_CLOCK}every" in state:  # earlier versions kept none
            curves.clock.restore(state.part(_CLOCK))
        for per_name, distribution in curves._quantiles.items():
            prefix = _prefix(_QUANTILES, per_name)
            if f"{prefix}width" in state:
                distribution.restore(state.part(prefix))
            else:  # an earlier version kept the extremes alone
                distribution.begin_after(last)
        return curves

    def up_to(self, step: int) -> "Curves":
        """Return a copy that ends at a step.

        Of what was merged with later steps, some is missing: a 4,000th of the run at most.
        """
        copied = Curves.restored(ValidatedMapping(self.state()))
        copied.last_step = min(self.last_step, step)
        copied.held_out_since = min(self.held_out_since, step)
        copied.spikes = tuple(spike for spike in self.spikes if spike.step <= step)
        for curve in (*copied._curves.values(), copied._accuracy):
            curve.cut(step)
        for distribution in copied._quantiles.values():
            distribution.cut(step)
        copied.clock.cut(step)
        return copied

    def raw(self, unit: Unit) -> Curve:
        """Return the loss of each name, in the nats that `unit` is based on."""
        return self._nothing if unit.is_accuracy else self._curves["raw", unit.is_per_name]

    def quantiles(self, unit: Unit) -> QuantileCurve:
        """Return how the loss of each name is distributed, in the nats that `unit` is based on."""
        return self._no_quantiles if unit.is_accuracy else self._quantiles[unit.is_per_name]

    def smoothed(self, unit: Unit) -> Curve:
        """Return the moving average of the loss, in the nats that `unit` is based on."""
        return self._nothing if unit.is_accuracy else self._curves["smoothed", unit.is_per_name]

    def held_out(self, unit: Unit) -> Curve:
        """Return the loss of the held-out data, in the nats that `unit` is based on.

        For an accuracy, it is the share of names whose kind is told right, from 0 to 1.
        """
        return self._accuracy if unit.is_accuracy else self._curves["held out", unit.is_per_name]

    def _add(self, what: str, steps: NDArray[np.number], loss: Array, characters: Array) -> None:
        self._curves[what, True].append(steps, loss)
        self._curves[what, False].append(steps, loss / characters)

    def _add_held_out(self, measured: tuple[HeldOutLoss, ...]) -> None:
        steps = np.array([m.step for m in measured])
        self._curves["held out", True].append(steps, np.array([m.nats_per_name for m in measured]))
        self._curves["held out", False].append(
            steps, np.array([m.nats_per_character for m in measured])
        )
        told = [(m.step, m.accuracy) for m in measured if m.accuracy is not None]
        if told:
            self._accuracy.append(*map(np.array, zip(*told, strict=True)))


def _prefix(what: str, per_name: bool) -> str:
    """Return the prefix of a curve's entries in the state."""
    return f"{what} {'per name' if per_name else 'per character'}."

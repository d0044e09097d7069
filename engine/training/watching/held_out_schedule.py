"""The held-out loss: when it is measured during training, and what was measured."""

from engine.data.training_data import OnProgress, ignore_progress
from engine.nn.parameters import Parameters
from engine.storage.validated_mapping import StateDict, ValidatedMapping
from engine.training.loaders.data_loader import DataLoader
from engine.training.messages import HeldOutLoss
from engine.training.watching.measured_losses import measured_losses, measured_state


class HeldOutSchedule:
    """Measures the held-out loss at the loader's intervals, and keeps the results until `take`.

    Parameters
    ----------
    loader : DataLoader
        Counts the examples, and holds the data out.

    Attributes
    ----------
    on_progress : OnProgress
        Called between the parts of a measurement. It may raise an exception to end it.
    """

    def __init__(self, loader: DataLoader) -> None:
        self._loader = loader
        self._next_at = 0
        self._measured: list[HeldOutLoss] = []
        self.on_progress: OnProgress = ignore_progress

    @property
    def is_due(self) -> bool:
        """Whether enough examples have been read since the last measurement."""
        return self._loader.taken >= self._next_at

    @property
    def examples_left(self) -> int:
        """How many examples are read before the next measurement; 0 if it is due."""
        return max(0, self._next_at - self._loader.taken)

    def measure(self, step: int, parameters: Parameters) -> HeldOutLoss | None:
        """Measure now, after `step` steps, and set when the next measurement is due.

        Returns
        -------
        HeldOutLoss or None
            None if nothing is held out.
        """
        every = self._loader.measure_every
        self._next_at = (self._loader.taken // every + 1) * every
        data = self._loader.held_out_data
        if data is None:
            return None
        loss = data.loss(parameters, on_progress=self.on_progress)
        measured = HeldOutLoss(step, loss.nats_per_name, loss.nats_per_character, loss.accuracy)
        self._measured.append(measured)
        return measured

    def take(self) -> list[HeldOutLoss]:
        """Return what was measured since the last call."""
        measured, self._measured = self._measured, []
        return measured

    def state(self) -> StateDict:
        """Return when the next measurement is due, and the results not yet taken."""
        return {"next_at": self._next_at} | measured_state(self._measured)

    def restore(self, state: ValidatedMapping) -> None:
        """Continue from what `state` returned.

        Raises
        ------
        ValueError
            If it is not such a state; the message names what does not fit.
        """
        self._next_at = state.whole("next_at")
        self._measured = measured_losses(state)

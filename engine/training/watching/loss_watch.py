"""The loss watch: notices when the loss rises and stays high, and when it only spikes."""

import math
from collections import deque
from collections.abc import Sequence
from dataclasses import astuple
from typing import Any

import numpy as np

from engine.evaluation.baselines import uniform_loss
from engine.storage.validated_mapping import StateDict, ValidatedMapping, finite, shown
from engine.training.messages import LossRise, LossSpike
from engine.training.settings import Hyperparameters

MAX_SPIKES = 100
"""Most spikes that a run keeps; of more, the highest."""

_BLOCK_SYMBOLS = 300
"""Symbols whose mean loss is steady enough to be compared: about 25 dinosaur names."""

_BLOCK_STEPS = (5, 50)
"""Fewest and most steps of a block."""

_BLOCKS = 9
_MAJORITY = 5
"""The loss is smoothed as the median of so many blocks: a spike in fewer than half leaves it."""

_QUIET_BLOCKS = 20
"""Blocks without a word at the beginning, and after a change that is expected to raise the loss."""

_LEARNED = 0.95
"""A network has learned something once its loss is below this share of guessing."""

_RECOVERED, _HEALTHY = 0.75, 0.5
"""A rise is over, and the loss is healthy, below this share of the way from its best to its limit.

So a loss near its limit does not cross it again and again.
"""


class LossWatch:
    """Compares the smoothed loss with its best value and with guessing.

    The loss has a limit. It is the loss of guessing, or twice the best loss if that is less. A
    `LossRise` is a smoothed loss above the limit. A `LossSpike` is the peak of an excursion above
    the limit, short or long, from which the loss has come down by itself. The limit leaves some
    room for noise, which matters if hardly anything can be learned, or if all has been learned.

    Steps are grouped into blocks of about `_BLOCK_SYMBOLS` symbols, and the smoothed loss is the
    median of the last blocks. So a single step costs nothing but a comparison, one terrible step
    does not stay in the average, and small and large batches are watched alike.
    All losses here are in nats per character; for a text, in nats per symbol.

    Parameters
    ----------
    n_symbols : int
        Size of the vocabulary.
    example_symbols : float
        Mean symbols that the loss of one example covers.

    Attributes
    ----------
    guessing : float
        The loss of guessing uniformly.
    rise : LossRise or None
        Set while the smoothed loss is too high.
    spikes : tuple of LossSpike
        In the order of their steps; `MAX_SPIKES` at most.
    healthy_step : int
        The last step from which on the loss was seen to be close to its best; 0 if none was.
    is_healthy : bool
        Whether the smoothed loss is close to its best, and below guessing.
    """

    def __init__(self, n_symbols: int, example_symbols: float) -> None:
        self.guessing = uniform_loss(n_symbols)
        self._example_symbols = example_symbols
        self.rise: LossRise | None = None
        self.spikes: tuple[LossSpike, ...] = ()
        self.healthy_step = 0
        self.is_healthy = False
        self._healthy_loss = self._best = self.guessing
        self._has_learned = False
        self._means: deque[float] = deque(
            maxlen=_BLOCKS
        )  # the mean loss of each of the last blocks
        self._ends: deque[int] = deque(maxlen=_BLOCKS)  # and its last step
        self._losses: list[float] = []
        self._characters: list[float] = []
        self._steps = _BLOCK_STEPS[0]  # of the present block
        self._batch = 0  # that the next blocks have their number of steps for
        self._quiet_blocks = _QUIET_BLOCKS
        self._peak: LossSpike | None = None  # of the present excursion above the limit
        self._set_limits()

    @property
    def loss(self) -> float | None:
        """The smoothed loss, in nats per character; None before the first block has ended."""
        return self._smoothed() if self._means else None

    @property
    def steps_left(self) -> int:
        """How many steps the present block still takes; 1 or more."""
        return self._steps - len(self._losses)

    def add(self, losses: Sequence[float], characters: Sequence[float]) -> None:
        """Add steps that do not fill the present block.

        Parameters
        ----------
        losses, characters : sequence of float
            As `engine.training.learner.Learner.learn` returns them; fewer than `steps_left`.
        """
        self._losses += losses
        self._characters += characters

    def add_block(
        self, step: int, losses: Sequence[float], characters: Sequence[float], batch: int
    ) -> bool:
        """Add the steps that fill the present block, and judge the loss.

        Parameters
        ----------
        step : int
            Steps made.
        losses, characters : sequence of float
            As in `add`; as many as `steps_left`.
        batch : int
            Examples per step, from now on.

        Returns
        -------
        bool
            Whether `rise` has changed.
        """
        self.add(losses, characters)
        mean = float(sum(self._losses) / sum(self._characters))
        self._means.append(mean)
        self._ends.append(step)
        if self._quiet_blocks:
            self._quiet_blocks -= 1
        is_high = mean > self._limit
        if is_high and not self._quiet_blocks:
            self._note_peak(step)
        self._losses.clear()
        self._characters.clear()
        if batch != self._batch:
            self._set_batch(batch)
        self._note_health(is_high=is_high)
        if self.rise is not None:
            return self._end_rise()
        if is_high:
            return self._begin_rise(step)
        if self._peak is not None and mean <= self._recovered_limit:
            self._end_spike()
        return False

    def expect_jump(self) -> None:
        """Give the loss time to settle after a change that is known to raise it."""
        self.begin_again()
        self._best = self.guessing
        self._set_limits()
        self._quiet_blocks = _QUIET_BLOCKS

    def begin_again(self) -> None:
        """Forget the latest losses: the network is another one now."""
        for latest in (self._means, self._ends, self._losses, self._characters):
            latest.clear()
        self.rise = self._peak = None
        self.is_healthy = False

    def state(self) -> StateDict:
        """Return everything that `restore` needs, as arrays and JSON values."""
        rise, peak = self.rise, self._peak
        return {
            "healthy_step": self.healthy_step,
            "is_healthy": self.is_healthy,
            "healthy_loss": self._healthy_loss,
            "best": self._best,
            "has_learned": self._has_learned,
            "block_steps": self._steps,
            "quiet_blocks": self._quiet_blocks,
            "rise": None if rise is None else [rise.step, rise.since, rise.before, rise.now],
            "peak": None if peak is None else list(astuple(peak)),
            "blocks": np.array([self._ends, self._means], dtype=float).T.copy(),
            "block": np.array([self._losses, self._characters], dtype=float).T.copy(),
            "spikes": np.array(list(map(astuple, self.spikes)), float).reshape(-1, 3),
        }

    def restore(self, state: ValidatedMapping) -> None:
        """Continue from what `state` returned.

        Raises
        ------
        ValueError
            If it is not such a state; the message names what does not fit.
        """
        self.healthy_step = state.whole("healthy_step")
        self._has_learned = bool(state.value("has_learned"))
        least, most = _BLOCK_STEPS
        if "best" in state:  # a run of an earlier version begins as a new run does
            self._healthy_loss = state.number("healthy_loss", 0)
            self._best = state.number("best", 0)
            self._steps = state.whole("block_steps", most, least)
            self._quiet_blocks = state.whole("quiet_blocks", _QUIET_BLOCKS)
        self._set_limits()
        self.begin_again()
        for end, mean in _rows(state, "blocks", _BLOCKS, 2):
            self._ends.append(int(end))
            self._means.append(mean)
        steps = _rows(state, "block", self._steps - 1, 2)
        self._losses = [loss for loss, _ in steps]
        self._characters = [_length(characters) for _, characters in steps]
        self.spikes = tuple(map(_spike, _rows(state, "spikes", MAX_SPIKES, 3)))
        self.is_healthy = bool(state.value("is_healthy"))
        if "rise" in state:
            step, since, before, now = _numbers("rise", state.value("rise"), 4)
            self.rise = LossRise(int(step), int(since), before, now, self.guessing)
        if "peak" in state:
            self._peak = _spike(_numbers("peak", state.value("peak"), 3))

    def _smoothed(self) -> float:
        """Return the median of the last blocks, the lower one of two; there must be some."""
        return sorted(self._means)[(len(self._means) - 1) // 2]

    def _set_batch(self, batch: int) -> None:
        least, most = _BLOCK_STEPS
        steps = math.ceil(_BLOCK_SYMBOLS / (batch * self._example_symbols))
        self._batch, self._steps = batch, min(max(steps, least), most)

    def _set_limits(self) -> None:
        """Set what follows from the best loss."""
        guessing, best = self.guessing, self._best
        self._near_best = max(1.25 * best, best + guessing / 20)  # from there on it is not noise
        if best < _LEARNED * guessing:
            self._has_learned = True
            self._limit = min(max(guessing, 1.1 * best), max(2 * best, best + guessing / 4))
            self._healthy_limit = min(self._near_best, best + _HEALTHY * (self._limit - best))
        else:  # guessing is no achievement that could be lost
            self._limit = guessing * (1.1 if self._has_learned else 1.25)
            self._healthy_limit = -math.inf
        self._recovered_limit = best + _RECOVERED * (self._limit - best)

    def _note_health(self, *, is_high: bool) -> None:
        """Compare the smoothed loss with the best one."""
        if len(self._means) < _BLOCKS:
            self.is_healthy = False
            return
        loss = self._smoothed()
        if loss < self._best:
            self._best = loss
            self._set_limits()
        self.is_healthy = loss <= self._healthy_limit and not is_high
        if self.is_healthy:
            # A rise of fewer blocks than a majority would not show in the median yet.
            self.healthy_step, self._healthy_loss = self._ends[-_MAJORITY], loss

    def _begin_rise(self, step: int) -> bool:
        high = [mean for mean in self._means if mean > self._limit]
        if self._quiet_blocks or len(high) < _MAJORITY:
            return False
        since = self.healthy_step
        for end, mean in zip(self._ends, self._means, strict=True):
            if mean > self._limit:
                break
            if mean <= self._near_best:
                since = end
        loss = float(np.median(high))
        self.rise = LossRise(step, since, self._healthy_loss, loss, self.guessing)
        return True

    def _end_rise(self) -> bool:
        if self._smoothed() > self._recovered_limit:
            return False
        self.rise = None
        self._end_spike()
        return True

    def _note_peak(self, last_step: int) -> None:
        """Note the highest step of the present block, unless one before it was higher."""
        found = [] if self._peak is None else [self._peak]
        steps = zip(self._losses, self._characters, strict=True)
        for step, values in enumerate(steps, last_step - len(self._losses) + 1):
            found.append(LossSpike(step, *map(float, values)))
        self._peak = max(found, key=_height)

    def _end_spike(self) -> None:
        """Mark the peak of the excursion that is over; of several in a row, the highest."""
        peak, self._peak = self._peak, None
        if peak is None:
            return
        spikes = list(self.spikes)
        if spikes and spikes[-1].step >= self._ends[0] - self._steps:
            peak = max(peak, spikes.pop(), key=_height)
        spikes.append(peak)
        if len(spikes) > MAX_SPIKES:
            spikes.remove(min(spikes, key=_height))
        self.spikes = tuple(spikes)


def advice_for(hyperparameters: Hyperparameters) -> str:
    """Return what to change after a rise, as a sentence."""
    if hyperparameters.clip is None:
        return "Lower the learning rate or turn clipping on."
    return "Lower the learning rate or the clip value."


def _height(spike: LossSpike) -> float:
    return spike.nats_per_character


def _rows(state: ValidatedMapping, name: str, most: int, width: int) -> list[list[float]]:
    """Return the rows of an array of at most `most`."""
    array = state.array(name, (-1, width), float)
    if len(array) > most:
        raise ValueError(f"{name} must have at most {most} rows, got {len(array):,}.")
    return [_numbers(name, row, width) for row in array.tolist()]


def _numbers(name: str, values: Any, count: int) -> list[float]:
    """Return steps, losses and lengths from a file: so many numbers, none negative."""
    if not isinstance(values, list) or len(values) != count:
        raise ValueError(f"{name} must be a list of {count} numbers, got {shown(values)}.")
    if any(finite(name, value) < 0 for value in values):
        raise ValueError(f"{name} must hold no negative number, got {shown(values)}.")
    return values


def _spike(values: Sequence[float]) -> LossSpike:
    step, loss, characters = values
    return LossSpike(int(step), loss, _length(characters))


def _length(characters: float) -> float:
    """Return the characters of a step from a file: a name has its end, a symbol is itself one."""
    if characters < 1:
        raise ValueError(f"A step must have at least 1 character, got {characters!r}.")
    return characters

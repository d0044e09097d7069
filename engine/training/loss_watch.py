"""The loss watch: notices when the loss rises and stays high, and when it only spikes."""

import math
from collections import deque
from collections.abc import Sequence
from dataclasses import astuple
from statistics import median
from typing import Any

import numpy as np

from engine.evaluation.baselines import uniform_loss
from engine.storage.validated_mapping import StateDict, ValidatedMapping, finite, shown
from engine.training.messages import LossRise, LossSpike
from engine.training.settings import Hyperparameters

MAX_SPIKES = 100
"""Most spikes that a run keeps; of more, the highest."""

_BLOCK_SYMBOLS = 200
"""Symbols whose mean loss is steady enough to be compared: about 17 dinosaur names."""

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
    `LossRise` is a smoothed loss above the limit. A `LossSpike` is a shorter excursion that ends by
    itself. Both limits leave some room for noise, which matters if hardly anything can be learned,
    or if all has been learned.

    Steps are grouped into blocks of about `_BLOCK_SYMBOLS` symbols, and the smoothed loss is the
    median of the last blocks. So a single step costs no more than two appended numbers, one
    terrible step does not stay in the average, and small and large batches are watched alike.
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
        self._blocks: deque[tuple[int, float]] = deque(maxlen=_BLOCKS)  # last step, mean loss
        self._losses: list[float] = []
        self._characters: list[float] = []
        self._steps = _BLOCK_STEPS[0]  # of the present block
        self._quiet_blocks = _QUIET_BLOCKS
        self._peak: LossSpike | None = None  # of the present excursion above the limit

    @property
    def loss(self) -> float | None:
        """The smoothed loss, in nats per character; None before the first block has ended."""
        return median(mean for _, mean in self._blocks) if self._blocks else None

    def add(self, loss: float, characters: float) -> bool:
        """Add a step; return whether its block is full, so that `assess` is due.

        Parameters
        ----------
        loss, characters : float
            As `engine.training.learner.Learner.learn` returns them.
        """
        self._losses.append(loss)
        self._characters.append(characters)
        return len(self._losses) >= self._steps

    def assess(self, step: int, batch: int) -> bool:
        """Judge the loss at the end of a block.

        Parameters
        ----------
        step : int
            Steps made.
        batch : int
            Examples per step, from now on.

        Returns
        -------
        bool
            Whether `rise` has changed.
        """
        losses, characters = self._losses, self._characters
        mean = float(sum(losses) / sum(characters))
        self._blocks.append((step, mean))
        self._quiet_blocks = max(self._quiet_blocks - 1, 0)
        limit = self._limit()
        if mean > limit and not self._quiet_blocks:
            self._note_peak(step, losses, characters)
        losses.clear()
        characters.clear()
        least, most = _BLOCK_STEPS
        steps = math.ceil(_BLOCK_SYMBOLS / (batch * self._example_symbols))
        self._steps = min(max(steps, least), most)
        self._note_health(limit)
        if self.rise is not None:
            return self._end_rise(limit)
        if mean <= limit:
            self._end_spike()
        return self._begin_rise(step, limit)

    def expect_jump(self) -> None:
        """Give the loss time to settle after a change that is known to raise it."""
        self.begin_again()
        self._best = self.guessing
        self._quiet_blocks = _QUIET_BLOCKS

    def begin_again(self) -> None:
        """Forget the latest losses: the network is another one now."""
        self._blocks.clear()
        self._losses.clear()
        self._characters.clear()
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
            "blocks": np.array(self._blocks, dtype=float).reshape(-1, 2),
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
        self.is_healthy = bool(state.value("is_healthy"))
        self._has_learned = bool(state.value("has_learned"))
        least, most = _BLOCK_STEPS
        if "best" in state:  # a run of an earlier version begins as a new run does
            self._healthy_loss = state.number("healthy_loss", 0)
            self._best = state.number("best", 0)
            self._steps = state.whole("block_steps", most, least)
            self._quiet_blocks = state.whole("quiet_blocks", _QUIET_BLOCKS)
        self._blocks.clear()
        self._blocks.extend((int(end), mean) for end, mean in _rows(state, "blocks", _BLOCKS, 2))
        steps = _rows(state, "block", most, 2)
        self._losses = [loss for loss, _ in steps]
        self._characters = [_length(characters) for _, characters in steps]
        self.spikes = tuple(map(_spike, _rows(state, "spikes", MAX_SPIKES, 3)))
        self.rise = self._peak = None
        if "rise" in state:
            step, since, before, now = _numbers("rise", state.value("rise"), 4)
            self.rise = LossRise(int(step), int(since), before, now, self.guessing)
        if "peak" in state:
            self._peak = _spike(_numbers("peak", state.value("peak"), 3))

    def _limit(self) -> float:
        """Return the loss above which something is wrong."""
        guessing, best = self.guessing, self._best
        if best >= _LEARNED * guessing:  # guessing is no achievement that could be lost
            return guessing * (1.1 if self._has_learned else 1.25)
        return min(max(guessing, 1.1 * best), max(2 * best, best + guessing / 4))

    def _near_best(self) -> float:
        """Return the largest loss that differs from the best one by noise only."""
        return max(1.25 * self._best, self._best + self.guessing / 20)

    def _note_health(self, limit: float) -> None:
        """Compare the smoothed loss with the best one, and update both."""
        self.is_healthy = False
        if len(self._blocks) < _BLOCKS:
            return
        loss = median(mean for _, mean in self._blocks)
        self._best = best = min(self._best, loss)
        if best >= _LEARNED * self.guessing:
            return
        self._has_learned = True
        near = min(self._near_best(), best + _HEALTHY * (limit - best))
        if loss <= near and self._blocks[-1][1] <= limit:
            self.is_healthy = True
            # A rise of fewer blocks than a majority would not show in the median yet.
            self.healthy_step = self._blocks[-_MAJORITY][0]
            self._healthy_loss = loss

    def _begin_rise(self, step: int, limit: float) -> bool:
        high = [mean for _, mean in self._blocks if mean > limit]
        if self._quiet_blocks or len(high) < _MAJORITY:
            return False
        since, near = self.healthy_step, self._near_best()
        for end, mean in self._blocks:
            if mean > limit:
                break
            if mean <= near:
                since = end
        self.rise = LossRise(step, since, self._healthy_loss, median(high), self.guessing)
        return True

    def _end_rise(self, limit: float) -> bool:
        loss = median(mean for _, mean in self._blocks)
        if loss > self._best + _RECOVERED * (limit - self._best):
            return False
        self.rise = None
        self._end_spike()
        return True

    def _note_peak(self, last_step: int, losses: list[float], characters: list[float]) -> None:
        """Note the highest step of a block, unless one before it was higher."""
        found = [] if self._peak is None else [self._peak]
        for step, values in enumerate(
            zip(losses, characters, strict=True), last_step - len(losses) + 1
        ):
            found.append(LossSpike(step, *map(float, values)))
        self._peak = max(found, key=_height)

    def _end_spike(self) -> None:
        """Mark the excursion that has ended; of several in a row, the highest."""
        peak, self._peak = self._peak, None
        if peak is None:
            return
        spikes = list(self.spikes)
        if spikes and spikes[-1].step >= self._blocks[0][0] - self._steps:
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

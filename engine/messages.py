"""The values that pass between the trainer's thread and everyone else: frozen, arrays read-only."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.corpus import Corpus
from engine.parameters import MAX_HIDDEN, MIN_HIDDEN, Array, Parameters
from engine.recipes import Recipe
from engine.vocabulary import Vocabulary


@dataclass(frozen=True)
class Hyperparameters:
    """What can be turned while the network learns.

    Attributes
    ----------
    learning_rate : float
        Above 0.
    clip : float or None
        Bound of every gradient entry, above 0; None leaves them as they are.
    hidden : int
        Hidden units, n_a.

    Raises
    ------
    ValueError
        If a value lies outside what is allowed; the message names it.
    """

    learning_rate: float = 0.01
    clip: float | None = 5.0
    hidden: int = 50

    def __post_init__(self) -> None:
        if not (self.learning_rate > 0 and math.isfinite(self.learning_rate)):
            raise ValueError(f"learning_rate must be a number above 0, got {self.learning_rate!r}.")
        if self.clip is not None and not self.clip > 0:
            raise ValueError(f"clip must be above 0, or None for off, got {self.clip!r}.")
        if not MIN_HIDDEN <= self.hidden <= MAX_HIDDEN:
            raise ValueError(
                f"hidden must lie between {MIN_HIDDEN} and {MAX_HIDDEN}, got {self.hidden!r}."
            )


@dataclass(frozen=True)
class HeldOutLoss:
    """The mean loss of the held-out names after `step` steps; see `engine.network.NamesLoss`."""

    step: int
    nats_a_name: float
    nats_a_character: float


@dataclass(frozen=True)
class Stretch:
    """What a stretch of training brought, one entry a step.

    Attributes
    ----------
    loss : (k,) array
        Of each name, in nats.
    characters : (k,) array
        Of each name, its end included.
    smoothed_loss : (k,) array
        The recipe's moving average of `loss`, in nats a name.
    smoothed_characters : (k,) array
        The same average of `characters`; the quotient of both is the smoothed nats a character.
    held_out : tuple of HeldOutLoss
        What was measured on the way.
    """

    loss: Array
    characters: Array
    smoothed_loss: Array
    smoothed_characters: Array
    held_out: tuple[HeldOutLoss, ...]

    def __len__(self) -> int:
        return len(self.loss)

    @staticmethod
    def join(stretches: Sequence["Stretch"]) -> "Stretch":
        """Put stretches that follow each other into one; at least one is needed."""
        return Stretch(
            loss=_joined([s.loss for s in stretches]),
            characters=_joined([s.characters for s in stretches]),
            smoothed_loss=_joined([s.smoothed_loss for s in stretches]),
            smoothed_characters=_joined([s.smoothed_characters for s in stretches]),
            held_out=tuple(measured for s in stretches for measured in s.held_out),
        )


@dataclass(frozen=True)
class RunRequest:
    """A run to begin.

    Attributes
    ----------
    generation : int
        Grows with every run. Messages carry it, so that a late one of an earlier run is known.
    corpus : Corpus
    recipe : Recipe
    hyperparameters : Hyperparameters
    seed : int
    """

    generation: int
    corpus: Corpus
    recipe: Recipe
    hyperparameters: Hyperparameters
    seed: int


@dataclass(frozen=True)
class Progress:
    """What has been trained since the last such message.

    Attributes
    ----------
    step : int
        Steps made so far, the last of `stretch` included.
    epoch : float
        How often the training names have been gone through.
    stretch : Stretch
        Every step since the last message.
    seconds : float
        Time spent training so far.
    steps_per_second : float
        Over the last second of training.
    smoothed_loss, smoothed_characters : float or None
        As in `Stretch`, after the last step; None before the first.
    """

    step: int
    epoch: float
    stretch: Stretch
    seconds: float
    steps_per_second: float
    smoothed_loss: float | None
    smoothed_characters: float | None


@dataclass(frozen=True)
class Snapshot:
    """The network as it was after a step.

    Attributes
    ----------
    step : int
        Steps made.
    parameters : Parameters
        A read-only copy.
    vocabulary : Vocabulary
        What its indices mean.
    smoothed_loss : float or None
        In nats a name; None before the first step.
    """

    step: int
    parameters: Parameters
    vocabulary: Vocabulary
    smoothed_loss: float | None


@dataclass(frozen=True)
class LogEntry:
    """What the course prints every 2,000 iterations.

    Attributes
    ----------
    iteration : int
        As the course counts, from 0: one less than the steps made.
    smoothed_loss : float
        In nats a name.
    names : tuple of str
        As the network writes them, without capitals.
    """

    iteration: int
    smoothed_loss: float
    names: tuple[str, ...]


@dataclass(frozen=True)
class ResizeCost:
    """The mean loss of some names before and after units were taken away, in nats a name.

    Attributes
    ----------
    before, after : float
    held_out : bool
        Whether the names were held out; else they are training names.
    """

    before: float
    after: float
    held_out: bool


@dataclass(frozen=True)
class ResizeReport:
    """What a change of the hidden size did.

    Attributes
    ----------
    step : int
        Steps made before it.
    hidden_before, hidden_after : int
    cost : ResizeCost or None
        What a narrower network costs; None for a wider one, which computes the same as before.
    """

    step: int
    hidden_before: int
    hidden_after: int
    cost: ResizeCost | None


@dataclass(frozen=True)
class Divergence:
    """The loss stopped being a number.

    Attributes
    ----------
    step : int
        Steps made when it happened.
    last_good_step : int
        The step that the network went back to.
    learning_rate : float
    """

    step: int
    last_good_step: int
    learning_rate: float


def _joined(arrays: Sequence[Array]) -> Array:
    joined = np.concatenate(arrays)
    joined.flags.writeable = False
    return joined

"""The values that pass between the trainer's thread and everyone else: frozen, arrays read-only."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.data.corpus import Corpus
from engine.data.text import Text
from engine.data.vocabulary import Vocabulary
from engine.nn.parameters import Array, Parameters
from engine.training.recipes import Recipe
from engine.training.settings import Hyperparameters, RunSettings


@dataclass(frozen=True)
class HeldOutLoss:
    """The mean loss of what is held out after `step` steps; see `engine.nn.network.NamesLoss`.

    Of a text both figures are those of a symbol.
    """

    step: int
    nats_per_name: float
    nats_per_character: float


@dataclass(frozen=True)
class Chunk:
    """What a stretch of training brought, one entry a step.

    Attributes
    ----------
    loss : (k,) array
        Of each name, in nats; the mean where a step learns from several.
    characters : (k,) array
        Of each name, its end included; the mean likewise.
    smoothed_loss : (k,) array
        The recipe's moving average of `loss`, in nats per name.
    smoothed_characters : (k,) array
        The same average of `characters`; the quotient of both is the smoothed nats per character.
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
    def of(*columns: Sequence[float], held_out: Iterable[HeldOutLoss]) -> "Chunk":
        """Make one of numbers, column by column, in the order of the attributes."""
        loss, characters, smoothed_loss, smoothed_characters = map(_read_only, columns)
        return Chunk(loss, characters, smoothed_loss, smoothed_characters, tuple(held_out))

    @staticmethod
    def join(chunks: Sequence["Chunk"]) -> "Chunk":
        """Put stretches that follow each other into one; at least one is needed."""
        return Chunk(
            loss=_joined([s.loss for s in chunks]),
            characters=_joined([s.characters for s in chunks]),
            smoothed_loss=_joined([s.smoothed_loss for s in chunks]),
            smoothed_characters=_joined([s.smoothed_characters for s in chunks]),
            held_out=tuple(measured for s in chunks for measured in s.held_out),
        )


@dataclass(frozen=True)
class RunRequest:
    """A run to begin.

    Attributes
    ----------
    generation : int
        Grows with every run. Messages carry it, so that a late one of an earlier run is known.
    corpus : Corpus or Text
    recipe : Recipe
    hyperparameters : Hyperparameters
    settings : RunSettings
    """

    run_id: int
    corpus: Corpus | Text
    recipe: Recipe
    hyperparameters: Hyperparameters
    settings: RunSettings


@dataclass(frozen=True)
class SetHyperparameters:
    """Knobs to be turned; see `engine.training.trainer.Trainer.turn`.

    Attributes
    ----------
    hyperparameters : Hyperparameters
        All of them, as they are to be.
    mark : int or None
        By which a change of widths can be taken back.
    back : bool
        Whether the change under that mark is taken back.
    """

    hyperparameters: Hyperparameters
    mark: int | None = None
    back: bool = False


@dataclass(frozen=True)
class Progress:
    """What has been trained since the last such message.

    Attributes
    ----------
    step : int
        Steps made so far, the last of `stretch` included.
    epoch : float
        How often the training names have been gone through.
    stretch : Chunk
        Every step since the last message.
    seconds : float
        Time spent training so far.
    steps_per_second : float
        Over the last second of training.
    smoothed_loss, smoothed_characters : float or None
        As in `Chunk`, after the last step; None before the first.
    """

    step: int
    epoch: float
    chunk: Chunk
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
        In nats per name; None before the first step.
    latest_name : (T,) array or None
        What was learned from last, as indices, its END included; of a batch, its last name. Of a
        text, the end of a piece, whose first symbol is only read. None before the first step.
    update_ratios : Mapping of str to float, or None
        How far the latest step moved each parameter, as a share of its size; where it was asked
        for (see `engine.insight.update_ratios`).
    """

    step: int
    parameters: Parameters
    vocabulary: Vocabulary
    smoothed_loss: float | None
    latest_name: NDArray[np.intp] | None = None
    update_ratios: Mapping[str, float] | None = None


@dataclass(frozen=True)
class LogEntry:
    """What the course prints every 2,000 iterations.

    Attributes
    ----------
    iteration : int
        As the course counts, from 0: one less than the steps made.
    smoothed_loss : float
        In nats per name.
    names : tuple of str
        As the network writes them, without capitals.
    """

    iteration: int
    smoothed_loss: float
    names: tuple[str, ...]


@dataclass(frozen=True)
class TextLogEntry:
    """What is logged while a text is learned.

    Attributes
    ----------
    step : int
        Steps made.
    smoothed_loss : float
        In nats per symbol.
    text : str
        As the network writes it, from the beginning of a line.
    """

    step: int
    smoothed_loss: float
    text: str


@dataclass(frozen=True)
class ResizeCost:
    """The mean loss of some names before and after a change of the network, in nats per name.

    Of a text, that of some pieces of it, in nats per symbol.

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
    widths_before, widths_after : tuple of int
        Of each layer.
    cost : ResizeCost or None
        What a narrower network, or one with another layer, costs; None for one that is but wider,
        which computes the same as before.
    """

    step: int
    widths_before: tuple[int, ...]
    widths_after: tuple[int, ...]
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
    can_go_on : bool
        Whether the parameters that it left are numbers, so that `Trainer.go_on` can take them.
    """

    step: int
    last_good_step: int
    learning_rate: float
    can_go_on: bool = False


def _read_only(values: Sequence[float]) -> Array:
    array = np.array(values)
    array.flags.writeable = False
    return array


def _joined(arrays: Sequence[Array]) -> Array:
    joined = np.concatenate(arrays)
    joined.flags.writeable = False
    return joined

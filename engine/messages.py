"""The values that pass between the trainer's thread and everyone else: frozen, arrays read-only."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.architecture import DTYPES, MAX_HIDDEN, MAX_LAYERS, MIN_HIDDEN
from engine.cells import CELLS
from engine.corpus import HELD_OUT_SHARE, Corpus
from engine.optimizers import CLIPPINGS, OPTIMIZERS
from engine.parameters import Array, Parameters
from engine.recipes import Recipe
from engine.text import Text
from engine.vocabulary import Vocabulary

MAX_BATCH = 4_096

MAX_LENGTH = 1_000
"""Most symbols of a text that a step reads in a row: bounds its memory."""


@dataclass(frozen=True)
class Hyperparameters:
    """What can be turned while the network learns.

    Attributes
    ----------
    learning_rate : float
        Above 0.
    clip : float or None
        Bound of every gradient entry, above 0; None leaves them as they are.
    widths : tuple of int
        Hidden units of each layer, the lowest first. Layers can be added on top of a network, but
        not taken away.
    clipping : str
        One of `engine.optimizers.CLIPPINGS`: whether `clip` bounds every entry or the norm.
    optimizer : str
        A name in `engine.optimizers.OPTIMIZERS`.
    batch : int
        Names a step, 1 or more; of a text, streams or windows. The gradient is the mean over
        names, and over predicted symbols of a text.
    dropout : float
        Share of each layer's output that is left out in training, 0 or more, below 1.
    l2 : float
        Strength of the pull of all parameters towards zero, 0 or more.
    decay : float
        The learning rate is divided by 1 + decay x epoch, as in the course; 0 keeps it constant.

    Raises
    ------
    ValueError
        If a value lies outside what is allowed; the message names it.
    """

    learning_rate: float = 0.01
    clip: float | None = 5.0
    widths: tuple[int, ...] = (50,)
    clipping: str = "entries"
    optimizer: str = "sgd"
    batch: int = 1
    dropout: float = 0.0
    l2: float = 0.0
    decay: float = 0.0

    def __post_init__(self) -> None:
        if not (self.learning_rate > 0 and math.isfinite(self.learning_rate)):
            raise ValueError(f"learning_rate must be a number above 0, got {self.learning_rate!r}.")
        if self.clip is not None and not self.clip > 0:
            raise ValueError(f"clip must be above 0, or None for off, got {self.clip!r}.")
        if not 1 <= len(self.widths) <= MAX_LAYERS:
            raise ValueError(f"widths must name 1 to {MAX_LAYERS} layers, got {self.widths!r}.")
        if not all(type(n) is int and MIN_HIDDEN <= n <= MAX_HIDDEN for n in self.widths):
            raise ValueError(
                f"widths must be whole numbers from {MIN_HIDDEN} to {MAX_HIDDEN}, "
                f"got {self.widths!r}."
            )
        _check_choice("clipping", self.clipping, CLIPPINGS)
        _check_choice("optimizer", self.optimizer, OPTIMIZERS)
        if type(self.batch) is not int or not 1 <= self.batch <= MAX_BATCH:
            raise ValueError(
                f"batch must be a whole number from 1 to {MAX_BATCH:,}, got {self.batch!r}."
            )
        if not 0 <= self.dropout < 1:
            raise ValueError(f"dropout must be 0 or more and below 1, got {self.dropout!r}.")
        for name, value in (("l2", self.l2), ("decay", self.decay)):
            if not 0 <= value < math.inf:
                raise ValueError(f"{name} must be 0 or more, got {value!r}.")


@dataclass(frozen=True)
class RunSettings:
    """What a run is built on: to change it is to begin another run.

    Attributes
    ----------
    cell : str
        A name in `engine.cells.CELLS`.
    embedding : int or None
        Numbers that stand for a symbol, learned; None reads symbols as one-hot vectors.
    dtype : str
        One of `engine.architecture.DTYPES`.
    held_out : float
        Share of the distinct names, or of a text, that is held out, above 0 and below 1.
    seed : int
        0 or more.
    window : int or None
        For a text: symbols of a window, after which the next one is to be predicted, as in the
        course. None reads the text in parallel streams instead.
    stride : int
        For windows: symbols from the beginning of one to that of the next.
    length : int
        For streams: symbols a step, beyond which no gradient flows back.

    Raises
    ------
    ValueError
        If a value lies outside what is allowed; the message names it.
    """

    cell: str = "rnn"
    embedding: int | None = None
    dtype: str = "float64"
    held_out: float = HELD_OUT_SHARE
    seed: int = 0
    window: int | None = None
    stride: int = 3
    length: int = 64

    def __post_init__(self) -> None:
        _check_choice("cell", self.cell, CELLS)
        _check_choice("dtype", self.dtype, DTYPES)
        if self.embedding is not None and not (
            type(self.embedding) is int and 1 <= self.embedding <= MAX_HIDDEN
        ):
            raise ValueError(
                f"embedding must be a whole number from 1 to {MAX_HIDDEN}, or None, "
                f"got {self.embedding!r}."
            )
        if not (isinstance(self.held_out, float) and 0 < self.held_out < 1):
            raise ValueError(f"held_out must lie between 0 and 1, got {self.held_out!r}.")
        if type(self.seed) is not int or self.seed < 0:
            raise ValueError(f"seed must be a whole number, 0 or more, got {self.seed!r}.")
        for name, value in (
            ("window", 1 if self.window is None else self.window),
            ("stride", self.stride),
            ("length", self.length),
        ):
            if type(value) is not int or not 1 <= value <= MAX_LENGTH:
                raise ValueError(
                    f"{name} must be a whole number from 1 to {MAX_LENGTH:,}, got {value!r}."
                )


def check_recipe(recipe: Recipe, knobs: Hyperparameters, settings: RunSettings) -> None:
    """Look whether a recipe goes with a network.

    Raises
    ------
    ValueError
        If the recipe is the course's and the network is not.
    """
    is_course = (
        settings.cell == "rnn"
        and settings.embedding is None
        and settings.dtype == "float64"
        and len(knobs.widths) == 1
        and knobs.batch == 1
        and not knobs.dropout
    )
    if recipe.is_legacy and not is_course:
        raise ValueError(
            f"The {recipe.name} recipe is the course's: a single tanh layer over one-hot letters "
            "in float64, a name a step, nothing dropped out. "
            "Choose the default recipe for anything else."
        )


@dataclass(frozen=True)
class HeldOutLoss:
    """The mean loss of what is held out after `step` steps; see `engine.network.NamesLoss`.

    Of a text both figures are those of a symbol.
    """

    step: int
    nats_a_name: float
    nats_a_character: float


@dataclass(frozen=True)
class Stretch:
    """What a stretch of training brought, one entry a step.

    Attributes
    ----------
    loss : (k,) array
        Of each name, in nats; the mean where a step learns from several.
    characters : (k,) array
        Of each name, its end included; the mean likewise.
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
    def of(*columns: Sequence[float], held_out: Iterable[HeldOutLoss]) -> "Stretch":
        """Make one of numbers, column by column, in the order of the attributes."""
        loss, characters, smoothed_loss, smoothed_characters = (
            _joined([np.array(column)]) for column in columns
        )
        return Stretch(loss, characters, smoothed_loss, smoothed_characters, tuple(held_out))

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
    corpus : Corpus or Text
    recipe : Recipe
    hyperparameters : Hyperparameters
    settings : RunSettings
    """

    generation: int
    corpus: Corpus | Text
    recipe: Recipe
    hyperparameters: Hyperparameters
    settings: RunSettings


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
    latest_name : (T,) array or None
        What was learned from last, as indices, its END included; of a batch, its last name. None
        before the first step.
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
        In nats a name.
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
        In nats a symbol.
    text : str
        As the network writes it, from the beginning of a line.
    """

    step: int
    smoothed_loss: float
    text: str


@dataclass(frozen=True)
class ResizeCost:
    """The mean loss of some names before and after a change of the network, in nats a name.

    Of a text, that of some pieces of it, in nats a symbol.

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


def _check_choice(name: str, value: str, allowed: Iterable[str]) -> None:
    if value not in allowed:
        raise ValueError(f"{name} must be one of {', '.join(allowed)}, got {value!r}.")


def _joined(arrays: Sequence[Array]) -> Array:
    joined = np.concatenate(arrays)
    joined.flags.writeable = False
    return joined

"""What describes a run: hyperparameters, which may change, and settings, which may not."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from engine.data.training_data import HELD_OUT_SHARE
from engine.nn.architecture import (
    DTYPES,
    MAX_HIDDEN,
    MAX_LAYERS,
    MIN_HIDDEN,
    TASKS,
    Architecture,
    Task,
)
from engine.nn.backends import BACKENDS
from engine.nn.cells import CELLS
from engine.nn.optimizers import CLIPPINGS, OPTIMIZERS
from engine.storage.validated_mapping import shown
from engine.training.ranges import (
    DECAY_BELOW,
    DROPOUT_BELOW,
    L2_BELOW,
    MAX_CLIP,
    MAX_LEARNING_RATE,
    MAX_SEED,
)
from engine.training.recipes import Recipe

MAX_BATCH = 4_096
"""Most names, windows or streams in a batch."""

DEFAULT_DECAY = 0.12
"""Exponential decay of the default run: the learning rate is halved about every 6 epochs."""

SCHEDULES = ("inverse", "exponential")
"""How the learning rate falls; see `Hyperparameters.rate_at`."""

RateSettings = tuple[float, float, str]
"""A learning rate as it is set, its decay and its schedule."""

SMOOTHINGS = ("growing", "fixed")
"""What the smoothed loss reaches back over: a share of the run, or about the last 1,000 names."""

MEASURINGS = ("sparse", "frequent")
"""How often the held-out loss of names is measured: so that it costs little, or every 1,000 names.

See `engine.training.loaders.name_loader.names_between_measurements`.
"""

MAX_LENGTH = 1_000
"""Most consecutive symbols that a step reads; bounds the memory of a step."""


@dataclass(frozen=True)
class Hyperparameters:
    """What can be changed between two steps.

    Attributes
    ----------
    learning_rate : float
        Above 0, and `MAX_LEARNING_RATE` at most. It holds from the step on at which it is set, and
        falls from there; see `rate_at`.
    clip : float or None
        Bound of the gradient, above 0 and `MAX_CLIP` at most; None for no clipping.
    widths : tuple of int
        Hidden units of each layer, from the input up. Layers can be added on top of a network, but
        not removed.
    clipping : str
        One of `engine.nn.optimizers.CLIPPINGS`: whether `clip` bounds every entry or the norm.
    optimizer : str
        A name in `engine.nn.optimizers.OPTIMIZERS`.
    batch : int
        Names per step, or streams or windows of a text; 1 or more. The gradient is the mean over
        names, or over the predicted symbols of a text.
    dropout : float
        Share of each layer's outputs that is dropped in training, 0 or more, below
        `DROPOUT_BELOW`.
    l2 : float
        Strength of L2 regularization of all parameters, 0 or more, below `L2_BELOW`.
    decay : float
        How fast the learning rate falls with the epochs since it was set, 0 or more, below
        `DECAY_BELOW`; 0 keeps it constant.
    schedule : str
        One of `SCHEDULES`: the course's inverse decay, which becomes slower and slower, or an
        exponential one, after which a run that is left alone comes to rest.
    balance : float
        How evenly kinds of names are drawn, from 0 to 1: a kind of n names in proportion to
        n ** (1 - balance). At 0 every name is drawn alike, at 1 every kind.
    backend : str
        One of `engine.nn.backends.BACKENDS`: what computes a step.

    Raises
    ------
    ValueError
        If a value is not allowed; the message names it.
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
    schedule: str = "inverse"
    balance: float = 0.0
    backend: str = "numpy"

    def __post_init__(self) -> None:
        if not 0 < self.learning_rate <= MAX_LEARNING_RATE:
            raise ValueError(
                f"learning_rate must be a number above 0 and at most {MAX_LEARNING_RATE:g}, "
                f"got {self.learning_rate!r}."
            )
        if self.clip is not None and not 0 < self.clip <= MAX_CLIP:
            raise ValueError(
                f"clip must be above 0 and at most {MAX_CLIP:g}, or None for off, "
                f"got {self.clip!r}."
            )
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
        for name, value, below in (
            ("dropout", self.dropout, DROPOUT_BELOW),
            ("l2", self.l2, L2_BELOW),
            ("decay", self.decay, DECAY_BELOW),
        ):
            if not 0 <= value < below:
                raise ValueError(f"{name} must be 0 or more and below {below:g}, got {value!r}.")
        _check_choice("schedule", self.schedule, SCHEDULES)
        if not 0 <= self.balance <= 1:
            raise ValueError(f"balance must lie between 0 and 1, got {self.balance!r}.")
        _check_choice("backend", self.backend, BACKENDS)

    @property
    def rate_settings(self) -> RateSettings:
        """What the learning rate in force depends on, besides the data read since it was set."""
        return self.learning_rate, self.decay, self.schedule

    def at_half_rate(self) -> "Hyperparameters":
        """Return the same with half the learning rate.

        Where the decay starts stays the same, so this is also half of the rate in force, which
        falls on from there.
        """
        return replace(self, learning_rate=self.learning_rate / 2)

    def rate_at(self, epoch: float) -> float:
        """Return the learning rate in force `epoch` passes over the data after it was set.

        Inverse: learning_rate / (1 + decay x floor(epoch)), as in the course. Exponential:
        learning_rate x e^(-decay x epoch), which falls at every step. See also
        `engine.training.learner.Learner.decay_epoch`.
        """
        return self.rates_at((epoch,))[0]

    def rates_at(self, epochs: Sequence[float]) -> list[float]:
        """Return what `rate_at` returns for each of many epochs, faster than one after the other.

        With Python's exp, as NumPy's may round an entry by its place in the array.
        """
        rate, decay, exp = self.learning_rate, self.decay, math.exp
        if not decay:
            return [rate] * len(epochs)
        if self.schedule == "exponential":
            return [rate * exp(-decay * epoch) for epoch in epochs]
        return [rate / (1.0 + decay * math.floor(epoch)) for epoch in epochs]


@dataclass(frozen=True)
class RunSettings:
    """What stays fixed during a run: changing it means beginning another run.

    Attributes
    ----------
    cell : str
        A name in `engine.nn.cells.CELLS`.
    embedding : int or None
        Size of a learned embedding of the symbols; None for one-hot vectors.
    dtype : str
        One of `engine.nn.architecture.DTYPES`.
    held_out : float
        Share of the distinct names, or of a text, that is held out, above 0 and below 1.
    seed : int
        From 0 to `engine.training.recipes.MAX_SEED`.
    window : int or None
        For a text: symbols of a window that predicts the symbol after it, as in the course. None
        reads the text in parallel streams instead.
    stride : int
        For windows: symbols from the beginning of one to that of the next.
    length : int
        For streams: symbols per step. No gradient flows back beyond them.
    smoothing : str
        One of `SMOOTHINGS`; see `engine.training.watching.smoothing`. The notebook recipe's
        average is the course's, whatever this says. Runs begun before version 5 of the file format
        are "fixed".
    measuring : str
        One of `MEASURINGS`. Runs begun before there was a choice are "frequent".
    task : str
        One of `engine.nn.architecture.TASKS`. Only names with kinds can be told apart.
    both_directions : bool
        Whether a network that tells kinds also reads from right to left.

    Raises
    ------
    ValueError
        If a value is not allowed; the message names it.
    """

    cell: str = "rnn"
    embedding: int | None = None
    dtype: str = "float64"
    held_out: float = HELD_OUT_SHARE
    seed: int = 0
    window: int | None = None
    stride: int = 3
    length: int = 64
    smoothing: str = "growing"
    measuring: str = "sparse"
    task: Task = "write"
    both_directions: bool = False

    def __post_init__(self) -> None:
        _check_choice("cell", self.cell, CELLS)
        _check_choice("dtype", self.dtype, DTYPES)
        _check_choice("smoothing", self.smoothing, SMOOTHINGS)
        _check_choice("measuring", self.measuring, MEASURINGS)
        if self.embedding is not None and not (
            type(self.embedding) is int and 1 <= self.embedding <= MAX_HIDDEN
        ):
            raise ValueError(
                f"embedding must be a whole number from 1 to {MAX_HIDDEN}, or None, "
                f"got {self.embedding!r}."
            )
        if not (isinstance(self.held_out, float) and 0 < self.held_out < 1):
            raise ValueError(f"held_out must lie between 0 and 1, got {self.held_out!r}.")
        if type(self.seed) is not int or not 0 <= self.seed <= MAX_SEED:
            raise ValueError(
                f"seed must be a whole number from 0 to {MAX_SEED:,}, got {shown(self.seed)}."
            )
        for name, value in (
            ("window", 1 if self.window is None else self.window),
            ("stride", self.stride),
            ("length", self.length),
        ):
            if type(value) is not int or not 1 <= value <= MAX_LENGTH:
                raise ValueError(
                    f"{name} must be a whole number from 1 to {MAX_LENGTH:,}, got {value!r}."
                )
        self._check_kinds()

    def architecture(
        self, n_symbols: int, widths: tuple[int, ...], n_kinds: int = 0
    ) -> Architecture:
        """Return the architecture of a network with these settings.

        Parameters
        ----------
        n_symbols : int
            Size of the vocabulary.
        widths : tuple of int
            Hidden units of each layer.
        n_kinds : int
            Kinds of names in the data.

        Raises
        ------
        ValueError
            If the network is to tell kinds, and there are fewer than two.
        """
        return Architecture(
            n_symbols,
            self.cell,
            widths,
            self.embedding,
            self.dtype,
            n_kinds,
            self.task,
            self.both_directions,
        )

    def _check_kinds(self) -> None:
        _check_choice("task", self.task, TASKS)
        if type(self.both_directions) is not bool:
            raise ValueError(
                f"both_directions must be True or False, got {self.both_directions!r}."
            )
        if self.both_directions and self.task == "write":
            raise ValueError(
                "both_directions needs the task “tell”: a network that writes cannot read letters "
                "that are not written yet."
            )


def default_hyperparameters(recipe: Recipe) -> Hyperparameters:
    """Return what a run begins with unless something else is asked for: the course's network.

    The course's recipe keeps its learning rate. Elsewhere the rate falls, because at a constant one
    this network is ruined after some 300,000 steps: the smoothed loss rises from 21 to 30 nats per
    name. With `DEFAULT_DECAY` it learns as fast at the beginning and comes to rest after some
    40 epochs.
    """
    if recipe.is_legacy:
        return Hyperparameters()
    return Hyperparameters(decay=DEFAULT_DECAY, schedule="exponential")


def check_recipe(recipe: Recipe, hyperparameters: Hyperparameters, settings: RunSettings) -> None:
    """Check that a recipe allows a network.

    Raises
    ------
    ValueError
        If the recipe is the course's and the network is not.
    """
    is_course = (
        CELLS[settings.cell].IS_NOTEBOOK_CELL
        and settings.embedding is None
        and settings.dtype == "float64"
        and len(hyperparameters.widths) == 1
        and hyperparameters.batch == 1
        and not hyperparameters.dropout
    )
    if recipe.is_legacy and not is_course:
        raise ValueError(
            f"The {recipe.name} recipe is the course's, for a single tanh layer over one-hot "
            "letters in float64, one name per step, no dropout. "
            "Choose the default recipe for anything else."
        )


def _check_choice(name: str, value: str, allowed: Iterable[str]) -> None:
    if value not in allowed:
        raise ValueError(f"{name} must be one of {', '.join(allowed)}, got {value!r}.")

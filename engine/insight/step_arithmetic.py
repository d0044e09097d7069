"""The whole arithmetic of one step on one name: each equation of the course with its numbers."""

import copy
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from engine.insight.reading import (
    LayerGradients,
    LayerReading,
    backward_pass,
    logits,
    one_name,
    read,
)
from engine.insight.results import count_not_finite, frozen, read_only
from engine.nn.cells import CELLS
from engine.nn.functions import log_softmax
from engine.nn.network import Network
from engine.nn.optimizers import OPTIMIZERS, Optimizer, clip_entries, clip_norm
from engine.nn.packing import NO_SYMBOL, Packed
from engine.nn.parameters import Array, Parameters
from engine.training.messages import Snapshot
from engine.training.settings import Hyperparameters

STAGES = ("forward", "loss", "backward", "clip", "update")
"""The parts of a step, in order."""


@dataclass(frozen=True)
class Line:
    """One equation and its result.

    Attributes
    ----------
    stage : str
        One of `STAGES`.
    step : int or None
        t, from 1 as in the course; None for what concerns all steps.
    layer : int or None
        From 1, the lowest; None for the input and the output layer.
    symbol : str
        The left side in the course's notation, such as "a⟨t⟩", or "a[2]⟨t⟩" with several layers.
    equation : str
        Both sides: "a⟨t⟩ = tanh(Wax x⟨t⟩ + Waa a⟨t−1⟩ + ba)".
    value : array
        The result, of any shape, () for a number; losses and gradients in nats. Read-only.
    """

    stage: str
    step: int | None
    layer: int | None
    symbol: str
    equation: str
    value: Array

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of `value`: the course's without the axis of the examples."""
        return self.value.shape


@dataclass(frozen=True)
class Arithmetic:
    """A step on one name.

    Attributes
    ----------
    lines : tuple of Line
        In the order in which they are computed; a⟨0⟩, and gradients after the last step, are zero.
    loss : float
        Loss of the name before the step, in nats.
    before, gradients, clipped, after : Parameters
        The network before the step, its gradient before and after clipping, and the network after
        the step. Read-only, in the network's own type.
    not_finite : int
        Entries of all lines that are infinite or NaN.
    """

    lines: tuple[Line, ...]
    loss: float
    before: Parameters
    gradients: Parameters
    clipped: Parameters
    after: Parameters
    not_finite: int


def arithmetic(
    snapshot: Snapshot,
    name: ArrayLike,
    hyperparameters: Hyperparameters,
    *,
    epoch: float = 0.0,
    optimizer: Optimizer | None = None,
    first: int | None = None,
) -> Arithmetic:
    """Make one step on one name, and return every number of it.

    The numbers are those of the trainer, in the network's own type, for a batch of this one name,
    an initial state of zero and no dropout.

    Parameters
    ----------
    snapshot : Snapshot
    name : (T,) array
        As indices, its END included, or a chunk of a text.
    hyperparameters : Hyperparameters
        The learning rate and its decay, clip, clipping, optimizer and l2 are used.
    epoch : float
        Passes over the data since the learning rate was last set, as its decay counts them.
    optimizer : Optimizer, optional
        With its moments; it is copied. If absent, a new one of `hyperparameters.optimizer`, which
        for "sgd" is the same.
    first : int, optional
        x<1>: the symbol before a chunk of a text. If absent, x<1> = 0.

    Raises
    ------
    ValueError
        If the name is empty or holds something other than indices of symbols.
    """
    before, batch = snapshot.parameters, one_name(name, len(snapshot.vocabulary), first)
    with np.errstate(all="ignore"):
        network = Network(before)
        loss = network.loss_and_gradients(batch)
        clipped = _clipped(network.gradients, hyperparameters)
        rate = hyperparameters.rate_at(epoch)
        after = _updated(before, clipped, hyperparameters, rate, optimizer)
        step = _Step(before, batch)
        lines = (
            *step.forward(),
            *step.loss(),
            *step.backward(),
            *_gradients(network.gradients),
            *_clip(clipped, hyperparameters),
            *_update(before, clipped, after, hyperparameters, rate),
        )
    return Arithmetic(
        lines,
        loss,
        frozen(before),
        frozen(network.gradients),
        frozen(clipped),
        frozen(after),
        count_not_finite(*(line.value for line in lines)),
    )


def _clipped(gradients: Parameters, hyperparameters: Hyperparameters) -> Parameters:
    """Return a copy of the gradients, clipped."""
    clipped = gradients.copy()
    if hyperparameters.clip is not None:
        clip = clip_entries if hyperparameters.clipping == "entries" else clip_norm
        clip(clipped.flat, hyperparameters.clip)
    return clipped


def _updated(
    before: Parameters,
    gradients: Parameters,
    hyperparameters: Hyperparameters,
    rate: float,
    optimizer: Optimizer | None,
) -> Parameters:
    """Return the parameters after a step of a copy of the optimizer, or of a new one."""
    after, rule = before.copy(), copy.deepcopy(optimizer)
    rule = rule or OPTIMIZERS[hyperparameters.optimizer](after.flat)
    rule.step(after.flat, gradients.flat.copy(), rate, hyperparameters.l2)
    return after


class _Step:
    """The forward pass, the loss and the backward pass, step by step."""

    def __init__(self, parameters: Parameters, batch: Packed) -> None:
        self._parameters, self._batch = parameters, batch
        self._equations = CELLS[parameters.architecture.cell].EQUATIONS
        self._layers: list[LayerReading] = read(parameters, batch)
        self._log_y_hat = log_softmax(logits(parameters, self._layers))  # (T, n_y)
        self._y_hat = np.exp(self._log_y_hat)
        self._dy = self._y_hat.copy()
        self._dy[np.arange(len(batch)), batch.targets] -= 1.0
        self._gradients: list[LayerGradients] = backward_pass(
            parameters, self._layers, batch, self._dy
        )

    def forward(self) -> Iterator[Line]:
        """Yield the forward pass, from the letters to the probabilities."""
        top = _index(len(self._layers), len(self._layers))
        inputs = _inputs(self._parameters, self._batch)
        right = "one-hot of y⟨t−1⟩" if self._parameters.E is None else "E[y⟨t−1⟩]"
        for t in range(len(self._batch)):
            is_read = self._batch.inputs[t] != NO_SYMBOL
            yield _line("forward", t, None, "x⟨t⟩", right if is_read else "0", inputs[t])
            for place, layer in enumerate(self._layers, start=1):
                for equation in self._equations.forward:
                    value = layer.quantities[equation.quantity][t]
                    left, right_side = self._fill(place, equation.left, equation.right)
                    yield _line("forward", t, place, left, right_side, value)
            yield _line("forward", t, None, "ŷ⟨t⟩", f"softmax(Wya a{top}⟨t⟩ + by)", self._y_hat[t])

    def loss(self) -> Iterator[Line]:
        """Yield the loss of each letter, and the sum."""
        losses = -self._log_y_hat[np.arange(len(self._batch)), self._batch.targets]
        for t, value in enumerate(losses):
            yield _line("loss", t, None, "L⟨t⟩", "−ln ŷ⟨t⟩[y⟨t⟩]", value)
        yield _line("loss", None, None, "L", "Σ L⟨t⟩", losses.sum())

    def backward(self) -> Iterator[Line]:
        """Yield the gradients, from the last letter to the first."""
        lowest, is_embedded = self._layers[0].parameters, self._parameters.E is not None
        dx = self._gradients[0].dz @ lowest.V.T if is_embedded else None
        for t in reversed(range(len(self._batch))):
            yield _line("backward", t, None, "dy⟨t⟩", "ŷ⟨t⟩ − one-hot of y⟨t⟩", self._dy[t])
            for place in range(len(self._layers), 0, -1):
                for equation in self._equations.backward:
                    value = self._gradients[place - 1].named[equation.quantity][t]
                    left, right = self._fill(place, equation.left, equation.right)
                    yield _line("backward", t, place, left, right, value)
            if dx is not None:
                _, right = self._fill(1, "", self._equations.to_input)
                yield _line("backward", t, None, "dx⟨t⟩", right, dx[t])

    def _fill(self, place: int, left: str, right: str) -> tuple[str, str]:
        """Fill an equation in with a layer's index, its input and the gradient of its output."""
        count = len(self._layers)
        above = "Wyaᵀ dy⟨t⟩"
        if place < count:
            above = self._equations.to_input.format(l=_index(place + 1, count))
        filled = {"l": _index(place, count), "x": _reads(place, count), "above": above}
        return left.format(**filled), right.format(**filled)


def _gradients(gradients: Parameters) -> Iterator[Line]:
    """Yield the gradients of the parameters, which are sums over the steps."""
    count = len(gradients.layers)
    equations = CELLS[gradients.architecture.cell].EQUATIONS.gradients
    top = _index(count, count)
    for name, array in gradients.named.items():
        layer, plain = _split(name, gradients)
        if layer is not None:
            right = equations[plain].format(l=_index(layer, count), x=_reads(layer, count))
        elif plain == "E":
            right = "Σ dx⟨t⟩, each in the row of the symbol that was read"
        else:
            right = f"Σ dy⟨t⟩ a{top}⟨t⟩ᵀ" if plain == "Wya" else "Σ dy⟨t⟩"
        yield _line("backward", None, layer, f"d{_symbol(name, gradients)}", right, array)


def _clip(clipped: Parameters, hyperparameters: Hyperparameters) -> Iterator[Line]:
    for name, array in clipped.named.items():
        symbol = f"d{_symbol(name, clipped)}"
        if hyperparameters.clip is None:
            right = f"{symbol}, as clipping is off"
        elif hyperparameters.clipping == "entries":
            right = f"clip({symbol}, −{hyperparameters.clip:g}, {hyperparameters.clip:g})"
        else:
            right = f"{symbol} ∗ min(1, {hyperparameters.clip:g} / ‖gradient‖)"
        yield _line("clip", None, _split(name, clipped)[0], symbol, right, array)


def _update(
    before: Parameters,
    clipped: Parameters,
    after: Parameters,
    hyperparameters: Hyperparameters,
    rate: float,
) -> Iterator[Line]:
    rule, right = OPTIMIZERS[hyperparameters.optimizer], f"{hyperparameters.learning_rate:g}"
    if hyperparameters.decay and hyperparameters.schedule == "inverse":
        right += f" / (1 + {hyperparameters.decay:g} × epoch)"
    elif hyperparameters.decay:
        right += f" × exp(−{hyperparameters.decay:g} × epoch)"
    yield _line("update", None, None, "α", right, np.asarray(rate))
    start, gradients, end = before.named, clipped.named, after.named
    for name in start:
        layer, W = _split(name, before)[0], _symbol(name, before)
        if hyperparameters.l2 and rule.DECOUPLES_DECAY:
            decayed = start[name] * (1.0 - rate * hyperparameters.l2)
            yield _line("update", None, layer, W, f"(1 − α {hyperparameters.l2:g}) {W}", decayed)
        elif hyperparameters.l2:
            decayed = gradients[name] + hyperparameters.l2 * start[name]
            yield _line(
                "update", None, layer, f"d{W}", f"d{W} + {hyperparameters.l2:g} {W}", decayed
            )
        yield _line("update", None, layer, W, rule.EQUATION.format(W=W), end[name])


def _line(
    stage: str, t: int | None, layer: int | None, left: str, right: str, value: ArrayLike
) -> Line:
    step = None if t is None else t + 1
    return Line(stage, step, layer, left, f"{left} = {right}", read_only(np.asarray(value)))


def _inputs(parameters: Parameters, batch: Packed) -> Array:
    """Return x<1> to x<T>, the input of the lowest layer: (T, n_x)."""
    E = parameters.E
    x = np.zeros((len(batch), parameters.architecture.n_input), parameters.flat.dtype)
    rows = np.flatnonzero(batch.inputs != NO_SYMBOL)
    if E is None:
        x[rows, batch.inputs[rows]] = 1.0
    else:
        x[rows] = E[batch.inputs[rows]]
    return x


def _index(layer: int, count: int) -> str:
    """Return the index that marks the symbols of a layer; "" if there is only one."""
    return f"[{layer}]" if count > 1 else ""


def _reads(layer: int, count: int) -> str:
    """Return the symbol of a layer's input."""
    return "x⟨t⟩" if layer == 1 else f"a{_index(layer - 1, count)}⟨t⟩"


def _split(name: str, parameters: Parameters) -> tuple[int | None, str]:
    """Split a name of `Parameters.named` into its layer and its name there."""
    place, _, plain = name.rpartition(".")
    if place:
        return int(place), plain
    return (1 if plain in parameters.layers[0].named else None), plain


def _symbol(name: str, parameters: Parameters) -> str:
    """Return a name of `Parameters.named` as equations write it: "2.Waa" is Waa[2]."""
    layer, plain = _split(name, parameters)
    return plain if layer is None else plain + _index(layer, len(parameters.layers))

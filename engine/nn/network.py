"""The network: a stack of cells and a softmax layer; loss and gradients of a batch."""

from __future__ import annotations  # NumPy's random numbers take long to import

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.data.vocabulary import EncodedNames
from engine.nn.cells import CELLS
from engine.nn.fast.split_batches import Helper, halves, rows_worth_halving, run_both
from engine.nn.packing import NO_SYMBOL, Packed
from engine.nn.parameters import Array, LayerParameters, Parameters

_BATCH = 256
"""Names read at once when only the loss is wanted: bounds the memory, and fills the cache."""

_FEW_SYMBOLS = 128
"""Up to so many, rows are added up by symbol in a product with one-hot rows."""

State = tuple[Array, ...]
"""The state of a layer: (m, n_a) arrays, as its cell's `STATES` names them."""

_Kept = Sequence[Array | None]
"""What each layer's output is multiplied by on its way up, (N, n_a); None if by nothing."""


@dataclass
class _LayerTape:
    """What one layer's forward pass leaves for its backward one."""

    below: Array | None  # (N, n_in); None where symbols are read as one-hot vectors
    state: State
    tape: Any
    kept: Array | None  # (N, n_a), the dropout mask


def zero_states(parameters: Parameters, m: int) -> list[State]:
    """Return the states to begin m names with: zero, for each layer."""
    architecture = parameters.architecture
    count = len(CELLS[architecture.cell].STATES)
    dtype = architecture.numpy_dtype
    return [tuple(np.zeros((m, n_a), dtype) for _ in range(count)) for n_a in architecture.widths]


def read_step(
    parameters: Parameters, states: list[State], symbols: NDArray[np.intp]
) -> tuple[list[State], Array]:
    """Read one symbol a row.

    Parameters
    ----------
    states : list of State
        Before, of each layer.
    symbols : (m,) array
        Indices, or `NO_SYMBOL` for x = 0.

    Returns
    -------
    states : list of State
        After.
    z : (m, n_y) array
        The logits of what comes next.
    """
    rows = (slice(0, len(symbols)),)
    cell = CELLS[parameters.architecture.cell]
    a: Array | None = embedded(parameters, symbols)
    after: list[State] = []
    for layer, state in zip(parameters.layers, states, strict=True):
        tape = cell.forward(layer.U, from_below(layer, a, symbols), rows, state)
        after.append(tuple(getattr(tape, name) for name in cell.STATES))
        a = after[-1][0]
    return after, after[-1][0] @ parameters.Wya.T + parameters.by


class Network:
    """Loss and gradients of batches.

    Parameters
    ----------
    parameters : Parameters
        Read at every call, and meant to be updated in place between calls.
    helper : Helper, optional
        Takes a half of the large batches. The numbers are the same without.

    Attributes
    ----------
    gradients : Parameters
        dL/d(parameters) of the latest batch: the sum over its names.
    """

    def __init__(self, parameters: Parameters, helper: Helper | None = None) -> None:
        self.parameters = parameters
        self.gradients = parameters.zeros_like()
        self._cell = CELLS[parameters.architecture.cell]
        U_bytes = sum(layer.U.nbytes for layer in parameters.layers) // len(parameters.layers)
        self._many_rows = rows_worth_halving(U_bytes)
        self._helper = helper
        self._all_kept: _Kept = [None] * len(parameters.layers)

    def loss(self, batch: Packed, states: list[State] | None = None) -> float:
        """Return the loss of a batch, summed over all predictions, in nats; nothing is dropped out.

        Parameters
        ----------
        batch : Packed
        states : list of State, optional
            As in `loss_and_gradients`.
        """
        a, _ = self._forward(batch, self._all_kept, states)
        return _softmax(self._logits(a[batch.unscored :]), batch)[0]

    def states(self, batch: Packed) -> list[Array]:
        """Return the states that reading a batch brings about: (N, n_a) for each layer."""
        _, tapes = self._forward(batch, self._all_kept)
        return [tape.tape.a for tape in tapes]

    def loss_and_gradients(
        self,
        batch: Packed,
        dropout: float = 0.0,
        random: np.random.Generator | None = None,
        states: list[State] | None = None,
    ) -> float:
        """Read a batch, and set `gradients`.

        Parameters
        ----------
        batch : Packed
        dropout : float
            Share of each layer's output that is left out on its way up, 0 or more, below 1. What
            is kept is scaled up, so that nothing has to change where nothing is left out.
        random : Generator, optional
            Needed where `dropout` is not 0.
        states : list of State, optional
            What each layer begins with, of a batch whose steps all have m rows. They take on what
            it ends with. The gradients stop at them. Zero if absent.

        Returns
        -------
        float
            The loss, summed over all that is predicted, in nats.

        Raises
        ------
        ValueError
            If something is to be dropped out, and there is no `random`.
        """
        if dropout and random is None:
            raise ValueError("random must be a Generator where dropout is not 0, got None.")
        if batch.inputs.size >= self._many_rows * len(batch.steps):
            return self._learn_in_halves(batch, dropout, random, states)
        kept = self._draw_kept(batch, dropout, random)
        return self._learn(self.gradients, batch, kept, states)

    def _learn_in_halves(
        self,
        batch: Packed,
        dropout: float,
        random: np.random.Generator | None,
        states: list[State] | None,
    ) -> float:
        """Do what `loss_and_gradients` does, each half with gradients of its own."""
        works = []
        both = self.gradients, self.parameters.zeros_like()
        for begin, (half, gradients) in enumerate(zip(halves(batch), both, strict=True)):
            # Drawn for one half after the other, here, so that it does not depend on the threads.
            kept = self._draw_kept(half, dropout, random)
            own = states and [tuple(array[begin::2] for array in state) for state in states]
            works.append(partial(self._learn, gradients, half, kept, own))
        first, second = works
        loss = sum(run_both(first, second, self._helper))
        self.gradients.flat += both[1].flat
        return loss

    def _draw_kept(
        self, batch: Packed, dropout: float, random: np.random.Generator | None
    ) -> _Kept:
        """Draw what is left of each layer's output."""
        if not dropout or random is None:
            return self._all_kept
        kept = []
        for n_a in self.parameters.architecture.widths:
            drawn = random.random((len(batch), n_a), np.float32) >= dropout
            kept.append(drawn.astype(self.parameters.flat.dtype))
            kept[-1] /= 1.0 - dropout
        return kept

    def _learn(
        self,
        gradients: Parameters,
        batch: Packed,
        kept: _Kept,
        states: list[State] | None,
    ) -> float:
        """Read a batch, set `gradients`, and return the loss."""
        a, tapes = self._forward(batch, kept, states)
        loss, dz = _softmax(self._logits(a[batch.unscored :]), batch)
        dz[np.arange(len(dz)), batch.targets] -= 1.0  # (N - unscored, n_y), dL/dz = y_hat - y
        self._backward(gradients, batch, dz, a, tapes)
        return loss

    def _logits(self, a: Array) -> Array:
        z = a @ self.parameters.Wya.T  # (N, n_y)
        z += self.parameters.by
        return z

    def _hand_back(self, batch: Packed, tapes: list[_LayerTape], states: list[State]) -> None:
        """Let `states` take on what the last step left behind."""
        last = batch.steps[-1]
        for tape, state in zip(tapes, states, strict=True):
            for name, array in zip(self._cell.STATES, state, strict=True):
                array[:] = getattr(tape.tape, name)[last]

    def _forward(
        self,
        batch: Packed,
        kept: _Kept,
        states: list[State] | None = None,
    ) -> tuple[Array, list[_LayerTape]]:
        if states is None:
            begin = zero_states(self.parameters, batch.n_names)
        else:  # copies, as the walk back needs them when `states` has moved on
            begin = [tuple(array.copy() for array in state) for state in states]
        below = embedded(self.parameters, batch.inputs)
        tapes: list[_LayerTape] = []
        for layer, state, let_up in zip(self.parameters.layers, begin, kept, strict=True):
            z = from_below(layer, below, batch.inputs)
            tape = self._cell.forward(layer.U, z, batch.steps, state)
            tapes.append(_LayerTape(below, state, tape, let_up))
            below = tape.a if let_up is None else tape.a * let_up
        assert below is not None  # there is a layer at least
        if states is not None:
            self._hand_back(batch, tapes, states)
        return below, tapes

    def _backward(
        self, gradients: Parameters, batch: Packed, dz: Array, a: Array, tapes: list[_LayerTape]
    ) -> None:
        np.dot(dz.T, a[batch.unscored :], out=gradients.Wya)
        dz.sum(axis=0, out=gradients.by)
        da = dz @ self.parameters.Wya  # (N - unscored, n_a)
        if batch.unscored:
            da = np.concatenate((np.zeros((batch.unscored, da.shape[1]), da.dtype), da))
        layers = zip(self.parameters.layers, gradients.layers, tapes, strict=True)
        for layer, gradient, tape in reversed([*layers]):
            if tape.kept is not None:
                da *= tape.kept
            previous = tuple(
                _previous(getattr(tape.tape, name), first, batch)
                for name, first in zip(self._cell.STATES, tape.state, strict=True)
            )
            dgates, gradient.U[:] = self._cell.backward(
                layer.U, tape.tape, da, batch.steps, previous
            )
            dgates.sum(axis=0, out=gradient.b)
            if tape.below is None:
                _add_rows(gradient.V, batch.inputs, dgates)
                continue
            np.dot(tape.below.T, dgates, out=gradient.V)
            da = dgates @ layer.V.T
        if gradients.E is not None:
            _add_rows(gradients.E, batch.inputs, da)


@dataclass(frozen=True)
class NamesLoss:
    """What a list of names costs.

    Attributes
    ----------
    nats_per_name, nats_per_character : float
        Means; the end of a name counts as a character.
    """

    nats_per_name: float
    nats_per_character: float


def loss_of_names(parameters: Parameters, names: EncodedNames) -> NamesLoss:
    """Return the mean loss of `names`, at least one, each read from a zero state."""
    network = Network(parameters)
    total = sum(network.loss(batch) for batch in _batches(names))
    return NamesLoss(total / len(names), total / len(names.symbols))


def states_of_names(parameters: Parameters, names: EncodedNames) -> list[Array]:
    """Return every state that reading `names` brings about: (characters, n_a) for each layer."""
    network = Network(parameters)
    found = [network.states(batch) for batch in _batches(names)]
    return [np.concatenate(states) for states in zip(*found, strict=True)]


def _batches(names: EncodedNames) -> Iterator[Packed]:
    for start in range(0, len(names), _BATCH):
        yield Packed.of(names, np.arange(start, min(start + _BATCH, len(names))))


def _softmax(z: Array, batch: Packed) -> tuple[float, Array]:
    """Return the loss of logits (n, n_y), in nats, and the probabilities in their place."""
    z -= z.max(axis=1, keepdims=True)
    at_target = z[np.arange(len(z)), batch.targets]
    y_hat = np.exp(z, z)
    sums = y_hat.sum(axis=1)
    y_hat /= sums[:, None]
    return float((np.log(sums) - at_target).sum(dtype=np.float64)), y_hat


def embedded(parameters: Parameters, symbols: NDArray[np.intp]) -> Array | None:
    """Return what stands for each symbol (N, embedding); None where they are one-hot."""
    if parameters.E is None:
        return None
    x = parameters.E[symbols]
    x[symbols == NO_SYMBOL] = 0.0
    return x


def from_below(layer: LayerParameters, below: Array | None, symbols: NDArray[np.intp]) -> Array:
    """Return what the gates hear from below, the bias included: (N, gates x n_a)."""
    if below is None:
        # A one-hot times V is a row of it. A last row for `NO_SYMBOL`, which is -1: b alone.
        heard = np.vstack((layer.V, np.zeros_like(layer.b)))
        heard += layer.b
        return heard[symbols]
    z = below @ layer.V
    z += layer.b
    return z


def _previous(state: Array, first: Array, batch: Packed) -> Array:
    """Return the state that each row began with: (N, n_a)."""
    previous = state[batch.previous]
    previous[: batch.n_names] = first
    return previous


def _add_rows(into: Array, symbols: NDArray[np.intp], rows: Array) -> None:
    """Set each row of `into` (n_symbols, k) to the sum of the rows (N, k) that read its symbol."""
    if len(into) <= _FEW_SYMBOLS:
        # The product does as many times the work as there are symbols, and takes a third the time.
        one_hot = np.zeros((len(symbols), len(into) + 1), rows.dtype)  # the last is for NO_SYMBOL
        one_hot[np.arange(len(symbols)), symbols] = 1.0
        np.dot(one_hot[:, :-1].T, rows, out=into)
        return
    into[:] = 0.0
    order = np.argsort(symbols, kind="stable")
    order = order[np.searchsorted(symbols[order], 0) :]  # what read no symbol stands in front
    if order.size:
        read = symbols[order]
        begins = np.flatnonzero(np.diff(read, prepend=NO_SYMBOL))
        into[read[begins]] = np.add.reduceat(rows[order], begins, axis=0)

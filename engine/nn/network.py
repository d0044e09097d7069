"""The network: layers of a cell and a softmax layer; loss and gradients of a batch."""

from __future__ import annotations  # importing numpy.random takes long

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.data.vocabulary import EncodedNames
from engine.nn.cells import CELLS
from engine.nn.fast.split_batches import Helper, rows_worth_splitting, run_both, split_batch
from engine.nn.packing import NO_SYMBOL, Packed
from engine.nn.parameters import Array, LayerParameters, Parameters

_BATCH = 256
"""Names in a batch where only the loss is wanted: bounds the memory, and fills the cache."""

FEW_SYMBOLS = 128
"""Up to this many symbols, rows are summed by symbol in a product with one-hot rows."""

State = tuple[Array, ...]
"""The state of a layer: (m, n_a) arrays, in the order of its cell's `STATES`."""

_Masks = Sequence[Array | None]
"""The dropout mask of each layer's output, (N, n_a); None if nothing is dropped."""


@dataclass
class _LayerTape:
    """What one layer's forward pass keeps for its backward pass."""

    inputs: Array | None  # (N, n_in); None for one-hot symbols
    state: State  # the initial one
    tape: Any  # the cell's own
    mask: Array | None  # (N, n_a), of dropout


def zero_states(parameters: Parameters, m: int) -> list[State]:
    """Return the initial states of m names: zero, for each layer."""
    architecture = parameters.architecture
    count = len(CELLS[architecture.cell].STATES)
    dtype = architecture.numpy_dtype
    return [tuple(np.zeros((m, n_a), dtype) for _ in range(count)) for n_a in architecture.widths]


def read_step(
    parameters: Parameters, states: list[State], symbols: NDArray[np.intp]
) -> tuple[list[State], Array]:
    """Make one step: read one symbol per row.

    Parameters
    ----------
    parameters : Parameters
    states : list of State
        The states of each layer before the step.
    symbols : (m,) array
        As indices, or `NO_SYMBOL` for x = 0.

    Returns
    -------
    states : list of State
        The states after the step.
    z : (m, n_y) array
        The logits of the next symbol.
    """
    rows = (slice(0, len(symbols)),)
    cell = CELLS[parameters.architecture.cell]
    a: Array | None = embedded(parameters, symbols)
    after: list[State] = []
    for layer, state in zip(parameters.layers, states, strict=True):
        if a is None:
            z = _few_pre_activations(layer, symbols)
        else:
            z = input_pre_activations(layer, a, symbols)
        tape = cell.forward(layer.U, z, rows, state)
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
        Computes one half of large batches. The numbers are the same without.

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
        self._many_rows = rows_worth_splitting(U_bytes)
        self._helper = helper
        self._no_masks: _Masks = [None] * len(parameters.layers)

    def loss(self, batch: Packed, states: list[State] | None = None) -> float:
        """Return the loss of a batch, summed over all predictions, in nats, without dropout.

        Parameters
        ----------
        batch : Packed
        states : list of State, optional
            As in `loss_and_gradients`.
        """
        a, _ = self._forward(batch, self._no_masks, states)
        return _softmax(self._logits(a[batch.unscored :]), batch)[0]

    def states(self, batch: Packed) -> list[Array]:
        """Return the states at all steps of a batch: (N, n_a) for each layer."""
        _, tapes = self._forward(batch, self._no_masks)
        return [tape.tape.a for tape in tapes]

    def loss_and_gradients(
        self,
        batch: Packed,
        dropout: float = 0.0,
        random: np.random.Generator | None = None,
        states: list[State] | None = None,
    ) -> float:
        """Return the loss of a batch, and set `gradients`.

        Parameters
        ----------
        batch : Packed
        dropout : float
            Share of each layer's outputs that is dropped, 0 or more and below 1. The others are
            scaled up, so that nothing has to change when nothing is dropped.
        random : Generator, optional
            Draws the dropout masks; needed if `dropout` is not 0.
        states : list of State, optional
            The initial states of the m names or chunks; overwritten with the final ones. No
            gradient flows back beyond them. Zero if absent.

        Returns
        -------
        float
            The loss, summed over all predictions, in nats.

        Raises
        ------
        ValueError
            If there is dropout and no `random`.
        """
        if dropout and random is None:
            raise ValueError("random must be a Generator if dropout is not 0, got None.")
        if batch.inputs.size >= self._many_rows * len(batch.steps):
            return self._compute_split(batch, dropout, random, states)
        masks = self._draw_masks(batch, dropout, random)
        return self._compute(self.gradients, batch, masks, states)

    def _compute_split(
        self,
        batch: Packed,
        dropout: float,
        random: np.random.Generator | None,
        states: list[State] | None,
    ) -> float:
        """Do what `loss_and_gradients` says, for each half of the batch by itself."""
        works = []
        both = self.gradients, self.parameters.zeros_like()
        for begin, (half, gradients) in enumerate(zip(split_batch(batch), both, strict=True)):
            # Drawn here, for one half after the other, so that threads do not change the numbers.
            masks = self._draw_masks(half, dropout, random)
            own = states and [tuple(array[begin::2] for array in state) for state in states]
            works.append(partial(self._compute, gradients, half, masks, own))
        first, second = works
        loss = sum(run_both(first, second, self._helper))
        self.gradients.flat += both[1].flat
        return loss

    def _draw_masks(
        self, batch: Packed, dropout: float, random: np.random.Generator | None
    ) -> _Masks:
        """Draw the dropout mask of each layer."""
        if not dropout or random is None:
            return self._no_masks
        masks = []
        for n_a in self.parameters.architecture.widths:
            kept = random.random((len(batch), n_a), np.float32) >= dropout  # (N, n_a)
            masks.append(kept.astype(self.parameters.flat.dtype))
            masks[-1] /= 1.0 - dropout
        return masks

    def _compute(
        self,
        gradients: Parameters,
        batch: Packed,
        masks: _Masks,
        states: list[State] | None,
    ) -> float:
        """Return the loss of a batch, and set `gradients`."""
        a, tapes = self._forward(batch, masks, states)
        loss, dz = _softmax(self._logits(a[batch.unscored :]), batch)
        dz[np.arange(len(dz)), batch.targets] -= 1.0  # (N - unscored, n_y), dL/dz = y_hat - y
        self._backward(gradients, batch, dz, a, tapes)
        return loss

    def _logits(self, a: Array) -> Array:
        z = a @ self.parameters.Wya.T  # (N, n_y)
        z += self.parameters.by
        return z

    def _set_final(self, batch: Packed, tapes: list[_LayerTape], states: list[State]) -> None:
        """Overwrite `states` with the states after the last row of each name or chunk."""
        last = batch.last_rows
        for tape, state in zip(tapes, states, strict=True):
            for name, array in zip(self._cell.STATES, state, strict=True):
                array[:] = getattr(tape.tape, name)[last]

    def _forward(
        self,
        batch: Packed,
        masks: _Masks,
        states: list[State] | None = None,
    ) -> tuple[Array, list[_LayerTape]]:
        if states is None:
            initial = zero_states(self.parameters, batch.n_names)
        else:  # copies, as the backward pass needs them after `states` is overwritten
            initial = [tuple(array.copy() for array in state) for state in states]
        a = embedded(self.parameters, batch.inputs)  # (N, n_in) or None
        tapes: list[_LayerTape] = []
        for layer, state, mask in zip(self.parameters.layers, initial, masks, strict=True):
            z = input_pre_activations(layer, a, batch.inputs)  # (N, gates x n_a)
            if layer.K is not None:
                _add_kinds(z, layer.K, batch)
            tape = self._cell.forward(layer.U, z, batch.steps, state)
            tapes.append(_LayerTape(a, state, tape, mask))
            a = tape.a if mask is None else tape.a * mask  # (N, n_a)
        assert a is not None  # there is at least one layer
        if states is not None:
            self._set_final(batch, tapes, states)
        return a, tapes

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
            if tape.mask is not None:
                da *= tape.mask  # (N, n_a)
            previous = tuple(
                _previous(getattr(tape.tape, name), first, batch)
                for name, first in zip(self._cell.STATES, tape.state, strict=True)
            )
            dgates, gradient.U[:] = self._cell.backward(
                layer.U, tape.tape, da, batch.steps, previous
            )  # (N, gates x n_a)
            dgates.sum(axis=0, out=gradient.b)
            if gradient.K is not None:
                _sum_kinds(gradient.K, dgates, batch)
            if tape.inputs is None:
                _sum_rows(gradient.V, batch.inputs, dgates)
                continue
            np.dot(tape.inputs.T, dgates, out=gradient.V)  # (n_in, gates x n_a)
            da = dgates @ layer.V.T  # (N, n_in)
        if gradients.E is not None:
            _sum_rows(gradients.E, batch.inputs, da)


@dataclass(frozen=True)
class NamesLoss:
    """The mean loss of a list of names.

    Attributes
    ----------
    nats_per_name, nats_per_character : float
        In nats; the end of a name counts as a character. Of a network that tells kinds, both are
        -ln of the probability of the right kind.
    accuracy : float or None
        The share of names whose kind is told rightly; None if the network does not tell kinds.
    """

    nats_per_name: float
    nats_per_character: float
    accuracy: float | None = None


def loss_of_names(parameters: Parameters, names: EncodedNames) -> NamesLoss:
    """Return the mean loss of one or more names, each with an initial state of zero."""
    network = Network(parameters)
    total = sum(network.loss(batch) for batch in _batches(names))
    return NamesLoss(total / len(names), total / len(names.symbols))


def states_of_names(parameters: Parameters, names: EncodedNames) -> list[Array]:
    """Return the states at all characters of `names`: (characters, n_a) for each layer."""
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
    """Return the embedding of each symbol, (N, embedding); None if symbols are one-hot."""
    if parameters.E is None:
        return None
    x = parameters.E[symbols]
    x[symbols == NO_SYMBOL] = 0.0
    return x


def _few_pre_activations(layer: LayerParameters, symbols: NDArray[np.intp]) -> Array:
    """Return V x + b for one-hot symbols, (m, gates x n_a), without copying all of V.

    The numbers are those of `input_pre_activations`, which is faster for the symbols of a batch.
    """
    z = layer.V[symbols]
    z[symbols == NO_SYMBOL] = 0.0
    z += layer.b
    return z


def input_pre_activations(
    layer: LayerParameters, inputs: Array | None, symbols: NDArray[np.intp]
) -> Array:
    """Return the input's share of the pre-activations, V x + b: (N, gates x n_a).

    Parameters
    ----------
    layer : LayerParameters
    inputs : (N, n_in) array or None
        x; None for one-hot symbols.
    symbols : (N,) array
        Read only where `inputs` is None: as indices, or `NO_SYMBOL` for x = 0.
    """
    if inputs is None:
        # A one-hot vector times V is a row of V. `NO_SYMBOL` is -1 and picks the last row: b alone.
        rows = np.vstack((layer.V, np.zeros_like(layer.b)))
        rows += layer.b
        return rows[symbols]
    z = inputs @ layer.V
    z += layer.b
    return z


def _add_kinds(z: Array, K: Array, batch: Packed) -> None:
    """Add what its name's kind adds to each row of pre-activations (N, gates x n_a), in place."""
    assert batch.kinds is not None  # a network that is told kinds reads names of kinds
    of_names = K[batch.kinds]  # (m, gates x n_a)
    for rows in batch.steps:
        z[rows] += of_names[: rows.stop - rows.start]


def _sum_kinds(into: Array, dgates: Array, batch: Packed) -> None:
    """Set the rows of `into` (n_kinds, gates x n_a) to the sums of the rows of names by kind."""
    assert batch.kinds is not None
    of_names = dgates[batch.steps[0]].copy()  # (m, gates x n_a)
    for rows in batch.steps[1:]:
        of_names[: rows.stop - rows.start] += dgates[rows]
    _sum_rows(into, batch.kinds, of_names)


def _previous(state: Array, first: Array, batch: Packed) -> Array:
    """Return the state before each row's step: (N, n_a)."""
    previous = state[batch.previous]
    previous[: batch.n_names] = first
    return previous


def _sum_rows(into: Array, symbols: NDArray[np.intp], rows: Array) -> None:
    """Set each row of `into` (n_symbols, k) to the sum of the rows (N, k) with its symbol."""
    if len(into) <= FEW_SYMBOLS:
        # The product does n_symbols times the arithmetic, in a third of the time.
        one_hot = np.zeros((len(symbols), len(into) + 1), rows.dtype)  # the last is for NO_SYMBOL
        one_hot[np.arange(len(symbols)), symbols] = 1.0
        np.dot(one_hot[:, :-1].T, rows, out=into)
        return
    into[:] = 0.0
    order = np.argsort(symbols, kind="stable")
    order = order[np.searchsorted(symbols[order], 0) :]  # without those of NO_SYMBOL
    if order.size:
        read = symbols[order]
        begins = np.flatnonzero(np.diff(read, prepend=NO_SYMBOL))
        into[read[begins]] = np.add.reduceat(rows[order], begins, axis=0)

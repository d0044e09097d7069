"""The mean loss of a network on a text, in nats per symbol."""

import numpy as np
from numpy.typing import NDArray

from engine.nn.network import NamesLoss, Network, zero_states
from engine.nn.packing import NO_SYMBOL, Packed
from engine.nn.parameters import Parameters

_STREAMS = 32
_WINDOWS = 256
_LENGTH = 100
_WARM_UP = 100
"""Symbols that each stream reads as context before the loss counts."""


def loss_of_text(
    parameters: Parameters,
    context: NDArray[np.integer],
    symbols: NDArray[np.integer],
) -> NamesLoss:
    """Return the mean loss of `symbols`, each predicted from all symbols before it.

    The symbols are read in parallel streams. Each stream first reads a hundred symbols that do not
    count.

    Parameters
    ----------
    parameters : Parameters
    context : (k,) array
        Indices of what precedes `symbols` in the text. Its last hundred symbols are read.
    symbols : (n,) array
        Indices, at least one.

    Returns
    -------
    NamesLoss
        Nats per symbol, in both attributes.
    """
    m = min(_STREAMS, -(-len(symbols) // _LENGTH))
    per_stream = len(symbols) // m
    before = context[-_WARM_UP - 1 :].astype(np.intp)
    missing = _WARM_UP + 1 - len(before)
    whole = np.concatenate((np.full(missing, NO_SYMBOL), before, symbols.astype(np.intp)))
    network = Network(parameters)
    states = zero_states(parameters, m)
    total = 0.0
    starts = np.arange(m) * per_stream
    for begin in range(-_WARM_UP, per_stream, _LENGTH):
        columns = np.arange(begin, min(begin + _LENGTH, per_stream)) + _WARM_UP
        batch = Packed.of_pieces(
            whole[starts[:, None] + columns], whole[starts[:, None] + columns + 1]
        )
        loss = network.loss(batch, states)
        total += loss if begin >= 0 else 0.0
    left = (
        np.arange(m * per_stream, len(symbols)) + _WARM_UP
    )  # fewer than m, read by the last stream
    if left.size:
        last = [tuple(array[-1:] for array in state) for state in states]
        total += network.loss(Packed.of_pieces(whole[None, left], whole[None, left + 1]), last)
    return NamesLoss(total / len(symbols), total / len(symbols))


def loss_of_windows(
    parameters: Parameters,
    context: NDArray[np.integer],
    symbols: NDArray[np.integer],
    window: int,
    most: int | None = None,
) -> NamesLoss:
    """Return the mean loss of `symbols`, each predicted from the window before it alone.

    A network trained on windows has never seen a state older than a window, so it is measured as it
    was trained: from a zero state for each symbol.

    Parameters
    ----------
    parameters : Parameters
    context, symbols : arrays
        As in `loss_of_text`. The context has at least `window` symbols.
    window : int
        Number of symbols read before each prediction.
    most : int, optional
        Number of predictions, spread evenly over `symbols`. The default is all.

    Returns
    -------
    NamesLoss
        Nats per symbol, in both attributes.
    """
    whole = np.concatenate((context[-window:], symbols))
    count = min(most or len(symbols), len(symbols))
    starts = np.linspace(0, len(symbols) - 1, count).astype(np.intp)
    network, total = Network(parameters), 0.0
    for begin in range(0, count, _WINDOWS):
        chosen = starts[begin : begin + _WINDOWS, None]
        batch = Packed.of_pieces(whole[chosen + np.arange(window)], whole[chosen + window])
        total += network.loss(batch)
    return NamesLoss(total / count, total / count)

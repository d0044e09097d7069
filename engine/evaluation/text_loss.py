"""The mean loss of a network on a text, in nats per symbol."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from engine.data.training_data import OnProgress, ignore_progress
from engine.nn.layers.layer_stack import zero_states
from engine.nn.network import NamesLoss, Network
from engine.nn.packing import NO_SYMBOL, Packed
from engine.nn.parameters import Parameters

Indices = NDArray[np.intp]

_STREAMS = 32
_SHORTEST_STREAM = 100
_WINDOWS = 256
_ROWS = 3_200
"""Predictions that are made at once."""

_MOST_LOGITS = 1 << 22
"""Numbers in these predictions: with thousands of symbols, fewer are made at once."""

WARM_UP = 100
"""Symbols that a network reads as context before its loss counts."""


def loss_of_text(
    parameters: Parameters,
    context: NDArray[np.integer],
    symbols: NDArray[np.integer],
    on_progress: OnProgress = ignore_progress,
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
    on_progress : OnProgress
        Called between the parts of the measurement.

    Returns
    -------
    NamesLoss
        Nats per symbol, in both attributes.
    """
    before = context[-WARM_UP - 1 :]
    whole = np.concatenate((before, symbols))
    n = len(symbols)
    m = min(_STREAMS, -(-n // _SHORTEST_STREAM))
    length = n // m
    starts = len(before) + np.arange(m) * length
    total = _nats_of_pieces(parameters, whole, starts, length, on_progress)
    rest = n - m * length
    if rest:
        last = np.array([len(whole) - rest])
        total += _nats_of_pieces(parameters, whole, last, rest, ignore_progress)
    return NamesLoss(total / n, total / n)


def loss_of_pieces(
    parameters: Parameters,
    whole: NDArray[np.integer],
    starts: Indices,
    length: int,
    on_progress: OnProgress = ignore_progress,
) -> NamesLoss:
    """Return the mean loss of some pieces of a text.

    The first symbol of a piece is predicted from the hundred symbols before the piece, and the
    others from these and what the piece has before them.

    Parameters
    ----------
    parameters : Parameters
    whole : (n,) array
        The text, as indices.
    starts : (m,) array
        Where the pieces begin.
    length : int
        Symbols in each piece.
    on_progress : OnProgress
        Called between the parts of the measurement.

    Returns
    -------
    NamesLoss
        Nats per symbol, in both attributes.
    """
    total = _nats_of_pieces(parameters, whole, starts, length, on_progress)
    nats = total / (len(starts) * length)
    return NamesLoss(nats, nats)


def loss_of_windows(
    parameters: Parameters,
    whole: NDArray[np.integer],
    places: Indices,
    window: int,
    on_progress: OnProgress = ignore_progress,
) -> NamesLoss:
    """Return the mean loss of some symbols, each predicted from the window before it alone.

    A network trained on windows has never seen a state older than a window, so it is measured as it
    was trained: from a zero state for each symbol.

    Parameters
    ----------
    parameters : Parameters
    whole : (n,) array
        The text, as indices.
    places : (m,) array
        Where the predicted symbols stand. There is nothing to read before the text.
    window : int
        Number of symbols read before each prediction.
    on_progress : OnProgress
        Called between the parts of the measurement.

    Returns
    -------
    NamesLoss
        Nats per symbol, in both attributes.
    """
    network, total = Network(parameters), 0.0
    for begin in range(0, len(places), _WINDOWS):
        on_progress(begin / len(places))
        chosen = places[begin : begin + _WINDOWS, None]
        batch = Packed.of_pieces(_at(whole, chosen + np.arange(-window, 0)), whole[chosen])
        total += network.loss(batch)
    return NamesLoss(total / len(places), total / len(places))


def loss_of_documents(
    parameters: Parameters,
    symbols: NDArray[np.integer],
    starts: Indices,
    lengths: Indices,
    on_progress: OnProgress = ignore_progress,
    kinds: Indices | None = None,
) -> NamesLoss:
    """Return the mean loss of documents, each read from its beginning with a zero state.

    Parameters
    ----------
    parameters : Parameters
    symbols : (n,) array
        All documents, as indices.
    starts : (m,) array
        Where the documents begin.
    lengths : (m,) array
        How many symbols of each are measured, at least one.
    on_progress : OnProgress
        Called between the parts of the measurement.
    kinds : (m,) array of int, optional
        The kind of each, for a network that is told kinds.

    Returns
    -------
    NamesLoss
        Nats per document, and per symbol.
    """
    longest_first = np.argsort(-lengths, kind="stable")
    n, total, done = int(lengths.sum()), 0.0, 0
    for begin in range(0, len(starts), _STREAMS):
        chosen = longest_first[begin : begin + _STREAMS]
        of_each = None if kinds is None else kinds[chosen]
        for nats, count in _nats_of_documents(
            parameters, symbols, starts[chosen], lengths[chosen], of_each
        ):
            total, done = total + nats, done + count
            on_progress(done / n)
    return NamesLoss(total / len(starts), total / n)


def _nats_of_documents(
    parameters: Parameters,
    symbols: NDArray[np.integer],
    starts: Indices,
    lengths: Indices,
    kinds: Indices | None,
) -> Iterator[tuple[float, int]]:
    """Read documents side by side, the longest first, in chunks.

    Yields
    ------
    nats : float
        The sum of the losses of a chunk's symbols.
    count : int
        How many these are.
    """
    network, states = Network(parameters), zero_states(parameters, len(starts))
    rows = min(_ROWS, _MOST_LOGITS // parameters.architecture.n_symbols)
    width = max(rows // len(starts), 1)
    for begin in range(0, int(lengths[0]), width):
        m = int(np.count_nonzero(lengths > begin))
        left = np.minimum(lengths[:m] - begin, width)
        begins = np.full(m, begin == 0)
        of_each = None if kinds is None else kinds[:m]
        batch = Packed.of_chunks(symbols, starts[:m] + begin, left, begins, of_each)
        states = [tuple(array[:m] for array in state) for state in states]
        yield network.loss(batch, states), len(batch)


def _nats_of_pieces(
    parameters: Parameters,
    whole: NDArray[np.integer],
    starts: Indices,
    length: int,
    on_progress: OnProgress,
) -> float:
    """Return the sum of the losses of pieces of a text, read side by side."""
    network, states = Network(parameters), zero_states(parameters, len(starts))
    rows = min(_ROWS, _MOST_LOGITS // parameters.architecture.n_symbols)
    width = max(rows // len(starts), 1)  # symbols of each piece that are read at once
    total = 0.0
    for first, last in ((-WARM_UP, 0), (0, length)):
        for begin in range(first, last, width):
            on_progress((begin + WARM_UP) / (length + WARM_UP))
            places = starts[:, None] + np.arange(begin, min(begin + width, last))
            batch = Packed.of_pieces(_at(whole, places - 1), _at(whole, places))
            loss = network.loss(batch, states)
            total += loss if begin >= 0 else 0.0
    return total


def _at(whole: NDArray[np.integer], places: Indices) -> Indices:
    """Return the symbols at some places; before the text there is `NO_SYMBOL`."""
    symbols = whole[np.maximum(places, 0)].astype(np.intp)
    symbols[places < 0] = NO_SYMBOL
    return symbols

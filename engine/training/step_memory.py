"""The memory of a run: reckoned before it is tried, from the sizes of a step."""

import numpy as np

from engine.data.corpus import Corpus
from engine.data.melodies import Melodies
from engine.data.passages import passages_of
from engine.data.text import Text
from engine.nn.cells import CELLS
from engine.nn.layers.inputs import FEW_SYMBOLS
from engine.nn.memory import check_memory
from engine.training.learner import MAX_READ
from engine.training.settings import Hyperparameters, RunSettings

_COPIES = 9
"""Arrays of all parameters: present, last good, best and the window's, gradients and moments."""

_INDEX_BYTES = 8 * 8
"""Bytes of a row's indices in a batch, and of those that the batch is made with."""


def check_step_memory(
    corpus: Corpus | Text,
    hyperparameters: Hyperparameters,
    settings: RunSettings,
    present: Hyperparameters | None = None,
) -> None:
    """Check that there is memory for the steps of a run.

    Parameters
    ----------
    corpus : Corpus or Text
    hyperparameters : Hyperparameters
    settings : RunSettings
    present : Hyperparameters, optional
        Those of the run that is to be changed, whose memory is in use already.

    Raises
    ------
    NotEnoughMemoryError
        If there is less than a step needs. The message says what needs how much.
    """
    in_use = 0
    if present is not None:
        if _sizes(present) == _sizes(hyperparameters):
            return
        in_use = step_bytes(corpus, present, settings)
    needed = step_bytes(corpus, hyperparameters, settings)
    if needed > in_use:
        what, advice = _describe(corpus, hyperparameters, settings)
        check_memory(needed, what, advice, in_use)


def step_bytes(
    corpus: Corpus | Text, hyperparameters: Hyperparameters, settings: RunSettings
) -> int:
    """Return how many bytes a run uses at the peak of a step, the data not counted.

    Every row of a batch is a symbol that is read. The forward pass keeps the gates and states of
    all layers for all rows. The backward pass needs the gradients of one layer after the other.
    """
    widths, n_symbols = hyperparameters.widths, len(corpus.vocabulary)
    architecture = settings.architecture(n_symbols, widths, corpus.n_kinds)
    cell = CELLS[settings.cell]
    gates, states = len(cell.GATES), len(cell.STATES)
    kept = states
    if any(quantity.gate for quantity in cell.QUANTITIES):
        kept += gates + 1  # tanh(c) of an LSTM, the reset state of a GRU
    if hyperparameters.dropout:
        kept += 2  # the mask, and the output times the mask
    in_backward_pass = 2 * gates + states + 2
    numbers = kept * sum(widths) + in_backward_pass * max(widths) + n_symbols
    if hyperparameters.backend == "compiled" or cell.JOINS_INPUT:
        # Each layer's last state, beside its input.
        numbers += sum(widths) + (settings.embedding or 0) + sum(widths[:-1])
    numbers += settings.embedding or min(n_symbols, FEW_SYMBOLS)
    item_bytes = architecture.numpy_dtype.itemsize
    row_bytes = numbers * item_bytes + _INDEX_BYTES
    rows = _rows(corpus, hyperparameters.batch, settings)
    needed = rows * row_bytes + _COPIES * architecture.n_parameters * item_bytes
    if architecture.n_kinds:  # what the kind of each name adds, its gradient, and the one-hot kind
        of_name = 2 * gates * max(widths) + min(architecture.n_kinds, FEW_SYMBOLS)
        needed += min(hyperparameters.batch, MAX_READ) * of_name * item_bytes
    return needed


def _sizes(hyperparameters: Hyperparameters) -> tuple[object, ...]:
    """Return the hyperparameters that the memory depends on."""
    return (
        hyperparameters.widths,
        hyperparameters.batch,
        bool(hyperparameters.dropout),
        hyperparameters.backend,
    )


def _rows(corpus: Corpus | Text, batch: int, settings: RunSettings) -> int:
    """Return the most rows that a step reads at once."""
    if settings.task == "tell" and isinstance(corpus, Melodies):
        return min(batch, MAX_READ) * _longest_passage(corpus)
    if isinstance(corpus, Text):
        if settings.window is not None:
            return min(batch, MAX_READ) * settings.window
        return min(batch * settings.length, len(corpus.symbols))
    at_once = min(batch, MAX_READ)
    if at_once == 1:
        return corpus.longest_length + 1
    longest = sorted(corpus.vocabulary.lengths(corpus.distinct), reverse=True)
    times, rest = divmod(at_once, len(longest))  # a batch may span several epochs
    return times * sum(longest) + sum(longest[:rest]) + at_once  # with the ends


def _longest_passage(melodies: Melodies) -> int:
    """Return the most symbols that a passage has, with the one after it."""
    passages = passages_of(melodies, np.arange(len(melodies.tunes)), at_every_bar=True)
    return int(passages.lengths.max()) + 1


def _describe(
    corpus: Corpus | Text, hyperparameters: Hyperparameters, settings: RunSettings
) -> tuple[str, str]:
    """Return the sizes that make a step large, and what to choose instead."""
    units = " + ".join(f"{n:,}" for n in hyperparameters.widths) + " units"
    batch = hyperparameters.batch
    if not isinstance(corpus, Text):
        what = f"{units} × {batch:,} names × up to {corpus.longest_length + 1} letters"
        return f"A step of {what}", "Choose fewer units, or fewer names per step."
    if isinstance(corpus, Melodies) and settings.task == "tell":
        what = f"{units} × {batch:,} passages × up to {_longest_passage(corpus):,} symbols"
        return f"A step of {what}", "Choose fewer units, or fewer passages per step."
    if settings.window is not None:
        what = f"{units} × {batch:,} windows × {settings.window:,} symbols"
        return f"A step of {what}", "Choose fewer units, fewer windows or shorter ones."
    what = f"{units} × {batch:,} streams × {settings.length:,} symbols"
    return f"A step of {what}", "Choose fewer units, fewer streams or fewer symbols per step."

"""A new run that begins with the parameters of a saved network, over its own symbols."""

from dataclasses import replace

import numpy as np

from engine.data.vocabulary import Vocabulary
from engine.nn.parameters import Array, Normal, Parameters
from engine.runs.checkpoint import Checkpoint
from engine.training.record import Start
from engine.training.settings import RunSettings

_CALLED = {"\n": "newline", " ": "space", "\t": "tab"}

_STREAM = 4
"""Of the run's seed, what new symbols are drawn from; others serve the order and the learner."""


def begin_with(
    saved: Checkpoint, source: str, vocabulary: Vocabulary, settings: RunSettings
) -> Start:
    """Return what a run over other symbols begins with.

    Parameters
    ----------
    saved : Checkpoint
    source : str
        What to call it: the file's name, as a rule.
    vocabulary : Vocabulary
        Of what the run learns from.
    settings : RunSettings
        Of the run: its seed draws what is new, and its dtype is that of the parameters.
    """
    random = np.random.default_rng((settings.seed, _STREAM))
    parameters = inherit(
        saved.parameters, saved.vocabulary, vocabulary, random, dtype=settings.dtype
    )
    return Start.of(source, saved.step, parameters)


def inherit(
    saved: Parameters, known: Vocabulary, vocabulary: Vocabulary, random: Normal, *, dtype: str
) -> Parameters:
    """Return a network's parameters for another vocabulary, its symbols matched by character.

    What is said to a symbol and by it is kept for those that both vocabularies have; for new ones
    it is as `Parameters.initial` draws it. All else is kept.

    Parameters
    ----------
    saved : Parameters
        For `known`; left alone.
    known, vocabulary : Vocabulary
        Before and after.
    random : Normal
        Draws the initial values.
    dtype : str
        Of the result.
    """
    architecture = replace(saved.architecture, n_symbols=len(vocabulary), dtype=dtype)
    after = Parameters.initial(architecture, random)
    new = [place for place, symbol in enumerate(vocabulary.symbols) if symbol in known.index_of]
    old = [known.index_of[vocabulary.symbols[place]] for place in new]

    def carry(to: Array, was: Array) -> None:
        """Take over the rows of the symbols that both know."""
        to[new] = was[old]

    for place, (layer, before) in enumerate(zip(after.layers, saved.layers, strict=True)):
        layer.U[:], layer.b[:] = before.U, before.b
        if place == 0 and saved.E is None:
            carry(layer.V, before.V)
        else:
            layer.V[:] = before.V
    if after.E is not None and saved.E is not None:
        carry(after.E, saved.E)
    carry(after.Wya, saved.Wya)
    carry(after.by, saved.by)
    return after


def told_of_symbols(saved: Checkpoint, source: str, vocabulary: Vocabulary) -> str:
    """Say in a sentence what a run begins with, and which symbols are new to it."""
    new = [symbol for symbol in vocabulary.symbols if symbol not in saved.vocabulary.index_of]
    told = "all symbols are known to it"
    if new:
        listed = " ".join(_CALLED.get(symbol, symbol) for symbol in new[:20])
        more = " …" if len(new) > 20 else ""
        told = f"{len(new)} of {len(vocabulary)} symbols are new to it: {listed}{more}"
    return f"Begins with the network of “{source}”, after {saved.step:,} steps; {told}."

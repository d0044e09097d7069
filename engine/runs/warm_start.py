"""Warm start: a new run begins with the parameters of a saved network, for its own vocabulary."""

from dataclasses import replace

import numpy as np

from engine.data.vocabulary import Vocabulary
from engine.nn.parameters import Array, Normal, Parameters
from engine.runs.saved_network import SavedNetwork
from engine.training.record import WarmStart
from engine.training.settings import RunSettings

_SYMBOL_NAMES = {"\n": "newline", " ": "space", "\t": "tab"}

_SEED_STREAM = 4
"""Random stream of the run's seed that new symbols draw from; other uses have other numbers."""


def make_warm_start(
    saved: SavedNetwork, source: str, vocabulary: Vocabulary, settings: RunSettings
) -> WarmStart:
    """Return the initial parameters of a run that begins with a saved network.

    Parameters
    ----------
    saved : SavedNetwork
    source : str
        Name of the network, usually its file's.
    vocabulary : Vocabulary
        Of the run's data.
    settings : RunSettings
        Of the run. Its seed determines the values for new symbols, its dtype the type.
    """
    random = np.random.default_rng((settings.seed, _SEED_STREAM))
    parameters = transfer_parameters(
        saved.parameters, saved.vocabulary, vocabulary, random, dtype=settings.dtype
    )
    return WarmStart.of(source, saved.trained_steps, parameters)


def transfer_parameters(
    saved: Parameters, known: Vocabulary, vocabulary: Vocabulary, random: Normal, *, dtype: str
) -> Parameters:
    """Return a network's parameters for another vocabulary, with symbols matched by character.

    Input and output weights of symbols in both vocabularies are kept. Those of new symbols are
    drawn as in `Parameters.initial`. All other parameters are kept.

    Parameters
    ----------
    saved : Parameters
        For `known`; not changed.
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
        """Copy the rows of the symbols in both vocabularies."""
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


def describe_warm_start(saved: SavedNetwork, source: str, vocabulary: Vocabulary) -> str:
    """Return a sentence that names the network, and the symbols that are new to it."""
    new = [symbol for symbol in vocabulary.symbols if symbol not in saved.vocabulary.index_of]
    symbols = "it knows all symbols"
    if new:
        listed = " ".join(_SYMBOL_NAMES.get(symbol, symbol) for symbol in new[:20])
        more = " …" if len(new) > 20 else ""
        symbols = f"{len(new)} of {len(vocabulary)} symbols are new to it: {listed}{more}"
    return f"Starts with the network of “{source}” after {saved.trained_steps:,} steps; {symbols}."

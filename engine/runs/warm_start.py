"""Warm start: a new run begins with the parameters of a saved network.

They are adapted to its own symbols, kinds of names and task.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from engine.data.vocabulary import Vocabulary
from engine.nn.architecture import Task
from engine.nn.parameters import Array, LayerParameters, Normal, Parameters
from engine.runs.saved_network import SavedNetwork
from engine.training.record import WarmStart
from engine.training.settings import RunSettings

_SYMBOL_NAMES = {"\n": "newline", " ": "space", "\t": "tab"}

_SHOWN = 20
"""The most symbols or kinds that a message lists."""

_SEED_STREAM = 4
"""Random stream of the run's seed that new symbols draw from; other uses have other numbers."""


@dataclass(frozen=True)
class _Matches:
    """Which rows of two arrays belong to the same symbols or kinds.

    Attributes
    ----------
    new, old : list of int
        The rows after and before, as pairs.
    """

    new: list[int]
    old: list[int]

    @classmethod
    def of(cls, after: Sequence[str], before: Sequence[str]) -> "_Matches":
        """Match symbols, or titles of kinds, that are alike."""
        place_of = {title: place for place, title in enumerate(before)}
        new = [place for place, title in enumerate(after) if title in place_of]
        return cls(new, [place_of[after[place]] for place in new])

    def carry(self, to: Array, was: Array) -> None:
        """Copy these rows."""
        to[self.new] = was[self.old]


def make_warm_start(
    saved: SavedNetwork,
    source: str,
    vocabulary: Vocabulary,
    settings: RunSettings,
    kinds: Sequence[str] = (),
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
        Of the run. Its seed determines the values for what is new, its dtype the type.
    kinds : sequence of str
        The titles of the kinds of the run's data.
    """
    random = np.random.default_rng((settings.seed, _SEED_STREAM))
    parameters = transfer_parameters(
        saved.parameters,
        (saved.vocabulary, saved.kinds),
        (vocabulary, kinds),
        random,
        dtype=settings.dtype,
        task=settings.task,
        both_directions=settings.both_directions,
    )
    return WarmStart.of(source, saved.trained_steps, parameters)


def transfer_parameters(
    saved: Parameters,
    known: tuple[Vocabulary, Sequence[str]],
    wanted: tuple[Vocabulary, Sequence[str]],
    random: Normal,
    *,
    dtype: str,
    task: Task = "write",
    both_directions: bool = False,
) -> Parameters:
    """Return a network's parameters for other symbols and kinds, and for another task.

    Symbols are matched by character, kinds by title. Input and output weights of symbols and kinds
    that are known before and wanted after are kept. Those of new symbols are drawn as in
    `Parameters.initial`. All weights between hidden units are kept.

    Of kinds that a network is told: one that was told none begins with all kinds alike. To one
    that was told others, a new kind is the mean of those. One that is told none any more begins as
    the mean of those that it was told.

    Between writing and telling, the output layer is drawn anew. So are the layers of a direction
    that the saved network lacks, and what the others read of it.

    Parameters
    ----------
    saved : Parameters
        For `known`; not changed.
    known, wanted : tuple of Vocabulary and sequence of str
        Symbols, and titles of kinds, before and after.
    random : Normal
        Draws the initial values.
    dtype : str
        Of the result.
    task, both_directions
        As in `Architecture`, of the result.
    """
    (vocabulary, kinds), architecture = wanted, saved.architecture
    after = Parameters.initial(
        replace(
            architecture,
            n_symbols=len(vocabulary),
            dtype=dtype,
            n_kinds=len(kinds),
            task=task,
            both_directions=both_directions,
        ),
        random,
    )
    of_symbols = _Matches.of(vocabulary.symbols, known[0].symbols)
    of_kinds = _Matches.of(kinds, known[1])
    for layers, before in (
        (after.layers, saved.layers),
        (after.reverse_layers, saved.reverse_layers),
    ):
        for place, (new, old) in enumerate(zip(layers, before, strict=False)):
            new.U[:], new.b[:] = old.U, old.b
            if place == 0 and saved.E is None:
                of_symbols.carry(new.V, old.V)
            else:
                read = min(len(new.V), len(old.V))
                new.V[:read] = old.V[:read]
            _carry_kinds(new, old, of_kinds)
    if after.E is not None and saved.E is not None:
        of_symbols.carry(after.E, saved.E)
    if task == architecture.task:
        of_outputs = of_symbols if task == "write" else of_kinds
        read = min(after.Wya.shape[1], saved.Wya.shape[1])
        of_outputs.carry(after.Wya[:, :read], saved.Wya[:, :read])
        of_outputs.carry(after.by, saved.by)
    return after


def _carry_kinds(new: LayerParameters, old: LayerParameters, matches: _Matches) -> None:
    """Set what the kinds add in a layer, whose own biases are set."""
    if old.K is None:
        return
    if new.K is None:
        new.b[:] += old.K.mean(axis=0)
    else:
        new.K[:] = old.K.mean(axis=0)
        matches.carry(new.K, old.K)


def describe_warm_start(
    saved: SavedNetwork,
    source: str,
    vocabulary: Vocabulary,
    kinds: Sequence[str] = (),
    task: Task = "write",
) -> str:
    """Return sentences that name the network, and what is new to it.

    Parameters
    ----------
    saved, source, vocabulary, kinds
        As in `make_warm_start`.
    task : str
        Of the run.
    """
    new = [symbol for symbol in vocabulary.symbols if symbol not in saved.vocabulary.index_of]
    symbols = "it knows all symbols"
    if new:
        listed = " ".join(_SYMBOL_NAMES.get(symbol, symbol) for symbol in new[:_SHOWN])
        more = " …" if len(new) > _SHOWN else ""
        symbols = f"{len(new)} of {len(vocabulary)} symbols are new to it: {listed}{more}"
    sentences = [
        f"Starts with the network of “{source}” after {saved.trained_steps:,} steps; {symbols}.",
        *_describe_kinds(saved.kinds, kinds),
    ]
    before = saved.parameters.architecture.task
    if before != task:
        wrote = "played tunes" if saved.kind == "melodies" else "written names"
        did = "told kinds" if before == "tell" else wrote
        sentences.append(f"It has {did} so far, so its output layer is new.")
    return " ".join(sentences)


def _describe_kinds(known: Sequence[str], kinds: Sequence[str]) -> list[str]:
    """Say which kinds are new to a network; nothing where there are none before and after."""
    if not kinds:
        return [f"It starts as the mean of its {len(known)} kinds."] if known else []
    if not known:
        return ["It knows no kinds yet."]
    new = [title for title in kinds if title not in known]
    if not new:
        return ["It knows all kinds."]
    more = ", …" if len(new) > _SHOWN else ""
    listed = ", ".join(new[:_SHOWN]) + more
    return [f"{len(new)} of {len(kinds)} kinds are new to it: {listed}."]

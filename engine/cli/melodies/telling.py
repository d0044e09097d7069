"""What the command ``tell`` does with a network that tells the kinds of tunes."""

import argparse
from collections.abc import Iterator

import numpy as np

from engine.cli.kinds.told_names import ToldLine
from engine.cli.options.arguments import OptionError
from engine.cli.options.data_options import read_file, source_of_words
from engine.cli.options.saved_run import reading_melodies
from engine.cli.terminal.messages import print_message
from engine.data.known_notes import in_known_notes
from engine.data.melodies import NoteSymbols
from engine.data.passages import passages_of
from engine.melody.symbols import note_names
from engine.nn.classifier import probabilities_of_names
from engine.runs.saved_network import SavedNetwork


def told_tunes(model: SavedNetwork, options: argparse.Namespace) -> list[ToldLine]:
    """Tell the kind of each passage of some tunes, and of each tune: the mean over its passages.

    Parameters
    ----------
    model : SavedNetwork
        Of a network that tells the kinds of tunes.
    options : Namespace
        Its `given` are files of tunes, or else its `names` is their source.

    Raises
    ------
    CorpusError
        If a file has no tunes.
    OptionError
        If an option says where the tunes have their kinds.
    """
    given = next((name for name in ("kinds", "kind_column") if name in vars(options)), None)
    if given is not None:
        raise OptionError(
            f"--{given.replace('_', '-')} is not for tunes whose kinds are told. Leave it out."
        )
    source = options.names or source_of_words(options.given)
    chosen = reading_melodies(options, with_kinds=False)
    melodies = read_file(
        source, chosen, kind="melodies", lower_case=None, for_training=False, says_always=True
    )
    assert melodies.documents is not None
    passages = passages_of(melodies, np.arange(len(melodies.tunes)))
    encoded = passages.encoded(melodies.documents)
    known = in_known_notes(encoded, melodies.vocabulary, model.vocabulary)
    for sentence in known.changes:
        print_message(sentence)
    notes = NoteSymbols(model.vocabulary)
    shares = probabilities_of_names(model.parameters, known.encoded)  # (passages, n_kinds)

    def lines() -> Iterator[ToldLine]:
        titles = passages.titles(melodies.tunes)
        for place, tune in enumerate(melodies.tunes):
            own = np.flatnonzero(passages.tunes == place)
            for passage in own.tolist():
                read = note_names(notes.notes_of(known.encoded[passage]))
                yield ToldLine(titles[passage], read, _by_title(model, shares[passage]))
            if len(own) > 1:
                mean = shares[own].mean(axis=0)
                yield ToldLine(f"{tune.title}, mean", "", _by_title(model, mean))

    return list(lines())


def _by_title(model: SavedNetwork, shares: np.ndarray) -> dict[str, float]:
    return dict(zip(model.kinds, shares.tolist(), strict=True))

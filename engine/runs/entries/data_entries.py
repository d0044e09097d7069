"""The entries of a run's file that hold the data, or say what they are."""

import math
from collections.abc import Sequence
from typing import Any, cast

import numpy as np

from engine.data.corpus import Corpus, corpus_of_names
from engine.data.melodies import Melodies, Tune, melodies_of_symbols
from engine.data.name_kinds import NameKinds
from engine.data.reading.choices import AUTOMATIC, ReadingChoices, Transposition
from engine.data.text import Text, text_of_symbols
from engine.data.training_data import MAX_NAME_LENGTH, MAX_WEIGHT, CorpusError
from engine.runs.saved_network import SavedNetwork
from engine.storage.archive import Archive
from engine.storage.fractions import read_fraction
from engine.storage.validated_mapping import ValidatedMapping, is_text

MAX_TITLE = 1_000
"""Most characters of what is known of a tune."""

SMALL_BYTES = 2_000_000
"""Data up to this size is stored in the file by default."""


def data_entries(corpus: Corpus | Text, with_data: bool | None) -> dict[str, Any]:
    """Return the entries that describe the data, and the data themselves unless they are large.

    Parameters
    ----------
    corpus : Corpus or Text
    with_data : bool or None
        Whether to store the data themselves; None: if they are not larger than `SMALL_BYTES`.
    """
    data: dict[str, Any] = {
        "source": corpus.source,
        "lower_case": corpus.lower_case,
        "fingerprint": corpus.fingerprint,
    }
    if corpus.report is not None:
        data["reading"] = corpus.report.choices.to_json()
    if isinstance(corpus, Corpus):
        data |= {"kind": "names", "blank_lines": corpus.blank_lines}
        n_bytes = sum(map(len, corpus.names)) + len(corpus.names)
        n_bytes += 8 * len(corpus.weights or ())
        n_bytes += 0 if corpus.kinds is None else 2 * len(corpus.names)
    else:
        data |= {"kind": corpus.kind}
        n_bytes = corpus.symbols.nbytes
        if isinstance(corpus, Melodies):
            data |= {"grid": corpus.grid, "transpose": corpus.transpose}
            data |= {"tunes": list(map(_tune_to_json, corpus.tunes))}
            if corpus.kinds is not None:
                data |= {"kinds_of_tunes": list(corpus.kinds.of_distinct)}
    data["is_inside"] = n_bytes <= SMALL_BYTES if with_data is None else with_data
    if not data["is_inside"]:
        return {"data": data}
    if isinstance(corpus, Corpus):
        text = "".join(f"{name}\n" for name in corpus.names)
        entries = {"data": data, "data/names": np.frombuffer(text.encode(), dtype=np.uint8)}
        if corpus.weights is not None:
            entries["data/weights"] = np.array(corpus.weights, dtype=np.int64)
        if corpus.kinds is not None:
            entries["data/kinds"] = np.array(corpus.kinds.of_names, dtype=np.uint16)
        return entries
    return {"data": data, "data/symbols": corpus.symbols}


def read_data(archive: Archive, data: ValidatedMapping, network: SavedNetwork) -> Corpus | Text:
    """Return the data that are in a file.

    Raises
    ------
    CheckpointError
        If they are damaged, or not those that the network learned from.
    """
    vocabulary = network.vocabulary
    source, is_lower = data.file_name("source"), bool(data.value("lower_case"))
    corpus: Corpus | Text
    if data.value("kind") == "names":
        text = archive.array("data/names").tobytes().decode()
        names = text.removesuffix("\n").split("\n")
        if max(vocabulary.lengths(names)) > MAX_NAME_LENGTH:
            raise archive.error(
                f"is damaged: one of its names has more than {MAX_NAME_LENGTH} characters."
            )
        kinds = _read_kinds(archive, len(names), network.kinds)
        n_distinct = len(set(names if kinds is None else zip(names, kinds, strict=True)))
        corpus = corpus_of_names(
            names,
            source,
            data.whole("blank_lines"),
            lower_case=is_lower,
            weights=_read_weights(archive, n_distinct),
            kinds=kinds,
            spelling=vocabulary.split,
        )
    elif data.value("kind") == "melodies":
        corpus = _read_melodies(archive, data, network, source)
    else:
        symbols = archive.array("data/symbols")
        corpus = text_of_symbols(
            symbols,
            vocabulary,
            source,
            lower_case=is_lower,
            document_break=network.document_break,
        )
    if corpus.vocabulary != vocabulary or corpus.fingerprint != data.value("fingerprint"):
        raise archive.error("is damaged: its data is not what its network was trained on.")
    return corpus


def _tune_to_json(tune: Tune) -> list[Any]:
    labels = [list(label) for label in tune.labels]
    return [tune.title, tune.tempo, str(tune.bar), str(tune.upbeat), tune.has_bars, labels]


def _tune_from_json(values: Any) -> Tune:
    title, tempo, bar, upbeat, has_bars, labels = values
    texts = [title, *(text for label in labels for text in label)]
    if not all(is_text(text, MAX_TITLE) for text in texts):
        raise ValueError("a tune has a title and labels that are no texts.")
    if not (isinstance(tempo, float) and 0 < tempo < math.inf and type(has_bars) is bool):
        raise ValueError("a tune has a tempo that is not above 0.")
    found = read_fraction(bar), read_fraction(upbeat)
    if not found[0]:
        raise ValueError("a tune has bars that are not above 0.")
    return Tune(title, tempo, *found, has_bars, tuple((name, value) for name, value in labels))


def tunes_in(data: ValidatedMapping) -> tuple[Tune, ...]:
    """Return what a file says of its tunes; none if its data are no melodies.

    Raises
    ------
    ValueError
        If it is damaged.
    """
    return data.items("tunes", lambda found: tuple(map(_tune_from_json, found)))


def _read_melodies(
    archive: Archive, data: ValidatedMapping, network: SavedNetwork, source: str
) -> Melodies:
    """Return the melodies in a file."""
    try:
        tunes = tunes_in(data)
        grid, transpose = data.text("grid", MAX_TITLE), data.text("transpose", MAX_TITLE)
        return melodies_of_symbols(
            archive.array("data/symbols"),
            network.vocabulary,
            source,
            tunes,
            grid=grid,
            transpose=cast(Transposition, transpose),
            kinds=_kinds_of_tunes(data, network.kinds, len(tunes)),
        )
    except (CorpusError, ValueError, ZeroDivisionError) as error:
        raise archive.error(f"is damaged: {error}") from error


def _kinds_of_tunes(
    data: ValidatedMapping, titles: tuple[str, ...], n_tunes: int
) -> NameKinds | None:
    if not titles:
        return None
    of_each = data.items("kinds_of_tunes", tuple)
    if len(of_each) != n_tunes or not all(type(kind) is int for kind in of_each):
        raise ValueError(f"kinds_of_tunes must be {n_tunes:,} whole numbers.")
    return NameKinds(titles, of_each, of_each)


def _read_kinds(archive: Archive, n_names: int, titles: Sequence[str]) -> list[str] | None:
    """Return the title of each name's kind; None if the names have no kinds."""
    if not titles:
        return None
    stored = ValidatedMapping({"data/kinds": archive.array("data/kinds")})
    try:
        kinds = stored.array("data/kinds", (n_names,), np.uint16)
        if kinds.max() >= len(titles):
            raise ValueError(f"a name has the kind {kinds.max()}, and there are {len(titles)}.")
    except ValueError as error:
        raise archive.error(f"is damaged: {error}") from error
    return [titles[kind] for kind in kinds.tolist()]


def _read_weights(archive: Archive, n_distinct: int) -> tuple[int, ...] | None:
    """Return the weights of the distinct names; None if they all count alike."""
    if "data/weights" not in archive:
        return None
    stored = ValidatedMapping({"data/weights": archive.array("data/weights")})
    try:
        weights = stored.array("data/weights", (n_distinct,), np.int64)
        if not ((weights >= 1) & (weights <= MAX_WEIGHT)).all():
            raise ValueError(f"a weight is not from 1 to {MAX_WEIGHT:,}.")
    except ValueError as error:
        raise archive.error(f"is damaged: {error}") from error
    return tuple(weights.tolist())


def read_choices(archive: Archive, data: ValidatedMapping) -> ReadingChoices:
    """Return how the data were read from their file."""
    if "reading" not in data:
        return AUTOMATIC
    try:
        return ReadingChoices.from_json(data.value("reading"))
    except ValueError as error:
        raise archive.error(f"is damaged: {error}") from error

"""Trained networks in files; resources/docs/file-format.md describes the format."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.data.melodies import NoteSymbols
from engine.data.name_kinds import check_titles
from engine.data.training_data import DATA_KINDS, HELD_OUT_SHARE, DataKind
from engine.data.vocabulary import DOCUMENT_END, END_INDEX, Vocabulary
from engine.nn.architecture import Architecture
from engine.nn.parameters import Parameters
from engine.runs.file_versions import VERSION, upgrade
from engine.storage.archive import Archive, CheckpointError, open_archive, write_archive
from engine.storage.validated_mapping import is_text, shown
from engine.training.ranges import MAX_STEPS
from engine.training.settings import RunSettings

FORMAT = "dinogui model"

MAX_BREAK = 1_000
"""Most characters between two documents."""


@dataclass(frozen=True)
class SavedNetwork:
    """A network, and everything needed to sample from it and to measure it.

    Attributes
    ----------
    parameters : Parameters
    vocabulary : Vocabulary
    step : int
        Steps made: `engine.training.ranges.MAX_STEPS` at most.
    seed : int
        Of the run, and so of the split into training and held-out names.
    held_out : float or None
        Share of the distinct names, or of the text, that was held out; None if nothing was.
    kind : str
        What it was trained on: "names", "text" or "melodies".
    lower_case : bool
        Whether the data was converted to lower case.
    window : int or None
        Symbols per window of the text; None for streams, and for names.
    network_step : int or None
        The step whose network it is, if the run has gone back to an earlier one; None if not.
    document_break : str or None
        What stands between two documents where they are written one after the other; None if it
        was not trained on documents.
    kinds : tuple of str
        The titles of the kinds that the network is told or tells; empty if it knows none.

    Raises
    ------
    ValueError
        If a value lies outside what is allowed; the message names it.
    """

    parameters: Parameters
    vocabulary: Vocabulary
    step: int = 0
    seed: int = 0
    held_out: float | None = HELD_OUT_SHARE
    kind: DataKind = "names"
    lower_case: bool = True
    window: int | None = None
    network_step: int | None = None
    document_break: str | None = None
    kinds: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if type(self.step) is not int or not 0 <= self.step <= MAX_STEPS:
            raise ValueError(
                f"step must be a whole number from 0 to {MAX_STEPS:,}, got {shown(self.step)}."
            )
        share = HELD_OUT_SHARE if self.held_out is None else self.held_out
        RunSettings(seed=self.seed, held_out=share, window=self.window)
        earlier = self.network_step
        if earlier is not None and not (type(earlier) is int and 0 <= earlier < self.step):
            raise ValueError(
                f"network_step must be a whole number below {self.step:,}, got {shown(earlier)}."
            )
        if self.kind not in DATA_KINDS:
            kinds = ", ".join(DATA_KINDS)
            raise ValueError(f"kind must be one of {kinds}, got {shown(self.kind)}.")
        if type(self.lower_case) is not bool:
            raise ValueError(f"lower_case must be True or False, got {shown(self.lower_case)}.")
        if self.kind == "names" and not self.vocabulary.ends_names:
            raise ValueError("vocabulary must begin with the newline for names.")
        self._check_documents()
        if self.kind == "melodies":
            NoteSymbols(self.vocabulary)
        if len(self.kinds) != self.parameters.architecture.n_kinds:
            raise ValueError(
                f"kinds must be {self.parameters.architecture.n_kinds:,} titles, "
                f"got {len(self.kinds):,}."
            )
        check_titles(self.kinds)

    def _check_documents(self) -> None:
        if self.document_break is None:
            return
        if not is_text(self.document_break, MAX_BREAK):
            raise ValueError(
                f"document_break must be a text of at most {MAX_BREAK} characters, "
                f"got {shown(self.document_break)}."
            )
        if self.kind == "names" or self.vocabulary.symbols[END_INDEX] != DOCUMENT_END:
            raise ValueError("vocabulary must begin with the end of a document for documents.")

    @property
    def trained_steps(self) -> int:
        """Steps that led to the network."""
        return self.step if self.network_step is None else self.network_step


def save_network(path: str | os.PathLike[str], network: SavedNetwork) -> None:
    """Write a network to a file, whole or not at all.

    Raises
    ------
    OSError
        If the file cannot be written; the previous file is left as it was.
    """
    write_archive(path, network_entries(network))


def load_network(path: str | os.PathLike[str]) -> SavedNetwork:
    """Read a network from its file, or from the file of a run. Nothing in it is executed.

    Raises
    ------
    CheckpointError
        If there is no such file, or it does not hold a usable network.
    """
    with open_archive(path) as archive:
        return read_network(archive)


def is_saved_network(path: str | os.PathLike[str]) -> bool:
    """Whether a file is a network or a run that DinoGUI has written; only its header is read."""
    try:
        check_saved_network(path)
    except CheckpointError:
        return False
    return True


def check_saved_network(path: str | os.PathLike[str]) -> None:
    """Check that a file is a network or a run that DinoGUI has written, by its header.

    Raises
    ------
    TextFileError
        If it is a text.
    CheckpointError
        If it is anything else, or damaged.
    """
    with open_archive(path) as archive:
        if archive.json("header")["format"] != FORMAT:
            raise ValueError("The header is that of another format.")


def network_entries(network: SavedNetwork) -> Mapping[str, Any]:
    """Return the entries of a network's file: arrays and JSON values by name."""
    architecture = network.parameters.architecture
    header = {
        "format": FORMAT,
        "version": VERSION,
        "cell": architecture.cell,
        "widths": architecture.widths,
        "embedding": architecture.embedding,
        "dtype": architecture.dtype,
        "step": network.step,
        "seed": network.seed,
        "held_out": network.held_out,
        "kind": network.kind,
        "lower_case": network.lower_case,
        "window": network.window,
        "network_step": network.network_step,
        "document_break": network.document_break,
        "kinds": network.kinds,
        "task": architecture.task,
        "both_directions": architecture.both_directions,
    }
    symbols = _code_points_of(network.vocabulary)
    return {"header": header, "symbols": symbols, **network.parameters.named}


def read_network(archive: Archive) -> SavedNetwork:
    """Read the network in an open archive.

    Raises
    ------
    CheckpointError
        If it does not hold a usable network. `open_archive` converts any other error to this one.
    """
    header = archive.json("header")
    if header["format"] != FORMAT:
        raise archive.error("was written by another program.")
    if header["version"] > VERSION:
        raise archive.error(
            "was written by a newer version of DinoGUI. Install that version to open it."
        )
    header = upgrade({"header": header})["header"]
    points = archive.array("symbols")
    architecture = Architecture(
        len(points),
        header["cell"],
        tuple(header["widths"]),
        header["embedding"],
        header["dtype"],
        # Absent from files without kinds that were written before there were any.
        len(_titles_of(header)),
        header.get("task", "write"),
        header.get("both_directions", False),
    )
    # Checked before memory for the parameters is allocated.
    if architecture.n_parameters * architecture.numpy_dtype.itemsize > archive.n_bytes:
        raise archive.error("is damaged: it is too small for the network that it describes.")
    parameters = Parameters(architecture)
    for name, array in parameters.named.items():
        stored = archive.array(name)
        if stored.shape != array.shape or stored.dtype != array.dtype:
            raise archive.error(
                f"is damaged: {name} has the shape {stored.shape} and the type "
                f"{stored.dtype}, not {array.shape} and {array.dtype}."
            )
        array[:] = stored
    vocabulary = _vocabulary_of(archive, points)
    return _network(archive, header, parameters, vocabulary)


def _code_points_of(vocabulary: Vocabulary) -> NDArray[np.uint32]:
    """Return the code points of the symbols: (n_symbols,).

    With grapheme clusters, there is a row for each symbol, filled up with zeros:
    (n_symbols, length of the longest).
    """
    if not vocabulary.has_clusters:
        return np.array([ord(symbol) for symbol in vocabulary.symbols], dtype=np.uint32)
    points = np.zeros((len(vocabulary), max(map(len, vocabulary.symbols))), dtype=np.uint32)
    for row, symbol in zip(points, vocabulary.symbols, strict=True):
        row[: len(symbol)] = [ord(point) for point in symbol]
    return points


def _vocabulary_of(archive: Archive, points: NDArray[Any]) -> Vocabulary:
    """Return the vocabulary of what `_code_points_of` returned."""
    rows = points.reshape(len(points), -1)
    symbols = ("".join(map(chr, row)) for row in rows.tolist())
    # Only the first code point of a symbol can be zero itself.
    vocabulary = Vocabulary(tuple(each[0] + each[1:].rstrip("\0") for each in symbols))
    if not is_text("".join(vocabulary.symbols), points.size):
        raise archive.error("is damaged: one of its symbols is not a character.")
    return vocabulary


def _titles_of(header: Mapping[str, Any]) -> tuple[Any, ...]:
    """Return the titles of the kinds, not yet checked; files from before there were any have none.

    Raises
    ------
    TypeError
        If they are not a list.
    """
    titles = header.get("kinds", [])
    if not isinstance(titles, list):
        raise TypeError("kinds must be a list.")
    return tuple(titles)


def _network(
    archive: Archive, header: Mapping[str, Any], parameters: Parameters, vocabulary: Vocabulary
) -> SavedNetwork:
    names = ("step", "seed", "held_out", "kind", "lower_case", "window", "network_step")
    values = [header[name] for name in names]
    values.append(header.get("document_break"))  # absent from the first files of version 5
    values.append(_titles_of(header))
    try:
        return SavedNetwork(parameters, vocabulary, *values)
    except ValueError as error:
        raise archive.error(f"is damaged: {error}") from error

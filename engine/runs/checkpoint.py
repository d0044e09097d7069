"""A trained network in a file: NumPy's .npz, without pickle.

What is inside: ``header``, a JSON text as bytes (format, version, cell, widths, embedding, dtype,
step, seed, held_out), ``symbols``, the vocabulary as code points, and one array for each of
`Parameters.named`. Since version 2 the header also has kind ("names" or "text"),
lower_case and window. A file of version 3 holds a whole run besides: see `engine.runs.run_file`.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.data.training_data import HELD_OUT_SHARE, DataKind
from engine.data.vocabulary import Vocabulary
from engine.nn.architecture import Architecture
from engine.nn.parameters import Parameters
from engine.storage.archive import Archive, CheckpointError, open_archive, write_archive
from engine.training.settings import RunSettings

__all__ = ["Checkpoint", "CheckpointError", "load", "network_entries", "read_network", "save"]

FORMAT = "dinogui model"

VERSION = 2
"""Of a network alone. Version 1 knew names only."""

RUN_VERSION = 3
"""Of a network with the run that it is of."""


@dataclass(frozen=True)
class Checkpoint:
    """A network, and what is needed to use it.

    Attributes
    ----------
    parameters : Parameters
    vocabulary : Vocabulary
    step : int
        Steps made.
    seed : int
        Of the run, and so of the split into training and held-out names.
    held_out : float or None
        Share of the distinct names, or of the text, that was held out; None where it learned from
        all.
    kind : str
        What it learned from: "names" or "text".
    lower_case : bool
        Whether that was lower-cased.
    window : int or None
        Symbols of the windows that it learned a text from; None for streams, and for names.

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

    def __post_init__(self) -> None:
        if type(self.step) is not int or self.step < 0:
            raise ValueError(f"step must be 0 or more, got {self.step!r}.")
        share = HELD_OUT_SHARE if self.held_out is None else self.held_out
        RunSettings(seed=self.seed, held_out=share, window=self.window)
        if self.kind not in ("names", "text"):
            raise ValueError(f"kind must be names or text, got {self.kind!r}.")
        if type(self.lower_case) is not bool:
            raise ValueError(f"lower_case must be True or False, got {self.lower_case!r}.")
        if self.kind == "names" and not self.vocabulary.ends_names:
            raise ValueError("vocabulary must begin with the newline for names.")


def save(path: str | os.PathLike[str], checkpoint: Checkpoint) -> None:
    """Write a network to a file, whole or not at all.

    Raises
    ------
    OSError
        If it cannot be written; what was there before is left alone.
    """
    write_archive(path, network_entries(checkpoint, VERSION))


def load(path: str | os.PathLike[str]) -> Checkpoint:
    """Read a network from a file, or from that of a run. Nothing in it is executed.

    Raises
    ------
    CheckpointError
        If there is no such file, or it holds no network that can be used.
    """
    with open_archive(path) as archive:
        return read_network(archive)


def network_entries(checkpoint: Checkpoint, version: int) -> Mapping[str, Any]:
    """Return what a network's file has in it, by name: arrays, and what becomes JSON."""
    architecture = checkpoint.parameters.architecture
    header = {
        "format": FORMAT,
        "version": version,
        "cell": architecture.cell,
        "widths": architecture.widths,
        "embedding": architecture.embedding,
        "dtype": architecture.dtype,
        "step": checkpoint.step,
        "seed": checkpoint.seed,
        "held_out": checkpoint.held_out,
        "kind": checkpoint.kind,
        "lower_case": checkpoint.lower_case,
        "window": checkpoint.window,
    }
    points = np.array([ord(s) for s in checkpoint.vocabulary.symbols], dtype=np.uint32)
    return {"header": header, "symbols": points, **checkpoint.parameters.named}


def read_network(archive: Archive) -> Checkpoint:
    """Read the network in an open archive.

    Raises
    ------
    CheckpointError
        If it holds none that can be used; `open_archive` makes it of all else that may be raised.
    """
    header = archive.json("header")
    if header["format"] != FORMAT:
        raise archive.error("is another program's file.")
    if header["version"] > RUN_VERSION:
        raise archive.error("was written by a newer DinoGUI. Install the newest to open it.")
    vocabulary = Vocabulary(tuple(chr(point) for point in archive.array("symbols")))
    architecture = Architecture(
        len(vocabulary),
        header["cell"],
        tuple(header["widths"]),
        header["embedding"],
        header["dtype"],
    )
    # Before any room is made for them.
    if architecture.n_parameters * architecture.numpy_dtype.itemsize > archive.n_bytes:
        raise archive.error("is damaged: it is too small for the network that it tells of.")
    parameters = Parameters(architecture)
    for name, array in parameters.named.items():
        stored = archive.array(name)
        if stored.shape != array.shape or stored.dtype != array.dtype:
            raise archive.error(
                f"is damaged: {name} has the shape {stored.shape} and the type "
                f"{stored.dtype}, not {array.shape} and {array.dtype}."
            )
        array[:] = stored
    return Checkpoint(
        parameters,
        vocabulary,
        header["step"],
        header["seed"],
        header["held_out"],
        header.get("kind", "names"),
        header.get("lower_case", True),
        header.get("window"),
    )

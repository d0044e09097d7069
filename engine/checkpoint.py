"""A trained network in a file: NumPy's .npz, without pickle.

What is inside: ``header``, a JSON text as bytes (format, version, cell, widths, embedding, dtype,
step, seed, held_out), ``symbols``, the vocabulary as code points, and one array for each of
`Parameters.named`. Since version 2 the header also has kind ("names" or "text"),
lower_case and window.
"""

import json
import os
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from engine.architecture import Architecture
from engine.atomic import atomic_writer
from engine.corpus import HELD_OUT_SHARE
from engine.messages import RunSettings
from engine.parameters import Parameters
from engine.text import Kind
from engine.vocabulary import Vocabulary

FORMAT = "dinogui model"
VERSION = 2
"""Version 1 knew names only."""

MAX_BYTES = 500_000_000
"""Largest file that is unpacked, in bytes: ten times the largest network that can be made."""


class CheckpointError(ValueError):
    """A file holds no network that can be used. The message is a sentence for people."""


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
    kind: Kind = "names"
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
    architecture = checkpoint.parameters.architecture
    header = {
        "format": FORMAT,
        "version": VERSION,
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
    arrays: dict[str, Any] = dict(checkpoint.parameters.named)
    arrays["header"] = np.frombuffer(json.dumps(header).encode(), dtype=np.uint8)
    arrays["symbols"] = np.array([ord(s) for s in checkpoint.vocabulary.symbols], dtype=np.uint32)
    with atomic_writer(path) as file:
        np.savez(file, **arrays)


def load(path: str | os.PathLike[str]) -> Checkpoint:
    """Read a network from a file. Nothing in it is executed.

    Raises
    ------
    CheckpointError
        If there is no such file, or it holds no network that can be used.
    """
    path = Path(path)
    try:
        arrays = _read_arrays(path)
        header = json.loads(bytes(arrays["header"]))
        if header["format"] != FORMAT:
            raise CheckpointError(f"“{path.name}” is another program's file.")
        if header["version"] > VERSION:
            raise CheckpointError(
                f"“{path.name}” was written by a newer DinoGUI. Install the newest to open it."
            )
        vocabulary = Vocabulary(tuple(chr(point) for point in arrays["symbols"]))
        parameters = Parameters(
            Architecture(
                len(vocabulary),
                header["cell"],
                tuple(header["widths"]),
                header["embedding"],
                header["dtype"],
            )
        )
        for name, array in parameters.named.items():
            _fill(array, arrays[name], name, path)
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
    except CheckpointError:
        raise
    except FileNotFoundError:
        raise CheckpointError(f"There is no file “{path}”. Check the name.") from None
    except OSError as error:
        raise CheckpointError(f"“{path}” cannot be read: {error.strerror}.") from error
    except Exception as error:  # whatever a damaged file makes zipfile, NumPy or JSON raise
        raise CheckpointError(
            f"“{path.name}” holds no network, or is damaged ({type(error).__name__})."
        ) from error


def _read_arrays(path: Path) -> dict[str, Any]:
    with zipfile.ZipFile(path) as archive:
        if sum(entry.file_size for entry in archive.infolist()) > MAX_BYTES:
            raise CheckpointError(f"“{path.name}” unpacks to more than any network takes.")
    with np.load(path, allow_pickle=False) as file:
        return {name: file[name] for name in file.files}


def _fill(array: Any, stored: Any, name: str, path: Path) -> None:
    if stored.shape != array.shape or stored.dtype != array.dtype:
        raise CheckpointError(
            f"“{path.name}” is damaged: {name} has the shape {stored.shape} and the type "
            f"{stored.dtype}, not {array.shape} and {array.dtype}."
        )
    array[:] = stored

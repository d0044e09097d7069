"""What names, text and melodies have in common as training data."""

from collections.abc import Callable, Iterable
from typing import Literal

DataKind = Literal["names", "text", "melodies"]
"""What a network can learn from."""

DATA_KINDS: tuple[DataKind, ...] = ("names", "text", "melodies")

HELD_OUT_SHARE = 0.1
"""Default share of the data that is held out of the training."""

MAX_NAME_LENGTH = 200
"""Symbols of the longest name allowed. Bangkok's ceremonial name has 168."""

MAX_WEIGHT = 2**53
"""Largest weight of a name. Up to here, a float64 holds every whole number."""

PIECE = 1 << 20
"""Names or symbols that are converted to bytes at once. Bounds the memory."""

OnProgress = Callable[[float], None]
"""Called with the share of the work that is done, from 0 to 1. An exception it raises stops it."""


class CorpusError(ValueError):
    """A file or text cannot be used as training data. The message is a sentence for people."""


def data_kind(value: object) -> DataKind:
    """Return the kind of data that a file names.

    Raises
    ------
    ValueError
        If it is none.
    """
    for kind in DATA_KINDS:
        if kind == value:
            return kind
    raise ValueError(f"kind must be one of {', '.join(DATA_KINDS)}.")


def ignore_progress(share: float) -> None:
    """Do nothing: the default for an optional `OnProgress`."""


def fingerprint(kind: DataKind, pieces: Iterable[str], *, lower_case: bool) -> str:
    """Return the SHA-256 of training data after cleaning, in hexadecimal.

    It identifies the data whatever the file is called, whether or not it has a byte order mark,
    and whichever line ends it uses.

    Parameters
    ----------
    kind : str
        "names", "text" or "melodies".
    pieces : iterable of str
        The text; or all names in order, repeats included, each followed by a newline. For names
        with weights, see `engine.data.corpus.Corpus.fingerprint`.
    lower_case : bool
        Whether the data were lower-cased.
    """
    import hashlib  # slow to import, and the window is painted without it

    digest = hashlib.sha256(f"{kind} {'lower' if lower_case else 'as is'}\n".encode())
    for piece in pieces:
        digest.update(piece.encode())
    return digest.hexdigest()


def counted(count: int, noun: str) -> str:
    """Return a count with its noun, in the plural unless it is 1: "1 line", "2,000 lines"."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"

"""Errors of ABC, which say where they are."""

from engine.melody.errors import MelodyError


class AbcError(MelodyError):
    """A line of ABC cannot be read.

    Parameters
    ----------
    line, column : int
        Where it is in the file, counted from 1.
    what : str
        A sentence without its capital letter: ``"the key “H” is not known."``.
    """

    def __init__(self, line: int, column: int, what: str) -> None:
        super().__init__(f"In line {line}, at character {column}, {what}")

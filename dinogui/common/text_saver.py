"""Writes a text to a file, completely or not at all."""

from engine.storage.files import atomic_writer


class SavingError(Exception):
    """A file could not be written. The message is a sentence for people."""


def save_text(path: str, text: str) -> None:
    """Write a text in UTF-8. An existing file is replaced only once the new one is complete.

    Raises
    ------
    SavingError
        If the file cannot be written. An existing file is left as it was.
    """
    try:
        with atomic_writer(path) as file:
            file.write(text.encode())
    except OSError as error:
        reason = error.strerror or error
        raise SavingError(f"“{path}” cannot be written: {reason}. Choose another place.") from error

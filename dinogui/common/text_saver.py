"""Writes a text to a file, completely or not at all."""

from engine.storage.files import atomic_writer


class SavingError(Exception):
    """A file could not be written. The message is a sentence for people."""


def save_text(path: str, text: str) -> None:
    """Write a text in UTF-8. An existing file is replaced only once the new one is complete.

    Raises
    ------
    SavingError
        If the file cannot be written, or is a saved run. An existing file is left as it was.
    """
    from engine.runs.saved_network import is_saved_network  # no start needs to wait for it

    if is_saved_network(path):
        sentence = f"“{path}” is a saved run. A text does not replace it. Choose another file."
        raise SavingError(sentence)
    try:
        with atomic_writer(path) as file:
            file.write(text.encode())
    except OSError as error:
        reason = error.strerror or error
        raise SavingError(f"“{path}” cannot be written: {reason}. Choose another place.") from error

"""Writes a text to a file, completely or not at all."""

from PySide6.QtCore import QSaveFile


class SavingError(Exception):
    """A file could not be written. The message is a sentence for people."""


def save_text(path: str, text: str) -> None:
    """Write a text in UTF-8. An existing file is replaced only once the new one is complete.

    Raises
    ------
    SavingError
        If the file cannot be written. An existing file is left as it was.
    """
    file = QSaveFile(path)
    content = text.encode()
    if (
        not file.open(QSaveFile.OpenModeFlag.WriteOnly)
        or file.write(content) != len(content)
        or not file.commit()
    ):
        reason = file.errorString().rstrip(".")
        raise SavingError(f"“{path}” cannot be written: {reason}. Choose another place.")

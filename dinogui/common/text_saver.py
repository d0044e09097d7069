"""Text goes into a file, whole or not at all."""

from PySide6.QtCore import QSaveFile


class SavingError(Exception):
    """A file could not be written. The message is a sentence for people."""


def save_text(path: str, text: str) -> None:
    """Write a text in UTF-8; a file that is there already is replaced only once it is written.

    Raises
    ------
    SavingError
        With a sentence that says why; what was there is unharmed.
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

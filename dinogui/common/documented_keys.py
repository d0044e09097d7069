"""Keys that a part of the window handles by itself, so that they can be listed."""

from dataclasses import dataclass

from PySide6.QtGui import QKeySequence


@dataclass(frozen=True)
class DocumentedKeys:
    """The keys of one part of the window, declared beside the code that handles them.

    Attributes
    ----------
    place : str
        Where they work, such as "Kept names".
    lines : tuple of (str, str)
        Keys as in `QKeySequence`, with a comma between two that belong together ("Up, Down"), and
        what they do.
    has_own_window : bool
        Whether the keys of the main window do not work there.
    """

    place: str
    lines: tuple[tuple[str, str], ...]
    has_own_window: bool = False


def split_keys(keys: str) -> tuple[str, ...]:
    """Return the keys of a line one by one."""
    return tuple(keys.split(", "))


def native_keys(keys: tuple[str, ...]) -> str:
    """Return keys as the system writes them: ⌘S instead of Ctrl+S on a Mac."""
    form = QKeySequence.SequenceFormat.NativeText
    return ", ".join(QKeySequence(key).toString(form) for key in keys)

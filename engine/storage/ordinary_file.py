"""What can be read as a file: no folder, and nothing that has no bytes of its own."""

from pathlib import Path


def told_of_other(path: Path, wanted: str) -> str | None:
    """Say in two sentences that a path is no ordinary file; None where it is one, or nothing.

    To open a pipe would wait for a writer, and a device may never end.

    Parameters
    ----------
    path : Path
    wanted : str
        What to choose in its place.
    """
    if path.is_dir():
        return f"“{path}” is a folder. Choose {wanted}."
    if path.exists() and not path.is_file():
        return f"“{path}” is no ordinary file. Choose {wanted}."
    return None
